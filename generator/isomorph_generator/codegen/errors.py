"""What can go wrong behind the schema: in files of the package, in behaviours, in names that only generated code uses."""

from __future__ import annotations

from dataclasses import dataclass

from isomorph.errors import ConfigurationError, near_hint
from isomorph_generator.schema.errors import SchemaError

__all__ = [
    "BehaviourHasMetaclass",
    "BehaviourHidesName",
    "BehaviourSyntax",
    "BehaviourWithoutSlots",
    "ForeignFile",
    "GlobalScopeMethod",
    "HiddenByGeneratedName",
    "MutatorMethod",
    "UnknownBehaviour",
    "UnknownBehaviourModule",
    "UnwritableFile",
]


class ForeignFile(ConfigurationError):
    """A file stands where a generated one belongs, and was not generated."""

    def __init__(self, path: str) -> None:
        super().__init__(path)
        self.path = path

    def __str__(self) -> str:
        return f"{self.path}: this file was not generated, so it is not overwritten (move it, or change `package`)"


class UnwritableFile(ConfigurationError):
    """A generated file cannot be written."""

    def __init__(self, path: str, reason: str) -> None:
        super().__init__(path, reason)
        self.path, self.reason = path, reason

    def __str__(self) -> str:
        return f"{self.path}: {self.reason} (make it writable, or change `package`)"


@dataclass(eq=False, repr=False)
class HiddenByGeneratedName(SchemaError):
    """A name that would hide one which the generated module of its model uses."""

    kind: str
    name: str
    why: str
    column: bool = False

    def _what(self) -> str:
        return f'"{self.name}" {self.why}'

    def _mend(self) -> str:
        if self.column:
            return f'write {self.name}_ = {{ ..., column = "{self.name}" }}'
        return f'rename it, for example "{self.name}_"'


@dataclass(eq=False, repr=False)
class UnknownBehaviourModule(SchemaError):
    """A behaviour's module has no file."""

    module: str
    file: str

    def _what(self) -> str:
        return f'no module "{self.module}"'

    def _mend(self) -> str:
        return f"add {self.file}"


@dataclass(eq=False, repr=False)
class UnknownBehaviour(SchemaError):
    """A behaviour's module has no class of that name."""

    file: str
    name: str
    known: tuple[str, ...]

    def _what(self) -> str:
        return f'{self.file} has no class "{self.name}"'

    def _mend(self) -> str:
        return near_hint(self.name, self.known, f"add class {self.name}")


@dataclass(eq=False, repr=False)
class BehaviourSyntax(SchemaError):
    """A behaviour's module is no Python."""

    problem: str

    def _what(self) -> str:
        return f"this is no Python: {self.problem}"

    def _mend(self) -> str:
        return "correct it"


@dataclass(eq=False, repr=False)
class BehaviourWithoutSlots(SchemaError):
    """A behaviour that would give every object more than its fields."""

    def _what(self) -> str:
        return "a behaviour holds nothing of its own, so its slots must be empty"

    def _mend(self) -> str:
        return "write __slots__ = ()"


@dataclass(eq=False, repr=False)
class BehaviourHasMetaclass(SchemaError):
    """A behaviour whose metaclass is not that of models."""

    metaclass: str

    def _what(self) -> str:
        return f"its metaclass {self.metaclass} clashes with that of the model"

    def _mend(self) -> str:
        return "write the behaviour as a plain class"


@dataclass(eq=False, repr=False)
class BehaviourHidesName(SchemaError):
    """A behaviour that defines what the generated class defines, too."""

    name: str
    what_it_is: str

    def _what(self) -> str:
        return f'"{self.name}" is {self.what_it_is}'

    def _mend(self) -> str:
        return "give it another name"


@dataclass(eq=False, repr=False)
class MutatorMethod(SchemaError):
    """A field has a mutator, and the behaviour no method that could be it."""

    name: str
    problem: str
    hint: str

    def _what(self) -> str:
        return f'mutator "{self.name}" {self.problem}'

    def _mend(self) -> str:
        return self.hint


@dataclass(eq=False, repr=False)
class GlobalScopeMethod(SchemaError):
    """A method named in `global_scopes` that the query behaviour lacks, or that every query could not call."""

    name: str
    problem: str
    hint: str

    def _what(self) -> str:
        return f'"{self.name}" {self.problem}'

    def _mend(self) -> str:
        return self.hint
