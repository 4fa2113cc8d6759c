"""Commands that do something instead of changing a table: one module per kind, ``registry`` has them by path."""
