"""Queries inside of conditions."""

from __future__ import annotations

from isomorph.errors import InvalidValue
from isomorph.orm.builder import QueryBuilder
from isomorph.sql.expressions import Predicate
from isomorph.sql.predicates import Exists

__all__ = ["exists"]


def exists(query: QueryBuilder, /) -> Predicate:
    """True where a query has rows; it may read the tables of the query that it stands in.

    People who wrote something: `User.query().where(f.exists(Post.query().where(Post.author_id == User.id)))`.

    Raises:
        InvalidValue: no query.
    """
    if not isinstance(query, QueryBuilder):  # pyright: ignore[reportUnnecessaryIsInstance] - callers without a type checker
        raise InvalidValue("exists()", "a query such as Post.query().where(...)", type(query).__name__)
    return Exists(query._statement)
