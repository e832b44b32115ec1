"""Hand-written code on mysqlclient: what is small goes by the connection's own `query`, which a cursor is built on.

By key it takes 67 us, by a cursor 98 (of both processes); an INSERT of one row 58 and 75.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, LiteralString

from MySQLdb.connections import Connection
from MySQLdb.constants import FIELD_TYPE
from MySQLdb.converters import conversions

from benchmarks.contestants import _statements as say
from benchmarks.contestants._hand_mysql import HandWrittenMySQL
from benchmarks.contestants._slotted import Reading, User

__all__ = ["CONTESTANT"]

# Of what is always a number, `%d` writes the literal.
_BY_KEY, _SAVE, _DELETE = (sql.replace("%s", "%d").encode() for sql in (say.BY_KEY, say.SAVE, say.DELETE))
_INSERT = f"{say.INSERT} VALUES (%b, %b, %d, %r, %d)".encode()
_BATCH = 2_000


class HandWrittenMySQLClient(HandWrittenMySQL[Any]):
    """A handle is a connection."""

    title = "hand-written, mysqlclient"
    drivers = {"mysql": "mysqlclient"}
    manual = "https://mysqlclient.readthedocs.io/user_guide.html"

    def _opened(self) -> Any:
        place = self.place
        return Connection(
            host=place.host,
            port=place.port,
            user=place.user,
            password=place.password,
            database=place.database,
            charset="utf8mb4",
            autocommit=True,
            conv={**conversions, FIELD_TYPE.DATETIME: str},
        )

    def open(self) -> None:
        super().open()
        self._cursor = self._handle.cursor()

    def _shut(self, handle: Any) -> None:
        handle.close()

    def _rows(self, sql: LiteralString, values: tuple[int, ...] = ()) -> Sequence[Any]:
        self._handle.query((sql % tuple(map(int, values))).encode())
        rows: tuple[Any, ...] = self._handle.store_result().fetch_row(0)
        return rows

    def _among(self, sql: LiteralString, keys: Sequence[int]) -> Sequence[Any]:
        self._handle.query(f"{sql} IN ({', '.join(map(str, keys))})".encode())
        rows: tuple[Any, ...] = self._handle.store_result().fetch_row(0)
        return rows

    def _found(self, handle: Any, keys: Sequence[int]) -> list[User]:
        query, result, users = handle.query, handle.store_result, list[User]()
        for key in keys:
            query(_BY_KEY % key)
            ((number, name, email, age, score, active),) = result().fetch_row(0)
            users.append(User(number, name, email, age, score, active == 1))
        return users

    # 1.64 us per row; one by one 2.36, key after key 1.80.
    def stream(self) -> tuple[int, float, int]:
        count, total, valid = 0, 0.0, 0
        self._handle.query(say.READING)
        result = self._handle.use_result()
        while rows := result.fetch_row(_BATCH):
            for key, sensor, value, label, right in rows:
                reading = Reading(key, sensor, value, label, right == 1)
                count += 1
                total += reading.value
                valid += reading.valid
        return count, total, valid

    def insert_each(self, rows: Sequence[Any]) -> list[User]:
        query, text, last = self._handle.query, self._handle.string_literal, self._handle.insert_id
        users = list[User]()
        query(b"BEGIN")
        for row in rows:
            name, email, age, score, active = row
            query(_INSERT % (text(name.encode()), text(email.encode()), age, score, active))
            users.append(User(last(), *row))
        query(b"COMMIT")
        return users

    def save_each(self, users: Sequence[User]) -> None:
        query = self._handle.query
        query(b"BEGIN")
        for user in users:
            user.age += 1
            query(_SAVE % (user.age, user.id))
        query(b"COMMIT")

    def delete_each(self, users: Sequence[User]) -> None:
        query = self._handle.query
        query(b"BEGIN")
        for user in users:
            query(_DELETE % user.id)
        query(b"COMMIT")


CONTESTANT = HandWrittenMySQLClient
