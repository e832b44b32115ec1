"""Tuples of columns: compared at once, as an index over them is ordered."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Any, Generic, cast, overload

from typing_extensions import TypeVar

from isomorph import limits
from isomorph.errors import InvalidQuery, InvalidValue
from isomorph.sql.expressions import All, AnyOf, Expression, Predicate, Truth
from isomorph.sql.kinds import Comparable, Ordered
from isomorph.sql.select import Select
from isomorph.sql.subqueries import Subquery
from isomorph.sql.writer import Writer

__all__ = ["RowValue", "tuple_"]

Given = TypeVar("Given", bound="tuple[Any, ...]")
Selected = TypeVar("Selected", bound="tuple[Any, ...]")
T1 = TypeVar("T1")
T2 = TypeVar("T2")
T3 = TypeVar("T3")
T4 = TypeVar("T4")
V1 = TypeVar("V1")
V2 = TypeVar("V2")
V3 = TypeVar("V3")
V4 = TypeVar("V4")


class RowValue(Generic[Given, Selected]):
    """Several columns or expressions, compared at once: less is what comes before by the first that differs."""

    __slots__ = ("_parts",)

    def __init__(self, parts: Sequence[Comparable[Any, Any]]) -> None:
        self._parts = tuple(parts)

    def __eq__(self, other: Given | RowValue[Given, Selected]) -> Predicate:  # type: ignore[override]  # pyright: ignore[reportIncompatibleMethodOverride] - a predicate, not a bool
        return All([part == value for part, value in zip(self._parts, self._values(other), strict=True)])

    def __ne__(self, other: Given | RowValue[Given, Selected]) -> Predicate:  # type: ignore[override]  # pyright: ignore[reportIncompatibleMethodOverride] - a predicate, not a bool
        return AnyOf([part != value for part, value in zip(self._parts, self._values(other), strict=True)])

    __hash__ = object.__hash__

    def __lt__(self, other: Given | RowValue[Given, Selected]) -> Predicate:
        return self._compared("<", other)

    def __le__(self, other: Given | RowValue[Given, Selected]) -> Predicate:
        return self._compared("<=", other)

    def __gt__(self, other: Given | RowValue[Given, Selected]) -> Predicate:
        return self._compared(">", other)

    def __ge__(self, other: Given | RowValue[Given, Selected]) -> Predicate:
        return self._compared(">=", other)

    def in_(self, values: Iterable[Given] | Subquery[Selected]) -> Predicate:
        """True where it is one of the tuples; never, for none. None in a tuple matches NULL.

        Args:
            values: tuples, or a selection of as many columns; NULL among them matches nothing.
        """
        if isinstance(values, Subquery):
            statement = values._select
            if len(statement.selected) != len(self._parts):
                raise InvalidQuery(f"tuple_() of {len(self._parts)} in a sub-query of others", "select() as many")
            return _RowInQuery(self._parts, statement)
        if not isinstance(values, Iterable):  # pyright: ignore[reportUnnecessaryIsInstance] - callers without a type checker
            raise InvalidValue("tuple_()", "a list of tuples", type(values).__name__)
        plain: list[tuple[Expression[Any], ...]] = []
        others: list[Predicate] = []
        for row in limits.listed(values, "tuple_()"):
            given = self._values(row)
            if any(value is None for value in given):
                others.append(self == row)
            else:
                plain.append(tuple([part._operand(value) for part, value in zip(self._parts, given, strict=True)]))
        among: list[Predicate] = [_RowIn(self._parts, plain)] if plain else []
        if not among and not others:
            return Truth(False)
        return AnyOf([*among, *others]) if len(among) + len(others) > 1 else (among or others)[0]

    def not_in(self, values: Iterable[Given] | Subquery[Selected]) -> Predicate:
        """True where it is none of them; NULL, which is not true, where one of the columns is NULL and the rest equal."""
        return ~self.in_(values)

    def _values(self, other: object) -> tuple[Any, ...]:
        given: object = other._parts if isinstance(other, RowValue) else other
        if not isinstance(given, tuple):
            raise InvalidValue("tuple_()", f"a tuple of {len(self._parts)}", type(given).__name__)
        values = cast("tuple[object, ...]", given)
        if len(values) != len(self._parts):
            raise InvalidValue("tuple_()", f"a tuple of {len(self._parts)}", f"one of {len(values)}")
        return values

    def _compared(self, operator: str, other: object) -> Predicate:
        values = self._values(other)
        for part in self._parts:
            if not isinstance(part, Ordered):
                raise InvalidValue("tuple_()", "what can be less or greater", part._where())
        parts = cast("tuple[Ordered[Any, Any], ...]", self._parts)
        return _RowComparison(
            parts, operator, [part._bounded(value) for part, value in zip(parts, values, strict=True)]
        )


@overload
def tuple_(
    first: Comparable[T1, V1], second: Comparable[T2, V2], /
) -> RowValue[tuple[T1 | V1, T2 | V2], tuple[V1 | None, V2 | None]]: ...
@overload
def tuple_(
    first: Comparable[T1, V1], second: Comparable[T2, V2], third: Comparable[T3, V3], /
) -> RowValue[tuple[T1 | V1, T2 | V2, T3 | V3], tuple[V1 | None, V2 | None, V3 | None]]: ...
@overload
def tuple_(
    first: Comparable[T1, V1], second: Comparable[T2, V2], third: Comparable[T3, V3], fourth: Comparable[T4, V4], /
) -> RowValue[tuple[T1 | V1, T2 | V2, T3 | V3, T4 | V4], tuple[V1 | None, V2 | None, V3 | None, V4 | None]]: ...
def tuple_(*parts: Comparable[Any, Any]) -> RowValue[Any, Any]:
    """Several columns to compare at once: `tuple_(Post.views, Post.id) < (100, 7)`; two to four.

    Raises:
        InvalidValue: something that cannot be equal, or another number.
    """
    for part in parts:
        if not isinstance(part, Comparable):  # pyright: ignore[reportUnnecessaryIsInstance] - callers without a type checker
            raise InvalidValue("tuple_()", "columns such as User.name", type(part).__name__)
    if not 2 <= len(parts) <= 4:
        raise InvalidValue("tuple_()", "two to four columns", f"{len(parts)}")
    return RowValue(parts)


# --- nodes ---------------------------------------------------------------------------------------------------------------


def _write_row(out: Writer, parts: Sequence[Expression[Any]]) -> None:
    joint = "("
    for part in parts:
        out.parts.append(joint)
        part._write(out)
        joint = ", "
    out.parts.append(")")


class _RowComparison(Predicate):
    __slots__ = ("operator", "parts", "values")

    def __init__(self, parts: Sequence[Expression[Any]], operator: str, values: Sequence[Expression[Any]]) -> None:
        self.parts, self.operator, self.values = parts, operator, values

    def _write(self, out: Writer) -> None:
        if out.dialect.sql.has_row_order:
            _write_row(out, self.parts)
            out.parts.append(f" {self.operator} ")
            _write_row(out, self.values)
        else:
            self._write_from(out, 0)

    def _write_from(self, out: Writer, position: int) -> None:
        """Write the comparison of the parts from a position on, each by itself."""
        part, value = self.parts[position], self.values[position]
        if position == len(self.parts) - 1:
            part._write(out)
            out.parts.append(f" {self.operator} ")
            value._write(out)
            return
        out.parts.append("(")
        part._write(out)
        out.parts.append(f" {self.operator[0]} ")
        value._write(out)
        out.parts.append(" OR (")
        part._write(out)
        out.parts.append(" = ")
        value._write(out)
        out.parts.append(" AND ")
        self._write_from(out, position + 1)
        out.parts.append("))")

    def _children(self) -> Sequence[Expression[Any]]:
        return (*self.parts, *self.values)


class _RowIn(Predicate):
    __slots__ = ("parts", "rows")

    def __init__(self, parts: Sequence[Expression[Any]], rows: Sequence[Sequence[Expression[Any]]]) -> None:
        self.parts, self.rows = parts, rows

    def _write(self, out: Writer) -> None:
        if len(self.rows) * len(self.parts) + len(out.parameters) > out.dialect.sql.most_parameters:
            raise InvalidQuery(
                f"{len(self.rows)} tuples are more than one statement takes", "split the list into several queries"
            )
        _write_row(out, self.parts)
        joint = " IN (VALUES " if out.dialect.sql.lists_rows_by_values else " IN ("
        for row in self.rows:
            out.parts.append(joint)
            _write_row(out, row)
            joint = ", "
        out.parts.append(")")

    def _children(self) -> Sequence[Expression[Any]]:
        return (*self.parts, *[value for row in self.rows for value in row])


class _RowInQuery(Predicate):
    __slots__ = ("parts", "statement")

    def __init__(self, parts: Sequence[Expression[Any]], statement: Select) -> None:
        self.parts, self.statement = parts, statement

    def _write(self, out: Writer) -> None:
        _write_row(out, self.parts)
        if not self.statement.is_cut:
            out.parts.append(" IN (")
            self.statement.write(out)
            out.parts.append(")")
            return
        # MySQL takes no LIMIT there.
        names = [f"c{number}" for number in range(len(self.parts))]
        out.parts.append(f" IN (SELECT {', '.join(map(out.quoted, names))} FROM (")
        self.statement.labelled(names).write(out)
        out.parts.append(f") AS {out.quoted('found')})")

    def _children(self) -> Sequence[Expression[Any]]:
        return self.parts

    def _own_reads(self) -> Sequence[str]:
        return self.statement.free_reads
