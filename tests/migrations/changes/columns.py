"""Changes of a column's facts."""

import datetime as dt
import uuid
from dataclasses import replace
from decimal import Decimal
from typing import Any

from isomorph.migrate import (
    AddColumn,
    Arithmetic,
    ChangeColumn,
    Check,
    Column,
    ColumnRef,
    Comparison,
    Default,
    Enum,
    Generated,
    Index,
    IndexColumn,
    IsNull,
    Literal,
    SqlDefault,
    Table,
    Unique,
)
from isomorph.migrate import types as t
from tests.migrations.changes.shop import ENUMS, ROWS, TABLES, USERS
from tests.support.changing import Case

_NO_VIRTUAL = frozenset({"postgresql"})
ID = Column("id", t.int())


def _one(
    name: str,
    before: Column,
    after: Column,
    values: list[Any],
    become: list[Any] | None = None,
    back: list[Any] | None = None,
    *,
    using: Any = None,
    skip: frozenset[str] = frozenset(),
    enums: tuple[Enum, ...] = (),
    **parts: Any,
) -> Case:
    """One column of a table changes: its values before, after, and when it is taken back."""

    def rows(of: list[Any] | None) -> dict[str, list[dict[str, Any]]] | None:
        return None if of is None else {"things": [{"id": n, "a": value} for n, value in enumerate(of, 1)]}

    table = Table("things", (ID, before, Column("z", t.int(), default=Default(1))), ("id",), **parts)
    return Case(
        name,
        (table,),
        (ChangeColumn("things", before, after, using),),
        rows(values) or {},
        rows(become),
        rows(back),
        enums,
        skip,
    )


def _type(
    name: str,
    before: Any,
    after: Any,
    values: list[Any],
    become: list[Any] | None = None,
    back: list[Any] | None = None,
    **parts: Any,
) -> Case:
    return _one(
        name, Column("a", before, nullable=True), Column("a", after, nullable=True), values, become, back, **parts
    )


_STRING = Column("a", t.string(20))
_NUMBER = Column("a", t.int(), nullable=True)
_NAMED: dict[str, Any] = {
    "uniques": (Unique("things_unique", ("a", "z")),),
    "indexes": (
        Index("things_a", (IndexColumn("a"),)),
        Index("things_where", (IndexColumn("z"),), where=IsNull(ColumnRef("a"), negated=True)),
    ),
}
_MOMENT = dt.datetime.fromisoformat("2026-01-02T03:04:05.000006")
_UTC = _MOMENT.replace(tzinfo=dt.UTC)
_UUID = uuid.UUID("00000000-0000-7000-8000-000000000001")
_COLOUR = Enum("Colour", ("red", "Green"), "colour")
_SHADE = Enum("Shade", ("Green", "red", "blue"), "shade")

_SHOP = {column.name: column for column in USERS.columns}


def _shop(name: str, after: Column, rows: dict[str, Any] | None = None, back: dict[str, Any] | None = None) -> Case:
    return Case(name, TABLES, (ChangeColumn("users", _SHOP[after.name], after),), ROWS, rows, back, ENUMS)


