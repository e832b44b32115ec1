"""Places about relations that take no text: a relation, a condition on its rows, one of a few operators."""

# The rows of the table look alike: each a lambda, the text where a caller would write it.

from collections.abc import Callable
from typing import Any

from generated import Comment, Post, User

__all__ = ["BY_NAME", "RELATED"]

# Type checkers refuse all of these; texts of clients come from where nobody checks.
USER: Any = User
COMMENT: Any = Comment

BY_NAME = ("count_of", "exists_of", "sum_of", "avg_of", "min_of", "max_of")
"""Places for the name of an amount, whose errors tell what was asked for."""

_WITH = ("with_sum", "with_avg", "with_min", "with_max")


def _query() -> Any:
    return USER.query()


def _comments() -> Any:
    return COMMENT.query()


def _one() -> Any:
    return USER(name="Ada", email="ada@example.com", password="x")


def _amount(method: str, *, is_condition: bool = False) -> Callable[[str], object]:
    def call(text: str) -> object:
        given = (User.posts, Post.views, text) if is_condition else (text, Post.views)
        return getattr(_query(), method)(*given)

    return call


def _named(method: str) -> Callable[[str], object]:
    columns = () if method in {"count_of", "exists_of"} else (Post.views,)
    return lambda text: getattr(_one(), method)(text, *columns)


RELATED: dict[str, Callable[[str], object]] = {
    "has": lambda text: _query().has(text),
    "has's operator": lambda text: _query().has(User.posts, text, 2),
    "or_has": lambda text: _query().or_has(text),
    "or_has's operator": lambda text: _query().or_has(User.posts, text, 2),
    "doesnt_have": lambda text: _query().doesnt_have(text),
    "or_doesnt_have": lambda text: _query().or_doesnt_have(text),
    "where_has": lambda text: _query().where_has(text),
    "where_has's condition": lambda text: _query().where_has(User.posts, text),
    "where_has's operator": lambda text: _query().where_has(User.posts, operator=text, count=2),
    "or_where_has": lambda text: _query().or_where_has(text),
    "or_where_has's condition": lambda text: _query().or_where_has(User.posts, text),
    "or_where_has's operator": lambda text: _query().or_where_has(User.posts, operator=text, count=2),
    "where_doesnt_have": lambda text: _query().where_doesnt_have(text),
    "where_doesnt_have's condition": lambda text: _query().where_doesnt_have(User.posts, text),
    "or_where_doesnt_have": lambda text: _query().or_where_doesnt_have(text),
    "or_where_doesnt_have's condition": lambda text: _query().or_where_doesnt_have(User.posts, text),
    "where_relation": lambda text: _query().where_relation(text, Post.views > 1),
    "where_relation's condition": lambda text: _query().where_relation(User.posts, text),
    "where_has_morph": lambda text: _comments().where_has_morph(text, "all"),
    "where_has_morph's members": lambda text: _comments().where_has_morph(Comment.commentable, text),
    "where_morphed_to": lambda text: _comments().where_morphed_to(text, Post),
    "where_morphed_to's member": lambda text: _comments().where_morphed_to(Comment.commentable, text),
    "where_not_morphed_to": lambda text: _comments().where_not_morphed_to(text, Post),
    "where_not_morphed_to's member": lambda text: _comments().where_not_morphed_to(Comment.commentable, text),
    "with_count": lambda text: _query().with_count(text),
    "with_count's condition": lambda text: _query().with_count(User.posts, text),
    "with_exists": lambda text: _query().with_exists(text),
    "with_exists's condition": lambda text: _query().with_exists(User.posts, text),
    **{method: _amount(method) for method in _WITH},
    **{f"{method}'s condition": _amount(method, is_condition=True) for method in _WITH},
    "load": lambda text: _one().load(text),
    "load's query": lambda text: _one().load(User.posts, text),
    "load_missing": lambda text: _one().load_missing(text),
    "load_missing's query": lambda text: _one().load_missing(User.posts, text),
    "load_count": lambda text: _one().load_count(text),
    **{method: _named(method) for method in BY_NAME},
}
"""Places that take no text, or the name of an amount that nobody asked for."""
