"""Changes of a table's options."""

from dataclasses import replace
from typing import Any

from isomorph.migrate import ChangeTable, Column, Enum, Index, IndexColumn, Table, TableOptions, Unique
from isomorph.migrate import types as t
from tests.support.changing import Case

COLOUR = Enum("Colour", ("red", "Green"), "colour")
TABLE = Table(
    "things",
    (
        Column("id", t.bigint(), auto_increment=True),
        Column("plain", t.string(20)),
        Column("own", t.string(20), nullable=True, collation="binary"),
        Column("long", t.text(), nullable=True),
        Column("colour", t.enum("Colour"), nullable=True),
        Column("list", t.array(t.int()), nullable=True),
        Column("number", t.int(), nullable=True),
    ),
    ("id",),
    uniques=(Unique("things_plain", ("plain",)),),
    indexes=(Index("things_own", (IndexColumn("own"), IndexColumn("plain"))),),
    comment="Things",
)
ROWS: dict[str, list[dict[str, Any]]] = {
    "things": [
        {"id": 1, "plain": "b", "own": "B", "long": "é", "colour": "Green", "list": [1], "number": 5},
        {"id": 2, "plain": "a", "own": None, "long": None, "colour": None, "list": None, "number": None},
    ]
}


def _case(name: str, after: TableOptions, before: Table = TABLE) -> Case:
    return Case(name, (before,), (ChangeTable("things", TableOptions.of(before), after),), ROWS, enums=(COLOUR,))


CASES = (
    _case("a comment changes", TableOptions("What it's: 100%")),
    _case("a comment goes", TableOptions()),
    _case("a collation comes", TableOptions("Things", collation="nocase")),
    _case("a character set comes", TableOptions("Things", charset="latin1")),
    _case("an engine comes", TableOptions("Things", engine="InnoDB")),
    _case("all at once", TableOptions("X", "InnoDB", "utf8mb4", "nocase"), replace(TABLE, charset="latin1")),
)
