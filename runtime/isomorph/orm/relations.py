"""Relations as attributes of model classes: what they are, and how their types say what a query included.

Owns the protocols by which `include` and `load` find out what a relation turns objects into (each generated relation
class implements them for type checkers), and `Relation`, the object behind `User.posts`.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, Any, Generic, Never, Protocol, Self, TypeAlias

from typing_extensions import TypeVar

from isomorph import catalog
from isomorph.errors import InvalidQuery
from isomorph.orm.existence import Existence
from isomorph.orm.pivots import read_off
from isomorph.orm.steps import Step, steps_of
from isomorph.sql.fixed import Fixed
from isomorph.sql.sources import Join

if TYPE_CHECKING:
    from isomorph.orm.definition import Definition

__all__ = ["Includes", "IncludesWith", "NoObject", "NotIncluded", "Queried", "Relation", "RelationOf", "RelationTo"]

Target_co = TypeVar("Target_co", covariant=True, default=object)
Nested = TypeVar("Nested")
Model_contra = TypeVar("Model_contra", contravariant=True)
Nested_contra = TypeVar("Nested_contra", contravariant=True)
Result_co = TypeVar("Result_co", covariant=True)


class NotIncluded(Protocol):
    """Default of every relation parameter. Empty, so that every `User[...]` is a `User`; never a value."""


class Includes(Protocol[Model_contra, Nested, Result_co]):
    """A relation that turns objects of the first type, once it is loaded with objects of the second, into the third."""

    def _target(self) -> Nested: ...
    def _include(self, model: Model_contra, nested: Nested, /) -> Result_co: ...


class IncludesWith(Protocol[Model_contra, Nested_contra, Result_co]):
    """The same where the caller says what it is loaded with: by a query for the related model."""

    def _include(self, model: Model_contra, nested: Nested_contra, /) -> Result_co: ...


class RelationOf(Protocol[Model_contra]):
    """A relation of a model, whatever it leads to."""

    def _include(self, model: Model_contra, nested: Never, /) -> object: ...


class Queried(Protocol[Result_co]):
    """Objects that know which query gives them: every model's class declares it, for type checkers."""

    def _queried(self) -> Result_co: ...


class Relation(Fixed, Existence[Target_co], Generic[Target_co]):
    """A relation of a model, as read on the class: `User.posts`. Its parameter is what it leads to.

    Read off another relation, it is a path: `User.posts.comments`.
    """

    __slots__ = ("_before", "_definition", "_joins", "_relation", "_source", "_walked")

    _before: Relation[Any] | None
    _definition: Definition
    _relation: catalog.Relation
    _source: str | None
    _walked: tuple[Step, ...]  # set when it is first asked for
    _joins: dict[bool, Sequence[Join]]  # likewise: by whether rows without a partner stay

    if TYPE_CHECKING:

        def _target(self) -> Target_co: ...

    @classmethod
    def _make(
        cls,
        definition: Definition,
        relation: catalog.Relation,
        source: str | None = None,
        before: Relation[Any] | None = None,
    ) -> Self:
        """The relation of a model, as its definition resolves it.

        Args:
            definition: the model.
            relation: what the catalog says of the relation.
            source: the alias that it starts at; None for the model's table.
            before: the relation that it is read off; None for the model's class.
        """
        made = cls.__new__(cls)
        made._definition, made._relation, made._source, made._before = definition, relation, source, before
        return made

    @property
    def _name(self) -> str:
        owner = self._definition.name if self._before is None else self._before._name
        return f"{owner}.{self._relation.name}"

    @property
    def _path(self) -> tuple[Relation[Any], ...]:
        """The relations one behind another that it stands for; itself alone where it is read off a class."""
        return (self,) if self._before is None else (*self._before._path, self)

    @property
    def _alone(self) -> Relation[Any]:
        """The same without the relations before it."""
        return Relation[Any]._make(self._definition, self._relation, self._source)

    @property
    def _begins(self) -> str:
        """What a statement calls the table that it starts at."""
        return self._source or self._definition.model.table.name

    @property
    def _steps(self) -> tuple[Step, ...]:
        """The tables that it leads through, without the relations before it.

        Raises:
            InvalidQuery: it leads to several models, or to another connection.
        """
        try:
            return self._walked
        except AttributeError:
            pass
        self._walked = tuple(steps_of(self._definition, self._relation))
        return self._walked

    @property
    def _leads_to(self) -> Definition:
        """The definition of the model that it leads to.

        Raises:
            InvalidQuery: it leads to several models.
        """
        if self._relation.target is None:
            raise InvalidQuery(f"{self._name} leads to several models", "name a relation to a single model")
        return self._definition.database.definition(self._relation.target)

    if not TYPE_CHECKING:
        # To type checkers only relations with a table between have it.
        @property
        def pivot(self) -> Any:
            """The columns of the table between, for conditions and orders: `User.roles.pivot.assigned_at`.

            Raises:
                InvalidQuery: the relation has no table between.
            """
            return read_off(self._definition, self._relation)

        def __getattr__(self, name: str) -> Relation[Any]:
            """The path that goes on by a relation of what this one leads to."""
            if name.startswith("_"):
                raise AttributeError(name)
            target = self._relation.target
            if target is None:
                raise AttributeError(f"{self._name} leads to several models, so that no path goes on there")
            definition = self._definition.database.definition(target)
            for relation in definition.model.relations:
                if relation.name == name:
                    return Relation._make(definition, relation, before=self)
            raise AttributeError(f"{target} has no relation {name!r}, by which a path could go on from {self._name}")

    def _belongs(self) -> tuple[str, str]:
        return "relations", f"import {self._path[0]._definition.name} there"

    def __repr__(self) -> str:
        return f"<{self._relation.kind} {self._name}>"


class RelationTo(Relation[Target_co]):
    """Base of the generated classes, which say for type checkers what reading and including a relation gives."""

    __slots__ = ()

    if TYPE_CHECKING:

        def __set__(self, instance: Any, value: Never, /) -> None: ...


NoObject: TypeAlias = Relation | None
"""What a relation is read from that gives the relation itself: a class, or the relation before it in a path."""
