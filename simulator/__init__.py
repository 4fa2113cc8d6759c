"""Routers that are not there: RouterOS REST over TLS, many devices in one process, state from JSON.

Uses the catalogue's tables (names, kinds, type expressions, defaults) and nothing else of ``schemas``: what is
written becomes what is read back by rules of this room's own.
"""
