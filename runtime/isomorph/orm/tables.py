"""Tables without a model: queries by the names of tables and columns, whose rows are dicts or typed tuples."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Self, cast

from isomorph.errors import NotFound, SchemaMismatch
from isomorph.orm.aggregating import Aggregating
from isomorph.orm.derived import Derived
from isomorph.orm.selecting import SourceQuery
from isomorph.sql.naming import checked_name
from isomorph.sql.select import Select
from isomorph.sql.sources import Source, TableSource

if TYPE_CHECKING:
    from isomorph.orm.database import Database
    from isomorph.orm.plans import Executor

__all__ = ["Origin", "TableQuery", "query_of"]


class Origin:
    """What queries ask of a model's definition, of a table that has none.

    Attributes:
        name: what it is called in errors.
        database: the database.
    """

    guards: tuple[()] = ()

    def __init__(self, database: Database, name: str, connection: str | None) -> None:
        self.name, self.database, self._connection = name, database, connection

    @property
    def executor(self) -> Executor:
        """The connection that its statements go to now."""
        return self.database.connection(self._connection)

    @property
    def model(self) -> Origin:
        """Its part of the catalog, of which there is nothing."""
        return self

    @property
    def table(self) -> Origin:
        """Likewise; a table without a name is nobody's."""
        return _NAMELESS


_NAMELESS = Origin(cast(Any, None), "", None)


class TableQuery(Aggregating, SourceQuery):
    """A query over a table by name: `db.table("metrics").where(f.col("date", dt.date) > day)`."""

    __slots__ = ()

    def get(self) -> list[dict[str, object]]:
        """All rows, each as a dict of all columns of the table, with values as the driver gives them.

        The names of the columns are asked for first. `select` reads columns as values of a type, by one statement.

        Raises:
            SchemaMismatch: there is no such table.
        """
        executor = self._reader
        names = self._names(executor)
        made = self._copy()
        made._statement.names = names
        return [
            dict(zip(names, row, strict=True)) for row in executor.fetch(*made._rewritten().compile(executor.dialect))
        ]

    def first(self) -> dict[str, object] | None:
        """The first row, or None. Without an order, any."""
        limit = self._statement.limit
        rows = self.limit(1 if limit is None else min(1, limit)).get()
        return rows[0] if rows else None

    def first_or_fail(self) -> dict[str, object]:
        """The first row.

        Raises:
            NotFound: there is none.
        """
        found = self.first()
        if found is None:
            raise NotFound(self._definition.name)
        return found

    def _names(self, executor: Executor) -> tuple[str, ...]:
        statement = self._statement
        names = statement.names
        if not names:
            table = statement.source.table if isinstance(statement.source, TableSource) else statement.table
            dialect = executor.dialect
            sql, argument = dialect.sql.columns_of, table
            if dialect.sql.columns_of_quoted:
                argument = dialect.quoted(table).replace("%%", "%")
            names = tuple([row[0] for row in executor.fetch(sql, (argument,))])
        if not names:
            raise SchemaMismatch
        return tuple(names)

    @classmethod
    def _begin(cls, origin: Origin, name: str, source: Source | None, names: tuple[str, ...] = ()) -> Self:
        made = object.__new__(cls)
        made._definition, made._connection = cast(Any, origin), None
        made._statement = Select(name, names, source)
        return made


def query_of(
    database: Database, table: str | Derived[Any], connection: str | None, alias: str | None = None
) -> TableQuery:
    """A query over a table.

    Args:
        database: the database.
        table: the name of a table or view, or a list of values or a selection as a table.
        connection: name of the connection; the current one without.
        alias: another name for the table in the query.

    Raises:
        InvalidValue: a name that no database takes.
    """
    if isinstance(table, Derived):
        origin = Origin(database, table._source.name, connection)
        return TableQuery._begin(origin, table._source.name, table._source, table._names)
    name = checked_name(table, "table()")
    if alias is None:
        return TableQuery._begin(Origin(database, name, connection), name, None)
    called = checked_name(alias, "table(alias=...)")
    return TableQuery._begin(Origin(database, called, connection), called, TableSource(name, called))
