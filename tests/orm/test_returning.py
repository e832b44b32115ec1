"""Writes that tell what they wrote: typed tuples or objects, the same on databases with RETURNING and without."""

import uuid
from decimal import Decimal
from typing import Any

import pytest

from generated import Category, Item, Order, OrderLine, Post, Role, Tag, User, db
from isomorph import Collection
from isomorph import functions as f
from isomorph.errors import CheckViolation, InvalidQuery, InvalidValue, NotSupported, UniqueViolation
from tests.support.showcase import Sent, make_post, make_user

pytestmark = [pytest.mark.usefixtures("showcase"), pytest.mark.feature("writes.returning")]


@pytest.fixture
def posts(showcase: str) -> list[Post]:
    ada, bob = make_user("Ada", age=36), make_user("Bob")
    return [make_post(ada, "a1", views=1), make_post(ada, "a2", views=2), make_post(bob, "b1", views=3)]


# --- update --------------------------------------------------------------------------------------------------------------


def test_an_update_returns_columns_as_they_are_then(posts: list[Post]) -> None:
    rows = (
        Post.query()
        .where(Post.views > 1)
        .returning(Post.id, Post.views, Post.title)
        .update_with(Post.views.to(Post.views * 10))
    )

    assert sorted(rows) == [(posts[1].id, 20, "a2"), (posts[2].id, 30, "b1")]
    assert Post.query().where(Post.views > 99).returning(Post.id).update_with(Post.views.to(0)) == []


def test_an_update_returns_objects(posts: list[Post]) -> None:
    found = Post.query().where(Post.views > 1).returning(Post).update_with(Post.title.to("x"))

    assert isinstance(found, Collection)
    assert sorted(post.id for post in found) == [posts[1].id, posts[2].id]
    assert all(post.exists and not post.is_dirty() and post.title == "x" for post in found)
    assert found.sort_by(Post.id)[0].updated_at > posts[1].updated_at
    (first,) = found.filter(lambda post: post.views == 3)
    first.views = 4
    first.save()
    assert Post.find_or_fail(first.id).views == 4


def test_expressions_and_objects_are_returned_side_by_side(posts: list[Post]) -> None:
    query = Post.query().where(Post.title == "a1")
    ((post, twice, title),) = query.returning(Post, Post.views * 2, Post.title).update_with(Post.views.to(5))

    assert (post.id, post.views, twice, title) == (posts[0].id, 5, 10, "a1")


def test_values_of_every_type_are_returned() -> None:
    code = uuid.uuid4()
    Item.create(code=code, name="x", price=Decimal("1.50"), attributes={"a": [1]}, category=Category.BOOK)

    rows = (
        Item.query()
        .returning(Item.code, Item.price, Item.attributes, Item.category, Item.rating, Item.available_from)
        .update_with(Item.price.to(Item.price + 1), all_rows=True)
    )
    assert rows[0][:5] == (code, Decimal("2.50"), {"a": [1]}, Category.BOOK, None)
    assert rows[0][5] == Item.query().value(Item.available_from)


@pytest.mark.feature("writes.join")
def test_columns_of_joined_tables_are_returned_as_they_were(posts: list[Post]) -> None:
    query = Post.query().join(Post.author).where(User.name == "Ada")
    rows = query.returning(User.name, Post.title, Post.id, User).update_with(Post.title.to(User.name))

    assert sorted(row[:3] for row in rows) == [("Ada", "Ada", posts[0].id), ("Ada", "Ada", posts[1].id)]
    assert {row[3].email for row in rows} == {"ada@example.com"}
    top = make_user("Top")
    make_user("Low", manager_id=make_user("Mid", manager_id=top.id).id)
    boss = User.alias("boss")
    pairs = (
        User.query()
        .join(User.manager, boss)
        .returning(User.name, boss.name)
        .update_with(User.name.to(boss.name), all_rows=True)
    )
    assert sorted(pairs) == [("Mid", "Mid"), ("Top", "Top")]


@pytest.mark.feature("writes.join")
def test_rows_without_a_partner_return_none(posts: list[Post]) -> None:
    make_user("Cy")
    query = User.query().left_join(User.posts)
    rows = query.where(User.name != "Ada").returning(User.name, Post.title.optional()).update_with(User.age.to(1))

    assert sorted(rows) == [("Bob", "b1"), ("Cy", None)]
    with pytest.raises(InvalidQuery, match=r"Post.title may be missing, since posts is left-joined"):
        query.returning(Post.title)


