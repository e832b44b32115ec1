"""SQL by hand that is run for a range of keys at a time: which table and key that is, and where the range stands in it. Pure.

The ranges are those of a key in its order, so that each row is in one of them, none is left out, and the last has an end,
whatever the SQL does.
"""

from __future__ import annotations

from isomorph.catalog import INTEGERS, Kind
from isomorph.dataclassing import dataclass
from isomorph.dialects.base import Dialect
from isomorph.errors import InvalidOperation, InvalidQuery
from isomorph.migrate.state import State
from isomorph.sql.plain import compile_plain, replaced

__all__ = ["Batches", "Key", "bound", "check_bounds", "whole"]

Key = int | str
"""A key as the driver takes it."""

_KINDS = frozenset({*INTEGERS, Kind.STRING, Kind.CHAR, Kind.UUID})
_MEND = "say which rows a batch has, outside of quotes: ... WHERE {} BETWEEN :first AND :last"


@dataclass(frozen=True, slots=True)
class Batches:
    """By what the batches of a `RunSql` go: ranges of the keys of a table.

    Attributes:
        table: whose rows are counted off; most often the one that is changed.
        size: rows in a batch.
        key: a column of it that is never NULL, of whole numbers, texts or UUIDs; by default its primary key. It needs an
            index, or each batch reads the whole table.
    """

    table: str
    size: int = 1_000
    key: str | None = None

    def column(self, state: State) -> str:
        """The name of the column by which they go.

        Raises:
            InvalidOperation: there is no such table or column, or it is none by which ranges can go.
        """
        table = state.table(self.table)
        if self.size < 1:
            raise InvalidOperation(
                f"batches of {self.size} rows never come to an end", "say how many: Batches(..., size=1000)"
            )
        if self.key is None and len(table.primary_key) != 1:
            what = f"{self.table} has no primary key of one column, by which batches could go"
            raise InvalidOperation(what, f'name a column of it: Batches("{self.table}", key="...")')
        name = self.key or table.primary_key[0]
        column = next((column for column in table.columns if column.name == name), None)
        if column is None:
            what = f"{self.table} has no column {name} at this point, by which batches could go"
            raise InvalidOperation(what, "name one that it has")
        if column.nullable or column.type.kind not in _KINDS:
            why = "may be NULL" if column.nullable else f"is of type {column.type.kind.word}"
            what = f"batches cannot go by {self.table}.{name}, which {why}"
            raise InvalidOperation(what, "name a column of whole numbers, texts or UUIDs that is never NULL")
        return name


def check_bounds(text: str, column: str, dialect: Dialect) -> None:
    """See that a statement says which rows a batch has.

    Raises:
        InvalidOperation: it does not name both ends of the range, or is no statement.
    """
    try:
        bound(text, dialect, 0, 0)
    except InvalidQuery as error:
        raise InvalidOperation(f"SQL that is run in batches: {error.what}", _mend(error, column)) from error


def _mend(error: InvalidQuery, column: str) -> str:
    return _MEND.format(column) if ":first" in error.what or ":last" in error.what else error.mend


def bound(text: str, dialect: Dialect, first: Key, last: Key) -> tuple[str, tuple[object, ...]]:
    """The statement for one range, as the driver takes it, and its parameters.

    Raises:
        InvalidQuery: it does not name both ends of the range, or is no statement.
    """
    return compile_plain(dialect, text, (), {"first": first, "last": last})


def whole(text: str, dialect: Dialect, table: str, column: str) -> str:
    """The statement for all rows at once, with `%` as the dialect's drivers take it: how a script says it."""

    def edge(function: str) -> str:
        # MySQL reads a table that a statement changes only where the rows are collected before, as an aggregate's are.
        edges = f"SELECT {function}({quoted(column)}) AS {quoted('edge')} FROM {quoted(table)}"
        return f"(SELECT {quoted('edge')} FROM ({edges}) AS {quoted('edges')})"

    quoted = dialect.quoted
    return replaced(dialect, text, {"first": edge("MIN"), "last": edge("MAX")})
