"""Compares two databases: what they mean by their words, and where that is the same, the words. Pure.

The one side was made from a state, so that a fact agrees when it is that of the other side, or what the state says: a
foreign database says `DATETIME` where isomorph, on SQLite, makes a TEXT that only the state knows to be a datetime.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, fields
from typing import Protocol, TypeVar

from isomorph.catalog import Column, MorphGuard, Table
from isomorph.dialects.base import Dialect
from isomorph.migrate import State
from isomorph_generator.introspect.differences import Difference, DifferenceKind
from isomorph_generator.introspect.facts import (
    check_text,
    column_facts,
    foreign_key_text,
    index_text,
    table_facts,
    type_text,
    unique_text,
)
from isomorph_generator.introspect.guards import made_by
from isomorph_generator.introspect.inspected import Inspected
from isomorph_generator.introspect.raw import (
    RawCheck,
    RawColumn,
    RawDatabase,
    RawForeignKey,
    RawIndex,
    RawKey,
    RawTable,
)
from isomorph_generator.introspect.tokens import same_text

__all__ = ["Comparison", "Side"]

_MISSING, _UNKNOWN = DifferenceKind.MISSING, DifferenceKind.UNKNOWN
_CHANGED, _SPELLED = DifferenceKind.CHANGED, DifferenceKind.SPELLED


@dataclass(frozen=True, slots=True)
class Side:
    """A database, in its own words and in those of the catalog."""

    raw: RawDatabase
    said: Inspected


class _Named(Protocol):
    @property
    def name(self) -> str: ...


PartT = TypeVar("PartT", bound=_Named)


@dataclass(frozen=True, slots=True)
class Comparison:
    """A state, the database that was made from it, and the one that is to be like it."""

    dialect: Dialect
    state: State
    expected: Side
    found: Side

    def differences(self) -> tuple[Difference, ...]:
        """All differences, those of spelling as well."""
        return (*self._of_enums(), *self._of_tables(), *self._of_triggers(), *self._of_code())

    # --- tables ----------------------------------------------------------------------------------------------------------

    def _of_tables(self) -> Iterator[Difference]:
        expected, found = self.expected.said.tables, self.found.said.tables
        for name in sorted({*expected, *found}):
            if name not in found:
                yield Difference(_MISSING, name)
            elif name not in expected:
                yield Difference(_UNKNOWN, name)
            else:
                yield from self._of_table(name)

    def _of_table(self, name: str) -> Iterator[Difference]:
        expected, found = self.expected.said.tables[name], self.found.said.tables[name]
        word = self.dialect.name
        wanted, have = table_facts(expected, word), table_facts(found, word)
        for fact, value in wanted.items():
            if have[fact].key != value.key:
                yield Difference(_CHANGED, name, "", None, fact, value.text, have[fact].text)
        yield from self._of_columns(expected, found)
        yield from self._of_parts(expected, "unique", lambda table: table.uniques, unique_text)
        yield from self._of_parts(expected, "index", lambda table: table.indexes, index_text)
        yield from self._of_parts(expected, "foreign key", lambda table: table.foreign_keys, foreign_key_text)
        yield from self._of_parts(expected, "check", lambda table: table.checks, check_text)
        yield from _of_spelling(self.expected.raw.tables[name], self.found.raw.tables[name])

    def _of_columns(self, expected: Table, found: Table) -> Iterator[Difference]:
        wanted = {column.name: column for column in expected.columns}
        have = {column.name: column for column in found.columns}
        for name in (*wanted, *(name for name in have if name not in wanted)):
            part = f"column {name}"
            if name not in have:
                text = self._type_text(self._declared(expected.name, wanted[name]))
                yield Difference(_MISSING, expected.name, part, name, "", text, None)
            elif name not in wanted:
                text = type_text(have[name].type, self.found.said.enums, self.dialect.name)
                yield Difference(_UNKNOWN, expected.name, part, name, "", None, text)
            else:
                yield from self._of_column(expected.name, wanted[name], have[name])

    def _of_column(self, table: str, expected: Column, found: Column) -> Iterator[Difference]:
        word = self.dialect.name
        declared = self._declared(table, expected)
        of_state = column_facts(declared, self.state.enums, word)
        of_made = column_facts(expected, self.expected.said.enums, word)
        for fact, have in column_facts(found, self.found.said.enums, word).items():
            if have.key not in (of_made[fact].key, of_state[fact].key):
                # What the state says is what its reader wrote; what was made of it differs only where that has no word.
                text = of_state[fact].text if fact in {"type", "default"} else of_made[fact].text
                yield Difference(_CHANGED, table, f"column {expected.name}", expected.name, fact, text, have.text)

    def _declared(self, table: str, column: Column) -> Column:
        """The column as the state has it."""
        return self.state.tables[table].column(column.name)

    def _type_text(self, column: Column) -> str:
        return type_text(column.type, self.state.enums, self.dialect.name)

    def _of_parts(
        self,
        table: Table,
        word: str,
        parts: Callable[[Table], Sequence[PartT]],
        text: Callable[[PartT, str], str],
    ) -> Iterator[Difference]:
        name = table.name
        wanted = {part.name: text(part, self.dialect.name) for part in parts(table)}
        have = {part.name: text(part, self.dialect.name) for part in parts(self.found.said.tables[name])}
        for part in (*wanted, *(part for part in have if part not in wanted)):
            label = f"{word} {part}"
            if part not in have:
                yield Difference(_MISSING, name, label, expected=wanted[part])
            elif part not in wanted:
                yield Difference(_UNKNOWN, name, label, found=have[part])
            elif wanted[part] != have[part]:
                yield Difference(_CHANGED, name, label, expected=wanted[part], found=have[part])

    # --- enums, triggers, functions, views -----------------------------------------------------------------------------

    def _of_enums(self) -> Iterator[Difference]:
        expected, found = self.expected.raw.enums, self.found.raw.enums
        for name in sorted({*expected, *found}):
            label = f"enum {name}"
            if name not in found:
                yield Difference(_MISSING, None, label, expected=", ".join(expected[name]))
            elif name not in expected:
                yield Difference(_SPELLED, None, label, expected="none", found=", ".join(found[name]))
            elif expected[name] != found[name]:
                wanted, have = (f"({', '.join(values)})" for values in (expected[name], found[name]))
                yield Difference(_CHANGED, None, label, expected=wanted, found=have)

    def _of_triggers(self) -> Iterator[Difference]:
        owners = dict(self._owners())
        expected = {(trigger.table, trigger.name): trigger for trigger in self.expected.raw.triggers}
        found = {(trigger.table, trigger.name): trigger for trigger in self.found.raw.triggers}
        for (table, name), trigger in expected.items():
            label = f"trigger {name}"
            owner, guard = owners.get(name, (table, ""))
            part = f"guard {guard}: {label}" if guard else label
            if table not in self.found.raw.tables:
                continue
            if (table, name) not in found:
                yield Difference(_MISSING, owner, part)
            elif not found[table, name].enabled:
                yield Difference(_CHANGED, owner, part, expected="enabled", found="disabled")
            elif same_text(trigger.sql) != same_text(found[table, name].sql):
                yield Difference(_CHANGED, owner, part, expected="its definition", found="another one")
        for table, name in found.keys() - expected.keys():
            if table in self.expected.raw.tables:
                yield Difference(_SPELLED, table, f"trigger {name}", expected="none", found="one")

    def _owners(self) -> Iterator[tuple[str, tuple[str, str]]]:
        """The triggers and functions of guards, with the table and the name of their guard."""
        for table, guard in self.guards():
            for names in made_by(self.dialect, table, guard):
                yield from ((name, (table, guard.name)) for name in names)

    def guards(self) -> Iterator[tuple[str, MorphGuard]]:
        """The guards of the state, each with its table."""
        return ((table.name, guard) for table in self.state.tables.values() for guard in table.guards)

    def _of_code(self) -> Iterator[Difference]:
        owners = dict(self._owners())
        sides = (self.expected.raw, self.found.raw)
        described = {
            "function": [_texts(raw.functions) for raw in sides],
            "view": [_texts(raw.views) for raw in sides],
            "": [{f"{kind} {name}": "" for kind, name in raw.others} for raw in sides],
        }
        for word, (expected, found) in described.items():
            for name in sorted({*expected, *found}):
                owner, guard = owners.get(name.partition("(")[0], (None, ""))
                label = f"{word} {name}".strip()
                part = f"guard {guard}: {label}" if guard else label
                if name not in found:
                    yield Difference(_MISSING, owner, part)
                elif name not in expected:
                    yield Difference(_SPELLED, owner, part, expected="none", found="one")
                elif expected[name] != found[name]:
                    yield Difference(_CHANGED, owner, part, expected="its definition", found="another one")


def _texts(parts: Sequence[_WithSql]) -> dict[str, str]:
    return {part.name: same_text(part.sql) for part in parts}


class _WithSql(Protocol):
    @property
    def name(self) -> str: ...

    @property
    def sql(self) -> str: ...


# --- spelling ----------------------------------------------------------------------------------------------------------


def _of_spelling(expected: RawTable, found: RawTable) -> Iterator[Difference]:
    """Facts that have no word in the catalog. That something is not valid, for all rows or at all, is no matter of words."""
    name = expected.name
    pairs = (
        ("unique", expected.uniques, found.uniques),
        ("index", expected.indexes, found.indexes),
        ("foreign key", expected.foreign_keys, found.foreign_keys),
        ("check", expected.checks, found.checks),
    )
    for label, wanted, have in pairs:
        known = {part.name: part for part in wanted}
        for part in have:
            other = known.get(part.name)
            if other is None:
                continue
            facts, own = _facts(part), _facts(other)
            if facts != own:
                kind = _CHANGED if _INVALID & {*facts} else _SPELLED
                words = "valid" if kind is _CHANGED else ", ".join(own)
                yield Difference(kind, name, f"{label} {part.name}", expected=words, found=", ".join(facts))
    if expected.options != found.options:
        wanted_text, have_text = (", ".join(table.options) for table in (expected, found))
        yield Difference(_SPELLED, name, "", fact="options", expected=wanted_text, found=have_text)
    columns = {column.name: column for column in found.columns}
    for column in expected.columns:
        if column.name in columns:
            yield from _of_column_spelling(name, column, columns[column.name])


_INVALID = frozenset({"invalid", "not valid", "not enforced"})


def _facts(part: RawKey | RawIndex | RawForeignKey | RawCheck) -> list[str]:
    """What a constraint or index has that the catalog has no word for."""
    facts = [part.options] if part.options else []
    if not isinstance(part, RawIndex):
        return facts
    for place in part.parts:
        facts += [f"{place.column} {place.options}"] if place.options else []
        facts += [f"{place.column} ({place.prefix})"] if place.prefix is not None else []
    return facts if part.valid else [*facts, "invalid"]


def _of_column_spelling(table: str, expected: RawColumn, found: RawColumn) -> Iterator[Difference]:
    for field in fields(RawColumn):
        wanted, have = (_spelling(field.name, getattr(column, field.name)) for column in (expected, found))
        if wanted != have:
            yield Difference(
                _SPELLED, table, f"column {expected.name}", expected.name, field.name, str(wanted), str(have)
            )


def _spelling(field: str, value: object) -> object:
    return same_text(value) if field in {"default", "generated"} and isinstance(value, str) else value
