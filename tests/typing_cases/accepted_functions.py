"""Operators and functions that type checkers accept, with the types that they give."""

import datetime as dt
import uuid
from decimal import Decimal
from typing import assert_type

from generated import Category, Item, Post, Profile, User, Video
from isomorph import JsonValue
from isomorph import functions as f
from isomorph.sql.composites import ArrayColumn, SetColumn


def numbers() -> None:
    assert_type(Post.query().value(Post.views + 1), int | None)
    assert_type(Post.query().pluck(1 - Post.views * 2), list[int])
    assert_type(User.query().pluck(User.age + 1), list[int | None])
    assert_type(User.query().pluck(User.id + User.age), list[int | None])
    assert_type(Post.query().pluck(Post.views / 2), list[float])
    assert_type(Post.query().pluck(Post.views / Post.id), list[float | None])
    assert_type(Post.query().pluck(Post.views // 2), list[int])
    assert_type(Post.query().pluck(Post.views % Post.id), list[int | None])
    assert_type(Item.query().pluck(Item.price * Item.stock), list[Decimal])
    assert_type(Item.query().pluck(Item.stock * Item.price), list[Decimal])
    assert_type(Item.query().pluck(Item.stock * Item.weight_kg), list[float | None])
    assert_type(Item.query().pluck(Item.price / 3), list[Decimal])
    assert_type(Item.query().pluck(Item.price.round()), list[int])
    assert_type(Item.query().pluck(Item.price.round(1)), list[Decimal])
    assert_type(Video.query().pluck((-Video.seconds).abs().floor()), list[int])
    assert_type(Video.query().pluck(Video.seconds.sqrt()), list[float | None])
    assert_type(Post.query().pluck(Post.views.power(0.5)), list[float])
    Post.query().where(Post.views * 2 > Post.id, (Item.price + 1).between(0, 10), Post.views.sign() == 1)


def texts() -> None:
    assert_type(User.query().pluck(User.name.lower().left(3) + "-" + User.email), list[str])
    assert_type(User.query().pluck(User.nickname.upper()), list[str | None])
    assert_type(User.query().pluck(User.name + User.nickname), list[str | None])
    assert_type(User.query().pluck(User.name.length()), list[int])
    assert_type(User.query().pluck(User.nickname.length() + 1), list[int | None])
    assert_type(User.query().pluck(User.email.left(User.email.position("@") - 1)), list[str])
    User.query().where(User.name.icontains("a"), User.email.matches(r"^\w+@"), User.name.lower() == "ada")
    User.query().where(User.email.contains(User.name), User.name.trim().replace("a", "b").starts_with("b"))


def moments(now: dt.datetime) -> None:
    assert_type(Post.query().pluck(Post.created_at.year()), list[int])
    assert_type(Profile.query().pluck(Profile.born.month()), list[int | None])
    assert_type(Post.query().pluck(Post.created_at.date()), list[dt.date])
    assert_type(Post.query().pluck(Post.created_at.truncate("month")), list[dt.datetime])
    assert_type(Profile.query().pluck(Profile.born.truncate("year") + dt.timedelta(days=3)), list[dt.date | None])
    assert_type(Post.query().pluck(Post.updated_at - Post.created_at), list[dt.timedelta])
    assert_type(Post.query().pluck(now - Post.created_at), list[dt.timedelta])
    assert_type(Post.query().pluck((f.now() - Post.created_at).days()), list[int])
    assert_type(Post.query().pluck(Post.created_at.at_zone("+02:00").hour()), list[int])
    assert_type(Profile.query().pluck(Profile.wakes_at.minute()), list[int | None])
    Post.query().where(Post.created_at > f.now() - dt.timedelta(days=7), Post.created_at.weekday() < 6)


def documents() -> None:
    theme = User.settings["theme"]
    assert_type(User.query().pluck(theme), list[JsonValue])
    assert_type(User.query().pluck(theme["name"].as_str()), list[str | None])
    assert_type(User.query().pluck(User.settings["sizes"][0].as_int()), list[int | None])
    assert_type(User.query().pluck(User.settings["ratio"].as_float()), list[float | None])
    assert_type(User.query().pluck(User.settings["on"].as_bool()), list[bool | None])
    User.query().where(theme == "dark", User.settings.contains({"a": [1]}), theme.exists(), User.settings != {"a": 1})
    User.query().where(User.settings.has_key("theme"), User.settings["sizes"].length() > 2, theme.type_of() == "object")
    User.query().where(User.id == 1).update_with(
        User.settings.to(theme.set("dark")["size"].set(User.age)["x"].remove())
    )


def containers(
    tags: ArrayColumn[list[str], str],
    marks: ArrayColumn[list[int | None] | None, int | None],
    kinds: SetColumn[set[Category], Category],
    others: SetColumn[set[Category] | None, Category],
) -> None:
    query = Item.query().where(tags.contains("a"), tags.contains_all(["a"]), tags.overlaps({"b"}), ~tags.is_empty())
    assert_type(query.pluck(tags.length()), list[int])
    assert_type(query.pluck(marks.length() + 1), list[int | None])
    query.where(kinds.contains(Category.BOOK), kinds.contains_all([]), kinds.contained_by(set(Category)))
    query.where(others.overlaps([Category.BOOK]), others.is_empty(), kinds == {Category.BOOK}, others.is_null())
    assert_type(query.pluck(kinds.length() + 1), list[int])
    assert_type(query.pluck(others.length()), list[int | None])
    assert_type(query.pluck(f.coalesce(others, kinds)), list[set[Category]])


def any_type(code: uuid.UUID) -> None:
    assert_type(User.query().pluck(f.coalesce(User.nickname, User.name)), list[str])
    assert_type(User.query().pluck(f.coalesce(User.nickname, "-").lower()), list[str])
    assert_type(User.query().pluck(f.coalesce(User.nickname, User.nickname)), list[str | None])
    assert_type(User.query().pluck(f.coalesce(User.age, 0) + 1), list[int])
    assert_type(User.query().pluck(f.coalesce(User.nickname, User.nickname, "x")), list[str])
    assert_type(User.query().pluck(f.coalesce(f.max(Post.views), 0)), list[int])
    assert_type(User.query().pluck(f.nullif(User.name, "")), list[str | None])
    assert_type(Item.query().pluck(f.nullif(Item.category, Category.BOOK)), list[Category | None])
    assert_type(Item.query().pluck(f.coalesce(f.nullif(Item.code, code), code)), list[uuid.UUID])
    assert_type(Post.query().pluck(f.greatest(Post.views, 10)), list[int])
    assert_type(User.query().pluck(f.least(User.id, User.age)), list[int | None])
    assert_type(Post.query().pluck(f.case((Post.views > 9, "hot"), default="cold")), list[str])
    assert_type(Post.query().pluck(f.case((Post.views > 9, 1))), list[int | None])
    assert_type(Post.query().pluck(f.case((Post.views > 9, True), default=False)), list[bool])
    assert_type(
        Post.query().pluck(f.case((Post.views > 9, Post.created_at), default=Post.updated_at)), list[dt.datetime]
    )
    assert_type(Item.query().pluck(f.case((Item.stock > 0, Category.BOOK), default=Item.category)), list[Category])
    assert_type(Item.query().pluck(f.case((Item.stock > 0, Category.BOOK))), list[Category | None])
    assert_type(Post.query().value(f.sum(f.case((Post.views > 9, 1), default=0))), int | None)
    assert_type(Post.query().pluck(f.cast(Post.views, str) + "!"), list[str])
    assert_type(User.query().pluck(f.cast(User.name, int)), list[int | None])
    assert_type(Item.query().pluck(f.cast(Item.price, float)), list[float])
    assert_type(Post.query().pluck(f.literal("a").upper()), list[str])
    assert_type(Post.query().pluck(f.literal(dt.date(2026, 1, 1))), list[dt.date])
    Post.query().order_by(f.random())


def comparisons() -> None:
    views = Post.query().select(Post.views)
    User.query().where(User.age > f.any_(views), User.id >= f.all_(views), User.age.same_as(None))
    User.query().where(User.age.is_distinct_from(User.id), User.age.not_between(1, 3))
    User.query().where(f.tuple_(User.name, User.age) > ("Ada", 3), f.tuple_(User.id, User.age) == (1, None))
    User.query().where(f.tuple_(User.id, User.age).in_([(1, 2), (3, None)]))
    User.query().where(f.tuple_(User.id, User.name).in_(Post.query().select(Post.author_id, Post.title)))
    Post.query().where(f.match(Post.title, Post.body, against="quick fox", phrase=True))
    assert_type(Post.query().pluck(f.relevance(Post.title, against="fox")), list[float])
