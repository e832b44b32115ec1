"""Random tables and enums for property tests: small, valid on every dialect, with every feature that tables have."""

import datetime as dt
from collections.abc import Collection, Sequence
from dataclasses import replace
from decimal import Decimal

from hypothesis import strategies as st

from isomorph.catalog import (
    INTEGERS,
    NETWORKS,
    RANGES,
    SHAPES,
    TEXTS,
    Arithmetic,
    Call,
    Check,
    Column,
    ColumnRef,
    ColumnType,
    Comparison,
    Default,
    Enum,
    ForeignKey,
    Generated,
    GuardMember,
    Index,
    IndexColumn,
    IsNull,
    Kind,
    Literal,
    MorphGuard,
    ReferentialAction,
    SqlDefault,
    Table,
    Unique,
    columns_of,
)
from isomorph.dialects.standard.conversions import converts
from isomorph.migrate import State

__all__ = ["any_changed_states", "changed_states", "states"]

TABLES = ("users", "posts", "tags", "order")
COLUMNS = ("name", "group", "100%", "größe", "a b", "tax")
ENUMS = (Enum("Role", ("member", "it's", "50%"), "role"), Enum("Colour", ("red", "Red"), "colour"))

TYPES = (
    ColumnType(Kind.BOOL),
    ColumnType(Kind.SMALLINT),
    ColumnType(Kind.INT),
    ColumnType(Kind.BIGINT),
    ColumnType(Kind.DECIMAL, precision=10, scale=2),
    ColumnType(Kind.DOUBLE),
    ColumnType(Kind.STRING, length=40),
    ColumnType(Kind.TEXT),
    ColumnType(Kind.BYTES),
    ColumnType(Kind.DATE),
    ColumnType(Kind.TIME),
    ColumnType(Kind.DATETIME),
    ColumnType(Kind.TIMESTAMPTZ),
    ColumnType(Kind.JSON),
    ColumnType(Kind.UUID),
    ColumnType(Kind.TINYINT),
    ColumnType(Kind.UNSIGNED_TINYINT),
    ColumnType(Kind.UNSIGNED_SMALLINT),
    ColumnType(Kind.UNSIGNED_INT),
    ColumnType(Kind.UNSIGNED_BIGINT),
    ColumnType(Kind.REAL),
    ColumnType(Kind.CHAR, length=3),
    ColumnType(Kind.MEDIUMTEXT),
    ColumnType(Kind.BYTES, length=16),
    ColumnType(Kind.INTERVAL),
    *(ColumnType(Kind.ENUM, enum=enum.name) for enum in ENUMS),
    ColumnType(Kind.ARRAY, item=ColumnType(Kind.DECIMAL, precision=5, scale=2), items_nullable=True),
    ColumnType(Kind.ARRAY, item=ColumnType(Kind.ENUM, enum="Role")),
    ColumnType(Kind.SET, enum="Colour"),
    *(ColumnType(kind) for kind in (*sorted(NETWORKS), *RANGES, *sorted(SHAPES), Kind.ENCRYPTED)),
    ColumnType(Kind.CUSTOM, spelled=(("sqlite", "TEXT"), ("postgresql", "money"), ("mysql", "VARCHAR(9)"))),
)

# Long and binary types cannot be part of a key on every dialect.
_KEYS = frozenset(
    {*INTEGERS, Kind.STRING, Kind.CHAR, Kind.DATE, Kind.INTERVAL, Kind.UUID, Kind.DECIMAL, Kind.ENUM, *NETWORKS}
)

_COMPUTABLE = frozenset({Kind.SMALLINT, Kind.INT, Kind.STRING, Kind.TEXT})

