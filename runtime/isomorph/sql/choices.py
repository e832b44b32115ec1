"""Functions of values of any type: the first that is not NULL, the greatest, one by conditions, one in another form."""

# bool is an int, int goes for float, datetime is a date, and None is of every type: of several overloads the first counts.
# mypy: disable-error-code="overload-overlap"
# pyright: reportOverlappingOverload=false

from __future__ import annotations

import datetime as dt
import enum
import uuid
from collections.abc import Sequence
from decimal import Decimal
from typing import Any, TypeAlias, cast, overload

from typing_extensions import TypeVar

from isomorph.catalog import FLOATS, INTEGERS, ColumnType, Kind
from isomorph.errors import InvalidQuery, InvalidValue
from isomorph.sql.arithmetic import BIGINT, DECIMAL, DOUBLE, floating
from isomorph.sql.calls import Call, Partial
from isomorph.sql.codecs import Bindable, Codec, codec_for, codec_of_value
from isomorph.sql.expressions import Bound, Expression, Predicate
from isomorph.sql.faces import computed_codec, faced
from isomorph.sql.flags import Truthful
from isomorph.sql.kinds import Faced, Plain, Value, fitting, operand
from isomorph.sql.moments import Clock, Day, Moment
from isomorph.sql.numbers import Exact, Floating, Integer
from isomorph.sql.spans import Span
from isomorph.sql.texts import TEXT, Text
from isomorph.sql.trees import nullable_reads
from isomorph.sql.writer import Writer

__all__ = ["case", "cast_to", "coalesce", "current_date", "greatest", "least", "literal", "now", "nullif", "random"]

T = TypeVar("T")
V = TypeVar("V")
S = TypeVar("S")
K = TypeVar("K")
M = TypeVar("M")
E = TypeVar("E", bound=enum.Enum)


# --- arguments -----------------------------------------------------------------------------------------------------------


def _subject(expression: object, where: str) -> Codec:
    """The codec of what a function is asked of.

    Raises:
        InvalidValue: it is no expression, or nobody knows of which type.
    """
    given: Any = expression
    codec = given._codec() if isinstance(expression, Expression) else None
    if codec is None:
        raise InvalidValue(where, "an expression such as User.name", type(given).__name__)
    return cast("Codec", codec)


def _argument(value: object, codec: Codec, where: str) -> Expression[Any]:
    """A value or an expression as a function takes it that gives one of its arguments: all of one type."""
    if not isinstance(value, Expression):
        return _literal(operand(value, codec, where), codec)
    expression = fitting(cast("Expression[object]", value), codec, where)
    kind = codec.type.kind
    if kind is Kind.BIGINT:
        return Call("whole", (expression,), codec)
    if kind is Kind.UNSIGNED_BIGINT:
        return Call("exact", (expression,), codec)
    return floating(expression) if kind is Kind.DOUBLE else expression


def _literal(bound: Expression[Any], codec: Codec) -> Expression[Any]:
    """A bound value of which the database knows the type, too."""
    return Call("literal", (bound,), codec)


# --- NULL ----------------------------------------------------------------------------------------------------------------


class _Coalesce(Call[Any]):
    """The first of its arguments that is not NULL."""

    __slots__ = ()

    def _tells_null(self) -> bool:
        # What is always there makes up for rows that are missing.
        return any(isinstance(argument, Call) and argument.name == "literal" for argument in self.arguments)

    def _is_nullable(self, outer_joined: Sequence[str]) -> bool:
        return all(argument._is_nullable(outer_joined) for argument in self.arguments)


@overload
def coalesce(first: Faced[V, S, K, M], second: V | Expression[V], /, *rest: V | Expression[V | None]) -> K: ...
@overload
def coalesce(
    first: Faced[V, S, K, M], second: Expression[V | None], third: V | Expression[V], /, *rest: V | Expression[V | None]
) -> K: ...
@overload
def coalesce(
    first: Faced[V, S, K, M],
    second: Expression[V | None],
    third: Expression[V | None],
    fourth: V | Expression[V],
    /,
    *rest: V | Expression[V | None],
) -> K: ...
@overload
def coalesce(first: Faced[V, S, K, M], /, *rest: Expression[V | None]) -> M: ...
def coalesce(first: object, /, *rest: object) -> Any:
    """The first of them that is not NULL: `coalesce(User.nickname, User.name)`.

    Args:
        first: an expression.
        rest: expressions or values of its type; one that is never NULL makes the result so, too.

    Raises:
        InvalidValue: one is of another type.
        InvalidQuery: fewer than two, or None among them.
    """
    codec = computed_codec(_subject(first, "coalesce()"))
    if not rest or any(item is None for item in rest):
        raise InvalidQuery("coalesce() of one expression, or with None", "pass what stands for NULL")
    arguments = tuple([_argument(item, codec, "coalesce()") for item in (first, *rest)])
    return faced(_Coalesce("coalesce", arguments, codec), codec)


