"""The view of the mixins: protocols that the models of a mixin fulfil."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace

from isomorph.catalog import Model
from isomorph_generator.codegen.constructor import targets_of
from isomorph_generator.codegen.context import Context
from isomorph_generator.codegen.imports import Imports, imports_for
from isomorph_generator.codegen.layout import signature
from isomorph_generator.codegen.text import docstring, sentence
from isomorph_generator.codegen.types import Builtins, python_type
from isomorph_generator.schema import Mixin, Project

__all__ = ["MixinView", "MixinsView", "mixins_view"]


@dataclass(frozen=True, slots=True)
class MixinView:
    """A protocol.

    Attributes:
        name: its name.
        doc: its docstring.
        decorator: of each attribute.
        attributes: signatures of its attributes.
    """

    name: str
    doc: str
    decorator: str
    attributes: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class MixinsView:
    """`mixins.py`."""

    imports: Imports
    mixins: tuple[MixinView, ...]


def mixins_view(project: Project, context: Context) -> MixinsView:
    """The view of all mixins that models take part in."""
    models = project.catalog.models
    mixins: list[MixinView] = []
    related: set[str] = set()
    for mixin in project.mixins:
        model = next((item for item in models if mixin.name in item.mixins), None)
        if model is not None:
            mixins.append(_mixin(mixin, model))
            related |= {target for name in mixin.relations for target in targets_of(model.relation(name))}
    view = MixinsView(Imports(), tuple(mixins))
    typing = [context.import_of(name, f"_{name}", "models.") for name in related]
    return replace(view, imports=imports_for(view, ("_t",), typing=typing))


def _mixin(mixin: Mixin, model: Model) -> MixinView:
    builtin = Builtins.beside((*mixin.fields, *mixin.relations))
    doc = sentence(mixin.doc) if mixin.doc else f"What the models of the mixin {mixin.name} share."
    if mixin.relations:
        doc += "\n\nAn object fulfils it once its relations are loaded: `include` them in the query."
    return MixinView(
        mixin.name, docstring(doc, 4), f"@{builtin('property')}", tuple(_attributes(mixin, model, builtin))
    )


def _attributes(mixin: Mixin, model: Model, builtin: Builtins) -> Iterator[str]:
    for name in mixin.fields:
        column = model.table.column(model.field(name).column)
        type_ = python_type(column.type, builtin, nullable=column.nullable, json="_i.JsonValue")
        yield signature(name, ["self"], type_, 4, ": ...")
    for name in mixin.relations:
        relation = model.relation(name)
        one = " | ".join(f"_{target}" for target in targets_of(relation))
        loaded = f"_i.Collection[{one}]" if relation.kind.to_many else f"{one} | None" if relation.nullable else one
        yield signature(name, ["self"], loaded, 4, ": ...")
