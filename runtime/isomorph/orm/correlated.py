"""Correlated sub-queries: the related rows of a row, as conditions and values of the statement around them.

Owns what the tables inside are called. A name is chosen when the statement is written, for only then is known what the
statements around already name: a table of a self relation gets another name wherever its own one is that of the row
outside.
"""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import replace
from typing import TYPE_CHECKING, Any

from isomorph.dataclassing import dataclass
from isomorph.errors import InvalidQuery
from isomorph.orm.scoping import guarding
from isomorph.orm.steps import Choice, Step
from isomorph.sql.aggregation import Aggregate
from isomorph.sql.expressions import Bound, Comparison, Expression, Order, Predicate, Reference
from isomorph.sql.homes import At, Homed
from isomorph.sql.predicates import InRows
from isomorph.sql.select import Select
from isomorph.sql.sources import Join, TableSource
from isomorph.sql.tallies import asked

if TYPE_CHECKING:
    from isomorph.sql.codecs import Codec
    from isomorph.sql.writer import Writer

__all__ = ["HasRows", "Lead", "OfRows", "Rows", "chosen_one"]


@dataclass(frozen=True, slots=True)
class Lead:
    """The way to a row that is itself on the way of a relation.

    Attributes:
        origin: what the statement calls the table where the relation starts.
        steps: those up to the row.
        names: what their tables are called.
    """

    origin: str
    steps: tuple[Step, ...]
    names: tuple[str, ...]


class Rows:
    """The related rows of a row.

    Attributes:
        source: the table that the row is of, as the relation knows it.
        steps: how one comes from there to the related rows.
        conditions: what must be true of these, made for the names of the tables on the way.
        scoped: whether the global scopes of the last model hold; else the conditions have those that do.
        alias: what the last table is called; None for its own name, or another one where that is taken.
        among: a statement for keys of the last table, among which these of the rows must be; or None.
        lead: how one comes to the row, where the steps are the rest of a relation's; else None.
    """

    __slots__ = ("alias", "among", "conditions", "lead", "scoped", "source", "steps")

    def __init__(
        self,
        source: str,
        steps: Sequence[Step],
        conditions: Sequence[Predicate] = (),
        *,
        scoped: bool = True,
        alias: str | None = None,
        among: Select | None = None,
        lead: Lead | None = None,
    ) -> None:
        self.source, self.steps, self.conditions = source, steps, conditions
        self.scoped, self.alias, self.among, self.lead = scoped, alias, among, lead

    def select(self, source: str, taken: Collection[str], operand: Aggregate | None = None) -> Select:
        """The statement for them.

        Args:
            source: what the statement around calls the row's table.
            taken: names that mean something in the statements around, `source` among them.
            operand: what is read: an aggregate made for the names of the tables on the way; nothing yet without one.

        Raises:
            InvalidQuery: the alias is that of the row itself.
        """
        names = self._names(source, taken)
        last = self.steps[-1]
        assert last.definition is not None  # a relation ends at a model
        made = _along(self.steps, names, source, self.lead or Lead(source, (), ()))
        if self.scoped:
            scope = guarding(last.definition, names[-1])
            if scope is not None:
                made.predicates += (scope,)
        if self.among is not None:
            key = [Reference[Any](names[-1], name, None) for name in last.definition.model.table.primary_key]
            made.predicates += (InRows(key, self.among),)
        homes = self._homes(names)
        made.predicates += tuple([_homed(condition, homes) for condition in self.conditions])
        if operand is not None:
            made.columns = (_moved(operand, homes),)
        return made

    def _names(self, source: str, taken: Collection[str]) -> list[str]:
        used = {source.lower()}
        if self.lead is not None:
            used.update(name.lower() for name in (self.lead.origin, *self.lead.names))
        last = self.steps[-1].table
        if self.alias is not None:
            if self.alias.lower() in used:
                raise InvalidQuery(
                    f"{self.alias} is already part of the query", "give what is inside of it an alias of another name"
                )
            last = self.alias
        names = [_free(last, used, taken)]
        for step in reversed(self.steps[:-1]):
            used.add(names[0].lower())
            names.insert(0, _free(step.table, used, taken))
        return names

    def _homes(self, names: Sequence[str]) -> list[tuple[str, str]]:
        """The tables that are called otherwise, and how; of a table that comes twice, the last one is meant."""
        found: dict[str, str] = {}
        for step, name in zip(reversed(self.steps), reversed(names), strict=True):
            found.setdefault(step.table, name)
        # An alias of the caller's is what the conditions were made for already.
        if self.alias is not None and found[self.steps[-1].table] == self.alias:
            del found[self.steps[-1].table]
        return [(table, name) for table, name in found.items() if table != name]


