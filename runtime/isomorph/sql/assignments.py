"""Assignments: what an UPDATE or an upsert sets a column to; and the new row's values, as an upsert may name them. Pure."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, Any, TypeGuard, TypeVar

from isomorph.catalog import FLOATS, INTEGERS, TEXTS, ColumnType, Kind
from isomorph.errors import InvalidQuery, InvalidValue
from isomorph.sql.expressions import Bound, Expression
from isomorph.sql.trees import has_aggregate
from isomorph.sql.writer import Writer

if TYPE_CHECKING:
    from isomorph.sql.kinds import Column

__all__ = ["EXCLUDED", "Assignment", "assigned", "excluded", "fits", "is_excluded"]

C = TypeVar("C", bound="Column[Any]")

EXCLUDED = "excluded"
"""What standard SQL calls the row that an upsert could not insert."""

_FAMILIES: dict[Kind, str] = {
    **dict.fromkeys(INTEGERS, "whole numbers"),
    **dict.fromkeys(FLOATS, "floats"),
    **dict.fromkeys(TEXTS, "text"),
}
"""Kinds whose values a column of another one of them holds."""


class Assignment:
    """`column = value` of a write; made by `Post.views.to(...)`.

    Attributes:
        column: the column that is set.
        value: what it is set to, for each row.
    """

    __slots__ = ("column", "value")

    def __init__(self, column: Column[Any], value: Expression[Any]) -> None:
        self.column, self.value = column, value

    def __repr__(self) -> str:
        return f"<assignment to {self.column._where()}>"


def assigned(column: Column[Any], value: object) -> Assignment:
    """What `column.to(value)` gives.

    Raises:
        InvalidValue: a value that the column cannot hold, or an expression of another type.
        InvalidQuery: an aggregate or a window.
    """
    codec = column.codec
    if not _is_expression(value):
        if value is None and not column.nullable:
            raise InvalidValue(column._where(), "a value, for the field is required", "None")
        return Assignment(column, Bound(codec.stored(value, column._where()), codec))
    if has_aggregate(value) or value._is_windowed():
        raise InvalidQuery(
            f"{column._where()} set to an aggregate or a window, which no single row has",
            "read it by a sub-query: query.select(...).scalar()",
        )
    given = value._codec()
    if given is not None and not fits(given.type, codec.type):
        raise InvalidValue(column._where(), f"an expression of the type {codec.type}", f"one of the type {given.type}")
    return Assignment(column, _Rounded(value, codec.type) if codec.type.kind is Kind.DECIMAL else value)


def _is_expression(value: object) -> TypeGuard[Expression[Any]]:
    return isinstance(value, Expression)


class _Rounded(Expression[Any]):
    """An expression as a column keeps it."""

    __slots__ = ("item", "type")

    def __init__(self, item: Expression[Any], type_: ColumnType) -> None:
        self.item, self.type = item, type_

    def _write(self, out: Writer) -> None:
        before, behind = out.dialect.writes.assigned(self.type)
        out.parts.append(before)
        self.item._write(out)
        out.parts.append(behind)

    def _children(self) -> Sequence[Expression[Any]]:
        return (self.item,)


def fits(given: ColumnType, wanted: ColumnType) -> bool:
    """Whether a column takes values of a type on every database; their range and length is the database's to check."""
    if given.enum is not None or wanted.enum is not None or given.item is not None or wanted.item is not None:
        return given == wanted
    if given.kind in INTEGERS and (wanted.kind in FLOATS or wanted.kind is Kind.DECIMAL):
        return True
    return _FAMILIES.get(given.kind, given.kind) == _FAMILIES.get(wanted.kind, wanted.kind)


def excluded(column: C, /) -> C:
    """What the new row of an upsert has in a column, where the row that is there already is updated.

    For `update=` and `where=` of `upsert`: `Post.views.to(Post.views + excluded(Post.views))`.

    Raises:
        InvalidQuery: this is no column of a model.
    """
    if not isinstance(column, _column_class()):  # pyright: ignore[reportUnnecessaryIsInstance] - callers without a type checker
        raise InvalidQuery("excluded() of what is no column", "pass a column such as Post.views")
    return column._referenced(EXCLUDED, column.name)


def _column_class() -> type[Column[Any]]:
    from isomorph.sql.kinds import Column  # noqa: PLC0415 - columns know assignments

    return Column


def is_excluded(value: Expression[Any] | None, name: str) -> bool:
    """Whether a column of this name is set to what the new row of an upsert has in it."""
    return isinstance(value, _column_class()) and value.table == EXCLUDED and value.name == name
