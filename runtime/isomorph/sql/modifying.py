"""UPDATE and DELETE of the rows that a SELECT means: with joins, cut by limits, returning columns.

Owns the shape of these statements in the three forms that databases have: other tables in FROM or USING (PostgreSQL, UPDATE
on SQLite), joined to the one that is written (MySQL), or inside a sub-query for keys (DELETE on SQLite). All of them write
each row once, however many partners a join finds for it, and count the rows that they found.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace
from typing import Any

from isomorph.dialects.base import Dialect
from isomorph.errors import NotSupported
from isomorph.sql.expressions import Expression, Predicate, Reference
from isomorph.sql.ordering import in_order
from isomorph.sql.predicates import InRows
from isomorph.sql.select import Compiled, Select, write_where
from isomorph.sql.sources import Cte, CteSource, DerivedTable, Join, Source, TableSource
from isomorph.sql.writer import Writer

__all__ = ["Delete", "Modification", "Update", "reads_itself"]


def reads_itself(rows: Select, dialect: Dialect) -> bool:
    """Whether the conditions of rows look into the table that is written.

    MySQL refuses that in the statement that writes it (error 1093); there the rows are found first.

    Args:
        rows: a SELECT over the written table.
        dialect: who must understand it.
    """
    return bool(_looking_back(rows, dialect))


def _looking_back(rows: Select, dialect: Dialect) -> list[Predicate]:
    table = rows.source.table if isinstance(rows.source, TableSource) else rows.table
    found: list[Predicate] = []
    for predicate in rows.predicates:
        scratch = Writer(dialect, qualified=True, visible=rows.tables)
        scratch.read = set()
        predicate._write(scratch)
        if table in scratch.read:
            found.append(predicate)
    return found


class Modification:
    """An UPDATE or a DELETE.

    Attributes:
        rows: which rows: a SELECT over the written table, neither distinct nor grouped nor combined.
        key: columns of the table's primary key.
        returned: what is returned of each row; nothing, for none.
    """

    __slots__ = ("key", "returned", "rows")

    def __init__(self, rows: Select, key: Sequence[str], returned: Sequence[Expression[Any]] = ()) -> None:
        self.rows, self.key, self.returned = rows, key, returned

    def compile(self, dialect: Dialect) -> Compiled:
        """The text and parameters."""
        rows = self.rows
        out = Writer(dialect, visible=rows.tables, qualified=bool(rows.joins))
        out.outer_joined = rows.outer_joined
        out.is_closed = not dialect.writes.behind_ctes
        self._write(out)
        return out.result()

    def write(self, out: Writer) -> None:
        """Write it as a common table expression.

        Raises:
            NotSupported: the database has no such thing.
        """
        if not out.dialect.writes.behind_ctes:
            raise NotSupported(
                "UPDATE or DELETE as a table", out.name, "run it by itself with returning(), in a transaction"
            )
        with out.statement(self.rows.tables, self.rows.outer_joined):
            self._write(out)

    def _write(self, out: Writer) -> None:
        raise NotImplementedError

    # --- parts ---

    @property
    def _is_picked(self) -> bool:
        """Whether the rows have to be found before they are written: some of many, or such that can be locked."""
        return self.rows.is_cut or self.rows.extra.lock is not None

    def _keys(self) -> Select:
        """The keys of the rows."""
        made = self.rows.copy()
        made.columns = self._key_columns()
        made.extra = replace(made.extra, comment=None, hints={})
        return made

    def _key_columns(self) -> tuple[Expression[Any], ...]:
        return tuple(Reference[object](self.rows.table, name, None) for name in self.key)

    def _write_target(self, out: Writer, name: str | None = None) -> None:
        """The written table as FROM has it, under another name if one is given."""
        source = self.rows.source
        table = source.table if isinstance(source, TableSource) else self.rows.table
        TableSource(table, self.rows.table if name is None else name).write(out)

    def _write_apart(self, out: Writer, word: str) -> list[Predicate]:
        """The joined tables behind FROM or USING; gives what has to be true of them.

        A table that may be missing, or that reads the written one, cannot be joined to that: it is joined to a second look
        at the same table.
        """
        joins = self.rows.joins
        if not joins:
            return []
        out.parts.append(word)
        if not any(join.outer or join.is_lateral for join in joins):
            for number, join in enumerate(joins):
                if number:
                    out.parts.append(", ")
                join.write_target(out)
            return [_Joined(join) for join in joins if not join.is_cross]
        table, again = self.rows.table, _unused("self", self.rows.tables)
        self._write_target(out, again)
        with out.homed(table, again):
            for join in joins:
                (join.from_source(again) if join.source == table else join).write(out)
        return [_SameRow(table, again, self.key)]

    def _picked(self, out: Writer) -> list[Predicate]:
        """The condition that a row is one of those found, where they have to be found first."""
        if not self._is_picked:
            return []
        if not out.dialect.writes.behind_ctes:
            return [InRows(self._key_columns(), self._keys().unlocked())]
        names = _names(self.key)
        name = _unused("picked", self.rows.tables)
        # Computed once: a scan that looks for the rows again would find, and lock, others.
        cte = Cte(name, names, _Locking(self._keys()), materialized=True)
        found = Select(name, names, CteSource(cte, name))
        return [InRows(self._key_columns(), found)]

    def _write_listed(self, out: Writer, more: Sequence[Join] = ()) -> None:
        """The written table and those joined to it, as MySQL has them before SET and WHERE."""
        self._write_target(out)
        for join in (*self.rows.joins, *more):
            join.write(out)

    def _picked_join(self, looking_back: Sequence[Predicate]) -> list[Join]:
        """The keys found first, as a joined table.

        Args:
            looking_back: conditions that look into the written table.
        """
        if not self._is_picked and not looking_back:
            return []
        names = _names(self.key)
        name = _unused("picked", self.rows.tables)
        keys = self._keys().unlocked()
        if looking_back and not keys.is_cut:
            # Merged into the statement around it, it would look into the written table after all: DISTINCT keeps it apart.
            keys.distinct, keys.orders = True, ()
        source = DerivedTable(keys.labelled(names), name)
        return [Join(name, self.rows.table, list(zip(self.key, names, strict=True)), target=source)]

    def _write_end(self, out: Writer) -> None:
        """What is returned, and the remark."""
        saved = out.qualified
        if not out.dialect.writes.returns_joined:
            out.qualified = False  # the written table alone is known, and SQLite not by an alias
        joint = " RETURNING "
        for item in self.returned:
            out.parts.append(joint)
            item._write(out)
            joint = ", "
        out.qualified = saved
        self.rows.write_comment(out)


class Update(Modification):
    """`UPDATE table SET column = expression, ...`.

    Attributes:
        changes: what each column is set to, by name.
    """

    __slots__ = ("changes",)

    def __init__(
        self,
        rows: Select,
        key: Sequence[str],
        changes: Mapping[str, Expression[Any]],
        returned: Sequence[Expression[Any]] = (),
    ) -> None:
        super().__init__(rows, key, returned)
        self.changes = changes

    def _write(self, out: Writer) -> None:
        out.parts.append("UPDATE ")
        self.rows.write_hint(out)
        if out.dialect.writes.lists_joined:
            self._write_joined(out)
        else:
            self._write_target(out)
            self._write_changes(out, self.changes)
            conditions = self._write_apart(out, " FROM ")
            write_where(out, (*conditions, *self.rows.predicates, *self._picked(out)))
        self._write_end(out)

    def _write_joined(self, out: Writer) -> None:
        rows = self.rows
        changes: Mapping[str, Expression[Any]] | None = self.changes
        if out.dialect.writes.assigns_in_order:
            changes = in_order(self.changes, rows.table)
        more: list[Join] = []
        before = _unused("before", rows.tables)
        if changes is None:
            # They read from one another in a circle: they read a second look at the row, which nothing is set in.
            second = _table_of(rows, before)
            more.append(Join(before, rows.table, [(name, name) for name in self.key], target=second))
        back = _looking_back(rows, out.dialect)
        if back or (self._is_picked and (rows.joins or more or rows.offset or rows.extra.lock is not None)):
            more += self._picked_join(back)
        out.qualified = out.qualified or bool(more)
        out.visible = (*rows.tables, *(join.table for join in more))
        self._write_listed(out, more)
        if changes is None:
            self._write_changes(out, self.changes, home=before)
        else:
            self._write_changes(out, changes)
        write_where(out, _without(rows.predicates, back))
        if not rows.joins and not more:
            rows.write_window(out)

    def _write_changes(self, out: Writer, changes: Mapping[str, Expression[Any]], home: str | None = None) -> None:
        joint = " SET "
        owner = f"{out.quoted(self.rows.table)}." if out.qualified and out.dialect.writes.lists_joined else ""
        for column, expression in changes.items():
            out.parts.append(f"{joint}{owner}{out.quoted(column)} = ")
            if home is None:
                expression._write(out)
            else:
                with out.homed(self.rows.table, home):
                    expression._write(out)
            joint = ", "


class Delete(Modification):
    """`DELETE FROM table`."""

    __slots__ = ()

    def _write(self, out: Writer) -> None:
        rules = out.dialect.writes
        rows = self.rows
        out.parts.append("DELETE ")
        rows.write_hint(out)
        if rules.lists_joined:
            self._write_joined(out)
        else:
            out.parts.append("FROM ")
            self._write_target(out)
            if rules.deletes_using:
                conditions = self._write_apart(out, " USING ")
                write_where(out, (*conditions, *rows.predicates, *self._picked(out)))
            elif rows.joins or self._is_picked:
                write_where(out, (InRows(self._key_columns(), self._keys().unlocked()),))
            else:
                write_where(out, rows.predicates)
        self._write_end(out)

    def _write_joined(self, out: Writer) -> None:
        rows = self.rows
        source = rows.source
        is_plain = source is None or (isinstance(source, TableSource) and source.table == source.name)
        back = _looking_back(rows, out.dialect)
        if is_plain and not rows.joins and not rows.offset and rows.extra.lock is None and not back:
            out.parts.append("FROM ")
            self._write_target(out)
            write_where(out, rows.predicates)
            rows.write_window(out)
            return
        more = self._picked_join(back)
        out.qualified = True
        out.visible = (*rows.tables, *(join.table for join in more))
        out.parts.append(f"{out.quoted(rows.table)} FROM ")
        self._write_listed(out, more)
        write_where(out, _without(rows.predicates, back))


# --- pieces ------------------------------------------------------------------------------------------------------------


class _Locking:
    """A SELECT that may lock its rows, as the statement around it is about to write them."""

    __slots__ = ("statement",)

    def __init__(self, statement: Select) -> None:
        self.statement = statement

    def write(self, out: Writer) -> None:
        with out.statement(self.statement.tables, self.statement.outer_joined):
            self.statement.write_whole(out)


class _Joined(Predicate):
    """What a join asks of two rows."""

    __slots__ = ("join",)

    def __init__(self, join: Join) -> None:
        self.join = join

    def _write(self, out: Writer) -> None:
        self.join.write_condition(out)


class _SameRow(Predicate):
    """Whether a table and a second look at it are at the same row."""

    __slots__ = ("again", "key", "table")

    def __init__(self, table: str, again: str, key: Sequence[str]) -> None:
        self.table, self.again, self.key = table, again, key

    def _write(self, out: Writer) -> None:
        quoted = out.quoted
        table, again = quoted(self.table), quoted(self.again)
        out.parts.append(" AND ".join(f"{table}.{quoted(name)} = {again}.{quoted(name)}" for name in self.key))


def _table_of(rows: Select, name: str) -> Source:
    source = rows.source
    return TableSource(source.table if isinstance(source, TableSource) else rows.table, name)


def _without(predicates: Sequence[Predicate], others: Sequence[Predicate]) -> list[Predicate]:
    return [predicate for predicate in predicates if not any(predicate is other for other in others)]


def _names(key: Sequence[str]) -> tuple[str, ...]:
    return tuple(f"key{number}" for number in range(len(key)))


def _unused(name: str, taken: Iterable[str]) -> str:
    names = set(taken)
    while name in names:
        name += "_"
    return name
