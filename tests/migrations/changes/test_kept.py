"""What stands on a table beside what the schema says, and is there after it got another name or form."""

import pytest

from isomorph import dialects
from isomorph.errors import InvalidOperation
from isomorph.migrate import (
    AddColumn,
    AddForeignKey,
    Arithmetic,
    ChangeColumn,
    ChangeEnum,
    ChangePrimaryKey,
    Check,
    Column,
    ColumnRef,
    Comparison,
    CreateIndex,
    Default,
    Deferrable,
    DropUnique,
    Enum,
    ForeignKey,
    Generated,
    Index,
    IndexColumn,
    IndexExpression,
    Literal,
    Nulls,
    Operation,
    RenameColumn,
    RenameConstraint,
    RenameIndex,
    RenameMorphAlias,
    RenameTable,
    Revisions,
    SqlText,
    State,
    Table,
    Unique,
    fold,
    rollback,
    run,
)
from isomorph.migrate import types as t
from isomorph.migrate.planning import steps
from tests.migrations.changes.keys import CHILD, CODE, ID, PARENT, PLAIN
from tests.migrations.changes.shop import ENUMS, ROLE, TABLES, USERS
from tests.support.changing import made
from tests.support.migrations import Session, chain

USER = Table(
    "users", (Column("id", t.int()), Column("name", t.string(20)), Column("seen", t.int(), nullable=True)), ("id",)
)
LOG = Table("log", (Column("id", t.int()), Column("what", t.text())), ("id",))
OPERATIONS = (
    RenameTable("users", "people"),
    RenameColumn("people", "name", "title"),
    ChangeColumn("people", Column("title", t.string(20)), Column("title", t.string(90))),
    AddColumn("people", Column("more", t.int(), default=Default(1))),
)


@pytest.mark.feature("migrations.renames")
def test_a_trigger_and_a_view_of_ones_own_follow_a_table_and_stay(session: Session, dialect: str) -> None:
    revisions = chain(made(State.of([USER, LOG], [])), OPERATIONS)
    run(session, Revisions(revisions.items[:1]))
    if dialect == "sqlite":
        session.execute("CREATE VIEW names AS SELECT name AS called FROM users")
        session.execute(
            "CREATE TRIGGER logged AFTER INSERT ON users BEGIN INSERT INTO log (id, what) VALUES (NEW.id, NEW.name); END"
        )
    elif dialect == "postgresql":
        session.execute(
            "CREATE FUNCTION logged() RETURNS trigger LANGUAGE plpgsql AS"
            " $$ BEGIN INSERT INTO log (id, what) VALUES (NEW.id, 'x'); RETURN NULL; END $$"
        )
        session.execute("CREATE TRIGGER logged AFTER INSERT ON users FOR EACH ROW EXECUTE FUNCTION logged()")
    else:
        session.execute(
            "CREATE TRIGGER logged AFTER INSERT ON users FOR EACH ROW INSERT INTO log (id, what) VALUES (NEW.id, 'x')"
        )
    session.execute("INSERT INTO users (id, name) VALUES (1, 'Ada')")
    run(session, revisions)
    session.execute("INSERT INTO people (id, title) VALUES (2, 'Grace')")
    assert session.fetch("SELECT id FROM log ORDER BY id") == [(1,), (2,)]
    if dialect == "sqlite":
        assert session.fetch("SELECT called FROM names ORDER BY 1") == [("Ada",), ("Grace",)]
    rollback(session, revisions, step=1)
    session.execute("INSERT INTO users (id, name) VALUES (3, 'Joan')")
    assert session.fetch("SELECT id FROM log ORDER BY id") == [(1,), (2,), (3,)]


@pytest.mark.feature("migrations.change_key")
def test_rows_are_numbered_behind_the_highest(session: Session) -> None:
    plain = Table("items", (PLAIN, Column("n", t.int(), nullable=True)), ("id",))
    revisions = chain(made(State.of([plain], [])), (ChangeColumn("items", PLAIN, ID),))
    run(session, Revisions(revisions.items[:1]))
    session.execute("INSERT INTO items (id, n) VALUES (41, 1)")
    run(session, revisions)
    session.execute("INSERT INTO items (n) VALUES (2)")
    assert session.fetch("SELECT id FROM items ORDER BY id") == [(41,), (42,)]


