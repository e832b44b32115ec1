"""Random conditions, each as an expression and as what it means in Python, by SQL's three-valued logic.

The meaning is written against plain dicts and Python's own operators: it knows nothing of isomorph's SQL.
"""

import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

from hypothesis import strategies as st

from tests.differential.worlds import COLUMNS, INTEGERS, TEXTS, Kinds, Row

__all__ = ["Columns", "Condition", "conditions"]

Columns = Callable[[str], Any]
"""A column of the models by its name in COLUMNS."""

Truth = bool | None


@dataclass(frozen=True)
class Condition:
    """A condition.

    Attributes:
        text: what it is, for the report of a failing example.
        build: the predicate, over the columns of the models.
        holds: whether it is true of a row; None where SQL says NULL.
    """

    text: str
    build: Callable[[Columns], Any]
    holds: Callable[[Row], Truth]

    def __repr__(self) -> str:
        return self.text


def conditions(names: Sequence[str]) -> st.SearchStrategy[Condition]:
    """Conditions over these columns, nested."""
    leaves = st.one_of([leaf for name in names for leaf in _leaves(name, names)])
    return st.recursive(leaves, _combined, max_leaves=5)


def _combined(inner: st.SearchStrategy[Condition]) -> st.SearchStrategy[Condition]:
    return st.builds(_both, inner, inner) | st.builds(_either, inner, inner) | st.builds(_not, inner)


def _both(one: Condition, other: Condition) -> Condition:
    def holds(row: Row) -> Truth:
        values = (one.holds(row), other.holds(row))
        return False if False in values else None if None in values else True

    return Condition(f"({one} & {other})", lambda c: one.build(c) & other.build(c), holds)


def _either(one: Condition, other: Condition) -> Condition:
    def holds(row: Row) -> Truth:
        values = (one.holds(row), other.holds(row))
        return True if True in values else None if None in values else False

    return Condition(f"({one} | {other})", lambda c: one.build(c) | other.build(c), holds)


def _not(inner: Condition) -> Condition:
    def holds(row: Row) -> Truth:
        value = inner.holds(row)
        return None if value is None else not value

    return Condition(f"~{inner}", lambda c: ~inner.build(c), holds)


# --- leaves ----------------------------------------------------------------------------------------------------------------


def _leaves(name: str, names: Sequence[str]) -> list[st.SearchStrategy[Condition]]:
    field = COLUMNS[name]
    found = [_nulls(name), _membership(name)]
    if field.kind is Kinds.COLOUR:
        return [*found, _equality(name)]
    found.append(_equality(name))
    if field.kind is not Kinds.TRUTH:
        found += [_order(name), _between(name)]
        found += [_two_columns(name, other) for other in names if COLUMNS[other].kind is field.kind and other != name]
    if field.kind is Kinds.TEXT:
        found += [_likeness(name), _pattern(name)]
    if field.kind is Kinds.INTEGER:
        found.append(_arithmetic(name))
    return found


def _stored(name: str, value: Any) -> Callable[[Columns], Any]:
    """The value as the column compares it: colours are members of their enum."""
    if COLUMNS[name].kind is not Kinds.COLOUR or value is None:
        return lambda _: value
    return lambda c: c("Colour")(value)


def _compared(row: Row, name: str, compare: Callable[[Any], bool]) -> Truth:
    value = row[name]
    return None if value is None else compare(value)


def _nulls(name: str) -> st.SearchStrategy[Condition]:
    return st.sampled_from(
        [
            Condition(f"{name}.is_null()", lambda c: c(name).is_null(), lambda row: row[name] is None),
            Condition(f"{name}.is_not_null()", lambda c: c(name).is_not_null(), lambda row: row[name] is not None),
        ]
    )


def _equality(name: str) -> st.SearchStrategy[Condition]:
    def equal(value: Any) -> Condition:
        return Condition(
            f"({name} == {value!r})",
            lambda c: c(name) == _stored(name, value)(c),
            lambda row: _compared(row, name, lambda found: found == value),
        )

    def unequal(value: Any) -> Condition:
        return Condition(
            f"({name} != {value!r})",
            lambda c: c(name) != _stored(name, value)(c),
            lambda row: _compared(row, name, lambda found: found != value),
        )

    values = st.sampled_from(COLUMNS[name].pool)
    return st.builds(equal, values) | st.builds(unequal, values)


_ORDERS: dict[str, Callable[[Any, Any], Any]] = {
    "<": lambda a, b: a < b,
    "<=": lambda a, b: a <= b,
    ">": lambda a, b: a > b,
    ">=": lambda a, b: a >= b,
}