_DEFAULTS: dict[Kind, Sequence[Default | SqlDefault]] = {
    Kind.BOOL: (Default(True), Default(False)),
    Kind.SMALLINT: (Default(-3),),
    Kind.INT: (Default(0), Default(7)),
    Kind.BIGINT: (Default(2**40),),
    Kind.DECIMAL: (Default(Decimal("1.50")),),
    Kind.DOUBLE: (Default(0.25),),
    Kind.STRING: (Default(""), Default("it's 100%"), Default("a\\b"), Default("ü\n")),
    Kind.TEXT: (Default("text"),),
    Kind.BYTES: (Default("abc"),),
    Kind.DATE: (Default(dt.date(2026, 1, 2)), SqlDefault.CURRENT_DATE),
    Kind.TIME: (Default(dt.time(1, 2, 3)), SqlDefault.CURRENT_TIME),
    Kind.DATETIME: (Default(dt.datetime.fromisoformat("2026-01-02T03:04:05")), SqlDefault.NOW),
    Kind.TIMESTAMPTZ: (Default(dt.datetime(2026, 1, 2, tzinfo=dt.UTC)), SqlDefault.NOW),
    Kind.JSON: (Default({"a": [1, None]}), Default([]), Default("x")),
    Kind.TINYINT: (Default(-128),),
    Kind.UNSIGNED_TINYINT: (Default(255),),
    Kind.UNSIGNED_SMALLINT: (Default(2**16 - 1),),
    Kind.UNSIGNED_INT: (Default(2**32 - 1),),
    Kind.UNSIGNED_BIGINT: (Default(2**64 - 1),),
    Kind.REAL: (Default(0.10000000149011612),),
    Kind.CHAR: (Default(""), Default("ü%'")),
    Kind.MEDIUMTEXT: (Default("text "),),
    Kind.INTERVAL: (Default(dt.timedelta(days=-1, microseconds=5)),),
    Kind.UUID: (Default("00000000-0000-7000-8000-000000000000"),),
    Kind.ENUM: (),
    Kind.ARRAY: (Default([]),),
    Kind.SET: (Default([]), Default(["red", "Red"])),
    Kind.INET: (Default("10.0.0.1"), Default("::1")),
    Kind.CIDR: (Default("10.0.0.0/8"),),
    Kind.MACADDR: (Default("08:00:2b:01:02:03"),),
    **dict.fromkeys(RANGES, (Default({"empty": True}), Default({"bounds": "()"}))),
    Kind.POINT: (Default({"type": "Point", "coordinates": [1.0, -2.5]}),),
    Kind.LINESTRING: (),
    Kind.POLYGON: (),
    Kind.GEOMETRY: (Default({"type": "LineString", "coordinates": [[0.0, 0.0], [1.0, 1.0]]}),),
    Kind.ENCRYPTED: (),
    Kind.CUSTOM: (),
}

_ACTIONS = st.sampled_from(
    [ReferentialAction.NO_ACTION, ReferentialAction.RESTRICT, ReferentialAction.CASCADE, ReferentialAction.SET_NULL]
)


@st.composite
def _columns(draw: st.DrawFn, *, required: bool = True) -> Column:
    name = draw(st.sampled_from(COLUMNS))
    # A column keeps its type when it appears in a table again, so that no type ever changes.
    type_ = TYPES[(COLUMNS.index(name) * 9 + draw(st.integers(0, 8))) % len(TYPES)]
    defaults = list(_DEFAULTS[type_.kind])
    if type_.kind is Kind.ENUM:
        defaults.append(Default("red" if type_.enum == "Colour" else "it's"))
    default = draw(st.sampled_from([None, *defaults]))
    is_text = type_.kind in TEXTS
    return Column(
        name,
        type_,
        nullable=draw(st.booleans()) or (default is None and not required),
        default=default if isinstance(default, Default) else None,
        default_sql=default if isinstance(default, SqlDefault) else None,
        comment=draw(st.sampled_from([None, None, "What it's for: 100%"])),
        collation=draw(st.sampled_from([None, "binary", "nocase"])) if is_text else None,
        charset=draw(st.sampled_from([None, None, "utf8mb4"])) if is_text else None,
        first=draw(st.sampled_from([False, False, False, True])),
    )


@st.composite
def _tables(draw: st.DrawFn, name: str) -> Table:
    columns = draw(st.lists(_columns(), max_size=4, unique_by=lambda column: column.name))
    key = Column("id", ColumnType(Kind.BIGINT), auto_increment=True)
    table = Table(
        name,
        (key, *columns, *draw(_generated(columns))),
        primary_key=("id",),
        comment=draw(st.sampled_from([None, "A table"])),
        engine=draw(st.sampled_from([None, "InnoDB"])),
        collation=draw(st.sampled_from([None, None, "nocase"])),
    )
    return draw(_with_constraints(table))


@st.composite
def _generated(draw: st.DrawFn, columns: Sequence[Column]) -> tuple[Column, ...]:
    """A column that is computed from one of the columns and stands behind it, or none."""
    sources = [column for column in columns if column.type.kind in _COMPUTABLE]
    if not sources or not draw(st.booleans()):
        return ()
    source = draw(st.sampled_from(sources))
    value = ColumnRef(source.name)
    is_text = source.type.kind in TEXTS
    type_ = ColumnType(Kind.TEXT if is_text else Kind.BIGINT)
    expression = Call("lower", (value,)) if is_text else Arithmetic("+", value, Literal(1))
    after = draw(st.sampled_from([None, source.name]))
    return (Column("made", type_, nullable=source.nullable, generated=Generated(expression), after=after),)


