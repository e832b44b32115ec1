"""Mistakes in names: not usable in Python or in a database, taken, or unknown."""

from __future__ import annotations

from dataclasses import dataclass

from isomorph.errors import near_hint
from isomorph_generator.schema.errors.base import Position, SchemaError

__all__ = [
    "InvalidName",
    "InvalidWas",
    "KeywordName",
    "NameClash",
    "NameTooLong",
    "ReservedName",
    "UndeclaredConnection",
    "UnknownFieldName",
    "UnknownMixin",
    "UnknownModel",
    "UnknownRelation",
]

_SHORTER = {
    "table": "name it with `table`",
    "column": "name it with `column`",
    "relation's column": "give the relation a shorter name",
    "pivot table": "name it with `table`",
}


def _renamed(name: str, *, column: bool) -> str:
    """How to keep a column's name under another attribute."""
    return f'write {name}_ = {{ ..., column = "{name}" }}' if column else f'rename it, for example "{name}_"'


@dataclass(eq=False, repr=False)
class InvalidName(SchemaError):
    """A name that cannot be what it names."""

    kind: str
    name: str
    rule: str
    hint: str = ""

    def _what(self) -> str:
        return f'"{self.name}" is no name for a {self.kind}: {self.rule}'

    def _mend(self) -> str:
        return self.hint or "rename it"


@dataclass(eq=False, repr=False)
class InvalidWas(SchemaError):
    """A `was` that names what something cannot have been."""

    name: str
    problem: str
    hint: str

    def _what(self) -> str:
        return f'"{self.name}" {self.problem}'

    def _mend(self) -> str:
        return self.hint


@dataclass(eq=False, repr=False)
class KeywordName(SchemaError):
    """A name that Python keeps for itself."""

    kind: str
    name: str
    column: bool = False

    def _what(self) -> str:
        return f'"{self.name}" is a Python keyword'

    def _mend(self) -> str:
        return _renamed(self.name, column=self.column)


@dataclass(eq=False, repr=False)
class ReservedName(SchemaError):
    """A name that the generated classes need."""

    kind: str
    name: str
    owner: str
    column: bool = False

    def _what(self) -> str:
        return f'"{self.name}" is a name of {self.owner}'

    def _mend(self) -> str:
        return _renamed(self.name, column=self.column)


@dataclass(eq=False, repr=False)
class NameClash(SchemaError):
    """Two things that would have the same name."""

    kind: str
    name: str
    other: str
    first: Position
    hint: str

    def _what(self) -> str:
        return f'{self.kind} "{self.name}" is already {self.other}, at {self.first}'

    def _mend(self) -> str:
        return self.hint


@dataclass(eq=False, repr=False)
class NameTooLong(SchemaError):
    """A name that is too long for one of the databases."""

    kind: str
    name: str
    dialect: str
    limit: int

    def _what(self) -> str:
        unit = "bytes" if self.dialect == "postgresql" else "characters"
        return f'{self.kind} "{self.name}" is too long for {self.dialect}, which takes {self.limit} {unit}'

    def _mend(self) -> str:
        return _SHORTER.get(self.kind, "shorten it")


@dataclass(eq=False, repr=False)
class UnknownModel(SchemaError):
    """A model that the schema does not declare."""

    name: str
    known: tuple[str, ...]

    def _what(self) -> str:
        return f'no model "{self.name}"'

    def _mend(self) -> str:
        return near_hint(self.name, self.known, f"add [models.{self.name}]")


@dataclass(eq=False, repr=False)
class UnknownMixin(SchemaError):
    """A mixin that the schema does not declare."""

    name: str
    known: tuple[str, ...]

    def _what(self) -> str:
        return f'no mixin "{self.name}"'

    def _mend(self) -> str:
        return near_hint(self.name, self.known, f"add [mixins.{self.name}]")


@dataclass(eq=False, repr=False)
class UndeclaredConnection(SchemaError):
    """A connection that the schema does not declare."""

    name: str
    known: tuple[str, ...]

    def _what(self) -> str:
        return f'no connection "{self.name}"'

    def _mend(self) -> str:
        return near_hint(self.name, self.known, f"add [connections.{self.name}]")


@dataclass(eq=False, repr=False)
class UnknownFieldName(SchemaError):
    """A field that the model does not have."""

    model: str
    name: str
    known: tuple[str, ...]

    def _what(self) -> str:
        return f'{self.model} has no field "{self.name}"'

    def _mend(self) -> str:
        return near_hint(
            self.name, self.known, f"it has {', '.join(self.known)}" if self.known else "declare it in its fields"
        )


@dataclass(eq=False, repr=False)
class UnknownRelation(SchemaError):
    """A relation that the model does not have."""

    model: str
    name: str
    known: tuple[str, ...]

    def _what(self) -> str:
        return f'{self.model} has no relation "{self.name}"'

    def _mend(self) -> str:
        return near_hint(
            self.name, self.known, f"it has {', '.join(self.known)}" if self.known else "declare it in its relations"
        )
