"""Conditions on real databases: the same rows everywhere."""

import datetime as dt
import uuid
from decimal import Decimal
from typing import Any

import pytest

from generated import Category, Item, Post, Profile, Role, User
from isomorph import Predicate
from isomorph.errors import InvalidQuery, InvalidValue
from tests.support.showcase import Sent, make_post, make_user

pytestmark = pytest.mark.usefixtures("showcase")


def names(*predicates: Predicate) -> list[str]:
    return User.query().where(*predicates).order_by(User.name).pluck(User.name)


@pytest.fixture
def people(showcase: str) -> list[User]:
    """Ada (36, Countess), Bob (no age, inactive), Cleo (70), Dan (18)."""
    return list(
        User.insert_many(
            [
                {"name": "Ada", "email": "ada@x.org", "password": "-", "age": 36, "nickname": "Countess"},
                {"name": "Bob", "email": "bob@x.org", "password": "-", "active": False},
                {"name": "Cleo", "email": "cleo@y.org", "password": "-", "age": 70, "nickname": ""},
                {"name": "Dan", "email": "dan@y.org", "password": "-", "age": 18},
            ]
        )
    )


@pytest.mark.feature("queries.where")
@pytest.mark.parametrize(
    ("predicate", "expected"),
    [
        (User.name == "Ada", ["Ada"]),
        (User.name != "Ada", ["Bob", "Cleo", "Dan"]),
        ((User.age > 18) & (User.age < 70), ["Ada"]),
        ((User.name == "Bob") | (User.age == 70), ["Bob", "Cleo"]),
        (~(User.age > 18), ["Dan"]),
        (~User.active.is_true(), ["Bob"]),
        (~((User.age > 18) | User.age.is_null()), ["Dan"]),
        ((User.age > 18) & (User.active.is_true() | (User.name == "Bob")), ["Ada", "Cleo"]),
        (User.active == False, ["Bob"]),  # noqa: E712 - builds SQL
        (User.active.is_false(), ["Bob"]),
    ],
)
def test_conditions_select_the_rows_that_they_say(
    people: list[User], predicate: Predicate, expected: list[str]
) -> None:
    assert names(predicate) == expected


@pytest.mark.feature("queries.where")
def test_several_conditions_must_all_hold(people: list[User]) -> None:
    assert names(User.age > 18, User.name != "Cleo") == ["Ada"]
    assert User.query().where(User.age > 18).where(User.name != "Cleo").pluck(User.name) == ["Ada"]
    assert names() == ["Ada", "Bob", "Cleo", "Dan"]


@pytest.mark.feature("queries.where")
def test_a_query_is_never_changed_by_building_on_it(people: list[User]) -> None:
    grown = User.query().where(User.age >= 18)
    only_ada = grown.where(User.name == "Ada")
    ordered = grown.order_by(User.age.desc()).limit(1)

    assert (grown.count(), only_ada.count(), ordered.pluck(User.name)) == (3, 1, ["Cleo"])
    assert grown.count() == 3


# --- null ----------------------------------------------------------------------------------------------------------------


@pytest.mark.feature("queries.null", "types.nullable")
@pytest.mark.parametrize(
    ("predicate", "expected"),
    [
        (User.age.is_null(), ["Bob"]),
        (User.age.is_not_null(), ["Ada", "Cleo", "Dan"]),
        (User.age == None, ["Bob"]),  # noqa: E711 - builds SQL
        (User.age != None, ["Ada", "Cleo", "Dan"]),  # noqa: E711 - builds SQL
        (User.nickname.is_null(), ["Bob", "Dan"]),
        (User.nickname == "", ["Cleo"]),
        (User.nickname != "Countess", ["Cleo"]),
        (~User.age.is_null(), ["Ada", "Cleo", "Dan"]),
    ],
)
def test_null_is_what_no_value_equals(people: list[User], predicate: Predicate, expected: list[str]) -> None:
    assert names(predicate) == expected


# --- in and between --------------------------------------------------------------------------------------------------------


