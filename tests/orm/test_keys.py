"""Keys other than numbers that the database gives, and names that need care."""

import datetime as dt
import uuid
from typing import Any

import pytest

from isomorph.errors import InvalidValue, UniqueViolation
from tests.support.fields import Package


def codes(count: int) -> list[uuid.UUID]:
    """Keys in no order."""
    return [uuid.uuid5(uuid.NAMESPACE_URL, str(number)) for number in range(count)]


@pytest.mark.feature("models.create", "models.find", "models.save", "models.delete", "types.uuid")
def test_a_uuid_as_a_key(fields: Package) -> None:
    code = uuid.uuid4()
    made = fields.Coded.create(code=code, note="a")

    assert made.stamped.tzinfo is not None
    found = fields.Coded.find_or_fail(code)
    assert (found, hash(found), found.note) == (made, hash(made), "a")
    found.update(note="b")
    assert fields.Coded.find_or_fail(code).note == "b"
    found.code = uuid.uuid4()
    found.save()
    assert fields.Coded.find(code) is None
    assert found.delete()
    assert fields.Coded.query().count() == 0


@pytest.mark.feature("models.insert_many", "types.uuid")
def test_keys_that_the_application_gives_keep_their_rows_when_defaults_are_read_back(fields: Package) -> None:
    wanted = codes(700)
    long_ago = dt.datetime(2001, 2, 3, tzinfo=dt.UTC)
    made = fields.Coded.insert_many(
        {"code": code, "note": str(number), **({"stamped": long_ago} if number % 3 == 0 else {})}
        for number, code in enumerate(wanted)
    )

    assert [coded.code for coded in made] == wanted
    found = {coded.code: coded for coded in fields.Coded.all()}
    assert all(found[coded.code].stamped == coded.stamped for coded in made)
    assert [coded.stamped == long_ago for coded in made] == [number % 3 == 0 for number in range(700)]


@pytest.mark.feature("models.find", "queries.chunk", "types.uuid")
def test_uuid_keys_are_found_in_numbers_and_chunked(fields: Package) -> None:
    wanted = codes(150)
    fields.Coded.insert_many({"code": code} for code in wanted)

    assert [coded.code for coded in fields.Coded.find_many(wanted[::-1])] == wanted[::-1]
    assert [coded.code for chunk in fields.Coded.query().chunk(40) for coded in chunk] == sorted(wanted)


@pytest.mark.feature("models.upsert", "types.uuid")
def test_uuid_keys_are_upserted(fields: Package) -> None:
    wanted = codes(3)
    fields.Coded.create(code=wanted[1], note="old")

    found = fields.Coded.upsert([{"code": code, "note": "new"} for code in wanted], unique=[fields.Coded.code])

    assert [(coded.code, coded.note) for coded in found] == [(code, "new") for code in wanted]


@pytest.mark.feature("models.create", "models.find", "types.string")
@pytest.mark.parametrize("name", ["", " ", "a ", "A", "ä", "🙂", "it's", "100%", '"', "\\", "x" * 50])
def test_text_as_a_key(fields: Package, name: str) -> None:
    fields.Named.create(name="a")
    made = fields.Named.create(name=name, note="here")

    assert fields.Named.find_or_fail(name).note == "here"
    assert [named.name for named in fields.Named.find_many([name, "a"])] == [name, "a"]
    made.update(note="there")
    assert fields.Named.find_or_fail("a").note is None
    made.delete()
    assert fields.Named.query().pluck(fields.Named.name) == ["a"]


@pytest.mark.feature("models.composite_key")
def test_a_composite_key_of_an_enum_a_date_and_a_number(fields: Package, dialect: str) -> None:
    red, blue = fields.Colour("red"), fields.Colour("dark blue")
    day = dt.date(2026, 3, 1)
    keys = [(red, day, 1), (red, day, 2), (blue, day, 1), (red, day + dt.timedelta(1), 1)]
    made = fields.Pair.insert_many({"colour": colour, "day": day, "number": number} for colour, day, number in keys)

    assert [fields.Pair.find_or_fail(*key) for key in keys] == list(made)
    assert [(pair.colour, pair.day, pair.number) for pair in fields.Pair.find_many(keys[::-1])] == keys[::-1]
    made[2].update(note="here")
    assert fields.Pair.query().where(fields.Pair.note == "here").pluck(fields.Pair.colour) == [blue]
    (found,) = fields.Pair.upsert(
        [{"colour": red, "day": day, "number": 2, "note": "there"}],
        unique=[fields.Pair.colour, fields.Pair.day, fields.Pair.number],
    )
    assert found == made[1]
    assert fields.Pair.find_or_fail(*keys[1]).note == "there"
    with pytest.raises(UniqueViolation) as caught:
        fields.Pair.create(colour=red, day=day, number=2)
    assert (caught.value.model, caught.value.fields) == ("Pair", ("colour", "day", "number"))
    assert made[0].delete()
    assert fields.Pair.query().count() == 3


@pytest.mark.feature("models.composite_key", "bad_input.wrong_type")
def test_a_part_of_a_composite_key_that_is_wrong_is_named(fields: Package) -> None:
    day = dt.date(2026, 3, 1)
    with pytest.raises(InvalidValue, match=r"^Pair.colour: expected a Colour, got str$"):
        fields.Pair.find("red", day, 1)
    with pytest.raises(InvalidValue, match=r"^Pair.day: expected a date, got datetime$"):
        fields.Pair.find_many([(fields.Colour("red"), dt.datetime.now(dt.UTC), 1)])


@pytest.mark.feature("bad_input.identifiers")
def test_reserved_words_quotes_percent_signs_and_unicode_in_names(fields: Package) -> None:
    hostile = fields.Hostile
    made = hostile.create(group=1, percent="50%", quoted='"x"', placeholder=7)
    child = hostile.insert_many([{"group": 2, "percent": "%s", "quoted": "`", "parent": made, "größe": 5}])[0]

    assert hostile.find_or_fail(made.id).percent == "50%"
    query = hostile.query().where(hostile.percent.contains("%"), hostile.quoted != "y", hostile.group > 0)
    assert query.order_by(hostile.quoted.desc(), hostile.größe).pluck(hostile.group) == [2, 1]
    assert query.where(hostile.placeholder.in_([7, 8])).select(hostile.placeholder, hostile.percent).get() == [
        (7, "50%")
    ]
    assert query.where(hostile.placeholder.is_null()).update(placeholder=8, quoted="z") == 1
    assert (child.refresh().placeholder, child.quoted) == (8, "z")
    assert child.increment(hostile.größe, 2).größe == 7
    assert hostile.query().sum(hostile.größe) == 8
    (found,) = hostile.query().where(hostile.id == child.id).include(hostile.parent).get()
    assert found.parent == made
    (found,) = hostile.query().where(hostile.id == made.id).include(hostile.children).get()
    assert list(found.children) == [child]
    (again,) = hostile.upsert(
        [{"id": made.id, "group": 9, "percent": "100%", "quoted": "q"}], unique=[hostile.id], update=[hostile.percent]
    )
    assert (again.group, again.percent) == (1, "100%")
    assert list(hostile.query().where_raw("? = ?", "%s", "%s").order_by(hostile.id).cursor()) == [made, child]
    assert hostile.query().where(hostile.percent.like("\\%s")).delete() == 1


def test_two_packages_do_not_meet(fields: Package) -> None:
    import generated

    wrong: Any = generated.User
    assert fields.db is not generated.db
    assert fields.Sample is not wrong
