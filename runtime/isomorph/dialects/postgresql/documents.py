"""JSON documents in PostgreSQL: jsonb and its operators."""

from __future__ import annotations

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

__all__ = ["DOCUMENTS"]


class PostgreSQLDocuments(DocumentRules):
    def part(self, path: Path) -> Pieces:
        if not path:
            return (DOCUMENT,)
        # A scalar by itself is kept as an array of one, and found at its place.
        arrays = ends_of(path, (0, -1))
        if not arrays:
            return self._steps(path)
        conditions: list[Piece] = []
        for holder in arrays:
            conditions += [" AND " if conditions else "", "JSONB_TYPEOF(", *self._steps(holder), ") = 'array'"]
        return ("CASE WHEN ", *conditions, " THEN ", *self._steps(path), " END")

    def _steps(self, path: Path) -> Pieces:
        if not path:
            return (DOCUMENT,)
        pieces: list[Piece] = ["(", DOCUMENT]
        for step in path:
            # The operator for keys finds none in arrays, and that for places none in objects.
            pieces += [" -> CAST(", Given(step), " AS text)" if isinstance(step, str) else " AS integer)"]
        return (*pieces, ")")

    def string(self, path: Path) -> Pieces:
        part = self.part(path)
        return ("CASE JSONB_TYPEOF(", *part, ") WHEN 'string' THEN ", *part, " #>> '{}' END")

    def integer(self, path: Path) -> Pieces:
        part = self.part(path)
        return (
            *("CASE WHEN JSONB_TYPEOF(", *part, ") = 'number' AND ", *part, " #>> '{}' ~ '^-?[0-9]{1,19}$' THEN "),
            *("CASE WHEN CAST(", *part, " AS numeric) BETWEEN -9223372036854775808 AND 9223372036854775807 THEN "),
            *("CAST(", *part, " AS bigint) END END"),
        )

    def number(self, path: Path) -> Pieces:
        part = self.part(path)
        return ("CASE JSONB_TYPEOF(", *part, ") WHEN 'number' THEN CAST(", *part, " AS double precision) END")

    def truth(self, path: Path) -> Pieces:
        part = self.part(path)
        return ("CASE JSONB_TYPEOF(", *part, ") WHEN 'boolean' THEN CAST(", *part, " AS boolean) END")

    def type_of(self, path: Path) -> Pieces:
        return ("JSONB_TYPEOF(", *self.part(path), ")")

    def length(self, path: Path) -> Pieces:
        part = self.part(path)
        return (
            *("CASE JSONB_TYPEOF(", *part, ") WHEN 'array' THEN JSONB_ARRAY_LENGTH(", *part, ")"),
            *(" WHEN 'object' THEN (SELECT COUNT(*) FROM JSONB_OBJECT_KEYS(", *part, ")) END"),
        )

    def contains(self, path: Path, candidate: object) -> Pieces:
        return (*self.part(path), " @> CAST(", Given(encoded(candidate)), " AS jsonb)")

    def equals(self, path: Path, other: Piece) -> Pieces:
        return (*self.part(path), " = ", *(("CAST(", other, " AS jsonb)") if isinstance(other, Given) else (other,)))

    def put(self, path: Path) -> Pieces:
        return self._where_held(path, "JSONB_SET(", DOCUMENT, ", ", *self._keys(path), ", ", VALUE, ")")

    def removed(self, path: Path) -> Pieces:
        return self._where_held(path, "(", DOCUMENT, " #- ", *self._keys(path), ")")

    def given(self, text: str) -> Pieces:
        return ("CAST(", Given(text), " AS jsonb)")

    def computed(self, family: str) -> Pieces:
        value = ("CAST(", VALUE, " AS text)") if family == "text" else (VALUE,)
        return ("COALESCE(TO_JSONB(", *value, "), 'null')")

    def _keys(self, path: Path) -> Pieces:
        return ("CAST(", Given([str(step) for step in path]), " AS text[])")

    def _where_held(self, path: Path, *changed: Piece) -> Pieces:
        """The change, where the last step of the path is one of what holds it: `0` may be a place or a key."""
        holder, kind = holders(path)[-1]
        part = self.part(holder)
        return ("CASE JSONB_TYPEOF(", *part, f") WHEN '{kind}' THEN ", *changed, " ELSE ", DOCUMENT, " END")


DOCUMENTS = PostgreSQLDocuments()