@pytest.mark.feature("writes.join")
def test_a_row_with_several_partners_is_returned_once(posts: list[Post]) -> None:
    names = User.query().join(User.posts).returning(User.name).update_with(User.age.to(9), all_rows=True)
    assert sorted(names) == [("Ada",), ("Bob",)]
    both = User.query().join(User.posts).returning(User.name, Post.id).delete(all_rows=True)
    assert sorted(name for name, _ in both) == ["Ada", "Bob"]


@pytest.mark.feature("writes.limit")
def test_the_first_rows_of_an_order_are_written_and_returned(posts: list[Post]) -> None:
    query = Post.query().order_by(Post.views.desc())
    assert query.limit(1).returning(Post.title).update_with(Post.views.to(0)) == [("b1",)]
    assert query.limit(1).offset(1).returning(Post.title).delete() == [("a1",)]
    joined = Post.query().join(Post.author).order_by(User.name, Post.id).limit(1)
    assert joined.returning(Post.title, User.name).delete() == [("a2", "Ada")]
    assert Post.query().pluck(Post.title) == ["b1"]


def test_an_alias_returns_what_it_wrote(posts: list[Post]) -> None:
    text = Post.alias("text")
    query = text.query().where(text.views > 1)

    assert sorted(query.returning(text.title, text.views).update_with(text.views.to(text.views + 1))) == [
        ("a2", 3),
        ("b1", 4),
    ]
    assert query.returning(text.views + 1).update_with(text.views.to(7)) == [(8,), (8,)]
    assert sorted(post.title for post in query.returning(text).delete()) == ["a2", "b1"]


# --- delete --------------------------------------------------------------------------------------------------------------


def test_a_delete_returns_columns_as_they_were(posts: list[Post], showcase: str, sent: Sent) -> None:
    assert sorted(Post.query().where(Post.views > 1).returning(Post.id, Post.title).delete()) == [
        (posts[1].id, "a2"),
        (posts[2].id, "b1"),
    ]
    assert len(sent) == 1  # of the servers of these tests all have it
    (post,) = Post.query().returning(Post).delete(all_rows=True)
    assert (post.id, post.title, post.created_at) == (posts[0].id, "a1", posts[0].created_at)
    assert len(Post.query().returning(Post).delete(all_rows=True)) == 0


@pytest.mark.feature("writes.join")
def test_a_delete_returns_columns_of_joined_tables(posts: list[Post]) -> None:
    query = Post.query().join(Post.author).where(User.name == "Ada")
    assert sorted(query.returning(Post.title, User.name, User.age).delete()) == [("a1", "Ada", 36), ("a2", "Ada", 36)]
    assert Post.query().count() == 1


@pytest.mark.feature("models.composite_key")
def test_rows_of_a_composite_key_are_returned() -> None:
    items = Item.insert_many({"code": uuid.uuid4(), "name": name, "price": Decimal(1)} for name in "abc")
    order = Order.create(number="A1", customer=make_user())
    OrderLine.insert_many({"order": order, "item": item, "unit_price": item.price} for item in items)

    lines = OrderLine.query().join(OrderLine.item).where(Item.name > "a")
    rows = lines.returning(Item.name, OrderLine.quantity).update_with(OrderLine.quantity.to(OrderLine.quantity + 1))
    assert sorted(rows) == [("b", 2), ("c", 2)]
    assert sorted(lines.returning(OrderLine.item_id, Item.name).delete()) == [(items[1].id, "b"), (items[2].id, "c")]


def test_thousands_of_rows_are_returned(sent: Sent) -> None:
    Role.insert_many({"name": f"r{number}"} for number in range(1_500))
    sent.clear()

    rows = Role.query().returning(Role.name, Role.level).update_with(Role.level.to(2), all_rows=True)
    assert len(rows) == 1_500
    assert {level for _, level in rows} == {2}
    assert len(sent) <= 3
    assert len(Role.query().returning(Role).delete(all_rows=True)) == 1_500


# --- what goes wrong -----------------------------------------------------------------------------------------------------


