"""Full-text search in MySQL and MariaDB: boolean mode, over a full-text index of just the columns that are searched."""

from __future__ import annotations

from isomorph.dialects.standard.documents import Given
from isomorph.dialects.standard.fulltext import FullTextRules, Pieces, Search
from isomorph.errors import NotSupported

__all__ = ["FULL_TEXT"]

# What InnoDB does not index by default: words of fewer characters (innodb_ft_min_token_size), and these
# (INFORMATION_SCHEMA.INNODB_FT_DEFAULT_STOPWORD). A search for one of them would find nothing.
_SHORTEST = 3
_STOPWORDS = (
    " a about an are as at be by com de en for from how i in is it la of on or that the this to was what when where who "
    "will with und www "
)


class MySQLFullText(FullTextRules):
    def match(self, texts: int, search: Search) -> Pieces:
        condition = self._words(texts, search)
        return (*condition, " AND ", *_follows(texts, search)) if search.phrase else condition

    def relevance(self, texts: int, search: Search) -> Pieces:
        words = self._words(texts, search)
        return ("CASE WHEN ", *_follows(texts, search), " THEN ", *words, " ELSE 0 END") if search.phrase else words

    def _words(self, texts: int, search: Search) -> Pieces:
        if search.language is not None:
            raise NotSupported("full-text search by language", "mysql", "leave it out: words are taken as they are")
        return ("MATCH (", *_listed(texts), ") AGAINST (", Given(_boolean(search)), " IN BOOLEAN MODE)")


def _listed(texts: int) -> Pieces:
    columns: list[str | int | Given] = []
    for number in range(texts):
        columns += [", " if number else "", number]
    return tuple(columns)


def _follows(texts: int, search: Search) -> Pieces:
    """Whether the words follow one another, which MariaDB's index does not find out where there are capitals."""
    other = r"[^\p{L}\p{N}]"
    words = f"{other}+".join([word.lower() for word in search.words])
    return ("LOWER(CONCAT_WS(' ', ", *_listed(texts), ")) REGEXP ", Given(f"(^|{other}){words}($|{other})"))


def _boolean(search: Search) -> str:
    """The words in boolean mode. Case counts there, as it does in the columns, so each is looked for in four spellings."""
    indexed = [word for word in search.words if len(word) >= _SHORTEST and f" {word.lower()} " not in _STOPWORDS]
    return " ".join(f"+{_spellings(word)}" for word in indexed or search.words)


def _spellings(text: str) -> str:
    spellings = dict.fromkeys((text, text.lower(), text[:1].upper() + text[1:].lower(), text.upper()))
    return "(" + " ".join(f'"{spelling}"' for spelling in spellings) + ")"


FULL_TEXT = MySQLFullText()
