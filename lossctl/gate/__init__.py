"""A report and limits -> verdicts."""
