"""Typed operands: which operators make sense for which type, and what a column is to a type checker.

Owns the public face of expressions; the columns of each type are in `isomorph.sql.columns`. `T` is the type of the
attribute (`int`, or `int | None` for a nullable column); operands are of the bare type. An operator that makes no sense
for a type does not exist on its class, so that editors do not offer it and type checkers refuse it.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import TYPE_CHECKING, Any, ClassVar, Generic, Self, cast, overload

from typing_extensions import TypeVar

from isomorph import limits
from isomorph.dialects.standard.sql import Pattern, Wildcard
from isomorph.errors import InvalidQuery, InvalidValue
from isomorph.sql.calls import Arithmetic
from isomorph.sql.codecs import Codec
from isomorph.sql.expressions import AnyOf, Bound, Comparison, Expression, NotNull, Null, Predicate, Reference, Truth
from isomorph.sql.predicates import In, InQuery, Like
from isomorph.sql.subqueries import Subquery
from isomorph.sql.writer import Writer

__all__ = [
    "Calculated",
    "Column",
    "Comparable",
    "Computed",
    "Numeric",
    "Ordered",
    "Sortable",
    "Summable",
    "Text",
    "Textual",
    "Value",
]

T = TypeVar("T")
T_co = TypeVar("T_co", covariant=True)
V = TypeVar("V")


class Sortable(Expression[T_co]):
    """Has a least and a greatest value. Covariant, unlike the operators: how aggregates say what they take."""

    __slots__ = ()


class Summable(Sortable[T_co]):
    """Can be added up, too."""

    __slots__ = ()


class Comparable(Expression[T], Generic[T, V]):
    """Can be equal."""

    __slots__ = ()

    def _own_codec(self) -> Codec:
        raise NotImplementedError

    def _operand(self, other: object) -> Expression[object]:
        if isinstance(other, Expression):
            return cast("Expression[object]", other)
        codec = self._own_codec()
        return Bound(codec.compared(other, self._where()), codec)

    def __eq__(self, other: T | V | Expression[V | None]) -> Predicate:  # type: ignore[override]  # pyright: ignore[reportIncompatibleMethodOverride] - a predicate, not a bool
        if other is None:
            return Null(self)
        return Comparison(self, " = ", self._operand(other))

    def __ne__(self, other: T | V | Expression[V | None]) -> Predicate:  # type: ignore[override]  # pyright: ignore[reportIncompatibleMethodOverride] - a predicate, not a bool
        if other is None:
            return NotNull(self)
        return Comparison(self, " <> ", self._operand(other))

    __hash__ = object.__hash__

    def in_(self, values: Iterable[T | V] | Subquery[tuple[V | None]]) -> Predicate:
        """True where it is one of the values; never, for no values. None among them matches NULL.

        Args:
            values: values, or a selection of one column; NULL among its rows matches nothing.
        """
        return self._among(values, negated=False)

    def not_in(self, values: Iterable[T | V] | Subquery[tuple[V | None]]) -> Predicate:
        """True where it is none of the values and, as in SQL, not NULL unless there are no values at all."""
        return self._among(values, negated=True)

    def _among(self, values: Iterable[object] | Subquery[Any], *, negated: bool) -> Predicate:
        if isinstance(values, Subquery):
            statement = values._select
            statement.only_column  # noqa: B018 - refuses another number of columns
            return InQuery(self, statement, negated=negated)
        if isinstance(values, str | bytes):
            raise InvalidQuery(f"{self._where()}: in_() was given a single text", "pass a list of values")
        if not isinstance(values, Iterable):  # pyright: ignore[reportUnnecessaryIsInstance] - callers without a type checker
            raise InvalidValue(self._where(), "a list of values", type(values).__name__)
        codec = self._own_codec()
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
        return Comparison(self, " < ", self._bounded(other))

    def __le__(self, other: V | Expression[V | None]) -> Predicate:
        return Comparison(self, " <= ", self._bounded(other))

    def __gt__(self, other: V | Expression[V | None]) -> Predicate:
        return Comparison(self, " > ", self._bounded(other))

    def __ge__(self, other: V | Expression[V | None]) -> Predicate:
        return Comparison(self, " >= ", self._bounded(other))

    def between(self, low: V | Expression[V | None], high: V | Expression[V | None]) -> Predicate:
        """True from `low` to `high`, both included."""
        return self.__ge__(low) & self.__le__(high)

    def _bounded(self, other: object) -> Expression[object]:
        if other is None:
            raise InvalidQuery(f"{self._where()}: nothing is less or greater than None", "use is_null()")
        return self._operand(other)


class Numeric(Ordered[T, V], Summable[T]):
    """Can also be calculated with."""

    __slots__ = ()

    @overload
    def __add__(self, other: V | Expression[V]) -> Calculated[T, V]: ...
    @overload
    def __add__(self, other: Expression[V | None]) -> Calculated[T | None, V]: ...
    def __add__(self, other: object) -> Any:
        return self._calculated(" + ", other)

    @overload
    def __sub__(self, other: V | Expression[V]) -> Calculated[T, V]: ...
    @overload
    def __sub__(self, other: Expression[V | None]) -> Calculated[T | None, V]: ...
    def __sub__(self, other: object) -> Any:
        return self._calculated(" - ", other)

    @overload
    def __mul__(self, other: V | Expression[V]) -> Calculated[T, V]: ...
    @overload
    def __mul__(self, other: Expression[V | None]) -> Calculated[T | None, V]: ...
    def __mul__(self, other: object) -> Any:
        return self._calculated(" * ", other)

    def _calculated(self, operator: str, other: object) -> Any:
        codec = self._own_codec()
        return Calculated[Any, Any](Arithmetic[Any](self, operator, self._bounded(other), codec), codec)


class Textual(Ordered[T, str]):
    """Text: can also be searched. Case counts unless a name says otherwise; `%` and `_` are text unless said so."""

    __slots__ = ()

    def like(self, pattern: str) -> Predicate:
        r"""True where the whole text matches; `%` is any text, `_` any character, `\` takes the next one as text."""
        return self._like(pattern, _wildcards)

    def ilike(self, pattern: str) -> Predicate:
        """As `like`, ignoring case (on SQLite of ASCII letters only)."""
        return self._like(pattern, _wildcards, fold=True)

    def contains(self, text: str) -> Predicate:
        """True where the text occurs in it."""
        return self._like(text, lambda known: (Wildcard.ANY, known, Wildcard.ANY))

    def starts_with(self, text: str) -> Predicate:
        """True where it begins with the text."""
        return self._like(text, lambda known: (known, Wildcard.ANY))

    def ends_with(self, text: str) -> Predicate:
        """True where it ends with the text."""
        return self._like(text, lambda known: (Wildcard.ANY, known))

    def _like(self, text: str, pattern: _MakePattern, *, fold: bool = False) -> Predicate:
        checked = self._own_codec().compared(text, self._where())
        if checked is None:
            raise InvalidQuery(f"{self._where()}: a pattern cannot be None", "use is_null()")
        return Like(self, pattern(cast(str, checked)), fold=fold)


if TYPE_CHECKING:
    from collections.abc import Callable

    _MakePattern = Callable[[str], Pattern]


def _wildcards(text: str) -> Pattern:
    parts: list[str | Wildcard] = []
    escaped = False
    for char in text:
        if escaped or char not in "%_\\":
            parts.append(char)
            escaped = False
        elif char == "\\":
            escaped = True
        else:
            parts.append(Wildcard(char))
    return parts


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

    def _codec(self) -> Codec:
        return self.codec

    def _own_codec(self) -> Codec:
        return self.codec

    def _where(self) -> str:
        return self.node._where()

    def _children(self) -> Sequence[Expression[Any]]:
        return (self.node,)

    def _is_nullable(self, outer_joined: Sequence[str]) -> bool:
        return self.node._is_nullable(outer_joined)

    def _referenced(self, table: str, name: str) -> Self:
        return type(self)(Reference(table, name, self.codec), self.codec)


class Value(Computed[T], Ordered[T, T]):
    """A computed value that can be compared: a minimum, the result of a sub-query."""

    __slots__ = ()


class Calculated(Computed[T], Numeric[T, V]):
    """A computed number."""

    __slots__ = ()


class Text(Computed[T], Textual[T]):
    """A computed text."""

    __slots__ = ()


class Column(Expression[T]):
    """A column of a model. On the class (`User.name`) it is this object; on an instance (`user.name`) the value."""

    __slots__ = ("codec", "field", "model", "name", "nullable", "table")

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
    def _make(cls, *, model: str, field: str, table: str, name: str, nullable: bool, codec: Codec) -> Self:
        """The column of a model's field.

        Args:
            model: name of the model.
            field: the attribute.
            table: name of the table.
            name: name of the column in the table.
            nullable: whether it may be NULL.
            codec: how its values are checked and travel.
        """
        made = cls.__new__(cls)
        made.model, made.field, made.table, made.name = model, field, table, name
        made.nullable, made.codec = nullable, codec
        return made

    if TYPE_CHECKING:
        model: str
        field: str
        table: str
        name: str
        nullable: bool
        codec: Codec

    def _write(self, out: Writer) -> None:
        visible = out.visible
        if out.qualified or (visible is not None and self.table not in visible):
            out.column(self.table, self.name)
        else:
            out.parts.append(out.quoted(self.name))

    def _codec(self) -> Codec:
        return self.codec

    def _own_codec(self) -> Codec:
        return self.codec

    def _where(self) -> str:
        return f"{self.model}.{self.field}"

    def _own_reads(self) -> Sequence[str]:
        return (self.table,)

    def _is_nullable(self, outer_joined: Sequence[str]) -> bool:
        return self.nullable or self.table in outer_joined

    def _tells_null(self) -> bool:
        return self.nullable

    def _referenced(self, table: str, name: str) -> Self:
        """The same column in another source: an alias of its table, or a statement that selects it."""
        return self._make(
            model=self.model, field=self.field, table=table, name=name, nullable=self.nullable, codec=self.codec
        )

    def __repr__(self) -> str:
        return f"<{type(self).__name__} {self.model}.{self.field}>"

    def __reduce__(self) -> tuple[object, ...]:
        raise TypeError(f"columns belong to their model and are not copied or pickled; import {self.model} instead")

    def __copy__(self) -> Self:
        return self

    def __deepcopy__(self, memo: object) -> Self:
        return self
