"""Hostile texts written to a real database: no text of a statement changes, and what was written is what is read."""

import os
from collections.abc import Callable, Iterator
from typing import Any

import pytest

from generated import Role, User, db
from isomorph.errors import IsomorphError
from tests.security.fuzzing import CORPUS, check_silent, texts
from tests.support.showcase import Sent, make_user, recording

NUMBER = int(os.environ.get("ISOMORPH_FUZZED", "10000")) // 10
"""Texts for each place: fewer, for each is written, read and deleted again."""

pytestmark = [pytest.mark.usefixtures("showcase"), pytest.mark.feature("security.writes")]

MODEL: Any = User
ROLE: Any = Role


def _create(text: str) -> object:
    return MODEL.create(name=text, email="a@example.com", password="x").name


def _create_from(text: str) -> object:
    made = ROLE.create_from({"name": text})
    assert Role.query().pluck(Role.name) == [made.name] == [text]
    made.delete()
    return make_user("harmless").name


def _insert_many(text: str) -> object:
    return MODEL.insert_many([{"name": text, "email": "a@example.com", "password": "x"}])[0].name


def _upsert(text: str) -> object:
    row = {"name": text, "email": "a@example.com", "password": "x"}
    MODEL.upsert([row], unique=[User.email])
    return MODEL.upsert([row], unique=[User.email])[0].name


def _first_or_create(text: str) -> object:
    return MODEL.first_or_create({"email": "a@example.com"}, {"name": text, "password": "x"}).name


def _create_or_first(text: str) -> object:
    return MODEL.create_or_first({"email": "a@example.com"}, {"name": text, "password": "x"}).name


def _update_or_create(text: str) -> object:
    make_user("harmless", email="a@example.com")
    return MODEL.update_or_create({"email": "a@example.com"}, {"name": text}).name


def _update_one(text: str) -> object:
    return make_user("harmless", email="a@example.com").update(name=text).name


def _save(text: str) -> object:
    user = make_user("harmless", email="a@example.com")
    user.name = text
    user.save()
    return user.name


def _update(text: str) -> object:
    make_user("harmless", email="a@example.com")
    MODEL.query().where(User.email == "a@example.com").update(name=text)
    return text


def _update_with(text: str) -> object:
    make_user("harmless", email="a@example.com")
    User.query().where(User.email == "a@example.com").update_with(User.name.to(User.name.replace("harmless", text)))
    return text


def _json(text: str) -> object:
    user = make_user("harmless", email="a@example.com", settings={text: [text]})
    assert user.refresh().settings == {text: [text]}
    return "harmless"


WRITES: dict[str, Callable[[str], object]] = {
    "create": _create,
    "create_from": _create_from,
    "insert_many": _insert_many,
    "upsert": _upsert,
    "first_or_create": _first_or_create,
    "create_or_first": _create_or_first,
    "update_or_create": _update_or_create,
    "update_one": _update_one,
    "save": _save,
    "update": _update,
    "update_with": _update_with,
    "json": _json,
}


@pytest.fixture
def all_sent(showcase: str) -> Iterator[Sent]:
    with recording(db.connection()) as found:
        yield found


@pytest.mark.parametrize("place", WRITES)
def test_what_is_written_is_what_is_read(dialect: str, place: str, all_sent: Sent) -> None:
    write = WRITES[place]
    write("text")
    expected = all_sent.texts
    MODEL.query().delete(all_rows=True)

    # One server is as good as another here, and SQLite is next door.
    for text in texts(NUMBER if dialect == "sqlite" else len(CORPUS)):
        all_sent.clear()
        try:
            returned = write(text)
        except IsomorphError as error:
            check_silent(error, text)
        else:
            assert all_sent.texts == expected
            assert User.query().pluck(User.name) == [returned]
        MODEL.query().delete(all_rows=True)


@pytest.mark.parametrize("way", ["create_from", "update", "where"])
def test_names_of_fields_are_those_of_the_model(dialect: str, way: str, all_sent: Sent) -> None:
    fields = set(ROLE._definition.columns)
    ways: dict[str, Callable[[str], object]] = {
        "create_from": lambda text: ROLE.create_from({"name": "x", text: "y"}),
        "update": lambda text: ROLE.query().where(Role.id > 0).update(**{text: "y"}),
        "where": lambda text: ROLE.query().on(text).get(),
    }
    all_sent.clear()
    for text in texts(NUMBER):
        assert text not in fields
        with pytest.raises(IsomorphError):
            ways[way](text)
    assert not all_sent


@pytest.mark.parametrize("way", ["increment", "decrement"])
def test_what_is_added_to_a_number_is_one(dialect: str, way: str, all_sent: Sent) -> None:
    user: Any = make_user("harmless", age=3)
    all_sent.clear()
    for text in texts(NUMBER):
        with pytest.raises(IsomorphError) as caught:
            getattr(user, way)(User.age, text)
        check_silent(caught.value, text)
    assert not all_sent
    assert user.age == 3
