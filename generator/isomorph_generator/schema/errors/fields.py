"""Mistakes in types, defaults, keys and indexes."""

from __future__ import annotations

from dataclasses import dataclass

from isomorph.errors import near_hint
from isomorph_generator.schema.errors.base import SchemaError

__all__ = [
    "CircularKey",
    "ComputedField",
    "IndexTooWide",
    "InvalidCast",
    "InvalidKey",
    "InvalidPattern",
    "InvalidType",
    "ModifierNotForType",
    "NotIndexable",
    "NotOnDialect",
    "RepeatedName",
    "UniquePartialIndex",
    "UnknownEnumValue",
    "UnknownType",
    "WrongDefault",
]


@dataclass(eq=False, repr=False)
class UnknownType(SchemaError):
    """A type that the schema language does not have."""

    name: str
    known: tuple[str, ...]
    meant: str = ""

    def _what(self) -> str:
        return f'no type "{self.name}"'

    def _mend(self) -> str:
        if self.meant:
            return f'did you mean "{self.meant}"?'
        return near_hint(
            self.name, self.known, f"one of {', '.join(self.known)}" if self.known else "declare it in [enums]"
        )


@dataclass(eq=False, repr=False)
class InvalidType(SchemaError):
    """A type with wrong arguments."""

    text: str
    problem: str
    hint: str

    def _what(self) -> str:
        return f'type "{self.text}": {self.problem}'

    def _mend(self) -> str:
        return self.hint


@dataclass(eq=False, repr=False)
class InvalidCast(SchemaError):
    """A cast that cannot be one, or of which something is missing."""

    problem: str
    hint: str

    def _what(self) -> str:
        return self.problem

    def _mend(self) -> str:
        return self.hint


@dataclass(eq=False, repr=False)
class WrongDefault(SchemaError):
    """A default that the field cannot hold."""

    type: str
    expected: str
    got: str

    def _what(self) -> str:
        return f"default of {self.type}: expected {self.expected}, got {self.got}"

    def _mend(self) -> str:
        return "correct it, or drop `default`"


@dataclass(eq=False, repr=False)
class UnknownEnumValue(SchemaError):
    """A text that is no value of the enum."""

    enum: str
    value: str
    known: tuple[str, ...]

    def _what(self) -> str:
        return f'{self.enum} has no value "{self.value}"'

    def _mend(self) -> str:
        return near_hint(self.value, self.known, f"one of {', '.join(self.known)}")


@dataclass(eq=False, repr=False)
class ModifierNotForType(SchemaError):
    """A key that makes no sense for the type."""

    modifier: str
    type: str
    types: str

    def _what(self) -> str:
        return f"`{self.modifier}` has no meaning for {self.type}"

    def _mend(self) -> str:
        return f"it is for {self.types}"


@dataclass(eq=False, repr=False)
class NotOnDialect(SchemaError):
    """A key that one of the dialects can do nothing with."""

    key: str
    dialect: str
    hint: str

    def _what(self) -> str:
        return f"`{self.key}` is nothing that {self.dialect} has"

    def _mend(self) -> str:
        return self.hint


@dataclass(eq=False, repr=False)
class InvalidPattern(SchemaError):
    """A regular expression that not every database and no input would understand in the same way."""

    problem: str
    hint: str

    def _what(self) -> str:
        return f"the pattern: {self.problem}"

    def _mend(self) -> str:
        return self.hint


@dataclass(eq=False, repr=False)
class ComputedField(SchemaError):
    """A field that is computed, where one is needed that the application sets."""

    name: str
    use: str

    def _what(self) -> str:
        return f'"{self.name}" is computed, so it cannot be {self.use}'

    def _mend(self) -> str:
        return "take another field, or let the application set it"


@dataclass(eq=False, repr=False)
class InvalidKey(SchemaError):
    """A primary key that cannot be one."""

    problem: str
    hint: str

    def _what(self) -> str:
        return self.problem

    def _mend(self) -> str:
        return self.hint


@dataclass(eq=False, repr=False)
class CircularKey(SchemaError):
    """Primary keys that consist of each other."""

    chain: tuple[str, ...]

    def _what(self) -> str:
        return f"the key refers to itself: {' -> '.join(self.chain)}"

    def _mend(self) -> str:
        return "give one of the models a key of its own"


@dataclass(eq=False, repr=False)
class NotIndexable(SchemaError):
    """A type that a database cannot index."""

    field: str
    type: str
    dialect: str
    hint: str

    def _what(self) -> str:
        return f'"{self.field}" is {self.type}, which {self.dialect} cannot index'

    def _mend(self) -> str:
        return self.hint


@dataclass(eq=False, repr=False)
class IndexTooWide(SchemaError):
    """Indexed columns that are too long together."""

    size_bytes: int
    dialect: str
    limit_bytes: int

    def _what(self) -> str:
        return (
            f"the indexed columns take up to {self.size_bytes} bytes, {self.dialect} indexes at most {self.limit_bytes}"
        )

    def _mend(self) -> str:
        return "shorten the strings, or index fewer fields"


@dataclass(eq=False, repr=False)
class UniquePartialIndex(SchemaError):
    """A unique index over part of the rows, for a database that has none."""

    dialect: str

    def _what(self) -> str:
        return f"{self.dialect} has no partial indexes, and a unique one in full would refuse other rows"

    def _mend(self) -> str:
        return f'drop `where` or `unique`, or take "{self.dialect}" out of the project\'s dialects'


@dataclass(eq=False, repr=False)
class RepeatedName(SchemaError):
    """A list that names the same thing twice."""

    name: str

    def _what(self) -> str:
        return f'"{self.name}" is listed twice'

    def _mend(self) -> str:
        return "remove one of the two"
