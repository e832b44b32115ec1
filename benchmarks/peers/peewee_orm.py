"""Peewee."""

from __future__ import annotations

from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from typing import Any, ClassVar

from peewee import PREFETCH_TYPE, Database, Load, chunked, fn
from playhouse.pool import PooledMySQLDatabase, PooledSqliteDatabase
from playhouse.postgres_ext import PooledPsycopg3Database, ServerSide

from benchmarks.harness.contestant import Contestant
from benchmarks.harness.data import TABLES, Row
from benchmarks.harness.places import Place
from benchmarks.peers._peewee_models import (
    FIELD_TYPES,
    MODELS,
    Author,
    Comment,
    Event,
    Post,
    PostTag,
    Reading,
    User,
)

__all__ = ["CONTESTANT"]

_FIELDS = (User.name, User.email, User.age, User.score, User.active)
_READ = (User.id, User.name, User.email, User.age, User.score)
_POLYMORPHIC = "Peewee has no polymorphic relations"


def _database(place: Place) -> Database:
    """What the manual's page on databases (database.html) has for each, with a pool (database.html#connection-pooling)."""
    pool = {"max_connections": 4, "timeout": 30, "field_types": {"MOMENT": FIELD_TYPES[place.dialect]}}
    if place.dialect == "sqlite":
        pragmas = {"journal_mode": "wal", "synchronous": "normal", "foreign_keys": 1}
        return PooledSqliteDatabase(place.database, pragmas=pragmas, check_same_thread=False, **pool)
    server = {"host": place.host, "port": place.port, "user": place.user, "password": place.password}
    if place.dialect == "postgresql":
        return PooledPsycopg3Database(place.database, **server, **pool)
    return PooledMySQLDatabase(place.database, mariadb=True, **server, **pool)


