"""Every error class, provoked on real databases, and that no value leaks from it."""

from __future__ import annotations

import os
import pickle
import socket
import traceback
from collections.abc import Callable, Sequence
from decimal import Decimal
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit
from uuid import uuid4

import pytest

from isomorph import errors
from isomorph.connections import Connection, parse
from isomorph.drivers import get as get_driver
from tests.connections.conftest import TABLES, Connect, Database
from tests.support.databases import RawConnection, fetch_all

# --- constraints ---------------------------------------------------------------------------------------------------------


@pytest.mark.feature("errors.unique_violation")
def test_a_unique_violation_names_table_and_columns_or_the_constraint(dialect: str, database: Database) -> None:
    database.add_book(1, "Sand")
    with pytest.raises(errors.UniqueViolation) as caught:
        database.add_book(2, "Sand")
    error = caught.value
    # SQLite does not say the constraint, MariaDB neither table nor columns.
    expected = {
        "sqlite": ("books", ("title",), None),
        "postgresql": ("books", ("title",), "books_title_unique"),
        "mysql": (None, (), "books_title_unique"),
    }
    assert (error.table, error.columns, error.constraint) == expected[dialect]
    assert "first_or_create" in str(error)
    assert database.titles() == ["Sand"]


def test_a_second_row_of_the_same_key_is_a_unique_violation(dialect: str, database: Database) -> None:
    database.add_book(1)
    with pytest.raises(errors.UniqueViolation) as caught:
        database.add_book(1, "other")
    error = caught.value
    expected = {
        "sqlite": ("books", ("id",), None),
        "postgresql": ("books", ("id",), "books_pkey"),
        "mysql": (None, (), "PRIMARY"),
    }
    assert (error.table, error.columns, error.constraint) == expected[dialect]


@pytest.mark.feature("errors.foreign_key_violation")
def test_a_foreign_key_violation_from_the_child(dialect: str, database: Database) -> None:
    with pytest.raises(errors.ForeignKeyViolation) as caught:
        database.execute("INSERT INTO books (id, title, shelf) VALUES (1, 'Sand', 99)")
    error = caught.value
    nothing: tuple[None, tuple[str, ...], None] = (None, (), None)
    everything = ("books", ("shelf",), "books_shelf_foreign")
    assert (error.table, error.columns, error.constraint) == (nothing if dialect == "sqlite" else everything)


@pytest.mark.feature("errors.foreign_key_violation")
def test_a_foreign_key_violation_from_the_parent(database: Database) -> None:
    database.execute("INSERT INTO shelves VALUES (1, 'top')")
    database.execute("INSERT INTO books (id, title, shelf) VALUES (1, 'Sand', 1)")
    with pytest.raises(errors.ForeignKeyViolation):
        database.execute("DELETE FROM shelves WHERE id = 1")


def test_a_restricted_delete_is_a_foreign_key_violation(database: Database) -> None:
    database.execute(
        "CREATE TABLE pages (id INTEGER PRIMARY KEY, book INTEGER,"
        " CONSTRAINT pages_book FOREIGN KEY (book) REFERENCES books (id) ON DELETE RESTRICT)"
    )
    database.add_book(1)
    database.execute("INSERT INTO pages VALUES (1, 1)")
    with pytest.raises(errors.ForeignKeyViolation):
        database.execute("DELETE FROM books WHERE id = 1")


@pytest.mark.feature("errors.not_null_violation")
def test_a_not_null_violation_names_the_column(dialect: str, database: Database) -> None:
    with pytest.raises(errors.NotNullViolation) as caught:
        database.execute("INSERT INTO books (id, title) VALUES (1, %s)", (None,))
    error = caught.value
    assert (error.table, error.columns) == (None if dialect == "mysql" else "books", ("title",))


def test_a_column_left_out_that_needs_a_value_is_a_not_null_violation(database: Database) -> None:
    with pytest.raises(errors.NotNullViolation) as caught:
        database.execute("INSERT INTO books (id) VALUES (1)")
    assert caught.value.columns == ("title",)


