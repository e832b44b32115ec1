"""When PostgreSQL writes a table anew, and how MySQL and MariaDB do what is no safe form.

https://www.postgresql.org/docs/current/sql-altertable.html, Notes: adding a column with a volatile default, a stored
generated column, an identity column, or changing the type of a column rewrites the table and its indexes, under a lock that
all others wait for; not so where the old type can be read as the new one, such as a longer varchar or text.
"""

from __future__ import annotations

import re

from isomorph.catalog import SqlText
from isomorph.dialects.mysql.online import COPY, IN_PLACE, INSTANT, Online, column_added, column_changed, index_made
from isomorph.migrate import (
    AddCheck,
    AddColumn,
    AddForeignKey,
    AddUnique,
    ChangeColumn,
    ChangeEnum,
    ChangePrimaryKey,
    ChangeTable,
    CreateIndex,
)
from isomorph_generator.lint.sight import Place

__all__ = ["online", "rewritten"]

_SIZED = re.compile(r"(varchar|numeric)\((\d+)(?:, (\d+))?\)")


def rewritten(place: Place) -> tuple[str, ...]:
    """The tables that PostgreSQL writes anew, which are in use."""
    match place.operation:
        case AddColumn(table, column):
            is_computed = isinstance(column.default_sql, SqlText) and not place.is_safe
            is_stored = column.generated is not None and column.generated.stored
            found = [table] if is_computed or is_stored or column.auto_increment else []
        case ChangeColumn(table):
            found = [table] if _is_rewritten(place, place.operation) else []
        case ChangeEnum():
            change = place.operation.change(place.before)
            is_appended = change.keeps_order and not change.removed and not change.swaps
            found = [] if is_appended else [before.name for before, _ in change.tables]
        case _:
            found = []
    return tuple(table for table in found if place.is_in_use(table))


def _is_rewritten(place: Place, operation: ChangeColumn) -> bool:
    ddl, before, after = place.dialect.ddl, operation.before, operation.after
    if before.generated != after.generated:
        return after.generated is not None and after.generated.stored
    old, new = (ddl.column_type(column.type, place.before.enums) for column in (before, after))
    return old != new and not _reads_as(old, new)


def _reads_as(old: str, new: str) -> bool:
    """Whether values of the old type are values of the new one as they are."""
    if old.startswith("varchar") and new == "text":
        return True
    before, after = _SIZED.fullmatch(old), _SIZED.fullmatch(new)
    if before is None or after is None or before[1] != after[1] or before[3] != after[3]:
        return False
    return int(before[2]) <= int(after[2])


def online(place: Place) -> tuple[str, Online] | None:
    """The table that MySQL or MariaDB changes, which is in use, and how; None where nothing of a table is."""
    ddl = place.dialect.ddl
    match place.operation:
        case AddColumn(table, column):
            found = column_added(ddl, place.operation.change(ddl, place.before), column)
        case ChangeColumn(table, before, after):
            found = column_changed(ddl, place.operation.change(ddl, place.before), before, after)
        case CreateIndex(table, index):
            found = index_made(index)
        case AddUnique(table) | ChangePrimaryKey(table):
            found = IN_PLACE
        case AddForeignKey(table) | AddCheck(table):
            # In place only while the server is told to check none of them.
            found = COPY
        case ChangeTable(table, was, now):
            found = (
                INSTANT
                if (was.engine, was.charset, was.collation) == (now.engine, now.charset, now.collation)
                else COPY
            )
        case ChangeEnum():
            change = place.operation.change(place.before)
            table = next((before.name for before, _ in change.tables), "")
            is_appended = change.after.values[: len(change.before.values)] == change.before.values
            found = INSTANT if is_appended else COPY
        case _:
            return None
    return (table, found) if place.is_in_use(table) else None
