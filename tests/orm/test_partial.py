"""only(...): objects of which some fields were read. The others raise; what is there behaves as on a whole object."""

import copy
import pickle
from typing import Any

import pytest

from generated import Comment, Image, Item, OrderLine, Post, Profile, Role, User, Video, db
from isomorph.errors import FieldNotLoaded, InvalidQuery, InvalidValue, NotFound, RelationNotLoaded, UnknownField
from tests.support.showcase import Sent, make_post, make_user

pytestmark = [pytest.mark.usefixtures("showcase"), pytest.mark.feature("queries.partial")]


@pytest.fixture
def ada(showcase: str) -> User:
    return make_user(age=36, nickname="A", settings={"theme": "dark"})


def part() -> User:
    return User.query().only(User.name, User.age).first_or_fail()


# --- reading ------------------------------------------------------------------------------------------------------------


def test_only_these_columns_are_asked_for(ada: User, sent: Sent) -> None:
    found = User.query().only(User.name).get()

    assert sent.texts == ['SELECT "id", "name", "updated_at" FROM "users"']
    assert [(user.id, user.name) for user in found] == [(ada.id, "Ada")]
    assert isinstance(found[0], User)
    assert type(found[0]).__name__ == "User"


def test_what_saving_needs_comes_along(ada: User, sent: Sent) -> None:
    found = part()

    assert (found.id, found.updated_at) == (ada.id, ada.updated_at)
    sent.clear()
    assert list(Role.query().only(Role.level).get()) == []
    assert sent.last == 'SELECT "id", "level" FROM "roles"'
    assert OrderLine.query().only(OrderLine.quantity).to_sql()[0].count(",") == 2


def test_another_field_raises_and_names_the_mend(ada: User) -> None:
    found = part()

    with pytest.raises(
        FieldNotLoaded, match=r"User.email is not loaded \(add it to .only\(...\), or drop that from the query\)"
    ) as raised:
        found.email  # noqa: B018 - reading it is the point
    assert (raised.value.model, raised.value.field) == ("User", "email")
    assert not isinstance(raised.value, AttributeError)
    with pytest.raises(FieldNotLoaded):
        hasattr(found, "email")
    with pytest.raises(FieldNotLoaded):
        found.email = "x"
    with pytest.raises(FieldNotLoaded):
        found.update(email="x")
    with pytest.raises(FieldNotLoaded):
        found.fill({"email": "x"})
    with pytest.raises(FieldNotLoaded):
        found.is_dirty("email")
    with pytest.raises(FieldNotLoaded):
        found.get_original("email")
    with pytest.raises(UnknownField):
        found.is_dirty("nmae")
    untyped: Any = found
    with pytest.raises(AttributeError):
        untyped.nmae  # noqa: B018 - reading it is the point
    assert pickle.loads(pickle.dumps(raised.value)).field == "email"


def test_a_whole_object_keeps_its_plain_slots(ada: User) -> None:
    assert part().name == "Ada"
    descriptor = User.__dict__["email"]
    assert type(descriptor).__name__ == "member_descriptor"
    assert User.find_or_fail(ada.id).email == "ada@example.com"
    assert type(User.find_or_fail(ada.id)) is User


def test_the_class_is_made_once_for_a_set_of_fields(ada: User) -> None:
    one = User.query().only(User.name, User.age).first_or_fail()
    two = User.query().only(User.age).only(User.name).first_or_fail()
    three = User.query().only(User.age).first_or_fail()

    assert type(one) is type(two)
    assert type(one) is not type(three)
    everything = [getattr(User, name) for name in User._definition.fields]
    assert type(User.query().only(*everything).first_or_fail()) is User


def test_values_are_converted(showcase: str) -> None:
    import uuid
    from decimal import Decimal

    code = uuid.uuid4()
    Item.create(code=code, name="x", price=Decimal("1.50"), attributes={"a": [1]})
    found = Item.query().only(Item.code, Item.price, Item.attributes, Item.available_from).first_or_fail()
    whole = Item.query().first_or_fail()

    assert (found.code, found.price, found.attributes) == (code, Decimal("1.50"), {"a": [1]})
    assert found.available_from == whole.available_from
    assert [type(found.code), type(found.price)] == [uuid.UUID, Decimal]