@pytest.mark.feature("errors.check_violation")
def test_a_check_violation_names_the_constraint(dialect: str, database: Database) -> None:
    with pytest.raises(errors.CheckViolation) as caught:
        database.add_book(1, pages=-1)
    error = caught.value
    assert (error.table, error.constraint) == (None if dialect == "sqlite" else "books", "books_pages_check")


def test_a_violation_is_annotated_before_it_leaves(dialect: str, connect: Connect) -> None:
    def annotate(error: errors.ConstraintViolation) -> None:
        error.model, error.fields = "Book", ("title",)

    connection = connect(annotate=annotate)
    connection.execute(TABLES[0])
    with pytest.raises(errors.NotNullViolation, match=r"^not-null constraint of Book\(title\) is violated"):
        connection.execute("INSERT INTO shelves (id, label) VALUES (1, NULL)")


def test_a_violation_found_at_commit_is_annotated_and_undoes_all(dialect: str, connect: Connect) -> None:
    if dialect == "mysql":
        pytest.skip("mysql lacks deferrable constraints")
    seen: list[errors.ConstraintViolation] = []
    connection = connect(annotate=seen.append)
    connection.execute("CREATE TABLE parents (id INTEGER PRIMARY KEY)")
    connection.execute(
        "CREATE TABLE children (id INTEGER PRIMARY KEY, parent INTEGER REFERENCES parents (id)"
        " DEFERRABLE INITIALLY DEFERRED)"
    )
    with pytest.raises(errors.ForeignKeyViolation) as caught, connection.transaction():
        connection.execute("INSERT INTO children VALUES (1, 7)")
    assert seen == [caught.value]
    assert connection.fetch("SELECT * FROM children") == []
    with connection.transaction():  # the failed one is over
        connection.execute("INSERT INTO parents VALUES (1)")


# --- statements ------------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "statement",
    [
        "SELECT * FROM nowhere",
        "SELECT absent FROM books",
        "INSERT INTO books (absent) VALUES (1)",
        "UPDATE books SET absent = 1",
    ],
)
def test_a_missing_table_or_column_asks_for_migrations(database: Database, statement: str) -> None:
    with pytest.raises(errors.SchemaMismatch, match="orm migrate run"):
        database.execute(statement)


@pytest.mark.parametrize(
    ("statement", "parameters"),
    [("SELEC 1", ()), ("SELECT 1 FROM books WHERE id = %s", (1, 2)), ("SELECT 1 FROM books WHERE id = %s", ())],
)
def test_a_wrong_statement_fails_as_such(database: Database, statement: str, parameters: tuple[int, ...]) -> None:
    for run in (database.connection.execute, database.connection.fetch, database.connection.fetch_one):
        with pytest.raises(errors.StatementFailed):
            run(database.sql(statement), parameters)
    assert database.connection.fetch("SELECT 1") == [(1,)]


def test_a_text_that_does_not_fit_its_column_is_refused_not_cut(dialect: str, database: Database) -> None:
    if dialect == "sqlite":
        pytest.skip("sqlite lacks lengths of columns; the schema gives it checks")
    with pytest.raises(errors.StatementFailed):
        database.add_book(1, "x" * 21)


UNBINDABLE: list[tuple[object, str]] = [
    ("a\ud800b", "a str with a lone surrogate"),
    (object(), "object"),
    ({"a": 1}, "dict"),
]


