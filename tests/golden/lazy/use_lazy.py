"""What type checkers see where reading a relation loads it, and of pivots that are models."""

import datetime as dt
from typing import assert_type

from isomorph.generated import Collection

from golden_lazy import About, AboutAlias, Duty, Membership, Note, Person, Team


def lazily(person: Person, note: Note) -> None:
    assert_type(person.pupils, Collection[Person])
    assert_type(person.pupils[0].friends[0].mentor, Person)
    assert_type(person.mentor.mentor.name, str)
    assert_type(note.about, Team | None)
    assert_type(person.teams[0].pivot.duties, Collection[Duty])


def included() -> None:
    person = Person.query().include(Person.pupils, Person.query().include(Person.mentor)).get()[0]
    assert_type(person.pupils[0].mentor, Person)
    assert_type(person.pupils[0].friends, Collection[Person])
    team = person.load(Person.teams, Team.query().include(Team.notes)).teams[0]
    assert_type(team.notes, Collection[Note])
    assert_type(team.pivot, Membership)
    assert_type(team.pivot.role, str)
    takes_person(person)


def pivots(team: Team, person: Person) -> None:
    assert_type(Person.teams.pivot, type[Membership])
    Team.query().order_by(Person.teams.pivot.role)
    team.related.members.attach(person, {"role": "captain"})
    team.related.members.sync({3: {"created_at": dt.datetime.now(dt.UTC)}})
    person.related.teams.attach(["a", "b"])


def takes_person(person: Person) -> None: ...
def takes_about(about: About, alias: AboutAlias) -> None: ...
