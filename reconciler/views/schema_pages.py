"""A menu as a page of the reference: what it is, its fields, and how it is written in a document."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence

from reconciler.views.schemas import MenuView, facts_of, identity_text, notes_of
from schemas import values
from schemas.catalogue.model import Field, Menu, Order
from schemas.catalogue.versions import default_text

MARK = "<!-- Written by plumbline schema pages, not by hand. -->"
_SAMPLES = (
    *("192.0.2.1/24", "192.0.2.0/24", "192.0.2.1", "2001:db8::1/64", "2001:db8::1", "10.0.0.1-10.0.0.9"),
    *("00:00:5E:00:53:01", "5m", "10M", "1", "0x1", "true"),
)
_NAMES = {"/interface": "ether1", "/interface/bridge": "bridge1", "/interface/list": "LAN", "/certificate": "web"}
_BOUNDS = re.compile(r"(?<=\()([0-9A-Fa-f.]+?)\.\.([0-9A-Fa-f.]+)(?=\))")
_WORDS = re.compile(r"[A-Za-z0-9][A-Za-z0-9.+_-]*(?=[|),])")
_MOST = 3
"""Fields of an example beyond those that a row needs."""
_PREFERRED = (
    *("action", "protocol", "dst-port", "address", "interface", "dst-address", "gateway", "target", "max-limit"),
    *("ranges", "servers", "enabled", "mode", "vlan-filtering", "pvid", "profile", "list", "type", "port"),
)
_OWN_SAMPLES = {"chain": "input", "dst-port": "443", "protocol": "tcp", "max-limit": "100M/20M", "gateway": "192.0.2.1"}
_NOT_TELLING = frozenset({"comment", "disabled", "copy-from", "place-before"})


def page_name(path: str) -> str:
    """``/ip/firewall/filter`` as ``ip-firewall-filter.md``."""
    return f"{path.strip('/').replace('/', '-')}.md"


def menu_page(view: MenuView, version: str) -> str:
    """Markdown, ending with a line break."""
    menu = view.menu
    lines = [MARK, "", f"# {menu.path}", ""]
    lines += [f"- **{head}**: {text}" for head, text in facts_of(view, version)]
    example = example_of(menu)
    if example:
        lines += ["", "```yaml", "menus:", *example, "```"]
    fields = sorted(menu.fields.values(), key=lambda field: field.name)
    written = [field for field in fields if field.writable]
    told = [field for field in fields if not field.writable]
    lines += ["", "## Fields", "", *_table(view, written)] if written else []
    if told:
        lines += ["", "## What the router tells besides", "", ", ".join(f"`{field.name}`" for field in told) + "."]
    return "\n".join(lines) + "\n"


def index_page(views: Sequence[MenuView], version: str) -> str:
    """All pages, by the first word of their paths."""
    lines = [
        MARK,
        "",
        "# Menus",
        "",
        f"What Plumbline knows of the menus of RouterOS {version}. `plumbline schema show PATH --routeros VERSION`",
        "tells it of another version. Types are explained [on their own page](types.md).",
    ]
    family = ""
    for view in views:
        first = view.menu.path.split("/")[1]
        if first != family:
            family = first
            lines += ["", f"## /{family}", "", "| menu | kind | order | identity |", "|---|---|---|---|"]
        menu = view.menu
        order = "" if menu.order is Order.NONE else menu.order.value
        identity = identity_text(menu) if menu.listed else ""
        lines.append(f"| [{menu.path}]({page_name(menu.path)}) | {menu.kind.value} | {order} | {identity} |")
    return "\n".join(lines) + "\n"


def example_of(menu: Menu) -> list[str]:
    """How the menu is written, as lines of YAML; values stand for others of their type. Empty where nothing can be
    written."""
    chosen = [(field.name, text) for field in _telling(menu) if (text := sample(field)) is not None]
    if not chosen:
        return []
    pairs = [f"{name}: {_scalar(text)}" for name, text in chosen]
    if menu.singleton:
        return [f"  {menu.path}:", *(f"    {pair}" for pair in pairs)]
    if menu.addable:
        return [f"  {menu.path}:", *(f"    {'- ' if not at else '  '}{pair}" for at, pair in enumerate(pairs))]
    key = [(name, text) for name, text in chosen if name in menu.key]
    rest = [pair for pair, (name, _) in zip(pairs, chosen, strict=True) if name not in menu.key]
    if not key:
        return []
    match = ", ".join(f"{name}: {_scalar(text)}" for name, text in key)
    return [f"  {menu.path}:", f"    - $match: {{{match}}}", *(f"      {pair}" for pair in rest)]


def types_page() -> str:
    """What the types of fields mean."""
    text = (values.__doc__ or "").replace("``", "`")
    return f"{MARK}\n\n# Types\n\n" + "\n".join(_escaped(line) for line in text.strip().splitlines()) + "\n"


def sample(field: Field) -> str | None:
    """A value of the field's type, None when none of ours is one."""
    if field.secret:
        return "{secret: NAME}"
    own_text = _OWN_SAMPLES.get(field.name)
    if own_text and values.canonical_or_exact(values.parse_type(field.type), own_text)[1]:
        return own_text
    if field.reference is not None and "ref(" in field.type:
        return _NAMES.get(field.reference) or field.reference.rpartition("/")[2]
    type_ = values.parse_type(field.type)
    if field.type.startswith(("text", "loose")):
        return "example"
    own = [word.strip() for word in _WORDS.findall(field.type)]
    bounds = [found[0] for found in _BOUNDS.findall(field.type)]
    return next((text for text in (*bounds, *_SAMPLES, *own) if values.canonical_or_exact(type_, text)[1]), None)


def _escaped(line: str) -> str:
    """Bars inside code would end a cell of a table."""
    cells = line.split("`")
    return "`".join(part.replace("|", "\\|") if at % 2 else part for at, part in enumerate(cells))


def _telling(menu: Menu) -> Iterable[Field]:
    """What names a row and what it needs, then a few fields more."""
    own = [menu.fields[name] for name in menu.key if name in menu.fields]
    needed = [field for field in menu.fields.values() if field.required and field not in own]
    first = [field for field in (*own, *needed) if not menu.singleton]
    usual = [
        field
        for field in menu.fields.values()
        if field.writable and field not in first and field.name not in _NOT_TELLING and default_text(field) != "unknown"
    ]
    usual.sort(key=lambda field: _PREFERRED.index(field.name) if field.name in _PREFERRED else len(_PREFERRED))
    return [*first, *usual[:_MOST]]


def _table(view: MenuView, fields: Iterable[Field]) -> list[str]:
    rows = [
        f"| `{field.name}` | {_code(field.type)} | {default_text(field)} | {view.spans[field.name]} "
        f"| {', '.join(notes_of(field))} |"
        for field in fields
    ]
    return ["| field | type | default | versions | notes |", "|---|---|---|---|---|", *rows]


def _code(expression: str) -> str:
    return "`" + expression.replace("|", "\\|") + "`"


def _scalar(text: str) -> str:
    """As YAML would not take it for something else."""
    plain = text.startswith("{secret") or (text[:1].isalnum() and ": " not in text and text not in ("no", "yes"))
    return text if plain else f'"{text}"'
