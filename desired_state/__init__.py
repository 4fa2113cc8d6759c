"""Git to Desired: repository, documents with line numbers, layers, templates, edits and proposals.

The only room that reads or writes Git. No code from a fleet repository ever runs here.
"""
