"""Piccolo, with the JSON library that its manual names (orjson), on the event loop of the standard library."""

from __future__ import annotations

import asyncio
import sqlite3
from collections.abc import Coroutine, Sequence
from contextlib import AbstractAsyncContextManager, nullcontext
from enum import StrEnum
from typing import Any, TypeVar

from piccolo.columns import (
    JSONB,
    UUID,
    BigSerial,
    Boolean,
    DoublePrecision,
    ForeignKey,
    Integer,
    Numeric,
    Text,
    Timestamptz,
    Varchar,
)
from piccolo.engine.postgres import PostgresEngine
from piccolo.engine.sqlite import SQLiteEngine, TransactionType
from piccolo.query.functions import Count, Sum
from piccolo.table import Table, create_db_tables

from benchmarks.harness.contestant import Contestant
from benchmarks.harness.data import TABLES, Row

__all__ = ["CONTESTANT"]

T = TypeVar("T")

_PARAMETERS = 30_000  # of one statement: both databases take a little more than 32,000
_STREAM = 2_000  # rows of a batch


class Level(StrEnum):
    DEBUG = "debug"
    INFO = "info"
    WARNING = "warning"
    ERROR = "error"


class Origin(StrEnum):
    WEB = "web"
    MOBILE = "mobile"
    BATCH = "batch"


class User(Table, tablename="users"):
    id = BigSerial(primary_key=True)
    name = Varchar(length=100)
    email = Varchar(length=200, unique=True)
    age = Integer(index=True)
    score = DoublePrecision()
    active = Boolean()


class Event(Table, tablename="events"):
    id = BigSerial(primary_key=True)
    code = UUID()
    session = UUID()
    price = Numeric(digits=(12, 2))
    tax = Numeric(digits=(12, 2))
    total = Numeric(digits=(14, 4))
    occurred_at = Timestamptz()
    received_at = Timestamptz()
    closed_at = Timestamptz(null=True, default=None)
    payload = JSONB()
    context = JSONB()
    # Choices are checked where they are written; what is read stays a text.
    level = Varchar(length=10, choices=Level)
    origin = Varchar(length=10, choices=Origin)
    billed = Boolean()
    refunded = Boolean()
    flagged = Boolean(null=True, default=None)
    title = Varchar(length=100)
    note = Text(null=True, default=None)
    quantity = Integer()
    weight = DoublePrecision()


class Author(Table, tablename="authors"):
    id = BigSerial(primary_key=True)
    name = Varchar(length=100)
    country = Varchar(length=2)


class Post(Table, tablename="posts"):
    id = BigSerial(primary_key=True)
    title = Varchar(length=200)
    body = Text()
    views = Integer()
    author = ForeignKey(Author, db_column_name="author_id", index=True)


class Comment(Table, tablename="comments"):
    id = BigSerial(primary_key=True)
    body = Varchar(length=200)
    likes = Integer()
    post = ForeignKey(Post, db_column_name="post_id", index=True)


class Reading(Table, tablename="readings"):
    id = BigSerial(primary_key=True)
    sensor = Integer()
    value = DoublePrecision()
    label = Varchar(length=30)
    valid = Boolean()


_MODELS: dict[str, type[Table]] = {
    "users": User,
    "events": Event,
    "authors": Author,
    "posts": Post,
    "comments": Comment,
    "readings": Reading,
}
_UPDATED = (User.name, User.age, User.score, User.active)


class _Connection(sqlite3.Connection):
    """What everyone has on SQLite: the engine opens connections itself, and takes this class for them."""

    def __init__(self, *args: Any, **named: Any) -> None:
        super().__init__(*args, **named)
        self.execute("PRAGMA journal_mode = WAL")
        self.execute("PRAGMA synchronous = NORMAL")


def _given(rows: Sequence[Any]) -> list[User]:
    return [
        User(name=name, email=email, age=age, score=score, active=active) for name, email, age, score, active in rows
    ]


