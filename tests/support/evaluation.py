"""Expressions of a schema in Python: what they mean, and random ones to compare with what a database makes of them."""

import datetime as dt
import math
import re
from collections.abc import Callable, Mapping, Sequence
from decimal import ROUND_HALF_UP, Context, Decimal
from typing import Any

from hypothesis import strategies as st

from isomorph.catalog import (
    And,
    Arithmetic,
    Between,
    Call,
    Column,
    ColumnRef,
    Comparison,
    Expression,
    In,
    IsNull,
    Kind,
    Like,
    Literal,
    Matches,
    Not,
    Or,
    Parameter,
    Table,
    kind_of,
    value_kind,
)
from isomorph.catalog import words as t
from isomorph.catalog.patterns import Engine, spelled

__all__ = ["ROWS", "TABLE", "conditions", "evaluated", "values"]

TABLE = Table(
    "things",
    columns=(
        Column("n", t.int(), nullable=True),
        Column("m", t.smallint()),
        Column("big", t.bigint()),
        Column("few", t.unsigned_int()),
        Column("d", t.decimal(9, 2), nullable=True),
        Column("e", t.decimal(9, 4)),
        Column("f", t.double(), nullable=True),
        Column("s", t.string(20), nullable=True),
        Column("w", t.text()),
        Column("day", t.date(), nullable=True),
        Column("at", t.time()),
        Column("local", t.datetime()),
        Column("moment", t.timestamptz(), nullable=True),
        Column("flag", t.bool(), nullable=True),
    ),
    primary_key=("m",),
)

Row = Mapping[str, Any]

_KINDS = {column.name: value_kind(column.type.kind) for column in TABLE.columns}

_EXACT = Context(prec=200)
_MILLION_MILLIONTH = Decimal(1).scaleb(-12)

# --- what an expression means --------------------------------------------------------------------------------------------


def evaluated(expression: Expression, row: Row) -> Any:
    """The value of an expression in a row, as the guide of the schema says; None is NULL."""
    match expression:
        case ColumnRef(name):
            return row[name]
        case Literal(value):
            return value
        case Arithmetic(operator, left, right):
            return _calculated(operator, evaluated(left, row), evaluated(right, row))
        case Call(name, arguments):
            return _of_kind(_kind(expression), _called(name, [evaluated(argument, row) for argument in arguments]))
        case And(items):
            return _every([evaluated(item, row) for item in items])
        case Or(items):
            return _not(_every([_not(evaluated(item, row)) for item in items]))
        case Not(item):
            return _not(evaluated(item, row))
        case IsNull(item, negated):
            return (evaluated(item, row) is None) != negated
        case Parameter():
            raise AssertionError("only scopes have parameters")
        case _:
            return _tested(expression, row)


def _kind(expression: Expression) -> Kind | None:
    return kind_of(expression, _KINDS.__getitem__, _KINDS.__getitem__)


def _of_kind(kind: Kind | None, value: Any) -> Any:
    """A number as one of the kind that an expression has whatever its operands are: `coalesce(d, 3)` is a decimal."""
    if not isinstance(value, int | Decimal) or isinstance(value, bool):
        return value
    return Decimal(value) if kind is Kind.DECIMAL else float(value) if kind is Kind.DOUBLE else value


def _tested(expression: Comparison | In | Between | Like | Matches, row: Row) -> bool | None:
    match expression:
        case Comparison(operator, left, right):
            return _compared(operator, evaluated(left, row), evaluated(right, row))
        case In(item, items, negated):
            tests = [_compared("<>", evaluated(item, row), evaluated(other, row)) for other in items]
            return _every(tests) if negated else _not(_every(tests))
        case Between(item, low, high, negated):
            value = evaluated(item, row)
            inside = _every([_compared(">=", value, evaluated(low, row)), _compared("<=", value, evaluated(high, row))])
            return _not(inside) if negated else inside
        case Like(item, pattern, negated):
            found = _found(_like(str(evaluated(pattern, row))), evaluated(item, row))
            return _not(found) if negated else found
        case Matches(item, pattern, negated):
            found = _found(spelled(pattern, Engine.PYTHON), evaluated(item, row))
            return _not(found) if negated else found


