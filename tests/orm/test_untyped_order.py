"""order_by_untyped: an order that a client asks for by name, held against what is allowed."""

from collections.abc import Iterator
from itertools import repeat
from typing import Any

import pytest

from generated import Post, User
from isomorph import limits
from isomorph.errors import InvalidQuery, InvalidValue, LimitExceeded, OrderNotAllowed
from isomorph.sql.expressions import Expression, Order
from tests.support.showcase import make_post, make_user

pytestmark = [pytest.mark.feature("queries.order_by_untyped"), pytest.mark.usefixtures("showcase")]

ALLOWED = (User.name, User.age)


def _orders(query: Any) -> str:
    text: str = query.to_sql()[0]
    return text.partition(" ORDER BY ")[2].replace("`", '"')


@pytest.mark.parametrize(
    ("names", "orders"),
    [
        ("name", '"name"'),
        ("-name", '"name" DESC'),
        ("+name", '"name"'),
        ("name,-id", '"name", "id" DESC'),
        (" name , , -id ", '"name", "id" DESC'),
        (["-id", "name"], '"id" DESC, "name"'),
        (("name", "-name"), '"name"'),
        ({"id"}, '"id"'),
        ("", ""),
        ([], ""),
    ],
)
def test_names_become_an_order(dialect: str, names: Any, orders: str) -> None:
    assert _orders(User.query().order_by_untyped(names, [User.name, User.id])) == orders


def test_rows_come_in_that_order_behind_one_that_was_asked_before(dialect: str) -> None:
    for name, active in (("Ada", True), ("Grace", False), ("Linus", True)):
        make_user(name, active=active)
    query = User.query().order_by(User.active.desc()).order_by_untyped("-name", ALLOWED)
    assert query.pluck(User.name) == ["Linus", "Ada", "Grace"]


def test_a_mapping_says_what_a_name_means(dialect: str) -> None:
    ada, grace = make_user("Ada"), make_user("Grace")
    for author, title, views in ((ada, "b", 1), (grace, "a", 2), (ada, "c", 3)):
        make_post(author, title, views=views)
    allowed: dict[str, Expression[Any] | Order] = {
        "title": Post.title,
        "popular": Post.views.desc(),
        "author": User.name,
    }
    query = Post.query().join(Post.author)
    assert query.order_by_untyped("popular", allowed).pluck(Post.title) == ["c", "a", "b"]
    assert query.order_by_untyped("-popular", allowed).pluck(Post.title) == ["b", "a", "c"]
    assert query.order_by_untyped("-author,title", allowed).pluck(Post.title) == ["a", "b", "c"]


def test_the_other_way_around_turns_the_place_of_null_too(dialect: str) -> None:
    make_user("Ada", age=None)
    make_user("Grace", age=45)
    make_user("Linus", age=21)
    allowed = {"age": User.age.asc().nulls_last()}
    assert User.query().order_by_untyped("age", allowed).pluck(User.name) == ["Linus", "Grace", "Ada"]
    assert User.query().order_by_untyped("-age", allowed).pluck(User.name) == ["Ada", "Grace", "Linus"]


@pytest.mark.feature("bad_input.unknown_column")
@pytest.mark.parametrize(
    ("names", "shown"),
    [
        ("password", "password"),
        ("--name", "--name"),
        ("name desc", "name desc"),
        ("name;drop", "name;drop"),
        ('na"me\n\x1b[31m', "na?me??[31m"),
        ("größe", "größe"),
        ("x" * 51, "x" * 50 + "..."),
        (["name", "-"], "-"),
        ("__class__", "__class__"),
    ],
)
def test_a_name_that_is_not_allowed_is_told_with_those_that_are(dialect: str, names: Any, shown: str) -> None:
    with pytest.raises(OrderNotAllowed) as caught:
        User.query().order_by_untyped(names, ALLOWED)
    assert str(caught.value) == (
        f'order_by_untyped(): expected one of name, age, with a - before it for the other way around, got "{shown}"'
    )
    assert (caught.value.name, caught.value.allowed) == (shown, ("name", "age"))
    assert isinstance(caught.value, InvalidValue)


@pytest.mark.feature("bad_input.wrong_type")
@pytest.mark.parametrize("names", [3, None, b"name", {"name": 1}, ["name", 3], [["name"]]])
def test_what_is_no_name_is_refused(dialect: str, names: Any) -> None:
    with pytest.raises(InvalidValue, match=r"^order_by_untyped\(\): expected a name or a list of them, got "):
        User.query().order_by_untyped(names, ALLOWED)


@pytest.mark.feature("bad_input.limits")
def test_more_names_than_anybody_needs_are_refused(dialect: str) -> None:
    endless: Iterator[str] = repeat("name")
    for names in (",".join(["name"] * 17), ["name"] * 17, endless, "," * 10_000_000):
        with pytest.raises(LimitExceeded, match=r"expected at most 16 names, got more \(limits.order_by\)$"):
            User.query().order_by_untyped(names, ALLOWED)
    with limits.override(limits.Limits(order_by=20)):
        User.query().order_by_untyped(["name"] * 17, ALLOWED)


def test_two_columns_of_one_name_need_names_of_their_own(dialect: str) -> None:
    with pytest.raises(InvalidQuery, match=r"allows two columns called id \(give them names by a mapping\)$"):
        User.query().order_by_untyped("id", [User.id, Post.id])
    wrong: Any = ["name"]
    with pytest.raises(InvalidValue, match=r"expected columns such as User.name, or a mapping of names, got str$"):
        User.query().order_by_untyped("name", wrong)
