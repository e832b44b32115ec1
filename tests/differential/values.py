"""Random expressions, each as isomorph's and as what it means in Python: computed numbers, texts, dates and conditions of them.

As everywhere here the meaning is plain Python over plain values. A meaning that reads NULL is NULL, unless it says otherwise.
"""

import datetime as dt
import operator
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from decimal import ROUND_CEILING, ROUND_FLOOR, ROUND_HALF_UP, Context, Decimal
from typing import Any, cast

from hypothesis import strategies as st

from isomorph import functions as f
from tests.differential.conditions import Columns
from tests.differential.worlds import Kinds, Row

__all__ = ["Computed", "computed", "lowered"]

One = Callable[[Any], Any]
Two = Callable[[Any, Any], Any]
Make = One | Two
"""An expression, or a value, of the expressions or values of columns."""


@dataclass(frozen=True)
class Computed:
    """An expression.

    Attributes:
        text: what it is, for the report of a failing example.
        build: the expression, over the columns of the models.
        value: its value for a row.
        kind: what it gives.
    """

    text: str
    build: Callable[[Columns], Any]
    value: Callable[[Row], Any]
    kind: Kinds

    def __repr__(self) -> str:
        return self.text


@dataclass(frozen=True)
class _Form:
    """What can be computed of columns: `{0}` of the text is the first of them."""

    kind: Kinds
    text: str
    names: Sequence[str]
    build: Make
    value: Make
    reads_null: bool = False

    def made(self) -> Computed:
        """The form as an expression."""
        make, meaning = cast("Callable[..., Any]", self.build), cast("Callable[..., Any]", self.value)

        def value(row: Row) -> Any:
            values = [row[name] for name in self.names]
            return None if None in values and not self.reads_null else meaning(*values)

        return Computed(
            self.text.format(*self.names), lambda c: make(*[c(name) for name in self.names]), value, self.kind
        )


def computed(names: Sequence[str]) -> st.SearchStrategy[Computed]:
    """Expressions over the columns among these that are of `thing`."""
    forms = [form for form in FORMS if set(form.names) <= set(names)]
    return st.sampled_from(forms).map(_Form.made)


# --- numbers -------------------------------------------------------------------------------------------------------------

EXACT = Context(prec=400, rounding=ROUND_HALF_UP)
_TWELVE = Decimal("1e-12")
_FACTORS = (-7, -2, 1, 3, 100)
_NUMBERS = ("thing.number", "thing.maybe")
_PAIRS = (("thing.number", "thing.maybe"), ("thing.maybe", "thing.number"))
_EXACT_PAIRS = (("thing.price", "thing.cost"), ("thing.cost", "thing.price"))


def _unless_zero(compute: Two) -> Two:
    return lambda left, right: compute(left, right) if right else None


def _sign(number: Any) -> int:
    return bool(number > 0) - bool(number < 0)


def _cast(expression: Any, kind: Any) -> Any:
    made: Any = f  # whose overloads know nothing of such columns
    return made.cast(expression, kind)


def _nested(number: Any) -> Any:
    return (number + 1) * (number - 1) // 7


