"""Touching: what a row points to by a relation that touches is written at the same moment, as far as its time goes.

Owns which rows these are and the statements for them: one for each relation and level, whatever the number of rows. Where
the touched rows touch others, these are next.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Iterable, Mapping, Sequence
from typing import TYPE_CHECKING, Any, TypeAlias, TypeVar

from isomorph.orm.keys import in_batches, keys_predicate, most_keys
from isomorph.orm.plans import Execute, Fetch, Plan, run
from isomorph.orm.restoring import restoring
from isomorph.sql.expressions import Bound
from isomorph.sql.select import Select
from isomorph.sql.statements import compile_update

if TYPE_CHECKING:
    from isomorph.orm.definition import Definition
    from isomorph.orm.model import Model
    from isomorph.orm.plans import Executor

__all__ = ["Touched", "note", "note_object", "touch", "writing_touching"]

T = TypeVar("T")

Touched: TypeAlias = "dict[tuple[str, tuple[str, ...]], dict[tuple[object, ...], None]]"
"""By model and columns of its table, the keys there of the rows that are to be touched."""


def note(found: Touched, definition: Definition, values: Mapping[str, object]) -> None:
    """Note what a row touches.

    Args:
        found: takes it.
        definition: the model of the row.
        values: what it has in the columns by which it points to others, as far as they are known.
    """
    for relation in definition.touches:
        target, remote = relation.target, tuple(relation.remote)
        if relation.morph is not None:
            alias, value = relation.morph.pointed(values)
            target = next((member.model for member in relation.morph.members if member.alias == alias), None)
            key: tuple[object, ...] = (value,)
            if target is not None:
                remote = definition.database.definition(target).model.table.primary_key[:1]
        else:
            key = tuple([values.get(column) for column in relation.local])
        if target is not None and None not in key:
            found.setdefault((target, remote), {})[key] = None


def note_object(found: Touched, made: Model, *, as_loaded: bool = False) -> None:
    """Note what an object touches as it is, or as its row was when it was loaded."""
    definition = made._definition
    row = made._row if as_loaded else definition.values(made)
    if row is not None:
        note(found, definition, dict(zip(definition.column_names, row, strict=True)))


def touch(definition: Definition, found: Touched, executor: Executor, known: Iterable[Model] = ()) -> Plan[None]:
    """Set the time of the last write of rows, and of those that they touch.

    Args:
        definition: any model of the database.
        found: the rows.
        executor: the connection, in a transaction.
        known: objects that are told, where they are of these rows.
    """
    now = dt.datetime.now(dt.UTC)
    objects = list(known)
    seen: set[tuple[str, tuple[str, ...], tuple[object, ...]]] = set()
    while found:
        further: Touched = {}
        for (name, columns), keys in found.items():
            fresh = [key for key in keys if (name, columns, key) not in seen]
            seen.update((name, columns, key) for key in fresh)
            if fresh:
                target = definition.database.definition(name)
                yield from _touch(target, columns, fresh, now, executor, further)
                for item in objects:
                    if item._definition.model is target.model:
                        _tell(item, columns, fresh, now)
        found = further


def _touch(
    target: Definition,
    columns: Sequence[str],
    keys: Sequence[tuple[object, ...]],
    now: dt.datetime,
    executor: Executor,
    further: Touched,
) -> Plan[None]:
    model, dialect = target.model, executor.dialect
    own = target.of_columns(columns)
    names = list(dict.fromkeys(name for relation in target.touches for name in relation.own_columns))
    for some in in_batches(keys, most_keys(len(columns))):
        among = keys_predicate(own, some)
        if model.updated_at is not None:
            changed = target.columns[model.updated_at]
            changes = {changed.name: Bound[Any](now, changed.codec)}
            yield Execute(*compile_update(dialect, model.table.name, changes, [among]))
        if names:
            statement = Select(model.table.name)
            statement.columns = target.of_columns(names)
            statement.predicates = (among,)
            rows: list[tuple[Any, ...]] = yield Fetch(*statement.compile(dialect))
            for row in rows:
                values = zip(statement.columns, row, strict=True)
                note(
                    further, target, {column.name: column.codec.loaded(value, dialect.name) for column, value in values}
                )


def _tell(item: Model, columns: Sequence[str], keys: Iterable[tuple[object, ...]], now: dt.datetime) -> None:
    """Let an object know that its row was touched, unless the application set that time and has not saved it."""
    definition, row = item._definition, item._row
    field = definition.model.updated_at
    if row is None or field is None:
        return
    places = [definition.positions.get(definition.model.field_of(column).name) for column in columns]
    if None in places or tuple([row[place] for place in places if place is not None]) not in set(keys):
        return
    position = definition.positions[field]
    if getattr(item, field) == row[position]:
        setattr(item, field, now)
        item._row = (*row[:position], now, *row[position + 1 :])


# --- one object ------------------------------------------------------------------------------------------------------------


def writing_touching(made: Model, executor: Executor, write: Callable[[], T]) -> T:
    """Write an object and touch what it points to, before and after, in one transaction.

    Args:
        made: an object of a model that touches.
        executor: its connection.
        write: inserts, updates or deletes it.
    """
    found: Touched = {}
    note_object(found, made, as_loaded=True)
    with restoring([made]), executor.transaction():
        result = write()
        note_object(found, made)
        run(executor, touch(made._definition, found, executor, _loaded(made)))
    return result


def _loaded(made: Model) -> list[Model]:
    """What the object has loaded of what it touches."""
    found = [getattr(made, f"_{relation.name}", None) for relation in made._definition.touches]
    return [item for item in found if item is not None]
