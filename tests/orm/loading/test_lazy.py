"""lazy_loading = "batch": the first read of a relation loads it for all objects that were read together."""

import copy
import datetime as dt
import gc
import pickle
from typing import Any
from weakref import ref

import pytest

from isomorph.errors import NotSaved
from tests.support.fields import Package
from tests.support.related import elsewhere
from tests.support.showcase import recording

pytestmark = pytest.mark.feature("relations.lazy")


@pytest.fixture
def people(lazy: Package) -> list[Any]:
    """Five people with two logins each, each of which has two pages."""
    found = list(lazy.Person.insert_many({"name": f"person {number}"} for number in range(5)))
    logins = lazy.Login.insert_many({"person": person, "at": _moment(number)} for person in found for number in (1, 2))
    lazy.Page.insert_many({"login": login, "number": number} for login in logins for number in (1, 2))
    return found


def _moment(day: int) -> dt.datetime:
    return dt.datetime.fromisoformat(f"2026-03-0{day}")


def test_one_statement_for_all_that_were_read_together(lazy: Package, people: list[Any]) -> None:
    found = lazy.Person.query().get()
    with recording(lazy.db.connection()) as sent:
        numbers = [len(person.logins) for person in found]
        assert len(sent) == 1
        assert [len(person.logins) for person in found] == numbers == [2] * 5
        assert len(sent) == 1


def test_however_deep_one_reads(lazy: Package, people: list[Any]) -> None:
    with recording(lazy.db.connection()) as sent:
        pages = [
            (person.name, login.at.day, page.number, page.login.person.name)
            for person in lazy.Person.query().get()
            for login in person.logins
            for page in login.pages
        ]
        # people; logins; pages; their logins; the people of these
        assert len(sent) == 5
    assert len(pages) == 20
    assert all(row[0] == row[3] for row in pages)


def test_what_was_included_is_not_loaded_again(lazy: Package, people: list[Any]) -> None:
    query = lazy.Login.query().order_by(lazy.Login.at).limit(1)
    found = lazy.Person.query().include(lazy.Person.logins, query).get()
    with recording(lazy.db.connection()) as sent:
        assert [len(person.logins) for person in found] == [1] * 5
        assert len(sent) == 0
        assert [len(login.pages) for person in found for login in person.logins] == [2] * 5
        assert len(sent) == 1


def test_objects_that_lack_it_are_the_only_ones_loaded(lazy: Package, people: list[Any]) -> None:
    found = lazy.Person.query().order_by(lazy.Person.id).get()
    found[0].load(lazy.Person.logins, lazy.Login.query().limit(1))

    assert [len(person.logins) for person in reversed(found)] == [2, 2, 2, 2, 1]


def test_a_single_object_and_one_that_was_made(lazy: Package, people: list[Any]) -> None:
    one = lazy.Person.find_or_fail(people[0].id)
    with recording(lazy.db.connection()) as sent:
        assert len(one.logins) == 2
        assert one.card.title == "none"
        assert len(sent) == 2
        made = lazy.Person.create(name="new")
        assert list(made.logins) == []
        assert len(sent) == 4
        sent.clear()
        assert [len(person.logins) for person in people] == [2] * 5  # of insert_many
        assert len(sent) == 1


def test_parts_of_objects_and_objects_among_columns(lazy: Package, people: list[Any]) -> None:
    person = lazy.Person
    with recording(lazy.db.connection()) as sent:
        assert [len(item.logins) for item in person.query().only(person.name).get()] == [2] * 5
        assert len(sent) == 2
        sent.clear()
        assert [len(item.logins) for item, _ in person.query().select(person, person.name).get()] == [2] * 5
        assert len(sent) == 2
        sent.clear()
        assert [len(item.logins) for item in person.query().cursor(size=2)] == [2] * 5
        assert len(sent) == 4  # the stream, and one for each two


def test_relations_to_one_morphs_and_pivots(lazy: Package, people: list[Any]) -> None:
    group = lazy.Group.create(name="g")
    lazy.Membership.insert_many({"person": person, "group": group, "level": 3} for person in people)
    lazy.Badge.insert_many({"wearer": person} for person in people)
    with recording(lazy.db.connection()) as sent:
        found = lazy.Person.query().get()
        assert [person.groups[0].pivot.level for person in found] == [3] * 5
        assert [person.latest_login.at.day for person in found] == [2] * 5
        assert {badge.wearer for badge in lazy.Badge.query().get()} == set(people)
        assert len(sent) == 5


def test_another_connection(lazy: Package, people: list[Any], other_database_url: str) -> None:
    with elsewhere(lazy, other_database_url):
        lazy.Entry.insert_many({"person": person, "text": "e"} for person in people)
        found = lazy.Person.query().get()
        with recording(lazy.db.connection("archive")) as sent:
            assert [[entry.text for entry in person.entries] for person in found] == [["e"]] * 5
            assert len(sent) == 1


def test_what_has_no_row_loads_nothing(lazy: Package, people: list[Any]) -> None:
    new = lazy.Person(name="new")
    with pytest.raises(NotSaved, match=r"Person.logins: this Person has no row in the database \(save it first\)"):
        _ = new.logins
    found = lazy.Person.query().order_by(lazy.Person.id).get()
    lazy.Page.query().delete(all_rows=True)
    lazy.Login.query().delete(all_rows=True)
    found[1].delete()
    assert list(found[0].logins) == []
    with pytest.raises(NotSaved):
        _ = found[1].logins


def test_a_refresh_lets_it_be_loaded_again(lazy: Package, people: list[Any]) -> None:
    first, *_ = lazy.Person.query().order_by(lazy.Person.id).get()
    assert len(first.logins) == 2
    lazy.Login.create(person=first, at=_moment(3))

    assert len(first.logins) == 2
    assert len(first.refresh().logins) == 3


def test_the_objects_do_not_hold_each_other(lazy: Package, people: list[Any]) -> None:
    people.clear()
    gc.collect()
    gc.disable()
    try:
        found = lazy.Person.query().get()
        known = [ref(person) for person in found]
        kept = found[0]
        del found
        # By counting references alone: no circle leads through those that were read together.
        assert [item() is not None for item in known] == [True, False, False, False, False]
        with recording(lazy.db.connection()) as sent:
            assert len(kept.logins) == 2
            (_, parameters) = sent.statements[0]
            assert str(parameters).count(",") <= 2  # the key of the one that is left
        logins = [ref(login) for login in kept.logins]
        del kept
        assert [item() for item in (*known, *logins)] == [None] * 7
    finally:
        gc.enable()


def test_copies_and_pickles_do_not_know_the_others(lazy: Package, people: list[Any]) -> None:
    found = lazy.Person.query().get()
    for twin in (copy.copy(found[0]), pickle.loads(pickle.dumps(found[0]))):
        with recording(lazy.db.connection()) as sent:
            assert len(twin.logins) == 2
            assert len(sent) == 1
    with recording(lazy.db.connection()) as sent:
        dir(found[0])
        repr(found[0])
        assert len(sent) == 0
