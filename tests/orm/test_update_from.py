"""Update and delete of rows that joins find, with values of the joined tables; typed alike, counted alike on all databases."""

import uuid
from decimal import Decimal
from typing import Any

import pytest

from generated import Comment, Department, Item, Order, OrderLine, Post, Profile, Tag, User, db
from isomorph.errors import InvalidQuery, UniqueViolation
from isomorph.sql.predicates import Exists
from tests.support.showcase import Sent, make_post, make_user

pytestmark = [pytest.mark.usefixtures("showcase"), pytest.mark.feature("writes.join")]


@pytest.fixture
def posts(showcase: str) -> list[Post]:
    """Two of Ada, one of Bob; Cy has none."""
    ada, bob, _ = make_user("Ada", age=36), make_user("Bob", age=17), make_user("Cy", age=50)
    return [make_post(ada, "a1", views=1), make_post(ada, "a2", views=2), make_post(bob, "b1", views=3)]


def titles() -> list[str]:
    return Post.query().order_by(Post.id).pluck(Post.title)


# --- update --------------------------------------------------------------------------------------------------------------


def test_rows_that_a_join_finds_are_set_to_values_of_the_joined_table(posts: list[Post], sent: Sent) -> None:
    query = Post.query().join(Post.author).where(User.name == "Ada")

    assert query.update_with(Post.title.to(User.name)) == 2
    assert len(sent) == 1
    assert titles() == ["Ada", "Ada", "b1"]
    assert query.update_with(Post.title.to(User.name)) == 2  # found, although nothing in them changes
    assert query.update(title="x") == 2
    assert titles() == ["x", "x", "b1"]
    assert query.increment(Post.views, 10) == 2
    assert Post.query().order_by(Post.id).pluck(Post.views) == [11, 12, 3]


def test_a_row_with_several_partners_is_written_once_and_counted_once(posts: list[Post]) -> None:
    assert User.query().join(User.posts).increment(User.age, 1, all_rows=True) == 2
    assert User.query().order_by(User.id).pluck(User.age) == [37, 18, 50]
    assert User.query().join(User.posts).where(Post.views < 9).update_with(User.nickname.to(Post.body)) == 2
    assert User.query().order_by(User.id).pluck(User.nickname) == ["...", "...", None]


def test_rows_without_a_partner_are_found_by_a_left_join(posts: list[Post]) -> None:
    idle = User.query().left_join(User.posts).where(Post.id.is_null())

    assert idle.update_with(User.nickname.to("idle"), User.age.to(User.age + 1)) == 1
    assert User.query().order_by(User.id).select(User.nickname, User.age).get()[2] == ("idle", 51)
    Profile.create(user_id=posts[0].author_id, bio="of Ada")
    both = User.query().left_join(User.profile).join(User.posts).where(Post.title.starts_with("a"))
    assert both.update_with(User.nickname.to(Profile.bio.optional())) == 1
    assert User.find_or_fail(posts[0].author_id).nickname == "of Ada"


def test_what_a_left_join_may_leave_without_a_value_cannot_be_set_where_one_is_needed(posts: list[Post]) -> None:
    query = Post.query().left_join(Post.image).left_join(Post.author)
    with pytest.raises(InvalidQuery, match=r"Post.title is required, and users is left-joined"):
        query.update_with(Post.title.to(User.name), all_rows=True)
    assert titles() == ["a1", "a2", "b1"]


def test_a_chain_of_joins_and_a_pivot_are_followed(posts: list[Post]) -> None:
    tag = Tag.create(name="old")
    for post in posts[1:]:
        db.execute(
            "INSERT INTO taggables (tag_id, taggable_type, taggable_id) VALUES (?, ?, ?)", tag.id, "post", post.id
        )
    Profile.create(user_id=posts[0].author_id, bio="ada's bio")

    found = Post.query().join(Post.tags).join(Post.author).join(User.profile).where(Tag.name == "old")
    assert found.update_with(Post.body.to(Profile.bio.optional()), Post.title.to(Tag.name)) == 1  # type: ignore[arg-type]  # pyright: ignore[reportArgumentType] - it is there
    assert Post.query().order_by(Post.id).select(Post.title, Post.body).get() == [
        ("a1", "..."),
        ("old", "ada's bio"),
        ("b1", "..."),
    ]


