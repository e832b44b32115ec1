"""PostgreSQL knows how many rows a limit means, also in the plan that it keeps for all parameters of a prepared statement."""

import json
from collections.abc import Iterator
from typing import Any

import pytest

from generated import Role, db
from isomorph.connections.connection import Connection
from tests.support.showcase import tables_of

ROWS, NAMES, LIMIT = 20_000, 300, 50

pytestmark = pytest.mark.feature("queries.limit")


@pytest.fixture
def connection(dialect: str, database_url: str) -> Iterator[Connection]:
    """A session whose prepared statements are never planned for their parameters, over a large table that it knows.

    So many rows have a name that a limit cuts off some, and so few that they had better be sorted.
    """
    if dialect != "postgresql":
        pytest.skip(f"{dialect} lacks plans that are kept for all parameters")
    with tables_of(db, database_url):
        connection = db.connection()
        connection.execute("ALTER TABLE roles DROP CONSTRAINT roles_name_unique")
        connection.execute("CREATE INDEX roles_name ON roles (name)")
        connection.execute(
            "INSERT INTO roles (name, level) SELECT 'role ' || mod(n, %s::int), 1 FROM generate_series(1, %s::int) AS n",
            (NAMES, ROWS),
        )
        connection.execute("ANALYZE roles")
        with connection.transaction():
            connection.execute("SET LOCAL plan_cache_mode = force_generic_plan")
            yield connection


def plan_of(connection: Connection, call: str) -> dict[str, Any]:
    """The outermost step of the plan by which a prepared statement is run."""
    told: Any = connection.fetch(f"EXPLAIN (FORMAT JSON) EXECUTE {call}")[0][0]
    whole: Any = json.loads(told) if isinstance(told, str) else told
    plan: dict[str, Any] = whole[0]["Plan"]
    return plan


def prepared(connection: Connection) -> dict[str, str]:
    """The names of the statements that the client has prepared, by their text."""
    rows = connection.fetch("SELECT statement, name FROM pg_prepared_statements WHERE NOT from_sql")
    return {str(text): str(name) for text, name in rows}


def test_a_plan_for_all_parameters_is_made_for_the_limit(connection: Connection) -> None:
    query = Role.query().where(Role.name == "role 7").order_by(Role.id).limit(LIMIT)
    for _ in range(3):
        assert len(query.get()) == LIMIT
    ((text, name),) = prepared(connection).items()

    assert text == query.to_sql()[0].replace("%s", "$1")
    plan = plan_of(connection, f"{name} ('role 7')")
    assert (plan["Node Type"], plan["Plan Rows"]) == ("Limit", LIMIT)
    assert plan["Plans"][0]["Node Type"] == "Sort"
    assert "roles_name" in str(plan)
    # This is why: with its limit bound the same statement walks the table by its key, as if a tenth of the rows were meant.
    bound = text.replace(f"LIMIT {LIMIT}", "LIMIT $2")
    assert bound != text
    connection.execute(f"PREPARE bound AS {bound}")
    plan = plan_of(connection, f"bound ('role 7', {LIMIT})")
    assert plan["Plan Rows"] < LIMIT
    assert plan["Plans"][0]["Index Name"] == "roles_pkey"


def test_the_offset_of_a_page_is_bound_and_its_plan_is_made_for_the_limit_all_the_same(connection: Connection) -> None:
    for page in range(2, 6):
        assert len(Role.query().order_by(Role.id).simple_paginate(page, LIMIT).items) == LIMIT
    ((text, name),) = prepared(connection).items()

    assert text.endswith(f"LIMIT {LIMIT + 1} OFFSET $1")
    assert plan_of(connection, f"{name} ({LIMIT})")["Plan Rows"] == LIMIT + 1
