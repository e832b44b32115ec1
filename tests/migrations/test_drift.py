"""Drift: a database is compared with what a state would make in it, in the database's own words."""

from collections.abc import Callable, Mapping
from decimal import Decimal

import pytest
from hypothesis import HealthCheck, given, settings

from isomorph.catalog import (
    Arithmetic,
    Check,
    Column,
    ColumnRef,
    Comparison,
    Default,
    Enum,
    ForeignKey,
    Generated,
    GuardMember,
    Index,
    IndexColumn,
    IsNull,
    Literal,
    MorphGuard,
    ObjectKind,
    ReferentialAction,
    SqlDefault,
    SqlObject,
    Table,
    Unique,
)
from isomorph.migrate import CreateObject, Drifted, State, fold, run, wipe
from isomorph.migrate import types as t
from isomorph_generator.introspect import Difference, compared, drift, fix
from isomorph_generator.migrations import detect
from tests.support.catalogs import states
from tests.support.examples import few
from tests.support.migrations import Session, chain, structure

ROLE = Enum("Role", ("member", "it's 100%"), "role")
USERS = Table(
    "users",
    (
        Column("id", t.bigint(), auto_increment=True),
        Column("email", t.string(255)),
        Column("age", t.smallint(), nullable=True),
        Column("role", t.enum("Role"), default=Default("member")),
        Column("balance", t.decimal(10, 2), default=Default(Decimal("1.5"))),
        Column("joined", t.timestamptz(), default_sql=SqlDefault.NOW),
        Column(
            "next_age", t.bigint(), nullable=True, generated=Generated(Arithmetic("+", ColumnRef("age"), Literal(1)))
        ),
    ),
    ("id",),
    uniques=(Unique("users_email_unique", ("email",)),),
    indexes=(
        Index("users_age_index", (IndexColumn("age"),)),
        Index(
            "users_some_index", (IndexColumn("role", descending=True),), where=IsNull(ColumnRef("age"), negated=True)
        ),
    ),
    checks=(Check("users_age_check", Comparison(">", ColumnRef("age"), Literal(0))),),
)
POSTS = Table(
    "posts",
    (
        Column("id", t.bigint(), auto_increment=True),
        Column("user_id", t.bigint()),
        Column("of_type", t.string(40), nullable=True),
        Column("of_id", t.bigint(), nullable=True),
    ),
    ("id",),
    foreign_keys=(
        ForeignKey("posts_user_id_foreign", ("user_id",), "users", ("id",), on_delete=ReferentialAction.CASCADE),
    ),
    guards=(MorphGuard("posts_of_guard", "of_type", "of_id", (GuardMember("user", "users", "id"),)),),
)
STATE = State.of([USERS, POSTS], [ROLE])


def make(session: Session, state: State) -> None:
    """Apply all of a state."""
    run(session, chain(detect(State(), state)))


def said(differences: tuple[Difference, ...]) -> list[str]:
    return [str(difference) for difference in differences]


@pytest.mark.feature("drift.none")
def test_a_database_of_the_revisions_has_no_drift(session: Session) -> None:
    make(session, STATE)
    assert said(drift(session, STATE, strict=True)) == []


@pytest.mark.feature("drift.none")
@settings(max_examples=few(6), suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow])
@given(state=states())
def test_no_state_drifts_from_itself(session: Session, state: State) -> None:
    try:
        make(session, state)
        before = structure(session)
        assert said(drift(session, state, strict=True)) == []
        assert structure(session) == before  # what is made for comparison is gone
    finally:
        wipe(session)


# --- one change by hand each -------------------------------------------------------------------------------------------

Change = Callable[[Session], None]


def sql(*statements: str) -> Change:
    """Raw SQL, as somebody types it."""

    def change(session: Session) -> None:
        for statement in statements:
            session.execute(session.dialect.ddl.text(statement))

    return change


