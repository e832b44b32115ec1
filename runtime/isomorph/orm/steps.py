"""Steps: the tables that a relation leads through, one after another, from its model's table to the target's.

Owns how each kind of relation becomes equalities of columns, for joins and for sub-queries alike. Pure.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from typing import TYPE_CHECKING, cast

from isomorph import catalog
from isomorph.dataclassing import dataclass
from isomorph.errors import InvalidQuery

if TYPE_CHECKING:
    from isomorph.orm.definition import Definition

__all__ = ["Choice", "Step", "is_unique", "step_to_member", "steps_of"]


@dataclass(frozen=True, slots=True)
class Choice:
    """That a relation leads to one of several rows.

    Attributes:
        rule: which one.
        span: how many steps, up to the one that it belongs to, lead to these rows from the row that they are related to.
    """

    rule: catalog.OneOf
    span: int


@dataclass(frozen=True, slots=True)
class Step:
    """One table further.

    Attributes:
        table: the table.
        definition: its model; None for a table between two models that has none.
        pairs: (column of the table before, column of this one), all equal.
        constants: (column of this table, alias of the morph map), all equal.
        conditions: (column of the table before, alias of the morph map), all equal.
        is_single: whether a row of the table before has one partner at most.
        is_certain: whether every row of the table before has a partner, as the database sees to it.
        choices: what takes one of several partners, the innermost relation's first.
    """

    table: str
    definition: Definition | None
    pairs: tuple[tuple[str, str], ...]
    constants: tuple[tuple[str, str], ...] = ()
    conditions: tuple[tuple[str, str], ...] = ()
    is_single: bool = False
    is_certain: bool = False
    choices: tuple[Choice, ...] = ()


def steps_of(definition: Definition, relation: catalog.Relation) -> list[Step]:
    """The steps of a relation; the last one is to the target's table.

    Args:
        definition: the model that has it.
        relation: the relation.

    Raises:
        InvalidQuery: it leads to several models, or to another connection.
    """
    name = f"{definition.name}.{relation.name}"
    if relation.target is None:
        raise InvalidQuery(f"{name} leads to several models", "name a relation to a single model")
    if relation.crosses:
        raise InvalidQuery(
            f"{name} leads to another connection, where no statement of this one reaches",
            "ask there first, and narrow by the keys found: where(Model.id.in_(...))",
        )
    if relation.through:
        steps = _through(definition, relation)
    elif relation.pivot is not None:
        steps = _over(definition, relation, relation.pivot)
    else:
        steps = [_straight(definition, relation)]
    if relation.one_of is not None:
        choices = (*steps[-1].choices, Choice(relation.one_of, len(steps)))
        steps[-1] = replace(steps[-1], choices=choices, is_single=steps[-1].is_single or len(steps) == 1)
    return steps


def step_to_member(definition: Definition, relation: catalog.Relation, member: catalog.MorphMember) -> Step:
    """The step of a relation to several models to one of them.

    Args:
        definition: the model that has it.
        relation: the relation, a morph_to.
        member: the one.

    Raises:
        InvalidQuery: it is on another connection.
    """
    target, morph = definition.database.definition(member.model), relation.morph
    assert morph is not None  # every morph_to has one
    if target.model.connection != definition.model.connection:
        raise InvalidQuery(
            f"{definition.name}.{relation.name} leads to {member.model} on another connection, where no statement of"
            " this one reaches",
            f"ask there first, and narrow by what was found: where({definition.name}.{relation.name}.is_(...))",
        )
    table = target.model.table
    return Step(
        table.name,
        target,
        ((morph.key_column(member), table.primary_key[0]),),
        conditions=morph.conditions(member),
        is_single=True,
    )


def _straight(definition: Definition, relation: catalog.Relation) -> Step:
    target = _target(definition, relation)
    table = target.model.table
    local = tuple(relation.local)
    return Step(
        table.name,
        target,
        tuple(zip(relation.local, relation.remote, strict=True)),
        relation.constants,
        is_single=is_unique(table, relation.remote),
        is_certain=not relation.nullable and _is_kept(definition.model.table, local) and not target.guards,
    )


def _over(definition: Definition, relation: catalog.Relation, pivot: catalog.Pivot) -> list[Step]:
    target, database = _target(definition, relation), definition.database
    between = None if pivot.model is None else database.definition(pivot.model)
    return [
        Step(pivot.table, between, tuple(zip(relation.local, pivot.local, strict=True)), relation.constants),
        Step(
            target.model.table.name,
            target,
            tuple(zip(pivot.remote, relation.remote, strict=True)),
            is_single=True,
            # The key to what a tag is on is kept by nobody: it may be one of several tables.
            is_certain=relation.kind is not catalog.RelationKind.MORPHED_BY_MANY and not target.guards,
        ),
    ]


def _through(definition: Definition, relation: catalog.Relation) -> list[Step]:
    steps: list[Step] = []
    for name in relation.through:
        steps += steps_of(definition, definition.model.relation(name))
        last = steps[-1].definition
        assert last is not None  # a relation ends at a model
        definition = last
    return steps


def _target(definition: Definition, relation: catalog.Relation) -> Definition:
    return definition.database.definition(cast("str", relation.target))


def is_unique(table: catalog.Table, columns: Sequence[str]) -> bool:
    """Whether no two rows of a table have the same values in these columns."""
    return any(set(key) <= set(columns) for key in table.unique_keys)


def _is_kept(table: catalog.Table, columns: tuple[str, ...]) -> bool:
    """Whether a foreign key keeps these columns pointing to a row."""
    return any(tuple(key.columns) == columns for key in table.foreign_keys)
