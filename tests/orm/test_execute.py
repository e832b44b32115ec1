"""db.execute: one statement of plain SQL, with its values bound."""

from typing import Any

import pytest

from generated import db
from isomorph.errors import InvalidQuery, StatementFailed
from tests.support.showcase import Sent, make_user


@pytest.mark.feature("connections.execute", "connections.execute_named")
@pytest.mark.usefixtures("showcase")
def test_values_are_bound_in_order_or_by_name(dialect: str) -> None:
    make_user("Ada", age=36)
    make_user("O'Neil ? :name %s", age=45)
    text = "SELECT name FROM users WHERE age > ? AND name <> ? ORDER BY name"
    assert db.execute(text, 30, "Ada") == [("O'Neil ? :name %s",)]
    named = "SELECT name FROM users WHERE age BETWEEN :age AND :age + 9 OR name = :name ORDER BY age"
    assert db.execute(named, age=36, name="O'Neil ? :name %s") == [("Ada",), ("O'Neil ? :name %s",)]
    assert db.execute("SELECT COUNT(*) FROM users WHERE name LIKE '%?%' AND name LIKE '%:name %'") == [(1,)]


@pytest.mark.feature("connections.execute_named")
@pytest.mark.usefixtures("showcase")
def test_a_value_by_name_has_the_type_that_it_would_have_in_order(dialect: str) -> None:
    make_user("Ada", active=True, age=None)
    found = db.execute(
        "SELECT name FROM users WHERE active = :active AND COALESCE(age, :missing) IS NULL", active=True, missing=None
    )
    assert found == [("Ada",)]


@pytest.mark.feature("connections.execute_guard")
@pytest.mark.usefixtures("showcase")
@pytest.mark.parametrize(
    "payload",
    [
        "x'; DELETE FROM users; --",
        "x' /*",
        "x') OR (1 = 1",
        "O'Neil",
        "x'; UPDATE users SET name = 'owned' WHERE 'a' = 'a",
    ],
)
def test_texts_that_were_put_together_from_input_are_refused_where_it_shows(
    dialect: str, payload: str, sent: Sent
) -> None:
    make_user("Ada")
    sent.clear()
    text: Any = "SELECT id FROM users WHERE (name = '" + payload + "')"
    with pytest.raises(InvalidQuery, match=r"^SQL "):
        db.execute(text)
    assert not sent
    assert db.execute("SELECT name FROM users") == [("Ada",)]


@pytest.mark.feature("connections.execute_guard")
@pytest.mark.usefixtures("showcase")
def test_a_placeholder_that_a_comment_swallowed_is_missed(dialect: str) -> None:
    text: Any = "SELECT id FROM users WHERE name = '" + "x' -- " + "' AND age = ?"
    with pytest.raises(InvalidQuery, match="has 0 placeholders and 1 values"):
        db.execute(text, 3)
    by_name: Any = "SELECT id FROM users WHERE name = '" + "x' -- " + "' AND age = :age"
    with pytest.raises(InvalidQuery, match='does not name ":age"'):
        db.execute(by_name, age=3)


@pytest.mark.feature("connections.execute_guard")
@pytest.mark.usefixtures("showcase")
def test_a_statement_may_end_in_a_semicolon_and_make_what_has_a_body(dialect: str) -> None:
    make_user("Ada")
    assert db.execute("SELECT name FROM users; -- that is all\n") == [("Ada",)]
    bodies: dict[str, Any] = {
        "sqlite": "CREATE TRIGGER quiet AFTER DELETE ON tags BEGIN SELECT 1; SELECT 2; END",
        "postgresql": "CREATE FUNCTION quiet() RETURNS int LANGUAGE sql AS $$ SELECT 1; SELECT 2; $$",
        "mysql": "CREATE PROCEDURE quiet() BEGIN SELECT 1; SELECT 2; END",
    }
    ends: dict[str, Any] = {
        "sqlite": "DROP TRIGGER quiet",
        "postgresql": "DROP FUNCTION quiet",
        "mysql": "DROP PROCEDURE quiet",
    }
    db.execute(bodies[dialect])
    db.execute(ends[dialect])


@pytest.mark.feature("connections.execute")
@pytest.mark.usefixtures("showcase")
def test_what_only_the_database_sees_is_said_by_the_database(dialect: str) -> None:
    with pytest.raises(StatementFailed):
        db.execute("SELEKT 1")