def nullif(expression: Faced[V, S, K, M], value: V | Expression[V | None], /) -> M:
    """The expression; NULL where it is equal to the value: `nullif(User.nickname, "")`.

    Raises:
        InvalidValue: the value is of another type.
        InvalidQuery: it is None.
    """
    codec = computed_codec(_subject(expression, "nullif()"))
    if value is None:
        raise InvalidQuery("nullif() of None, which nothing is equal to", "leave it out")
    arguments = tuple([_argument(item, codec, "nullif()") for item in (expression, value)])
    return cast("M", faced(Partial[Any]("nullif", arguments, codec), codec))


# --- the greatest and the least ------------------------------------------------------------------------------------------


@overload
def greatest(first: Faced[V, S, K, M], second: V | Expression[V], /, *rest: V | Expression[V]) -> S: ...
@overload
def greatest(first: Faced[V, S, K, M], second: V | Expression[V | None], /, *rest: V | Expression[V | None]) -> M: ...
def greatest(first: object, /, *rest: object) -> Any:
    """The greatest of the values in a row; NULL where one of them is. Of many rows it is `max`.

    Raises:
        InvalidValue: one is of another type, or of one without an order.
        InvalidQuery: fewer than two, or None among them.
    """
    return _extreme("greatest", first, rest)


@overload
def least(first: Faced[V, S, K, M], second: V | Expression[V], /, *rest: V | Expression[V]) -> S: ...
@overload
def least(first: Faced[V, S, K, M], second: V | Expression[V | None], /, *rest: V | Expression[V | None]) -> M: ...
def least(first: object, /, *rest: object) -> Any:
    """The least of the values in a row; see `greatest`."""
    return _extreme("least", first, rest)


def _extreme(name: str, first: object, rest: tuple[object, ...]) -> Any:
    codec = computed_codec(_subject(first, f"{name}()"))
    if codec.type.kind not in _ORDERED:
        raise InvalidValue(f"{name}()", "numbers, texts, dates, times or UUIDs", f"the type {codec.type}")
    if not rest or any(item is None for item in rest):
        raise InvalidQuery(f"{name}() of one expression, or with None", "pass at least two")
    arguments = tuple([_argument(item, codec, f"{name}()") for item in (first, *rest)])
    return faced(Call[Any](name, arguments, codec), codec)


_ORDERED = frozenset(
    {
        *(Kind.BIGINT, Kind.UNSIGNED_BIGINT, Kind.DECIMAL, Kind.DOUBLE, Kind.TEXT),
        *(Kind.DATE, Kind.TIME, Kind.DATETIME, Kind.TIMESTAMPTZ, Kind.INTERVAL, Kind.UUID),
    }
)


# --- one by conditions ---------------------------------------------------------------------------------------------------


class Case(Expression[Any]):
    """The value of the first condition that is true."""

    __slots__ = ("codec", "default", "whens")

    def __init__(
        self, whens: Sequence[tuple[Predicate, Expression[Any]]], default: Expression[Any] | None, codec: Codec
    ) -> None:
        self.whens, self.default, self.codec = whens, default, codec

    def _write(self, out: Writer) -> None:
        out.parts.append("CASE")
        for predicate, value in self.whens:
            out.parts.append(" WHEN ")
            predicate._write(out)
            out.parts.append(" THEN ")
            value._write(out)
        if self.default is not None:
            out.parts.append(" ELSE ")
            self.default._write(out)
        out.parts.append(" END")

    def _codec(self) -> Codec:
        return self.codec

    def _values(self) -> list[Expression[Any]]:
        return [*(value for _, value in self.whens), *(() if self.default is None else (self.default,))]

    def _children(self) -> Sequence[Expression[Any]]:
        return [*(predicate for predicate, _ in self.whens), *self._values()]

    def _tells_null(self) -> bool:
        # A condition that is NULL for a missing row is not true, and the default is for that.
        return self.default is None or not any(table for value in self._values() for table in nullable_reads(value))

    def _is_nullable(self, outer_joined: Sequence[str]) -> bool:
        return self.default is None or any(value._is_nullable(outer_joined) for value in self._values())


Whens: TypeAlias = "tuple[Predicate, T | Expression[T]]"


