"""Tortoise ORM, with the accelerators that its manual names (orjson, ciso8601), on the event loop of the standard library."""

from __future__ import annotations

import asyncio
from collections.abc import Coroutine, Sequence
from contextlib import ExitStack
from enum import StrEnum
from typing import Any, TypeVar

from tortoise import Tortoise, connections, fields
from tortoise.functions import Count, Sum
from tortoise.models import Model
from tortoise.transactions import in_transaction

from benchmarks.harness.contestant import Contestant
from benchmarks.harness.data import TABLES, Row

__all__ = ["CONTESTANT"]

T = TypeVar("T")

_CHUNK = 10_000  # objects that are filled in at once
_NAMES = TABLES["users"].columns[1:]


class Level(StrEnum):
    DEBUG = "debug"
    INFO = "info"
    WARNING = "warning"
    ERROR = "error"


class Origin(StrEnum):
    WEB = "web"
    MOBILE = "mobile"
    BATCH = "batch"


class User(Model):
    id = fields.BigIntField(primary_key=True)
    name = fields.CharField(max_length=100)
    email = fields.CharField(max_length=200, unique=True)
    age = fields.IntField(db_index=True)
    score = fields.FloatField()
    active = fields.BooleanField()

    class Meta:
        table = "users"


class Event(Model):
    id = fields.BigIntField(primary_key=True)
    code = fields.UUIDField()
    session = fields.UUIDField()
    price = fields.DecimalField(max_digits=12, decimal_places=2)
    tax = fields.DecimalField(max_digits=12, decimal_places=2)
    total = fields.DecimalField(max_digits=14, decimal_places=4)
    occurred_at = fields.DatetimeField()
    received_at = fields.DatetimeField()
    closed_at = fields.DatetimeField(null=True)
    payload = fields.JSONField()
    context = fields.JSONField()
    level = fields.CharEnumField(Level)
    origin = fields.CharEnumField(Origin)
    billed = fields.BooleanField()
    refunded = fields.BooleanField()
    flagged = fields.BooleanField(null=True)
    title = fields.CharField(max_length=100)
    note = fields.TextField(null=True)
    quantity = fields.IntField()
    weight = fields.FloatField()

    class Meta:
        table = "events"


class Author(Model):
    id = fields.BigIntField(primary_key=True)
    name = fields.CharField(max_length=100)
    country = fields.CharField(max_length=2)
    posts: fields.ReverseRelation[Post]

    class Meta:
        table = "authors"


class Post(Model):
    id = fields.BigIntField(primary_key=True)
    title = fields.CharField(max_length=200)
    body = fields.TextField()
    views = fields.IntField()
    author = fields.ForeignKeyField("models.Author", related_name="posts", db_index=True)
    comments: fields.ReverseRelation[Comment]
    post_tags: fields.ReverseRelation[PostTag]

    class Meta:
        table = "posts"


class Comment(Model):
    id = fields.BigIntField(primary_key=True)
    body = fields.CharField(max_length=200)
    likes = fields.IntField()
    post = fields.ForeignKeyField("models.Post", related_name="comments", db_index=True)

    class Meta:
        table = "comments"


class Tag(Model):
    id = fields.BigIntField(primary_key=True)
    name = fields.CharField(max_length=50)

    class Meta:
        table = "tags"


class PostTag(Model):
    """A model of its own, with a key of its own: a ManyToManyField never loads the columns of its table."""

    id = fields.BigIntField(primary_key=True)
    post = fields.ForeignKeyField("models.Post", related_name="post_tags")
    tag = fields.ForeignKeyField("models.Tag", related_name="post_tags")
    position = fields.IntField()

    class Meta:
        table = "post_tags"
        unique_together = (("post", "tag"),)


class Reading(Model):
    id = fields.BigIntField(primary_key=True)
    sensor = fields.IntField()
    value = fields.FloatField()
    label = fields.CharField(max_length=30)
    valid = fields.BooleanField()

    class Meta:
        table = "readings"


_MODELS: dict[str, type[Model]] = {
    "users": User,
    "events": Event,
    "authors": Author,
    "posts": Post,
    "comments": Comment,
    "tags": Tag,
    "post_tags": PostTag,
    "readings": Reading,
}


