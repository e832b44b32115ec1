"""PostgreSQL's two formats of rows: which statement is asked for which, and that a value is the same in both."""

from __future__ import annotations

import datetime as dt
import math
import struct
from collections.abc import Sequence
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from isomorph import errors
from isomorph.connections import Connection
from tests.connections.conftest import Connect, Database

texts = st.text(st.characters(exclude_characters="\0", exclude_categories=["Cs"]), max_size=30)
# None is of every type; where it stands last, a column's type is known before its first value.
KINDS: dict[str, st.SearchStrategy[Any]] = {
    "boolean": st.booleans(),
    "smallint": st.integers(-(2**15), 2**15 - 1),
    "integer": st.integers(-(2**31), 2**31 - 1),
    "bigint": st.integers(-(2**63), 2**63 - 1),
    "real": st.floats(width=32),
    "double precision": st.floats(),
    "text": texts,
    "varchar(30)": texts,
    "char(30)": texts,
    "bytea": st.binary(max_size=30),
    "uuid": st.uuids(),
    "date": st.dates(),
    "time": st.times(),
    "timestamp": st.datetimes(),
    "timestamptz": st.datetimes(timezones=st.just(dt.UTC)),
    "interval": st.timedeltas(min_value=dt.timedelta(-(10**6)), max_value=dt.timedelta(10**6)),
}


@pytest.fixture
def formats(dialect: str) -> dict[str, bool]:
    """By statement whether it is known to give binary rows."""
    if dialect != "postgresql":
        pytest.skip(f"{dialect} lacks a second format of rows")
    from isomorph.drivers.psycopg_values import FORMATS

    FORMATS.clear()
    return FORMATS


def exact(value: object) -> object:
    """What tells two values apart that are equal: their types, signs of zeros, the zone."""
    if isinstance(value, float):
        return "float", struct.pack("<d", value) if not math.isnan(value) else "nan"
    zone: object = getattr(value, "tzinfo", None)
    return type(value), value, type(zone), str(zone)


def both(connection: Connection, sql: str, parameters: Sequence[object] = ()) -> tuple[object, object]:
    """The first value of a statement's first run and of its second, or the error."""
    found = list[object]()
    for _ in range(2):
        try:
            ((value,),) = connection.fetch(sql, parameters)
        except errors.DatabaseError as error:
            value = (type(error), error.mend)
        found.append(exact(value))
    return found[0], found[1]


@pytest.mark.parametrize("kind", KINDS)
@settings(suppress_health_check=[HealthCheck.function_scoped_fixture], max_examples=60, deadline=None)
@given(data=st.data())
def test_a_value_is_the_same_in_both_formats(
    formats: dict[str, bool], database: Database, kind: str, data: st.DataObject
) -> None:
    value = data.draw(st.none() | KINDS[kind])
    sql = f"SELECT %s::{kind} AS value"
    formats.clear()
    first, second = both(database.connection, sql, (value,))
    assert first == second
    assert formats.get(sql) is True
    if value is not None and kind != "char(30)":
        assert first == exact(value)


LIMITS = [
    *(f"'{moment}'::{kind}" for kind in ("date", "timestamp", "timestamptz") for moment in ("infinity", "-infinity")),
    *(f"'0044-03-15 BC'::{kind}" for kind in ("date", "timestamp", "timestamptz")),
    *(f"'10000-01-01'::{kind}" for kind in ("date", "timestamp", "timestamptz")),
    "'0001-01-01 00:00:00'::timestamptz",
    "'9999-12-31 23:59:59.999999'::timestamptz",
    "'24:00'::time",
    "'1 year 2 months -3 days 04:05:06.7'::interval",
    "'-14 months'::interval",
    "'-1 day +00:00:01'::interval",
    "1e-45::float4",
    "'-0'::float4",
    "'-0'::float8",
]


@pytest.mark.parametrize("expression", LIMITS)
def test_so_are_limits_and_errors(formats: dict[str, bool], database: Database, expression: str) -> None:
    sql = f"SELECT {expression}"
    formats[sql] = True
    text = f"SELECT {expression}, 1::numeric"  # is never asked for in binary
    found = list[object]()
    for each in (sql, text):
        try:
            found.append(exact(database.connection.fetch(each)[0][0]))
        except errors.DatabaseError as error:
            found.append((type(error), error.mend))
    assert found[0] == found[1]


TEXT = ["1.5::numeric", "'{}'::jsonb", "'[1, 2]'::json", "ARRAY[1]", "int4range(1, 2)", "'a'::shade", "'1.2.3.4'::inet"]


