"""Hand-written code on psycopg: prepared statements, rows in PostgreSQL's binary format, one cursor that is kept.

Microseconds are of both processes, measured for 10,000 rows or 20,000 of a fetch.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Sequence
from decimal import Decimal
from typing import Any, LiteralString

import psycopg
from psycopg.types.json import Jsonb

from benchmarks.contestants import _statements as say
from benchmarks.contestants._hand import HandWritten
from benchmarks.contestants._slotted import LEVELS, ORIGINS, Event, Reading, User
from benchmarks.harness.data import TABLES, Row

__all__ = ["CONTESTANT"]

_Cursor = psycopg.Cursor[tuple[Any, ...]]

# JSON is read by our own loads, from text; numeric is read faster from text than from its binary format.
_EVENT = (
    "SELECT id, code, session, price::text, tax::text, total::text, occurred_at, received_at, closed_at, payload::text, "
    "context::text, level::text, origin::text, billed, refunded, flagged, title, note, quantity, weight FROM events"
)
_INSERT = f"{say.INSERT} VALUES (%s, %s, %s, %s, %s) RETURNING id"
_KEYS = "SELECT nextval('users_id_seq') FROM generate_series(1, %s)"
_COPY = "COPY users (id, name, email, age, score, active) FROM STDIN (FORMAT BINARY)"
_FRESH = (
    "CREATE TEMPORARY TABLE IF NOT EXISTS fresh "
    "(number serial, name text, email text, age integer, score double precision, active boolean) ON COMMIT DELETE ROWS"
)
_COPY_FRESH = "COPY fresh (name, email, age, score, active) FROM STDIN (FORMAT BINARY)"
_UPSERT = (
    f"{say.INSERT} SELECT name, email, age, score, active FROM fresh ORDER BY number "
    "ON CONFLICT (email) DO UPDATE SET name = excluded.name, age = excluded.age, score = excluded.score, "
    "active = excluded.active RETURNING id"
)
_SAVE_ALL = (
    "UPDATE users SET age = fresh.age FROM unnest(%s::bigint[], %s::integer[]) AS fresh (id, age) "
    "WHERE users.id = fresh.id"
)
_TYPES = ("text", "text", "int4", "float8", "bool")


class HandWrittenPsycopg(HandWritten[_Cursor]):
    """Autocommit outside of transactions: a transaction around one statement doubles what it takes."""

    title = "hand-written, psycopg"
    drivers = {"postgresql": "psycopg"}
    manual = "https://www.psycopg.org/psycopg3/docs/advanced/prepare.html"

    def _opened(self) -> _Cursor:
        connection = psycopg.connect(
            self.place.url("postgresql"), autocommit=True, prepare_threshold=0, options="-c TimeZone=UTC"
        )
        return connection.cursor(binary=True)

    def open(self) -> None:
        super().open()
        self._execute = self._handle.execute

    def _shut(self, handle: _Cursor) -> None:
        handle.connection.close()

    def _told(self, statement: str) -> None:
        self._execute(statement.encode())

    def fill(self, table: str, rows: Sequence[Row]) -> None:
        columns = TABLES[table].columns
        with self._handle.copy(f"COPY {table} ({', '.join(columns)}) FROM STDIN".encode()) as copy:
            for row in rows:
                copy.write_row([Jsonb(value) if isinstance(value, dict) else value for value in row])
        if columns[0] == "id":
            self._told(f"SELECT setval('{table}_id_seq', max(id)) FROM {table}")

    def clear(self, table: str, above: int) -> None:
        self._execute(f"DELETE FROM {table} WHERE id > %s".encode(), (above,))

    def _rows(self, sql: LiteralString, values: tuple[int, ...] = ()) -> Sequence[Any]:
        return self._execute(sql, values).fetchall()

    # 0.71 us per row; literal integers 0.83 (0.63 where the same keys come again and the statement is prepared).
    def _among(self, sql: LiteralString, keys: Sequence[int]) -> Sequence[Any]:
        return self._execute(f"{sql} = ANY(%s)", (keys,)).fetchall()

    # --- reading ---------------------------------------------------------------------------------------------------------

    # 53 us; in text format 56; by a new cursor each time 70.
    def _found(self, handle: _Cursor, keys: Sequence[int]) -> list[User]:
        execute, users = handle.execute, list[User]()
        fetch: Callable[[], Any] = handle.fetchone
        for key in keys:
            execute(say.BY_KEY, (key,))
            users.append(User(*fetch()))
        return users

    # 1.77 us per row; in text format 2.06.
    def _users(self, sql: LiteralString, values: tuple[int, ...] = ()) -> list[User]:
        return [User(*row) for row in self._execute(sql, values).fetchall()]

    # 10.6 us per row; numeric in binary format too 11.1, uuid as text too 13.1; all in text format, with psycopg's JSON, 13.1.
    def wide(self) -> list[Event]:
        loads = json.loads
        return [
            Event(
                key,
                code,
                session,
                Decimal(price),
                Decimal(tax),
                Decimal(total),
                occurred,
                received,
                closed,
                loads(payload),
                loads(context),
                LEVELS[level],
                ORIGINS[origin],
                billed,
                refunded,
                flagged,
                title,
                note,
                quantity,
                weight,
            )
            for key, code, session, price, tax, total, occurred, received, closed, payload, context, level, origin, billed, refunded, flagged, title, note, quantity, weight in self._execute(
                _EVENT
            ).fetchall()
        ]

    def readings(self, number: int) -> list[Reading]:
        return [Reading(*row) for row in self._rows(say.FIRST_READINGS, (number,))]

    # 0.63 us per row in chunks of 1,000; DECLARE and FETCH 0.74, psycopg's server-side cursor 0.90, key after key 0.76,
    # COPY TO 1.96.
    def stream(self) -> tuple[int, float, int]:
        count, total, valid = 0, 0.0, 0
        for row in self._handle.stream(say.READING, size=1_000):
            reading = Reading(*row)
            count += 1
            total += reading.value
            valid += reading.valid
        return count, total, valid

    # --- writing ---------------------------------------------------------------------------------------------------------

    def insert_each(self, rows: Sequence[Any]) -> list[User]:
        execute, users = self._execute, list[User]()
        fetch: Callable[[], Any] = self._handle.fetchone
        execute("BEGIN")
        for row in rows:
            execute(_INSERT, row)
            (key,) = fetch()
            users.append(User(key, *row))
        execute("COMMIT")
        return users

    # 7.9 us per row; COPY in text format 9.1; unnest RETURNING 12.6; json_to_recordset RETURNING 9.9; VALUES 20.9.
    def insert_many(self, rows: Sequence[Any]) -> list[User]:
        self._execute("BEGIN")
        keys = self._execute(_KEYS, (len(rows),)).fetchall()
        users = [User(key, *row) for (key,), row in zip(keys, rows, strict=True)]
        with self._handle.copy(_COPY) as copy:
            copy.set_types(("int8", *_TYPES))
            write = copy.write_row
            for (key,), row in zip(keys, rows, strict=True):
                write((key, *row))
        self._execute("COMMIT")
        return users

    def save_each(self, users: Sequence[User]) -> None:
        execute = self._execute
        execute("BEGIN")
        for user in users:
            user.age += 1
            execute(say.SAVE, (user.age, user.id))
        execute("COMMIT")

    # 6.1 us per row; executemany, which psycopg pipelines, 20; a statement for each 53.
    def save_unit(self, users: Sequence[User]) -> None:
        for user in users:
            user.age += 1
        self._execute(_SAVE_ALL, ([user.id for user in users], [user.age for user in users]))

    # 12.2 us per row; COPY in text format 13.1; unnest 15.7.
    def upsert(self, rows: Sequence[Any]) -> list[User]:
        self._execute("BEGIN")
        self._execute(_FRESH)
        with self._handle.copy(_COPY_FRESH) as copy:
            copy.set_types(_TYPES)
            write = copy.write_row
            for row in rows:
                write(row)
        keys = self._execute(_UPSERT).fetchall()
        self._execute("COMMIT")
        return [User(key, *row) for (key,), row in zip(keys, rows, strict=True)]

    def delete_each(self, users: Sequence[User]) -> None:
        execute = self._execute
        execute("BEGIN")
        for user in users:
            execute(say.DELETE, (user.id,))
        execute("COMMIT")

    # 1.9 us per row; executemany 16.
    def delete_unit(self, users: Sequence[User]) -> None:
        self._execute(f"{say.DELETE_ALL} = ANY(%s)", ([user.id for user in users],))


CONTESTANT = HandWrittenPsycopg
