"""Inspection: what a database holds, in the words of the catalog, whoever made it."""

from collections.abc import Mapping
from typing import Any

import pytest

from isomorph.catalog import (
    And,
    Between,
    Check,
    Column,
    ColumnRef,
    Comparison,
    Default,
    Deferrable,
    Enum,
    ForeignKey,
    GuardMember,
    In,
    Index,
    IndexColumn,
    IndexExpression,
    IsNull,
    Literal,
    MorphGuard,
    Nulls,
    Or,
    ReferentialAction,
    SqlDefault,
    SqlText,
    Table,
    Unique,
)
from isomorph.migrate import State, run
from isomorph.migrate import types as t
from isomorph_generator.introspect import Inspected, inspect
from isomorph_generator.migrations import detect
from tests.support.databases import sqlite_file
from tests.support.migrations import Session, chain


def made(session: Session, *statements: str) -> Inspected:
    """What is said of a database after raw SQL."""
    for statement in statements:
        session.execute(session.dialect.ddl.text(statement))
    return inspect(session)


# --- types ---------------------------------------------------------------------------------------------------------------

# A type as somebody wrote it, what it is to isomorph, and how the note on it begins ("" where all is said).
FOREIGN: Mapping[str, list[tuple[str, str, str]]] = {
    "sqlite": [
        ("NVARCHAR(160)", "string(160)", ""),
        ("character varying (20)", "string(20)", ""),
        ("VARCHAR", "text", ""),
        ("CHAR(3)", "char(3)", ""),
        ("CLOB", "text", ""),
        ("INTEGER", "bigint", ""),
        ("INT", "int", ""),
        ("TINYINT(1)", "bool", ""),
        ("TINYINT", "tinyint", ""),
        ("BOOLEAN", "bool", ""),
        ("INT UNSIGNED", "unsigned int", ""),
        ("NUMERIC(10,2)", "decimal(10, 2)", ""),
        ("DECIMAL(5)", "decimal(5, 0)", ""),
        ("NUMERIC", "decimal(38, 10)", "SQLite does not keep precision"),
        ("DOUBLE PRECISION", "double", ""),
        ("FLOAT", "double", ""),
        ("DATETIME", "datetime", ""),
        ("DATE", "date", ""),
        ("TIMESTAMP", "datetime", ""),
        ("BLOB", "bytes", ""),
        ("VARBINARY(16)", "bytes(16)", ""),
        ("UUID", "uuid", ""),
        ("JSON", "json", ""),
        ("", "text", "it has no type"),
        ("MPAA_RATING", "custom", "isomorph has no word for the type MPAA_RATING"),
    ],
    "postgresql": [
        ("varchar(160)", "string(160)", ""),
        ("varchar", "text", ""),
        ("char(3)", "char(3)", "PostgreSQL fills it up"),
        ("int2", "smallint", ""),
        ("numeric(10, 2)", "decimal(10, 2)", ""),
        ("numeric", "decimal(38, 10)", "it takes any number of digits"),
        ("real", "real", ""),
        ("float8", "double", ""),
        ("timestamp", "datetime", ""),
        ("timestamp(0)", "datetime", "it keeps 0 digits"),
        ("timestamptz", "timestamptz", ""),
        ("timestamptz(3)", "timestamptz", "it keeps 3 digits"),
        ("time", "time", ""),
        ("timetz", "custom", "isomorph has no word for the type time with time zone"),
        ("interval", "interval", ""),
        ("json", "json", "isomorph keeps JSON as jsonb"),
        ("jsonb", "json", ""),
        ("xml", "text", "isomorph has no word for the type xml"),
        ("money", "custom", "isomorph has no word for the type money"),
        ("bit(3)", "custom", "isomorph has no word for the type bit(3)"),
        ("integer[]", "array(int)", ""),
        ("numeric(5, 2)[]", "array(decimal(5, 2))", ""),
        ("text[]", "array(text)", ""),
        ("mood", "Mood", ""),
        ("mood[]", "array(Mood)", ""),
        ("positive", "int", "it is of the domain positive"),
        ("inet", "inet", ""),
        ("tstzrange", "tstzrange", ""),
        ("tsvector", "tsvector", ""),
        ("oid", "custom", "isomorph has no word for the type oid"),
    ],
    "mysql": [
        ("VARCHAR(160)", "string(160)", ""),
        ("CHAR(3)", "char(3)", ""),
        ("TINYINT(1)", "bool", ""),
        ("TINYINT", "tinyint", ""),
        ("SMALLINT UNSIGNED", "unsigned smallint", ""),
        ("MEDIUMINT", "int", "isomorph has no integer of 24 bits"),
        ("INT(11)", "int", ""),
        ("INT(6) ZEROFILL", "unsigned int", "it is filled up with zeros"),
        ("BIGINT UNSIGNED", "unsigned bigint", ""),
        ("DECIMAL(10, 2)", "decimal(10, 2)", ""),
        ("DECIMAL(10, 2) UNSIGNED", "decimal(10, 2)", "isomorph has no unsigned decimals"),
        ("FLOAT", "real", "isomorph keeps real as DOUBLE"),
        ("DOUBLE", "double", ""),
        ("BIT(1)", "bool", "isomorph keeps bool as TINYINT(1)"),
        ("BIT(8)", "custom", "isomorph has no word for the type bit(8)"),
        ("TINYTEXT", "text", "it ends at 255 bytes"),
        ("TEXT", "text", "it ends at 64 KiB"),
        ("MEDIUMTEXT", "mediumtext", ""),
        ("LONGTEXT", "text", ""),
        ("BLOB", "bytes", "it ends at 64 KiB"),
        ("LONGBLOB", "bytes", ""),
        ("VARBINARY(16)", "bytes(16)", ""),
        ("BINARY(16)", "bytes(16)", "it is filled up with zero bytes"),
        ("YEAR", "smallint", "isomorph has no word for the type year"),
        ("DATE", "date", ""),
        ("TIME", "time", "it keeps 0 digits"),
        ("DATETIME", "datetime", "it keeps 0 digits"),
        ("DATETIME(6)", "datetime", ""),
        ("TIMESTAMP(6) NULL", "timestamptz", "isomorph keeps moments as DATETIME(6)"),
        ("JSON", "json", ""),
        ("ENUM('a', 'it''s', 'b,c')", "Kind", ""),
        ("SET('x', 'y')", "set(Flags)", ""),
        ("POINT", "point", ""),
    ],
}
BEFORE: Mapping[str, list[str]] = {
    "postgresql": [
        "CREATE TYPE mood AS ENUM ('sad', 'it''s ok')",
        "CREATE DOMAIN positive AS integer CHECK (VALUE > 0)",
    ],
}
_NAMES = {"ENUM(": "kind", "SET(": "flags"}


