"""Whatever happens, people get a sentence and programs an exit code."""

import json
import os
import signal
import socket
import subprocess
import sys
from pathlib import Path

import pytest

from cli import running
from cli.options import Options
from tests.unit.cli.conftest import commit, write

ROOT = Path(__file__).resolve().parents[3]
COMMAND = [sys.executable, "-m", "cli.main"]
COMPLETION = "cli.commands.completing:completion"


def environment(**more: str) -> dict[str, str]:
    return {**os.environ, "PYTHONPATH": str(ROOT), **more}


def test_a_bug_is_called_a_bug_and_shows_no_traceback(capsys):
    assert running.run(COMPLETION, Options(), {"no_such_argument": 1}) == 1
    told = capsys.readouterr().err
    assert "This is a bug in Plumbline (TypeError: " in told
    assert "--verbose" in told
    assert "Traceback" not in told


def test_verbose_shows_where_a_bug_is(capsys):
    assert running.run(COMPLETION, Options(verbose=True), {"no_such_argument": 1}) == 1
    assert "Traceback" in capsys.readouterr().err


def test_a_bug_is_a_document_for_programs(capsys):
    assert running.run(COMPLETION, Options(output="json"), {"no_such_argument": 1}) == 1
    assert json.loads(capsys.readouterr().out)["exit"] == 1


def test_a_file_that_cannot_be_written_is_a_sentence(run, fleet):
    store = fleet / "no" / "such.db"
    ran = run("status", "--repo", str(fleet), "--store", str(store))
    assert ran.code == 1
    assert ran.err == f"There is no store at {store}; plumbline init makes one.\n"


def test_a_reader_that_leaves_early_is_no_error(fleet):
    with subprocess.Popen(
        [*COMMAND, "validate", "--output", "json"],
        cwd=fleet,
        env=environment(),
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
    ) as process:
        assert process.stdout is not None
        assert process.stderr is not None
        process.stdout.close()
        assert process.stderr.read() == b""
        assert process.wait(timeout=60) == running.PIPE_CLOSED


def test_a_full_disk_is_a_sentence(fleet):
    with Path("/dev/full").open("wb") as full:
        ran = subprocess.run([*COMMAND, "validate"], cwd=fleet, env=environment(), stdout=full, stderr=subprocess.PIPE)
    assert (ran.returncode, ran.stderr) == (1, b"No space left on device.\n")


def test_an_encoding_that_lacks_a_character_ends_nothing(fleet):
    write(fleet, {"devices/edge-1.yaml": "größe: [1"})
    commit(fleet)
    ran = subprocess.run(
        [*COMMAND, "validate"],
        cwd=fleet,
        env=environment(PYTHONIOENCODING="ascii", PYTHONUTF8="0"),
        capture_output=True,
    )
    assert ran.returncode == 1
    assert b"devices/edge-1.yaml:" in ran.stderr
    assert b"Traceback" not in ran.stderr


@pytest.mark.parametrize(("number", "code"), [(signal.SIGINT, 130), (signal.SIGTERM, 143)], ids=str)
def test_a_command_that_is_stopped_says_so(fleet, number, code):
    with socket.create_server(("127.0.0.1", 0)) as silent:
        port = silent.getsockname()[1]
        device = (fleet / "devices/edge-1.yaml").read_text().replace("127.0.0.1:1", f"127.0.0.1:{port}")
        write(fleet, {"devices/edge-1.yaml": device})
        commit(fleet)
        with subprocess.Popen(
            [*COMMAND, "plan"],
            cwd=fleet,
            env=environment(PLUMBLINE_CREDENTIAL_EDGE_RO="reader:x"),
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            text=True,
        ) as process:
            connection, _ = silent.accept()  # it waits for a TLS handshake that never comes
            process.send_signal(number)
            assert process.stderr is not None
            assert process.stderr.readline().startswith("Stopping; ")
            connection.close()  # that is what it still waits for
            out, err = process.communicate(timeout=60)
    assert process.returncode == code
    assert out == ""
    assert "What was written until now stays" in err
    assert "Traceback" not in err
