"""A model's table under another name, typed as the model: as `Model.alias` gives it, for tests of what is below it."""

from typing import TypeVar, cast

from isomorph.orm.aliases import ModelAlias
from isomorph.orm.model import Model
from isomorph.sql.sources import TableSource

M = TypeVar("M", bound=Model)


def alias_of(model: type[M], name: str) -> type[M]:
    """An alias of a model."""
    definition = model._definition
    source = TableSource(definition.model.table.name, name)
    return cast("type[M]", ModelAlias(definition, source, getattr(model, "query")))  # noqa: B009 - not on the base
