"""Relations that lead to one of several rows, and objects that stand for what is not there."""

import datetime as dt
import uuid
from typing import Any

import pytest

from isomorph.errors import FieldNotLoaded
from tests.support.fields import Package
from tests.support.showcase import recording

DAY = dt.datetime.fromisoformat("2026-03-01")


@pytest.fixture
def people(related: Package) -> list[Any]:
    """Ada with three logins, Bob with one, Cid with none."""
    found = list(related.Person.insert_many({"name": name} for name in ("Ada", "Bob", "Cid")))
    ada, bob, _ = found
    related.Login.insert_many(
        [
            {"person": ada, "at": DAY, "score": 5, "ok": True},
            {"person": ada, "at": DAY + dt.timedelta(days=2), "score": 1, "ok": False},
            {"person": ada, "at": DAY + dt.timedelta(days=1), "score": 9, "ok": True},
            {"person": bob, "at": DAY, "score": 2, "ok": True},
        ]
    )
    return found


def scores(package: Package, relation: str, *queries: Any) -> list[int | None]:
    found = (
        package.Person.query().include(getattr(package.Person, relation), *queries).order_by(package.Person.name).get()
    )
    return [None if (login := getattr(person, relation)) is None else login.score for person in found]


@pytest.mark.feature("relations.one_of")
def test_the_latest_the_oldest_and_the_greatest_of_many(related: Package, people: list[Any]) -> None:
    with recording(related.db.connection()) as sent:
        assert scores(related, "latest_login") == [1, 2, None]
        assert len(sent) == 2
    assert scores(related, "first_login") == [5, 2, None]
    assert scores(related, "best_login") == [9, 2, None]


@pytest.mark.feature("relations.one_of")
def test_between_equals_the_key_decides_the_same_way(related: Package, people: list[Any]) -> None:
    related.Login.query().update(at=DAY, all_rows=True)

    assert scores(related, "latest_login") == [9, 2, None]
    assert scores(related, "first_login") == [5, 2, None]


@pytest.mark.feature("relations.one_of")
def test_the_row_is_chosen_before_a_query_narrows_it(related: Package, people: list[Any]) -> None:
    """The latest login, if it went well, is not the latest of those that went well."""
    login = related.Login
    for relation in ("latest_login", "best_login"):
        narrowed = scores(related, relation, login.query().where(login.ok.is_true()))
        assert narrowed == ([None, 2, None] if relation == "latest_login" else [9, 2, None])
    assert scores(related, "latest_login", login.query().where(login.ok.is_false()).order_by(login.score)) == [
        1,
        None,
        None,
    ]
    assert scores(related, "latest_login", login.query().limit(0)) == [None, None, None]
    joined = login.query().join(login.person).where(related.Person.name == "Bob")
    assert scores(related, "latest_login", joined) == [None, 2, None]


@pytest.mark.feature("relations.one_of")
def test_chosen_fields_amounts_and_includes_of_the_chosen_row(related: Package, people: list[Any]) -> None:
    login, person = related.Login, related.Person
    related.Page.create(login=login.query().where(login.score == 1).first_or_fail(), number=4)
    query = login.query().only(login.score).with_count(login.pages).include(login.pages)
    for narrowed in (query, query.where(login.score < 100)):
        found = person.query().include(person.latest_login, narrowed).order_by(person.name).first_or_fail()
        assert (found.latest_login.score, found.latest_login.count_of(login.pages)) == (1, 1)
        assert [page.number for page in found.latest_login.pages] == [4]
        with pytest.raises(FieldNotLoaded):
            _ = found.latest_login.ok


@pytest.mark.feature("relations.one_of", "relations.through")
def test_one_of_what_lies_behind_other_rows(related: Package, people: list[Any]) -> None:
    logins = related.Login.query().order_by(related.Login.id).get()
    related.Page.insert_many({"login": login, "number": number} for number, login in enumerate(logins))
    person, page = related.Person, related.Page

    def numbers(*queries: Any) -> list[int | None]:
        found = person.query().include(person.latest_page, *queries).order_by(person.name).get()
        return [None if item.latest_page is None else item.latest_page.number for item in found]

    assert numbers() == [2, 3, None]
    assert numbers(page.query().where(page.number != 2)) == [None, 3, None]
    assert numbers(page.query().where(page.number != 3).order_by(page.number)) == [2, None, None]


# --- what stands for nothing -----------------------------------------------------------------------------------------------


@pytest.mark.feature("relations.default")
def test_a_default_stands_for_what_is_not_there(related: Package, people: list[Any]) -> None:
    ada, bob, _ = people
    related.Card.create(person=ada, title="Lady")

    found = related.Person.query().include(related.Person.card).order_by(related.Person.name).get()

    assert [person.card.title for person in found] == ["Lady", "none", "none"]
    card = found[1].card
    assert (card.exists, card.mood, card.note, card.person_id) == (False, related.Mood.CROSS, None, bob.id)
    assert isinstance(card.code, uuid.UUID)
    assert found[1].card is not found[2].card
    card.save()
    assert related.Card.query().where(related.Card.person_id == bob.id).first_or_fail().title == "none"


@pytest.mark.feature("relations.default")
def test_a_default_of_a_morph_points_to_its_owner(related: Package, people: list[Any]) -> None:
    person = related.Person.query().include(related.Person.badge).first_or_fail()

    assert (person.badge.text, person.badge.exists) == ("plain", False)
    person.badge.save()
    again = related.Badge.query().include(related.Badge.wearer).first_or_fail()
    assert again.wearer == person


@pytest.mark.feature("relations.default")
def test_a_default_of_a_belongs_to(related: Package, people: list[Any]) -> None:
    login = related.Login.query().first_or_fail()
    pages = [related.Page.create(login=login, number=1), related.Page.create(login=login, number=2, reader=people[0])]

    found = related.Page.query().include(related.Page.reader).order_by(related.Page.number).get()

    assert [page.reader.name for page in found] == ["Nobody", "Ada"]
    assert (found[0].reader.exists, found[0].reader_id, found[1].reader) == (False, None, people[0])
    narrowed = related.Person.query().where(related.Person.name == "Bob")
    loaded = related.Page.query().include(related.Page.reader, narrowed).get()
    assert [page.reader.name for page in loaded] == ["Nobody", "Nobody"]
    assert len(pages) == 2
