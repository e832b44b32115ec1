"""Recursive common table expressions: rows, and what follows from the rows found last, until nothing does.

Every one carries its depth in a column of its own, so that a circle in the data comes to an end on every database.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence

from isomorph.errors import InvalidQuery
from isomorph.sql.compounds import check_alike
from isomorph.sql.expressions import Expression, Predicate
from isomorph.sql.select import Select
from isomorph.sql.sources import Cte
from isomorph.sql.writer import Writer

__all__ = ["recursive_cte"]

_DEPTH = "_depth"


def recursive_cte(
    first: Select, name: str, names: Sequence[str], max_depth: int
) -> tuple[Cte, Callable[[Select], None]]:
    """A recursive common table expression, and what completes it with its step.

    Args:
        first: the rows to begin with.
        name: what it is called.
        names: names of its columns.
        max_depth: most steps.

    Raises:
        InvalidQuery: the first rows, or later the step, are ordered, cut, grouped or combined.
    """
    _check(first, "begins with")
    cte = Cte(name, (*names, _DEPTH), None, recursive=True)

    def finish(step: Select) -> None:
        _check(step, "steps to")
        if len(step.selected) != len(names):
            raise InvalidQuery(
                f"{name} has {len(names)} columns, its step {len(step.selected)}", "select the same columns in both"
            )
        check_alike(first, step, "a recursion")
        if name not in step.tables:
            raise InvalidQuery(f"the step of {name} does not read {name}", "join the table that the step is given")
        start, follow = first.copy(), step.copy()
        start.columns = (*first.selected, _Depth(None))
        follow.columns = (*step.selected, _Depth(name))
        follow.predicates = (*step.predicates, _Shallow(name, max_depth))
        cte.define(_Recursion(start, follow))

    return cte, finish


def _check(statement: Select, what: str) -> None:
    if not statement.is_simple or statement.orders:
        raise InvalidQuery(
            f"a recursion {what} an ordered, limited, distinct, grouped or combined query",
            "order and cut what is read from it",
        )


class _Recursion:
    __slots__ = ("first", "step")

    def __init__(self, first: Select, step: Select) -> None:
        self.first, self.step = first, step

    def write(self, out: Writer) -> None:
        self.first.write(out)
        out.parts.append(" UNION ALL ")
        self.step.write(out)


class _Depth(Expression[int]):
    """How many steps led to a row: 0, or one more than the row before it."""

    __slots__ = ("table",)

    def __init__(self, table: str | None) -> None:
        self.table = table

    def _write(self, out: Writer) -> None:
        if self.table is None:
            out.parts.append("0")
        else:
            out.column(self.table, _DEPTH)
            out.parts.append(" + 1")


class _Shallow(Predicate):
    __slots__ = ("max_depth", "table")

    def __init__(self, table: str, max_depth: int) -> None:
        self.table, self.max_depth = table, max_depth

    def _write(self, out: Writer) -> None:
        out.column(self.table, _DEPTH)
        out.parts.append(" < ")
        out.bind(self.max_depth, None)