_TYPES = (
    _type("a wider string", t.string(20), t.string(40), ["a", "ü%'"], **_NAMED),
    _type("a narrower string", t.string(40), t.string(5), ["a", None], **_NAMED),
    _type("a string becomes text", t.string(20), t.text(), ["a", None, "it's"]),
    _type("a string becomes a char", t.string(20), t.char(4), ["ab", None]),
    _type("text becomes mediumtext", t.text(), t.mediumtext(), ["ab", None]),
    _type("a wider integer", t.smallint(), t.bigint(), [1, -5, None], **_NAMED),
    _type("a narrower integer", t.bigint(), t.tinyint(), [1, -5, None], **_NAMED),
    _type("an integer without a sign", t.int(), t.unsigned_bigint(), [1, 0, None], **_NAMED),
    _type(
        "an integer becomes a decimal",
        t.int(),
        t.decimal(12, 2),
        [1, -7, None],
        [Decimal("1.00"), Decimal("-7.00"), None],
    ),
    _type(
        "a decimal becomes an integer",
        t.decimal(12, 2),
        t.int(),
        [Decimal("1.50"), Decimal("-7.49"), None],
        [2, -7, None],
        [Decimal("2.00"), Decimal("-7.00"), None],
    ),
    _type(
        "a decimal of less places",
        t.decimal(12, 3),
        t.decimal(10, 1),
        [Decimal("1.250"), Decimal("-7.440")],
        [Decimal("1.3"), Decimal("-7.4")],
        [Decimal("1.300"), Decimal("-7.400")],
        **_NAMED,
    ),
    _type("an integer becomes a double", t.int(), t.double(), [1, -7, None], [1.0, -7.0, None]),
    _type("a double becomes an integer", t.double(), t.bigint(), [1.25, -6.75, None], [1, -7, None], [1.0, -7.0, None]),
    _type("a double becomes a decimal", t.double(), t.decimal(8, 2), [1.25, None], [Decimal("1.25"), None]),
    _type("a truth value becomes an integer", t.bool(), t.int(), [True, False, None], [1, 0, None]),
    _type("an integer becomes a truth value", t.int(), t.bool(), [7, 0, None], [True, False, None], [1, 0, None]),
    _type("a truth value becomes text", t.bool(), t.string(5), [True, False, None], ["true", "false", None]),
    _type(
        "text becomes a truth value",
        t.text(),
        t.bool(),
        ["true", "0", None],
        [True, False, None],
        ["true", "false", None],
    ),
    _type("text becomes an integer", t.string(20), t.int(), ["12", "-3", None], [12, -3, None]),
    _type(
        "text becomes a decimal", t.string(20), t.decimal(6, 2), ["1.5", None], [Decimal("1.50"), None], ["1.50", None]
    ),
    _type("text becomes a date", t.string(20), t.date(), ["2026-01-02", None], [dt.date(2026, 1, 2), None]),
    _type(
        "text becomes a moment",
        t.string(40),
        t.timestamptz(),
        ["2026-01-02 03:04:05.000006+00:00", None],
        [_UTC, None],
    ),
    _type("text becomes a time", t.string(40), t.time(), ["03:04:05.000006", None], [dt.time(3, 4, 5, 6), None]),
    _type("text becomes a uuid", t.string(40), t.uuid(), [str(_UUID), None], [_UUID, None]),
    _type("text becomes bytes", t.text(), t.bytes(), ["ü", None], ["ü".encode(), None]),
    _type("text becomes JSON", t.text(), t.json(), ['{"a": [1]}', None], [{"a": [1]}, None]),
    _type(
        "a date becomes a moment",
        t.date(),
        t.timestamptz(),
        [dt.date(2026, 1, 2), None],
        [dt.datetime(2026, 1, 2, tzinfo=dt.UTC), None],
    ),
    _type(
        "a moment becomes a date",
        t.timestamptz(),
        t.date(),
        [_UTC, None],
        [_UTC.date(), None],
        [dt.datetime(2026, 1, 2, tzinfo=dt.UTC), None],
    ),
    _type("a wall clock becomes a moment", t.datetime(), t.timestamptz(), [_MOMENT, None], [_UTC, None]),
    _type(
        "a wall clock becomes a date",
        t.datetime(),
        t.date(),
        [_MOMENT],
        [_MOMENT.date()],
        [dt.datetime.fromisoformat("2026-01-02")],
    ),
    _type(
        "an interval becomes an integer",
        t.interval(),
        t.bigint(),
        [dt.timedelta(days=-1, microseconds=5)],
        [-86399999995],
    ),
    _type("text becomes an enum", t.string(20), t.enum("Colour"), ["red", None], enums=(_COLOUR,)),
    _type(
        "one enum becomes another", t.enum("Colour"), t.enum("Shade"), ["red", "Green", None], enums=(_COLOUR, _SHADE)
    ),
    _type("one set becomes another", t.set("Colour"), t.set("Shade"), [["red"], [], None], enums=(_COLOUR, _SHADE)),
    _type("an array of wider integers", t.array(t.smallint()), t.array(t.bigint()), [[1, 2], [], None]),
    _type("an array of longer strings", t.array(t.string(3)), t.array(t.text()), [["a", "it's"[:3]], None]),
    _type("less bytes", t.bytes(), t.bytes(4), [b"ab", None]),
    _type("an unsigned number of less bits", t.unsigned_bigint(), t.unsigned_int(), [1, 2**32 - 1, None]),
    _type("real becomes double", t.real(), t.double(), [0.5, None]),
)

