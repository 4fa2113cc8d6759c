"""A fleet repository: the reading half, history and writing behind one face."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path
from typing import Self

from dulwich.config import StackedConfig

from desired_state import commits, history
from desired_state.objects import Objects


class Repository(Objects):
    """A Git repository with a fleet in its root. Cheap to open; not shared between threads."""

    @classmethod
    def create(cls, path: Path | str, files: Mapping[str, bytes], *, author: str, message: str) -> Self:
        """A new repository with the branch ``main``, one commit and its files in the working tree.

        Raises InputError when the folder is a repository already or holds one of the files.
        """
        return cls(commits.create(Path(path), files, author=author, message=message))

    def commit(
        self,
        branch: str,
        changes: commits.Changes,
        *,
        base: str | None,
        message: str,
        author: str,
        trailers: Sequence[tuple[str, str]] = (),
    ) -> str:
        """Commit changes to a branch without a checkout; see ``commits.commit``."""
        return commits.commit(self, branch, changes, base=base, message=message, author=author, trailers=trailers)

    def sync_worktree(self, branch: str, old: str | None, new: str) -> tuple[str, ...]:
        """Bring the working tree along after a commit to the branch checked out; paths left alone."""
        return commits.sync_worktree(self, branch, old, new)

    def people_between(self, base: str, tip: str) -> tuple[str, ...]:
        """E-mails of authors, co-authors and committers of commits in tip but not in base."""
        return history.people_between(self, base, tip)

    def last_people(self, commit: str, paths: Iterable[str]) -> tuple[str, ...]:
        """E-mails of those behind the commits that last changed these files, seen from a commit."""
        return history.last_people(self, commit, paths)

    def people_behind(self, base: str | None, tip: str, paths: Iterable[str]) -> tuple[str, ...]:
        """E-mails of those behind every commit after ``base`` that changed one of these files.

        Without a base, of everybody who ever did; when none did since, of those who last changed them.
        """
        return history.people_behind(self, base, tip, paths)

    @property
    def control_folder(self) -> Path:
        """Git's own folder, which clones and commits do not carry along."""
        return Path(self.git.controldir())

    def user(self) -> tuple[str, str]:
        """Name and e-mail that Git is configured with here; '' for what is not."""
        config = self.git.get_config_stack()
        return _config(config, b"name"), _config(config, b"email")


def _config(config: StackedConfig, name: bytes) -> str:
    try:
        return config.get((b"user",), name).decode("utf-8", "replace")
    except KeyError:
        return ""
