"""CPU of beginning: the help of the command line, and the catalogue from a cold start."""

from __future__ import annotations

import os
import resource
import statistics
import subprocess
import sys
from pathlib import Path

_COLD = """
import time
from schemas.catalogue.load import open_catalogue
began = time.process_time()
schema = open_catalogue().schema("7.18.2")
menus = len(schema.paths)
opened = time.process_time() - began
known = sum(1 for path in schema.paths if schema.menu(path) is not None)
print(opened, time.process_time() - began, menus, known)
"""


def help_cpu(rounds: int) -> float:
    """Median seconds of CPU of ``plumbline --help``, the interpreter's own start included."""
    script = Path(sys.executable).with_name("plumbline")
    words = [str(script)] if script.exists() else [sys.executable, "-m", "cli.main"]
    return statistics.median(_child_cpu([*words, "--help"]) for _ in range(rounds))


def nothing_cpu(rounds: int) -> float:
    """Median seconds of CPU of an interpreter that does nothing."""
    return statistics.median(_child_cpu([sys.executable, "-c", "pass"]) for _ in range(rounds))


def catalogue_cpu(rounds: int) -> tuple[float, float, int]:
    """Medians of opening one version with every menu reachable, and of decoding them all; the number of menus."""
    found = []
    for _ in range(rounds):
        done = subprocess.run([sys.executable, "-c", _COLD], capture_output=True, text=True, check=True)
        opened, decoded, menus, known = done.stdout.split()
        assert menus == known
        found.append((float(opened), float(decoded), int(menus)))
    return statistics.median(f[0] for f in found), statistics.median(f[1] for f in found), found[0][2]


def _child_cpu(words: list[str]) -> float:
    before = resource.getrusage(resource.RUSAGE_CHILDREN)
    subprocess.run(words, stdout=subprocess.DEVNULL, check=True, env=os.environ)
    after = resource.getrusage(resource.RUSAGE_CHILDREN)
    return after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime
