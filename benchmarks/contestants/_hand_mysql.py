"""What hand-written code has in common on both drivers of MariaDB; microseconds are of both processes, for 10,000 rows."""

from __future__ import annotations

import datetime as dt
import json
from collections.abc import Sequence
from typing import Any, TypeVar
from uuid import UUID

from benchmarks.contestants import _statements as say
from benchmarks.contestants._hand import HandWritten
from benchmarks.contestants._slotted import LEVELS, ORIGINS, Event, User
from benchmarks.contestants._tables import insertion
from benchmarks.harness.data import TABLES, Row

__all__ = ["HandWrittenMySQL"]

_VALUES = "(%s, %s, %s, %s, %s)"
_UPDATED = (
    "ON DUPLICATE KEY UPDATE name = VALUES(name), age = VALUES(age), score = VALUES(score), active = VALUES(active) "
    "RETURNING id"
)
_SAVE_ALL = (
    "UPDATE users JOIN JSON_TABLE(%s, '$[*]' COLUMNS (id BIGINT PATH '$[0]', age INT PATH '$[1]')) AS fresh "
    "ON fresh.id = users.id SET users.age = fresh.age"
)
# As many rows as are safely in a packet of 16 MB, the server's default.
_PART = 10_000
Handle = TypeVar("Handle")


def _bound(value: object) -> object:
    match value:
        case UUID():
            return str(value)
        case dt.datetime():
            return value.astimezone(dt.UTC).replace(tzinfo=None)
        case dict():
            return json.dumps(value)
        case _:
            return value


class HandWrittenMySQL(HandWritten[Handle]):
    """Autocommit outside of transactions; the driver leaves datetimes as text."""

    # A cursor of the driver, on the connection of the handle.
    _cursor: Any

    def _told(self, statement: str) -> None:
        self._cursor.execute(statement)

    def fill(self, table: str, rows: Sequence[Row]) -> None:
        one = f", ({', '.join(['%s'] * len(TABLES[table].columns))})"
        self._told("BEGIN")
        for start in range(0, len(rows), _PART):
            part = rows[start : start + _PART]
            values = [_bound(value) for row in part for value in row]
            self._cursor.execute(f"{insertion(table, '%s')}{one * (len(part) - 1)}", values)
        self._told("COMMIT")

    def clear(self, table: str, above: int) -> None:
        self._cursor.execute(f"DELETE FROM {table} WHERE id > %s", (above,))

    # --- reading ---------------------------------------------------------------------------------------------------------

    # PyMySQL 22.0 us per row, mysqlclient 13.4; with the drivers' datetimes 30.3 and 19.3, as they are naive and made in
    # Python; with Decimals of ours 22.3 and 13.9.
    def wide(self) -> list[Event]:
        moment, loads, zone = dt.datetime.fromisoformat, json.loads, "+00:00"
        return [
            Event(
                key,
                UUID(code),
                UUID(session),
                price,
                tax,
                total,
                moment(occurred + zone),
                moment(received + zone),
                None if closed is None else moment(closed + zone),
                loads(payload),
                loads(context),
                LEVELS[level],
                ORIGINS[origin],
                billed == 1,
                refunded == 1,
                None if flagged is None else flagged == 1,
                title,
                note,
                quantity,
                weight,
            )
            for key, code, session, price, tax, total, occurred, received, closed, payload, context, level, origin, billed, refunded, flagged, title, note, quantity, weight in self._rows(
                say.EVENT
            )
        ]

    # --- writing ---------------------------------------------------------------------------------------------------------

    # Keys of one INSERT with VALUES follow each other. PyMySQL 13.7 us per row, mysqlclient 11.2; with RETURNING 14.4 and
    # 10.7; in statements of 1,000 rows 12.9 and 16.8; JSON_TABLE 13.3 and 13.3; executemany and a query for the keys 15.3
    # and 16.0. LOAD DATA LOCAL takes 9.7 and 7.5, but must be allowed at both ends and makes warnings of wrong values.
    def insert_many(self, rows: Sequence[Any]) -> list[User]:
        users = list[User]()
        self._told("BEGIN")
        for start in range(0, len(rows), _PART):
            part = rows[start : start + _PART]
            sql = f"{say.INSERT} VALUES {_VALUES}{f', {_VALUES}' * (len(part) - 1)}"
            self._cursor.execute(sql, [value for row in part for value in row])
            users += [User(key, *row) for key, row in enumerate(part, self._cursor.lastrowid)]
        self._told("COMMIT")
        return users

    # PyMySQL 17.7 us per row, mysqlclient 14.7; JSON_TABLE 17.6 and 13.5; a query for the keys instead of RETURNING 34 and 35.
    def upsert(self, rows: Sequence[Any]) -> list[User]:
        users = list[User]()
        self._told("BEGIN")
        for start in range(0, len(rows), _PART):
            part = rows[start : start + _PART]
            sql = f"{say.INSERT} VALUES {_VALUES}{f', {_VALUES}' * (len(part) - 1)} {_UPDATED}"
            self._cursor.execute(sql, [value for row in part for value in row])
            users += [User(key, *row) for (key,), row in zip(self._cursor.fetchall(), part, strict=True)]
        self._told("COMMIT")
        return users

    # 8.5 us per row of both drivers; a CASE of all keys 10; a statement for each, which executemany is, 78 and 66.
    def save_unit(self, users: Sequence[User]) -> None:
        for user in users:
            user.age += 1
        self._cursor.execute(_SAVE_ALL, (json.dumps([(user.id, user.age) for user in users]),))

    # 5.5 us per row of one driver, 6.0 of the other.
    def delete_unit(self, users: Sequence[User]) -> None:
        self._cursor.execute(f"{say.DELETE_ALL} IN %s", ([user.id for user in users],))
