"""Every place that takes a text: as a value, and as a name. Each is a statement made with the text.

What a place makes of harmless texts is what it may make of any other. One form is the rule; where the text decides
between a few (a search without words, a key that SQLite's paths cannot say) each is named in `FORMS`.
"""

# The rows of the tables look alike: each a lambda, the text where a caller would write it.
# ruff: noqa: SIM300

import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Protocol

from generated import Item, Post, User, UserQuery, db
from isomorph import functions as f
from isomorph.catalog import ColumnType, Kind
from isomorph.dialects.base import Dialect
from isomorph.orm.assigning import changes_of
from isomorph.orm.modifying import modification
from isomorph.sql.assignments import Assignment
from isomorph.sql.codecs import codec_for
from isomorph.sql.composites import ArrayColumn

__all__ = ["FORMS", "HARMLESS", "NAMES", "QUOTED", "SLOW", "SPELLED", "VALUES", "Build", "Spelling", "forms_of"]

HARMLESS = "harmless"


class Compiles(Protocol):
    """A statement."""

    def compile(self, dialect: Dialect, /) -> tuple[str, tuple[object, ...]]: ...


Build = Callable[[str], Compiles]


# Type checkers of callers would refuse some of these; texts of clients come from where nobody checks.
USER: Any = User
ITEM: Any = Item
F: Any = f
_TEXTS: type[ArrayColumn[list[str], str]] = ArrayColumn
TAGS = _TEXTS._make(
    model="User",
    field="tags",
    table="users",
    name="tags",
    nullable=False,
    codec=codec_for(ColumnType(Kind.ARRAY, item=ColumnType(Kind.TEXT))),
)
"""Of a type that the showcase does not have."""


# --- statements ----------------------------------------------------------------------------------------------------------


def _where(predicate: Any) -> Compiles:
    return User.query().where(predicate)._statement


def _select(expression: Any) -> Compiles:
    return User.query().select(expression)._statement


def _cte(query: UserQuery, name: str = "found") -> Compiles:
    found = query.cte(name)
    return found.query()._statement


def _recursion(text: str) -> Compiles:
    roots = User.query().where(User.name == text)
    tree = roots.recursive("tree", lambda found: User.query().join(found, on=User.manager_id == found.id))
    return tree.query()._statement


def _limits(text: str) -> Compiles:
    return User.query().where_raw("name BETWEEN ? AND ? AND name <> '?'", text, text)._statement


def _update(*assignments: Assignment) -> Compiles:
    query = User.query().where(User.id > 0)
    changes = changes_of(query._definition, query._statement, assignments, "update_with()")
    return modification(query._definition, query._statement, changes)


def _values(name: str, text: str, column: Any = User.name) -> Compiles:
    given = f.values(name, [(1, text), (2, text)], columns=(User.id, column))
    return User.query().join(given, on=User.id == given[User.id]).select(given[column])._statement


def _fill_rows(text: str) -> Compiles:
    return User.query().where(F.tuple_(User.name, User.email) > (text, text))._statement


def _amount(query: Any) -> Any:
    statement = query._statement.copy()
    statement.columns = query._read_columns()
    return statement