@pytest.mark.parametrize(("value", "got"), UNBINDABLE)
def test_a_value_that_the_driver_cannot_send_is_an_invalid_value(
    dialect: str, database: Database, value: object, got: str
) -> None:
    connection = database.connection
    calls: list[Callable[[], object]] = [
        lambda: connection.fetch(database.sql("SELECT id FROM books WHERE title = %s"), (value,)),
        lambda: connection.fetch_one(database.sql("SELECT id FROM books WHERE title = %s"), (value,)),
        lambda: connection.execute(database.sql("UPDATE books SET title = %s"), (value,)),
        lambda: connection.execute_many(database.sql("UPDATE books SET title = %s"), [("a",), (value,)]),
        lambda: list(connection.stream(database.sql("SELECT id FROM books WHERE title = %s"), (value,))),
    ]
    if dialect != "postgresql":
        calls.append(lambda: connection.insert(database.sql("INSERT INTO books (title) VALUES (%s)"), (value,)))
    for call in calls:
        with pytest.raises(errors.InvalidValue, match=f"^a bound value: expected .*, got {got}$") as caught:
            call()
        assert caught.value.__cause__ is caught.value.__context__ is None
    assert connection.fetch("SELECT 1") == [(1,)]


@pytest.mark.feature("bad_input.nul_bytes")
def test_a_nul_character_is_refused_where_the_database_cannot_hold_it(dialect: str, database: Database) -> None:
    if dialect == "postgresql":
        with pytest.raises(errors.InvalidValue, match="text without NUL characters"):
            database.add_book(1, "a\0b")
    else:
        database.add_book(1, "a\0b")
        assert database.titles() == ["a\0b"]


@pytest.mark.feature("bad_input.big_integers")
def test_an_integer_beyond_64_bits_is_never_stored_as_another(dialect: str, database: Database) -> None:
    expected = errors.InvalidValue if dialect == "sqlite" else errors.StatementFailed
    with pytest.raises(expected):
        database.execute("INSERT INTO books (id, title, pages) VALUES (1, 'Sand', %s)", (2**70,))
    assert database.titles() == []


def test_a_number_that_is_not_finite_is_refused_by_mysql(dialect: str, database: Database) -> None:
    if dialect != "mysql":
        pytest.skip(f"{dialect} lacks a reason to refuse: the column decides")
    for value in (Decimal("NaN"), float("inf")):
        with pytest.raises(errors.InvalidValue, match="a finite number"):
            database.execute("UPDATE books SET pages = %s", (value,))


# --- read-only, permissions, space -----------------------------------------------------------------------------------------


@pytest.mark.feature("bad_input.read_only")
def test_writing_to_a_read_only_database(dialect: str, database: Database, connect: Connect) -> None:
    database.add_book(1, "Sand")
    if dialect == "sqlite":
        reader = connect(options={"mode": "ro"})
        for run in (reader.execute, reader.insert):
            with pytest.raises(errors.ReadOnlyDatabase, match="mode"):
                run("DELETE FROM books")
        with reader.transaction():
            assert reader.fetch("SELECT title FROM books") == [("Sand",)]
        return
    read_only = "SET TRANSACTION READ ONLY" if dialect == "postgresql" else "SET SESSION TRANSACTION READ ONLY"
    connection = database.connection
    if dialect == "mysql":
        with connection.transaction():
            connection.execute(read_only)  # from the next transaction of the same session on

    def write() -> None:
        if dialect == "postgresql":
            connection.execute(read_only)
        connection.execute("DELETE FROM books")

    with pytest.raises(errors.ReadOnlyDatabase, match="primary"):
        connection.run(write)
    assert database.titles() == ["Sand"]


def test_a_sqlite_file_whose_permissions_forbid_writing(tmp_path: Path, connect: Connect) -> None:
    path = tmp_path / "a.db"
    connection = connect(f"sqlite:///{path}?journal_mode=delete")
    connection.execute("CREATE TABLE t (a INTEGER)")
    connection.close()
    path.chmod(0o400)
    if os.access(path, os.W_OK):
        pytest.skip("this user may write everything")
    reader = connect(f"sqlite:///{path}")
    with reader.transaction():
        assert reader.fetch("SELECT * FROM t") == []
    with pytest.raises(errors.ReadOnlyDatabase):
        reader.execute("INSERT INTO t VALUES (1)")


