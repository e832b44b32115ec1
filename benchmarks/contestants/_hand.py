"""What hand-written code is on every driver: rows into slotted classes by position, and what is related put together.

How a statement is run is the driver's; what takes a statement for each object is written out there, in loops of its own.
"""

from __future__ import annotations

from abc import abstractmethod
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from queue import SimpleQueue
from typing import Any, Generic, LiteralString, TypeVar

from benchmarks.contestants import _statements as say
from benchmarks.contestants._slotted import Author, Comment, Pivot, Post, Reading, Remark, Tag, User
from benchmarks.contestants._tables import creations
from benchmarks.harness.contestant import Contestant, Kind

__all__ = ["HandWritten"]

_POOL = 4
Handle = TypeVar("Handle")


class HandWritten(Contestant, Generic[Handle]):
    """What an experienced programmer writes for one program and one database.

    A handle is what statements are run by: a cursor that is kept, or the connection, whichever is faster.
    """

    kind = Kind.HAND

    def open(self) -> None:
        self._handle = self._opened()
        self._pool: SimpleQueue[Handle] = SimpleQueue()

    def close(self) -> None:
        self._shut(self._handle)
        while not self._pool.empty():
            self._shut(self._pool.get())

    def create(self) -> None:
        for statement in creations(self.place.dialect):
            self._told(statement)

    # --- the driver's ------------------------------------------------------------------------------------------------

    @abstractmethod
    def _opened(self) -> Handle:
        """A handle on a connection of its own."""

    @abstractmethod
    def _shut(self, handle: Handle) -> None:
        """Close the connection of a handle."""

    @abstractmethod
    def _told(self, statement: str) -> None:
        """Run a statement that gives no rows."""

    def _said(self, sql: LiteralString) -> LiteralString:
        """A statement with the driver's own signs where values go."""
        return sql

    @abstractmethod
    def _rows(self, sql: LiteralString, values: tuple[int, ...] = ()) -> Sequence[Any]:
        """All rows of a query; values are bound, where they have a sign."""

    @abstractmethod
    def _among(self, sql: LiteralString, keys: Sequence[int]) -> Sequence[Any]:
        """All rows of a query that ends in a column's name, where that column is one of the keys."""

    @abstractmethod
    def _found(self, handle: Handle, keys: Sequence[int]) -> list[User]:
        """A user for each key, with a statement for each."""

    # --- reading: booleans are integers, but for a database that has any ------------------------------------------------

    def get_by_key(self, keys: Sequence[int]) -> list[User]:
        return self._found(self._handle, keys)

    def filter_limit(self, ages: Sequence[int]) -> list[list[User]]:
        sql = self._said(say.FILTERED)
        return [self._users(sql, (age, 20)) for age in ages]

    def _users(self, sql: LiteralString, values: tuple[int, ...] = ()) -> list[User]:
        return [
            User(key, name, email, age, score, active == 1)
            for key, name, email, age, score, active in self._rows(sql, values)
        ]

    def narrow(self) -> list[User]:
        return self._users(say.USER)

    def tuples(self) -> Sequence[Any]:
        return self._rows(say.TUPLE)

    def dicts(self) -> list[dict[str, object]]:
        return [
            {"id": key, "name": name, "email": email, "age": age, "score": score}
            for key, name, email, age, score in self._rows(say.TUPLE)
        ]

    def readings(self, number: int) -> list[Reading]:
        return [
            Reading(key, sensor, value, label, valid == 1)
            for key, sensor, value, label, valid in self._rows(self._said(say.FIRST_READINGS), (number,))
        ]

    def users_above(self, key: int) -> list[User]:
        return self._users(self._said(say.ABOVE), (key,))

    def threads(self, parts: Sequence[Sequence[int]]) -> list[list[User]]:
        pool = self._pool
        if pool.empty():
            for _ in range(_POOL):
                pool.put(self._opened())

        def found(keys: Sequence[int]) -> list[User]:
            users = list[User]()
            for key in keys:
                handle = pool.get()
                try:
                    users += self._found(handle, (key,))
                finally:
                    pool.put(handle)
            return users

        with ThreadPoolExecutor(len(parts)) as threads:
            return list(threads.map(found, parts))

    # --- relations -------------------------------------------------------------------------------------------------------

    def nested(self) -> list[Author]:
        authors_by = {row[0]: Author(*row) for row in self._rows(say.AUTHOR)}
        posts_by = dict[int, Post]()
        for row in self._among(f"{say.POST} WHERE author_id", [*authors_by]):
            post = Post(*row)
            posts_by[post.id] = post
            authors_by[post.author_id].posts.append(post)
        for row in self._among(f"{say.COMMENT} WHERE post_id", [*posts_by]):
            comment = Comment(*row)
            posts_by[comment.post_id].comments.append(comment)
        return [*authors_by.values()]

    def to_one(self, number: int) -> list[Comment]:
        comments = [Comment(*row) for row in self._rows(self._said(say.FIRST_COMMENTS), (number,))]
        keys = list({comment.post_id for comment in comments})
        posts_by = {row[0]: Post(*row) for row in self._among(f"{say.POST} WHERE id", keys)}
        for comment in comments:
            comment.post = posts_by[comment.post_id]
        return comments

    def many_to_many(self) -> list[Post]:
        posts_by = {row[0]: Post(*row) for row in self._rows(say.POST)}
        for post, key, name, position in self._among(f"{say.POST_TAG} WHERE post_tags.post_id", [*posts_by]):
            posts_by[post].tags.append(Tag(key, name, Pivot(position)))
        return [*posts_by.values()]

    def morph_many(self) -> list[Post]:
        posts_by = {row[0]: Post(*row) for row in self._rows(say.POST)}
        for row in self._among(f"{say.REMARK} WHERE subject_type = 'post' AND subject_id", [*posts_by]):
            remark = Remark(*row)
            posts_by[remark.subject_id].remarks.append(remark)
        return [*posts_by.values()]

    def morph_to(self) -> list[Remark]:
        remarks = [Remark(*row) for row in self._rows(say.REMARK)]
        authors = list({remark.subject_id for remark in remarks if remark.subject_type == "author"})
        posts = list({remark.subject_id for remark in remarks if remark.subject_type == "post"})
        authors_by = {row[0]: Author(*row) for row in self._among(f"{say.AUTHOR} WHERE id", authors)}
        posts_by = {row[0]: Post(*row) for row in self._among(f"{say.POST} WHERE id", posts)}
        for remark in remarks:
            by = authors_by if remark.subject_type == "author" else posts_by
            remark.subject = by[remark.subject_id]
        return remarks

    def aggregate(self, likes: int) -> Sequence[Any]:
        return self._rows(self._said(say.AGGREGATE), (likes,))