def remade(table: str, before: str, after: str) -> Change:
    """A table of SQLite made once more with another text, its indexes and triggers as they were."""

    def change(session: Session) -> None:
        rows = session.fetch("SELECT type, sql FROM sqlite_master WHERE tbl_name = ? AND sql IS NOT NULL", (table,))
        of_table = next(text for kind, text in rows if kind == "table")
        assert before in of_table
        session.execute("PRAGMA foreign_keys = OFF")
        session.execute(f"DROP TABLE {table}")
        session.execute(of_table.replace(before, after, 1))
        for text in (text for kind, text in rows if kind != "table"):
            session.execute(text)

    return change


def everywhere(*statements: str) -> dict[str, Change]:
    return dict.fromkeys(("sqlite", "postgresql", "mysql"), sql(*statements))


# What is done on each database, and what drift says of it, on all of them or on each.
CHANGES: dict[str, tuple[Mapping[str, Change], list[str] | Mapping[str, list[str]]]] = {
    "column dropped": (
        everywhere("ALTER TABLE users DROP COLUMN joined"),
        ["users.joined is missing (timestamptz)"],
    ),
    "column added": (
        everywhere("ALTER TABLE users ADD COLUMN height REAL"),
        {
            "sqlite": ["users.height is unknown (double)"],
            "postgresql": ["users.height is unknown (real)"],
            "mysql": ["users.height is unknown (double)"],
        },
    ),
    "type changed": (
        {
            "sqlite": remade("users", 'length("email") <= 255', 'length("email") <= 100'),
            "postgresql": sql("ALTER TABLE users ALTER COLUMN email TYPE varchar(100)"),
            "mysql": sql("ALTER TABLE users MODIFY COLUMN email VARCHAR(100) NOT NULL"),
        },
        ["users.email: type string(255) expected, string(100) found"],
    ),
    "check of a type gone": (
        {
            "sqlite": remade("users", ' CONSTRAINT "users_age_range" CHECK ("age" BETWEEN -32768 AND 32767)', ""),
            "mysql": sql("ALTER TABLE users MODIFY COLUMN balance DECIMAL(12, 2) NOT NULL DEFAULT 1.5"),
        },
        {
            "sqlite": ["users.age: type smallint expected, bigint found"],
            "mysql": ["users.balance: type decimal(10, 2) expected, decimal(12, 2) found"],
        },
    ),
    "null allowed": (
        {
            "sqlite": remade("posts", '"user_id" INTEGER NOT NULL', '"user_id" INTEGER'),
            "postgresql": sql("ALTER TABLE posts ALTER COLUMN user_id DROP NOT NULL"),
            "mysql": sql("ALTER TABLE posts MODIFY COLUMN user_id BIGINT"),
        },
        ["posts.user_id: null NOT NULL expected, NULL found"],
    ),
    "default changed": (
        {
            "sqlite": remade("users", "DEFAULT 'member'", "DEFAULT 'it''s 100%'"),
            "postgresql": sql("ALTER TABLE users ALTER COLUMN role SET DEFAULT 'it''s 100%'"),
            "mysql": sql("ALTER TABLE users ALTER COLUMN role SET DEFAULT 'it''s 100%'"),
        },
        ['users.role: default "member" expected, "it\'s 100%" found'],
    ),
    "default dropped": (
        {
            "sqlite": remade("users", " DEFAULT '1.50'", ""),
            "postgresql": sql("ALTER TABLE users ALTER COLUMN balance DROP DEFAULT"),
            "mysql": sql("ALTER TABLE users ALTER COLUMN balance DROP DEFAULT"),
        },
        ['users.balance: default "1.5" expected, none found'],
    ),
    "index missing": (
        {
            "sqlite": sql("DROP INDEX users_age_index"),
            "postgresql": sql("DROP INDEX users_age_index"),
            "mysql": sql("DROP INDEX users_age_index ON users"),
        },
        ["users: index users_age_index is missing ((age))"],
    ),
    "index added": (
        everywhere("CREATE INDEX posts_of_id_index ON posts (of_id DESC)"),
        {
            "sqlite": ["posts: index posts_of_id_index is unknown ((of_id desc))"],
            "postgresql": ["posts: index posts_of_id_index is unknown ((of_id desc nulls first))"],
            "mysql": ["posts: index posts_of_id_index is unknown ((of_id desc))"],
        },
    ),
    "unique missing": (
        {
            "sqlite": remade("users", ',\n    CONSTRAINT "users_email_unique" UNIQUE ("email")', ""),
            "postgresql": sql("ALTER TABLE users DROP CONSTRAINT users_email_unique"),
            "mysql": sql("ALTER TABLE users DROP INDEX users_email_unique"),
        },
        ["users: unique users_email_unique is missing ((email))"],
    ),
    "check gone": (
        {
            "sqlite": remade("users", ',\n    CONSTRAINT "users_age_check" CHECK ("age" > 0)', ""),
            "postgresql": sql("ALTER TABLE users DROP CONSTRAINT users_age_check"),
            "mysql": sql("ALTER TABLE users DROP CONSTRAINT users_age_check"),
        },
        ["users: check users_age_check is missing (age > 0)"],
    ),
    "check changed": (
        {
            "sqlite": remade("users", 'CHECK ("age" > 0)', 'CHECK ("age" > 17)'),
            "postgresql": sql(
                "ALTER TABLE users DROP CONSTRAINT users_age_check, ADD CONSTRAINT users_age_check CHECK (age > 17)"
            ),
            "mysql": sql(
                "ALTER TABLE users DROP CONSTRAINT users_age_check, ADD CONSTRAINT users_age_check CHECK (age > 17)"
            ),
        },
        ["users: check users_age_check: age > 0 expected, age > 17 found"],
    ),
    "foreign key gone": (
        {
            "sqlite": remade(
                "posts",
                ',\n    CONSTRAINT "posts_user_id_foreign" FOREIGN KEY ("user_id") REFERENCES "users" ("id") ON DELETE CASCADE',
                "",
            ),
            "postgresql": sql("ALTER TABLE posts DROP CONSTRAINT posts_user_id_foreign"),
            "mysql": sql("ALTER TABLE posts DROP FOREIGN KEY posts_user_id_foreign, DROP INDEX posts_user_id_foreign"),
        },
        [
            "posts: foreign key posts_user_id_foreign is missing ((user_id) references users (id) on delete cascade)",
        ],
    ),
    "foreign key changed": (
        {
            "sqlite": remade("posts", "ON DELETE CASCADE", "ON DELETE SET NULL"),
            "postgresql": sql(
                "ALTER TABLE posts DROP CONSTRAINT posts_user_id_foreign",
                "ALTER TABLE posts ADD CONSTRAINT posts_user_id_foreign FOREIGN KEY (user_id) REFERENCES users (id)"
                " ON DELETE SET NULL",
            ),
            "mysql": sql(
                "ALTER TABLE posts DROP FOREIGN KEY posts_user_id_foreign",
                "ALTER TABLE posts ADD CONSTRAINT posts_user_id_foreign FOREIGN KEY (user_id) REFERENCES users (id)"
                " ON UPDATE CASCADE",
            ),
        },
        {
            "sqlite": [
                (
                    "posts: foreign key posts_user_id_foreign: (user_id) references users (id) on delete cascade expected, "
                    "(user_id) references users (id) on delete set null found"
                )
            ],
            "postgresql": [
                (
                    "posts: foreign key posts_user_id_foreign: (user_id) references users (id) on delete cascade expected, "
                    "(user_id) references users (id) on delete set null found"
                )
            ],
            "mysql": [
                (
                    "posts: foreign key posts_user_id_foreign: (user_id) references users (id) on delete cascade expected, "
                    "(user_id) references users (id) on update cascade found"
                )
            ],
        },
    ),
    "table gone": (
        {
            "sqlite": sql(
                "DROP TABLE posts", "DROP TRIGGER posts_of_guard_users_delete", "DROP TRIGGER posts_of_guard_users_key"
            ),
            "postgresql": sql("DROP TABLE posts"),
            "mysql": sql("DROP TABLE posts"),
        },
        {
            "sqlite": [
                "table posts is missing",
                "posts: guard posts_of_guard: trigger posts_of_guard_users_delete is missing",
                "posts: guard posts_of_guard: trigger posts_of_guard_users_key is missing",
            ],
            "postgresql": ["table posts is missing"],
            "mysql": ["table posts is missing"],
        },
    ),
    "table added": (everywhere("CREATE TABLE logs (id INTEGER PRIMARY KEY)"), ["table logs is unknown"]),
    "trigger gone": (
        {
            "sqlite": sql("DROP TRIGGER posts_of_guard_posts_insert"),
            "postgresql": sql("DROP TRIGGER posts_of_guard_posts_insert ON posts"),
            "mysql": sql("DROP TRIGGER posts_of_guard_posts_insert"),
        },
        ["posts: guard posts_of_guard: trigger posts_of_guard_posts_insert is missing"],
    ),
    "trigger of a member gone": (
        {
            "sqlite": sql("DROP TRIGGER posts_of_guard_users_delete"),
            "postgresql": sql("DROP TRIGGER posts_of_guard_users_delete ON users"),
            "mysql": sql("DROP TRIGGER posts_of_guard_users_delete"),
        },
        ["posts: guard posts_of_guard: trigger posts_of_guard_users_delete is missing"],
    ),
    "trigger disabled": (
        {"postgresql": sql("ALTER TABLE posts DISABLE TRIGGER posts_of_guard_posts_insert")},
        ["posts: guard posts_of_guard: trigger posts_of_guard_posts_insert: enabled expected, disabled found"],
    ),
    "trigger replaced": (
        {
            "sqlite": sql(
                "DROP TRIGGER posts_of_guard_posts_insert",
                "CREATE TRIGGER posts_of_guard_posts_insert AFTER INSERT ON posts BEGIN SELECT 1; END",
            ),
            "mysql": sql(
                "DROP TRIGGER posts_of_guard_posts_insert",
                "CREATE TRIGGER posts_of_guard_posts_insert BEFORE INSERT ON posts FOR EACH ROW SET @nothing = 1",
            ),
        },
        [
            "posts: guard posts_of_guard: trigger posts_of_guard_posts_insert: its definition expected, another one found"
        ],
    ),
    "value of an enum added": (
        {
            "sqlite": remade("users", "IN ('member', 'it''s 100%')", "IN ('member', 'it''s 100%', 'admin')"),
            "postgresql": sql("ALTER TYPE role ADD VALUE 'admin'"),
            "mysql": sql(
                "ALTER TABLE users MODIFY COLUMN role ENUM('member', 'it''s 100%', 'admin') NOT NULL DEFAULT 'member'"
            ),
        },
        {
            "sqlite": [
                "users.role: type enum('member', \"it's 100%\") expected, enum('member', \"it's 100%\", 'admin') found"
            ],
            "postgresql": ["enum role: (member, it's 100%) expected, (member, it's 100%, admin) found"],
            "mysql": [
                "users.role: type enum('member', \"it's 100%\") expected, enum('member', \"it's 100%\", 'admin') found"
            ],
        },
    ),
    "comment changed": (
        {
            "postgresql": sql("COMMENT ON TABLE users IS 'People'"),
            "mysql": sql("ALTER TABLE users COMMENT = 'People'"),
        },
        ["table users: comment none expected, People found"],
    ),
    "another expression": (
        {
            "sqlite": remade("users", '("age" + 1)', '("age" + 2)'),
            "mysql": sql("ALTER TABLE users MODIFY COLUMN next_age BIGINT GENERATED ALWAYS AS (age + 2) STORED"),
        },
        ["users.next_age: generated as age + 1 stored expected, age + 2 stored found"],
    ),
    "constraint not valid": (
        {
            "postgresql": sql(
                "ALTER TABLE users DROP CONSTRAINT users_age_check",
                "ALTER TABLE users ADD CONSTRAINT users_age_check CHECK (age > 0) NOT VALID",
            )
        },
        ["users: check users_age_check: valid expected, not valid found"],
    ),
}


