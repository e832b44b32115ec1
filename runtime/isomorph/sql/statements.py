"""INSERT, UPDATE and DELETE, compiled for a dialect."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from isomorph.catalog import Table
from isomorph.dialects.base import Dialect
from isomorph.sql.expressions import Expression, Predicate
from isomorph.sql.modifying import Delete, Update
from isomorph.sql.select import Compiled, Select
from isomorph.sql.writer import Writer

__all__ = ["compile_delete", "compile_insert", "compile_insert_from", "compile_insert_of", "compile_update"]


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


def compile_insert_of(dialect: Dialect, table: str, columns: Sequence[str], source: str, *, behind: str = "") -> str:
    """`INSERT INTO table (columns)`, the text that gives the rows, and `behind` as it is."""
    return f"INSERT INTO {dialect.quoted(table)} ({', '.join(map(dialect.quoted, columns))}) {source}{behind}"


def compile_insert_from(dialect: Dialect, table: str, columns: Sequence[str], rows: Select) -> Compiled:
    """`INSERT INTO table (columns) SELECT ...`."""
    head = f"INSERT INTO {dialect.quoted(table)} ({', '.join(map(dialect.quoted, columns))}) "
    if not dialect.writes.behind_ctes:
        text, parameters = rows.compile(dialect)
        return head + text, parameters
    out = Writer(dialect)
    out.parts.append(head)
    rows.write(out)
    return out.result()


def compile_update(
    dialect: Dialect, table: str, changes: Mapping[str, Expression[object]], predicates: Sequence[Predicate]
) -> Compiled:
    """`UPDATE table SET column = expression, ... WHERE ...`."""
    return Update(_narrowed(table, predicates), (), changes).compile(dialect)


def compile_delete(dialect: Dialect, table: str, predicates: Sequence[Predicate]) -> Compiled:
    """`DELETE FROM table WHERE ...`."""
    return Delete(_narrowed(table, predicates), ()).compile(dialect)


def _narrowed(table: str, predicates: Sequence[Predicate]) -> Select:
    rows = Select(table)
    rows.predicates = tuple(predicates)
    return rows
