"""Typed operands: which comparisons make sense for which type, and what a column is to a type checker.

Owns the public face of expressions; the columns of each type are in `isomorph.sql.columns`, what belongs to one type
(numbers, texts, moments, documents, ...) in a module of its own. `T` is the type of the attribute (`int`, or
`int | None` for a nullable column); operands are of the bare type. An operator that makes no sense for a type does not
exist on its class, so that editors do not offer it and type checkers refuse it.
"""

from __future__ import annotations

import itertools
from collections.abc import Iterable, Sequence
from typing import TYPE_CHECKING, Any, ClassVar, Generic, Literal, Protocol, Self, cast, overload

from typing_extensions import TypeVar

from isomorph import limits
from isomorph.catalog import INTEGERS, ColumnType, Kind
from isomorph.errors import InvalidQuery, InvalidValue
from isomorph.sql.assignments import Assignment, assigned, fits
from isomorph.sql.calls import Call
from isomorph.sql.codecs import Codec, Refused, codec_for
from isomorph.sql.expressions import (
    Against,
    AnyOf,
    Bound,
    Comparison,
    Expression,
    NotNull,
    Null,
    Opposite,
    Predicate,
    Reference,
    Truth,
)
from isomorph.sql.fixed import Fixed
from isomorph.sql.predicates import Claim, Enclosed, In, InQuery
from isomorph.sql.quantified import Quantified, QuantifiedComparison
from isomorph.sql.subqueries import Subquery
from isomorph.sql.writer import Writer

if TYPE_CHECKING:
    from isomorph.sql.outlines import Outline

__all__ = [
    "Column",
    "Comparable",
    "Computed",
    "Equatable",
    "Faced",
    "Orderable",
    "Ordered",
    "Plain",
    "Sortable",
    "Summable",
    "Value",
    "fitting",
    "operand",
]

T = TypeVar("T")
T_co = TypeVar("T_co", covariant=True)
U = TypeVar("U")
V = TypeVar("V")
V_contra = TypeVar("V_contra", contravariant=True)
S_co = TypeVar("S_co", covariant=True)
K_co = TypeVar("K_co", covariant=True)
M_co = TypeVar("M_co", covariant=True)


class Sortable(Expression[T_co]):
    """Has a least and a greatest value. Covariant, unlike the operators: how aggregates say what they take."""

    __slots__ = ()


class Summable(Sortable[T_co]):
    """Can be added up, too."""

    __slots__ = ()


class Faced(Protocol[V_contra, S_co, K_co, M_co]):
    """Says to type checkers what functions of any type make of an operand: nothing here is ever called.

    A function that gives one of its operands (`coalesce`) has the operators of their type: `K_co` are those without
    NULL, `M_co` those with it, `S_co` those that are NULL where the operand is. `V_contra` is the type of values that
    go with it.
    """

    def _takes(self, value: V_contra, /) -> None: ...
    def _same(self) -> S_co: ...
    def _known(self) -> K_co: ...
    def _maybe(self) -> M_co: ...


