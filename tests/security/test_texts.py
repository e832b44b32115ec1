"""No text changes the SQL: hostile texts through every place that takes one, compiled for every dialect.

A value leaves the text of the statement as it is. A name appears in it once more than a harmless one would, quoted; or
it is refused with an error of isomorph's own, which does not repeat it.
"""

import os
from collections.abc import Callable
from typing import Any

import pytest

from generated import Post, User, UserQuery
from isomorph import dialects
from isomorph.errors import IsomorphError
from isomorph.sql.select import Select
from tests.security.fuzzing import CORPUS, texts

NUMBER = int(os.environ.get("ISOMORPH_FUZZED", "10000"))
"""Texts for each place; 100,000 in `make test-all`."""

HARMLESS = "harmless"

Build = Callable[[str], Select]


def _where(predicate: Any) -> Select:
    return User.query().where(predicate)._statement


def _cte(query: UserQuery, name: str = "found") -> Select:
    found = query.cte(name)
    return found.query()._statement


def _recursion(text: str) -> Select:
    roots = User.query().where(User.name == text)
    tree = roots.recursive("tree", lambda found: User.query().join(found, on=User.manager_id == found.id))
    return tree.query()._statement


VALUES: dict[str, Build] = {
    "==": lambda text: _where(User.name == text),
    "!=": lambda text: _where(User.name != text),
    "<": lambda text: _where(User.name < text),
    "between": lambda text: _where(User.name.between(text, text)),
    "in_": lambda text: _where(User.name.in_([text, "b"])),
    "in_ of many": lambda text: _where(User.name.in_([text, *map(str, range(101))])),
    "not_in": lambda text: _where(User.name.not_in([text, "b"])),
    "contains": lambda text: _where(User.name.contains(text)),
    "starts_with": lambda text: _where(User.name.starts_with(text)),
    "ends_with": lambda text: _where(User.name.ends_with(text)),
    "like": lambda text: _where(User.name.like(text)),
    "ilike": lambda text: _where(User.name.ilike(text)),
    "raw": lambda text: User.query().where_raw("name = ? OR name = '??'", text)._statement,
    "having": lambda text: User.query().group_by(User.name).having(User.name == text).select(User.name)._statement,
    "in a sub-query": lambda text: _where(User.id.in_(Post.query().where(Post.title == text).select(Post.author_id))),
    "in a union": lambda text: User.query().union(User.query().where(User.name == text))._statement,
    "in a common table expression": lambda text: _cte(User.query().where(User.name == text)),
    "in a recursion": _recursion,
}
"""Places for values."""

NAMES: dict[str, Build] = {
    "as_": lambda text: User.query().select(User.name.as_(text))._statement,
    "cte": lambda text: _cte(User.query(), text),
    "subquery": lambda text: User.query().select(User.id).subquery(text).query().select(User.id.as_("x"))._statement,
}
"""Places for names."""


def _compiled(build: Build, text: str, dialect: str) -> tuple[str, tuple[object, ...]] | IsomorphError:
    try:
        return build(text).compile(dialects.get(dialect))
    except IsomorphError as error:
        return error


@pytest.mark.feature("security.values")
@pytest.mark.parametrize("place", VALUES)
def test_a_value_is_no_part_of_the_text(place: str) -> None:
    build = VALUES[place]
    expected = {name: build(HARMLESS).compile(dialects.get(name)) for name in dialects.NAMES}

    for number, text in enumerate(texts(NUMBER)):
        for name in dialects.NAMES if number < len(CORPUS) else [dialects.NAMES[number % 3]]:
            found = _compiled(build, text, name)
            if isinstance(found, IsomorphError):
                assert len(text) < 4 or text not in str(found)
                continue
            assert found[0] == expected[name][0]
            assert len(found[1]) == len(expected[name][1])


@pytest.mark.feature("security.names")
@pytest.mark.parametrize("place", NAMES)
def test_a_name_is_quoted_wherever_it_stands(place: str) -> None:
    build = NAMES[place]
    for number, text in enumerate(texts(NUMBER)):
        for name in dialects.NAMES if number < len(CORPUS) else [dialects.NAMES[number % 3]]:
            dialect = dialects.get(name)
            found = _compiled(build, text, name)
            if isinstance(found, IsomorphError):
                continue
            expected = build(HARMLESS).compile(dialect)
            assert found[0] == expected[0].replace(dialect.quoted(HARMLESS), dialect.quoted(text))
            assert found[1] == expected[1]