VALUES: dict[str, Build] = {
    "with_count's name": lambda text: _amount(User.query().with_count(User.posts, name=text)),
    "with_exists's name": lambda text: _amount(User.query().with_exists(User.posts, name=text)),
    "with_sum's name": lambda text: _amount(User.query().with_sum(User.posts, Post.views, name=text)),
    "with_avg's name": lambda text: _amount(User.query().with_avg(User.posts, Post.views, name=text)),
    "with_min's name": lambda text: _amount(User.query().with_min(User.posts, Post.views, name=text)),
    "with_max's name": lambda text: _amount(User.query().with_max(User.posts, Post.views, name=text)),
    # Conditions of a text.
    "==": lambda text: _where(User.name == text),
    "!=": lambda text: _where(User.name != text),
    "<": lambda text: _where(User.name < text),
    "<=": lambda text: _where(User.name <= text),
    ">": lambda text: _where(User.name > text),
    ">=": lambda text: _where(User.name >= text),
    "between": lambda text: _where(User.name.between(text, text)),
    "not_between": lambda text: _where(User.name.not_between(text, text)),
    "in_": lambda text: _where(User.name.in_([text, "b"])),
    "in_ of many": lambda text: _where(User.name.in_([text, *(f"name {number}" for number in range(101))])),
    "not_in": lambda text: _where(User.name.not_in([text, "b"])),
    "same_as": lambda text: _where(User.name.same_as(text)),
    "is_distinct_from": lambda text: _where(User.name.is_distinct_from(text)),
    "contains": lambda text: _where(User.name.contains(text)),
    "starts_with": lambda text: _where(User.name.starts_with(text)),
    "ends_with": lambda text: _where(User.name.ends_with(text)),
    "like": lambda text: _where(User.name.like(text)),
    "ilike": lambda text: _where(User.name.ilike(text)),
    "icontains": lambda text: _where(User.name.icontains(text)),
    "istarts_with": lambda text: _where(User.name.istarts_with(text)),
    "iends_with": lambda text: _where(User.name.iends_with(text)),
    "iequals": lambda text: _where(User.name.iequals(text)),
    "matches": lambda text: _where(User.name.matches(text)),
    "matches, ignoring case": lambda text: _where(User.name.matches(text, ignore_case=True)),
    "match": lambda text: _where(f.match(User.name, User.email, against=text)),
    "match of a phrase": lambda text: _where(f.match(User.name, against=text, phrase=True)),
    "relevance": lambda text: _select(f.relevance(User.name, against=text)),
    # Several at once.
    "tuple_ in_": lambda text: _where(f.tuple_(User.id, User.name).in_([(1, text), (2, "b")])),
    "tuple_ not_in": lambda text: _where(f.tuple_(User.id, User.name).not_in([(1, text), (2, "b")])),
    "tuple_ ==": lambda text: _where(F.tuple_(User.id, User.name) == (1, text)),
    "tuple_ !=": lambda text: _where(F.tuple_(User.id, User.name) != (1, text)),
    "tuple_ <": lambda text: _where(F.tuple_(User.id, User.name) < (1, text)),
    "tuple_ <=": lambda text: _where(F.tuple_(User.id, User.name) <= (1, text)),
    "tuple_ >": _fill_rows,
    "tuple_ >=": lambda text: _where(F.tuple_(User.id, User.name) >= (1, text)),
    "values": lambda text: _values("given", text),
    "values of a named column": lambda text: _values("given", text, f.col("other", str)),
    # Columns without a model.
    "col ==": lambda text: _where(f.col("name") == text),
    "col !=": lambda text: _where(f.col("name") != text),
    "col <": lambda text: _where(f.col("name") < text),
    "col <=": lambda text: _where(f.col("name") <= text),
    "col >": lambda text: _where(f.col("name") > text),
    "col >=": lambda text: _where(f.col("name") >= text),
    "col between": lambda text: _where(f.col("name").between(text, text)),
    "col in_": lambda text: _where(f.col("name").in_([text, "b"])),
    "col not_in": lambda text: _where(f.col("name").not_in([text, "b"])),
    "typed col": lambda text: _where(f.col("name", str).contains(text)),
    # What is computed.
    "replace": lambda text: _select(User.name.replace(text, text)),
    "position": lambda text: _select(User.name.position(text)),
    "trim": lambda text: _select(User.name.trim(text[:1])),
    "ltrim": lambda text: _select(User.name.ltrim(text[:1])),
    "rtrim": lambda text: _select(User.name.rtrim(text[:1])),
    "lpad": lambda text: _select(User.name.lpad(9, text)),
    "rpad": lambda text: _select(User.name.rpad(9, text)),
    "text +": lambda text: _select(text + User.name),
    "+ text": lambda text: _select(User.name + text),
    "coalesce": lambda text: _select(f.coalesce(User.nickname, text)),
    "nullif": lambda text: _select(f.nullif(User.name, text)),
    "greatest": lambda text: _select(f.greatest(User.name, text)),
    "least": lambda text: _select(f.least(User.name, text)),
    "case": lambda text: _select(f.case((User.name == text, text), default=text)),
    "literal": lambda text: _select(f.literal(text)),
    "string_agg": lambda text: _select(f.string_agg(User.name, text)),
    "filter": lambda text: _select(f.count().filter(User.name == text)),
    "lag": lambda text: _select(f.lag(User.name, 1, text).over(order_by=User.id)),
    "lead": lambda text: _select(f.lead(User.name, 1, text).over(order_by=User.id)),
    "at_zone": lambda text: _select(User.joined.at_zone(text)),
    # Documents and arrays.
    "json ==": lambda text: _where(User.settings == text),
    "json !=": lambda text: _where(User.settings != {text: [text]}),
    "json contains": lambda text: _where(User.settings.contains(text)),
    "json contains a list": lambda text: _where(User.settings.contains([text, {text: text}])),
    "json contains an object": lambda text: _where(User.settings.contains({text: text})),
    "json has_key": lambda text: _where(User.settings.has_key(text)),
    "json has_any_keys": lambda text: _where(User.settings.has_any_keys(text, "b")),
    "json has_all_keys": lambda text: _where(User.settings.has_all_keys("b", text)),
    "json part": lambda text: _select(User.settings[text]),
    "json part of parts": lambda text: _select(User.settings["a"][0][text][-1][text]),
    "json text": lambda text: _where(User.settings[text].as_str() == text),
    "json numbers": lambda text: _select(User.settings[text].as_int() + User.settings[text].length()),
    "json float": lambda text: _select(User.settings[text].as_float()),
    "json truth": lambda text: _select(User.settings[text].as_bool()),
    "json type": lambda text: _select(User.settings[text].type_of()),
    "json part ==": lambda text: _where(User.settings[text] == {"a": text}),
    "json part contains": lambda text: _where(User.settings[text].contains([text])),
    "json set": lambda text: _select(User.settings[text].set(text)),
    "json set a document": lambda text: _select(User.settings["a"].set({text: text})),
    "json set a column": lambda text: _select(User.settings[text].set(User.name)),
    "json remove": lambda text: _select(User.settings[text].remove()),
    "array ==": lambda text: _where(TAGS == [text]),
    "array contains": lambda text: _where(TAGS.contains(text)),
    "array contains_all": lambda text: _where(TAGS.contains_all([text, "b"])),
    "array contained_by": lambda text: _where(TAGS.contained_by([text, "b"])),
    "array overlaps": lambda text: _where(TAGS.overlaps([text, "b"])),
    "array append": lambda text: _select(TAGS.append(text)),
    # Clauses, and queries within queries.
    "order_by": lambda text: User.query().order_by(User.name.replace("a", text).desc())._statement,
    "group_by": lambda text: User.query().group_by(User.name.replace("a", text)).select(f.count())._statement,
    "having": lambda text: User.query().group_by(User.name).having(User.name == text).select(User.name)._statement,
    "a join's condition": lambda text: User.query().join(Post, on=Post.title == text)._statement,
    "when_given": lambda text: (
        User.query().when_given(text, lambda query, name: query.where(User.name == name))._statement
    ),
    "or_where": lambda text: User.query().where(User.id > 3).or_where(User.name == text)._statement,
    "raw": lambda text: User.query().where_raw("name = ? OR name = '??'", text)._statement,
    "twice in raw": _limits,
    "in a sub-query": lambda text: _where(User.id.in_(Post.query().where(Post.title == text).select(Post.author_id))),
    "in a union": lambda text: User.query().union(User.query().where(User.name == text))._statement,
    "in a common table expression": lambda text: _cte(User.query().where(User.name == text)),
    "in a recursion": _recursion,
    # What is written.
    "to": lambda text: _update(User.name.to(text)),
    "to a document": lambda text: _update(User.settings.to({text: text})),
    "to an expression": lambda text: _update(User.settings.to(User.settings[text].set(text))),
}
"""Places for values."""


