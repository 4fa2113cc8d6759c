"""RouterOS scripts: what ``/export`` writes and people write by hand, and back to text.

statement  what a script holds
reading    text to statements, never raising
rendering  statements to text that RouterOS takes
"""

from routeros.script.headers import unsupported
from routeros.script.reading import read_script
from routeros.script.rendering import render_script
from routeros.script.statement import Find, Finding, Header, Script, Statement

__all__ = ["Find", "Finding", "Header", "Script", "Statement", "read_script", "render_script", "unsupported"]