@pytest.mark.feature("queries.in")
@pytest.mark.parametrize(
    ("predicate", "expected"),
    [
        (User.age.in_([18, 36]), ["Ada", "Dan"]),
        (User.age.in_({36}), ["Ada"]),
        (User.age.in_(iter([70, 70])), ["Cleo"]),
        (User.age.in_([36, None]), ["Ada", "Bob"]),
        (User.age.in_([None]), ["Bob"]),
        (User.age.not_in([36]), ["Cleo", "Dan"]),
        (User.age.not_in([36, None]), ["Cleo", "Dan"]),
        (User.age.not_in([None]), ["Ada", "Cleo", "Dan"]),
        (User.age.between(18, 36), ["Ada", "Dan"]),
        (User.age.between(37, 69), []),
        (User.age.between(70, 18), []),
        (~User.age.between(18, 36), ["Cleo"]),
        (User.name.between("B", "D"), ["Bob", "Cleo"]),
    ],
)
def test_in_and_between(people: list[User], predicate: Predicate, expected: list[str]) -> None:
    assert names(predicate) == expected


@pytest.mark.feature("queries.in", "bad_input.empty_in")
def test_in_no_values_is_true_nowhere_and_not_in_no_values_everywhere(people: list[User]) -> None:
    assert names(User.age.in_([])) == []
    assert names(User.age.not_in([])) == ["Ada", "Bob", "Cleo", "Dan"]
    assert names(~User.age.in_([])) == ["Ada", "Bob", "Cleo", "Dan"]
    assert User.query().where(User.age.in_([])).delete() == 0


@pytest.mark.feature("queries.in", "bad_input.huge_in")
def test_in_a_hundred_thousand_values(people: list[User]) -> None:
    numbers = [*range(100, 100_100), 36]
    texts = [*(f"nobody {number}" for number in range(100_000)), "Bob"]

    assert names(User.age.in_(numbers)) == ["Ada"]
    assert names(User.age.not_in(numbers)) == ["Cleo", "Dan"]
    assert names(User.name.in_(texts)) == ["Bob"]
    assert names(User.name.in_(texts) | User.age.in_(numbers)) == ["Ada", "Bob"]


@pytest.mark.feature("queries.in")
def test_a_long_list_works_for_every_type_that_can_be_listed(showcase: str) -> None:
    code, born, moment = uuid.uuid4(), dt.date(1815, 12, 10), dt.datetime(2026, 3, 1, 1, 2, 3, 4, tzinfo=dt.UTC)
    ada = make_user(joined=moment, active=True)
    Profile.create(user=ada, born=born, wakes_at=dt.time(7, 30))
    Item.create(code=code, name="Lamp", price=Decimal("1.50"), weight_kg=0.1, category=Category.BOOK)
    many = range(150)

    assert Item.query().where(Item.code.in_([*(uuid.uuid4() for _ in many), code])).count() == 1
    assert Item.query().where(Item.price.in_([Decimal(n) for n in many] + [Decimal("1.5")])).count() == 1
    assert Item.query().where(Item.weight_kg.in_([float(n) for n in many] + [0.1])).count() == 1
    assert Item.query().where(Item.category.in_([Category.BOOK] * 150)).count() == 1
    assert Profile.query().where(Profile.born.in_([dt.date(2000 + n, 1, 1) for n in many] + [born])).count() == 1
    assert (
        Profile.query().where(Profile.wakes_at.in_([dt.time(1, 0, 0, n) for n in many] + [dt.time(7, 30)])).count() == 1
    )
    moments = [moment + dt.timedelta(days=n) for n in many]
    assert User.query().where(User.joined.in_(moments)).count() == 1
    assert User.query().where(User.joined.not_in(moments)).count() == 0


# --- patterns ----------------------------------------------------------------------------------------------------------------

TITLES = ["100%", "100 percent", "a_b", "aXb", "A_B", "back\\slash", "[set]*?", "ünïcode 🙂", "bang!", " spaced "]


@pytest.fixture
def titles(showcase: str) -> None:
    author = make_user()
    Post.insert_many({"author": author, "title": title, "body": "..."} for title in TITLES)


def found(predicate: Predicate) -> set[str]:
    return set(Post.query().where(predicate).pluck(Post.title))


@pytest.mark.feature("queries.like", "bad_input.like_wildcards")
@pytest.mark.parametrize(
    "part", ["%", "_", "100%", "a_b", "A", "\\", "[", "]", "*", "?", "[set]", "ï", "🙂", "!", " ", "", "nothing", "'"]
)
def test_text_that_is_searched_for_is_plain_text(titles: None, part: str) -> None:
    assert found(Post.title.contains(part)) == {title for title in TITLES if part in title}
    assert found(Post.title.starts_with(part)) == {title for title in TITLES if title.startswith(part)}
    assert found(Post.title.ends_with(part)) == {title for title in TITLES if title.endswith(part)}


