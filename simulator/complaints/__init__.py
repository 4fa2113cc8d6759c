"""What a router says of a value that fits nothing: its words follow the grammar that the console tells of the field."""
