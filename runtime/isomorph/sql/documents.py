"""JSON documents: parts by path, read as values of Python's types, asked about, and changed.

A path is made by subscripts: `User.settings["themes"][0]["name"]`; a str is a key of an object, an int a place in an
array, counted from its end when negative. Where there is nothing, a part is NULL; JSON's own null is something.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, Any, ClassVar, cast

from typing_extensions import TypeVar

from isomorph import limits
from isomorph.catalog import FLOATS, INTEGERS, TEXTS, ColumnType, Kind
from isomorph.dialects.standard.documents import DOCUMENT, VALUE, Given, Path, Piece, Pieces
from isomorph.errors import InvalidQuery, InvalidValue
from isomorph.sql.arithmetic import BIGINT, DOUBLE
from isomorph.sql.codecs import Codec, JsonInput, JsonValue, codec_for
from isomorph.sql.expressions import All, AnyOf, Bound, Expression, NotNull, Null, Predicate
from isomorph.sql.flags import Truthful
from isomorph.sql.kinds import Computed
from isomorph.sql.numbers import Floating, Integer
from isomorph.sql.texts import TEXT, Text
from isomorph.sql.writer import Writer

__all__ = ["JSON", "Document", "JsonPart", "Structured"]

T = TypeVar("T")

JSON = codec_for(ColumnType(Kind.JSON))
_TRUTH = codec_for(ColumnType(Kind.BOOL))
_FURTHEST = 2**31 - 1


# --- nodes ---------------------------------------------------------------------------------------------------------------


class _Read(Expression[Any]):
    """What the dialect's rules of documents make of a path: NULL where there is nothing, as its type says."""

    __slots__ = ("codec", "document", "path", "what")

    def __init__(self, what: str, document: Expression[Any], path: Path, codec: Codec) -> None:
        self.what, self.document, self.path, self.codec = what, document, path, codec

    def _write(self, out: Writer) -> None:
        rules = out.dialect.sql.documents
        _write(out, getattr(rules, self.what)(self.path), self.document)

    def _codec(self) -> Codec:
        return self.codec

    def _where(self) -> str:
        return _where(self.document, self.path)

    def _children(self) -> Sequence[Expression[Any]]:
        return (self.document,)

    def _tells_null(self) -> bool:
        return True


class _Changed(Expression[Any]):
    """A document with a part put into it or taken out."""

    __slots__ = ("document", "path", "value")

    def __init__(self, document: Expression[Any], path: Path, value: Expression[Any] | None) -> None:
        self.document, self.path, self.value = document, path, value

    def _write(self, out: Writer) -> None:
        rules = out.dialect.sql.documents
        if self.value is None:
            _write(out, rules.removed(self.path), self.document)
        elif isinstance(self.value, Bound):
            given = rules.given(cast(str, _bound(self.value, out)))
            _write(out, _filled(rules.put(self.path), given), self.document)
        else:
            given = rules.computed(_family(self.value))
            _write(out, _filled(rules.put(self.path), given), self.document, self.value)

    def _codec(self) -> Codec:
        return JSON

    def _where(self) -> str:
        return self.document._where()

    def _children(self) -> Sequence[Expression[Any]]:
        return (self.document,) if self.value is None else (self.document, self.value)

    def _is_nullable(self, outer_joined: Sequence[str]) -> bool:
        return self.document._is_nullable(outer_joined)


class _Contains(Predicate):
    """Whether a part contains a document."""

    __slots__ = ("candidate", "document", "path")

    def __init__(self, document: Expression[Any], path: Path, candidate: JsonInput) -> None:
        self.document, self.path, self.candidate = document, path, candidate

    def _write(self, out: Writer) -> None:
        _write(out, out.dialect.sql.documents.contains(self.path, self.candidate), self.document)

    def _children(self) -> Sequence[Expression[Any]]:
        return (self.document,)


class _Equals(Predicate):
    """Whether a part is a document."""

    __slots__ = ("document", "other", "path")

    def __init__(self, document: Expression[Any], path: Path, other: Expression[Any]) -> None:
        self.document, self.path, self.other = document, path, other

    def _write(self, out: Writer) -> None:
        rules = out.dialect.sql.documents
        if isinstance(self.other, Bound):
            _write(out, rules.equals(self.path, Given(_bound(self.other, out))), self.document)
        else:
            _write(out, rules.equals(self.path, VALUE), self.document, self.other)

    def _children(self) -> Sequence[Expression[Any]]:
        return (self.document, self.other)


