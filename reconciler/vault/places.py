"""Where keys lie, and who may read them."""

from __future__ import annotations

import os
import stat
from collections.abc import Mapping
from pathlib import Path

from schemas.errors import InputError

_OTHERS = stat.S_IRWXG | stat.S_IRWXO


def data_home(environ: Mapping[str, str] = os.environ) -> Path:
    """``$XDG_DATA_HOME/plumbline``, by default ``~/.local/share/plumbline``."""
    base = environ.get("XDG_DATA_HOME", "")
    return (Path(base) if base.startswith("/") else Path.home() / ".local/share") / "plumbline"


def create_private(path: Path, content: bytes) -> bool:
    """Write a new file that only its owner can read; False when there is one already.

    The name appears with its whole content or not at all, also when two processes make it at once.
    """
    draft = path.with_name(f".{path.name}.{os.urandom(8).hex()}")
    _make_folder(path.parent)
    try:
        descriptor = os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
        with os.fdopen(descriptor, "wb") as file:
            file.write(content)
            file.flush()
            os.fsync(file.fileno())
        path.hardlink_to(draft)
    except FileExistsError:
        return False
    except OSError as error:
        raise InputError(f"{path} cannot be written: {error.strerror}.") from error
    finally:
        draft.unlink(missing_ok=True)
    return True


def read_private(path: Path, what: str) -> bytes | None:
    """The content of a key file, None when there is none.

    Raises InputError when others can read it too: then it is no secret any more.
    """
    try:
        mode = path.stat().st_mode
        content = path.read_bytes()
    except FileNotFoundError:
        return None
    except OSError as error:
        raise InputError(f"The {what} {path} cannot be read: {error.strerror}.") from error
    if mode & _OTHERS:
        raise InputError(f"The {what} {path} can be read by others; run: chmod 600 {path}")
    return content


def _make_folder(folder: Path) -> None:
    try:
        folder.mkdir(parents=True, exist_ok=True, mode=0o700)
    except OSError as error:
        raise InputError(f"The folder {folder} cannot be made: {error.strerror}.") from error
