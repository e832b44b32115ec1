"""What a write by query sets: assignments checked against the model, none of a field twice, with the times it keeps."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Mapping
from typing import TYPE_CHECKING, Any, TypeGuard, cast

from isomorph.errors import InvalidQuery, InvalidValue, UnknownField
from isomorph.sql.assignments import Assignment, assigned
from isomorph.sql.calculating import Numeric
from isomorph.sql.expressions import Bound, Expression
from isomorph.sql.kinds import Column
from isomorph.sql.trees import nullable_reads

if TYPE_CHECKING:
    from isomorph.orm.definition import Definition
    from isomorph.sql.select import Select

__all__ = ["Changes", "added", "changes_of", "check_owner", "counted", "is_column", "stamped", "values_of"]

Changes = dict[str, Expression[Any]]
"""What each column is set to, by its name in the table."""


def values_of(definition: Definition, table: str, values: Mapping[str, object]) -> list[Assignment]:
    """Assignments of values to fields by name.

    Args:
        definition: the model.
        table: what the statement calls its table.
        values: by field.

    Raises:
        UnknownField: a name is no field of the model.
        InvalidValue: a value that its column cannot hold.
    """
    found: list[Assignment] = []
    for field, value in values.items():
        if field not in definition.public:
            raise UnknownField(definition.name, field, definition.public)
        definition.check_assignable(field)
        if value is None:
            definition.check_none(definition.positions[field])
        column = definition.columns[field]
        codec = column.codec
        bound = Bound[Any](codec.stored(value, column._where()), codec)
        found.append(Assignment(column._referenced(table, column.name), bound))
    return found


def added(definition: Definition, table: str, column: object, by: object, *, minus: bool = False) -> Assignment:
    """The assignment that adds to a column, or subtracts from it.

    Raises:
        InvalidValue: no column of numbers, or no number that it holds. SQLite would calculate with text, too, and all
            databases with NULL.
        InvalidQuery: a column of another table.
    """
    what = "decrement()" if minus else "increment()"
    known = column
    if not is_column(known) or not isinstance(column, Numeric):
        raise InvalidValue(what, "a column of numbers such as Post.views", type(known).__name__)
    check_owner(definition, table, known, what)
    if by is None:
        raise InvalidValue(known._where(), "a number", "None")
    number = Bound[Any](known.codec.stored(by, known._where()), known.codec)
    operand = cast("Any", column)
    return assigned(known, operand - number if minus else operand + number)


def changes_of(definition: Definition, statement: Select, assignments: Iterable[Assignment], what: str) -> Changes:
    """What a statement sets, with what the model keeps by itself.

    Args:
        definition: the model that is written.
        statement: the rows.
        assignments: what the caller sets.
        what: the method that asks, for errors.

    Raises:
        InvalidQuery: nothing is set, a field twice, one of another model; or what may be missing and does not say so.
        InvalidValue: something that is no assignment.
    """
    changes: Changes = {}
    for assignment in assignments:
        if not isinstance(assignment, Assignment):  # pyright: ignore[reportUnnecessaryIsInstance] - callers without a type checker
            raise InvalidValue(what, "assignments such as Post.title.to('...')", type(assignment).__name__)
        column = assignment.column
        check_owner(definition, statement.table, column, what)
        if column.name in changes:
            raise InvalidQuery(f"{what} sets {column._where()} twice", "say once what it becomes")
        _check_present(assignment, statement)
        changes[column.name] = assignment.value
    if not changes:
        raise InvalidQuery(f"{what} without changes", "name at least one field")
    return stamped(definition, statement.table, changes)


def stamped(definition: Definition, table: str, changes: Changes) -> Changes:
    """Changes with what the model keeps by itself: the time, where they do not set it, and the version."""
    field = definition.model.updated_at
    if field is not None:
        column = definition.columns[field]
        if column.name not in changes:
            changes = {**changes, column.name: Bound(dt.datetime.now(dt.UTC), column.codec)}
    return counted(definition, table, changes)


def counted(definition: Definition, table: str, changes: Changes) -> Changes:
    """Changes with the version that the model keeps, which every write raises by one; the same without changes."""
    field = definition.model.version
    if field is None or not changes:
        return changes
    column = definition.columns[field]._referenced(table, definition.columns[field].name)
    return {**changes, column.name: cast("Numeric[Any, int]", column) + 1}


def is_column(item: object) -> TypeGuard[Column[Any]]:
    """Whether something is a column of a model."""
    return isinstance(item, Column)


def check_owner(definition: Definition, table: str, column: Column[Any], what: str) -> None:
    """Refuse to set a column of another table than the one that is written, or one that is computed.

    Raises:
        InvalidQuery: it is of another table.
        ReadOnlyField: it is computed.
    """
    if column.model != definition.name:
        raise InvalidQuery(
            f"{what}: {column._where()} is no field of {definition.name}", f"pass {definition.name}.<field>"
        )
    if column.table != table:
        raise InvalidQuery(
            f"{what} writes {table}, and {column._where()} is that of {column.table}",
            "use the columns of what the query is over",
        )
    definition.check_assignable(column.field)


def _check_present(assignment: Assignment, statement: Select) -> None:
    """Refuse what a left join may leave without a value for a column that needs one."""
    outer = statement.outer_joined
    if not outer or assignment.column.nullable:
        return
    missing = next((table for table in nullable_reads(assignment.value) if table in outer), None)
    if missing is not None:
        raise InvalidQuery(
            f"{assignment.column._where()} is required, and {missing} is left-joined, so its columns may be missing",
            "coalesce() them with a value",
        )
