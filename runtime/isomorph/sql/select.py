"""SELECT: a frozen description, and how it is compiled for a dialect.

Owns the shape of the whole statement. A statement is a value: adding a clause gives a new one. Text that generated code
already holds (the select list of a model) is taken as it is.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import field, replace
from functools import lru_cache
from typing import Any, Literal, Self

from isomorph.dataclassing import dataclass
from isomorph.dialects.base import Dialect
from isomorph.errors import InvalidQuery, NotSupported
from isomorph.sql.compounds import write_compound
from isomorph.sql.expressions import All, Expression, Order, Predicate, Reference
from isomorph.sql.firsts import write_some
from isomorph.sql.grouping import check_groups, is_grouped, write_group_list, write_grouped, write_totals
from isomorph.sql.outlines import TEXTS, Outline, keep
from isomorph.sql.positions import write_orders
from isomorph.sql.sources import Join, Source
from isomorph.sql.trees import label_of, output_name, reads
from isomorph.sql.writer import Writer

__all__ = ["PLAIN", "Clauses", "Compiled", "Lock", "Select", "write_where"]

Compiled = tuple[str, tuple[object, ...]]
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
        rollup: whether there are totals over the groups, too: over all but the first groups, one after another.
        firsts: only the first row of those with equal values of these is returned (DISTINCT ON).
        cut_by: limit and offset count within the rows with equal values of these.
        havings: all must be true of a group.
        lock: row locks.
        comment: a remark that travels with the statement.
        hints: optimizer hints by dialect name.
        compound: statements combined with this one, in order, each with UNION, UNION ALL, ...
    """

    groups: tuple[Expression[Any], ...] = ()
    rollup: bool = False
    firsts: tuple[Expression[Any], ...] = ()
    cut_by: tuple[Expression[Any], ...] = ()
    havings: tuple[Predicate, ...] = ()
    lock: Lock | None = None
    comment: str | None = None
    hints: Mapping[str, str] = field(default_factory=dict[str, str])
    compound: tuple[tuple[str, Select], ...] = ()

    @property
    def is_derived(self) -> bool:
        """Whether rows are made, rather than only filtered: by groups or by other statements."""
        return bool(self.groups or self.havings or self.compound or self.firsts or self.cut_by)


PLAIN = Clauses()
"""No rarer clause; the same object for all statements without one."""


