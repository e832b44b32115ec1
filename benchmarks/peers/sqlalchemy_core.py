"""SQLAlchemy's Core: statements of its expression language, made once where only their values differ; rows as `Row`."""

from __future__ import annotations

from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import sqlalchemy as sa

from benchmarks.harness.data import Row
from benchmarks.peers._sqlalchemy_base import CHUNK, SqlAlchemy, given
from benchmarks.peers._sqlalchemy_tables import authors, comments, events, metadata, posts, readings, users

__all__ = ["CONTESTANT"]

_RELATIONS = "Core has no relations: its rows are what a SELECT gives"
_FIVE = (users.c.id, users.c.name, users.c.email, users.c.age, users.c.score)

# https://docs.sqlalchemy.org/en/21/orm/examples.html#examples-performance (short_selects: a statement that is used again)
_BY_KEY = sa.select(users).where(users.c.id == sa.bindparam("key"))
_PAGE = (
    sa.select(users)
    .where(users.c.age == sa.bindparam("age"), users.c.active, users.c.score >= 20)
    .order_by(users.c.id)
    .limit(50)
)


class SqlAlchemyCore(SqlAlchemy):
    """Core alone."""

    title = "SQLAlchemy Core"
    manual = "https://docs.sqlalchemy.org/en/21/tutorial/data.html"
    tables = metadata
    absent = {
        "nested": _RELATIONS,
        "to_one": _RELATIONS,
        "many_to_many": _RELATIONS,
        "morph_many": _RELATIONS,
        "morph_to": _RELATIONS,
        "attributes": "a Row cannot be written to",
        **dict.fromkeys(("cold_50", "cold_1000", "cold_50_memory", "cold_1000_memory"), "Core has no models"),
    }

    def value(self, item: Any, name: str) -> object:
        return item[name] if isinstance(item, dict) else getattr(item, name)

    # --- reading ---------------------------------------------------------------------------------------------------------

    def get_by_key(self, keys: Sequence[int]) -> list[Any]:
        with self._engine.connect() as connection:
            return [connection.execute(_BY_KEY, {"key": key}).one() for key in keys]

    def filter_limit(self, ages: Sequence[int]) -> list[Sequence[Any]]:
        with self._engine.connect() as connection:
            return [connection.execute(_PAGE, {"age": age}).all() for age in ages]

    def narrow(self) -> Sequence[Any]:
        with self._engine.connect() as connection:
            return connection.execute(sa.select(users)).all()

    def wide(self) -> Sequence[Any]:
        with self._engine.connect() as connection:
            return connection.execute(sa.select(events)).all()

    def tuples(self) -> Sequence[Any]:
        with self._engine.connect() as connection:
            return connection.execute(sa.select(*_FIVE)).all()

    # https://docs.sqlalchemy.org/en/21/core/connections.html#sqlalchemy.engine.Result.mappings
    def dicts(self) -> list[dict[str, Any]]:
        with self._engine.connect() as connection:
            return [dict(row) for row in connection.execute(sa.select(*_FIVE)).mappings()]

    def readings(self, number: int) -> Sequence[Any]:
        with self._engine.connect() as connection:
            return connection.execute(sa.select(readings).order_by(readings.c.id).limit(number)).all()

    # https://docs.sqlalchemy.org/en/21/core/connections.html#using-server-side-cursors-a-k-a-stream-results
    def stream(self) -> tuple[int, float, int]:
        count, total, valid = 0, 0.0, 0
        with self._engine.connect() as connection:
            for reading in connection.execution_options(yield_per=CHUNK).execute(sa.select(readings)):
                count += 1
                total += reading.value
                valid += reading.valid
        return count, total, valid

    def users_above(self, key: int) -> Sequence[Any]:
        with self._engine.connect() as connection:
            return connection.execute(sa.select(users).where(users.c.id > key).order_by(users.c.id)).all()

    def threads(self, parts: Sequence[Sequence[int]]) -> list[list[Any]]:
        with ThreadPoolExecutor(len(parts)) as threads:
            return list(threads.map(self.get_by_key, parts))

    def aggregate(self, likes: int) -> Sequence[Any]:
        count = sa.func.count(comments.c.id)
        query = (
            sa.select(authors.c.country, count, sa.func.sum(comments.c.likes))
            .select_from(comments)
            .join(posts)
            .join(authors)
            .where(comments.c.likes >= likes)
            .group_by(authors.c.country)
            .having(count > 10)
            .order_by(authors.c.country)
        )
        with self._engine.connect() as connection:
            return connection.execute(query).all()

    # --- writing ---------------------------------------------------------------------------------------------------------

    # https://docs.sqlalchemy.org/en/21/tutorial/data_insert.html
    def insert_each(self, rows: Sequence[Row]) -> list[dict[str, Any]]:
        inserting, made = sa.insert(users), list[dict[str, Any]]()
        with self._engine.begin() as connection:
            for values in given(rows):
                (values["id"],) = connection.execute(inserting, values).inserted_primary_key
                made.append(values)
        return made

    # https://docs.sqlalchemy.org/en/21/core/connections.html#insert-many-values-behavior-for-insert-statements
    def insert_many(self, rows: Sequence[Row]) -> Sequence[Any]:
        with self._engine.begin() as connection:
            return connection.execute(sa.insert(users).returning(users), given(rows)).all()

    # https://docs.sqlalchemy.org/en/21/tutorial/data_update.html
    def save_each(self, items: Sequence[Any]) -> None:
        updating = sa.update(users).where(users.c.id == sa.bindparam("key"))
        with self._engine.begin() as connection:
            for item in items:
                connection.execute(updating, {"key": item.id, "age": item.age + 1})

    # https://docs.sqlalchemy.org/en/21/tutorial/data_update.html (executemany)
    def save_unit(self, items: Sequence[Any]) -> None:
        updating = sa.update(users).where(users.c.id == sa.bindparam("key"))
        with self._engine.begin() as connection:
            connection.execute(updating, [{"key": item.id, "age": item.age + 1} for item in items])

    def upsert(self, rows: Sequence[Row]) -> None:
        with self._engine.begin() as connection:
            connection.execute(self.upserting(users), given(rows))

    def delete_each(self, items: Sequence[Any]) -> None:
        deleting = sa.delete(users).where(users.c.id == sa.bindparam("key"))
        with self._engine.begin() as connection:
            for item in items:
                connection.execute(deleting, {"key": item.id})

    def delete_unit(self, items: Sequence[Any]) -> None:
        with self._engine.begin() as connection:
            connection.execute(sa.delete(users).where(users.c.id.in_([item.id for item in items])))

    # --- building --------------------------------------------------------------------------------------------------------

    def compile(self, times: int) -> list[str]:
        return [
            self.text(
                sa.select(posts)
                .join(authors)
                .where(
                    posts.c.views >= number,
                    posts.c.views < number + 1000,
                    authors.c.country == "de",
                    posts.c.title.like("%cedar%"),
                    authors.c.id != number,
                )
                .order_by(posts.c.views.desc(), posts.c.id)
                .limit(50)
            )
            for number in range(times)
        ]


CONTESTANT = SqlAlchemyCore
