"""Making, migrating, and refusing a store."""

from __future__ import annotations

import asyncio
import sqlite3
import stat
import subprocess
import sys
from pathlib import Path

import pytest
from alembic.autogenerate import compare_metadata
from alembic.migration import MigrationContext
from alembic.script import ScriptDirectory
from sqlalchemy import create_engine

from schemas.errors import InputError
from store import open_store
from store.database import translated
from store.migrate import HEAD
from store.migrations import configuration
from store.tables import METADATA

OPEN = """
import asyncio, sys
from store import open_store
async def main():
    async with open_store(sys.argv[1]) as store:
        print(await store.settings.fleet_id(), "alembic" in sys.modules)
asyncio.run(main())
"""


def test_migrations_from_empty_make_the_tables(run, path):
    run(lambda store: store.settings.fleet_id())
    engine = create_engine(f"sqlite:///{path}")
    with engine.connect() as connection:
        context = MigrationContext.configure(connection, opts={"compare_type": True, "compare_server_default": True})
        assert compare_metadata(context, METADATA) == []
        assert context.get_current_revision() == HEAD
    engine.dispose()


def test_head_is_the_newest_migration():
    assert ScriptDirectory.from_config(configuration()).get_current_head() == HEAD


def test_the_file_is_its_owners_alone_and_stays(run, path):
    first = run(lambda store: store.settings.fleet_id())
    assert stat.S_IMODE(path.stat().st_mode) == 0o600
    assert run(lambda store: store.settings.fleet_id()) == first


def test_processes_that_open_a_new_store_together_agree(path):
    command = [sys.executable, "-W", "error", "-c", OPEN, str(path)]
    processes = [subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True) for _ in range(3)]
    answers = [process.communicate(timeout=60) for process in processes]
    assert [error for _, error in answers if error] == []
    assert len({answer.split()[0] for answer, _ in answers}) == 1


def test_a_store_that_is_up_to_date_needs_no_alembic(run, path):
    run(lambda store: store.settings.fleet_id())
    answer = subprocess.run(
        [sys.executable, "-c", OPEN, str(path)], capture_output=True, text=True, check=True, timeout=60
    )
    assert answer.stdout.split()[1] == "False"


def test_importing_the_room_imports_no_sql():
    code = "import sys, store; print([name for name in ('sqlmodel', 'sqlalchemy', 'alembic') if name in sys.modules])"
    answer = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True, timeout=60)
    assert answer.stdout.strip() == "[]"


def test_a_newer_store_is_left_alone(run, path):
    run(lambda store: store.settings.fleet_id())
    with sqlite3.connect(path) as connection:
        connection.execute("UPDATE alembic_version SET version_num = '9999'")
    connection.close()
    with pytest.raises(InputError, match="newer Plumbline"):
        run(lambda store: store.settings.fleet_id())


def test_another_programs_database_is_left_alone(run, path):
    connection = sqlite3.connect(path)
    connection.execute("CREATE TABLE theirs (id INTEGER)")
    connection.commit()
    connection.close()
    before = path.read_bytes()
    with pytest.raises(InputError, match="another program"):
        run(lambda store: store.settings.fleet_id())
    assert path.read_bytes() == before


@pytest.mark.parametrize(
    ("place", "sentence"),
    [
        ("postgresql://db/fleet", "cannot be kept in postgresql"),
        (":memory:", "A store is a file"),
        ("/proc/nowhere/store.db", "cannot be opened"),
    ],
)
def test_a_place_that_cannot_be(place, sentence):
    async def main() -> None:
        async with open_store(place):
            pass

    with pytest.raises(InputError, match=sentence):
        asyncio.run(main())


def test_a_file_that_is_no_database(run, path):
    path.write_text("apiVersion: plumbline/v1\n" * 100)
    with pytest.raises(InputError, match="not a store that can be used"):
        run(lambda store: store.settings.fleet_id())


def test_a_url_is_a_path(tmp_path):
    async def main() -> str:
        async with open_store(f"sqlite:///{tmp_path}/by url.db") as store:
            return await store.settings.fleet_id()

    assert asyncio.run(main())
    assert Path(tmp_path, "by url.db").exists()


def test_errors_that_nobody_foresaw_are_not_hidden():
    with pytest.raises(ZeroDivisionError), translated(Path("store.db")):
        _ = 1 / 0


def test_a_cancelled_write_changes_nothing_and_locks_nobody_out(run):
    async def use(store):
        async def slow() -> None:
            async with store.settings.database.write() as connection:
                await connection.exec_driver_sql("INSERT INTO setting VALUES ('a', '1')")
                await asyncio.sleep(30)

        task = asyncio.create_task(slow())
        await asyncio.sleep(0.1)
        task.cancel()
        await asyncio.gather(task, return_exceptions=True)
        await store.settings.put("b", "2")
        return await store.settings.get("a"), await store.settings.get("b")

    assert run(use) == (None, "2")
