"""Hand-written code on PyMySQL, which does all in Python: what can be saved is what it converts."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any, LiteralString

import pymysql
from pymysql.constants import FIELD_TYPE
from pymysql.converters import conversions
from pymysql.cursors import Cursor, SSCursor

from benchmarks.contestants import _statements as say
from benchmarks.contestants._hand_mysql import HandWrittenMySQL
from benchmarks.contestants._slotted import Reading, User

__all__ = ["CONTESTANT"]

_INSERT = f"{say.INSERT} VALUES (%s, %s, %s, %s, %s)"
_CONVERSIONS: dict[int | type[Any], Callable[[Any], str] | Callable[[str], Any]] = {
    kind: convert for kind, convert in conversions.items() if kind != FIELD_TYPE.DATETIME
}


class HandWrittenPyMySQL(HandWrittenMySQL[Cursor]):
    """One cursor, kept."""

    title = "hand-written, PyMySQL"
    drivers = {"mysql": "PyMySQL"}

    def _opened(self) -> Cursor:
        place = self.place
        return pymysql.connect(
            host=place.host,
            port=place.port,
            user=place.user,
            password=place.password,
            database=place.database,
            charset="utf8mb4",
            autocommit=True,
            conv=_CONVERSIONS,
        ).cursor()

    def open(self) -> None:
        super().open()
        self._cursor = self._handle
        self._execute = self._handle.execute

    def _shut(self, handle: Cursor) -> None:
        handle.connection.close()

    def _rows(self, sql: LiteralString, values: tuple[int, ...] = ()) -> Sequence[Any]:
        self._execute(sql, values)
        return self._handle.fetchall()

    def _among(self, sql: LiteralString, keys: Sequence[int]) -> Sequence[Any]:
        self._execute(f"{sql} IN %s", (keys,))
        return self._handle.fetchall()

    def _found(self, handle: Cursor, keys: Sequence[int]) -> list[User]:
        execute, users = handle.execute, list[User]()
        fetch: Callable[[], Any] = handle.fetchone
        for key in keys:
            execute(say.BY_KEY, (key,))
            number, name, email, age, score, active = fetch()
            users.append(User(number, name, email, age, score, active == 1))
        return users

    # 5.06 us per row; by fetchmany 5.18, key after key 5.11.
    def stream(self) -> tuple[int, float, int]:
        count, total, valid = 0, 0.0, 0
        with self._handle.connection.cursor(SSCursor) as cursor:
            cursor.execute(say.READING)
            for key, sensor, value, label, right in cursor:
                reading = Reading(key, sensor, value, label, right == 1)
                count += 1
                total += reading.value
                valid += reading.valid
        return count, total, valid

    def insert_each(self, rows: Sequence[Any]) -> list[User]:
        execute, cursor, users = self._execute, self._handle, list[User]()
        execute("BEGIN")
        for row in rows:
            execute(_INSERT, row)
            users.append(User(cursor.lastrowid, *row))
        execute("COMMIT")
        return users

    def save_each(self, users: Sequence[User]) -> None:
        execute = self._execute
        execute("BEGIN")
        for user in users:
            user.age += 1
            execute(say.SAVE, (user.age, user.id))
        execute("COMMIT")

    def delete_each(self, users: Sequence[User]) -> None:
        execute = self._execute
        execute("BEGIN")
        for user in users:
            execute(say.DELETE, (user.id,))
        execute("COMMIT")


CONTESTANT = HandWrittenPyMySQL
