"""Text: patterns, searches, and what is computed of it.

Positions count from 1, as in SQL and in the schema's expressions. Ignoring case means: equal after `lower()`.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from typing import TYPE_CHECKING, Any, TypeAlias, cast, overload

from typing_extensions import TypeVar

from isomorph.catalog import ColumnType, Kind
from isomorph.catalog.patterns import InvalidPattern, check
from isomorph.dialects.standard.sql import Pattern, Wildcard
from isomorph.errors import InvalidQuery, InvalidValue
from isomorph.sql.arithmetic import BIGINT, INT
from isomorph.sql.calls import Call
from isomorph.sql.codecs import Codec, Refused, codec_for
from isomorph.sql.expressions import Bound, Comparison, Expression, Predicate
from isomorph.sql.kinds import Column, Computed, Ordered
from isomorph.sql.numbers import Integer
from isomorph.sql.predicates import Claim, Like, Matches
from isomorph.sql.writer import Writer

__all__ = ["TEXT", "Text", "Textual"]

T = TypeVar("T")

TEXT = codec_for(ColumnType(Kind.TEXT))

_MakePattern: TypeAlias = Callable[[str], Pattern]
_MOST_CHARACTERS = 1_000_000
"""The longest text that is padded or repeated to: what no database refuses."""


class Textual(Ordered[T, str]):
    """Text: can also be searched. Case counts unless a name says otherwise; `%` and `_` are text unless said so."""

    __slots__ = ()

    if TYPE_CHECKING:

        def _takes(self, value: str, /) -> None: ...
        def _same(self) -> Text[T]: ...
        def _known(self) -> Text[str]: ...
        def _maybe(self) -> Text[str | None]: ...

    # --- conditions ---

    def like(self, pattern: str) -> Predicate:
        r"""True where the whole text matches; `%` is any text, `_` any character, `\` takes the next one as text."""
        return self._like(pattern, _wildcards)

    def ilike(self, pattern: str) -> Predicate:
        """As `like`, ignoring case."""
        return self._like(pattern, _wildcards, fold=True)

    def contains(self, text: str | Expression[str | None]) -> Predicate:
        """True where the text occurs in it."""
        if isinstance(text, Expression):
            return Claim("contains", (_by_code_point(self), self._operand(text)))
        return self._like(text, _anywhere)

    def starts_with(self, text: str | Expression[str | None]) -> Predicate:
        """True where it begins with the text."""
        if isinstance(text, Expression):
            return Claim("starts_with", (_by_code_point(self), self._operand(text)))
        return self._like(text, _at_start)

    def ends_with(self, text: str | Expression[str | None]) -> Predicate:
        """True where it ends with the text."""
        if isinstance(text, Expression):
            return Claim("ends_with", (_by_code_point(self), self._operand(text)))
        return self._like(text, _at_end)

    def iequals(self, text: str | Expression[str | None]) -> Predicate:
        """True where it is the text, ignoring case."""
        return Comparison(self.lower(), " = ", _lower(self._present(text)))

    def icontains(self, text: str) -> Predicate:
        """True where the text occurs in it, ignoring case."""
        return self._like(text, _anywhere, fold=True)

    def istarts_with(self, text: str) -> Predicate:
        """True where it begins with the text, ignoring case."""
        return self._like(text, _at_start, fold=True)

    def iends_with(self, text: str) -> Predicate:
        """True where it ends with the text, ignoring case."""
        return self._like(text, _at_end, fold=True)

    def matches(self, pattern: str, *, ignore_case: bool = False) -> Predicate:
        r"""True where a regular expression is found in it; `^...$` asks for the whole text.

        Args:
            pattern: what means the same to every database: characters, `.`, classes, `\d \w \s` (of ASCII), groups,
                `|`, `* + ? {2,5}`, `^` and `$` for the start and end of the text. Never from users: some patterns take
                a time that doubles with each character of the text.
            ignore_case: whether `a` matches `A`.

        Raises:
            InvalidValue: the pattern says something else.
        """
        where = f"{self._where()}.matches()"
        if pattern is None:  # pyright: ignore[reportUnnecessaryComparison] - callers without a type checker
            raise InvalidValue(where, "a pattern", "None")
        try:
            check(cast("str", TEXT.compared(pattern, where)))
        except InvalidPattern as error:
            found = error
        else:
            return Matches(_by_code_point(self, folds=ignore_case), pattern, ignore_case=ignore_case)
        raise InvalidValue(
            where, f"a pattern ({found.hint})", f"one in which {found.problem} (character {found.index})"
        )

    # --- texts ---

    def lower(self) -> Text[T]:
        """Each letter as its small one."""
        return Text(_lower(self), TEXT)

    def upper(self) -> Text[T]:
        """Each letter as its capital, where that is one character: `ß` stays."""
        return Text(Call[Any]("upper", (_by_code_point(self, folds=True),), TEXT), TEXT)

    def trim(self, character: str = " ") -> Text[T]:
        """Without blanks, or another character, at both ends."""
        return self._text("trim", _character(character))

    def ltrim(self, character: str = " ") -> Text[T]:
        """Without blanks, or another character, at its start."""
        return self._text("ltrim", _character(character))

    def rtrim(self, character: str = " ") -> Text[T]:
        """Without blanks, or another character, at its end."""
        return self._text("rtrim", _character(character))

    @overload
    def __add__(self, other: str | Expression[str]) -> Text[T]: ...
    @overload
    def __add__(self, other: Expression[str | None]) -> Text[T | None]: ...
    def __add__(self, other: object) -> Any:
        return self._text("concat", self._present(other))

    @overload
    def __radd__(self, other: str | Expression[str]) -> Text[T]: ...
    @overload
    def __radd__(self, other: Expression[str | None]) -> Text[T | None]: ...
    def __radd__(self, other: object) -> Any:
        return Text[Any](Call[Any]("concat", (self._present(other), self), TEXT), TEXT)

    def replace(self, old: str | Expression[str], new: str | Expression[str]) -> Text[T]:
        """The text with all occurrences of `old` replaced; unchanged where `old` is empty."""
        arguments = (_by_code_point(self), self._present(old), self._present(new))
        return Text(Call[Any]("replace", arguments, TEXT), TEXT)

    def substring(self, start: int | Expression[int], length: int | Expression[int] | None = None) -> Text[T]:
        """A part of the text.

        Args:
            start: the first character, 1 or more; an expression that is less means 1.
            length: how many characters, 0 or more; None for all that follow.
        """
        first = _count("substring(start)", start, 1)
        if length is None:
            return self._text("substring", first)
        return self._text("substring", first, _count("substring(length)", length, 0))

    def left(self, length: int | Expression[int]) -> Text[T]:
        """The first characters, so many at most."""
        return self._text("left", _count("left()", length, 0))

    def right(self, length: int | Expression[int]) -> Text[T]:
        """The last characters, so many at most."""
        return self._text("right", _count("right()", length, 0))

    def lpad(self, length: int, fill: str = " ") -> Text[T]:
        """Filled up at its start to so many characters; cut at its end where it is longer."""
        return self._text("lpad", _count("lpad()", length, 0), _filling("lpad()", fill))

    def rpad(self, length: int, fill: str = " ") -> Text[T]:
        """Filled up at its end to so many characters; cut at its end where it is longer."""
        return self._text("rpad", _count("rpad()", length, 0), _filling("rpad()", fill))

    def repeat(self, times: int) -> Text[T]:
        """The text so many times."""
        return self._text("repeat", _count("repeat()", times, 0))

    def reverse(self) -> Text[T]:
        """The characters in reverse order."""
        return self._text("reverse")

    # --- numbers ---

    @overload
    def length(self: Textual[str]) -> Integer[int]: ...
    @overload
    def length(self: Textual[str | None]) -> Integer[int | None]: ...
    def length(self) -> Any:
        """The number of characters."""
        return Integer[Any](Call[Any]("length", (self,), INT), INT)

    @overload
    def position(self: Textual[str], text: str | Expression[str]) -> Integer[int]: ...
    @overload
    def position(self, text: str | Expression[str | None]) -> Integer[int | None]: ...
    def position(self, text: str | Expression[Any]) -> Any:
        """Where the text occurs in it first: 1 for its start, 0 for nowhere."""
        return Integer[Any](Call[Any]("position", (_by_code_point(self), self._present(text)), INT), INT)

    # --- how ---

    def _text(self, name: str, *arguments: Expression[Any]) -> Text[Any]:
        return Text(Call[Any](name, (self, *arguments), TEXT), TEXT)

    def _present(self, other: object) -> Expression[Any]:
        if other is None:
            raise InvalidQuery(f"{self._where()}: of None there is no text", "use coalesce() or is_null()")
        return self._operand(other)

    def _like(self, text: object, pattern: _MakePattern, *, fold: bool = False) -> Predicate:
        if text is None:
            raise InvalidQuery(f"{self._where()}: a pattern cannot be None", "use is_null()")
        try:
            checked = self.codec.compare(text)
        except Refused as refused:
            failure = refused
        else:
            return Like(_by_code_point(self, folds=fold), pattern(cast(str, checked)), fold=fold)
        raise failure.told(self._where())


class Text(Computed[T], Textual[T]):
    """A computed text."""

    __slots__ = ()


# --- collations ----------------------------------------------------------------------------------------------------------


class _ByCodePoint(Expression[Any]):
    """A text whose columns have collations of their own, in one that patterns and the case of letters go by."""

    __slots__ = ("item",)

    def __init__(self, item: Expression[Any]) -> None:
        self.item = item

    def _write(self, out: Writer) -> None:
        before, behind = out.dialect.sql.by_code_point
        out.parts.append(before)
        self.item._write(out)
        out.parts.append(behind)

    def _codec(self) -> Codec | None:
        return self.item._codec()

    def _children(self) -> Sequence[Expression[Any]]:
        return (self.item,)

    def _is_nullable(self, outer_joined: Sequence[str]) -> bool:
        return self.item._is_nullable(outer_joined)


def _by_code_point(text: Expression[Any], *, folds: bool = False) -> Expression[Any]:
    """A text as it is searched.

    Args:
        text: what is searched.
        folds: whether the case of its letters is looked up, which PostgreSQL's collation by code point does not know.
    """
    if isinstance(text, Column) and text.collation is None:  # at a glance: nearly all are
        return text
    collations = set(_collations(text))
    if not collations or (collations == {"binary"} and not folds):
        return text
    return _ByCodePoint(text)


def _collations(expression: Expression[Any]) -> Iterator[str]:
    if isinstance(expression, Column):
        if expression.collation is not None:
            yield expression.collation
        return
    for child in expression._children():
        yield from _collations(child)


# --- patterns ------------------------------------------------------------------------------------------------------------


def _anywhere(text: str) -> Pattern:
    return (_ANY, text, _ANY)


def _at_start(text: str) -> Pattern:
    return (text, _ANY)


def _at_end(text: str) -> Pattern:
    return (_ANY, text)


def _wildcards(text: str) -> Pattern:
    parts: list[str | Wildcard] = []
    if "_" not in text and "\\" not in text:  # in pieces rather than by character
        for piece in text.split("%"):
            if piece:
                parts.append(piece)
            parts.append(_ANY)
        del parts[-1]
        return parts
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


_ANY = Wildcard.ANY


# --- arguments -----------------------------------------------------------------------------------------------------------


def _lower(text: Expression[Any]) -> Expression[Any]:
    return Call("lower", (_by_code_point(text, folds=True),), TEXT)


def _character(character: str) -> Expression[Any]:
    where = "trim()"
    if len(cast("str", TEXT.compared(character, where)) or "") != 1:
        raise InvalidValue(where, "one character", "another text")
    return Bound(character, TEXT)


def _filling(where: str, fill: str) -> Expression[Any]:
    if not TEXT.compared(fill, where):
        raise InvalidValue(where, "something to fill up with", "an empty text")
    return Bound(fill, TEXT)


def _count(where: str, number: int | Expression[int], least: int) -> Expression[Any]:
    """How many characters; an expression is kept from being less than databases agree on."""
    if isinstance(number, Expression):
        codec = number._codec()
        if codec is not None and codec.type.kind not in _COUNTS:
            raise InvalidValue(where, "a whole number", f"an expression of the type {codec.type}")
        return Call("at_least", (number, Bound(least, INT)), BIGINT)
    if type(number) is not int or not least <= number <= _MOST_CHARACTERS:
        got = "another number" if type(number) is int else type(number).__name__
        raise InvalidValue(where, f"an int from {least} to {_MOST_CHARACTERS}", got)
    return Bound(number, INT)


_COUNTS = frozenset(
    {
        Kind.TINYINT,
        Kind.SMALLINT,
        Kind.INT,
        Kind.BIGINT,
        Kind.UNSIGNED_TINYINT,
        Kind.UNSIGNED_SMALLINT,
        Kind.UNSIGNED_INT,
    }
)
