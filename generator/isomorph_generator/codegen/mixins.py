"""The view of the mixins: for each the models that take part in it, as one type.

A union rather than a protocol: type checkers disagree on whether a model's columns, which are descriptors, fulfil one.
"""

from __future__ import annotations

from dataclasses import dataclass, replace

from isomorph_generator.codegen.context import Context
from isomorph_generator.codegen.imports import Imports, imports_for
from isomorph_generator.codegen.layout import WIDTH, fitted, subscript
from isomorph_generator.codegen.names import natural
from isomorph_generator.codegen.text import docstring, sentence
from isomorph_generator.schema import Project

__all__ = ["MixinView", "MixinsView", "mixins_view"]


@dataclass(frozen=True, slots=True)
class MixinView:
    """A mixin: its alias, and the docstring below it."""

    line: str
    doc: str


@dataclass(frozen=True, slots=True)
class MixinsView:
    """`mixins.py`."""

    imports: Imports
    mixins: tuple[MixinView, ...]


def mixins_view(project: Project, context: Context) -> MixinsView:
    """The view of all mixins."""
    members = {
        mixin.name: [model.name for model in project.catalog.models if mixin.name in model.mixins]
        for mixin in project.mixins
    }
    docs = {mixin.name: mixin.doc for mixin in project.mixins}
    view = MixinsView(Imports(), tuple(_mixin(name, models, docs[name]) for name, models in members.items() if models))
    used = sorted(
        {model for models in members.values() for model in models},
        key=lambda name: natural(context.models[name].module),
    )
    local = [context.import_of(name, f"_{name}", package="models.") for name in used]
    return replace(view, imports=imports_for(view, ("_t",), local=local))


def _mixin(name: str, models: list[str], doc: str | None) -> MixinView:
    aliases = [f"_{model}" for model in models]
    line = f"{name}: _t.TypeAlias = {' | '.join(aliases)}"
    if len(line) > WIDTH:
        line = fitted(subscript("_i.Union", aliases), before=f"{name}: _t.TypeAlias = ")
    return MixinView(line, docstring(sentence(doc) if doc else f"The models of the mixin {name}.", 0))