# --- names ---------------------------------------------------------------------------------------------------------------


def _recursive(text: str) -> Compiles:
    roots = User.query().where(User.manager_id.is_null())
    tree = roots.recursive(text, lambda found: User.query().join(found, on=User.manager_id == found.id))
    return tree.query()._statement


def _recursive_selection(text: str) -> Compiles:
    roots = User.query().where(User.manager_id.is_null()).select(User.id)
    tree = roots.recursive(
        text, lambda found: User.query().join(found, on=User.manager_id == found[User.id]).select(User.id)
    )
    return tree.query().select(tree[User.id])._statement


def _joined(text: str) -> Compiles:
    boss = User.alias(text)
    return User.query().join(User.manager, boss).where(boss.age > 3).select(User.name, boss.name)._statement


def _of_selection(text: str) -> Compiles:
    found = User.query().select(User.id, User.name.lower().as_(text)).cte(text)
    return found.query().select(found[User.id])._statement


def _subquery(text: str) -> Compiles:
    found = User.query().select(User.id).subquery(text)
    return found.query().select(found[User.id].as_("x"))._statement


def _written(text: str, *, deletes: bool) -> Compiles:
    rows = User.query().where(User.id > 0).returning(User.id)
    found = rows.delete_cte(text) if deletes else rows.update_cte(text, User.age.to(3))
    return found.query().select(found[User.id].as_("x"))._statement