def _every(values: Sequence[bool | None]) -> bool | None:
    return False if False in values else None if None in values else True


def _not(value: bool | None) -> bool | None:
    return None if value is None else not value


def _compared(operator: str, left: Any, right: Any) -> bool | None:
    if left is None or right is None:
        return None
    order = (left > right) - (left < right)
    answers: dict[str, bool] = {
        "=": order == 0,
        "<>": order != 0,
        "<": order < 0,
        "<=": order <= 0,
        ">": order > 0,
        ">=": order >= 0,
    }
    return answers[operator]


def _found(pattern: str, text: str | None) -> bool | None:
    return None if text is None else re.search(pattern, text) is not None


def _like(pattern: str) -> str:
    """The regular expression of a LIKE pattern."""
    places = re.compile(r"(\\[\s\S]?)|([%_])|([\s\S])")
    return "".join([r"\A", *(_piece(*match.groups()) for match in places.finditer(pattern)), r"\Z"])


def _piece(escaped: str | None, wildcard: str | None, char: str | None) -> str:
    if wildcard is not None:
        return r"[\s\S]*" if wildcard == "%" else r"[\s\S]"
    return re.escape(escaped[1:] if escaped is not None else char or "")


def _calculated(operator: str, left: Any, right: Any) -> Any:
    if left is None or right is None or (operator in "/%" and not right):
        return None
    if isinstance(left, float) or isinstance(right, float):
        left, right = float(left), float(right)
    elif isinstance(left, Decimal) or isinstance(right, Decimal):
        left, right = Decimal(left), Decimal(right)
    match operator:
        case "+":
            return left + right
        case "-":
            return left - right
        case "*":
            return _EXACT.multiply(left, right) if isinstance(left, Decimal) else left * right
        case "%":
            return abs(left) % abs(right) * (-1 if left < 0 else 1)
        case _ if isinstance(left, Decimal):
            return _EXACT.divide(left, right).quantize(_MILLION_MILLIONTH, ROUND_HALF_UP, _EXACT)
        case _ if isinstance(left, int):
            return abs(left) // abs(right) * (-1 if (left < 0) != (right < 0) else 1)
        case _:
            return left / right


def _called(name: str, arguments: list[Any]) -> Any:
    if name == "coalesce":
        return next((argument for argument in arguments if argument is not None), None)
    if name == "nullif":
        return None if arguments[0] == arguments[1] else arguments[0]
    if None in arguments:
        return None
    return _FUNCTIONS[name](*arguments)


def _lower(text: str) -> str:
    return "".join(char.lower() if len(char.lower()) == 1 else char for char in text)


def _upper(text: str) -> str:
    return "".join(char.upper() if len(char.upper()) == 1 else char for char in text)


def _rounded(number: Any, digits: int | None = None) -> Any:
    quantum = Decimal(1).scaleb(-(digits or 0))
    rounded = Decimal(number).quantize(quantum, ROUND_HALF_UP, _EXACT)
    return int(rounded) if digits is None else rounded


def _substring(text: str, start: int, length: int | None = None) -> str:
    return text[start - 1 :] if length is None else text[start - 1 : start - 1 + length]


def _day(value: dt.datetime) -> dt.date:
    return (value if value.tzinfo is None else value.astimezone(dt.UTC)).date()


def _part(name: str) -> Any:
    def read(value: Any) -> Any:
        return getattr(value.astimezone(dt.UTC) if getattr(value, "tzinfo", None) else value, name)

    return read


def _trimmed(strip: Callable[[str, str], str]) -> Callable[[str], str]:
    return lambda text: strip(text, " ")


def _concatenated(*parts: object) -> str:
    return "".join(map(str, parts))


