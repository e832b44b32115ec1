"""Expressions of a schema have the same value on every database as in Python."""

import datetime as dt
from collections.abc import Iterator
from decimal import Decimal
from math import isclose
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from isomorph.catalog import Expression, Literal
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
