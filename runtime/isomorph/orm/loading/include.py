"""What is to be loaded: a relation, and the queries that narrow, order and cut it."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, Any, cast

from isomorph.catalog import RelationKind
from isomorph.dataclassing import dataclass
from isomorph.errors import InvalidQuery, InvalidValue
from isomorph.orm.builder import QueryBuilder
from isomorph.orm.relations import Relation

if TYPE_CHECKING:
    from isomorph.orm.definition import Definition
    from isomorph.orm.query import Query

__all__ = ["Include", "added"]


@dataclass(frozen=True, slots=True)
class Include:
    """A relation to load.

    Attributes:
        relation: the relation.
        queries: by name of the model, the query that says which of its objects are loaded, and how; for a relation to
            several models those without one are not loaded, unless none has one.
    """

    relation: Relation[Any]
    queries: dict[str, Query[Any]]

    @classmethod
    def checked(cls, owner: Definition, relation: Any, queries: Sequence[Any], where: str = "include()") -> Include:
        """An include that fits the model of the objects.

        Args:
            owner: the model of the objects.
            relation: what the caller gave for a relation of it.
            queries: what the caller gave for queries of what it leads to.
            where: the method that asks, for errors.

        Raises:
            InvalidValue: something that is no relation or query.
            InvalidQuery: a relation or a query of another model, or a query whose rows are no rows of its table.
        """
        if not isinstance(relation, Relation):
            raise InvalidValue(where, "a relation such as User.posts", type(relation).__name__)
        known: Relation[Any] = cast("Any", relation)
        call = f"{where[:-1]}{known._name})"
        if known._before is not None:
            before = known._before
            inner = f"{known._definition.name}.query().include({known._alone._name})"
            raise InvalidQuery(f"{call} of a path", f"{where[:-1]}{before._name}, {inner})")
        # A part of an object has a definition of its own.
        if known._definition.model is not owner.model:
            raise InvalidQuery(f"{known._name} is no relation of {owner.name}", f"include a relation of {owner.name}")
        found: dict[str, Query[Any]] = {}
        for query in queries:
            name = _checked_query(known, query, call, where)
            if name in found:
                raise InvalidQuery(f"{call} with two queries of {name}", "pass one")
            found[name] = query
        return cls(known, found)

    @property
    def is_morph_to(self) -> bool:
        """Whether it leads to several models."""
        return self.relation._relation.kind is RelationKind.MORPH_TO

    @property
    def nested(self) -> Query[Any] | None:
        """The query of the model that it leads to, where that is one; None without."""
        return next(iter(self.queries.values()), None)


def added(includes: tuple[Include, ...], include: Include) -> tuple[Include, ...]:
    """Includes with one more; of two of the same relation the later one counts."""
    same = include.relation._relation
    return (*[item for item in includes if item.relation._relation is not same], include)


def _checked_query(relation: Relation[Any], query: Any, call: str, where: str) -> str:
    """The name of the model that a query is of."""
    if not isinstance(query, QueryBuilder):
        raise InvalidValue(where, "a query of the related model", type(query).__name__)
    found = relation._relation
    members = [member.model for member in found.morph.members] if found.morph is not None else []
    members = members or [relation._leads_to.name]
    name, statement = query._definition.name, query._statement
    is_foreign = query._definition.database is not relation._definition.database
    if name not in members or is_foreign:
        queries = " or ".join(f"{member}.query()..." for member in members)
        raise InvalidQuery(
            f"{relation._name} leads to {' or '.join(members)}, the query is for {name}"
            f"{' of another package' if is_foreign else ''}",
            f"pass {queries}",
        )
    if statement.columns is not None:
        raise InvalidValue(where, "a query of the related model", "a selection of its columns")
    if statement.source is not None:
        raise InvalidQuery(f"{call} with a query of an alias", f"pass {name}.query()...")
    if statement.extra.is_derived or statement.extra.lock is not None:
        raise InvalidQuery(f"{call} with a grouped, combined or locking query", "narrow it by where()")
    if statement.is_cut and statement.distinct:
        raise InvalidQuery(f"{call} with a query that is both distinct and limited", "drop one of them")
    return name