def test_a_right_that_the_user_lacks(
    dialect: str, database: Database, connect: Connect, raw_connection: RawConnection, database_url: str
) -> None:
    if dialect == "sqlite":
        pytest.skip("sqlite lacks users")
    user, password = f"isomorph_{uuid4().hex[:12]}", uuid4().hex
    name = urlsplit(database_url).path.removeprefix("/")
    if dialect == "postgresql":
        fetch_all(raw_connection, f"CREATE ROLE {user} LOGIN PASSWORD '{password}'")
        fetch_all(raw_connection, f"GRANT USAGE ON SCHEMA public TO {user}")
    else:
        fetch_all(raw_connection, f"CREATE USER {user} IDENTIFIED BY '{password}'")
        fetch_all(raw_connection, f"GRANT SELECT ON `{name}`.shelves TO {user}")
    try:
        parts = urlsplit(database_url)
        netloc = f"{user}:{password}@{parts.hostname}:{parts.port}"
        other = connect(parts._replace(netloc=netloc).geturl())
        with pytest.raises(errors.PermissionDenied):
            other.fetch("SELECT * FROM books")
        other.close()
    finally:
        if dialect == "postgresql":
            fetch_all(raw_connection, f"DROP OWNED BY {user}")
        fetch_all(raw_connection, f"DROP {'ROLE' if dialect == 'postgresql' else 'USER'} {user}")


@pytest.mark.feature("bad_input.full_disk")
def test_a_full_disk_leaves_nothing_half_written(tmp_path: Path, connect: Connect) -> None:
    connection = connect(f"sqlite:///{tmp_path / 'a.db'}")
    connection.execute("CREATE TABLE t (a TEXT)")
    connection.execute("INSERT INTO t VALUES ('before')")
    connection.execute("PRAGMA max_page_count = 10")

    def work() -> None:
        connection.execute("INSERT INTO t VALUES ('first')")
        connection.execute("INSERT INTO t VALUES (?)", ("x" * 100_000,))

    with pytest.raises(errors.DiskFull):
        connection.run(work)
    assert connection.fetch("SELECT a FROM t") == [("before",)]


def test_after_a_full_disk_the_transaction_takes_no_more_statements(tmp_path: Path, connect: Connect) -> None:
    connection = connect(f"sqlite:///{tmp_path / 'a.db'}")
    connection.execute("CREATE TABLE t (a TEXT)")
    connection.execute("PRAGMA max_page_count = 10")

    def work() -> None:
        connection.execute("INSERT INTO t VALUES ('first')")
        with pytest.raises(errors.DiskFull):
            connection.execute("INSERT INTO t VALUES (?)", ("x" * 100_000,))
        if connection.fetch("SELECT 1") != [(1,)]:
            # SQLite may keep the transaction when a statement alone could be undone.
            raise AssertionError
        connection.execute("INSERT INTO t VALUES ('second')")

    try:
        connection.run(work)
        kept = [("first",), ("second",)]
    except errors.TransactionAborted:
        kept = []
    assert connection.fetch("SELECT a FROM t") == kept


# --- connecting ------------------------------------------------------------------------------------------------------------


def closed_port() -> int:
    with socket.socket() as listener:
        listener.bind(("127.0.0.1", 0))
        port: int = listener.getsockname()[1]
    return port


def with_parts(url: str, **parts: object) -> str:
    """The server URL with `user`, `password`, `port` or `database` replaced."""
    split = urlsplit(url)
    user, password = parts.get("user", split.username), parts.get("password", split.password)
    netloc = f"{user}:{password}@{split.hostname}:{parts.get('port', split.port)}"
    return split._replace(netloc=netloc, path=f"/{parts.get('database', split.path[1:])}").geturl()


@pytest.mark.feature("connections.url", "bad_input.server_down")
def test_a_server_that_is_down(dialect: str, database_url: str, connect: Connect, tmp_path: Path) -> None:
    if dialect == "sqlite":
        connection = connect(f"sqlite:///{tmp_path}/missing/a.db")
        mend = "the folder of the file does not exist"
    else:
        connection = connect(with_parts(database_url, port=closed_port()))
        mend = "the server runs"
    for _ in range(2):
        with pytest.raises(errors.ConnectionFailed, match=mend) as caught:
            connection.fetch("SELECT 1")
        assert not isinstance(caught.value, errors.DatabaseMissing)
    with pytest.raises(errors.ConnectionFailed), connection.transaction():
        raise AssertionError


