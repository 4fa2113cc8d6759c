"""A router's own command tree, asked through ``/console/inspect``. Asking never writes.

Only what the catalogue needs is asked: the children of every directory and of ``add``, ``set`` and ``get``, then what
values each argument of ``add`` and ``set`` takes, and the names that ``get`` knows. One request at a time. Whatever is
answered is checked before it is believed: names are RouterOS's words, and everything has a bound.
"""

from __future__ import annotations

import asyncio
import re
from collections.abc import Callable, Iterable, Mapping, MutableMapping
from dataclasses import dataclass, field

from routeros.client import Client, Rows
from schemas.catalogue.compile import NOISE, Tree
from schemas.errors import DeviceError, DeviceRefused, OutcomeUnknown

Answer = list[tuple[str, str]]
"""What was believed of one reply: names with their kinds, words with their styles, or a single text."""
Told = Callable[[str, int, int], None]
"""Hears how far it is: what is counted, how many are done, and of how many (0 while that is not known)."""
Node = MutableMapping[str, "Tree | str"]
Words = tuple[str, ...]

NEVER = frozenset({"where", "do", "else", "rule", "command", "on-error"})
"""Asked for syntax or completion below a word of these, RouterOS up to 7.21.3 hangs for half a minute."""

_FOLDERS = ("dir", "path")
_ASKED = ("add", "set", "get")
_FOLDER = re.compile(r"[a-z0-9][a-z0-9-]{0,62}")
_NAME = re.compile(r"\.?[A-Za-z0-9][A-Za-z0-9._-]{0,62}")
_WORD = re.compile(r"[!-~]{1,64}")
_TEXT = re.compile(r"[ -~]{1,500}")


@dataclass(frozen=True, slots=True)
class Bounds:
    """A real router has some 800 directories, 130 arguments to a command, 10,000 questions and 50,000 names and words
    in all answers (``entries``). ``refusals`` are those of single arguments, which then stay unexplained."""

    requests: int = 40_000
    seconds: float = 3_600.0
    depth: int = 12
    children: int = 2_000
    words: int = 2_000
    entries: int = 300_000
    refusals: int = 50


@dataclass(frozen=True, slots=True)
class Walked:
    """``tree`` is as ``schemas.catalogue.compile.compile_tree`` takes it."""

    tree: Tree
    asked: int
    skipped: int
    unanswered: int


@dataclass(slots=True)
class Memory:
    """What was answered until now, by question; ``keep`` is told of everything new as it comes."""

    answers: dict[str, Answer] = field(default_factory=dict)
    keep: Callable[[str, Answer], None] = lambda _question, _answer: None


async def walk(client: Client, memory: Memory, told: Told, bounds: Bounds | None = None) -> Walked:
    """Ask for the whole tree; what the memory holds is not asked again. Raises what the client raises, and
    DeviceRefused for what is no tree of RouterOS."""
    walker = _Walker(client, memory, told, bounds or Bounds())
    tree = await walker.tree()
    return Walked(tree, walker.asked, walker.skipped, walker.unanswered)


