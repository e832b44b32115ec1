"""Conditions with more to them than an operator: membership, patterns, sub-queries."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

from isomorph.catalog.patterns import spelled
from isomorph.dialects.standard.sql import Pattern
from isomorph.errors import InvalidQuery
from isomorph.sql.calls import write_call
from isomorph.sql.codecs import Codec
from isomorph.sql.expressions import Expression, Predicate
from isomorph.sql.select import Select
from isomorph.sql.tallies import asked
from isomorph.sql.writer import Writer

if TYPE_CHECKING:
    from isomorph.sql.outlines import Outline

__all__ = ["Claim", "Enclosed", "Exists", "In", "InQuery", "InRows", "Like", "Matches"]

_FEW = 100
"""In-lists up to this size are written out; longer ones go as one array where the dialect has them."""


class In(Predicate):
    """`item` among values. Values are checked, hold no NULL, and are at least one."""

    __slots__ = ("codec", "item", "negated", "values")

    def __init__(self, item: Expression[object], values: Sequence[object], codec: Codec, *, negated: bool) -> None:
        self.item = item
        self.values = values
        self.codec = codec
        self.negated = negated

    def _write(self, out: Writer) -> None:
        bind = self.codec.binds[out.name]
        values = self.values if bind is None else [bind(value) for value in self.values]
        if len(values) > _FEW:
            if self._write_array(out, values):
                return
            if len(values) + len(out.parameters) > out.dialect.sql.most_parameters:
                raise InvalidQuery(
                    f"{len(values)} values are more than one statement takes", "split the list into several queries"
                )
        self.item._write(out)
        out.parts.append(" NOT IN (" if self.negated else " IN (")
        out.parts.append(", ".join([out.placeholder] * len(values)))
        out.parts.append(")")
        out.parameters.extend(values)

    def _outline(self, out: Outline) -> bool:
        out.parts += ("not in" if self.negated else "in", len(self.values))
        if len(self.values) > _FEW or not self.item._outline(out):
            return False
        bind = self.codec.binds[out.name]
        out.parameters.extend(self.values if bind is None else [bind(value) for value in self.values])
        return True

    def _write_array(self, out: Writer, values: Sequence[object]) -> bool:
        array = out.dialect.sql.array_in(self.codec.type.kind, negated=self.negated)
        if array is None:
            return False
        self.item._write(out)
        out.parts.append(array)
        out.parameters.append(out.dialect.sql.array_value(values))
        return True

    def _children(self) -> Sequence[Expression[Any]]:
        return (self.item,)


class InQuery(Predicate):
    """`item` among the values of a sub-query, which are one per row. NULL among them is nobody's value."""

    __slots__ = ("item", "negated", "statement")

    def __init__(self, item: Expression[object], statement: Select, *, negated: bool) -> None:
        self.item, self.statement, self.negated = item, statement, negated

    def _write(self, out: Writer) -> None:
        self.item._write(out)
        out.parts.append(" NOT IN (" if self.negated else " IN (")
        column = self.statement.only_column
        # One NULL among the values would make NOT IN true for nothing; and MySQL takes no LIMIT there.
        if self.negated and column._is_nullable(self.statement.outer_joined):
            self._write_derived(out, f" WHERE {out.quoted('value')} IS NOT NULL")
        elif self.statement.is_cut:
            self._write_derived(out, "")
        else:
            self.statement.write(out)
        out.parts.append(")")

    def _write_derived(self, out: Writer, behind: str) -> None:
        value = out.quoted("value")
        out.parts.append(f"SELECT {value} FROM (")
        self.statement.labelled(("value",)).write(out)
        out.parts.append(f") AS {out.quoted('found')}{behind}")

    def _children(self) -> Sequence[Expression[Any]]:
        return (self.item,)

    def _own_reads(self) -> Sequence[str]:
        return self.statement.free_reads


