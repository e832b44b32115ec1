"""Empty databases for tests, on every dialect. Owns the worker's databases on the servers; knows nothing of isomorph.

A worker of a run gets databases of its own on each server, made on first use, emptied before each use and dropped at
the end. Names carry the run, so that several runs may share a server.
"""

import contextlib
import importlib.util
import os
import sqlite3
from collections.abc import Callable, Generator, Mapping
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, Protocol, Self, TypeAlias
from urllib.parse import unquote, urlsplit

if TYPE_CHECKING:
    import psycopg
    import pymysql.connections

DIALECTS = ("sqlite", "postgresql", "mysql")
VARIABLES = {"postgresql": "ISOMORPH_TEST_POSTGRESQL", "mysql": "ISOMORPH_TEST_MYSQL"}
DRIVERS = {"mysqlclient": "mysql", "apsw": "sqlite"}
"""Client libraries beside the usual ones, and the dialect of each."""
_MODULES = {"mysqlclient": "MySQLdb", "apsw": "apsw"}
KeptDatabaseUrl: TypeAlias = Callable[[str, str], str]
"""Gives the URL of a database by dialect and purpose, which is empty when it is first asked for and is kept."""
HOW_TO_START = "python tools/servers.py run -- pytest"


class Cursor(Protocol):
    """The part of a DB-API cursor that tests use."""

    @property
    def description(self) -> Any: ...

    def execute(self, query: Any, params: Any = ..., /) -> Any: ...

    def fetchall(self) -> Any: ...

    def close(self) -> None: ...


class RawConnection(Protocol):
    """A plain DB-API connection, in autocommit."""

    def cursor(self) -> Cursor: ...

    def close(self) -> None: ...


def missing_servers(dialects: tuple[str, ...] = DIALECTS) -> dict[str, str]:
    """Return why each of the dialects that has no server cannot be tested."""
    return {
        dialect: f"{variable} is not set; start the servers: {HOW_TO_START}"
        for dialect, variable in VARIABLES.items()
        if dialect in dialects and not os.environ.get(variable)
    }


def missing_library(driver: str) -> str | None:
    """Return why a client library cannot be tested; None when it is there."""
    if importlib.util.find_spec(_MODULES[driver]) is not None:
        return None
    return f'{driver} is not installed: pip install "isomorph[{driver}]"'


def through(url: str, driver: str | None) -> str:
    """Return the URL with the client library in its scheme, where it is one for that dialect."""
    scheme, separator, rest = url.partition("://")
    return url if driver is None or DRIVERS[driver] != scheme else f"{scheme}+{driver}{separator}{rest}"


def sqlite_file(url: str) -> str:
    """Return the path of the file that a SQLite URL names."""
    return url.partition(":///")[2]


def connect_raw(url: str) -> RawConnection:
    """Open a plain connection of a client library of the dialect, in autocommit, past everything of isomorph."""
    scheme, _, driver = urlsplit(url).scheme.partition("+")
    if driver == "apsw":
        return _connect_apsw(url)
    if scheme == "sqlite":
        return sqlite3.connect(sqlite_file(url), isolation_level=None)
    return _connect_postgresql(url) if scheme == "postgresql" else _connect_mysql(url)


def fetch_all(connection: RawConnection, sql: str, params: tuple[object, ...] = ()) -> list[tuple[Any, ...]]:
    """Run one statement and return its rows (none for a statement that has no result)."""
    cursor = connection.cursor()
    try:
        # psycopg and PyMySQL look for placeholders only when parameters are given; `%` in plain SQL stays itself.
        _ = cursor.execute(sql, params) if params else cursor.execute(sql)
        return [tuple(row) for row in cursor.fetchall()] if cursor.description else []
    finally:
        cursor.close()


class _ApswConnection:
    """A connection of apsw, as the DB-API has it."""

    def __init__(self, raw: Any) -> None:
        self._raw = raw
        self.close = raw.close

    def cursor(self) -> "_ApswCursor":
        return _ApswCursor(self._raw.cursor())


class _ApswCursor:
    def __init__(self, raw: Any) -> None:
        self._raw = raw
        self.execute, self.fetchall, self.close = raw.execute, raw.fetchall, raw.close

    @property
    def description(self) -> Any:
        import apsw

        with contextlib.suppress(apsw.ExecutionCompleteError):  # behind the last row, if there was one
            return self._raw.description
        return None


def _connect_apsw(url: str) -> RawConnection:
    import apsw

    # Through sqlite3, another copy of SQLite, it would let go of locks that isomorph holds in this process.
    return _ApswConnection(apsw.Connection(sqlite_file(url)))


