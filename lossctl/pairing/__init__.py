"""Two tables, or one that holds both -> the same samples."""