class InRows(Predicate):
    """Whether values, of a key of one column or several, are those of a row of a sub-query. None of them is NULL."""

    __slots__ = ("items", "statement")

    def __init__(self, items: Sequence[Expression[Any]], statement: Select) -> None:
        self.items, self.statement = items, statement

    def _write(self, out: Writer) -> None:
        several = len(self.items) > 1
        out.parts.append("(" if several else "")
        for number, item in enumerate(self.items):
            if number:
                out.parts.append(", ")
            item._write(out)
        out.parts.append(") IN (" if several else " IN (")
        self.statement.write(out)
        out.parts.append(")")

    def _children(self) -> Sequence[Expression[Any]]:
        return self.items

    def _own_reads(self) -> Sequence[str]:
        return self.statement.free_reads


class Exists(Predicate):
    """Whether a sub-query has rows."""

    __slots__ = ("statement",)

    def _tells_null(self) -> bool:
        return True

    def __init__(self, statement: Select) -> None:
        self.statement = statement

    def _write(self, out: Writer) -> None:
        out.parts.append("EXISTS (")
        asked(self.statement).write(out)
        out.parts.append(")")

    def _own_reads(self) -> Sequence[str]:
        return self.statement.free_reads

    def _is_nullable(self, outer_joined: Sequence[str]) -> bool:
        del outer_joined
        return False


class Like(Predicate):
    """`item` matches a pattern."""

    __slots__ = ("fold", "item", "pattern")

    def __init__(self, item: Expression[object], pattern: Pattern, *, fold: bool) -> None:
        self.item = item
        self.pattern = pattern
        self.fold = fold

    def _write(self, out: Writer) -> None:
        rules, parts = out.dialect.sql, out.parts
        before, between, behind = rules.ilike if self.fold else rules.like
        parts.append(before)
        self.item._write(out)
        parts.append(between)
        parts.append(out.placeholder)
        parts.append(behind)
        out.parameters.append(rules.ilike_pattern(self.pattern) if self.fold else rules.like_pattern(self.pattern))

    def _outline(self, out: Outline) -> bool:
        rules = out.dialect.sql
        out.parts.append("ilike" if self.fold else "like")
        if not self.item._outline(out):
            return False
        out.parameters.append(rules.ilike_pattern(self.pattern) if self.fold else rules.like_pattern(self.pattern))
        return True

    def _children(self) -> Sequence[Expression[Any]]:
        return (self.item,)


class Claim(Predicate):
    """A condition that each dialect spells by its table of templates, as it does functions (see `Call`)."""

    __slots__ = ("arguments", "name")

    def __init__(self, name: str, arguments: Sequence[Expression[Any]]) -> None:
        self.name, self.arguments = name, arguments

    def _write(self, out: Writer) -> None:
        write_call(out, self.name, self.arguments)

    def _children(self) -> Sequence[Expression[Any]]:
        return self.arguments


class Enclosed(Predicate):
    """A condition in parentheses, as an operand."""

    __slots__ = ("item",)

    def __init__(self, item: Predicate) -> None:
        self.item = item

    def _write(self, out: Writer) -> None:
        out.parts.append("(")
        self.item._write(out)
        out.parts.append(")")

    def _children(self) -> Sequence[Expression[Any]]:
        return (self.item,)


class Matches(Predicate):
    """A regular expression is found in `item`; see `isomorph.catalog.patterns`."""

    __slots__ = ("ignore_case", "item", "pattern")

    def __init__(self, item: Expression[object], pattern: str, *, ignore_case: bool) -> None:
        self.item, self.pattern, self.ignore_case = item, pattern, ignore_case

    def _write(self, out: Writer) -> None:
        rules = out.dialect.sql
        before, between, behind = rules.matches
        out.parts.append(before)
        self.item._write(out)
        out.parts.append(between)
        out.bind(("(?i)" if self.ignore_case else "") + spelled(self.pattern, rules.engine), None)
        out.parts.append(behind)

    def _children(self) -> Sequence[Expression[Any]]:
        return (self.item,)
