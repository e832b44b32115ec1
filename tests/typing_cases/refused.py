"""What type checkers refuse: each wrong call carries the ignore it needs, and an ignore without need is an error."""

from generated import Category, Comment, Item, Order, Post, User, Video


def unloaded(user: User, post: Post) -> None:
    print(user.posts)  # type: ignore[type-var]  # pyright: ignore[reportAttributeAccessIssue, reportUnknownMemberType, reportUnknownArgumentType]
    if user.posts:  # type: ignore[type-var, truthy-bool]  # pyright: ignore[reportAttributeAccessIssue, reportUnknownMemberType]
        pass
    for _ in user.posts:  # type: ignore[type-var, attr-defined]  # pyright: ignore[reportAttributeAccessIssue, reportUnknownMemberType, reportUnknownVariableType]
        pass
    if user.manager is None:  # type: ignore[type-var]  # pyright: ignore[reportAttributeAccessIssue, reportUnknownMemberType]
        pass
    print(post.author == user)  # type: ignore[type-var]  # pyright: ignore[reportAttributeAccessIssue, reportUnknownMemberType, reportUnknownArgumentType]
    user.posts = 3  # type: ignore[assignment]  # pyright: ignore[reportAttributeAccessIssue]


def wrong_includes() -> None:
    User.query().include(Post.author)  # type: ignore[arg-type]  # pyright: ignore[reportArgumentType]
    User.query().include(User.posts, User.query())  # type: ignore[arg-type]  # pyright: ignore[reportArgumentType]
    User.query().include(User.name)  # type: ignore[call-overload]  # pyright: ignore[reportArgumentType]


def not_nested() -> None:
    posts = User.query().include(User.posts).first_or_fail().posts
    print(posts[0].author.name)  # type: ignore[type-var, attr-defined]  # pyright: ignore[reportAttributeAccessIssue, reportUnknownMemberType, reportUnknownArgumentType]


def wrong_values(user: User) -> None:
    user.name = 3  # type: ignore[assignment]  # pyright: ignore[reportAttributeAccessIssue]
    user.name = None  # type: ignore[assignment]  # pyright: ignore[reportAttributeAccessIssue]
    user.nmae = "Ada"  # type: ignore[attr-defined]  # pyright: ignore[reportAttributeAccessIssue]
    User(name="Ada")  # type: ignore[call-arg]  # pyright: ignore[reportCallIssue]
    User.create(nmae="Ada", email="e", password="p")  # type: ignore[call-arg]  # pyright: ignore[reportCallIssue]
    User.create(name=3, email="e", password="p")  # type: ignore[arg-type]  # pyright: ignore[reportArgumentType]
    user.update(age="old")  # type: ignore[arg-type]  # pyright: ignore[reportArgumentType]
    User.query().where(User.id == 1).update(nmae="x")  # type: ignore[call-arg]  # pyright: ignore[reportCallIssue]
    User.find("1")  # type: ignore[arg-type]  # pyright: ignore[reportArgumentType]
    Comment.create(body="b", commentable=user)  # type: ignore[arg-type]  # pyright: ignore[reportArgumentType]
    Post.create(title="t", body="b", author=3)  # type: ignore[arg-type]  # pyright: ignore[reportArgumentType]
    Post.create(title="t", body="b", author=None)  # type: ignore[arg-type]  # pyright: ignore[reportArgumentType]


def wrong_predicates() -> None:
    User.query().where(User.name == 3)  # type: ignore[arg-type]  # pyright: ignore[reportArgumentType]
    User.query().where(User.name == None)  # type: ignore[arg-type]  # noqa: E711  # pyright: ignore[reportArgumentType]
    User.query().where(User.age >= "18")  # type: ignore[operator]  # pyright: ignore[reportOperatorIssue, reportUnknownArgumentType]
    User.query().where(User.age >= None)  # type: ignore[operator]  # pyright: ignore[reportOperatorIssue, reportUnknownArgumentType]
    User.query().where(User.id == User.name)  # type: ignore[operator]  # pyright: ignore[reportOperatorIssue, reportUnknownArgumentType]
    User.query().where(User.id.contains("1"))  # type: ignore[attr-defined]  # pyright: ignore[reportAttributeAccessIssue, reportUnknownMemberType, reportUnknownArgumentType]
    User.query().where(User.settings > 3)  # type: ignore[operator, arg-type]  # pyright: ignore[reportOperatorIssue, reportUnknownArgumentType]
    User.query().where(User.active > True)  # type: ignore[operator, arg-type]  # pyright: ignore[reportOperatorIssue, reportUnknownArgumentType]
    User.query().where(User.id.in_(["1"]))  # type: ignore[list-item]  # pyright: ignore[reportArgumentType]
    User.query().where(Item.category == "book")  # type: ignore[arg-type]  # pyright: ignore[reportArgumentType]
    Item.query().where(Item.category > Category.BOOK)  # type: ignore[operator, arg-type]  # pyright: ignore[reportOperatorIssue, reportUnknownArgumentType]
    User.query().where("name = 'Ada'")  # type: ignore[arg-type]  # pyright: ignore[reportArgumentType]
    User.query().order_by("name")  # type: ignore[arg-type]  # pyright: ignore[reportArgumentType]
    User.query().sum(User.name)  # type: ignore[arg-type]  # pyright: ignore[reportArgumentType]
    Post.query().popular("many")  # type: ignore[arg-type]  # pyright: ignore[reportArgumentType]


def built_from_input(name: str) -> None:
    # mypy does not tell literal strings from others; pyright does.
    User.query().where_raw("name = '" + name + "'")  # pyright: ignore[reportArgumentType]


def wrong_joins() -> None:
    Video.query().join(Video.title)  # type: ignore[call-overload]  # pyright: ignore[reportCallIssue, reportArgumentType]
    Order.query().select("number")  # type: ignore[call-overload]  # pyright: ignore[reportArgumentType]
