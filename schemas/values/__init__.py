"""Value types: when two RouterOS texts mean the same, and how a text is written.

A type is an expression, attached to fields by the catalogue:

| expression | values |
|---|---|
| ``text`` | anything, compared exactly |
| ``text(script)`` | the same, but of a form (see ``texts.FORMS``) in which several texts mean the same |
| ``bool`` | ``true``/``false``; ``yes``/``no`` accepted |
| ``flag`` | present (``""``, ``true``, ``yes``) is ``true``, else ``false`` |
| ``enum(a|b)`` | one of the words |
| ``switch(a|b)`` | one of two words, false and true in this order |
| ``int``, ``int(0..255)``, ``hex(0..FFFF)`` | whole numbers; ``hex`` reads back ``0x8000`` |
| ``decimal``, ``decimal(0.1..5)`` | numbers; zeros at the end and ``%`` mean nothing |
| ``ethertype`` | a ``hex`` number, or the name of the protocol that has it |
| ``range``, ``range(0..65535)`` | ``80``, ``1000-2000`` |
| ``duration``, ``duration(ms)`` | ``1m30s``; the unit of bare numbers, seconds by default |
| ``seconds``, ``seconds(0..65535)`` | the same times, read back as a plain number of seconds |
| ``size``, ``rate`` | bytes (binary k, M, G) and bits (decimal), read back as plain numbers |
| ``size(KiB)`` | bytes counted in KiB: ``2048`` is 2 MiB |
| ``ipv4``, ``ipv6``, ``ip`` | an address |
| ``prefix`` | a network; host bits are cleared |
| ``interface-address`` | an address with its length; host bits are kept |
| ``address-or-prefix`` | address, network or range; ``/32`` is dropped |
| ``address-list-entry`` | the same, or a host name; a range that is one network becomes it |
| ``mac``, ``mac(mask)`` | ``AA:BB:CC:DD:EE:FF``, with a mask after ``/`` |
| ``list(T)``, ``set(T)`` | comma-separated; the order counts in a list only |
| ``flagset(a|b)`` | words that are given; the others are read back with ``!`` |
| ``list(T) max 15``, ``set(T) max 15`` | the same, with so many values at most |
| ``pair(T)`` | ``a/b``; one alone stands for both |
| ``span(T)`` | ``a-b``, or one alone |
| ``both(T,U)`` | ``a,b``, each of its own type, or ``a`` alone |
| ``ref(/menu/path)`` | a name in that menu |
| ``or(word|word, T)`` | a word, else T |
| ``or(0|word, T)`` | the same, where zero is read back as the word after ``0`` |
| ``or(-|word, T)`` | the same, where the word after ``-`` is read back as the empty text |
| ``loose(T)`` | T where it reads as one, else any text, compared exactly |
| ``!T`` | T, perhaps after ``!`` |

The empty text is the empty value of every type but ``flag``.
"""

from schemas.values.base import ValueType, canonical_or_exact
from schemas.values.expression import parse_type

__all__ = ["ValueType", "canonical_or_exact", "parse_type"]
