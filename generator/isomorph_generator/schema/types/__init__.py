"""Reads the text of a type: `string(100)?`, `decimal(10, 2)`, `unsigned int`, `Role`, `array(int)`, `int[]`."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from isomorph.catalog import ColumnType, Enum, Kind
from isomorph_generator.schema.errors import InvalidType, Position, SchemaError, UnknownType
from isomorph_generator.schema.types.word import Given
from isomorph_generator.schema.types.words import ELSEWHERE, WORDS

__all__ = ["ParsedType", "Types"]

_TYPE = re.compile(r"\s*(?P<name>(?:unsigned\s+)?\w+)\s*(?:\((?P<arguments>.*)\)\s*)?(?P<nullable>\?)?\s*")
_ARRAY_OF = re.compile(r"\s*(?:array|list)\s*(?:of\s|<)\s*(?P<item>[^<>?]+)>?\s*(?P<nullable>\??)\s*")
_LISTED = re.compile(r"\s*(?P<item>.+?)\s*\[\]\s*(?P<nullable>\??)\s*")


@dataclass(frozen=True, slots=True)
class ParsedType:
    """A type and whether a `?` made it nullable."""

    type: ColumnType
    nullable: bool


class Types:
    """The types that a schema may use: those of the language and its enums."""

    def __init__(self, enums: Mapping[str, Enum], dialects: Sequence[str]) -> None:
        self._enums = enums
        self._dialects = tuple(dialects)

    def parsed(self, text: str, at: tuple[Position, str]) -> ParsedType | SchemaError:
        """The type that a text means, or what is wrong with it."""
        if (listed := _LISTED.fullmatch(text)) is not None:
            return self.parsed(f"array({listed['item']}){listed['nullable']}", at)
        match = _TYPE.fullmatch(text)
        if match is None:
            if (listed := _ARRAY_OF.fullmatch(text)) is not None:
                return UnknownType(*at, text, (), f"array({listed['item']}){listed['nullable']}")
            return UnknownType(*at, text, (*(word.form for word in WORDS.values()), *self._enums))
        found = self._type(text, " ".join(match["name"].split()), match["arguments"], at)
        return ParsedType(found, match["nullable"] is not None) if isinstance(found, ColumnType) else found

    def _type(self, text: str, name: str, arguments: str | None, at: tuple[Position, str]) -> ColumnType | SchemaError:
        if name in WORDS:
            given = Given(text, name, arguments, at, self._dialects, self._enums, lambda part: self._element(part, at))
            return WORDS[name].read(given)
        if name in self._enums:
            if arguments is not None:
                return InvalidType(*at, text, "it takes no arguments", f"write {name}")
            return ColumnType(Kind.ENUM, enum=name)
        if name.startswith("unsigned "):
            bare = name.removeprefix("unsigned ")
            problem = "only whole numbers are unsigned" if bare in WORDS else f'no type "{bare}"'
            return InvalidType(*at, text, problem, "unsigned tinyint, smallint, int or bigint")
        known = (*WORDS, *self._enums)
        meant = ELSEWHERE.get(name.lower(), name.lower() if name.lower() in known else "")
        return UnknownType(*at, name, known, meant)

    def _element(self, text: str, at: tuple[Position, str]) -> ColumnType | SchemaError:
        """A type that another one is made of, which is not nullable by itself."""
        found = self.parsed(text, at)
        if isinstance(found, ParsedType):
            return (
                InvalidType(*at, text, "what others are made of has no ?", "drop it") if found.nullable else found.type
            )
        return found
