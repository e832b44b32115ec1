"""Window functions: what a row is among the rows around it.

Owns windows (what belongs together, in which order) and the functions that make sense over one only. Aggregates over a
window are in `isomorph.sql.aggregates`.
"""

# Of several overloads the first counts: what has operators of its own keeps them.
# mypy: disable-error-code="overload-overlap"
# pyright: reportOverlappingOverload=false

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from typing import Any, Generic, Protocol, TypeAlias, overload

from typing_extensions import TypeVar

from isomorph.dataclassing import dataclass
from isomorph.errors import InvalidQuery, InvalidValue
from isomorph.sql.arithmetic import BIGINT, DOUBLE
from isomorph.sql.codecs import Codec
from isomorph.sql.expressions import Bound, Expression, Order
from isomorph.sql.faces import faced
from isomorph.sql.frames import Frame
from isomorph.sql.kinds import Faced, Plain
from isomorph.sql.numbers import Floating, Integer
from isomorph.sql.writer import Writer

__all__ = [
    "Orders",
    "Several",
    "Window",
    "WindowFunction",
    "Windowed",
    "cume_dist",
    "dense_rank",
    "first_value",
    "lag",
    "last_value",
    "lead",
    "nth_value",
    "ntile",
    "orders_of",
    "percent_rank",
    "rank",
    "row_number",
    "window_of",
]

E_co = TypeVar("E_co", covariant=True)
T = TypeVar("T")
V = TypeVar("V")
S = TypeVar("S")
K = TypeVar("K")
M = TypeVar("M")

_MOST_ROWS = 2**31 - 1

Several: TypeAlias = "Expression[Any] | Iterable[Expression[Any]]"
"""One expression or several."""

Orders: TypeAlias = "Order | Expression[Any] | Iterable[Order | Expression[Any]]"
"""One order or several; a bare expression is ascending."""


# --- windows -------------------------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Window:
    """What a window function looks at.

    Attributes:
        partition: rows with equal values of these belong together.
        orders: how these rows stand.
        frame: which of them count; None for all up to the row (and its equals), or all without an order.
    """

    partition: tuple[Expression[Any], ...]
    orders: tuple[Order, ...]
    frame: Frame | None

    def write(self, out: Writer) -> None:
        """Write what stands in the parentheses of OVER."""
        joint = "PARTITION BY "
        for expression in self.partition:
            out.parts.append(joint)
            expression._write(out)
            joint = ", "
        joint = f"{' ' if self.partition else ''}ORDER BY "
        for order in self.orders:
            out.parts.append(joint)
            order._write(out)
            joint = ", "
        if self.frame is not None:
            self.frame.write(out, self.orders)

    @property
    def expressions(self) -> tuple[Expression[Any], ...]:
        """What it is made of."""
        return (*self.partition, *[order.expression for order in self.orders])


def window_of(partition_by: Several, order_by: Orders, frame: Frame | None) -> Window:
    """A window.

    Raises:
        InvalidValue: something that is no expression, order or frame.
    """
    where = "over(partition_by=...)"
    partition = (partition_by,) if isinstance(partition_by, Expression) else tuple(_several(partition_by, where))
    for expression in partition:
        if not isinstance(expression, Expression):  # pyright: ignore[reportUnnecessaryIsInstance] - callers without a type checker
            raise InvalidValue(where, "columns such as User.name", type(expression).__name__)
    orders = orders_of(order_by, "over(order_by=...)")
    if frame is not None and not isinstance(frame, Frame):  # pyright: ignore[reportUnnecessaryIsInstance] - likewise
        raise InvalidValue("over(frame=...)", "Rows, Range or Groups", type(frame).__name__)
    return Window(partition, orders, frame)


def orders_of(order_by: Orders, where: str) -> tuple[Order, ...]:
    """Orders of what a caller gave.

    Raises:
        InvalidValue: something that is neither an order nor an expression.
    """
    given: Iterable[Any] = (order_by,) if isinstance(order_by, Order | Expression) else _several(order_by, where)
    made: list[Order] = []
    for item in given:
        if isinstance(item, Order):
            made.append(item)
        elif isinstance(item, Expression):
            made.append(item.asc())
        else:
            raise InvalidValue(where, "columns such as User.name", type(item).__name__)
    return tuple(made)