class Select:
    """A SELECT over one table and what is joined to it.

    Attributes:
        table: what the table is called in the statement.
        names: names of all its columns, which are selected when `columns` is None.
        key: names of the columns that its rows differ by; empty where nobody knows.
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
        "key",
        "limit",
        "names",
        "offset",
        "orders",
        "predicates",
        "source",
        "table",
    )

    def __init__(
        self, table: str, names: Sequence[str] = (), source: Source | None = None, *, key: Sequence[str] = ()
    ) -> None:
        self.table = table
        self.names = names
        self.key = key
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
        made.key = self.key
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
        return tuple([join.table for join in self.joins if join.outer])

    @property
    def is_cut(self) -> bool:
        """Whether LIMIT or OFFSET takes rows away."""
        return self.limit is not None or self.offset > 0

    @property
    def is_simple(self) -> bool:
        """Whether its rows are those of its tables that meet its conditions, each for itself."""
        return not (self.is_cut or self.distinct or self.extra.is_derived or self.is_aggregated)

    @property
    def is_aggregated(self) -> bool:
        """Whether its rows are groups of rows, or one for all rows."""
        if self.columns is None and self.extra is PLAIN:
            return False
        return is_grouped(self)

    @property
    def is_nested(self) -> bool:
        """Whether it is more than one SELECT, so that in another one it needs parentheses."""
        return bool(self.extra.compound or self.extra.firsts or self.extra.rollup or self.extra.cut_by)

    @property
    def keys(self) -> Iterable[tuple[str, Sequence[str]]]:
        """Its tables, each with the names of the columns that its rows differ by."""
        yield self.table, self.key
        for join in self.joins:
            yield join.table, join.key

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
        yield from self.extra.firsts
        yield from self.extra.cut_by
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

    def unlocked(self) -> Self:
        """The same without row locks."""
        if self.extra.lock is None:
            return self
        made = self.copy()
        made.extra = replace(self.extra, lock=None)
        return made

    # --- compilation ---

    def compile(self, dialect: Dialect, select_all: str = "") -> Compiled:
        """The text and parameters.

        Args:
            dialect: who must understand it.
            select_all: `SELECT ... FROM table` over all columns, as generated; empty where there is none.
        """
        outline = self.outline(dialect, select_all)
        if outline is None:
            return self.written(dialect, select_all)
        parts = tuple(outline.parts)
        text = TEXTS.get(parts)
        if text is None:
            made = self.written(dialect, select_all)
            keep(parts, made[0])
            return made
        return text, tuple(outline.parameters)

    def outline(self, dialect: Dialect, select_all: str = "") -> Outline | None:
        """What the text depends on, and the values; None where it is written anew each time. Arguments as of `compile`."""
        if self.extra is not PLAIN or self.source is not None:
            return None
        out = Outline(dialect)
        columns, joins, predicates = self.columns, self.joins, self.predicates
        limit = self.limit
        if limit is not None and not dialect.sql.writes_limit:
            limit = 0  # one text for all of them
        out.parts += (out.name, self.table, select_all, tuple(self.names), limit, self.offset > 0)
        out.parts += (self.distinct, None if columns is None else len(columns), len(joins), len(predicates))
        for column in columns or ():
            if not column._outline(out):
                return None
            out.parts.append(label_of(column))
        for join in joins:
            text = join.texts.get(out.name)
            if text is None:
                return None
            out.parts.append(text)
        for predicate in predicates:
            if not predicate._outline(out):
                return None
        return out if self._outline_window(out) else None

    def _outline_window(self, out: Outline) -> bool:
        bound = len(out.parameters)
        for order in self.orders:
            if not order._outline(out):
                return False
        if len(out.parameters) > bound:  # what is ordered by may be written twice, or as the position of a column
            return False
        if self.limit is not None and not out.dialect.sql.writes_limit:
            out.parameters.append(self.limit)
        if self.offset:
            out.parameters.append(self.offset)
        return True

    def written(self, dialect: Dialect, select_all: str = "") -> Compiled:
        """The same as `compile`, written anew."""
        out = Writer(dialect)
        out.visible = self.tables
        if self.joins:
            out.qualified = True
            out.outer_joined = self.outer_joined
        elif (
            select_all
            and self.columns is None
            and not self.distinct
            and self.source is None
            and (self.extra is PLAIN or not (self.extra.hints or self.is_nested))
        ):
            out.parts.append(select_all)
            self._write_tail(out)
            return out.result()
        self.write_whole(out)
        return out.result()

    def write(self, out: Writer) -> None:
        """Write it as a part of another statement.

        Raises:
            InvalidQuery: it locks rows, which are not those of the statement around it.
        """
        if self.extra.lock is not None:
            raise InvalidQuery("a sub-query that locks rows", "lock them by a query of their own")
        with out.statement(self.tables, self.outer_joined):
            self.write_whole(out)

    def write_whole(self, out: Writer) -> None:
        """Write it where its tables are in sight already."""
        extra = self.extra
        if extra is not PLAIN:
            if extra.compound:
                write_compound(self, out)
                return
            if extra.firsts or extra.cut_by:
                write_some(self, out)
                return
        if self.is_aggregated:
            check_groups(self, out)
            if extra.rollup and not out.dialect.sql.has_rollup:
                write_totals(self, out)
            else:
                write_grouped(self, out)
            return
        self.write_plain(out)

    def write_plain(self, out: Writer) -> None:
        """Write it as one SELECT."""
        self._write_head(out)
        self._write_tail(out)

    def _write_head(self, out: Writer) -> None:
        out.parts.append("SELECT ")
        self.write_hint(out)
        if self.distinct:
            out.parts.append("DISTINCT ")
        if self.columns is None:
            table = self.table if out.qualified else ""
            out.parts.append(_listed(out.quoted, table, tuple(self.names)))
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
            out.table(self.table)
        else:
            self.source.write(out)

    def _write_tail(self, out: Writer) -> None:
        totalled, out.totalled = out.totalled, ()  # which rows there are does not depend on how they are grouped
        for join in self.joins:
            join.write(out)
        if self.predicates:
            write_where(out, self.predicates)
        out.totalled = totalled
        extra = self.extra
        if extra is not PLAIN:
            if extra.groups:
                write_group_list(self, out)
            if extra.havings:
                with out.part("having()"):
                    write_where(out, extra.havings, " HAVING ")
        self.write_window(out)
        if extra is not PLAIN:
            self.write_end(out)

    def write_cut(self, out: Writer) -> None:
        """Write LIMIT and OFFSET."""
        if self.limit is not None and out.dialect.sql.writes_limit:
            # As int itself writes it: a subclass may write what it likes.
            out.parts.append(f" LIMIT {int.__repr__(self.limit)}")
        elif self.limit is not None:
            out.parts.append(f" LIMIT {out.placeholder}")
            out.parameters.append(self.limit)
        elif out.dialect.sql.no_limit:  # there is an offset
            out.parts.append(f" LIMIT {out.dialect.sql.no_limit}")
        if self.offset:
            out.parts.append(f" OFFSET {out.placeholder}")
            out.parameters.append(self.offset)

    def write_end(self, out: Writer) -> None:
        """Write what stands behind everything else: locks, and the remark.

        Raises:
            InvalidQuery: a lock of rows that are no rows of a table.
            NotSupported: a lock of rows that a left join may leave out, on PostgreSQL.
        """
        extra = self.extra
        if extra.lock is not None:
            if self.distinct or extra.is_derived or self.is_aggregated:
                raise InvalidQuery("a lock of distinct, grouped or combined rows", "lock them by a query of their own")
            self._check_lockable(extra.lock, out)
            out.parts.append(out.dialect.sql.lock(extra.lock.mode, extra.lock.wait, [*map(out.quoted, extra.lock.of)]))
        self.write_comment(out)

    def _check_lockable(self, lock: Lock, out: Writer) -> None:
        if out.dialect.sql.locks_outer_joined:
            return
        if any(table in self.outer_joined for table in lock.of or self.tables):
            raise NotSupported(
                "lock of rows that a left join may leave out",
                out.name,
                "name the models whose rows are there: of=[User], or lock by a query of its own",
            )

    # --- parts that UPDATE and DELETE have, too ---

    def write_hint(self, out: Writer) -> None:
        """Write what the dialect's optimizer is told, behind the first word."""
        if self.extra.hints and out.name in self.extra.hints:
            out.parts.append(f"/*+ {self.extra.hints[out.name]} */ ")

    def write_window(self, out: Writer) -> None:
        """Write ORDER BY and LIMIT."""
        if self.orders:
            write_orders(self, out)
        if self.limit is not None or self.offset:
            self.write_cut(out)

    def write_comment(self, out: Writer) -> None:
        """Write the remark."""
        comment = self.extra.comment
        if comment is not None:
            out.parts.append(f" /* {comment.replace('%', '%%') if '%' in out.placeholder else comment} */")


def write_where(out: Writer, predicates: Sequence[Predicate], joint: str = " WHERE ") -> None:
    """` WHERE ...`, or nothing for no predicates. The outermost AND needs no parentheses."""
    parts, around = out.parts, out.clause
    if around is None:
        out.clause = "where()"
    for predicate in predicates:
        if type(predicate) is All:  # not isinstance(), which takes as long as the rest
            for item in predicate.items:
                parts.append(joint)
                item._write(out)
                joint = " AND "
        else:
            parts.append(joint)
            predicate._write(out)
            joint = " AND "
    out.clause = around


@lru_cache(maxsize=4096)
def _listed(quoted: Callable[[str], str], table: str, names: tuple[str, ...]) -> str:
    """Columns of a table in a list, with the table unless that is empty."""
    owner = f"{quoted(table)}." if table else ""
    return ", ".join([owner + quoted(name) for name in names])
