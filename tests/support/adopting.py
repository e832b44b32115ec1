"""Schemas written for databases, and whether they say what was found."""

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace
from pathlib import Path

from isomorph.catalog import Column, ColumnType, Enum, ForeignKey, Kind, ReferentialAction, Table
from isomorph.catalog.words import bigint, string
from isomorph.connections import Connection
from isomorph.migrate import State
from isomorph_generator.introspect import Inspected, inspect
from isomorph_generator.introspect.authoring import Header, Written, aliases_of, written_schema
from isomorph_generator.introspect.authoring.settling import settled
from isomorph_generator.schema import Project, load
from isomorph_generator.schema.formatting import formatted

__all__ = ["HEADER", "adopted", "column", "differences", "key", "lines", "schema_of", "table"]

HEADER = Header("a test", ('url = { env = "DATABASE_URL" }',))

Rows = Mapping[tuple[str, str], Sequence[str]]
"""What rows hold in type columns, by table and column."""


# --- tables by hand ------------------------------------------------------------------------------------------------------


def column(text: str) -> Column:
    """`name`, or `name?` that may be NULL; those that end in `_id`, and `id`, are bigints, others texts."""
    name = text.removesuffix("?")
    type_: ColumnType = bigint() if name == "id" or name.endswith("_id") else string(255)
    return Column(name, type_, nullable=text.endswith("?"), auto_increment=name == "id")


def key(
    columns: str, to: str, *, name: str | None = None, on_delete: ReferentialAction = ReferentialAction.NO_ACTION
) -> ForeignKey:
    """`author_id` to `users.id`, or several columns with blanks between: `a b` to `t.c d`."""
    table_, _, references = to.partition(".")
    name = name or f"fk_{columns.replace(' ', '_')}_{table_}"
    return ForeignKey(name, tuple(columns.split()), table_, tuple(references.split()), on_delete)


def table(name: str, columns: str, *keys: ForeignKey, primary_key: str = "id") -> Table:
    """A table of columns with blanks between."""
    made = tuple(column(text) for text in columns.split())
    return Table(name, made, tuple(primary_key.split()), foreign_keys=keys)


# --- schemas -------------------------------------------------------------------------------------------------------------


def schema_of(
    *tables: Table,
    dialect: str = "postgresql",
    enums: Iterable[Enum] = (),
    rows: Rows | None = None,
) -> Written:
    """The schema of some tables, as if they had been found in a database."""
    by_name = {table_.name: table_ for table_ in sorted(tables, key=lambda table_: table_.name)}
    inspected = Inspected(dialect, by_name, {enum.name: enum for enum in enums})
    return written_schema(inspected, HEADER, lambda name, held: (rows or {}).get((name, held), ()))


def adopted(connection: Connection, folder: Path) -> tuple[Inspected, Written, Project]:
    """A database that was read, its schema, and that schema loaded from a folder."""
    inspected = settled(inspect(connection))
    written = written_schema(inspected, HEADER, aliases_of(connection))
    return inspected, written, loaded(written, folder)


def loaded(written: Written, folder: Path) -> Project:
    """A schema as the project that it makes; it is formatted already."""
    assert formatted(written.text) == written.text
    path = folder / "schema.toml"
    path.write_text(written.text, encoding="utf-8")
    return load(path)


def lines(written: Written, table_: str) -> list[str]:
    """The lines of one table of the file."""
    found = re.search(rf"^\[{re.escape(table_)}\]\n(.*?)(?:\n\n|\Z)", written.text, re.MULTILINE | re.DOTALL)
    assert found is not None, f"no [{table_}] in\n{written.text}"
    return found[1].rstrip("\n").split("\n") if found[1].strip() else []


# --- the same? -----------------------------------------------------------------------------------------------------------


def differences(inspected: Inspected, project: Project) -> list[str]:
    """What a schema's tables are otherwise than those that were found. What enums are called in Python does not count."""
    found = _without_order(inspected.tables.values(), inspected.enums)
    state = State.of_catalog(project.catalog)
    made = _without_order(state.tables.values(), state.enums)
    told = [f"no table {name}" for name in found if name not in made]
    told += [f"a further table {name}" for name in made if name not in found]
    for name in found.keys() & made.keys():
        for part in ("columns", "primary_key", "uniques", "indexes", "foreign_keys", "checks", "guards"):
            ours: Sequence[object] = getattr(made[name], part)
            theirs: Sequence[object] = getattr(found[name], part)
            if ours != theirs:
                told.append(f"{name}.{part}: {_only(theirs, ours)} became {_only(ours, theirs)}")
        for part in ("comment", "engine", "charset", "collation"):
            if getattr(made[name], part) != getattr(found[name], part):
                told.append(f"{name}.{part}")
    return told


def _only(parts: Sequence[object], others: Sequence[object]) -> Sequence[object]:
    """Of two lists the items that only one has; anything else as it is."""
    return parts if isinstance(parts, str) else [part for part in parts if part not in others]


def _without_order(tables: Iterable[Table], enums: Mapping[str, Enum]) -> dict[str, Table]:
    return {table_.name: _sorted(table_, enums) for table_ in tables}


def _sorted(table_: Table, enums: Mapping[str, Enum]) -> Table:
    columns = (replace(one, type=_by_values(one.type, enums), after=None, first=False) for one in table_.columns)
    guards = (replace(guard, members=tuple(sorted(guard.members, key=repr))) for guard in table_.guards)
    return replace(
        table_,
        columns=tuple(sorted(columns, key=repr)),
        uniques=tuple(sorted(table_.uniques, key=repr)),
        indexes=tuple(sorted(table_.indexes, key=repr)),
        foreign_keys=tuple(sorted(table_.foreign_keys, key=repr)),
        checks=tuple(sorted(table_.checks, key=repr)),
        guards=tuple(sorted(guards, key=repr)),
        aliases=(),
    )


def _by_values(type_: ColumnType, enums: Mapping[str, Enum]) -> ColumnType:
    """A type that names the values of its enum instead of the enum."""
    item = None if type_.item is None else _by_values(type_.item, enums)
    values = None if type_.enum is None else "|".join(enums[type_.enum].values)
    return replace(type_, item=item, enum=values) if type_.kind is not Kind.CUSTOM else type_
