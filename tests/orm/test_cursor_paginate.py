"""Pages by cursor: where a page begins is said by the place of a row, not by a number."""

import datetime as dt
import json
import os
import random
import subprocess
import sys
import uuid
from base64 import urlsafe_b64decode, urlsafe_b64encode
from collections.abc import Iterator
from decimal import Decimal
from typing import Any

import pytest

from generated import Category, Comment, Department, Item, OrderLine, Post, Role, User, db
from isomorph import Collection, CursorPage, limits
from isomorph import functions as f
from isomorph.connections.settings import Env
from isomorph.errors import InvalidCursor, InvalidQuery, InvalidValue, LimitExceeded, UnusableCursorKey
from isomorph.orm.aliases import ModelAlias
from isomorph.orm.database import PROTOCOL, Database
from isomorph.sql.sources import TableSource
from tests.support.limits import bound_limit, limit
from tests.support.showcase import Sent, make_post, make_user

KEY = "a key for tests, long enough"


@pytest.fixture(autouse=True)
def key(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(db, "_cursor_key", KEY)


@pytest.fixture
def roles(showcase: str) -> list[Role]:
    """r0 to r9, with levels from 1 to 3."""
    return list(Role.insert_many({"name": f"r{number}", "level": number % 3 + 1} for number in range(10)))


def names(page: CursorPage[Role]) -> str:
    return "".join(role.name[1:] for role in page.items)


def walked(query: Any, per_page: int) -> Iterator[CursorPage[Any]]:
    """All pages from the first to the last."""
    page = query.cursor_paginate(per_page)
    yield page
    while page.next_cursor is not None:
        page = query.cursor_paginate(per_page, page.next_cursor)
        yield page


# --- walking -------------------------------------------------------------------------------------------------------------


@pytest.mark.feature("reading.cursor_paginate")
def test_pages_follow_one_another_both_ways(roles: list[Role]) -> None:
    query = Role.query().order_by(Role.level.desc(), Role.name)
    first = query.cursor_paginate(4)
    second = query.cursor_paginate(4, first.next_cursor)
    third = query.cursor_paginate(4, second.next_cursor)

    assert [names(page) for page in (first, second, third)] == ["2581", "4703", "69"]
    assert (first.previous_cursor, third.next_cursor) == (None, None)
    assert (first.has_more, second.has_more, third.has_more) == (True, True, False)
    assert (first.per_page, type(first.items)) == (4, Collection)

    back = query.cursor_paginate(4, third.previous_cursor)
    assert names(back) == "4703"
    start = query.cursor_paginate(4, back.previous_cursor)
    assert (names(start), start.previous_cursor) == ("2581", None)
    assert names(query.cursor_paginate(4, start.next_cursor)) == "4703"
    assert names(query.cursor_paginate(4, back.next_cursor)) == "69"


@pytest.mark.feature("reading.cursor_paginate")
def test_one_statement_per_page_found_by_key(roles: list[Role], sent: Sent, dialect: str) -> None:
    first = Role.query().cursor_paginate(3)
    assert sent.last == f'SELECT "id", "name", "level" FROM "roles" ORDER BY "id" {limit(dialect, 4)}'
    Role.query().cursor_paginate(3, first.next_cursor)
    assert sent.last == f'SELECT "id", "name", "level" FROM "roles" WHERE "id" > ? ORDER BY "id" {limit(dialect, 4)}'
    query = Role.query().where(Role.level > 0).order_by(Role.level.desc())
    query.cursor_paginate(3, query.cursor_paginate(3).next_cursor)

    assert len(sent) == 4
    assert sent.last == (
        'SELECT "id", "name", "level" FROM "roles" WHERE "level" > ? AND "level" <= ?'
        f' AND ("level" < ? OR ("level" = ? AND "id" > ?)) ORDER BY "level" DESC, "id" {limit(dialect, 4)}'
    )
    assert sent.statements[-1][1] == (0, 3, 3, 3, roles[8].id, *bound_limit(dialect, 4))


@pytest.mark.feature("reading.cursor_paginate")
def test_pages_end_where_the_rows_do(roles: list[Role]) -> None:
    query = Role.query()

    assert [len(page.items) for page in walked(query, 5)] == [5, 5]
    assert [len(page.items) for page in walked(query, 10)] == [10]
    assert [len(page.items) for page in walked(query, 9)] == [9, 1]
    nothing = query.where(Role.level == 9).cursor_paginate()
    assert (len(nothing.items), nothing.next_cursor, nothing.previous_cursor) == (0, None, None)


@pytest.mark.feature("reading.cursor_paginate")
def test_the_primary_key_decides_between_equal_rows(roles: list[Role], sent: Sent, dialect: str) -> None:
    Role.query().order_by(Role.id.desc(), Role.level).cursor_paginate(3)
    assert sent.last.endswith(f'ORDER BY "id" DESC, "level" {limit(dialect, 4)}')
    Role.query().order_by(Role.level.desc()).cursor_paginate(3)
    assert sent.last.endswith(f'ORDER BY "level" DESC, "id" {limit(dialect, 4)}')
    OrderLine.query().order_by(OrderLine.item_id).cursor_paginate(3)
    assert sent.last.endswith(f'ORDER BY "item_id", "order_id" {limit(dialect, 4)}')


@pytest.mark.feature("reading.cursor_paginate")
def test_rows_without_a_value_have_their_place(showcase: str) -> None:
    ages = [None, 7, None, 3, 7, None, 1]
    people = [make_user(f"u{number}", age=age) for number, age in enumerate(ages)]
    orders = {
        User.age.asc(): "0256314",
        User.age.desc(): "1436025",
        User.age.asc().nulls_last(): "6314025",
        User.age.desc().nulls_first(): "0251436",
    }
    for order, wanted in orders.items():
        query = User.query().order_by(order)
        for per_page in (1, 2, 3, 7):
            found = [item for page in walked(query, per_page) for item in page.items]
            assert "".join(str(people.index(item)) for item in found) == wanted


@pytest.mark.feature("reading.cursor_paginate")
def test_pages_include_relations(showcase: str) -> None:
    ada, bob = make_user("Ada"), make_user("Bob")
    posts = [make_post(author, str(number)) for number, author in enumerate((ada, bob, ada, ada, bob))]
    query = Post.query().include(Post.author).order_by(Post.author_id.desc())

    found = [post for page in walked(query, 2) for post in page.items]

    assert [post.title for post in found] == ["1", "4", "0", "2", "3"]
    assert {post.author.name for post in found} == {"Ada", "Bob"}
    assert len(posts) == len(found)


@pytest.mark.feature("reading.cursor_paginate")
def test_a_page_is_mapped_with_its_cursors(roles: list[Role]) -> None:
    page = Role.query().cursor_paginate(3)
    mapped = page.map(lambda role: role.name)

    assert mapped == CursorPage(Collection(["r0", "r1", "r2"]), 3, page.next_cursor, None)


# --- rows that change ----------------------------------------------------------------------------------------------------


@pytest.mark.feature("reading.cursor_stable")
def test_rows_that_come_and_go_move_no_others(roles: list[Role]) -> None:
    query = Role.query().order_by(Role.level, Role.name)
    first = query.cursor_paginate(4)
    assert names(first) == "0369"
    Role.create(name="r00", level=1)
    roles[3].delete()
    roles[9].delete()  # the row that the cursor was made of

    second = query.cursor_paginate(4, first.next_cursor)
    assert names(second) == "1472"
    assert names(query.cursor_paginate(9, second.previous_cursor)) == "0006"


@pytest.mark.feature("reading.cursor_stable")
def test_where_nothing_is_left_one_finds_the_way_back(roles: list[Role]) -> None:
    query = Role.query().order_by(Role.name)
    first = query.cursor_paginate(5)
    second = query.cursor_paginate(5, first.next_cursor)
    for role in roles[5:]:
        role.delete()

    empty = query.cursor_paginate(5, first.next_cursor)
    assert (names(empty), empty.next_cursor) == ("", None)
    back = query.cursor_paginate(5, empty.previous_cursor)
    assert (names(back), back.previous_cursor) == ("01234", None)
    for role in roles[:5]:
        role.delete()
    Role.create(name="r7")
    empty = query.cursor_paginate(5, second.previous_cursor)
    assert (names(empty), empty.previous_cursor) == ("", None)
    assert names(query.cursor_paginate(5, empty.next_cursor)) == "7"


# --- what has no place ---------------------------------------------------------------------------------------------------


@pytest.mark.feature("reading.cursor_paginate")
def test_a_query_without_places_is_refused(showcase: str) -> None:
    def refused(query: Any, match: str) -> None:
        with pytest.raises(InvalidQuery, match=match):
            query.cursor_paginate(3)

    refused(Role.query().limit(3), r"cursor_paginate\(\) sets limit and offset itself \(drop them\)")
    refused(Role.query().offset(3), r"cursor_paginate\(\) sets limit and offset itself")
    refused(Role.query().distinct(), r"cursor_paginate\(\) over merged rows, which have no key of their own")
    refused(Role.query().union(Role.query()), r"over merged rows, which have no key of their own \(use paginate\(\)\)")
    refused(Role.query().order_by(Role.level + 1), r"which objects of Role do not hold \(select\(Role, \.\.\.\) reads")
    refused(
        Post.query().join(Post.author).order_by(User.name),
        r"cursor_paginate\(\) in the order of User.name, which objects of Post do not hold",
    )
    refused(User.query().order_by(f.col("age")), "in the order of age, whose values have no place in an order")
    refused(User.query().join(User.posts), r"over a join with posts, which may repeat rows \(include\(\) instead")
    refused(User.query().join(User.roles), "over a join with role_user, which may repeat rows")
    refused(Role.query().cte("found").query(), "cursor_paginate\\(\\) over found, whose rows have no key")


@pytest.mark.feature("reading.cursor_paginate")
def test_joins_that_repeat_no_rows_are_fine(showcase: str) -> None:
    boss: Any = ModelAlias(User.query()._definition, TableSource("users", "boss"), User.query)
    ada = make_user("Ada")
    for number in range(5):
        make_post(ada, str(number))
    bob = make_user("Bob", manager=ada)

    posts = Post.query().join(Post.author).where(User.name == "Ada").order_by(Post.title.desc())
    assert [post.title for page in walked(posts, 2) for post in page.items] == list("43210")
    managed = User.query().join(User.manager, boss).where(boss.name == "Ada")
    assert managed.cursor_paginate(2).items == Collection([bob])
    assert [user.name for page in walked(boss.query().order_by(boss.name), 1) for user in page.items] == ["Ada", "Bob"]


@pytest.mark.feature("reading.cursor_paginate")
def test_a_page_that_cannot_be_is_refused(roles: list[Role]) -> None:
    wrong: Any
    for wrong in (0, -1, "3", None, True):
        with pytest.raises(InvalidValue, match="per_page: expected an int of 1 or more"):
            Role.query().cursor_paginate(wrong)
    with pytest.raises(
        LimitExceeded, match=r"per_page: expected at most 1000 rows on a page, got more \(limits.per_page\)"
    ):
        Role.query().cursor_paginate(1001)
    with limits.override(limits.Limits(per_page=2)), pytest.raises(LimitExceeded, match="at most 2 rows on a page"):
        Role.query().cursor_paginate(3)


@pytest.mark.feature("reading.cursor_paginate")
def test_values_too_long_for_a_cursor_are_refused(showcase: str) -> None:
    ada = make_user()
    for letter in "abc":
        make_post(ada, body=letter * 3500)

    with pytest.raises(InvalidQuery) as refused:
        Post.query().order_by(Post.body).cursor_paginate(1)
    if showcase == "mysql":  # where a longer value would be sorted by its beginning only
        assert (
            "cursor_paginate(): mysql orders by the first 1000 bytes of Post.body only, and met a longer value"
            in str(refused.value)
        )
    else:
        assert "make a cursor of more than 4096 characters (order by columns of shorter values)" in str(refused.value)
    assert "aaa" not in str(refused.value)
    assert len(Post.query().order_by(Post.body).cursor_paginate(3).items) == 3  # no cursor, no value in one


# --- signed --------------------------------------------------------------------------------------------------------------


@pytest.mark.feature("reading.cursor_signed")
def test_a_cursor_of_another_order_or_query_is_refused(roles: list[Role]) -> None:
    cursor = Role.query().order_by(Role.level, Role.name).cursor_paginate(3).next_cursor
    for query in (
        Role.query().order_by(Role.level.desc(), Role.name),
        Role.query().order_by(Role.name, Role.level),
        Role.query().order_by(Role.level),
        Role.query(),
        Department.query().order_by(Department.id, Department.name),
    ):
        with pytest.raises(InvalidCursor, match="got one of another query or order"):
            query.cursor_paginate(3, cursor)
    assert names(Role.query().where(Role.level > 1).order_by(Role.level, Role.name).cursor_paginate(2, cursor)) == "14"
    assert names(Role.query().order_by(Role.level.asc().nulls_last(), Role.name).cursor_paginate(2, cursor)) == "91"
    for name in "abc":
        make_user(name)
    cursor = User.query().order_by(User.age).cursor_paginate(1).next_cursor
    with pytest.raises(InvalidCursor, match="got one of another query or order"):
        User.query().order_by(User.age.asc().nulls_last()).cursor_paginate(1, cursor)


@pytest.mark.feature("reading.cursor_signed")
def test_a_cursor_signed_with_another_key_is_refused(roles: list[Role]) -> None:
    cursor = Role.query().cursor_paginate(3).next_cursor
    db.cursor_key = "another key of the application"

    with pytest.raises(InvalidCursor, match="got one that was changed, cut off, or signed with another key"):
        Role.query().cursor_paginate(3, cursor)


@pytest.mark.feature("reading.cursor_signed")
def test_what_is_no_cursor_at_all_is_refused_without_being_repeated(roles: list[Role], sent: Sent) -> None:
    wrong: Any
    for wrong in ("", "x", "=", "%", "é", "\0", "secret" * 3, "A" * 4096, 3, b"abc", ["a"], 1.5):
        with pytest.raises(InvalidCursor) as refused:
            Role.query().cursor_paginate(3, wrong)
        assert str(refused.value).startswith("cursor: expected one that a page of this query gave, got ")
        assert "secret" not in str(refused.value)
        assert refused.value.__context__ is None
    with pytest.raises(InvalidCursor, match="got one of more than 4096 characters"):
        Role.query().cursor_paginate(3, "A" * 4097)
    assert len(sent) == 0


@pytest.mark.feature("reading.cursor_signed")
def test_a_changed_cursor_is_never_anything_but_invalid(roles: list[Role], sent: Sent) -> None:
    """10,000 of them: characters changed, removed, added, swapped; bytes changed; parts of others put in."""
    query = Role.query().order_by(Role.name.desc(), Role.level)
    pages = list(walked(query, 3))
    valid = {cursor for page in pages for cursor in (page.next_cursor, page.previous_cursor) if cursor is not None}
    chance = random.Random(20261121)
    sent.clear()
    refused = 0
    while refused < 10_000:
        made = mutated(chance, sorted(valid))
        if made in valid:
            continue
        with pytest.raises(InvalidCursor):
            query.cursor_paginate(3, made)
        refused += 1
    assert len(sent) == 0


def mutated(chance: random.Random, cursors: list[str]) -> str:
    cursor, other = chance.choice(cursors), chance.choice(cursors)
    at, to = sorted(chance.choices(range(len(cursor) + 1), k=2))
    raw = bytearray(urlsafe_b64decode(cursor + "=" * (-len(cursor) % 4)))
    match chance.randrange(9):
        case 0:
            return cursor[:at] + chance.choice("ABCabc019-_=.+/ \n\0é") + cursor[at + 1 :]
        case 1:
            return cursor[:at] + cursor[to:]
        case 2:
            return cursor[:at] + other[at:to] + cursor[to:]
        case 3:
            return cursor[:at] + chance.choice("Aa_= \n") * chance.randrange(1, 5) + cursor[at:]
        case 4:
            raw[chance.randrange(len(raw))] ^= 1 << chance.randrange(8)
            return urlsafe_b64encode(raw).rstrip(b"=").decode()
        case 5:
            return cursor[:16] + other[16:]
        case 6:
            return (
                urlsafe_b64encode(raw[:16] + json.dumps(["AAAAAAAA", "n", "sx", 1, 1]).encode()).rstrip(b"=").decode()
            )
        case 7:
            return cursor + "=" * chance.randrange(1, 4)
        case _:
            return urlsafe_b64encode(chance.randbytes(chance.randrange(200))).decode()


@pytest.mark.feature("reading.cursor_signed")
def test_a_cursor_whose_values_are_none_of_the_columns_is_refused(roles: list[Role]) -> None:
    """As after a change of the schema: the signature fits, the values do not."""
    from isomorph.orm.cursors import Cursor, Cursors
    from isomorph.orm.keyset import keys_of

    query = Role.query().order_by(Role.level)
    keys = keys_of(query._definition, query._statement, query._statement.orders, "test")
    cursors = Cursors(KEY, "roles", keys, db.connection().dialect)

    for place in (
        ("x", 1),
        (1.5, 1),
        (Decimal(1), 1),
        (uuid.uuid4(), 1),
        (dt.date(2024, 1, 1), 1),
        (b"x", 1),
        (True, 1),
    ):
        with pytest.raises(InvalidCursor, match="one of another query or order"):
            query.cursor_paginate(3, cursors.written(Cursor(place, backwards=False)))
    assert names(query.cursor_paginate(3, cursors.written(Cursor((1, 0), backwards=False)))) == "036"


@pytest.mark.feature("reading.cursor_signed")
def test_values_travel_as_bound_parameters_only(showcase: str, sent: Sent) -> None:
    for name in ("a'; DROP TABLE users; --", "b", "c"):
        Role.create(name=name)
    query = Role.query().order_by(Role.name)
    first = query.cursor_paginate(1)
    assert [role.name for role in query.cursor_paginate(1, first.next_cursor).items] == ["b"]

    text, parameters = sent.statements[-1]
    assert "DROP" not in text
    assert "a'; DROP TABLE users; --" in parameters


# --- the key -------------------------------------------------------------------------------------------------------------


def database(cursor_key: Any = None) -> Database:
    from pathlib import Path

    return Database(
        protocol=PROTOCOL, package="none", root=Path(__file__).parent, connections={}, models={}, cursor_key=cursor_key
    )


@pytest.mark.feature("reading.cursor_signed")
def test_without_a_key_the_error_names_both_ways_to_give_one(
    roles: list[Role], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(db, "_cursor_key", None)
    with pytest.raises(UnusableCursorKey) as refused:
        Role.query().cursor_paginate(3)

    assert str(refused.value) == (
        'cannot sign cursors: there is no key (say cursor_key = { env = "CURSOR_KEY" } under [project] in the schema, '
        "or set db.cursor_key)"
    )
    db.cursor_key = KEY
    assert Role.query().cursor_paginate(3).has_more


@pytest.mark.feature("reading.cursor_key")
def test_the_key_comes_from_the_environment_or_from_code(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("ISOMORPH_TEST_KEY", raising=False)
    with pytest.raises(UnusableCursorKey, match="the environment variable ISOMORPH_TEST_KEY is not set"):
        _ = database(Env("ISOMORPH_TEST_KEY")).cursor_key
    assert database(Env("ISOMORPH_TEST_KEY", KEY)).cursor_key == KEY
    monkeypatch.setenv("ISOMORPH_TEST_KEY", "k" * 16)
    assert database(Env("ISOMORPH_TEST_KEY", KEY)).cursor_key == "k" * 16
    assert database(KEY).cursor_key == KEY
    made = database(KEY)
    made.cursor_key = "k" * 16
    assert made.cursor_key == "k" * 16


@pytest.mark.feature("reading.cursor_key")
def test_a_key_that_could_be_guessed_is_refused_and_not_repeated(monkeypatch: pytest.MonkeyPatch) -> None:
    wrong: Any
    for wrong in ("", "secret", "secret-secret-1"):
        with pytest.raises(UnusableCursorKey, match="the key has fewer than 16 characters") as refused:
            database().cursor_key = wrong
        assert "secret" not in str(refused.value)
    for wrong in (None, b"0123456789abcdef", 3):
        with pytest.raises(UnusableCursorKey):
            database().cursor_key = wrong


@pytest.mark.feature("reading.cursor_key")
def test_another_process_with_the_same_key_reads_the_same_cursors() -> None:
    """The fingerprint of an order has nothing of this process in it."""
    program = (
        "from generated import Role, db; from isomorph.orm.cursors import *; from isomorph.orm.keyset import keys_of\n"
        "query = Role.query().order_by(Role.level.desc())\n"
        "keys = keys_of(query._definition, query._statement, query._statement.orders, '')\n"
        "dialect = db.connection().dialect\n"
        "print(Cursors('k' * 16, 'roles', keys, dialect).written(Cursor((3, 7), backwards=True)))"
    )
    seen = {
        subprocess.run(
            [sys.executable, "-c", program],
            env={**os.environ, "PYTHONHASHSEED": seed, "DATABASE_URL": "sqlite://"},
            capture_output=True,
            text=True,
            check=True,
        ).stdout
        for seed in ("1", "2")
    }
    assert len(seen) == 1


@pytest.mark.feature("reading.cursor_paginate")
def test_members_of_an_enum_have_the_place_that_the_database_gives_them(showcase: str) -> None:
    wanted = [Category.BOOK, Category.OTHER, Category.ELECTRONICS, Category.BOOK, Category.CLOTHING]
    for category in wanted:
        Item.create(code=uuid.uuid4(), name="Lamp", price=Decimal(1), category=category)
    for query in (Item.query().order_by(Item.category), Item.query().order_by(Item.category.desc())):
        for per_page in (1, 2):
            found = [item.category for page in walked(query, per_page) for item in page.items]
            assert found == query.pluck(Item.category)


@pytest.mark.feature("reading.cursor_paginate")
def test_columns_of_a_morph_have_a_place_too(showcase: str) -> None:
    post = make_post(make_user())
    for number in range(3):
        Comment.create(body=str(number), commentable=post)

    assert [
        comment.body for page in walked(Comment.query().order_by(Comment.created_at), 2) for comment in page.items
    ] == [
        "0",
        "1",
        "2",
    ]
