"""Many rows, and rows that may exist already: insert_many, upsert, first_or_create and their kin, as plans.

Each plan runs in one transaction where it takes more than one statement.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from itertools import chain
from operator import itemgetter
from typing import TYPE_CHECKING, Any, Generic, TypeVar, cast

from isomorph.dataclassing import dataclass
from isomorph.errors import ConstraintViolation, ForeignKeyViolation, InvalidQuery, UniqueViolation
from isomorph.orm import updating, writing
from isomorph.orm.copying import can_copy, copy
from isomorph.orm.fresh import Fresh, by_positions
from isomorph.orm.insertions import insertions
from isomorph.orm.keys import in_batches, in_order, keys_predicate, most_keys
from isomorph.orm.numbering import insert_counted
from isomorph.orm.plans import Atomic, Execute, Fetch, Insert, Plan, Repeatable
from isomorph.orm.touching import Touched, note_object, touch
from isomorph.orm.violations import name_only_key
from isomorph.sql.expressions import Predicate
from isomorph.sql.kinds import Column, Comparable
from isomorph.sql.select import Select

if TYPE_CHECKING:
    from isomorph.orm.definition import Definition
    from isomorph.orm.model import Model
    from isomorph.orm.plans import Executor

__all__ = [
    "Making",
    "by_keys",
    "create_or_first",
    "first_or_create",
    "insert_fresh",
    "insert_many",
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
    plan = _insert_groups(by_positions(definition, made), executor)
    if definition.touches:
        yield Atomic(_each([plan, _touching(made, executor)]))
    else:
        yield from plan


def insert_fresh(fresh: Fresh[M], executor: Executor) -> Plan[Sequence[M]]:
    """Insert rows that become objects; gives these. See `insert_many`."""
    (made,) = yield from _insert_groups([fresh], executor)
    return made


def _insert_groups(groups: Sequence[Fresh[M]], executor: Executor) -> Plan[list[Sequence[M]]]:
    definition = groups[0].definition
    binding = definition.bindings[executor.dialect.name]
    # All are checked before the first is written.
    bound = [binding.columns(fresh.positions, fresh.columns) for fresh in groups]
    plans = [_insert_group(fresh, columns, executor) for fresh, columns in zip(groups, bound, strict=True)]
    try:
        if len(plans) == 1:
            return [(yield from plans[0])]
        made: list[Sequence[M]] = yield Atomic(_each(plans))
    except ConstraintViolation as error:
        writing.attribute(definition, error)
        if isinstance(error, ForeignKeyViolation):
            name_only_key(definition, error)
        raise
    return made


def _touching(made: Sequence[Model], executor: Executor) -> Plan[None]:
    """Touch what new objects point to."""
    found: Touched = {}
    for item in made:
        note_object(found, item)
    yield from touch(made[0]._definition, found, executor)


def _each(plans: Iterable[Plan[T]]) -> Plan[list[T]]:
    found: list[T] = []
    for plan in plans:
        one = yield from plan
        found.append(one)
    return found


def _insert_group(fresh: Fresh[M], columns: Sequence[list[Any]], executor: Executor) -> Plan[Sequence[M]]:
    """Insert rows of the same columns, whose bound values are given; gives the objects."""
    definition, positions = fresh.definition, fresh.positions
    order: Sequence[int] | None = None
    if all(position in positions for position in definition.key):
        order = in_order([columns[positions.index(position)] for position in definition.key])
        columns = [list(map(column.__getitem__, order)) for column in columns]
    found: Sequence[Sequence[Any]] | None = None
    if can_copy(definition, positions, fresh.number, executor):
        found = yield from copy(fresh, columns, order, executor)
    if found is None:
        found = yield from _inserted(fresh, columns, order, executor)
    if order is not None:
        found = [_put_back(column, order) for column in found]
    return fresh.saved(dict(zip(fresh.missing, found, strict=True)), executor.dialect.name)


def _put_back(values: Sequence[Any], order: Sequence[int]) -> list[Any]:
    """Values that are in an order of the rows, in that of the rows themselves."""
    found: list[Any] = [None] * len(order)
    for number, value in zip(order, values, strict=True):
        found[number] = value
    return found


def _inserted(
    fresh: Fresh[Any], columns: Sequence[list[Any]], order: Sequence[int] | None, executor: Executor
) -> Plan[list[list[Any]]]:
    """Insert rows whose bound values are in an order; gives in that order what the database filled, by column."""
    definition = fresh.definition
    if fresh.positions:
        counted = yield from insert_counted(fresh, columns, executor)
        if counted is not None:
            return [counted]
        plans = [
            _insert_batch(fresh, part, sql, parameters, order, executor)
            for part, sql, parameters in insertions(definition, fresh.positions, columns, executor)
        ]
    else:
        # A row of nothing but defaults has no multi-row form in standard SQL.
        plans = [_insert_defaults(definition, executor) for _ in range(fresh.number)]
    if len(plans) == 1:
        return (yield from plans[0])
    parts: list[list[list[Any]]] = yield Atomic(_each(plans))
    return [list(chain.from_iterable(column)) for column in zip(*parts, strict=True)]


def _insert_batch(
    fresh: Fresh[Any],
    part: slice,
    sql: str,
    parameters: list[object],
    order: Sequence[int] | None,
    executor: Executor,
) -> Plan[list[list[Any]]]:
    definition, missing, dialect = fresh.definition, fresh.missing, executor.dialect
    if not missing:
        yield Execute(sql, parameters)
        return []
    numbers = range(fresh.number)[part] if order is None else order[part]
    is_numbered = bool(definition.numbered) and definition.numbered[0] in missing
    keys = [] if is_numbered else fresh.keys(definition.key, numbers)
    if "returning" not in executor.capabilities:
        return (yield from _insert_and_read(definition, sql, parameters, missing, keys or len(numbers), executor))
    wanted = tuple(dict.fromkeys((*definition.key, *missing)))
    names = [dialect.quoted(definition.column_names[position]) for position in wanted]
    found = yield Fetch(sql + dialect.sql.returning(names), parameters)
    if is_numbered:
        # Numbers are given in the order of VALUES, so sorting by them restores it; no database promises that of RETURNING.
        rows: Sequence[tuple[Any, ...]] = sorted(found, key=itemgetter(wanted.index(definition.numbered[0])))
    else:
        rows = _by_key(definition, found, keys, dialect.name)
    return [[row[place] for row in rows] for place in map(wanted.index, missing)]


def _insert_defaults(definition: Definition, executor: Executor) -> Plan[list[list[Any]]]:
    """Insert one row of defaults."""
    dialect = executor.dialect
    sql = writing.insert_sql(definition, dialect, ())
    if "returning" in executor.capabilities:
        names = [dialect.quoted(name) for name in definition.column_names]
        rows = yield Fetch(sql + dialect.sql.returning(names))
    else:
        number = yield Insert(sql)
        rows = yield Fetch(definition.statements[dialect.name].find, (number,))
    return [[value] for value in rows[0]]


def _by_key(
    definition: Definition, found: Sequence[tuple[Any, ...]], keys: Sequence[tuple[Any, ...]], dialect: str
) -> list[tuple[Any, ...]]:
    """Returned rows, which begin with their key, in the order of the keys."""
    loads = [definition.codecs[position].loads[dialect] for position in definition.key]
    # A row may be longer than its key.
    known = {
        tuple([value if load is None else load(value) for value, load in zip(row, loads, strict=False)]): row
        for row in found
    }
    return [known[key] for key in keys]


def _insert_and_read(
    definition: Definition,
    sql: str,
    parameters: Sequence[object],
    missing: Sequence[int],
    keys: Sequence[tuple[Any, ...]] | int,
    executor: Executor,
) -> Plan[list[list[Any]]]:
    """Without RETURNING: the rows of one INSERT are numbered in even steps, from the number that it reports on.

    Args:
        definition: the model.
        sql: the INSERT.
        parameters: its bound values.
        missing: positions of what is to be read.
        keys: of the rows; how many these are, where the database numbers them.
        executor: who is asked.
    """
    first: int = yield Insert(sql, parameters)
    if isinstance(keys, int):
        steps = executor.dialect.writes.steps
        assert steps is not None  # what has no RETURNING has them
        ((step,),) = yield Fetch(steps)
        keys = [(first + number * step,) for number in range(keys)]
        if tuple(missing) == definition.numbered:
            return [[number for (number,) in keys]]
    rows = yield from rows_by(definition, definition.key_fields, keys, executor)
    loaded = definition.loaders[executor.dialect.name](rows)
    by_key = {definition.key_of(item): row for item, row in zip(loaded, rows, strict=True)}
    return [[by_key[key][position] for key in keys] for position in missing]


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