def _along(steps: Sequence[Step], names: Sequence[str], source: str, lead: Lead) -> Select:
    """The rows of the last table that a row leads to, with the global scopes of the tables between."""
    whole, called, passed = (*lead.steps, *steps), (*lead.names, *names), len(lead.steps)
    last = steps[-1]
    target = None if names[-1] == last.table else TableSource(last.table, names[-1])
    key = () if last.definition is None else last.definition.model.table.primary_key
    made = Select(names[-1], (), target, key=key)
    joins: list[Join] = []
    for number in range(len(steps) - 2, -1, -1):
        step, behind = steps[number], steps[number + 1]
        conditions = [chosen_one(whole, called, lead.origin, passed + number, choice) for choice in step.choices]
        scope = None if step.definition is None else guarding(step.definition, names[number])
        joins.append(
            Join(
                names[number],
                names[number + 1],
                [(remote, local) for local, remote in behind.pairs],
                constants=step.constants,
                condition=scope,
                target=None if names[number] == step.table else TableSource(step.table, names[number]),
            )
        )
        made.predicates += tuple(conditions)
    made.joins = tuple(joins)
    near = steps[0]
    own: list[Predicate] = [
        Comparison(Reference(names[0], remote, None), " = ", Reference(source, local, None))
        for local, remote in near.pairs
    ]
    own += [
        Comparison(Reference(names[-1], column, None), " = ", Bound(alias, None)) for column, alias in last.constants
    ]
    own += [Comparison(Reference(source, column, None), " = ", Bound(alias, None)) for column, alias in near.conditions]
    own += [chosen_one(whole, called, lead.origin, len(whole) - 1, choice) for choice in last.choices]
    made.predicates = (*own, *made.predicates)
    return made


def chosen_one(steps: Sequence[Step], names: Sequence[str], source: str, number: int, choice: Choice) -> Predicate:
    """The condition that a row is the one of several that a relation leads to.

    Args:
        steps: all steps of the statement.
        names: what their tables are called.
        source: what the table is called that they start at.
        number: the step to the several rows.
        choice: which of them.
    """
    start, last = number + 1 - choice.span, steps[number]
    # The relation is the same without the choice: what is chosen within it, before, stays.
    plain = replace(last, choices=last.choices[: last.choices.index(choice)])
    rows = Rows(names[start - 1] if start else source, (*steps[start:number], plain))
    return _Chosen(rows, names[number], choice)


def _free(name: str, used: Collection[str], taken: Collection[str]) -> str:
    """A name that none of the tables used has: its own, else one that nothing around has, either."""
    if name.lower() not in used:
        return name
    known = {*used, *map(str.lower, taken)}
    number = 2
    while f"{name[:_MOST]}_{number}".lower() in known:
        number += 1
    return f"{name[:_MOST]}_{number}"


_MOST = 40
"""Characters of a table's name that go into another one: databases cut names that are too long, some without a word."""


def _homed(condition: Predicate, homes: Sequence[tuple[str, str]]) -> Predicate:
    for table, name in homes:
        condition = Homed(condition, table, name)
    return condition


def _moved(aggregate: Aggregate, homes: Sequence[tuple[str, str]]) -> Aggregate:
    """An aggregate of what its operand is under the other names."""
    operand = aggregate.operand
    if operand is None or not homes:
        return aggregate
    for table, name in homes:
        operand = At(operand, table, name)
    return Aggregate(aggregate.name, operand, aggregate.codec)


