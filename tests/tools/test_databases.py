"""The databases of the tests themselves: empty for each test, whatever the last one left behind."""

import secrets
from collections.abc import Iterator

import pytest

from tests.support.databases import Databases, connect_raw, fetch_all, worker_databases

pytestmark = pytest.mark.feature("project.servers")

TABLES = {
    "postgresql": "SELECT table_name FROM information_schema.tables WHERE table_schema = 'public'",
    "mysql": "SELECT table_name FROM information_schema.tables WHERE table_schema = database()",
}


@pytest.fixture
def databases(dialect: str) -> Iterator[Databases]:
    """Databases of another worker than ours."""
    if dialect == "sqlite":
        pytest.skip("a file of its own for each test needs no emptying")
    with worker_databases(secrets.token_hex(4), "other") as databases:
        yield databases


def test_a_database_is_emptied_though_a_connection_was_left_in_a_transaction(
    databases: Databases, dialect: str
) -> None:
    url = databases.empty(dialect, "test")
    left = connect_raw(url)
    fetch_all(left, "CREATE TABLE parents (id INT PRIMARY KEY)")
    fetch_all(left, "CREATE TABLE children (id INT PRIMARY KEY, parent_id INT REFERENCES parents (id))")
    fetch_all(left, "CREATE VIEW families AS SELECT * FROM children")
    fetch_all(left, "BEGIN")
    fetch_all(left, "INSERT INTO parents VALUES (1)")

    assert databases.empty(dialect, "test") == url
    ours = connect_raw(url)
    assert fetch_all(ours, TABLES[dialect]) == []
    ours.close()
    left.close()


def test_databases_for_different_purposes_are_different(databases: Databases, dialect: str) -> None:
    urls = {databases.empty(dialect, purpose) for purpose in ("test", "other", "module")}
    assert len(urls) == 3


def test_nothing_is_left_on_the_server(dialect: str) -> None:
    if dialect == "sqlite":
        pytest.skip("no server")
    run = secrets.token_hex(4)
    with worker_databases(run, "gw0") as databases:
        databases.empty(dialect, "test")
        server_url = databases.servers[dialect]
    connection = connect_raw(server_url)
    listed = "SELECT datname FROM pg_database" if dialect == "postgresql" else "SHOW DATABASES"
    assert not [name for (name,) in fetch_all(connection, listed) if run in name]
    connection.close()


def test_a_per_cent_sign_needs_no_escape_without_parameters(database_url: str) -> None:
    connection = connect_raw(database_url)
    assert fetch_all(connection, "SELECT '100%'") == [("100%",)]
    connection.close()
