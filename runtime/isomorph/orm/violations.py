"""Which relation a violated foreign key belongs to.

Databases that name the key say it by that. SQLite does not: there it is said where only one key can be meant, and for a
row that may not be deleted the others are asked who still points to it.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING, Any

from isomorph.catalog import ReferentialAction, RelationKind
from isomorph.orm.keys import keys_predicate
from isomorph.orm.plans import Fetch, Plan
from isomorph.sql.select import Select

if TYPE_CHECKING:
    from isomorph import catalog
    from isomorph.errors import ConstraintViolation
    from isomorph.orm.database import Database
    from isomorph.orm.definition import Definition
    from isomorph.orm.model import Model
    from isomorph.orm.plans import Executor

__all__ = ["name_key", "name_only_key", "name_restricting"]

_FORBIDDING = (ReferentialAction.RESTRICT, ReferentialAction.NO_ACTION)


def name_key(database: Database, definition: Definition | None, error: ConstraintViolation) -> None:
    """Name the relation of a foreign key whose table and columns are known.

    Args:
        database: all models.
        definition: the model of the table; None for a table between that has none.
        error: takes the name.
    """
    if definition is not None:
        for relation in definition.model.relations:
            if relation.kind.holds_key and _is_key(definition.model.table, relation, error.columns):
                error.relation = f"{definition.name}.{relation.name}"
        return
    for owner, relation in _over_tables(database):
        pivot = relation.pivot
        if pivot is None or pivot.table != error.table:
            continue
        if error.constraint is not None and not error.columns:
            table = database.pivot(owner.model.connection, pivot.table)
            named = {key.name: key.columns for key in table.foreign_keys}
            error.columns = error.fields = named.get(error.constraint, ())
        error.relation = f"{owner.name}.{relation.name}"
        if error.columns == tuple(pivot.remote):
            return


def name_only_key(definition: Definition, error: ConstraintViolation) -> None:
    """Name the relation that a new row violates, where the model has one foreign key only."""
    table = definition.model.table
    found = [
        relation
        for relation in definition.model.relations
        if relation.kind.holds_key and any(_is_key(table, relation, key.columns) for key in table.foreign_keys)
    ]
    if error.relation is None and error.constraint is None and len(found) == 1:
        error.relation = f"{definition.name}.{found[0].name}"


def name_restricting(made: Model, error: ConstraintViolation, executor: Executor) -> Plan[None]:
    """Name the relation by which rows still point to an object that may not be deleted."""
    if error.relation is not None or error.constraint is not None:
        return
    definition = made._definition
    for owner, relation, key in _leading_to(definition):
        columns = owner.of_columns(key.columns)
        values = [getattr(made, definition.model.field_of(column).name) for column in key.references]
        statement = Select(owner.model.table.name)
        statement.columns = columns
        statement.predicates = (keys_predicate(columns, [tuple(values)]),)
        statement.limit = 1
        rows: list[tuple[Any, ...]] = yield Fetch(*statement.compile(executor.dialect))
        if rows:
            error.relation = f"{owner.name}.{relation.name}"
            return


def _leading_to(definition: Definition) -> Iterator[tuple[Definition, catalog.Relation, catalog.ForeignKey]]:
    """The relations whose foreign keys forbid that rows of a model go while others point to them, with these keys."""
    for owner in definition.database.definitions():
        table = owner.model.table
        for key in table.foreign_keys:
            if key.table != definition.model.table.name or key.on_delete not in _FORBIDDING:
                continue
            for relation in owner.model.relations:
                if relation.kind.holds_key and _is_key(table, relation, key.columns):
                    yield owner, relation, key


def _is_key(table: catalog.Table, relation: catalog.Relation, columns: tuple[str, ...]) -> bool:
    """Whether columns are the foreign key by which a relation goes; with an arc, one of its keys."""
    if relation.kind is RelationKind.MORPH_TO and any(tuple(key.columns) == columns for key in table.foreign_keys):
        return set(columns) <= set(relation.own_columns)
    return relation.own_columns == columns


def _over_tables(database: Database) -> Iterator[tuple[Definition, catalog.Relation]]:
    for owner in database.definitions():
        for relation in owner.model.relations:
            if relation.pivot is not None:
                yield owner, relation
