"""What a caller says of related rows: conditions on them, or one query for them. Owns which queries make sense there."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

from isomorph.dataclassing import dataclass
from isomorph.errors import InvalidQuery, InvalidValue
from isomorph.orm.composing import Composing
from isomorph.sql.expressions import Predicate, Reference
from isomorph.sql.select import Select
from isomorph.sql.sources import DerivedTable, TableSource

if TYPE_CHECKING:
    from isomorph.orm.definition import Definition

__all__ = ["Narrowing", "narrowing"]


@dataclass(frozen=True, slots=True)
class Narrowing:
    """Which of the related rows are meant.

    Attributes:
        conditions: what must be true of them.
        scoped: whether the model's global scopes hold besides; a query has its own among its conditions.
        alias: what the conditions call their table, where that is another name than its own; else None.
        among: a statement for the keys of all rows that are meant, or None.
    """

    conditions: tuple[Predicate, ...] = ()
    scoped: bool = True
    alias: str | None = None
    among: Select | None = None


def narrowing(target: Definition, given: Sequence[object], where: str) -> Narrowing:
    """What a caller's arguments say.

    Args:
        target: the related model.
        given: conditions, or one query of the related model.
        where: the call, for errors: `where_has(User.posts)`.

    Raises:
        InvalidValue: something else.
        InvalidQuery: conditions beside a query; a query of another model, or one that says more than which rows it means.
    """
    queries = [item for item in given if isinstance(item, Composing)]
    if not queries:
        conditions: list[Predicate] = []
        for item in given:
            if not isinstance(item, Predicate):
                raise InvalidValue(
                    where, f"conditions, or one query such as {target.name}.query().where(...)", type(item).__name__
                )
            conditions.append(item)
        return Narrowing(tuple(conditions))
    if len(given) > 1:
        raise InvalidQuery(f"{where} with a query and more", "say all of it in the query: query.where(...)")
    return _of_query(target, queries[0], where)


def _of_query(target: Definition, query: Any, where: str) -> Narrowing:
    statement: Select = query._statement
    if statement.columns is not None:
        raise InvalidValue(where, f"a query for {target.name}", "a selection of columns (leave out its select())")
    if query._definition is not target:
        raise InvalidQuery(
            f"{where} leads to {target.name}, the query is for {query._definition.name}"
            f"{'' if query._definition.database is target.database else ' of another package'}",
            f"pass {target.name}.query()...",
        )
    said = {
        "include()": bool(query._includes),
        "only()": query._only is not None,
        "with_count() and its like": bool(query._amounts),
        "a lock": statement.extra.lock is not None,
        "on()": query._connection is not None,
    }
    for what, is_said in said.items():
        if is_said:
            raise InvalidQuery(f"{where} by a query with {what}, which reads nothing", "leave it out")
    if statement.is_cut:
        raise InvalidQuery(
            f"{where} by a query with a limit or offset, which would cut all rows, not those of each",
            "leave it out, and say how many there must be: operator and count",
        )
    alias = statement.source.name if isinstance(statement.source, TableSource) else None
    is_table = statement.source is None or alias is not None
    if is_table and not statement.joins and not statement.extra.is_derived:
        return Narrowing(statement.predicates, scoped=False, alias=alias)
    return Narrowing(scoped=False, among=_keys_of(target, statement))


def _keys_of(target: Definition, statement: Select) -> Select:
    """A statement for the keys of the rows of another one."""
    key = target.model.table.primary_key
    made = statement.copy()
    if statement.extra.compound:
        made = Select(_FOUND, (), DerivedTable(statement, _FOUND))
    elif not statement.extra.firsts:
        made.orders = ()  # it says which row is the first of a group, and nothing else
    made.columns = tuple([Reference[Any](made.table, name, None) for name in key])
    made.distinct = False
    return made


_FOUND = "found"