def _order(name: str) -> st.SearchStrategy[Condition]:
    def made(sign: str, value: Any) -> Condition:
        compare = _ORDERS[sign]
        return Condition(
            f"({name} {sign} {value!r})",
            lambda c: compare(c(name), value),
            lambda row: _compared(row, name, lambda found: bool(compare(found, value))),
        )

    return st.builds(made, st.sampled_from(list(_ORDERS)), st.sampled_from(COLUMNS[name].pool))


def _between(name: str) -> st.SearchStrategy[Condition]:
    def made(low: Any, high: Any) -> Condition:
        return Condition(
            f"{name}.between({low!r}, {high!r})",
            lambda c: c(name).between(low, high),
            lambda row: _compared(row, name, lambda found: low <= found <= high),
        )

    values = st.sampled_from(COLUMNS[name].pool)
    return st.builds(made, values, values)


def _two_columns(name: str, other: str) -> st.SearchStrategy[Condition]:
    def made(sign: str) -> Condition:
        compare = _ORDERS[sign]

        def holds(row: Row) -> Truth:
            left, right = row[name], row[other]
            return None if left is None or right is None else bool(compare(left, right))

        return Condition(f"({name} {sign} {other})", lambda c: compare(c(name), c(other)), holds)

    return st.builds(made, st.sampled_from(list(_ORDERS)))


def _membership(name: str) -> st.SearchStrategy[Condition]:
    values = st.lists(st.none() | st.sampled_from(COLUMNS[name].pool), max_size=4)

    def within(given: list[Any]) -> Condition:
        def holds(row: Row) -> Truth:
            if not given:
                return False
            if row[name] is None:
                return True if None in given else None
            return row[name] in given

        return Condition(
            f"{name}.in_({given!r})", lambda c: c(name).in_([_stored(name, value)(c) for value in given]), holds
        )

    def without(given: list[Any]) -> Condition:
        def holds(row: Row) -> Truth:
            if not given:
                return True
            if row[name] is None:
                return False if None in given else None
            return row[name] not in given

        return Condition(
            f"{name}.not_in({given!r})", lambda c: c(name).not_in([_stored(name, value)(c) for value in given]), holds
        )

    return st.builds(within, values) | st.builds(without, values)


def _likeness(name: str) -> st.SearchStrategy[Condition]:
    tests: dict[str, Callable[[str, str], bool]] = {
        "contains": lambda found, text: text in found,
        "starts_with": lambda found, text: found.startswith(text),
        "ends_with": lambda found, text: found.endswith(text),
    }

    def made(method: str, text: str) -> Condition:
        return Condition(
            f"{name}.{method}({text!r})",
            lambda c: getattr(c(name), method)(text),
            lambda row: _compared(row, name, lambda found: tests[method](found, text)),
        )

    return st.builds(made, st.sampled_from(list(tests)), st.sampled_from(TEXTS))


def _pattern(name: str) -> st.SearchStrategy[Condition]:
    def made(parts: list[str]) -> Condition:
        pattern = "".join(parts)
        meaning = "".join(
            {"%": ".*", "_": "."}.get(part) or re.escape(part[-1] if part.startswith("\\") else part) for part in parts
        )
        return Condition(
            f"{name}.like({pattern!r})",
            lambda c: c(name).like(pattern),
            lambda row: _compared(row, name, lambda found: re.fullmatch(meaning, found, re.DOTALL) is not None),
        )

    part = st.sampled_from(["%", "_", "a", "A", "b", "ä", "\\%", "\\_", "\\\\", "*", "[", "😀"])
    return st.builds(made, st.lists(part, max_size=4))


def _arithmetic(name: str) -> st.SearchStrategy[Condition]:
    """Sums that stay within 64 bits; what lies beyond is refused, and tested apart."""
    signs: dict[str, Callable[[Any, Any], Any]] = {
        "+": lambda a, b: a + b,
        "-": lambda a, b: a - b,
        "*": lambda a, b: a * b,
    }
    if name == "thing.big":
        signs = {"*": signs["*"]}

    def made(sign: str, operand: int, bound: int) -> Condition:
        calculate = signs[sign]
        return Condition(
            f"({name} {sign} {operand} >= {bound})",
            lambda c: calculate(c(name), operand) >= bound,
            lambda row: _compared(row, name, lambda found: calculate(found, operand) >= bound),
        )

    operands = st.just(1) if name == "thing.big" else st.sampled_from([-2, 0, 1, 3])
    return st.builds(made, st.sampled_from(list(signs)), operands, st.sampled_from(INTEGERS))
