"""A model's object as a Python object: equality, hash, copies, pickles, dir, match, repr. Needs no database."""

import copy
import datetime as dt
import gc
import pickle
import uuid
import weakref
from decimal import Decimal
from typing import Any, cast

import pytest

from generated import Category, Comment, Item, Post, Profile, Role, User, Video
from isomorph.errors import IsomorphError, RelationNotLoaded
from isomorph.orm.model import Model
from isomorph.orm.relations import Relation
from isomorph.sql.columns import BigIntColumn, EnumColumn, StringColumn

NOW = dt.datetime(2026, 3, 1, tzinfo=dt.UTC)


def loaded_role(id_: int = 1, name: str = "admin", level: int = 1) -> Role:
    """A role as it is when its row was read."""
    made: Role = loaded(Role, (id_, name, level))
    return made


def loaded_user(id_: int = 1, name: str = "Ada", settings: str = "{}") -> User:
    row = (id_, name, "a@example.com", "hash", None, 36, True, settings, NOW, None, NOW, NOW)
    made: User = loaded(User, row)
    return made


def loaded(model: Any, row: tuple[object, ...]) -> Any:
    return model._definition.loaders["postgresql"]((row,))[0]


# --- equality and hash ---------------------------------------------------------------------------------------------------


@pytest.mark.feature("models.equality")
def test_objects_of_one_row_are_equal_whatever_else_they_hold() -> None:
    one, other = loaded_role(1, "admin"), loaded_role(1, "renamed")

    assert one == other
    assert hash(one) == hash(other)
    assert len({one, other}) == 1


@pytest.mark.feature("models.equality")
def test_objects_of_different_rows_or_models_are_not_equal() -> None:
    user: object = loaded_user(1)

    assert loaded_role(1) != loaded_role(2)
    assert loaded_role(1) != user
    assert user not in {loaded_role(1), loaded_role(2)}
    assert cast(object, loaded_role(1)) != 1


@pytest.mark.feature("models.equality")
def test_an_object_without_a_row_is_equal_to_itself_only_and_not_hashable() -> None:
    one, other = Role(name="admin"), Role(name="admin")

    assert one == one  # noqa: PLR0124 - that is the claim
    assert one != other
    assert one != loaded_role()
    assert one in [other, one]
    with pytest.raises(TypeError, match=r"this Role has no row, so no key to hash \(save it first\)"):
        hash(one)


@pytest.mark.feature("models.equality")
def test_the_hash_stays_while_the_object_is_changed() -> None:
    role = loaded_role()
    known = {role}
    role.name = "renamed"
    role.id = 99  # the row still has the old key

    assert role in known


@pytest.mark.feature("models.equality")
def test_a_composite_key_is_compared_as_a_whole() -> None:
    from generated import OrderLine

    one = loaded(OrderLine, (7, 8, 1, Decimal("2.50")))
    same = loaded(OrderLine, (7, 8, 9, Decimal("9.99")))
    other = loaded(OrderLine, (7, 9, 1, Decimal("2.50")))

    assert one == same
    assert hash(one) == hash(same)
    assert one != other


def through_pickle(made: object) -> object:
    return pickle.loads(pickle.dumps(made))


# --- copies ----------------------------------------------------------------------------------------------------------------


@pytest.mark.feature("models.equality")
@pytest.mark.parametrize("protocol", range(pickle.HIGHEST_PROTOCOL + 1))
def test_a_pickle_gives_an_equal_object_with_its_changes(protocol: int) -> None:
    user: Any = loaded_user(settings='{"theme":"dark"}')
    user.name = "Ada L."
    twin = pickle.loads(pickle.dumps(user, protocol))

    assert type(twin) is User
    assert twin == user
    assert (twin.name, twin.settings, twin.exists) == ("Ada L.", {"theme": "dark"}, True)
    assert twin.get_dirty() == {"name": "Ada L."}


