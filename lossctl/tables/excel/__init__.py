"""Workbooks of Excel: a sheet is a table of text, whose cells calamine reads."""
