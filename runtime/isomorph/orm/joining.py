"""Joins: along relations, and to any table by a condition."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, Any, cast

from isomorph.catalog import RelationKind, Table
from isomorph.errors import InvalidQuery, InvalidValue
from isomorph.orm.aliases import ModelAlias, is_model
from isomorph.orm.derived import Derived, Lateral
from isomorph.orm.relations import Relation
from isomorph.orm.scoping import guarding
from isomorph.sql.expressions import Predicate, Truth
from isomorph.sql.sources import Join, Source, TableSource

if TYPE_CHECKING:
    from isomorph.orm.definition import Definition

__all__ = ["joins_of", "joins_to"]


def joins_to(target: object, alias: object, on: object, *, outer: bool) -> list[Join]:
    """The joins that `join` and `left_join` mean.

    Args:
        target: a relation, or a table: a model, an alias, a selection as a table.
        alias: with a relation, the alias of its model that is joined; else None.
        on: with a table, the condition; else None.
        outer: whether rows without a partner stay.

    Raises:
        InvalidValue: none of these.
        InvalidQuery: a relation with a condition, a table without one, or an alias of another model.
    """
    if isinstance(target, Relation):
        if on is not None:
            raise InvalidQuery(
                f"{target._name} joined with a condition of its own", "narrow by where(), or join the table"
            )
        return joins_of(target, outer=outer, alias=None if alias is None else _alias_for(target, alias))
    name, source, key = _table_of(target)
    if not isinstance(on, Predicate):
        if on is None and isinstance(target, Lateral):
            # Its own conditions say which of its rows belong to a row.
            return [Join(name, "", (), condition=Truth(True) if outer else None, target=source, outer=outer)]
        if on is None:
            raise InvalidQuery(f"{name} joined without a condition", "say on=..., or cross_join() it")
        raise InvalidValue("join(on=...)", "a predicate such as Post.author_id == User.id", type(on).__name__)
    return [Join(name, "", (), condition=on, target=source, outer=outer, key=key)]


def cross_join_to(target: object) -> Join:
    """A join of every row with every row of a table."""
    name, source, key = _table_of(target)
    return Join(name, "", (), target=source, key=key)


def _table_of(target: object) -> tuple[str, Source | None, Sequence[str]]:
    """What a table is called, what it is where it is none of the database's, and what its rows differ by."""
    if isinstance(target, Derived):
        return target._source.name, target._source, ()
    if isinstance(target, ModelAlias):
        return target._source.name, target._source, target._key
    if is_model(target):
        table = target._definition.model.table
        return table.name, None, table.primary_key
    raise InvalidValue("join()", "a relation such as User.posts, or a model with on=...", type(target).__name__)


def _alias_for(relation: Relation, alias: object) -> ModelAlias:
    if not isinstance(alias, ModelAlias):
        raise InvalidValue("join()", "an alias such as User.alias('boss')", type(alias).__name__)
    if alias._definition is not relation._target:
        raise InvalidQuery(
            f"{relation._name} leads to {relation._target.name}, the alias is of {alias._definition.name}",
            f"pass an alias of {relation._target.name}",
        )
    return alias


def joins_of(relation: Relation, *, outer: bool, alias: ModelAlias | None = None) -> list[Join]:
    """The joins that follow a relation, in order, each with the global scopes of its model.

    Args:
        relation: the relation.
        outer: whether rows without a partner stay.
        alias: what the table that it leads to is called; its own name without one.

    Raises:
        InvalidQuery: a relation that leads to several tables.
    """
    found = relation._relation
    source = relation._source or relation._definition.model.table.name
    if found.kind in (RelationKind.HAS_ONE_THROUGH, RelationKind.HAS_MANY_THROUGH):
        return _joins_through(relation, source, outer=outer, alias=alias)
    target = relation._target.model.table.name
    morph, pivot = found.morph, found.pivot
    constants = [] if morph is None else [(morph.type_column, cast(str, morph.alias))]
    name, joined = (target, None) if alias is None else (alias._source.name, alias._source)
    scopes = guarding(relation._target, name)
    key = relation._target.model.table.primary_key if alias is None else alias._key
    if pivot is None:
        pairs = list(zip(found.local, found.remote, strict=True))
        is_single = _is_unique(relation._target.model.table, found.remote)
        return [
            Join(
                name,
                source,
                pairs,
                constants=constants,
                condition=scopes,
                target=joined,
                outer=outer,
                is_single=is_single,
                key=key,
            )
        ]
    # The table between has a name of its own wherever the table behind it has.
    between = pivot.table if alias is None else f"{name}_{pivot.table}"
    table = None if alias is None else TableSource(pivot.table, between)
    pivot_model = None if pivot.model is None else relation._definition.database.definition(pivot.model)
    crossing = None if pivot_model is None else guarding(pivot_model, between)
    local = list(zip(found.local, pivot.local, strict=True))
    remote = list(zip(pivot.remote, found.remote, strict=True))
    return [
        Join(between, source, local, constants=constants, condition=crossing, target=table, outer=outer),
        Join(name, between, remote, condition=scopes, target=joined, outer=outer, is_single=True, key=key),
    ]


def _joins_through(relation: Relation, source: str, *, outer: bool, alias: ModelAlias | None) -> list[Join]:
    joins: list[Join] = []
    definition: Definition = relation._definition
    steps = relation._relation.through
    for number, name in enumerate(steps, start=1):
        step = Relation._make(definition, definition.model.relation(name), source)
        if number == len(steps):
            return [*joins, *joins_of(step, outer=outer, alias=alias)]
        between: ModelAlias | None = None
        if alias is not None:
            table = step._target.model.table.name
            between = ModelAlias(step._target, TableSource(table, f"{alias._source.name}_{table}"), _no_query)
        joins += joins_of(step, outer=outer, alias=between)
        source = joins[-1].table
        definition = step._target
    return joins


def _is_unique(table: Table, columns: Sequence[str]) -> bool:
    """Whether no two rows of a table have the same values in these columns."""
    keys = [table.primary_key, *[unique.columns for unique in table.uniques]]
    keys += [
        tuple(part.name for part in index.columns) for index in table.indexes if index.unique and index.where is None
    ]
    return any(set(key) <= set(columns) for key in keys)


def _no_query() -> Any:
    raise AssertionError("the tables between are nobody's to query")