def test_what_cannot_be_returned_is_refused_before_any_sql(posts: list[Post], sent: Sent) -> None:
    query: Any = Post.query().where(Post.id > 0)
    with pytest.raises(InvalidQuery, match=r"without columns"):
        query.returning()
    with pytest.raises(InvalidValue, match=r"expected columns such as User.name, and models, got str"):
        query.returning("title")
    with pytest.raises(InvalidQuery, match=r"users is no part of the query"):
        query.returning(User.name).delete()
    with pytest.raises(InvalidQuery, match=r"sets id, by which rows are known \(update it apart\)"):
        query.returning(Post).update_with(Post.id.to(Post.id + 1))
    with pytest.raises(InvalidQuery, match=r"returning\(\): an expression reads posts and users at once"):
        query.join(Post.author).returning(Post.views + User.age)
    with pytest.raises(InvalidQuery, match=r"delete\(\) without a condition"):
        Post.query().returning(Post).delete()
    with pytest.raises(InvalidQuery, match=r"update_with\(\) without changes"):
        query.returning(Post).update_with()
    assert len(sent) == 0


@pytest.mark.feature("bad_input.half_written", "errors.unique_violation", "errors.check_violation")
def test_what_the_database_refuses_is_undone_as_a_whole(posts: list[Post]) -> None:
    with pytest.raises(UniqueViolation) as unique:
        User.query().join(User.posts).returning(User.id, Post.id).update_with(User.email.to("same"), all_rows=True)
    assert (unique.value.model, unique.value.fields) == ("User", ("email",))
    assert User.query().where(User.email == "same").count() == 0
    Item.insert_many({"code": uuid.uuid4(), "name": name, "price": Decimal(1), "stock": 1} for name in "ab")
    with db.transaction():
        with pytest.raises(CheckViolation) as check, db.transaction():
            Item.query().where(Item.name == "a").returning(Item).update_with(Item.stock.to(Item.stock - 2))
        assert check.value.model == "Item"
        Tag.create(name="kept")
    assert (Item.query().pluck(Item.stock), Tag.query().count()) == ([1, 1], 1)


# --- as a common table expression ----------------------------------------------------------------------------------------


@pytest.mark.feature("writes.cte")
def test_a_write_is_a_table_that_a_select_reads(posts: list[Post], showcase: str) -> None:
    gone = Post.query().where(Post.views > 1).returning(Post.id, Post.title).delete_cte("gone")
    asked = gone.query().select(gone[Post.title]).order_by(gone[Post.id])
    touched = User.query().where(User.name == "Ada").returning(User).update_cte("touched", User.age.to(User.age + 1))
    if showcase != "postgresql":
        for query in (asked, touched.query()):
            with pytest.raises(
                NotSupported, match=r"has no UPDATE or DELETE as a table \(run it by itself with returning"
            ):
                query.get()
        assert Post.query().count() == 3
        return
    assert asked.get() == [("a2",), ("b1",)]
    assert Post.query().pluck(Post.title) == ["a1"]
    (ada,) = touched.query().get()
    assert (ada.name, ada.age) == ("Ada", 37)
    assert touched.query().join(touched.posts).select(touched.age, Post.title).get() == [(38, "a1")]
    assert User.query().where(User.name == "Ada").pluck(User.age) == [38]


@pytest.mark.feature("writes.cte")
def test_a_write_as_a_table_is_checked_as_any_other(posts: list[Post]) -> None:
    query = Post.query().returning(Post)
    with pytest.raises(InvalidQuery, match=r"delete_cte\(\) without a condition"):
        query.delete_cte("gone")
    with pytest.raises(InvalidQuery, match=r"update_cte\(\) without changes"):
        query.update_cte("gone", all_rows=True)
    with pytest.raises(InvalidQuery, match=r"returning\(User\) of a query for Post as a table"):
        Post.query().join(Post.author).returning(User).delete_cte("gone", all_rows=True)


def test_what_is_of_many_rows_is_not_returned(posts: list[Post], sent: Sent) -> None:
    query = Post.query().where(Post.views > 0)
    with pytest.raises(InvalidQuery, match=r"returning\(\): count\(\) is of many rows, and each row is returned"):
        query.returning(f.count())
    with pytest.raises(InvalidQuery, match=r"is of many rows, and each row is returned"):
        query.returning(Post.id, f.row_number().over(order_by=Post.id))
    assert len(sent) == 0
