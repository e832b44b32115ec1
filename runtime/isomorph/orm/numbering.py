"""Rows whose numbers need not be read back, for they are counted: where a database promises how it numbers rows.

Owns that it is seen whether it did, and that nothing is left where it did not.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

from isomorph.errors import IsomorphError
from isomorph.orm.insertions import insertions
from isomorph.orm.plans import Atomic, Fetch, Insert, Plan

if TYPE_CHECKING:
    from isomorph.orm.fresh import Fresh
    from isomorph.orm.plans import Executor

__all__ = ["insert_counted"]


class _Miscounted(IsomorphError):
    """Rows were not numbered one by one: what was inserted is taken back."""


def insert_counted(fresh: Fresh[Any], columns: Sequence[list[Any]], executor: Executor) -> Plan[list[int] | None]:
    """Insert rows of which the database says but the number of the last one, where that says those of all, and no more is asked.

    None where it does not; nothing is written then. To read numbers back takes twice as long as to make objects of them.
    """
    definition, dialect = fresh.definition, executor.dialect
    if not fresh.missing or fresh.missing != definition.numbered or fresh.number < _WORTH_COUNTING:
        return None
    table, column = definition.model.table.name, definition.column_names[fresh.missing[0]]
    asking = dialect.writes.last_number(dialect.quoted(table), dialect.quoted(column))
    if asking is None:
        return None
    try:
        numbers: list[int] | None = yield Atomic(_insert_counted(fresh, columns, Fetch(asking, (table,)), executor))
    except _Miscounted:
        return None
    return numbers


def _insert_counted(
    fresh: Fresh[Any], columns: Sequence[list[Any]], asking: Fetch, executor: Executor
) -> Plan[list[int] | None]:
    ((before,),) = yield asking
    if before is None:
        return None
    for part, sql, parameters in insertions(fresh.definition, fresh.positions, columns, executor):
        last: int = yield Insert(sql, parameters)
        if last != before + min(part.stop, fresh.number):
            raise _Miscounted
    return list(range(before + 1, before + fresh.number + 1))


_WORTH_COUNTING = 100
"""Rows from which on it is worth two more statements on SQLite."""
