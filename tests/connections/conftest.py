"""Connections to the test's database, closed at its end; a small schema; threads whose errors reach the test."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import ExitStack, closing
from dataclasses import replace
from typing import Any, Protocol

import pytest

from isomorph.connections import Annotate, Connection, PoolSettings, parse
from tests.support.databases import through

_BOOKS = (
    "CREATE TABLE books (id INTEGER PRIMARY KEY, title VARCHAR(20) NOT NULL, pages INTEGER, shelf INTEGER,"
    " CONSTRAINT books_title_unique UNIQUE (title), CONSTRAINT books_pages_check CHECK (pages > 0),"
    " CONSTRAINT books_shelf_foreign FOREIGN KEY (shelf) REFERENCES shelves (id))"
)
TABLES = ("CREATE TABLE shelves (id INTEGER PRIMARY KEY, label VARCHAR(20) NOT NULL)", _BOOKS)


class Connect(Protocol):
    """Makes a connection that is closed when the test ends."""

    def __call__(
        self,
        url: str | None = None,
        /,
        *,
        pool: PoolSettings | None = None,
        annotate: Annotate | None = None,
        sleep: Callable[[float], None] = ...,
        echo: bool | None = None,
        options: Mapping[str, str] | None = None,
    ) -> Connection: ...


class Database:
    """A connection to a database with the tables above; `%s` in a statement stands for any dialect's placeholder."""

    def __init__(self, connection: Connection) -> None:
        self.connection = connection

    def sql(self, text: str) -> str:
        return text.replace("%s", self.connection.dialect.placeholder)

    def execute(self, text: str, parameters: Sequence[Any] = ()) -> int:
        return self.connection.execute(self.sql(text), parameters)

    def add_book(self, id_: int, title: str = "", pages: int = 1) -> None:
        self.execute("INSERT INTO books (id, title, pages) VALUES (%s, %s, %s)", (id_, title or f"book {id_}", pages))

    def titles(self) -> list[str]:
        return [row[0] for row in self.connection.fetch("SELECT title FROM books ORDER BY id")]


@pytest.fixture
def connect(request: pytest.FixtureRequest, driver: str | None) -> Iterator[Connect]:
    with ExitStack() as stack:

        def make(
            url: str | None = None,
            /,
            *,
            pool: PoolSettings | None = None,
            annotate: Annotate | None = None,
            sleep: Callable[[float], None] = time.sleep,
            echo: bool | None = None,
            options: Mapping[str, str] | None = None,
        ) -> Connection:
            target = parse(through(url, driver) if url else request.getfixturevalue("database_url"))
            target = replace(target, options={**target.options, **(options or {})})
            bounds = pool or PoolSettings(max=4, timeout_s=10)
            connection = Connection("default", target, bounds, annotate=annotate, sleep=sleep, echo=echo)
            return stack.enter_context(closing(connection))

        yield make


@pytest.fixture
def database(connect: Connect, database_url: str) -> Database:
    connection = connect(database_url)
    for statement in TABLES:
        connection.execute(statement)
    return Database(connection)


class Threads:
    """Runs functions in threads and raises in the test what they raised."""

    def __init__(self) -> None:
        self._threads: list[threading.Thread] = []
        self._errors: list[BaseException] = []

    def start(self, work: Callable[[], object]) -> threading.Thread:
        def run() -> None:
            try:
                work()
            except BaseException as error:  # noqa: BLE001 - raised again by join
                self._errors.append(error)

        thread = threading.Thread(target=run, daemon=True)
        self._threads.append(thread)
        thread.start()
        return thread

    def join(self) -> None:
        for thread in self._threads:
            thread.join(30)
            assert not thread.is_alive(), "a thread hangs"
        self._threads.clear()
        if self._errors:
            raise self._errors.pop(0)


@pytest.fixture
def threads() -> Iterator[Threads]:
    made = Threads()
    yield made
    made.join()
