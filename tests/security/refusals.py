"""Every place that means something else than a text, and is given one: a column, a number, a moment, a name on a list.

None of them makes anything of it: each is an error of isomorph's own.
"""

# The rows of the tables look alike: each a lambda, the text where a caller would write it.
# ruff: noqa: PLW0108, SIM300

from collections.abc import Callable
from typing import Any

from generated import Category, Item, Order, Post, Profile, User, db
from isomorph import functions as f
from isomorph.catalog import ColumnType, Kind
from isomorph.sql.codecs import codec_for
from isomorph.sql.composites import CidrColumn, InetColumn, MacAddrColumn, RangeColumn, SetColumn, ShapeColumn
from tests.security.places import TAGS
from tests.security.related import BY_NAME, RELATED

__all__ = ["REFUSALS", "TELLING", "Call"]

Call = Callable[[str], object]

# Type checkers refuse all of these; texts of clients come from where nobody checks.
USER: Any = User
ITEM: Any = Item
ORDER: Any = Order
PROFILE: Any = Profile
F: Any = f
DB: Any = db
LISTED: Any = TAGS


def _column(class_: Any, type_: ColumnType, enum_class: Any = None) -> Any:
    """A column of a type that the showcase does not have."""
    codec = codec_for(type_, enum_class)
    return class_._make(model="User", field="x", table="users", name="x", nullable=False, codec=codec)


INET = _column(InetColumn, ColumnType(Kind.INET))
CIDR = _column(CidrColumn, ColumnType(Kind.CIDR))
CARD = _column(MacAddrColumn, ColumnType(Kind.MACADDR))
RANGE = _column(RangeColumn, ColumnType(Kind.INT4RANGE))
STAY = _column(RangeColumn, ColumnType(Kind.DATERANGE))
SHAPE = _column(ShapeColumn, ColumnType(Kind.POINT))
SET = _column(SetColumn, ColumnType(Kind.SET, enum="Category"), Category)


def _user() -> Any:
    return USER(name="Ada", email="ada@example.com", password="x")


def _rows() -> Any:
    return USER.query().where(User.id > 0)


def _override(url: str, connection: str = "default") -> object:
    with DB.override(url, connection) as made:
        return made


def _using(name: str) -> object:
    with DB.using(name):
        return None


def _same(found: Any) -> Any:
    return found


def _given(text: str) -> object:
    found = USER.query().select(User.id).subquery("found")
    return found[text]