LIKE: list[tuple[str, set[str]]] = [
    ("100%", {"100%", "100 percent"}),
    (r"100\%", {"100%"}),
    ("a_b", {"a_b", "aXb"}),
    (r"a\_b", {"a_b"}),
    ("%", set(TITLES)),
    ("%[s__]%", {"[set]*?"}),
    (r"back\\slash", {"back\\slash"}),
    ("ünïcode _", {"ünïcode 🙂"}),
    ("", set()),
]


@pytest.mark.feature("queries.like")
@pytest.mark.parametrize(("pattern", "expected"), LIKE)
def test_like_takes_percent_and_underscore_for_wildcards(titles: None, pattern: str, expected: set[str]) -> None:
    assert found(Post.title.like(pattern)) == expected


@pytest.mark.feature("queries.like")
def test_like_minds_case_and_ilike_does_not(titles: None) -> None:
    assert found(Post.title.like("A\\_B")) == {"A_B"}
    assert found(Post.title.ilike("A\\_B")) == {"A_B", "a_b"}
    assert found(Post.title.ilike("BANG!")) == {"bang!"}


@pytest.mark.feature("queries.like", "types.nullable")
def test_a_pattern_never_matches_null(people: list[User]) -> None:
    assert names(User.nickname.contains("")) == ["Ada", "Cleo"]
    assert names(~User.nickname.contains("Count")) == ["Cleo"]


# --- text ------------------------------------------------------------------------------------------------------------------


@pytest.mark.feature("queries.comparisons", "types.string")
def test_text_is_compared_by_code_point_so_that_case_accents_and_spaces_count(showcase: str) -> None:
    wanted = ["a", "A", "a ", "ä", "b", "B", "É", "e", "é", "🙂", "ｚ"]
    Role.insert_many({"name": name} for name in wanted)

    for name in wanted:
        assert Role.query().where(Role.name == name).pluck(Role.name) == [name]
    if showcase != "postgresql":  # sorts as its database was told to
        assert Role.query().order_by(Role.name).pluck(Role.name) == sorted(wanted)
        assert Role.query().where(Role.name < "b").count() == len([name for name in wanted if name < "b"])


# --- calculations ------------------------------------------------------------------------------------------------------------


@pytest.mark.feature("queries.comparisons")
def test_numbers_can_be_calculated_with(people: list[User]) -> None:
    assert names(User.age + 10 > 40) == ["Ada", "Cleo"]
    assert names(User.age - 18 == 0) == ["Dan"]
    assert names((User.age + 2) * 2 == 76) == ["Ada"]
    assert names(User.age * 2 < User.age + 40) == ["Ada", "Dan"]


@pytest.mark.feature("queries.comparisons", "types.decimal")
def test_decimals_are_calculated_with_exactly_and_compared_as_numbers(showcase: str) -> None:
    for price in ("0.10", "9.90", "100.00"):
        Item.create(code=uuid.uuid4(), name=price, price=Decimal(price), stock=10)

    def priced(predicate: Predicate) -> list[str]:
        return Item.query().where(predicate).order_by(Item.price).pluck(Item.name)

    assert priced(Item.price > Decimal("9.9")) == ["100.00"]
    assert priced(Item.price > 9) == ["9.90", "100.00"]
    assert priced(Item.price * 2 > Decimal("19.79")) == ["9.90", "100.00"]
    assert priced(Item.price * 2 == Decimal("19.8")) == ["9.90"]
    assert priced(Item.price + Decimal("0.2") == Decimal("0.3")) == ["0.10"]
    assert priced(Item.price - 10 < 0) == ["0.10", "9.90"]
    assert priced(Item.price < Item.stock) == ["0.10", "9.90"]
    assert priced(Item.price.between(Decimal("9.895"), Decimal("9.905"))) == ["9.90"]
    assert Item.query().order_by((Item.price * -1).asc()).pluck(Item.name) == ["100.00", "9.90", "0.10"]
    assert Item.query().select(Item.price * 2 + Decimal("0.01")).order_by(Item.price).get() == [
        (Decimal("0.21"),),
        (Decimal("19.81"),),
        (Decimal("200.01"),),
    ]


# --- every type ----------------------------------------------------------------------------------------------------------------


