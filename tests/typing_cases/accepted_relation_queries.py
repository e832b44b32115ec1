"""Queries over relations, and the types of what they give."""

import datetime as dt
from decimal import Decimal
from typing import assert_type

from generated import Comment, Image, Item, Order, OrderLine, Post, Profile, Refund, Role, User, UserQuery, Video
from isomorph.orm.query import Query
from isomorph.orm.relations import Relation
from isomorph.sql.expressions import Predicate
from isomorph.sql.numbers import Exact, Floating, Integer
from isomorph.sql.texts import Text


def conditions(ada: User, notes: Post) -> None:
    assert_type(User.query().has(User.posts), UserQuery)
    assert_type(User.query().has(User.posts, ">=", 3).active(), UserQuery)
    assert_type(User.query().doesnt_have(User.posts.comments), UserQuery)
    assert_type(User.query().or_has(User.manager.manager).or_doesnt_have(User.roles), UserQuery)
    assert_type(User.query().where_has(User.posts, Post.views > 3, Post.published.is_true()), UserQuery)
    User.query().where_has(User.posts, Post.query().published(), operator="<", count=3)
    User.query().where_has(User.posts, Post.query().include(Post.author))  # refused when it is built
    User.query().where_has(User.posts.comments.author, User.query().active())
    User.query().where_has(User.roles, Role.level > 3).or_where_has(User.received_comments, Comment.body == "x")
    User.query().where_doesnt_have(User.profile).or_where_doesnt_have(User.address)
    User.query().where_relation(User.manager, User.age > 3)
    Order.query().where_has(Order.items.department)
    assert_type(User.posts.exists(), Predicate)
    assert_type(User.posts.exists(Post.query()), Predicate)
    assert_type(Post.author.is_(ada), Predicate)
    assert_type(User.manager.is_not(ada), Predicate)
    Post.query().where_belongs_to(ada)
    Post.query().where_belongs_to([ada], Post.author)
    assert_type(Comment.query().where_morphed_to(Comment.commentable, notes).count(), int)
    Comment.query().where_morphed_to(Comment.commentable, Video).where_not_morphed_to(Comment.commentable, notes)
    Comment.query().where(Comment.commentable.is_(notes), Comment.commentable.is_type(Post, Video))
    Comment.query().where_has_morph(Comment.commentable, "all")
    Comment.query().where_has_morph(Comment.commentable, Post, Post.views > 3)
    Comment.query().where_has_morph(Comment.commentable, [Post, Video])
    Comment.query().where_has_morph(Comment.commentable, Post.query().published(), Video.query())
    Comment.query().where_has_morph(Comment.commentable, Post, Video.query())
    Image.query().where_has_morph(Image.imageable, Item.query().in_stock())
    boss = User.alias("boss")
    User.query().where_has(User.manager, boss.query().where(boss.age > User.age))
    User.query().join(User.manager, boss).has(boss.posts)


def expressions() -> None:
    assert_type(User.posts.count(Post.views > 3), Integer[int])
    assert_type(User.posts.sum(Post.views), Integer[int | None])
    assert_type(User.posts.avg(Post.views), Floating[float | None])
    assert_type(OrderLine.refunds.sum(Refund.amount, Refund.query()), Exact[Decimal | None])
    assert_type(OrderLine.refunds.avg(Refund.amount), Exact[Decimal | None])
    assert_type(User.posts.min(Post.title), Text[str | None])
    assert_type(User.profile.max(Profile.born, Profile.bio == "x").is_null(), Predicate)
    assert_type(
        User.query().order_by(User.posts.count().desc()).select(User.name, User.posts.count()).get(),
        list[tuple[str, int]],
    )
    assert_type(User.query().pluck(User.posts.exists()), list[bool])
    assert_type(User.query().pluck(User.posts.comments.max(Comment.created_at)), list[dt.datetime | None])
    assert_type(User.query().where(User.posts.sum(Post.views) + 1 > User.reports.count()).count(), int)


def amounts(ada: User) -> None:
    query = (
        User.query()
        .with_count(User.posts)
        .with_count(User.posts, Post.query().published(), name="published")
        .with_exists(User.roles, Role.level > 3)
        .with_sum(User.posts, Post.views)
        .with_avg(User.posts, Post.views, Post.published.is_true(), name="mean")
        .with_min(User.posts, Post.created_at)
        .with_max(User.posts.comments, Comment.body)
    )
    assert_type(query, UserQuery)
    assert_type(ada.count_of(User.posts), int)
    assert_type(ada.count_of("published"), int)
    assert_type(ada.exists_of(User.roles), bool)
    assert_type(ada.sum_of(User.posts, Post.views), int | None)
    assert_type(ada.sum_of("refunds", Refund.amount), Decimal | None)
    assert_type(ada.avg_of("mean", Post.views), float | None)
    assert_type(ada.avg_of("refunds", Refund.amount), Decimal | None)
    assert_type(ada.min_of(User.posts, Post.created_at), dt.datetime | None)
    assert_type(ada.max_of(User.posts.comments, Comment.body), str | None)
    assert_type(ada.max_of(User.profile, Profile.born), dt.date | None)


def of_any_relation(relation: Relation[Post], query: Query[Post]) -> Predicate:
    """A function over whatever relation leads to posts."""
    return relation.exists(query) & (relation.count(Post.views > 3) > 2)
