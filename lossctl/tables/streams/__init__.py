"""Bytes from wherever they come: files, pipes, archives; decompressed, transcoded."""