@pytest.mark.feature("queries.comparisons")
def test_columns_of_every_type_are_compared_in_the_order_of_their_values(showcase: str) -> None:
    ada, bob = make_user(joined=dt.datetime(2026, 1, 1, tzinfo=dt.UTC)), make_user("Bob")
    Profile.create(user=ada, born=dt.date(1815, 12, 10), wakes_at=dt.time(7, 30))
    Profile.create(user=bob, born=dt.date(999, 1, 1), wakes_at=dt.time(7, 30, 0, 1))
    make_post(ada, publish_on=dt.datetime.fromisoformat("2026-03-01 09:00"))
    low, high = uuid.UUID(int=1), uuid.UUID(int=2**127)
    Item.create(code=low, name="low", price=Decimal(3), weight_kg=-1.5)
    Item.create(code=high, name="high", price=Decimal(20), weight_kg=2.5)

    assert Profile.query().where(Profile.born < dt.date(1000, 1, 1)).pluck(Profile.user_id) == [bob.id]
    assert Profile.query().where(Profile.wakes_at > dt.time(7, 30)).pluck(Profile.user_id) == [bob.id]
    assert Post.query().where(Post.publish_on < dt.datetime.fromisoformat("2026-03-01 09:00:00.000001")).count() == 1
    india = dt.timezone(dt.timedelta(hours=5, minutes=30))
    assert User.query().where(User.joined == dt.datetime(2026, 1, 1, 5, 30, tzinfo=india)).pluck(User.name) == ["Ada"]
    assert Item.query().where(Item.code > low).pluck(Item.name) == ["high"]
    assert Item.query().where(Item.price > Decimal(3)).pluck(Item.name) == ["high"]
    assert Item.query().where(Item.weight_kg < 0).pluck(Item.name) == ["low"]
    assert Item.query().where(Item.category == Category.OTHER, Item.category != Category.BOOK).count() == 2


# --- refusals --------------------------------------------------------------------------------------------------------------------


@pytest.mark.feature("bad_input.wrong_type")
def test_a_comparison_with_a_value_of_the_wrong_type_is_refused_where_it_is_written() -> None:
    number: Any = 3
    for compare in (User.name.__eq__, User.name.__lt__, User.name.contains, User.name.like):
        with pytest.raises(InvalidValue, match=r"^User.name: expected a str, got int$"):
            compare(number)
    with pytest.raises(InvalidValue, match=r"^User.age: expected an int, got str$"):
        User.age.in_([1, *["2"]])  # type: ignore[list-item]  # pyright: ignore[reportArgumentType] - that is the mistake


@pytest.mark.feature("queries.truth_value", "queries.where")
def test_what_is_no_predicate_is_refused(sent: Sent) -> None:
    wrong: Any
    for wrong in (True, "name = 'Ada'", User.name, None, {"name": "Ada"}):
        with pytest.raises(InvalidValue, match=r"where\(\): expected a predicate such as User.age >= 18, got \w+"):
            User.query().where(wrong)
    with pytest.raises(InvalidQuery, match=r"roles is no part of the query \(join it first, or use"):
        User.query().where(Role.name == "admin").get()
    with pytest.raises(InvalidQuery, match="roles is no part of the query"):
        User.query().where((User.age > 3) & ~(Role.level > User.age)).count()
    assert len(sent) == 0


@pytest.mark.feature("queries.bound_values", "bad_input.half_written")
@pytest.mark.parametrize(
    "text", ["'; DROP TABLE users; --", '"', "`", "\\", "\\'", "%s", "%(name)s", "?", "??", "%%", ":name"]
)
def test_values_are_bound_and_never_part_of_the_text(sent: Sent, text: str) -> None:
    make_user(text, email="a@example.com", nickname=text)
    sent.clear()

    assert names(User.name == text) == [text]
    assert names(User.nickname.contains(text), User.name.in_([text])) == [text]
    assert User.query().where(User.name == text).update(nickname=f"{text}!") == 1
    assert User.query().value(User.nickname) == f"{text}!"
    assert not any("DROP" in sql or "!" in sql.replace("ESCAPE '!'", "") for sql, _ in sent.statements)


def test_what_has_no_order_is_not_ordered_by(sent: Sent) -> None:
    for query in (User.query(), User.query().select(User.name)):
        with pytest.raises(InvalidQuery, match=r"an order by User.settings, whose values have none that databases"):
            query.order_by(User.settings)
    with pytest.raises(InvalidQuery, match=r"an order by User.settings\[...\], whose values have none"):
        User.query().order_by(User.settings["a"].desc())
    assert len(sent) == 0