@pytest.mark.feature("models.equality")
def test_a_pickle_is_plain_data_without_connections_or_definitions() -> None:
    text = pickle.dumps(loaded_user(), 0)

    assert b"Definition" not in text
    assert b"Connection" not in text
    assert len(text) < 3_000


@pytest.mark.feature("models.equality")
def test_a_copy_shares_its_values_and_a_deep_copy_does_not() -> None:
    user: Any = loaded_user(settings='{"tabs":[1]}')

    shallow, deep = copy.copy(user), copy.deepcopy(user)
    user.settings["tabs"].append(2)

    assert shallow == deep == user
    assert shallow.settings == {"tabs": [1, 2]}
    assert deep.settings == {"tabs": [1]}
    assert shallow.is_dirty("settings")
    assert not deep.is_dirty()


@pytest.mark.feature("models.equality")
@pytest.mark.parametrize("twin_of", [copy.copy, copy.deepcopy, through_pickle])
def test_copies_of_a_new_object_lack_what_it_lacks(twin_of: Any) -> None:
    twin = twin_of(Role(name="admin"))

    assert not twin.exists
    assert not hasattr(twin, "id")
    assert twin.name == "admin"


@pytest.mark.feature("models.equality")
@pytest.mark.parametrize("twin_of", [copy.copy, copy.deepcopy, through_pickle])
def test_copies_carry_loaded_relations_and_never_touch_others(twin_of: Any) -> None:
    ada = loaded_user()
    profile = Profile(user=ada)
    twin = twin_of(profile)

    assert twin.user == ada
    with pytest.raises(RelationNotLoaded):
        _ = twin.address


@pytest.mark.feature("models.equality")
def test_objects_in_a_circle_can_be_copied_and_pickled() -> None:
    ada: Any = loaded_user(1)
    ada._manager = ada

    for twin in (copy.deepcopy(ada), pickle.loads(pickle.dumps(ada))):
        assert twin.manager is twin


def test_an_object_can_be_weakly_referred_to_and_is_freed_with_its_last_name() -> None:
    role = loaded_role()
    reference = weakref.ref(role)
    del role
    gc.collect()

    assert reference() is None


# --- attributes --------------------------------------------------------------------------------------------------------------


def test_an_object_has_its_fields_and_no_others() -> None:
    role: Any = loaded_role()

    with pytest.raises(AttributeError):
        role.nmae = "admin"
    assert not hasattr(role, "__dict__")


def test_the_class_shows_columns_and_relations() -> None:
    user_class: Any = User

    assert isinstance(User.id, BigIntColumn)
    assert isinstance(User.name, StringColumn)
    assert isinstance(Item.category, EnumColumn)
    assert isinstance(User.posts, Relation)
    assert (repr(User.name), repr(User.posts)) == ("<StringColumn User.name>", "<has_many User.posts>")
    with pytest.raises(AttributeError):
        user_class.name = 3
    with pytest.raises(AttributeError):
        _ = user_class.nmae


def test_an_attribute_of_an_object_is_a_slot_of_its_class() -> None:
    """Reading a field costs what it costs on a class written by hand."""
    assert all(type(User.__dict__[name]).__name__ == "member_descriptor" for name in ("id", "name", "settings"))


def test_a_key_that_is_not_there_yet_is_no_attribute() -> None:
    with pytest.raises(AttributeError, match="id"):
        _ = Role(name="admin").id


@pytest.mark.feature("relations.not_loaded")
def test_a_relation_that_was_not_included_says_how_to_include_it() -> None:
    user: Any = loaded_user()

    with pytest.raises(RelationNotLoaded) as caught:
        _ = user.posts

    assert str(caught.value) == "User.posts is not loaded (add .include(User.posts) to the query)"
    assert (caught.value.model, caught.value.relation) == ("User", "posts")
    assert isinstance(caught.value, IsomorphError)
    assert not isinstance(caught.value, AttributeError)
    assert caught.value.__context__ is None


