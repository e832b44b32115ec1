"""The query for what one object is related to: that of the related model, kept to these rows."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Any, cast

from isomorph.orm.correlated import chosen_one
from isomorph.orm.loading.members import unknown_type
from isomorph.orm.loading.pivots import Between
from isomorph.orm.loading.statements import join_back
from isomorph.orm.pivots import pivot_columns
from isomorph.orm.scoping import Within
from isomorph.orm.steps import Choice, Step, steps_of
from isomorph.sql.expressions import All, Predicate, Truth
from isomorph.sql.kinds import Column, Comparable
from isomorph.sql.sources import Join, TableSource

if TYPE_CHECKING:
    from isomorph import catalog
    from isomorph.orm.definition import Definition
    from isomorph.orm.model import Model
    from isomorph.orm.query import Query
    from isomorph.orm.relations import Relation

__all__ = ["columns_between", "equal", "member_of", "query_of", "value_of"]

_OWNER = "related_to"
"""What a statement calls the table of the object itself, where it needs that."""


def query_of(owner: Model, relation: Relation[Any]) -> Query[Any] | None:
    """The query for what an object is related to; None where a morph_to leads nowhere.

    Args:
        owner: an object with a row.
        relation: a relation of its model.

    Raises:
        UnknownMorphType: a morph_to leads to a model by an alias that nobody knows.
    """
    found = relation._relation
    if found.target is None:
        return _query_of_member(owner, relation)
    target = relation._leads_to
    query = _begun(target)
    if found.pivot is not None or found.through:
        return _joined(owner, relation, query)
    columns = target.of_columns(found.remote)
    values = [value_of(owner, column) for column in found.local]
    return _within(query, [*_constants(target, found), *_of_one(target, found), *_equal_all(columns, values)])


def member_of(owner: Model, relation: Relation[Any]) -> tuple[Definition, object] | None:
    """The model that a morph_to of an object leads to, and the key there; None where it leads nowhere.

    Raises:
        UnknownMorphType: it leads to a model by an alias that nobody knows.
    """
    morph = relation._relation.morph
    assert morph is not None  # every morph_to has one
    alias, key = morph.pointed({column: value_of(owner, column) for column in morph.columns})
    if alias is None:
        return None
    for member in morph.members:
        if member.alias == alias:
            return relation._definition.database.definition(member.model), key
    raise unknown_type(relation._definition, morph, alias)


def columns_between(relation: Relation[Any]) -> Mapping[str, Column[Any]]:
    """The columns of the table between, by their names there."""
    return {column.name: column for column in pivot_columns(relation._definition, relation._relation).values()}


def value_of(owner: Model, column: str) -> object:
    """What an object has in a column."""
    model = owner._definition.model
    return cast("object", getattr(owner, model.slot(model.field_of(column))))


def equal(column: Column[Any], value: object) -> Predicate:
    """Whether a column has a value."""
    return cast("Comparable[Any, Any]", column) == value


def _begun(target: Definition) -> Query[Any]:
    begin: Any = getattr(target.model_class, "query")  # noqa: B009 - not declared on the base
    return cast("Query[Any]", begin())


def _within(query: Query[Any], conditions: Sequence[Predicate]) -> Query[Any]:
    made = query._copy()
    condition = conditions[0] if len(conditions) == 1 else All(conditions)
    made._statement.predicates = (*made._statement.predicates, Within(query._definition, condition))
    return made


def _equal_all(columns: Sequence[Column[Any]], values: Sequence[object]) -> list[Predicate]:
    """Equal to all values; nothing is related by a key that lacks one."""
    if None in values:
        return [Truth(False)]
    return [equal(column, value) for column, value in zip(columns, values, strict=True)]


def _constants(target: Definition, relation: catalog.Relation) -> list[Predicate]:
    return [equal(target.of_columns([column])[0], alias) for column, alias in relation.constants]


def _of_one(target: Definition, relation: catalog.Relation) -> list[Predicate]:
    """Of several rows with the same key the one that the relation leads to."""
    if relation.one_of is None:
        return []
    choice = Choice(relation.one_of, 1)
    table = target.model.table.name
    step = Step(
        table,
        target,
        tuple((column, column) for column in relation.remote),
        relation.constants,
        choices=(choice,),
    )
    return [chosen_one([step], [table], table, 0, choice)]


def _query_of_member(owner: Model, relation: Relation[Any]) -> Query[Any] | None:
    found = member_of(owner, relation)
    if found is None:
        return None
    target, key = found
    columns = target.of_columns(target.model.table.primary_key[:1])
    return _within(_begun(target), _equal_all(columns, [key]))


def _joined(owner: Model, relation: Relation[Any], query: Query[Any]) -> Query[Any]:
    """The rows behind tables between, which are joined; with the row between beside, where there is one such table."""
    definition, found = relation._definition, relation._relation
    steps = steps_of(definition, found)
    made = query._copy()
    statement = made._statement
    names = join_back(steps, statement)
    first, name = steps[0], names[0]
    if first.definition is None:
        near = relation if found.pivot is not None else _first_of(relation)
        own = {item.name: item for item in pivot_columns(definition, near._relation, name).values()}
        columns = [own[column] for _, column in first.pairs]
    else:
        found_columns = first.definition.of_columns([column for _, column in first.pairs])
        columns = [column._referenced(name, column.name) for column in found_columns]
    conditions = _equal_all(columns, [value_of(owner, column) for column, _ in first.pairs])
    if found.pivot is not None:
        made._between = Between(definition, found, name)
    last = steps[-1]
    if last.choices:
        # Which row it is depends on all the way from the object on, so that its table has to be there.
        table = definition.model.table.name
        pairs = [(column, local) for local, column in first.pairs]
        statement.joins = (*statement.joins, Join(_OWNER, name, pairs, target=TableSource(table, _OWNER)))
        conditions += [chosen_one(steps, names, _OWNER, len(steps) - 1, choice) for choice in last.choices]
    return _within(made, conditions)


def _first_of(relation: Relation[Any]) -> Relation[Any]:
    definition = relation._definition
    return type(relation)._make(definition, definition.model.relation(relation._relation.through[0]))
