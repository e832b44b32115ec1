"""The SELECT of what objects are related to: its rows, and the columns by which each row finds its objects again.

Owns how the steps of a relation become joins, walked backwards from the related table, and how a limit counts for each
object. What is read of the rows is for others to say.
"""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import replace
from typing import TYPE_CHECKING, Any

from isomorph.dataclassing import dataclass
from isomorph.orm.scoping import guarding, split
from isomorph.orm.steps import Step, steps_of
from isomorph.sql.expressions import Bound, Comparison, Expression, Order, Predicate, Reference
from isomorph.sql.select import Select
from isomorph.sql.sources import DerivedTable, Join, TableSource

if TYPE_CHECKING:
    from isomorph import catalog
    from isomorph.orm.definition import Definition
    from isomorph.orm.loading.keys import Keys
    from isomorph.orm.query import Query

__all__ = ["Related", "by_key", "join_back", "related"]

_MOST = 40
"""Characters of a table's name that go into another one: databases cut names that are too long, some without a word."""


@dataclass(frozen=True, slots=True)
class Related:
    """A statement for related rows.

    Attributes:
        select: the statement; all columns of the model's table are selected, in its order, unless it is told others.
        target: the related model.
        key: by what its rows find their objects: columns of the first table on the way.
        near: what that table is called; the related table itself where there is none between.
    """

    select: Select
    target: Definition
    key: tuple[Expression[Any], ...]
    near: str


def related(
    owner: Definition,
    relation: catalog.Relation,
    target: Definition,
    query: Query[Any] | None,
    keys: Keys,
    dialect: str,
) -> Related:
    """The statement for the rows that a relation leads to from the rows with these keys.

    Args:
        owner: the model that has the relation.
        relation: any but a morph_to.
        target: the model that it leads to.
        query: what narrows, orders and cuts the rows; None for all of them.
        keys: those of the objects.
        dialect: name of the dialect.
    """
    if relation.one_of is None:
        return _cut(_found(owner, relation, target, _begun(target, query), keys, dialect))
    # The one row is chosen before anything narrows it: the latest post, if it is published, is not the latest published.
    guards, conditions = split(target.guards if query is None else query._statement.predicates)
    chosen = Select(target.model.table.name, target.column_names, key=target.model.table.primary_key)
    chosen.predicates = guards
    made = _found(owner, relation, target, chosen, keys, dialect)
    column = target.of_columns([relation.one_of.column])[0]
    order = Order(column, descending=relation.one_of.greatest, nulls="last")
    _cut_by(made, [order], descending=relation.one_of.greatest)
    made.select.limit = 1
    if query is None or not (conditions or query._statement.joins or query._statement.is_cut):
        return made
    return _cut(_around(made, query._statement, conditions))


def by_key(target: Definition, columns: Sequence[str], query: Query[Any] | None, keys: Keys, dialect: str) -> Related:
    """The statement for the rows of a model with these keys.

    Args:
        target: the model.
        columns: those of its table that hold the key.
        query: what narrows and orders the rows; None for all of them.
        keys: the keys.
        dialect: name of the dialect.
    """
    return _cut(_directly(target, columns, (), _begun(target, query), keys, dialect))


def _begun(target: Definition, query: Query[Any] | None) -> Select:
    if query is not None:
        return query._statement.copy()
    table = target.model.table
    made = Select(table.name, target.column_names, key=table.primary_key)
    made.predicates = target.guards
    return made


# --- the way to the related rows -------------------------------------------------------------------------------------------


def _found(
    owner: Definition, relation: catalog.Relation, target: Definition, rows: Select, keys: Keys, dialect: str
) -> Related:
    if relation.pivot is not None or relation.through:
        return _over(steps_of(owner, relation), target, rows, keys, dialect)
    return _directly(target, relation.remote, relation.constants, rows, keys, dialect)


