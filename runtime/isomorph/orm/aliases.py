"""A model's table under another name, or another source with the rows of a model: aliases and model queries as tables.

To type checkers an alias is the model's class: `boss = User.alias("boss")` has the columns and relations of `User`. At
run time it is a small object that gives them with the alias as their table.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import TYPE_CHECKING, Any, Protocol, TypeGuard

from typing_extensions import TypeVar

from isomorph.errors import InvalidQuery, InvalidValue
from isomorph.orm.relations import Relation
from isomorph.sql.expressions import Expression
from isomorph.sql.fixed import Fixed
from isomorph.sql.kinds import Column
from isomorph.sql.sources import Source, TableSource

if TYPE_CHECKING:
    from isomorph.orm.definition import Definition
    from isomorph.orm.model import Model
    from isomorph.sql.writer import Writer

__all__ = ["Entity", "ModelAlias", "Selects", "columns_of", "entity_of", "is_model", "optional"]

M_co = TypeVar("M_co", covariant=True)
T = TypeVar("T")


class ModelAlias(Fixed):
    """A model's class, its columns those of another source."""

    __slots__ = ("_begin", "_definition", "_source")

    def __init__(self, definition: Definition, source: Source, begin: Callable[[], Any]) -> None:
        """An alias.

        Args:
            definition: the model.
            source: where its rows come from; has the columns of the model's table, by the same names.
            begin: gives a query of the bare model.
        """
        self._definition, self._source, self._begin = definition, source, begin

    @property
    def _key(self) -> Sequence[str]:
        """Names of the columns that its rows differ by; none for a statement, which may give a row twice."""
        return self._definition.model.table.primary_key if isinstance(self._source, TableSource) else ()

    def query(self) -> Any:
        """A query over the alias."""
        made = self._begin()._copy()
        statement = made._statement
        statement.table, statement.source, statement.key = self._source.name, self._source, self._key
        made._home_guards(self._source.name)
        return made

    def __getattr__(self, name: str) -> Any:
        definition = self._definition
        column = definition.columns.get(name)
        if column is not None:
            return column._referenced(self._source.name, column.name)
        for relation in definition.model.relations:
            if relation.name == name:
                return Relation._make(definition, relation, self._source.name)
        message = f"{definition.name} has no field or relation {name!r}, and an alias nothing else but query()"
        raise AttributeError(message)

    def _belongs(self) -> tuple[str, str]:
        name = self._definition.name
        return "aliases", f"make another one there: {name}.alias(...)"

    def __repr__(self) -> str:
        return f"<{self._definition.name} as {self._source.name}>"


def is_model(item: object) -> TypeGuard[type[Model] | ModelAlias]:
    """Whether something is a model's class or an alias of one."""
    return isinstance(item, ModelAlias) or (isinstance(item, type) and hasattr(item, "_definition"))


class Selects(Protocol[M_co]):
    """A model's class, or an alias of one, as something to select: its metaclass says which objects it gives."""

    def _selected(self) -> M_co: ...


class Entity(Expression[M_co]):
    """A whole model among what is selected.

    Attributes:
        definition: the model.
        table: the name of its table in the statement.
        is_optional: whether there may be none: its table is left-joined.
    """

    __slots__ = ("definition", "is_optional", "table")

    def __init__(self, definition: Definition, table: str, *, is_optional: bool = False) -> None:
        self.definition, self.table, self.is_optional = definition, table, is_optional

    def _write(self, out: Writer) -> None:
        del out  # what selects it writes its columns instead; nobody else has a place for it
        raise InvalidQuery(
            f"the whole model {self.definition.name} where one value stands",
            f"name a column of it: {self.definition.name}.{self.definition.key_fields[0]}",
        )

    def _where(self) -> str:
        return self.definition.name

    def _own_reads(self) -> tuple[str, ...]:
        return (self.table,)


def entity_of(model: object, *, is_optional: bool = False) -> Entity[Any]:
    """A model's class, or an alias of one, as something to select.

    Raises:
        InvalidValue: it is neither.
    """
    if not is_model(model):
        raise InvalidValue("select()", "columns such as User.name, and models", type(model).__name__)
    definition = model._definition
    table = model._source.name if isinstance(model, ModelAlias) else definition.model.table.name
    return Entity(definition, table, is_optional=is_optional)


def optional(model: Selects[T], /) -> Expression[T | None]:
    """A whole model that may be missing, since its table is left-joined: `select(User, f.optional(Profile))`.

    Raises:
        InvalidValue: no model or alias of one.
    """
    return entity_of(model, is_optional=True)


def columns_of(entity: Entity[Any]) -> tuple[Column[Any], ...]:
    """All columns of a selected model, in the order of its table."""
    columns = tuple(entity.definition.columns.values())
    if entity.table == entity.definition.model.table.name:
        return columns
    return tuple(column._referenced(entity.table, column.name) for column in columns)
