"""INSERT, UPDATE and DELETE, compiled for a dialect."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from isomorph.catalog import Table
from isomorph.dialects.base import Dialect
from isomorph.sql.expressions import Expression, Predicate
from isomorph.sql.select import Compiled, write_where
from isomorph.sql.writer import Writer

__all__ = ["compile_delete", "compile_insert", "compile_update"]


def compile_insert(
    dialect: Dialect, table: Table | str, columns: Sequence[str], rows: int = 1, *, behind: str = ""
) -> str:
    """`INSERT INTO table (columns) VALUES (?, ...), ...` for a number of rows; `behind` follows as it is."""
    name = dialect.quoted(table if isinstance(table, str) else table.name)
    if not columns:
        return f"INSERT INTO {name}{dialect.sql.empty_insert}{behind}"
    places = f"({', '.join([dialect.placeholder] * len(columns))})"
    names = ", ".join(dialect.quoted(column) for column in columns)
    return f"INSERT INTO {name} ({names}) VALUES {', '.join([places] * rows)}{behind}"


def compile_update(
    dialect: Dialect, table: str, changes: Mapping[str, Expression[object]], predicates: Sequence[Predicate]
) -> Compiled:
    """`UPDATE table SET column = expression, ... WHERE ...`."""
    out = Writer(dialect, visible=(table,))
    joint = f"UPDATE {out.quoted(table)} SET "
    for column, expression in changes.items():
        out.parts.append(f"{joint}{out.quoted(column)} = ")
        expression._write(out)
        joint = ", "
    write_where(out, predicates)
    return out.result()


def compile_delete(dialect: Dialect, table: str, predicates: Sequence[Predicate]) -> Compiled:
    """`DELETE FROM table WHERE ...`."""
    out = Writer(dialect, visible=(table,))
    out.parts.append(f"DELETE FROM {out.quoted(table)}")
    write_where(out, predicates)
    return out.result()
