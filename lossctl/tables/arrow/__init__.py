"""Parquet and Arrow IPC (Feather): read by pyarrow, batch by batch."""
