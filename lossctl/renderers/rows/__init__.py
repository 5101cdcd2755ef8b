"""Per-sample rows, a block of lines at a time."""
