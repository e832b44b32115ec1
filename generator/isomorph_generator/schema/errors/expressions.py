"""Mistakes in expressions, SQL by hand and scopes."""

from __future__ import annotations

from dataclasses import dataclass

from isomorph.errors import near_hint
from isomorph_generator.schema.errors.base import SchemaError

__all__ = [
    "ExpressionSyntax",
    "ExpressionType",
    "InvalidGlobalScope",
    "MacroWithoutModels",
    "MissingSql",
    "ParameterOrder",
    "ParameterOutsideScope",
    "UnknownFunction",
    "UnknownParameter",
    "UnusedParameter",
]


@dataclass(eq=False, repr=False)
class ExpressionSyntax(SchemaError):
    """An expression that cannot be read."""

    problem: str
    hint: str

    def _what(self) -> str:
        return self.problem

    def _mend(self) -> str:
        return self.hint


@dataclass(eq=False, repr=False)
class ExpressionType(SchemaError):
    """An expression whose parts do not fit each other."""

    problem: str
    hint: str

    def _what(self) -> str:
        return self.problem

    def _mend(self) -> str:
        return self.hint


@dataclass(eq=False, repr=False)
class UnknownFunction(SchemaError):
    """An expression calls a function that the language does not have."""

    name: str
    known: tuple[str, ...]

    def _what(self) -> str:
        return f'no function "{self.name}"'

    def _mend(self) -> str:
        return near_hint(self.name.lower(), self.known, "use SQL by hand: { sql = { ... } }")


@dataclass(eq=False, repr=False)
class UnknownParameter(SchemaError):
    """An expression names a parameter that the scope does not declare."""

    name: str
    known: tuple[str, ...]

    def _what(self) -> str:
        return f'no parameter ":{self.name}"'

    def _mend(self) -> str:
        return near_hint(self.name, self.known, f'declare it: params = {{ {self.name} = "int" }}')


@dataclass(eq=False, repr=False)
class UnusedParameter(SchemaError):
    """A scope declares a parameter that it does not use."""

    name: str

    def _what(self) -> str:
        return f'parameter "{self.name}" is not used'

    def _mend(self) -> str:
        return f"use it as :{self.name} in `where`, or remove it"


@dataclass(eq=False, repr=False)
class ParameterOrder(SchemaError):
    """A parameter without a default behind one with a default."""

    name: str
    behind: str

    def _what(self) -> str:
        return f'parameter "{self.name}" has no default, but "{self.behind}" before it has one'

    def _mend(self) -> str:
        return "list parameters with defaults last"


@dataclass(eq=False, repr=False)
class ParameterOutsideScope(SchemaError):
    """A parameter in an expression that nobody calls."""

    name: str

    def _what(self) -> str:
        return f'":{self.name}": only scopes have parameters'

    def _mend(self) -> str:
        return "write the value itself"


@dataclass(eq=False, repr=False)
class InvalidGlobalScope(SchemaError):
    """A global scope that no query could have without being told more, or that is no condition."""

    problem: str
    hint: str

    def _what(self) -> str:
        return self.problem

    def _mend(self) -> str:
        return self.hint


@dataclass(eq=False, repr=False)
class MacroWithoutModels(SchemaError):
    """A macro that no model gets."""

    name: str

    def _what(self) -> str:
        return f'no model has all the fields that the macro "{self.name}" uses'

    def _mend(self) -> str:
        return 'say which models it is for: models = ["Post"]'


@dataclass(eq=False, repr=False)
class MissingSql(SchemaError):
    """SQL by hand that leaves out one of the dialects."""

    dialect: str

    def _what(self) -> str:
        return f'no SQL for "{self.dialect}", one of the dialects of the project'

    def _mend(self) -> str:
        return f'add {self.dialect} = "..."'
