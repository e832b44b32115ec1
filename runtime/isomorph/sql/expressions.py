"""Expressions: what stands between SELECT and WHERE, typed by the value it has in Python.

Owns the tree, how each node writes itself, and what combines conditions; what databases spell differently is asked of
the dialect's rules. Nodes are immutable and know no table's data. Comparisons check and keep their values; conversion
for the driver happens when the statement is compiled, once the dialect is known.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, Any, Generic, Literal, Self

from typing_extensions import TypeVar

from isomorph.catalog import ColumnType, Kind
from isomorph.errors import InvalidQuery, InvalidValue
from isomorph.sql.codecs import Codec, codec_for
from isomorph.sql.naming import checked_name
from isomorph.sql.writer import Writer

if TYPE_CHECKING:
    from isomorph.sql.outlines import Outline

__all__ = [
    "Against",
    "All",
    "AnyOf",
    "Bound",
    "Comparison",
    "Expression",
    "NotNull",
    "Null",
    "Opposite",
    "Optional",
    "Order",
    "Predicate",
    "Reference",
    "Truth",
]

T_co = TypeVar("T_co", covariant=True)

_TRUTH = codec_for(ColumnType(Kind.BOOL))


class Expression(Generic[T_co]):
    """Something with a value of type `T_co` per row."""

    __slots__ = ("_label",)

    _label: str

    def _write(self, out: Writer) -> None:
        raise NotImplementedError

    def _outline(self, out: Outline) -> bool:
        """Add what its text depends on, and its values; False where nobody keeps its text: see `isomorph.sql.outlines`."""
        del out
        return False

    def _codec(self) -> Codec | None:
        """How its values are loaded; None when they come as the driver gives them."""
        return None

    def _where(self) -> str:
        """What it is called in an error."""
        return "an expression"

    def _children(self) -> Sequence[Expression[Any]]:
        """The expressions that it is made of."""
        return ()

    def _own_reads(self) -> Sequence[str]:
        """Names of the tables that it reads itself, not through its children."""
        return ()

    def _is_nullable(self, outer_joined: Sequence[str]) -> bool:
        """Whether it may be NULL, as far as anybody knows.

        Args:
            outer_joined: tables of the statement whose columns may all be NULL.
        """
        del outer_joined
        return True

    def _reads_anything(self) -> bool:
        """Whether nobody knows what it reads: SQL of the application."""
        return any(child._reads_anything() for child in self._children())

    def _is_aggregate(self) -> bool:
        """Whether it has one value for many rows."""
        return False

    def _is_windowed(self) -> bool:
        """Whether it looks at the rows around a row."""
        return any(child._is_windowed() for child in self._children())

    def _tells_null(self) -> bool:
        """Whether its type says what it is where a row that it reads is missing: counts, COALESCE, nullable columns."""
        return False

    def _allows_none(self) -> bool:
        """Whether its type says that it may be None, as far as is known."""
        return False

    def _referenced(self, table: str, name: str) -> Expression[Any]:
        """What reads its values where a statement that selects it stands in FROM, as the column `name` of `table`."""
        return Reference[Any](table, name, self._codec())

    def as_(self, name: str) -> Self:
        """The same under a name of its own, which the rows of `dicts()` and further statements know it by.

        Raises:
            InvalidValue: a name that no database takes.
        """
        checked_name(name, "as_()")
        made = object.__new__(type(self))
        for class_ in type(self).__mro__:
            for slot in getattr(class_, "__slots__", ()):
                if hasattr(self, slot):  # _label may never have been set
                    setattr(made, slot, getattr(self, slot))
        made._label = name
        return made

    def asc(self) -> Order:
        """Order by it, least first; NULL before everything, unless `.nulls_last()`."""
        made = object.__new__(Order)  # without keywords, which take longer than the rest
        made.expression, made.descending, made.nulls = self, False, None
        return made

    def desc(self) -> Order:
        """Order by it, greatest first; NULL behind everything, unless `.nulls_first()`."""
        made = object.__new__(Order)
        made.expression, made.descending, made.nulls = self, True, None
        return made

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
    """An item of ORDER BY.

    Attributes:
        expression: what is ordered by.
        descending: greatest first.
        nulls: where NULL stands; None for the common rule, the least of all values.
    """

    __slots__ = ("descending", "expression", "nulls")

    expression: Expression[object]
    descending: bool
    nulls: Literal["first", "last"] | None

    def __init__(
        self,
        expression: Expression[object],
        *,
        descending: bool,
        nulls: Literal["first", "last"] | None = None,
    ) -> None:
        self.expression, self.descending, self.nulls = expression, descending, nulls

    def nulls_first(self) -> Order:
        """The same, with NULL before everything."""
        return Order(self.expression, descending=self.descending, nulls="first")

    def nulls_last(self) -> Order:
        """The same, with NULL behind everything."""
        return Order(self.expression, descending=self.descending, nulls="last")

    def _write(self, out: Writer) -> None:
        if self.nulls is None and out.dialect.sql.nulls_are_least:  # the common rule is that of the database
            self.expression._write(out)
            if self.descending:
                out.parts.append(" DESC")
        else:
            self.write_as(out, self.expression)

    def _outline(self, out: Outline) -> bool:
        out.parts += (self.descending, self.nulls)
        return self.expression._outline(out)

    def write_as(self, out: Writer, expression: Expression[object]) -> None:
        """Write the order of another expression, which has the same values."""
        rules = out.dialect.sql
        first = self.nulls == "first" if self.nulls is not None else not self.descending
        natural = rules.nulls_are_least != self.descending
        behind = " DESC" if self.descending else ""
        if first != natural and expression._is_nullable(out.outer_joined):
            if rules.has_nulls_order:
                behind += " NULLS FIRST" if first else " NULLS LAST"
            else:
                out.parts.append("(")
                expression._write(out)
                out.parts.append(" IS NULL) DESC, " if first else " IS NULL), ")
        expression._write(out)
        if behind:
            out.parts.append(behind)


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

    def _codec(self) -> Codec | None:
        return _TRUTH

    def _referenced(self, table: str, name: str) -> Predicate:
        return _PredicateReference(table, name)


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

    def _is_nullable(self, outer_joined: Sequence[str]) -> bool:
        del outer_joined
        return self.value is None


class Optional(Expression[T_co | None]):
    """An expression that may be NULL although its column may not: it comes from a left join."""

    __slots__ = ("inner",)

    def _tells_null(self) -> bool:
        return True

    def _allows_none(self) -> bool:
        return True

    def __init__(self, inner: Expression[T_co]) -> None:
        self.inner = inner

    def _write(self, out: Writer) -> None:
        self.inner._write(out)

    def _outline(self, out: Outline) -> bool:
        out.parts.append("optional")
        return self.inner._outline(out)

    def _codec(self) -> Codec | None:
        return self.inner._codec()

    def _where(self) -> str:
        return self.inner._where()

    def _children(self) -> Sequence[Expression[Any]]:
        return (self.inner,)

    def _referenced(self, table: str, name: str) -> Expression[Any]:
        return Optional(self.inner._referenced(table, name))


class Reference(Expression[T_co]):
    """A column of a source that is not a model's table, by name."""

    __slots__ = ("allows_none", "codec", "name", "table")

    def __init__(self, table: str, name: str, codec: Codec | None, *, allows_none: bool = False) -> None:
        self.table, self.name, self.codec, self.allows_none = table, name, codec, allows_none

    def _write(self, out: Writer) -> None:
        out.column(self.table, self.name)

    def _codec(self) -> Codec | None:
        return self.codec

    def _where(self) -> str:
        return f"{self.table}.{self.name}"

    def _own_reads(self) -> Sequence[str]:
        return (self.table,)

    def _tells_null(self) -> bool:
        return self.allows_none

    def _allows_none(self) -> bool:
        return self.allows_none