@pytest.mark.feature("connections.url", "bad_input.no_database")
def test_a_database_that_does_not_exist(dialect: str, database_url: str, connect: Connect, tmp_path: Path) -> None:
    if dialect == "sqlite":
        url = f"sqlite:///{tmp_path}/missing.db?mode=rw"
    else:
        url = with_parts(database_url, database=f"missing_{uuid4().hex}")
    with pytest.raises(errors.DatabaseMissing):
        connect(url).fetch("SELECT 1")
    assert not (tmp_path / "missing.db").exists()


@pytest.mark.feature("connections.url")
def test_a_wrong_password_is_told_without_it(dialect: str, database_url: str, connect: Connect) -> None:
    if dialect == "sqlite":
        pytest.skip("sqlite lacks passwords")
    password = uuid4().hex
    with pytest.raises(errors.ConnectionFailed, match="check user and password") as caught:
        connect(with_parts(database_url, password=password)).fetch("SELECT 1")
    assert password not in "".join(traceback.format_exception(caught.value))


@pytest.mark.feature("connections.url")
def test_an_unknown_option_is_told_with_the_nearest_one(dialect: str, database_url: str, connect: Connect) -> None:
    wrong, right = {
        "sqlite": ("timeot", "timeout"),
        "postgresql": ("sslmod", "sslmode"),
        "mysql": ("ssl_cae", "ssl_ca"),
    }[dialect]
    with pytest.raises(errors.InvalidUrl, match=rf'{dialect}\S* has no option "{wrong}" .did you mean "{right}"'):
        connect(options={wrong: "1"}).fetch("SELECT 1")
    with pytest.raises(errors.InvalidUrl, match="it knows "):
        connect(options={"zzzzzz": "1"}).fetch("SELECT 1")


@pytest.mark.parametrize(
    ("option", "value"),
    [("mode", "zebra"), ("timeout", "zebra"), ("foreign_keys", "zebra"), ("cached_statements", "zebra")],
)
def test_an_option_without_meaning_is_told_without_its_value(connect: Connect, option: str, value: str) -> None:
    with pytest.raises(errors.InvalidUrl, match=f'"{option}" has no meaning') as caught:
        connect("sqlite://", options={option: value}).fetch("SELECT 1")
    assert value not in str(caught.value)


def test_a_file_that_is_no_database(tmp_path: Path, connect: Connect) -> None:
    (tmp_path / "a.db").write_bytes(b"This is a letter, not a database." * 100)
    with pytest.raises(errors.ConnectionFailed, match="is no SQLite database"):
        connect(f"sqlite:///{tmp_path / 'a.db'}").fetch("SELECT 1")


# --- nothing leaks -----------------------------------------------------------------------------------------------------------


def chain(error: BaseException) -> list[BaseException]:
    found: list[BaseException] = []
    queue: list[BaseException | None] = [error]
    while queue:
        one = queue.pop()
        if one is not None and one not in found:
            found.append(one)
            queue += [one.__cause__, one.__context__]
    return found


def leaking(database: Database, secret: str) -> list[Callable[[], object]]:
    connection = database.connection
    insert = database.sql("INSERT INTO books (id, title, pages, shelf) VALUES (%s, %s, %s, %s)")
    rows: list[Sequence[Any]] = [(1, secret, 1, None), (2, secret, 1, None)]
    return [
        lambda: connection.execute(insert, (9, secret, 1, None)),
        lambda: connection.execute(insert, (9, secret + "\ud800", 1, None)),
        lambda: connection.execute(insert, (9, "x", secret, secret)),
        lambda: connection.execute(insert, (secret, "x", -1, None)),
        lambda: connection.execute(insert, (9, None, 1, secret)),
        lambda: connection.execute(insert, (9, "x", 1)),
        lambda: connection.execute(insert, (9, [secret], {secret: 1}, {secret})),
        lambda: connection.execute_many(insert, rows),
        lambda: connection.fetch(f"SELECT '{secret}' FROM nowhere"),
        lambda: connection.fetch_one(f"SELECT '{secret}' {secret}.{secret}"),
        lambda: list(connection.stream(f"SELECT {secret} FROM books", ())),
    ]


