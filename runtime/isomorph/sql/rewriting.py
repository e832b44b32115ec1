"""Rewriting: what a statement says can often be said shorter. Pure functions from one SELECT to an equal one.

Owns the passes that are always there and the order they run in. An application adds its own with `db.rewriter.add`.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from typing import TypeAlias

from isomorph.dataclassing import dataclass
from isomorph.errors import InvalidValue
from isomorph.sql.expressions import Against, All, AnyOf, Comparison, NotNull, Null, Opposite, Predicate, Truth
from isomorph.sql.predicates import In, Like
from isomorph.sql.sameness import is_same
from isomorph.sql.select import PLAIN, Select
from isomorph.sql.trees import reads

__all__ = ["PASSES", "Pass", "Rewrite", "Rewriter"]

Rewrite: TypeAlias = Callable[[Select], Select]
"""A SELECT to one that gives the same rows; the same object when there is nothing to do."""


@dataclass(frozen=True, slots=True)
class Pass:
    """A named rewriting.

    Attributes:
        name: by which it is switched off and shown.
        rewrite: what it does.
        counts_only: whether it holds only where the rows are counted, not read.
    """

    name: str
    rewrite: Rewrite
    counts_only: bool = False


class Rewriter:
    """The passes that the statements of a database go through."""

    __slots__ = ("_counting", "_passes", "_reading")

    def __init__(self, passes: Iterable[Pass] | None = None) -> None:
        known = PASSES if passes is None else passes
        self._passes: dict[str, tuple[Pass, bool]] = {item.name: (item, True) for item in known}
        self._reading: tuple[Pass, ...] = ()
        self._counting: tuple[Pass, ...] = ()
        self._select()

    @property
    def names(self) -> tuple[str, ...]:
        """The names of all passes, in the order they run in."""
        return tuple(self._passes)

    def add(self, name: str, rewrite: Rewrite, *, counts_only: bool = False) -> None:
        """Add a pass behind the others; one of the same name is replaced.

        Args:
            name: its name.
            rewrite: gives a statement with the same rows, or the same object when it has nothing to do.
            counts_only: whether it is for counting only.
        """
        self._passes[name] = Pass(name, rewrite, counts_only), True
        self._select()

    def remove(self, name: str) -> None:
        """Remove a pass; no error if there is none of that name."""
        self._passes.pop(name, None)
        self._select()

    def switch(self, name: str, *, on: bool) -> None:
        """Switch a pass on or off, for all threads.

        Raises:
            InvalidValue: no pass has that name.
        """
        if name not in self._passes:
            raise InvalidValue("switch()", f"the name of a pass ({', '.join(self._passes)})", "another")
        self._passes[name] = self._passes[name][0], on
        self._select()

    def _select(self) -> None:
        self._counting = tuple([item for item, on in self._passes.values() if on])
        self._reading = tuple([item for item in self._counting if not item.counts_only])

    def rewritten(self, statement: Select, *, counting: bool = False) -> Select:
        """The statement as it is sent."""
        for item in self._counting if counting else self._reading:
            statement = item.rewrite(statement)
        return statement

    def applied(self, statement: Select, *, counting: bool = False) -> tuple[str, ...]:
        """The names of the passes that change a statement."""
        names: list[str] = []
        for item in self._counting if counting else self._reading:
            made = item.rewrite(statement)
            if made is not statement:
                names.append(item.name)
            statement = made
        return tuple(names)


# --- conditions ----------------------------------------------------------------------------------------------------------


def fold_conditions(statement: Select) -> Select:
    """Leave out conditions that are always true or said twice; one that is never true stands alone."""
    predicates = statement.predicates
    if not predicates or _are_plain(predicates):
        return statement
    folded = _folded_items(predicates, All, neutral=True)
    if folded is predicates:
        return statement
    made = statement.copy()
    made.predicates = tuple(folded)
    return made


def _are_plain(predicates: Sequence[Predicate]) -> bool:
    """Whether there is nothing to fold, seen at a glance: plain conditions, no two of which ask the same of one thing."""
    # Numbers that are the same for those that ask the same; those of others may be, too, which only costs a closer look.
    asked: set[int] = set()
    for item in predicates:
        if type(item) is Against or type(item) is Comparison:
            asked.add(id(item.left) ^ hash(item.operator))
        elif isinstance(item, _PLAIN):
            asked.add(id(item.item) ^ hash(type(item)))
        else:
            return False
    return len(asked) == len(predicates)


_PLAIN = (In, Like, NotNull, Null)


def _folded_items(items: Sequence[Predicate], joint: type[All | AnyOf], *, neutral: bool) -> Sequence[Predicate]:
    """Conditions joined by AND or OR, as few as needed; the same object when all are."""
    kept: list[Predicate] = []
    has_changed = False
    for item in items:
        folded = _folded(item) if isinstance(item, _COMPOSED) else item
        has_changed |= folded is not item
        if isinstance(folded, joint):
            parts: Sequence[Predicate] = folded.items
            has_changed = True
        else:
            parts = (folded,)
        for part in parts:
            if isinstance(part, Truth):
                if part.value is not neutral:
                    return items if len(items) == 1 and items[0] is part else (part,)
                has_changed = True
            elif any(is_same(part, other) for other in kept):
                has_changed = True
            else:
                kept.append(part)
    return kept if has_changed else items


def _folded(item: Predicate) -> Predicate:
    if isinstance(item, Opposite):
        inner = item.item
        if isinstance(inner, Truth):
            return Truth(not inner.value)
        if isinstance(inner, Opposite) and isinstance(inner.item, Predicate):
            return inner.item
        return item
    assert isinstance(item, All | AnyOf)
    joint, neutral = (All, True) if isinstance(item, All) else (AnyOf, False)
    folded = _folded_items(item.items, joint, neutral=neutral)
    if folded is item.items:
        return item
    if not folded:
        return Truth(neutral)
    return folded[0] if len(folded) == 1 else joint(tuple(folded))


_COMPOSED = (All, AnyOf, Opposite)


# --- joins ---------------------------------------------------------------------------------------------------------------


def drop_unused_joins(statement: Select) -> Select:
    """Leave out left joins that nobody reads and that give each row one partner at most."""
    made = statement
    for join in reversed(statement.joins):
        if join.outer and join.is_single and not _is_read(made, join.table):
            left = made.copy()
            left.joins = tuple(other for other in made.joins if other is not join)
            made = left
    return made


def _is_read(statement: Select, table: str) -> bool:
    if any(expression._reads_anything() or table in reads(expression) for expression in statement.expressions()):
        return True
    if statement.extra is not PLAIN and (statement.extra.lock is not None or statement.extra.compound):
        return True
    return any(join.source == table or join.is_lateral for join in statement.joins)


# --- counting ------------------------------------------------------------------------------------------------------------


def drop_order_under_count(statement: Select) -> Select:
    """Leave out the order of rows that are only counted: a limit takes as many of them in any order."""
    if not statement.orders or statement.extra.firsts:
        return statement
    made = statement.copy()
    made.orders = ()
    return made


PASSES: tuple[Pass, ...] = (
    Pass("fold_conditions", fold_conditions),
    Pass("drop_unused_joins", drop_unused_joins),
    Pass("drop_order_under_count", drop_order_under_count, counts_only=True),
)
"""The passes that are always there; each may be switched off."""