def _several(given: Iterable[T], where: str) -> Iterable[T]:
    """What can be gone through, and is no text: an empty one would be no columns at all."""
    if isinstance(given, str) or not isinstance(given, Iterable):  # pyright: ignore[reportUnnecessaryIsInstance] - callers without a type checker
        raise InvalidValue(where, "columns such as User.name", type(given).__name__)
    return given


class OverWindow(Protocol):
    """A function that can be written over a window."""

    def write_over(self, out: Writer, window: Window) -> None: ...

    @property
    def operands(self) -> Sequence[Expression[Any]]: ...

    @property
    def is_never_null(self) -> bool: ...

    @property
    def allows_none(self) -> bool: ...

    @property
    def tells_null(self) -> bool: ...

    @property
    def title(self) -> str: ...


class Windowed(Expression[Any]):
    """A function over a window."""

    __slots__ = ("codec", "function", "window")

    def __init__(self, function: OverWindow, window: Window, codec: Codec | None) -> None:
        self.function, self.window, self.codec = function, window, codec

    def _write(self, out: Writer) -> None:
        if out.clause is not None:
            raise InvalidQuery(
                f"{self._where()} in {out.clause}", "select() it in a subquery(), and filter or group that"
            )
        with out.part("a window"):
            self.function.write_over(out, self.window)

    def _codec(self) -> Codec | None:
        return self.codec

    def _where(self) -> str:
        return f"{self.function.title} over a window"

    def _children(self) -> Sequence[Expression[Any]]:
        return (*self.function.operands, *self.window.expressions)

    def _is_nullable(self, outer_joined: Sequence[str]) -> bool:
        del outer_joined
        return not self.function.is_never_null

    def _is_windowed(self) -> bool:
        return True

    def _tells_null(self) -> bool:
        return self.function.tells_null

    def _allows_none(self) -> bool:
        return self.function.allows_none


# --- functions -----------------------------------------------------------------------------------------------------------


class WindowFunction(Generic[E_co]):
    """A function that has a value only over a window: call `.over(...)`."""

    __slots__ = ("_make", "_needs_order", "_takes_frame", "_title")

    def __init__(
        self, title: str, make: Callable[[Window], E_co], *, needs_order: bool = False, takes_frame: bool = False
    ) -> None:
        """Called by `row_number` and its kin."""
        self._title, self._make = title, make
        self._needs_order, self._takes_frame = needs_order, takes_frame

    def over(self, *, partition_by: Several = (), order_by: Orders = (), frame: Frame | None = None) -> E_co:
        """Its value for a row among others.

        Args:
            partition_by: rows with equal values of these belong together; all rows without any.
            order_by: how they stand; NULL is the least value. Places, and rows before and behind, need one.
            frame: which of them count, for `first_value` and its kin.

        Raises:
            InvalidQuery: no order for a function that needs one, or a frame for one that looks at all rows.
            InvalidValue: something that is no expression, order or frame.
        """
        window = window_of(partition_by, order_by, frame)
        # Databases differ in whether they refuse either, or make something up.
        if self._needs_order and not window.orders:
            raise InvalidQuery(f"{self._title} over a window without an order", "give over() an order_by")
        if window.frame is not None and not self._takes_frame:
            raise InvalidQuery(f"a frame for {self._title}, which looks at all rows of its part", "leave it out")
        return self._make(window)

    def __repr__(self) -> str:
        return f"<{self._title}, without its window: .over(...)>"


