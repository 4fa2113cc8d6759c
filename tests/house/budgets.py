"""The size and duplicate budgets: ``python -m tests.house.budgets`` prints where the house grows too big.

Figures to look at, not verdicts: a file past 400 lines or a function past 60 wants to be two, but which two is for a
person to say.
"""

import ast
import statistics
import sys
from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path

from reconciler.views.schemas import score_text
from schemas.catalogue.gaps import gaps_of, score
from schemas.catalogue.load import open_catalogue
from tests.house.sources import own_files, shown

FILE_LINES = 400
FUNCTION_LINES = 60
WINDOW = 6
REPEATED_SHARE = 0.05

_TYPE_CHECKING = "TYPE_CHECKING"
_Function = ast.FunctionDef | ast.AsyncFunctionDef


@dataclass(slots=True)
class Tally:
    """What was counted in some files; the lists hold ``size place`` or ``place``."""

    files: list[int] = field(default_factory=list)
    functions: list[int] = field(default_factory=list)
    long_files: list[str] = field(default_factory=list)
    long_functions: list[str] = field(default_factory=list)
    hidden_imports: list[str] = field(default_factory=list)
    broad_excepts: list[str] = field(default_factory=list)
    untyped_dicts: list[str] = field(default_factory=list)


def measure(paths: list[Path]) -> Tally:
    """Count sizes and bad habits of Python files."""
    tally = Tally()
    for path in paths:
        text = path.read_text()
        lines, place = text.count("\n"), shown(path)
        tally.files.append(lines)
        if lines > FILE_LINES:
            tally.long_files.append(f"{lines} {place}")
        try:
            tree = ast.parse(text, place)
        except SyntaxError as error:
            version = ".".join(map(str, sys.version_info[:2]))
            raise SystemExit(f"{place}:{error.lineno}: this is not Python {version}") from error
        _measure_tree(tree, place, tally)
    return tally


def repeated(paths: list[Path]) -> tuple[float, list[str]]:
    """The share of code lines that stand in a run of six or more found elsewhere too, and where the longest runs are.

    Blank lines, comments, imports and indentation do not count; neither do lines of brackets alone.
    """
    files = {shown(path): list(_code_lines(path)) for path in paths}
    windows: dict[tuple[str, ...], list[tuple[str, int]]] = defaultdict(list)
    for place, lines in files.items():
        for start in range(len(lines) - WINDOW + 1):
            windows[tuple(text for _, text in lines[start : start + WINDOW])].append((place, start))
    marked: dict[str, set[int]] = defaultdict(set)
    for spots in windows.values():
        if len(spots) > 1:
            for place, start in spots:
                marked[place].update(range(start, start + WINDOW))
    total = sum(map(len, files.values()))
    runs = sorted(_runs(files, marked), key=lambda run: (-run[0], run[1]))
    share = sum(map(len, marked.values())) / total if total else 0.0
    return share, [f"{length} {place}" for length, place in runs]


def main() -> int:
    """Print the budgets of the rooms and of the tests, and how much is known of RouterOS."""
    python = own_files(".py")
    tests = [path for path in python if shown(path).startswith("tests/")]
    for title, paths in (("rooms", [path for path in python if path not in tests]), ("tests", tests)):
        _report(title, paths)
    catalogue = open_catalogue()
    print(score_text(score(gaps_of(catalogue.schema(catalogue.newest))), catalogue.newest))
    return 0


def _measure_tree(tree: ast.Module, place: str, tally: Tally) -> None:
    for node in ast.walk(tree):
        match node:
            case ast.FunctionDef() | ast.AsyncFunctionDef():
                _measure_function(node, place, tally)
            case ast.ExceptHandler() if _is_broad(node):
                tally.broad_excepts.append(f"{place}:{node.lineno}")
            case ast.Subscript() if ast.unparse(node) == "dict[str, Any]":
                tally.untyped_dicts.append(f"{place}:{node.lineno}")
            case ast.If() if _TYPE_CHECKING in ast.unparse(node.test):
                tally.hidden_imports.append(f"{place}:{node.lineno}")
            case _:
                pass


def _measure_function(function: _Function, place: str, tally: Tally) -> None:
    size = (function.end_lineno or function.lineno) - function.lineno + 1
    tally.functions.append(size)
    if size > FUNCTION_LINES:
        tally.long_functions.append(f"{size} {place}:{function.lineno} {function.name}")
    for statement in function.body:
        for inner in ast.walk(statement):
            if isinstance(inner, ast.Import | ast.ImportFrom):
                tally.hidden_imports.append(f"{place}:{inner.lineno}")


def _is_broad(handler: ast.ExceptHandler) -> bool:
    names = [handler.type] if not isinstance(handler.type, ast.Tuple) else handler.type.elts
    return any(name is None or ast.unparse(name) in {"Exception", "BaseException"} for name in names)


def _code_lines(path: Path) -> Iterator[tuple[int, str]]:
    for number, line in enumerate(path.read_text().splitlines(), start=1):
        text = line.strip()
        if any(letter.isalnum() for letter in text) and not text.startswith(("#", "import ", "from ")):
            yield number, text


def _runs(files: dict[str, list[tuple[int, str]]], marked: dict[str, set[int]]) -> Iterator[tuple[int, str]]:
    for place, spots in marked.items():
        start = previous = min(spots)
        for spot in [*sorted(spots)[1:], sys.maxsize]:
            if spot != previous + 1:
                yield previous - start + 1, f"{place}:{files[place][start][0]}"
                start = spot
            previous = spot


def _report(title: str, paths: list[Path]) -> None:
    tally = measure(paths)
    share, runs = repeated(paths)
    print(f"{title}: {len(tally.files)} files, {sum(tally.files)} lines; {_spread('file', tally.files)}; ", end="")
    print(f"{len(tally.functions)} functions; {_spread('function', tally.functions)}")
    for name, found in (
        (f"files over {FILE_LINES} lines", tally.long_files),
        (f"functions over {FUNCTION_LINES} lines", tally.long_functions),
        ("imports inside functions or for type checking only", sorted(set(tally.hidden_imports))),
        ("broad excepts", tally.broad_excepts),
        ("dict[str, Any]", tally.untyped_dicts),
        (f"repeated lines {share:.1%} (budget {REPEATED_SHARE:.0%}), longest runs", runs),
    ):
        print(f"  {name}: {len(found)}{': ' if found else ''}{'; '.join(found[:6])}{' …' if len(found) > 6 else ''}")


def _spread(name: str, sizes: list[int]) -> str:
    if not sizes:
        return f"no {name}s"
    ordered = sorted(sizes)
    nearly_all = ordered[int(len(ordered) * 0.95) - 1]
    return f"{name} median {statistics.median_low(ordered)}, 95th {nearly_all}, max {ordered[-1]}"


if __name__ == "__main__":
    sys.exit(main())
