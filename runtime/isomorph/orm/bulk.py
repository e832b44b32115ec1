"""Many rows, and rows that may exist already: insert_many, upsert, first_or_create and their kin, as plans.

Each plan runs in one transaction where it takes more than one statement.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from itertools import chain, repeat
from operator import attrgetter, itemgetter
from typing import TYPE_CHECKING, Any, Generic, TypeVar, cast

from isomorph.dataclassing import dataclass
from isomorph.errors import ConstraintViolation, ForeignKeyViolation, InvalidQuery, UniqueViolation
from isomorph.orm import updating, writing
from isomorph.orm.copying import can_copy, copy
from isomorph.orm.keys import in_batches, in_order, keys_predicate, most_keys, round_slices, slices
from isomorph.orm.plans import Atomic, Execute, Fetch, Insert, Plan, Repeatable
from isomorph.orm.touching import Touched, note_object, touch
from isomorph.orm.violations import name_only_key
from isomorph.sql.expressions import Predicate
from isomorph.sql.kinds import Column, Comparable
from isomorph.sql.select import Select
from isomorph.sql.statements import compile_insert, compile_insert_of

if TYPE_CHECKING:
    from isomorph.orm.definition import Definition
    from isomorph.orm.model import Model
    from isomorph.orm.plans import Executor

__all__ = [
    "Making",
    "by_keys",
    "by_positions",
    "create_or_first",
    "first_or_create",
    "insert_batches",
    "insert_many",
    "insertions",
    "rows_by",
    "update_one",
    "update_or_create",
]

M = TypeVar("M", bound="Model")
T = TypeVar("T")

# --- insert many -------------------------------------------------------------------------------------------------------


def insert_many(made: Sequence[M], executor: Executor) -> Plan[None]:
    """Insert new objects with few statements and take over their keys and defaults.

    Raises:
        InvalidValue: a value that its column cannot hold; nothing is written.
    """
    if not made:
        return
    definition = made[0]._definition
    # All are checked before the first is written.
    binding = definition.bindings[executor.dialect.name]
    groups = [
        (positions, items, binding.columns(positions, columns))
        for positions, items, columns in by_positions(definition, made)
    ]
    plans: list[Plan[None]] = []
    for positions, items, columns in groups:
        if all(position in positions for position in definition.key):
            order = in_order([columns[positions.index(position)] for position in definition.key])
            items = [items[number] for number in order]
            columns = [list(map(column.__getitem__, order)) for column in columns]
        if can_copy(definition, positions, len(items), executor):
            plans.append(_copied_or_inserted(definition, positions, items, columns, executor))
        else:
            plans += _inserts(definition, positions, items, columns, executor)
    if definition.touches:
        plans.append(_touching(made, executor))
    try:
        if len(plans) == 1:
            yield from plans[0]
        else:
            yield Atomic(_each(plans))
    except ConstraintViolation as error:
        writing.attribute(definition, error)
        if isinstance(error, ForeignKeyViolation):
            name_only_key(definition, error)
        raise


def by_positions(
    definition: Definition, made: Sequence[M]
) -> list[tuple[tuple[int, ...], Sequence[M], list[list[Any]]]]:
    """New objects by the positions of the columns that they have values for, with these columns; their times are set."""
    updating.stamp_new(definition, made)
    columns = _given(definition, made)
    if columns is not None:
        return [(definition.given, made, columns)]
    groups: dict[tuple[int, ...], list[M]] = {}
    for item in made:
        groups.setdefault(writing.set_positions(item), []).append(item)
    return [(positions, items, _columns(definition, positions, items)) for positions, items in groups.items()]


def _given(definition: Definition, made: Sequence[Model]) -> list[list[Any]] | None:
    """The columns of objects that have values for those that are always given, and for no other; as nearly all have."""
    for slot in definition.filled_slots:
        if any(map(hasattr, made, repeat(slot))):
            return None
    try:
        return _columns(definition, definition.given, made)
    except AttributeError:
        return None


def _columns(definition: Definition, positions: Sequence[int], made: Sequence[Model]) -> list[list[Any]]:
    # Not a tuple for each object: ten thousand of those set the collector going.
    return [list(map(attrgetter(definition.slots[position]), made)) for position in positions]


def _touching(made: Sequence[Model], executor: Executor) -> Plan[None]:
    """Touch what new objects point to."""
    found: Touched = {}
    for item in made:
        note_object(found, item)
    yield from touch(made[0]._definition, found, executor)


def _each(plans: Iterable[Plan[None]]) -> Plan[None]:
    for plan in plans:
        yield from plan


def insert_batches(rows: Sequence[Sequence[object]], executor: Executor) -> Iterable[slice]:
    """Which rows go into one INSERT each."""
    dialect = executor.dialect
    writes = dialect.writes
    most = max(1, min(writes.most_rows, dialect.sql.most_parameters // max(1, len(rows[0]))))
    return round_slices(len(rows), most) if writes.keeps_texts else slices(rows, most, writes.most_size)


def insertions(
    definition: Definition,
    positions: Sequence[int],
    columns: Sequence[list[Any]],
    executor: Executor,
    behind: str = "",
) -> Iterable[tuple[slice, str, list[object]]]:
    """The INSERTs of rows that have values at these positions: which rows, the text, the parameters.

    Args:
        definition: the model.
        positions: of the columns; at least one.
        columns: bound values.
        executor: who is asked.
        behind: follows each text as it is.
    """
    dialect, table = executor.dialect, definition.model.table
    names = [definition.column_names[position] for position in positions]
    source = dialect.writes.rows_of([definition.codecs[position].type for position in positions])
    number = len(columns[0])
    if source is not None and number > 1:
        sql = compile_insert_of(dialect, table.name, names, source, behind=behind)
        for start in range(0, number, _MOST_LISTED):
            part = slice(start, start + _MOST_LISTED)
            yield part, sql, [column[part] for column in columns]
        return
    rows = list(zip(*columns, strict=True))
    for part in insert_batches(rows, executor):
        some = rows[part]
        yield part, compile_insert(dialect, table, names, len(some), behind=behind), list(chain.from_iterable(some))


_MOST_LISTED = 10_000
"""Rows of an INSERT whose columns are lists."""


def _inserts(
    definition: Definition,
    positions: Sequence[int],
    items: Sequence[Model],
    columns: Sequence[list[Any]],
    executor: Executor,
) -> list[Plan[None]]:
    if not positions:
        # A row of nothing but defaults has no multi-row form in standard SQL.
        return [_insert_batch_one(definition, item, executor) for item in items]
    return [
        _insert_batch(definition, positions, items[part], sql, parameters, executor)
        for part, sql, parameters in insertions(definition, positions, columns, executor)
    ]


def _copied_or_inserted(
    definition: Definition,
    positions: Sequence[int],
    items: Sequence[Model],
    columns: Sequence[list[Any]],
    executor: Executor,
) -> Plan[None]:
    done: bool = yield from copy(definition, positions, items, columns, executor)
    if not done:
        yield Atomic(_each(_inserts(definition, positions, items, columns, executor)))


def _insert_batch(
    definition: Definition,
    positions: Sequence[int],
    batch: Sequence[M],
    sql: str,
    parameters: list[object],
    executor: Executor,
) -> Plan[None]:
    dialect = executor.dialect
    missing = tuple([position for position in range(len(definition.fields)) if position not in positions])
    if not missing:
        yield Execute(sql, parameters)
        rows: Sequence[tuple[Any, ...]] = [()] * len(batch)
    elif "returning" in executor.capabilities:
        wanted = tuple(dict.fromkeys((*definition.key, *missing)))
        columns = [dialect.quoted(definition.column_names[position]) for position in wanted]
        found = yield Fetch(sql + dialect.sql.returning(columns), parameters)
        rows = _in_order(definition, wanted, missing, found, batch, executor)
    else:
        rows = yield from _insert_and_read(definition, sql, parameters, missing, batch, executor)
    updating.take_many(definition, batch, missing, rows, dialect.name)
    updating.keep_many(definition, batch)


def _insert_batch_one(definition: Definition, item: Model, executor: Executor) -> Plan[None]:
    dialect = executor.dialect
    sql = writing.insert_sql(definition, dialect, writing.set_positions(item))
    missing = tuple(range(len(definition.fields)))
    if "returning" in executor.capabilities:
        names = [dialect.quoted(name) for name in definition.column_names]
        rows = yield Fetch(sql + dialect.sql.returning(names))
        writing.finish_insert(item, missing, rows[0], dialect)
        return
    number = yield Insert(sql)
    rows = yield Fetch(definition.statements[dialect.name].find, (number,))
    writing.finish_insert(item, missing, rows[0], dialect)


def _in_order(
    definition: Definition,
    wanted: tuple[int, ...],
    missing: tuple[int, ...],
    found: Sequence[tuple[Any, ...]],
    batch: Sequence[Model],
    executor: Executor,
) -> list[tuple[Any, ...]]:
    """Returned rows in the order of the objects; no database promises that order.

    Numbered keys are given in the order of VALUES, so sorting by them restores it. Other keys came from the objects.
    """
    places = [wanted.index(position) for position in missing]
    if definition.numbered and definition.numbered[0] in missing:
        at = wanted.index(definition.numbered[0])
        ordered = sorted(found, key=itemgetter(at))
        # What is missing is nearly always the key alone, and then the row is what was asked for.
        return ordered if wanted == missing else [tuple([row[place] for place in places]) for row in ordered]
    width = len(definition.key)
    loads = [definition.codecs[position].loads[executor.dialect.name] for position in definition.key]
    by_key = {
        tuple(value if load is None else load(value) for value, load in zip(row[:width], loads, strict=True)): tuple(
            row[place] for place in places
        )
        for row in found
    }
    return [by_key[definition.key_of(item)] for item in batch]


def _insert_and_read(
    definition: Definition,
    sql: str,
    parameters: Sequence[object],
    missing: Sequence[int],
    batch: Sequence[Model],
    executor: Executor,
) -> Plan[list[tuple[Any, ...]]]:
    """Without RETURNING: the rows of one INSERT have consecutive numbers, from the one it reports on.

    MySQL's manual (AUTO_INCREMENT Handling in InnoDB) promises that for inserts whose number of rows is known.
    """
    dialect = executor.dialect
    first: int = yield Insert(sql, parameters)
    keys: list[tuple[Any, ...]]
    if definition.numbered and definition.numbered[0] in missing:
        # Servers that share their tables with others number in steps.
        ((step,),) = yield Fetch("SELECT @@auto_increment_increment")
        keys = [(first + number * step,) for number in range(len(batch))]
        if tuple(missing) == definition.numbered:
            return keys
    else:
        keys = [definition.key_of(item) for item in batch]
    rows = yield from rows_by(definition, definition.key_fields, keys, executor)
    by_key = {
        definition.key_of(item): row for item, row in zip(definition.loaders[dialect.name](rows), rows, strict=True)
    }
    return [tuple(by_key[key][position] for position in missing) for key in keys]


def rows_by(
    definition: Definition,
    fields: Sequence[str],
    keys: Sequence[tuple[Any, ...]],
    executor: Executor,
    guards: tuple[Predicate, ...] = (),
    *,
    newest: bool = False,
) -> Plan[list[tuple[Any, ...]]]:
    """All rows whose fields have one of these combinations of values, in no order; those that guards let through.

    `newest` also gives rows that the transaction's view of the data lacks.
    """
    dialect = executor.dialect
    select = definition.statements[dialect.name].select
    rows: list[tuple[Any, ...]] = []
    columns = [definition.columns[field] for field in fields]
    for batch in in_batches(keys, most_keys(len(fields))):
        statement = Select(definition.model.table.name)
        statement.predicates = (*guards, keys_predicate(columns, batch))
        sql, parameters = statement.compile(dialect, select)
        rows += yield Fetch(sql + dialect.sql.newest if newest else sql, parameters)
    return rows


def by_keys(
    definition: Definition,
    keys: Sequence[tuple[Any, ...]],
    executor: Executor,
    guards: tuple[Predicate, ...] = (),
) -> Plan[list[Any]]:
    """The objects with these keys that guards let through, in the order of the keys; missing ones are left out."""
    rows = yield from rows_by(definition, definition.key_fields, keys, executor, guards)
    found = {definition.key_of(item): item for item in definition.loaders[executor.dialect.name](rows)}
    return [found[key] for key in keys if key in found]


# --- one row that may exist ----------------------------------------------------------------------------------------------


def _matching(
    definition: Definition, match: Mapping[str, object], executor: Executor, *, newest: bool = False
) -> Plan[Any]:
    """The first row whose fields have these values, or None; `newest`, also one that the transaction's view lacks."""
    writing.check_mapping(definition, match)
    if not match:
        raise InvalidQuery(f"{definition.name}: nothing to match by", "name at least one field")
    statement = Select(definition.model.table.name)
    matching = [_equal(definition.column(field), value) for field, value in match.items()]
    statement.predicates = (*definition.guards, *matching)
    statement.limit = 1
    dialect = executor.dialect
    sql, parameters = statement.compile(dialect, definition.statements[dialect.name].select)
    rows = yield Fetch(sql + dialect.sql.newest if newest else sql, parameters)
    return definition.loaders[dialect.name](rows)[0] if rows else None


