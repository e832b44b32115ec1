"""What type checkers refuse of writes."""

from decimal import Decimal

from generated import Category, Item, Order, Post, Role, Tag, User, Video
from isomorph.functions import excluded


def wrong_values() -> None:
    Post.views.to("3")  # type: ignore[arg-type]  # pyright: ignore[reportArgumentType]
    Post.title.to(None)  # type: ignore[arg-type]  # pyright: ignore[reportArgumentType]
    Post.title.to(Post.views)  # type: ignore[arg-type]  # pyright: ignore[reportArgumentType]
    Post.title.to(User.nickname)  # type: ignore[arg-type]  # pyright: ignore[reportArgumentType]
    Post.title.to(User.name.optional())  # type: ignore[arg-type]  # pyright: ignore[reportArgumentType]
    Item.category.to(Order.status)  # type: ignore[arg-type]  # pyright: ignore[reportArgumentType]
    Item.stock.to(Category.BOOK)  # type: ignore[arg-type]  # pyright: ignore[reportArgumentType]
    Item.stock.to(Item.rating)  # type: ignore[arg-type]  # pyright: ignore[reportArgumentType]
    Item.stock.to(Item.price)  # type: ignore[arg-type]  # pyright: ignore[reportArgumentType]


def wrong_assignments() -> None:
    query = Post.query().where(Post.id > 0)
    query.update_with(title="x")  # type: ignore[call-arg]  # pyright: ignore[reportCallIssue]
    query.update_with("x")  # type: ignore[arg-type]  # pyright: ignore[reportArgumentType]
    query.update_with(Post.title == "x")  # type: ignore[arg-type]  # pyright: ignore[reportArgumentType]
    query.increment(Post.views, 1, "x")  # type: ignore[arg-type]  # pyright: ignore[reportArgumentType]
    query.increment_each({"views": 1})  # type: ignore[dict-item]  # pyright: ignore[reportArgumentType]
    query.increment_each({Post.title: 1})  # type: ignore[dict-item]  # pyright: ignore[reportArgumentType]
    query.increment_each({Post.views: "1"})  # type: ignore[dict-item]  # pyright: ignore[reportArgumentType]


def wrong_returns() -> None:
    query = Post.query().where(Post.id > 0)
    query.returning()  # type: ignore[call-overload]  # pyright: ignore[reportCallIssue]
    query.returning("title")  # type: ignore[call-overload]  # pyright: ignore[reportArgumentType, reportCallIssue]
    query.returning(Post.id).get()  # type: ignore[attr-defined]  # pyright: ignore[reportAttributeAccessIssue, reportUnknownMemberType]
    query.returning(Post.id).update(title="x")  # type: ignore[attr-defined]  # pyright: ignore[reportAttributeAccessIssue, reportUnknownMemberType]
    print(query.returning(Post.id).delete()[0].id)  # type: ignore[attr-defined]  # pyright: ignore[reportAttributeAccessIssue, reportUnknownArgumentType, reportUnknownMemberType]
    print(query.returning(Post).delete()[0].author)  # type: ignore[type-var]  # pyright: ignore[reportAttributeAccessIssue, reportUnknownArgumentType, reportUnknownMemberType]


def wrong_upserts() -> None:
    Role.upsert([{"name": "a"}], unique=[Role.name], update=["level"])  # type: ignore[list-item]  # pyright: ignore[reportArgumentType]
    Role.upsert([{"name": "a"}], unique=[Role.name], where=True)  # type: ignore[arg-type]  # pyright: ignore[reportArgumentType]
    Role.upsert([{"name": "a"}], unique=[Role.name], update=[Role.level.to(excluded(Role.name))])  # type: ignore[arg-type]  # pyright: ignore[reportArgumentType]
    excluded("name")  # type: ignore[type-var]  # pyright: ignore[reportArgumentType]


def wrong_inserts() -> None:
    Tag.insert_from(Role.query().select(Role.level), into=(Tag.name,))  # type: ignore[misc]  # pyright: ignore[reportArgumentType, reportCallIssue]
    Tag.insert_from(Role.query().select(Role.name), into=(Tag.name, Tag.id))  # type: ignore[arg-type]  # pyright: ignore[reportArgumentType, reportCallIssue]
    Tag.insert_from(Role.query().select(Role.name, Role.id), into=(Tag.name,))  # type: ignore[arg-type]  # pyright: ignore[reportArgumentType, reportCallIssue]
    Tag.insert_from(Role.query(), into=(Tag.name,))  # type: ignore[call-overload]  # pyright: ignore[reportArgumentType, reportCallIssue]
    Tag.insert_from(Role.query().select(Role.name), into=("name",))  # type: ignore[arg-type]  # pyright: ignore[reportArgumentType, reportCallIssue]
    Tag.insert_from(User.query().select(User.nickname), into=(Tag.name,))  # type: ignore[misc]  # pyright: ignore[reportArgumentType, reportCallIssue]
    Video.insert_from(Item.query().select(Item.price), into=(Video.seconds,))  # type: ignore[misc]  # pyright: ignore[reportArgumentType, reportCallIssue]
    Video.seconds.to(Decimal(1))  # type: ignore[arg-type]  # pyright: ignore[reportArgumentType]