class _Walker:
    def __init__(self, client: Client, memory: Memory, told: Told, bounds: Bounds) -> None:
        self.client = client
        self.memory = memory
        self.told = told
        self.bounds = bounds
        self.asked = 0
        self.skipped = 0
        self.unanswered = 0
        self.entries = 0
        self.where = ("commands", 0, 0)
        self.until = asyncio.get_running_loop().time() + bounds.seconds

    async def tree(self) -> Tree:
        root: dict[str, Tree | str] = {}
        commands = await self._folders(root)
        if not commands:
            raise self._refusal("tells of no menu; what answers is no RouterOS, or its user may not ask")
        questions = self._questions(commands)
        for done, (words, nodes) in enumerate(questions):
            self.where = ("arguments", done, len(questions))
            await self._explain(words, nodes)
        return root

    async def _folders(self, root: Node) -> dict[Words, Node]:
        """Fills in everything but explanations; gives the commands that take arguments, by path."""
        commands: dict[Words, Node] = {}
        waiting: list[tuple[Words, Node]] = [((), root)]
        while waiting:
            words, node = waiting.pop()
            self.where = ("commands", len(commands), 0)
            for name, kind in await self._children(words):
                here = (*words, name)
                below: dict[str, Tree | str] = {"_type": kind}
                if kind == "cmd":
                    node[name] = below
                    if name in _ASKED and words:
                        await self._arguments(here, below)
                        commands[here] = below
                elif kind in _FOLDERS and self._is_word(_FOLDER, name):
                    if len(here) > self.bounds.depth:
                        raise self._refusal(f"nests more than {self.bounds.depth} directories")
                    node[name] = below
                    waiting.append((here, below))
        return commands

    async def _arguments(self, words: Words, node: Node) -> None:
        for name, kind in await self._children(words):
            if kind == "arg":
                argument: dict[str, Tree | str] = {"_type": kind}
                node[name] = argument

    def _questions(self, commands: Mapping[Words, Node]) -> list[tuple[Words, list[Node]]]:
        """Each argument once, of ``set`` where both ``set`` and ``add`` take it, with every node it explains."""
        found: dict[Words, list[Node]] = {}
        for words, node in commands.items():
            *menu, command = words
            twin = commands.get((*menu, "set"), {}) if command == "add" else {}
            for name, below in node.items():
                asked = name == "value-name" if command == "get" else name not in NOISE
                if name == "_type" or name in NEVER or not asked or not isinstance(below, dict):
                    continue
                place = (*menu, "set", name) if name in twin else (*words, name)
                found.setdefault(place, []).append(below)
        return list(found.items())

    async def _explain(self, words: Words, nodes: Iterable[Node]) -> None:
        """A syntax text, or else the words that complete the argument."""
        texts = await self._of_argument("syntax", words)
        offered = [] if texts else await self._of_argument("completion", words)
        for node in nodes:
            if texts:
                node["desc"] = texts[0][1]
            if offered:
                node["_completion"] = {word: {"style": style} for word, style in offered}

    async def _of_argument(self, request: str, words: Words) -> Answer:
        try:
            return await self._ask(request, words)
        except (DeviceRefused, OutcomeUnknown):
            self.unanswered += 1
            if self.unanswered > self.bounds.refusals:
                raise
            self._remember(f"{request} {','.join(words)}", [])
            return []

    async def _children(self, words: Words) -> Answer:
        return await self._ask("child", words)

    async def _ask(self, request: str, words: Words) -> Answer:
        question = f"{request} {','.join(words)}"
        known = self.memory.answers.get(question)
        if known is not None:
            return self._counted(known)
        if self.asked >= self.bounds.requests or asyncio.get_running_loop().time() > self.until:
            text = f"It was asked {self.asked:,} times and there is no end; run this again to go on."
            raise DeviceError(text, device=self.client.device)
        self.asked += 1
        self.told(*self.where)
        line = f"/{'/'.join(words[:-1])} {words[-1]}=" if request == "completion" else ""
        rows = await self.client.inspect(request, words, line)
        answer = {"child": self._told_children, "syntax": self._told_syntax}.get(request, self._told_words)(rows)
        self._remember(question, answer)
        return self._counted(answer)

    def _counted(self, answer: Answer) -> Answer:
        self.entries += len(answer)
        if self.entries > self.bounds.entries:
            raise self._refusal(f"tells of more than {self.bounds.entries:,} names and words")
        return answer

    def _remember(self, question: str, answer: Answer) -> None:
        self.memory.answers[question] = answer
        self.memory.keep(question, answer)

    def _told_children(self, rows: Rows) -> Answer:
        below = [row for row in rows if row.get("type", "child") == "child"]
        if len(below) > self.bounds.children:
            raise self._refusal(f"gives {len(below):,} words below one")
        kinds = {row.get("name", ""): row.get("node-type", "") for row in below}
        return [(name, kind) for name, kind in kinds.items() if self._is_word(_NAME, name)]

    def _told_syntax(self, rows: Rows) -> Answer:
        """One line is a plain text; several are a grammar, which a tree has no place for."""
        texts = [row.get("text", "") for row in rows]
        return [("", texts[0])] if len(texts) == 1 and _TEXT.fullmatch(texts[0]) else []

    def _told_words(self, rows: Rows) -> Answer:
        """What can be chosen from. Very many words are names of what stands on the router, no vocabulary."""
        found = {row.get("completion", ""): row.get("style", "") for row in rows}
        if len(found) > self.bounds.words:
            return []
        return [
            (word, style if _NAME.fullmatch(style) else "") for word, style in found.items() if _WORD.fullmatch(word)
        ]

    def _is_word(self, pattern: re.Pattern[str], name: str) -> bool:
        if pattern.fullmatch(name):
            return True
        self.skipped += 1
        return False

    def _refusal(self, what: str) -> DeviceRefused:
        return DeviceRefused(f"The router {what}; nothing of it is believed.", status=200, device=self.client.device)
