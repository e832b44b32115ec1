"""Mistakes in relations."""

from __future__ import annotations

from dataclasses import dataclass

from isomorph_generator.schema.errors.base import Position, SchemaError, listed

__all__ = [
    "AmbiguousForeignKey",
    "CrossConnection",
    "ForeignKeyMismatch",
    "InvalidMorphAlias",
    "InvalidThrough",
    "InverseMismatch",
    "KeyCountMismatch",
    "MorphKeyTypes",
    "MorphMembersDiffer",
    "MorphWithoutMembers",
    "NoForeignKey",
    "NoMorphTo",
    "PivotMismatch",
    "ReferencesNotUnique",
    "RequiredForeignKey",
    "TouchWithoutTimestamps",
    "UnkeptIntegrity",
    "UnorderedRows",
]


@dataclass(eq=False, repr=False)
class NoForeignKey(SchemaError):
    """A has_one or has_many without the belongs_to that leads back, or a pivot model without one to a side."""

    model: str
    target: str
    suggestion: str
    other: bool = False
    """Whether there is one, which is taken."""

    def _what(self) -> str:
        return f"{self.target} has no {'other ' if self.other else ''}belongs_to that leads to {self.model}"

    def _mend(self) -> str:
        return f'add {self.suggestion} = {{ belongs_to = "{self.model}" }} to [models.{self.target}.relations]'


@dataclass(eq=False, repr=False)
class AmbiguousForeignKey(SchemaError):
    """A has_one or has_many for which several belongs_to lead back, or a pivot model with several to a side."""

    model: str
    target: str
    candidates: tuple[str, ...]
    hint: str

    def _what(self) -> str:
        return f"{self.target} leads to {self.model} by {listed(self.candidates, 'and')}"

    def _mend(self) -> str:
        return self.hint


@dataclass(eq=False, repr=False)
class ForeignKeyMismatch(SchemaError):
    """A foreign key field that cannot hold the key it refers to."""

    field: str
    type: str
    key: str
    key_type: str

    def _what(self) -> str:
        return f'"{self.field}" is {self.type}, but {self.key} is {self.key_type}'

    def _mend(self) -> str:
        return f'declare {self.field} as "{self.key_type}"'


@dataclass(eq=False, repr=False)
class KeyCountMismatch(SchemaError):
    """Not one foreign key field per field of the key."""

    given: int
    key: str
    needed: int

    def _what(self) -> str:
        return f"names {self.given} {'field' if self.given == 1 else 'fields'}, but {self.key} has {self.needed}"

    def _mend(self) -> str:
        return f"name {self.needed}"


@dataclass(eq=False, repr=False)
class ReferencesNotUnique(SchemaError):
    """A foreign key to fields that are not unique."""

    key: str

    def _what(self) -> str:
        return f"{self.key} is not unique"

    def _mend(self) -> str:
        return "refer to its primary key, or make these fields unique"


@dataclass(eq=False, repr=False)
class RequiredForeignKey(SchemaError):
    """`set null`, or `?`, on a foreign key that may not be NULL."""

    problem: str
    hint: str

    def _what(self) -> str:
        return self.problem

    def _mend(self) -> str:
        return self.hint


@dataclass(eq=False, repr=False)
class InverseMismatch(SchemaError):
    """An `inverse` that does not lead back."""

    inverse: str
    problem: str

    def _what(self) -> str:
        return f'"{self.inverse}" does not lead back: {self.problem}'

    def _mend(self) -> str:
        return "correct or remove `inverse`"


@dataclass(eq=False, repr=False)
class PivotMismatch(SchemaError):
    """Two relations that mean the same pivot table, and differ about it."""

    table: str
    other: str
    first: Position
    difference: str

    def _what(self) -> str:
        return f'pivot table "{self.table}" is declared otherwise by {self.other}, at {self.first}: {self.difference}'

    def _mend(self) -> str:
        return "make both agree, or give one another `table`"


