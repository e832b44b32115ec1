"""Rows whose numbers need not be read back, for they are counted: where a database promises how it numbers rows.

Owns that it is seen whether it did, and that nothing is left where it did not.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import TYPE_CHECKING, Any

from isomorph.errors import IsomorphError
from isomorph.orm.insertions import insertions
from isomorph.orm.plans import Atomic, Fetch, Insert, Plan

if TYPE_CHECKING:
    from isomorph.orm.fresh import Fresh
    from isomorph.orm.plans import Executor

__all__ = ["insert_counted"]


_Insertions = Iterable[tuple[slice, str, list[object]]]


class _Miscounted(IsomorphError):
    """Rows were not numbered one by one: what was inserted is taken back."""


def insert_counted(fresh: Fresh[Any], columns: Sequence[list[Any]], executor: Executor) -> Plan[list[int] | None]:
    """Insert rows whose numbers, and nothing else, the database makes, if one of these tells all; gives them.

    None where it does not; nothing is written then. To read numbers back takes longer than to make objects of them.
    """
    definition, writes = fresh.definition, executor.dialect.writes
    if not fresh.missing or fresh.missing != definition.numbered or fresh.number < _WORTH_COUNTING:
        return None
    name, quoted = definition.model.table.name, executor.dialect.quoted
    table, column = quoted(name), quoted(definition.column_names[fresh.missing[0]])
    statements = insertions(definition, fresh.positions, columns, executor)
    asking = writes.last_number(table, column)
    if asking is not None:
        plan = _counted_to_last(statements, Fetch(asking, (name,)), fresh.number)
    elif writes.steps is not None:
        place = executor.dialect.placeholder
        seen = f"SELECT count(*) FROM {table} WHERE {column} BETWEEN {place} AND {place}"
        plan = _counted_from_first(statements, Fetch(writes.steps), seen, fresh.number)
    else:
        return None
    numbers: list[int] | None
    try:
        numbers = yield Atomic(plan)
    except _Miscounted:
        return None
    return numbers


def _counted_to_last(statements: _Insertions, asking: Fetch, number: int) -> Plan[list[int] | None]:
    ((before,),) = yield asking
    if before is None:
        return None
    for part, sql, parameters in statements:
        last: int = yield Insert(sql, parameters)
        if last != before + min(part.stop, number):
            raise _Miscounted
    return list(range(before + 1, before + number + 1))


def _counted_from_first(statements: _Insertions, asking: Fetch, seen: str, number: int) -> Plan[list[int] | None]:
    """See that the rows are there, for a trigger may have numbered them; `seen` counts those between two numbers."""
    ((step,),) = yield asking
    if step != 1:
        return None
    numbers: list[int] = []
    for part, sql, parameters in statements:
        first: int = yield Insert(sql, parameters)
        inserted = min(part.stop, number) - part.start
        ((found,),) = yield Fetch(seen, (first, first + inserted - 1))
        if found != inserted:
            raise _Miscounted
        numbers += range(first, first + inserted)
    return numbers


_WORTH_COUNTING = 500
"""Rows from which on it is worth two more statements."""