class Comparable(Expression[T], Generic[T, V]):
    """Can be equal."""

    __slots__ = ()

    if TYPE_CHECKING:
        codec: Codec

    def _operand(self, other: object) -> Expression[object]:
        return operand(other, self.codec, self._where())

    def __eq__(self, other: T | V | Expression[V | None]) -> Predicate:  # type: ignore[override]  # pyright: ignore[reportIncompatibleMethodOverride] - a predicate, not a bool
        return Null(self) if other is None else self._compared(" = ", other)

    def __ne__(self, other: T | V | Expression[V | None]) -> Predicate:  # type: ignore[override]  # pyright: ignore[reportIncompatibleMethodOverride] - a predicate, not a bool
        return NotNull(self) if other is None else self._compared(" <> ", other)

    __hash__ = object.__hash__

    def same_as(self, other: T | V | Expression[V | None]) -> Predicate:
        """True where both are equal, or both NULL; never NULL itself."""
        return Null(self) if other is None else Claim("same", self._sides(other))

    def is_distinct_from(self, other: T | V | Expression[V | None]) -> Predicate:
        """True where they differ, or one of them is NULL; never NULL itself."""
        return NotNull(self) if other is None else Claim("distinct", self._sides(other))

    def in_(self, values: Iterable[T | V] | Subquery[tuple[V | None]]) -> Predicate:
        """True where it is one of the values; never, for no values. None among them matches NULL.

        Args:
            values: values, or a selection of one column; NULL among its rows matches nothing.
        """
        return self._among(values, negated=False)

    def not_in(self, values: Iterable[T | V] | Subquery[tuple[V | None]]) -> Predicate:
        """True where it is none of the values and, as in SQL, not NULL unless there are no values at all."""
        return self._among(values, negated=True)

    def _compared(self, operator: str, other: object) -> Predicate:
        if not isinstance(other, Expression):  # the common case, of which there are thousands
            codec = self.codec
            try:
                return Against(self, operator, codec.compare(other), codec)
            except Refused as refused:
                failure = refused
            raise failure.told(self._where())
        left, right = self._sides(cast("object", other))
        if isinstance(other, Quantified):
            return QuantifiedComparison(left, operator, cast("Quantified[object]", other))
        return Comparison(left, operator, right)

    def _sides(self, other: object) -> tuple[Expression[Any], Expression[Any]]:
        """What stands on both sides of a comparison."""
        return self, self._operand(other)

    def _among(self, values: Iterable[object] | Subquery[Any], *, negated: bool) -> Predicate:
        if isinstance(values, Subquery):
            statement = values._select
            fitting(statement.only_column, self.codec, self._where())  # refuses another type
            return InQuery(self, statement, negated=negated)
        if isinstance(values, str | bytes):
            raise InvalidQuery(f"{self._where()}: in_() was given a single text", "pass a list of values")
        if not isinstance(values, Iterable):  # pyright: ignore[reportUnnecessaryIsInstance] - callers without a type checker
            raise InvalidValue(self._where(), "a list of values", type(values).__name__)
        codec = self.codec
        where = self._where()
        given = limits.listed(values, where)
        known = [codec.compared(value, where) for value in given if value is not None]
        among: Predicate = In(self, list(dict.fromkeys(known)), codec, negated=negated) if known else Truth(negated)
        if len(known) == len(given):
            return among
        if negated:
            return among & NotNull(self) if known else NotNull(self)
        return AnyOf((among, Null(self))) if known else Null(self)


class Ordered(Comparable[T, V], Sortable[T]):
    """Can also be less or greater."""

    __slots__ = ()

    def __lt__(self, other: V | Expression[V | None]) -> Predicate:
        if other is None:
            raise self._unordered()
        return self._compared(" < ", other)

    def __le__(self, other: V | Expression[V | None]) -> Predicate:
        if other is None:
            raise self._unordered()
        return self._compared(" <= ", other)

    def __gt__(self, other: V | Expression[V | None]) -> Predicate:
        if other is None:
            raise self._unordered()
        return self._compared(" > ", other)

    def __ge__(self, other: V | Expression[V | None]) -> Predicate:
        if other is None:
            raise self._unordered()
        return self._compared(" >= ", other)

    def between(self, low: V | Expression[V | None], high: V | Expression[V | None]) -> Predicate:
        """True from `low` to `high`, both included."""
        return self.__ge__(low) & self.__le__(high)

    def not_between(self, low: V | Expression[V | None], high: V | Expression[V | None]) -> Predicate:
        """True below `low` and above `high`."""
        return Opposite(self.between(low, high))

    def _bounded(self, other: object) -> Expression[object]:
        if other is None:
            raise self._unordered()
        return self._operand(other)

    def _unordered(self) -> InvalidQuery:
        return InvalidQuery(f"{self._where()}: nothing is less or greater than None", "use is_null()")


