"""Hand-written code on apsw."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import apsw

from benchmarks.contestants import _statements as say
from benchmarks.contestants._hand_sqlite import INSERT, PRAGMAS, HandWrittenSQLite, with_collation
from benchmarks.contestants._slotted import User

__all__ = ["CONTESTANT"]

_BY_KEY = say.BY_KEY.replace("%s", "?")


class HandWrittenAPSW(HandWrittenSQLite[Any]):
    """It brings an SQLite of its own, newer than Python's."""

    title = "hand-written, apsw"
    drivers = {"sqlite": "apsw"}
    manual = "https://rogerbinns.github.io/apsw/tips.html"

    def _opened(self) -> Any:
        connection = apsw.Connection(self.place.database, statementcachesize=512)
        with_collation(connection)
        cursor: Any = connection.cursor()
        for pragma in PRAGMAS:
            cursor.execute(pragma).fetchall()
        return cursor

    # 1.6 us; with fetchall 1.8; with fetchone 3.5, because it leaves the statement open.
    def _found(self, handle: Any, keys: Sequence[int]) -> list[User]:
        execute, users = handle.execute, list[User]()
        for key in keys:
            number, name, email, age, score, active = execute(_BY_KEY, (key,)).get
            users.append(User(number, name, email, age, score, active == 1))
        return users

    def insert_each(self, rows: Sequence[Any]) -> list[User]:
        execute, users, last = self._execute, list[User](), self._handle.connection.last_insert_rowid
        execute("BEGIN IMMEDIATE")
        for row in rows:
            execute(INSERT, row)
            users.append(User(last(), *row))
        execute("COMMIT")
        return users

    # 2.6 us per row; executemany with keys that were counted on from the highest 2.7; in statements of 6,000 rows 2.8, of
    # 200 rows 4.7; json_each 4.2.
    def insert_many(self, rows: Sequence[Any]) -> list[User]:
        return self.insert_each(rows)


CONTESTANT = HandWrittenAPSW
