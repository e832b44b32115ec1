"""What type checkers accept of writes: assignments, returning, upsert, insert from select. Never run."""

from decimal import Decimal
from typing import assert_type

from generated import Category, Item, Order, OrderLine, Post, Role, Tag, User, Video
from isomorph import Collection, Predicate
from isomorph.functions import excluded
from isomorph.orm.derived import Derived
from isomorph.orm.returning import Returning
from isomorph.sql.assignments import Assignment


def assignments() -> None:
    assert_type(Post.views.to(3), Assignment)
    assert_type(Post.views.to(Post.views + 1), Assignment)
    assert_type(Post.title.to(User.name), Assignment)
    assert_type(User.nickname.to(None), Assignment)
    assert_type(User.nickname.to(User.name), Assignment)
    assert_type(User.nickname.to(User.name.optional()), Assignment)
    assert_type(Item.price.to(Item.price * Decimal("1.1")), Assignment)
    assert_type(Item.price.to(Decimal(3)), Assignment)
    assert_type(Item.category.to(Category.BOOK), Assignment)
    assert_type(Item.attributes.to({"a": [1, None]}), Assignment)
    assert_type(User.active.to(User.age > 18), Assignment)
    assert_type(Item.rating.to(Item.stock), Assignment)


def writes_by_query() -> None:
    mine = Post.query().join(Post.author).where(User.name == "Ada")
    assert_type(mine.update_with(Post.title.to(User.name), Post.views.to(0)), int)
    assert_type(mine.order_by(Post.id).limit(3).delete(), int)
    assert_type(Post.query().update_with(Post.title.to("x"), all_rows=True), int)
    assert_type(Item.query().increment(Item.stock, 1, Item.name.to("x"), all_rows=True), int)
    assert_type(Item.query().decrement(Item.price, 1, all_rows=True), int)
    assert_type(Item.query().increment_each({Item.stock: 1, Item.price: Decimal(1), Item.rating: -1}), int)
    assert_type(Item.query().decrement_each({Item.stock: 1}, Item.name.to("x")), int)


def returned() -> None:
    query = Post.query().where(Post.views > 1)
    assert_type(query.returning(Post).delete(), Collection[Post])
    assert_type(query.returning(Post.id).delete(), list[tuple[int]])
    assert_type(query.returning(Post.id, Post.title).update_with(Post.views.to(0)), list[tuple[int, str]])
    assert_type(query.returning(Post, Post.views * 2).update_with(Post.views.to(0)), list[tuple[Post, int]])
    assert_type(query.returning(Post.id, User.name.optional()).delete(), list[tuple[int, str | None]])
    assert_type(
        query.returning(Post.id, Post.title),
        Returning[list[tuple[int, str]], Derived[tuple[int, str]]],
    )
    gone = query.returning(Post.id, Post.title).delete_cte("gone")
    assert_type(gone.query().select(gone[Post.title]).get(), list[tuple[str]])
    assert_type(query.returning(Post).update_cte("seen", Post.views.to(0)), type[Post])


def upserts() -> None:
    assert_type(excluded(Item.stock) > 3, Predicate)
    found = Item.upsert(
        [],
        unique=[Item.code],
        update=[Item.name, Item.stock.to(Item.stock + excluded(Item.stock))],
        where=excluded(Item.changed_at) > Item.changed_at,
    )
    assert_type(found, Collection[Item])
    assert_type(Role.upsert([{"name": "a"}], unique=[Role.name], update=[]), Collection[Role])


def inserts_from_selections() -> None:
    assert_type(Tag.insert_from(Role.query().select(Role.name), into=(Tag.name,)), int)
    lines = Order.query().cross_join(Item).select(Order.id, Item.id, Item.stock, Item.price)
    assert_type(
        OrderLine.insert_from(
            lines, into=(OrderLine.order_id, OrderLine.item_id, OrderLine.quantity, OrderLine.unit_price)
        ),
        int,
    )
    # What always has a value goes into what may lack it.
    videos = Post.query().select(Post.title, Post.body, Post.author_id)
    assert_type(Video.insert_from(videos, into=(Video.title, Video.url, Video.owner_id)), int)