@pytest.mark.feature("introspection.types")
def test_types_of_others_are_read(session: Session, dialect: str) -> None:
    types = FOREIGN[dialect]
    names = [
        next((name for word, name in _NAMES.items() if type_.startswith(word)), f"c{number}")
        for number, (type_, _, _) in enumerate(types)
    ]
    columns = ", ".join(f"{name} {type_}" for name, (type_, _, _) in zip(names, types, strict=True))
    found = made(session, *BEFORE.get(dialect, []), f"CREATE TABLE things (id INTEGER PRIMARY KEY, {columns})")
    notes = {item.column: item.reason for item in found.unsaid}
    said = [
        (
            type_,
            str(found.tables["things"].column(name).type),
            notes.get(name, "")[: len(note)] if note else notes.get(name, ""),
        )
        for name, (type_, _, note) in zip(names, types, strict=True)
    ]
    assert said == types
    values = {enum.name: enum.values for enum in found.enums.values()}
    assert (
        values
        == {
            "sqlite": {},
            "postgresql": {"Mood": ("sad", "it's ok")},
            "mysql": {"Kind": ("a", "it's", "b,c"), "Flags": ("x", "y")},
        }[dialect]
    )


OWN = [
    t.bool(),
    t.tinyint(),
    t.smallint(),
    t.int(),
    t.bigint(),
    t.unsigned_tinyint(),
    t.unsigned_smallint(),
    t.unsigned_int(),
    t.unsigned_bigint(),
    t.double(),
    t.string(40),
    t.char(3),
    t.text(),
    t.mediumtext(),
    t.bytes(),
    t.bytes(16),
    t.json(),
    t.inet(),
    t.cidr(),
    t.macaddr(),
    t.point(),
    t.linestring(),
    t.polygon(),
    t.geometry(),
]
"""Types that every database keeps apart from all others."""

