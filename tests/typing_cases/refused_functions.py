"""Operators and functions that make no sense for a type: each carries the ignore it needs."""

from generated import Category, Item, Post, Profile, User
from isomorph import functions as f
from isomorph.sql.composites import ArrayColumn, SetColumn


def wrong_numbers() -> None:
    print(Post.views + "1")  # type: ignore[operator]  # pyright: ignore[reportOperatorIssue, reportUnknownArgumentType]
    print(Post.views + 1.5)  # type: ignore[operator]  # pyright: ignore[reportOperatorIssue, reportUnknownArgumentType]
    print(Post.views + None)  # type: ignore[operator]  # pyright: ignore[reportOperatorIssue, reportUnknownArgumentType]
    print(Item.price * 1.5)  # type: ignore[operator]  # pyright: ignore[reportOperatorIssue, reportUnknownArgumentType]
    print(Item.price + Item.weight_kg)  # type: ignore[operator]  # pyright: ignore[reportOperatorIssue, reportUnknownArgumentType]
    print(User.name * 2)  # type: ignore[operator]  # pyright: ignore[reportOperatorIssue, reportUnknownArgumentType]
    print(User.active + 1)  # type: ignore[operator]  # pyright: ignore[reportOperatorIssue, reportUnknownArgumentType]
    print(Post.views.round())  # type: ignore[attr-defined]  # pyright: ignore[reportUnknownMemberType, reportUnknownArgumentType, reportAttributeAccessIssue]
    print(Item.category + 1)  # type: ignore[operator]  # pyright: ignore[reportOperatorIssue, reportUnknownArgumentType]


def wrong_texts() -> None:
    print(User.name + 1)  # type: ignore[operator]  # pyright: ignore[reportOperatorIssue, reportUnknownArgumentType]
    print(User.name + User.age)  # type: ignore[operator]  # pyright: ignore[reportOperatorIssue, reportUnknownArgumentType]
    print(Post.views.lower())  # type: ignore[attr-defined]  # pyright: ignore[reportUnknownMemberType, reportUnknownArgumentType, reportAttributeAccessIssue]
    print(User.name.left("1"))  # type: ignore[arg-type]  # pyright: ignore[reportArgumentType]
    print(User.name.replace("a", None))  # type: ignore[arg-type]  # pyright: ignore[reportArgumentType]
    print(User.name.matches(3))  # type: ignore[arg-type]  # pyright: ignore[reportArgumentType]
    print(User.active.length())  # type: ignore[attr-defined]  # pyright: ignore[reportUnknownMemberType, reportUnknownArgumentType, reportAttributeAccessIssue]


def wrong_moments() -> None:
    print(Profile.born.hour())  # type: ignore[attr-defined]  # pyright: ignore[reportUnknownMemberType, reportUnknownArgumentType, reportAttributeAccessIssue]
    print(Profile.wakes_at.year())  # type: ignore[attr-defined]  # pyright: ignore[reportUnknownMemberType, reportUnknownArgumentType, reportAttributeAccessIssue]
    print(Profile.born + 1)  # type: ignore[operator]  # pyright: ignore[reportOperatorIssue, reportUnknownArgumentType]
    print(Post.created_at + 3)  # type: ignore[operator]  # pyright: ignore[reportOperatorIssue, reportUnknownArgumentType]
    print(Post.created_at - 3)  # type: ignore[operator]  # pyright: ignore[reportOperatorIssue, reportUnknownArgumentType]
    print(Post.created_at.truncate("decade"))  # type: ignore[arg-type]  # pyright: ignore[reportArgumentType]
    print(Profile.born.truncate("hour"))  # type: ignore[arg-type]  # pyright: ignore[reportArgumentType]
    print(Post.publish_on.at_zone("UTC"))  # type: ignore[attr-defined]  # pyright: ignore[reportUnknownMemberType, reportUnknownArgumentType, reportAttributeAccessIssue]
    print(Post.title.year())  # type: ignore[attr-defined]  # pyright: ignore[reportUnknownMemberType, reportUnknownArgumentType, reportAttributeAccessIssue]