@pytest.mark.feature("drift.named")
@pytest.mark.parametrize("name", CHANGES)
def test_what_was_changed_by_hand_is_named(session: Session, dialect: str, name: str) -> None:
    changes, expected = CHANGES[name]
    if dialect not in changes:
        pytest.skip(f"{dialect} has no such change")
    make(session, STATE)
    changes[dialect](session)
    assert said(drift(session, STATE)) == (expected if isinstance(expected, list) else expected[dialect])


# --- what is declared as SQL ---------------------------------------------------------------------------------------------

_TRIGGERS = {
    "sqlite": "CREATE TRIGGER users_noted AFTER INSERT ON users BEGIN SELECT 1; END",
    "postgresql": "CREATE TRIGGER users_noted AFTER INSERT ON users FOR EACH ROW EXECUTE FUNCTION users_note()",
    "mysql": "CREATE TRIGGER users_noted AFTER INSERT ON users FOR EACH ROW SET @seen = 1",
}


def declared(dialect: str) -> tuple[SqlObject, ...]:
    """A view, and a trigger with what it needs, of one dialect alone."""
    view = SqlObject(
        ObjectKind.VIEW,
        "adults",
        {dialect: ("CREATE VIEW adults AS SELECT id, email FROM users WHERE age > 17",)},
        {dialect: ("DROP VIEW adults",)},
    )
    on_users = " ON users" if dialect == "postgresql" else ""
    trigger = SqlObject(
        ObjectKind.TRIGGER,
        "users_noted",
        {dialect: (_TRIGGERS[dialect],)},
        {dialect: (f"DROP TRIGGER users_noted{on_users}",)},
    )
    function = SqlObject(
        ObjectKind.FUNCTION,
        "users_note",
        {dialect: ("CREATE FUNCTION users_note() RETURNS trigger LANGUAGE plpgsql AS 'BEGIN RETURN NULL; END'",)},
        {dialect: ("DROP FUNCTION users_note()",)},
    )
    return (function, view, trigger) if dialect == "postgresql" else (view, trigger)


