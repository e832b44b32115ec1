"""Rows of values, and expressions over them beside what Python makes of the same values.

Each case of a test is an expression and the function that says its value; the database has to agree for every row.
"""

from collections.abc import Callable, Iterable, Mapping, Sequence
from typing import Any

from isomorph.sql.expressions import Expression
from tests.support.fields import Package

__all__ = ["Case", "check_all", "samples"]

Case = tuple[Expression[Any], Callable[..., object]]
"""An expression, and a function of the values of its fields (by name) that gives what it should be."""


def samples(package: Package, **columns: Sequence[object]) -> list[dict[str, Any]]:
    """Rows of `MaybeSample`, one for each position of the columns; NULL everywhere else, and one row of nothing but NULL.

    Returns:
        The values, in the order of the keys.
    """
    rows = [dict(zip(columns, values, strict=True)) for values in zip(*columns.values(), strict=True)]
    rows.append(dict.fromkeys(columns))
    package.MaybeSample.insert_many(rows)
    return rows


def check_all(package: Package, rows: Iterable[Mapping[str, Any]], cases: Mapping[str, Case]) -> None:
    """Have the database compute all cases, and compare with Python; NULL for rows of NULL."""
    model = package.MaybeSample
    names = list(cases)
    for start in range(0, len(names), 12):
        chosen = names[start : start + 12]
        found = model.query().order_by(model.id).select(*[cases[name][0] for name in chosen]).get()
        for row, values in zip(rows, found, strict=True):
            for name, value in zip(chosen, values, strict=True):
                expected = cases[name][1](**row)
                assert value == expected, f"{name} of {row}: {value!r} instead of {expected!r}"
                assert type(value) is type(expected), f"{name} of {row}: {value!r} is a {type(value).__name__}"
