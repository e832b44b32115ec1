"""Rules that look into a database: what its rows say, never what is in them."""

from collections.abc import Generator

import pytest

from isomorph.migrate import Revisions, State, fold, run
from isomorph_generator.lint import Example, Finding, Live, Severity, lint
from isomorph_generator.lint.examples import BEFORE
from tests.lint.examples import loaded
from tests.support.migrations import Session, chain, open_session, revision

pytestmark = pytest.mark.feature("lint.live")

SECRET = "a secret of somebody, longer than twenty letters"
ROWS = (
    f"INSERT INTO users (email, nickname, age, role) VALUES ('a@b.example', '{SECRET}', 70000, 'member')",
    f"INSERT INTO users (email, nickname, age, role) VALUES ('c@d.example', '{SECRET}', NULL, 'editor')",
)


@pytest.fixture
def session(database_url: str) -> Generator[Session]:
    with open_session(database_url) as opened:
        yield opened


@pytest.fixture
def filled(session: Session) -> Session:
    """The tables of the examples, with two users."""
    run(session, chain(BEFORE))
    for row in ROWS:
        session.execute(row)
    return session


def _found(session: Session, upgrade: str, head: str = "") -> dict[str, Finding]:
    before = revision("r1", BEFORE)
    revisions = Revisions((before, loaded(Example(upgrade, head))))
    live = Live(session, fold(BEFORE))
    findings = lint(revisions, (session.dialect.name,), only={"r2"}, live=live)
    assert all(SECRET[:8] not in str(finding) for finding in findings)
    return {finding.code: finding for finding in findings}


def test_rows_that_are_alike(filled: Session) -> None:
    found = _found(filled, 'AddUnique("users", Unique("u", ("nickname",)))')["MIG008"]
    assert (found.severity, found.message) == (Severity.ERROR, "rows of users are alike in nickname, and fail it")
    assert "MIG008" not in _found(filled, 'AddUnique("users", Unique("u", ("age",)))')


def test_rows_without_a_value(filled: Session) -> None:
    to = 'ChangeColumn("users", Column("{0}", {1}, nullable=True), Column("{0}", {1}))'
    assert _found(filled, to.format("age", "t.int()"))["MIG007"].severity is Severity.ERROR
    assert "MIG007" not in _found(filled, to.format("nickname", "t.string(50)"))
    assert "MIG007" in _found(filled, 'AddColumn("users", Column("city", t.string(9)))')
    assert "MIG007" not in _found(filled, 'AddColumn("posts", Column("city", t.string(9)))')  # no rows


def test_values_that_do_not_fit(filled: Session) -> None:
    to = 'ChangeColumn("users", Column("{0}", {1}, nullable=True), Column("{0}", {2}, nullable=True))'
    assert (
        "and some rows hold such"
        in _found(filled, to.format("nickname", "t.string(50)", "t.string(20)"))["MIG005"].message
    )
    assert "but no row" in _found(filled, to.format("nickname", "t.string(50)", "t.string(49)"))["MIG005"].message
    assert "and some rows hold such" in _found(filled, to.format("age", "t.int()", "t.smallint()"))["MIG004"].message


def test_values_of_an_enum_that_rows_hold(filled: Session) -> None:
    to = 'ChangeEnum(Enum("Role", ("member", "editor", "admin"), "role"), Enum("Role", {}, "role"))'
    assert "rows of users.role hold one" in _found(filled, to.format('("member", "admin")'))["MIG003"].message
    assert "hold one" not in _found(filled, to.format('("member", "editor")'))["MIG003"].message


def test_how_large_a_table_is(filled: Session) -> None:
    code = {"sqlite": "MIG017", "postgresql": "MIG009", "mysql": "MIG016"}[filled.dialect.name]
    to = 'ChangeColumn("{0}", Column("{1}", t.{2}{3}), Column("{1}", t.text(){3}))'
    assert "about 2 rows" in _found(filled, to.format("users", "age", "int()", ", nullable=True"))[code].message
    assert code not in _found(filled, to.format("posts", "editor_id", "bigint()", ", nullable=True"))


def test_how_far_a_key_has_come(filled: Session) -> None:
    filled.execute("UPDATE users SET id = 2000000000 WHERE nickname IS NOT NULL AND age IS NULL")
    number = 'Column("id", t.{}(), auto_increment=True)'
    change = f'ChangeColumn("users", {number.format("bigint")}, {number.format("int")})'
    key = 'DropForeignKey("posts", ForeignKey("posts_user_id_foreign", ("user_id",), "users", ("id",)))'
    found = _found(filled, f"{key}, {change}")
    assert found["MIG018"].severity is Severity.ERROR
    assert "93% are used" in found["MIG018"].message


def test_what_the_database_does_not_have_yet_is_not_asked_for(session: Session) -> None:
    revisions = Revisions((revision("r1", BEFORE), loaded(Example('AddUnique("users", Unique("u", ("nickname",)))'))))
    found = lint(revisions, (session.dialect.name,), live=Live(session, State()))
    assert [finding.severity for finding in found if finding.code == "MIG008"] == [Severity.WARNING]


@pytest.mark.feature("lint.allow")
def test_an_allowance_of_what_this_database_does_not_show_is_left_alone(filled: Session) -> None:
    rename = 'RenameColumn("users", "nickname", "alias")'
    head = 'allow={"MIG012": "nothing reads it", "MIG017": "the table is small", "MIG008": "there are none"}'
    assert set(_found(filled, rename, head)) == set()
