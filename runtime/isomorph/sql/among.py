"""Keys of many rows in one bound parameter, so that the text of a statement is the same for any number of them.

Where a database has no such parameter for the type of a key, its values are written out, each with a parameter.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from isomorph.errors import InvalidQuery
from isomorph.sql.codecs import Codec
from isomorph.sql.expressions import Expression, Predicate
from isomorph.sql.writer import Writer

__all__ = ["Among"]


class Among(Predicate):
    """Whether a key, of one column or several, is one of those given.

    Attributes:
        items: its columns.
        codecs: how the values of each travel.
        columns: the keys, column by column, at least one of them: checked values, converted for the driver, without NULL.
    """

    __slots__ = ("codecs", "columns", "items")

    def __init__(
        self, items: Sequence[Expression[Any]], codecs: Sequence[Codec], columns: Sequence[Sequence[object]]
    ) -> None:
        self.items, self.codecs, self.columns = items, codecs, columns

    def _write(self, out: Writer) -> None:
        rules, types = out.dialect.sql, [codec.type for codec in self.codecs]
        behind = rules.keys_in(types)
        if behind is None:
            self._write_out(out)
            return
        self._write_items(out)
        out.parts.append(behind)
        out.parameters.extend(rules.keys_values(types, self.columns))

    def _write_items(self, out: Writer) -> None:
        several = len(self.items) > 1
        out.parts.append("(" if several else "")
        for number, item in enumerate(self.items):
            out.parts.append(", " if number else "")
            item._write(out)
        out.parts.append(")" if several else "")

    def _write_out(self, out: Writer) -> None:
        rules, width, number = out.dialect.sql, len(self.items), len(self.columns[0])
        if number * width + len(out.parameters) > rules.most_parameters:
            raise InvalidQuery(
                f"{number} keys of {self.items[0]._where()} are more than one statement takes",
                "read fewer rows at once",
            )
        self._write_items(out)
        place = out.placeholder if width == 1 else f"({', '.join([out.placeholder] * width)})"
        out.parts.append(" IN (VALUES " if width > 1 and rules.lists_rows_by_values else " IN (")
        out.parts.append(", ".join([place] * number))
        out.parts.append(")")
        for key in zip(*self.columns, strict=True):
            out.parameters.extend(key)

    def _children(self) -> Sequence[Expression[Any]]:
        return self.items
