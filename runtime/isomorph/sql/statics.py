"""The statements of a model that never change: their text is made when code is generated, and kept there.

Owns which statements these are. The generator writes the result of `statements_of` into the generated module.
"""

from __future__ import annotations

from isomorph.catalog import Column, Model
from isomorph.dataclassing import dataclass
from isomorph.dialects.base import Dialect
from isomorph.sql.statements import compile_insert

__all__ = ["Statements", "given_columns", "statements_of"]


@dataclass(frozen=True, slots=True)
class Statements:
    """Static SQL of one model on one dialect.

    Attributes:
        select: all columns of all rows: `SELECT ... FROM table`, to be continued.
        find: the row of a key; one parameter per column of the primary key, in its order.
        insert: a row, given the columns that the application always gives, in the table's order.
        delete: the row of a key.
    """

    select: str
    find: str
    insert: str
    delete: str


def given_columns(model: Model) -> tuple[Column, ...]:
    """The columns that a new object always has a value for; the database fills the others unless they are set."""
    stamped = {model.created_at, model.updated_at}
    return tuple(
        column
        for column, field in zip(model.table.columns, model.fields, strict=True)
        if field.name in stamped
        or not (column.auto_increment or column.default_sql is not None or column.generated is not None)
    )


def statements_of(model: Model, dialect: Dialect) -> Statements:
    """The static statements of a model."""
    table = model.table
    quoted = dialect.quoted
    columns = ", ".join(quoted(column.name) for column in table.columns)
    key = " AND ".join(f"{quoted(name)} = {dialect.placeholder}" for name in table.primary_key)
    select = f"SELECT {columns} FROM {quoted(table.name)}"
    return Statements(
        select=select,
        find=f"{select} WHERE {key}",
        insert=compile_insert(dialect, table, [column.name for column in given_columns(model)]),
        delete=f"DELETE FROM {quoted(table.name)} WHERE {key}",
    )