OWN_OF: Mapping[str, list[Any]] = {
    "sqlite": [],
    "postgresql": [
        t.decimal(10, 2),
        t.real(),
        t.date(),
        t.time(),
        t.datetime(),
        t.timestamptz(),
        t.interval(),
        t.uuid(),
        t.array(t.int()),
        t.int4range(),
        t.tstzrange(),
        t.tsvector(),
    ],
    "mysql": [t.decimal(10, 2), t.date(), t.time(), t.datetime(), t.uuid()],
}


@pytest.mark.feature("introspection.types")
def test_types_of_isomorph_are_read_back(session: Session, dialect: str) -> None:
    types = [*OWN, *OWN_OF[dialect]]
    # Names that SQL and the checks use as words, and one that needs quotes.
    columns = tuple(
        Column(("length", "in", "a b")[number] if number < 3 else f"c{number}", type_, nullable=True)
        for number, type_ in enumerate(types)
    )
    table = Table("things", (Column("id", t.bigint(), auto_increment=True), *columns), ("id",))
    run(session, chain(detect(State(), State.of([table], []))))
    found = inspect(session)
    assert found.tables["things"] == table
    assert found.unsaid == ()


# --- everything else -----------------------------------------------------------------------------------------------------

ROLE = Enum("Role", ("member", "it's 100%"), "role")
USERS = Table(
    "users",
    (
        Column("id", t.bigint(), auto_increment=True),
        Column("email", t.string(255), default=Default("a\\b'c%")),
        Column("age", t.int(), nullable=True),
        Column("role", t.enum("Role"), default=Default("member")),
    ),
    ("id",),
    uniques=(Unique("users_email_unique", ("email", "age")),),
    indexes=(Index("users_age_index", (IndexColumn("age", descending=True), IndexColumn("id"))),),
    checks=(
        Check("users_age_check", Comparison(">", ColumnRef("age"), Literal(-9))),
        Check(
            "users_all_check",
            Or(
                (
                    And((IsNull(ColumnRef("age")), Comparison("<>", ColumnRef("email"), Literal("it's")))),
                    In(ColumnRef("age"), (Literal(1), Literal(2))),
                )
            ),
        ),
    ),
)
POSTS = Table(
    "posts",
    (
        Column("id", t.bigint()),
        Column("part", t.int()),
        Column("user_id", t.bigint(), nullable=True),
        Column("of_type", t.string(40), nullable=True),
        Column("of_id", t.bigint(), nullable=True),
    ),
    ("part", "id"),
    foreign_keys=(
        ForeignKey("posts_user_id_foreign", ("user_id",), "users", ("id",), on_delete=ReferentialAction.SET_NULL),
    ),
    guards=(
        MorphGuard(
            "posts_of_guard",
            "of_type",
            "of_id",
            (GuardMember("it's \\ 100%", "users", "id"),),
            on_delete=ReferentialAction.CASCADE,
        ),
    ),
)


@pytest.mark.feature("introspection.objects")
def test_what_isomorph_made_is_read_back(session: Session) -> None:
    run(session, chain(detect(State(), State.of([USERS, POSTS], [ROLE]))))
    found = inspect(session)
    assert (found.triggers, found.functions, found.views, found.unsaid) == ((), (), (), ())
    assert dict(found.enums) == {"Role": ROLE}
    assert list(found.tables) == ["posts", "users"]
    assert found.tables["users"] == USERS
    assert found.tables["posts"] == POSTS


