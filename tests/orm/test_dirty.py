"""What changed in an object since its row was read."""

import datetime as dt
import json
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from generated import Role, User
from isomorph.errors import InvalidValue, NotSaved, UnknownField
from tests.support.showcase import Sent, make_user

pytestmark = pytest.mark.usefixtures("showcase")


@pytest.mark.feature("models.dirty")
def test_a_loaded_object_is_clean() -> None:
    ada = make_user(settings={"b": 1, "a": [1.5, None]})

    for user in (ada, User.find_or_fail(ada.id), User.query().first_or_fail()):
        assert not user.is_dirty()
        assert user.get_dirty() == {}


@pytest.mark.feature("models.dirty")
def test_a_change_is_told_with_its_old_value() -> None:
    ada = make_user(age=36)
    ada.age = 37

    assert ada.is_dirty()
    assert ada.is_dirty("age")
    assert ada.is_dirty("name", "age")
    assert not ada.is_dirty("name", "email")
    assert ada.get_dirty() == {"age": 37}
    assert ada.get_original("age") == 36
    assert ada.get_original("name") == "Ada"


@pytest.mark.feature("models.dirty")
def test_a_change_taken_back_is_no_change() -> None:
    ada = make_user(age=36)
    ada.age = 37
    ada.age = 36

    assert not ada.is_dirty()


@pytest.mark.feature("models.dirty")
def test_changes_can_be_discarded() -> None:
    ada: Any = make_user(age=36, settings={"a": 1})
    ada.age = None
    ada.settings["a"] = 2
    ada.name = "B"

    assert ada.discard_changes() is ada
    assert (ada.age, ada.settings, ada.name) == (36, {"a": 1}, "Ada")
    assert not ada.is_dirty()
    with pytest.raises(NotSaved, match="discard_changes"):
        Role(name="admin").discard_changes()


@pytest.mark.feature("models.dirty")
def test_all_that_is_set_in_a_new_object_is_a_change() -> None:
    role = Role(name="admin")

    assert role.is_dirty()
    assert role.get_dirty() == {"name": "admin", "level": 1}
    assert role.get_original("name") == "admin"


@pytest.mark.feature("models.dirty", "bad_input.unknown_column")
def test_an_unknown_field_is_no_clean_field() -> None:
    ada = make_user()
    with pytest.raises(UnknownField, match=r'User has no field "nmae" \(did you mean "name"\?\)'):
        ada.is_dirty("nmae")
    with pytest.raises(UnknownField):
        ada.get_original("nmae")


@pytest.mark.feature("models.dirty", "types.json")
def test_a_document_edited_in_place_is_seen_and_saved(sent: Sent) -> None:
    ada = make_user(settings={"theme": "dark", "tabs": [1]})
    found: Any = User.find_or_fail(ada.id)
    found.settings["tabs"].append(2)

    assert found.is_dirty("settings")
    assert found.get_original("settings") == {"theme": "dark", "tabs": [1]}
    sent.clear()
    found.save()
    assert len(sent) == 1
    assert User.find_or_fail(ada.id).settings == {"theme": "dark", "tabs": [1, 2]}
    assert not found.is_dirty()


@pytest.mark.feature("models.dirty", "types.json")
def test_a_document_edited_after_the_insert_is_seen() -> None:
    ada: Any = make_user(settings={"theme": "dark"})
    ada.settings["theme"] = "light"

    assert ada.is_dirty("settings")
    ada.save()
    ada.settings["theme"] = "dark"
    assert ada.is_dirty("settings")


@pytest.mark.feature("models.dirty", "types.json")
def test_an_equal_document_is_no_change() -> None:
    found = User.find_or_fail(make_user(settings={"b": 1, "a": 2}).id)
    found.settings = {"a": 2, "b": 1}

    assert not found.is_dirty()


@pytest.mark.feature("models.dirty", "types.json")
@pytest.mark.parametrize(("old", "new"), [(1, True), (0, False), ([1], [True]), ([None], [False]), ({}, []), ("", [])])
def test_documents_that_python_takes_for_equal_may_still_differ(old: Any, new: Any) -> None:
    ada = make_user(settings=old)
    found = User.find_or_fail(ada.id)
    found.settings = new

    assert found.is_dirty("settings")
    found.save()
    assert repr(User.find_or_fail(ada.id).settings) == repr(new)


@pytest.mark.feature("models.dirty", "types.json")
def test_a_document_that_became_none_is_refused_at_save_and_seen_before() -> None:
    found: Any = User.find_or_fail(make_user(settings={"a": 1}).id)
    found.settings["a"] = {1, 2}

    assert found.is_dirty("settings")
    with pytest.raises(InvalidValue, match=r"^User.settings: expected a JSON value"):
        found.save()


@pytest.mark.feature("models.dirty")
def test_a_bool_in_the_place_of_an_int_is_a_change() -> None:
    role = Role.create(name="admin", level=1)
    wrong: Any = True
    role.level = wrong

    assert role.is_dirty("level")
    with pytest.raises(InvalidValue, match=r"^Role.level: expected an int, got bool$"):
        role.save()


@pytest.mark.feature("models.dirty", "types.timestamptz")
def test_the_same_moment_in_another_zone_is_no_change() -> None:
    joined = dt.datetime(2026, 1, 1, 12, tzinfo=dt.UTC)
    found = User.find_or_fail(make_user(joined=joined).id)
    found.joined = joined.astimezone(dt.timezone(dt.timedelta(hours=5, minutes=30)))

    assert not found.is_dirty()


inner_documents = st.recursive(
    st.none() | st.booleans() | st.integers(-9, 9) | st.text("ab", max_size=2),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text("ab", max_size=1), inner, max_size=3),
    max_leaves=6,
)
documents = inner_documents.filter(lambda document: document is not None)  # which is NULL


def canonical(document: Any) -> str:
    """A document as text that tells 1 from True and 1.0, whatever the order of its keys."""
    return json.dumps(document, sort_keys=True, ensure_ascii=False)


@pytest.mark.feature("models.dirty", "types.json")
@given(documents, documents)
@settings(max_examples=40, suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_a_document_is_dirty_exactly_when_its_text_would_differ(old: Any, new: Any) -> None:
    User.query().delete(all_rows=True)
    found = User.find_or_fail(make_user(settings=old).id)
    found.settings = new

    assert found.is_dirty() == (canonical(old) != canonical(new))
