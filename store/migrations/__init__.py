"""Alembic's migrations, run from the program; there is no ini file.

A new migration is a module in ``versions`` and the new ``HEAD`` in ``store.migrate``.
"""

from __future__ import annotations

from alembic import command
from alembic.config import Config
from alembic.script import ScriptDirectory
from sqlalchemy import Connection


def configuration() -> Config:
    config = Config()
    config.set_main_option("script_location", "store:migrations")
    config.set_main_option("path_separator", "os")
    return config


MIGRATIONS = frozenset(revision.revision for revision in ScriptDirectory.from_config(configuration()).walk_revisions())
"""Every version of the tables this Plumbline knows."""


def upgrade(connection: Connection) -> None:
    """Run the missing migrations in the connection's transaction."""
    config = configuration()
    config.attributes["connection"] = connection
    command.upgrade(config, "head")