@pytest.mark.feature("introspection.objects")
def test_views_and_triggers_of_others_are_read(session: Session, dialect: str) -> None:
    trigger = {
        "sqlite": ["CREATE TRIGGER noted AFTER INSERT ON things BEGIN SELECT 1; END"],
        "postgresql": [
            "CREATE FUNCTION noted() RETURNS trigger LANGUAGE plpgsql AS 'BEGIN RETURN NULL; END'",
            "CREATE TRIGGER noted AFTER INSERT ON things FOR EACH ROW EXECUTE FUNCTION noted()",
        ],
        "mysql": ["CREATE TRIGGER noted AFTER INSERT ON things FOR EACH ROW SET @seen = 1"],
    }[dialect]
    found = made(
        session,
        "CREATE TABLE things (id INTEGER PRIMARY KEY, a INTEGER)",
        "CREATE VIEW many AS SELECT id, a AS b FROM things WHERE a > 3",
        *trigger,
    )
    (view,) = found.views
    assert (view.name, view.columns) == ("many", ("id", "b"))
    assert view.sql.upper().startswith("SELECT")
    assert [(item.name, item.table, item.enabled) for item in found.triggers] == [("noted", "things", True)]
    assert [item.name for item in found.functions] == (["noted()"] if dialect == "postgresql" else [])
    assert list(found.tables) == ["things"]


def test_what_only_sqlite_says(session: Session, dialect: str) -> None:
    if dialect != "sqlite":
        pytest.skip("its own words")
    found = made(
        session,
        "CREATE TABLE Artist (ArtistId INTEGER NOT NULL, CONSTRAINT PK PRIMARY KEY (ArtistId))",
        "CREATE TABLE [my table] (a TEXT NOT NULL COLLATE NOCASE DEFAULT 'x,(' UNIQUE, b int REFERENCES artist ON DELETE SET DEFAULT"
        " DEFERRABLE INITIALLY DEFERRED, c DEFAULT CURRENT_TIMESTAMP, -- a comment, with a comma\n"
        " d TEXT CHECK (d IN ('p', 'q')), CHECK (a != '' AND b BETWEEN 1 AND 2), PRIMARY KEY (a, b)) WITHOUT ROWID",
        "CREATE UNIQUE INDEX part ON [my table] (lower(a) DESC, b) WHERE b IS NOT NULL",
        "CREATE VIRTUAL TABLE words USING fts5(body)",
    )
    assert list(found.tables) == ["Artist", "my table"]
    assert found.tables["Artist"] == Table(
        "Artist", (Column("ArtistId", t.bigint(), auto_increment=True),), ("ArtistId",)
    )
    table = found.tables["my table"]
    assert table.primary_key == ("a", "b")
    assert table.column("a") == Column("a", t.text(), default=Default("x,("), collation="nocase")
    assert table.column("c").default_sql == SqlText({"sqlite": "CURRENT_TIMESTAMP"})
    assert table.column("d").type == t.enum("D")
    assert found.enums["D"].values == ("p", "q")
    assert table.uniques == (Unique("my table_a_unique", ("a",)),)
    assert table.foreign_keys == (
        ForeignKey("my table_b_foreign", ("b",), "Artist", ("ArtistId",), deferrable=Deferrable.DEFERRED),
    )
    assert table.checks == (
        Check(
            "my table_check_1",
            And(
                (
                    Comparison("<>", ColumnRef("a"), Literal("")),
                    Between(ColumnRef("b"), Literal(1), Literal(2)),
                )
            ),
        ),
    )
    assert table.indexes == (
        Index(
            "part",
            (IndexExpression(SqlText({"sqlite": "lower(a)"}), descending=True), IndexColumn("b")),
            unique=True,
            where=IsNull(ColumnRef("b"), negated=True),
        ),
    )
    assert [(item.table, item.what) for item in found.unsaid] == [
        ("my table", "column c: type "),
        ("my table", "WITHOUT ROWID"),
        ("my table", "foreign key my table_b_foreign: on delete set default"),
        (None, "virtual table words"),
    ]


