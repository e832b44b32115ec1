"""JSON documents in SQLite: its own functions, and the driver's where those cannot say a thing."""

from __future__ import annotations

import re

from isomorph.dialects.standard.documents import DOCUMENT, VALUE, DocumentRules, Given, Path, Piece, Pieces, encoded

__all__ = ["DOCUMENTS"]

# A key in a path ends at the next quote, and is compared with the text of the document, escapes and all.
_PLAIN = re.compile(r'[^"\\\x00-\x1f]*')


class SQLiteDocuments(DocumentRules):
    def part(self, path: Path) -> Pieces:
        if not path:
            return (DOCUMENT,)
        at = _path(path)
        if at is None:
            return ("isomorph_json_part(", DOCUMENT, ", ", Given(encoded(path)), ")")
        return ("(", DOCUMENT, " -> ", Given(at), ")")

    def _at(self, path: Path) -> tuple[Pieces, Given]:
        """A document and a path in it, as the functions take them."""
        at = _path(path)
        return (self.part(path), Given("$")) if at is None else ((DOCUMENT,), Given(at))

    def _type(self, path: Path) -> Pieces:
        document, at = self._at(path)
        return ("JSON_TYPE(", *document, ", ", at, ")")

    def _value(self, path: Path) -> Pieces:
        document, at = self._at(path)
        return ("(", *document, " ->> ", at, ")")

    def string(self, path: Path) -> Pieces:
        return ("CASE ", *self._type(path), " WHEN 'text' THEN ", *self._value(path), " END")

    def integer(self, path: Path) -> Pieces:
        # One of more than 64 bits is given as a float.
        value = self._value(path)
        return (
            "CASE WHEN ",
            *self._type(path),
            " = 'integer' AND TYPEOF(",
            *value,
            ") = 'integer' THEN ",
            *value,
            " END",
        )

    def number(self, path: Path) -> Pieces:
        return (
            "CASE WHEN ",
            *self._type(path),
            " IN ('integer', 'real') THEN CAST(",
            *self._value(path),
            " AS REAL) END",
        )

    def truth(self, path: Path) -> Pieces:
        return ("CASE ", *self._type(path), " WHEN 'true' THEN 1 WHEN 'false' THEN 0 END")

    def type_of(self, path: Path) -> Pieces:
        kind = self._type(path)
        return (
            *("CASE ", *kind, " WHEN 'text' THEN 'string' WHEN 'integer' THEN 'number' WHEN 'real' THEN 'number'"),
            *(" WHEN 'true' THEN 'boolean' WHEN 'false' THEN 'boolean' ELSE ", *kind, " END"),
        )

    def length(self, path: Path) -> Pieces:
        document, at = self._at(path)
        return (
            *("CASE ", *self._type(path), " WHEN 'array' THEN JSON_ARRAY_LENGTH(", *document, ", ", at, ")"),
            *(" WHEN 'object' THEN (SELECT COUNT(*) FROM JSON_EACH(", *document, ", ", at, ")) END"),
        )

    def contains(self, path: Path, candidate: object) -> Pieces:
        return ("isomorph_json_contains(", *self.part(path), ", ", Given(encoded(candidate)), ")")

    def equals(self, path: Path, other: Piece) -> Pieces:
        return ("isomorph_json_equals(", *self.part(path), ", ", other, ")")

    def put(self, path: Path) -> Pieces:
        return ("isomorph_json_put(", DOCUMENT, ", ", Given(encoded(path)), ", ", VALUE, ")")

    def removed(self, path: Path) -> Pieces:
        return ("isomorph_json_removed(", DOCUMENT, ", ", Given(encoded(path)), ")")

    def given(self, text: str) -> Pieces:
        return (Given(text),)

    def computed(self, family: str) -> Pieces:
        match family:
            case "truth":
                return ("CASE ", VALUE, " WHEN 1 THEN 'true' WHEN 0 THEN 'false' ELSE 'null' END")
            case "document":
                return ("COALESCE(", VALUE, ", 'null')")
            case _:
                return ("JSON_QUOTE(", VALUE, ")")


def _path(path: Path) -> str | None:
    """A path as SQLite writes it; None where a key cannot be written."""
    text = "$"
    for step in path:
        if isinstance(step, int):
            text += f"[{step}]" if step >= 0 else f"[#{step}]"
        elif _PLAIN.fullmatch(step):
            text += f'."{step}"'
        else:
            return None
    return text


DOCUMENTS = SQLiteDocuments()
