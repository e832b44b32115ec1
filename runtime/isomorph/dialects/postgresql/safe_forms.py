"""How PostgreSQL changes a table that is in use.

- CREATE INDEX CONCURRENTLY lets others write meanwhile, is no part of a transaction, and leaves an invalid index behind
  when it fails (https://www.postgresql.org/docs/current/sql-createindex.html, Building Indexes Concurrently).
- ADD CONSTRAINT ... NOT VALID checks new rows only; VALIDATE CONSTRAINT then looks at the old ones under a lock that reads
  and writes do not wait for; ADD UNIQUE takes an index that is there by USING INDEX; SET NOT NULL does not look at the rows
  where a valid check says it already (https://www.postgresql.org/docs/current/sql-altertable.html, Notes).
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import replace

from isomorph.catalog import Check, Column, ForeignKey, Index, SqlText, Table, Unique
from isomorph.dialects.standard.ddl import Change
from isomorph.dialects.standard.made_names import made_name
from isomorph.dialects.standard.safe_forms import Filling, Part, SafeForms
from isomorph.dialects.standard.structure import Leftovers

__all__ = ["PostgreSQLSafeForms"]

_PAGES = 128
"""Pages of a table that are filled at a time: a megabyte of rows."""


class PostgreSQLSafeForms(SafeForms):
    """The safe forms of PostgreSQL."""

    # --- indexes and uniques -----------------------------------------------------------------------------------------

    def create_index(self, change: Change, index: Index) -> Sequence[Part]:
        plain = self.ddl.create_index_statement(change.after, index)
        statement = plain.replace("INDEX ", "INDEX CONCURRENTLY ", 1)
        return (Part("", (statement,), is_outside=True, leftovers=self._invalid(index.name), is_whole=True),)

    def drop_index(self, change: Change, index: Index) -> Sequence[Part]:
        del change
        statement = f"DROP INDEX CONCURRENTLY IF EXISTS {self.ddl.quoted(index.name)}"
        return (Part("", (statement,), is_outside=True, leftovers=self._invalid(index.name), is_whole=True),)

    def add_unique(self, change: Change, unique: Unique) -> Sequence[Part]:
        table, name = self.ddl.quoted(change.table), self.ddl.quoted(unique.name)
        index = f"CREATE UNIQUE INDEX CONCURRENTLY {name} ON {table} ({self.ddl.column_list(unique.columns)})"
        return (
            Part(
                f"create unique index {unique.name} on {change.table}",
                (index,),
                is_outside=True,
                leftovers=self._invalid(unique.name),
                undo=(f"DROP INDEX {name}",),
            ),
            Part("", tuple(self.ddl.alter(change, f"ADD CONSTRAINT {name} UNIQUE USING INDEX {name}")), is_whole=True),
        )

    def _invalid(self, name: str) -> Leftovers:
        """An index that a concurrent build has not finished."""
        # What is quoted for the driver's formatting is not quoted again for it.
        quoted = self.ddl.string(self.ddl.printed(self.ddl.quoted(name)))
        return Leftovers(
            f"SELECT 1 FROM pg_index WHERE NOT indisvalid AND indexrelid = to_regclass({quoted})",
            (f"DROP INDEX CONCURRENTLY IF EXISTS {self.ddl.quoted(name)}",),
        )

    # --- constraints -------------------------------------------------------------------------------------------------

    def add_foreign_key(self, change: Change, foreign_key: ForeignKey) -> Sequence[Part]:
        text = self.ddl.foreign_key_constraint(foreign_key)
        return tuple(self._checked_later(change, f"ADD {text} NOT VALID", foreign_key.name, "foreign key"))

    def add_check(self, change: Change, check: Check) -> Sequence[Part]:
        text = self.ddl.check_constraint(change.after, check)
        return tuple(self._checked_later(change, f"ADD {text} NOT VALID", check.name, "check"))

    def _checked_later(self, change: Change, clause: str, name: str, what: str) -> Iterator[Part]:
        yield Part("", tuple(self.ddl.alter(change, clause)), is_whole=True)
        yield self._validated(change, name, f"validate {what} {name} of {change.table}")

    def _validated(self, change: Change, name: str, title: str) -> Part:
        statement = self.ddl.alter(change, f"VALIDATE CONSTRAINT {self.ddl.quoted(name)}")
        # By itself, since the lock of the step before would last as long as this takes.
        return Part(title, tuple(statement), is_outside=True)

    # --- columns -----------------------------------------------------------------------------------------------------

    def add_column(self, change: Change, column: Column) -> Sequence[Part] | None:
        """A default that PostgreSQL would compute for each row, writing the table anew, is filled in batches instead."""
        if not isinstance(column.default_sql, SqlText) or column.generated is not None or column.auto_increment:
            return None
        bare = replace(column, nullable=True, default=None, default_sql=None)
        empty = replace(change, after=_with(change, bare))
        statements = (
            *self.ddl.add_column(empty, bare),
            *self.ddl.alter(
                change, f"ALTER COLUMN {self.ddl.quoted(column.name)} SET DEFAULT {self.ddl.default(column)}"
            ),
        )
        name = f"{change.table}.{column.name}"
        undo = tuple(self.ddl.drop_column(replace(change, before=change.after), column))
        added = Part(f"add column {name}, without values", statements, undo=undo)
        if column.nullable:
            return (added, replace(self._filled(change, column), is_whole=True))
        return (added, *self._kept_full(change, column, self._filled(change, column)))

    def change_column(self, change: Change, before: Column, after: Column) -> Sequence[Part] | None:
        """NOT NULL by a check that is validated while others write; NULL where indexes would be made anew for it."""
        same = replace(
            before, nullable=after.nullable, default=after.default, default_sql=after.default_sql, comment=after.comment
        )
        if before.nullable == after.nullable or same != after:
            return None
        if after.nullable:
            return self._loosened(change, before, after)
        if change.values.keys() - {after.name} or after.generated is not None:
            return None
        filling = self.ddl.filling(before, after)
        own = self.ddl.quoted(after.name)
        if change.values.get(after.name) not in {None, f"COALESCE({own}, {filling})"}:
            return None
        nullable = replace(after, nullable=True)
        told = self.ddl.change_column(replace(change, after=_with(change, nullable), values={}), before, nullable)
        back = self.ddl.change_column(
            replace(change, before=_with(change, nullable), after=change.before, values={}), nullable, before
        )
        filled = None if filling is None else self._filled(change, after)
        first, *rest, last = self._kept_full(change, after, filled)
        first = replace(first, statements=(*told, *first.statements), undo=(*first.undo, *back))
        return (first, *rest, *self._reordered(change), last)

    def _loosened(self, change: Change, before: Column, after: Column) -> Sequence[Part] | None:
        """From a column that may not hold NULL to one that may: its indexes first, which say where NULL stands then."""
        reordered = [*self._reordered(change)]
        if not reordered:
            return None
        bare = replace(change, before=replace(change.before, indexes=()), after=replace(change.after, indexes=()))
        return (*reordered, Part("", tuple(self.ddl.change_column(bare, before, after)), is_whole=True))

    def _reordered(self, change: Change) -> Iterator[Part]:
        """The indexes that say where NULL stands, or no more: made beside, then swapped."""
        for index in change.before.indexes:
            old, new = (self.ddl.create_index_statement(table, index) for table in (change.before, change.after))
            if old == new:
                continue
            name, beside = self.ddl.quoted(index.name), made_name("isomorph", index.name, "new")
            (made,) = self.create_index(change, replace(index, name=beside))
            drop = f"DROP INDEX {self.ddl.quoted(beside)}"
            yield replace(made, title=f"create index {index.name} anew", is_whole=False, undo=(drop,))
            swap = (f"DROP INDEX {name}", f"ALTER INDEX {self.ddl.quoted(beside)} RENAME TO {name}")
            back = (f"ALTER INDEX {name} RENAME TO {self.ddl.quoted(beside)}", old)
            yield Part(f"swap index {index.name}", swap, undo=back)

    def _kept_full(self, change: Change, column: Column, filled: Part | None) -> Iterator[Part]:
        """From a column that may hold NULL to one that may not."""
        name, own = made_name(change.table, column.name, "not_null"), self.ddl.quoted(column.name)
        quoted, what = self.ddl.quoted(name), f"{change.table}.{column.name}"
        drop = f"DROP CONSTRAINT {quoted}"
        yield Part(
            f"keep NULL out of {what}",
            tuple(self.ddl.alter(change, f"ADD CONSTRAINT {quoted} CHECK ({own} IS NOT NULL) NOT VALID")),
            undo=tuple(self.ddl.alter(change, drop)),
        )
        if filled is not None:
            yield filled
        yield self._validated(change, name, f"see that {what} holds no NULL")
        yield Part("", tuple(self.ddl.alter(change, f"ALTER COLUMN {own} SET NOT NULL, {drop}")), is_whole=True)

    def _filled(self, change: Change, column: Column) -> Part:
        table, own = self.ddl.quoted(change.table), self.ddl.quoted(column.name)
        place = self.ddl.string(self.ddl.printed(table))
        size = f"SELECT pg_relation_size(to_regclass({place})) / current_setting('block_size')::bigint"
        at = f"('(' || (%s::bigint * {_PAGES})::text || ',0)')::tid"
        batch = f"UPDATE {table} SET {own} = {self.ddl.default(column)} WHERE ctid >= {at} AND ctid < {at} AND {own} IS NULL"
        # A row that is written moves to another page, with a value by then.
        filling = Filling(f"{size} / {_PAGES} + 1", batch)
        return Part(f"fill {change.table}.{column.name} in batches", is_outside=True, filling=filling)


def _with(change: Change, column: Column) -> Table:
    """The table after the change, with another form of one of its columns."""
    columns = (column if other.name == column.name else other for other in change.after.columns)
    return replace(change.after, columns=tuple(columns))