class Piccolo(Contestant):
    """Its whole workload is one coroutine, so that nothing is paid for the loop at each statement."""

    title = "Piccolo"
    drivers = {"sqlite": "aiosqlite", "postgresql": "asyncpg"}
    manual = "https://piccolo-orm.readthedocs.io/en/latest/piccolo/engines/connection_pool.html"
    absent = {
        "tuples": "it selects dictionaries",
        "nested": "objects are loaded along foreign keys only, not back",
        "many_to_many": "M2M gives dictionaries without the columns of the joining table",
        "save_unit": "it updates one object at a time, or all rows of a query to the same values",
        "morph_many": "no polymorphic relations",
        "morph_to": "no polymorphic relations",
    }

    def open(self) -> None:
        self._loop = asyncio.new_event_loop()
        place = self.place
        self._engine: Any
        if place.dialect == "sqlite":
            self._engine = SQLiteEngine(path=place.database, factory=_Connection, timeout=60)
        else:
            self._engine = PostgresEngine(
                config={
                    "host": place.host,
                    "port": place.port,
                    "user": place.user,
                    "password": place.password,
                    "database": place.database,
                },
                extensions=(),
            )
            self._run(self._engine.start_connection_pool(min_size=1, max_size=4))
        for model in _MODELS.values():
            model._meta.db = self._engine

    def _run(self, work: Coroutine[Any, Any, T]) -> T:
        return self._loop.run_until_complete(work)

    def _reading(self) -> AbstractAsyncContextManager[Any]:
        """Several statements on one connection: SQLite has no pool, and would open a file at each of them.

        https://piccolo-orm.readthedocs.io/en/latest/piccolo/tutorials/using_sqlite_and_asyncio_effectively.html
        """
        return self._engine.transaction() if self.place.dialect == "sqlite" else nullcontext()

    def _writing(self) -> AbstractAsyncContextManager[Any]:
        if self.place.dialect == "sqlite":
            return self._engine.transaction(transaction_type=TransactionType.immediate)
        return self._engine.transaction()

    def close(self) -> None:
        if self.place.dialect == "postgresql":
            self._run(self._engine.close_connection_pool())
        self._loop.close()

    def create(self) -> None:
        self._run(create_db_tables(*_MODELS.values()))

    def fill(self, table: str, rows: Sequence[Row]) -> None:
        model = _MODELS.get(table)
        if model is not None:  # what only workloads without us need
            self._run(self._fill(model, table, rows))

    async def _fill(self, model: type[Table], table: str, rows: Sequence[Row]) -> None:
        names = [column.removesuffix("_id") for column in TABLES[table].columns]
        size = _PARAMETERS // len(names)
        async with self._writing():
            for start in range(0, len(rows), size):
                given = [model(**dict(zip(names, row, strict=True))) for row in rows[start : start + size]]
                await model.insert(*given)
            if self.place.dialect == "postgresql":
                await model.raw(
                    f"SELECT setval(pg_get_serial_sequence('{table}', 'id'), (SELECT max(id) FROM {table}))"
                )

    def clear(self, table: str, above: int) -> None:
        async def cleared() -> None:
            model: Any = _MODELS[table]
            await model.delete().where(model.id > above)

        self._run(cleared())

    # --- reading ---------------------------------------------------------------------------------------------------------

    def get_by_key(self, keys: Sequence[int]) -> list[User | None]:
        return self._run(self._found(keys))

    async def _found(self, keys: Sequence[int]) -> list[User | None]:
        async with self._reading():
            return [await User.objects().get(User.id == key) for key in keys]

    def filter_limit(self, ages: Sequence[int]) -> list[list[User]]:
        async def found() -> list[list[User]]:
            async with self._reading():
                return [
                    await User.objects()
                    .where(User.age == age, User.active.eq(True), User.score >= 20)
                    .order_by(User.id)
                    .limit(50)
                    for age in ages
                ]

        return self._run(found())

    def narrow(self) -> list[User]:
        return self._run(User.objects().run())

    def wide(self) -> list[Event]:
        # https://piccolo-orm.readthedocs.io/en/latest/piccolo/query_clauses/output.html
        return self._run(Event.objects().output(load_json=True).run())

    def dicts(self) -> list[dict[str, Any]]:
        return self._run(User.select(User.id, User.name, User.email, User.age, User.score).run())

    def readings(self, number: int) -> list[Reading]:
        return self._run(Reading.objects().order_by(Reading.id).limit(number).run())

    def stream(self) -> tuple[int, float, int]:
        # https://piccolo-orm.readthedocs.io/en/latest/piccolo/query_clauses/batch.html
        async def streamed() -> tuple[int, float, int]:
            count, total, valid = 0, 0.0, 0
            async with await Reading.objects().batch(batch_size=_STREAM) as batches:
                async for batch in batches:
                    for reading in batch:
                        count += 1
                        total += reading.value
                        valid += reading.valid
            return count, total, valid

        return self._run(streamed())

    def users_above(self, key: int) -> list[User]:
        return self._run(User.objects().where(User.id > key).order_by(User.id).run())

    def threads(self, parts: Sequence[Sequence[int]]) -> list[list[User | None]]:
        async def found() -> list[list[User | None]]:
            return await asyncio.gather(*map(self._found, parts))

        return self._run(found())

    # --- relations -------------------------------------------------------------------------------------------------------

    def to_one(self, number: int) -> list[Comment]:
        # https://piccolo-orm.readthedocs.io/en/latest/piccolo/query_types/objects.html#prefetching-related-objects
        return self._run(Comment.objects(Comment.post).order_by(Comment.id).limit(number).run())

    def aggregate(self, likes: int) -> list[tuple[Any, ...]]:
        async def found() -> list[tuple[Any, ...]]:
            country = Comment.post.author.country
            rows = await (
                Comment.select(country, Count(Comment.id), Sum(Comment.likes))
                .where(Comment.likes >= likes)
                .group_by(country)
                .having(Count(Comment.id) > 10)
                .order_by(country)
            )
            return [tuple(row.values()) for row in rows]

        return self._run(found())

    # --- writing ---------------------------------------------------------------------------------------------------------

    def insert_each(self, rows: Sequence[Any]) -> list[User]:
        async def inserted() -> list[User]:
            users = _given(rows)
            async with self._writing():
                for user in users:
                    await user.save()
            return users

        return self._run(inserted())

    def insert_many(self, rows: Sequence[Row]) -> list[User]:
        return self._run(self._inserted(_given(rows), unique=False))

    async def _inserted(self, users: list[User], unique: bool) -> list[User]:
        # https://piccolo-orm.readthedocs.io/en/latest/piccolo/query_types/insert.html
        size = _PARAMETERS // len(User._meta.columns)
        async with self._writing():
            for start in range(0, len(users), size):
                query = User.insert(*users[start : start + size]).returning(User.id)
                if unique:
                    query = query.on_conflict(target=User.email, action="DO UPDATE", values=_UPDATED)
                await query
        return users

    def save_each(self, users: Sequence[User]) -> None:
        async def saved() -> None:
            async with self._writing():
                for user in users:
                    user.age += 1
                    await user.save([User.age])

        self._run(saved())

    def upsert(self, rows: Sequence[Row]) -> list[User]:
        # https://piccolo-orm.readthedocs.io/en/latest/piccolo/query_clauses/on_conflict.html
        return self._run(self._inserted(_given(rows), unique=True))

    def delete_each(self, users: Sequence[User]) -> None:
        async def deleted() -> None:
            async with self._writing():
                for user in users:
                    await user.remove()

        self._run(deleted())

    # https://piccolo-orm.readthedocs.io/en/latest/piccolo/query_types/delete.html
    def delete_unit(self, users: Sequence[User]) -> None:
        async def deleted() -> None:
            async with self._writing():
                await User.delete().where(User.id.is_in([user.id for user in users]))

        self._run(deleted())

    # --- building --------------------------------------------------------------------------------------------------------

    def compile(self, times: int) -> list[str]:
        engine = self._engine.engine_type
        return [
            Post.objects()
            .where(
                Post.views >= number,
                Post.views < number + 1000,
                Post.author.country == "de",
                Post.title.like("%cedar%"),
                Post.author.id != number,
            )
            .order_by(Post.views, ascending=False)
            .order_by(Post.id)
            .limit(50)
            .querystrings[0]
            .compile_string(engine_type=engine)[0]
            for number in range(times)
        ]


CONTESTANT = Piccolo