class _Named(OverWindow):
    """`NAME(arguments)`."""

    __slots__ = ("arguments", "is_counting", "name")

    def __init__(self, name: str, arguments: Sequence[Expression[Any]], *, is_counting: bool) -> None:
        self.name, self.arguments, self.is_counting = name, arguments, is_counting

    def write_over(self, out: Writer, window: Window) -> None:
        self._write_call(out, self.arguments, window)

    def _write_call(self, out: Writer, arguments: Sequence[Expression[Any]], window: Window) -> None:
        out.parts.append(f"{self.name}(")
        for number, argument in enumerate(arguments):
            if number:
                out.parts.append(", ")
            argument._write(out)
        out.parts.append(") OVER (")
        window.write(out)
        out.parts.append(")")

    @property
    def operands(self) -> Sequence[Expression[Any]]:
        return self.arguments

    @property
    def is_never_null(self) -> bool:
        return self.is_counting

    @property
    def allows_none(self) -> bool:
        return not self.is_counting

    @property
    def tells_null(self) -> bool:
        return True

    @property
    def title(self) -> str:
        return f"{self.name.lower()}()"


class _Shifted(_Named):
    """LAG and LEAD with what stands for a missing row."""

    __slots__ = ("missing",)

    def __init__(self, name: str, arguments: Sequence[Expression[Any]], missing: Expression[Any]) -> None:
        super().__init__(name, arguments, is_counting=False)
        self.missing = missing

    def write_over(self, out: Writer, window: Window) -> None:
        if out.dialect.sql.has_lag_default:
            self._write_call(out, (*self.arguments, self.missing), window)
            return
        # Of a constant it is NULL where there is no such row, and nowhere else.
        out.parts.append("CASE WHEN ")
        self._write_call(out, (Bound[object](1, None), self.arguments[1]), window)
        out.parts.append(" IS NULL THEN ")
        self.missing._write(out)
        out.parts.append(" ELSE ")
        self._write_call(out, self.arguments, window)
        out.parts.append(" END")

    @property
    def operands(self) -> Sequence[Expression[Any]]:
        return (*self.arguments, self.missing)

    @property
    def allows_none(self) -> bool:
        return self.arguments[0]._allows_none()

    @property
    def tells_null(self) -> bool:
        return False


def _counting(name: str, *arguments: Expression[Any], needs_order: bool) -> WindowFunction[Integer[int]]:
    function = _Named(name, arguments, is_counting=True)

    def made(window: Window) -> Integer[int]:
        return Integer[int](Windowed(function, window, BIGINT), BIGINT)

    return WindowFunction(function.title, made, needs_order=needs_order)


def _sharing(name: str) -> WindowFunction[Floating[float]]:
    function = _Named(name, (), is_counting=True)

    def made(window: Window) -> Floating[float]:
        return Floating[float](Windowed(function, window, DOUBLE), DOUBLE)

    return WindowFunction(function.title, made, needs_order=True)


def _reading(function: _Named, expression: Expression[Any], *, of_frame: bool) -> WindowFunction[Any]:
    """What gives a value of another row: one of the frame, or one by its distance, which only an order gives a meaning."""
    codec = _known_codec(expression, function.title)

    def made(window: Window) -> Any:
        return faced(Windowed(function, window, codec), codec)

    return WindowFunction(function.title, made, needs_order=not of_frame, takes_frame=of_frame)


def _of_frame(name: str, expression: Expression[Any], *arguments: Expression[Any]) -> WindowFunction[Any]:
    return _reading(_Named(name, (expression, *arguments), is_counting=False), expression, of_frame=True)


def _known_codec(expression: Expression[Any], where: str) -> Codec:
    if not isinstance(expression, Expression):  # pyright: ignore[reportUnnecessaryIsInstance] - callers without a type checker
        raise InvalidValue(where, "a column such as Post.views", type(expression).__name__)
    codec = expression._codec()
    if codec is None:
        raise InvalidQuery(f"{where} of SQL without a type", "name its type: f.col(...), or read a column")
    return codec


def _whole(number: int, least: int, where: str) -> Expression[int]:
    if type(number) is not int or not least <= number <= _MOST_ROWS:
        got = "another" if type(number) is int else type(number).__name__
        raise InvalidValue(where, f"an int of {least} to {_MOST_ROWS}", got)
    return Bound(number, None)