@pytest.mark.feature("relations.not_loaded")
def test_hasattr_and_getattr_with_a_default_do_not_swallow_it() -> None:
    user = loaded_user()

    with pytest.raises(RelationNotLoaded):
        hasattr(user, "posts")
    with pytest.raises(RelationNotLoaded):
        getattr(user, "posts", None)


@pytest.mark.feature("relations.not_loaded")
def test_a_relation_cannot_be_assigned_or_deleted() -> None:
    user: Any = loaded_user()

    with pytest.raises(AttributeError):
        user.posts = []
    with pytest.raises(AttributeError):
        del user.posts


@pytest.mark.feature("relations.not_loaded")
def test_dir_lists_fields_and_methods_but_no_relation_that_reading_would_fail_for() -> None:
    listed = dir(loaded_user())

    assert {"id", "name", "save", "update"} <= set(listed)
    assert not {"posts", "manager", "pivot"} & set(listed)


@pytest.mark.feature("relations.not_loaded")
def test_match_takes_an_object_apart_by_its_fields() -> None:
    match cast(object, loaded_role(name="admin", level=3)):
        case User():
            pytest.fail("a role is no user")
        case Role(name="admin", level=level):
            assert level == 3
        case _:
            pytest.fail("a role is a role")


@pytest.mark.feature("relations.not_loaded")
def test_match_on_a_relation_that_was_not_included_is_an_error_and_no_other_case() -> None:
    def has_no_posts(found: object) -> bool:
        match found:
            case User(posts=[]):
                return True
            case _:
                return False

    with pytest.raises(RelationNotLoaded):
        has_no_posts(loaded_user())


def test_the_members_of_a_morph_are_told_apart_by_match() -> None:
    def kind(member: Post | Video) -> str:
        match member:
            case Post(title=title):
                return f"post {title}"
            case Video(url=url):
                return f"video {url}"

    assert kind(Video(title="Film", url="u", seconds=1.0)) == "video u"
    assert kind(Post(title="Notes", body="", author_id=1)) == "post Notes"


def test_every_object_is_a_model() -> None:
    assert isinstance(loaded_role(), Model)
    assert not isinstance(Role, Model)


# --- repr ------------------------------------------------------------------------------------------------------------------


@pytest.mark.feature("models.repr")
def test_a_repr_shows_the_fields_that_are_set() -> None:
    assert repr(loaded_role()) == "Role(id=1, name='admin', level=1)"
    assert repr(Role(name="admin")) == "Role(name='admin', level=1)"


@pytest.mark.feature("models.repr")
def test_a_repr_shows_nothing_hidden_and_no_relation() -> None:
    shown = repr(loaded_user())

    assert shown.startswith("User(id=1, name='Ada', email='a@example.com', nickname=None, age=36,")
    assert "hash" not in shown
    assert "password" not in shown
    assert "posts" not in shown


@pytest.mark.feature("models.repr")
def test_a_repr_shows_no_type_and_id_of_a_morph() -> None:
    video: Any = Video(title="Film", url="u", seconds=1.0)
    video._row, video.id = (1,) * 7, 1
    shown = repr(Comment(body="First!", commentable=video))

    assert shown == "Comment(body='First!', author_id=None)"


@pytest.mark.feature("models.repr")
def test_to_dict_gives_the_fields_that_are_not_hidden() -> None:
    assert loaded_role().to_dict() == {"id": 1, "name": "admin", "level": 1}
    assert "password" not in loaded_user().to_dict()
    assert loaded_user().to_dict()["created_at"] == NOW


def test_loading_does_not_run_the_constructor() -> None:
    item: Item = loaded(
        Item, (1, uuid.UUID(int=1), "Lamp", None, "book", Decimal(3), None, 0, None, "{}", NOW.date(), None, NOW, NOW)
    )

    assert item.category is Category.BOOK
    assert item.exists