_FUNCTIONS: dict[str, Any] = {
    "lower": _lower,
    "upper": _upper,
    "trim": _trimmed(str.strip),
    "ltrim": _trimmed(str.lstrip),
    "rtrim": _trimmed(str.rstrip),
    "length": len,
    "concat": _concatenated,
    "substring": _substring,
    "replace": str.replace,
    "abs": abs,
    "round": _rounded,
    "floor": math.floor,
    "ceil": math.ceil,
    "date": _day,
    **{name: _part(name) for name in ("year", "month", "day", "hour", "minute", "second")},
}

# --- random rows and expressions -----------------------------------------------------------------------------------------

_LETTERS = "aAbBzZ0 9%_\\'\"ßéÉΣσжЖ🙂-\n"
_TEXTS = st.text(st.sampled_from(_LETTERS), max_size=8)
_SMALL = st.integers(-50_000, 50_000)
_EXACT_DOUBLES = st.integers(-4_000, 4_000).map(lambda number: number / 4)
_DATES = st.dates(dt.date(1000, 1, 1), dt.date(9999, 12, 31))
_CLOCKS = st.times()
_LOCALS = st.datetimes(dt.datetime(1000, 1, 2), dt.datetime(9999, 12, 30))  # noqa: DTZ001 - without a zone on purpose
_MOMENTS = _LOCALS.map(lambda value: value.replace(tzinfo=dt.UTC))


def _cents(most: int, digits: int) -> st.SearchStrategy[Decimal]:
    return st.integers(-most, most).map(lambda number: Decimal(number).scaleb(-digits))


ROWS: st.SearchStrategy[dict[str, Any]] = st.fixed_dictionaries(
    {
        "n": st.none() | _SMALL,
        "m": st.integers(-(2**15), 2**15 - 1),
        "big": _SMALL,
        "few": st.integers(0, 50_000),
        "d": st.none() | _cents(100_000, 2),
        "e": _cents(100_000, 4),
        "f": st.none() | _EXACT_DOUBLES,
        "s": st.none() | _TEXTS,
        "w": _TEXTS,
        "day": st.none() | _DATES,
        "at": _CLOCKS,
        "local": _LOCALS,
        "moment": st.none() | _MOMENTS,
        "flag": st.none() | st.booleans(),
    }
)
"""Values of `TABLE`; doubles are such that sums and products of them are exact."""


def _leaves(columns: Sequence[str], constants: st.SearchStrategy[Any]) -> st.SearchStrategy[Expression]:
    return st.sampled_from([ColumnRef(name) for name in columns]) | constants.map(Literal)


def _of(name: str, *arguments: st.SearchStrategy[Any]) -> st.SearchStrategy[Expression]:
    return st.tuples(*arguments).map(lambda given: Call(name, tuple(given)))


def _calculating(inner: st.SearchStrategy[Expression], operators: Sequence[str]) -> st.SearchStrategy[Expression]:
    return st.builds(Arithmetic, st.sampled_from(operators), inner, inner)


