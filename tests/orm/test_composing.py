"""Composing queries: or_where, what is added only sometimes, and dump."""

import io
from typing import Any

import pytest

from generated import Post, User, UserQuery
from isomorph.errors import InvalidQuery, InvalidValue
from tests.support.limits import bound_limit
from tests.support.showcase import Sent, make_user

SECRET = "what nobody may read"


@pytest.fixture
def people(showcase: str) -> None:
    for name, age, active in (("Ada", 36, True), ("Grace", 45, False), ("Linus", 21, True), ("Barbara", None, False)):
        make_user(name, age=age, active=active)


def _names(query: UserQuery) -> list[str]:
    return query.order_by(User.name).pluck(User.name)


def _where(query: Any) -> str:
    text: str = query.to_sql()[0]
    return text.partition(" WHERE ")[2].replace("`", '"').replace("%s", "?")


# --- or_where ----------------------------------------------------------------------------------------------------------


@pytest.mark.feature("queries.or_where")
@pytest.mark.usefixtures("people")
def test_an_or_is_added_to_all_that_was_said_before(dialect: str) -> None:
    query = User.query().where(User.age >= 30, User.active.is_true()).or_where(User.name == "Barbara")
    assert _names(query) == ["Ada", "Barbara"]
    both = User.query().where(User.age >= 40).or_where(User.age < 30, User.active.is_true())
    assert _names(both) == ["Grace", "Linus"]


@pytest.mark.feature("queries.or_where")
@pytest.mark.usefixtures("people")
def test_what_comes_behind_an_or_holds_for_both_sides(dialect: str) -> None:
    query = User.query().where(User.age >= 40).or_where(User.age < 30).where(User.active.is_true())
    assert _names(query) == ["Linus"]
    assert _names(query.or_where(User.age.is_null())) == ["Barbara", "Linus"]


@pytest.mark.feature("queries.or_where")
@pytest.mark.usefixtures("people")
def test_on_a_query_without_conditions_it_is_where_and_without_conditions_nothing(dialect: str) -> None:
    assert _names(User.query().or_where(User.age >= 40)) == ["Grace"]
    assert _names(User.query().where(User.age >= 40).or_where()) == ["Grace"]
    assert _names(User.query().or_where()) == ["Ada", "Barbara", "Grace", "Linus"]


@pytest.mark.feature("queries.or_where")
@pytest.mark.usefixtures("showcase")
def test_an_or_is_written_in_parentheses(dialect: str) -> None:
    query = Post.query().where(Post.views > 1, Post.views < 9).or_where(Post.title == "a", Post.body == "b")
    assert _where(query) == '(("views" > ? AND "views" < ?) OR ("title" = ? AND "body" = ?))'
    assert _where(query.where(Post.id == 1)) == f'{_where(query)} AND "id" = ?'


@pytest.mark.feature("queries.or_where")
@pytest.mark.usefixtures("people")
def test_an_or_narrows_what_is_written_by_query(dialect: str) -> None:
    assert User.query().where(User.name == "Ada").or_where(User.name == "Linus").update(nickname="x") == 2
    assert User.query().where(User.nickname == "x").or_where(User.age == 45).delete() == 3
    assert _names(User.query()) == ["Barbara"]


@pytest.mark.usefixtures("showcase")
def test_an_or_wants_predicates(dialect: str) -> None:
    wrong: Any = User.name
    with pytest.raises(InvalidValue, match="expected a predicate"):
        User.query().or_where(wrong)


# --- only sometimes ----------------------------------------------------------------------------------------------------


def _adults(query: UserQuery) -> UserQuery:
    return query.where(User.age >= 30)


@pytest.mark.feature("queries.when")
@pytest.mark.usefixtures("people")
def test_when_and_unless_add_what_a_condition_asks_for(dialect: str) -> None:
    query = User.query()
    assert _names(query.when(True, _adults)) == ["Ada", "Grace"]
    assert query.when(False, _adults) is query
    assert _names(query.when("", _adults, lambda query: query.where(User.age < 30))) == ["Linus"]
    assert _names(query.unless(False, _adults)) == ["Ada", "Grace"]
    assert query.unless(1, _adults) is query
    assert _names(query.unless([1], _adults, lambda query: query.where(User.age.is_null()))) == ["Barbara"]


