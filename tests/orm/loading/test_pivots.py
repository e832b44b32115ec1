"""Rows of tables between: what stands beside members, conditions and order by their columns, copies."""

import copy
import datetime as dt
import pickle
from typing import Any

import pytest

from isomorph.errors import PivotNotLoaded
from tests.support.fields import Package
from tests.support.showcase import recording

pytestmark = pytest.mark.feature("relations.pivot")


@pytest.fixture
def people(related: Package) -> list[Any]:
    """Ada in two rooms and three groups, one of which is hidden; Bob in one of each."""
    ada, bob = related.Person.insert_many({"name": name} for name in ("Ada", "Bob"))
    rooms = related.Room.insert_many({"name": name} for name in ("attic", "cellar"))
    for person, room, since, mood in (
        (ada, rooms[0], "2026-03-01", "calm"),
        (ada, rooms[1], None, "cross"),
        (bob, rooms[0], "2025-01-01", "cross"),
    ):
        related.db.execute(
            "INSERT INTO person_room (person_id, room_id, since, mood, created_at, updated_at) VALUES (?, ?, ?, ?, ?, ?)",
            person.id,
            room.id,
            None if since is None else dt.date.fromisoformat(since),
            related.Mood(mood),
            dt.datetime(2026, 1, 1, tzinfo=dt.UTC),
            dt.datetime(2026, 1, 1, tzinfo=dt.UTC),
        )
    groups = related.Group.insert_many({"name": name} for name in "abc")
    member = related.Membership
    member.insert_many(
        [
            {"person": ada, "group": groups[0], "level": 1},
            {"person": ada, "group": groups[1], "level": 7},
            {"person": ada, "group": groups[2], "level": 9, "hidden": True},
            {"person": bob, "group": groups[0], "level": 3},
        ]
    )
    return [ada, bob]


def loaded(package: Package, *arguments: Any) -> list[Any]:
    return list(package.Person.query().include(*arguments).order_by(package.Person.name).get())


def test_the_columns_of_the_table_between_are_values(related: Package, people: list[Any]) -> None:
    with recording(related.db.connection()) as sent:
        ada, bob = loaded(related, related.Person.rooms, related.Room.query().order_by(related.Room.name))
        assert len(sent) == 2

    assert [(room.name, room.pivot.since, room.pivot.mood) for room in ada.rooms] == [
        ("attic", dt.date(2026, 3, 1), related.Mood.CALM),
        ("cellar", None, related.Mood.CROSS),
    ]
    (room,) = bob.rooms
    assert (room.pivot.person_id, room.pivot.room_id) == (bob.id, room.id)
    assert room.pivot.created_at == dt.datetime(2026, 1, 1, tzinfo=dt.UTC)
    assert room is not ada.rooms[0]
    assert room == ada.rooms[0]
    assert ada.rooms[0].pivot != room.pivot


def test_a_pivot_is_read_only_and_knows_its_columns(related: Package, people: list[Any]) -> None:
    pivot = loaded(related, related.Person.rooms)[1].rooms[0].pivot

    assert list(pivot.to_dict()) == ["person_id", "room_id", "since", "mood", "created_at", "updated_at"]
    assert {"since", "mood"} <= set(dir(pivot))
    assert "since=datetime.date(2025, 1, 1)" in repr(pivot)
    with pytest.raises(AttributeError, match="update_existing_pivot"):
        pivot.since = None
    with pytest.raises(AttributeError, match="the pivot has no column 'until', but person_id, room_id, since"):
        _ = pivot.until


def test_a_pivot_with_a_model_is_an_object_of_it(related: Package, people: list[Any]) -> None:
    group = related.Group
    ada, bob = loaded(related, related.Person.groups, group.query().order_by(group.name))

    assert [(item.name, item.pivot.level) for item in ada.groups] == [("a", 1), ("b", 7)]  # the third one is hidden
    assert [(item.name, item.pivot.level) for item in bob.groups] == [("a", 3)]
    pivot = bob.groups[0].pivot
    assert isinstance(pivot, related.Membership)
    pivot.update(level=4)
    assert related.Membership.find_or_fail(pivot.person_id, pivot.group_id).level == 4


def test_members_are_narrowed_ordered_and_limited_by_the_table_between(related: Package, people: list[Any]) -> None:
    member, group = related.Membership, related.Group

    ada, bob = loaded(related, related.Person.groups, group.query().where(member.level > 2).order_by(member.level))
    assert ([item.name for item in ada.groups], [item.name for item in bob.groups]) == (["b"], ["a"])
    ada, bob = loaded(related, related.Person.groups, group.query().order_by(member.level.desc()).limit(1))
    assert ([item.name for item in ada.groups], [item.pivot.level for item in bob.groups]) == (["b"], [3])


def test_chosen_fields_and_amounts_stand_beside_the_pivot(related: Package, people: list[Any]) -> None:
    group = related.Group
    query = group.query().only(group.id).with_count(group.people).order_by(group.id)
    ada, _ = loaded(related, related.Person.groups, query)

    assert [(item.count_of(group.people), item.pivot.level) for item in ada.groups] == [(2, 1), (1, 7)]


def test_from_the_other_end(related: Package, people: list[Any]) -> None:
    room = related.Room
    attic, _ = (
        room.query()
        .include(room.people, related.Person.query().order_by(related.Person.name))
        .order_by(room.name)
        .get()
    )

    assert [(person.name, person.pivot.mood) for person in attic.people] == [
        ("Ada", related.Mood.CALM),
        ("Bob", related.Mood.CROSS),
    ]


def test_what_came_another_way_has_no_pivot(related: Package, people: list[Any]) -> None:
    room = related.Room.query().first_or_fail()

    with pytest.raises(PivotNotLoaded) as caught:
        _ = room.pivot
    assert str(caught.value) == (
        "this Room has no pivot (read it by including the relation that has the table between)"
    )
    assert not isinstance(caught.value, AttributeError)
    assert "pivot" not in dir(room)


def test_pivots_travel_with_copies_and_pickles_and_stay_at_a_refresh(related: Package, people: list[Any]) -> None:
    ada, _ = loaded(related, related.Person.rooms, related.Room.query().order_by(related.Room.name))
    room = ada.rooms[0]

    for twin in (copy.copy(room), copy.deepcopy(room), pickle.loads(pickle.dumps(room))):
        assert twin == room
        assert twin.pivot == room.pivot
        assert twin.pivot.since == dt.date(2026, 3, 1)
    assert "pivot" in dir(room)
    assert room.refresh().pivot.since == dt.date(2026, 3, 1)
    assert "pivot" not in repr(room)