def test_with_conditions_orders_joins_and_limits(showcase: str) -> None:
    for name, age in (("Ada", 36), ("Bob", 20), ("Cy", 50)):
        make_post(make_user(name, age=age), name.lower(), views=age)
    query = Post.query().join(Post.author).where(User.age > 30).order_by(Post.views.desc()).only(Post.title)

    assert query.get().pluck(Post.title) == ["cy", "ada"]
    assert query.limit(1).get().pluck(Post.title) == ["cy"]
    assert [post.title for post in query.cursor()] == ["cy", "ada"]
    assert [[post.title for post in chunk] for chunk in Post.query().only(Post.title).chunk(2)] == [
        ["ada", "bob"],
        ["cy"],
    ]
    page = Post.query().order_by(Post.title).only(Post.title).paginate(2, 2)
    assert (page.total, [post.title for post in page.items]) == (3, ["cy"])
    assert query.count() == 2
    assert query.sum(Post.views) == 86
    best = Post.query().distinct_on(Post.published).order_by(Post.views).only(Post.title)
    assert best.get().pluck(Post.title) == ["bob"]
    alias = Post.alias("other")
    for column in (alias.title, Post.title):
        assert alias.query().where(alias.views > 30).order_by(alias.views).only(column).get().pluck(Post.title) == [
            "ada",
            "cy",
        ]


# --- relations ------------------------------------------------------------------------------------------------------------


def test_what_included_relations_start_at_comes_along(ada: User, sent: Sent) -> None:
    post = make_post(ada, "x")
    Comment.create(body="hm", commentable=post)
    sent.clear()

    found = Post.query().only(Post.title).include(Post.author).include(Post.comments).first_or_fail()

    assert (found.title, found.author.name, found.comments.pluck(Comment.body)) == ("x", "Ada", ["hm"])
    assert sent.texts[0].startswith('SELECT "id", "title", "author_id", "updated_at" FROM "posts"')
    comment = Comment.query().only(Comment.body).include(Comment.commentable).first_or_fail()
    assert comment.commentable == post
    untyped: Any = part()
    with pytest.raises(RelationNotLoaded):
        untyped.posts  # noqa: B018 - reading it is the point


def test_included_objects_may_be_parts(ada: User, sent: Sent) -> None:
    make_post(ada, "x", views=3)
    sent.clear()

    found = User.query().only(User.name).include(User.posts, Post.query().only(Post.title)).first_or_fail()

    assert found.posts.pluck(Post.title) == ["x"]
    assert '"body"' not in sent.last
    with pytest.raises(FieldNotLoaded, match=r"Post.views is not loaded"):
        found.posts[0].views  # noqa: B018


def test_a_part_is_related_to_others(ada: User) -> None:
    found = part()

    post = Post.create(title="x", body="...", author=found)
    assert post.author_id == ada.id
    image: Any = Image.create(url="u", imageable=found)
    assert image.imageable == ada


# --- as a Python object -----------------------------------------------------------------------------------------------------


def test_equality_hash_repr_and_dict(ada: User) -> None:
    found = part()

    assert found == ada
    assert ada == found
    assert hash(found) == hash(ada)
    assert {found, ada} == {ada}
    assert found != make_user("Bob")
    assert found != Video.create(title="v", url="u", seconds=1.0)
    assert found.to_dict() == {"id": ada.id, "name": "Ada", "age": 36, "updated_at": ada.updated_at}
    assert repr(found).startswith(f"User(id={ada.id}, name='Ada', age=36, updated_at=")
    assert User.query().only(User.password).first_or_fail().to_dict() == {"id": ada.id, "updated_at": ada.updated_at}
    assert "name" in dir(found)


def _pickled(made: Any) -> Any:
    return pickle.loads(pickle.dumps(made))


@pytest.mark.parametrize("copied", [copy.copy, copy.deepcopy, _pickled])
def test_copies_are_parts(ada: User, copied: Any) -> None:
    found = part()
    found.age = 37

    made = copied(found)

    assert type(made) is type(found)
    assert (made.name, made.age, made.get_dirty()) == ("Ada", 37, {"age": 37})
    with pytest.raises(FieldNotLoaded):
        made.email  # noqa: B018
    made.save()
    assert User.find_or_fail(ada.id).age == 37


def test_a_pattern_matches_a_part(ada: User) -> None:
    match part():
        case User(name=name):
            assert name == "Ada"


# --- writing ----------------------------------------------------------------------------------------------------------------------


