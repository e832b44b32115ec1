"""Upsert: rows that are inserted, or update those that have their unique key already. A plan in one transaction.

Rows are written in the order of their keys, so that two writers of the same rows wait for one another instead of holding
what the other one needs.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from itertools import chain
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
from isomorph.orm.bulk import bound_row, insert_batches, rows_by
from isomorph.orm.definition import tuple_getter
from isomorph.orm.keys import in_order
from isomorph.orm.plans import Atomic, Execute, Fetch, Plan
from isomorph.sql.assignments import Assignment, excluded
from isomorph.sql.expressions import Predicate
from isomorph.sql.kinds import Column
from isomorph.sql.select import Compiled
from isomorph.sql.statements import compile_insert
from isomorph.sql.upserts import Conflict, compile_conflict

if TYPE_CHECKING:
    from isomorph.orm.definition import Definition
    from isomorph.orm.model import Model
    from isomorph.orm.plans import Executor

__all__ = ["upsert"]

M = TypeVar("M", bound="Model")

Key = tuple[Any, ...]


def upsert(
    made: Sequence[M],
    unique: Sequence[Column[Any]],
    update: Sequence[Column[Any] | Assignment] | None,
    where: Predicate | None,
    executor: Executor,
) -> Plan[list[M]]:
    """Insert rows, or update those whose unique key exists already; see the generated `upsert`.

    Raises:
        InvalidValue: a value that its column cannot hold, no value for the unique key, or one twice.
        InvalidQuery: no unique key over these columns, or columns that cannot be updated.
        UniqueViolation: another unique key of a row exists already, in another row.
        NotFound: a row that was there already, and is kept as it is, was deleted by somebody else meanwhile.
    """
    if not made:
        return []
    definition = made[0]._definition
    what = f"{definition.name}.upsert"
    fields = _unique_fields(definition, unique, what)
    for item in made:
        writing.stamp(item, fresh=True)
    positions = writing.set_positions(made[0])
    if any(writing.set_positions(item) != positions for item in made):
        raise InvalidQuery(f"{what}: the rows set different fields", "set the same fields in each row")
    changes = _changes(definition, positions, fields, update, what)
    if where is not None:
        _check_condition(where, changes, what)
    key_of = tuple_getter(fields)
    keys = _checked_keys(definition, positions, made, fields, what)
    conflict = Conflict(
        definition.model.table.name,
        [definition.columns[field].name for field in fields],
        changes,
        where,
        is_ambiguous=bool(_other_keys(definition, positions, fields)),
    )
    behind = compile_conflict(executor.dialect, conflict)
    bound = [bound_row(definition, positions, item, executor) for item in made]
    places = [positions.index(definition.positions[field]) for field in fields]
    order = in_order([[row[place] for place in places] for row in bound])
    items, rows = [made[number] for number in order], [bound[number] for number in order]
    plan = _upsert_batches(definition, positions, fields, key_of, conflict, behind, items, rows, executor)
    try:
        found: dict[Key, M] = yield Atomic(plan)
    except ConstraintViolation as error:
        writing.attribute(definition, error)
        raise
    except StatementFailed as error:
        if not error.code or error.code != executor.dialect.writes.collision:
            raise
        failed = error
    else:
        return [_of_key(definition, found, key) for key in keys]
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


def _checked_keys(
    definition: Definition, positions: Sequence[int], made: Sequence[Model], fields: Sequence[str], what: str
) -> list[Key]:
    """The unique key of each row; no two are equal."""
    given = {definition.fields[position] for position in positions}
    keys = [tuple([getattr(item, field) if field in given else None for field in fields]) for item in made]
    if any(None in key for key in keys):
        raise InvalidValue(what, f"values for {', '.join(fields)} in each row", "None")
    if len(set(keys)) != len(keys):
        raise InvalidValue(what, f"rows that differ in {', '.join(fields)}", "two equal ones")
    return keys


# --- writing -----------------------------------------------------------------------------------------------------------


def _upsert_batches(
    definition: Definition,
    positions: Sequence[int],
    fields: Sequence[str],
    key_of: Callable[[Any], Key],
    conflict: Conflict,
    behind: Compiled,
    items: Sequence[M],
    rows: Sequence[Sequence[object]],
    executor: Executor,
) -> Plan[dict[Key, M]]:
    """The objects as they are then, by unique key."""
    dialect = executor.dialect
    load = definition.loaders[dialect.name]
    names = [definition.column_names[position] for position in positions]
    text, more = behind
    # RETURNING tells of rows that were inserted or updated, not of those that were kept.
    returns = "returning" in executor.capabilities and bool(conflict.changes) and conflict.where is None
    if returns:
        text += dialect.sql.returning([dialect.quoted(name) for name in definition.column_names])
    found: dict[Key, M] = {}
    for part in insert_batches(rows, executor):
        batch, parameters = items[part], (*chain.from_iterable(rows[part]), *more)
        sql = compile_insert(dialect, conflict.table, names, len(batch), behind=text)
        if returns:
            written = yield Fetch(sql, parameters)
        else:
            yield Execute(sql, parameters)
            written = yield from rows_by(definition, fields, [key_of(item) for item in batch], executor, newest=True)
        found.update((key_of(item), item) for item in load(written))
    return found


def _of_key(definition: Definition, found: dict[Key, M], key: Key) -> M:
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