@pytest.mark.feature("drift.objects")
def test_what_is_declared_as_sql_is_compared_and_made_again(session: Session, dialect: str) -> None:
    state = State.of([USERS, POSTS], [ROLE], declared(dialect))
    first = (*detect(State(), STATE), *map(CreateObject, declared(dialect)))
    run(session, chain(first))
    assert said(drift(session, state, strict=True)) == []
    view, trigger = declared(dialect)[-2:]
    sql(*view.drop[dialect], *trigger.drop[dialect])(session)
    assert said(drift(session, state)) == ["users: trigger users_noted is missing", "view adults is missing"]
    found = fix(compared(session, state))
    assert found.left == ()
    run(session, chain(first, found.operations))
    assert said(drift(session, state)) == []


@pytest.mark.feature("drift.objects")
def test_another_view_of_that_name_is_named_and_left_to_a_person(session: Session, dialect: str) -> None:
    state = State.of([USERS, POSTS], [ROLE], declared(dialect))
    run(session, chain((*detect(State(), STATE), *map(CreateObject, declared(dialect)))))
    sql("DROP VIEW adults", "CREATE VIEW adults AS SELECT id, email FROM users WHERE age > 20")(session)
    expected = ["view adults: its definition expected, another one found"]
    assert said(drift(session, state)) == expected
    found = fix(compared(session, state))
    assert (found.operations, said(found.left)) == ((), expected)


