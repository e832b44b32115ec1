"""Rows sent to PostgreSQL as a stream: in binary format where the table has the types that they are meant for."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from decimal import Decimal
from typing import Any
from uuid import UUID

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from isomorph import errors
from isomorph.catalog import ColumnType, Kind
from isomorph.dialects.postgresql import POSTGRESQL
from tests.connections.conftest import Database
from tests.connections.test_formats import KINDS, exact, texts

documents = st.sampled_from(['{"a": [1, "é\\n"]}', "[]", "null", '"text"', "1.5"])
COLUMNS: dict[Kind, tuple[str, st.SearchStrategy[Any]]] = {
    Kind.BOOL: ("boolean", KINDS["boolean"]),
    Kind.SMALLINT: ("smallint", KINDS["smallint"]),
    Kind.INT: ("integer", KINDS["integer"]),
    Kind.BIGINT: ("bigint", KINDS["bigint"]),
    Kind.DECIMAL: ("numeric", st.decimals(allow_nan=False, allow_infinity=False, places=4)),
    Kind.REAL: ("real", KINDS["real"]),
    Kind.DOUBLE: ("double precision", KINDS["double precision"]),
    Kind.STRING: ("varchar(30)", texts),
    Kind.TEXT: ("text", texts),
    Kind.BYTES: ("bytea", KINDS["bytea"]),
    Kind.DATE: ("date", KINDS["date"]),
    Kind.TIME: ("time", KINDS["time"]),
    Kind.DATETIME: ("timestamp", KINDS["timestamp"]),
    Kind.TIMESTAMPTZ: ("timestamptz", KINDS["timestamptz"]),
    Kind.INTERVAL: ("interval", KINDS["interval"]),
    Kind.UUID: ("uuid", KINDS["uuid"]),
    Kind.ENUM: ("shade", st.sampled_from(["a b", "c"])),
    Kind.JSON: ("jsonb", documents),
    Kind.UNSIGNED_BIGINT: ("numeric(20, 0)", st.integers(0, 2**64 - 1)),
    Kind.INET: ("inet", st.just("10.0.0.1")),
}
BINARY = [kind for kind in COLUMNS if kind not in {Kind.UNSIGNED_BIGINT, Kind.INET}]


@pytest.fixture(autouse=True)
def things(dialect: str, request: pytest.FixtureRequest) -> None:
    if dialect != "postgresql":
        pytest.skip(f"{dialect} lacks COPY")
    database: Database = request.getfixturevalue("database")
    database.execute("CREATE TYPE shade AS ENUM ('a b', 'c')")
    columns = ", ".join(f'"{kind.value}" {type_}' for kind, (type_, _) in COLUMNS.items())
    database.execute(f"CREATE TABLE things ({columns})")


@pytest.fixture
def formats(monkeypatch: pytest.MonkeyPatch) -> list[bool]:
    """For each COPY whether it went in binary format."""
    from isomorph.drivers import psycopg, psycopg_values

    seen: list[bool] = []

    def types_copied(expected: Sequence[str | None], found: Sequence[int]) -> list[int] | None:
        sent = psycopg_values.types_copied(expected, found)
        seen.append(sent is not None)
        return sent

    monkeypatch.setattr(psycopg, "types_copied", types_copied)
    return seen


def copied(database: Database, kinds: Sequence[Kind], rows: Sequence[tuple[Any, ...]]) -> list[tuple[Any, ...]]:
    names = [f'"{kind.value}"' for kind in kinds]
    text = POSTGRESQL.writes.copy("things", names, [ColumnType(kind) for kind in kinds])
    database.execute("TRUNCATE things")
    assert database.connection.execute_many(text, rows) == len(rows)
    return database.connection.fetch(f"SELECT {', '.join(names)} FROM things")


@pytest.mark.parametrize("kind", COLUMNS)
@settings(suppress_health_check=[HealthCheck.function_scoped_fixture], max_examples=25, deadline=None)
@given(data=st.data())
def test_values_arrive_as_they_are(database: Database, kind: Kind, formats: list[bool], data: st.DataObject) -> None:
    formats.clear()
    values = data.draw(st.lists(st.none() | COLUMNS[kind][1], min_size=1, max_size=5))
    rows = [(value,) for value in values]
    found = copied(database, [kind], rows)
    if kind is Kind.JSON:
        text = [
            None if value is None else database.connection.fetch("SELECT %s::jsonb", (value,))[0] for value in values
        ]
        assert found == [row or (None,) for row in text]
    elif kind is Kind.INET:
        assert [None if value is None else str(value) for (value,) in found] == values
    elif kind is Kind.UNSIGNED_BIGINT:
        assert found == rows
    else:
        assert [exact(value) for (value,) in found] == [exact(value) for value in values]
    assert formats == ([True] if kind in BINARY else [])


def test_columns_of_many_types_go_together(database: Database, formats: list[bool]) -> None:
    row = {
        Kind.INT: 1,
        Kind.ENUM: "c",
        Kind.JSON: '{"a": 1}',
        Kind.DECIMAL: Decimal("1.50"),
        Kind.UUID: UUID(int=7),
        Kind.TIMESTAMPTZ: dt.datetime(2024, 1, 2, tzinfo=dt.UTC),
    }
    assert copied(database, list(row), [tuple(row.values())]) == [tuple(row.values())]
    assert formats == [True]


@pytest.mark.parametrize(
    ("kind", "type_", "value", "found"),
    [
        (Kind.BIGINT, "integer", 7, 7),
        (Kind.BIGINT, "double precision", 7, 7.0),  # as long as what is sent, and another thing
        (Kind.DOUBLE, "numeric", 1.5, Decimal("1.5")),
        (Kind.STRING, "shade", "c", "c"),
        (Kind.ENUM, "text", "c", "c"),
        (Kind.JSON, "json", "[1]", "[1]"),
        (Kind.INT, "text", 7, "7"),
    ],
)
def test_a_column_of_another_type_takes_texts(
    database: Database, formats: list[bool], kind: Kind, type_: str, value: object, found: object
) -> None:
    database.execute(f'ALTER TABLE things DROP "{kind.value}", ADD "{kind.value}" {type_}')
    assert copied(database, [kind], [(value,)]) == [(found,)]
    assert formats == [False]


def test_a_number_that_a_narrower_column_cannot_hold_is_refused(database: Database) -> None:
    database.execute('ALTER TABLE things ALTER "bigint" TYPE integer')
    with pytest.raises(errors.NumericOverflow):
        copied(database, [Kind.BIGINT], [(1,), (2**32 + 1,)])
    assert database.connection.fetch("SELECT * FROM things") == []


def test_a_text_that_is_too_long_is_refused_in_binary_too(database: Database, formats: list[bool]) -> None:
    with pytest.raises(errors.DatabaseError) as caught:
        copied(database, [Kind.STRING], [("x" * 31,)])
    assert caught.value.code == "22001"
    assert formats == [True]
