"""Lists of values as tables, joined and queried, with values of every type."""

import datetime as dt
import uuid
from decimal import Decimal
from typing import Any

import pytest

from generated import Category, Department, Image, Item, Post, Profile, Role, User, db
from isomorph import functions as f
from isomorph.errors import InvalidQuery, InvalidValue
from tests.support.showcase import Sent, make_post, make_user

pytestmark = [pytest.mark.usefixtures("showcase"), pytest.mark.feature("queries.values")]


@pytest.fixture
def items(showcase: str) -> dict[str, Item]:
    return {
        name: Item.create(code=uuid.uuid4(), name=name, price=Decimal(price))
        for name, price in (("a", "1.00"), ("b", "9.00"), ("c", "10.00"))
    }


def test_joined_to_a_table(items: dict[str, Item], sent: Sent) -> None:
    rows = [(items["a"].id, Decimal("2.50")), (items["c"].id, Decimal("9.50"))]
    prices = f.values("prices", rows, columns=(Item.id, Item.price))
    query = Item.query().join(prices, on=prices[Item.id] == Item.id).order_by(Item.name)

    assert query.select(Item.name, prices[Item.price]).get() == [("a", Decimal("2.50")), ("c", Decimal("9.50"))]
    assert len(sent) == 1
    assert query.where(prices[Item.price] < Item.price).pluck(Item.name) == ["c"]
    assert query.where(prices[Item.price] > Decimal("2.5")).pluck(Item.name) == ["c"]
    assert query.select(prices[Item.price] + Item.price).get() == [(Decimal("3.50"),), (Decimal("19.50"),)]
    assert query.get().pluck(Item.name) == ["a", "c"]
    left = Item.query().left_join(prices, on=prices[Item.id] == Item.id).order_by(Item.name)
    assert left.select(Item.name, prices[Item.price].optional()).get() == [
        ("a", Decimal("2.50")),
        ("b", None),
        ("c", Decimal("9.50")),
    ]


def test_queried_by_itself(items: dict[str, Item]) -> None:
    rows = [("x", 3), ("y", 1), ("z", 2)]
    levels = f.values("levels", rows, columns=(Role.name, Role.level))
    query = db.table(levels).order_by(levels[Role.level])

    assert query.select(levels[Role.name], levels[Role.level]).get() == [("y", 1), ("z", 2), ("x", 3)]
    assert query.where(levels[Role.level] > 1).count() == 2
    assert query.sum(levels[Role.level]) == 6
    assert query.get() == [{"name": "y", "level": 1}, {"name": "z", "level": 2}, {"name": "x", "level": 3}]
    assert db.table(levels).select(f.max(levels[Role.name])).first() == ("z",)
    with pytest.raises(InvalidQuery, match=r"query\(\) of the values levels \(db.table\(...\) of them, or join them\)"):
        levels.query()


def test_in_conditions_and_twice(items: dict[str, Item]) -> None:
    wanted = f.values("wanted", [("a",), ("c",)], columns=(Item.name,))
    names = db.table(wanted).select(wanted[Item.name])

    assert Item.query().where(Item.name.in_(names)).order_by(Item.name).pluck(Item.name) == ["a", "c"]
    missing = f.exists(db.table(wanted).where(wanted[Item.name] == Item.name))
    assert Item.query().where(~missing).pluck(Item.name) == ["b"]
    both = Item.query().where(Item.name.in_(names), missing).count()
    assert both == 2


def test_no_rows_are_an_empty_table(items: dict[str, Item]) -> None:
    nothing = f.values("nothing", [], columns=(Item.id, Item.price))

    assert Item.query().join(nothing, on=nothing[Item.id] == Item.id).count() == 0
    assert db.table(nothing).select(nothing[Item.price]).get() == []


def test_many_rows(items: dict[str, Item]) -> None:
    rows = [(number, str(number)) for number in range(5_000)]
    many = f.values("many", rows, columns=(Department.id, Department.name))
    query = db.table(many)

    assert query.count() == 5_000
    assert query.where(many[Department.id] == 4_321).select(many[Department.name]).get() == [("4321",)]
    assert query.sum(many[Department.id]) == sum(range(5_000))


def test_more_values_than_a_statement_takes(showcase: str) -> None:
    rows = [(number,) for number in range(40_000)]
    many = f.values("many", rows, columns=(Department.id,))

    if showcase == "sqlite":
        with pytest.raises(InvalidQuery, match=r"40000 values are more than one statement takes \(split the list"):
            db.table(many).count()
    else:
        assert db.table(many).count() == 40_000


@pytest.mark.feature(
    "types.bool", "types.decimal", "types.double", "types.date", "types.time", "types.datetime", "types.timestamptz"
)
@pytest.mark.feature("types.uuid", "types.enum", "types.bytes", "types.bigint", "types.text", "types.json")
def test_values_of_every_type(showcase: str) -> None:
    moment = dt.datetime(2026, 3, 1, 1, 2, 3, 4, tzinfo=dt.UTC)
    code = uuid.uuid4()
    values: Any = f.values
    first: Any = (True, {"a": [1, None]}, moment, None, dt.date(1, 1, 1), dt.time(23, 59, 59, 999_999))
    second: Any = (False, {}, moment.replace(microsecond=0), 7, dt.date(2026, 3, 1), None)
    some: Any = values(
        "some",
        [first, second],
        columns=(User.active, User.settings, User.joined, User.age, Profile.born, Profile.wakes_at),
    )
    columns = [User.active, User.settings, User.joined, User.age, Profile.born, Profile.wakes_at]
    select: Any = db.table(some).order_by(some[User.joined].desc()).select
    assert select(*[some[column] for column in columns]).get() == [first, second]
    row = (code, Decimal("1.50"), 0.5, Category.BOOK, moment.replace(tzinfo=None), b"\0\xff", 2**63 - 1)
    rest: Any = values(
        "rest",
        [row, (uuid.uuid4(), Decimal("99999999.99"), 1e300, Category.OTHER, None, None, 0)],
        columns=(Item.code, Item.price, Item.weight_kg, Item.category, Post.publish_on, Image.preview, Post.views),
    )
    columns = [Item.code, Item.price, Item.weight_kg, Item.category, Post.publish_on, Image.preview, Post.views]
    query: Any = db.table(rest)
    found = query.where(rest[Item.category] == Category.BOOK).select(*[rest[column] for column in columns]).get()
    assert found == [row]
    assert [type(value) for value in found[0]] == [type(value) for value in row]


