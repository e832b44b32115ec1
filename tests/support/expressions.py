"""Columns of a made-up table, one of each type, and what expressions over them compile to. Needs no database."""

import datetime as dt
import enum
import uuid
from decimal import Decimal
from typing import Any, TypeVar

from isomorph import dialects
from isomorph.catalog import ColumnType, Kind
from isomorph.sql import columns as c
from isomorph.sql.codecs import codec_for
from isomorph.sql.composites import SetColumn
from isomorph.sql.expressions import Expression, Order
from isomorph.sql.kinds import Column
from isomorph.sql.select import Compiled, Select
from isomorph.sql.writer import Writer

__all__ = ["TABLE", "Colour", "Things", "compiled", "compiled_on_all", "select_on_all"]

TABLE = "things"

ColumnT = TypeVar("ColumnT", bound=Column[Any])


class Colour(enum.StrEnum):
    RED = "red"
    DARK_BLUE = "dark blue"


def made(
    class_: type[ColumnT], field: str, type_: ColumnType, enum_class: type[enum.Enum] | None = None, table: str = TABLE
) -> ColumnT:
    """A column as a definition makes it."""
    return class_._make(
        model="Thing",
        field=field,
        table=table,
        name=field,
        nullable=field.startswith("maybe_"),
        codec=codec_for(type_, enum_class),
    )


class Things:
    """The columns of the table `things`, by name; `owner` is one of another table."""

    id: c.BigIntColumn = made(c.BigIntColumn[int], "id", ColumnType(Kind.BIGINT))
    flag: c.BoolColumn = made(c.BoolColumn[bool], "flag", ColumnType(Kind.BOOL))
    small: c.SmallIntColumn = made(c.SmallIntColumn[int], "small", ColumnType(Kind.SMALLINT))
    number: c.IntColumn = made(c.IntColumn[int], "number", ColumnType(Kind.INT))
    maybe_number: c.IntColumn[int | None] = made(c.IntColumn[int | None], "maybe_number", ColumnType(Kind.INT))
    price: c.DecimalColumn = made(c.DecimalColumn[Decimal], "price", ColumnType(Kind.DECIMAL, precision=10, scale=2))
    weight: c.DoubleColumn = made(c.DoubleColumn[float], "weight", ColumnType(Kind.DOUBLE))
    name: c.StringColumn = made(c.StringColumn[str], "name", ColumnType(Kind.STRING, length=20))
    maybe_name: c.StringColumn[str | None] = made(
        c.StringColumn[str | None], "maybe_name", ColumnType(Kind.STRING, length=20)
    )
    text: c.TextColumn = made(c.TextColumn[str], "text", ColumnType(Kind.TEXT))
    data: c.BytesColumn = made(c.BytesColumn[bytes], "data", ColumnType(Kind.BYTES))
    day: c.DateColumn = made(c.DateColumn[dt.date], "day", ColumnType(Kind.DATE))
    at: c.TimeColumn = made(c.TimeColumn[dt.time], "at", ColumnType(Kind.TIME))
    local: c.DateTimeColumn = made(c.DateTimeColumn[dt.datetime], "local", ColumnType(Kind.DATETIME))
    moment: c.TimestampTzColumn = made(c.TimestampTzColumn[dt.datetime], "moment", ColumnType(Kind.TIMESTAMPTZ))
    document: c.JsonColumn = made(c.JsonColumn, "document", ColumnType(Kind.JSON))
    code: c.UuidColumn = made(c.UuidColumn[uuid.UUID], "code", ColumnType(Kind.UUID))
    colour: c.EnumColumn[Colour] = made(
        c.EnumColumn[Colour], "colour", ColumnType(Kind.ENUM, enum="Colour"), enum_class=Colour
    )
    colours: SetColumn[set[Colour], Colour] = made(
        SetColumn[set[Colour], Colour], "colours", ColumnType(Kind.SET, enum="Colour"), enum_class=Colour
    )
    owner: c.StringColumn = made(c.StringColumn[str], "owner", ColumnType(Kind.STRING, length=20), table="people")


def compiled(expression: Expression[Any] | Order, dialect: str, *, qualified: bool = False) -> Compiled:
    """Text and parameters of an expression alone."""
    out = Writer(dialects.get(dialect), qualified=qualified)
    expression._write(out)
    return out.result()


def compiled_on_all(expression: Expression[Any] | Order) -> dict[str, Compiled]:
    """The same on every dialect, by its name."""
    return {dialect: compiled(expression, dialect) for dialect in dialects.NAMES}


def select_on_all(statement: Select, *, columns: tuple[str, ...] = ("id", "name")) -> dict[str, Compiled]:
    """A whole SELECT on every dialect, over a table with these columns."""
    found: dict[str, Compiled] = {}
    for name in dialects.NAMES:
        dialect = dialects.get(name)
        listed = ", ".join(dialect.quoted(column) for column in columns)
        found[name] = statement.compile(dialect, f"SELECT {listed} FROM {dialect.quoted(TABLE)}")
    return found
