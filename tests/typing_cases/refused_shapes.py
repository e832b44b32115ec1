"""Shapes that type checkers refuse, each wrong call with the ignore it needs."""

from decimal import Decimal

from generated import Item, Post, Role, User, db
from isomorph import functions as f


def aggregates() -> None:
    f.sum(User.name)  # type: ignore[call-overload]  # pyright: ignore[reportCallIssue, reportArgumentType]
    f.avg(User.joined)  # type: ignore[call-overload]  # pyright: ignore[reportCallIssue, reportArgumentType]
    f.min(User.settings)  # type: ignore[call-overload]  # pyright: ignore[reportCallIssue, reportArgumentType]
    f.string_agg(User.age, ",")  # type: ignore[arg-type]  # pyright: ignore[reportArgumentType]
    f.string_agg(User.name, 3)  # type: ignore[arg-type]  # pyright: ignore[reportArgumentType]
    f.bool_and(User.age)  # type: ignore[arg-type]  # pyright: ignore[reportArgumentType]
    f.count(3)  # type: ignore[arg-type]  # pyright: ignore[reportArgumentType]
    f.count().filter(User.active, 3)  # type: ignore[arg-type]  # pyright: ignore[reportArgumentType]
    User.query().having(f.sum(User.age) > "3")  # type: ignore[operator]  # pyright: ignore[reportOperatorIssue, reportUnknownArgumentType]
    f.sum(Item.price).starts_with("3")  # type: ignore[attr-defined]  # pyright: ignore[reportUnknownMemberType, reportAttributeAccessIssue]
    f.string_agg(User.name, ",").over()  # type: ignore[attr-defined]  # pyright: ignore[reportUnknownMemberType, reportAttributeAccessIssue]
    f.count().over(partition_by="name")  # type: ignore[arg-type]  # pyright: ignore[reportArgumentType]
    User.query().group_by("name")  # type: ignore[arg-type]  # pyright: ignore[reportArgumentType]
    User.query().having(User.name)  # type: ignore[arg-type]  # pyright: ignore[reportArgumentType]


def windows() -> None:
    User.query().select(f.row_number())  # type: ignore[call-overload]  # pyright: ignore[reportArgumentType]
    f.ntile("4")  # type: ignore[arg-type]  # pyright: ignore[reportArgumentType]
    f.lag(Post.views, "1")  # type: ignore[call-overload]  # pyright: ignore[reportCallIssue, reportArgumentType]
    f.lag(Post.views, 1, "none")  # type: ignore[misc]  # pyright: ignore[reportArgumentType]
    f.Rows(1)  # type: ignore[arg-type]  # pyright: ignore[reportArgumentType]
    f.preceding("3")  # type: ignore[arg-type]  # pyright: ignore[reportArgumentType]
    f.rank().over(order_by=3)  # type: ignore[arg-type]  # pyright: ignore[reportArgumentType]
    f.rank().over(frame="ROWS")  # type: ignore[arg-type]  # pyright: ignore[reportArgumentType]


def aliases() -> None:
    boss = User.alias("boss")
    print(boss.nmae)  # type: ignore[attr-defined]  # pyright: ignore[reportUnknownMemberType, reportUnknownArgumentType, reportAttributeAccessIssue]
    User.query().join(Post)  # type: ignore[call-overload]  # pyright: ignore[reportCallIssue, reportArgumentType]
    User.query().join(User.posts, on=Post.views > 3)  # type: ignore[call-overload]  # pyright: ignore[reportArgumentType]
    User.query().join(Post, on=3)  # type: ignore[call-overload]  # pyright: ignore[reportArgumentType]
    User.query().only("name")  # type: ignore[arg-type]  # pyright: ignore[reportArgumentType]
    User.query().distinct_on("name")  # type: ignore[arg-type]  # pyright: ignore[reportArgumentType]
    User.query().where(boss.name > 3)  # type: ignore[operator]  # pyright: ignore[reportOperatorIssue, reportUnknownArgumentType]


def unions() -> None:
    User.query().union(Post.query())  # type: ignore[arg-type]  # pyright: ignore[reportArgumentType]
    User.query().select(User.name).union(User.query().select(User.age))  # type: ignore[arg-type]  # pyright: ignore[reportArgumentType]
    User.query().select(User.name, User.id).intersect(User.query().select(User.name))  # type: ignore[arg-type]  # pyright: ignore[reportArgumentType]


def tables() -> None:
    Item.query().where(Item.id.in_(Role.query().select(Role.name)))  # type: ignore[arg-type]  # pyright: ignore[reportArgumentType]
    Item.query().where(Item.id.in_(Role.query().select(Role.id, Role.name)))  # type: ignore[arg-type]  # pyright: ignore[reportArgumentType]
    Item.query().where(Item.id == Role.query().select(Role.name).scalar())  # type: ignore[operator]  # pyright: ignore[reportOperatorIssue, reportUnknownArgumentType]
    Role.query().select(Role.id, Role.name).scalar()  # type: ignore[misc]  # pyright: ignore[reportUnknownMemberType, reportAttributeAccessIssue]
    f.values("v", [(1, "x")], columns=(Item.id, Item.price))  # type: ignore[arg-type]  # pyright: ignore[reportCallIssue, reportArgumentType]
    f.values("v", [(1,)], columns=(Item.id, Item.price))  # type: ignore[arg-type]  # pyright: ignore[reportCallIssue, reportArgumentType]
    f.exists("SELECT 1")  # type: ignore[arg-type]  # pyright: ignore[reportArgumentType]
    made = f.values("v", [(1, Decimal(2))], columns=(Item.id, Item.price))
    Item.query().join(made)  # type: ignore[call-overload]  # pyright: ignore[reportCallIssue, reportArgumentType]
    Role.query().select(Role.name).subquery("x", lateral=3)  # type: ignore[call-overload]  # pyright: ignore[reportCallIssue, reportArgumentType]


def names() -> None:
    f.col("x", list)  # type: ignore[arg-type]  # pyright: ignore[reportCallIssue, reportArgumentType]
    f.col(3)  # type: ignore[call-overload]  # pyright: ignore[reportArgumentType]
    User.query().where(f.col("x", int) > "3")  # type: ignore[operator]  # pyright: ignore[reportOperatorIssue, reportUnknownArgumentType]
    f.col("x", int).starts_with("3")  # type: ignore[attr-defined]  # pyright: ignore[reportUnknownMemberType, reportAttributeAccessIssue]
    db.table(3)  # type: ignore[arg-type]  # pyright: ignore[reportArgumentType]
    db.table("x").select("y")  # type: ignore[call-overload]  # pyright: ignore[reportArgumentType]
