"""Where text goes: files, whole or not at all; stderr; the terminal and what it can show."""
