"""Lists bound on PostgreSQL: each value arrives as it is, whichever way its list travels."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from isomorph import errors
from tests.connections.conftest import Database
from tests.connections.test_formats import KINDS, exact

ITEMS = {
    **{kind: values for kind, values in KINDS.items() if kind != "char(30)"},
    "numeric": st.decimals(allow_nan=False, allow_infinity=False) | st.integers(),
    # What has a meaning in the text of an array.
    "varchar": st.text(st.sampled_from('\1\2"\\{},N UL\n'), max_size=8) | st.just("NULL"),
}


@pytest.fixture(autouse=True)
def only_there(dialect: str) -> None:
    if dialect != "postgresql":
        pytest.skip(f"{dialect} lacks lists as values")


class Labelled(list[Any]):
    def __repr__(self) -> str:
        return f"Labelled({super().__repr__()})"


@pytest.mark.parametrize("kind", ITEMS)
@settings(suppress_health_check=[HealthCheck.function_scoped_fixture], max_examples=80, deadline=None)
@given(data=st.data())
def test_a_list_arrives_as_it_is(database: Database, kind: str, data: st.DataObject) -> None:
    items = ITEMS[kind]
    if kind == "numeric":
        items = data.draw(st.sampled_from([st.integers(), st.decimals(allow_nan=False, allow_infinity=False)]))
    given_list = data.draw(st.lists(st.none() | items if data.draw(st.booleans()) else items, max_size=8))
    bound = Labelled(given_list) if data.draw(st.booleans()) else given_list
    ((found,),) = database.connection.fetch(f"SELECT %s::{kind}[]", (bound,))
    if kind == "numeric":
        given_list = [None if item is None else Decimal(item) for item in given_list]
    assert list(map(exact, found)) == list(map(exact, given_list))


def test_a_list_of_texts_is_one_of_an_enum(database: Database) -> None:
    database.execute("CREATE TYPE shade AS ENUM ('a b', 'c')")
    sql = "SELECT 'c'::shade = ANY (%s)"
    for texts, expected in [(["a b", "c"], True), (["a b"], False), ([None, "c"], True), ([None], None)]:
        assert database.connection.fetch(sql, (texts,)) == [(expected,)]


def test_lists_of_lists_are_arrays_of_more_dimensions(database: Database) -> None:
    for kind, nested in [("integer", [[1, 2], [3, None]]), ("float8", [[1.5], [None]]), ("text", [["a"], ['"']])]:
        assert database.connection.fetch(f"SELECT %s::{kind}[]", (nested,)) == [(nested,)]
    with pytest.raises((errors.DatabaseError, errors.InvalidValue)):
        database.connection.fetch("SELECT %s::float8[]", ([[1.0], [2.0, 3.0]],))


@pytest.mark.parametrize("texts", [["a", "\0"], ["\0", None], ["\ud800"]])
def test_a_text_that_no_database_holds_is_refused(database: Database, texts: list[str | None]) -> None:
    with pytest.raises(errors.InvalidValue):
        database.connection.fetch("SELECT %s::text[]", (texts,))
