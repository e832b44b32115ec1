"""Comments and hints: they travel with a statement, whatever it is, and change no row."""

from typing import Any

import pytest

from generated import Role, db
from isomorph.errors import InvalidValue
from tests.support.showcase import Sent

pytestmark = [pytest.mark.usefixtures("showcase"), pytest.mark.feature("queries.remarks")]


@pytest.fixture
def roles(showcase: str) -> None:
    Role.insert_many({"name": name, "level": level} for name, level in (("a", 1), ("b", 2), ("c", 2)))


def test_a_comment_is_the_end_of_every_statement(roles: None, sent: Sent) -> None:
    query = Role.query().where(Role.level == 2).order_by(Role.name).comment("page=home, part_1: a/b")
    assert query.pluck(Role.name) == ["b", "c"]
    assert [role.name for role in query.limit(1).get()] == ["b"]
    assert (query.count(), query.exists(), query.sum(Role.level), query.distinct().count()) == (2, True, 4, 2)
    assert query.select(Role.name).get() == [("b",), ("c",)]
    with db.transaction():
        assert query.lock_for_update().pluck(Role.name) == ["b", "c"]

    texts = [text for text in sent.texts if "SELECT" in text]
    assert len(texts) == 8
    assert all("/* page=home, part_1: a/b */" in text for text in texts)


def test_a_comment_of_a_union_and_of_what_it_is_made_of(roles: None) -> None:
    first = Role.query().where(Role.level == 1).comment("first")
    both = first.union(Role.query().where(Role.name == "c").comment("second")).order_by(Role.name)
    assert [role.name for role in both.get()] == ["a", "c"]
    assert both.comment("whole").count() == 2
    assert Role.query().where(Role.id.in_(first.select(Role.id))).pluck(Role.name) == ["a"]


@pytest.mark.parametrize("text", ["*/ DROP TABLE roles; /*", "a\nb", "100%", "?", "'"])
def test_a_comment_that_could_end_is_refused(text: str) -> None:
    with pytest.raises(InvalidValue, match=r"^comment\(\): expected letters, digits"):
        Role.query().comment(text)


def test_a_hint_is_read_by_one_database_only(showcase: str, roles: None) -> None:
    query = Role.query().hint("mysql", "MAX_EXECUTION_TIME(1000)").hint("postgresql", "SeqScan(roles)")
    hints = {"mysql": "MAX_EXECUTION_TIME(1000)", "postgresql": "SeqScan(roles)"}

    text = query.to_sql()[0]
    assert text.startswith(f"SELECT /*+ {hints[showcase]} */ " if showcase in hints else 'SELECT "id"')
    assert query.order_by(Role.name).pluck(Role.name) == ["a", "b", "c"]
    assert [role.name for role in query.order_by(Role.name).get()] == ["a", "b", "c"]
    assert query.count() == 3
    assert query.select(Role.level).distinct().order_by(Role.level).get() == [(1,), (2,)]
    assert query.union(query).count() == 3
    assert Role.query().where(Role.id.in_(query.select(Role.id))).count() == 3


@pytest.mark.parametrize("text", ["*/ DROP TABLE roles; /*", "/* again", "%s"])
def test_a_hint_that_could_end_is_refused(text: str) -> None:
    with pytest.raises(InvalidValue, match=r"^hint\(\): expected a hint without"):
        Role.query().hint("mysql", text)  # pyright: ignore[reportArgumentType] - no literal


def test_a_remark_that_is_no_text_is_refused(sent: Sent) -> None:
    query: Any = Role.query()
    with pytest.raises(InvalidValue, match=r"comment\(\): expected a text, got int"):
        query.comment(5)
    with pytest.raises(InvalidValue, match=r"hint\(\): expected a text, got NoneType"):
        query.hint("mysql", None)
    assert len(sent) == 0
