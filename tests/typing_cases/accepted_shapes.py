"""Shapes that type checkers accept: aggregates, windows, aliases, sub-queries, values, tables. Checked, never run."""

import datetime as dt
import uuid
from decimal import Decimal
from typing import Any, assert_type

from generated import Category, Department, Item, Post, PostQuery, Profile, Role, User, UserQuery, db
from isomorph import Collection, JsonValue, Predicate
from isomorph import functions as f


def aggregates() -> None:
    query = Post.query().group_by(Post.author_id, Post.title)
    assert_type(query, PostQuery)
    assert_type(query.select(Post.title, f.count()).get(), list[tuple[str, int]])
    assert_type(query.select(f.sum(Post.views), f.avg(Post.views)).get(), list[tuple[int | None, float | None]])
    assert_type(
        Item.query().select(f.sum(Item.price), f.avg(Item.price)).first(), tuple[Decimal | None, Decimal | None] | None
    )
    assert_type(Item.query().value(f.sum(Item.weight_kg)), float | None)
    assert_type(User.query().select(f.min(User.name), f.max(User.age)).get(), list[tuple[str | None, int | None]])
    assert_type(Profile.query().pluck(f.max(Profile.born)), list[dt.date | None])
    assert_type(User.query().pluck(f.count(User.age).distinct().filter(User.age > 3)), list[int])
    assert_type(User.query().pluck(f.bool_or(User.active)), list[bool | None])
    assert_type(User.query().pluck(f.bool_and(User.age > 3)), list[bool | None])
    assert_type(User.query().pluck(f.string_agg(User.name, ", ", order_by=User.age.desc())), list[str | None])
    assert_type(User.query().pluck(f.array_agg(User.age)), list[list[int]])
    assert_type(Item.query().pluck(f.array_agg(Item.category)), list[list[Category]])
    assert_type(query.having(f.count() > 3, f.sum(Post.views) < 5, f.avg(Post.views) > 1.5), PostQuery)
    assert_type(f.sum(Item.price) > 3, Predicate)
    assert_type(query.select(f.max(Post.views) - f.min(Post.views)).get(), list[tuple[int | None]])
    assert_type(f.max(User.name).starts_with("A"), Predicate)
    rolled = Item.query().group_by(Item.category, rollup=True)
    assert_type(
        rolled.select(Item.category.optional(), f.grouping(Item.category)).get(), list[tuple[Category | None, int]]
    )


def windows() -> None:
    query = Post.query()
    place = f.row_number().over(partition_by=Post.author_id, order_by=Post.views.desc())
    assert_type(query.select(Post.title, place).get(), list[tuple[str, int]])
    assert_type(query.pluck(f.percent_rank().over(order_by=Post.views)), list[float])
    assert_type(query.pluck(f.ntile(4).over(order_by=[Post.views, Post.title.desc()])), list[int])
    assert_type(query.pluck(f.lag(Post.views).over(order_by=Post.id)), list[int | None])
    assert_type(query.pluck(f.lag(Post.views, 1, 0).over(order_by=Post.id)), list[int])
    assert_type(query.pluck(Post.views - f.lag(Post.views).over(order_by=Post.id)), list[int | None])
    assert_type(User.query().pluck(f.lead(User.age, 2, 0).over(order_by=User.id)), list[int | None])
    assert_type(query.pluck(f.first_value(Post.title).over()), list[str | None])
    assert_type(query.pluck(f.nth_value(Post.created_at, 2).over()), list[dt.datetime | None])
    assert_type(User.query().pluck(f.last_value(User.settings).over()), list[JsonValue])
    frame = f.Rows(f.preceding(3), f.following(1), exclude="ties")
    assert_type(query.pluck(f.sum(Post.views).over(order_by=Post.id, frame=frame)), list[int | None])
    near = f.Range(f.preceding(dt.timedelta(days=1)), f.CURRENT_ROW)
    assert_type(query.pluck(f.count().over(order_by=Post.created_at, frame=near)), list[int])
    assert_type(query.pluck(f.avg(Post.views).over(frame=f.Groups(f.preceding()))), list[float | None])
    assert_type(query.order_by(f.rank().over(order_by=Post.views)), PostQuery)


