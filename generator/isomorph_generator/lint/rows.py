"""Rules about rows that are there: what they must keep to from now on."""

from __future__ import annotations

from collections.abc import Iterator

from isomorph.catalog import INTEGERS, Column, IndexColumn, Kind, Table
from isomorph.migrate import (
    AddColumn,
    AddForeignKey,
    AddUnique,
    ChangeColumn,
    ChangePrimaryKey,
    CreateIndex,
    CreateTable,
)
from isomorph_generator.lint.findings import Example, Rule, Said, Severity, each
from isomorph_generator.lint.sight import Place

__all__ = ["RULES"]

_FEW, _MANY = 0.5, 0.9
"""Which part of its numbers a key may have used before it is told, and before it is an error."""


def _without_default(column: Column) -> bool:
    return (
        not column.nullable
        and column.default is None
        and column.default_sql is None
        and column.generated is None
        and not column.auto_increment
    )


def _not_null(place: Place) -> Iterator[Said]:
    match place.operation:
        case AddColumn(table, column) if place.is_in_use(table) and _without_default(column):
            if place.is_empty(table):
                return
            what = f"rows of {table} have no value for {column.name}, which is NOT NULL and has no default"
            yield Said(place, what, "give it a default, or add it as nullable, fill it, and make it NOT NULL then")
        case ChangeColumn(table, before, after, using) if (
            before.nullable and _without_default(after) and place.is_in_use(table) and using is None
        ):
            nulls = None if place.live is None else place.live.has_nulls(table, after.name)
            if nulls is False:
                return
            what = f"{table}.{after.name} becomes NOT NULL without a default: "
            what += "rows hold NULL, and fail it" if nulls else "a row that holds NULL fails it"
            mend = "fill it in a revision before this one, or give it a default"
            yield Said(place, what, mend, Severity.ERROR if nulls else Severity.WARNING)
        case _:
            pass


def _unique(place: Place) -> Iterator[Said]:
    match place.operation:
        case AddUnique(table, unique):
            columns: tuple[str, ...] | None = unique.columns
        case CreateIndex(table, index) if index.unique:
            columns = index.column_names if index.where is None else None
        case ChangePrimaryKey(table, _, after):
            columns = after
        case _:
            return
    if not place.is_in_use(table):
        return
    found = None if place.live is None or columns is None else place.live.has_duplicates(table, columns)
    if found is False:
        return
    named = "what the index is made of" if columns is None else ", ".join(columns)
    if found:
        what = f"rows of {table} are alike in {named}, and fail it"
        yield Said(place, what, "merge or change such rows in a revision before this one", Severity.ERROR)
    else:
        what = f"two rows of {table} that are alike in {named} fail it"
        mend = "look for such rows (`orm migrate lint --live`), and allow it with the reason that there are none"
        yield Said(place, what, mend)


def _keys_of(table: Table) -> Iterator[tuple[str, ...]]:
    yield table.primary_key
    yield from (unique.columns for unique in table.uniques)
    for index in table.indexes:
        names: list[str] = []
        for part in index.columns:
            if not isinstance(part, IndexColumn):
                break
            names.append(part.name)
        if index.where is None:
            yield tuple(names)


def _key_without_index(place: Place) -> Iterator[Said]:
    # MySQL makes the index that a foreign key needs itself.
    match place.operation:
        case CreateTable(table):
            keys = table.foreign_keys
        case AddForeignKey(name, foreign_key):
            table, keys = place.after.tables[name], (foreign_key,)
        case _:
            return
    indexed = list(_keys_of(table))
    for key in keys:
        if not any({*columns[: len(key.columns)]} == {*key.columns} for columns in indexed):
            what = f"no index of {table.name} begins with {', '.join(key.columns)}, so that each delete in {key.table} "
            what += f"reads all of {table.name}{place.size(table.name)}"
            yield Said(place, what, "say `index = true` of the relation or its field in the schema, or create one here")