class Peewee(Contestant):
    """Peewee as its pages on querying and writing have it."""

    title = "Peewee"
    drivers: ClassVar = {"sqlite": "sqlite3", "postgresql": "psycopg", "mysql": "PyMySQL"}
    manual = "https://docs.peewee-orm.com/en/latest/peewee/querying.html"
    absent: ClassVar = {"morph_many": _POLYMORPHIC, "morph_to": _POLYMORPHIC}

    def open(self) -> None:
        self._database = _database(self.place)
        self._database.bind([*MODELS.values()])
        self._database.connect()
        # A statement of SQLite's has so many values at most (writing.html#batching-large-data-sets).
        self._batch = 32_766 // len(_FIELDS) if self.place.dialect == "sqlite" else 10_000

    def close(self) -> None:
        self._database.close()
        self._database.close_all()

    def create(self) -> None:
        self._database.create_tables([*MODELS.values()])

    def fill(self, table: str, rows: Sequence[Row]) -> None:
        model = MODELS.get(table)
        if model is None:  # remarks
            return
        with self._database.atomic():
            for batch in chunked(rows, 1_000):
                model.insert_many(
                    batch, fields=[model._meta.combined[name] for name in TABLES[table].columns]
                ).execute()
            if self.place.dialect == "postgresql" and model is not PostTag:
                self._database.execute_sql(
                    f"SELECT setval(pg_get_serial_sequence('{table}', 'id'), max(id)) FROM {table}"
                )

    def clear(self, table: str, above: int) -> None:
        model = MODELS[table]
        model.delete().where(model.id > above).execute()

    # --- reading ---------------------------------------------------------------------------------------------------------

    def get_by_key(self, keys: Sequence[int]) -> list[User]:
        return [User.get_by_id(key) for key in keys]

    def filter_limit(self, ages: Sequence[int]) -> list[list[User]]:
        return [
            list(
                User.select()
                .where(User.age == age, User.active == True, User.score >= 20)  # noqa: E712 - a column, no truth value
                .order_by(User.id)
                .limit(50)
            )
            for age in ages
        ]

    # "Iterating over large result-sets", on the same page.
    def narrow(self) -> list[User]:
        return list(User.select().iterator())

    def wide(self) -> list[Event]:
        return list(Event.select().iterator())

    def tuples(self) -> list[Any]:
        return list(User.select(*_READ).tuples().iterator())

    def dicts(self) -> list[dict[str, object]]:
        return list(User.select(*_READ).dicts().iterator())

    def readings(self, number: int) -> list[Reading]:
        return list(Reading.select().order_by(Reading.id).limit(number).iterator())

    # On PostgreSQL with a cursor of the server's (postgres.html#server-side-cursors).
    def stream(self) -> tuple[int, float, int]:
        count, total, valid = 0, 0.0, 0
        with self._database.atomic():
            query = Reading.select()
            for reading in ServerSide(query) if self.place.dialect == "postgresql" else query.iterator():
                count += 1
                total += reading.value
                valid += reading.valid
        return count, total, valid

    def users_above(self, key: int) -> list[User]:
        return list(User.select().where(User.id > key).order_by(User.id))

    def threads(self, parts: Sequence[Sequence[int]]) -> list[list[User]]:
        self._database.close()  # the main thread's goes back to the pool

        def found(keys: Sequence[int]) -> list[User]:
            with self._database.connection_context():
                return self.get_by_key(keys)

        with ThreadPoolExecutor(len(parts)) as threads:
            users = list(threads.map(found, parts))
        self._database.connect()
        return users

    # --- relations: relationships.html#avoiding-n-1-with-eager-loading ----------------------------------------------------

    def nested(self) -> list[Author]:
        return list(Author.select().with_related(Load(Author.posts).then(Load(Post.comments))))

    # Ten comments have the same post: that is less work than a join, which makes a post of each row. By the posts' keys
    # (relationships.html#load-strategy-and-materialize), so that the comments are not asked for twice.
    def to_one(self, number: int) -> list[Comment]:
        posts = Load(Comment.post, strategy=PREFETCH_TYPE.MATERIALIZE)
        return list(Comment.select().order_by(Comment.id).limit(number).with_related(posts))

    def many_to_many(self) -> list[Post]:
        return list(Post.select().with_related(Load(Post.post_tags).then(Load(PostTag.tag))))

    def related(self, item: Any, name: str) -> Any:
        return item.post_tags if name == "tags" else getattr(item, name)

    def value(self, item: Any, name: str) -> object:
        return getattr(item.tag if isinstance(item, PostTag) else item, name)

    def position(self, item: Any) -> object:
        return item.position

    def aggregate(self, likes: int) -> list[Any]:
        count = fn.COUNT(Comment.id)
        return list(
            Comment.select(Author.country, count, fn.SUM(Comment.likes))
            .join(Post)
            .join(Author)
            .where(Comment.likes >= likes)
            .group_by(Author.country)
            .having(count > 10)
            .order_by(Author.country)
            .tuples()
        )

    # --- writing: writing.html -------------------------------------------------------------------------------------------

    def insert_each(self, rows: Sequence[Any]) -> list[User]:
        with self._database.atomic():
            return [
                User.create(name=name, email=email, age=age, score=score, active=active)
                for name, email, age, score, active in rows
            ]

    # "The fastest way to insert many rows is insert_many", with the rows back as objects.
    def insert_many(self, rows: Sequence[Row]) -> list[User]:
        users: list[User] = []
        with self._database.atomic():
            for batch in chunked(rows, self._batch):
                users += User.insert_many(batch, fields=_FIELDS).returning(User)
        return users

    def save_each(self, users: Sequence[User]) -> None:
        with self._database.atomic():
            for user in users:
                user.age += 1
                user.save(only=[User.age])

    # bulk_update makes a CASE of so many objects at a time.
    def save_unit(self, users: Sequence[User]) -> None:
        for user in users:
            user.age += 1
        with self._database.atomic():
            User.bulk_update(users, fields=[User.age], batch_size=100)

    def upsert(self, rows: Sequence[Row]) -> None:
        target = {} if self.place.dialect == "mysql" else {"conflict_target": [User.email]}
        preserve = [field for field in _FIELDS if field is not User.email]
        with self._database.atomic():
            for batch in chunked(rows, self._batch):
                User.insert_many(batch, fields=_FIELDS).on_conflict(**target, preserve=preserve).execute()

    def delete_each(self, users: Sequence[User]) -> None:
        with self._database.atomic():
            for user in users:
                user.delete_instance()

    def delete_unit(self, users: Sequence[User]) -> None:
        with self._database.atomic():
            User.delete().where(User.id.in_([user.id for user in users])).execute()

    # --- building --------------------------------------------------------------------------------------------------------

    def compile(self, times: int) -> list[str]:
        return [
            Post.select()
            .join(Author)
            .where(
                Post.views >= number,
                Post.views < number + 1000,
                Author.country == "de",
                Post.title.contains("cedar"),
                Author.id != number,
            )
            .order_by(Post.views.desc(), Post.id)
            .limit(50)
            .sql()[0]
            for number in range(times)
        ]


CONTESTANT = Peewee
