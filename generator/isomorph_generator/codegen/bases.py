"""The view of the bases that behaviours may inherit from: what they can rely on, typed, without importing the model."""

from __future__ import annotations

from dataclasses import dataclass, replace

from isomorph.catalog import Model
from isomorph_generator.codegen.casts import type_imports
from isomorph_generator.codegen.imports import Imports, imports_for
from isomorph_generator.codegen.models import Entry, column_entries
from isomorph_generator.codegen.text import docstring
from isomorph_generator.codegen.types import Builtins

__all__ = ["BasesView", "base_names", "bases_view"]


@dataclass(frozen=True, slots=True)
class BasesView:
    """A module of `bases/`.

    Attributes:
        name: the model.
        module_doc: docstring of the module.
        imports: what it imports.
        columns: the model's fields; empty when it names no behaviour for instances.
        has_model: whether there is a base for instances.
        has_query: whether there is a base for queries.
    """

    name: str
    module_doc: str
    imports: Imports
    columns: tuple[Entry, ...]
    has_model: bool
    has_query: bool


def base_names(model: Model) -> tuple[str, ...]:
    """The bases of a model, by name."""
    names = ((model.behaviour, "Base"), (model.query_behaviour, "QueryBase"))
    return tuple(f"{model.name}{suffix}" for behaviour, suffix in names if behaviour is not None)


def bases_view(model: Model) -> BasesView:
    """The view of a model's bases."""
    has_model = model.behaviour is not None
    builtin = Builtins.beside(field.name for field in model.fields)
    view = BasesView(
        name=model.name,
        module_doc=docstring(f"What behaviours of {model.name} may inherit from. Imports no model.", 0),
        imports=Imports(),
        columns=tuple(column_entries(model, builtin)) if has_model else (),
        has_model=has_model,
        has_query=model.query_behaviour is not None,
    )
    application = type_imports(model.table.columns) if has_model else ()
    return replace(view, imports=imports_for(view, ("_i", "_t") if has_model else ("_i",), application))