REFUSALS: dict[str, Call] = {
    **RELATED,
    # Clauses.
    "where": lambda text: USER.query().where(text),
    "or_where": lambda text: _rows().or_where(text),
    "having": lambda text: USER.query().group_by(User.id).having(text),
    "order_by": lambda text: USER.query().order_by(text),
    "reorder": lambda text: USER.query().reorder(text),
    "group_by": lambda text: USER.query().group_by(text),
    "distinct_on": lambda text: USER.query().distinct_on(text),
    "select": lambda text: USER.query().select(text),
    "select of an object's columns": lambda text: USER.query().select(User.id, text),
    "pluck": lambda text: USER.query().pluck(text),
    "value": lambda text: USER.query().value(text),
    "only": lambda text: USER.query().only(text),
    "include": lambda text: USER.query().include(text),
    "nested include": lambda text: USER.query().include(User.posts, text),
    "join": lambda text: USER.query().join(text),
    "join's alias": lambda text: USER.query().join(User.manager, text),
    "join's condition": lambda text: USER.query().join(Post, on=text),
    "left_join": lambda text: USER.query().left_join(text),
    "left_join's alias": lambda text: USER.query().left_join(User.manager, text),
    "left_join's condition": lambda text: USER.query().left_join(Post, on=text),
    "cross_join": lambda text: USER.query().cross_join(text),
    "limit": lambda text: USER.query().limit(text),
    "offset": lambda text: USER.query().offset(text),
    "union": lambda text: USER.query().union(text),
    "intersect": lambda text: USER.query().intersect(text),
    "except_": lambda text: USER.query().except_(text),
    "lock_for_update": lambda text: USER.query().lock_for_update(of=[text]),
    "lock_for_share": lambda text: USER.query().lock_for_share(of=[text]),
    "hint's dialect": lambda text: USER.query().hint(text, "SET"),
    "without_scope": lambda text: USER.query()._without([text]),
    "on": lambda text: USER.query().on(text).to_sql(),
    "max_depth": lambda text: USER.query().recursive("tree", _same, max_depth=text),
    "a column of a table": _given,
    # Aggregates and pages of a query.
    "sum of a query": lambda text: USER.query().sum(text),
    "avg of a query": lambda text: USER.query().avg(text),
    "min of a query": lambda text: USER.query().min(text),
    "max of a query": lambda text: USER.query().max(text),
    "page": lambda text: USER.query().paginate(page=text),
    "per_page": lambda text: USER.query().paginate(per_page=text),
    "simple page": lambda text: USER.query().simple_paginate(page=text),
    "per_page of a cursor": lambda text: USER.query().cursor_paginate(per_page=text),
    "cursor": lambda text: USER.query().cursor_paginate(cursor=text),
    "chunk": lambda text: USER.query().chunk(text),
    "chunk_by_id": lambda text: next(USER.query().chunk_by_id(3, text)),
    "order_by_untyped": lambda text: USER.query().order_by_untyped([f"{text}, no name"], [User.name]),
    "order_by_untyped's list": lambda text: USER.query().order_by_untyped("name", [text]),
    # Functions.
    "all_": lambda text: F.all_(text),
    "any_": lambda text: F.any_(text),
    "array_agg": lambda text: F.array_agg(text),
    "array_agg's order": lambda text: F.array_agg(User.name, order_by=text),
    "avg": lambda text: F.avg(text),
    "bool_and": lambda text: F.bool_and(text),
    "bool_or": lambda text: F.bool_or(text),
    "case's condition": lambda text: F.case((text, 1), default=2),
    "cast": lambda text: F.cast(text, int),
    "cast's type": lambda text: F.cast(User.name, text),
    "coalesce": lambda text: F.coalesce(text, User.name),
    "col's type": lambda text: F.col("name", text),
    "count": lambda text: F.count(text),
    "excluded": lambda text: F.excluded(text),
    "exists": lambda text: F.exists(text),
    "first_value": lambda text: F.first_value(text),
    "following": lambda text: F.following(text),
    "greatest": lambda text: F.greatest(text, User.name),
    "grouping": lambda text: F.grouping(text),
    "Groups": lambda text: F.Groups(text),
    "Groups' end": lambda text: F.Groups(F.preceding(), text),
    "Groups' exclude": lambda text: F.Groups(F.preceding(), exclude=text),
    "lag": lambda text: F.lag(text),
    "last_value": lambda text: F.last_value(text),
    "lead": lambda text: F.lead(text),
    "least": lambda text: F.least(text, User.name),
    "match": lambda text: F.match(text, against="word"),
    "max": lambda text: F.max(text),
    "min": lambda text: F.min(text),
    "nth_value": lambda text: F.nth_value(text, 2),
    "nth_value's number": lambda text: F.nth_value(User.id, text),
    "ntile": lambda text: F.ntile(text),
    "nullif": lambda text: F.nullif(text, User.name),
    "optional": lambda text: F.optional(text),
    "preceding": lambda text: F.preceding(text),
    "Range": lambda text: F.Range(text),
    "Range's end": lambda text: F.Range(F.preceding(), text),
    "Range's exclude": lambda text: F.Range(F.preceding(), exclude=text),
    "relevance": lambda text: F.relevance(text, against="word"),
    "Rows": lambda text: F.Rows(text),
    "Rows' end": lambda text: F.Rows(F.preceding(), text),
    "Rows' exclude": lambda text: F.Rows(F.preceding(), exclude=text),
    "string_agg": lambda text: F.string_agg(text, ", "),
    "sum": lambda text: F.sum(text),
    "tuple_": lambda text: F.tuple_(User.id, text),
    "values' rows": lambda text: F.values("given", [text], columns=(User.id, User.name)),
    "values' columns": lambda text: F.values("given", [(1, 2)], columns=(User.id, text)),
    "partition_by": lambda text: F.row_number().over(partition_by=text),
    "a window's order": lambda text: F.row_number().over(order_by=text),
    "a window's frame": lambda text: F.row_number().over(order_by=User.id, frame=text),
    "filter": lambda text: F.count().filter(text),
    # Numbers.
    "int ==": lambda text: USER.age == text,
    "int in_": lambda text: USER.age.in_([text]),
    "int in_ a text": lambda text: USER.age.in_(text),
    "int <": lambda text: USER.age < text,
    "int +": lambda text: USER.age + text,
    "text + int": lambda text: text + USER.age,
    "int -": lambda text: USER.age - text,
    "text - int": lambda text: text - USER.age,
    "int *": lambda text: USER.age * text,
    "text * int": lambda text: text * USER.age,
    "int /": lambda text: USER.age / text,
    "int //": lambda text: USER.age // text,
    "int %": lambda text: USER.age % text,
    "int power": lambda text: USER.age.power(text),
    "decimal /": lambda text: ITEM.price / text,
    "decimal //": lambda text: ITEM.price // text,
    "decimal %": lambda text: ITEM.price % text,
    "decimal power": lambda text: ITEM.price.power(text),
    "decimal round": lambda text: ITEM.price.round(text),
    "float /": lambda text: ITEM.weight_kg / text,
    "float power": lambda text: ITEM.weight_kg.power(text),
    "increment": lambda text: _rows().increment(User.age, text),
    "increment's column": lambda text: _rows().increment(text, 1),
    "decrement": lambda text: _rows().decrement(User.age, text),
    "increment_each": lambda text: _rows().increment_each({User.age: text}),
    "decrement_each": lambda text: _rows().decrement_each({text: 1}),
    # Texts, but not their text.
    "substring": lambda text: USER.name.substring(text),
    "left": lambda text: USER.name.left(text),
    "right": lambda text: USER.name.right(text),
    "lpad": lambda text: USER.name.lpad(text),
    "repeat": lambda text: USER.name.repeat(text),
    "in_ a single text": lambda text: USER.name.in_(text),
    "not_in a single text": lambda text: USER.name.not_in(text),
    "trim of more": lambda text: USER.name.trim(f"{text}ab"),
    # Moments and spans.
    "date ==": lambda text: PROFILE.born == text,
    "date -": lambda text: PROFILE.born - text,
    "date +": lambda text: PROFILE.born + text,
    "date truncate": lambda text: PROFILE.born.truncate(text),
    "time ==": lambda text: PROFILE.wakes_at == text,
    "moment <": lambda text: USER.joined < text,
    "moment +": lambda text: USER.joined + text,
    "moment -": lambda text: USER.joined - text,
    "moment truncate": lambda text: USER.joined.truncate(text),
    "zone": lambda text: USER.joined.at_zone(f"{text}'"),
    "span +": lambda text: (USER.joined - USER.joined) + text,
    "span -": lambda text: (USER.joined - USER.joined) - text,
    # Other types.
    "bool ==": lambda text: USER.active == text,
    "uuid ==": lambda text: ITEM.code == f"{text}-",
    "enum ==": lambda text: ORDER.status == f"{text}-",
    "bytes": lambda text: F.col("x", bytes) == text,
    "array ==": lambda text: LISTED == text,
    "array contains_all": lambda text: LISTED.contains_all(text),
    "array item": lambda text: LISTED.item(text),
    "set contains": lambda text: SET.contains(f"{text}-"),
    "set ==": lambda text: SET == {f"{text}-"},
    "address ==": lambda text: INET == text,
    "address within": lambda text: INET.within(text),
    "network contains": lambda text: CIDR.contains(text),
    "network overlaps": lambda text: CIDR.overlaps(text),
    "card": lambda text: CARD == text,
    "range ==": lambda text: RANGE == text,
    "range contains": lambda text: RANGE.contains(text),
    "range contains_range": lambda text: RANGE.contains_range(text),
    "range overlaps": lambda text: STAY.overlaps(text),
    "range adjacent": lambda text: STAY.adjacent(text),
    "shape ==": lambda text: SHAPE == text,
    "json key behind a place from the end": lambda text: USER.settings[-1][text].set(text),
    # Writing.
    "update_with": lambda text: _rows().update_with(text),
    "returning": lambda text: _rows().returning(text),
    "insert_from": lambda text: USER.insert_from(text, into=(User.id,)),
    "insert_from's columns": lambda text: USER.insert_from(USER.query().select(User.id), into=(text,)),
    "fill": lambda text: _user().fill({f"{text}-": text}),
    "create_from": lambda text: USER.create_from({f"{text}-": text}),
    "insert_many": lambda text: USER.insert_many([{f"{text}-": text}]),
    "insert_many's rows": lambda text: USER.insert_many([text]),
    "upsert's key": lambda text: USER.upsert([{"name": "a", "email": "b", "password": "c"}], unique=[text]),
    "first_or_create": lambda text: USER.first_or_create({f"{text}-": text}, {}),
    "first_or_create's values": lambda text: USER.first_or_create({"email": "a"}, {f"{text}-": text}),
    "create_or_first": lambda text: USER.create_or_first({f"{text}-": text}, {}),
    "update_or_create": lambda text: USER.update_or_create({f"{text}-": text}, {}),
    "update": lambda text: _rows().update(**{f"{text}-": text}),
    "find": lambda text: USER.find(text),
    "find_many": lambda text: USER.find_many([text]),
    "find_many of a text": lambda text: USER.find_many(f"{text}x"),
    "get_original": lambda text: _user().get_original(f"{text}-"),
    "is_dirty": lambda text: _user().is_dirty(f"{text}-"),
    # Connections.
    "connection": lambda text: DB.connection(f"{text}-"),
    "executor_named": lambda text: DB.executor_named(f"{text}-"),
    "using": lambda text: _using(f"{text}-"),
    "override": lambda text: _override("sqlite:///:memory:", f"{text}-"),
    "override's url": _override,
    "transaction": lambda text: DB.transaction(f"{text}-"),
    "run": lambda text: DB.run(lambda: None, connection=f"{text}-"),
    "execute": lambda text: DB.execute("SELECT 1", connection=f"{text}-"),
    "table's connection": lambda text: DB.table("metrics", connection=f"{text}-").get(),
}
"""Places that take no text."""

TELLING = {
    *("on", "connection", "executor_named", "using", "override", "transaction", "run", "execute", "table's connection"),
    *("fill", "create_from", "insert_many", "first_or_create", "first_or_create's values", "create_or_first"),
    *("update_or_create", "update", "get_original", "is_dirty", "order_by_untyped"),
    *BY_NAME,
}
"""Places for names on a list, whose errors tell what was asked for, as far as it can be shown."""
