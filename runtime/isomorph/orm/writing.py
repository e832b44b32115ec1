"""One object to the database and back: insert, save, delete, refresh, and what changed.

Owns the steps around a statement as pure functions (prepare, finish), so that each flavour only adds the call between;
those of UPDATE are in `updating`.
"""

from __future__ import annotations

import inspect
from collections.abc import Mapping, Sequence
from contextlib import suppress
from typing import TYPE_CHECKING, Any, TypeAlias, TypeVar, cast

from isomorph.dialects.base import Dialect
from isomorph.errors import (
    ConstraintViolation,
    ForeignKeyViolation,
    InvalidQuery,
    InvalidValue,
    IsomorphError,
    MissingValue,
    NotFillable,
    NotFound,
    NotSaved,
    UnknownField,
)
from isomorph.orm.assigning import added, stamped
from isomorph.orm.plans import Execute, Fetch, Plan, run
from isomorph.orm.restoring import set_state, state
from isomorph.orm.tallies import drop_amounts
from isomorph.orm.touching import writing_touching
from isomorph.orm.updating import (
    attribute,
    bound_key,
    bound_row_key,
    finish_update,
    key_of,
    lost,
    prepare_update,
    stamp_new,
    take_columns,
    update,
)
from isomorph.orm.violations import name_only_key, name_restricting
from isomorph.sql.expressions import Expression
from isomorph.sql.kinds import Column
from isomorph.sql.statements import compile_insert, compile_update

if TYPE_CHECKING:
    from isomorph.orm.definition import Definition
    from isomorph.orm.model import Model
    from isomorph.orm.plans import Executor

__all__ = [
    "add",
    "attribute",
    "built",
    "check_mapping",
    "delete",
    "dirty_fields",
    "discard",
    "fillable",
    "finish_insert",
    "insert_sql",
    "key_of",
    "key_predicate",
    "original",
    "refresh",
    "save",
    "set_state",
    "state",
]

M = TypeVar("M", bound="Model")


# --- what changed ----------------------------------------------------------------------------------------------------


def dirty_fields(made: Model) -> tuple[str, ...]:
    """Public fields that differ from the loaded row; all that are set, for an object without one."""
    definition = made._definition
    if made._row is None:
        return tuple(field for field in definition.public if field in definition.positions and hasattr(made, field))
    changed = definition.changed(made._row, definition.values(made))
    return tuple(definition.fields[position] for position in changed if not definition.fields[position].startswith("_"))


def original(made: Model, field: str) -> object:
    """See `Model.get_original`."""
    definition = made._definition
    definition.column(field)
    if made._row is None:
        return getattr(made, field)
    position = definition.positions[field]
    return definition.unkept(position, made._row[position])


def discard(made: Model) -> None:
    """See `Model.discard_changes`."""
    definition = made._definition
    if made._row is None:
        raise NotSaved(definition.name, "discard_changes")
    for position, slot in enumerate(definition.slots):
        setattr(made, slot, definition.unkept(position, made._row[position]))


def fillable(definition: Definition, values: Mapping[str, object]) -> dict[str, object]:
    """Untyped input, checked; see `Model.fill`."""
    check_mapping(definition, values)
    open_fields = {field.name for field in definition.model.fields if field.fillable}
    for name in values:
        if name not in definition.public:
            raise UnknownField(definition.name, str(name), definition.public)
        definition.column(name)  # a part of an object may not hold it
    closed = tuple(name for name in values if name not in open_fields)
    if closed:
        raise NotFillable(definition.name, closed)
    for name, value in values.items():
        definition.codecs[definition.positions[name]].stored(value, f"{definition.name}.{name}")
    return dict(values)


def check_mapping(definition: Definition, values: object) -> None:
    """Refuse input that has no field names. Items of a list would be taken for names, and errors show those.

    Raises:
        InvalidValue: it is no mapping.
    """
    if not isinstance(values, Mapping):
        raise InvalidValue(definition.name, "a mapping of fields to values", type(values).__name__)


