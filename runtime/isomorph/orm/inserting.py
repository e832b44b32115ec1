"""INSERT from SELECT: rows that the database copies without the application seeing them."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from typing import TYPE_CHECKING, Any, TypeGuard, TypeVar, cast, overload

from isomorph.errors import ConstraintViolation, InvalidQuery, InvalidValue
from isomorph.orm import writing
from isomorph.orm.aliases import Entity
from isomorph.orm.assigning import check_owner, is_column
from isomorph.orm.plans import Execute, Plan, run
from isomorph.orm.selection import Selection
from isomorph.sql.assignments import assigned
from isomorph.sql.expressions import Bound, Expression, Reference
from isomorph.sql.kinds import Column
from isomorph.sql.select import Select
from isomorph.sql.sources import DerivedTable
from isomorph.sql.statements import compile_insert_from
from isomorph.sql.subqueries import Subquery

if TYPE_CHECKING:
    from isomorph.orm.definition import Definition
    from isomorph.orm.plans import Executor

__all__ = ["InsertingFrom"]

T1 = TypeVar("T1")
T2 = TypeVar("T2")
T3 = TypeVar("T3")
T4 = TypeVar("T4")
T5 = TypeVar("T5")
T6 = TypeVar("T6")
T7 = TypeVar("T7")
T8 = TypeVar("T8")
T9 = TypeVar("T9")
T10 = TypeVar("T10")
T11 = TypeVar("T11")
T12 = TypeVar("T12")


class InsertingFrom:
    """The part of a model that takes rows from a selection."""

    __slots__ = ()

    if TYPE_CHECKING:
        _definition: Definition

    @overload
    @classmethod
    def insert_from(
        cls,
        selection: Subquery[tuple[T1]],
        /,
        into: tuple[Column[T1],],
    ) -> int: ...
    @overload
    @classmethod
    def insert_from(
        cls,
        selection: Subquery[tuple[T1, T2]],
        /,
        into: tuple[
            Column[T1],
            Column[T2],
        ],
    ) -> int: ...
    @overload
    @classmethod
    def insert_from(
        cls,
        selection: Subquery[tuple[T1, T2, T3]],
        /,
        into: tuple[
            Column[T1],
            Column[T2],
            Column[T3],
        ],
    ) -> int: ...
    @overload
    @classmethod
    def insert_from(
        cls,
        selection: Subquery[tuple[T1, T2, T3, T4]],
        /,
        into: tuple[
            Column[T1],
            Column[T2],
            Column[T3],
            Column[T4],
        ],
    ) -> int: ...
    @overload
    @classmethod
    def insert_from(
        cls,
        selection: Subquery[tuple[T1, T2, T3, T4, T5]],
        /,
        into: tuple[
            Column[T1],
            Column[T2],
            Column[T3],
            Column[T4],
            Column[T5],
        ],
    ) -> int: ...
    @overload
    @classmethod
    def insert_from(
        cls,
        selection: Subquery[tuple[T1, T2, T3, T4, T5, T6]],
        /,
        into: tuple[
            Column[T1],
            Column[T2],
            Column[T3],
            Column[T4],
            Column[T5],
            Column[T6],
        ],
    ) -> int: ...
    @overload
    @classmethod
    def insert_from(
        cls,
        selection: Subquery[tuple[T1, T2, T3, T4, T5, T6, T7]],
        /,
        into: tuple[
            Column[T1],
            Column[T2],
            Column[T3],
            Column[T4],
            Column[T5],
            Column[T6],
            Column[T7],
        ],
    ) -> int: ...
    @overload
    @classmethod
    def insert_from(
        cls,
        selection: Subquery[tuple[T1, T2, T3, T4, T5, T6, T7, T8]],
        /,
        into: tuple[
            Column[T1],
            Column[T2],
            Column[T3],
            Column[T4],
            Column[T5],
            Column[T6],
            Column[T7],
            Column[T8],
        ],
    ) -> int: ...
    @overload
    @classmethod
    def insert_from(
        cls,
        selection: Subquery[tuple[T1, T2, T3, T4, T5, T6, T7, T8, T9]],
        /,
        into: tuple[
            Column[T1],
            Column[T2],
            Column[T3],
            Column[T4],
            Column[T5],
            Column[T6],
            Column[T7],
            Column[T8],
            Column[T9],
        ],
    ) -> int: ...
    @overload
    @classmethod
    def insert_from(
        cls,
        selection: Subquery[tuple[T1, T2, T3, T4, T5, T6, T7, T8, T9, T10]],
        /,
        into: tuple[
            Column[T1],
            Column[T2],
            Column[T3],
            Column[T4],
            Column[T5],
            Column[T6],
            Column[T7],
            Column[T8],
            Column[T9],
            Column[T10],
        ],
    ) -> int: ...
    @overload
    @classmethod
    def insert_from(
        cls,
        selection: Subquery[tuple[T1, T2, T3, T4, T5, T6, T7, T8, T9, T10, T11]],
        /,
        into: tuple[
            Column[T1],
            Column[T2],
            Column[T3],
            Column[T4],
            Column[T5],
            Column[T6],
            Column[T7],
            Column[T8],
            Column[T9],
            Column[T10],
            Column[T11],
        ],
    ) -> int: ...
    @overload
    @classmethod
    def insert_from(
        cls,
        selection: Subquery[tuple[T1, T2, T3, T4, T5, T6, T7, T8, T9, T10, T11, T12]],
        /,
        into: tuple[
            Column[T1],
            Column[T2],
            Column[T3],
            Column[T4],
            Column[T5],
            Column[T6],
            Column[T7],
            Column[T8],
            Column[T9],
            Column[T10],
            Column[T11],
            Column[T12],
        ],
    ) -> int: ...
    @classmethod
    def insert_from(cls, selection: Subquery[Any], /, into: tuple[Any, ...]) -> int:
        """Insert a row for each row of a selection, by one statement: `Archive.insert_from(posts, into=(Archive.id, ...))`.

        Times that the model keeps are set to now, and other columns that are not named get their defaults, by the database.

        Args:
            selection: what `select` gives; its columns have the types of those they go into.
            into: a column for each of them.

        Returns:
            The number of rows.

        Raises:
            InvalidQuery: the numbers differ, a column is named twice or of another model, a required one is not named, or
                the selection is on another connection.
            InvalidValue: a column of another type.
            ConstraintViolation: the database refuses one; nothing is written.
        """
        executor = cls._definition.executor
        return run(executor, _insert_from(cls._definition, selection, into, executor))


def _insert_from(definition: Definition, selection: object, into: object, executor: Executor) -> Plan[int]:
    what = f"{definition.name}.insert_from()"
    known = selection
    if not _is_selection(known):
        raise InvalidValue(what, "a selection such as Post.query().select(Post.id)", type(known).__name__)
    columns = _checked_columns(definition, into, what)
    if any(isinstance(item, Entity) for item in known._items):
        raise InvalidQuery(f"{what} of whole objects", "select their columns")
    if len(columns) != len(known._items):
        raise InvalidQuery(f"{what}: {len(known._items)} columns into {len(columns)}", "name one for each")
    if known._executor.name != executor.name:
        raise InvalidQuery(
            f"{what} from the connection {known._executor.name} into {executor.name}",
            "read the rows there, and insert_many() them",
        )
    rows = _fitting(known._rewritten(), columns)
    stamps = _stamps(definition, columns)
    _check_complete(definition, [*columns, *(column for column, _ in stamps)], what)
    rows.columns = (*rows.selected, *(value for _, value in stamps))
    names = [*(column.name for column in columns), *(column.name for column, _ in stamps)]
    try:
        count: int = yield Execute(*compile_insert_from(executor.dialect, definition.model.table.name, names, rows))
    except ConstraintViolation as error:
        writing.attribute(definition, error)
        raise
    return count


def _is_selection(item: object) -> TypeGuard[Selection[Any]]:
    return isinstance(item, Selection)


def _checked_columns(definition: Definition, into: object, what: str) -> list[Column[Any]]:
    kind = type(into).__name__
    given = cast("Sequence[object]", into) if isinstance(into, tuple | list) else ()
    if not given:
        raise InvalidValue(f"{what[:-1]}into=...)", f"columns such as ({definition.name}.id,)", kind)
    found: list[Column[Any]] = []
    for item in given:
        column = item
        if not is_column(column):
            raise InvalidValue(f"{what[:-1]}into=...)", f"columns such as {definition.name}.id", type(column).__name__)
        check_owner(definition, definition.model.table.name, column, what)
        if any(column.name == other.name for other in found):
            raise InvalidQuery(f"{what} names {column._where()} twice", "name each column once")
        found.append(column)
    return found


def _fitting(rows: Select, columns: Sequence[Column[Any]]) -> Select:
    """A SELECT of the same rows, as the columns take them."""
    values: Sequence[Expression[Any]] = rows.selected
    if rows.is_simple:
        made = rows.copy()
    else:
        # What is merged, grouped or combined stays what it is: only its result is converted.
        names = tuple(f"c{number}" for number in range(len(columns)))
        made = Select("found", names, DerivedTable(rows.labelled(names), "found"))
        values = [Reference[Any]("found", name, value._codec()) for name, value in zip(names, values, strict=True)]
    made.columns = tuple([assigned(column, value).value for column, value in zip(columns, values, strict=True)])
    return made


def _stamps(definition: Definition, columns: Sequence[Column[Any]]) -> list[tuple[Column[Any], Bound[Any]]]:
    """The times that the model keeps, where they are not given."""
    now = dt.datetime.now(dt.UTC)
    given = {column.name for column in columns}
    kept = [definition.columns[field] for field in definition.times]
    return [(column, Bound[Any](now, column.codec)) for column in kept if column.name not in given]


def _check_complete(definition: Definition, columns: Sequence[Column[Any]], what: str) -> None:
    """Refuse a row without what it needs."""
    named = {column.name for column in columns}
    missing = [
        definition.model.field_of(column.name).name
        for column in definition.model.table.columns
        if column.name not in named
        and not (column.nullable or column.auto_increment or column.generated is not None)
        and column.default is None
        and column.default_sql is None
    ]
    if missing:
        raise InvalidQuery(f"{what} without {', '.join(missing)}, which a row needs", "select a value for each")