@overload
def case(*whens: Whens[E], default: E | Expression[E]) -> Plain[E]: ...
@overload
def case(*whens: Whens[E], default: E | Expression[E] | None = None) -> Plain[E | None]: ...
@overload
def case(*whens: Whens[bool], default: bool | Expression[bool]) -> Truthful[bool]: ...
@overload
def case(
    *whens: Whens[bool | None], default: bool | Expression[bool | None] | None = None
) -> Truthful[bool | None]: ...
@overload
def case(*whens: Whens[int], default: int | Expression[int]) -> Integer[int]: ...
@overload
def case(*whens: Whens[int | None], default: int | Expression[int | None] | None = None) -> Integer[int | None]: ...
@overload
def case(*whens: Whens[float], default: float | Expression[float]) -> Floating[float]: ...
@overload
def case(
    *whens: Whens[float | None], default: float | Expression[float | None] | None = None
) -> Floating[float | None]: ...
@overload
def case(*whens: Whens[Decimal | int], default: Decimal | int | Expression[Decimal | int]) -> Exact[Decimal]: ...
@overload
def case(
    *whens: Whens[Decimal | int | None], default: Decimal | int | Expression[Decimal | int | None] | None = None
) -> Exact[Decimal | None]: ...
@overload
def case(*whens: Whens[str], default: str | Expression[str]) -> Text[str]: ...
@overload
def case(*whens: Whens[str | None], default: str | Expression[str | None] | None = None) -> Text[str | None]: ...
@overload
def case(*whens: tuple[Predicate, Expression[T]], default: Expression[T]) -> Value[T]: ...
@overload
def case(*whens: tuple[Predicate, Expression[T]], default: Expression[T] | None = None) -> Value[T | None]: ...
@overload
def case(*whens: Whens[T], default: T | Expression[T]) -> Value[T]: ...
@overload
def case(*whens: Whens[T], default: T | Expression[T] | None = None) -> Value[T | None]: ...
def case(*whens: tuple[Predicate, Any], default: Any = None) -> Any:
    """The value of the first condition that is true: `case((Post.views > 1000, "hot"), default="cold")`.

    Args:
        whens: pairs of a condition and a value or expression, all of one type.
        default: what it is where none is true; NULL without one.

    Raises:
        InvalidQuery: no pair, or nothing but None.
        InvalidValue: values of different types, or what is no pair.
    """
    for when in whens:
        if not _is_pair(when):
            raise InvalidValue("case()", "pairs of a predicate and a value", type(when).__name__)
    values = [value for _, value in whens]
    codec = _common_codec([*values, default])
    if not whens or codec is None:
        raise InvalidQuery("case() without a value", "case((User.age >= 18, 1), default=0)")

    def made(value: object) -> Expression[Any]:
        return Bound(None, None) if value is None else _argument(value, codec, "case()")

    pairs = [(predicate, made(value)) for predicate, value in whens]
    return faced(Case(pairs, None if default is None else made(default), codec), codec)


def _is_pair(when: object) -> bool:
    if not isinstance(when, tuple):
        return False
    pair = cast("tuple[object, ...]", when)
    return len(pair) == 2 and isinstance(pair[0], Predicate)


def _common_codec(values: Sequence[object]) -> Codec | None:
    """The codec of all values: an integer beside a decimal or a float is one; None when there are none."""
    found: Codec | None = None
    for value in values:
        codec = value._codec() if isinstance(value, Expression) else codec_of_value(cast("Bindable", value), "case()")
        codec = None if codec is None else computed_codec(codec)
        if found is None or (codec is not None and found.type.kind in INTEGERS and codec.type.kind in _WIDER):
            found = codec or found
    return found


_WIDER = frozenset({*FLOATS, Kind.DECIMAL, Kind.UNSIGNED_BIGINT})


# --- other forms ---------------------------------------------------------------------------------------------------------

_Textable: TypeAlias = (
    Expression[int] | Expression[Decimal] | Expression[dt.date] | Expression[uuid.UUID] | Expression[enum.Enum]
)
_MaybeTextable: TypeAlias = (
    Expression[int | None]
    | Expression[Decimal | None]
    | Expression[dt.date | None]
    | Expression[uuid.UUID | None]
    | Expression[enum.Enum | None]
)
_Known: TypeAlias = "Expression[int] | Expression[float] | Expression[Decimal]"
_Maybe: TypeAlias = "Expression[int | None] | Expression[float | None] | Expression[Decimal | None]"


