"""Operations on relations to another connection, and in a package that loads lazily."""

import datetime as dt
from collections.abc import Iterator

import pytest

from isomorph.errors import InvalidValue, UniqueViolation
from tests.support.fields import Package
from tests.support.related import elsewhere
from tests.support.showcase import recording

pytestmark = pytest.mark.feature("relations.create")


@pytest.fixture
def apart(lazy: Package, other_database_url: str) -> Iterator[Package]:
    with elsewhere(lazy, other_database_url):
        yield lazy


def test_each_statement_goes_where_its_table_is(apart: Package) -> None:
    ada = apart.Person.create(name="Ada")
    with recording(apart.db.connection()) as here, recording(apart.db.connection("archive")) as there:
        made = ada.related.entries.create_many([{"text": "a"}, {"text": "b"}])
        assert ada.related.entries.where(apart.Entry.text == "a").get().first_or_fail() == made[0]
        assert made[0].related.person.get() == ada
        assert (len(here), len(there)) == (1, 2)
    bob = apart.Person.create(name="Bob")
    made[0].related.person.associate(bob)
    assert bob.related.entries.count() == 1
    bob.related.entries.save(made[1])
    assert ada.related.entries.count() == 0
    made[0].related.person.dissociate()
    assert bob.related.entries.delete() == 1
    assert ada.related.snapshot.create(text="x").person_id == ada.id


def test_a_morph_relation_to_another_connection(apart: Package) -> None:
    file = apart.File.create(name="f")
    remark = file.related.remarks.create(text="x")

    assert remark.related.subject.get() == file
    assert file.related.remarks.count() == 1
    ada = apart.Person.create(name="Ada")
    remark.related.subject.associate(ada)
    assert ada.related.remarks.get().first_or_fail() == remark
    with pytest.raises(InvalidValue):
        remark.related.subject.associate(apart.Group.create(name="g"))


def test_what_was_written_is_loaded_anew(lazy: Package) -> None:
    ada = lazy.Person.create(name="Ada")
    assert len(ada.logins) == 0

    made = ada.related.logins.create_many([{"at": _at(number)} for number in (1, 2, 3)])
    assert len(ada.logins) == 3
    assert ada.latest_login == made[2]
    with recording(lazy.db.connection()) as sent:
        assert [login.person for login in made] == [ada, ada, ada]
        assert len(sent) == 1  # they were made together, so they load together
    room = ada.related.rooms.create({"mood": lazy.Mood.CROSS}, name="r")
    assert room.pivot.mood is lazy.Mood.CROSS
    assert room.pivot.created_at is not None
    assert list(ada.rooms) == [room]
    ada.related.rooms.detach()
    assert list(ada.rooms) == []


@pytest.mark.feature("relations.attach", "relations.pivot_rows")
def test_a_model_between_with_a_global_scope(lazy: Package) -> None:
    ada = lazy.Person.create(name="Ada")
    groups = lazy.Group.insert_many([{"name": name} for name in "abc"])
    ada.related.groups.attach({groups[0].id: {}, groups[1].id: {"level": 3, "hidden": True}})

    assert [group.name for group in ada.related.groups.get()] == ["a"]
    assert ada.related.groups.detach() == 1  # what is hidden is not seen, so it stays
    with pytest.raises(UniqueViolation, match=r"Person\.groups"):
        ada.related.groups.attach(groups[1])
    assert lazy.Membership.query().without_scopes().count() == 1


def test_a_default_is_nobody_that_was_written(lazy: Package) -> None:
    ada = lazy.Person.create(name="Ada")
    assert ada.card.title == "none"
    assert ada.related.card.get() is None

    ada.related.card.save(ada.card)
    found = ada.related.card.get()
    assert found is not None
    assert (found.title, ada.card) == ("none", found)
    page = ada.related.logins.create(at=_at(1)).related.pages.create(number=1)
    assert page.reader.name == "Nobody"
    page.related.reader.associate(ada)
    assert page.reader is ada
    page.related.reader.dissociate()
    assert page.reader.name == "Nobody"


def _at(day: int) -> dt.datetime:
    return dt.datetime(2026, 1, day)  # noqa: DTZ001 - a local time
