"""Full-text search in SQLite: a function of the driver, which reads every text. Its FTS5 searches tables of its own only."""

from __future__ import annotations

from isomorph.dialects.standard.documents import Given, encoded
from isomorph.dialects.standard.fulltext import FullTextRules, Pieces, Search
from isomorph.errors import NotSupported

__all__ = ["FULL_TEXT"]


class SQLiteFullText(FullTextRules):
    def match(self, texts: int, search: Search) -> Pieces:
        return (*self.relevance(texts, search), " > 0")

    def relevance(self, texts: int, search: Search) -> Pieces:
        if search.language is not None:
            raise NotSupported("full-text search by language", "sqlite", "leave it out: words are taken as they are")
        pieces: list[str | int | Given] = []
        for number in range(texts):
            pieces += [" || ' ' || " if number else "", "COALESCE(", number, ", '')"]
        return ("isomorph_relevance(", *pieces, ", ", Given(encoded(search.words)), f", {int(search.phrase)})")


FULL_TEXT = SQLiteFullText()
