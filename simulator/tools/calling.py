"""What a command that does something is given, and what it gives back."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field

from simulator import errors
from simulator.power import Power
from simulator.profiles import Does, number_of
from simulator.requests import Body, fields_of, names_of
from simulator.sessions import Login
from simulator.state import Device

Rows = list[dict[str, str]]
_WORDS = (".proplist", ".query")
_SECTION = ".section"


@dataclass(frozen=True, slots=True)
class Call:
    """One call of a command at ``path`` (``/tool/ping``); ``power`` is what switches the router off and on."""

    device: Device
    power: Power
    login: Login
    path: str
    body: Body

    def arguments(self, *known: str) -> dict[str, str]:
        """What the caller gave. Raises Refusal for a name that is not known."""
        given = fields_of({name: value for name, value in self.body.items() if name not in _WORDS})
        for name in given:
            if name not in known:
                raise errors.unknown_parameter(name)
        return given


@dataclass(frozen=True, slots=True)
class Done:
    """The rows of an answer, or the object of one, and how many seconds of the router's time it took."""

    answer: Rows | dict[str, str] = field(default_factory=list)
    seconds: float = 0.0

    def only(self, body: Body) -> Rows | dict[str, str]:
        """What ``.proplist`` asks for; the section of a row is always told."""
        names = names_of(body.get(".proplist", body.get("proplist")))
        if not isinstance(self.answer, list):
            return self.answer
        return [
            {name: row[name] for name in sorted(row) if names is None or name in names or name == _SECTION}
            for row in self.answer
        ]


@dataclass(frozen=True, slots=True)
class Tool:
    """A command, the policies it takes, and where no menu says so the versions (from, up to) that have it.

    ``words`` are its arguments as the tree shows them; without the behaviour ``told`` the tree does not show it.
    """

    run: Callable[[Call], Done]
    needs: frozenset[str] = frozenset()
    versions: tuple[tuple[int, int], tuple[int, int]] = ((7, 0), (8, 0))
    words: tuple[str, ...] = ()
    told: Does | None = None

    def there(self, device: Device, menu: str, word: str) -> bool:
        """Whether a router has it; the facts decide in menus that they know."""
        known = device.menu(menu)
        if known is not None:
            return word in known.commands
        first, gone = self.versions
        return (not menu or device.leads(menu)) and first <= number_of(device.hardware.version) < gone


Tools = Mapping[str, Tool]
