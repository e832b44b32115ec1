"""What hand-written code has in common on both drivers of SQLite; microseconds are of both, measured for 10,000 rows."""

from __future__ import annotations

import datetime as dt
import json
from collections.abc import Sequence
from decimal import Decimal
from typing import Any, LiteralString, TypeVar
from uuid import UUID

from benchmarks.contestants import _statements as say
from benchmarks.contestants._hand import HandWritten
from benchmarks.contestants._slotted import LEVELS, ORIGINS, Event, Reading, User
from benchmarks.contestants._tables import insertion
from benchmarks.harness.data import Row

__all__ = ["INSERT", "PRAGMAS", "HandWrittenSQLite", "with_collation"]

PRAGMAS = ("PRAGMA journal_mode = WAL", "PRAGMA synchronous = NORMAL", "PRAGMA foreign_keys = ON")
INSERT = f"{say.INSERT} VALUES (?, ?, ?, ?, ?)"
_UPDATED = (
    "ON CONFLICT (email) DO UPDATE SET name = excluded.name, age = excluded.age, score = excluded.score, "
    "active = excluded.active RETURNING id"
)
_SAVE, _DELETE = say.SAVE.replace("%s", "?"), say.DELETE.replace("%s", "?")
# A statement may have 32,766 values.
_PART = 6_000
# A cursor of the driver: neither has a name for what both can do.
Cursor = TypeVar("Cursor", bound=Any)


def with_collation(connection: Any) -> None:
    """Give a connection the collation that the tables name; no workload compares by it."""
    connection.create_collation("isomorph_decimal", _compared)


def _compared(one: str, other: str) -> int:
    return (one > other) - (one < other)


def _bound(value: object) -> object:
    match value:
        case Decimal() | UUID():
            return str(value)
        case dt.datetime():
            return value.isoformat(" ")
        case dict():
            return json.dumps(value)
        case _:
            return value


class HandWrittenSQLite(HandWritten[Cursor]):
    """One cursor, kept: a new one for each statement takes 0.5 us more."""

    def open(self) -> None:
        super().open()
        self._execute = self._handle.execute

    def _shut(self, handle: Cursor) -> None:
        handle.connection.close()

    def _told(self, statement: str) -> None:
        self._execute(statement)

    def fill(self, table: str, rows: Sequence[Row]) -> None:
        self._execute("BEGIN")
        self._handle.executemany(insertion(table, "?"), [[_bound(value) for value in row] for row in rows])
        self._execute("COMMIT")

    def clear(self, table: str, above: int) -> None:
        self._execute(f"DELETE FROM {table} WHERE id > ?", (above,))

    def _said(self, sql: LiteralString) -> LiteralString:
        return sql.replace("%s", "?")

    def _rows(self, sql: LiteralString, values: tuple[int, ...] = ()) -> Sequence[Any]:
        rows: list[Any] = self._execute(sql, values).fetchall()
        return rows

    # Placeholders, literal integers and json_each are equally fast: 0.65 us per row.
    def _among(self, sql: LiteralString, keys: Sequence[int]) -> Sequence[Any]:
        rows: list[Any] = self._execute(f"{sql} IN ({', '.join('?' * len(keys))})", keys).fetchall()
        return rows

    # --- reading ---------------------------------------------------------------------------------------------------------

    def wide(self) -> list[Event]:
        moment, loads = dt.datetime.fromisoformat, json.loads
        return [
            Event(
                key,
                UUID(code),
                UUID(session),
                Decimal(price),
                Decimal(tax),
                Decimal(total),
                moment(occurred),
                moment(received),
                None if closed is None else moment(closed),
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

    def stream(self) -> tuple[int, float, int]:
        count, total, valid = 0, 0.0, 0
        for key, sensor, value, label, right in self._execute(say.READING):
            reading = Reading(key, sensor, value, label, right == 1)
            count += 1
            total += reading.value
            valid += reading.valid
        return count, total, valid

    # --- writing ---------------------------------------------------------------------------------------------------------

    def save_each(self, users: Sequence[User]) -> None:
        execute = self._execute
        execute("BEGIN IMMEDIATE")
        for user in users:
            user.age += 1
            execute(_SAVE, (user.age, user.id))
        execute("COMMIT")

    # 1.4 us per row; json_each 1.5; a statement for each 1.7.
    def save_unit(self, users: Sequence[User]) -> None:
        for user in users:
            user.age += 1
        self._execute("BEGIN IMMEDIATE")
        self._handle.executemany(_SAVE, [(user.age, user.id) for user in users])
        self._execute("COMMIT")

    # Of sqlite3 3.7 us per row in statements of 6,000 rows, 5.6 in statements of 200; json_each 5.1; executemany and a
    # query for the keys 5.1; a statement for each 7.3. Of apsw 3.6, 4.6, 4.6, 4.0.
    def upsert(self, rows: Sequence[Any]) -> list[User]:
        users = list[User]()
        self._execute("BEGIN IMMEDIATE")
        for start in range(0, len(rows), _PART):
            part = rows[start : start + _PART]
            sql = f"{INSERT}{', (?, ?, ?, ?, ?)' * (len(part) - 1)} {_UPDATED}"
            keys = self._execute(sql, [value for row in part for value in row]).fetchall()
            users += [User(key, *row) for (key,), row in zip(keys, part, strict=True)]
        self._execute("COMMIT")
        return users

    def delete_each(self, users: Sequence[User]) -> None:
        execute = self._execute
        execute("BEGIN IMMEDIATE")
        for user in users:
            execute(_DELETE, (user.id,))
        execute("COMMIT")

    # 0.6 us per row; executemany 1.2.
    def delete_unit(self, users: Sequence[User]) -> None:
        keys = [user.id for user in users]
        self._execute("BEGIN IMMEDIATE")
        self._execute(f"{say.DELETE_ALL} IN ({', '.join('?' * len(keys))})", keys)
        self._execute("COMMIT")
