"""Untyped input: names that no model has, names that are closed to it, and what is no mapping at all."""

from collections.abc import Callable
from typing import Any

import pytest

from isomorph.errors import InvalidQuery, InvalidValue, MissingValue, NotFillable, UnknownField
from tests.bad_input.untyped import Post, Role, User
from tests.bad_input.witness import Witness, check_told, new_secret
from tests.support.showcase import Sent, make_user

pytestmark = pytest.mark.usefixtures("showcase")

SECRET = new_secret()
FULL: dict[str, Any] = {"name": "admin"}


@pytest.mark.feature("bad_input.unknown_column", "bad_input.half_written")
def test_a_name_that_the_model_lacks_is_told_with_the_nearest_one(witness: Witness) -> None:
    role = Role.create(name="editor")
    wrong: Any = {"levle": SECRET}
    ways: list[Callable[[], object]] = [
        lambda: Role.create_from({**FULL, **wrong}),
        lambda: role.fill(wrong),
        lambda: role.update(**wrong),
        lambda: Role.insert_many([FULL, {**FULL, **wrong}]),
        lambda: Role.upsert([{**FULL, **wrong}], unique=[Role.name]),
        lambda: Role.query().where(Role.id > 0).update(**wrong),
        lambda: Role.first_or_create(wrong),
        lambda: Role.first_or_create({"name": "new"}, wrong),
        lambda: Role.create_or_first({"name": "new"}, wrong),
        lambda: Role.update_or_create({"name": "editor"}, wrong),
        lambda: role.get_original("levle"),
        lambda: role.is_dirty("levle"),
    ]
    for way in ways:
        with witness.refuses(
            UnknownField, SECRET, match=r'^Role has no field "levle" \(did you mean "level"\?\)$'
        ) as told:
            way()
        assert (told.error.model, told.error.field) == ("Role", "levle")
        assert "level" in told.error.known
        assert not role.is_dirty()


@pytest.mark.feature("bad_input.unknown_column")
@pytest.mark.parametrize(
    "name",
    ["", "Name", "na me", "name; --", "näme", "_row", "__class__", "users", pytest.param("n" * 10_000, id="long")],
)
def test_a_name_is_a_field_only_if_it_is_one_exactly(name: str, witness: Witness) -> None:
    with witness.refuses(UnknownField, SECRET):
        Role.create_from({"name": "admin", name: SECRET})
    with witness.refuses(UnknownField, SECRET):
        User.query().where(User.id > 0).update(**{name: SECRET})


@pytest.mark.feature("bad_input.unknown_column")
@pytest.mark.parametrize("name", [1, None, 2.5, ("name", "level"), b"name", frozenset({"name"})])
def test_a_name_that_is_no_text_is_no_field(name: Any, witness: Witness) -> None:
    role = Role.create(name="editor")
    ways: list[Callable[[], object]] = [
        lambda: Role.create_from({name: SECRET}),
        lambda: role.fill({name: SECRET}),
        lambda: Role.insert_many([{**FULL, name: SECRET}]),
        lambda: Role.first_or_create({name: SECRET}),
        lambda: Role.update_or_create({"name": "editor"}, {name: SECRET}),
    ]
    for way in ways:
        with witness.refuses(UnknownField, SECRET, match="^Role has no field "):
            way()


@pytest.mark.feature("bad_input.unknown_column", "bad_input.wrong_type")
@pytest.mark.parametrize("wrong", [None, 48151, SECRET, [("name", SECRET)], [SECRET], {SECRET}], ids=type)
def test_input_that_is_no_mapping_is_told_as_such(wrong: Any, witness: Witness) -> None:
    role = Role.create(name="editor")
    ways: list[Callable[[], object]] = [
        lambda: Role.create_from(wrong),
        lambda: role.fill(wrong),
        lambda: Role.insert_many([FULL, wrong]),
        lambda: Role.upsert([wrong], unique=[Role.name]),
        lambda: Role.first_or_create(wrong),
        lambda: Role.create_or_first(wrong),
        lambda: Role.update_or_create(wrong, FULL),
    ]
    if wrong is not None:  # no values are none
        ways.extend([lambda: Role.first_or_create({"name": "editor"}, wrong)])
        ways.extend([lambda: Role.create_or_first({"name": "new"}, wrong)])
        ways.extend([lambda: Role.update_or_create({"name": "new"}, wrong)])
    for way in ways:
        with witness.refuses(InvalidValue, wrong, SECRET, match="^Role: expected a mapping of fields to values, got "):
            way()


@pytest.mark.feature("bad_input.unknown_column")
def test_what_is_not_fillable_stays_closed_even_in_part(witness: Witness) -> None:
    ada = make_user()
    closed = {"name": "Eve", "password": SECRET, "id": 1}
    for way in (User.create_from, ada.fill):
        with witness.refuses(
            NotFillable, SECRET, match="^User: password, id may not be set from untyped input"
        ) as told:
            way(closed)
        assert (told.error.model, told.error.fields) == ("User", ("password", "id"))
    assert ada.name == "Ada"


@pytest.mark.feature("bad_input.wrong_type")
def test_untyped_input_is_taken_whole_or_not_at_all(witness: Witness) -> None:
    ada = make_user(age=36)
    with witness.refuses(InvalidValue, SECRET, match="^User.age: expected an int, got str$"):
        ada.fill({"name": "Eve", "age": SECRET})
    assert (ada.name, ada.age, ada.is_dirty()) == ("Ada", 36, False)


def test_input_that_lacks_fields_names_them(witness: Witness) -> None:
    with witness.refuses(MissingValue, SECRET, match="^Post needs body") as told:
        Post.create_from({"title": SECRET})
    assert told.error.fields == ("body",)


@pytest.mark.feature("bad_input.unknown_column")
def test_nothing_to_write_or_to_match_by_is_told(witness: Witness) -> None:
    with witness.refuses(InvalidQuery, match=r"^update\(\) without changes \(name at least one field\)$"):
        Role.query().where(Role.id > 0).update()
    with witness.refuses(InvalidQuery, match="name at least one field"):
        Role.first_or_create({}, {"name": "admin"})
    with witness.refuses(MissingValue, match="Role needs name"):
        Role.create_from({})


@pytest.mark.feature("bad_input.unknown_column")
def test_input_is_refused_before_anything_is_sent(sent: Sent) -> None:
    wrong: Any = {"levle": SECRET}
    ways: list[Callable[[], object]] = [
        lambda: Role.create_from(wrong),
        lambda: Role.update_or_create({"name": "new"}, wrong),
        lambda: Role.query().where(Role.id > 0).update(**wrong),
    ]
    for way in ways:
        with pytest.raises(UnknownField) as caught:
            way()
        check_told(caught.value, [SECRET])
    assert len(sent) == 0
