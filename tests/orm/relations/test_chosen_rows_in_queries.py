"""Queries over relations that the showcase has none of: to one of several rows, through tables with models, elsewhere."""

import datetime as dt
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from isomorph.errors import InvalidQuery
from tests.support.fields import generated_package
from tests.support.limits import bound_limit, limit
from tests.support.showcase import Sent, recording, tables_of

pytestmark = pytest.mark.feature("relations.where_has")


def _at(day: int) -> dt.datetime:
    return dt.datetime(2026, 1, day)  # noqa: DTZ001 - a datetime field belongs to no zone


@pytest.fixture
def world(related: Any) -> Any:
    """Ada signed in thrice, at last in vain; Bob once, Cyd never. Ada is in two groups, in one of them in secret."""
    ada, bob, cyd = [related.Person.create(name=name) for name in ("Ada", "Bob", "Cyd")]
    logins = [
        related.Login.create(person=person, at=_at(day), score=score, ok=ok)
        for person, day, score, ok in ((ada, 1, 5, True), (ada, 2, 9, True), (ada, 3, 1, False), (bob, 1, 2, True))
    ]
    for login, number in zip((logins[0], logins[1], logins[3]), (7, 3, 4), strict=True):
        related.Page.create(login=login, number=number)
    staff, secret = [related.Group.create(name=name) for name in ("staff", "secret")]
    for person, group, hidden in ((ada, staff, False), (ada, secret, True), (bob, staff, False)):
        related.Membership.create(person=person, group=group, hidden=hidden, level=2)
    for group, name in ((staff, "read"), (secret, "write")):
        right = related.Right.create(name=name)
        related.db.execute("INSERT INTO group_right (group_id, right_id) VALUES (?, ?)", group.id, right.id)
    book = related.Book.create(title="rules")
    related.db.execute(
        "INSERT INTO shelves (shelved_type, shelved_id, book_id) VALUES ('group', ?, ?)", staff.id, book.id
    )
    for title, words in (("one", 10), ("two", 20)):
        related.Chapter.create(book=book, title=title, words=words)
    related.Badge.create(wearer=cyd)
    return related


@pytest.fixture
def sent(world: Any) -> Any:
    with recording(world.db.connection()) as found:
        yield found


def _names(query: Any, person: Any) -> list[str]:
    return sorted(query.pluck(person.name))


# --- one of several ----------------------------------------------------------------------------------------------------


def test_only_the_chosen_row_counts(world: Any, sent: Sent) -> None:
    person, login = world.Person, world.Login

    assert _names(person.query().where_has(person.logins, login.ok.is_true()), person) == ["Ada", "Bob"]
    assert _names(person.query().where_has(person.latest_login, login.ok.is_true()), person) == ["Bob"]
    assert _names(person.query().where_has(person.first_login, login.ok.is_true()), person) == ["Ada", "Bob"]
    assert _names(person.query().where_has(person.best_login, login.score > 8), person) == ["Ada"]
    assert _names(person.query().has(person.latest_login), person) == ["Ada", "Bob"]
    assert _names(person.query().doesnt_have(person.latest_login), person) == ["Cyd"]
    assert _names(person.query().where_doesnt_have(person.latest_login, login.ok.is_true()), person) == ["Ada", "Cyd"]
    assert _names(person.query().where_has(person.latest_page, world.Page.number > 5), person) == ["Ada"]
    assert _names(person.query().where_has(person.latest_page, world.Page.number < 5), person) == ["Bob"]
    assert len(sent) == 9


def test_the_row_is_chosen_before_it_is_asked_of(world: Any, sent: Sent, dialect: str) -> None:
    person, login = world.Person, world.Login

    person.query().where_has(person.latest_login, login.ok.is_true()).count()
    assert sent.last == (
        'SELECT COUNT(*) FROM "people" WHERE EXISTS (SELECT 1 FROM "logins" WHERE "logins"."person_id" = "people"."id" '
        'AND "logins"."id" = (SELECT "logins"."id" FROM "logins" WHERE "logins"."person_id" = "people"."id" '
        f'ORDER BY "logins"."at" DESC, "logins"."id" DESC {limit(dialect, 1)}) AND "logins"."ok" = ?)'
    )
    assert sent.statements[-1][1][:-1] == bound_limit(dialect, 1)


_NULLABLE = """
[project]
package = "chosen_by_what_may_be_null"
dialects = ["sqlite", "postgresql", "mysql"]

[connections.default]
url = "sqlite:///chosen.db"

[models.Owner.relations]
things = { has_many = "Thing" }
newest = { has_one = "Thing", latest_of_many = "made" }
oldest = { has_one = "Thing", oldest_of_many = "made" }

[models.Thing.fields]
made = "int?"

[models.Thing.relations]
owner = { belongs_to = "Owner" }
"""


def test_a_row_without_a_value_is_chosen_last(tmp_path: Path, database_url: str) -> None:
    package = generated_package(tmp_path, _NULLABLE, "chosen_by_what_may_be_null")
    owner, thing = package.Owner, package.Thing
    with tables_of(package.db, database_url):
        one, other, _ = owner.create(), owner.create(), owner.create()
        for who, made in ((one, None), (one, 3), (one, 5), (one, None), (other, None)):
            thing.create(owner=who, made=made)
        query = owner.query().order_by(owner.id)

        assert query.pluck(owner.newest.max(thing.made)) == [5, None, None]
        assert query.pluck(owner.oldest.max(thing.made)) == [3, None, None]
        assert query.pluck(owner.oldest.count()) == [1, 1, 0]
        assert query.join(owner.oldest).pluck(thing.made) == [3, None]
        loaded = query.include(owner.oldest).include(owner.newest).get()
        assert [(item.oldest and item.oldest.made, item.newest and item.newest.made) for item in loaded] == [
            (3, 5),
            (None, None),
            (None, None),
        ]