class Equatable(Comparable[T, V]):
    """Can be equal, and no more: truth values, bytes, enums."""

    __slots__ = ()

    if TYPE_CHECKING:

        def _takes(self: Expression[U | None], value: U, /) -> None: ...
        def _same(self) -> Plain[T]: ...
        def _known(self: Expression[U | None]) -> Plain[U]: ...
        def _maybe(self) -> Plain[T | None]: ...


class Orderable(Ordered[T, V]):
    """Can be less or greater, and no more: UUIDs, addresses."""

    __slots__ = ()

    if TYPE_CHECKING:

        def _takes(self: Expression[U | None], value: U, /) -> None: ...
        def _same(self) -> Value[T]: ...
        def _known(self: Expression[U | None]) -> Value[U]: ...
        def _maybe(self) -> Value[T | None]: ...


# --- what is beside an operator ------------------------------------------------------------------------------------------


def operand(other: object, codec: Codec, where: str) -> Expression[object]:
    """What stands beside an operand of a type: a checked value, or an expression of a type that goes with it.

    Args:
        other: a value or an expression.
        codec: that of the operand.
        where: the operand, for errors.

    Raises:
        InvalidValue: a value or an expression of another type.
    """
    if isinstance(other, Expression):
        return fitting(cast("Expression[object]", other), codec, where)
    return Bound(codec.compared(other, where), codec)


def fitting(other: Expression[object], codec: Codec, where: str) -> Expression[object]:
    """An expression in the form in which it is compared and calculated with values of a type.

    Raises:
        InvalidValue: it is of another type.
    """
    if isinstance(other, Predicate):
        other = Enclosed(other)
    given = other._codec()
    if given is None or given is codec:
        return other
    has, wants = given.type.kind, codec.type.kind
    if has in INTEGERS and (has in _EXACT or wants in _EXACT):
        # What is beyond 64 bits is text on SQLite, where numbers and text are never equal.
        return other if has is wants else _converted(other, wants)
    if not fits(given.type, codec.type):
        raise InvalidValue(where, f"an expression of the type {codec.type}", f"one of the type {given.type}")
    return other


_EXACT = frozenset({Kind.DECIMAL, Kind.UNSIGNED_BIGINT})


def _converted(other: Expression[object], wants: Kind) -> Expression[object]:
    name = "exact" if wants in _EXACT else "whole" if wants in INTEGERS else "floating"
    return Call(name, (other,), codec_for(ColumnType(Kind.DECIMAL if wants in _EXACT else wants)))


# --- what is computed ----------------------------------------------------------------------------------------------------


class Computed(Expression[T]):
    """A value that the database computes, with the operators of its type in the classes made of this one."""

    __slots__ = ("codec", "node")

    def __init__(self, node: Expression[Any], codec: Codec) -> None:
        """Give a node of the tree the operators of a type.

        Args:
            node: what is computed.
            codec: how its values are checked, bound and loaded.
        """
        self.node, self.codec = node, codec

    def _write(self, out: Writer) -> None:
        self.node._write(out)
        collation = out.dialect.sql.collations.get(self.codec.type.kind)
        if collation is not None:
            out.parts.append(collation)

    def _codec(self) -> Codec:
        return self.codec

    def _where(self) -> str:
        return self.node._where()

    def _children(self) -> Sequence[Expression[Any]]:
        return (self.node,)

    def _is_nullable(self, outer_joined: Sequence[str]) -> bool:
        return self.node._is_nullable(outer_joined)

    def _referenced(self, table: str, name: str) -> Self:
        return type(self)(Reference(table, name, self.codec, allows_none=self._allows_none()), self.codec)

    def _allows_none(self) -> bool:
        return self.node._allows_none()


class Plain(Computed[T], Equatable[T, T]):
    """A computed value that can be equal: an enum, bytes."""

    __slots__ = ()


