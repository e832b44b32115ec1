"""What the module of a model calls things that stand in the modules of other models, and the imports for that."""

from __future__ import annotations

from collections.abc import Iterable

from isomorph_generator.codegen.context import Context
from isomorph_generator.codegen.names import class_aliases, free

__all__ = ["Neighbours"]


class Neighbours:
    """Gives names of other modules an alias when they are first asked for.

    Attributes:
        classes: how the module writes each of the models that it knows.
    """

    def __init__(self, model: str, context: Context, known: Iterable[str], taken: Iterable[str]) -> None:
        """For the module of a model.

        Args:
            model: the model.
            context: what all modules know.
            known: the models that it leads to.
            taken: names with an underscore that mean something else there.
        """
        self._model, self._context = model, context
        used = set(taken)
        aliases = class_aliases(sorted(set(known) - {model}), used)
        self.classes = {**aliases, model: model}
        self._used = {*used, *aliases.values()}
        self._found: dict[tuple[str, str], str] = {(name, name): alias for name, alias in aliases.items()}

    def __call__(self, model: str, name: str) -> str:
        """What the module calls a name that stands in the module of a model."""
        if model == self._model:
            return name
        if (model, name) not in self._found:
            alias = free(f"_{name}", self._used)
            self._used.add(alias)
            self._found[model, name] = alias
        return self._found[model, name]

    def imports(self) -> tuple[str, ...]:
        """The lines that import what was asked for."""
        return tuple(self._context.import_of(model, alias, name) for (model, name), alias in self._found.items())
