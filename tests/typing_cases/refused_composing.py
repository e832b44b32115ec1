"""What type checkers refuse: names of scopes, functions that do not give the query back, what is no name or column."""

import datetime as dt

from generated import Post, PostQuery, Profile, Refund, User, UserQuery, Video, db


def posts(query: PostQuery) -> PostQuery:
    return query


def misspelt_scopes(name: str) -> None:
    Refund.query().without_scope("setled")  # type: ignore[arg-type]  # pyright: ignore[reportArgumentType]
    Refund.query().without_scope(name)  # type: ignore[arg-type]  # pyright: ignore[reportArgumentType]
    User.query().without_scope("active")  # type: ignore[attr-defined]  # pyright: ignore[reportAttributeAccessIssue, reportUnknownMemberType]
    Profile.query().created_since(dt.datetime.now(dt.UTC))  # type: ignore[attr-defined]  # pyright: ignore[reportAttributeAccessIssue, reportUnknownMemberType]
    Video.query().titled(3)  # type: ignore[arg-type]  # pyright: ignore[reportArgumentType]


def functions_that_give_something_else(number: int | None, query: UserQuery) -> None:
    query.when(number, lambda query: query.get())  # type: ignore[arg-type, return-value]  # pyright: ignore[reportArgumentType]
    query.when(number, posts)  # type: ignore[arg-type]  # pyright: ignore[reportArgumentType]
    query.unless(number)  # type: ignore[call-arg]  # pyright: ignore[reportCallIssue]
    query.when_given(number, lambda query, number: query.where(User.name == number))  # type: ignore[arg-type]  # pyright: ignore[reportArgumentType]
    query.when_given(number, lambda query: query)  # type: ignore[arg-type, misc]  # pyright: ignore[reportArgumentType]


def what_is_no_name_or_column() -> None:
    User.query().order_by_untyped(3, [User.name])  # type: ignore[call-overload]  # pyright: ignore[reportCallIssue, reportArgumentType]
    User.query().order_by_untyped("name", ["name"])  # type: ignore[list-item]  # pyright: ignore[reportCallIssue, reportArgumentType]
    User.query().order_by_untyped("name")  # type: ignore[call-overload]  # pyright: ignore[reportCallIssue]
    User.query().or_where(User.name)  # type: ignore[arg-type]  # pyright: ignore[reportArgumentType]


def plain_sql(name: str) -> None:
    db.execute("SELECT :a", a=object())  # type: ignore[arg-type]  # pyright: ignore[reportArgumentType]
    db.execute("SELECT :a", connection=3)  # type: ignore[arg-type]  # pyright: ignore[reportArgumentType]
    print(Post.query().explain().nodes[0].rows + 1)  # type: ignore[operator]  # pyright: ignore[reportOptionalOperand, reportUnknownArgumentType]
