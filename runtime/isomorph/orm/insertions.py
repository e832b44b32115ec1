"""The INSERTs of many rows: how many go into one, their texts and parameters. Pure."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from itertools import chain
from typing import TYPE_CHECKING, Any

from isomorph.orm.keys import round_slices, slices
from isomorph.sql.statements import compile_insert, compile_insert_of

if TYPE_CHECKING:
    from isomorph.orm.definition import Definition
    from isomorph.orm.plans import Executor

__all__ = ["insert_batches", "insertions"]


def insert_batches(columns: Sequence[Sequence[Any]], executor: Executor) -> Iterable[slice]:
    """Which rows, given by column, go into one INSERT each."""
    dialect = executor.dialect
    writes, number = dialect.writes, len(columns[0])
    most = max(1, min(writes.most_rows, dialect.sql.most_parameters // len(columns)))
    return round_slices(number, most) if writes.keeps_texts else slices(columns, most, writes.most_size)


def insertions(
    definition: Definition,
    positions: Sequence[int],
    columns: Sequence[list[Any]],
    executor: Executor,
    behind: str = "",
) -> Iterable[tuple[slice, str, list[object]]]:
    """The INSERTs of rows that have values at these positions: which rows, the text, the parameters.

    Args:
        definition: the model.
        positions: of the columns; at least one.
        columns: bound values.
        executor: who is asked.
        behind: follows each text as it is.
    """
    dialect, table = executor.dialect, definition.model.table
    names = [definition.column_names[position] for position in positions]
    source = dialect.writes.rows_of([definition.codecs[position].type for position in positions])
    number = len(columns[0])
    if source is not None and number > 1:
        sql = compile_insert_of(dialect, table.name, names, source, behind=behind)
        for start in range(0, number, _MOST_LISTED):
            part = slice(start, start + _MOST_LISTED)
            yield part, sql, [column[part] for column in columns]
        return
    for part in insert_batches(columns, executor):
        some = [column[part] for column in columns]
        sql = compile_insert(dialect, table, names, len(some[0]), behind=behind)
        yield part, sql, list(chain.from_iterable(zip(*some, strict=True)))


_MOST_LISTED = 10_000
"""Rows of an INSERT whose columns are lists."""
