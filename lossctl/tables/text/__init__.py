"""CSV, TSV and their kin."""