def _given(rows: Sequence[Any]) -> list[User]:
    return [
        User(name=name, email=email, age=age, score=score, active=active) for name, email, age, score, active in rows
    ]


class TortoiseOrm(Contestant):
    """Its whole workload is one coroutine, so that nothing is paid for the loop at each statement."""

    title = "Tortoise ORM"
    # https://tortoise.github.io/databases.html: postgres:// is asyncpg, MySQL is asyncmy
    drivers = {"sqlite": "aiosqlite", "postgresql": "asyncpg", "mysql": "asyncmy"}
    manual = "https://tortoise.github.io/getting_started.html#optional-dependencies"
    absent = {
        "stream": "its `async for` fetches all rows first",
        "insert_many": "bulk_create leaves generated keys unset",
        "upsert on mysql": "its statement has MySQL 8's alias of the row, which MariaDB does not know",
        "morph_many": "no polymorphic relations",
        "morph_to": "no polymorphic relations",
    }

    def open(self) -> None:
        self._loop = asyncio.new_event_loop()
        self._open = ExitStack()
        # https://tortoise.github.io/setup.html: a context that outlives the coroutine that made it is entered again
        self._open.enter_context(
            self._run(
                Tortoise.init(
                    config={
                        "connections": {"default": self._connection()},
                        "apps": {"models": {"models": [__name__], "default_connection": "default"}},
                    }
                )
            )
        )

    def _connection(self) -> dict[str, Any]:
        place = self.place
        if place.dialect == "sqlite":
            credentials: dict[str, Any] = {"file_path": place.database, "journal_mode": "WAL", "synchronous": "NORMAL"}
            return {"engine": "tortoise.backends.sqlite", "credentials": credentials}
        credentials = {
            "host": place.host,
            "port": place.port,
            "user": place.user,
            "password": place.password,
            "database": place.database,
            "maxsize": 4,
        }
        backend = "asyncpg" if place.dialect == "postgresql" else "mysql"
        return {"engine": f"tortoise.backends.{backend}", "credentials": credentials}

    def _run(self, work: Coroutine[Any, Any, T]) -> T:
        return self._loop.run_until_complete(work)

    def close(self) -> None:
        self._run(Tortoise.close_connections())
        self._open.close()
        self._loop.close()

    def create(self) -> None:
        self._run(Tortoise.generate_schemas(safe=False))

    def fill(self, table: str, rows: Sequence[Row]) -> None:
        model = _MODELS.get(table)
        if model is not None:  # what only workloads without us need
            self._run(self._fill(model, table, rows))

    async def _fill(self, model: type[Model], table: str, rows: Sequence[Row]) -> None:
        columns = TABLES[table].columns
        for start in range(0, len(rows), _CHUNK):
            await model.bulk_create(
                [model(**dict(zip(columns, row, strict=True))) for row in rows[start : start + _CHUNK]]
            )
        if self.place.dialect == "postgresql":
            await connections.get("default").execute_query(
                f"SELECT setval(pg_get_serial_sequence('{table}', 'id'), (SELECT max(id) FROM {table}))"
            )

    def clear(self, table: str, above: int) -> None:
        async def cleared() -> None:
            await _MODELS[table].filter(id__gt=above).delete()

        self._run(cleared())

    def related(self, item: Any, name: str) -> Any:
        return item.post_tags if name == "tags" else getattr(item, name)

    def value(self, item: Any, name: str) -> object:
        return getattr(item.tag if isinstance(item, PostTag) else item, name)

    def position(self, item: PostTag) -> object:
        return item.position

    # --- reading ---------------------------------------------------------------------------------------------------------

    def get_by_key(self, keys: Sequence[int]) -> list[User]:
        return self._run(self._found(keys))

    @staticmethod
    async def _found(keys: Sequence[int]) -> list[User]:
        return [await User.get(id=key) for key in keys]

    def filter_limit(self, ages: Sequence[int]) -> list[list[User]]:
        async def found() -> list[list[User]]:
            return [await User.filter(age=age, active=True, score__gte=20).order_by("id").limit(50) for age in ages]

        return self._run(found())

    def narrow(self) -> list[User]:
        async def found() -> list[User]:
            return await User.all()

        return self._run(found())

    def wide(self) -> list[Event]:
        async def found() -> list[Event]:
            return await Event.all()

        return self._run(found())

    # https://tortoise.github.io/query.html: values_list and values, where no objects are needed

    def tuples(self) -> list[tuple[Any, ...]]:
        async def found() -> list[tuple[Any, ...]]:
            return await User.all().values_list("id", "name", "email", "age", "score")

        return self._run(found())

    def dicts(self) -> list[dict[str, Any]]:
        async def found() -> list[dict[str, Any]]:
            return await User.all().values("id", "name", "email", "age", "score")

        return self._run(found())

    def readings(self, number: int) -> list[Reading]:
        async def found() -> list[Reading]:
            return await Reading.all().order_by("id").limit(number)

        return self._run(found())

    def users_above(self, key: int) -> list[User]:
        async def found() -> list[User]:
            return await User.filter(id__gt=key).order_by("id")

        return self._run(found())

    def threads(self, parts: Sequence[Sequence[int]]) -> list[list[User]]:
        async def found() -> list[list[User]]:
            return await asyncio.gather(*map(self._found, parts))

        return self._run(found())

    # --- relations -------------------------------------------------------------------------------------------------------
    # https://tortoise.github.io/query.html#prefetching: a statement for each relation, or a join with select_related

    def nested(self) -> list[Author]:
        async def found() -> list[Author]:
            return await Author.all().prefetch_related("posts__comments")

        return self._run(found())

    def to_one(self, number: int) -> list[Comment]:
        async def found() -> list[Comment]:
            return await Comment.all().order_by("id").limit(number).select_related("post")

        return self._run(found())

    def many_to_many(self) -> list[Post]:
        async def found() -> list[Post]:
            return await Post.all().prefetch_related("post_tags__tag")

        return self._run(found())

    def aggregate(self, likes: int) -> list[tuple[Any, ...]]:
        async def found() -> list[tuple[Any, ...]]:
            return await (
                Comment.filter(likes__gte=likes)
                .annotate(count=Count("id"), total=Sum("likes"))
                .filter(count__gt=10)
                .group_by("post__author__country")
                .order_by("post__author__country")
                .values_list("post__author__country", "count", "total")
            )

        return self._run(found())

    # --- writing ---------------------------------------------------------------------------------------------------------

    def insert_each(self, rows: Sequence[Any]) -> list[User]:
        async def inserted() -> list[User]:
            async with in_transaction():
                return [
                    await User.create(name=name, email=email, age=age, score=score, active=active)
                    for name, email, age, score, active in rows
                ]

        return self._run(inserted())

    def save_each(self, users: Sequence[User]) -> None:
        async def saved() -> None:
            async with in_transaction():
                for user in users:
                    user.age += 1
                    await user.save(update_fields=["age"])

        self._run(saved())

    # https://tortoise.github.io/models.html (bulk_update)
    def save_unit(self, users: Sequence[User]) -> None:
        for user in users:
            user.age += 1

        async def saved() -> None:
            async with in_transaction():
                await User.bulk_update(users, fields=["age"])

        self._run(saved())

    def upsert(self, rows: Sequence[Row]) -> list[User]:
        users = _given(rows)

        async def upserted() -> None:
            async with in_transaction():
                await User.bulk_create(
                    users, on_conflict=["email"], update_fields=[name for name in _NAMES if name != "email"]
                )

        self._run(upserted())
        return users

    def delete_each(self, users: Sequence[User]) -> None:
        async def deleted() -> None:
            async with in_transaction():
                for user in users:
                    await user.delete()

        self._run(deleted())

    def delete_unit(self, users: Sequence[User]) -> None:
        async def deleted() -> None:
            async with in_transaction():
                await User.filter(id__in=[user.id for user in users]).delete()

        self._run(deleted())

    # --- building --------------------------------------------------------------------------------------------------------

    def compile(self, times: int) -> list[str]:
        return [
            Post.filter(
                views__gte=number,
                views__lt=number + 1000,
                author__country="de",
                title__contains="cedar",
                author__id__not=number,
            )
            .order_by("-views", "id")
            .limit(50)
            .sql()
            for number in range(times)
        ]


CONTESTANT = TortoiseOrm
