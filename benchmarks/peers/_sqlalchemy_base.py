"""What SQLAlchemy's Core, its ORM and SQLModel have in common: the engine, filling tables, upserts, a query's text."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Any, ClassVar

import sqlalchemy as sa
from sqlalchemy.dialects import mysql, postgresql, sqlite

from benchmarks.harness.contestant import Contestant
from benchmarks.harness.data import TABLES, Row

__all__ = ["CHUNK", "SqlAlchemy", "given"]

# Rows of a stream that are fetched at once: https://docs.sqlalchemy.org/en/21/orm/queryguide/api.html#orm-queryguide-yield-per
CHUNK = 1_000
_SCHEMES = {"sqlite": "sqlite+pysqlite", "postgresql": "postgresql+psycopg", "mysql": "mysql+pymysql"}
_NAMES = ("name", "email", "age", "score", "active")
_FILLED = 10_000


def given(rows: Iterable[Row], names: Sequence[str] = _NAMES) -> list[dict[str, Any]]:
    """Rows as the dictionaries that SQLAlchemy takes; of users without keys unless told otherwise."""
    return [dict(zip(names, row, strict=True)) for row in rows]


def _settled(connection: Any, _: object) -> None:
    cursor = connection.cursor()
    for said in ("journal_mode = WAL", "synchronous = NORMAL", "foreign_keys = ON"):
        cursor.execute(f"PRAGMA {said}")
    cursor.close()


class SqlAlchemy(Contestant):
    """An engine with a pool of four connections."""

    drivers = {"sqlite": "sqlite3", "postgresql": "psycopg", "mysql": "PyMySQL"}
    tables: ClassVar[sa.MetaData]

    def open(self) -> None:
        self._engine = sa.create_engine(self.place.url(_SCHEMES[self.place.dialect]), pool_size=4, max_overflow=0)
        if self.place.dialect == "sqlite":
            # https://docs.sqlalchemy.org/en/21/dialects/sqlite.html#foreign-key-support
            sa.event.listen(self._engine, "connect", _settled)
        self._engine.connect().close()

    def close(self) -> None:
        self._engine.dispose()

    def create(self) -> None:
        self.tables.create_all(self._engine)

    def fill(self, table: str, rows: Sequence[Row]) -> None:
        into = self.tables.tables[table]
        with self._engine.begin() as connection:
            for start in range(0, len(rows), _FILLED):
                connection.execute(sa.insert(into), given(rows[start : start + _FILLED], TABLES[table].columns))
            if self.place.dialect == "postgresql" and "id" in into.c:
                sequence = sa.func.pg_get_serial_sequence(table, "id")
                connection.execute(sa.select(sa.func.setval(sequence, sa.func.max(into.c.id))))

    def clear(self, table: str, above: int) -> None:
        of = self.tables.tables[table]
        with self._engine.begin() as connection:
            connection.execute(sa.delete(of).where(of.c.id > above))

    # https://docs.sqlalchemy.org/en/21/orm/queryguide/dml.html#orm-upsert-statements
    def upserting(self, users: Any) -> Any:
        """An INSERT of users that updates those whose email is there."""
        updated = [name for name in _NAMES if name != "email"]
        if self.place.dialect == "mysql":
            inserting = mysql.insert(users)
            return inserting.on_duplicate_key_update({name: inserting.inserted[name] for name in updated})
        insert = {"sqlite": sqlite.insert, "postgresql": postgresql.insert}[self.place.dialect]
        inserting = insert(users)
        return inserting.on_conflict_do_update(
            index_elements=["email"], set_={name: inserting.excluded[name] for name in updated}
        )

    # https://docs.sqlalchemy.org/en/21/core/connections.html#sql-compilation-caching
    def text(self, query: Any) -> str:
        """A query's text, found in the engine's cache when one of its shape was compiled before, and its values.

        `query.compile()` would compile each time; this is what executing does before it asks the driver.
        """
        compiled, extracted, *_ = query._compile_w_cache(
            self._engine.dialect, compiled_cache=self._engine._compiled_cache, column_keys=[]
        )
        compiled.construct_params(extracted_parameters=extracted)
        return compiled.string
