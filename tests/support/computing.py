"""Rows of values, and expressions over them beside what Python makes of the same values.

Each case of a test is an expression and the function that says its value; the database has to agree for every row.
"""

import datetime as dt
from collections.abc import Callable, Mapping, Sequence
from typing import Any, TypeAlias

from isomorph.sql.expressions import Expression
from tests.support.fields import Package

__all__ = ["Case", "Cases", "Row", "Wanted", "check_all", "naive", "samples"]


class Null(Exception):
    """A value is NULL, and so is what is computed of it."""


class Row:
    """The values of a row: `row.number`, which must not be NULL, or `row["number"]`."""

    def __init__(self, values: Mapping[str, Any]) -> None:
        self._values = values

    def __getattr__(self, name: str) -> Any:
        value = self._values[name]
        if value is None:
            raise Null
        return value

    def __getitem__(self, name: str) -> Any:
        return self._values[name]

    def __repr__(self) -> str:
        return repr(self._values)


Wanted: TypeAlias = Callable[[Any], object]
"""What an expression should be, of a `Row`; NULL where it reads one as an attribute."""

Case: TypeAlias = tuple[Expression[Any], Wanted]
Cases: TypeAlias = dict[str, Case]


def samples(package: Package, **columns: Sequence[object]) -> list[Row]:
    """Rows of `MaybeSample`, one for each position of the columns; NULL everywhere else, and one row of nothing but NULL."""
    rows = [dict(zip(columns, values, strict=True)) for values in zip(*columns.values(), strict=True)]
    rows.append(dict.fromkeys(columns))
    package.MaybeSample.insert_many(rows)
    return [Row(row) for row in rows]


def check_all(package: Package, rows: Sequence[Row], cases: Cases) -> None:
    """Have the database compute all cases, and compare with Python."""
    model = package.MaybeSample
    names = list(cases)
    for start in range(0, len(names), 12):
        chosen = names[start : start + 12]
        found = model.query().order_by(model.id).select(*[cases[name][0] for name in chosen]).get()
        for row, values in zip(rows, found, strict=True):
            for name, value in zip(chosen, values, strict=True):
                expected = _expected(cases[name][1], row)
                assert value == expected, f"{name} of {row}: {value!r} instead of {expected!r}"
                assert type(value) is type(expected), f"{name} of {row}: {value!r} is a {type(value).__name__}"


def _expected(wanted: Wanted, row: Row) -> object:
    try:
        return wanted(row)
    except Null:
        return None


def naive(*parts: int) -> dt.datetime:
    """A date and time that belongs to no zone."""
    year, month, day, *rest = parts
    return dt.datetime.combine(dt.date(year, month, day), dt.time(*rest))  # type: ignore[arg-type]  # pyright: ignore[reportArgumentType] - four numbers at most