def test_what_only_postgresql_says(session: Session, dialect: str) -> None:
    if dialect != "postgresql":
        pytest.skip("its own words")
    found = made(
        session,
        'CREATE TABLE things (id serial PRIMARY KEY, n int GENERATED ALWAYS AS IDENTITY, a text COLLATE "C", b text,'
        " at timestamptz NOT NULL DEFAULT now(), r int4range, EXCLUDE USING gist (r WITH &&),"
        " CONSTRAINT few CHECK (a IN ('x', 'y') AND b <> ''), CONSTRAINT odd CHECK (length(a) > 3))",
        "CREATE INDEX things_a ON things (a, lower(b) DESC) INCLUDE (at) WHERE b IS NOT NULL",
        "CREATE INDEX things_gin ON things USING gin (to_tsvector('simple', b))",
        "CREATE INDEX things_null ON things (b DESC NULLS LAST, a NULLS FIRST)",
        "CREATE INDEX things_like ON things (b text_pattern_ops)",
        "CREATE TABLE parts (id int PRIMARY KEY, thing int CONSTRAINT own REFERENCES things DEFERRABLE)",
        "COMMENT ON TABLE parts IS 'Of things'",
        "COMMENT ON COLUMN parts.thing IS 'it''s'",
        "CREATE MATERIALIZED VIEW kept AS SELECT id FROM parts",
        "CREATE UNLOGGED TABLE quick (a int)",
        "CREATE TABLE logs (id int, day date) PARTITION BY RANGE (day)",
        "CREATE TABLE logs_old PARTITION OF logs FOR VALUES FROM ('2020-01-01') TO ('2021-01-01')",
    )
    things = found.tables["things"]
    assert things.column("id") == Column("id", t.int(), auto_increment=True)
    assert things.column("a").collation == "binary"
    assert things.column("at").default_sql is SqlDefault.NOW
    assert things.checks == (
        Check(
            "few",
            And(
                (
                    In(ColumnRef("a"), (Literal("x"), Literal("y"))),
                    Comparison("<>", ColumnRef("b"), Literal("")),
                )
            ),
        ),
        Check("odd", SqlText({"postgresql": "length(a) > 3"})),
    )
    indexes = {index.name: index for index in things.indexes}
    assert indexes["things_a"].include == ("at",)
    assert indexes["things_a"].where == IsNull(ColumnRef("b"), negated=True)
    assert indexes["things_a"].columns == (
        IndexColumn("a", nulls=Nulls.LAST),
        IndexExpression(SqlText({"postgresql": "lower(b)"}), descending=True, nulls=Nulls.FIRST),
    )
    assert (indexes["things_gin"].method, len(indexes["things_gin"].columns)) == ("gin", 1)
    assert indexes["things_null"].columns == (IndexColumn("b", descending=True), IndexColumn("a"))
    parts = found.tables["parts"]
    assert (parts.comment, parts.column("thing").comment) == ("Of things", "it's")
    assert parts.foreign_keys == (ForeignKey("own", ("thing",), "things", ("id",), deferrable=Deferrable.IMMEDIATE),)
    assert found.views[0].materialized
    assert list(found.tables) == ["logs", "parts", "quick", "things"]
    said = {(item.table, item.what) for item in found.unsaid}
    assert {
        ("things", "column id: serial"),
        ("things", "column n: identity always"),
        ("things", "index things_like: text_pattern_ops"),
        ("things", "constraint things_r_excl"),
        ("quick", "unlogged"),
        ("quick", "no primary key"),
        ("logs", "partitioned"),
        (None, "partition logs_old"),
    } <= said