@dataclass
class Databases:
    """The databases of one worker of one run."""

    name: str
    """What their names on the servers begin with; different for every worker of every run."""
    servers: Mapping[str, str]
    """The administrator's URL of each dialect's server."""
    _made: dict[tuple[str, str], "_ServerDatabase"] = field(default_factory=dict[tuple[str, str], "_ServerDatabase"])

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        for database in self._made.values():
            database.drop()
        self._made.clear()

    def empty(self, dialect: str, purpose: str) -> str:
        """Return the URL of an empty database; one and the same for a dialect and a purpose."""
        made = self._made.get((dialect, purpose))
        if made is None:
            kind = _PostgresqlDatabase if dialect == "postgresql" else _MysqlDatabase
            made = self._made[dialect, purpose] = kind(self.servers[dialect], f"{self.name}_{purpose}")
        made.empty()
        return made.url


class _ServerDatabase(Protocol):
    url: str

    def empty(self) -> None: ...

    def drop(self) -> None: ...


def _with_database(server_url: str, name: str) -> str:
    return urlsplit(server_url)._replace(path=f"/{name}").geturl()


def _connect_postgresql(url: str) -> "psycopg.Connection[tuple[Any, ...]]":
    import psycopg

    return psycopg.connect(url, autocommit=True)


class _PostgresqlDatabase:
    def __init__(self, server_url: str, name: str) -> None:
        self._server_url, self._name = server_url, name
        self.url = _with_database(server_url, name)
        with contextlib.closing(_connect_postgresql(server_url)) as server:
            server.execute(f'CREATE DATABASE "{name}"'.encode())
        self._connection = _connect_postgresql(self.url)
        self._is_new = True

    def empty(self) -> None:
        if self._is_new:
            self._is_new = False
            return
        # A connection that a failed test left open would hold its locks against the DROP.
        self._connection.execute(
            "SELECT pg_terminate_backend(pid) FROM pg_stat_activity"
            " WHERE datname = current_database() AND pid <> pg_backend_pid()"
        )
        schemas = self._connection.execute(
            "SELECT quote_ident(nspname) FROM pg_namespace"
            " WHERE nspname NOT LIKE 'pg\\_%' AND nspname <> 'information_schema'"
        ).fetchall()
        # As bytes: psycopg's types want literal SQL in a str.
        self._connection.execute(f"DROP SCHEMA {', '.join(row[0] for row in schemas)} CASCADE".encode())
        self._connection.execute("CREATE SCHEMA public")

    def drop(self) -> None:
        self._connection.close()
        with contextlib.closing(_connect_postgresql(self._server_url)) as server:
            server.execute(f'DROP DATABASE IF EXISTS "{self._name}" WITH (FORCE)'.encode())


def _connect_mysql(url: str) -> "pymysql.connections.Connection[pymysql.cursors.Cursor]":
    import pymysql

    parts = urlsplit(url)
    return pymysql.connect(
        host=parts.hostname,
        port=parts.port or 3306,
        user=unquote(parts.username or ""),
        password=unquote(parts.password or ""),
        database=parts.path.removeprefix("/") or None,
        charset="utf8mb4",
        autocommit=True,
    )


class _MysqlDatabase:
    def __init__(self, server_url: str, name: str) -> None:
        self._name = name
        self.url = _with_database(server_url, name)
        self._connection = _connect_mysql(server_url)

    def empty(self) -> None:
        # A connection that a failed test left open would hold its locks against the DROP.
        for (thread,) in fetch_all(
            self._connection,
            "SELECT id FROM information_schema.processlist WHERE db = %s AND id <> connection_id()",
            (self._name,),
        ):
            with contextlib.suppress(self._connection.OperationalError):  # it may have ended meanwhile
                fetch_all(self._connection, f"KILL {int(thread)}")
        self.drop_database()
        fetch_all(self._connection, f"CREATE DATABASE `{self._name}` CHARACTER SET utf8mb4")

    def drop_database(self) -> None:
        fetch_all(self._connection, f"SET STATEMENT lock_wait_timeout = 30 FOR DROP DATABASE IF EXISTS `{self._name}`")

    def drop(self) -> None:
        self.drop_database()
        self._connection.close()


@contextlib.contextmanager
def worker_databases(run: str, worker: str) -> Generator[Databases]:
    """Give a worker its databases for the length of a run.

    Args:
        run: what tells this run from others on the same server.
        worker: what tells this worker from others of the run.
    """
    servers = {dialect: os.environ[variable] for dialect, variable in VARIABLES.items() if os.environ.get(variable)}
    with Databases(f"isomorph_{run[:8]}_{worker}", servers) as databases:
        yield databases