def _equal(column: Column[Any], value: object) -> Predicate:
    if not isinstance(column, Comparable):
        raise InvalidQuery(f"{column._where()} cannot be matched by", "match by fields that can be compared")
    return cast("Comparable[Any, Any]", column) == value


@dataclass(frozen=True, slots=True)
class Making(Generic[M]):
    """How new objects are made, and what all that are looked for have in common.

    Attributes:
        make: takes the keywords of a new object.
        fixed: values of fields that those looked for have, and that `make` sets.
    """

    make: Callable[[Mapping[str, object]], M]
    fixed: Mapping[str, object]


def _created(model: type[M], values: Mapping[str, object], executor: Executor, making: Making[M] | None) -> Plan[M]:
    made = writing.built(model, values) if making is None else making.make(values)
    yield from insert_many([made], executor)
    return made


def first_or_create(
    model: type[M],
    match: Mapping[str, object],
    values: Mapping[str, object],
    executor: Executor,
    making: Making[M] | None = None,
) -> Plan[M]:
    """The first row that matches, else a new one; safe against another writer where a unique key covers the match."""
    writing.check_mapping(model._definition, match)
    writing.check_mapping(model._definition, values)
    found: M | None = yield from _matching(model._definition, _fixed(match, making), executor)
    if found is not None:
        return found
    return (yield from create_or_first(model, match, values, executor, making))


