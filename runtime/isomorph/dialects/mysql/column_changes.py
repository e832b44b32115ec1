"""How MySQL and MariaDB change a column: told anew by MODIFY, between taking away and making again what joins it to others.

Each statement leaves a table that is sound, since none can be taken back. A column that MODIFY would make something else of
is put together beside, and takes the other's place by one statement.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from typing import TYPE_CHECKING

from isomorph.catalog import Check, Column, ForeignKey, Index, Table
from isomorph.dialects.standard.ddl import Change
from isomorph.dialects.standard.loosening import Loose, loosened

if TYPE_CHECKING:
    from isomorph.dialects.mysql.ddl import MySQLDdl

__all__ = ["BESIDE", "ColumnChange"]

BESIDE = "isomorph_new"
"""The column of the new values, while the old ones are there."""


class ColumnChange:
    """The statements of one column that changes."""

    def __init__(self, ddl: MySQLDdl, change: Change) -> None:
        self._ddl, self._change = ddl, change
        self._table = ddl.quoted(change.table)

    # --- another name ------------------------------------------------------------------------------------------------

    def renamed(self, *names: tuple[str, str]) -> list[str]:
        """Other names, old and new ones, by one statement, so that two columns may take each other's.

        On MariaDB all follows; MySQL refuses it while a check or a computed column names the column.
        """
        drops, renames, adds = list[str](), list[str](), list[str]()
        for before, after in names:
            dropped, added = self._in_the_way(before, after)
            drops += dropped
            adds += added
            renames.append(f"RENAME COLUMN {self._ddl.quoted(before)} TO {self._ddl.quoted(after)}")
        return [
            *self._on_mysql(drops),
            *self._ddl.alter(self._change, ", ".join(renames)),
            *self._on_mysql(adds),
        ]

    def _in_the_way(self, before: str, after: str) -> tuple[list[str], list[str]]:
        """What takes away, and makes again, what names a column."""
        loose = loosened(self._change.before, before, removed=False, retyped=True)
        drops, adds = list(self._drops(loose)), list(self._adds(loose.of(self._change.after)))
        found = self._ddl.type_check(self._change.after.column(after), self._change.enums)
        if found is not None:
            old, new = (
                self._ddl.type_check_name(table, table.column(name), found)
                for table, name in ((self._change.before, before), (self._change.after, after))
            )
            drops.append(f"DROP CHECK {old}")
            adds.append(f"ADD CONSTRAINT {new} CHECK ({found[1]})")
        return drops, adds

    def _on_mysql(self, clauses: list[str]) -> list[str]:
        # What names two columns stands in the way of both.
        return self._ddl.only_on_mysql(self._change.table, [*dict.fromkeys(clauses)])

    # --- other facts -------------------------------------------------------------------------------------------------

    def changed(self, before: Column, after: Column) -> list[str]:
        computed = [self._ddl.generated(c, t) for c, t in ((before, self._change.before), (after, self._change.after))]
        keys = self._keys(before, after)
        value = self._value(before, after)
        if computed[0] != computed[1] or value is not None:
            statements = self._made_anew(after, value)
        else:
            statements = self._modified(before, after)
        return [
            *(statement for table, key in keys for statement in self._unjoined(table, key)),
            *statements,
            *(statement for table, key in keys for statement in self._joined(table, key)),
        ]

    def _value(self, before: Column, after: Column) -> str | None:
        """What the column takes instead of its values, as MODIFY converts them; None where it takes these."""
        value = self._change.values.get(after.name)
        filling = self._ddl.filling(before, after)
        is_filled = filling is not None and value == f"COALESCE({self._ddl.quoted(after.name)}, {filling})"
        return None if is_filled else value

    def _modified(self, before: Column, after: Column) -> list[str]:
        change, name = self._change, self._ddl.quoted(after.name)
        loose = loosened(change.before, after.name, removed=False, retyped=False, differs=self._differs)
        filling = self._ddl.filling(before, after)
        fill: list[str] = []
        if filling is not None:
            # The default is one of the new type.
            if before.type != after.type:
                nullable = replace(after, nullable=True, auto_increment=False)
                fill += self._ddl.alter(change, self._ddl.modified(change, before, nullable, place=False))
            fill.append(f"UPDATE {self._table} SET {name} = {filling} WHERE {name} IS NULL")
        definition = [self._definition(c, t) for c, t in ((before, change.before), (after, change.after))]
        moved = (before.first, before.after) != (after.first, after.after) and (after.first or after.after is not None)
        told = [self._ddl.modified(change, before, after)] if definition[0] != definition[1] or moved else []
        clauses = [*self._drops(loose), *told, *self._adds(loose.of(change.after))]
        return [*fill, *self._ddl.alter(change, ", ".join(clauses))]

    def _made_anew(self, after: Column, value: str | None) -> list[str]:
        change = self._change
        loose = loosened(change.before, after.name, removed=True, retyped=True, differs=self._differs)
        loose = replace(loose, foreign_keys=())  # apart already
        place = self._place(after)
        statements: list[str] = []
        if after.generated is None:
            beside = replace(
                after, name=BESIDE, nullable=True, default=None, default_sql=None, auto_increment=False, comment=None
            )
            named = self._ddl.quoted(BESIDE)
            statements += [
                f"ALTER TABLE {self._table} ADD COLUMN {self._definition(beside, change.after)}",
                f"UPDATE {self._table} SET {named} = {value or self._ddl.quoted(after.name)}",
            ]
            arrived = f"CHANGE COLUMN {named} {self._definition(after, change.after)}{place}"
        else:
            arrived = f"ADD COLUMN {self._definition(after, change.after)}{place}"
        is_key = after.name in change.before.primary_key
        clauses = [
            *(["DROP PRIMARY KEY"] if is_key else []),
            *self._drops(loose),
            f"DROP COLUMN {self._ddl.quoted(after.name)}",
            arrived,
            *([f"ADD {key}" for key in self._ddl.primary_key(change.after)] if is_key else []),
            *self._adds(loose.of(change.after)),
        ]
        return [*statements, f"ALTER TABLE {self._table} {', '.join(clauses)}"]

    def _place(self, after: Column) -> str:
        """Where the column stands: where it did, unless it says otherwise."""
        if after.first or after.after is not None:
            return self._ddl.place(after)
        names = [column.name for column in self._change.before.columns]
        place = names.index(after.name)
        return " FIRST" if place == 0 else f" AFTER {self._ddl.quoted(names[place - 1])}"

    def _definition(self, column: Column, table: Table) -> str:
        return self._ddl.column_definition(table, column, self._change.enums)

    def _differs(self, part: Check | Index | Column) -> bool:
        """Whether a part of the table is told otherwise after the change."""
        tables = (self._change.before, self._change.after)
        match part:
            case Check():
                told = {self._ddl.check_constraint(table, part) for table in tables}
            case Index():
                told = {self._ddl.index(table, part) for table in tables}
            case _:
                told = {self._ddl.generated(part, table) or "" for table in tables}
        return len(told) > 1

    # --- foreign keys, which hold the types of both sides ------------------------------------------------------------

    def _keys(self, before: Column, after: Column) -> list[tuple[Table, ForeignKey]]:
        facts = [
            (c.type, c.nullable, c.generated, self._ddl.collation_clause(t, c))
            for c, t in ((before, self._change.before), (after, self._change.after))
        ]
        if facts[0] == facts[1]:
            return []
        name = after.name
        return [
            (table, key)
            for table in self._change.tables.values()
            for key in table.foreign_keys
            if (table.name == self._change.table and name in key.columns)
            or (key.table == self._change.table and name in key.references)
        ]

    def _unjoined(self, table: Table, key: ForeignKey) -> list[str]:
        # Its index stays, for it is to come again.
        return [f"ALTER TABLE {self._ddl.quoted(table.name)} DROP FOREIGN KEY {self._ddl.quoted(key.name)}"]

    def _joined(self, table: Table, key: ForeignKey) -> list[str]:
        return [f"ALTER TABLE {self._ddl.quoted(table.name)} ADD {self._ddl.foreign_key_constraint(key)}"]

    # --- parts as clauses --------------------------------------------------------------------------------------------

    def _drops(self, loose: Loose) -> Iterator[str]:
        quoted = self._ddl.quoted
        yield from (f"DROP INDEX {quoted(index.name)}" for index in loose.indexes)
        yield from (f"DROP INDEX {quoted(unique.name)}" for unique in loose.uniques)
        yield from (f"DROP CONSTRAINT {quoted(check.name)}" for check in loose.checks)
        yield from (f"DROP COLUMN {quoted(column.name)}" for column in loose.generated)

    def _adds(self, loose: Loose) -> Iterator[str]:
        table = self._change.after
        yield from (f"ADD COLUMN {self._definition(column, table)}" for column in loose.generated)
        yield from (f"ADD {self._ddl.unique_constraint(unique)}" for unique in loose.uniques)
        yield from (f"ADD {self._ddl.check_constraint(table, check)}" for check in loose.checks)
        yield from (f"ADD {self._ddl.index(table, index)}" for index in loose.indexes)
