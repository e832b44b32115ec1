"""Relations to another connection: a statement on each, whose keys come from the other."""

from typing import Any

import pytest

from isomorph.errors import InvalidQuery
from tests.support.fields import Package
from tests.support.related import elsewhere
from tests.support.showcase import recording

pytestmark = pytest.mark.feature("relations.connections")


@pytest.fixture
def people(related: Package, other_database_url: str) -> Any:
    """Ada with two entries, Bob with none, in a database of their own."""
    with elsewhere(related, other_database_url):
        found = list(related.Person.insert_many({"name": name} for name in ("Ada", "Bob")))
        related.Entry.insert_many({"person": found[0], "text": text} for text in ("x", "y"))
        related.Snapshot.create(person=found[0], text="now")
        yield found


def test_there_and_back(related: Package, people: list[Any]) -> None:
    person, entry = related.Person, related.Entry
    with recording(related.db.connection()) as here, recording(related.db.connection("archive")) as there:
        query = entry.query().order_by(entry.text.desc()).include(entry.person)
        found = person.query().include(person.entries, query).include(person.snapshot).order_by(person.name).get()
        assert (len(here), len(there)) == (2, 2)

    assert [[item.text for item in one.entries] for one in found] == [["y", "x"], []]
    assert [item.person.name for item in found[0].entries] == ["Ada", "Ada"]
    assert (found[0].snapshot.text, found[1].snapshot) == ("now", None)
    entries = entry.query().include(entry.person).get()
    assert {item.person for item in entries} == {people[0]}


def test_limits_count_there_too(related: Package, people: list[Any]) -> None:
    person, entry = related.Person, related.Entry
    found = (
        person.query().include(person.entries, entry.query().order_by(entry.text).limit(1)).order_by(person.name).get()
    )

    assert [[item.text for item in one.entries] for one in found] == [["x"], []]


def test_members_of_a_morph_on_two_connections(related: Package, people: list[Any]) -> None:
    file = related.File.create(name="notes")
    remark = related.Remark
    remark.insert_many({"text": "r", "subject": subject} for subject in (*people, file))

    with recording(related.db.connection()) as here, recording(related.db.connection("archive")) as there:
        found = remark.query().include(remark.subject).order_by(remark.id).get()
        assert (len(here), len(there)) == (2, 1)

    assert [item.subject for item in found] == [*people, file]
    loaded = related.File.query().include(related.File.remarks).get()
    assert [[item.text for item in one.remarks] for one in loaded] == [["r"]]


def test_loading_and_counting_afterwards(related: Package, people: list[Any]) -> None:
    person = related.Person
    found = person.query().order_by(person.name).get()

    with recording(related.db.connection()) as here, recording(related.db.connection("archive")) as there:
        found.load(person.entries).load_count(person.entries, person.logins, person.snapshot)
        assert (len(here), len(there)) == (1, 3)

    assert [(len(one.entries), one.count_of(person.entries)) for one in found] == [(2, 2), (0, 0)]
    assert [(one.count_of(person.logins), one.count_of(person.snapshot)) for one in found] == [(0, 1), (0, 0)]


def test_a_join_to_another_connection_is_refused(related: Package, people: list[Any]) -> None:
    with pytest.raises(InvalidQuery, match=r"Person.entries leads to another connection"):
        related.Person.query().has(related.Person.entries).get()
