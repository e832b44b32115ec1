"""Collections and pages: what type checkers accept, and the exact type of each public call. Checked, never run."""

import datetime as dt
import random
from collections.abc import Iterator
from decimal import Decimal
from typing import Literal, assert_type

from generated import Item, Order, OrderLine, Post, User, db
from isomorph import Collection, CursorPage, LazyCollection, Page, SimplePage
from isomorph.errors import InvalidCursor, InvalidValue, UnusableCursorKey


def making() -> None:
    assert_type(Collection.make({1, 2}), Collection[int])
    assert_type(Collection.make(str(number) for number in range(3)), Collection[str])
    assert_type(Collection.range(3), Collection[int])
    assert_type(Collection.range(1, 3, 2), Collection[int])
    assert_type(Collection.times(3, lambda number: f"{number}"), Collection[str])
    assert_type(Collection[int](), Collection[int])
    assert_type(Collection([1]) + {"a"}, Collection[int | str])


def one_item(users: Collection[User]) -> None:
    assert_type(users.first(), User | None)
    assert_type(users.first(lambda user: user.active), User | None)
    assert_type(users.last(lambda user: user.age), User | None)
    assert_type(users.first_or_fail(), User)
    assert_type(users.sole(lambda user: user.name == "Ada"), User)
    assert_type(users.find(1), User | None)
    assert_type(users.find(1, 2), User | None)
    assert_type(users.find(lambda user: user.active), User | None)
    assert_type(users.contains(users[0]), bool)
    assert_type(users.contains(lambda user: user.active), bool)
    assert_type(users.every(lambda user: user.active), bool)
    assert_type(users.is_empty() or users.is_not_empty(), bool)


def other_items(users: Collection[User], items: Collection[Item], mixed: Collection[Post | User | None]) -> None:
    assert_type(users.map(lambda user: user.name), Collection[str])
    assert_type(users.flat_map(lambda user: [user.id]), Collection[int])
    assert_type(users.zip(items), Collection[tuple[User, Item]])
    assert_type(users.pluck(User.name), list[str])
    assert_type(users.pluck(User.age), list[int | None])
    assert_type(users.pluck(lambda user: (user.id, user.name)), list[tuple[int, str]])
    assert_type(users.filter(User.active).reject(lambda user: user.age), Collection[User])
    assert_type(users.partition(User.active), tuple[Collection[User], Collection[User]])
    assert_type(users.map(lambda user: user.age).without_none(), Collection[int])
    assert_type(mixed.of_type(int), Collection[int])
    assert_type(users.unique().unique(User.name).unique(lambda user: user.age), Collection[User])
    assert_type(
        users.take(1).skip(1).take_while(lambda user: user.id).skip_while(lambda user: user.id), Collection[User]
    )
    assert_type(users.diff(users).intersect(users, User.id).diff(items, lambda item: item.id), Collection[User])
    assert_type(users.sort_by(User.age.desc().nulls_last(), lambda user: user.name, User.active), Collection[User])
    assert_type(users.sort_by(lambda user: user.age, descending=True).shuffle(random.Random(1)), Collection[User])
    assert_type(users.random(), User | None)
    assert_type(users.random(3), Collection[User])
    assert_type(users.chunk(3), Collection[Collection[User]])
    assert_type(users.sliding(2, step=2)[0], Collection[User])


def by_key(users: Collection[User], items: Collection[Item]) -> None:
    assert_type(users.key_by(User.id), dict[int, User])
    assert_type(users.key_by(lambda user: user.name), dict[str, User])
    assert_type(users.group_by(User.age), dict[int | None, Collection[User]])
    assert_type(users.group_by(lambda user: user.active), dict[bool, Collection[User]])
    assert_type(users.count_by(User.active), dict[bool, int])
    assert_type(items.to_dicts(), list[dict[str, object]])
    assert_type(users.to_list(), list[User])
    assert_type(users.join(by=User.name, last=" and "), str)
    assert_type(users.reduce(lambda total, user: total + user.id, 0), int)


def numbers(users: Collection[User], items: Collection[Item], counts: Collection[int]) -> None:
    assert_type(users.sum(User.age), int)
    assert_type(users.sum(lambda user: user.age), int)
    assert_type(users.sum(lambda user: user.active), int)
    assert_type(items.sum(Item.price), Decimal)
    assert_type(items.sum(Item.weight_kg), float)
    assert_type(items.sum(lambda item: item.price * item.stock), Decimal | Literal[0])
    assert_type(counts.sum(), int)
    assert_type(counts.map(lambda count: dt.timedelta(hours=count)).sum(), dt.timedelta | Literal[0])
    assert_type(users.avg(User.age), float | None)
    assert_type(items.avg(Item.price), Decimal | None)
    assert_type(items.avg(lambda item: item.price), Decimal | None)
    assert_type(counts.avg(), float | None)
    assert_type(users.min(User.age), int | None)
    assert_type(users.max(User.joined), dt.datetime | None)
    assert_type(users.max(lambda user: (user.age is None, user.name)), tuple[bool, str] | None)
    assert_type(counts.min(), int | None)
    assert_type(users.min_by(User.age), User | None)
    assert_type(users.max_by(lambda user: user.name), User | None)


