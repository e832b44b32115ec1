"""From differences to the operations that mend them. Pure.

The revisions say that the database is as expected, so the operations begin with a `Drifted`: it tells the state what was
found, without SQL, and the others lead back from there.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from typing import Any, Protocol, TypeVar

from isomorph import dialects
from isomorph.catalog import Column, ColumnType, Enum, ForeignKey, MorphGuard, ObjectKind, SqlObject, Table
from isomorph.migrate import CreateObject, Drifted, Operations, RunSql, State, reverse
from isomorph_generator.introspect.comparison import Comparison
from isomorph_generator.introspect.differences import Difference, DifferenceKind
from isomorph_generator.migrations.autodetector import detect

__all__ = ["Fix", "fix"]


@dataclass(frozen=True, slots=True)
class Fix:
    """What mends a database.

    Attributes:
        operations: of a revision behind all others; none where nothing can be mended.
        left: the differences that they do not mend: tables that are no matter of the schema, above all.
    """

    operations: Operations
    left: tuple[Difference, ...]


def fix(compared: Comparison) -> Fix:
    """The operations that make a database what the state says, and what they leave."""
    differences = [item for item in compared.differences() if item.kind is not DifferenceKind.SPELLED]
    found = _Found(compared, differences)
    before, after = found.state(), compared.state.with_objects(())
    objects = found.missing_objects()
    # What is declared as SQL may need tables and columns that come back.
    back = (*detect(before, after, asks=False), *map(CreateObject, objects))
    if not back:
        return Fix((), tuple(differences))
    # Told by what takes it back, so that nothing is asked of the rows of a database where all is well.
    away = Drifted(tuple(reverse(back)))
    left = tuple(item for item in differences if not found.is_mended(item))
    return Fix((away, *found.leftovers(), *back), left)


class _Named(Protocol):
    @property
    def name(self) -> str: ...


PartT = TypeVar("PartT", bound=_Named)

_MISSING = DifferenceKind.MISSING

_DECLARED = tuple(f"{kind.value} " for kind in ObjectKind)
"""How the parts begin that are declared as SQL; those of guards begin with their name."""

_FIELDS = {
    "type": ("type",),
    "null": ("nullable",),
    "default": ("default", "default_sql"),
    "numbering": ("auto_increment",),
    "generated as": ("generated",),
    "collation": ("collation",),
    "charset": ("charset",),
    "comment": ("comment",),
}
_TABLE_FIELDS = {
    "primary key": "primary_key",
    "comment": "comment",
    "engine": "engine",
    "charset": "charset",
    "collation": "collation",
}


class _Found:
    """The state that was found, as far as operations can tell it: what agrees is what the expected state says."""

    def __init__(self, compared: Comparison, differences: Sequence[Difference]) -> None:
        self._compared = compared
        self._expected, self._said = compared.state, compared.found.said
        self._by_table: dict[str | None, list[Difference]] = defaultdict(list)
        for difference in differences:
            self._by_table[difference.table].append(difference)
        self._enums: dict[str, Enum] = {}
        self._left = {item.table for item in differences if self._is_for_a_person(item)}

    def _is_for_a_person(self, difference: Difference) -> bool:
        """Whether a table is left alone for it: rows lack a value, or a table that nobody knows is pointed to."""
        if difference.table is None or difference.table not in self._expected.tables:
            return False
        if difference.kind is _MISSING and difference.column is not None:
            return self._needs_value(difference)
        if difference.kind is DifferenceKind.UNKNOWN and difference.part.startswith("foreign key "):
            name = difference.part.removeprefix("foreign key ")
            found = next(key for key in self._said.tables[difference.table].foreign_keys if key.name == name)
            return found.table not in self._expected.tables
        return False

    def _needs_value(self, missing: Difference) -> bool:
        column = self._expected.tables[missing.table or ""].column(missing.column or "")
        is_given = column.default is not None or column.default_sql is not None or column.generated is not None
        return not column.nullable and not is_given and not column.auto_increment

    def state(self) -> State:
        """The tables and enums, without what is declared as SQL."""
        gone = {name for name, items in self._by_table.items() if any(_is_table(item, _MISSING) for item in items)}
        tables = [self._table(table) for table in self._expected.tables.values() if table.name not in gone]
        known = {table.name for table in tables}
        tables = [replace(table, foreign_keys=tuple(_reaching(table, known))) for table in tables]
        enums = [self._enum(enum) for enum in self._expected.enums.values()]
        return State.of(tables, [*enums, *self._enums.values()])

    def is_mended(self, difference: Difference) -> bool:
        """Whether the operations mend it."""
        if difference.table in self._left:
            return False
        if difference.kind is DifferenceKind.UNKNOWN:
            return bool(difference.part)
        if difference.expected == "valid":
            return False
        if difference.part.startswith(_DECLARED):
            return any(_is_of(made, difference) for made in self.missing_objects())
        return True

    def missing_objects(self) -> list[SqlObject]:
        """What is declared as SQL and not there."""
        missing = [item for items in self._by_table.values() for item in items if item.kind is _MISSING]
        return [made for made in self._expected.objects.values() if any(_is_of(made, item) for item in missing)]

    def leftovers(self) -> Iterator[RunSql]:
        """What is left of guards of which a part is gone or another one, taken away."""
        dialect = self._compared.dialect
        for name, guard in self._broken():
            statements = dialect.ddl.drop_guard(Table(name, (), ()), guard)
            certain = [
                dialect.ddl.printed(statement)
                .replace(" IF EXISTS", "")
                .replace("DROP TRIGGER", "DROP TRIGGER IF EXISTS")
                for statement in statements
            ]
            certain = [statement.replace("DROP FUNCTION", "DROP FUNCTION IF EXISTS") for statement in certain]
            yield RunSql({word: tuple(certain) if word == dialect.name else () for word in dialects.NAMES}, down=())

    # --- tables ----------------------------------------------------------------------------------------------------------

    def _table(self, expected: Table) -> Table:
        if expected.name in self._left:
            return expected
        differences = self._by_table.get(expected.name, [])
        said = self._said.tables[expected.name]
        broken = {guard.name for name, guard in self._broken() if name == expected.name}
        facts = {
            _TABLE_FIELDS[item.fact]: getattr(said, _TABLE_FIELDS[item.fact])
            for item in differences
            if item.fact in _TABLE_FIELDS and item.column is None
        }
        return replace(
            expected,
            **facts,
            columns=tuple(self._columns(expected, said, differences)),
            uniques=_parts(expected.uniques, said.uniques, "unique ", differences),
            indexes=_parts(expected.indexes, said.indexes, "index ", differences),
            foreign_keys=_parts(expected.foreign_keys, said.foreign_keys, "foreign key ", differences),
            checks=_parts(expected.checks, said.checks, "check ", differences),
            guards=tuple(guard for guard in expected.guards if guard.name not in broken),
        )

    def _columns(self, expected: Table, said: Table, differences: Sequence[Difference]) -> Iterator[Column]:
        found = {column.name: column for column in said.columns}
        changed: dict[str, dict[str, Any]] = defaultdict(dict)
        for item in differences:
            if item.column is not None and item.kind is DifferenceKind.CHANGED:
                have = self._with_enum(found[item.column])
                changed[item.column] |= {field: getattr(have, field) for field in _FIELDS[item.fact]}
        names = {column.name for column in expected.columns}
        for column in expected.columns:
            if column.name in found:
                other = column if column.after in found else replace(column, after=None)
                yield replace(other, **changed[column.name])
        yield from (self._with_enum(column) for name, column in found.items() if name not in names)

    def _broken(self) -> list[tuple[str, MorphGuard]]:
        """The guards that have differences, each with its table; those of a table that is gone have left parts of theirs."""
        return [
            (table, guard)
            for table, guard in self._compared.guards()
            if any(
                item.part.startswith(f"guard {guard.name}: ") or _is_table(item, _MISSING)
                for item in self._by_table.get(table, ())
            )
        ]

    # --- enums -----------------------------------------------------------------------------------------------------------

    def _enum(self, expected: Enum) -> Enum:
        """An enum with the values that its type has, where types have values."""
        values = self._compared.found.raw.enums.get(expected.type_name)
        return expected if values is None else replace(expected, values=values)

    def _with_enum(self, column: Column) -> Column:
        """A column of the database, its enum under a name that the state does not use otherwise."""
        name = column.type.named_enum
        if name is None or name not in self._said.enums:
            return column
        enum = self._said.enums[name]
        for own in self._expected.enums.values():
            is_own = own.type_name == enum.type_name if self._compared.found.raw.enums else own.values == enum.values
            if is_own:
                return replace(column, type=_of_enum(column.type, own.name))
        while name in self._expected.enums:
            name += "Found"
        self._enums[name] = replace(enum, name=name)
        return replace(column, type=_of_enum(column.type, name))


def _parts(
    expected: Sequence[PartT], found: Sequence[PartT], word: str, differences: Sequence[Difference]
) -> tuple[PartT, ...]:
    """The parts of one sort that were found, those that agree as they are expected."""
    by_name = {part.name: part for part in found}
    kinds = {item.part.removeprefix(word): item for item in differences if item.part.startswith(word)}
    kept = [
        by_name[part.name] if part.name in kinds and kinds[part.name].expected != "valid" else part
        for part in expected
        if part.name in by_name
    ]
    names = {part.name for part in expected}
    return (*kept, *(part for part in found if part.name not in names and part.name in kinds))


def _is_of(made: SqlObject, difference: Difference) -> bool:
    """Whether a difference is about something that is declared; a function's name comes with its arguments."""
    return difference.part.partition("(")[0] == f"{made.kind.value} {made.name}"


def _is_table(difference: Difference, kind: DifferenceKind) -> bool:
    return difference.kind is kind and not difference.part


def _reaching(table: Table, known: set[str]) -> Iterator[ForeignKey]:
    return (key for key in table.foreign_keys if key.table in known)


def _of_enum(type_: ColumnType, name: str) -> ColumnType:
    if type_.item is not None:
        return replace(type_, item=replace(type_.item, enum=name))
    return replace(type_, enum=name)
