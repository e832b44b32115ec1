"""Aggregates as nodes of the tree: how one is written for a dialect, where it may stand, how its value is loaded."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from functools import lru_cache
from typing import Any

from isomorph import dialects
from isomorph.catalog import ColumnType, Kind
from isomorph.dialects.base import Load
from isomorph.errors import InvalidQuery, InvalidValue
from isomorph.sql.arithmetic import DOUBLE
from isomorph.sql.codecs import Codec, codec_for
from isomorph.sql.expressions import All, Expression, Predicate
from isomorph.sql.means import rounded_mean
from isomorph.sql.windows import Window
from isomorph.sql.writer import Writer

__all__ = [
    "Aggregate",
    "ResultCodec",
    "check_place",
    "codec_of",
    "codec_of_mean",
    "codec_of_sum",
    "condition_of",
    "write_counted",
    "write_filter",
]


class Aggregate(Expression[Any]):
    """An aggregate, spelled as the dialect does for the kind of its operand.

    Attributes:
        name: COUNT, SUM, AVG, MIN, MAX, EVERY or SOME.
        operand: what is aggregated; None for rows.
        codec: how its value is loaded.
        condition: which rows count; None for all.
        is_distinct: whether equal values count once.
    """

    __slots__ = ("codec", "condition", "is_distinct", "name", "operand")

    def __init__(
        self,
        name: str,
        operand: Expression[Any] | None,
        codec: Codec | None = None,
        *,
        condition: Predicate | None = None,
        is_distinct: bool = False,
    ) -> None:
        self.name, self.operand, self.codec = name, operand, codec
        self.condition, self.is_distinct = condition, is_distinct

    def filtered(self, condition: Predicate) -> Aggregate:
        """The same of the rows that meet a condition, too."""
        both = condition if self.condition is None else All((self.condition, condition))
        return Aggregate(self.name, self.operand, self.codec, condition=both, is_distinct=self.is_distinct)

    def distinct(self) -> Aggregate:
        """The same with equal values once."""
        return Aggregate(self.name, self.operand, self.codec, condition=self.condition, is_distinct=True)

    def _write(self, out: Writer) -> None:
        check_place(out, self.title)
        with out.part("an aggregate"):
            self._write_call(out, None)

    def write_over(self, out: Writer, window: Window) -> None:
        """Write it over a window."""
        self._write_call(out, window)

    def _write_call(self, out: Writer, window: Window | None) -> None:
        parts, totalled = out.parts, out.totalled
        out.totalled = ()  # in a total of a rollup, too, it is of the values of all rows
        codec = None if self.operand is None else self.operand._codec()
        spelled = out.dialect.sql.aggregate(self.name, None if codec is None else codec.type.kind)
        before, behind = spelled.result
        parts.append(f"{before}{spelled.name}({'DISTINCT ' if self.is_distinct else ''}{spelled.operand[0]}")
        write_counted(out, self.operand, self.condition)
        parts.append(f"{spelled.operand[1]})")
        write_filter(out, self.condition)
        if window is not None:
            parts.append(" OVER (")
            window.write(out)
            parts.append(")")
        if behind:
            parts.append(behind)
        out.totalled = totalled

    def _codec(self) -> Codec | None:
        return self.codec

    def _where(self) -> str:
        return self.title

    def _children(self) -> Sequence[Expression[Any]]:
        return self.operands

    def _is_aggregate(self) -> bool:
        return True

    def _tells_null(self) -> bool:
        return self.tells_null

    def _allows_none(self) -> bool:
        return self.allows_none

    def _is_nullable(self, outer_joined: Sequence[str]) -> bool:
        del outer_joined
        return not self.is_never_null

    @property
    def operands(self) -> Sequence[Expression[Any]]:
        """What it is made of."""
        return tuple([item for item in (self.operand, self.condition) if item is not None])

    @property
    def is_never_null(self) -> bool:
        """Whether it has a value of no rows, too."""
        return self.name == "COUNT"

    @property
    def allows_none(self) -> bool:
        """Whether its type says that it may be None."""
        return not self.is_never_null

    @property
    def tells_null(self) -> bool:
        """Whether its type says what it is where a row that it reads is missing."""
        return True

    @property
    def title(self) -> str:
        """What it is called in an error."""
        return f"{_TITLES.get(self.name) or self.name.lower()}()"


_TITLES = {"EVERY": "bool_and", "SOME": "bool_or"}


def check_place(out: Writer, title: str) -> None:
    """Refuse an aggregate where single rows are meant.

    Raises:
        InvalidQuery: it stands there.
    """
    clause = out.clause
    if clause is None or clause in _TAKING_AGGREGATES:
        return
    mend = "use having(), or compare with a sub-query" if clause == "where()" else "select() it in a subquery() first"
    raise InvalidQuery(f"{title} in {clause}", mend)


_TAKING_AGGREGATES = frozenset({"having()", "a window"})


def write_counted(out: Writer, operand: Expression[Any] | None, condition: Predicate | None) -> None:
    """Write an operand; NULL for the rows that do not count, where the dialect has no FILTER."""
    if condition is None or out.dialect.sql.has_filter:
        _write_operand(out, operand, "*")
        return
    out.parts.append("CASE WHEN ")
    condition._write(out)
    out.parts.append(" THEN ")
    _write_operand(out, operand, "1")
    out.parts.append(" END")


def _write_operand(out: Writer, operand: Expression[Any] | None, rows: str) -> None:
    if operand is None:
        out.parts.append(rows)
    else:
        operand._write(out)


def write_filter(out: Writer, condition: Predicate | None) -> None:
    """Write which rows count, where the dialect has FILTER."""
    if condition is not None and out.dialect.sql.has_filter:
        out.parts.append(" FILTER (WHERE ")
        condition._write(out)
        out.parts.append(")")


def codec_of(given: object) -> Codec | None:
    """How the values of an expression are loaded; None of anything else."""
    return given._codec() if isinstance(given, Expression) else None


def condition_of(predicates: Sequence[Predicate]) -> Predicate:
    """The condition that all of these are true.

    Raises:
        InvalidQuery: there is none.
        InvalidValue: something that is no predicate.
    """
    if not predicates:
        raise InvalidQuery("filter() without a condition", "say which rows count")
    for predicate in predicates:
        if not isinstance(predicate, Predicate):  # pyright: ignore[reportUnnecessaryIsInstance] - callers without a type checker
            raise InvalidValue("filter()", "a predicate such as User.age >= 18", type(predicate).__name__)
    return predicates[0] if len(predicates) == 1 else All(predicates)


# --- how results are loaded ------------------------------------------------------------------------------------------------


class ResultCodec(Codec):
    """The codec of a column type whose values come from a calculation, and so in another form."""

    __slots__ = ()

    def __init__(self, like: Codec, load: Callable[[str], Load | None]) -> None:
        """As another codec, but for the loads.

        Args:
            like: how values are checked and bound.
            load: from a dialect's name to how what its driver gives is loaded.
        """
        super().__init__(like.type, like.enum_class, like.converter, like.cipher)
        self.loads.update({name: load(name) for name in dialects.NAMES})


@lru_cache(maxsize=1024)
def codec_of_sum(codec: Codec) -> Codec:
    """How sums of a type's values are loaded."""
    return ResultCodec(codec, lambda dialect: lambda value: codec.total(value, dialect))


@lru_cache(maxsize=1024)
def codec_of_mean(codec: Codec) -> Codec:
    """How means of a type's values are loaded: decimals as such, all other numbers as floats."""
    if codec.type.kind is not Kind.DECIMAL:
        return _MEAN_OF_NUMBERS
    exact = codec_for(ColumnType(Kind.DECIMAL))

    def load(dialect: str) -> Load:
        made = exact.loads[dialect]
        return rounded_mean if made is None else lambda value: rounded_mean(made(value))

    return ResultCodec(exact, load)


def _load_float(value: Any) -> float:
    return float(value)


_MEAN_OF_NUMBERS = ResultCodec(DOUBLE, lambda _: _load_float)
