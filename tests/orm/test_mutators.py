"""Fields whose values pass through a method of the behaviour whenever one is assigned."""

import copy
import pickle
from typing import Any

import pytest

from isomorph.errors import InvalidValue
from tests.support.modifiers import make_account

pytestmark = pytest.mark.feature("models.mutators")


def test_what_is_assigned_passes_through_it(modifiers: Any) -> None:
    ada = make_account(modifiers, email="  Ada@x.org ", password_hash="secret")
    assert (ada.email, ada.password_hash) == ("Ada@x.org", "hash of 6")

    ada.email = "new "
    ada.password_hash = None
    assert ada.get_dirty() == {"email": "new", "password_hash": None}
    ada.save()

    found = modifiers.Account.find_or_fail(ada.id)
    assert (found.email, found.lowered, found.password_hash) == ("new", "new", None)


def test_what_comes_from_the_database_does_not(modifiers: Any) -> None:
    account = modifiers.Account
    ada = make_account(modifiers)
    account.query().where(account.id == ada.id).update(email=" by query ")

    ada.refresh()
    assert ada.email == account.find_or_fail(ada.id).email == " by query "
    assert not ada.is_dirty()
    assert copy.copy(ada).email == pickle.loads(pickle.dumps(ada)).email == " by query "
    ada.email = "x"
    assert ada.discard_changes().email == " by query "
    assert ada.get_original("email") == " by query "


def test_a_change_that_it_undoes_is_no_change(modifiers: Any) -> None:
    ada = make_account(modifiers)

    ada.email = f" {ada.email} "

    assert not ada.is_dirty()


def test_every_way_to_make_a_row(modifiers: Any) -> None:
    tag = modifiers.Tag
    assert tag(name="#a").name == "a"
    assert tag.create(name="#b").slug == "b!"
    assert tag.create_from({"name": "#c"}).slug == "c!"
    assert [made.slug for made in tag.insert_many([{"name": "#d"}, {"name": "#e"}])] == ["d!", "e!"]
    assert tag.first_or_create({"name": "f"}, {"name": "#f"}).slug == "f!"
    assert tag.update_or_create({"name": "f"}, {"name": "#g"}).slug == "g!"
    (made,) = tag.upsert([{"id": tag.query().first_or_fail().id, "name": "#h"}], unique=[tag.id])
    assert made.slug == "h!"
    assert tag.create(name="i").update(name="#j").slug == "j!"
    assert tag.create(name="k").fill({"name": "#l"}).save().slug == "l!"


def test_a_mutator_that_gives_what_the_column_cannot_hold(modifiers: Any) -> None:
    class Wrong:
        def removeprefix(self, _: str) -> int:
            return 3

    tag = modifiers.Tag(name=Wrong())
    with pytest.raises(InvalidValue, match=r"Tag.name: expected a str"):
        tag.save()


def test_the_behaviour_has_its_own_methods(modifiers: Any) -> None:
    assert make_account(modifiers, family="Lovelace").initials() == "AL"
