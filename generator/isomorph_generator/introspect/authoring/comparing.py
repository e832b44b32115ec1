"""Compares what a schema asks for with the database that it was made of. Pure."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import replace
from typing import Protocol, TypeVar

from isomorph.catalog import Column, ColumnType, Table
from isomorph.migrate import State
from isomorph_generator.introspect.authoring.choices import Part, PartKind
from isomorph_generator.introspect.authoring.drafts import Draft
from isomorph_generator.introspect.inspected import Inspected
from isomorph_generator.schema import Project

__all__ = ["difference_parts"]


class _Named(Protocol):
    @property
    def name(self) -> str: ...


NamedT = TypeVar("NamedT", bound=_Named)


def difference_parts(inspected: Inspected, draft: Draft, project: Project) -> Iterator[tuple[Part, str]]:
    """What the schema says otherwise than the database: each part, and the reason why it cannot be said like that."""
    asked = State.of_catalog(project.catalog).tables
    for name, table in inspected.tables.items():
        if name in draft.left_out:
            continue
        found, made = _comparable(draft, table), asked.get(name)
        if made is None:
            yield Part(PartKind.PIVOT, name), "no relation makes it"
            continue
        made = _sorted(made)
        if name not in draft.models:
            if found != made:
                yield Part(PartKind.PIVOT, name), "relations make another table"
            continue
        yield from _of_model(draft, found, made)


def _of_model(draft: Draft, found: Table, made: Table) -> Iterator[tuple[Part, str]]:
    name, model = found.name, draft.models[found.name]
    columns = {column.name: column for column in made.columns}
    pairs = {f"{morph}_{word}": morph for morph in model.morphs for word in ("type", "id")}
    for column in found.columns:
        other = columns.get(column.name)
        if column.name not in model.fields or other == column:
            continue
        if column.name in pairs:
            yield Part(PartKind.MORPH, name, pairs[column.name]), f"a morph_to makes another column {column.name}"
        elif column.name in model.added:
            key = next(key for key in model.belongs.values() if column.name in key.key.columns)
            yield Part(PartKind.KEY, name, key.key.name), f"a relation makes another column {column.name}"
        elif other is None:
            yield Part(PartKind.COLUMN, name, column.name), "the schema gives no such column"
        else:
            yield from ((Part(PartKind.MODIFIER, name, column.name, word), "the schema means something else by it")
                        for word in _differing(column, other))  # fmt: skip
    if {check.name for check in made.checks} - {check.name for check in found.checks}:
        for morph in model.morphs:
            yield Part(PartKind.MORPH, name, morph), "its triggers come with checks, which are not there"
    for kind, mine, theirs in (
        (PartKind.UNIQUE, found.uniques, made.uniques),
        (PartKind.INDEX, found.indexes, made.indexes),
        (PartKind.CHECK, found.checks, made.checks),
        (PartKind.KEY, found.foreign_keys, made.foreign_keys),
    ):
        yield from (
            (Part(kind, name, part), "the schema means something else by it") for part in _changed(mine, theirs)
        )


def _changed(found: Sequence[NamedT], made: Sequence[NamedT]) -> Iterator[str]:
    """Names of parts that are made, and made otherwise."""
    by_name = {part.name: part for part in found}
    yield from (part.name for part in made if part.name in by_name and by_name[part.name] != part)


def _differing(column: Column, other: Column) -> Iterator[str]:
    for word in ("default", "default_sql", "collation", "charset", "comment", "auto_increment"):
        if getattr(column, word) != getattr(other, word):
            yield word


# --- in one form ---------------------------------------------------------------------------------------------------------


def _comparable(draft: Draft, table: Table) -> Table:
    """A table under the names of the schema's enums, in an order that means nothing."""
    columns = tuple(replace(column, type=_renamed(draft.enums, column.type)) for column in table.columns)
    return _sorted(replace(table, columns=columns))


def _renamed(enums: Mapping[str, str], type_: ColumnType) -> ColumnType:
    item = None if type_.item is None else _renamed(enums, type_.item)
    return replace(type_, item=item, enum=None if type_.enum is None else enums.get(type_.enum, type_.enum))


def _sorted(table: Table) -> Table:
    return replace(
        table,
        columns=_by_name(replace(column, after=None, first=False) for column in table.columns),
        uniques=_by_name(table.uniques),
        indexes=_by_name(table.indexes),
        foreign_keys=_by_name(table.foreign_keys),
        checks=_by_name(table.checks),
        guards=_by_name(
            replace(guard, members=tuple(sorted(guard.members, key=lambda member: member.alias)))
            for guard in table.guards
        ),
        aliases=(),
    )


def _by_name(parts: Iterable[NamedT]) -> tuple[NamedT, ...]:
    return tuple(sorted(parts, key=lambda part: part.name))