def built(model: type[M], values: Mapping[str, Any]) -> M:
    """A new object from keywords that no type checker may have seen.

    Raises:
        InvalidValue: they are no mapping.
        UnknownField: the constructor has no such keyword.
        MissingValue: it needs others.
    """
    try:
        return model(**values)
    except TypeError as error:
        if isinstance(error, IsomorphError):
            raise
        keywords = inspect.signature(model).parameters
        given: Mapping[str, Any] = values if isinstance(cast(object, values), Mapping) else {}
        unknown = [name for name in given if name not in keywords]  # any of them may be None
        missing = tuple(
            name for name, keyword in keywords.items() if keyword.default is keyword.empty and name not in given
        )
        if not unknown and not missing and given is values:
            raise  # an error of the application, in a mutator or the like
    check_mapping(model._definition, values)
    if unknown:
        model._definition.check_assignable(str(unknown[0]))
        raise UnknownField(model._definition.name, str(unknown[0]), tuple(keywords))
    raise MissingValue(model._definition.name, missing)


# --- insert ----------------------------------------------------------------------------------------------------------


PreparedInsert: TypeAlias = tuple[str, list[object], tuple[int, ...]]
"""An INSERT of one object: its text up to VALUES (...), its parameters, and the positions that it leaves out."""


def set_positions(made: Model) -> tuple[int, ...]:
    """Positions of the columns that the object has a value for, and that may be given one."""
    definition = made._definition
    generated = definition.generated
    return tuple(
        position for position, slot in enumerate(definition.slots) if hasattr(made, slot) and position not in generated
    )


def insert_sql(definition: Definition, dialect: Dialect, positions: tuple[int, ...]) -> str:
    """The INSERT of one row with values at these positions."""
    if positions == definition.given:
        return definition.statements[dialect.name].insert
    return compile_insert(
        dialect, definition.model.table, [definition.column_names[position] for position in positions]
    )


def prepare_insert(made: Model, dialect: Dialect) -> PreparedInsert:
    """What to send to insert an object.

    Raises:
        InvalidValue: a value that its column cannot hold.
    """
    definition = made._definition
    binding = definition.bindings[dialect.name]
    if definition.is_stamped:
        stamp_new(definition, (made,))
    for slot in definition.filled_slots:
        if hasattr(made, slot):
            break
    else:
        try:
            values = definition.given_values(made)
        except AttributeError:
            pass
        else:
            return binding.statements.insert, binding.given(values), definition.filled
    positions = set_positions(made)
    parameters = binding.row(positions, [getattr(made, definition.slots[position]) for position in positions])
    missing = tuple([position for position in range(len(definition.fields)) if position not in positions])
    return insert_sql(definition, dialect, positions), parameters, missing


def finish_insert(made: Model, positions: Sequence[int], row: Sequence[object], dialect: Dialect) -> None:
    """Take over what the database filled in, as the driver gave it, and mark the object as saved."""
    take_columns(made, positions, row, dialect)
    definition = made._definition
    made._row = definition.kept(definition.values(made))


def _insert(made: Model, executor: Executor) -> None:
    definition = made._definition
    dialect = executor.dialect
    prepared = prepare_insert(made, dialect)
    sql, parameters, missing = prepared
    if not missing:
        executor.execute(sql, parameters)
        finish_insert(made, (), (), dialect)
    elif missing == definition.numbered and "last_insert_id" in dialect.capabilities:
        # A number needs no conversion.
        setattr(made, definition.filled_slots[0], executor.insert(sql, parameters))
        values = definition.values(made)
        made._row = definition.kept(values) if definition.shaped else values
    elif "returning" in executor.capabilities:
        names = [dialect.quoted(definition.column_names[position]) for position in missing]
        rows = executor.fetch(sql + dialect.sql.returning(names), parameters)
        finish_insert(made, missing, rows[0], dialect)
    else:
        _insert_and_read(made, prepared, executor)


def _insert_and_read(made: Model, prepared: PreparedInsert, executor: Executor) -> None:
    """Without RETURNING: insert, then read what the database filled in, in one transaction."""
    definition = made._definition
    dialect = executor.dialect
    sql, parameters, missing = prepared
    with executor.transaction():
        number = executor.insert(sql, parameters)
        for position in definition.numbered:
            if position in missing:
                setattr(made, definition.slots[position], number)
        row = executor.fetch_one(definition.statements[dialect.name].find, bound_key(definition, made, dialect))
        if row is None:
            raise InvalidQuery(f"{definition.name}: the new row cannot be read back", "give its key before saving")
    finish_insert(made, missing, [row[position] for position in missing], dialect)


# --- update, delete, refresh ---------------------------------------------------------------------------------------------


def save(made: Model) -> None:
    """See `Model.save`."""
    definition = made._definition
    executor = definition.executor
    write = _insert if made._row is None else _update
    try:
        if definition.touches and (made._row is None or definition.changed(made._row, definition.values(made))):
            writing_touching(made, executor, lambda: write(made, executor))
        else:
            write(made, executor)
    except ConstraintViolation as error:
        attribute(definition, error)
        if made._row is None and isinstance(error, ForeignKeyViolation):
            name_only_key(definition, error)
        raise


