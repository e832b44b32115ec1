"""Groups: what may be read of one, and totals over groups of groups where the database has none.

Owns that a grouped statement means the same everywhere: what has no one value in a group is refused, where SQLite and
MariaDB would take the value of any row.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Sequence
from dataclasses import replace
from typing import TYPE_CHECKING, Any

from isomorph.errors import InvalidQuery
from isomorph.sql.expressions import Expression, has_aggregate, label_of
from isomorph.sql.positions import write_again
from isomorph.sql.sameness import bare, column_key, is_same
from isomorph.sql.writer import Writer

if TYPE_CHECKING:
    from isomorph.sql.select import Select

__all__ = ["check_groups", "is_grouped", "write_group_list", "write_totals"]


def is_grouped(select: Select) -> bool:
    """Whether its rows are groups of rows, or one for all rows."""
    extra = select.extra
    return bool(extra.groups or extra.havings) or any(map(has_aggregate, select.columns or ()))


def check_groups(select: Select, out: Writer) -> None:
    """Refuse a grouped statement that reads what has no one value in a group.

    Raises:
        InvalidQuery: it does.
    """
    groups = _Groups(select, out)
    for column in select.columns or ():
        groups.check(column)
        if select.extra.rollup:
            groups.check_total(column)
    for order in select.orders:
        groups.check(order.expression, is_selected=_is_among(order.expression, select.columns or ()))
    groups.keep_to_groups()
    for predicate in select.extra.havings:
        groups.check(predicate, is_selected=False)


class _Groups:
    """What a statement groups by."""

    def __init__(self, select: Select, out: Writer) -> None:
        self._out = out
        self._is_rolled = select.extra.rollup
        self._groups = tuple(map(bare, select.extra.groups))
        self._tables = frozenset(select.tables)
        grouped = {key for group in self._groups if (key := column_key(group)) is not None}
        # A total is over all keys, so that no row of the table is left to read from.
        self._whole = {
            table
            for table, names in select.keys
            if names and not self._is_rolled and all((table, name) in grouped for name in names)
        }

    def keep_to_groups(self) -> None:
        """Refuse from here on what only depends on the groups: HAVING of MySQL does not know it."""
        self._whole = set[str]()

    def check(self, expression: Expression[Any], *, is_selected: bool = True) -> None:
        """Refuse an expression that has no one value.

        Args:
            expression: of the select list, of ORDER BY or of HAVING.
            is_selected: whether the text may name the selected expression again by its position.
        """
        stray = self._stray(bare(expression), self._tables, is_outermost=is_selected)
        if stray is not None:
            raise InvalidQuery(
                f"{stray._where()} is neither grouped nor aggregated",
                "group_by() it, too, or read an aggregate of it such as f.min()",
            )

    def check_total(self, expression: Expression[Any]) -> None:
        """Refuse a selected expression that is None in a total although its type does not say so."""
        rolled = next(self._rolled(expression), None)
        if rolled is not None:
            raise InvalidQuery(
                f"{rolled._where()} is None in the totals of a rollup", f"select {rolled._where()}.optional()"
            )

    def _stray(self, item: Expression[Any], own: Collection[str], *, is_outermost: bool) -> Expression[Any] | None:
        """The first column in it that has no one value in a group; None when all have."""
        for group in self._groups:
            if is_same(item, group):
                if not is_outermost and column_key(group) is None and self._has_values(group):
                    # Bound anew, it would be another expression to the database.
                    raise InvalidQuery(
                        f"{group._where()} with bound values inside of more than its own column",
                        "select() it, and filter or calculate in a query of the subquery()",
                    )
                return None
        if item._is_aggregate():
            return None
        key = column_key(item)
        if key is not None:
            return item if not key[0] or (key[0] in own and key[0] not in self._whole) else None
        statement = getattr(item, "statement", None)
        if statement is not None:
            stray = self._stray_inside(statement, own)
            if stray is not None:
                return stray
        for child in item._children():
            stray = self._stray(bare(child), own, is_outermost=False)
            if stray is not None:
                return stray
        return None

    def _stray_inside(self, statement: Select, own: Collection[str]) -> Expression[Any] | None:
        """The same in a sub-query, which has tables of its own."""
        outer = set(own) - set(statement.tables)
        if self._is_rolled and outer & set(statement.free_reads):
            raise InvalidQuery("a sub-query that reads the groups of a rollup", "join it, or ask twice")
        for expression in statement.expressions():
            stray = self._stray(bare(expression), outer, is_outermost=False)
            if stray is not None:
                return stray
        return None

    def _rolled(self, item: Expression[Any]) -> Iterator[Expression[Any]]:
        if item._tells_null():
            return
        if any(is_same(item, group) for group in self._groups):
            yield item
            return
        for child in item._children():
            yield from self._rolled(child)

    def _has_values(self, expression: Expression[Any]) -> bool:
        scratch = Writer(self._out.dialect)
        expression._write(scratch)
        return bool(scratch.parameters)


def _is_among(expression: Expression[Any], columns: Iterable[Expression[Any]]) -> bool:
    return any(is_same(bare(expression), bare(column)) for column in columns)


# --- text ----------------------------------------------------------------------------------------------------------------


def write_group_list(select: Select, out: Writer) -> None:
    """Write GROUP BY."""
    groups = select.extra.groups
    with out.part("group_by()"):
        out.parts.append(" GROUP BY ROLLUP (" if select.extra.rollup else " GROUP BY ")
        for number, group in enumerate(groups):
            if number:
                out.parts.append(", ")
            write_again(select, out, group)
        if select.extra.rollup:
            out.parts.append(")")


def write_totals(select: Select, out: Writer) -> None:
    """Write a rollup as one statement for each number of columns that are still grouped, with UNION ALL between them."""
    groups = select.extra.groups
    columns = select.columns or ()
    is_bare = not any(map(has_aggregate, columns))
    for kept in range(len(groups), -1, -1):
        if kept < len(groups):
            out.parts.append(" UNION ALL ")
        left_out = groups[kept:]
        part = select.copy()
        part.orders, part.limit, part.offset = (), None, 0
        part.extra = replace(select.extra, groups=groups[:kept], rollup=False, comment=None)
        # An aggregate makes one row of all of them.
        nothing = _Nothing("MAX(NULL)" if is_bare and not kept else "NULL")
        part.columns = tuple([_total(column, left_out, nothing) for column in columns])
        out.totalled = frozenset([key for group in left_out if (key := column_key(bare(group))) is not None])
        part.write_plain(out)
    out.totalled = ()


def _total(column: Expression[Any], left_out: Sequence[Expression[Any]], nothing: Expression[Any]) -> Expression[Any]:
    """A selected expression in a total: NULL when it is one of those left out."""
    if any(is_same(bare(column), bare(group)) for group in left_out):
        label = label_of(column)
        return nothing if label is None else nothing.as_(label)
    return column


class _Nothing(Expression[None]):
    """NULL."""

    __slots__ = ("text",)

    def __init__(self, text: str) -> None:
        self.text = text

    def _write(self, out: Writer) -> None:
        out.parts.append(self.text)
