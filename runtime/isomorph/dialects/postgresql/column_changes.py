"""How PostgreSQL changes a column: what is computed from it or names it goes before, and comes again behind.

A column's own clauses are one ALTER TABLE, which takes them in the order that works (a default goes before the type changes
and comes behind) and writes the table anew once at most.
"""

from __future__ import annotations

from collections.abc import Iterator

from isomorph.catalog import Check, Column, Deferrable, Index, Table
from isomorph.dialects.standard.ddl import Change, Ddl
from isomorph.dialects.standard.loosening import Loose, loosened
from isomorph.dialects.standard.made_names import made_name

__all__ = ["ColumnChange", "dropped", "made_again"]


def dropped(ddl: Ddl, change: Change, loose: Loose) -> list[str]:
    """Statements that take parts of a table away."""
    return [
        *(statement for key in loose.foreign_keys for statement in ddl.drop_foreign_key(change, key)),
        *(statement for index in loose.indexes for statement in ddl.drop_index(change, index)),
        *(statement for unique in loose.uniques for statement in ddl.drop_unique(change, unique)),
        *(statement for check in loose.checks for statement in ddl.drop_check(change, check)),
        *(statement for column in loose.generated for statement in ddl.drop_column(change, column)),
    ]


def made_again(ddl: Ddl, change: Change, loose: Loose) -> list[str]:
    """Statements that make parts of a table, as it is after the change."""
    return [
        *(statement for column in loose.generated for statement in ddl.add_column(change, column)),
        *(statement for unique in loose.uniques for statement in ddl.add_unique(change, unique)),
        *(statement for check in loose.checks for statement in ddl.add_check(change, check)),
        *(statement for index in loose.indexes for statement in ddl.create_index(change, index)),
        *(statement for key in loose.foreign_keys for statement in ddl.add_foreign_key(change, key)),
    ]


class ColumnChange:
    """The statements of one changed column, but for its comment."""

    def __init__(self, ddl: Ddl, change: Change, before: Column, after: Column) -> None:
        self._ddl, self._change = ddl, change
        self._before, self._after = before, after
        self._name = ddl.quoted(after.name)

    def statements(self) -> list[str]:
        remade = self._computed(self._change.before, self._before) != self._computed(self._change.after, self._after)
        kept = remade and self._after.generated is None  # PostgreSQL lets a computed column keep what it has
        retyped = self._type(self._change.before, self._before) != self._type(self._change.after, self._after)
        loose = loosened(
            self._change.before,
            self._after.name,
            removed=remade and not kept,
            retyped=retyped or self._value is not None,
            differs=self._differs,
        )
        changed = self._made_anew() if remade and not kept else self._altered(retyped=retyped, kept=kept)
        return [
            *dropped(self._ddl, self._change, loose),
            *changed,
            *made_again(self._ddl, self._change, loose.of(self._change.after)),
        ]

    @property
    def _value(self) -> str | None:
        """What the column takes instead of its values; None where these are, or where only NULLs are filled."""
        value = self._change.values.get(self._after.name)
        return None if self._filling is not None and value == f"COALESCE({self._name}, {self._filling})" else value

    @property
    def _filling(self) -> str | None:
        return self._ddl.filling(self._before, self._after)

    def _computed(self, table: Table, column: Column) -> str | None:
        return self._ddl.generated(column, table)

    def _type(self, table: Table, column: Column) -> str:
        return self._ddl.column_type(column.type, self._change.enums) + self._ddl.collation_clause(table, column)

    def _differs(self, part: Check | Index | Column) -> bool:
        """Whether a part of the table is told otherwise after the change; the column itself is none."""
        tables = (self._change.before, self._change.after)
        match part:
            case Check():
                told = {self._ddl.check_constraint(table, part) for table in tables}
            case Index():
                told = {self._ddl.create_index_statement(table, part) for table in tables}
            case _:
                told = {self._ddl.generated(part, table) or "" for table in tables}
        return len(told) > 1

    # --- the column --------------------------------------------------------------------------------------------------

    def _made_anew(self) -> list[str]:
        return [
            *self._ddl.drop_column(self._change, self._before),
            *self._ddl.alter(
                self._change,
                f"ADD COLUMN {self._ddl.column_definition(self._change.after, self._after, self._change.enums)}",
            ),
        ]

    def _altered(self, *, retyped: bool, kept: bool) -> list[str]:
        filled = [] if self._value is not None or self._filling is None else self._filled()
        alter, before, after = f"ALTER COLUMN {self._name}", self._before, self._after
        old, new = self._ddl.default(before), self._ddl.default(after)
        moved = retyped or old != new
        clauses = [
            *([f"{alter} DROP EXPRESSION"] if kept else []),
            *([f"{alter} DROP IDENTITY"] if before.auto_increment and not after.auto_increment else []),
            *([f"{alter} DROP DEFAULT"] if moved and old is not None else []),
            *self._check(dropped=True),
            *([self._retyped()] if retyped or self._value is not None else []),
            *([f"{alter} SET DEFAULT {new}"] if moved and new is not None else []),
            *([f"{alter} DROP NOT NULL"] if after.nullable and not before.nullable else []),
            *([f"{alter} SET NOT NULL"] if before.nullable and not after.nullable else []),
            *self._check(dropped=False),
        ]
        altered = self._ddl.alter(self._change, ", ".join(clauses)) if clauses else []
        return [*filled, *altered, *self._numbered()]

    def _retyped(self) -> str:
        using = "" if self._value is None else f" USING {self._value}"
        return f"ALTER COLUMN {self._name} TYPE {self._type(self._change.after, self._after)}{using}"

    def _check(self, *, dropped: bool) -> Iterator[str]:
        """The check that stands for what the type lacks, where it changes."""
        before, after = (self._ddl.type_check(column, self._change.enums) for column in (self._before, self._after))
        found = before if dropped else after
        if before == after or found is None:
            return
        name = self._ddl.quoted(made_name(self._change.table, self._after.name, found[0]))
        yield f"DROP CONSTRAINT {name}" if dropped else f"ADD CONSTRAINT {name} CHECK ({found[1]})"

    def _filled(self) -> list[str]:
        table, name = self._ddl.quoted(self._change.table), self._name
        deferred = any(key.deferrable is Deferrable.DEFERRED for key in self._change.before.foreign_keys)
        return [
            f"UPDATE {table} SET {name} = {self._filling} WHERE {name} IS NULL",
            # A table whose rows wait for a check is not altered.
            *(["SET CONSTRAINTS ALL IMMEDIATE"] if deferred else []),
        ]

    def _numbered(self) -> list[str]:
        """New rows are numbered from the highest number on."""
        if not self._after.auto_increment or self._before.auto_increment:
            return []
        table = self._ddl.quoted(self._change.table)
        sequence = f"pg_get_serial_sequence({self._ddl.string(table)}, {self._ddl.string(self._after.name)})"
        last = f"SELECT setval({sequence}, coalesce(max({self._name}), 0) + 1, false) FROM {table}"
        return [
            *self._ddl.alter(self._change, f"ALTER COLUMN {self._name} ADD GENERATED BY DEFAULT AS IDENTITY"),
            last,
        ]