@dataclass(eq=False, repr=False)
class NoMorphTo(SchemaError):
    """A morph_one or morph_many without the morph_to that leads back."""

    target: str
    name: str
    known: tuple[str, ...]

    def _what(self) -> str:
        return f'{self.target} has no morph_to "{self.name}"'

    def _mend(self) -> str:
        if self.known:
            return f"it has {listed(self.known, 'and')}; say which one by `name`"
        return f"add {self.name} = {{ morph_to = true }} to [models.{self.target}.relations]"


@dataclass(eq=False, repr=False)
class MorphWithoutMembers(SchemaError):
    """A morph_to that no model leads to."""

    model: str
    name: str

    def _what(self) -> str:
        return "no model declares the inverse"

    def _mend(self) -> str:
        return (
            f'add a relation {{ morph_many = "{self.model}", name = "{self.name}" }} to the models that it may lead to'
        )


@dataclass(eq=False, repr=False)
class MorphMembersDiffer(SchemaError):
    """A morph_to whose `members` are not those that declare the inverse."""

    missing: tuple[str, ...]
    extra: tuple[str, ...]
    model: str
    name: str

    def _what(self) -> str:
        if self.extra:
            verb = "does" if len(self.extra) == 1 else "do"
            return f"{listed(self.extra, 'and')} {verb} not declare the inverse"
        verb, pronoun = ("declares", "it") if len(self.missing) == 1 else ("declare", "them")
        return f"{listed(self.missing, 'and')} {verb} the inverse, but `members` leaves {pronoun} out"

    def _mend(self) -> str:
        if self.extra:
            return (
                f'add a relation {{ morph_many = "{self.model}", name = "{self.name}" }} to {listed(self.extra, "and")}'
            )
        return f"add {listed(self.missing, 'and')} to `members`"


@dataclass(eq=False, repr=False)
class MorphKeyTypes(SchemaError):
    """Members of a morph_to whose keys are of different types."""

    keys: tuple[tuple[str, str], ...]

    def _what(self) -> str:
        return f"the members' keys differ: {', '.join(f'{model} has {key}' for model, key in self.keys)}"

    def _mend(self) -> str:
        return 'give them keys of one type, or say integrity = "arc", which has a column for each'


@dataclass(eq=False, repr=False)
class UnkeptIntegrity(SchemaError):
    """An `integrity` or `on_delete` of a polymorphic relation that a database of the project would not keep."""

    problem: str
    hint: str

    def _what(self) -> str:
        return self.problem

    def _mend(self) -> str:
        return self.hint


@dataclass(eq=False, repr=False)
class CrossConnection(SchemaError):
    """What needs two tables in one database, for models of different connections."""

    model: str
    connection: str
    target: str
    target_connection: str
    problem: str
    hint: str

    def _what(self) -> str:
        return f'{self.model} is on connection "{self.connection}", {self.target} on "{self.target_connection}": {self.problem}'

    def _mend(self) -> str:
        return f"{self.hint}, or put both on one connection"


@dataclass(eq=False, repr=False)
class UnorderedRows(SchemaError):
    """One row of several is asked for by a field that puts them in no order."""

    problem: str
    hint: str

    def _what(self) -> str:
        return self.problem

    def _mend(self) -> str:
        return self.hint


@dataclass(eq=False, repr=False)
class TouchWithoutTimestamps(SchemaError):
    """A relation touches a model that does not note when it was written."""

    model: str

    def _what(self) -> str:
        return f"{self.model} has no timestamps to touch"

    def _mend(self) -> str:
        return f"add timestamps = true to [models.{self.model}], or drop `touches`"


@dataclass(eq=False, repr=False)
class InvalidThrough(SchemaError):
    """A through relation whose path does not lead to its model."""

    problem: str
    hint: str

    def _what(self) -> str:
        return self.problem

    def _mend(self) -> str:
        return self.hint


@dataclass(eq=False, repr=False)
class InvalidMorphAlias(SchemaError):
    """An alias of the morph map that cannot be used."""

    alias: str
    problem: str
    hint: str

    def _what(self) -> str:
        return f'alias "{self.alias}" {self.problem}'

    def _mend(self) -> str:
        return self.hint