class _PredicateReference(Predicate):
    __slots__ = ("name", "table")

    def __init__(self, table: str, name: str) -> None:
        self.table, self.name = table, name

    def _write(self, out: Writer) -> None:
        out.column(self.table, self.name)

    def _own_reads(self) -> Sequence[str]:
        return (self.table,)


# --- conditions ----------------------------------------------------------------------------------------------------------


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

    def _children(self) -> Sequence[Expression[Any]]:
        return (self.left, self.right)


class Against(Predicate):
    """`left operator value`, the most common of all conditions: as Comparison with a Bound, which it need not make.

    Attributes:
        left: what is compared.
        operator: with blanks around it.
        value: checked, and not None.
        codec: how the value is bound.
    """

    __slots__ = ("codec", "left", "operator", "value")

    def __init__(self, left: Expression[object], operator: str, value: object, codec: Codec) -> None:
        self.left = left
        self.operator = operator
        self.value = value
        self.codec = codec

    def _write(self, out: Writer) -> None:
        self.left._write(out)
        parts, value, bind = out.parts, self.value, self.codec.binds[out.name]
        parts.append(self.operator)
        parts.append(out.placeholder)
        out.parameters.append(value if bind is None else bind(value))

    def _outline(self, out: Outline) -> bool:
        out.parts.append(self.operator)
        if not self.left._outline(out):
            return False
        value, bind = self.value, self.codec.binds[out.name]
        out.parameters.append(value if bind is None else bind(value))
        return True

    def _children(self) -> Sequence[Expression[Any]]:
        return (self.left,)


class _Unary(Predicate):
    __slots__ = ("item",)

    around: tuple[str, str]

    def __init__(self, item: Expression[object]) -> None:
        self.item = item

    def _write(self, out: Writer) -> None:
        before, behind = self.around
        out.parts.append(before)
        self.item._write(out)
        out.parts.append(behind)

    def _outline(self, out: Outline) -> bool:
        out.parts.append(self.around)
        return self.item._outline(out)

    def _children(self) -> Sequence[Expression[Any]]:
        return (self.item,)


class Null(_Unary):
    """True where it is NULL."""

    __slots__ = ()
    around = ("", " IS NULL")

    def _tells_null(self) -> bool:
        return True


class NotNull(_Unary):
    """True where it is not NULL."""

    __slots__ = ()
    around = ("", " IS NOT NULL")

    def _tells_null(self) -> bool:
        return True


class Opposite(_Unary):
    """True where the item is false; NULL where it is NULL."""

    __slots__ = ()
    around = ("NOT (", ")")


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

    def _outline(self, out: Outline) -> bool:
        out.parts += (self.joint, len(self.items))
        return all(item._outline(out) for item in self.items)

    def _children(self) -> Sequence[Expression[Any]]:
        return self.items


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

    def _outline(self, out: Outline) -> bool:
        out.parts.append("true" if self.value else "false")
        return True