_counts = st.integers(1, 6).map(Literal)
_text_leaves = _leaves(["s", "w"], _TEXTS)
_texts: st.SearchStrategy[Expression] = st.recursive(
    _text_leaves,
    lambda inner: st.one_of(
        *(_of(name, inner) for name in ("lower", "upper", "trim", "ltrim", "rtrim")),
        _of("concat", inner, inner),
        _of("concat", inner, st.just(ColumnRef("n"))),
        _of("substring", inner, _counts),
        _of("substring", inner, _counts, st.integers(0, 6).map(Literal)),
        _of("replace", inner, _TEXTS.filter(bool).map(Literal), _text_leaves),
        _of("coalesce", inner, inner),
        _of("nullif", inner, _text_leaves),
    ),
    max_leaves=4,
)
_days = st.sampled_from([ColumnRef("day"), ColumnRef("local"), ColumnRef("moment")])
_clocks = st.sampled_from([ColumnRef("at"), ColumnRef("local"), ColumnRef("moment")])
_integers: st.SearchStrategy[Expression] = st.recursive(
    _leaves(["n", "m", "big", "few"], st.integers(-9, 9)),
    lambda inner: st.one_of(
        _calculating(inner, "+-*/%"),
        _of("abs", inner),
        _of("round", inner),
        _of("coalesce", inner, inner),
        _of("nullif", inner, inner),
        _of("length", _texts),
        *(_of(name, _days) for name in ("year", "month", "day")),
        *(_of(name, _clocks) for name in ("hour", "minute", "second")),
    ),
    max_leaves=4,
)
_decimals: st.SearchStrategy[Expression] = st.recursive(
    _leaves(["d", "e"], _cents(999, 2)),
    lambda inner: st.one_of(
        _calculating(inner, "+-*/"),
        _calculating(st.one_of(inner, st.sampled_from([ColumnRef("n"), ColumnRef("m")])), "+-*"),
        _of("abs", inner),
        _of("round", inner, st.integers(0, 3).map(Literal)),
        _of("coalesce", inner, inner),
        _of("coalesce", inner, st.just(ColumnRef("m"))),
        _of("coalesce", st.just(ColumnRef("n")), inner),
        _of("nullif", inner, inner),
        _of("nullif", st.sampled_from([ColumnRef("n"), ColumnRef("m")]), inner),
    ),
    max_leaves=3,
)
_whole_decimals = st.one_of(*(_of(name, _decimals) for name in ("round", "floor", "ceil")))
_doubles: st.SearchStrategy[Expression] = st.recursive(
    _leaves(["f"], _EXACT_DOUBLES),
    lambda inner: st.one_of(
        _calculating(inner, "+-*"),
        st.builds(Arithmetic, st.sampled_from("+-*"), inner, st.sampled_from([ColumnRef("m"), ColumnRef("n")])),
        _of("abs", inner),
        _of("coalesce", inner, inner),
        _of("coalesce", st.sampled_from([ColumnRef("n"), ColumnRef("d")]), inner),
        _of("nullif", inner, st.sampled_from([ColumnRef("n"), ColumnRef("m")])),
    ),
    max_leaves=3,
)
_whole_doubles = st.one_of(*(_of(name, _doubles) for name in ("floor", "ceil")))
_dates = _leaves(["day"], _DATES) | _of("date", st.sampled_from([ColumnRef("local"), ColumnRef("moment")]))

values: st.SearchStrategy[Expression] = st.one_of(
    _texts, _integers, _decimals, _whole_decimals, _doubles, _whole_doubles, _dates
)
"""Expressions with a value."""

_PATTERNS = st.sampled_from(
    [
        "^[a-z]+$",
        "[^a-z]",
        "^.{2,4}$",
        r"\d",
        r"^\w*$",
        r"\s$",
        "^(a|b)+",
        "é|É",
        "[Α-ω]",
        r"^[-_%\\]",
        r"\\",
        "^$",
        ".b?.",
        "a{2}",
        "🙂",
        r"[\n]",
    ]
)


def _comparing(part: st.SearchStrategy[Expression]) -> st.SearchStrategy[Expression]:
    return st.one_of(
        st.builds(Comparison, st.sampled_from(["=", "<>", "<", "<=", ">", ">="]), part, part),
        st.builds(Between, part, part, part, st.booleans()),
        st.builds(In, part, st.lists(part, min_size=1, max_size=3).map(tuple), st.booleans()),
    )


_exact_numbers = st.one_of(_integers, _decimals)
_tests: st.SearchStrategy[Expression] = st.one_of(
    *(_comparing(part) for part in (_texts, _integers, _decimals, _exact_numbers, _doubles, _dates)),
    st.builds(IsNull, values, st.booleans()),
    st.builds(Like, _texts, _TEXTS.map(Literal), st.booleans()),
    st.builds(Matches, _texts, _PATTERNS, st.booleans()),
    st.just(Comparison("=", ColumnRef("flag"), Literal(True))),
)

conditions: st.SearchStrategy[Expression] = st.recursive(
    _tests,
    lambda inner: st.one_of(
        st.builds(Not, inner),
        st.lists(inner, min_size=2, max_size=3).map(lambda items: And(tuple(items))),
        st.lists(inner, min_size=2, max_size=3).map(lambda items: Or(tuple(items))),
    ),
    max_leaves=4,
)
"""Expressions that are true, false or unknown."""