def test_amounts_and_paths_of_the_chosen_row(world: Any) -> None:
    person, login, page = world.Person, world.Login, world.Page
    query = person.query().order_by(person.name)

    assert query.pluck(person.latest_login.count()) == [1, 1, 0]
    assert query.pluck(person.latest_login.max(login.at)) == [_at(3), _at(1), None]
    assert query.pluck(person.first_login.sum(login.score)) == [5, 2, None]
    assert query.pluck(person.latest_login.pages.count()) == [0, 1, 0]
    assert query.pluck(person.first_login.pages.sum(page.number)) == [7, 4, None]
    ada = query.with_max(person.best_login, login.score).first_or_fail()
    assert ada.max_of(person.best_login, login.score) == 9


@pytest.mark.feature("queries.join")
def test_the_chosen_row_is_joined(world: Any) -> None:
    person, login, page = world.Person, world.Login, world.Page
    last = login.alias("last")

    assert person.query().join(person.latest_login).order_by(person.name).select(person.name, login.at).get() == [
        ("Ada", _at(3)),
        ("Bob", _at(1)),
    ]
    assert person.query().left_join(person.latest_login).order_by(person.name).pluck(login.at.optional()) == [
        _at(3),
        _at(1),
        None,
    ]
    found = person.query().join(person.first_login).join(person.latest_login, last).order_by(person.name)
    assert found.select(login.at, last.at).get() == [(_at(1), _at(3)), (_at(1), _at(1))]
    assert person.query().join(person.latest_page).order_by(person.name).pluck(page.number) == [7, 4]
    assert person.query().left_join(person.latest_page).order_by(person.name).pluck(page.number.optional()) == [
        7,
        4,
        None,
    ]


# --- through tables with models ----------------------------------------------------------------------------------------


@pytest.mark.feature("queries.global_scopes")
def test_a_table_between_with_a_model_keeps_its_global_scopes(world: Any) -> None:
    person, group, right, chapter = world.Person, world.Group, world.Right, world.Chapter

    assert _names(person.query().has(person.groups, ">=", 2), person) == []
    assert _names(person.query().where_has(person.groups, group.name == "secret"), person) == []
    assert _names(person.query().where_has(person.rights, right.name == "read"), person) == ["Ada", "Bob"]
    assert _names(person.query().where_has(person.rights, right.name == "write"), person) == []
    assert _names(person.query().has(person.chapters, "=", 2), person) == ["Ada", "Bob"]
    assert person.query().order_by(person.name).pluck(person.chapters.sum(chapter.words)) == [30, 30, None]
    assert _names(person.query().where_has(person.groups.books.chapters, chapter.title == "two"), person) == [
        "Ada",
        "Bob",
    ]


def test_columns_of_a_table_between_can_be_asked_for(world: Any) -> None:
    person, membership = world.Person, world.Membership

    assert _names(person.query().where_has(person.groups, membership.level > 1), person) == ["Ada", "Bob"]
    assert _names(person.query().where_has(person.groups, membership.level > 2), person) == []
    assert person.query().order_by(person.name).pluck(person.groups.sum(membership.level)) == [2, 2, None]


@pytest.mark.feature("queries.join")
def test_a_left_join_through_tables_leaves_out_what_leads_nowhere(world: Any) -> None:
    person, page = world.Person, world.Page
    lonely = person.query().where(person.name == "Bob").first_or_fail()
    world.Login.create(person=lonely, at=_at(5))  # without a page
    query = person.query().left_join(person.logins).left_join(world.Login.pages)

    assert query.count() == 6  # a row for each login, and one for Cyd
    assert person.query().left_join(person.rights).order_by(person.name).pluck(world.Right.name.optional()) == [
        "read",
        "read",
        None,
    ]
    assert person.query().left_join(person.latest_page).where(page.id.is_null()).pluck(person.name) == ["Cyd"]
    assert person.query().join(person.chapters, world.Chapter.alias("section")).count() == 4


# --- elsewhere ---------------------------------------------------------------------------------------------------------


def test_no_statement_reaches_another_connection(world: Any, sent: Sent) -> None:
    person, remark = world.Person, world.Remark
    asks: list[Callable[[], object]] = [
        lambda: person.query().has(person.entries),
        lambda: person.query().with_count(person.entries),
        lambda: person.query().join(person.entries),
        lambda: person.query().left_join(person.snapshot),
        person.entries.exists,
    ]
    for ask in asks:
        with pytest.raises(InvalidQuery, match=r"leads to another connection, .*\(ask there first"):
            ask()
    with pytest.raises(InvalidQuery, match=r"Remark.subject leads to File on another connection"):
        remark.query().where_has_morph(remark.subject, "all")
    with pytest.raises(InvalidQuery, match=r"Remark.subject leads to File on another connection"):
        remark.query().has(remark.subject)
    assert remark.query().where_has_morph(remark.subject, person).count() == 0
    assert person.query().has(person.remarks).count() == 0
    assert len(sent) == 2
