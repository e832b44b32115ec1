"""Many rows, and rows that may exist already: insert_many, upsert, first_or_create and their kin, as plans.

Each plan runs in one transaction where it takes more than one statement.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import TYPE_CHECKING, Any, TypeVar, cast

from isomorph.errors import ConstraintViolation, InvalidQuery, InvalidValue, NotFound, UniqueViolation
from isomorph.orm import writing
from isomorph.orm.definition import tuple_getter
from isomorph.orm.plans import Atomic, Execute, Fetch, Insert, Plan
from isomorph.sql.expressions import All, AnyOf, Predicate
from isomorph.sql.kinds import Column, Comparable
from isomorph.sql.select import Select
from isomorph.sql.statements import compile_insert

if TYPE_CHECKING:
    from isomorph.orm.definition import Definition
    from isomorph.orm.model import Model
    from isomorph.orm.plans import Executor

__all__ = ["by_keys", "create_or_first", "first_or_create", "insert_many", "update_or_create", "upsert"]

M = TypeVar("M", bound="Model")
T = TypeVar("T")

_MOST_ROWS = 500
"""Rows per multi-row INSERT; more bring no speed and make texts that no cache keeps."""


# --- insert many -------------------------------------------------------------------------------------------------------


def insert_many(made: Sequence[M], executor: Executor) -> Plan[None]:
    """Insert new objects with few statements and take over their keys and defaults.

    Raises:
        InvalidValue: a value that its column cannot hold; nothing is written.
    """
    if not made:
        return
    definition = made[0]._definition
    groups: dict[tuple[int, ...], list[M]] = {}
    for item in made:
        writing.stamp(item, fresh=True)
        groups.setdefault(writing.set_positions(item), []).append(item)
    batches = [
        (positions, batch)
        for positions, items in groups.items()
        for batch in _batches(items, _batch_size(len(positions), executor))
    ]
    rows = [_bound_rows(definition, positions, batch, executor) for positions, batch in batches]
    plans = (
        _insert_batch(definition, positions, batch, parameters, executor)
        for (positions, batch), parameters in zip(batches, rows, strict=True)
    )
    try:
        if len(batches) == 1:
            yield from next(plans)
        else:
            yield Atomic(_each(plans))
    except ConstraintViolation as error:
        writing.attribute(definition, error)
        raise


def _bound_rows(
    definition: Definition, positions: Sequence[int], batch: Sequence[Model], executor: Executor
) -> list[object]:
    """The values of all objects at these positions, one object after the other, for the driver."""
    read = tuple_getter([definition.fields[position] for position in positions])
    name = executor.dialect.name
    return [value for item in batch for value in definition.bound_row(positions, read(item), name)]


def _each(plans: Iterable[Plan[None]]) -> Plan[None]:
    for plan in plans:
        yield from plan


def _batches(items: Sequence[T], size: int) -> Iterable[Sequence[T]]:
    for start in range(0, len(items), size):
        yield items[start : start + size]


def _batch_size(columns: int, executor: Executor) -> int:
    return max(1, min(_MOST_ROWS, executor.dialect.sql.most_parameters // max(1, columns)))


def _insert_batch(
    definition: Definition, positions: Sequence[int], batch: Sequence[M], parameters: list[object], executor: Executor
) -> Plan[None]:
    dialect = executor.dialect
    names = [definition.column_names[position] for position in positions]
    missing = tuple(position for position in range(len(definition.fields)) if position not in positions)
    if not names:
        # A row of nothing but defaults has no multi-row form in standard SQL.
        for item in batch:
            yield from _insert_batch_one(definition, item, executor)
        return
    sql = compile_insert(dialect, definition.model.table, names, len(batch))
    if not missing:
        yield Execute(sql, parameters)
        rows: list[tuple[Any, ...]] = [()] * len(batch)
    elif "returning" in executor.capabilities:
        wanted = tuple(dict.fromkeys((*definition.key, *missing)))
        columns = [dialect.quoted(definition.column_names[position]) for position in wanted]
        found = yield Fetch(sql + dialect.sql.returning(columns), parameters)
        rows = _in_order(definition, wanted, missing, found, batch, executor)
    else:
        rows = yield from _insert_and_read(definition, sql, parameters, missing, batch, executor)
    for item, row in zip(batch, rows, strict=True):
        writing.finish_insert(item, missing, row, dialect)


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
    wanted: Sequence[int],
    missing: Sequence[int],
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
        return [tuple(row[place] for place in places) for row in sorted(found, key=lambda row: cast(int, row[at]))]
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
        keys = [(first + number,) for number in range(len(batch))]
        if tuple(missing) == definition.numbered:
            return keys
    else:
        keys = [definition.key_of(item) for item in batch]
    rows = yield from _rows_by(definition, definition.key_fields, keys, executor)
    by_key = {
        definition.key_of(item): row for item, row in zip(definition.loaders[dialect.name](rows), rows, strict=True)
    }
    return [tuple(by_key[key][position] for position in missing) for key in keys]


def _rows_by(
    definition: Definition,
    fields: Sequence[str],
    keys: Sequence[tuple[Any, ...]],
    executor: Executor,
    guards: tuple[Predicate, ...] = (),
) -> Plan[list[tuple[Any, ...]]]:
    """All rows whose fields have one of these combinations of values, in no order; those that guards let through."""
    dialect = executor.dialect
    select = definition.statements[dialect.name].select
    rows: list[tuple[Any, ...]] = []
    for batch in _batches(keys, len(keys) if len(fields) == 1 else _MOST_ROWS):
        statement = Select(definition.model.table.name)
        statement.predicates = (*guards, _keys_predicate(definition, fields, batch))
        rows += yield Fetch(*statement.compile(dialect, select))
    return rows


def by_keys(
    definition: Definition,
    keys: Sequence[tuple[Any, ...]],
    executor: Executor,
    guards: tuple[Predicate, ...] = (),
) -> Plan[list[Any]]:
    """The objects with these keys that guards let through, in the order of the keys; missing ones are left out."""
    rows = yield from _rows_by(definition, definition.key_fields, keys, executor, guards)
    found = {definition.key_of(item): item for item in definition.loaders[executor.dialect.name](rows)}
    return [found[key] for key in keys if key in found]


def _keys_predicate(definition: Definition, fields: Sequence[str], keys: Sequence[tuple[Any, ...]]) -> Predicate:
    columns = [cast("Comparable[Any, Any]", definition.columns[field]) for field in fields]
    if len(columns) == 1:
        return columns[0].in_([key[0] for key in keys])
    return AnyOf([All([column == part for column, part in zip(columns, key, strict=True)]) for key in keys])


# --- upsert ----------------------------------------------------------------------------------------------------------------


def upsert(
    made: Sequence[M],
    unique: Sequence[Column[Any]],
    update: Sequence[Column[Any]] | None,
    executor: Executor,
) -> Plan[list[M]]:
    """Insert rows, updating those whose unique key exists already; see the generated `upsert`."""
    if not made:
        return []
    definition = made[0]._definition
    fields = _unique_fields(definition, unique)
    changed = _updated(definition, fields, update)
    for item in made:
        writing.stamp(item, fresh=True)
    positions = writing.set_positions(made[0])
    if any(writing.set_positions(item) != positions for item in made):
        raise InvalidQuery(
            f"{definition.name}.upsert: the rows set different fields", "set the same fields in each row"
        )
    keys = [tuple(getattr(item, field, None) for field in fields) for item in made]
    if any(None in key for key in keys):
        raise InvalidValue(f"{definition.name}.upsert", f"values for {', '.join(fields)} in each row", "None")
    if len(set(keys)) != len(keys):
        raise InvalidValue(f"{definition.name}.upsert", f"rows that differ in {', '.join(fields)}", "two equal ones")
    batches = list(_batches(made, _batch_size(len(positions), executor)))
    bound = [_bound_rows(definition, positions, batch, executor) for batch in batches]
    try:
        result: list[M] = yield Atomic(
            _upsert_batches(definition, positions, fields, changed, batches, bound, executor)
        )
    except ConstraintViolation as error:
        writing.attribute(definition, error)
        raise
    return result


def _check_columns(definition: Definition, given: object) -> None:
    """Refuse what are no columns in a list: the name of one, or one by itself."""
    wrong = given
    if isinstance(given, Sequence):
        items = cast("Sequence[object]", given)
        wrong = next((item for item in items if not isinstance(item, Column)), None)
        if wrong is None:
            return
    raise InvalidValue(
        f"{definition.name}.upsert", f"a list of columns such as {definition.name}.id", type(wrong).__name__
    )


def _unique_fields(definition: Definition, unique: Sequence[Column[Any]]) -> list[str]:
    """The fields of a unique key.

    Raises:
        InvalidValue: something that is no list of columns.
        InvalidQuery: no unique constraint covers just these columns.
    """
    table = definition.model.table
    _check_columns(definition, unique)
    names = {column.name for column in unique if definition.columns.get(column.field) is column}
    keys = [set(table.primary_key), *(set(item.columns) for item in table.uniques)]
    keys += [
        {column.name for column in index.columns} for index in table.indexes if index.unique and index.where is None
    ]
    if len(names) != len(unique) or names not in keys:
        known = "; ".join(", ".join(sorted(key)) for key in keys)
        raise InvalidQuery(f"{definition.name}.upsert: no unique key over just these columns", f"unique keys: {known}")
    return [column.field for column in unique]


def _updated(definition: Definition, unique: Sequence[str], update: Sequence[Column[Any]] | None) -> list[str] | None:
    """Fields that an existing row takes over; None for all that are given."""
    if update is None:
        return None
    _check_columns(definition, update)
    fields = [column.field for column in update]
    for column in update:
        if definition.columns.get(column.field) is not column or column.field in unique:
            raise InvalidQuery(f"{definition.name}.upsert cannot update {column!r}", "name other fields of the model")
    stamped = definition.model.updated_at
    if fields and stamped is not None and stamped not in fields:
        fields.append(stamped)
    return fields


def _upsert_batches(
    definition: Definition,
    positions: Sequence[int],
    fields: Sequence[str],
    changed: Sequence[str] | None,
    batches: Sequence[Sequence[M]],
    bound: Sequence[Sequence[object]],
    executor: Executor,
) -> Plan[list[M]]:
    dialect = executor.dialect
    given = [definition.fields[position] for position in positions]
    kept = {*fields, *definition.key_fields, definition.model.created_at}
    updated = [field for field in given if field not in kept] if changed is None else [*changed]
    behind = dialect.sql.upsert(
        [dialect.quoted(definition.columns[field].name) for field in fields],
        [dialect.quoted(definition.columns[field].name) for field in updated],
    )
    names = [definition.column_names[position] for position in positions]
    found: list[M] = []
    for batch, parameters in zip(batches, bound, strict=True):
        yield Execute(compile_insert(dialect, definition.model.table, names, len(batch), behind=behind), parameters)
        keys = [tuple(getattr(item, field) for field in fields) for item in batch]
        rows = yield from _rows_by(definition, fields, keys, executor)
        by_key = {
            tuple(getattr(item, field) for field in fields): item for item in definition.loaders[dialect.name](rows)
        }
        found += [by_key[key] for key in keys]
    return found


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


def _created(model: type[M], values: Mapping[str, object], executor: Executor) -> Plan[M]:
    made = writing.built(model, values)
    yield from insert_many([made], executor)
    return made


def first_or_create(
    model: type[M], match: Mapping[str, object], values: Mapping[str, object], executor: Executor
) -> Plan[M]:
    """The first row that matches, else a new one; safe against another writer where a unique key covers the match."""
    writing.check_mapping(model._definition, values)
    found: M | None = yield from _matching(model._definition, match, executor)
    if found is not None:
        return found
    return (yield from create_or_first(model, match, values, executor))


def create_or_first(
    model: type[M], match: Mapping[str, object], values: Mapping[str, object], executor: Executor
) -> Plan[M]:
    """A new row, else the one that a unique key says is there already.

    Raises:
        UniqueViolation: the row that is in the way does not match.
    """
    writing.check_mapping(model._definition, match)
    writing.check_mapping(model._definition, values)
    try:
        made: M = yield Atomic(_created(model, {**match, **values}, executor))
    except UniqueViolation as error:
        violation = error
    else:
        return made
    # A row that another transaction committed after this one took its view is in the way all the same.
    found: M | None = yield from _matching(model._definition, match, executor, newest=True)
    if found is None:
        raise violation
    return found


def update_or_create(
    model: type[M], match: Mapping[str, object], values: Mapping[str, object], executor: Executor
) -> Plan[M]:
    """The first row that matches, changed to have the values; else a new one with both."""
    writing.check_mapping(model._definition, values)
    for field in values:
        model._definition.column(field)
    found: M | None = yield from _matching(model._definition, match, executor)
    if found is None:
        found = yield from create_or_first(model, match, values, executor)
    for field, value in values.items():
        setattr(found, field, value)
    prepared = writing.prepare_update(found, executor.dialect)
    if prepared is not None:
        try:
            touched = yield Execute(*prepared)
        except ConstraintViolation as error:
            writing.attribute(model._definition, error)
            raise
        if touched == 0:
            raise NotFound(model._definition.name)
        found._row = model._definition.kept(model._definition.values(found))
    return found