# --- what means the same -------------------------------------------------------------------------------------------------

# The same table, as somebody else makes it, and what is said of the differences when asked.
SPELLED: dict[str, tuple[list[str], list[str]]] = {
    "sqlite": (
        [
            "CREATE TABLE things (id INTEGER NOT NULL, at DATETIME, name VARCHAR(40), CONSTRAINT pk PRIMARY KEY (id))",
            "CREATE INDEX things_name ON things (name COLLATE NOCASE)",
        ],
        [
            "things: index things_name: none expected, name COLLATE NOCASE found (spelling)",
            "table things: options STRICT expected, none found (spelling)",
            "things.at: type TEXT expected, DATETIME found (spelling)",
            "things.name: type TEXT expected, VARCHAR(40) found (spelling)",
        ],
    ),
    "postgresql": (
        [
            "CREATE TABLE things (id bigserial CONSTRAINT pk PRIMARY KEY, at timestamp(3), name varchar(40))",
            "CREATE INDEX things_name ON things (name varchar_pattern_ops NULLS FIRST)",
        ],
        [
            "things: index things_name: none expected, name varchar_pattern_ops found (spelling)",
            "things.id: numbering identity expected, serial found (spelling)",
            "things.at: type timestamp without time zone expected, timestamp(3) without time zone found (spelling)",
        ],
    ),
    "mysql": (
        [
            (
                "CREATE TABLE things (id BIGINT AUTO_INCREMENT PRIMARY KEY, at DATETIME ON UPDATE CURRENT_TIMESTAMP,"
                " name VARCHAR(40), INDEX things_name (name(9))) DEFAULT CHARSET utf8mb4 COLLATE utf8mb4_nopad_bin"
            ),
        ],
        [
            "things: index things_name: none expected, name (9) found (spelling)",
            "things.at: type datetime(6) expected, datetime found (spelling)",
            "things.at: extra none expected, on update current_timestamp() found (spelling)",
        ],
    ),
}