@pytest.mark.parametrize("expression", TEXT)
def test_a_column_of_another_type_keeps_a_statement_to_text(
    formats: dict[str, bool], database: Database, expression: str
) -> None:
    database.execute("CREATE TYPE shade AS ENUM ('a', 'b')")
    sql = f"SELECT 1, {expression}"
    rows = [database.connection.fetch(sql) for _ in range(3)]
    assert rows[0] == rows[1] == rows[2]
    assert formats.get(sql) is False


def test_only_a_select_is_known(formats: dict[str, bool], database: Database) -> None:
    insert = "INSERT INTO shelves (id, label) VALUES (%s, 'a') RETURNING id"
    assert [database.connection.fetch(insert, (number,)) for number in (1, 2)] == [[(1,)], [(2,)]]
    assert formats.get(insert) is None


def test_few_statements_are_known_and_none_that_is_long(formats: dict[str, bool], database: Database) -> None:
    for number in range(1100):
        database.connection.fetch_one(f"SELECT {number}")
    assert 0 < len(formats) <= 1000
    long = f"SELECT {'1 + ' * 2000} 1"
    assert [database.connection.fetch(long) for _ in range(2)] == [[(2001,)]] * 2
    assert formats.get(long) is None


# --- a table that is altered afterwards ------------------------------------------------------------------------------------

ALL = "SELECT id, title FROM books ORDER BY id"


def learned(formats: dict[str, bool], database: Database, connection: Connection, titles: Sequence[str | None]) -> None:
    """The statement is known to give binary rows; then its column becomes an enum."""
    database.execute("ALTER TABLE books ALTER title DROP NOT NULL")
    for number, title in enumerate(titles):
        database.execute("INSERT INTO books (id, title, pages) VALUES (%s, %s, 1)", (number, title))
    for _ in range(3):
        connection.fetch(ALL)
    assert formats.get(ALL) is True
    database.execute("CREATE TYPE shade AS ENUM ('a', 'b', 'c')")
    database.execute("ALTER TABLE books ALTER title TYPE shade USING title::text::shade")


@pytest.mark.parametrize("prepare", ["auto", "off"])
@pytest.mark.parametrize("how", ["fetch", "fetch_one", "stream"])
def test_a_type_of_the_databases_own_is_read_as_text_again(
    formats: dict[str, bool], database: Database, connect: Connect, prepare: str, how: str
) -> None:
    connection = connect(options={"prepare": prepare})
    learned(formats, database, connection, ["a", "b", None])
    rows = [(0, "a"), (1, "b"), (2, None)]
    for _ in range(3):
        match how:
            case "fetch":
                assert connection.fetch(ALL) == rows
            case "fetch_one":
                assert connection.fetch_one(ALL) == rows[0]
            case _:
                assert [row for batch in connection.stream(ALL, size=2) for row in batch] == rows
    assert not formats.get(ALL)


def test_a_stream_knows_so_before_its_first_value_of_that_type(
    formats: dict[str, bool], database: Database, connect: Connect
) -> None:
    connection = connect()
    learned(formats, database, connection, [None, None, None, "b"])
    assert list(connection.stream(ALL, size=2)) == [[(0, None), (1, None)], [(2, None), (3, "b")]]


def test_inside_a_transaction_too(formats: dict[str, bool], database: Database, connect: Connect) -> None:
    connection = connect(options={"prepare": "off"})
    learned(formats, database, connection, ["a", None])
    with connection.transaction():
        assert connection.fetch(ALL) == [(0, "a"), (1, None)]
        assert connection.fetch("SELECT 1") == [(1,)]


def test_a_type_of_psycopgs_is_right_in_both(formats: dict[str, bool], database: Database, connect: Connect) -> None:
    connection = connect(options={"prepare": "off"})
    database.add_book(1, "7")
    select = "SELECT title FROM books"
    for _ in range(2):
        connection.fetch(select)
    for kind, cast in [("numeric", "title::numeric"), ("integer[]", "ARRAY[title::integer]")]:
        database.execute(f"ALTER TABLE books ALTER title TYPE {kind} USING {cast}")
        plain = "SELECT title, NULL::json FROM books"
        assert connection.fetch(select)[0][0] == connection.fetch(plain)[0][0]
        database.execute("ALTER TABLE books ALTER title TYPE text USING '7'")
    assert formats.get(select) is True


@pytest.mark.parametrize("in_transaction", [False, True])
def test_streams_are_binary_where_they_may_be(
    formats: dict[str, bool], database: Database, in_transaction: bool
) -> None:
    sql = "SELECT number, number / 7.0::float8, 'text' FROM generate_series(1, 10) AS number"

    def read() -> list[Any]:
        return [row for batch in database.connection.stream(sql, size=3) for row in batch]

    found = [database.connection.run(read) if in_transaction else read() for _ in range(2)]
    assert found[0] == found[1] == [(number, number / 7.0, "text") for number in range(1, 11)]
    assert in_transaction or formats.get(sql) is True
