"""Full-text search in PostgreSQL: text search configurations, of which `simple` takes words as they are."""

from __future__ import annotations

from isomorph.dialects.standard.documents import Given
from isomorph.dialects.standard.fulltext import FullTextRules, Pieces, Search

__all__ = ["FULL_TEXT"]


class PostgreSQLFullText(FullTextRules):
    def match(self, texts: int, search: Search) -> Pieces:
        return (*_vector(texts, search), " @@ ", *_query(search))

    def relevance(self, texts: int, search: Search) -> Pieces:
        return ("CAST(TS_RANK(", *_vector(texts, search), ", ", *_query(search), ") AS double precision)")


def _vector(texts: int, search: Search) -> Pieces:
    if search.is_prepared:
        return (0,)
    # The configuration is no bound value: indexes serve only where it is a constant.
    pieces: list[str | int | Given] = [f"TO_TSVECTOR('{search.language or 'simple'}', "]
    for number in range(texts):
        pieces += [" || ' ' || " if number else "", "COALESCE(", number, ", '')"]
    return (*pieces, ")")


def _query(search: Search) -> Pieces:
    name = "PHRASETO_TSQUERY" if search.phrase else "PLAINTO_TSQUERY"
    return (f"{name}('{search.language or 'simple'}', ", Given(" ".join(search.words)), ")")


FULL_TEXT = PostgreSQLFullText()
