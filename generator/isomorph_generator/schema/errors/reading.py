"""Mistakes in the files of a schema, and in the shape of what they say."""

from __future__ import annotations

from dataclasses import dataclass
from difflib import get_close_matches

from isomorph.errors import near_hint
from isomorph_generator.schema.errors.base import Position, SchemaError, listed

__all__ = [
    "ConflictingKeys",
    "DuplicateKey",
    "FileUnreadable",
    "IncludeWithoutMatch",
    "InvalidSetting",
    "MissingKey",
    "NestedInclude",
    "NoRelationKind",
    "NotAllowedValue",
    "NotSupportedYet",
    "NotUtf8",
    "OutOfBounds",
    "TomlSyntax",
    "UnknownKey",
    "WrongType",
]

_TOML_MENDS = {
    "expected '=' after a key": "write key = value",
    "expected ']'": "close the table's name with ]",
    "invalid value": 'quote texts: "text"',
    "the file ends in the middle": "close what is open: ], } or quotes",
    "unclosed array": "close it with ]",
    "unclosed inline table": "close it with }; an inline table stays on one line, use a [table] for more",
    "illegal character '\\n'": "close the text on its line, or use three quotes",
    "unterminated string": "close the text with the quotes that opened it",
    "invalid initial character for a key": 'keys are letters, digits, _ and -; quote others: "a b"',
    "expected newline or end of document": "one key = value per line",
    "unescaped '\\'": "write \\\\ for a backslash, or use single quotes",
    "immutable namespace": "add the key where the table is written",
}
"""Part of tomllib's message, and how to mend it."""


@dataclass(eq=False, repr=False)
class FileUnreadable(SchemaError):
    """A schema file cannot be opened."""

    reason: str

    def _what(self) -> str:
        return f"cannot read the file: {self.reason}"

    def _mend(self) -> str:
        return "check its path and permissions"


@dataclass(eq=False, repr=False)
class NotUtf8(SchemaError):
    """A schema file is not UTF-8."""

    def _what(self) -> str:
        return "the file is not UTF-8"

    def _mend(self) -> str:
        return "save it as UTF-8"


@dataclass(eq=False, repr=False)
class TomlSyntax(SchemaError):
    """A schema file is not TOML."""

    message: str

    def _what(self) -> str:
        return f"not TOML: {self.message}"

    def _mend(self) -> str:
        for part, mend in _TOML_MENDS.items():
            if part in self.message.lower():
                return mend
        return "see https://toml.io"


@dataclass(eq=False, repr=False)
class DuplicateKey(SchemaError):
    """A key is given twice."""

    first: Position

    def _what(self) -> str:
        return f"declared twice, first at {self.first}"

    def _mend(self) -> str:
        return "remove one of the two"


@dataclass(eq=False, repr=False)
class IncludeWithoutMatch(SchemaError):
    """An `include` names no file."""

    pattern: str

    def _what(self) -> str:
        return f'no file matches "{self.pattern}"'

    def _mend(self) -> str:
        return "patterns are relative to the folder of this file; correct or remove it"


@dataclass(eq=False, repr=False)
class NestedInclude(SchemaError):
    """An included file includes files itself."""

    def _what(self) -> str:
        return "an included file cannot include others"

    def _mend(self) -> str:
        return "list all files in the `include` of the main schema file"


@dataclass(eq=False, repr=False)
class UnknownKey(SchemaError):
    """A key that the schema language does not have."""

    name: str
    known: tuple[str, ...]

    def _what(self) -> str:
        return f'unknown key "{self.name}"'

    def _mend(self) -> str:
        return near_hint(self.name, self.known, f"allowed here: {', '.join(self.known)}")


@dataclass(eq=False, repr=False)
class MissingKey(SchemaError):
    """A table lacks a key that it needs."""

    name: str
    example: str

    def _what(self) -> str:
        return f'"{self.name}" is missing'

    def _mend(self) -> str:
        return f"add {self.example}"


@dataclass(eq=False, repr=False)
class WrongType(SchemaError):
    """A value of the wrong type."""

    expected: str
    got: str

    def _what(self) -> str:
        return f"expected {self.expected}, got {self.got}"

    def _mend(self) -> str:
        return "correct the value"


@dataclass(eq=False, repr=False)
class NotAllowedValue(SchemaError):
    """A text that is none of those allowed."""

    value: str
    allowed: tuple[str, ...]

    def _what(self) -> str:
        return f'"{self.value}" is not allowed'

    def _mend(self) -> str:
        return near_hint(self.value, self.allowed, f"one of {listed(self.allowed)}")


@dataclass(eq=False, repr=False)
class OutOfBounds(SchemaError):
    """A number or list that is too small or too large."""

    bound: str

    def _what(self) -> str:
        return f"must be {self.bound}"

    def _mend(self) -> str:
        return "correct the value"


@dataclass(eq=False, repr=False)
class NotSupportedYet(SchemaError):
    """A key or value of the schema language whose behaviour has not landed."""

    name: str
    instead: str

    def _what(self) -> str:
        return f"{self.name} is not supported yet"

    def _mend(self) -> str:
        return self.instead


@dataclass(eq=False, repr=False)
class NoRelationKind(SchemaError):
    """A relation does not say which relation it is."""

    keys: tuple[str, ...]
    kinds: tuple[str, ...]

    def _what(self) -> str:
        return "does not say which relation it is"

    def _mend(self) -> str:
        for key in self.keys:
            if near := get_close_matches(key, self.kinds, n=1):
                return f'did you mean "{near[0]}"?'
        return f"add one of {', '.join(self.kinds)}"


@dataclass(eq=False, repr=False)
class ConflictingKeys(SchemaError):
    """Two keys that exclude each other."""

    first: str
    second: str
    hint: str

    def _what(self) -> str:
        return f'"{self.first}" and "{self.second}" exclude each other'

    def _mend(self) -> str:
        return self.hint


@dataclass(eq=False, repr=False)
class InvalidSetting(SchemaError):
    """A setting of the project or of a connection that cannot be used."""

    problem: str
    hint: str

    def _what(self) -> str:
        return self.problem

    def _mend(self) -> str:
        return self.hint
