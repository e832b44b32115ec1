"""Expressions of a schema have the same value on every database as in Python."""

import datetime as dt
from collections.abc import Iterator
from decimal import Decimal
from math import isclose
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from isomorph.catalog import Arithmetic, Between, Call, ColumnRef, Expression, In, Literal
from tests.support.evaluation import ROWS, TABLE, conditions, evaluated, values
from tests.support.migrations import Session, open_session


@pytest.fixture(scope="module")
def session(module_database_url: str) -> Iterator[Session]:
    """A database with the table."""
    with open_session(module_database_url) as opened:
        for statement in opened.dialect.ddl.create_table(TABLE, {}):
            opened.execute(statement)
        yield opened


def answered(session: Session, row: dict[str, Any], *expressions: Expression) -> list[Any]:
    """What the database says of expressions in a table of that row alone."""
    dialect = session.dialect
    table = dialect.quoted(TABLE.name)
    session.execute(f"DELETE FROM {table}")
    binds = [dialect.types.bind(column.type) for column in TABLE.columns]
    names = dialect.ddl.column_list([column.name for column in TABLE.columns])
    places = ", ".join([dialect.placeholder] * len(binds))
    session.execute(
        f"INSERT INTO {table} ({names}) VALUES ({places})",
        [
            row[column.name] if bind is None or row[column.name] is None else bind(row[column.name])
            for bind, column in zip(binds, TABLE.columns, strict=True)
        ],
    )
    texts = [dialect.ddl.expression(expression, TABLE) for expression in expressions]
    return list(session.fetch(f"SELECT {', '.join(texts)} FROM {table}")[0])


def agree(found: Any, expected: Any) -> bool:
    """Whether a database's value is the one of Python, in the form in which the database keeps it."""
    if found is None or expected is None:
        return found is expected
    if isinstance(expected, int | Decimal):
        return Decimal(found) == expected
    if isinstance(expected, float):
        return isclose(float(found), expected, rel_tol=1e-12)
    if isinstance(expected, dt.date) and isinstance(found, str):
        return found == expected.isoformat()
    return bool(found == expected)


@pytest.mark.feature("schema.functions")
@given(ROWS, st.lists(values.filter(lambda value: not isinstance(value, Literal)), min_size=1, max_size=4))
@settings(max_examples=150)
def test_a_value_of_the_database_is_the_value_in_python(
    session: Session, row: dict[str, Any], expressions: list[Expression]
) -> None:
    for expression, found in zip(expressions, answered(session, row, *expressions), strict=True):
        assert agree(found, evaluated(expression, row)), expression


@pytest.mark.feature("schema.functions", "schema.expressions")
@given(ROWS, st.lists(conditions, min_size=1, max_size=4))
@settings(max_examples=150)
def test_a_condition_of_the_database_is_the_condition_in_python(
    session: Session, row: dict[str, Any], expressions: list[Expression]
) -> None:
    for expression, found in zip(expressions, answered(session, row, *expressions), strict=True):
        assert agree(found, evaluated(expression, row)), expression


ROW: dict[str, Any] = dict.fromkeys(column.name for column in TABLE.columns) | {
    **dict.fromkeys(("n", "m", "big", "few"), 3),
    "e": Decimal("0.0001"),
    "w": "",
    "at": dt.time(),
    "local": dt.datetime(2026, 1, 2),  # noqa: DTZ001 - without a zone on purpose
}
"""A row of what the plain tests look at: NULL where that goes."""


@pytest.mark.feature("schema.functions")
def test_a_whole_number_in_place_of_a_decimal_is_divided_as_one(session: Session) -> None:
    n, m, d, e = map(ColumnRef, "nmde")
    half = Arithmetic("/", Call("coalesce", (d, m)), Arithmetic("+", n, n))
    quotients = [
        half,
        Arithmetic("/", Call("coalesce", (n, d)), Literal(6)),
        Arithmetic("/", Call("nullif", (n, e)), Literal(6)),
    ]

    assert [Decimal(found) for found in answered(session, ROW, *quotients)] == [Decimal("0.5")] * 3
    # Below the least value, it is outside whatever the greatest one is.
    assert not any(answered(session, ROW, Between(e, half, d, negated=False)))
    assert [evaluated(quotient, ROW) for quotient in quotients] == [Decimal("0.5")] * 3
    assert evaluated(Between(e, half, d, negated=False), ROW) is False


@pytest.mark.feature("schema.expressions")
@pytest.mark.parametrize(
    ("d", "columns", "found"),
    [("0.00", "d", True), ("0.10", "d", False), (None, "d", None), ("0.00", "ed", True), ("0.10", "ed", False)],
)
def test_a_constant_among_columns_is_compared_as_they_are(
    session: Session, d: str | None, columns: str, found: bool | None
) -> None:
    row = {**ROW, "d": None if d is None else Decimal(d)}
    for zero in (Literal(0), Literal(Decimal("0.000"))):
        claims = [In(zero, tuple(map(ColumnRef, columns)), negated) for negated in (False, True)]
        inside, outside = answered(session, row, *claims)
        assert agree(inside, found)
        assert agree(outside, None if found is None else not found)
