"""One object's UPDATE: what is bound, what is read back, and what it means that no row was met.

Owns the way between an object and its row that inserts, updates and deletes share: key, version, times, columns read
back.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Sequence
from typing import TYPE_CHECKING, Any, TypeAlias

from isomorph.dialects.base import Dialect
from isomorph.errors import ConstraintViolation, ForeignKeyViolation, NotFound, StaleObject
from isomorph.orm.plans import Atomic, Execute, Fetch, Plan

if TYPE_CHECKING:
    from isomorph.orm.definition import Definition
    from isomorph.orm.model import Model
    from isomorph.orm.plans import Executor

__all__ = [
    "PreparedUpdate",
    "attribute",
    "bound_key",
    "bound_row_key",
    "finish_update",
    "keep_many",
    "key_of",
    "loaded_column",
    "lost",
    "prepare_update",
    "stamp",
    "stamp_new",
    "take_column",
    "take_columns",
    "update",
]


# --- an object and its row -----------------------------------------------------------------------------------------------


def key_of(made: Model) -> tuple[Any, ...]:
    """The key of the object's row, as it is in the database."""
    row = made._row
    assert row is not None  # callers checked
    return tuple([row[position] for position in made._definition.key])


def bound_key(definition: Definition, made: Model, dialect: Dialect) -> tuple[object, ...]:
    """The object's key as its fields have it, for the driver."""
    return tuple(definition.bindings[dialect.name].row(definition.key, definition.key_of(made)))


def bound_row_key(made: Model, dialect: Dialect) -> tuple[object, ...]:
    """The key of the object's row, for the driver."""
    row = made._row
    assert row is not None  # callers checked
    return made._definition.bindings[dialect.name].row_key(row)


def stamp(made: Model) -> None:
    """Set the time of the last change, where the model keeps one."""
    updated_at = made._definition.model.updated_at
    if updated_at is not None:
        setattr(made, updated_at, dt.datetime.now(dt.UTC))


def stamp_new(definition: Definition, made: Sequence[Model]) -> None:
    """Set the times that the model keeps, where the application has not, and the first version; for new objects."""
    if definition.version is not None:
        slot = definition.slots[definition.version]
        for item in made:
            setattr(item, slot, 1)
    if not definition.times:
        return
    now = dt.datetime.now(dt.UTC)
    for item in made:
        for field in definition.times:
            if not hasattr(item, field):
                setattr(item, field, now)


def take_columns(made: Model, positions: Sequence[int], row: Sequence[object], dialect: Dialect) -> None:
    """Take over values of columns as the driver gave them."""
    definition = made._definition
    for position, value in zip(positions, row, strict=True):
        setattr(made, definition.slots[position], definition.codecs[position].loaded(value, dialect.name))


def take_column(
    definition: Definition, made: Sequence[Model], position: int, values: Sequence[Any], dialect: str
) -> None:
    """Take over values of one column as the driver gave them, for each of many objects."""
    slot = definition.slots[position]
    for item, value in zip(made, loaded_column(definition, position, values, dialect), strict=True):
        setattr(item, slot, value)


def loaded_column(definition: Definition, position: int, values: Sequence[Any], dialect: str) -> Sequence[Any]:
    """Values of one column as attributes have them, of what the driver gave."""
    load = definition.codecs[position].loads[dialect]
    return values if load is None else [None if value is None else load(value) for value in values]


def keep_many(definition: Definition, made: Sequence[Model]) -> None:
    """Mark objects as saved with the values that they have."""
    rows: Iterable[tuple[Any, ...]] = map(definition.values, made)
    if definition.shaped:
        rows = map(definition.kept, rows)
    for item, row in zip(made, rows, strict=True):
        item._row = row


def attribute(definition: Definition, error: ConstraintViolation) -> None:
    """Say of a violation that it is of this model, to which was written, where the database names no table."""
    # That of a foreign key may be of a table that points to this one.
    if error.table is None and not isinstance(error, ForeignKeyViolation):
        error.table = definition.model.table.name
        definition.database.annotate(error)


# --- the statement -------------------------------------------------------------------------------------------------------

PreparedUpdate: TypeAlias = tuple[str, tuple[object, ...], tuple[int, ...], tuple[object, ...]]
"""An UPDATE by key: its text, its parameters, the positions of the generated columns that it may change, the values of all."""


def prepare_update(made: Model, dialect: Dialect) -> PreparedUpdate | None:
    """The UPDATE of what changed, or None when nothing did.

    Raises:
        InvalidValue: a value that its column cannot hold.
    """
    definition = made._definition
    row = made._row
    assert row is not None  # callers checked
    values = definition.values(made)
    changed = definition.changed(row, values)
    if not changed:
        return None
    stamped = definition.model.updated_at
    if stamped is not None and definition.positions[stamped] not in changed:
        stamp(made)
        values = definition.values(made)
        changed = tuple(sorted([*changed, definition.positions[stamped]]))
    binding = definition.bindings[dialect.name]
    sql = binding.updates.get(changed) or binding.update_sql(dialect, changed)
    parameters = (*binding.changed(changed, values), *binding.condition(row))
    return sql, parameters, definition.recomputed(changed) if definition.generated else (), values


def finish_update(made: Model, values: tuple[object, ...]) -> None:
    """Mark an object as saved, whose row was found and has these values now, but for the version."""
    definition = made._definition
    version = definition.version
    if version is not None:
        row = made._row
        assert row is not None  # it was updated
        setattr(made, definition.slots[version], row[version] + 1)
        values = definition.values(made)
    made._row = definition.kept(values) if definition.shaped else values


def update(made: Model, prepared: PreparedUpdate, executor: Executor) -> Plan[None]:
    """Run an UPDATE by key, and read back what the database computes anew.

    Raises:
        NotFound: the row is gone.
        StaleObject: the model has a version, and the row another one.
    """
    definition = made._definition
    dialect = executor.dialect
    sql, parameters, recomputed, values = prepared
    rows: list[tuple[object, ...]] = []
    try:
        if not recomputed:
            found: int = yield Execute(sql, parameters)
        elif dialect.writes.returns_updated:
            names = [dialect.quoted(definition.column_names[position]) for position in recomputed]
            rows = yield Fetch(sql + dialect.sql.returning(names), parameters)
            found = len(rows)
        else:
            rows = yield Atomic(_update_and_read(made, prepared, dialect))
            found = len(rows)
    except ConstraintViolation as error:
        attribute(definition, error)
        raise
    if not found:
        yield from lost(made, dialect)
    if rows:
        take_columns(made, recomputed, rows[0], dialect)
        values = definition.values(made)
    finish_update(made, values)


def _update_and_read(made: Model, prepared: PreparedUpdate, dialect: Dialect) -> Plan[list[tuple[object, ...]]]:
    """Without RETURNING: update, then read what the database computed."""
    sql, parameters, recomputed, _ = prepared
    if not (yield Execute(sql, parameters)):
        return []
    find = made._definition.statements[dialect.name].find
    rows: list[tuple[object, ...]] = yield Fetch(find, bound_key(made._definition, made, dialect))
    return [tuple([row[position] for position in recomputed]) for row in rows]


def lost(made: Model, dialect: Dialect) -> Plan[None]:
    """Tell why no row was written.

    Raises:
        NotFound: it is gone.
        StaleObject: it has another version.
    """
    definition = made._definition
    if definition.version is not None:
        rows = yield Fetch(definition.statements[dialect.name].find, bound_row_key(made, dialect))
        if rows:
            raise StaleObject(definition.name)
    raise NotFound(definition.name)
