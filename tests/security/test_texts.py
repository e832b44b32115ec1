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
from isomorph import functions as f
from isomorph.errors import IsomorphError
from isomorph.sql.select import Select
from tests.security.fuzzing import CORPUS, check_silent, texts

GIVEN = int(os.environ.get("ISOMORPH_FUZZED", "0"))
"""Texts for each place; 100,000 in `make test-all`. Unless told, 10,000, and fewer where compiling one takes long."""

SLOW = {"recursive", "in a recursion", "in a union", "alias of a relation", "cte of a selection"}

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


def _select(expression: Any) -> Select:
    return User.query().select(expression)._statement


def _limits(text: str) -> Select:
    return User.query().where_raw("name BETWEEN ? AND ? AND name <> '?'", text, text)._statement


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
    "not_between": lambda text: _where(User.name.not_between(text, text)),
    "same_as": lambda text: _where(User.name.same_as(text)),
    "is_distinct_from": lambda text: _where(User.name.is_distinct_from(text)),
    "icontains": lambda text: _where(User.name.icontains(text)),
    "istarts_with": lambda text: _where(User.name.istarts_with(text)),
    "iends_with": lambda text: _where(User.name.iends_with(text)),
    "iequals": lambda text: _where(User.name.iequals(text)),
    "matches": lambda text: _where(User.name.matches(text)),
    "matches, ignoring case": lambda text: _where(User.name.matches(text, ignore_case=True)),
    "tuple_": lambda text: _where(f.tuple_(User.id, User.name).in_([(1, text), (2, "b")])),
    "replace": lambda text: _select(User.name.replace(text, text)),
    "position": lambda text: _select(User.name.position(text)),
    "trim": lambda text: _select(User.name.trim(text[:1])),
    "lpad": lambda text: _select(User.name.lpad(9, text)),
    "rpad": lambda text: _select(User.name.rpad(9, text)),
    "text +": lambda text: _select(text + User.name),
    "+ text": lambda text: _select(User.name + text),
    "coalesce": lambda text: _select(f.coalesce(User.nickname, text)),
    "nullif": lambda text: _select(f.nullif(User.name, text)),
    "greatest": lambda text: _select(f.greatest(User.name, text)),
    "case": lambda text: _select(f.case((User.name == text, text), default=text)),
    "literal": lambda text: _select(f.literal(text)),
    "string_agg": lambda text: _select(f.string_agg(User.name, text)),
    "filter": lambda text: _select(f.count().filter(User.name == text)),
    "lag": lambda text: _select(f.lag(User.name, 1, text).over(order_by=User.id)),
    "order_by": lambda text: User.query().order_by(User.name.replace("a", text).desc())._statement,
    "group_by": lambda text: User.query().group_by(User.name.replace("a", text)).select(f.count())._statement,
    "a join's condition": lambda text: User.query().join(Post, on=Post.title == text)._statement,
    "twice in raw": _limits,
    "raw": lambda text: User.query().where_raw("name = ? OR name = '??'", text)._statement,
    "having": lambda text: User.query().group_by(User.name).having(User.name == text).select(User.name)._statement,
    "in a sub-query": lambda text: _where(User.id.in_(Post.query().where(Post.title == text).select(Post.author_id))),
    "in a union": lambda text: User.query().union(User.query().where(User.name == text))._statement,
    "in a common table expression": lambda text: _cte(User.query().where(User.name == text)),
    "in a recursion": _recursion,
}
"""Places for values."""


def _recursive(text: str) -> Select:
    roots = User.query().where(User.manager_id.is_null())
    tree = roots.recursive(text, lambda found: User.query().join(found, on=User.manager_id == found.id))
    return tree.query()._statement


def _joined(text: str) -> Select:
    boss = User.alias(text)
    return User.query().join(User.manager, boss).where(boss.age > 3).select(User.name, boss.name)._statement


def _of_selection(text: str) -> Select:
    found = User.query().select(User.id, User.name.lower().as_(text)).cte(text)
    return found.query().select(found[User.id])._statement


def _subquery(text: str) -> Select:
    found = User.query().select(User.id).subquery(text)
    return found.query().select(found[User.id].as_("x"))._statement


NAMES: dict[str, Build] = {
    "alias": lambda text: User.alias(text).query()._statement,
    "alias of a relation": _joined,
    "recursive": _recursive,
    "cte of a selection": _of_selection,
    "as_": lambda text: User.query().select(User.name.as_(text))._statement,
    "cte": lambda text: _cte(User.query(), text),
    "subquery": _subquery,
}
"""Places for names."""


def _number(place: str) -> int:
    return GIVEN or (2_000 if place in SLOW else 10_000)


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

    for number, text in enumerate(texts(_number(place))):
        for name in dialects.NAMES if number < len(CORPUS) else [dialects.NAMES[number % 3]]:
            found = _compiled(build, text, name)
            if isinstance(found, IsomorphError):
                check_silent(found, text)
                continue
            assert found[0] == expected[name][0]
            assert len(found[1]) == len(expected[name][1])


@pytest.mark.feature("security.names")
@pytest.mark.parametrize("place", NAMES)
def test_a_name_is_quoted_wherever_it_stands(place: str) -> None:
    build = NAMES[place]
    harmless = {name: build(HARMLESS).compile(dialects.get(name)) for name in dialects.NAMES}

    for number, text in enumerate(texts(_number(place))):
        for name in dialects.NAMES if number < len(CORPUS) else [dialects.NAMES[number % 3]]:
            dialect = dialects.get(name)
            found = _compiled(build, text, name)
            if isinstance(found, IsomorphError):
                continue
            expected = harmless[name]
            assert found[0] == expected[0].replace(dialect.quoted(HARMLESS), dialect.quoted(text))
            assert found[1] == expected[1]