def _write(out: Writer, pieces: Pieces, document: Expression[Any], value: Expression[Any] | None = None) -> None:
    for piece in pieces:
        if isinstance(piece, str):
            out.parts.append(piece)
        elif isinstance(piece, Given):
            out.bind(piece.value, None)
        elif piece is DOCUMENT:
            document._write(out)
        else:
            assert value is not None  # rules name a value only where one is
            value._write(out)


def _filled(pieces: Pieces, given: Pieces) -> Pieces:
    found: list[Piece] = []
    for piece in pieces:
        if piece is VALUE:
            found += given
        else:
            found.append(piece)
    return tuple(found)


def _bound(value: Bound[Any], out: Writer) -> object:
    """The text of a bound document as the driver takes it."""
    bind = JSON.binds[out.name]
    return value.value if bind is None else bind(value.value)


def _family(value: Expression[Any]) -> str:
    codec = value._codec()
    assert codec is not None  # checked when the change was made
    return _FAMILIES[codec.type.kind]


_FAMILIES: dict[Kind, str] = {
    **dict.fromkeys(INTEGERS.keys() - {Kind.UNSIGNED_BIGINT}, "number"),
    **dict.fromkeys(FLOATS, "number"),
    **dict.fromkeys(TEXTS, "text"),
    Kind.BOOL: "truth",
    Kind.JSON: "document",
}


def _where(document: Expression[Any], path: Path) -> str:
    return f"{document._where()}{'[...]' if path else ''}"


# --- what a checker sees -------------------------------------------------------------------------------------------------


class Structured(Expression[T]):
    """A JSON document, or a part of one."""

    __slots__ = ()

    if TYPE_CHECKING:

        def _takes(self, value: JsonInput, /) -> None: ...
        def _same(self) -> Document[T]: ...
        def _known(self) -> Document[JsonValue]: ...
        def _maybe(self) -> Document[JsonValue]: ...

    def _at(self) -> tuple[Expression[Any], Path]:
        """The document, and the path in it."""
        return self, ()

    def __getitem__(self, key: str | int) -> JsonPart:
        document, path = self._at()
        return JsonPart(document, (*path, _checked_key(key, path, self._where())))

    # Python would ask for [0], [1] and so on without end.
    __iter__: ClassVar[None] = None
    __contains__: ClassVar[None] = None

    # --- values ---

    def as_str(self) -> Text[str | None]:
        """The text of a JSON string; NULL for anything else."""
        return Text(self._read("string", TEXT), TEXT)

    def as_int(self) -> Integer[int | None]:
        """A number that is an int to Python: without point and exponent, of at most 64 bits. NULL for anything else."""
        return Integer(self._read("integer", BIGINT), BIGINT)

    def as_float(self) -> Floating[float | None]:
        """Any JSON number as a float; NULL for anything else."""
        return Floating(self._read("number", DOUBLE), DOUBLE)

    def as_bool(self) -> Truthful[bool | None]:
        """JSON's true or false; NULL for anything else."""
        return Truthful(self._read("truth", _TRUTH), _TRUTH)

    def type_of(self) -> Text[str | None]:
        """`object`, `array`, `string`, `number`, `boolean` or `null`; NULL where there is nothing."""
        return Text(self._read("type_of", TEXT), TEXT)

    def length(self) -> Integer[int | None]:
        """The number of items of an array or keys of an object; NULL for anything else."""
        return Integer(self._read("length", BIGINT), BIGINT)

    # --- conditions ---

    def __eq__(self, other: JsonInput | Expression[JsonValue]) -> Predicate:  # type: ignore[override]  # pyright: ignore[reportIncompatibleMethodOverride] - a predicate, not a bool
        return Null(self) if other is None else self._equals(other)

    def __ne__(self, other: JsonInput | Expression[JsonValue]) -> Predicate:  # type: ignore[override]  # pyright: ignore[reportIncompatibleMethodOverride] - a predicate, not a bool
        return NotNull(self) if other is None else ~self._equals(other)

    __hash__ = object.__hash__

    def exists(self) -> Predicate:
        """True where there is something, be it JSON's null; never NULL."""
        return NotNull(self)

    def is_json_null(self) -> Predicate:
        """True where there is JSON's null."""
        return self.type_of() == "null"

    def contains(self, value: JsonInput) -> Predicate:
        """True where the value is a part of it.

        An object contains another one when it has all its keys and contains their values; an array contains another one
        when it contains all its items, in any order; a list contains what is one of its items. Anything else contains
        what is equal. (PostgreSQL's `@>`; MariaDB looks more deeply into arrays of arrays, and takes an object for an
        array of it, within arrays.)
        """
        JSON.compared(value, self._where())
        document, path = self._at()
        return _Contains(document, path, value)

    def has_key(self, key: str) -> Predicate:
        """True where it is an object with that key; never NULL."""
        (checked,) = _some((key,))
        return self[checked].exists()

    def has_any_keys(self, *keys: str) -> Predicate:
        """True where it is an object with one of the keys, or more."""
        return AnyOf([self[key].exists() for key in _some(keys)])

    def has_all_keys(self, *keys: str) -> Predicate:
        """True where it is an object with all the keys."""
        return All([self[key].exists() for key in _some(keys)])

    def _equals(self, other: JsonInput | Expression[Any]) -> Predicate:
        document, path = self._at()
        if not isinstance(other, Expression):
            return _Equals(document, path, Bound(JSON.compared(other, self._where()), JSON))
        codec = other._codec()
        if codec is not None and codec.type.kind is not Kind.JSON:
            got = f"an expression of the type {codec.type}"
            raise InvalidValue(self._where(), "a document (read a part by as_str(), as_int(), ...)", got)
        return _Equals(document, path, other)

    def _read(self, what: str, codec: Codec) -> Expression[Any]:
        document, path = self._at()
        return _Read(what, document, path, codec)


