"""Statements: frozen descriptions of SELECT, UPDATE and DELETE, and how each is compiled for a dialect.

Owns the shape of whole statements. A statement is a value: adding a clause gives a new one. Text that generated code
already holds (the select list of a model) is taken as it is.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any, Self

from isomorph.catalog import Table
from isomorph.dialects.base import Dialect
from isomorph.errors import InvalidQuery
from isomorph.sql.expressions import All, Expression, Order, Predicate, Writer

__all__ = ["Compiled", "Join", "Select", "compile_delete", "compile_insert", "compile_update"]

Compiled = tuple[str, tuple[Any, ...]]
"""SQL text, and its parameters in the form the driver takes."""


class Join:
    """A joined table: `columns` of a table already there equal `remote` columns of the new one.

    Attributes:
        table: the new table.
        source: the table already there.
        pairs: (column of source, column of table), all equal.
        constants: (column of table, text) that must be equal: aliases of a morph map.
        outer: whether rows without a partner stay (LEFT JOIN).
    """

    __slots__ = ("constants", "outer", "pairs", "source", "table")

    def __init__(
        self,
        table: str,
        source: str,
        pairs: Sequence[tuple[str, str]],
        *,
        constants: Sequence[tuple[str, str]] = (),
        outer: bool = False,
    ) -> None:
        self.table, self.source, self.pairs, self.constants, self.outer = table, source, pairs, constants, outer

    def write(self, out: Writer) -> None:
        quoted = out.quoted
        table, source = quoted(self.table), quoted(self.source)
        out.parts.append(f" {'LEFT' if self.outer else 'INNER'} JOIN {table} ON ")
        out.parts.append(
            " AND ".join(f"{source}.{quoted(local)} = {table}.{quoted(remote)}" for local, remote in self.pairs)
        )
        for column, text in self.constants:
            out.parts.append(f" AND {table}.{quoted(column)} = ")
            out.bind(text, None)


class Select:
    """A SELECT over one table and what is joined to it.

    Attributes:
        table: the table's name.
        columns: what is selected; None for all columns of the table, in its order.
        joins: joined tables, in order.
        predicates: all must be true.
        orders: ORDER BY.
        limit: most rows, or None.
        offset: rows to skip.
        distinct: whether equal rows are merged.
    """

    __slots__ = ("columns", "distinct", "joins", "limit", "offset", "orders", "predicates", "table")

    def __init__(self, table: str) -> None:
        self.table = table
        self.columns: tuple[Expression[object], ...] | None = None
        self.joins: tuple[Join, ...] = ()
        self.predicates: tuple[Predicate, ...] = ()
        self.orders: tuple[Order, ...] = ()
        self.limit: int | None = None
        self.offset = 0
        self.distinct = False

    def copy(self) -> Self:
        """An equal statement, to be changed before anybody else sees it."""
        made = object.__new__(type(self))
        made.table = self.table
        made.columns = self.columns
        made.joins = self.joins
        made.predicates = self.predicates
        made.orders = self.orders
        made.limit = self.limit
        made.offset = self.offset
        made.distinct = self.distinct
        return made

    @property
    def tables(self) -> tuple[str, ...]:
        """The tables it reads, in order."""
        return (self.table, *(join.table for join in self.joins))

    @property
    def is_cut(self) -> bool:
        """Whether LIMIT or OFFSET takes rows away."""
        return self.limit is not None or self.offset > 0

    def compile(self, dialect: Dialect, select_all: str, select_list: Sequence[str]) -> Compiled:
        """The text and parameters.

        Args:
            dialect: who must understand it.
            select_all: `SELECT ... FROM table` over all columns, as generated.
            select_list: names of all columns of the table, in order; used when tables are joined.
        """
        out = Writer(dialect, qualified=bool(self.joins))
        if self.columns is None and not self.joins and not self.distinct:
            out.parts.append(select_all)
        else:
            self._write_head(out, select_list)
        self._write_tail(out)
        return out.result()

    def compile_aggregate(self, dialect: Dialect, *aggregates: Expression[object]) -> Compiled:
        """`SELECT aggregate, ...` over the same rows, without their order.

        Raises:
            InvalidQuery: the selection is cut or distinct.
        """
        if not self.is_cut and not self.distinct:
            only = self.copy()
            only.columns, only.orders = aggregates, ()
            return only.compile(dialect, "", ())
        raise InvalidQuery("an aggregate over a limited or distinct query", "aggregate first, or count() it")

    def compile_count(self, dialect: Dialect, select_all: str, select_list: Sequence[str]) -> Compiled:
        """The number of rows it would return."""
        if not self.is_cut and not self.distinct:
            out = Writer(dialect, qualified=bool(self.joins))
            out.parts.append(f"SELECT COUNT(*) FROM {out.quoted(self.table)}")
            self._write_joins(out)
            self._write_where(out)
            return out.result()
        inner = self.copy()
        inner.orders = ()
        if not self.distinct:
            # Only the number matters: one constant column, so that joined names cannot clash in the derived table.
            inner.columns = (_One(),)
        elif self.columns is not None:
            # Columns of two tables may share a name, which a derived table may not hold twice.
            inner.columns = tuple(_Named(column, f"c{number}") for number, column in enumerate(self.columns))
        text, parameters = inner.compile(dialect, select_all, select_list)
        return f"SELECT COUNT(*) FROM ({text}) AS counted", parameters

    def compile_exists(self, dialect: Dialect) -> Compiled:
        """One row when it would return any, else none."""
        only = self.copy()
        only.columns, only.orders, only.distinct = (_One(),), (), False
        only.limit = 1 if self.limit is None else min(1, self.limit)
        return only.compile(dialect, "", ())

    def _write_head(self, out: Writer, select_list: Sequence[str]) -> None:
        out.parts.append("SELECT DISTINCT " if self.distinct else "SELECT ")
        table = out.quoted(self.table)
        if self.columns is None:
            owner = f"{table}." if out.qualified else ""
            out.parts.append(", ".join(owner + out.quoted(name) for name in select_list))
        else:
            for number, column in enumerate(self.columns):
                if number:
                    out.parts.append(", ")
                column._write(out)
        out.parts.append(f" FROM {table}")

    def _write_joins(self, out: Writer) -> None:
        for join in self.joins:
            join.write(out)

    def _write_where(self, out: Writer) -> None:
        write_where(out, self.predicates)

    def _write_tail(self, out: Writer) -> None:
        if self.joins:
            self._write_joins(out)
        if self.predicates:
            self._write_where(out)
        if self.orders:
            out.parts.append(" ORDER BY ")
            for number, order in enumerate(self.orders):
                if number:
                    out.parts.append(", ")
                order._write(out)
        if self.is_cut:
            limit = offset = None
            if self.limit is not None:
                limit = out.placeholder
                out.parameters.append(self.limit)
            if self.offset:
                offset = out.placeholder
                out.parameters.append(self.offset)
            out.parts.append(out.dialect.sql.row_window(limit, offset))


class _One(Expression[int]):
    __slots__ = ()

    def _write(self, out: Writer) -> None:
        out.parts.append("1")


class _Named(Expression[object]):
    """A selected expression under a name of its own."""

    __slots__ = ("inner", "name")

    def __init__(self, inner: Expression[object], name: str) -> None:
        self.inner, self.name = inner, name

    def _write(self, out: Writer) -> None:
        self.inner._write(out)
        out.parts.append(f" AS {self.name}")


def write_where(out: Writer, predicates: Sequence[Predicate]) -> None:
    """` WHERE ...`, or nothing for no predicates. The outermost AND needs no parentheses."""
    joint = " WHERE "
    for predicate in predicates:
        for item in predicate.items if isinstance(predicate, All) else (predicate,):
            out.parts.append(joint)
            item._write(out)
            joint = " AND "


def compile_insert(
    dialect: Dialect, table: Table | str, columns: Sequence[str], rows: int = 1, *, behind: str = ""
) -> str:
    """`INSERT INTO table (columns) VALUES (?, ...), ...` for a number of rows; `behind` follows as it is."""
    name = dialect.quoted(table if isinstance(table, str) else table.name)
    if not columns:
        return f"INSERT INTO {name}{dialect.sql.empty_insert}{behind}"
    places = f"({', '.join([dialect.placeholder] * len(columns))})"
    names = ", ".join(dialect.quoted(column) for column in columns)
    return f"INSERT INTO {name} ({names}) VALUES {', '.join([places] * rows)}{behind}"


def compile_update(
    dialect: Dialect, table: str, changes: Mapping[str, Expression[object]], predicates: Sequence[Predicate]
) -> Compiled:
    """`UPDATE table SET column = expression, ... WHERE ...`."""
    out = Writer(dialect)
    joint = f"UPDATE {out.quoted(table)} SET "
    for column, expression in changes.items():
        out.parts.append(f"{joint}{out.quoted(column)} = ")
        expression._write(out)
        joint = ", "
    write_where(out, predicates)
    return out.result()


def compile_delete(dialect: Dialect, table: str, predicates: Sequence[Predicate]) -> Compiled:
    """`DELETE FROM table WHERE ...`."""
    out = Writer(dialect)
    out.parts.append(f"DELETE FROM {out.quoted(table)}")
    write_where(out, predicates)
    return out.result()
