"""Reading much of tuples: what `select` gives, in chunks and in pages."""

import uuid
from decimal import Decimal
from typing import Any

import pytest

from generated import Item, Post, Role, User, db
from isomorph import Collection, CursorPage, Page, SimplePage
from isomorph.errors import InvalidCursor, InvalidQuery, InvalidValue
from tests.support.limits import limit
from tests.support.showcase import Sent, make_post, make_user


@pytest.fixture(autouse=True)
def key(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(db, "_cursor_key", "a key for tests, long enough")


@pytest.fixture
def roles(showcase: str) -> list[Role]:
    return list(Role.insert_many({"name": f"r{number}", "level": number % 3 + 1} for number in range(7)))


def rows_of_all_pages(query: Any, per_page: int) -> list[Any]:
    rows: list[Any] = []
    cursor: str | None = None
    while True:
        page = query.cursor_paginate(per_page, cursor)
        rows += page.items
        cursor = page.next_cursor
        if cursor is None:
            return rows


# --- chunks --------------------------------------------------------------------------------------------------------------


@pytest.mark.feature("queries.chunk", "reading.chunk_by_id", "reading.lazy")
def test_tuples_come_in_chunks_by_a_key_that_is_not_among_them(roles: list[Role], sent: Sent, dialect: str) -> None:
    query = Role.query().select(Role.name, Role.level)

    assert list(query.chunk(4)) == [
        Collection([("r0", 1), ("r1", 2), ("r2", 3), ("r3", 1)]),
        Collection([("r4", 2), ("r5", 3), ("r6", 1)]),
    ]
    assert sent.last == (f'SELECT "name", "level", "id" FROM "roles" WHERE "id" > ? ORDER BY "id" {limit(dialect, 4)}')
    assert [len(chunk) for chunk in query.chunk_by_id(3, Role.level, descending=True)] == [3, 3, 1]
    assert next(iter(query.chunk_by_id(2, Role.name, descending=True))) == Collection([("r6", 1), ("r5", 3)])
    assert query.lazy(2).map(lambda row: row[0]).take(3).to_list() == ["r0", "r1", "r2"]


@pytest.mark.feature("queries.chunk")
def test_chunks_of_tuples_that_cannot_be_are_refused(showcase: str) -> None:
    query = Role.query().select(Role.level)
    with pytest.raises(InvalidValue, match="chunk: expected an int of 1 or more"):
        query.chunk(0)
    with pytest.raises(InvalidQuery, match=r"chunk\(\) over merged rows, which have no key of their own"):
        query.distinct().chunk(3)
    with pytest.raises(InvalidQuery, match=r"lazy\(\) over merged rows"):
        Role.query().group_by(Role.level).select(Role.level).lazy()


# --- pages ---------------------------------------------------------------------------------------------------------------


@pytest.mark.feature("queries.paginate", "reading.simple_paginate")
def test_tuples_come_in_pages(roles: list[Role]) -> None:
    query = Role.query().order_by(Role.name).select(Role.name)

    assert query.paginate(2, 3) == Page(Collection([("r3",), ("r4",), ("r5",)]), 7, 3, 2)
    assert query.simple_paginate(3, 3) == SimplePage(Collection([("r6",)]), 3, 3, False)
    levels = Role.query().order_by(Role.level).select(Role.level).distinct().paginate(1, 2)
    assert levels == Page(Collection([(1,), (2,)]), 3, 2, 1)


@pytest.mark.feature("reading.cursor_paginate")
def test_pages_of_tuples_follow_one_another_both_ways(roles: list[Role], sent: Sent, dialect: str) -> None:
    query = Role.query().order_by(Role.level.desc()).select(Role.name)
    first = query.cursor_paginate(3)
    assert sent.last == (f'SELECT "name", "level", "id" FROM "roles" ORDER BY "level" DESC, "id" {limit(dialect, 4)}')
    second = query.cursor_paginate(3, first.next_cursor)

    assert [row[0] for row in first.items] == ["r2", "r5", "r1"]
    assert [row[0] for row in second.items] == ["r4", "r0", "r3"]
    assert query.cursor_paginate(3, second.previous_cursor).items == first.items
    assert isinstance(first, CursorPage)


@pytest.mark.feature("reading.cursor_paginate")
def test_tuples_are_ordered_by_anything_typed(showcase: str) -> None:
    ada, bob = make_user("Ada", age=3), make_user("Bob")
    for number, author in enumerate((bob, ada, bob, ada, ada)):
        make_post(author, str(number), views=number * 10 % 30)
    posts = Post.query().left_join(Post.author).select(Post.title)

    for order in (
        (User.name.desc(), Post.title.desc()),
        (User.age.asc().nulls_last(), Post.views),
        ((Post.views * -1).asc(), User.name),
        ((Post.views + Post.id).desc(),),
        (User.id.optional().desc(), Post.title),
    ):
        query = posts.order_by(*order)
        wanted = query.order_by(Post.id).get()
        for per_page in (1, 2, 4):
            assert rows_of_all_pages(query, per_page) == wanted


@pytest.mark.feature("reading.cursor_paginate", "types.decimal")
def test_calculated_decimals_have_their_place(showcase: str) -> None:
    for price in ("9.99", "10.00", "100.50", "10.00", "2.00"):
        Item.create(code=uuid.uuid4(), name=price, price=Decimal(price), stock=1)

    for order in ((Item.price * 2).desc(), (Item.price - Decimal("0.5")).asc(), (Item.price * Item.stock).asc()):
        query = Item.query().order_by(order).select(Item.name)
        assert rows_of_all_pages(query, 2) == query.order_by(Item.id).get()


@pytest.mark.feature("reading.cursor_paginate")
def test_models_among_the_columns_are_paged_too(showcase: str) -> None:
    ada = make_user("Ada")
    posts = [make_post(ada, str(number)) for number in range(4)]
    query = Post.query().join(Post.author).order_by(User.name, Post.title.desc()).select(Post, User.name)

    assert rows_of_all_pages(query, 3) == [(post, "Ada") for post in reversed(posts)]


@pytest.mark.feature("reading.cursor_paginate")
def test_rows_that_a_join_repeats_are_told_apart(showcase: str) -> None:
    ada, bob = make_user("Ada"), make_user("Bob")
    for number, author in enumerate((bob, ada, bob, ada, ada)):
        make_post(author, str(number))
    joined = User.query().left_join(User.posts).order_by(User.name)
    titles = joined.select(User.name, Post.title.optional())
    make_user("Cleo")
    roles = Role.insert_many([{"name": "r0"}, {"name": "r1"}])
    for user in (ada, bob):
        for role in roles:
            db.execute("INSERT INTO role_user (user_id, role_id) VALUES (?, ?)", user.id, role.id)

    for per_page in (1, 2, 5):
        assert rows_of_all_pages(titles, per_page) == [
            ("Ada", "1"),
            ("Ada", "3"),
            ("Ada", "4"),
            ("Bob", "0"),
            ("Bob", "2"),
            ("Cleo", None),
        ]
        pairs = User.query().join(User.roles).select(User.name, Role.name).order_by(Role.name.desc())
        assert rows_of_all_pages(pairs, per_page) == [("Ada", "r1"), ("Bob", "r1"), ("Ada", "r0"), ("Bob", "r0")]
        assert [row for chunk in pairs.reorder().chunk(per_page) for row in chunk] == [
            ("Ada", "r0"),
            ("Ada", "r1"),
            ("Bob", "r0"),
            ("Bob", "r1"),
        ]


@pytest.mark.feature("reading.cursor_paginate")
def test_pages_of_tuples_that_cannot_be_are_refused(showcase: str) -> None:
    def refused(query: Any, match: str) -> None:
        with pytest.raises(InvalidQuery, match=match):
            query.cursor_paginate(3)

    names = Role.query().select(Role.name)
    refused(names.limit(3), r"cursor_paginate\(\) sets limit and offset itself")
    refused(
        names.distinct(), r"cursor_paginate\(\) over merged rows, which have no key of their own \(use paginate\(\)\)"
    )
    refused(names.union(names), "over merged rows")
    refused(names.cte("found").query().select(names.cte("found")[Role.name]), "over found, whose rows have no key")
    with pytest.raises(InvalidCursor):
        names.cursor_paginate(3, "x")
