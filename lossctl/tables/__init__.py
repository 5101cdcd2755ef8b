"""A file, a stream or an array -> rows of float64; one module a format, imported when used."""