_CALCULATIONS: dict[str, Two] = {"+": operator.add, "-": operator.sub, "*": operator.mul}
_DIVISIONS: dict[str, Two] = {"/": lambda a, b: a / b, "//": lambda a, b: a // b, "%": lambda a, b: a % b}


def _reversed(compute: Two, left: Any) -> One:
    return lambda right: compute(left, right)


def _by(compute: Two, right: Any) -> One:
    return lambda left: compute(left, right)


def _integers() -> list[_Form]:
    found: list[_Form] = []
    for pair in _PAIRS:
        found += [_Form(Kinds.INTEGER, f"{{0}} {sign} {{1}}", pair, make, make) for sign, make in _CALCULATIONS.items()]
        for sign, make in _DIVISIONS.items():
            kind = Kinds.FLOAT if sign == "/" else Kinds.INTEGER
            found.append(_Form(kind, f"{{0}} {sign} {{1}}", pair, make, _unless_zero(make)))
    for name in _NUMBERS:
        for factor in _FACTORS:
            for sign, make in _DIVISIONS.items():
                kind = Kinds.FLOAT if sign == "/" else Kinds.INTEGER
                found.append(_Form(kind, f"{{0}} {sign} {factor}", [name], _by(make, factor), _by(make, factor)))
                swapped = _reversed(_unless_zero(make), factor)
                found.append(_Form(kind, f"{factor} {sign} {{0}}", [name], _reversed(make, factor), swapped))
            for sign, make in _CALCULATIONS.items():
                swapped = _reversed(make, factor)
                found.append(_Form(Kinds.INTEGER, f"{factor} {sign} {{0}}", [name], swapped, swapped))
        found += [
            _Form(Kinds.INTEGER, "-{0}", [name], operator.neg, operator.neg),
            _Form(Kinds.INTEGER, "{0}.abs()", [name], lambda n: n.abs(), abs),
            _Form(Kinds.INTEGER, "{0}.sign()", [name], lambda n: n.sign(), _sign),
            _Form(Kinds.TEXT, "cast({0}, str)", [name], lambda n: _cast(n, str), str),
            _Form(Kinds.FLOAT, "cast({0}, float)", [name], lambda n: _cast(n, float), float),
            _Form(
                Kinds.INTEGER,
                "({0} + 1) * ({0} - 1) // 7",
                [name],
                _nested,
                _nested,
            ),
        ]
    for sign, make in (("//", _DIVISIONS["//"]), ("%", _DIVISIONS["%"])):
        found += [
            _Form(Kinds.INTEGER, f"{{0}} {sign} {by}", ["thing.big"], _by(make, by), _by(make, by)) for by in (-7, 2, 3)
        ]
    return found


def _decimals() -> list[_Form]:
    def exact(compute: Callable[[Context, Decimal, Decimal], Decimal]) -> Two:
        return lambda left, right: compute(EXACT, Decimal(left), Decimal(right))

    def quotient(left: Decimal, right: Decimal) -> Decimal:
        return EXACT.divide(left, right).quantize(_TWELVE, ROUND_HALF_UP, EXACT)

    def floored(left: Decimal, right: Decimal) -> Decimal:
        return EXACT.divide(left, right).to_integral_value(ROUND_FLOOR)

    def remainder(left: Decimal, right: Decimal) -> Decimal:
        return EXACT.subtract(left, EXACT.multiply(right, floored(left, right)))

    calculations = {"+": Context.add, "-": Context.subtract, "*": Context.multiply}
    divisions: dict[str, Two] = {"/": quotient, "//": floored, "%": remainder}
    found: list[_Form] = []
    for pair in _EXACT_PAIRS:
        for sign, compute in calculations.items():
            found.append(_Form(Kinds.DECIMAL, f"{{0}} {sign} {{1}}", pair, _CALCULATIONS[sign], exact(compute)))
        for sign, make in divisions.items():
            found.append(_Form(Kinds.DECIMAL, f"{{0}} {sign} {{1}}", pair, _DIVISIONS[sign], _unless_zero(make)))
    for name in ("thing.price", "thing.cost"):
        for sign, make in divisions.items():
            by = Decimal("-0.03")
            found.append(_Form(Kinds.DECIMAL, f"{{0}} {sign} {by}", [name], _by(_DIVISIONS[sign], by), _by(make, by)))
        found += [
            _Form(
                Kinds.DECIMAL, f"{{0}} {sign} thing.number", [name, "thing.number"], _CALCULATIONS[sign], exact(compute)
            )
            for sign, compute in calculations.items()
        ]
        found += [
            _Form(Kinds.DECIMAL, "-{0}", [name], operator.neg, operator.neg),
            _Form(Kinds.DECIMAL, "{0}.abs()", [name], lambda n: n.abs(), abs),
            _Form(Kinds.INTEGER, "{0}.sign()", [name], lambda n: n.sign(), _sign),
            _Form(Kinds.INTEGER, "{0}.floor()", [name], lambda n: n.floor(), lambda n: int(n.to_integral(ROUND_FLOOR))),
            _Form(Kinds.INTEGER, "{0}.ceil()", [name], lambda n: n.ceil(), lambda n: int(n.to_integral(ROUND_CEILING))),
            _Form(
                Kinds.INTEGER, "{0}.round()", [name], lambda n: n.round(), lambda n: int(n.to_integral(ROUND_HALF_UP))
            ),
            _Form(
                Kinds.DECIMAL,
                "{0}.round(1)",
                [name],
                lambda n: n.round(1),
                lambda n: n.quantize(Decimal("0.1"), ROUND_HALF_UP),
            ),
        ]
    return found


def _floats() -> list[_Form]:
    weight = ["thing.weight"]

    def rounded(number: float) -> float:
        return float(EXACT.quantize(Decimal(repr(number)), Decimal("0.1")))

    return [
        *[
            _Form(Kinds.FLOAT, f"{{0}} {sign} 0.1", weight, _by(make, 0.1), _by(make, 0.1))
            for sign, make in _CALCULATIONS.items()
        ],
        _Form(Kinds.FLOAT, "{0} / 3", weight, lambda n: n / 3, lambda n: n / 3),
        _Form(
            Kinds.FLOAT,
            "{0} * {1}",
            ["thing.weight", "thing.number"],
            lambda n, other: n * other,
            lambda n, other: n * float(other),
        ),
        _Form(Kinds.FLOAT, "-{0}", weight, operator.neg, operator.neg),
        _Form(Kinds.FLOAT, "{0}.abs()", weight, lambda n: n.abs(), abs),
        _Form(Kinds.INTEGER, "{0}.sign()", weight, lambda n: n.sign(), _sign),
        _Form(Kinds.FLOAT, "{0}.round(1)", weight, lambda n: n.round(1), rounded),
    ]


# --- texts ---------------------------------------------------------------------------------------------------------------


def lowered(text: str) -> str:
    """Each letter as its small one, where that is one character."""
    return "".join(char.lower() if len(char.lower()) == 1 else char for char in text)


def _upper(text: str) -> str:
    return "".join(char.upper() if len(char.upper()) == 1 else char for char in text)


def _padded(text: str, length: int, fill: str) -> str:
    return (fill * length)[: max(length - len(text), 0)]


def _replaced(old: str, new: str) -> tuple[One, One]:
    def build(text: Any) -> Any:
        return text.replace(old, new)

    def value(text: str) -> str:
        return text.replace(old, new) if old else text

    return build, value


def _texts() -> list[_Form]:
    both = [("thing.name", "thing.nick"), ("thing.nick", "thing.name")]
    found = [
        form
        for pair in both
        for form in (
            _Form(Kinds.TEXT, "{0} + {1}", pair, operator.add, operator.add),
            _Form(Kinds.INTEGER, "{0}.position({1})", pair, lambda a, b: a.position(b), lambda a, b: a.find(b) + 1),
            _Form(
                Kinds.TEXT,
                "{0}.replace({1}, '<>')",
                pair,
                lambda a, b: a.replace(b, "<>"),
                lambda a, b: a.replace(b, "<>") if b else a,
            ),
        )
    ]
    for name in ("thing.name", "thing.nick"):
        forms: list[tuple[Kinds, str, One, One]] = [
            (Kinds.TEXT, "lower()", lambda t: t.lower(), lowered),
            (Kinds.TEXT, "upper()", lambda t: t.upper(), _upper),
            (Kinds.INTEGER, "length()", lambda t: t.length(), len),
            (Kinds.TEXT, "trim()", lambda t: t.trim(), lambda t: t.strip(" ")),
            (Kinds.TEXT, "ltrim('a')", lambda t: t.ltrim("a"), lambda t: t.lstrip("a")),
            (Kinds.TEXT, "rtrim('%')", lambda t: t.rtrim("%"), lambda t: t.rstrip("%")),
            (Kinds.TEXT, "reverse()", lambda t: t.reverse(), lambda t: t[::-1]),
            (Kinds.TEXT, "repeat(2)", lambda t: t.repeat(2), lambda t: t * 2),
            (Kinds.TEXT, "left(1)", lambda t: t.left(1), lambda t: t[:1]),
            (Kinds.TEXT, "right(1)", lambda t: t.right(1), lambda t: t[-1:]),
            (Kinds.TEXT, "substring(2)", lambda t: t.substring(2), lambda t: t[1:]),
            (Kinds.TEXT, "substring(2, 1)", lambda t: t.substring(2, 1), lambda t: t[1:2]),
            (Kinds.TEXT, "lpad(2, '\\ä%')", lambda t: t.lpad(2, "\\ä%"), lambda t: _padded(t, 2, "\\ä%") + t[:2]),
            (Kinds.TEXT, "rpad(3)", lambda t: t.rpad(3), lambda t: t[:3] + _padded(t, 3, " ")),
            (Kinds.TEXT, "'?' + it", lambda t: "?" + t, lambda t: "?" + t),
        ]
        found += [_Form(kind, f"{{0}}.{text}", [name], build, value) for kind, text, build, value in forms]
        found += [
            _Form(Kinds.TEXT, f"{{0}}.replace({old!r}, {new!r})", [name], *_replaced(old, new))
            for old, new in (("a", "\\%"), ("", "x"), ("\\", "''"), ("ä", "ae"))
        ]
        found += [
            _Form(
                Kinds.TEXT,
                "{0}.substring({1}, {1})",
                [name, "thing.number"],
                lambda t, n: t.substring(n, n),
                lambda t, n: t[max(n, 1) - 1 :][: max(n, 0)],
            ),
        ]
    return found


# --- dates and times -----------------------------------------------------------------------------------------------------


def _quarter(day: dt.date) -> int:
    return (day.month + 2) // 3


_DAY_PARTS: dict[str, One] = {
    "year": lambda d: d.year,
    "quarter": _quarter,
    "month": lambda d: d.month,
    "day": lambda d: d.day,
    "day_of_year": lambda d: d.timetuple().tm_yday,
    "weekday": lambda d: d.isoweekday(),
    "week": lambda d: d.isocalendar().week,
    "week_year": lambda d: d.isocalendar().year,
}
_CLOCK_PARTS: dict[str, One] = {
    "hour": lambda t: t.hour,
    "minute": lambda t: t.minute,
    "second": lambda t: t.second,
    "microsecond": lambda t: t.microsecond,
}
_FIRST_DAYS: dict[str, Callable[[dt.date], dt.date]] = {
    "year": lambda d: d.replace(month=1, day=1),
    "quarter": lambda d: d.replace(month=_quarter(d) * 3 - 2, day=1),
    "month": lambda d: d.replace(day=1),
    "week": lambda d: d - dt.timedelta(days=d.weekday()),
    "day": lambda d: d,
}
_SPANS = (dt.timedelta(days=29), dt.timedelta(hours=-25, microseconds=1), dt.timedelta(microseconds=-1))
_LEAP = dt.date(2024, 2, 29)


def _method(name: str, *arguments: object) -> One:
    return lambda item: getattr(item, name)(*arguments)


def _truncated(unit: str) -> Callable[[dt.datetime], dt.datetime]:
    def cut(moment: dt.datetime) -> dt.datetime:
        day = _FIRST_DAYS[unit](moment.date())
        return dt.datetime.combine(day, dt.time(0), moment.tzinfo)

    return cut


def _calendar() -> list[_Form]:
    found: list[_Form] = []
    parts = {"day": _DAY_PARTS, "clock": _CLOCK_PARTS} | dict.fromkeys(("local", "moment"), _DAY_PARTS | _CLOCK_PARTS)
    for field, known in parts.items():
        found += [
            _Form(Kinds.INTEGER, f"{{0}}.{name}()", [f"thing.{field}"], _method(name), read)
            for name, read in known.items()
        ]
    for unit, first in _FIRST_DAYS.items():
        cut = _method("truncate", unit)
        found.append(_Form(Kinds.DATE, f"{{0}}.truncate({unit})", ["thing.day"], cut, first))
        found.append(_Form(Kinds.LOCAL, f"{{0}}.truncate({unit})", ["thing.local"], cut, _truncated(unit)))
        found.append(_Form(Kinds.MOMENT, f"{{0}}.truncate({unit})", ["thing.moment"], cut, _truncated(unit)))
    for name, kind in (("thing.local", Kinds.LOCAL), ("thing.moment", Kinds.MOMENT)):
        found += [
            _Form(kind, f"{{0}} {sign} {span!r}", [name], _by(make, span), _by(make, span))
            for span in _SPANS
            for sign, make in (("+", operator.add), ("-", operator.sub))
        ]
        found += [
            _Form(Kinds.DATE, "{0}.date()", [name], _method("date"), _method("date")),
            _Form(Kinds.TIME, "{0}.time()", [name], _method("time"), _method("time")),
        ]
    return [
        *found,
        _Form(
            Kinds.INTEGER,
            "({0} - leap day).days()",
            ["thing.day"],
            lambda d: (d - _LEAP).days(),
            lambda d: (d - _LEAP).days,
        ),
        _Form(
            Kinds.FLOAT,
            "({0} - {0}.truncate(month)).total_seconds()",
            ["thing.local"],
            lambda d: (d - d.truncate("month")).total_seconds(),
            lambda d: (d - _truncated("month")(d)).total_seconds(),
        ),
    ]


# --- one of several ------------------------------------------------------------------------------------------------------


def _first(*values: Any) -> Any:
    return next((value for value in values if value is not None), None)


def _choices() -> list[_Form]:
    pairs = {
        Kinds.INTEGER: ("thing.maybe", "thing.number"),
        Kinds.DECIMAL: ("thing.cost", "thing.price"),
        Kinds.TEXT: ("thing.nick", "thing.name"),
    }
    found: list[_Form] = []
    for kind, pair in pairs.items():
        found += [
            _Form(kind, "coalesce({0}, {1})", pair, f.coalesce, _first, reads_null=True),
            _Form(
                kind,
                "nullif({0}, {1})",
                pair,
                f.nullif,
                lambda a, b: None if a == b else a,
                reads_null=True,
            ),
            _Form(
                kind,
                "case(({0} == {1}, {1}), ({0} is null, {1}))",
                pair,
                lambda a, b: f.case((a == b, b), (a.is_null(), b)),
                lambda a, b: b if a == b or a is None else None,
                reads_null=True,
            ),
        ]
        if kind is not Kinds.TEXT:  # the order of texts is another thing
            found += [
                _Form(kind, "greatest({0}, {1})", pair, f.greatest, max),
                _Form(kind, "least({0}, {1})", pair, f.least, min),
            ]
    return found


FORMS = [*_integers(), *_decimals(), *_floats(), *_texts(), *_calendar(), *_choices()]