@st.composite
def _with_constraints(draw: st.DrawFn, table: Table) -> Table:
    """The table with random constraints and indexes over the columns that it has."""
    name = table.name
    keys = [column.name for column in table.columns if column.type.kind in _KEYS]
    numbers = [column.name for column in table.columns if column.type.kind in {Kind.INT, Kind.DECIMAL, Kind.BIGINT}]
    some_keys = st.lists(st.sampled_from(keys), min_size=1, max_size=2, unique=True).map(tuple)
    uniques = draw(st.lists(some_keys, max_size=2, unique=True))
    indexes = draw(st.lists(some_keys, max_size=2, unique=True))
    checks = draw(st.lists(st.sampled_from(numbers), max_size=1))
    return replace(
        table,
        uniques=tuple(Unique(f"{name}_{'_'.join(columns)}_unique", columns) for columns in uniques),
        indexes=tuple(
            Index(
                f"{name}_{'_'.join(columns)}_index",
                tuple(IndexColumn(column, descending=draw(st.booleans())) for column in columns),
                where=draw(st.sampled_from([None, IsNull(ColumnRef(columns[0]), negated=True)])),
            )
            for columns in indexes
        ),
        checks=tuple(
            Check(
                f"{name}_{column}_check", Comparison(">", ColumnRef(column), Literal(draw(st.sampled_from([-9, -4]))))
            )
            for column in checks
            if column != "id"
        ),
    )


@st.composite
def _with_foreign_keys(draw: st.DrawFn, tables: Sequence[Table]) -> tuple[Table, ...]:
    """The tables with foreign keys among them, to themselves and in circles."""
    result: list[Table] = []
    for table in tables:
        targets = draw(st.lists(st.sampled_from([other.name for other in tables]), max_size=2, unique=True))
        columns = tuple(Column(f"{target}_id", ColumnType(Kind.BIGINT), nullable=True) for target in targets)
        keys = tuple(
            ForeignKey(
                f"{table.name}_{target}_id_foreign", (f"{target}_id",), target, ("id",), on_delete=draw(_ACTIONS)
            )
            for target in targets
        )
        indexed = draw(st.lists(st.sampled_from(targets), max_size=1)) if targets else []
        indexes = tuple(Index(f"{table.name}_{name}_id_index", (IndexColumn(f"{name}_id"),)) for name in indexed)
        result.append(
            replace(
                table,
                columns=table.columns + columns,
                foreign_keys=keys,
                indexes=table.indexes + indexes,
            )
        )
    return tuple(result)


@st.composite
def _with_guards(draw: st.DrawFn, tables: Sequence[Table]) -> tuple[Table, ...]:
    """The tables, some of them with a pair of columns that points into others, or their own, and its guard."""
    result: list[Table] = []
    for table in tables:
        members = draw(st.lists(st.sampled_from([other.name for other in tables]), max_size=2, unique=True))
        columns = tuple(
            Column(name, type_, nullable=True)
            for name, type_ in (
                ("thing_type", ColumnType(Kind.STRING, length=255)),
                ("thing_id", ColumnType(Kind.BIGINT)),
            )
        )
        guard = MorphGuard(
            f"{table.name}_thing_guard",
            "thing_type",
            "thing_id",
            tuple(GuardMember(draw(st.sampled_from([name, f"it's 100% {name}"])), name, "id") for name in members),
            on_delete=draw(_ACTIONS),
        )
        result.append(replace(table, columns=table.columns + columns, guards=(guard,)) if members else table)
    return tuple(result)


@st.composite
def states(draw: st.DrawFn) -> State:
    """The state of a random schema."""
    names = draw(st.lists(st.sampled_from(TABLES), max_size=4, unique=True))
    tables = tuple(draw(_tables(name)) for name in names)
    return State.of(draw(_with_guards(draw(_with_foreign_keys(tables)))), ENUMS)


@st.composite
def changed_states(draw: st.DrawFn) -> tuple[State, State]:
    """Two states between which operations lead: no column, key or comment that both have differs."""
    before, other = draw(states()), draw(states())
    tables = [
        _compatible(before.tables[table.name], table) if table.name in before.tables else table
        for table in other.tables.values()
    ]
    return before, State.of(tables, ENUMS)


ENUMS_AFTER = (
    Enum("Role", ("it's", "owner", "member"), "role"),
    Enum("Role", ("member", "it's", "50%", "last"), "roles"),
    Enum("Colour", ("Red", "blue", "red"), "colour"),
)
"""Other values of the enums, with those that are defaults; another type's name."""


