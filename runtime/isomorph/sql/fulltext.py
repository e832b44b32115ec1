"""Full-text search: texts that have all of some words, and how well they match."""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import Any, TypeAlias

from isomorph.catalog import TEXTS, Kind
from isomorph.dialects.standard.documents import Given
from isomorph.dialects.standard.fulltext import Pieces, Search
from isomorph.errors import InvalidQuery, InvalidValue, NotSupported
from isomorph.sql.arithmetic import DOUBLE
from isomorph.sql.expressions import Expression, Predicate, Truth
from isomorph.sql.numbers import Floating
from isomorph.sql.texts import TEXT
from isomorph.sql.writer import Writer

__all__ = ["match", "relevance"]

Searched: TypeAlias = "Expression[str] | Expression[str | None]"

# Letters and digits: none of the signs that mean something in a search of one database or another.
_WORD = re.compile(r"[^\W_]+")
_LANGUAGE = re.compile(r"[a-z_][a-z0-9_]{0,62}", re.ASCII)


def match(*texts: Searched, against: str, language: str | None = None, phrase: bool = False) -> Predicate:
    """True where all words are found in the texts, as whole words and ignoring case.

    PostgreSQL takes a GIN index over the same expression; MariaDB and MySQL need a full-text index of just these
    columns, which leaves out short and common words, and see committed rows only; SQLite reads every text.

    Args:
        texts: columns of text; or one of the type `tsvector` (PostgreSQL).
        against: the words. Anything but letters and digits only separates them, so that any input will do.
        language: a text search configuration such as `english`, by which words are brought to their stems (PostgreSQL).
        phrase: whether the words have to follow one another.

    Raises:
        InvalidValue: no texts, or a name of a language that is none.
        NotSupported: when the query is compiled: a language where there are none, or a tsvector elsewhere.
        SchemaMismatch: when it runs, on MariaDB or MySQL: the columns have no full-text index.
    """
    search = _search(texts, against, language, phrase=phrase)
    return Truth(False) if search is None else _Match(texts, search)


def relevance(*texts: Searched, against: str, language: str | None = None, phrase: bool = False) -> Floating[float]:
    """How well texts match, 0 where they do not: to order by. The numbers are each database's own; see `match`.

    Raises:
        InvalidQuery: `against` has no words.
    """
    search = _search(texts, against, language, phrase=phrase)
    if search is None:
        raise InvalidQuery("relevance() without words", "order by it only where there is something to search for")
    return Floating(_Relevance(texts, search), DOUBLE)


def _search(texts: tuple[Searched, ...], against: str, language: str | None, *, phrase: bool) -> Search | None:
    """What is looked for; None for nothing."""
    where = "match()"
    kinds: list[Kind | None] = []
    for text in texts:
        if not isinstance(text, Expression):  # pyright: ignore[reportUnnecessaryIsInstance] - callers without a type checker
            raise InvalidValue(where, "columns of text", type(text).__name__)
        codec = text._codec()
        kinds.append(None if codec is None else codec.type.kind)
    is_prepared = kinds == [Kind.TSVECTOR]
    if not kinds or not (is_prepared or all(kind in TEXTS for kind in kinds)):
        raise InvalidValue(where, "columns of text, or one of the type tsvector", "nothing" if not kinds else "others")
    if language is not None and not _is_language(language):
        raise InvalidValue(where, 'a text search configuration such as "english"', "another name")
    if against is None:  # pyright: ignore[reportUnnecessaryComparison] - callers without a type checker
        raise InvalidValue(where, "a str", "None")
    words = _WORD.findall(str(TEXT.compared(against, where)))
    return Search(tuple(words), phrase, language, is_prepared) if words else None


def _is_language(name: object) -> bool:
    return isinstance(name, str) and _LANGUAGE.fullmatch(name) is not None


class _Match(Predicate):
    __slots__ = ("search", "texts")

    def __init__(self, texts: Sequence[Expression[Any]], search: Search) -> None:
        self.texts, self.search = texts, search

    def _write(self, out: Writer) -> None:
        _write(out, out.dialect.sql.full_text.match(len(self.texts), self.search), self.texts, self.search)

    def _children(self) -> Sequence[Expression[Any]]:
        return self.texts


class _Relevance(Expression[float]):
    __slots__ = ("search", "texts")

    def __init__(self, texts: Sequence[Expression[Any]], search: Search) -> None:
        self.texts, self.search = texts, search

    def _write(self, out: Writer) -> None:
        _write(out, out.dialect.sql.full_text.relevance(len(self.texts), self.search), self.texts, self.search)

    def _children(self) -> Sequence[Expression[Any]]:
        return self.texts

    def _tells_null(self) -> bool:
        return True  # of a text that is missing it is 0


def _write(out: Writer, pieces: Pieces, texts: Sequence[Expression[Any]], search: Search) -> None:
    if search.is_prepared and not out.dialect.sql.has_prepared_words:
        raise NotSupported("tsvector", out.name, "search the columns of text")
    for piece in pieces:
        if isinstance(piece, str):
            out.parts.append(piece)
        elif isinstance(piece, Given):
            out.bind(piece.value, None)
        else:
            texts[piece]._write(out)
