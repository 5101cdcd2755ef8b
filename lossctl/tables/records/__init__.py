"""Streams cut into records: lines, but for line ends inside quotes."""
