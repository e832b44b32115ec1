"""What type checkers refuse of writes."""

from decimal import Decimal

from generated import Category, Item, Order, Post, Role, Tag, User, Video
from isomorph.functions import excluded


def wrong_values() -> None:
    Post.views.to("3")
    Post.title.to(None)
    Post.title.to(Post.views)
    Post.title.to(User.nickname)
    Post.title.to(User.name.optional())
    Item.category.to(Order.status)
    Item.stock.to(Category.BOOK)
    Item.stock.to(Item.rating)
    Item.stock.to(Item.price)


def wrong_assignments() -> None:
    query = Post.query().where(Post.id > 0)
    query.update_with(title="x")
    query.update_with("x")
    query.update_with(Post.title == "x")
    query.increment(Post.views, 1, "x")
    query.increment_each({"views": 1})
    query.increment_each({Post.title: 1})
    query.increment_each({Post.views: "1"})


def wrong_returns() -> None:
    query = Post.query().where(Post.id > 0)
    query.returning()
    query.returning("title")
    query.returning(Post.id).get()
    query.returning(Post.id).update(title="x")
    print(query.returning(Post.id).delete()[0].id)
    print(query.returning(Post).delete()[0].author)


def wrong_upserts() -> None:
    Role.upsert([{"name": "a"}], unique=[Role.name], update=["level"])
    Role.upsert([{"name": "a"}], unique=[Role.name], where=True)
    Role.upsert([{"name": "a"}], unique=[Role.name], update=[Role.level.to(excluded(Role.name))])
    excluded("name")


def wrong_inserts() -> None:
    Tag.insert_from(Role.query().select(Role.level), into=(Tag.name,))
    Tag.insert_from(Role.query().select(Role.name), into=(Tag.name, Tag.id))
    Tag.insert_from(Role.query().select(Role.name, Role.id), into=(Tag.name,))
    Tag.insert_from(Role.query(), into=(Tag.name,))
    Tag.insert_from(Role.query().select(Role.name), into=("name",))
    Tag.insert_from(User.query().select(User.nickname), into=(Tag.name,))
    Video.insert_from(Item.query().select(Item.price), into=(Video.seconds,))
    Video.seconds.to(Decimal(1))