def the_whole(users: Collection[User]) -> None:
    assert_type(users.each(print).tap(print), Collection[User])
    assert_type(users.pipe(len), int)
    assert_type(users.when(users, lambda found: found.take(1)), Collection[User])
    assert_type(users.when(True, len, lambda found: found.pluck(User.name)), int | list[str])
    assert_type(users.unless(True, lambda found: found.take(1)), Collection[User])
    assert_type(users.when_empty(lambda _: None), Collection[User] | None)
    assert_type(users.when_not_empty(len, lambda _: None), int | None)


def lazily(users: Collection[User]) -> None:
    found = users.lazy()
    assert_type(found, LazyCollection[User])
    assert_type(found.map(lambda user: user.name).filter(str.isalpha).take(3), LazyCollection[str])
    assert_type(found.flat_map(lambda user: user.name).unique().skip(1), LazyCollection[str])
    assert_type(found.filter(User.active).reject(User.active).tap_each(print), LazyCollection[User])
    assert_type(found.map(lambda user: user.age).without_none().sum(), int)
    assert_type(found.of_type(int), LazyCollection[int])
    assert_type(found.take_while(User.__instancecheck__).skip_while(bool), LazyCollection[User])
    assert_type(found.chunk(10), LazyCollection[Collection[User]])
    assert_type(found.zip([1]), LazyCollection[tuple[User, int]])
    assert_type(found.collect(), Collection[User])
    assert_type(found.first(), User | None)
    assert_type(found.group_by(User.age), dict[int | None, Collection[User]])
    assert_type(LazyCollection(lambda: iter([1])), LazyCollection[int])
    assert_type(LazyCollection([1]), LazyCollection[int])
    found.each(print)
    for user in found:
        assert_type(user, User)


def included() -> None:
    for user in User.query().include(User.posts).get().sort_by(User.name).filter(User.active):
        assert_type(user.posts.pluck(Post.title), list[str])
        assert_type(user.posts.first(), Post | None)
    for user in User.query().include(User.posts).lazy().take(3):
        assert_type(user.posts, Collection[Post])
    for user in User.query().include(User.posts).cursor_paginate().items:
        assert_type(user.posts, Collection[Post])


def reading_objects() -> None:
    query = Post.query().order_by(Post.views.desc())
    assert_type(query.chunk(3), Iterator[Collection[Post]])
    assert_type(query.chunk_by_id(3), Iterator[Collection[Post]])
    assert_type(query.chunk_by_id(3, Post.views, descending=True), Iterator[Collection[Post]])
    assert_type(query.lazy(), LazyCollection[Post])
    assert_type(query.paginate(1, 10), Page[Post])
    assert_type(query.paginate().map(lambda post: post.title), Page[str])
    simple = query.simple_paginate(1, 10)
    assert_type(simple, SimplePage[Post])
    assert_type((simple.page, simple.per_page, simple.has_more), tuple[int, int, bool])
    assert_type((simple.first_item, simple.last_item), tuple[int | None, int | None])
    assert_type(simple.map(lambda post: post.id), SimplePage[int])
    page = query.cursor_paginate(10, cursor=None)
    assert_type(page, CursorPage[Post])
    assert_type(page.items, Collection[Post])
    assert_type((page.next_cursor, page.previous_cursor), tuple[str | None, str | None])
    assert_type((page.per_page, page.has_more), tuple[int, bool])
    assert_type(page.map(lambda post: post.id), CursorPage[int])
    wider: CursorPage[Post | User] = page
    assert_type(wider.per_page, int)


def reading_tuples() -> None:
    pairs = Post.query().join(Post.author).select(Post.title, User.age)
    assert_type(pairs.chunk(3), Iterator[Collection[tuple[str, int | None]]])
    assert_type(pairs.chunk_by_id(3, Post.views), Iterator[Collection[tuple[str, int | None]]])
    assert_type(pairs.lazy().first(), tuple[str, int | None] | None)
    assert_type(pairs.paginate(), Page[tuple[str, int | None]])
    assert_type(pairs.simple_paginate(), SimplePage[tuple[str, int | None]])
    assert_type(pairs.cursor_paginate().items, Collection[tuple[str, int | None]])


def the_key_of_cursors(line: OrderLine, order: Order) -> None:
    assert_type(db.cursor_key, str)
    db.cursor_key = "a secret of the application"
    try:
        Collection([line, order]).to_dicts()
    except InvalidCursor as wrong:
        value: InvalidValue = wrong
        assert_type(value.expected, str)
    except UnusableCursorKey as missing:
        assert_type(missing.what, str)