def test_a_table_is_joined_to_itself_and_read_as_it_was() -> None:
    top = make_user("Top")
    mid = make_user("Mid", manager_id=top.id)
    low = make_user("Low", manager_id=mid.id)
    boss = User.alias("boss")

    query = User.query().join(User.manager, boss)
    assert query.update_with(User.name.to(boss.name), all_rows=True) == 2
    # Had Mid been written first and then read, Low would be called Top as well.
    assert (mid.refresh().name, low.refresh().name) == ("Top", "Mid")


def test_what_is_written_may_itself_have_another_name(posts: list[Post], sent: Sent) -> None:
    text = Post.alias("text")
    query = text.query().join(text.author).where(User.name == "Ada")

    assert query.update_with(text.title.to(User.name), text.views.to(text.views * 2)) == 2
    assert text.query().where(text.views == 4).update_with(text.title.to("four")) == 1
    assert titles() == ["Ada", "four", "b1"]
    with pytest.raises(InvalidQuery, match=r"update_with\(\) writes text, and Post.title is that of posts"):
        query.update_with(Post.title.to("x"))
    assert query.limit(1).delete() == 1
    assert text.query().where(text.title == "b1").delete() == 1
    assert len(titles()) == 1


def test_any_table_is_joined_by_a_condition_or_crossed(posts: list[Post]) -> None:
    older = User.alias("older")
    query = User.query().join(older, on=(older.age > User.age) & (older.name == "Cy"))
    assert query.update_with(User.nickname.to(older.name), all_rows=True) == 2
    assert User.query().order_by(User.id).pluck(User.nickname) == ["Cy", "Cy", None]
    Tag.create(name="only")
    assert Post.query().cross_join(Tag).where(Post.views > 1).update_with(Post.title.to(Tag.name)) == 2
    assert titles() == ["a1", "only", "only"]
    left = Post.query().left_join(Post.author).cross_join(Tag).where(User.name == "Bob")
    assert left.update_with(Post.title.to(Tag.name), Post.views.to(Post.views + 1)) == 1


def test_sub_queries_and_common_table_expressions_are_joined(posts: list[Post]) -> None:
    seen = Post.query().where(Post.views > 1).select(Post.author_id, Post.title)
    for table in (seen.subquery("seen"), seen.cte("seen")):
        query = User.query().join(table, on=User.id == table[Post.author_id])
        assert query.update_with(User.nickname.to(table[Post.title]), all_rows=True) == 2
        assert User.query().order_by(User.id).pluck(User.nickname) == ["a2", "b1", None]
        User.query().update(all_rows=True, nickname=None)
    table = seen.cte("seen")
    named = table.query().select(table[Post.author_id])
    assert User.query().where(User.id.in_(named)).update(nickname="seen") == 2
    assert User.query().where(User.id.in_(named)).delete() == 2
    assert User.query().pluck(User.name) == ["Cy"]


def test_columns_change_places_under_a_join(showcase: str) -> None:
    department = Department.create(name="Garden")
    item = Item.create(code=uuid.uuid4(), name="Hose", price=Decimal(3), stock=7, rating=2, department=department)

    query = Item.query().join(Item.department).where(Department.name == "Garden")
    swap: Any = (Item.stock.to(Item.rating), Item.rating.to(Item.stock - 5))  # type: ignore[arg-type]  # pyright: ignore[reportArgumentType] - it is there
    assert query.update_with(*swap) == 1
    assert (item.refresh().stock, item.rating) == (2, 2)


