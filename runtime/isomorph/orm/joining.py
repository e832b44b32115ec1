"""Joins: along relations, and to any table by a condition."""

from __future__ import annotations

from collections.abc import Sequence
from typing import cast

from isomorph.errors import InvalidQuery, InvalidValue
from isomorph.orm.aliases import ModelAlias, is_model
from isomorph.orm.correlated import HasRows, Lead, Rows, chosen_one
from isomorph.orm.derived import Derived, Lateral
from isomorph.orm.relations import Relation
from isomorph.orm.scoping import guarding
from isomorph.sql.expressions import All, Predicate, Truth
from isomorph.sql.sources import Join, Source, TableSource

__all__ = ["joins_of", "joins_to"]


def joins_to(target: object, alias: object, on: object, *, outer: bool) -> Sequence[Join]:
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
        if on is None and alias is None:
            return _plain_joins(cast("Relation[object]", target), outer=outer)
        if on is not None:
            raise InvalidQuery(
                f"{target._name} joined with a condition of its own", "narrow by where(), or join the table"
            )
        relation = cast("Relation[object]", target)
        return joins_of(relation, outer=outer, alias=_alias_for(relation, alias))
    name, source, key = _table_of(target)
    if not isinstance(on, Predicate):
        if on is None and isinstance(target, Lateral):
            # Its own conditions say which of its rows belong to a row.
            return [Join(name, "", (), condition=Truth(True) if outer else None, target=source, outer=outer)]
        if on is None:
            raise InvalidQuery(f"{name} joined without a condition", "say on=..., or cross_join() it")
        raise InvalidValue("join(on=...)", "a predicate such as Post.author_id == User.id", type(on).__name__)
    return [Join(name, "", (), condition=on, target=source, outer=outer, key=key)]


def _plain_joins(relation: Relation[object], *, outer: bool) -> Sequence[Join]:
    """The joins of a relation without an alias, which are made once."""
    try:
        return relation._joins[outer]
    except (AttributeError, KeyError):
        pass
    made = joins_of(relation, outer=outer)
    relation._joins = {**getattr(relation, "_joins", {}), outer: made}
    return made


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
    if alias._definition is not relation._leads_to:
        raise InvalidQuery(
            f"{relation._name} leads to {relation._leads_to.name}, the alias is of {alias._definition.name}",
            f"pass an alias of {relation._leads_to.name}",
        )
    return alias


def joins_of(relation: Relation, *, outer: bool, alias: ModelAlias | None = None) -> list[Join]:
    """The joins that follow a relation, in order, each with the global scopes of its model.

    Args:
        relation: the relation.
        outer: whether rows without a partner stay.
        alias: what the table that it leads to is called; its own name without one. The tables between have names of
            their own wherever that one has.

    Raises:
        InvalidQuery: a relation that leads to several models or to another connection, or a path of several relations.
    """
    if relation._before is not None:
        raise InvalidQuery(
            f"join({relation._name}) of several relations at once",
            f"join them one after another: join({relation._before._name}).join({relation._alone._name})",
        )
    steps = relation._steps
    names = [step.table for step in steps]
    if alias is not None:
        names = [f"{alias._source.name}_{name}" for name in names[:-1]] + [alias._source.name]
    source = relation._begins
    joins: list[Join] = []
    for number, (step, name) in enumerate(zip(steps, names, strict=True)):
        is_last = number == len(steps) - 1
        target: Source | None = None if name == step.table else TableSource(step.table, name)
        key = () if step.definition is None else step.definition.model.table.primary_key
        if is_last and alias is not None:
            target, key = alias._source, tuple(alias._key)
        conditions = [chosen_one(steps, names, source, number, choice) for choice in step.choices]
        scope = None if step.definition is None else guarding(step.definition, name)
        if scope is not None:
            conditions.append(scope)
        if outer and not all(later.is_certain for later in steps[number + 1 :]):
            # A row between that leads nowhere would stand beside those that do, as if there were none.
            lead = Lead(source, tuple(steps[: number + 1]), tuple(names[: number + 1]))
            conditions.append(HasRows(Rows(name, steps[number + 1 :], lead=lead)))
        joins.append(
            Join(
                name,
                names[number - 1] if number else source,
                step.pairs,
                constants=step.constants,
                condition=conditions[0] if len(conditions) == 1 else All(conditions) if conditions else None,
                target=target,
                outer=outer,
                is_single=step.is_single,
                key=key,
            )
        )
    return joins
