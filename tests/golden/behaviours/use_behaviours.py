"""What type checkers see."""

import datetime as dt
from typing import assert_type

from isomorph.generated import Collection

from golden_behaviours import Person, PersonQuery, Pet


def use(person: Person, pet: Pet) -> None:
    assert_type(person.name, str)
    assert_type(person.age(dt.date(2024, 1, 1)), int | None)
    assert_type(person.greeting() + pet.greeting(), str)
    assert_type(Person.query().named("Ada"), PersonQuery)
    found = Person.query().named("Ada").include(Person.pets).named("Grace").get()
    assert_type(found, Collection[Person[Collection[Pet]]])
