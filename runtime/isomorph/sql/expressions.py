"""Expressions: what stands between SELECT and WHERE, typed by the value it has in Python.

Owns the tree and how each node writes itself; what databases spell differently is asked of the dialect's rules. Nodes
are immutable and know no table's data. Comparisons check and keep their values; conversion for the driver happens when
the statement is compiled, once the dialect is known.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Final, Generic, LiteralString

from typing_extensions import TypeVar

from isomorph.catalog import Kind
from isomorph.dialects.base import Dialect
from isomorph.dialects.standard.sql import Pattern
from isomorph.errors import InvalidQuery, InvalidValue
from isomorph.sql.codecs import Bindable, Codec, codec_of_value

__all__ = [
    "All",
    "AnyOf",
    "Arithmetic",
    "Bound",
    "Comparison",
    "Expression",
    "Function",
    "In",
    "Like",
    "NotNull",
    "Null",
    "Opposite",
    "Optional",
    "Order",
    "Predicate",
    "Raw",
    "Truth",
    "Writer",
]

T_co = TypeVar("T_co", covariant=True)

_FEW = 100
"""In-lists up to this size are written out; longer ones go as one array where the dialect has them."""


class Writer:
    """Where a statement is written: text in parts, and the bound values in the order of their placeholders.

    Attributes:
        dialect: the dialect spoken.
        name: its name.
        quoted: its quoting of identifiers.
        placeholder: its placeholder.
        parts: text written so far.
        parameters: values bound so far, converted for the driver.
        qualified: whether columns are written with their table, which statements over several tables need.
    """

    __slots__ = ("dialect", "name", "parameters", "parts", "placeholder", "qualified", "quoted")

    def __init__(self, dialect: Dialect, *, qualified: bool = False) -> None:
        self.dialect = dialect
        self.name = dialect.name
        self.quoted = dialect.quoted
        self.placeholder = dialect.placeholder
        self.parts: list[str] = []
        self.parameters: list[object] = []
        self.qualified = qualified

    def bind(self, value: object, codec: Codec | None) -> None:
        """Write a placeholder and bind a checked value to it."""
        self.parts.append(self.placeholder)
        if codec is not None and value is not None:
            bind = codec.binds[self.name]
            if bind is not None:
                value = bind(value)
        self.parameters.append(value)

    def result(self) -> tuple[str, tuple[object, ...]]:
        """The whole text and its parameters."""
        return "".join(self.parts), tuple(self.parameters)


class Expression(Generic[T_co]):
    """Something with a value of type `T_co` per row."""

    __slots__ = ()

    def _write(self, out: Writer) -> None:
        raise NotImplementedError

    def _codec(self) -> Codec | None:
        """How its values are loaded; None when they come as the driver gives them."""
        return None

    def _where(self) -> str:
        """What it is called in an error."""
        return "an expression"

    def _tables(self) -> Iterable[str]:
        """Names of the tables that it reads."""
        return ()

    def asc(self) -> Order:
        """Order by it, least first."""
        return Order(self, descending=False)

    def desc(self) -> Order:
        """Order by it, greatest first."""
        return Order(self, descending=True)

    def is_null(self) -> Predicate:
        """True where it is NULL."""
        return Null(self)

    def is_not_null(self) -> Predicate:
        """True where it is not NULL."""
        return NotNull(self)

    def optional(self) -> Optional[T_co]:
        """The same, typed to allow None: how columns of a left-joined table are selected."""
        return Optional(self)


class Order:
    """An item of ORDER BY."""

    __slots__ = ("descending", "expression")

    def __init__(self, expression: Expression[object], *, descending: bool) -> None:
        self.expression = expression
        self.descending = descending

    def _write(self, out: Writer) -> None:
        self.expression._write(out)
        if self.descending:
            out.parts.append(" DESC")


class Predicate(Expression[bool]):
    """A condition. Combine with `&`, `|` and `~`; it has no truth value of its own."""

    __slots__ = ()

    def __and__(self, other: Predicate) -> Predicate:
        return All((self, _checked_predicate(other)))

    def __or__(self, other: Predicate) -> Predicate:
        return AnyOf((self, _checked_predicate(other)))

    def __invert__(self) -> Predicate:
        return Opposite(self)

    def __bool__(self) -> bool:
        raise InvalidQuery(
            "a predicate has no truth value, so `and`, `or`, `not` and chained comparisons cannot work on it",
            "combine with & | ~ in parentheses, use between(), or pass several to where()",
        )


def _checked_predicate(other: Predicate) -> Predicate:
    if not isinstance(other, Predicate):  # pyright: ignore[reportUnnecessaryIsInstance] - callers without a type checker
        raise InvalidValue("& and |", "a predicate such as User.age >= 18", type(other).__name__)
    return other


class Bound(Expression[T_co]):
    """A bound value."""

    __slots__ = ("codec", "value")

    def __init__(self, value: object, codec: Codec | None) -> None:
        self.value = value
        self.codec = codec

    def _write(self, out: Writer) -> None:
        out.bind(self.value, self.codec)

    def _codec(self) -> Codec | None:
        return self.codec


class Optional(Expression[T_co | None]):
    """An expression that may be NULL although its column may not: it comes from a left join."""

    __slots__ = ("inner",)

    def __init__(self, inner: Expression[T_co]) -> None:
        self.inner = inner

    def _write(self, out: Writer) -> None:
        self.inner._write(out)

    def _codec(self) -> Codec | None:
        return self.inner._codec()

    def _where(self) -> str:
        return self.inner._where()

    def _tables(self) -> Iterable[str]:
        return self.inner._tables()


# --- predicates --------------------------------------------------------------------------------------------------------


class Comparison(Predicate):
    """`left operator right`."""

    __slots__ = ("left", "operator", "right")

    def __init__(self, left: Expression[object], operator: str, right: Expression[object]) -> None:
        self.left = left
        self.operator = operator
        self.right = right

    def _write(self, out: Writer) -> None:
        self.left._write(out)
        out.parts.append(self.operator)
        self.right._write(out)

    def _tables(self) -> Iterable[str]:
        yield from self.left._tables()
        yield from self.right._tables()


class _Unary(Predicate):
    __slots__ = ("item",)

    def __init__(self, item: Expression[object]) -> None:
        self.item = item

    def _tables(self) -> Iterable[str]:
        return self.item._tables()


class Null(_Unary):
    """True where it is NULL."""

    __slots__ = ()

    def _write(self, out: Writer) -> None:
        self.item._write(out)
        out.parts.append(" IS NULL")


class NotNull(_Unary):
    """True where it is not NULL."""

    __slots__ = ()

    def _write(self, out: Writer) -> None:
        self.item._write(out)
        out.parts.append(" IS NOT NULL")


class Opposite(_Unary):
    """True where the item is false; NULL where it is NULL."""

    __slots__ = ()

    def _write(self, out: Writer) -> None:
        out.parts.append("NOT (")
        self.item._write(out)
        out.parts.append(")")


class _Several(Predicate):
    __slots__ = ("items",)

    joint: str

    def __init__(self, items: Sequence[Predicate]) -> None:
        self.items = items

    def _write(self, out: Writer) -> None:
        out.parts.append("(")
        for number, item in enumerate(self.items):
            if number:
                out.parts.append(self.joint)
            item._write(out)
        out.parts.append(")")

    def _tables(self) -> Iterable[str]:
        for item in self.items:
            yield from item._tables()


class All(_Several):
    """True where all items are."""

    __slots__ = ()
    joint = " AND "


class AnyOf(_Several):
    """True where any item is."""

    __slots__ = ()
    joint = " OR "


class Truth(Predicate):
    """The same for all rows."""

    __slots__ = ("value",)

    def __init__(self, value: bool) -> None:
        self.value = value

    def _write(self, out: Writer) -> None:
        out.parts.append("1 = 1" if self.value else "1 = 0")


class In(Predicate):
    """`item` among values. Values are checked, hold no NULL, and are at least one."""

    __slots__ = ("codec", "item", "negated", "values")

    def __init__(self, item: Expression[object], values: Sequence[object], codec: Codec, *, negated: bool) -> None:
        self.item = item
        self.values = values
        self.codec = codec
        self.negated = negated

    def _write(self, out: Writer) -> None:
        bind = self.codec.binds[out.name]
        values = self.values if bind is None else [bind(value) for value in self.values]
        if len(values) > _FEW:
            if self._write_array(out, values):
                return
            if len(values) + len(out.parameters) > out.dialect.sql.most_parameters:
                raise InvalidQuery(
                    f"{len(values)} values are more than one statement takes", "split the list into several queries"
                )
        self.item._write(out)
        out.parts.append(" NOT IN (" if self.negated else " IN (")
        out.parts.append(", ".join([out.placeholder] * len(values)))
        out.parts.append(")")
        out.parameters.extend(values)

    def _write_array(self, out: Writer, values: Sequence[object]) -> bool:
        array = out.dialect.sql.array_in(self.codec.type.kind, negated=self.negated)
        if array is None:
            return False
        self.item._write(out)
        out.parts.append(array)
        out.parameters.append(out.dialect.sql.array_value(values))
        return True

    def _tables(self) -> Iterable[str]:
        return self.item._tables()


class Like(Predicate):
    """`item` matches a pattern."""

    __slots__ = ("fold", "item", "pattern")

    def __init__(self, item: Expression[object], pattern: Pattern, *, fold: bool) -> None:
        self.item = item
        self.pattern = pattern
        self.fold = fold

    def _write(self, out: Writer) -> None:
        rules = out.dialect.sql
        before, between, behind = rules.ilike if self.fold else rules.like
        out.parts.append(before)
        self.item._write(out)
        out.parts.append(between)
        out.parts.append(out.placeholder)
        out.parts.append(behind)
        out.parameters.append(rules.ilike_pattern(self.pattern) if self.fold else rules.like_pattern(self.pattern))

    def _tables(self) -> Iterable[str]:
        return self.item._tables()


class Raw(Predicate):
    """SQL of the application, with `?` for each bound value (`??` for a question mark); a condition in parentheses."""

    __slots__ = ("pieces", "values")

    def __init__(self, text: LiteralString, values: Sequence[Bindable]) -> None:
        self.pieces: Final = _pieces(text)
        if len(self.pieces) - 1 != len(values):
            raise InvalidQuery(
                f"the raw SQL has {len(self.pieces) - 1} placeholders and {len(values)} values",
                "write ? once for each value, ?? for a question mark",
            )
        self.values: Final = [Bound[object](_checked_raw(value), codec_of_value(value, "raw SQL")) for value in values]

    def _write(self, out: Writer) -> None:
        # An OR in it must not reach beyond it.
        out.parts.append("(")
        self.write_bare(out)
        out.parts.append(")")

    def write_bare(self, out: Writer) -> None:
        """Write it without parentheses: a whole statement."""
        literal = out.placeholder == "%s"
        for number, piece in enumerate(self.pieces):
            if number:
                self.values[number - 1]._write(out)
            out.parts.append(piece.replace("%", "%%") if literal else piece)


def _checked_raw(value: Bindable) -> object:
    codec = codec_of_value(value, "raw SQL")
    return value if codec is None else codec.compared(value, "raw SQL")


def _pieces(text: str) -> list[str]:
    """Text around its placeholders; question marks in quotes are text."""
    if not isinstance(text, str):  # pyright: ignore[reportUnnecessaryIsInstance] - callers without a type checker
        raise InvalidValue("raw SQL", "a literal string", type(text).__name__)
    pieces = [""]
    quote = ""
    position = 0
    while position < len(text):
        char = text[position]
        position += 1
        if quote:
            quote = "" if char == quote else quote
        elif char in "'\"`":
            quote = char
        elif char == "?":
            if text[position : position + 1] != "?":
                pieces.append("")
                continue
            position += 1
        pieces[-1] += char
    return pieces


# --- computed values -----------------------------------------------------------------------------------------------------


class Arithmetic(Expression[T_co]):
    """`(left operator right)`, of the type of the left operand."""

    __slots__ = ("codec", "left", "operator", "right")

    def __init__(self, left: Expression[object], operator: str, right: Expression[object], codec: Codec | None) -> None:
        self.left = left
        self.operator = operator
        self.right = right
        self.codec = codec

    def _write(self, out: Writer) -> None:
        before, between, behind = "(", self.operator, ")"
        if self.codec is not None and self.codec.type.kind is Kind.DECIMAL:
            before, between, behind = out.dialect.sql.arithmetic_of_decimals.get(between, (before, between, behind))
        out.parts.append(before)
        self.left._write(out)
        out.parts.append(between)
        self.right._write(out)
        out.parts.append(behind)

    def _codec(self) -> Codec | None:
        return self.codec

    def _tables(self) -> Iterable[str]:
        yield from self.left._tables()
        yield from self.right._tables()


class Function(Expression[T_co]):
    """`NAME(argument)`, an aggregate, as the dialect writes it for the argument's type."""

    __slots__ = ("argument", "codec", "function")

    def __init__(self, function: str, argument: Expression[object] | None, codec: Codec | None = None) -> None:
        self.function = function
        self.argument = argument
        self.codec = codec

    def _write(self, out: Writer) -> None:
        argument = self.argument
        if argument is None:
            out.parts.append(f"{self.function}(*)")
            return
        codec = argument._codec()
        before, behind = out.dialect.sql.aggregate(self.function, None if codec is None else codec.type.kind)
        out.parts.append(before)
        argument._write(out)
        out.parts.append(behind)

    def _codec(self) -> Codec | None:
        return self.codec

    def _tables(self) -> Iterable[str]:
        return () if self.argument is None else self.argument._tables()
