"""What is done to tables without their contestant, by a driver: filling a large one, and letting servers count their rows.

Half a million objects of a slow library are not what is measured. Only tables whose values are numbers, texts and truth are
filled so: those are stored alike, whoever has made the table.
"""

from __future__ import annotations

import sqlite3
from collections.abc import Iterable, Sequence
from contextlib import closing
from typing import TYPE_CHECKING

from benchmarks.harness.data import TABLES, Row
from benchmarks.harness.places import Place

if TYPE_CHECKING:
    import pymysql

__all__ = ["LARGE", "analyze", "fill"]

LARGE = frozenset({"readings"})
# So many rows in a statement: with their texts they are in a packet of MariaDB's, by far.
_PART = 10_000


def fill(place: Place, table: str, rows: Sequence[Row]) -> None:
    """Insert rows with their keys into a table of a contestant's, and commit.

    Args:
        place: where the contestant is.
        table: one of `LARGE`, which its contestant has made.
        rows: values as `benchmarks.harness.data` makes them.
    """
    columns = TABLES[table].columns
    into = f"{table} ({', '.join(columns)})"
    match place.dialect:
        case "sqlite":
            with closing(sqlite3.connect(place.database, timeout=60)) as connection, connection:
                connection.executemany(f"INSERT INTO {into} VALUES ({', '.join('?' * len(columns))})", rows)
        case "postgresql":
            _copy(place, table, into, rows)
        case _:
            _insert(place, f"INSERT INTO {into} VALUES ", f"({', '.join(['%s'] * len(columns))})", rows)


def analyze(place: Place, tables: Iterable[str]) -> None:
    """Let a server count what is in tables that have their rows, so that nobody's plans are those of empty tables.

    Servers do so by themselves, but whenever they come to it: between two contestants, or two rounds of one. SQLite never does
    unless a program asks for it, which none here does.
    """
    match place.dialect:
        case "sqlite":
            pass
        case "postgresql":
            import psycopg  # noqa: PLC0415 - the drivers are there where the servers are

            with psycopg.connect(place.url("postgresql"), autocommit=True) as connection:
                for table in tables:
                    connection.execute(f"ANALYZE {table}".encode())
        case _:
            with closing(_client(place)) as client, client.cursor() as sent:
                for table in tables:
                    sent.execute(f"ANALYZE TABLE {table}")


def _copy(place: Place, table: str, into: str, rows: Sequence[Row]) -> None:
    import psycopg  # noqa: PLC0415 - the drivers are there where the servers are

    with psycopg.connect(place.url("postgresql")) as connection, connection.cursor() as cursor:
        with cursor.copy(f"COPY {into} FROM STDIN".encode()) as copy:
            for row in rows:
                copy.write_row(row)
        # Keys that are given do not move the sequence.
        cursor.execute(f"SELECT setval(pg_get_serial_sequence('{table}', 'id'), max(id)) FROM {table}".encode())


def _insert(place: Place, head: str, one: str, rows: Sequence[Row]) -> None:
    with closing(_client(place)) as client, client.cursor() as sent:
        for start in range(0, len(rows), _PART):
            part = rows[start : start + _PART]
            sent.execute(head + ", ".join([one] * len(part)), [value for row in part for value in row])
        client.commit()


def _client(place: Place) -> pymysql.Connection:
    import pymysql  # noqa: PLC0415 - likewise

    return pymysql.connect(
        host=place.host,
        port=place.port,
        user=place.user,
        password=place.password,
        database=place.database,
        charset="utf8mb4",
    )