def create_or_first(
    model: type[M],
    match: Mapping[str, object],
    values: Mapping[str, object],
    executor: Executor,
    making: Making[M] | None = None,
) -> Plan[M]:
    """A new row, else the one that a unique key says is there already.

    Raises:
        UniqueViolation: the row that is in the way does not match.
        SerializationFailure: other writers were in the way, in an outer transaction or too often.
    """
    writing.check_mapping(model._definition, match)
    writing.check_mapping(model._definition, values)
    try:
        # Writers of one key may deadlock over a row that was deleted a moment ago (on MariaDB, over the mark that it left in
        # the unique index).
        made: M = yield Repeatable(lambda: _created(model, {**match, **values}, executor, making))
    except UniqueViolation as error:
        violation = error
    else:
        return made
    # A row that another transaction committed after this one took its view is in the way all the same.
    found: M | None = yield from _matching(model._definition, _fixed(match, making), executor, newest=True)
    if found is None:
        raise violation
    return found


def update_or_create(
    model: type[M],
    match: Mapping[str, object],
    values: Mapping[str, object],
    executor: Executor,
    making: Making[M] | None = None,
) -> Plan[M]:
    """The first row that matches, changed to have the values; else a new one with both."""
    writing.check_mapping(model._definition, match)
    writing.check_mapping(model._definition, values)
    for field in values:
        model._definition.column(field)
    found: M | None = yield from _matching(model._definition, _fixed(match, making), executor)
    if found is None:
        found = yield from create_or_first(model, match, values, executor, making)
    for field, value in values.items():
        setattr(found, field, value)
    yield from update_one(found, executor)
    return found


def _fixed(match: Mapping[str, object], making: Making[Any] | None) -> Mapping[str, object]:
    return match if making is None else {**match, **making.fixed}


def update_one(made: Model, executor: Executor) -> Plan[None]:
    """Write what changed in an object, and touch what it points to; nothing is sent where nothing changed."""
    prepared = updating.prepare_update(made, executor.dialect)
    if prepared is None:
        return
    if made._definition.touches:
        yield Atomic(_update_touching(made, prepared, executor))
    else:
        yield from updating.update(made, prepared, executor)


def _update_touching(made: Model, prepared: updating.PreparedUpdate, executor: Executor) -> Plan[None]:
    found: Touched = {}
    note_object(found, made, as_loaded=True)
    yield from updating.update(made, prepared, executor)
    note_object(found, made)
    yield from touch(made._definition, found, executor)
