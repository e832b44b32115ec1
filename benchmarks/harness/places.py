"""Where a contestant's tables are: a database of its own, in a file or on a server that all share."""

from __future__ import annotations

import os
import sqlite3
from collections.abc import Mapping
from dataclasses import asdict, dataclass, replace
from pathlib import Path
from urllib.parse import quote, unquote, urlsplit

__all__ = ["DIALECTS", "Place", "missing_server", "place"]

DIALECTS = ("sqlite", "postgresql", "mysql")
_SERVERS = {"postgresql": "ISOMORPH_TEST_POSTGRESQL", "mysql": "ISOMORPH_TEST_MYSQL"}


@dataclass(frozen=True, slots=True)
class Place:
    """A database: of SQLite the path of its file."""

    dialect: str
    database: str
    host: str = ""
    port: int = 0
    user: str = ""
    password: str = ""

    def url(self, scheme: str) -> str:
        """The place as a URL of that scheme; of SQLite with an absolute path."""
        if self.dialect == "sqlite":
            return f"{scheme}:///{self.database}"
        return f"{scheme}://{quote(self.user)}:{quote(self.password, safe='')}@{self.host}:{self.port}/{self.database}"

    def anew(self) -> None:
        """Make the database, empty; one that is there is dropped."""
        self.drop()
        if self.dialect == "postgresql":
            self._told(f'CREATE DATABASE "{self.database}"')
        elif self.dialect == "mysql":
            self._told(f"CREATE DATABASE `{self.database}` CHARACTER SET utf8mb4")

    def drop(self) -> None:
        """Remove the database, if it is there."""
        if self.dialect == "sqlite":
            for name in (self.database, f"{self.database}-wal", f"{self.database}-shm"):
                Path(name).unlink(missing_ok=True)
        elif self.dialect == "postgresql":
            self._told(f'DROP DATABASE IF EXISTS "{self.database}" WITH (FORCE)')
        else:
            self._told(f"DROP DATABASE IF EXISTS `{self.database}`")

    def version(self) -> str:
        """What the database says it is."""
        if self.dialect == "sqlite":
            return f"SQLite {sqlite3.sqlite_version}"
        said = self._told("SELECT version()")
        return " ".join(said.split()[:2]) if self.dialect == "postgresql" else said

    def _told(self, statement: str) -> str:
        """The first value that the server answers to a statement, sent outside of any database of its own."""
        if self.dialect == "postgresql":
            import psycopg  # noqa: PLC0415 - the drivers are there where the servers are

            with psycopg.connect(replace(self, database="postgres").url("postgresql"), autocommit=True) as connection:
                cursor = connection.execute(statement.encode())
                row = cursor.fetchone() if cursor.description else None
        else:
            import pymysql  # noqa: PLC0415 - likewise

            client = pymysql.connect(host=self.host, port=self.port, user=self.user, password=self.password)
            with client, client.cursor() as sent:
                sent.execute(statement)
                row = sent.fetchone()
        return str(row[0]) if row else ""

    def facts(self) -> dict[str, object]:
        """The fields by name, for another process."""
        return asdict(self)


def missing_server(dialect: str, environ: Mapping[str, str] = os.environ) -> str:
    """Why there is no place of a dialect; empty when there is."""
    variable = _SERVERS.get(dialect)
    return "" if variable is None or environ.get(variable) else f"{variable} is not set"


def place(dialect: str, contestant: str, folder: Path) -> Place:
    """The place of a contestant: a file in the folder, or a database of the server that the environment names.

    The name has the number of this process in it: two runs at once do not meet.
    """
    name = f"bench_{contestant.rpartition('.')[2]}_{os.getpid()}"
    if dialect == "sqlite":
        return Place(dialect, str((folder / f"{name}.db").absolute()))
    parts = urlsplit(os.environ[_SERVERS[dialect]])
    return Place(
        dialect,
        name,
        host=parts.hostname or "127.0.0.1",
        port=parts.port or 0,
        user=unquote(parts.username or ""),
        password=unquote(parts.password or ""),
    )
