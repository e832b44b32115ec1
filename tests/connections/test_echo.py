"""ISOMORPH_ECHO: the SQL of any program, never with values."""

from __future__ import annotations

import re
import subprocess
import sys
from pathlib import Path
from uuid import uuid4

import pytest

from isomorph import errors
from tests.connections.conftest import TABLES, Connect, Database, Threads


def test_statements_are_printed_with_their_time_and_without_values(
    dialect: str, connect: Connect, capfd: pytest.CaptureFixture[str], threads: Threads
) -> None:
    database, secret = Database(connect(echo=True)), uuid4().hex[:12]
    connection = database.connection
    for table in TABLES:
        connection.execute(table)
    database.add_book(1, secret)
    with connection.transaction():
        database.titles()
        with connection.transaction():
            connection.fetch_one("SELECT 1")
    connection.execute_many(database.sql("UPDATE books SET title = %s"), [(secret,), (secret,)])
    list(connection.stream("SELECT title FROM books"))
    with pytest.raises(errors.UniqueViolation):
        database.add_book(1, secret)
    threads.start(connection.ping)
    threads.join()
    connection.close()
    told = capfd.readouterr().err
    lines = [re.fullmatch(r"\[default \d+\.\d ms\] (.*)", line) for line in told.splitlines()]
    assert None not in lines
    insert = database.sql("INSERT INTO books (id, title, pages) VALUES (%s, %s, %s)")
    assert [line[1] for line in lines if line is not None] == [
        *TABLES,
        insert,
        "BEGIN",
        "SELECT title FROM books ORDER BY id",
        "SAVEPOINT isomorph_1",
        "SELECT 1",
        "RELEASE SAVEPOINT isomorph_1",
        "COMMIT",
        f"{database.sql('UPDATE books SET title = %s')} -- 2 times",
        "SELECT title FROM books -- streamed",
        f"{insert} -- UniqueViolation",
        "SELECT 1",
    ]
    assert secret not in told


def test_a_rollback_is_printed(connect: Connect, capfd: pytest.CaptureFixture[str]) -> None:
    connection = connect("sqlite://", echo=True)
    with pytest.raises(ZeroDivisionError), connection.transaction():
        raise ZeroDivisionError
    assert connection.insert("SELECT 1") == 0
    assert connection.capabilities
    assert connection.statistics().max == 1
    assert re.sub(r"\d+\.\d ms", "", capfd.readouterr().err).splitlines() == [
        "[default ] BEGIN",
        "[default ] ROLLBACK",
        "[default ] SELECT 1",
    ]


@pytest.mark.feature("connections.echo")
@pytest.mark.parametrize(("value", "speaks"), [("1", True), ("true", True), ("0", False), ("", False), ("off", False)])
def test_the_environment_asks_for_it(tmp_path: Path, value: str, speaks: bool) -> None:
    program = (
        "from isomorph.connections import Connection, parse\n"
        "connection = Connection('default', parse('sqlite://'))\n"
        "connection.fetch('SELECT 42')\n"
        "connection.close()\n"
    )
    ran = subprocess.run(
        [sys.executable, "-c", program], env={"ISOMORPH_ECHO": value}, check=True, capture_output=True, text=True
    )
    assert ran.stdout == ""
    assert ("SELECT 42" in ran.stderr) is speaks
