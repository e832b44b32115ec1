"""How a SQLite file is opened, whichever library does it: WAL, foreign keys, how long to wait for a lock."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any
from urllib.parse import quote

from isomorph.dataclassing import dataclass
from isomorph.dialects.base import Failure
from isomorph.dialects.sqlite import SQLITE
from isomorph.dialects.sqlite.errors import missing, taken
from isomorph.drivers.base import Target
from isomorph.drivers.failures import chained, translated
from isomorph.drivers.options import Options
from isomorph.drivers.sqlite_files import other_library
from isomorph.errors import DatabaseError, UnsupportedVersion

__all__ = ["MEMORY", "SessionSettings", "check_version", "session_settings"]

MEMORY = ":memory:"

_OLDEST = "3.40.0"
_BUSY_TIMEOUT_S = 5.0
_CACHED_STATEMENTS = 512
_MODES = ("ro", "rw", "rwc")
_JOURNALS = ("wal", "delete", "truncate", "persist", "memory", "off")
_SYNCHRONOUS = ("off", "normal", "full", "extra")
_HINDERED = ("SQLITE_BUSY", "SQLITE_READONLY")


@dataclass(frozen=True, slots=True)
class SessionSettings:
    """What a URL says of a SQLite database.

    Attributes:
        path: the file; None for a database in memory.
        mode: `ro`, `rw` or `rwc`; None for SQLite's own way, which is the last.
        timeout_s: how long to wait for a lock.
        journal: the journal mode; None for WAL where that can be had.
        synchronous: how much is waited for the disk; None for what the journal needs.
        foreign_keys: whether they are enforced.
        cached_statements: how many prepared statements are kept.
    """

    path: str | None
    mode: str | None
    timeout_s: float
    journal: str | None
    synchronous: str | None
    foreign_keys: bool
    cached_statements: int

    @property
    def is_uri(self) -> bool:
        """Whether `name` is a URI."""
        return self.path is not None and self.mode is not None

    @property
    def name(self) -> str:
        """What SQLite is told to open."""
        if self.path is None:
            return MEMORY
        return self.path if self.mode is None else f"file:{quote(self.path)}?mode={self.mode}"

    def check(self, library: str) -> None:
        """See that no other library has the file open in this process; to be done before it is opened.

        Raises:
            ConnectionFailed: one has.
        """
        other = None if self.path is None else other_library(self.path, library)
        if other is not None:
            failure = Failure(OSError("open through another library"), connecting=True)
            raise chained(taken(failure, other), failure)

    def set_up(self, run: Callable[[str], Any], code_of: Callable[[Exception], str]) -> None:
        """Make the session what isomorph promises.

        Args:
            run: runs a statement and returns the value of its first row, None when there is none.
            code_of: the name of an error that `run` raised.
        """
        run(f"PRAGMA foreign_keys = {'ON' if self.foreign_keys else 'OFF'}")
        # Without it, a row that REPLACE takes away and one that a trigger on its own table deletes go unseen by triggers.
        run("PRAGMA recursive_triggers = ON")
        if self.path is None:
            return
        mode = run("PRAGMA journal_mode")
        wanted = self.journal or "wal"
        if mode != wanted and self.mode != "ro":
            try:
                mode = run(f"PRAGMA journal_mode = {wanted}")
            except Exception as error:
                # The switch needs the file for itself and does not wait for it; a file that may not be written stays as
                # it is. A default is not worth an error; what the URL asks for is.
                if self.journal is not None or not code_of(error).startswith(_HINDERED):
                    raise
        if self.synchronous is not None or mode == "wal":
            # With a WAL, NORMAL cannot damage the file; a power cut may cost the last commits, never their order.
            run(f"PRAGMA synchronous = {self.synchronous or 'NORMAL'}")

    def unopened(self, failure: Failure) -> DatabaseError:
        """The error for a file that could not be opened."""
        if self.path is not None and self.mode in {"ro", "rw"} and not Path(self.path).exists():
            return chained(missing(failure), failure)
        return translated(SQLITE, failure)


def session_settings(target: Target) -> SessionSettings:
    """Read the options of a URL.

    Options: `mode` (ro, rw, rwc), `timeout` (how long to wait for a lock), `journal_mode`, `synchronous`,
    `foreign_keys`, `cached_statements`.

    Raises:
        InvalidUrl: one has no meaning.
    """
    options = Options(target)
    timeout_s = options.seconds("timeout")
    settings = SessionSettings(
        path=None if target.database in {"", MEMORY} else target.database,
        mode=options.choice("mode", _MODES),
        timeout_s=_BUSY_TIMEOUT_S if timeout_s is None else timeout_s,
        journal=options.choice("journal_mode", _JOURNALS),
        synchronous=options.choice("synchronous", _SYNCHRONOUS),
        foreign_keys=options.flag("foreign_keys", default=True),
        cached_statements=options.whole("cached_statements", _CACHED_STATEMENTS),
    )
    options.finish()
    return settings


def check_version(version: str, mend: str) -> None:
    """Refuse a SQLite that is too old.

    Raises:
        UnsupportedVersion: it is.
    """
    if _numbers(version) < _numbers(_OLDEST):
        raise UnsupportedVersion("SQLite", version, _OLDEST, mend)


def _numbers(version: str) -> tuple[int, ...]:
    return tuple(map(int, version.split(".")))