def _numbers(place: Place) -> Iterator[Said]:
    match place.operation:
        case CreateTable(table):
            columns, name = table.columns, table.name
        case AddColumn(name, column) | ChangeColumn(name, _, column):
            columns = (column,)
        case _:
            columns, name = (), ""
    for column in columns:
        bounds = INTEGERS.get(column.type.kind)
        if not column.auto_increment or bounds is None or bounds.stop - 1 >= INTEGERS[Kind.BIGINT].stop - 1:
            continue
        most = bounds.stop - 1
        highest = None if place.live is None else place.live.highest(name, column.name)
        used = None if highest is None else highest / most
        if used is not None and used < _FEW and most >= INTEGERS[Kind.INT].stop - 1:
            continue
        seen = "" if used is None else f", of which {used:.0%} are used"
        what = f"{name}.{column.name} numbers rows up to {most:,}{seen}; then no row can be added"
        severity = Severity.ERROR if used is not None and used > _MANY else None
        yield Said(place, what, "make it a bigint, and what references it, too", severity)
    yield from _narrow_references(place)


def _narrow_references(place: Place) -> Iterator[Said]:
    """Columns that reference a key and end before it."""
    match place.operation:
        case CreateTable(table):
            keys = table.foreign_keys
        case AddForeignKey(name, foreign_key):
            table, keys = place.after.tables[name], (foreign_key,)
        case _:
            return
    for key in keys:
        other = place.after.tables.get(key.table, table)
        for own, referenced in zip(key.columns, key.references, strict=True):
            bounds = [INTEGERS.get(found.column(part).type.kind) for found, part in ((table, own), (other, referenced))]
            if bounds[0] is not None and bounds[1] is not None and bounds[0].stop < bounds[1].stop:
                what = f"{table.name}.{own} ends at {bounds[0].stop - 1:,}, before {key.table}.{referenced} does"
                yield Said(place, what, f"give it the type of {key.table}.{referenced}")


RULES = (
    Rule(
        "MIG007",
        "not-null-without-default",
        Severity.ERROR,
        "A column is NOT NULL, and the rows that are there have no value for it",
        "A new column that is NOT NULL without a default fails as soon as there is a row; one that becomes NOT NULL fails "
        "when a row holds NULL. With a database at hand, rows that do are looked for.",
        bad=Example('AddColumn("users", Column("country", t.string(2)))'),
        good=Example('AddColumn("users", Column("country", t.string(2), default=Default("ch")))'),
        look=each(_not_null),
    ),
    Rule(
        "MIG008",
        "unique-over-rows",
        Severity.WARNING,
        "What is there must be unique from now on",
        "Two rows that are alike make it fail. With a database at hand, such rows are looked for: then it is an error, or "
        "nothing.",
        bad=Example('AddUnique("users", Unique("users_nickname_unique", ("nickname",)))'),
        good=Example(
            'CreateTable(Table("tags", columns=(Column("id", t.bigint()), Column("name", t.string(50))), '
            'primary_key=("id",))), AddUnique("tags", Unique("tags_name_unique", ("name",)))'
        ),
        look=each(_unique),
    ),
    Rule(
        "MIG014",
        "foreign-key-without-index",
        Severity.WARNING,
        "No index serves a foreign key",
        "Whenever a row of the other table is deleted or its key changes, the rows that point to it are looked for: without "
        "an index, among all rows. MySQL and MariaDB make the index themselves "
        "(https://www.postgresql.org/docs/current/ddl-constraints.html#DDL-CONSTRAINTS-FK, "
        "https://sqlite.org/foreignkeys.html#fk_indexes).",
        bad=Example('AddForeignKey("posts", ForeignKey("posts_editor_id_foreign", ("editor_id",), "users", ("id",)))'),
        good=Example(
            'CreateIndex("posts", Index("posts_editor_id_index", (IndexColumn("editor_id"),))), '
            'AddForeignKey("posts", ForeignKey("posts_editor_id_foreign", ("editor_id",), "users", ("id",)))'
        ),
        look=each(_key_without_index),
        dialects=("sqlite", "postgresql"),
    ),
    Rule(
        "MIG018",
        "key-exhaustion",
        Severity.WARNING,
        "A key runs out of numbers",
        "A key of 32 bits ends at 2,147,483,647, also by rows that were rolled back or deleted; then every insert fails. "
        "With a database at hand, it is told how many are used.",
        bad=Example(
            'CreateTable(Table("events", columns=(Column("id", t.int(), auto_increment=True),), primary_key=("id",)))'
        ),
        good=Example(
            'CreateTable(Table("events", columns=(Column("id", t.bigint(), auto_increment=True),), primary_key=("id",)))'
        ),
        look=each(_numbers),
    ),
)
