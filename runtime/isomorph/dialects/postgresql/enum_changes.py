"""How PostgreSQL changes the values of an enum.

What it can do to a type (a new value, another name for one) is done in place. Values that go, or stand elsewhere, take a new
type under the old name; so do new ones that the transaction itself may use, which PostgreSQL refuses of those added in place.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import TypeVar

from isomorph.catalog import Column, ForeignKey, Kind, Table
from isomorph.dataclassing import dataclass
from isomorph.dialects.postgresql.column_changes import dropped, made_again
from isomorph.dialects.standard.ddl import Change, Ddl
from isomorph.dialects.standard.enum_changes import EnumChange
from isomorph.dialects.standard.loosening import Loose, loosened
from isomorph.dialects.standard.made_names import made_name

__all__ = ["changed_by_new_type", "changed_in_place", "fits_in_place"]

PartT = TypeVar("PartT")


def fits_in_place(change: EnumChange) -> bool:
    """Whether all of a change can be done to the type that is there."""
    return change.keeps_order and not change.removed and not change.swaps


def changed_in_place(ddl: Ddl, change: EnumChange) -> list[str]:
    """Other names first, then what is new, each behind the value that stands before it."""
    type_, values = ddl.quoted(change.after.type_name), change.after.values
    statements = [
        f"ALTER TYPE {type_} RENAME VALUE {ddl.string(old)} TO {ddl.string(new)}" for old, new in change.renamed
    ]
    for place, value in enumerate(values):
        if value in change.added:
            later = next((other for other in values[place:] if other not in change.added), None)
            where = f"AFTER {ddl.string(values[place - 1])}" if place else ""
            if not place and later is not None:
                where = f"BEFORE {ddl.string(later)}"
            statements.append(f"ALTER TYPE {type_} ADD VALUE {ddl.string(value)} {where}")
    return statements


def changed_by_new_type(ddl: Ddl, change: EnumChange) -> list[str]:
    """A new type, and the columns moved to it; what names them goes before and comes again behind."""
    moved = [_Moved(before, after, change) for before, after in change.tables]
    old = ddl.quoted(made_name("isomorph", change.before.type_name, "old"))
    return [
        *(statement for table in moved for statement in table.let_go(ddl)),
        f"ALTER TYPE {ddl.quoted(change.before.type_name)} RENAME TO {old}",
        *ddl.create_enum(change.after),
        *(statement for table in moved for statement in table.moved(ddl)),
        f"DROP TYPE {old}",
        *(statement for table in moved for statement in table.taken_up(ddl)),
        *(statement for table in moved for statement in table.joined(ddl)),
    ]


@dataclass(frozen=True, slots=True)
class _Moved:
    """A table whose columns move to the new type."""

    before: Table
    after: Table
    enum: EnumChange

    @property
    def _columns(self) -> Sequence[Column]:
        return [column for column in self.enum.columns(self.before) if column.generated is None]

    @property
    def _keys(self) -> tuple[ForeignKey, ...]:
        """Foreign keys that join columns of the enum: while one side has moved they could not be."""
        names = {column.name for column in self._columns}
        return tuple(key for key in self.before.foreign_keys if not names.isdisjoint(key.columns))

    @property
    def _loose(self) -> Loose:
        found = [loosened(self.before, column.name, removed=False, retyped=True) for column in self._columns]
        return Loose(
            _once([part for loose in found for part in loose.generated]),
            _once([part for loose in found for part in loose.checks]),
            _once([part for loose in found for part in loose.uniques]),
            _once([part for loose in found for part in loose.indexes]),
        )

    @property
    def _change(self) -> Change:
        return Change(self.before, self.after, self.enum.enums_after)

    def let_go(self, ddl: Ddl) -> list[str]:
        defaults = [
            f"ALTER COLUMN {ddl.quoted(column.name)} DROP DEFAULT"
            for column in self._columns
            if column.default is not None or column.default_sql is not None
        ]
        keys = [statement for key in self._keys for statement in ddl.drop_foreign_key(self._change, key)]
        altered = ddl.alter(self._change, ", ".join(defaults)) if defaults else []
        return [*keys, *dropped(ddl, self._change, self._loose), *altered]

    def moved(self, ddl: Ddl) -> list[str]:
        clauses = [
            f"ALTER COLUMN {ddl.quoted(c.name)} TYPE {self._type(ddl, c)} USING {self._value(ddl, c)}"
            for c in self._columns
        ]
        return [*(ddl.alter(self._change, ", ".join(clauses)) if clauses else []), *self._ordered(ddl)]

    def _ordered(self, ddl: Ddl) -> list[str]:
        """Sets in the order of the enum, in which equal ones are equal."""
        names = [ddl.quoted(column.name) for column in self._columns if column.type.kind is Kind.SET]
        if self.enum.keeps_order or not names:
            return []
        sets = ", ".join(
            f"{name} = CASE WHEN {name} IS NOT NULL THEN ARRAY(SELECT value FROM unnest({name}) AS value ORDER BY value) END"
            for name in names
        )
        return [f"UPDATE {ddl.quoted(self.after.name)} SET {sets}"]

    def taken_up(self, ddl: Ddl) -> list[str]:
        columns = (self.after.column(column.name) for column in self._columns)
        defaults = [
            f"ALTER COLUMN {ddl.quoted(column.name)} SET DEFAULT {default}"
            for column in columns
            if (default := ddl.default(column)) is not None
        ]
        altered = ddl.alter(self._change, ", ".join(defaults)) if defaults else []
        return [*altered, *made_again(ddl, self._change, self._loose.of(self.after))]

    def joined(self, ddl: Ddl) -> list[str]:
        names = {key.name for key in self._keys}
        keys = (key for key in self.after.foreign_keys if key.name in names)
        return [statement for key in keys for statement in ddl.add_foreign_key(self._change, key)]

    def _type(self, ddl: Ddl, column: Column) -> str:
        return ddl.column_type(column.type, self.enum.enums_after)

    def _value(self, ddl: Ddl, column: Column) -> str:
        name, renamed = ddl.quoted(column.name), self.enum.renamed
        if column.type.kind is Kind.ENUM:
            cases = " ".join(f"WHEN {ddl.string(old)} THEN {ddl.string(new)}" for old, new in renamed)
            text = f"(CASE {name}::text {cases} ELSE {name}::text END)" if renamed else f"{name}::text"
            return f"{text}::{self._type(ddl, column)}"
        text = f"{name}::text[]"
        for old, new in self.enum.in_turn:
            text = f"array_replace({text}, {ddl.string(old)}, {ddl.string(new)})"
        return f"{text}::{self._type(ddl, column)}"


def _once(parts: Iterable[PartT]) -> tuple[PartT, ...]:
    found: list[PartT] = []
    for part in parts:
        if part not in found:
            found.append(part)
    return tuple(found)