@pytest.mark.feature("drift.spelling")
def test_what_is_only_spelled_otherwise_is_told_when_asked(session: Session, dialect: str) -> None:
    table = Table(
        "things",
        (
            Column("id", t.bigint(), auto_increment=True),
            Column("at", t.datetime(), nullable=True),
            Column("name", t.string(40), nullable=True),
        ),
        ("id",),
        indexes=(Index("things_name", (IndexColumn("name"),)),),
    )
    statements, expected = SPELLED[dialect]
    sql(*statements)(session)
    assert said(drift(session, State.of([table], []))) == []
    assert said(drift(session, State.of([table], []), strict=True)) == expected


@pytest.mark.feature("drift.ignore")
def test_tables_of_others_are_ignored_by_pattern(session: Session) -> None:
    make(session, STATE)
    sql("CREATE TABLE wp_posts (id INTEGER PRIMARY KEY)", "CREATE TABLE logs (id INTEGER PRIMARY KEY)")(session)
    assert said(drift(session, STATE, ignore=["wp_*"])) == ["table logs is unknown"]
    assert said(drift(session, STATE, ignore=["wp_*", "logs"])) == []


# --- mending ---------------------------------------------------------------------------------------------------------------

# Whose mend needs what nobody knows: rows for a column, or that is left to a person.
_BY_HAND = {"table added", "constraint not valid"}


@pytest.mark.feature("drift.fix")
@pytest.mark.parametrize("name", [name for name in CHANGES if name not in _BY_HAND])
def test_a_revision_of_the_fix_leads_back(session: Session, dialect: str, name: str) -> None:
    changes, expected = CHANGES[name]
    if dialect not in changes:
        pytest.skip(f"{dialect} has no such change")
    first = detect(State(), STATE)
    run(session, chain(first))
    changes[dialect](session)
    found = fix(compared(session, STATE))
    if expected != [] and (isinstance(expected, list) or expected[dialect]):
        assert isinstance(found.operations[0], Drifted)
    assert found.left == ()
    assert fold(found.operations, STATE).is_same(STATE)
    run(session, chain(first, found.operations))
    assert said(drift(session, STATE)) == []


@pytest.mark.feature("drift.fix")
def test_a_column_for_which_rows_have_no_value_is_left_to_a_person(session: Session) -> None:
    named = Table("names", (Column("id", t.bigint(), auto_increment=True), Column("name", t.string(40))), ("id",))
    state = State.of([named, USERS], [ROLE])
    first = detect(State(), state)
    run(session, chain(first))
    sql("ALTER TABLE names DROP COLUMN name", "ALTER TABLE users DROP COLUMN joined")(session)
    found = fix(compared(session, state))
    assert said(found.left) == ["names.name is missing (string(40))"]
    run(session, chain(first, found.operations))
    assert said(drift(session, state)) == ["names.name is missing (string(40))"]


@pytest.mark.feature("drift.fix")
@pytest.mark.parametrize("name", sorted(_BY_HAND))
def test_what_a_revision_cannot_mend_is_left_and_said(session: Session, dialect: str, name: str) -> None:
    changes, expected = CHANGES[name]
    if dialect not in changes:
        pytest.skip(f"{dialect} has no such change")
    make(session, STATE)
    changes[dialect](session)
    found = fix(compared(session, STATE))
    assert found.operations == ()
    assert said(found.left) == expected