def wrong_documents() -> None:
    print(User.settings[1.5])  # type: ignore[index]  # pyright: ignore[reportArgumentType]
    print(User.settings["a"].lower())  # type: ignore[attr-defined]  # pyright: ignore[reportUnknownMemberType, reportUnknownArgumentType, reportAttributeAccessIssue]
    print(User.name["a"])  # type: ignore[index]  # pyright: ignore[reportIndexIssue, reportUnknownArgumentType]
    print(User.settings["a"].set(object()))  # type: ignore[arg-type]  # pyright: ignore[reportArgumentType]
    print(User.settings.set(1))  # type: ignore[attr-defined]  # pyright: ignore[reportUnknownMemberType, reportUnknownArgumentType, reportAttributeAccessIssue]
    for _ in User.settings:  # type: ignore[misc]  # pyright: ignore[reportUnknownVariableType, reportGeneralTypeIssues]
        pass


def wrong_containers(tags: ArrayColumn[list[str], str], kinds: SetColumn[set[Category], Category]) -> None:
    print(tags.contains(3))  # type: ignore[arg-type]  # pyright: ignore[reportArgumentType]
    print(tags.contains_all([3]))  # type: ignore[list-item]  # pyright: ignore[reportArgumentType]
    print(kinds.contains("book"))  # type: ignore[arg-type]  # pyright: ignore[reportArgumentType]
    print(kinds.contains({Category.BOOK}))  # type: ignore[arg-type]  # pyright: ignore[reportArgumentType]
    print(kinds.contains_all(["book"]))  # type: ignore[list-item]  # pyright: ignore[reportArgumentType]
    print(kinds.overlaps(Category.BOOK))  # type: ignore[arg-type]  # pyright: ignore[reportArgumentType]
    print(kinds.item(0))  # type: ignore[attr-defined]  # pyright: ignore[reportUnknownMemberType, reportUnknownArgumentType, reportAttributeAccessIssue]
    print(kinds < {Category.BOOK})  # type: ignore[operator]  # pyright: ignore[reportOperatorIssue, reportUnknownArgumentType]
    Item.query().where(kinds == {"book"})  # type: ignore[arg-type]  # pyright: ignore[reportArgumentType]


def wrong_functions() -> None:
    print(f.coalesce(User.nickname, 3))  # type: ignore[misc]  # pyright: ignore[reportCallIssue, reportUnknownArgumentType, reportArgumentType]
    print(f.coalesce(User.nickname, User.age))  # type: ignore[arg-type]  # pyright: ignore[reportCallIssue, reportUnknownArgumentType, reportArgumentType]
    print(f.nullif(User.name, 3))  # type: ignore[misc]  # pyright: ignore[reportArgumentType]
    print(f.nullif(Item.category, "book"))  # type: ignore[misc]  # pyright: ignore[reportArgumentType]
    print(f.greatest(Post.views, "1"))  # type: ignore[misc]  # pyright: ignore[reportCallIssue, reportUnknownArgumentType, reportArgumentType]
    print(f.case((True, 1)))  # type: ignore[arg-type]  # pyright: ignore[reportCallIssue, reportUnknownArgumentType, reportArgumentType]
    print(f.cast(Post.views, bytes))  # type: ignore[arg-type]  # pyright: ignore[reportCallIssue, reportUnknownArgumentType, reportArgumentType]
    print(f.literal(None))  # type: ignore[call-overload]  # pyright: ignore[reportCallIssue, reportUnknownArgumentType, reportArgumentType]
    User.query().where(f.tuple_(User.id, User.name) == (1, 2))  # type: ignore[arg-type]  # pyright: ignore[reportArgumentType]
    print(f.tuple_(User.id, User.name).in_([("a", "b")]))  # type: ignore[list-item]  # pyright: ignore[reportArgumentType]
    print(User.name > f.any_(Post.query().select(Post.views)))  # type: ignore[arg-type]  # pyright: ignore[reportOperatorIssue, reportUnknownArgumentType]
    print(f.match(Post.views, against="x"))  # type: ignore[arg-type]  # pyright: ignore[reportArgumentType]
    print(f.match(Post.title))  # type: ignore[call-arg]  # pyright: ignore[reportCallIssue, reportUnknownArgumentType]
