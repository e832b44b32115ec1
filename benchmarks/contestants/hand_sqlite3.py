"""Hand-written code on sqlite3."""

from __future__ import annotations

import sqlite3
from collections.abc import Sequence
from typing import Any

from benchmarks.contestants import _statements as say
from benchmarks.contestants._hand_sqlite import INSERT, PRAGMAS, HandWrittenSQLite, with_collation
from benchmarks.contestants._slotted import User

__all__ = ["CONTESTANT"]

_BY_KEY = say.BY_KEY.replace("%s", "?")
_PART = 6_000


class HandWrittenSQLite3(HandWrittenSQLite[sqlite3.Cursor]):
    """Of the standard library."""

    title = "hand-written, sqlite3"
    drivers = {"sqlite": "sqlite3"}

    def _opened(self) -> sqlite3.Cursor:
        connection = sqlite3.connect(
            self.place.database, isolation_level=None, check_same_thread=False, cached_statements=512
        )
        with_collation(connection)
        cursor = connection.cursor()
        for pragma in PRAGMAS:
            cursor.execute(pragma)
        return cursor

    def _found(self, handle: sqlite3.Cursor, keys: Sequence[int]) -> list[User]:
        execute, users = handle.execute, list[User]()
        for key in keys:
            number, name, email, age, score, active = execute(_BY_KEY, (key,)).fetchone()
            users.append(User(number, name, email, age, score, active == 1))
        return users

    def insert_each(self, rows: Sequence[Any]) -> list[User]:
        execute, users = self._execute, list[User]()
        execute("BEGIN IMMEDIATE")
        for row in rows:
            users.append(User(execute(INSERT, row).lastrowid or 0, *row))
        execute("COMMIT")
        return users

    # 2.6 us per row; in statements of 1,000 rows 3.4, of 200 rows 4.9; a statement for each 3.5; executemany with keys
    # that were counted on from the highest 3.5; json_each 4.2.
    def insert_many(self, rows: Sequence[Any]) -> list[User]:
        users = list[User]()
        self._execute("BEGIN IMMEDIATE")
        for start in range(0, len(rows), _PART):
            part = rows[start : start + _PART]
            sql = f"{INSERT}{', (?, ?, ?, ?, ?)' * (len(part) - 1)}"
            last = self._execute(sql, [value for row in part for value in row]).lastrowid or 0
            users += [User(key, *row) for key, row in enumerate(part, last - len(part) + 1)]
        self._execute("COMMIT")
        return users


CONTESTANT = HandWrittenSQLite3
