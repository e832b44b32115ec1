"""The generated showcase on a real database: its tables, empty before each test, and a look at the SQL that is sent.

Fixtures for `conftest.py` of the folders that need them:

    from tests.support.showcase import Sent, sent, showcase, showcase_tables, showcase_url
"""

from collections.abc import Callable, Generator, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from itertools import chain, compress
from typing import Any

import pytest

from generated import Post, User, db
from isomorph.catalog import Catalog, Table
from isomorph.connections.connection import Connection
from isomorph.migrate import CreateTable, State
from isomorph.migrate.planning import steps
from isomorph.orm.database import Database
from isomorph_generator.migrations.autodetector import detect
from tests.support.databases import KeptDatabaseUrl

__all__ = [
    "Sent",
    "Tables",
    "indexed",
    "kept_tables_of",
    "make_post",
    "make_tables",
    "make_user",
    "recording",
    "sent",
    "showcase",
    "showcase_tables",
    "showcase_url",
    "tables_of",
]


# --- tables ----------------------------------------------------------------------------------------------------------


@dataclass(frozen=True)
class Tables:
    """The tables of a schema in a database, with a way to empty them.

    Attributes:
        connection: where they are.
        statements: what empties each, by its name in quotes, those that point to others first.
    """

    connection: Connection
    statements: Mapping[str, Sequence[str]]

    def empty(self) -> None:
        """Delete all rows; nearly all tables have none, which one query tells."""
        filled = ", ".join(f"EXISTS (SELECT 1 FROM {table})" for table in self.statements)
        with self.connection.transaction():
            (found,) = self.connection.fetch(f"SELECT {filled}")
            for statement in chain.from_iterable(compress(self.statements.values(), found)):
                self.connection.execute(statement)


def make_tables(connection: Connection, catalog: Catalog) -> Tables:
    """Make all tables of a schema's default connection, as its first revision would."""
    operations = detect(State(), State.of_catalog(catalog))
    # Without the history and the lock of a run: this is done for every module of tests.
    for step in steps(operations, connection.dialect, State()):
        for statement in step.statements:
            connection.execute(statement)
    created = [operation.table for operation in operations if isinstance(operation, CreateTable)]
    quoted = connection.dialect.quoted
    return Tables(
        connection,
        {
            quoted(table.name): [
                # A row that points to its own table must let go of it, or the order of its rows would count.
                *(f"UPDATE {quoted(table.name)} SET {change}" for change in _own_keys(table, quoted)),
                f"DELETE FROM {quoted(table.name)}",
            ]
            for table in reversed(created)
        },
    )


def _own_keys(table: Table, quoted: Callable[[str], str]) -> Iterator[str]:
    for key in table.foreign_keys:
        if key.table == table.name and all(table.column(name).nullable for name in key.columns):
            yield ", ".join(f"{quoted(name)} = NULL" for name in key.columns)


_KEPT: dict[str, Tables] = {}
"""Tables that are there already, by the URL of their database."""


@contextmanager
def tables_of(database: Database, url: str) -> Generator[Tables]:
    """A block in which a generated package works on another database, with its tables made there."""
    with database.override(url):
        yield make_tables(database.connection(), database.catalog)


@contextmanager
def kept_tables_of(database: Database, url: str) -> Generator[Tables]:
    """The same in a database that is kept: only the first block makes the tables."""
    with database.override(url):
        connection = database.connection()
        made = _KEPT.get(url)
        if made is None:
            made = _KEPT[url] = make_tables(connection, database.catalog)
        elif connection.dialect.name == "postgresql":
            # Nobody else does it here, and what modules before this one deleted would be in the way of every statement.
            connection.execute(f"VACUUM {', '.join(made.statements)}")
        yield replace(made, connection=connection)


@pytest.fixture(scope="module")
def showcase_url(dialect: str, kept_database_url: KeptDatabaseUrl) -> str:
    """The URL of the database that has the tables of the showcase."""
    return kept_database_url(dialect, "showcase")


@pytest.fixture(scope="module")
def showcase_tables(showcase_url: str) -> Iterator[Tables]:
    """The tables of the showcase, made once for a worker and dialect."""
    with kept_tables_of(db, showcase_url) as tables:
        yield tables


@pytest.fixture
def showcase(showcase_tables: Tables, dialect: str) -> str:
    """The showcase with no rows; the dialect's name."""
    showcase_tables.empty()
    return dialect


@pytest.fixture(scope="module")
def indexed(showcase_tables: Tables) -> Iterator[None]:
    """A full-text index of posts where a search needs one."""
    connection = showcase_tables.connection
    is_needed = connection.dialect.name == "mysql"
    if is_needed:
        connection.execute("ALTER TABLE posts ADD FULLTEXT INDEX posts_search (title, body)")
    yield
    if is_needed:
        connection.execute("ALTER TABLE posts DROP INDEX posts_search")


# --- what is sent ------------------------------------------------------------------------------------------------------


@dataclass
class Sent:
    """The statements that a connection was given, in order, without those of transactions.

    Attributes:
        statements: text and parameters.
    """

    statements: list[tuple[str, tuple[Any, ...]]] = field(default_factory=list[tuple[str, tuple[Any, ...]]])

    def __len__(self) -> int:
        return len(self.statements)

    @property
    def texts(self) -> list[str]:
        """The texts in standard form: double quotes, `?` for each parameter."""
        return [text.replace("`", '"').replace("%s", "?") for text, _ in self.statements]

    @property
    def last(self) -> str:
        return self.texts[-1]

    def clear(self) -> None:
        self.statements.clear()


@contextmanager
def recording(connection: Connection) -> Generator[Sent]:
    """A block whose statements on a connection are recorded."""
    sent = Sent()

    def recorded(method: Callable[..., Any]) -> Callable[..., Any]:
        def send(sql: str, parameters: Sequence[Any] = (), *rest: Any) -> Any:
            sent.statements.append((sql, tuple(parameters)))
            return method(sql, parameters, *rest)

        return send

    names = ("fetch", "fetch_one", "execute", "insert", "execute_many", "stream")
    for name in names:
        setattr(connection, name, recorded(getattr(connection, name)))
    try:
        yield sent
    finally:
        for name in names:
            delattr(connection, name)


@pytest.fixture
def sent(showcase: str) -> Iterator[Sent]:
    """The statements that the showcase sends from here on."""
    with recording(db.connection()) as found:
        yield found


# --- rows --------------------------------------------------------------------------------------------------------------


def make_user(name: str = "Ada", **values: Any) -> User:
    """A saved user; the address follows from the name."""
    all_values: Any = {"name": name, "email": f"{name.lower()}@example.com", "password": "hash", **values}
    return User.create(**all_values)


def make_post(author: User, title: str = "Notes", **values: Any) -> Post:
    """A saved post."""
    all_values: Any = {"author": author, "title": title, "body": "...", **values}
    return Post.create(**all_values)