def aliases() -> None:
    boss = User.alias("boss")
    assert_type(boss, type[User])
    query = User.query().join(User.manager, boss).left_join(boss.manager, User.alias("top"))
    assert_type(query.where(User.age > boss.age).get(), Collection[User])
    assert_type(query.select(User.name, boss.name, boss).get(), list[tuple[str, str, User]])
    assert_type(boss.query().where(boss.age > 3).adults().get(), Collection[User])
    assert_type(User.query().join(Post, on=Post.author_id == User.id), UserQuery)
    assert_type(User.query().cross_join(boss), UserQuery)
    assert_type(
        User.query().left_join(Post, on=Post.id == 1).select(User, f.optional(Post)).get(),
        list[tuple[User, Post | None]],
    )
    assert_type(Post.query().join(Post.author).select(Post, User.name).dicts(), list[dict[str, object]])
    assert_type(Post.query().distinct_on(Post.author_id).order_by(Post.id), PostQuery)
    assert_type(User.query().only(User.name, User.age).get(), Collection[User])


def unions(query: UserQuery) -> None:
    assert_type(query.union(query, query, all_rows=True).intersect(query).except_(query), UserQuery)
    names = Role.query().select(Role.name).union(User.query().select(User.name))
    assert_type(names.order_by(Role.name).get(), list[tuple[str]])


def tables() -> None:
    total = f.sum(Post.views)
    by_author = Post.query().group_by(Post.author_id).select(Post.author_id, total).subquery("by_author")
    rows = User.query().join(by_author, on=by_author[Post.author_id] == User.id).select(User.name, by_author[total])
    assert_type(rows.get(), list[tuple[str, int | None]])
    assert_type(by_author.query().select(by_author[Post.author_id]).get(), list[tuple[int]])
    popular = Post.query().where(Post.views > 3).cte("popular")
    assert_type(popular, type[Post])
    assert_type(popular.query().where(popular.views < 9).get(), Collection[Post])
    tree = Department.query().recursive("tree", lambda found: Department.query().join(Department.parent, found))
    assert_type(tree.query().get(), Collection[Department])
    beside = Post.query().where(Post.author_id == User.id).select(Post.title).subquery("beside", lateral=True)
    assert_type(
        User.query().join(beside).left_join(beside, on=User.id > 1).select(beside[Post.title]).get(), list[tuple[str]]
    )
    most = Post.query().select(f.max(Post.views)).scalar()
    assert_type(Post.query().where(Post.views == most).select(most).get(), list[tuple[int | None]])
    assert_type(f.exists(Post.query().where(Post.author_id == User.id)), Predicate)
    prices = f.values("prices", [(1, Decimal(2)), (2, Decimal(3))], columns=(Item.id, Item.price))
    assert_type(db.table(prices).select(prices[Item.price]).get(), list[tuple[Decimal]])
    made = f.values("made", [("a", None)], columns=(f.col("name", str), User.age))
    assert_type(db.table(made).select(made[User.age]).get(), list[tuple[int | None]])


def names() -> None:
    query = db.table("metrics").where(f.col("views", int) > 3, f.col("note") == "x", f.col("day") >= dt.date.min)
    assert_type(query.get(), list[dict[str, object]])
    assert_type(query.first(), dict[str, object] | None)
    assert_type(query.count(), int)
    columns = query.select(f.col("views", int), f.col("price", Decimal), f.col("day", dt.date), f.col("x").as_("y"))
    assert_type(columns.get(), list[tuple[int, Decimal, dt.date, Any]])
    moments = query.select(f.col("at", dt.datetime), f.col("seen", dt.datetime, aware=True).optional())
    assert_type(moments.get(), list[tuple[dt.datetime, dt.datetime | None]])
    assert_type(query.pluck(f.col("id", uuid.UUID, table="metrics")), list[uuid.UUID])
    assert_type(query.sum(f.col("views", int)), int | None)


def up_to_twelve() -> None:
    assert_type(
        User.query()
        .select(
            User.id,
            User.name,
            User.age,
            User.active,
            User.joined,
            User,
            User.id,
            User.name,
            User.age,
            User.active,
            User.joined,
            User,
        )
        .get(),
        list[tuple[int, str, int | None, bool, dt.datetime, User, int, str, int | None, bool, dt.datetime, User]],
    )
