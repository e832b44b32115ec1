"""What type checkers see of mixins."""

from typing import assert_type

from golden_mixins import HasNotes, Named, Person, Place, Trip


def greet(who: Named) -> str:
    assert_type(who.nickname, str | None)
    return f"hello {who.name}"


def describe(what: HasNotes) -> int:
    match what:
        case Person(name=name):
            return len(name)
        case Trip(id=id):
            return id


def use(person: Person, place: Place, trip: Trip) -> None:
    greet(person)
    greet(place)
    describe(trip)
    describe(Person.query().include(Person.notes).get()[0])
