"""How MySQL and MariaDB change the values of an enum, which each column spells out.

Rows are renamed while the column has the old values and the new ones; the last MODIFY refuses the rows whose value is gone.
"""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from isomorph.catalog import Column, ForeignKey, Kind, Table
from isomorph.dataclassing import dataclass
from isomorph.dialects.standard.ddl import Change
from isomorph.dialects.standard.enum_changes import EnumChange
from isomorph.dialects.standard.items import canonical_json

if TYPE_CHECKING:
    from isomorph.dialects.mysql.ddl import MySQLDdl

__all__ = ["changed_enum"]


def changed_enum(ddl: MySQLDdl, change: EnumChange) -> list[str]:
    """The statements for all tables of an enum."""
    # Columns that a foreign key joins are apart while one of them has changed; its index stays.
    apart = [(before, after, key) for before, after in change.tables for key in _joining(change, before)]
    return [
        *(f"ALTER TABLE {ddl.quoted(of.name)} DROP FOREIGN KEY {ddl.quoted(key.name)}" for of, _, key in apart),
        *(
            statement
            for before, after in change.tables
            for statement in _Table(ddl, change, before, after).statements()
        ),
        *(f"ALTER TABLE {ddl.quoted(of.name)} ADD {ddl.foreign_key_constraint(key)}" for _, of, key in apart),
    ]


def _joining(change: EnumChange, table: Table) -> list[ForeignKey]:
    names = {column.name for column in change.columns(table)}
    return [key for key in table.foreign_keys if not names.isdisjoint(key.columns)]


@dataclass(frozen=True, slots=True)
class _Table:
    """A table with columns of the enum."""

    ddl: MySQLDdl
    enum: EnumChange
    before: Table
    after: Table

    def statements(self) -> list[str]:
        spelled = [c for c in self.enum.columns(self.after) if c.type.kind in {Kind.ENUM, Kind.SET}]
        lists = [c for c in self.enum.columns(self.after) if c.type.kind is Kind.ARRAY and c.generated is None]
        renamed = [f"{self.ddl.quoted(c.name)} = {self._renamed(c)}" for c in spelled if c.generated is None]
        # A list has no values of its own in the database, so what it may not hold any more is found here.
        replaced = [f"{self.ddl.quoted(c.name)} = {self._replaced(c)}" for c in lists if self._counts]
        assignments = [*(renamed if self.enum.renamed else []), *replaced]
        update = [f"UPDATE {self.ddl.quoted(self.after.name)} SET {', '.join(assignments)}"] if assignments else []
        return [
            *(self._widened(spelled) if renamed and self.enum.renamed else []),
            *update,
            *self._told(spelled, lists),
        ]

    @property
    def _counts(self) -> bool:
        return bool(self.enum.renamed or self.enum.removed)

    def _widened(self, columns: list[Column]) -> list[str]:
        """The columns with the old values and the new ones."""
        enum = self.enum.before
        more = tuple(value for value in self.enum.after.values if value not in enum.values)
        both = {**self.enum.enums_before, enum.name: replace(enum, values=(*enum.values, *more))}
        change = Change(self.before, self.before, both)
        olds = [self.before.column(column.name) for column in columns]
        return self.ddl.alter(change, ", ".join(self.ddl.modified(change, old, old) for old in olds))

    def _told(self, spelled: list[Column], lists: list[Column]) -> list[str]:
        """The columns with the new values; a list only where its default is another one."""
        change = Change(self.before, self.after, self.enum.enums_after)
        olds = {column.name: column for column in self.before.columns}
        told = [*spelled, *(column for column in lists if column.default != olds[column.name].default)]
        clauses = [self.ddl.modified(change, olds[column.name], column) for column in told]
        return self.ddl.alter(change, ", ".join(clauses)) if clauses else []

    def _renamed(self, column: Column) -> str:
        name = self.ddl.quoted(column.name)
        if column.type.kind is Kind.ENUM:
            cases = " ".join(f"WHEN {self._text(old)} THEN {self._text(new)}" for old, new in self.enum.renamed)
            return f"CASE {name} {cases} ELSE {name} END"
        text = f"CONCAT(',', {name}, ',')"
        for old, new in self.enum.in_turn:
            text = f"REPLACE({text}, {self._text(f',{old},')}, {self._text(f',{new},')})"
        return f"TRIM(BOTH ',' FROM {text})"

    def _replaced(self, column: Column) -> str:
        name = self.ddl.quoted(column.name)
        text = name
        for old, new in self.enum.in_turn:
            text = f"REPLACE({text}, {self._text(_item(old))}, {self._text(_item(new))})"
        gone = " OR ".join(f"LOCATE({self._text(_item(value))}, {name})" for value in self.enum.removed)
        # What is no JSON fails the check of the column, as the type refuses a value that is gone elsewhere.
        return f"CASE WHEN {gone} THEN 'it holds a value that is gone' ELSE {text} END" if gone else text

    def _text(self, value: str) -> str:
        return self.ddl.string(value)


def _item(value: str) -> str:
    """A value as it stands in a list; the quotes in front of it are no part of one."""
    return canonical_json(value)