@pytest.mark.feature("errors.no_values")
def test_no_value_leaks_from_an_error_and_its_chain(database: Database) -> None:
    secret = "".join(["x", uuid4().hex[:12]])
    database.add_book(8, secret)
    for call in leaking(database, secret):
        with pytest.raises(errors.IsomorphError) as caught:
            call()
        error = caught.value
        for link in chain(error):
            assert secret not in str(link), type(link)
            assert secret not in repr(link), type(link)
            assert type(link).__module__ == "isomorph.errors"
        assert secret not in "".join(traceback.format_exception(error))
        if isinstance(error, errors.DatabaseError):
            assert error.driver_error is not None
            assert isinstance(error.__cause__, errors.DriverFailure)
            assert error.__context__ is None
            assert secret not in repr(pickle.dumps(error))


def test_the_cause_names_class_and_code_of_the_drivers_error(
    dialect: str, driver: str | None, database: Database
) -> None:
    with pytest.raises(errors.NotNullViolation) as caught:
        database.execute("INSERT INTO books (id) VALUES (1)")
    assert (
        str(caught.value.__cause__)
        == {
            "sqlite": "sqlite3.IntegrityError SQLITE_CONSTRAINT_NOTNULL",
            "apsw": "apsw.ConstraintError SQLITE_CONSTRAINT_NOTNULL",
            "postgresql": "psycopg.errors.NotNullViolation 23502",
            "mysql": f"pymysql.err.{type(caught.value.driver_error).__name__} 1364",
            "mysqlclient": "MySQLdb.IntegrityError 1364",
        }[driver or dialect]
    )


def test_errors_pickle_without_the_drivers_error(database: Database) -> None:
    database.add_book(1, "Sand")
    with pytest.raises(errors.UniqueViolation) as caught:
        database.add_book(1, "Sand")
    again = pickle.loads(pickle.dumps(caught.value))
    assert str(again) == str(caught.value)
    assert again.driver_error is None


# --- drivers -----------------------------------------------------------------------------------------------------------------


@pytest.mark.feature("errors.missing_extra")
def test_a_missing_client_library_is_told_with_the_line_that_installs_it(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    import sys

    for library, module, url, extra in (
        ("psycopg", "isomorph.drivers.psycopg", "postgresql://localhost/a", "postgresql"),
        ("pymysql", "isomorph.drivers.pymysql", "mysql://localhost/a", "mysql"),
        ("MySQLdb", "isomorph.drivers.mysqlclient", "mysql+mysqlclient://localhost/a", "mysqlclient"),
        ("apsw", "isomorph.drivers.apsw", "sqlite+apsw:///a.db", "apsw"),
    ):
        with monkeypatch.context() as patch:
            patch.setitem(sys.modules, library, None)
            patch.delitem(sys.modules, module, raising=False)
            get_driver.cache_clear()
            connection = Connection("default", parse(url))
            with pytest.raises(errors.MissingDriver, match=rf'pip install "isomorph\[{extra}\]"'):
                connection.fetch("SELECT 1")
    get_driver.cache_clear()


def test_an_old_sqlite_is_told(monkeypatch: pytest.MonkeyPatch) -> None:
    import sqlite3

    from isomorph.drivers import sqlite

    monkeypatch.setattr(sqlite3, "sqlite_version_info", (3, 34, 1))
    monkeypatch.setattr(sqlite3, "sqlite_version", "3.34.1")
    with pytest.raises(errors.UnsupportedVersion, match=r"SQLite 3\.34\.1 is too old: 3\.40\.0 or newer is needed"):
        sqlite.checked()
