"""Random conditions about computed values and about texts, each beside what it means in Python."""

import re
from collections.abc import Callable, Sequence
from typing import Any

from hypothesis import strategies as st

from tests.differential.conditions import Condition
from tests.differential.values import Computed, computed, lowered
from tests.differential.worlds import COLUMNS, INTEGERS, PRICES, TEXTS, Kinds, Row

__all__ = ["about_computed"]

_POOLS: dict[Kinds, Sequence[Any]] = {Kinds.INTEGER: INTEGERS, Kinds.DECIMAL: PRICES, Kinds.TEXT: TEXTS}


def about_computed(names: Sequence[str]) -> st.SearchStrategy[Condition]:
    """Conditions about computed values and about texts, columns of `thing` only."""
    comparisons = computed(names).filter(lambda item: item.kind in _POOLS).flatmap(_compared)
    return st.one_of(comparisons, _same(), _searched(), _matched(), _outside())


def _compared(item: Computed) -> st.SearchStrategy[Condition]:
    def made(bound: Any) -> Condition:
        def holds(row: Row) -> bool | None:
            value = item.value(row)
            return None if value is None else bool(value == bound)

        return Condition(f"({item} == {bound!r})", lambda c: item.build(c) == bound, holds)

    return st.sampled_from(_POOLS[item.kind]).map(made)


def _same() -> st.SearchStrategy[Condition]:
    """Comparisons that take NULL for a value."""
    pairs = [("thing.maybe", "thing.number"), ("thing.nick", "thing.name"), ("thing.cost", "thing.price")]

    def columns(pair: tuple[str, str], distinct: bool) -> Condition:
        one, other = pair
        method = "is_distinct_from" if distinct else "same_as"
        return Condition(
            f"{one}.{method}({other})",
            lambda c: getattr(c(one), method)(c(other)),
            lambda row: (row[one] == row[other]) != distinct,
        )

    def value(bound: int | None, distinct: bool) -> Condition:
        method = "is_distinct_from" if distinct else "same_as"
        return Condition(
            f"thing.maybe.{method}({bound})",
            lambda c: getattr(c("thing.maybe"), method)(bound),
            lambda row: (row["thing.maybe"] == bound) != distinct,
        )

    return st.builds(columns, st.sampled_from(pairs), st.booleans()) | st.builds(
        value, st.none() | st.sampled_from(INTEGERS), st.booleans()
    )


_SEARCHES: dict[str, Callable[[str, str], bool]] = {
    "contains": lambda found, text: text in found,
    "icontains": lambda found, text: lowered(text) in lowered(found),
    "istarts_with": lambda found, text: lowered(found).startswith(lowered(text)),
    "iends_with": lambda found, text: lowered(found).endswith(lowered(text)),
    "iequals": lambda found, text: lowered(found) == lowered(text),
}


def _searched() -> st.SearchStrategy[Condition]:
    def constant(name: str, method: str, text: str) -> Condition:
        def holds(row: Row) -> bool | None:
            return None if row[name] is None else _SEARCHES[method](row[name], text)

        return Condition(f"{name}.{method}({text!r})", lambda c: getattr(c(name), method)(text), holds)

    def column(method: str) -> Condition:
        def holds(row: Row) -> bool | None:
            name, nick = row["thing.name"], row["thing.nick"]
            return None if nick is None else _SEARCHES[method](name, nick)

        return Condition(
            f"thing.name.{method}(thing.nick)", lambda c: getattr(c("thing.name"), method)(c("thing.nick")), holds
        )

    texts = st.sampled_from(TEXTS)
    names = st.sampled_from(["thing.name", "thing.nick"])
    return st.builds(constant, names, st.sampled_from(list(_SEARCHES)), texts) | st.builds(
        column, st.sampled_from(["contains", "iequals"])
    )


_PATTERNS = {
    "a": "a",
    "^a": r"\Aa",
    "^.$": r"\A[^\n]\Z",
    "^a?b*$": r"\Aa?b*\Z",
    r"\s": "[ \t\n\r\f]",
    r"[^\w\s]": "[^A-Za-z0-9_ \t\n\r\f]",
    r"^(a|ä).?$": r"\A(?:a|ä)[^\n]?\Z",
    r"[%_]$": r"[%_]\Z",
    r"\\": r"\\",
    r"^[a-c]{1,2}$": r"\A[a-c]{1,2}\Z",
    "['\"]": "['\"]",
    r"^\*$": r"\A\*\Z",
}
"""Patterns, and the same for `re`."""


def _matched() -> st.SearchStrategy[Condition]:
    def made(name: str, pattern: str, ignoring: bool) -> Condition:
        meaning = re.compile(_PATTERNS[pattern], re.IGNORECASE if ignoring else 0)

        def holds(row: Row) -> bool | None:
            return None if row[name] is None else meaning.search(row[name]) is not None

        return Condition(
            f"{name}.matches({pattern!r}, ignore_case={ignoring})",
            lambda c: c(name).matches(pattern, ignore_case=ignoring),
            holds,
        )

    return st.builds(
        made, st.sampled_from(["thing.name", "thing.nick"]), st.sampled_from(list(_PATTERNS)), st.booleans()
    )


def _outside() -> st.SearchStrategy[Condition]:
    def made(name: str, low: Any, high: Any) -> Condition:
        return Condition(
            f"{name}.not_between({low!r}, {high!r})",
            lambda c: c(name).not_between(low, high),
            lambda row: None if row[name] is None else not low <= row[name] <= high,
        )

    def of(name: str) -> st.SearchStrategy[Condition]:
        pool = st.sampled_from(COLUMNS[name].pool)
        return st.builds(made, st.just(name), pool, pool)

    return st.sampled_from(["thing.maybe", "thing.cost", "thing.day", "thing.clock"]).flatmap(of)
