"""What is kept between queries stays within bounds, however many shapes of queries there are."""

import gc
import sys
from functools import _lru_cache_wrapper
from itertools import count
from typing import Any

import pytest

from generated import Post, User, db
from tests.support.showcase import make_user

pytestmark = pytest.mark.usefixtures("showcase")

# Enough to fill whatever is kept by shape, and then more.
_ENOUGH, _MORE = 1_500, 500
_FIELDS: Any = (User.id, User.name, User.email, User.nickname, User.age, User.active, User.joined, User.created_at)


def _query(number: int) -> Any:
    """A query of a shape of its own: which columns, how long a list, which conditions, orders and inner queries."""
    # Together another shape for each of thousands of numbers, none of them longer than those before.
    bits, rest = number % 256 or 1, number % 23
    query: Any = User.query().where(User.id.in_(range(1, 2 + rest)))
    for age in range(rest):
        query = query.where(User.age != age)
    if number % 3:
        query = query.order_by(User.name.desc(), User.id)
    if number % 5:
        query = query.where(User.id.in_(Post.query().where(Post.title == "x").select(Post.author_id)))
    if number % 7:
        query = query.limit(number)
    return query.select(*(field for place, field in enumerate(_FIELDS) if bits >> place & 1))


def _run(start: int, number: int) -> None:
    user = make_user()
    for shape in range(start, start + number):
        _query(shape).get()
        User.query().only(*(field for place, field in enumerate(_FIELDS) if (shape % 256 or 1) >> place & 1)).get()
        # Statements whose text has another length of list each time, and objects changed in other columns.
        if not shape % 10:
            User.find_many(range(shape % 997))
            User.query().include(User.posts, Post.query().where(Post.id.not_in(range(shape % 97)))).get()
            user.update(name=f"{shape}", age=shape)
    user.delete()


def test_queries_of_many_shapes_leave_nothing_behind() -> None:
    shapes = count(1)
    texts = {_query(next(shapes)).to_sql()[0] for _ in range(_ENOUGH)}
    assert len(texts) > _ENOUGH * 0.9

    _run(1, _ENOUGH)
    gc.collect()
    before = sys.getallocatedblocks()
    _run(_ENOUGH + 1, _MORE)
    gc.collect()

    # Not so much as one object for each query that was not seen before.
    grown = sys.getallocatedblocks() - before
    assert grown < _MORE


def test_every_cache_of_functions_has_a_bound() -> None:
    _run(1, 300)
    found: list[Any] = [
        each
        for each in gc.get_objects()
        if isinstance(each, _lru_cache_wrapper) and each.__module__.startswith("isomorph.")
    ]

    assert len(found) >= 5
    for cache in found:
        info = cache.cache_info()
        # Without one are those of dialects and drivers by their names, of which there are few.
        assert info.currsize <= (info.maxsize or 10), cache


def test_statements_kept_by_a_model_are_bounded() -> None:
    user = make_user()
    definition: Any = next(each for each in db.definitions() if each.name == "User")
    dialect = db.connection().dialect
    binding = definition.bindings[dialect.name]
    for bits in range(1, 1 << 10):
        positions = tuple(place for place in range(10) if bits >> place & 1)
        assert "UPDATE" in binding.update_sql(dialect, positions)
    assert len(binding.updates) <= 256
    user.update(name="still")
    assert User.find_or_fail(user.id).name == "still"
