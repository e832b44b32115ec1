"""More of what type checkers refuse: the calls that `refused.py` leaves out."""

from decimal import Decimal

from generated import Item, OrderLine, Post, Role, Tag, User, db


def wrong_keys() -> None:
    User.find_or_fail(None)  # type: ignore[arg-type]  # pyright: ignore[reportArgumentType]
    User.find_many(["1"])  # type: ignore[list-item]  # pyright: ignore[reportArgumentType]
    User.find()  # type: ignore[call-arg]  # pyright: ignore[reportCallIssue]
    OrderLine.find(1)  # type: ignore[call-arg]  # pyright: ignore[reportCallIssue]
    OrderLine.find_many([1, 2])  # type: ignore[list-item]  # pyright: ignore[reportArgumentType]


def wrong_rows() -> None:
    Role.insert_many([{"nmae": "a"}])  # type: ignore[typeddict-item, typeddict-unknown-key]  # pyright: ignore[reportArgumentType]
    Role.insert_many([{"level": 1}])  # type: ignore[typeddict-item]  # pyright: ignore[reportArgumentType]
    Role.insert_many([{"name": 3}])  # type: ignore[typeddict-item]  # pyright: ignore[reportArgumentType]
    Role.upsert([{"name": "a"}], unique=["name"])  # type: ignore[list-item]  # pyright: ignore[reportArgumentType]
    Role.upsert([{"name": "a"}], unique=[Role.name], update=[3])  # type: ignore[list-item]  # pyright: ignore[reportArgumentType]
    Role.upsert([{"name": "a"}])  # type: ignore[call-arg]  # pyright: ignore[reportCallIssue]
    Role.first_or_create({"nmae": "a"})  # type: ignore[typeddict-unknown-key]  # pyright: ignore[reportArgumentType]
    Role.first_or_create({"name": "a"}, {"level": "3"})  # type: ignore[arg-type]  # pyright: ignore[reportArgumentType]
    Role.update_or_create({"name": "a"})  # type: ignore[call-arg]  # pyright: ignore[reportCallIssue]
    Tag.create_or_first({"name": 3})  # type: ignore[typeddict-item]  # pyright: ignore[reportArgumentType]


def wrong_numbers(item: Item, post: Post) -> None:
    item.increment("stock")  # type: ignore[arg-type]  # pyright: ignore[reportArgumentType]
    post.increment(Post.title)  # type: ignore[arg-type]  # pyright: ignore[reportArgumentType]
    Post.query().increment(Post.views, "1", all_rows=True)  # type: ignore[misc]  # pyright: ignore[reportArgumentType]
    Post.query().increment(Post.views, Decimal(1), all_rows=True)  # type: ignore[misc]  # pyright: ignore[reportArgumentType]
    Item.query().max(Item.category)  # type: ignore[arg-type]  # pyright: ignore[reportArgumentType]
    Item.query().avg(Item.name)  # type: ignore[call-overload]  # pyright: ignore[reportCallIssue, reportArgumentType]
    Item.query().sum(Item.attributes)  # type: ignore[arg-type]  # pyright: ignore[reportArgumentType]


def wrong_clauses() -> None:
    User.query().limit("3")  # type: ignore[arg-type]  # pyright: ignore[reportArgumentType]
    User.query().offset(None)  # type: ignore[arg-type]  # pyright: ignore[reportArgumentType]
    User.query().order_by(User.name.contains)  # type: ignore[arg-type]  # pyright: ignore[reportArgumentType]
    User.query().select("name")  # type: ignore[call-overload]  # pyright: ignore[reportArgumentType]
    User.query().pluck("name")  # type: ignore[arg-type]  # pyright: ignore[reportArgumentType]
    User.query().join("posts")  # type: ignore[call-overload]  # pyright: ignore[reportCallIssue, reportArgumentType]
    User.query().on(3)  # type: ignore[arg-type]  # pyright: ignore[reportArgumentType]
    User.query().nowhere()  # type: ignore[attr-defined]  # pyright: ignore[reportUnknownMemberType, reportAttributeAccessIssue]
    User.query().paginate("1")  # type: ignore[arg-type]  # pyright: ignore[reportArgumentType]
    User.query().adults("18")  # type: ignore[arg-type]  # pyright: ignore[reportArgumentType]
    User.query().where(User.name.like(3))  # type: ignore[arg-type]  # pyright: ignore[reportArgumentType]
    User.query().where(User.joined > 3)  # type: ignore[operator]  # pyright: ignore[reportOperatorIssue, reportUnknownArgumentType]
    User.query().where(User.age.between(1, "2"))  # type: ignore[arg-type]  # pyright: ignore[reportArgumentType]
    User.query().where(User.name + 1 == 2)  # type: ignore[operator]  # pyright: ignore[reportOperatorIssue, reportUnknownArgumentType]
    db.execute("SELECT ?", object())  # type: ignore[arg-type]  # pyright: ignore[reportArgumentType]


def missing_rows() -> None:
    print(User.query().first().name)  # type: ignore[union-attr]  # pyright: ignore[reportOptionalMemberAccess]
    print(User.find(1).name)  # type: ignore[union-attr]  # pyright: ignore[reportOptionalMemberAccess]
    print(User.query().sum(User.age) + 1)  # type: ignore[operator]  # pyright: ignore[reportOptionalOperand, reportUnknownArgumentType]


def what_cannot_be_set(user: User) -> None:
    user.exists = True  # type: ignore[misc]  # pyright: ignore[reportAttributeAccessIssue]
    user.manager = None  # type: ignore[assignment]  # pyright: ignore[reportAttributeAccessIssue]
