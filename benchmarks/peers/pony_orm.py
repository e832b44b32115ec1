"""Pony."""

from __future__ import annotations

import datetime as dt
import sqlite3
import sys
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from typing import Any, ClassVar

from pony.orm import commit, count, db_session, flush, select, sum  # noqa: A004 - what a query of Pony's is written with

from benchmarks.harness.contestant import Contestant
from benchmarks.harness.data import TABLES, Row
from benchmarks.peers._pony_entities import ENTITIES, Author, Comment, Event, Post, PostTag, Reading, User, db

__all__ = ["CONTESTANT"]

_READ = ("id", "name", "email", "age", "score")
_POLYMORPHIC = "Pony has no polymorphic relations: a relation is to one entity and those that inherit from it"


def _plain(value: object) -> object:
    """A value as Pony has it: moments are naive, in UTC."""
    return value.astimezone(dt.UTC).replace(tzinfo=None) if isinstance(value, dt.datetime) else value


class Pony(Contestant):
    """Pony as its pages have it; what is loaded stays in a session's identity map, so each run has a session of its own."""

    title = "Pony"
    drivers: ClassVar = {"sqlite": "sqlite3", "postgresql": "psycopg2", "mysql": "PyMySQL"}
    manual = "https://docs.ponyorm.org/transactions.html#db-session-cache"
    absent: ClassVar = {
        "attributes": "an object of Pony's is written to in the session that loaded it alone, which has ended by then",
        "compile": "Query.get_sql() gives the text of a query without its limit, and without JOIN",
        "morph_many": _POLYMORPHIC,
        "morph_to": _POLYMORPHIC,
        "stream": "Pony fetches the rows of a query all at once",
        "upsert": "Pony has no upsert",
    }

    def open(self) -> None:
        place = self.place
        if place.dialect == "sqlite":
            # database.html#customizing-connection-behavior
            @db.on_connect(provider="sqlite")
            def _settings(_: Any, connection: sqlite3.Connection) -> None:
                connection.execute("PRAGMA journal_mode = WAL")
                connection.execute("PRAGMA synchronous = NORMAL")

            db.bind("sqlite", place.database, create_db=True)
        else:
            server = {"host": place.host, "port": place.port, "user": place.user, "password": place.password}
            if place.dialect == "mysql":
                # Pony takes mysqlclient where it finds it; here it is to work with what the others work with.
                sys.modules["MySQLdb"] = None  # type: ignore[assignment]
                db.bind("mysql", **server, database=place.database, charset="utf8mb4")
            else:
                db.bind("postgres", **server, database=place.database)
        db.generate_mapping(check_tables=False)
        self._lasting = False

    def close(self) -> None:
        self._leave()
        db.disconnect()

    def _leave(self) -> None:
        """End the session that `users_above` began."""
        if self._lasting:
            self._lasting = False
            db_session.__exit__()

    def create(self) -> None:
        db.create_tables()

    def fill(self, table: str, rows: Sequence[Row]) -> None:
        self._leave()
        entity = ENTITIES.get(table)
        if entity is None:  # remarks
            return
        names = TABLES[table].columns
        with db_session:
            if table == "events":
                for row in rows:
                    entity(**dict(zip(names, map(_plain, row), strict=True)))
            else:
                self._insert(table, names, rows)
            if self.place.dialect == "postgresql" and table != "post_tags":
                db.execute(f"SELECT setval(pg_get_serial_sequence('{table}', 'id'), max(id)) FROM {table}")

    def _insert(self, table: str, names: Sequence[str], rows: Sequence[Row]) -> None:
        """Insert by the driver: objects for half a million rows are not what is measured."""
        sign = "?" if self.place.dialect == "sqlite" else "%s"
        statement = f"INSERT INTO {table} ({', '.join(names)}) VALUES ({', '.join([sign] * len(names))})"
        cursor = db.get_connection().cursor()
        if self.place.dialect == "postgresql":
            from psycopg2.extras import execute_batch  # noqa: PLC0415 - a driver of one dialect

            execute_batch(cursor, statement, rows, page_size=1_000)
        else:
            cursor.executemany(statement, rows)

    def clear(self, table: str, above: int) -> None:
        self._leave()
        with db_session:
            ENTITIES[table].select(lambda row: row.id > above).delete(bulk=True)

    # --- reading ---------------------------------------------------------------------------------------------------------

    @db_session
    def get_by_key(self, keys: Sequence[int]) -> list[User]:
        return [User[key] for key in keys]

    # A session has the results of its queries in a cache, and ages come twice: so each has a session.
    def filter_limit(self, ages: Sequence[int]) -> list[list[User]]:
        pages = []
        for age in ages:
            with db_session:
                query = User.select(lambda user: user.age == age and user.active and user.score >= 20)  # noqa: B023 - run at once
                pages.append(query.order_by(User.id)[:50].to_list())
        return pages

    @db_session
    def narrow(self) -> list[User]:
        return User.select()[:].to_list()

    @db_session
    def wide(self) -> list[Event]:
        return Event.select()[:].to_list()

    @db_session
    def tuples(self) -> list[Any]:
        return select((user.id, user.name, user.email, user.age, user.score) for user in User)[:].to_list()

    # There are dictionaries of objects alone, not of rows: Entity.to_dict in the API reference.
    @db_session
    def dicts(self) -> list[dict[str, object]]:
        return [user.to_dict(_READ) for user in User.select()]

    @db_session
    def readings(self, number: int) -> list[Reading]:
        return Reading.select().order_by(Reading.id)[:number].to_list()

    def users_above(self, key: int) -> list[User]:
        """What is loaded may be changed: the session lasts until its objects are saved, or the table is cleared."""
        self._leave()
        db_session.__enter__()
        self._lasting = True
        return User.select(lambda user: user.id > key).order_by(User.id)[:].to_list()

    # Each thread has a connection of its own: database.html#connection-pool.
    def threads(self, parts: Sequence[Sequence[int]]) -> list[list[User]]:
        def found(keys: Sequence[int]) -> list[User]:
            users = self.get_by_key(keys)
            db.disconnect()
            return users

        with ThreadPoolExecutor(len(parts)) as threads:
            return list(threads.map(found, parts))

    def value(self, item: Any, name: str) -> object:
        found = getattr(item.tag if isinstance(item, PostTag) else item, name)
        return found.replace(tzinfo=dt.UTC) if isinstance(found, dt.datetime) else found

    # --- relations: api_reference.html#Query.prefetch --------------------------------------------------------------------

    @db_session
    def nested(self) -> list[Author]:
        return Author.select().prefetch(Author.posts, Post.comments)[:].to_list()

    @db_session
    def to_one(self, number: int) -> list[Comment]:
        return Comment.select().order_by(Comment.id).prefetch(Comment.post)[:number].to_list()

    @db_session
    def many_to_many(self) -> list[Post]:
        return Post.select().prefetch(Post.post_tags, PostTag.tag)[:].to_list()

    def related(self, item: Any, name: str) -> Any:
        return getattr(item, "post_tags" if name == "tags" else name)

    def position(self, item: Any) -> object:
        return item.position

    # aggregations.html
    @db_session
    def aggregate(self, likes: int) -> list[Any]:
        query = select(
            (comment.post.author.country, count(comment), sum(comment.likes))
            for comment in Comment
            if comment.likes >= likes and count(comment) > 10
        )
        return query.order_by(1)[:].to_list()

    # --- writing: working_with_entity_instances.html; a statement for each object when it is flushed ----------------------

    @db_session
    def insert_each(self, rows: Sequence[Any]) -> list[User]:
        users = []
        for name, email, age, score, active in rows:
            user = User(name=name, email=email, age=age, score=score, active=active)
            user.flush()  # without it all would be inserted when the session ends
            users.append(user)
        commit()
        return users

    # There are no bulk inserts.
    @db_session
    def insert_many(self, rows: Sequence[Row]) -> list[User]:
        users = [
            User(name=name, email=email, age=age, score=score, active=active)
            for name, email, age, score, active in rows
        ]
        commit()
        return users

    def save_each(self, users: Sequence[User]) -> None:
        for user in users:
            user.age += 1
            user.flush()
        commit()

    def save_unit(self, users: Sequence[User]) -> None:
        for user in users:
            user.age += 1
        commit()

    def delete_each(self, users: Sequence[User]) -> None:
        for user in users:
            user.delete()
            flush()
        commit()

    # api_reference.html#Query.delete
    def delete_unit(self, users: Sequence[User]) -> None:
        keys = [user.id for user in users]
        User.select(lambda user: user.id in keys).delete(bulk=True)
        commit()


CONTESTANT = Pony