_FACTS = (
    _one("NULL is allowed", _STRING, replace(_STRING, nullable=True), ["a", "b"], **_NAMED),
    _one("NULL is allowed no more", replace(_STRING, nullable=True), _STRING, ["a", "b"], **_NAMED),
    _one(
        "NULL becomes the default",
        replace(_STRING, nullable=True),
        replace(_STRING, default=Default("it's 100%")),
        ["a", None],
        ["a", "it's 100%"],
        ["a", "it's 100%"],
        **_NAMED,
    ),
    _one(
        "NULL becomes the default of another type",
        _NUMBER,
        Column("a", t.string(9), default=Default("7")),
        [1, None],
        ["1", "7"],
        [1, 7],
    ),
    _one("a default comes", _STRING, replace(_STRING, default=Default("x")), ["a"]),
    _one("a default changes", replace(_STRING, default=Default("x")), replace(_STRING, default=Default("50%")), ["a"]),
    _one(
        "a default of another type",
        Column("a", t.int(), default=Default(7)),
        Column("a", t.string(5), default=Default("7")),
        [1],
        ["1"],
    ),
    _one(
        "the database's default takes the place of a constant",
        Column("a", t.datetime(), default=Default(_MOMENT)),
        Column("a", t.datetime(), default_sql=SqlDefault.NOW),
        [_MOMENT],
    ),
    _one("a comment comes", _STRING, replace(_STRING, comment="What it's: 100%"), ["a"]),
    _one("a comment changes", replace(_STRING, comment="x"), replace(_STRING, comment="y"), ["a"], **_NAMED),
    _one("a collation comes", _STRING, replace(_STRING, collation="nocase"), ["a", "b"], **_NAMED),
    _one("a character set comes", _STRING, replace(_STRING, charset="latin1"), ["a", "é"], **_NAMED),
    _one("a place", _STRING, replace(_STRING, first=True), ["a"]),
    _one("another place", _STRING, replace(_STRING, after="z"), ["a"]),
    _one(
        "by an expression of one's own",
        Column("a", t.string(20)),
        Column("a", t.int()),
        ["n1", "n22"],
        [1, 22],
        ["1", "22"],
        using={
            "sqlite": "CAST(substr(a, 2) AS INTEGER)",
            "postgresql": "substr(a, 2)::integer",
            "mysql": "CAST(SUBSTR(a, 2) AS SIGNED)",
        },
        **_NAMED,
    ),
)

_SUM = Generated(Arithmetic("+", ColumnRef("z"), Literal(1)))
_OTHER = Generated(Arithmetic("*", ColumnRef("z"), Literal(2)))
_COMPUTED: dict[str, Any] = {
    "indexes": (Index("things_a", (IndexColumn("a"),)),),
    "checks": (Check("things_check", Comparison(">", ColumnRef("a"), Literal(-9))),),
}


def _generated(
    name: str, before: Column, after: Column, become: list[Any], back: list[Any], skip: frozenset[str] = frozenset()
) -> Case:
    table = Table("things", (ID, before, Column("z", t.int())), ("id",), **_COMPUTED)
    is_computed = before.generated is not None
    rows = {"things": [{"id": n, "z": n} | ({} if is_computed else {"a": 7}) for n in (1, 2)]}

    def of(values: list[Any]) -> dict[str, Any]:
        return {"things": [{"id": n, "a": value, "z": n} for n, value in enumerate(values, 1)]}

    return Case(name, (table,), (ChangeColumn("things", before, after),), rows, of(become), of(back), skip=skip)


_PLAIN = Column("a", t.int(), nullable=True)
_GENERATED = (
    _generated("a column is computed from now on", _PLAIN, replace(_PLAIN, generated=_SUM), [2, 3], [2, 3]),
    _generated(
        "a column is computed otherwise",
        replace(_PLAIN, generated=_SUM),
        replace(_PLAIN, generated=_OTHER),
        [2, 4],
        [2, 3],
    ),
    _generated("a column is computed no more", replace(_PLAIN, generated=_SUM), _PLAIN, [2, 3], [2, 3]),
    _generated(
        "a computed column is kept no more",
        replace(_PLAIN, generated=_SUM),
        replace(_PLAIN, generated=replace(_SUM, stored=False)),
        [2, 3],
        [2, 3],
        _NO_VIRTUAL,
    ),
    _generated(
        "a column that was computed when read keeps its values",
        replace(_PLAIN, generated=replace(_SUM, stored=False)),
        _PLAIN,
        [2, 3],
        [2, 3],
        _NO_VIRTUAL,
    ),
    _generated(
        "a computed column of another type",
        replace(_PLAIN, generated=_SUM),
        Column("a", t.bigint(), nullable=True, generated=_SUM),
        [2, 3],
        [2, 3],
    ),
)

_JOINED = (
    _shop("a column with a check, an index and a computed column", replace(_SHOP["age"], type=t.bigint())),
    _shop(
        "a column with all that holds no NULL any more",
        replace(_SHOP["age"], nullable=False, default=Default(0)),
        {"users": [{"id": 1, "age": 36, "next_age": 37}, {"id": 2, "age": 0, "next_age": 1}]},
        {"users": [{"id": 1, "age": 36, "next_age": 37}, {"id": 2, "age": 0, "next_age": 1}]},
    ),
    _shop("a column that is unique and indexed", replace(_SHOP["name"], type=t.string(80), collation="binary")),
    _shop("a foreign key holds no NULL", replace(_SHOP["tag"], type=t.string(9), comment="x")),
    Case(
        "several columns at once",
        TABLES,
        (
            ChangeColumn("users", _SHOP["name"], replace(_SHOP["name"], type=t.string(60))),
            ChangeColumn("users", _SHOP["age"], replace(_SHOP["age"], type=t.int())),
            AddColumn("users", Column("more", t.int(), nullable=True)),
            ChangeColumn("users", _SHOP["tag"], replace(_SHOP["tag"], default=None)),
        ),
        ROWS,
        enums=ENUMS,
    ),
)

CASES = (*_TYPES, *_FACTS, *_GENERATED, *_JOINED)