class JsonPart(Structured[JsonValue]):
    """A part of a document, by its path."""

    __slots__ = ("document", "path")

    def __init__(self, document: Expression[Any], path: Path) -> None:
        self.document, self.path = document, path

    def _at(self) -> tuple[Expression[Any], Path]:
        return self.document, self.path

    def _write(self, out: Writer) -> None:
        _write(out, out.dialect.sql.documents.part(self.path), self.document)

    def _codec(self) -> Codec:
        return JSON

    def _where(self) -> str:
        return _where(self.document, self.path)

    def _children(self) -> Sequence[Expression[Any]]:
        return (self.document,)

    def _tells_null(self) -> bool:
        return True

    def set(
        self,
        value: JsonInput
        | Expression[JsonValue]
        | Expression[str | None]
        | Expression[int | None]
        | Expression[float | None]
        | Expression[bool | None],
    ) -> Document[JsonValue]:
        """The whole document with this part set: `User.settings.to(User.settings["theme"].set("dark"))`.

        A key that is missing is added, as is a place behind the end of an array, at its end. The document stays as it
        is where what is around the part is missing, or is no object or array.

        Args:
            value: a document, or an expression: a number, a text, a truth value, or a document.

        Raises:
            InvalidQuery: the path counts from the end of an array.
            InvalidValue: what is no document.
        """
        self._check_writable("set()")
        if not isinstance(value, Expression):
            # None is JSON's null here, and no value is missing.
            text = "null" if value is None else JSON.compared(value, self._where())
            return Document(_Changed(self.document, self.path, Bound(text, JSON)), JSON)
        codec = value._codec()
        if codec is None or codec.type.kind not in _FAMILIES:
            got = "one that nobody knows the type of" if codec is None else f"one of the type {codec.type}"
            raise InvalidValue(
                self._where(), "an expression that is a number, a text, a truth value or a document", got
            )
        return Document(_Changed(self.document, self.path, value), JSON)

    def remove(self) -> Document[JsonValue]:
        """The whole document without this part; as it is where there is none.

        Raises:
            InvalidQuery: the path counts from the end of an array.
        """
        self._check_writable("remove()")
        return Document(_Changed(self.document, self.path, None), JSON)

    def _check_writable(self, what: str) -> None:
        if any(isinstance(step, int) and step < 0 for step in self.path):
            raise InvalidQuery(f"{what} at a place counted from the end", "count from the start")


class Document(Computed[T], Structured[T]):
    """A computed document."""

    __slots__ = ()


# --- checks --------------------------------------------------------------------------------------------------------------


def _checked_key(key: object, path: Path, where: str) -> str | int:
    most = limits.current().json_depth
    if len(path) >= most:
        raise InvalidValue(where, f"a path of at most {most} steps", "a longer one")
    if isinstance(key, str):
        return cast(str, TEXT.compared(key, where))
    if isinstance(key, bool) or not isinstance(key, int):
        raise InvalidValue(where, "a str or an int as a step of a path", "None" if key is None else type(key).__name__)
    if not -_FURTHEST <= key <= _FURTHEST:
        raise InvalidValue(where, "a place within 32 bits", "one beyond that")
    return int(key)


def _some(keys: tuple[str, ...]) -> tuple[str, ...]:
    if not keys:
        raise InvalidQuery("has_any_keys() or has_all_keys() without a key", "name at least one")
    for key in keys:
        if not isinstance(key, str):  # pyright: ignore[reportUnnecessaryIsInstance] - callers without a type checker
            raise InvalidValue("a key of a document", "a str", type(key).__name__)
    return keys
