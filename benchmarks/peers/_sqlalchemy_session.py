"""The workloads by sessions and mapped classes: those of SQLAlchemy's ORM and, as it stands on it, those of SQLModel."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from types import SimpleNamespace
from typing import Any, ClassVar

import sqlalchemy as sa
from sqlalchemy import orm

from benchmarks.harness.data import Row
from benchmarks.harness.places import Place
from benchmarks.peers._sqlalchemy_base import CHUNK, SqlAlchemy, given

__all__ = ["Sessions"]


class Sessions(SqlAlchemy):
    """Relations are loaded by what `What Kind of Loading to Use?` advises, objects written by the unit of work.

    A statement of which only values differ is made once: it takes two thirds of what `Session.get` takes, or the same
    statement made anew.
    """

    # The mapped classes by their names, and what makes sessions and queries.
    models: ClassVar[SimpleNamespace]
    session: ClassVar[type[orm.Session]] = orm.Session

    def __init__(self, place: Place) -> None:
        super().__init__(place)
        user = self.models.User
        # https://docs.sqlalchemy.org/en/21/orm/session_basics.html#using-a-sessionmaker
        self._session = orm.sessionmaker(self._engine, class_=self.session, expire_on_commit=False)
        self._five = (user.id, user.name, user.email, user.age, user.score)
        # https://docs.sqlalchemy.org/en/21/orm/examples.html#examples-performance (short_selects)
        self._by_key = self.select(user).where(user.id == sa.bindparam("key"))
        self._page = (
            self.select(user)
            .where(user.age == sa.bindparam("age"), user.active, user.score >= 20)
            .order_by(user.id)
            .limit(50)
        )

    def select(self, *entities: Any) -> Any:
        """A SELECT of classes or columns."""
        return sa.select(*entities)

    def objects(self, session: Any, query: Any, values: Any = None) -> Any:
        """The objects that a query finds."""
        return session.scalars(query, values)

    def rows(self, session: Any, query: Any) -> Any:
        """The rows that a query of columns finds."""
        return session.execute(query)

    def value(self, item: Any, name: str) -> object:
        return getattr(item.tag if isinstance(item, self.models.PostTag) else item, name)

    def position(self, item: Any) -> object:
        return item.position

    def _all(self, query: Any) -> Sequence[Any]:
        with self._session() as session:
            return self.objects(session, query).all()

    # --- reading ---------------------------------------------------------------------------------------------------------

    def get_by_key(self, keys: Sequence[int]) -> list[Any]:
        with self._session() as session:
            return [self.objects(session, self._by_key, {"key": key}).one() for key in keys]

    def filter_limit(self, ages: Sequence[int]) -> list[Sequence[Any]]:
        with self._session() as session:
            return [self.objects(session, self._page, {"age": age}).all() for age in ages]

    def narrow(self) -> Sequence[Any]:
        return self._all(self.select(self.models.User))

    def wide(self) -> Sequence[Any]:
        return self._all(self.select(self.models.Event))

    def tuples(self) -> Sequence[Any]:
        with self._session() as session:
            return self.rows(session, self.select(*self._five)).all()

    # https://docs.sqlalchemy.org/en/21/core/connections.html#sqlalchemy.engine.Result.mappings
    def dicts(self) -> list[dict[str, Any]]:
        with self._session() as session:
            found: Iterable[Mapping[str, Any]] = self.rows(session, self.select(*self._five)).mappings()
            return [dict(row) for row in found]

    def readings(self, number: int) -> Sequence[Any]:
        reading = self.models.Reading
        return self._all(self.select(reading).order_by(reading.id).limit(number))

    # https://docs.sqlalchemy.org/en/21/orm/queryguide/api.html#fetching-large-result-sets-with-yield-per
    def stream(self) -> tuple[int, float, int]:
        count, total, valid = 0, 0.0, 0
        query = self.select(self.models.Reading).execution_options(yield_per=CHUNK)
        with self._session() as session:
            for reading in self.objects(session, query):
                count += 1
                total += reading.value
                valid += reading.valid
        return count, total, valid

    def users_above(self, key: int) -> Sequence[Any]:
        user = self.models.User
        return self._all(self.select(user).where(user.id > key).order_by(user.id))

    def threads(self, parts: Sequence[Sequence[int]]) -> list[list[Any]]:
        with ThreadPoolExecutor(len(parts)) as threads:
            return list(threads.map(self.get_by_key, parts))

    # --- relations -------------------------------------------------------------------------------------------------------
    # https://docs.sqlalchemy.org/en/21/orm/queryguide/relationships.html#what-kind-of-loading-to-use

    def nested(self) -> Sequence[Any]:
        author, post = self.models.Author, self.models.Post
        return self._all(self.select(author).options(orm.selectinload(author.posts).selectinload(post.comments)))

    def to_one(self, number: int) -> Sequence[Any]:
        comment = self.models.Comment
        query = self.select(comment).order_by(comment.id).limit(number)
        return self._all(query.options(orm.joinedload(comment.post, innerjoin=True)))

    def many_to_many(self) -> Sequence[Any]:
        post, tag = self.models.Post, self.models.PostTag.tag
        return self._all(self.select(post).options(orm.selectinload(post.tags).joinedload(tag, innerjoin=True)))

    def morph_many(self) -> Sequence[Any]:
        post = self.models.Post
        return self._all(self.select(post).options(orm.selectinload(post.remarks)))

    def morph_to(self) -> Sequence[Any]:
        remark = self.models.Remark
        return self._all(
            self.select(remark).options(orm.joinedload(remark.subject_author), orm.joinedload(remark.subject_post))
        )

    def aggregate(self, likes: int) -> Sequence[Any]:
        author, post, comment = self.models.Author, self.models.Post, self.models.Comment
        count = sa.func.count(comment.id)
        query = (
            self.select(author.country, count, sa.func.sum(comment.likes))
            .select_from(comment)
            .join(comment.post)
            .join(post.author)
            .where(comment.likes >= likes)
            .group_by(author.country)
            .having(count > 10)
            .order_by(author.country)
        )
        with self._session() as session:
            return self.rows(session, query).all()

    # --- writing ---------------------------------------------------------------------------------------------------------

    def insert_each(self, rows: Sequence[Row]) -> list[Any]:
        made = list[Any]()
        with self._session.begin() as session:
            for values in given(rows):
                user = self.models.User(**values)
                session.add(user)
                session.flush()  # without it all would be inserted by one statement
                made.append(user)
        return made

    # https://docs.sqlalchemy.org/en/21/orm/queryguide/dml.html#getting-new-objects-with-returning
    def insert_many(self, rows: Sequence[Row]) -> Sequence[Any]:
        user = self.models.User
        with self._session.begin() as session:
            return session.scalars(sa.insert(user).returning(user), given(rows)).all()

    def save_each(self, users: Sequence[Any]) -> None:
        with self._session.begin() as session:
            session.add_all(users)
            for user in users:
                user.age += 1
                session.flush()  # as above

    # https://docs.sqlalchemy.org/en/21/tutorial/orm_data_manipulation.html#updating-orm-objects-using-the-unit-of-work-pattern
    def save_unit(self, users: Sequence[Any]) -> None:
        with self._session.begin() as session:
            session.add_all(users)
            for user in users:
                user.age += 1

    # https://docs.sqlalchemy.org/en/21/orm/queryguide/dml.html#orm-upsert-statements
    def upsert(self, rows: Sequence[Row]) -> None:
        with self._session.begin() as session:
            session.execute(self.upserting(self.models.User), given(rows))

    def delete_each(self, users: Sequence[Any]) -> None:
        with self._session.begin() as session:
            for user in users:
                session.delete(user)
                session.flush()  # as above

    # https://docs.sqlalchemy.org/en/21/orm/queryguide/dml.html#orm-update-and-delete-with-custom-where-criteria
    def delete_unit(self, users: Sequence[Any]) -> None:
        user = self.models.User
        with self._session.begin() as session:
            session.execute(
                sa.delete(user).where(user.id.in_([each.id for each in users])),
                execution_options={"synchronize_session": False},
            )

    # --- building --------------------------------------------------------------------------------------------------------

    def compile(self, times: int) -> list[str]:
        author, post = self.models.Author, self.models.Post
        return [
            self.text(
                self.select(post)
                .join(post.author)
                .where(
                    post.views >= number,
                    post.views < number + 1000,
                    author.country == "de",
                    post.title.like("%cedar%"),
                    author.id != number,
                )
                .order_by(post.views.desc(), post.id)
                .limit(50)
            )
            for number in range(times)
        ]