# --- where they stand ----------------------------------------------------------------------------------------------------


class _Correlated(Expression[Any]):
    """What is said of the related rows of a row."""

    __slots__ = ("rows",)

    rows: Rows

    @property
    def _operand(self) -> Aggregate | None:
        return None

    @property
    def statement(self) -> Select:
        """The sub-query as it is where no name is taken: what it reads of the statement around does not depend on that."""
        return self.rows.select(self.rows.source, (self.rows.source,), self._operand)

    def _select(self, out: Writer) -> Select:
        return self.rows.select(out.resolved(self.rows.source), out.visible or (), self._operand)

    def _own_reads(self) -> Sequence[str]:
        return self.statement.free_reads

    def _tells_null(self) -> bool:
        return True

    def _reads_anything(self) -> bool:
        return any(expression._reads_anything() for expression in self.statement.expressions())


class HasRows(_Correlated, Predicate):
    """Whether there are related rows; with `negated`, whether there are none."""

    __slots__ = ("negated",)

    def __init__(self, rows: Rows, *, negated: bool = False) -> None:
        self.rows, self.negated = rows, negated

    def _write(self, out: Writer) -> None:
        out.parts.append("NOT EXISTS (" if self.negated else "EXISTS (")
        asked(self._select(out)).write(out)
        out.parts.append(")")

    def _is_nullable(self, outer_joined: Sequence[str]) -> bool:
        del outer_joined
        return False

    def __invert__(self) -> Predicate:
        return HasRows(self.rows, negated=not self.negated)


class OfRows(_Correlated):
    """What related rows come to: an aggregate of them."""

    __slots__ = ("aggregate",)

    def __init__(self, rows: Rows, aggregate: Aggregate) -> None:
        self.rows, self.aggregate = rows, aggregate

    @property
    def _operand(self) -> Aggregate:
        return self.aggregate

    def _write(self, out: Writer) -> None:
        out.parts.append("(")
        self._select(out).write(out)
        out.parts.append(")")

    def _codec(self) -> Codec | None:
        return self.aggregate.codec

    def _where(self) -> str:
        return self.aggregate.title

    def _allows_none(self) -> bool:
        return self.aggregate.allows_none

    def _is_nullable(self, outer_joined: Sequence[str]) -> bool:
        return self.aggregate._is_nullable(outer_joined)


class _Chosen(_Correlated, Predicate):
    """Whether a row is the first of the rows that another one is related to."""

    __slots__ = ("choice", "name")

    def __init__(self, rows: Rows, name: str, choice: Choice) -> None:
        self.rows, self.name, self.choice = rows, name, choice

    @property
    def statement(self) -> Select:
        return self._first(self.rows.select(self.rows.source, (self.rows.source, self.name)))

    def _write(self, out: Writer) -> None:
        made = self._first(self._select(out))
        name = out.resolved(self.name)
        keys = [Reference[Any](name, column, None) for column in made.key]
        several = len(keys) > 1
        out.parts.append("(" if several else "")
        for number, key in enumerate(keys):
            out.parts.append(", " if number else "")
            key._write(out)
        out.parts.append(") = (" if several else " = (")
        made.write(out)
        out.parts.append(")")

    def _first(self, rows: Select) -> Select:
        rule, target = self.choice.rule, self.rows.steps[-1].definition
        assert target is not None  # a relation ends at a model
        rows.columns = tuple([Reference[Any](rows.table, column, None) for column in rows.key])
        names = [rule.column, *[column for column in rows.key if column != rule.column]]
        rows.orders = tuple(
            [
                Order(column._referenced(rows.table, column.name), descending=rule.greatest, nulls="last")
                for column in target.of_columns(names)
            ]
        )
        rows.limit = 1
        return rows

    def _own_reads(self) -> Sequence[str]:
        return (self.name, *self.statement.free_reads)