def test_what_only_mysql_says(session: Session, dialect: str) -> None:
    if dialect != "mysql":
        pytest.skip("its own words")
    found = made(
        session,
        "CREATE TABLE things (id INT AUTO_INCREMENT PRIMARY KEY COMMENT 'it''s', a VARCHAR(40) COLLATE utf8mb4_german2_ci,"
        " b VARCHAR(40) CHARACTER SET latin1, at DATETIME DEFAULT CURRENT_TIMESTAMP ON UPDATE CURRENT_TIMESTAMP,"
        " n INT NOT NULL DEFAULT -3, c TEXT, g VARCHAR(9) AS (LEFT(a, 9)) VIRTUAL, UNIQUE some (a, b), INDEX part (c(10)),"
        " FULLTEXT words (c), CONSTRAINT odd CHECK (n > -9 OR n IN (1, 2)))"
        " ENGINE=InnoDB DEFAULT CHARSET utf8mb4 COLLATE utf8mb4_unicode_ci COMMENT 'Many'",
        "CREATE TABLE parts (id INT PRIMARY KEY, thing INT, FOREIGN KEY (thing) REFERENCES things (id) ON DELETE CASCADE)",
    )
    things = found.tables["things"]
    assert things.collation == {"mysql": "utf8mb4_unicode_ci"}
    assert (things.engine, things.charset, things.comment) == (None, None, "Many")
    assert things.column("id") == Column("id", t.int(), auto_increment=True, comment="it's")
    assert things.column("a").collation == {"mysql": "utf8mb4_german2_ci"}
    assert things.column("b").charset == "latin1"
    assert things.column("n").default == Default(-3)
    assert things.column("at").default_sql is SqlDefault.NOW
    generated = things.column("g").generated
    assert generated is not None
    assert not generated.stored
    assert things.uniques == (Unique("some", ("a", "b")),)
    assert things.checks == (
        Check(
            "odd",
            Or(
                (
                    Comparison(">", ColumnRef("n"), Literal(-9)),
                    In(ColumnRef("n"), (Literal(1), Literal(2))),
                )
            ),
        ),
    )
    assert {index.name: index.method for index in things.indexes} == {"part": None, "words": "fulltext"}
    (key,) = found.tables["parts"].foreign_keys
    assert (key.columns, key.table, key.on_delete) == (("thing",), "things", ReferentialAction.CASCADE)
    assert found.tables["parts"].indexes == (Index("thing", (IndexColumn("thing"),)),)  # the server's own
    said = {(item.table, item.what) for item in found.unsaid}
    assert {
        ("things", "column at: on update current_timestamp()"),
        ("things", "index part"),
        ("things", "column at: type datetime"),
    } <= said


# --- how it is read ------------------------------------------------------------------------------------------------------


class _Counting:
    """A session that counts its statements."""

    def __init__(self, inner: Session) -> None:
        self.inner, self.count = inner, 0

    def __getattr__(self, name: str) -> Any:
        return getattr(self.inner, name)

    def fetch(self, *arguments: Any) -> Any:
        self.count += 1
        return self.inner.fetch(*arguments)


@pytest.mark.feature("introspection.size")
def test_the_number_of_queries_does_not_depend_on_that_of_tables(session: Session) -> None:
    def queries() -> int:
        counting = _Counting(session)
        inspect(counting)  # type: ignore[arg-type]  # pyright: ignore[reportArgumentType] - it is one, for its reader
        return counting.count

    none = queries()
    made(session, *(f"CREATE TABLE t{number} (id INTEGER PRIMARY KEY, a INTEGER UNIQUE)" for number in range(12)))
    assert queries() == none
    assert none <= 14


def test_own_tables_and_ignored_ones_are_left_out(session: Session) -> None:
    run(session, chain(detect(State(), State.of([USERS], [ROLE]))))
    made(session, "CREATE TABLE wp_posts (id INTEGER PRIMARY KEY)")
    assert list(inspect(session).tables) == ["users", "wp_posts"]
    assert list(inspect(session, ignore=["wp_*"]).tables) == ["users"]


def test_another_schema_is_read_by_its_name(session: Session, dialect: str, other_database_url: str) -> None:
    statements = {
        "sqlite": [f"ATTACH DATABASE '{sqlite_file(other_database_url)}' AS other"],
        "postgresql": ["CREATE SCHEMA other"],
        "mysql": [],
    }[dialect]
    name = other_database_url.rpartition("/")[2] if dialect == "mysql" else "other"
    with session.session():
        found = made(session, *statements, f"CREATE TABLE {name}.things (id INTEGER PRIMARY KEY, a INTEGER UNIQUE)")
        assert dict(found.tables) == {}
        (table,) = inspect(session, schema=name).tables.values()
    assert (table.name, table.primary_key, [unique.columns for unique in table.uniques]) == (
        "things",
        ("id",),
        [("a",)],
    )
