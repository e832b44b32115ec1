"""SELECT: a frozen description, and how it is compiled for a dialect.

Owns the shape of the whole statement. A statement is a value: adding a clause gives a new one. Text that generated code
already holds (the select list of a model) is taken as it is.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Any, Literal, Self

from isomorph.dialects.base import Dialect
from isomorph.errors import InvalidQuery
from isomorph.sql.expressions import All, Expression, Order, Predicate, Reference, label_of, reads
from isomorph.sql.sources import Join, Source
from isomorph.sql.writer import Writer

__all__ = ["PLAIN", "Clauses", "Compiled", "Lock", "Select", "output_name", "write_where"]

Compiled = tuple[str, tuple[Any, ...]]
"""SQL text, and its parameters in the form the driver takes."""


@dataclass(frozen=True, slots=True)
class Lock:
    """Row locks that a SELECT takes.

    Attributes:
        mode: for writing, or only against writers.
        wait: what happens to rows that others have locked: wait, fail at once, leave them out.
        of: names of the tables whose rows are locked; none for all.
    """

    mode: Literal["update", "share"]
    wait: Literal["wait", "nowait", "skip_locked"] = "wait"
    of: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Clauses:
    """The rarer clauses, apart so that common queries do not carry them.

    Attributes:
        groups: GROUP BY.
        havings: all must be true of a group.
        lock: row locks.
        comment: a remark that travels with the statement.
        hints: optimizer hints by dialect name.
        compound: statements combined with this one, in order, each with UNION, UNION ALL, ...
    """

    groups: tuple[Expression[Any], ...] = ()
    havings: tuple[Predicate, ...] = ()
    lock: Lock | None = None
    comment: str | None = None
    hints: Mapping[str, str] = field(default_factory=dict[str, str])
    compound: tuple[tuple[str, Select], ...] = ()

    @property
    def is_derived(self) -> bool:
        """Whether rows are made, rather than only filtered: by groups or by other statements."""
        return bool(self.groups or self.havings or self.compound)


PLAIN = Clauses()
"""No rarer clause; the same object for all statements without one."""


class Select:
    """A SELECT over one table and what is joined to it.

    Attributes:
        table: what the table is called in the statement.
        names: names of all its columns, which are selected when `columns` is None.
        source: what the table is, where it is not the database's table of that name.
        columns: what is selected; None for all columns of the table, in its order.
        joins: joined tables, in order.
        predicates: all must be true.
        orders: ORDER BY.
        limit: most rows, or None.
        offset: rows to skip.
        distinct: whether equal rows are merged.
        extra: the rarer clauses.
    """

    __slots__ = (
        "columns",
        "distinct",
        "extra",
        "joins",
        "limit",
        "names",
        "offset",
        "orders",
        "predicates",
        "source",
        "table",
    )

    def __init__(self, table: str, names: Sequence[str] = (), source: Source | None = None) -> None:
        self.table = table
        self.names = names
        self.source = source
        self.columns: tuple[Expression[Any], ...] | None = None
        self.joins: tuple[Join, ...] = ()
        self.predicates: tuple[Predicate, ...] = ()
        self.orders: tuple[Order, ...] = ()
        self.limit: int | None = None
        self.offset = 0
        self.distinct = False
        self.extra = PLAIN

    def copy(self) -> Self:
        """An equal statement, to be changed before anybody else sees it."""
        made = object.__new__(type(self))
        made.table = self.table
        made.names = self.names
        made.source = self.source
        made.columns = self.columns
        made.joins = self.joins
        made.predicates = self.predicates
        made.orders = self.orders
        made.limit = self.limit
        made.offset = self.offset
        made.distinct = self.distinct
        made.extra = self.extra
        return made

    # --- what it is ---

    @property
    def tables(self) -> tuple[str, ...]:
        """The names of the tables it reads, in order."""
        return (self.table, *[join.table for join in self.joins]) if self.joins else (self.table,)

    @property
    def outer_joined(self) -> tuple[str, ...]:
        """The tables whose columns may all be NULL."""
        return tuple(join.table for join in self.joins if join.outer)

    @property
    def is_cut(self) -> bool:
        """Whether LIMIT or OFFSET takes rows away."""
        return self.limit is not None or self.offset > 0

    @property
    def is_simple(self) -> bool:
        """Whether its rows are those of its tables that meet its conditions, each for itself."""
        return not (self.is_cut or self.distinct or self.extra.is_derived)

    @property
    def selected(self) -> tuple[Expression[Any], ...]:
        """What is selected, column by column."""
        if self.columns is not None:
            return self.columns
        return tuple(Reference[object](self.table, name, None) for name in self.names)

    @property
    def only_column(self) -> Expression[Any]:
        """The one column that it selects.

        Raises:
            InvalidQuery: it selects another number of them.
        """
        if self.columns is None or len(self.columns) != 1:
            number = len(self.names) if self.columns is None else len(self.columns)
            raise InvalidQuery(f"a sub-query with {number} columns stands for a value", "select() one column")
        return self.columns[0]

    @property
    def free_reads(self) -> tuple[str, ...]:
        """Names of the tables that it reads and are none of its own: those of the statements around it."""
        own = set(self.tables)
        found = dict.fromkeys(
            name for expression in self.expressions() for name in reads(expression) if name not in own
        )
        for _, other in self.extra.compound:
            found.update(dict.fromkeys(other.free_reads))
        return tuple(found)

    def expressions(self) -> Iterable[Expression[Any]]:
        """All expressions that it is made of, but for those of statements combined with it."""
        yield from self.columns or ()
        yield from self.predicates
        yield from (order.expression for order in self.orders)
        yield from self.extra.groups
        yield from self.extra.havings
        yield from (join.condition for join in self.joins if join.condition is not None)

    def output_names(self) -> tuple[str, ...]:
        """What its columns are called where it stands in FROM.

        Raises:
            InvalidQuery: two have the same name.
        """
        if self.columns is None:
            return tuple(self.names)
        found: list[str] = []
        for number, column in enumerate(self.columns):
            name = output_name(column) or f"c{number}"
            if name in found:
                raise InvalidQuery(f'two selected columns are called "{name}"', 'name one of them: .as_("...")')
            found.append(name)
        return tuple(found)

    # --- other statements made of it ---

    def labelled(self, names: Sequence[str]) -> Self:
        """The same with its columns called so."""
        made = self.copy()
        made.columns = tuple(column.as_(name) for column, name in zip(self.selected, names, strict=True))
        return made

    def asked(self) -> Self:
        """The same where only whether there are rows matters."""
        if self.extra.is_derived:
            return self
        made = self.copy()
        made.columns, made.orders, made.distinct = (_ONE,), (), False
        return made

    # --- compilation ---

    def compile(self, dialect: Dialect, select_all: str = "") -> Compiled:
        """The text and parameters.

        Args:
            dialect: who must understand it.
            select_all: `SELECT ... FROM table` over all columns, as generated; empty where there is none.
        """
        joins = self.joins
        out = Writer(dialect, qualified=bool(joins), visible=self.tables)
        if joins:
            out.outer_joined = self.outer_joined
        if (
            select_all
            and self.columns is None
            and not joins
            and not self.distinct
            and self.source is None
            and (self.extra is PLAIN or not (self.extra.hints or self.extra.compound))
        ):
            out.parts.append(select_all)
            self._write_tail(out)
        else:
            self._write_whole(out)
        return out.result()

    def write(self, out: Writer) -> None:
        """Write it as a part of another statement."""
        with out.statement(self.tables, self.outer_joined):
            self._write_whole(out)

    def compile_aggregate(self, dialect: Dialect, *aggregates: Expression[object]) -> Compiled:
        """`SELECT aggregate, ...` over the same rows, without their order.

        Raises:
            InvalidQuery: the selection is cut, distinct, grouped or combined.
        """
        if self.is_simple:
            only = self.copy()
            only.columns, only.orders = aggregates, ()
            return only.unlocked().compile(dialect)
        raise InvalidQuery(
            "an aggregate over a limited, distinct, grouped or combined query", "aggregate first, or count() it"
        )

    def compile_count(self, dialect: Dialect) -> Compiled:
        """The number of rows it would return."""
        if self.is_simple and not self.orders:
            only = self.copy()
            only.columns = (_COUNT,)
            return only.unlocked().compile(dialect)
        inner = self.copy()
        if not self.distinct and not self.extra.is_derived:
            # Only the number matters: one constant column, so that joined names cannot clash in the derived table.
            inner.columns = (_ONE,)
        elif self.columns is not None and not self.extra.compound:
            # Columns of two tables may share a name, which a derived table may not hold twice.
            inner = inner.labelled([f"c{number}" for number in range(len(self.columns))])
        text, parameters = inner.unlocked().compile(dialect)
        return f"SELECT COUNT(*) FROM ({text}) AS counted", parameters

    def compile_exists(self, dialect: Dialect) -> Compiled:
        """One row when it would return any, else none."""
        only = self.asked().unlocked().copy()
        only.limit = 1 if self.limit is None else min(1, self.limit)
        return only.compile(dialect)

    def unlocked(self) -> Self:
        """The same without row locks."""
        if self.extra.lock is None:
            return self
        made = self.copy()
        made.extra = replace(self.extra, lock=None)
        return made

    def _write_whole(self, out: Writer) -> None:
        if self.extra.compound:
            self._write_compound(out)
            return
        self._write_head(out)
        self._write_tail(out)

    def _write_head(self, out: Writer) -> None:
        out.parts.append("SELECT ")
        if self.extra.hints and out.name in self.extra.hints:
            out.parts.append(f"/*+ {self.extra.hints[out.name]} */ ")
        if self.distinct:
            out.parts.append("DISTINCT ")
        if self.columns is None:
            owner = f"{out.quoted(self.table)}." if out.qualified else ""
            out.parts.append(", ".join(owner + out.quoted(name) for name in self.names))
        else:
            for number, column in enumerate(self.columns):
                if number:
                    out.parts.append(", ")
                column._write(out)
                label = label_of(column)
                if label is not None:
                    out.parts.append(f" AS {out.quoted(label)}")
        out.parts.append(" FROM ")
        if self.source is None:
            out.parts.append(out.quoted(self.table))
        else:
            self.source.write(out)

    def _write_tail(self, out: Writer) -> None:
        for join in self.joins:
            join.write(out)
        if self.predicates:
            write_where(out, self.predicates)
        extra = self.extra
        if extra is not PLAIN:
            self._write_groups(out)
        if self.orders:
            self._write_orders(out)
        if self.is_cut:
            self._write_window(out)
        if extra is not PLAIN:
            self._write_end(out)

    def _write_groups(self, out: Writer) -> None:
        joint = " GROUP BY "
        for group in self.extra.groups:
            out.parts.append(joint)
            self._write_again(out, group)
            joint = ", "
        joint = " HAVING "
        for predicate in self.extra.havings:
            out.parts.append(joint)
            predicate._write(out)
            joint = " AND "

    def _write_again(self, out: Writer, expression: Expression[Any]) -> None:
        """Write an expression, or the position of the column that it is: bound values are never the same twice."""
        if not expression._children():
            expression._write(out)
            return
        for position, column in enumerate(self.columns or ()):
            if column is expression:
                out.parts.append(str(position + 1))
                return
        expression._write(out)

    def _write_orders(self, out: Writer) -> None:
        again = self.distinct or bool(self.extra.groups)
        joint = " ORDER BY "
        for order in self.orders:
            out.parts.append(joint)
            joint = ", "
            if again and order.nulls is None and any(column is order.expression for column in self.columns or ()):
                order.write_as(out, _Written(self, order.expression))
            else:
                order._write(out)

    def _write_window(self, out: Writer) -> None:
        limit = offset = None
        if self.limit is not None:
            limit = out.placeholder
            out.parameters.append(self.limit)
        if self.offset:
            offset = out.placeholder
            out.parameters.append(self.offset)
        out.parts.append(out.dialect.sql.row_window(limit, offset))

    def _write_end(self, out: Writer) -> None:
        extra = self.extra
        if extra.lock is not None:
            out.parts.append(out.dialect.sql.lock(extra.lock.mode, extra.lock.wait, [*map(out.quoted, extra.lock.of)]))
        if extra.comment is not None:
            text = extra.comment.replace("%", "%%") if "%" in out.placeholder else extra.comment
            out.parts.append(f" /* {text} */")

    # --- statements combined ---

    def _write_compound(self, out: Writer) -> None:
        first = self.copy()
        first.orders, first.limit, first.offset = (), None, 0
        first.extra = replace(self.extra, compound=(), lock=None, comment=None)
        if self.orders and self.columns is not None:
            first = first.labelled(self.output_names())
        start = len(out.parts)
        first._write_whole(out)
        before = self.extra.compound[0][0]
        for number, (operator, other) in enumerate(self.extra.compound):
            if operator != before:
                # Databases disagree on which operator binds first: what stands to the left comes first.
                out.parts.insert(start, "SELECT * FROM (")
                out.parts.append(f") AS {out.quoted(f'set{number}')}")
                before = operator
            out.parts.append(f" {operator} ")
            with out.statement(other.tables, other.outer_joined):
                if other.is_cut or other.extra.compound:
                    out.parts.append("SELECT * FROM (")
                    other._write_whole(out)
                    out.parts.append(f") AS {out.quoted(f'part{number}')}")
                else:
                    plain = other.copy()
                    plain.orders = ()
                    plain.unlocked()._write_whole(out)
        if self.orders:
            self._write_compound_orders(out, start)
        if self.is_cut:
            self._write_window(out)
        self._write_end(out)

    def _write_compound_orders(self, out: Writer, start: int) -> None:
        """Order by names of what is selected: the only thing that all databases take behind a union."""
        names = self.output_names()
        positions = [self._position(order.expression) for order in self.orders]
        out.parts.insert(start, "SELECT * FROM (")
        whole = out.quoted("whole")
        out.parts.append(f") AS {whole}")
        joint = " ORDER BY "
        with out.statement(("whole",), ("whole",)):
            for order, position in zip(self.orders, positions, strict=True):
                out.parts.append(joint)
                order.write_as(out, Reference("whole", names[position], None))
                joint = ", "

    def _position(self, expression: Expression[Any]) -> int:
        """Which selected column an expression is.

        Raises:
            InvalidQuery: none.
        """
        reference = _key_of(expression)
        for position, column in enumerate(self.selected):
            if column is expression or (reference is not None and _key_of(column) == reference):
                return position
        raise InvalidQuery(
            f"{expression._where()} is not selected, and a union is ordered by what it selects", "select() it, too"
        )


def _key_of(expression: Expression[Any]) -> tuple[object, object] | None:
    name = getattr(expression, "name", None)
    return None if name is None or expression._children() else (getattr(expression, "table", None), name)


def output_name(expression: Expression[Any]) -> str | None:
    """What a selected expression is called: its label, or the name of its column; None where it has neither."""
    label = label_of(expression)
    if label is not None:
        return label
    inner = getattr(expression, "inner", expression)
    name = getattr(inner, "name", None)
    return name if isinstance(name, str) and not inner._children() else None


def write_where(out: Writer, predicates: Sequence[Predicate]) -> None:
    """` WHERE ...`, or nothing for no predicates. The outermost AND needs no parentheses."""
    joint = " WHERE "
    for predicate in predicates:
        for item in predicate.items if isinstance(predicate, All) else (predicate,):
            out.parts.append(joint)
            item._write(out)
            joint = " AND "


class _Constant(Expression[int]):
    """A piece of SQL that is the same everywhere."""

    __slots__ = ("text",)

    def __init__(self, text: str) -> None:
        self.text = text

    def _write(self, out: Writer) -> None:
        out.parts.append(self.text)


class _Written(Expression[Any]):
    """A selected expression, where it is ordered by."""

    __slots__ = ("expression", "select")

    def __init__(self, select: Select, expression: Expression[Any]) -> None:
        self.select, self.expression = select, expression

    def _write(self, out: Writer) -> None:
        self.select._write_again(out, self.expression)


_ONE = _Constant("1")
_COUNT = _Constant("COUNT(*)")
