"""Lists of values as tables: what an application holds, joined to what the database holds."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Any, TypeAlias, TypeVar, overload

from isomorph.errors import InvalidQuery, InvalidValue
from isomorph.orm.derived import Derived
from isomorph.sql.calls import Call
from isomorph.sql.codecs import Codec
from isomorph.sql.expressions import Bound, Expression
from isomorph.sql.kinds import Column, Computed
from isomorph.sql.naming import checked_name
from isomorph.sql.sources import Cte, CteSource
from isomorph.sql.trees import output_name, reads
from isomorph.sql.writer import Writer

__all__ = ["values"]

T = TypeVar("T")
T1 = TypeVar("T1")
T2 = TypeVar("T2")
T3 = TypeVar("T3")
T4 = TypeVar("T4")
T5 = TypeVar("T5")
T6 = TypeVar("T6")

Typed: TypeAlias = Column[T] | Computed[T]
"""What says of which type values are."""


@overload
def values(name: str, rows: Iterable[tuple[T1]], /, *, columns: tuple[Typed[T1]]) -> Derived[tuple[T1]]: ...
@overload
def values(
    name: str, rows: Iterable[tuple[T1, T2]], /, *, columns: tuple[Typed[T1], Typed[T2]]
) -> Derived[tuple[T1, T2]]: ...
@overload
def values(
    name: str, rows: Iterable[tuple[T1, T2, T3]], /, *, columns: tuple[Typed[T1], Typed[T2], Typed[T3]]
) -> Derived[tuple[T1, T2, T3]]: ...
@overload
def values(
    name: str,
    rows: Iterable[tuple[T1, T2, T3, T4]],
    /,
    *,
    columns: tuple[Typed[T1], Typed[T2], Typed[T3], Typed[T4]],
) -> Derived[tuple[T1, T2, T3, T4]]: ...
@overload
def values(
    name: str,
    rows: Iterable[tuple[T1, T2, T3, T4, T5]],
    /,
    *,
    columns: tuple[Typed[T1], Typed[T2], Typed[T3], Typed[T4], Typed[T5]],
) -> Derived[tuple[T1, T2, T3, T4, T5]]: ...
@overload
def values(
    name: str,
    rows: Iterable[tuple[T1, T2, T3, T4, T5, T6]],
    /,
    *,
    columns: tuple[Typed[T1], Typed[T2], Typed[T3], Typed[T4], Typed[T5], Typed[T6]],
) -> Derived[tuple[T1, T2, T3, T4, T5, T6]]: ...
def values(name: str, rows: Iterable[Sequence[Any]], /, *, columns: tuple[Expression[Any], ...]) -> Derived[Any]:
    """A list of values as a table: `prices = f.values("prices", [(1, Decimal(2))], columns=(Item.id, Item.price))`.

    Join it, or query it by `db.table(prices)`; its columns are `prices[Item.id]`. No rows make an empty table.

    Args:
        name: what the table is called.
        rows: one value for each column, as the columns take them.
        columns: columns of models, of whose types the values are; or `f.col("name", type)` for others.

    Raises:
        InvalidValue: a value that its column cannot hold, a row of another length, or a name that no database takes.
        InvalidQuery: no columns, two of the same name, or one without a type.
    """
    names, codecs = _checked_columns(columns)
    where = f"values({checked_name(name, 'values()')})"
    if not isinstance(rows, Iterable):  # pyright: ignore[reportUnnecessaryIsInstance] - callers without a type checker
        raise InvalidValue(where, "a list of rows", type(rows).__name__)
    checked = [_checked_row(row, columns, codecs, where) for row in rows]
    cte = Cte(name, names, _Values(columns, codecs, checked))
    return Derived(CteSource(cte, name), columns, names, None)


def _checked_columns(columns: tuple[Expression[Any], ...]) -> tuple[list[str], list[Codec]]:
    if not columns:
        raise InvalidQuery("values() without columns", "name at least one")
    names: list[str] = []
    codecs: list[Codec] = []
    for column in columns:
        if not isinstance(column, Expression):  # pyright: ignore[reportUnnecessaryIsInstance] - callers without a type checker
            raise InvalidValue("values(columns=...)", "columns such as Item.price", type(column).__name__)
        found, codec = output_name(column), column._codec()
        if codec is None or found is None:
            raise InvalidQuery(
                f"values() with {column._where()}, which has no type or no name", 'name both: f.col("name", int)'
            )
        if found in names:
            raise InvalidQuery(f'values() with two columns called "{found}"', 'name one of them: .as_("...")')
        names.append(found)
        codecs.append(codec)
    return names, codecs


def _checked_row(
    row: Sequence[Any], columns: tuple[Expression[Any], ...], codecs: Sequence[Codec], where: str
) -> tuple[object, ...]:
    if not isinstance(row, tuple | list) or len(row) != len(columns):
        got = f"one of {len(row)}" if isinstance(row, tuple | list) else type(row).__name__
        raise InvalidValue(where, f"rows of {len(columns)} values", got)
    made: list[object] = []
    for value, column, codec in zip(row, columns, codecs, strict=True):
        if value is None and not _allows_none(column):
            raise InvalidValue(f"{where}: {column._where()}", "a value", "None")
        made.append(codec.stored(value, f"{where}: {column._where()}"))
    return tuple(made)


def _allows_none(column: Expression[Any]) -> bool:
    return not isinstance(column, Column) or column._allows_none()


class _Values:
    """`SELECT columns WHERE false UNION ALL VALUES (...), ...`: what stands first gives the columns their types."""

    __slots__ = ("codecs", "columns", "rows")

    def __init__(
        self, columns: Sequence[Expression[Any]], codecs: Sequence[Codec], rows: Sequence[tuple[object, ...]]
    ) -> None:
        self.columns, self.codecs, self.rows = columns, codecs, rows

    def write(self, out: Writer) -> None:
        """Write it as a statement.

        Raises:
            InvalidQuery: more values than a statement takes.
        """
        count = len(self.rows) * len(self.columns)
        if len(out.parameters) + count > out.dialect.sql.most_parameters:
            raise InvalidQuery(
                f"{count} values are more than one statement takes", "split the list into several queries"
            )
        self._write_types(out)
        by_select = not out.dialect.sql.has_values
        for number, row in enumerate(self.rows):
            if by_select or not number:
                out.parts.append(" UNION ALL SELECT " if by_select else " UNION ALL VALUES (")
            else:
                out.parts.append(", (")
            self._write_row(out, row, is_first=not number)
            if not by_select:
                out.parts.append(")")

    def _write_types(self, out: Writer) -> None:
        tables = tuple(dict.fromkeys(table for column in self.columns for table in reads(column)))
        out.parts.append("SELECT ")
        with out.statement(tables, ()):
            for number, (column, codec) in enumerate(zip(self.columns, self.codecs, strict=True)):
                if number:
                    out.parts.append(", ")
                if isinstance(column, Column):
                    column._write(out)
                else:
                    self._write_typed_null(out, codec)
        sources = ", ".join(map(out.quoted, tables)) or f"(SELECT 1 AS {out.quoted('one')}) AS {out.quoted('nothing')}"
        out.parts.append(f" FROM {sources} WHERE 1 = 0")

    def _write_typed_null(self, out: Writer, codec: Codec) -> None:
        Call[Any]("literal", (Bound[Any](None, codec),), codec)._write(out)
        out.parts.append(out.dialect.sql.collations.get(codec.type.kind, ""))

    def _write_row(self, out: Writer, row: tuple[object, ...], *, is_first: bool) -> None:
        rules = out.dialect.sql
        for number, (value, column, codec) in enumerate(zip(row, self.columns, self.codecs, strict=True)):
            if number:
                out.parts.append(", ")
            bound = Bound[Any](value, codec)
            if rules.has_values and not (is_first and rules.types_first_values):
                bound._write(out)
            elif rules.has_values and isinstance(column, Column):
                # Of the type that the column has: an enum, say, whose name only the database knows.
                name, table = out.quoted(column.name), out.quoted(column.table)
                out.parts.append(f"COALESCE((SELECT {name} FROM {table} WHERE 1 = 0), ")
                bound._write(out)
                out.parts.append(")")
            else:
                # Beside a text, a time would become one.
                Call[Any]("literal", (bound,), codec)._write(out)
