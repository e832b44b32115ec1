"""What makes an INSERT update the rows that are there already: ON CONFLICT, and MySQL's ON DUPLICATE KEY UPDATE.

Owns the difference between the two. MySQL's form updates the row that any unique key finds: it is made to fail where that
is another row than the one named, as on the other databases. Its assignments see what those before them have set: they
are put in an order in which that makes no difference.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from isomorph.dataclassing import dataclass
from isomorph.dialects.base import Dialect
from isomorph.errors import NotSupported
from isomorph.sql.assignments import EXCLUDED
from isomorph.sql.expressions import Expression, Predicate, Reference
from isomorph.sql.ordering import columns_read, in_order
from isomorph.sql.select import Compiled
from isomorph.sql.writer import Writer

__all__ = ["Conflict", "compile_conflict"]


@dataclass(frozen=True, slots=True)
class Conflict:
    """What happens to a row that is there already.

    Attributes:
        table: the table.
        target: columns of the unique key that finds it.
        changes: what its columns are set to, by name; nothing to keep it as it is.
        where: it is kept where this is not true.
        is_ambiguous: whether rows may be found by other unique keys, too.
    """

    table: str
    target: Sequence[str]
    changes: Mapping[str, Expression[Any]]
    where: Predicate | None = None
    is_ambiguous: bool = False


def compile_conflict(dialect: Dialect, conflict: Conflict) -> Compiled:
    """What follows the rows of an INSERT, and its parameters.

    Raises:
        NotSupported: assignments that MySQL cannot make at once.
    """
    if dialect.writes.updates_any_key:
        return _on_duplicate_key(dialect, conflict)
    out = Writer(dialect, qualified=True, visible=(conflict.table, EXCLUDED))
    out.parts.append(f" ON CONFLICT ({', '.join(map(out.quoted, conflict.target))})")
    if not conflict.changes:
        out.parts.append(" DO NOTHING")
        return out.result()
    joint = " DO UPDATE SET "
    for column, expression in conflict.changes.items():
        out.parts.append(f"{joint}{out.quoted(column)} = ")
        expression._write(out)
        joint = ", "
    if conflict.where is not None:
        out.parts.append(" WHERE ")
        conflict.where._write(out)
    return out.result()


class _DuplicateWriter(Writer):
    """Writes columns of the new row as MySQL has them."""

    __slots__ = ()

    def column(self, table: str, name: str) -> None:
        if table == EXCLUDED:
            # Deprecated in MySQL 8.0.20 in favour of an alias of the row, which MariaDB does not know.
            self.parts.append(f"VALUES({self.quoted(name)})")
        else:
            super().column(table, name)


def _on_duplicate_key(dialect: Dialect, conflict: Conflict) -> Compiled:
    table, where = conflict.table, conflict.where
    changes: Mapping[str, Expression[Any]] | None = conflict.changes
    read = set[str]() if where is None else columns_read(where, table)
    changes = in_order(conflict.changes, table, conflict.changes if read is None else read)
    if changes is None:
        raise NotSupported(
            "upsert that sets several columns which it also reads for others",
            dialect.name,
            "set fewer of them, or lock the rows and update them by query",
        )
    out = _DuplicateWriter(dialect, qualified=True, visible=(table,))
    joint = " ON DUPLICATE KEY UPDATE "
    if conflict.is_ambiguous or not changes:
        own = Reference[object](table, conflict.target[0], None)
        out.parts.append(f"{joint}{out.quoted(own.name)} = ")
        if conflict.is_ambiguous:
            _write_checked(out, own, conflict)
        else:
            own._write(out)
        joint = ", "
    for column, expression in changes.items():
        out.parts.append(f"{joint}{out.quoted(column)} = ")
        if where is None:
            expression._write(out)
        else:
            out.parts.append("CASE WHEN ")
            where._write(out)
            out.parts.append(" THEN ")
            expression._write(out)
            out.parts.append(" ELSE ")
            out.column(table, column)
            out.parts.append(" END")
        joint = ", "
    return out.result()


def _write_checked(out: Writer, own: Reference[object], conflict: Conflict) -> None:
    """Write a column of the key, or an error where the row was found by another key."""
    joint = "CASE WHEN "
    for name in conflict.target:
        out.parts.append(joint)
        out.column(conflict.table, name)
        out.parts.append(" = ")
        out.column(EXCLUDED, name)
        joint = " AND "
    out.parts.append(" THEN ")
    own._write(out)
    out.parts.append(" WHEN (SELECT 1 UNION ALL SELECT 2) THEN ")
    own._write(out)
    out.parts.append(" ELSE ")
    own._write(out)
    out.parts.append(" END")