def row_number() -> WindowFunction[Integer[int]]:
    """The number of the row, from 1."""
    return _counting("ROW_NUMBER", needs_order=False)


def rank() -> WindowFunction[Integer[int]]:
    """The place of the row, from 1: equals share it, and those behind them are as many places further on."""
    return _counting("RANK", needs_order=True)


def dense_rank() -> WindowFunction[Integer[int]]:
    """The place of the row, from 1: equals share it, and the next ones have the next."""
    return _counting("DENSE_RANK", needs_order=True)


def ntile(parts: int) -> WindowFunction[Integer[int]]:
    """In which of so many equal parts the row is, from 1."""
    return _counting("NTILE", _whole(parts, 1, "ntile()"), needs_order=False)


def percent_rank() -> WindowFunction[Floating[float]]:
    """The share of the other rows that stand before the row and its equals, from 0 to 1."""
    return _sharing("PERCENT_RANK")


def cume_dist() -> WindowFunction[Floating[float]]:
    """The share of the rows that stand before the row or are equal to it, itself included: more than 0, up to 1."""
    return _sharing("CUME_DIST")


@overload
def lag(expression: Faced[V, S, K, M], offset: int = 1) -> WindowFunction[M]: ...
@overload
def lag(expression: Faced[V, S, K, M], offset: int, default: V) -> WindowFunction[S]: ...
@overload
def lag(expression: Expression[T], offset: int = 1) -> WindowFunction[Plain[T | None]]: ...
def lag(expression: Any, offset: int = 1, default: object = None) -> Any:
    """The value of the row so many before; None, or the default, where there is none."""
    return _shifted("LAG", expression, offset, default)


@overload
def lead(expression: Faced[V, S, K, M], offset: int = 1) -> WindowFunction[M]: ...
@overload
def lead(expression: Faced[V, S, K, M], offset: int, default: V) -> WindowFunction[S]: ...
@overload
def lead(expression: Expression[T], offset: int = 1) -> WindowFunction[Plain[T | None]]: ...
def lead(expression: Any, offset: int = 1, default: object = None) -> Any:
    """The value of the row so many behind; None, or the default, where there is none."""
    return _shifted("LEAD", expression, offset, default)


def _shifted(name: str, expression: Expression[Any], offset: int, default: object) -> WindowFunction[Any]:
    where = f"{name.lower()}()"
    arguments = (expression, _whole(offset, 0, where))
    codec = None if default is None else _known_codec(expression, where)
    if codec is None:
        return _reading(_Named(name, arguments, is_counting=False), expression, of_frame=False)
    missing: Expression[Any] = Bound(codec.compared(default, where), codec)
    return _reading(_Shifted(name, arguments, missing), expression, of_frame=False)


@overload
def first_value(expression: Faced[V, S, K, M]) -> WindowFunction[M]: ...
@overload
def first_value(expression: Expression[T]) -> WindowFunction[Plain[T | None]]: ...
def first_value(expression: Any) -> Any:
    """The value of the first row of the frame; None in an empty one."""
    return _of_frame("FIRST_VALUE", expression)


@overload
def last_value(expression: Faced[V, S, K, M]) -> WindowFunction[M]: ...
@overload
def last_value(expression: Expression[T]) -> WindowFunction[Plain[T | None]]: ...
def last_value(expression: Any) -> Any:
    """The value of the last row of the frame, which is the row itself (or its equals) unless the frame says otherwise."""
    return _of_frame("LAST_VALUE", expression)


@overload
def nth_value(expression: Faced[V, S, K, M], number: int) -> WindowFunction[M]: ...
@overload
def nth_value(expression: Expression[T], number: int) -> WindowFunction[Plain[T | None]]: ...
def nth_value(expression: Any, number: int) -> Any:
    """The value of the row of the frame with that number, from 1; None where there are fewer."""
    return _of_frame("NTH_VALUE", expression, _whole(number, 1, "nth_value()"))