@pytest.mark.feature("queries.when")
@pytest.mark.usefixtures("people")
@pytest.mark.parametrize(("age", "names"), [(40, ["Grace"]), (0, ["Ada", "Grace", "Linus"]), (None, ["Barbara"])])
def test_when_given_passes_the_value_on_and_none_only_is_no_value(
    dialect: str, age: int | None, names: list[str]
) -> None:
    query = User.query().when_given(
        age, lambda query, least: query.where(User.age >= least), lambda query: query.where(User.age.is_null())
    )
    assert _names(query) == names


@pytest.mark.feature("queries.when")
@pytest.mark.usefixtures("people")
def test_none_without_an_otherwise_leaves_the_query_as_it_is(dialect: str) -> None:
    query = User.query()
    names: list[str] = []
    name = names[0] if names else None
    assert query.when_given(name, lambda query, name: query.where(User.name == name)) is query


@pytest.mark.feature("queries.when")
@pytest.mark.usefixtures("showcase")
@pytest.mark.parametrize("method", ["when", "when_given"])
def test_a_function_that_forgets_its_return_is_told_so(dialect: str, method: str) -> None:
    def wrong(*_: object) -> None:
        """Forgets what it was asked for."""

    with pytest.raises(
        InvalidValue, match=rf"^{method}\(\): expected a function that returns a UserQuery, got NoneType$"
    ):
        getattr(User.query(), method)(1, wrong)
    with pytest.raises(
        InvalidValue, match=r"^unless\(\): expected a function that returns a UserQuery, got PostQuery$"
    ):
        wrong_query: Any = Post.query()
        User.query().unless(None, lambda _: wrong_query)


@pytest.mark.feature("queries.when")
@pytest.mark.usefixtures("people")
def test_tap_goes_on_with_the_query_and_pipe_with_what_the_function_made(dialect: str) -> None:
    seen: list[object] = []
    query = User.query().where(User.age >= 30)
    assert query.tap(seen.append) is query
    assert seen == [query]
    assert query.pipe(lambda query: query.count()) == 2
    assert _names(query.pipe(_adults)) == ["Ada", "Grace"]


# --- dump --------------------------------------------------------------------------------------------------------------


@pytest.mark.feature("queries.dump")
@pytest.mark.usefixtures("showcase")
def test_dump_prints_the_sql_and_the_types_of_its_parameters(
    dialect: str, capsys: pytest.CaptureFixture[str], sent: Sent
) -> None:
    query = User.query().where(User.password == SECRET, User.age > 18).limit(5)
    assert query.dump() is query
    printed = capsys.readouterr()
    assert printed.out == ""
    assert printed.err == f"{query.to_sql()[0]}  -- str, int{', int' * len(bound_limit(dialect, 5))}\n"
    assert not sent


@pytest.mark.feature("queries.dump")
@pytest.mark.usefixtures("showcase")
def test_dump_shows_values_only_if_asked_and_cuts_long_ones(dialect: str) -> None:
    out = io.StringIO()
    User.query().where(User.password == SECRET, User.age == 18).dump(values=True, file=out)
    assert out.getvalue().endswith(f"  -- '{SECRET}', 18\n")
    out = io.StringIO()
    User.query().where(User.password == "x" * 10_000).select(User.id).dump(values=True, file=out)
    assert out.getvalue().endswith(f"-- '{'x' * 199}...\n")


@pytest.mark.feature("queries.dump")
@pytest.mark.usefixtures("showcase")
def test_a_query_without_parameters_is_dumped_alone(dialect: str) -> None:
    out = io.StringIO()
    query = User.query().dump(file=out)
    assert out.getvalue() == f"{query.to_sql()[0]}\n"


# --- global scopes of models without any ---------------------------------------------------------------------------------


@pytest.mark.usefixtures("showcase")
def test_a_model_without_global_scopes_has_none_to_take_out(dialect: str) -> None:
    query = User.query().where(User.age > 3)
    assert query.without_scopes().to_sql() == query.to_sql()
    assert not hasattr(query, "without_scope")
    with pytest.raises(InvalidQuery, match=r"^User has no such global scope \(it has none\)$"):
        query._without(("active",))