class Value(Computed[T], Orderable[T, T]):
    """A computed value that can be compared: a minimum, the result of a sub-query."""

    __slots__ = ()


# --- columns -------------------------------------------------------------------------------------------------------------


_NUMBERS = itertools.count(1)


class Column(Fixed, Expression[T]):
    """A column of a model. On the class (`User.name`) it is this object; on an instance (`user.name`) the value."""

    __slots__ = ("_dotted", "_number", "codec", "collation", "field", "model", "name", "nullable", "table")

    kind_name: ClassVar[str] = "column"

    if TYPE_CHECKING:

        def __init__(self) -> None: ...

        @overload
        def __get__(self, instance: None, owner: Any, /) -> Self: ...
        @overload
        def __get__(self, instance: object, owner: Any, /) -> T: ...
        def __get__(self, instance: Any, owner: Any, /) -> Any: ...
        def __set__(self, instance: object, value: T, /) -> None: ...

    @classmethod
    def _make(
        cls,
        *,
        model: str,
        field: str,
        table: str,
        name: str,
        nullable: bool,
        codec: Codec,
        collation: Literal["binary", "other"] | None = None,
    ) -> Self:
        """The column of a model's field.

        Args:
            model: name of the model.
            field: the attribute.
            table: name of the table.
            name: name of the column in the table.
            nullable: whether it may be NULL.
            codec: how its values are checked and travel.
            collation: whether the schema gives its text a collation: by code point, or another one.
        """
        made = cls.__new__(cls)
        made.model, made.field, made.table, made.name = model, field, table, name
        made.nullable, made.codec, made.collation = nullable, codec, collation
        made._number = next(_NUMBERS)
        return made

    if TYPE_CHECKING:
        model: str
        field: str
        table: str
        name: str
        nullable: bool
        codec: Codec
        collation: Literal["binary", "other"] | None
        _dotted: dict[str, str]  # with its table, by dialect name; made when first asked for
        _number: int  # another one for each column of a model; 0 for one that is made for a query

    def to(self, value: T | Expression[T]) -> Assignment:
        """Set it to a value, or to what an expression is for each row: `query.update_with(Post.views.to(Post.views + 1))`.

        Raises:
            InvalidValue: a value that the column cannot hold, or an expression of another type.
        """
        return assigned(self, value)

    def _write(self, out: Writer) -> None:
        visible = out.visible
        if out.totalled or (visible is not None and self.table not in visible):
            out.column(self.table, self.name)
        elif out.qualified:
            try:
                out.parts.append(self._dotted[out.name])
            except (AttributeError, KeyError):
                out.parts.append(self._with_table(out))
        else:
            out.parts.append(out.quoted(self.name))

    def _outline(self, out: Outline) -> bool:
        out.parts.append(self._number)
        return self._number != 0

    def _with_table(self, out: Writer) -> str:
        text = f"{out.quoted(self.table)}.{out.quoted(self.name)}"
        self._dotted = {**getattr(self, "_dotted", {}), out.name: text}
        return text

    def _codec(self) -> Codec:
        return self.codec

    def _where(self) -> str:
        return f"{self.model}.{self.field}"

    def _own_reads(self) -> Sequence[str]:
        return (self.table,)

    def _is_nullable(self, outer_joined: Sequence[str]) -> bool:
        return self.nullable or self.table in outer_joined

    def _tells_null(self) -> bool:
        return self.nullable

    def _allows_none(self) -> bool:
        return self.nullable

    def _referenced(self, table: str, name: str) -> Self:
        """The same column in another source: an alias of its table, or a statement that selects it."""
        made = self._make(
            model=self.model,
            field=self.field,
            table=table,
            name=name,
            nullable=self.nullable,
            codec=self.codec,
            collation=self.collation,
        )
        made._number = 0
        return made

    def __repr__(self) -> str:
        return f"<{type(self).__name__} {self.model}.{self.field}>"

    def _belongs(self) -> tuple[str, str]:
        return "columns", f"import {self.model} there"
