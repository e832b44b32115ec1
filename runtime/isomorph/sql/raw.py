"""SQL of the application, with its values bound."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final, LiteralString

from isomorph.errors import InvalidQuery, InvalidValue
from isomorph.sql.codecs import Bindable, codec_of_value
from isomorph.sql.expressions import Bound, Predicate
from isomorph.sql.writer import Writer

__all__ = ["Raw"]


class Raw(Predicate):
    """SQL of the application, with `?` for each bound value (`??` for a question mark); a condition in parentheses."""

    __slots__ = ("pieces", "values")

    def __init__(self, text: LiteralString, values: Sequence[Bindable]) -> None:
        self.pieces: Final = _pieces(text)
        if len(self.pieces) - 1 != len(values):
            raise InvalidQuery(
                f"the raw SQL has {len(self.pieces) - 1} placeholders and {len(values)} values",
                "write ? once for each value, ?? for a question mark",
            )
        self.values: Final = [Bound[object](_checked_raw(value), codec_of_value(value, "raw SQL")) for value in values]

    def _write(self, out: Writer) -> None:
        # An OR in it must not reach beyond it.
        out.parts.append("(")
        self.write_bare(out)
        out.parts.append(")")

    def _reads_anything(self) -> bool:
        return True

    def write_bare(self, out: Writer) -> None:
        """Write it without parentheses: a whole statement."""
        literal = out.placeholder == "%s"
        for number, piece in enumerate(self.pieces):
            if number:
                self.values[number - 1]._write(out)
            out.parts.append(piece.replace("%", "%%") if literal else piece)


def _checked_raw(value: Bindable) -> object:
    codec = codec_of_value(value, "raw SQL")
    return value if codec is None else codec.compared(value, "raw SQL")


def _pieces(text: str) -> list[str]:
    """Text around its placeholders; question marks in quotes and comments are text."""
    if not isinstance(text, str):  # pyright: ignore[reportUnnecessaryIsInstance] - callers without a type checker
        raise InvalidValue("raw SQL", "a literal string", type(text).__name__)
    pieces = [""]
    quote = ""
    position = 0
    while position < len(text):
        char = text[position]
        position += 1
        if quote:
            quote = "" if char == quote else quote
        elif char in "'\"`":
            quote = char
        elif text.startswith("/*", position - 1):
            # No value may be bound there: where a driver writes values into the text, one with */ in it would end it.
            end = text.find("*/", position + 1)
            start, position = position, len(text) if end < 0 else end + 2
            char += text[start:position]
        elif char == "?":
            if text[position : position + 1] != "?":
                pieces.append("")
                continue
            position += 1
        pieces[-1] += char
    return pieces