@pytest.mark.feature("writes.limit")
def test_the_first_rows_of_a_join_are_written(posts: list[Post]) -> None:
    query = Post.query().join(Post.author).order_by(User.name.desc(), Post.id).limit(2)

    assert query.update_with(Post.title.to(User.name)) == 2
    assert titles() == ["Ada", "a2", "Bob"]
    left = Post.query().left_join(Post.author).where(User.age > 1).order_by(Post.id.desc()).limit(1).offset(1)
    assert left.update_with(Post.title.to("second")) == 1
    assert titles() == ["Ada", "second", "Bob"]
    assert query.delete() == 2
    assert titles() == ["second"]


@pytest.mark.feature("errors.unique_violation", "bad_input.half_written")
def test_what_the_database_refuses_changes_no_row(posts: list[Post]) -> None:
    query = User.query().join(User.posts)
    with pytest.raises(UniqueViolation) as caught:
        query.update_with(User.email.to(Post.body), all_rows=True)
    assert (caught.value.model, caught.value.fields) == ("User", ("email",))
    assert User.query().where(User.email.ends_with("@example.com")).count() == 3


def test_a_table_that_is_not_joined_cannot_be_read(posts: list[Post], sent: Sent) -> None:
    with pytest.raises(InvalidQuery, match="users is no part of the query"):
        Post.query().where(User.name == "Ada").update(title="x")
    with pytest.raises(InvalidQuery, match="users is no part of the query"):
        Post.query().where(User.name == "Ada").delete()
    assert len(sent) == 0


# --- delete --------------------------------------------------------------------------------------------------------------


def test_rows_that_a_join_finds_are_deleted(posts: list[Post], sent: Sent) -> None:
    assert Post.query().join(Post.author).where(User.name == "Ada").delete() == 2
    assert len(sent) == 1
    assert titles() == ["b1"]
    with pytest.raises(InvalidQuery, match=r"delete\(\) without a condition would touch every row"):
        Post.query().join(Post.author).delete()
    assert Post.query().join(Post.author).delete(all_rows=True) == 1


def test_a_row_with_several_partners_is_deleted_once(posts: list[Post]) -> None:
    Comment.create(body="x", commentable=posts[0])
    assert User.query().join(User.posts).where(Post.views < 9).delete() == 2
    assert User.query().pluck(User.name) == ["Cy"]


def test_rows_without_a_partner_are_deleted(posts: list[Post]) -> None:
    assert User.query().left_join(User.posts).where(Post.id.is_null(), User.age > 18).delete() == 1
    assert User.query().order_by(User.id).pluck(User.name) == ["Ada", "Bob"]


def test_rows_of_a_composite_key_are_deleted_by_a_join() -> None:
    items = Item.insert_many({"code": uuid.uuid4(), "name": name, "price": Decimal(1)} for name in "abc")
    order = Order.create(number="A1", customer=make_user())
    OrderLine.insert_many({"order": order, "item": item, "unit_price": item.price} for item in items)

    assert OrderLine.query().join(OrderLine.item).where(Item.name > "a").delete() == 2
    assert OrderLine.query().left_join(OrderLine.refunds).update(all_rows=True, quantity=4) == 1
    assert OrderLine.query().select(OrderLine.item_id, OrderLine.quantity).get() == [(items[0].id, 4)]


def test_a_row_is_joined_to_its_own_table_and_deleted() -> None:
    top = make_user("Top")
    make_user("Mid", manager_id=top.id)
    boss = User.alias("boss")

    assert User.query().join(User.manager, boss).where(boss.name == "Top").delete() == 1
    assert User.query().pluck(User.name) == ["Top"]


def test_conditions_over_the_same_table_are_met_by_what_it_was(posts: list[Post]) -> None:
    other = Post.alias("other")
    later = other.query().where(other.author_id == Post.author_id, other.id > Post.id).select(other.id)
    assert Post.query().where(Exists(later._select)).delete() == 1
    assert titles() == ["a2", "b1"]
