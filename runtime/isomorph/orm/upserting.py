"""Upsert: rows that are inserted, or update those that have their unique key already. A plan in one transaction.

Rows are written in the order of their keys, so that two writers of the same rows wait for one another instead of holding
what the other one needs.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Any, TypeVar, cast

from isomorph.errors import (
    ConstraintViolation,
    InvalidQuery,
    InvalidValue,
    NotFound,
    StatementFailed,
    UniqueViolation,
)
from isomorph.orm import writing
from isomorph.orm.assigning import Changes, check_owner, counted
from isomorph.orm.bulk import rows_by
from isomorph.orm.definition import tuple_getter
from isomorph.orm.insertions import insertions
from isomorph.orm.keys import in_order
from isomorph.orm.plans import Atomic, Execute, Fetch, Plan
from isomorph.sql.assignments import Assignment, excluded, is_excluded
from isomorph.sql.expressions import Predicate
from isomorph.sql.kinds import Column
from isomorph.sql.select import Compiled
from isomorph.sql.upserts import Conflict, compile_conflict

if TYPE_CHECKING:
    from isomorph.orm.definition import Definition
    from isomorph.orm.fresh import Fresh
    from isomorph.orm.model import Model
    from isomorph.orm.plans import Executor

__all__ = ["upsert"]

M = TypeVar("M", bound="Model")
T = TypeVar("T")

Key = tuple[Any, ...]


def upsert(
    groups: Sequence[Fresh[M]],
    unique: Sequence[Column[Any]],
    update: Sequence[Column[Any] | Assignment] | None,
    where: Predicate | None,
    executor: Executor,
) -> Plan[Sequence[M]]:
    """Insert rows, or update those whose unique key exists already; see the generated `upsert`.

    Raises:
        InvalidValue: a value that its column cannot hold, no value for the unique key, or one twice.
        InvalidQuery: no unique key over these columns, or columns that cannot be updated.
        UniqueViolation: another unique key of a row exists already, in another row.
        NotFound: a row that was there already, and is kept as it is, was deleted by somebody else meanwhile.
    """
    if not groups:
        return []
    definition = groups[0].definition
    what = f"{definition.name}.upsert"
    fields = _unique_fields(definition, unique, what)
    if len(groups) > 1:
        raise InvalidQuery(f"{what}: the rows set different fields", "set the same fields in each row")
    (fresh,) = groups
    positions, columns = fresh.positions, fresh.columns
    changes = _changes(definition, positions, fields, update, what)
    if where is not None:
        _check_condition(where, changes, what)
    places = [positions.index(place) for place in map(definition.positions.__getitem__, fields) if place in positions]
    if len(places) < len(fields):
        raise _no_keys(fields, what)
    keys = [columns[place] for place in places]
    if any(None in column for column in keys):
        raise _no_keys(fields, what)
    bound = definition.bindings[executor.dialect.name].columns(positions, columns)
    _check_differ(keys, fields, what)
    conflict = Conflict(
        definition.model.table.name,
        [definition.columns[field].name for field in fields],
        changes,
        where,
        is_ambiguous=bool(_other_keys(definition, positions, fields)),
    )
    behind = compile_conflict(executor.dialect, conflict)
    order = in_order([bound[place] for place in places])
    sorted_columns = [list(map(column.__getitem__, order)) for column in bound]
    try:
        written: Sequence[M] = yield Atomic(
            _upsert_batches(fresh, fields, conflict, behind, order, sorted_columns, executor)
        )
    except ConstraintViolation as error:
        writing.attribute(definition, error)
        raise
    except StatementFailed as error:
        if not error.code or error.code != executor.dialect.writes.collision:
            raise
        failed = error
    else:
        return written
    raise _collision(definition, positions, fields, failed)


# --- what is asked -----------------------------------------------------------------------------------------------------


def _check_columns(definition: Definition, given: object, known: type[object] | tuple[type[object], ...]) -> None:
    """Refuse what are no columns in a list: the name of one, or one by itself."""
    wrong = given
    if isinstance(given, Sequence):
        items = cast("Sequence[object]", given)
        wrong = next((item for item in items if not isinstance(item, known)), None)
        if wrong is None:
            return
    raise InvalidValue(
        f"{definition.name}.upsert", f"a list of columns such as {definition.name}.id", type(wrong).__name__
    )


def _unique_fields(definition: Definition, unique: Sequence[Column[Any]], what: str) -> list[str]:
    """The fields of a unique key.

    Raises:
        InvalidValue: something that is no list of columns.
        InvalidQuery: no unique constraint covers just these columns.
    """
    _check_columns(definition, unique, Column)
    names = {column.name for column in unique if definition.columns.get(column.field) is column}
    keys = definition.model.table.unique_keys
    if len(names) != len(unique) or names not in [set(key) for key in keys]:
        known = "; ".join(", ".join(definition.model.field_of(column).name for column in key) for key in keys)
        raise InvalidQuery(f"{what}: no unique key over just these columns", f"unique keys: {known}")
    return [column.field for column in unique]


def _other_keys(definition: Definition, positions: Sequence[int], fields: Sequence[str]) -> list[tuple[str, ...]]:
    """The other unique keys that new rows may meet in other rows; one that the database numbers they do not."""
    target = {definition.columns[field].name for field in fields}
    numbered = {definition.column_names[position] for position in definition.numbered if position not in positions}
    return [key for key in definition.model.table.unique_keys if set(key) != target and not numbered & set(key)]


def _changes(
    definition: Definition,
    positions: Sequence[int],
    fields: Sequence[str],
    update: Sequence[Column[Any] | Assignment] | None,
    what: str,
) -> Changes:
    """What a row that is there is set to; nothing, to keep it."""
    table = definition.model.table.name
    model = definition.model
    if update is None:
        kept = {*fields, *definition.key_fields, model.created_at, model.version}
        given = [definition.fields[position] for position in positions]
        columns = [definition.columns[field] for field in given if field not in kept]
        return counted(definition, table, {column.name: excluded(column) for column in columns})
    _check_columns(definition, update, (Column, Assignment))
    changes: Changes = {}
    for item in update:
        column = item.column if isinstance(item, Assignment) else item
        check_owner(definition, table, column, what)
        if column.field in fields or column.field in definition.key_fields:
            raise InvalidQuery(f"{what} cannot update {column!r}, by which rows are found", "name other fields")
        if column.name in changes:
            raise InvalidQuery(f"{what} sets {column._where()} twice", "say once what it becomes")
        changes[column.name] = item.value if isinstance(item, Assignment) else excluded(column)
    if not changes:
        return changes
    if model.updated_at is not None:
        stamp = definition.columns[model.updated_at]
        changes.setdefault(stamp.name, excluded(stamp))
    return counted(definition, table, changes)


def _check_condition(where: object, changes: Changes, what: str) -> None:
    if not isinstance(where, Predicate):
        raise InvalidValue(f"{what}(where=...)", "a predicate such as User.age >= 18", type(where).__name__)
    if not changes:
        raise InvalidQuery(f"{what} with a condition that updates nothing", "name what to update, or drop where=")


def _no_keys(fields: Sequence[str], what: str) -> InvalidValue:
    return InvalidValue(what, f"values for {', '.join(fields)} in each row", "None")


def _check_differ(columns: Sequence[list[Any]], fields: Sequence[str], what: str) -> None:
    """See that no two rows have the same unique key; given by column, of values that these take."""
    keys: Sequence[Any] = columns[0] if len(columns) == 1 else list(zip(*columns, strict=True))
    if len(set(keys)) != len(keys):
        raise InvalidValue(what, f"rows that differ in {', '.join(fields)}", "two equal ones")


# --- writing -----------------------------------------------------------------------------------------------------------


def _upsert_batches(
    fresh: Fresh[M],
    fields: Sequence[str],
    conflict: Conflict,
    behind: Compiled,
    order: Sequence[int],
    columns: Sequence[list[Any]],
    executor: Executor,
) -> Plan[Sequence[M]]:
    """Write rows whose bound columns are in an order of the rows; gives the objects as they are then, in their own order."""
    definition, positions, dialect = fresh.definition, fresh.positions, executor.dialect
    text, more = behind
    # RETURNING tells of rows that were inserted or updated, not of those that were kept.
    returns = "returning" in executor.capabilities and bool(conflict.changes) and conflict.where is None
    unknown = _unknown(definition, positions, fields, conflict)
    if returns:
        text += dialect.sql.returning([dialect.quoted(definition.column_names[position]) for position in unknown])
    unique = [definition.positions[field] for field in fields]
    as_sent = True
    written: list[Any] = [None] * fresh.number
    for part, sql, values in insertions(definition, positions, columns, executor, text):
        numbers, parameters = order[part], (*values, *more)
        found: Sequence[Any]
        if returns:
            found = yield Fetch(sql, parameters)
            # As nearly always, though no database promises it.
            if not _are_of(found, unknown, unique, [columns[positions.index(position)][part] for position in unique]):
                as_sent = False
                found = _in_order(definition, unknown, fields, found, fresh.keys(unique, numbers), dialect.name)
        else:
            yield Execute(sql, parameters)
            keys = fresh.keys(unique, numbers)
            rows = yield from rows_by(definition, fields, keys, executor, newest=True)
            key_of = tuple_getter(fields)
            known = {key_of(item): item for item in definition.loaders[dialect.name](rows)}
            found = [_of_key(definition, known, key) for key in keys]
        for number, one in zip(numbers, found, strict=True):
            written[number] = one
    if not returns:
        return written
    taken = dict(zip(unknown, map(list, zip(*written, strict=True)), strict=True))
    if as_sent:
        for position in unique:
            del taken[position]  # so that these stay the objects that were given
    return fresh.saved(taken, dialect.name)


def _are_of(
    rows: Sequence[tuple[Any, ...]], read: Sequence[int], unique: Sequence[int], columns: Sequence[Sequence[object]]
) -> bool:
    """Whether rows that hold the columns at some positions have these bound values in their unique keys."""
    return all(
        [row[place] for row in rows] == column for place, column in zip(map(read.index, unique), columns, strict=True)
    )


def _unknown(
    definition: Definition, positions: Sequence[int], fields: Sequence[str], conflict: Conflict
) -> tuple[int, ...]:
    """Positions of the columns that may be another than was given: not those that a row takes over whether it was there or not.

    The unique key is among them: to a collation, texts may be equal that differ in case.
    """
    taken = {
        definition.columns[field].name for field in map(definition.fields.__getitem__, positions) if field not in fields
    }
    taken = {name for name in taken if is_excluded(conflict.changes.get(name), name)}
    return tuple(position for position, name in enumerate(definition.column_names) if name not in taken)


def _in_order(
    definition: Definition,
    read: Sequence[int],
    fields: Sequence[str],
    rows: Sequence[tuple[Any, ...]],
    keys: Sequence[Key],
    dialect: str,
) -> list[tuple[Any, ...]]:
    """Rows that hold the columns at these positions, in the order of their unique keys."""
    places = [
        (read.index(definition.positions[field]), definition.columns[field].codec.loads[dialect]) for field in fields
    ]
    known = {tuple([row[place] if load is None else load(row[place]) for place, load in places]): row for row in rows}
    return [_of_key(definition, known, key) for key in keys]


def _of_key(definition: Definition, found: Mapping[Key, T], key: Key) -> T:
    item = found.get(key)
    if item is None:
        # To a collation, texts may be equal that differ in case.
        folded = _folded(key)
        item = next((item for known, item in found.items() if _folded(known) == folded), None)
    if item is None:
        raise NotFound(definition.name)
    return item


def _folded(key: Key) -> Key:
    return tuple([part.casefold() if isinstance(part, str) else part for part in key])


def _collision(
    definition: Definition, positions: Sequence[int], fields: Sequence[str], failed: StatementFailed
) -> UniqueViolation:
    """The error for a row that has another unique key of another row, where the database does not say so by itself."""
    others = _other_keys(definition, positions, fields)
    error = UniqueViolation(
        failed.code,
        failed.driver_error,
        table=definition.model.table.name,
        columns=others[0] if len(others) == 1 else (),
    )
    definition.database.annotate(error)
    return error
