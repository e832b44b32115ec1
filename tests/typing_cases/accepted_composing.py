"""What type checkers accept: scopes that models share, queries put together, plans, plain SQL. Never run."""

import datetime as dt
import sys
from collections.abc import Sequence
from typing import assert_type

from generated import (
    OrderLine,
    Post,
    PostQuery,
    Refund,
    RefundQuery,
    User,
    UserQuery,
    Video,
    VideoQuery,
    db,
)
from isomorph import Collection, Explanation
from isomorph.orm.explaining import ExplainNode


def adults(query: UserQuery) -> UserQuery:
    return query.where(User.age >= 18)


def scopes(moment: dt.datetime) -> None:
    assert_type(Refund.query().settled(), RefundQuery)
    assert_type(Refund.query().without_scope("settled"), RefundQuery)
    assert_type(Refund.query().without_scopes().get(), Collection[Refund])
    assert_type(User.query().without_scopes(), UserQuery)
    assert_type(Post.query().created_since(moment).titled("a"), PostQuery)
    assert_type(Video.query().titled(text="a").created_since(moment=moment), VideoQuery)


def a_hidden_row(refund: Refund) -> None:
    with_line = Refund.query().include(Refund.line).first_or_fail()
    assert_type(with_line.line, OrderLine)
    lines = OrderLine.query().include(OrderLine.refunds, Refund.query().without_scope("settled")).get()
    assert_type(lines[0].refunds, Collection[Refund])


def composed(name: str | None, number: int) -> None:
    query = User.query()
    assert_type(query.or_where(User.age >= 18, User.name == "a"), UserQuery)
    assert_type(query.when(number, lambda query: query.where(User.age >= number)), UserQuery)
    assert_type(query.when(name, adults, lambda query: query.limit(3)), UserQuery)
    assert_type(query.unless(name == "a", adults), UserQuery)
    assert_type(query.when_given(name, lambda query, name: query.where(User.name == name)), UserQuery)
    assert_type(query.when_given(name, lambda query, name: query.where(User.name.starts_with(name)), adults), UserQuery)
    assert_type(query.tap(print), UserQuery)
    assert_type(query.pipe(adults), UserQuery)
    assert_type(query.pipe(lambda query: query.count()), int)
    assert_type(query.dump().dump(values=True, file=sys.stdout), UserQuery)
    # What was included stays part of the type.
    included = query.include(User.posts).when(number, lambda query: query.where(User.age >= 18)).tap(print)
    assert_type(included.first_or_fail().posts, Collection[Post])
    assert_type(
        query.select(User.name).or_where(User.age > 3).when(name, lambda rows: rows.limit(3)).get(), list[tuple[str]]
    )


def untyped(asked: Sequence[str]) -> None:
    assert_type(User.query().order_by_untyped("-name", [User.name, User.age]), UserQuery)
    assert_type(User.query().order_by_untyped(asked, (User.name, User.joined)), UserQuery)
    meanings = {"name": User.name.asc(), "newest": User.joined.desc(), "age": (User.age + 1).asc()}
    assert_type(User.query().order_by_untyped(asked, allowed=meanings), UserQuery)
    assert_type(User.query().order_by_untyped(asked, {"name": User.name, "newest": User.joined.desc()}), UserQuery)
    assert_type(User.query().order_by_untyped(asked, {"newest": User.joined.desc()}), UserQuery)


def explained() -> None:
    found = User.query().where(User.age > 3).explain(analyze=True)
    assert_type(found, Explanation)
    assert_type(found.nodes[0], ExplainNode)
    assert_type(found.nodes[0].rows, float | None)
    assert_type([node.operation for node in found.walk()], list[str])
    assert_type(User.query().select(User.name).explain().full_scans, tuple[str, ...])


def plain_sql(age: int) -> None:
    assert_type(db.execute("SELECT :a, :b", a=1, b="x"), list[tuple[object, ...]])
    db.execute("SELECT :at", at=dt.datetime.now(dt.UTC), connection="default")
    db.execute("SELECT ?, ?", age, None)