def _directly(
    target: Definition,
    columns: Sequence[str],
    constants: Sequence[tuple[str, str]],
    rows: Select,
    keys: Keys,
    dialect: str,
) -> Related:
    key = target.of_columns(columns)
    rows.predicates = (keys.among(key, dialect), *_equal(rows.table, constants), *rows.predicates)
    return Related(rows, target, key, rows.table)


def _over(steps: Sequence[Step], target: Definition, rows: Select, keys: Keys, dialect: str) -> Related:
    """The rows behind tables between."""
    name = join_back(steps, rows)[0]
    first = steps[0]
    columns = [remote for _, remote in first.pairs]
    if first.definition is None:
        key: tuple[Expression[Any], ...] = tuple(
            [Reference[Any](name, column, codec) for column, codec in zip(columns, keys.codecs, strict=True)]
        )
    else:
        key = tuple([column._referenced(name, column.name) for column in first.definition.of_columns(columns)])
    rows.predicates = (keys.among(key, dialect), *rows.predicates)
    return Related(rows, target, key, name)


def join_back(steps: Sequence[Step], rows: Select) -> list[str]:
    """Join the tables that lead to rows to these, the last one first.

    Args:
        steps: how one comes to the rows; the table that they start at is not joined.
        rows: a statement over the last table, which is changed.

    Returns:
        What the statement calls the tables, in the order of the steps.
    """
    names = _names(steps, {table.lower() for table in rows.tables})
    joins = [_back(steps, names, number) for number in range(len(steps) - 2, -1, -1)]
    rows.joins = (*joins, *rows.joins)
    rows.predicates = (*_equal(rows.table, steps[-1].constants), *rows.predicates)
    return names


def _back(steps: Sequence[Step], names: Sequence[str], number: int) -> Join:
    """The join of a table between to the one behind it, with the global scopes of its model."""
    step, name = steps[number], names[number]
    return Join(
        name,
        names[number + 1],
        [(remote, local) for local, remote in steps[number + 1].pairs],
        constants=step.constants,
        condition=None if step.definition is None else guarding(step.definition, name),
        target=None if name == step.table else TableSource(step.table, name),
    )


def _names(steps: Sequence[Step], used: Collection[str]) -> list[str]:
    """What the tables are called: by their own name, but for those whose name is taken."""
    taken, names = set(used), [steps[-1].table]
    for step in reversed(steps[:-1]):
        name, number = step.table, 1
        while name.lower() in taken:
            number += 1
            name = f"{step.table[:_MOST]}_{number}"
        taken.add(name.lower())
        names.insert(0, name)
    return names


def _equal(table: str, constants: Sequence[tuple[str, str]]) -> list[Predicate]:
    return [
        Comparison(Reference[Any](table, column, None), " = ", Bound[Any](alias, None)) for column, alias in constants
    ]


# --- some rows for each object ---------------------------------------------------------------------------------------------


def _cut(found: Related) -> Related:
    """The same, its limit and offset for each object by itself."""
    if found.select.is_cut:
        _cut_by(found, found.select.orders)
    return found


def _cut_by(found: Related, orders: Sequence[Order], *, descending: bool = False) -> None:
    # Behind the order stands the key, so that it is not left to chance which rows are cut off.
    last = [Order(column, descending=descending) for column in found.target.of_columns(found.select.key)]
    found.select.orders = (*orders, *last)
    found.select.extra = replace(found.select.extra, cut_by=found.key)


def _around(chosen: Related, query: Select, conditions: tuple[Predicate, ...]) -> Related:
    """What a query leaves of rows that were chosen, one for each object."""
    target, inner = chosen.target, chosen.select
    names = [f"_key{number}" for number in range(len(chosen.key))]
    inner.columns = (
        *target.columns.values(),
        *[item.as_(name) for item, name in zip(chosen.key, names, strict=True)],
    )
    outer = query.copy()
    outer.source, outer.predicates = DerivedTable(inner, outer.table), conditions
    key = tuple(
        [Reference[Any](outer.table, name, item._codec()) for item, name in zip(chosen.key, names, strict=True)]
    )
    return Related(outer, target, key, outer.table)
