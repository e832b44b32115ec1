"""What the tests of this folder share: columns by name, rows written, kept and put in order."""

import os
from collections.abc import Callable, Mapping, Sequence
from functools import cmp_to_key
from typing import Any

from hypothesis import HealthCheck, settings
from hypothesis import strategies as st

from tests.differential.conditions import Condition
from tests.differential.worlds import COLUMNS, Kinds, Row, World
from tests.support.fields import Package
from tests.support.showcase import Tables

__all__ = [
    "BOTH",
    "THING",
    "Key",
    "columns_of",
    "filled",
    "given_rows",
    "kept",
    "key_lists",
    "keys_over",
    "orders_of",
    "plain",
    "sorted_by",
]

THING = [name for name in COLUMNS if name.startswith("thing.")]
BOTH = list(COLUMNS)

given_rows = settings(
    deadline=None,
    max_examples=int(os.environ.get("ISOMORPH_EXAMPLES", "15")),
    # The fixtures are the tables, which each example empties for itself.
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow, HealthCheck.data_too_large],
)


def columns_of(package: Package, instead: Mapping[str, Any] = {}) -> Callable[[str], Any]:
    """Columns by name; of other tables than the models, where some stand instead."""

    def find(name: str) -> Any:
        if name == "Colour":
            return package.Colour
        model, _, field = name.partition(".")
        return getattr(instead.get(model) or getattr(package, model.capitalize()), field)

    return find


def filled(package: Package, tables: Tables, world: World) -> Callable[[str], Any]:
    tables.empty()
    world.fill(package)
    return columns_of(package)


def kept(rows: Sequence[Row], condition: Condition) -> list[Row]:
    return [row for row in rows if condition.holds(row) is True]


def plain(value: Any) -> Any:
    """A value as the rows of a world hold it."""
    return value.value if type(value).__name__ == "Colour" else value


# --- order -----------------------------------------------------------------------------------------------------------------

Key = tuple[str, bool, str | None]
"""Column, whether descending, where NULL stands."""


def keys_over(names: Sequence[str]) -> st.SearchStrategy[list[Key]]:
    """Up to three keys over these columns; enums are in another order in each database."""
    sorted_names = [name for name in names if COLUMNS[name].kind is not Kinds.COLOUR]
    key = st.tuples(st.sampled_from(sorted_names), st.booleans(), st.sampled_from([None, "first", "last"]))
    return st.lists(key, max_size=3)


key_lists = keys_over(THING)


def sorted_by(rows: Sequence[Row], keys: Sequence[Key]) -> list[Row]:
    """The rows in the order of the keys, then of their ids."""
    return sorted(rows, key=cmp_to_key(_compare(keys)))


def _compare(keys: Sequence[Key]) -> Callable[[Row, Row], int]:
    def compare(one: Row, other: Row) -> int:
        for name, descending, nulls in (*keys, ("thing.id", False, None)):
            left, right = one[name], other[name]
            if left is None or right is None:
                if left is right:
                    continue
                first = not descending if nulls is None else nulls == "first"
                return -1 if (left is None) == first else 1
            if left != right:
                return -1 if (left < right) != descending else 1
        return 0

    return compare


def orders_of(column: Callable[[str], Any], keys: Sequence[Key]) -> list[Any]:
    found: list[Any] = []
    for name, descending, nulls in keys:
        order = column(name).desc() if descending else column(name).asc()
        found.append(order if nulls is None else order.nulls_first() if nulls == "first" else order.nulls_last())
    return found