@overload
def cast_to(expression: Expression[str] | Expression[str | None], type_: type[int], /) -> Integer[int | None]: ...
@overload
def cast_to(expression: Expression[str] | Expression[str | None], type_: type[float], /) -> Floating[float | None]: ...
@overload
def cast_to(expression: Expression[str] | Expression[str | None], type_: type[Decimal], /) -> Exact[Decimal | None]: ...
@overload
def cast_to(expression: _Known, type_: type[int], /) -> Integer[int]: ...
@overload
def cast_to(expression: _Maybe, type_: type[int], /) -> Integer[int | None]: ...
@overload
def cast_to(expression: _Known, type_: type[float], /) -> Floating[float]: ...
@overload
def cast_to(expression: _Maybe, type_: type[float], /) -> Floating[float | None]: ...
@overload
def cast_to(expression: Expression[int], type_: type[Decimal], /) -> Exact[Decimal]: ...
@overload
def cast_to(expression: Expression[int | None], type_: type[Decimal], /) -> Exact[Decimal | None]: ...
@overload
def cast_to(expression: _Textable, type_: type[str], /) -> Text[str]: ...
@overload
def cast_to(expression: _MaybeTextable, type_: type[str], /) -> Text[str | None]: ...
def cast_to(expression: Expression[Any], type_: type[Any], /) -> Any:
    """An expression as a value of another type.

    To `int`, what is behind the point is cut off. A text that is no number gives NULL; so does one of more than 18
    digits. To `str`: whole numbers, decimals, dates as `2026-03-01`, UUIDs and enums.

    Args:
        expression: what is converted.
        type_: int, float, Decimal or str.

    Raises:
        InvalidValue: there is no such conversion that all databases do alike.
        NumericOverflow: when the query runs: a number of more than 64 bits becomes an int.
    """
    codec = _subject(expression, "cast()")
    kind = computed_codec(codec).type.kind
    made = _CASTS.get((kind, type_))
    if made is None:
        wanted = getattr(type_, "__name__", "that")
        raise InvalidValue("cast()", "int, float, Decimal or str, and what becomes one", f"{codec.type} to {wanted}")
    name, result = made
    node = Partial[Any] if kind is Kind.TEXT else Call[Any]
    return faced(node(name, (_argument(expression, computed_codec(codec), "cast()"),), result), result)


_CASTS: dict[tuple[Kind, type], tuple[str, Codec]] = {
    **{(kind, int): ("to_int", BIGINT) for kind in (Kind.DECIMAL, Kind.DOUBLE)},
    **{(kind, float): ("to_float", DOUBLE) for kind in (Kind.BIGINT, Kind.UNSIGNED_BIGINT, Kind.DECIMAL)},
    **{(kind, Decimal): ("to_decimal", DECIMAL) for kind in (Kind.BIGINT, Kind.UNSIGNED_BIGINT)},
    (Kind.TEXT, int): ("text_to_int", BIGINT),
    (Kind.TEXT, float): ("text_to_float", DOUBLE),
    (Kind.TEXT, Decimal): ("text_to_decimal", DECIMAL),
    **{
        (kind, str): ("to_text", TEXT)
        for kind in (Kind.BIGINT, Kind.UNSIGNED_BIGINT, Kind.DECIMAL, Kind.DATE, Kind.UUID, Kind.ENUM)
    },
}


@overload
def literal(value: E, /) -> Plain[E]: ...
@overload
def literal(value: bool, /) -> Truthful[bool]: ...
@overload
def literal(value: int, /) -> Integer[int]: ...
@overload
def literal(value: float, /) -> Floating[float]: ...
@overload
def literal(value: Decimal, /) -> Exact[Decimal]: ...
@overload
def literal(value: str, /) -> Text[str]: ...
@overload
def literal(value: dt.datetime, /) -> Moment[dt.datetime]: ...
@overload
def literal(value: dt.date, /) -> Day[dt.date]: ...
@overload
def literal(value: dt.time, /) -> Clock[dt.time]: ...
@overload
def literal(value: dt.timedelta, /) -> Span[dt.timedelta]: ...
@overload
def literal(value: uuid.UUID, /) -> Value[uuid.UUID]: ...
def literal(value: Any, /) -> Any:
    """A value as an expression, bound as all values are.

    Raises:
        InvalidValue: a type that cannot be bound, or None.
    """
    if isinstance(value, dt.timedelta):
        codec: Codec | None = codec_for(ColumnType(Kind.INTERVAL))
    else:
        codec = codec_of_value(value, "literal()")
    if codec is None:
        raise InvalidValue("literal()", "a value", "None")
    return faced(_literal(Bound(codec.compared(value, "literal()"), codec), codec), codec)


# --- of nothing ----------------------------------------------------------------------------------------------------------


def now() -> Moment[dt.datetime]:
    """The moment at which the statement began; on PostgreSQL, the transaction. On SQLite to the millisecond."""
    codec = codec_for(ColumnType(Kind.TIMESTAMPTZ))
    return Moment(Call[Any]("now", (), codec), codec)


def current_date() -> Day[dt.date]:
    """The date of `now()` in UTC."""
    codec = codec_for(ColumnType(Kind.DATE))
    return Day(Call[Any]("current_date", (), codec), codec)


def random() -> Floating[float]:
    """A random number for each row, from 0 up to but not including 1: `order_by(random())`."""
    return Floating(Call[Any]("random", (), DOUBLE), DOUBLE)
