"""UPDATE and DELETE by query, as plans: one statement where the database can say it in one, else a few by key.

Owns what a database lacks: RETURNING, or RETURNING of joined tables, or writing only rows that nobody has locked. There
the rows are found and locked first, then written by key, then read, in one transaction, with the same result.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from typing import TYPE_CHECKING, Any

from isomorph.dialects.base import Dialect
from isomorph.errors import ConstraintViolation
from isomorph.orm import writing
from isomorph.orm.aliases import Entity
from isomorph.orm.assigning import Changes
from isomorph.orm.keys import in_batches, keys_predicate, most_keys
from isomorph.orm.plans import Atomic, Execute, Fetch, Plan
from isomorph.orm.selection import Selection
from isomorph.sql.expressions import Expression
from isomorph.sql.kinds import Column
from isomorph.sql.modifying import Delete, Modification, Update, reads_itself
from isomorph.sql.select import Lock, Select
from isomorph.sql.sources import TableSource
from isomorph.sql.trees import reads

if TYPE_CHECKING:
    from isomorph.orm.builder import QueryBuilder
    from isomorph.orm.definition import Definition
    from isomorph.orm.plans import Executor

__all__ = ["modification", "modify", "modify_returning"]

Row = tuple[Any, ...]


def modification(
    definition: Definition, rows: Select, changes: Changes | None, returned: Sequence[Expression[Any]] = ()
) -> Modification:
    """The statement that writes rows.

    Args:
        definition: the model.
        rows: which ones.
        changes: what is set; None to delete them.
        returned: what is returned of each.
    """
    key = definition.model.table.primary_key
    return Delete(rows, key, returned) if changes is None else Update(rows, key, changes, returned)


def modify(query: QueryBuilder, changes: Changes | None, executor: Executor) -> Plan[int]:
    """Write the rows of a query; gives their number.

    Raises:
        ConstraintViolation: the database refuses; nothing is written.
    """
    definition, rows = query._definition, query._statement
    try:
        if rows.extra.lock is not None and executor.dialect.writes.lists_joined:
            # MySQL's UPDATE and DELETE know no locks, and their sub-queries none that skip.
            return len((yield Atomic(_modify_by_keys(query, (), changes, executor))))
        count: int = yield Execute(*modification(definition, rows, changes).compile(executor.dialect))
    except ConstraintViolation as error:
        writing.attribute(definition, error)
        raise
    return count


def modify_returning(
    query: QueryBuilder, selection: Selection[Any], changes: Changes | None, executor: Executor
) -> Plan[list[Row]]:
    """Write the rows of a query; gives what a selection over it reads of them.

    Columns of the written table are what they are then (after an update, before a delete), those of others what they were.
    """
    definition, dialect = query._definition, executor.dialect
    try:
        if not _has_returning(query._statement, selection._items, changes, executor):
            found: list[Row] = yield Atomic(_modify_by_keys(query, selection._items, changes, executor))
            return found
        made = modification(definition, query._statement, changes, selection._select.selected)
        rows: list[Row] = yield Fetch(*made.compile(dialect))
    except ConstraintViolation as error:
        writing.attribute(definition, error)
        raise
    return selection._converted(rows, dialect)


def _has_returning(rows: Select, items: Sequence[Expression[Any]], changes: Changes | None, executor: Executor) -> bool:
    """Whether the database returns all that by itself."""
    rules = executor.dialect.writes
    if rules.returns_joined:
        return True
    if any(table != rows.table for item in items for table in reads(item)):
        return False
    is_alias = isinstance(rows.source, TableSource) and rows.source.table != rows.source.name
    # It knows the table by its own name only, and MariaDB's takes no sub-query.
    if (is_alias or rules.lists_joined) and not all(isinstance(item, Column | Entity) for item in items):
        return False
    if changes is not None:
        return rules.returns_updated
    if not rules.lists_joined:
        return True
    return "returning" in executor.capabilities and not (
        is_alias or rows.joins or rows.offset or rows.extra.lock is not None or reads_itself(rows, executor.dialect)
    )


def _modify_by_keys(
    query: QueryBuilder, items: Sequence[Expression[Any]], changes: Changes | None, executor: Executor
) -> Plan[list[Row]]:
    """Find and lock the rows, write them by key, and read what of them has changed."""
    definition, dialect = query._definition, executor.dialect
    table = query._statement.table
    key = [
        definition.columns[field]._referenced(table, definition.columns[field].name) for field in definition.key_fields
    ]
    width = len(key)
    early = [number for number, item in enumerate(items) if changes is None or table not in reads(item)]
    late = [number for number in range(len(items)) if number not in early]

    found = yield from _rows(_locking(query), [*key, *(items[number] for number in early)], dialect)
    # A row is written once, however many partners it has.
    known: dict[Row, Row] = {}
    for row in found:
        known.setdefault(row[:width], row[width:])
    written: dict[Row, Row] = {}
    for some in in_batches(list(known), most_keys(width)):
        chosen = keys_predicate(key, some)
        rows = query._statement.copy()
        rows.predicates = (*rows.predicates, chosen)
        rows.orders, rows.limit, rows.offset = (), None, 0
        rows.extra = replace(rows.extra, lock=None)
        if changes is None:
            rows.joins = ()
            rows.predicates = (chosen,)
        yield Execute(*modification(definition, rows, changes).compile(dialect))
        if late:
            alone = query._copy()
            alone._statement = Select(table, query._statement.names, query._statement.source)
            alone._statement.predicates = (chosen,)
            for row in (yield from _rows(alone, [*key, *(items[number] for number in late)], dialect)):
                written[row[:width]] = row[width:]
    if not late:
        return list(known.values())
    places = {number: place for places in (early, late) for place, number in enumerate(places)}
    return [
        tuple([(before if number in early else written[own])[places[number]] for number in range(len(items))])
        for own, before in known.items()
    ]


def _rows(query: QueryBuilder, items: Sequence[Expression[Any]], dialect: Dialect) -> Plan[list[Row]]:
    selection = Selection[Row]._over(query, items)
    rows: list[Row] = yield Fetch(*selection._compiled(dialect))
    return selection._converted(rows, dialect)


def _locking(query: QueryBuilder) -> QueryBuilder:
    """The same, locking its rows as it was asked to, else until the transaction ends."""
    lock = query._statement.extra.lock or Lock("update")
    return query._with(lock=replace(lock, mode="update"))
