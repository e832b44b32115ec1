"""Collections and pages: what type checkers refuse."""

from generated import Item, Post, User
from isomorph import Collection, CursorPage


def wrong_keys(users: Collection[User], items: Collection[Item]) -> None:
    users.pluck("name")  # type: ignore[arg-type]  # pyright: ignore[reportArgumentType]
    users.pluck(lambda user: user.nmae)  # type: ignore[attr-defined]  # pyright: ignore[reportAttributeAccessIssue, reportUnknownMemberType, reportUnknownLambdaType]
    users.pluck(User.age > 3)  # type: ignore[arg-type]  # pyright: ignore[reportArgumentType]
    users.filter(User.name)  # type: ignore[arg-type]  # pyright: ignore[reportArgumentType]
    users.filter(True)  # type: ignore[arg-type]  # pyright: ignore[reportArgumentType]
    users.sort_by("name")  # type: ignore[arg-type]  # pyright: ignore[reportArgumentType]
    users.sort_by(lambda user: user.settings)  # type: ignore[arg-type, return-value]  # pyright: ignore[reportArgumentType]
    users.sum(User.name)  # type: ignore[call-overload]  # pyright: ignore[reportCallIssue, reportArgumentType]
    users.sum()  # type: ignore[call-overload]  # pyright: ignore[reportCallIssue]
    users.map(lambda user: user.age).sum()  # type: ignore[call-overload]  # pyright: ignore[reportCallIssue]
    users.avg(lambda user: user.name)  # type: ignore[type-var]  # pyright: ignore[reportArgumentType]
    items.max(Item.category)  # type: ignore[call-overload]  # pyright: ignore[reportArgumentType]
    items.group_by(3)  # type: ignore[arg-type]  # pyright: ignore[reportArgumentType]


def wrong_items(numbers: Collection[int], users: Collection[User]) -> None:
    numbers.to_dicts()  # type: ignore[misc]  # pyright: ignore[reportAttributeAccessIssue, reportUnknownMemberType]
    numbers[0] = 3  # type: ignore[index]  # pyright: ignore[reportIndexIssue]
    numbers.append(3)  # type: ignore[attr-defined]  # pyright: ignore[reportAttributeAccessIssue, reportUnknownMemberType]
    print(users.first().name)  # type: ignore[union-attr]  # pyright: ignore[reportOptionalMemberAccess]
    print(users.first_or_fail().posts)  # type: ignore[type-var]  # pyright: ignore[reportAttributeAccessIssue, reportUnknownMemberType, reportUnknownArgumentType]
    print(users.lazy()[0])  # type: ignore[index]  # pyright: ignore[reportIndexIssue, reportUnknownArgumentType]
    print(len(users.lazy()))  # type: ignore[arg-type]  # pyright: ignore[reportArgumentType]
    posts: Collection[Post] = users  # type: ignore[assignment]  # pyright: ignore[reportAssignmentType]
    print(posts)


def wrong_pages(page: CursorPage[User]) -> None:
    User.query().chunk_by_id(3, "name")  # type: ignore[arg-type]  # pyright: ignore[reportArgumentType]
    User.query().simple_paginate("1")  # type: ignore[arg-type]  # pyright: ignore[reportArgumentType]
    User.query().cursor_paginate(cursor=3)  # type: ignore[arg-type]  # pyright: ignore[reportArgumentType]
    User.query().cursor_paginate(3, page)  # type: ignore[arg-type]  # pyright: ignore[reportArgumentType]
    print(page.total)  # type: ignore[attr-defined]  # pyright: ignore[reportAttributeAccessIssue, reportUnknownMemberType, reportUnknownArgumentType]
    page.per_page = 3  # type: ignore[misc]  # pyright: ignore[reportAttributeAccessIssue]
