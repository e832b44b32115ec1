"""The rows that every contestant has in its tables: made from a fixed seed, so the same in every process.

ISOMORPH_BENCH_SCALE makes all of it smaller: 0.01 is enough to see whether contestants agree, and too little to measure.
"""

from __future__ import annotations

import datetime as dt
import os
import random
from collections.abc import Callable
from dataclasses import dataclass
from decimal import Decimal
from typing import Any
from uuid import UUID

__all__ = [
    "AUTHORS",
    "COMMENTS",
    "EVENTS",
    "POSTS",
    "READINGS",
    "REMARKS",
    "SCALE",
    "TABLES",
    "TAGS",
    "USERS",
    "Row",
    "Table",
    "scaled",
    "user",
]

Row = tuple[Any, ...]

SCALE = float(os.environ.get("ISOMORPH_BENCH_SCALE", "1"))


def scaled(number: int) -> int:
    """How many there are in this run of what has that many in a whole one; at least two."""
    return max(2, round(number * SCALE))


USERS = scaled(20_000)
EVENTS = scaled(10_000)
READINGS = scaled(500_000)
TAGS = 50
AUTHORS = scaled(200)
# Each author has so many posts, each post so many comments, each subject so many remarks; half of the posts are subjects.
_EACH = 10
_REMARKS_EACH = 3
POSTS = AUTHORS * _EACH
COMMENTS = POSTS * _EACH
REMARKS = (AUTHORS + POSTS // 2) * _REMARKS_EACH

_SEED = 20_240_229
_WORDS = ("amber", "birch", "cedar", "delta", "ember", "fjord", "grove", "heron", "islet", "juniper", "kelp", "larch")
_NOON = dt.datetime(2024, 2, 29, 12, tzinfo=dt.UTC)


@dataclass(frozen=True, slots=True)
class Table:
    """A table.

    Args:
        columns: in order; the first one (or two, of a pivot) is its key.
        number: how many rows it has.
        make: gives the first rows, as many as are asked for.
    """

    name: str
    columns: tuple[str, ...]
    number: int
    make: Callable[[int], list[Row]]

    def rows(self, number: int | None = None) -> list[Row]:
        """All rows, or the first ones: the same at every call and in every process."""
        return self.make(self.number if number is None else number)


def _words(source: random.Random, number: int) -> str:
    return " ".join(source.choices(_WORDS, k=number))


def user(key: int, source: random.Random) -> Row:
    """A row of users; its email is unique by its key."""
    name = _words(source, 2)
    return (
        key,
        name,
        f"{name.replace(' ', '.')}.{key}@example.com",
        source.randint(18, 90),
        source.random() * 100,
        key % 3 != 0,
    )


def _users(number: int) -> list[Row]:
    source = random.Random(_SEED)
    return [user(key, source) for key in range(1, number + 1)]


def _event(key: int, source: random.Random) -> Row:
    moment = _NOON + dt.timedelta(microseconds=source.randrange(10**13))
    price = Decimal(source.randrange(10**6)).scaleb(-2)
    return (
        key,
        UUID(int=source.getrandbits(128), version=4),
        UUID(int=source.getrandbits(128), version=4),
        price,
        Decimal(source.randrange(10**5)).scaleb(-2),
        price * 2 + Decimal(source.randrange(10**4)).scaleb(-4),
        moment,
        moment + dt.timedelta(seconds=source.randrange(3600)),
        None if key % 4 == 0 else moment + dt.timedelta(days=1),
        {
            "path": f"/{_words(source, 1)}",
            "size": source.randrange(10**6),
            "tags": [_words(source, 1) for _ in range(3)],
        },
        {"agent": _words(source, 3), "ok": key % 2 == 0},
        ("debug", "info", "warning", "error")[key % 4],
        ("web", "mobile", "batch")[key % 3],
        key % 2 == 0,
        key % 5 == 0,
        None if key % 7 == 0 else key % 3 == 0,
        _words(source, 4),
        None if key % 6 == 0 else _words(source, 12),
        source.randrange(1000),
        source.random() * 1000,
    )


def _events(number: int) -> list[Row]:
    source = random.Random(_SEED + 1)
    return [_event(key, source) for key in range(1, number + 1)]


def _authors(number: int) -> list[Row]:
    source = random.Random(_SEED + 2)
    return [(key, _words(source, 2), ("de", "fr", "pl", "se")[key % 4]) for key in range(1, number + 1)]


def _posts(number: int) -> list[Row]:
    source = random.Random(_SEED + 3)
    return [
        (key, _words(source, 5), _words(source, 30), source.randrange(5000), (key - 1) // _EACH + 1)
        for key in range(1, number + 1)
    ]


def _comments(number: int) -> list[Row]:
    source = random.Random(_SEED + 4)
    return [(key, _words(source, 8), source.randrange(100), (key - 1) // _EACH + 1) for key in range(1, number + 1)]


def _tags(number: int) -> list[Row]:
    return [(key, f"{_WORDS[key % 12]}-{key}") for key in range(1, number + 1)]


def _post_tags(number: int) -> list[Row]:
    return [(key // 5 + 1, ((key // 5 + 1) * 7 + key % 5 * 11) % TAGS + 1, key % 5) for key in range(number)]


def _remarks(number: int) -> list[Row]:
    source = random.Random(_SEED + 5)
    subjects = [("author", key) for key in range(1, AUTHORS + 1)]
    subjects += [("post", key) for key in range(1, POSTS // 2 + 1)]
    return [(key + 1, _words(source, 6), *subjects[key % len(subjects)]) for key in range(number)]


def _readings(number: int) -> list[Row]:
    source = random.Random(_SEED + 6)
    return [
        (key, source.randrange(1000), source.random(), _WORDS[key % 12], key % 10 != 0) for key in range(1, number + 1)
    ]


TABLES = {
    table.name: table
    for table in (
        Table("users", ("id", "name", "email", "age", "score", "active"), USERS, _users),
        Table(
            "events",
            (
                *(
                    "id",
                    "code",
                    "session",
                    "price",
                    "tax",
                    "total",
                    "occurred_at",
                    "received_at",
                    "closed_at",
                    "payload",
                ),
                *("context", "level", "origin", "billed", "refunded", "flagged", "title", "note", "quantity", "weight"),
            ),
            EVENTS,
            _events,
        ),
        Table("authors", ("id", "name", "country"), AUTHORS, _authors),
        Table("posts", ("id", "title", "body", "views", "author_id"), POSTS, _posts),
        Table("comments", ("id", "body", "likes", "post_id"), COMMENTS, _comments),
        Table("tags", ("id", "name"), TAGS, _tags),
        Table("post_tags", ("post_id", "tag_id", "position"), POSTS * 5, _post_tags),
        Table("remarks", ("id", "body", "subject_type", "subject_id"), REMARKS, _remarks),
        Table("readings", ("id", "sensor", "value", "label", "valid"), READINGS, _readings),
    )
}
