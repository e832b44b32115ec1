"""Groups: what may be read of one, and totals over groups of groups where the database has none.

Owns that a grouped statement means the same everywhere: what has no one value in a group is refused, where SQLite and
MariaDB would take the value of any row.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Sequence
from dataclasses import replace
from typing import TYPE_CHECKING, Any

from isomorph.errors import InvalidQuery
from isomorph.sql.compounds import write_around, write_ordered
from isomorph.sql.expressions import All, Expression
from isomorph.sql.positions import write_again
from isomorph.sql.sameness import bare, column_key, is_same
from isomorph.sql.trees import has_aggregate, label_of
from isomorph.sql.writer import Writer

if TYPE_CHECKING:
    from isomorph.sql.codecs import Codec
    from isomorph.sql.select import Select

__all__ = ["Grouping", "check_groups", "is_grouped", "write_group_list", "write_grouped", "write_totals"]

_TOTALS = "totals"
_WHOLE = "whole"


class Grouping(Expression[int]):
    """Whether a row is a total over all values of a grouped expression: 1, else 0."""

    __slots__ = ("codec", "item")

    def __init__(self, item: Expression[Any], codec: Codec) -> None:
        self.item, self.codec = item, codec

    def _write(self, out: Writer) -> None:
        if out.dialect.sql.has_rollup:
            out.parts.append("GROUPING(")
            self.item._write(out)
            out.parts.append(")")
        else:
            out.parts.append("1" if column_key(bare(self.item)) in out.totalled else "0")

    def _codec(self) -> Codec:
        return self.codec

    def _where(self) -> str:
        return "grouping()"

    def _children(self) -> Sequence[Expression[Any]]:
        return (self.item,)

    def _tells_null(self) -> bool:
        return True

    def _is_nullable(self, outer_joined: Sequence[str]) -> bool:
        del outer_joined
        return False


def is_grouped(select: Select) -> bool:
    """Whether its rows are groups of rows, or one for all rows."""
    extra = select.extra
    return bool(extra.groups or extra.havings) or any(map(_is_of_groups, select.columns or ()))


def _is_of_groups(expression: Expression[Any]) -> bool:
    if expression._is_aggregate() or isinstance(expression, Grouping):
        return True
    return any(map(_is_of_groups, expression._children()))


def check_groups(select: Select, out: Writer) -> None:
    """Refuse a grouped statement that reads what has no one value in a group.

    Raises:
        InvalidQuery: it does.
    """
    groups = _Groups(select, out)
    if select.extra.rollup:
        _refuse_windows(select)
    for column in select.columns or ():
        groups.check(column)
        if select.extra.rollup:
            groups.check_total(column)
    for order in select.orders:
        groups.check(order.expression, is_selected=_is_among(order.expression, select.columns or ()))
    groups.keep_to_groups()
    for predicate in select.extra.havings:
        groups.check(predicate, is_selected=False)


def _refuse_windows(select: Select) -> None:
    """Refuse windows, whose rows would be those of one level here, and of all levels there."""
    if any(item._is_windowed() for item in (*(select.columns or ()), *[order.expression for order in select.orders])):
        raise InvalidQuery("a window over the totals of a rollup", "use it in a query of their subquery()")


class _Groups:
    """What a statement groups by."""

    def __init__(self, select: Select, out: Writer) -> None:
        self._out = out
        self._is_rolled = select.extra.rollup
        self._is_having = False
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
        """Refuse from here on what is neither a group nor an aggregate: HAVING of MySQL knows nothing else."""
        self._whole = set[str]()
        self._is_having = True

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
                if not is_outermost and column_key(group) is None:
                    self._check_inside(group)
                return None
        if item._is_aggregate():
            return None
        if isinstance(item, Grouping):
            self._check_grouping(bare(item.item))
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

    def _check_grouping(self, item: Expression[Any]) -> None:
        if column_key(item) is None:
            raise InvalidQuery("grouping() of a calculation", "group by a column of a subquery() that selects it")
        if not any(is_same(item, group) for group in self._groups):
            raise InvalidQuery(
                f"grouping() of {item._where()}, which is not grouped",
                "group_by() it with rollup=True, or leave it out",
            )

    def _check_inside(self, group: Expression[Any]) -> None:
        """Refuse a calculated group inside of another expression, where a database does not know it again."""
        if self._is_having:
            # MySQL's HAVING knows columns only.
            raise InvalidQuery(
                f"{group._where()} in having()", "where() it, or filter a query of the subquery() that selects it"
            )
        if self._is_rolled or self._has_values(group):
            # Bound anew, its values would make it another expression; and in a total it would still be calculated.
            what = "in a rollup" if self._is_rolled else "with bound values"
            raise InvalidQuery(
                f"{group._where()} {what} inside of more than its own column",
                "select() it, and filter or calculate in a query of the subquery()",
            )

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


def write_grouped(select: Select, out: Writer) -> None:
    """Write a statement whose rows are groups."""
    extra = select.extra
    if extra.havings and not extra.groups and not out.dialect.sql.has_lone_having:
        write_around(select, out, _WHOLE, _write_unfiltered, ("_having", All(extra.havings), out.parts.append))
    else:
        select.write_plain(out)


def _write_unfiltered(inner: Select, out: Writer) -> None:
    inner.extra = replace(inner.extra, havings=())
    inner.write_plain(out)


def write_totals(select: Select, out: Writer) -> None:
    """Write a rollup as one statement for each number of columns that are still grouped, with UNION ALL between them."""
    if select.distinct or not select.orders:
        start = len(out.parts)
        _write_levels(select.labelled(select.output_names()) if select.orders else select, out)
        write_ordered(select, out, start)
        return
    # Behind a union rows are ordered by its columns only, so that what they are ordered by has to be one.
    write_around(select, out, _TOTALS, _write_levels)


def _write_levels(select: Select, out: Writer) -> None:
    groups = select.extra.groups
    for kept in range(len(groups), -1, -1):
        if kept < len(groups):
            out.parts.append(" UNION " if select.distinct else " UNION ALL ")
        left_out = groups[kept:]
        part = select.copy()
        part.orders, part.limit, part.offset = (), None, 0
        part.extra = replace(select.extra, groups=groups[:kept], rollup=False, comment=None)
        columns = [_total(column, left_out) for column in select.columns or ()]
        if not kept and not any(map(has_aggregate, columns)):
            # An aggregate makes one row of all of them.
            columns = [_relabelled(column, _Sole(column)) for column in columns]
        part.columns = tuple(columns)
        out.totalled = frozenset([key for group in left_out if (key := column_key(bare(group))) is not None])
        write_grouped(part, out)
    out.totalled = ()


def _total(column: Expression[Any], left_out: Sequence[Expression[Any]]) -> Expression[Any]:
    """A selected expression in a total: NULL when it is one of those left out."""
    if any(is_same(bare(column), bare(group)) for group in left_out):
        return _relabelled(column, _Nothing())
    return column


def _relabelled(column: Expression[Any], other: Expression[Any]) -> Expression[Any]:
    label = label_of(column)
    return other if label is None else other.as_(label)


class _Nothing(Expression[None]):
    """NULL."""

    __slots__ = ()

    def _write(self, out: Writer) -> None:
        out.parts.append("NULL")


class _Sole(Expression[Any]):
    """A value that is the same in all rows, as an aggregate."""

    __slots__ = ("expression",)

    def __init__(self, expression: Expression[Any]) -> None:
        self.expression = expression

    def _write(self, out: Writer) -> None:
        out.parts.append("MAX(")
        bare(self.expression)._write(out)
        out.parts.append(")")
