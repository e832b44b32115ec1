"""JSON documents in MySQL and MariaDB, whose functions differ here and there: MariaDB runs /*M! */ and skips /*!80017 */.

Such a comment never holds a bound value or a name, only words of the language.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import cast

from isomorph.dialects.standard.documents import (
    DOCUMENT,
    VALUE,
    DocumentRules,
    Given,
    Path,
    Piece,
    Pieces,
    encoded,
    ends_of,
    holders,
)
from isomorph.errors import NotSupported

__all__ = ["COLLATED", "DOCUMENTS"]

COLLATED = " /*M! COLLATE utf8mb4_nopad_bin */ /*!80017 COLLATE utf8mb4_0900_bin */"
"""What makes a text out of a document compare as columns do (see the DDL of the dialect)."""

_NUMBERS = "('INTEGER', 'DOUBLE', 'DECIMAL', 'UNSIGNED INTEGER')"


class MySQLDocuments(DocumentRules):
    def part(self, path: Path) -> Pieces:
        return self._part((DOCUMENT,), path)

    def _part(self, document: Pieces, path: Path) -> Pieces:
        if not path:
            return document
        for number, step in enumerate(path):
            if isinstance(step, int) and step < 0:
                return self._part(self._from_end(self._part(document, path[:number]), -step), path[number + 1 :])
        part: Pieces = ("JSON_EXTRACT(", *document, ", ", Given(_path(path)), ")")
        # The first place of what is no array is, to them, the thing itself.
        arrays = ends_of(path, (0,))
        if not arrays:
            return part
        conditions: list[Piece] = []
        for holder in arrays:
            inner: Pieces = ("JSON_EXTRACT(", *document, ", ", Given(_path(holder)), ")") if holder else document
            conditions += [" AND " if conditions else "", "JSON_TYPE(", *inner, ") = 'ARRAY'"]
        return ("CASE WHEN ", *conditions, " THEN ", *part, " END")

    def _from_end(self, array: Pieces, place: int) -> Pieces:
        """An item counted from the end: MariaDB finds one by `last` in the first row only."""
        count: Pieces = ("JSON_LENGTH(", *array, ")")
        return (
            *("CASE WHEN JSON_TYPE(", *array, ") = 'ARRAY' AND ", *count, " >= ", Given(place)),
            *(" THEN JSON_EXTRACT(", *array, ", CONCAT('$[', ", *count, " - ", Given(place), ", ']')) END"),
        )

    def _text(self, path: Path) -> Pieces:
        return ("CAST(", *self.part(path), " AS CHAR)")

    def string(self, path: Path) -> Pieces:
        part = self.part(path)
        return ("CASE JSON_TYPE(", *part, ") WHEN 'STRING' THEN JSON_UNQUOTE(", *part, ")", COLLATED, " END")

    def integer(self, path: Path) -> Pieces:
        text = self._text(path)
        return (
            *("CASE WHEN ", *text, r" REGEXP '^-?[0-9]{1,19}\\z' AND CAST(", *text, " AS DECIMAL(20))"),
            *(" BETWEEN -9223372036854775808 AND 9223372036854775807 THEN CAST(", *text, " AS SIGNED) END"),
        )

    def number(self, path: Path) -> Pieces:
        part = self.part(path)
        return ("CASE WHEN JSON_TYPE(", *part, f") IN {_NUMBERS} THEN CAST(", *self._text(path), " AS DOUBLE) END")

    def truth(self, path: Path) -> Pieces:
        return ("CASE ", *self._text(path), " WHEN 'true' THEN 1 WHEN 'false' THEN 0 END")

    def type_of(self, path: Path) -> Pieces:
        part = self.part(path)
        return (
            *("CASE WHEN JSON_TYPE(", *part, f") IN {_NUMBERS} THEN 'number' ELSE CASE JSON_TYPE(", *part, ")"),
            *(f" WHEN '{name.upper()}' THEN '{name}'" for name in ("object", "array", "string", "boolean", "null")),
            " END END",
        )

    def length(self, path: Path) -> Pieces:
        part = self.part(path)
        return ("CASE WHEN JSON_TYPE(", *part, ") IN ('ARRAY', 'OBJECT') THEN JSON_LENGTH(", *part, ") END")

    def contains(self, path: Path, candidate: object) -> Pieces:
        part = self.part(path)
        return (
            "CASE WHEN ",
            *part,
            " IS NOT NULL THEN COALESCE(",
            *self._contains(path, candidate, is_outer=True),
            ", 0) END",
        )

    def _contains(self, path: Path, candidate: object, *, is_outer: bool) -> Pieces:
        """The condition part by part: JSON_CONTAINS by itself takes a thing for a list of it, and a list for its items."""
        part = self.part(path)
        pieces: list[Piece] = ["(JSON_TYPE(", *part]
        if isinstance(candidate, Mapping):
            pieces.append(") = 'OBJECT'")
            for key, item in cast("Mapping[str, object]", candidate).items():
                pieces += [" AND ", *self._contains((*path, key), item, is_outer=False)]
        elif isinstance(candidate, list | tuple):
            pieces.append(") = 'ARRAY'")
            for item in cast("Sequence[object]", candidate):
                function = "JSON_CONTAINS" if isinstance(item, Mapping | list | tuple) else "JSON_OVERLAPS"
                pieces += [f" AND {function}(", *part, ", ", Given(encoded([item])), ")"]
        elif is_outer:
            # JSON_OVERLAPS has no equal for null that is no item of a list.
            pieces += [") = 'ARRAY' AND JSON_OVERLAPS(", *part, ", ", Given(encoded([candidate])), ") OR "]
            pieces += [
                "JSON_TYPE(",
                *part,
                ") NOT IN ('ARRAY', 'OBJECT') AND ",
                *self.equals(path, Given(encoded(candidate))),
            ]
        else:
            pieces += [") NOT IN ('ARRAY', 'OBJECT') AND ", *self.equals(path, Given(encoded(candidate)))]
        return (*pieces, ")")

    def equals(self, path: Path, other: Piece) -> Pieces:
        part = self.part(path)
        # As a condition MariaDB's JSON_EQUALS is true for NULL.
        known: Pieces = (*part, " IS NOT NULL", *(() if isinstance(other, Given) else (" AND ", other, " IS NOT NULL")))
        # Only words of ours stand in comments. MariaDB looks for the end of one that it skips in texts, too, and the
        # driver writes bound values into the statement: a value with */ in it would go on as SQL.
        equal: Pieces = (
            "/*M! JSON_EQUALS( */ /*!80017 (CAST( */ ",
            *part,
            " /*M! , */ /*!80017 AS JSON) = CAST( */ ",
            other,
        )
        return ("CASE WHEN ", *known, " THEN ", *equal, " /*M! ) */ /*!80017 AS JSON)) */ END")

    def put(self, path: Path) -> Pieces:
        return self._where_held(path, "JSON_SET(", DOCUMENT, ", ", Given(_path(path)), ", ", VALUE, ")")

    def removed(self, path: Path) -> Pieces:
        return self._where_held(path, "JSON_REMOVE(", DOCUMENT, ", ", Given(_path(path)), ")")

    def given(self, text: str) -> Pieces:
        return ("JSON_EXTRACT(", Given(text), ", '$')")

    def computed(self, family: str) -> Pieces:
        match family:
            case "truth":
                return ("JSON_EXTRACT(CASE ", VALUE, " WHEN 1 THEN 'true' WHEN 0 THEN 'false' ELSE 'null' END, '$')")
            case "document":
                return ("JSON_EXTRACT(COALESCE(", VALUE, ", 'null'), '$')")
            case _:
                return (VALUE,)

    def _where_held(self, path: Path, *changed: Piece) -> Pieces:
        """The change, where the last step of the path is one of what holds it."""
        holder, kind = holders(path)[-1]
        part = self.part(holder)
        return ("CASE JSON_TYPE(", *part, f") WHEN '{kind.upper()}' THEN ", *changed, " ELSE ", DOCUMENT, " END")


def _path(path: Path) -> str:
    """A path without places counted from the end, as they write it.

    Raises:
        NotSupported: MariaDB takes a quoted key that begins with `-` for a place counted from the end.
    """
    text = "$"
    for step in path:
        if isinstance(step, int):
            text += f"[{step}]"
        elif step.startswith("-"):
            raise NotSupported("JSON keys that begin with -", "mysql", "rename the key, or read the document in Python")
        else:
            text += f".{encoded(step)}"
    return text


DOCUMENTS = MySQLDocuments()
