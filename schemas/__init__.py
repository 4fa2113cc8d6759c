"""What things are: frozen nouns, value types and the RouterOS catalogue.

No input or output but the package's own data; imports nothing else of ours.
"""