def _update(made: Model, executor: Executor) -> None:
    prepared = prepare_update(made, executor.dialect)
    if prepared is None:
        return
    sql, parameters, recomputed, values = prepared
    if recomputed:
        run(executor, update(made, prepared, executor))
        return
    if executor.execute(sql, parameters) == 0:
        run(executor, lost(made, executor.dialect))
    finish_update(made, values)


def delete(made: Model) -> bool:
    """See `Model.delete`."""
    definition = made._definition
    if made._row is None:
        raise NotSaved(definition.name, "delete")
    executor = definition.executor
    try:
        if definition.touches:
            return writing_touching(made, executor, lambda: _delete(made, executor))
        return _delete(made, executor)
    except ForeignKeyViolation as error:
        if error.constraint is None:
            run(executor, name_restricting(made, error, executor))
        raise


def _delete(made: Model, executor: Executor) -> bool:
    definition, dialect = made._definition, executor.dialect
    assert made._row is not None  # the caller has asked
    deleted = executor.execute(definition.delete_sql(dialect), definition.bindings[dialect.name].condition(made._row))
    if not deleted and definition.version is not None:
        with suppress(NotFound):
            run(executor, lost(made, dialect))
    made._row = None
    return deleted > 0


def refresh(made: Model) -> None:
    """See `Model.refresh`."""
    definition = made._definition
    if made._row is None:
        raise NotSaved(definition.name, "refresh")
    executor = definition.executor
    dialect = executor.dialect
    row = executor.fetch_one(definition.statements[dialect.name].find, bound_row_key(made, dialect))
    take_over(made, row, dialect)


def take_over(made: Model, row: tuple[Any, ...] | None, dialect: Dialect) -> None:
    """Make an object equal to a freshly read row, without loaded relations and amounts.

    Raises:
        NotFound: there is no row.
    """
    definition = made._definition
    if row is None:
        raise NotFound(definition.name)
    (fresh,) = definition.loaders[dialect.name]((row,))
    for slot in definition.slots:
        setattr(made, slot, getattr(fresh, slot))
    made._row = fresh._row
    for relation in definition.model.relations:
        if hasattr(made, f"_{relation.name}"):
            delattr(made, f"_{relation.name}")
    drop_amounts(made)


def key_predicate(definition: Definition, key: Sequence[object]) -> list[Any]:
    """Predicates that only the row with that key meets."""
    return [definition.columns[field] == value for field, value in zip(definition.key_fields, key, strict=True)]


def add(made: Model, column: Column[Any] | Expression[Any], by: object, *, minus: bool = False) -> Plan[None]:
    """Add to a number of the object's row in the database, and read it back; see `Model.increment`."""
    definition = made._definition
    if made._row is None:
        raise NotSaved(definition.name, "increment")
    name = getattr(column, "field", None)
    if not isinstance(name, str) or definition.columns.get(name) is not column:
        raise InvalidQuery(f"increment: this is no field of {definition.name}", f"pass {definition.name}.<field>")
    definition.column(name)  # a part of an object may not hold it
    dialect = definition.executor.dialect
    table = definition.model.table.name
    assignment = added(definition, table, column, by, minus=minus)
    changes = stamped(definition, table, {assignment.column.name: assignment.value})
    sql, parameters = compile_update(dialect, table, changes, key_predicate(definition, key_of(made)))
    try:
        found = yield Execute(sql, parameters)
    except ConstraintViolation as error:
        attribute(definition, error)
        raise
    if found == 0:
        raise NotFound(definition.name)
    rows = yield Fetch(definition.statements[dialect.name].find, bound_row_key(made, dialect))
    if not rows:
        raise NotFound(definition.name)
    (fresh,) = definition.loaders[dialect.name](rows)
    row = list(made._row)
    updated_at = definition.model.updated_at
    taken = [definition.positions[field] for field in (name, updated_at) if field is not None]
    taken += definition.recomputed(taken)
    version = definition.version
    # A version that others raised, too, stays behind: what they wrote is not in this object.
    if version is not None and fresh._row[version] == row[version] + 1:
        taken.append(version)
    for position in taken:
        setattr(made, definition.slots[position], getattr(fresh, definition.slots[position]))
        row[position] = fresh._row[position]
    made._row = tuple(row)