@st.composite
def any_changed_states(draw: st.DrawFn) -> tuple[State, State]:
    """Two states that have tables, columns and enums of the same names, otherwise whatever comes.

    Only what the rows that exist could not have is left out: a new column without any value for them.
    """
    before, other = draw(states()), draw(states())
    enums = {enum.name: enum for enum in (*ENUMS, *draw(st.lists(st.sampled_from(ENUMS_AFTER), max_size=2)))}
    tables = [
        _fillable(before.tables[table.name], table) if table.name in before.tables else table
        for table in draw(_with_keys(tuple(other.tables.values())))
    ]
    return before, State.of(tables, enums.values())


def _fillable(before: Table, after: Table) -> Table:
    known = {column.name: column for column in before.columns}
    # Values that become no others are dropped with their column, by hand: such a column stays out.
    lost = {
        column.name
        for column in after.columns
        if column.name in known and not converts(known[column.name].type, column.type)
    }
    after = _without(after, lost)
    return replace(
        after,
        columns=tuple(
            column
            if column.name in known or column.default or column.default_sql or column.generated
            else replace(column, nullable=column.name not in after.primary_key)
            for column in after.columns
        ),
        primary_key=tuple(
            name for name in after.primary_key if name in known or after.column(name).default is not None
        ),
    )


def _without(table: Table, lost: Collection[str]) -> Table:
    """The table without these columns, and what names them."""
    gone = {*lost} | {
        column.name
        for column in table.columns
        if column.generated is not None and not set(columns_of(column.generated.expression)).isdisjoint(lost)
    }
    return replace(
        table,
        columns=tuple(
            replace(column, after=None if column.after in gone else column.after)
            for column in table.columns
            if column.name not in gone
        ),
        primary_key=tuple(name for name in table.primary_key if name not in gone),
        uniques=tuple(unique for unique in table.uniques if gone.isdisjoint(unique.columns)),
        indexes=tuple(index for index in table.indexes if gone.isdisjoint(index.column_names or ())),
        checks=tuple(check for check in table.checks if gone.isdisjoint(columns_of(check.expression))),
        foreign_keys=tuple(key for key in table.foreign_keys if gone.isdisjoint(key.columns)),
    )


@st.composite
def _with_keys(draw: st.DrawFn, tables: Sequence[Table]) -> tuple[Table, ...]:
    """The tables, those that nothing references with other keys."""
    referenced = {key.table for table in tables for key in table.foreign_keys}
    referenced |= {member.table for table in tables for guard in table.guards for member in guard.members}
    result: list[Table] = []
    for table in tables:
        further = [
            column.name
            for column in table.columns[1:]
            if column.type.kind in _KEYS and not column.nullable and column.generated is None and column.default
        ]
        if table.name in referenced or not further or not draw(st.booleans()):
            result.append(table)
            continue
        key = replace(table.columns[0], auto_increment=False)
        result.append(replace(table, columns=(key, *table.columns[1:]), primary_key=("id", further[0])))
    return tuple(result)


def _compatible(before: Table, after: Table) -> Table:
    old = {column.name: column for column in before.columns}
    columns = tuple(
        old.get(column.name)
        or (column if column.nullable or column.default or column.default_sql else replace(column, nullable=True))
        for column in after.columns
    )
    columns = tuple(column for column in columns if column.generated is None or _computable(column, columns))
    # What a kept column is not fit for: its type may be another one than the new table's had.
    kinds = {column.name: column.type.kind for column in columns}
    numbers = {Kind.INT, Kind.DECIMAL, Kind.BIGINT}
    return replace(
        after,
        columns=columns,
        comment=before.comment,
        engine=before.engine,
        collation=before.collation,
        uniques=tuple(unique for unique in after.uniques if all(kinds.get(name) in _KEYS for name in unique.columns)),
        indexes=tuple(
            index for index in after.indexes if all(kinds.get(name) in _KEYS for name in index.column_names or ())
        ),
        checks=tuple(
            check
            for check in after.checks
            if isinstance(check.expression, Comparison)
            and isinstance(check.expression.left, ColumnRef)
            and kinds.get(check.expression.left.name) in numbers
        ),
    )


def _computable(column: Column, columns: Sequence[Column]) -> bool:
    """Whether a table of these columns has what the generated one of them needs, of the type that it needs."""
    assert column.generated is not None  # callers checked
    kinds = {other.name: other.type.kind for other in columns}
    needed = [kinds.get(name) for name in columns_of(column.generated.expression)]
    return all(kind in _COMPUTABLE and (kind in TEXTS) == (column.type.kind in TEXTS) for kind in needed)