def _written_models(text: str) -> Compiles:
    return User.query().where(User.id > 0).returning(User).delete_cte(text).query()._statement


def _table(text: str, alias: str | None = None) -> Compiles:
    return db.table(text, alias=alias).where(f.col("views", int) > 3).select(f.col("day"))._statement


NAMES: dict[str, Build] = {
    "alias": lambda text: User.alias(text).query()._statement,
    "alias of a relation": _joined,
    "as_": lambda text: User.query().select(User.name.as_(text))._statement,
    "as_ of what is computed": lambda text: User.query().select(f.count().as_(text)).order_by(f.count())._statement,
    "cte": lambda text: _cte(User.query(), text),
    "cte of a selection": _of_selection,
    "recursive": _recursive,
    "recursive of a selection": _recursive_selection,
    "subquery": _subquery,
    "update_cte": lambda text: _written(text, deletes=False),
    "delete_cte": lambda text: _written(text, deletes=True),
    "delete_cte of a model": _written_models,
    "values": lambda text: _values(text, "x"),
    "values' columns": lambda text: _values("given", "x", f.col(text, str)),
    "table": _table,
    "table's alias": lambda text: _table("metrics", text),
    "col": lambda text: _where(f.col(text, str) == "x"),
    "untyped col": lambda text: _select(f.col(text)),
    "col's table": lambda text: db.table(text).select(f.col(text, table=text))._statement,
}
"""Places for names, which stand in the text in quotes."""


@dataclass(frozen=True)
class Spelling:
    """A place for a text that stands in the SQL without the quotes of names.

    Attributes:
        build: makes the statement.
        spelled: how the text stands there.
        is_safe: whether a text can stand there without an end to it.
    """

    build: Build
    spelled: Callable[[str], str]
    is_safe: Callable[[str], bool]


def _is_remark(text: str) -> bool:
    return "*/" not in f"{text} */"[:-3] and "/*" not in text and "%" not in text


def _is_word(text: str) -> bool:
    return re.fullmatch(r"[a-z0-9_]+", text) is not None


SPELLED: dict[str, Spelling] = {
    "comment": Spelling(
        lambda text: User.query().comment(text)._statement,
        lambda text: f"/* {text} */",
        lambda text: _is_remark(text) and (text.isprintable()),
    ),
    "hint": Spelling(
        lambda text: (
            USER.query().hint("mysql", text).hint("postgresql", text).where(User.id > 1).select(User.id)._statement
        ),
        lambda text: f"/*+ {text} */",
        _is_remark,
    ),
    "language": Spelling(
        lambda text: _where(f.match(User.name, against="a b", language=text)), lambda text: f"'{text}'", _is_word
    ),
    "language of relevance": Spelling(
        lambda text: _select(f.relevance(User.name, against="a", language=text)), lambda text: f"'{text}'", _is_word
    ),
}
"""Places for texts that are part of the SQL by what they are for."""

QUOTED = {"sqlite": '"', "postgresql": '"', "mysql": "`"}
"""The quotes of names."""


# --- what is expected ------------------------------------------------------------------------------------------------------

_KEYS = (HARMLESS, '"')
"""A key that SQLite's paths can say, and one they cannot."""

FORMS: Mapping[str, Sequence[str]] = {
    "match": (HARMLESS, ""),
    "match of a phrase": (HARMLESS, ""),
    "at_zone": ("Europe/Berlin", "UTC"),
    **{place: _KEYS for place in VALUES if place.startswith("json ")},
}
"""Texts that stand for all there are, by place; `HARMLESS` where nothing is said."""

SLOW = {
    *("recursive", "recursive of a selection", "in a recursion", "in a union", "alias of a relation"),
    *("cte of a selection", "update_cte", "delete_cte", "delete_cte of a model"),
}
"""Places that take long to compile."""


def forms_of(place: str) -> Sequence[str]:
    """Texts that stand for all that a place may make."""
    return FORMS.get(place, (HARMLESS,))
