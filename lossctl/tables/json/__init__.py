"""JSON: a row a line, or a document that is a table."""