def test_saving_writes_the_fields_that_are_there(ada: User, sent: Sent) -> None:
    found = part()
    sent.clear()

    found.save()
    assert len(sent) == 0
    found.age = 40
    assert found.get_dirty() == {"age": 40}
    assert (found.is_dirty(), found.is_dirty("name"), found.get_original("age")) == (True, False, 36)
    found.save()

    assert sent.texts == ['UPDATE "users" SET "age" = ?, "updated_at" = ? WHERE "id" = ?']
    whole = User.find_or_fail(ada.id)
    assert (whole.age, whole.email, whole.nickname) == (40, "ada@example.com", "A")
    assert whole.updated_at >= ada.updated_at
    assert not found.is_dirty()
    found.update(name="Ada L.")
    assert User.find_or_fail(ada.id).name == "Ada L."


def test_documents_edited_in_place_are_seen(ada: User) -> None:
    found = User.query().only(User.settings).first_or_fail()
    assert not found.is_dirty()

    settings: Any = found.settings
    settings["theme"] = "light"
    assert found.is_dirty("settings")
    found.save()
    assert User.find_or_fail(ada.id).settings == {"theme": "light"}


def test_discarding_refreshing_touching_and_deleting(ada: User, sent: Sent) -> None:
    found = part()
    found.age = 99
    assert found.discard_changes().age == 36

    User.query().where(User.id == ada.id).update(age=50, email="new@example.com")
    sent.clear()
    assert found.refresh().age == 50
    assert sent.last == 'SELECT "id", "name", "age", "updated_at" FROM "users" WHERE "id" = ?'
    with pytest.raises(FieldNotLoaded):
        found.email  # noqa: B018
    before = found.updated_at
    assert found.touch().updated_at >= before
    assert found.delete()
    assert not found.exists
    assert User.query().count() == 0
    with pytest.raises(InvalidQuery, match=r"save\(\) of a part of a User without a row \(make a whole one\)"):
        found.save()
    gone = Role.create(name="r")
    some = Role.query().only(Role.level).first_or_fail()
    gone.delete()
    with pytest.raises(NotFound):
        some.refresh()
    some.level = 5
    with pytest.raises(NotFound):
        some.save()


def test_numbers_are_added_to_where_they_are_there(ada: User, sent: Sent) -> None:
    make_post(ada, "x", views=3)
    found = Post.query().only(Post.views).first_or_fail()

    assert found.increment(Post.views, 2).views == 5
    assert Post.query().value(Post.views) == 5
    other = Post.query().only(Post.title).first_or_fail()
    sent.clear()
    with pytest.raises(FieldNotLoaded, match=r"Post.views"):
        other.increment(Post.views)
    assert len(sent) == 0


def test_a_part_is_not_replicated(ada: User) -> None:
    with pytest.raises(InvalidQuery, match=r"replicate\(\) of a part of a User \(read it whole: drop only\(\)"):
        part().replicate()


def test_in_a_transaction_that_is_rolled_back(ada: User) -> None:
    with pytest.raises(ZeroDivisionError), db.transaction():
        part().update(age=1)
        raise ZeroDivisionError
    assert part().age == 36


# --- refusals ------------------------------------------------------------------------------------------------------------------------


def test_what_only_cannot_mean_is_refused(sent: Sent) -> None:
    only: Any = User.query().only
    with pytest.raises(InvalidQuery, match=r"only\(\) without columns \(name at least one\)"):
        only()
    with pytest.raises(InvalidQuery, match=r"Profile.bio is no field of User \(name columns of User\)"):
        only(Profile.bio)
    with pytest.raises(InvalidQuery, match=r"User.name is no field of User"):
        only(User.alias("boss").name)
    for wrong in ("name", User.age + 1, User.posts, None):
        with pytest.raises(InvalidValue, match=r"only\(\): expected columns such as User.name, got \w+"):
            only(wrong)
    with pytest.raises(InvalidQuery, match=r"select\(\) of a query with only\(\) \(say one of the two\)"):
        User.query().only(User.name).select(User.age)
    with pytest.raises(InvalidQuery, match=r"only\(\) behind a union"):
        User.query().union(User.query()).only(User.name)
    with pytest.raises(InvalidQuery, match=r"union of queries with only\(\) \(select\(\) the same of each\)"):
        User.query().union(User.query().only(User.name))
    with pytest.raises(InvalidQuery, match=r"union of queries with only\(\)"):
        User.query().only(User.name).union(User.query().only(User.name)).get()
    with pytest.raises(
        InvalidQuery, match=r"cte\(\) of a query with only\(\) \(say only\(\) where the rows are read\)"
    ):
        User.query().only(User.name).cte("named")
    assert len(sent) == 0
