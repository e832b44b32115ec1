"""Plain SQL of the application: where its bound values stand, and what it may not be.

Owns the reading of a text as a dialect does: what is quoted or commented is left as it is. Whether a text was written
or put together from values nobody can see at run time; the guards here stop what such texts are mostly used for: a
second statement, a quote or comment that swallows the rest, a parenthesis closed early.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from functools import lru_cache

from isomorph.dataclassing import dataclass
from isomorph.dialects.base import Dialect
from isomorph.errors import InvalidQuery, InvalidValue, near_hint
from isomorph.sql.codecs import Bindable, codec_of_value
from isomorph.sql.writer import Writer

__all__ = ["compile_plain", "replaced"]

_WHERE = "raw SQL"
_TAKEN = frozenset({"connection"})
"""Keywords of `execute` that are no names of values."""


@dataclass(frozen=True, slots=True)
class _Plain:
    """A text that was read.

    Attributes:
        pieces: the text around its places.
        names: what stands between the pieces: a name, or an empty text for a `?`.
    """

    pieces: tuple[str, ...]
    names: tuple[str, ...]


# What is quoted or commented, by dialect, from its beginning to its end.
_QUOTED = r"'(?:[^']|'')*'"
_ESCAPED = r"'(?:[^'\\]|''|\\.)*'"
_COMMON_TEXT = rf"{_QUOTED}|\"(?:[^\"]|\"\")*\""
_BACKTICKS = r"`(?:[^`]|``)*`"
_TEXTS = {
    "sqlite": rf"{_COMMON_TEXT}|{_BACKTICKS}|\[[^\]]*\]",
    "postgresql": rf"(?<!\w)[eE]{_ESCAPED}|{_COMMON_TEXT}|(?<![\w$])\$(?P<tag>(?:[^\W\d]\w*)?)\$.*?\$(?P=tag)\$",
    "mysql": rf"{_ESCAPED}|\"(?:[^\"\\]|\"\"|\\.)*\"|{_BACKTICKS}",
}
_COMMENTS = {
    "sqlite": r"--[^\n]*|/\*.*?\*/",
    "postgresql": r"--[^\n]*",  # its block comments nest, which no regular expression can follow
    # What stands in /*! ... */ is run.
    "mysql": r"--(?=\s|$)[^\n]*|\#[^\n]*|/\*(?!M?!).*?\*/|(?P<run>/\*M?!)",
}
_TOKENS = {
    name: re.compile(
        rf"""(?P<text>{_TEXTS[name]})
        | (?P<comment>{_COMMENTS[name]})
        | (?P<block>/\*)
        | (?P<open>['"`])
        | (?P<escaped>\?\?)
        | (?P<place>\?)
        | (?P<colons>::|:=)
        | (?<![\w\])]):(?P<name>[^\W\d]\w*)
        | (?P<semicolon>;)
        | (?P<bracket>[()])""",
        re.VERBOSE | re.DOTALL,
    )
    for name in _TEXTS
}
_BLOCK_EDGE = re.compile(r"/\*|\*/")

# Bodies of these are statements of their own, each with its semicolon.
_HAS_BODY = re.compile(
    r"\s*CREATE\b[^;()]*?\b(?:TRIGGER|PROCEDURE|FUNCTION|EVENT|PACKAGE)\b|\s*BEGIN\s+NOT\s+ATOMIC\b", re.IGNORECASE
)


def compile_plain(
    dialect: Dialect, text: str, values: Sequence[Bindable], named: Mapping[str, Bindable]
) -> tuple[str, tuple[object, ...]]:
    """A statement as the driver takes it, and its parameters.

    Args:
        dialect: who must understand it.
        text: one statement; `?` for each of `values`, or `:name` for each of `named`. It stands in the code of the
            application, where its type is `LiteralString`, or of a revision.
        values: bound in the order of the `?`.
        named: bound by name, as often as the name stands there.

    Raises:
        InvalidQuery: names and values do not fit the text; or the text is more than one statement, or has no end.
        InvalidValue: a value that cannot be bound, or a text that is none.
    """
    if not isinstance(text, str):  # pyright: ignore[reportUnnecessaryIsInstance] - callers without a type checker
        raise InvalidValue(_WHERE, "a literal string", type(text).__name__)
    plain = _read(text, dialect.name)
    places = _places(plain, values, named)
    out = Writer(dialect)
    formatted = out.placeholder == "%s"  # a % of the text would be taken for a placeholder
    for number, piece in enumerate(plain.pieces):
        if number:
            value = places[number - 1]
            codec = codec_of_value(value, _WHERE)
            out.bind(value if codec is None else codec.compared(value, _WHERE), codec)
        out.parts.append(piece.replace("%", "%%") if formatted else piece)
    return out.result()


def replaced(dialect: Dialect, text: str, named: Mapping[str, str]) -> str:
    """A statement as the driver takes it without parameters, with SQL where it says `:name`.

    Args:
        dialect: who must understand it.
        text: one statement, whose places all have names.
        named: SQL for each name, as the driver takes it.

    Raises:
        InvalidQuery: it is more than one statement, or has no end.
    """
    plain = _read(text, dialect.name)
    first, *rest = map(dialect.ddl.text, plain.pieces)
    return first + "".join(named[name] + piece for name, piece in zip(plain.names, rest, strict=True))


def _places(plain: _Plain, values: Sequence[Bindable], named: Mapping[str, Bindable]) -> list[Bindable]:
    """The value of each place."""
    asked = [name for name in plain.names if name]
    if named or (asked and not values):
        if values or len(asked) != len(plain.names):
            raise InvalidQuery("SQL with ? and :name", "use one of the two: all values in order, or all by name")
        for name in asked:
            if name not in named:
                mend = f"pass {name}=..." if name not in _TAKEN else f"call it otherwise: {name}=... has a meaning"
                hint = near_hint(name, tuple(named), mend)
                raise InvalidQuery(f'the SQL names ":{name}", which has no value', hint)
        for name in named:
            if name not in asked:
                hint = near_hint(name, tuple(asked), "take it out, or name it in the SQL outside of quotes")
                raise InvalidQuery(f'the SQL does not name ":{name}"', hint)
        return [named[name] for name in asked]
    if asked:
        raise InvalidQuery("SQL with :name and values in order", f"pass {asked[0]}=... by name, or write ?")
    if len(plain.names) != len(values):
        raise InvalidQuery(
            f"the SQL has {len(plain.names)} placeholders and {len(values)} values",
            "write ? once for each value, ?? for a question mark",
        )
    return list(values)


@lru_cache(maxsize=512)
def _read(text: str, dialect: str) -> _Plain:
    """Read a text once; texts are literals, so there are few.

    Raises:
        InvalidQuery: it is no single, whole statement.
    """
    if not text.strip():
        raise InvalidQuery("SQL without a statement", "write one")
    if "\0" in text:
        raise InvalidQuery("SQL with a NUL character", "take it out")
    return _Reader(text, dialect).whole()


class _Reader:
    """Goes through a text, token by token."""

    def __init__(self, text: str, dialect: str) -> None:
        self._text, self._dialect = text, dialect
        self._has_body = _HAS_BODY.match(text) is not None
        self._pieces, self._names = [""], list[str]()
        self._kept = self._at = 0  # up to where the text is in a piece, and was read
        self._depth = 0
        self._ended = False

    def whole(self) -> _Plain:
        tokens = _TOKENS[self._dialect]
        while (found := tokens.search(self._text, self._at)) is not None:
            self._check_end(self._text[self._at : found.start()])
            self._at = found.end()
            self._take(found)
        self._check_end(self._text[self._at :])
        if self._depth:
            raise InvalidQuery("SQL that leaves a parenthesis open", "balance its parentheses")
        self._pieces[-1] += self._text[self._kept :]
        return _Plain(tuple(self._pieces), tuple(self._names))

    def _take(self, found: re.Match[str]) -> None:
        match found.lastgroup:
            case "comment":
                if found.groupdict().get("run"):
                    raise InvalidQuery("SQL with a comment that the server runs", "write what is in it as SQL")
                return
            case "block":
                self._at = _block_end(self._text, self._at, nested=self._dialect == "postgresql")
                return
            case "semicolon":
                self._ended = self._ended or not self._has_body
                return
            case "open":
                raise InvalidQuery("SQL with a quote that is never closed", "close it, or bind the text: ?")
            case "bracket":
                self._depth += 1 if found["bracket"] == "(" else -1
                if self._depth < 0:
                    raise InvalidQuery("SQL that closes a parenthesis it never opened", "balance its parentheses")
            case "escaped" | "place" | "name":
                self._pieces[-1] += self._text[self._kept : found.start()]
                self._kept = self._at
                if found.lastgroup == "escaped":
                    self._pieces[-1] += "?"
                else:
                    self._names.append(found["name"] or "")
                    self._pieces.append("")
            case _:
                pass
        self._check_end(found[0])

    def _check_end(self, more: str) -> None:
        """Behind the end of the statement there may be blanks, comments and further semicolons."""
        if self._ended and more.strip():
            raise InvalidQuery("SQL of more than one statement", "execute each by a call of its own")


def _block_end(text: str, position: int, *, nested: bool) -> int:
    """Behind the end of the comment that begins before `position`.

    Raises:
        InvalidQuery: it has none.
    """
    depth = 1
    while (edge := _BLOCK_EDGE.search(text, position)) is not None:
        position = edge.end()
        if edge[0] == "*/":
            depth -= 1
        elif nested:
            depth += 1
        if not depth:
            return position
    raise InvalidQuery("SQL with a comment that is never closed", "close it: */")
