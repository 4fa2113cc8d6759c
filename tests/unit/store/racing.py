"""Processes that do one thing to one store at the same moment."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

_FRAME = """
import asyncio, sys
from schemas.errors import ApprovalError, Locked
from store import open_store

async def main():
    async with open_store(sys.argv[1]) as store:
        await store.settings.get("warm")
        print("ready", flush=True)
        sys.stdin.readline()
        {body}

asyncio.run(main())
"""


def race(path: Path, body: str, arguments: list[str]) -> list[str]:
    """Run ``body`` in one process per argument (``sys.argv[2]``); what each printed."""
    code = _FRAME.replace("{body}", body.strip().replace("\n", "\n    "))
    processes = [
        subprocess.Popen(
            [sys.executable, "-W", "error", "-c", code, str(path), argument],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            text=True,
        )
        for argument in arguments
    ]
    for process in processes:
        assert process.stdout is not None
        assert process.stdout.readline() == "ready\n", process.communicate()[1]
    for process in processes:
        assert process.stdin is not None
        process.stdin.write("go\n")
        process.stdin.flush()
    answers = [process.communicate(timeout=60) for process in processes]
    assert [error for _, error in answers if error] == []
    return [answer.strip() for answer, _ in answers]
