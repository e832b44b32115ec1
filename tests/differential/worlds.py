"""Random rows for random queries: two tables, values that often meet, and the same rows as plain dicts.

Values come from small pools, so that equal ones, NULL and the ends of each type meet in nearly every example.
"""

import datetime as dt
import enum
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from hypothesis import strategies as st

__all__ = ["COLUMNS", "SCHEMA", "Kinds", "Row", "World", "rows_of", "worlds"]

SCHEMA = """
[project]
package = "differential_models"
dialects = ["sqlite", "postgresql", "mysql"]

[connections.default]
url = "sqlite:///differential.db"

[enums]
Colour = ["red", "green", "blue"]

[models.Owner.fields]
name = "string(20)"
level = "int?"

[models.Owner.relations]
things = { has_many = "Thing", inverse = "owner" }

[models.Thing.fields]
number = "int"
maybe = "int?"
big = "bigint"
price = "decimal(8, 2)"
cost = "decimal(8, 2)?"
weight = "double?"
name = "string(20)"
nick = "string(20)?"
flag = "bool"
mood = "bool?"
day = "date?"
clock = "time?"
local = "datetime?"
moment = "timestamptz?"
colour = "Colour?"

[models.Thing.relations]
owner = { belongs_to = "Owner?" }
"""

Row = Mapping[str, Any]
"""The values of one joined row, by `thing.field` and `owner.field`."""

INTEGERS = [-(2**31), -7, -2, -1, 0, 1, 2, 3, 7, 100, 2**31 - 1]
BIG = [-(2**63), -(2**53) - 1, -1, 0, 1, 2**53 + 1, 2**63 - 1]
PRICES = [Decimal(text) for text in ("-10.50", "-0.01", "0.00", "0.01", "1.00", "1.10", "9.99", "10.50", "999999.99")]
WEIGHTS = [-1e300, -2.5, -0.0, 0.0, 0.1, 0.5, 1.5, 2.5, 3.0, 1e-300, 1e300]
TEXTS = ["", " ", "a", "A", "a ", "ab", "aB", "b", "Z", "a%b", "a_b", "%", "_", "\\", "*", "[a]", "?", "!", "'", '"', "ä", "ß", "é", "é", "ǆ", "表", "😀", "�"]  # fmt: skip
DAYS = [dt.date(1, 1, 1), dt.date(1969, 12, 31), dt.date(2024, 2, 29), dt.date(2024, 3, 1), dt.date(9999, 12, 31)]
CLOCKS = [dt.time(0), dt.time(7, 30), dt.time(12, 0, 0, 1), dt.time(23, 59, 59, 999_999)]
LOCALS = [dt.datetime.combine(day, clock) for day in DAYS[1:4] for clock in CLOCKS[::3]]
MOMENTS = [local.replace(tzinfo=dt.UTC) for local in LOCALS]


class Kinds(enum.Enum):
    """What a column holds, as far as operators are concerned."""

    INTEGER = "integer"
    DECIMAL = "decimal"
    FLOAT = "float"
    TEXT = "text"
    TRUTH = "truth"
    DATE = "date"
    TIME = "time"
    LOCAL = "local"
    MOMENT = "moment"
    COLOUR = "colour"


@dataclass(frozen=True)
class Field:
    """A column: what it holds, the values it is filled with, whether NULL is among them."""

    kind: Kinds
    pool: Sequence[Any]
    nullable: bool = False

    @property
    def values(self) -> st.SearchStrategy[Any]:
        """Values of the column."""
        found = st.sampled_from(self.pool)
        return st.none() | found if self.nullable else found


COLUMNS: dict[str, Field] = {
    "thing.number": Field(Kinds.INTEGER, INTEGERS),
    "thing.maybe": Field(Kinds.INTEGER, INTEGERS, nullable=True),
    "thing.big": Field(Kinds.INTEGER, BIG),
    "thing.price": Field(Kinds.DECIMAL, PRICES),
    "thing.cost": Field(Kinds.DECIMAL, PRICES, nullable=True),
    "thing.weight": Field(Kinds.FLOAT, WEIGHTS, nullable=True),
    "thing.name": Field(Kinds.TEXT, TEXTS),
    "thing.nick": Field(Kinds.TEXT, TEXTS, nullable=True),
    "thing.flag": Field(Kinds.TRUTH, [True, False]),
    "thing.mood": Field(Kinds.TRUTH, [True, False], nullable=True),
    "thing.day": Field(Kinds.DATE, DAYS, nullable=True),
    "thing.clock": Field(Kinds.TIME, CLOCKS, nullable=True),
    "thing.local": Field(Kinds.LOCAL, LOCALS, nullable=True),
    "thing.moment": Field(Kinds.MOMENT, MOMENTS, nullable=True),
    "thing.colour": Field(Kinds.COLOUR, ["red", "green", "blue"], nullable=True),
    "owner.name": Field(Kinds.TEXT, TEXTS),
    "owner.level": Field(Kinds.INTEGER, INTEGERS, nullable=True),
}
"""The columns that queries use, by the model in small letters and the field."""


@dataclass(frozen=True)
class World:
    """The rows of both tables. A thing's `owner` is the position of its owner, or None."""

    owners: Sequence[dict[str, Any]]
    things: Sequence[dict[str, Any]]

    def fill(self, models: Any) -> None:
        """Write the rows; keys count from 1 in the order of the rows."""
        models.Owner.insert_many([{"id": number, **row} for number, row in enumerate(self.owners, start=1)])
        models.Thing.insert_many(
            [
                {**_row(models, row), "id": number, "owner_id": None if owner is None else owner + 1}
                for number, row in enumerate(self.things, start=1)
                for owner in (row["owner"],)
            ]
        )


def _row(models: Any, row: dict[str, Any]) -> dict[str, Any]:
    values = {name: value for name, value in row.items() if name != "owner"}
    if values["colour"] is not None:
        values["colour"] = models.Colour(values["colour"])
    return values


def rows_of(world: World, join: str | None) -> list[Row]:
    """The rows of `thing`, joined to their owners: `inner`, `left`, or not at all."""
    found: list[Row] = []
    for number, thing in enumerate(world.things, start=1):
        row: dict[str, Any] = {f"thing.{name}": value for name, value in thing.items()}
        row["thing.id"] = number
        owner = thing["owner"]
        if join is not None:
            if owner is None and join == "inner":
                continue
            for name in ("name", "level"):
                row[f"owner.{name}"] = None if owner is None else world.owners[owner][name]
        found.append(row)
    return found


def _fields(model: str) -> dict[str, st.SearchStrategy[Any]]:
    prefix = f"{model}."
    return {name.removeprefix(prefix): field.values for name, field in COLUMNS.items() if name.startswith(prefix)}


@st.composite
def worlds(draw: st.DrawFn) -> World:
    """Up to three owners and ten things."""
    owners = draw(st.lists(st.fixed_dictionaries(_fields("owner")), max_size=3))
    owner = st.none() | st.integers(0, len(owners) - 1) if owners else st.none()
    things = draw(st.lists(st.fixed_dictionaries({**_fields("thing"), "owner": owner}), max_size=10))
    return World(owners, things)