@pytest.mark.feature("migrations.renames", dialect="sqlite")
def test_sqlite_renames_first_and_rebuilds_once() -> None:
    state = State.of([USER, LOG], [])
    found = steps(OPERATIONS, dialects.get("sqlite"), state)
    assert [(str(step), step.rebuilds) for step in found] == [
        ("rename table users to people", False),
        ("rename column people.name to title", False),
        ("change column people.title, add column people.more", True),
    ]
    copies = [statement for step in found for statement in step.statements if statement.startswith("INSERT")]
    assert copies == [
        'INSERT INTO "isomorph_new_people" ("id", "title", "seen") SELECT "id", "title", "seen" FROM "people"'
    ]


@pytest.mark.feature("migrations.change_enum", dialect="postgresql")
def test_postgresql_adds_values_in_place_unless_the_revision_uses_them() -> None:
    more = ChangeEnum(ROLE, Enum("Role", (*ROLE.values, "new"), "role"))
    state = State.of(TABLES, ENUMS)
    role = USERS.column("role")
    uses = ChangeColumn("users", role, Column("role", role.type, default=Default("new")))
    apart = ChangeColumn("users", USERS.column("tag"), Column("tag", t.char(4)))
    postgresql = dialects.get("postgresql")
    assert steps([more, apart], postgresql, state)[0].statements == (
        "ALTER TYPE \"role\" ADD VALUE 'new' AFTER '50%%'",
    )
    assert 'ALTER TYPE "role" RENAME TO "isomorph_role_old"' in steps([more, uses], postgresql, state)[0].statements


_STATE = State.of(TABLES, ENUMS)
_FAMILY = State.of([PARENT, CHILD], [])
_BY_HAND = State.of(
    [Table("users", USER.columns, ("id",), checks=(Check("by_hand", SqlText({"sqlite": "name <> ''"})),))], []
)
REFUSED: tuple[tuple[State, Operation, str], ...] = (
    (_STATE, RenameTable("users", "posts"), "there is a table posts already"),
    (_STATE, RenameTable("user", "people"), "there is no table user at this point"),
    (_STATE, RenameColumn("users", "name", "age"), "users has a column age already"),
    (_STATE, RenameColumn("users", "nam", "title"), "users has no column nam at this point"),
    (
        _BY_HAND,
        RenameColumn("users", "name", "title"),
        "the check by_hand of users is SQL written by hand that names name",
    ),
    (_STATE, RenameIndex("users", "nothing", "x"), "users has no nothing at this point"),
    (_STATE, RenameIndex("users", "users_partial", "users_age_index"), "users has a users_age_index already"),
    (_STATE, RenameConstraint("users", "nothing", "x"), "users has no constraint nothing at this point"),
    (
        _STATE,
        RenameMorphAlias("notes", "about_type", "nobody", "x"),
        'notes.about_type knows no "nobody" at this point',
    ),
    (_STATE, RenameMorphAlias("notes", "about_type", "user", "post"), 'notes.about_type may hold "post" already'),
    (_STATE, ChangeColumn("users", USERS.column("age"), Column("years", t.int())), "users.age is to become years"),
    (_STATE, ChangeColumn("users", ID, Column("id", t.bigint(), nullable=True)), "users.id is part of the primary key"),
    (
        _STATE,
        ChangeColumn("users", ID, Column("id", t.int(), auto_increment=True)),
        "joins users.id with a column of bigint",
    ),
    (
        _FAMILY,
        ChangeColumn("parents", PLAIN, Column("id", t.bigint(), generated=Generated(Literal(1)))),
        "parents.id is part of the primary key, and is to be computed",
    ),
    (_STATE, ChangePrimaryKey("users", ("id",), ("age",)), "users.age may be NULL"),
    (_STATE, ChangePrimaryKey("users", ("id",), ("id", "name")), "users.id numbers rows"),
    (_STATE, ChangePrimaryKey("users", ("id",), ()), "users is to have no primary key"),
    (_FAMILY, ChangePrimaryKey("parents", ("id",), ("code",)), "references id of parents, unique no more"),
    (_STATE, ChangeEnum(ROLE, Enum("Role", ("member",), "role")), 'the default of users.role is "it\'s"'),
    (_STATE, ChangeEnum(ROLE, Enum("Kind", ROLE.values, "role")), "the enum Role is to become Kind"),
    (_STATE, ChangeEnum(ROLE, Enum("Role", (), "role")), "the enum Role is to have no values"),
    (_STATE, ChangeEnum(ROLE, ROLE, (("nobody", "member"),)), 'the enum Role has no value "nobody"'),
    (_STATE, ChangeEnum(ROLE, Enum("Role", ("it's", "50%"), "role"), (("member", "it's"),)), "none of its new names"),
)