def test_text_counts_its_case(showcase: str) -> None:
    make_user("ada", email="x@example.com")
    make_user("Ada")
    names = f.values("names", [("Ada",), ("ADA",)], columns=(User.name,))

    assert User.query().join(names, on=names[User.name] == User.name).pluck(User.name) == ["Ada"]
    assert db.table(names).select(names[User.name]).distinct().count() == 2
    assert db.table(names).where(names[User.name] == "ADA").count() == 1
    assert db.table(names).order_by(names[User.name]).select(names[User.name]).get() == [("ADA",), ("Ada",)]


def test_columns_of_no_model(showcase: str) -> None:
    number, label = f.col("number", int), f.col("label", str)
    pairs = f.values("pairs", [(1, "one"), (2, "two")], columns=(number, label))

    assert db.table(pairs).where(pairs[number] > 1).select(pairs[label]).get() == [("two",)]
    price, day = f.col("price", Decimal), f.col("day", dt.date)
    made = f.values(
        "made", [(Decimal("9.5"), dt.date(2026, 3, 1)), (Decimal(10), dt.date(2026, 1, 1))], columns=(price, day)
    )
    query = db.table(made).order_by(made[price].desc())
    assert query.select(made[price], made[day]).get() == [
        (Decimal(10), dt.date(2026, 1, 1)),
        (Decimal("9.5"), dt.date(2026, 3, 1)),
    ]
    assert query.where(made[day] > dt.date(2026, 2, 1)).select(made[price]).get() == [(Decimal("9.5"),)]
    values: Any = f.values
    nothing: Any = values("nothing", [(None,)], columns=(f.col("x", int),))
    assert db.table(nothing).select(nothing[f.col("x", int)].optional()).get() == [(None,)]


def test_columns_of_several_models_and_under_other_names(showcase: str) -> None:
    make_post(make_user(), "x")
    pairs = f.values("pairs", [("Ada", "x")], columns=(User.name, Post.title.as_("t")))

    query = Post.query().join(Post.author).join(pairs, on=pairs[User.name] == User.name)
    assert query.select(pairs[Post.title.as_("t")], Post.views).get() == [("x", 0)]


def test_values_stay_out_of_the_text(items: dict[str, Item], sent: Sent) -> None:
    hostile = "'; DROP TABLE users; --"
    made = f.values("made", [(hostile,)], columns=(Item.name,))
    assert db.table(made).select(made[Item.name]).get() == [(hostile,)]

    assert "DROP" not in sent.last
    assert sent.statements[-1][1] == (hostile,)


def test_what_is_no_list_of_values_is_refused(sent: Sent) -> None:
    values: Any = f.values
    with pytest.raises(InvalidQuery, match=r"values\(\) without columns"):
        values("x", [], columns=())
    with pytest.raises(InvalidValue, match=r"values\(x\): expected rows of 2 values, got one of 1"):
        values("x", [(1,)], columns=(Item.id, Item.name))
    with pytest.raises(InvalidValue, match=r"values\(x\): expected rows of 1 values, got int"):
        values("x", [1], columns=(Item.id,))
    with pytest.raises(InvalidValue, match=r"values\(x\): Item.id: expected an int, got str"):
        values("x", [("1",)], columns=(Item.id,))
    with pytest.raises(InvalidValue, match=r"values\(x\): Item.id: expected a value, got None"):
        values("x", [(None,)], columns=(Item.id,))
    with pytest.raises(InvalidValue, match=r"values\(x\): Role.level: expected an int"):
        values("x", [(2**40,)], columns=(Role.level,))
    with pytest.raises(InvalidQuery, match=r'values\(\) with two columns called "id" \(name one of them'):
        values("x", [], columns=(Item.id, User.id))
    with pytest.raises(
        InvalidQuery, match=r'values\(\) with .*, which has no type or no name \(name both: f.col\("name", int\)\)'
    ):
        values("x", [], columns=(f.col("x"),))
    with pytest.raises(InvalidQuery, match="no type or no name"):
        values("x", [], columns=(Item.stock + 1,))
    with pytest.raises(InvalidValue, match=r"values\(columns=...\): expected columns such as Item.price, got str"):
        values("x", [], columns=("id",))
    for name in ("", "a\0", None, "x" * 64):
        with pytest.raises(InvalidValue, match=r"values\(\): expected a name"):
            values(name, [], columns=(Item.id,))
    assert len(sent) == 0


def test_rows_that_are_no_rows_are_refused(sent: Sent) -> None:
    values: Any = f.values
    with pytest.raises(InvalidValue, match=r"values\(x\): expected a list of rows, got int"):
        values("x", 5, columns=(Item.id,))
    assert len(sent) == 0