@pytest.mark.parametrize(
    ("state", "operation", "told"), REFUSED, ids=lambda part: part if isinstance(part, str) else ""
)
def test_what_is_not_sound_is_refused_before_anything_is_done(state: State, operation: Operation, told: str) -> None:
    with pytest.raises(InvalidOperation) as caught:
        operation.apply(state)
    assert told in str(caught.value)
    assert caught.value.mend


def test_a_unique_constraint_that_is_referenced_stays() -> None:
    state = fold(
        [ChangePrimaryKey("parents", ("id",), ("code",))],
        State.of([Table("parents", (PLAIN, CODE), ("id",), uniques=(Unique("u", ("id",)),)), CHILD], []),
    )
    with pytest.raises(InvalidOperation, match="references id of parents, unique no more"):
        DropUnique("parents", Unique("u", ("id",))).apply(state)


LACKING = (
    ("sqlite", CreateIndex("users", Index("i", (IndexColumn("name"),), method="gin")), "`method`"),
    ("sqlite", CreateIndex("users", Index("i", (IndexColumn("name"),), include=("seen",))), "`include`"),
    ("sqlite", CreateIndex("users", Index("i", (IndexColumn("seen", nulls=Nulls.LAST),))), "NULL last"),
    ("mysql", CreateIndex("users", Index("i", (IndexColumn("name"),), method="gin")), "built by gin"),
    ("mysql", CreateIndex("users", Index("i", (IndexColumn("name"),), include=("seen",))), "includes columns"),
    ("mysql", CreateIndex("users", Index("i", (IndexColumn("seen", nulls=Nulls.LAST),))), "NULL last"),
    ("mysql", CreateIndex("users", Index("i", (IndexExpression(ColumnRef("name")),))), "over an expression"),
    (
        "mysql",
        AddForeignKey("log", ForeignKey("k", ("id",), "users", ("id",), deferrable=Deferrable.DEFERRED)),
        "deferrable",
    ),
)


@pytest.mark.parametrize(("name", "operation", "told"), LACKING)
def test_what_a_database_lacks_is_refused_with_a_mend(name: str, operation: Operation, told: str) -> None:
    with pytest.raises(InvalidOperation) as caught:
        steps([operation], dialects.get(name), State.of([USER, LOG], []))
    assert told in str(caught.value)
    assert caught.value.mend


def test_mysql_takes_apart_what_mariadb_renames_along() -> None:
    table = Table(
        "users",
        (
            Column("id", t.bigint(), auto_increment=True),
            Column("age", t.int()),
            Column("tags", t.array(t.int())),
            Column("next", t.int(), generated=Generated(Arithmetic("+", ColumnRef("age"), Literal(1)))),
        ),
        ("id",),
        indexes=(Index("users_next", (IndexColumn("next"),)),),
        checks=(Check("users_age", Comparison(">", ColumnRef("age"), Literal(0))),),
    )

    def told(operation: Operation) -> tuple[str, ...]:
        (step,) = steps([operation], dialects.get("mysql"), State.of([table], []))
        return step.statements

    assert told(RenameColumn("users", "age", "years")) == (
        "ALTER TABLE `users` /*!80016 DROP INDEX `users_next`, DROP CONSTRAINT `users_age`, DROP COLUMN `next` */",
        "ALTER TABLE `users` RENAME COLUMN `age` TO `years`",
        (
            "ALTER TABLE `users` /*!80016 ADD COLUMN `next` INT GENERATED ALWAYS AS (`years` + 1) STORED NOT NULL, "
            "ADD CONSTRAINT `users_age` CHECK (`years` > 0), ADD INDEX `users_next` (`next`) */"
        ),
    )
    assert told(RenameTable("users", "people")) == (
        "RENAME TABLE `users` TO `people`",
        (
            "ALTER TABLE `people` /*!80016 DROP CHECK `users_tags_json`, "
            "ADD CONSTRAINT `people_tags_json` CHECK (JSON_VALID(`tags`)) */"
        ),
    )
