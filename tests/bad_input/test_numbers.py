"""Numbers: integers beyond what a column or 64 bits hold, and what is no number at all."""

import math
import uuid
from collections.abc import Callable
from decimal import Decimal
from typing import Any

import pytest

from generated import Category, db
from isomorph.errors import InvalidValue, NumericOverflow
from tests.bad_input.untyped import Item, OrderLine, Post, Role, User, Video
from tests.bad_input.witness import Witness
from tests.support.databases import fetch_all
from tests.support.showcase import make_post, make_user

pytestmark = pytest.mark.usefixtures("showcase")

# More than 64 bits, and recognisable.
HUGE = 48151623424815162342
ENORMOUS = pytest.param(10**5_000, id="enormous")  # more digits than Python turns into text
NAN = Decimal("NaN4815162342")


def _item(**values: Any) -> Any:
    return Item.create(**{"code": uuid.uuid4(), "name": "Lamp", "price": Decimal(3), **values})


# --- integers ------------------------------------------------------------------------------------------------------------


@pytest.mark.feature("bad_input.big_integers", "bad_input.half_written")
@pytest.mark.parametrize("number", [HUGE, -HUGE, 2**63 + 4815162342, -(2**63) - 4815162342, ENORMOUS])
def test_no_way_of_writing_takes_an_integer_beyond_64_bits(number: int, witness: Witness) -> None:
    ada = make_user()
    post = make_post(ada)
    values: Any = {"author_id": ada.id, "title": "Notes", "body": "..."}

    def save() -> None:
        post.views = number
        post.save()

    ways: list[Callable[[], object]] = [
        lambda: Post.create(**values, views=number),
        save,
        lambda: post.update(views=number),
        lambda: post.increment(Post.views, number),
        lambda: post.decrement(Post.views, number),
        lambda: Post.query().update(views=number, all_rows=True),
        lambda: Post.query().increment(Post.views, number, all_rows=True),
        lambda: Post.insert_many([values, {**values, "views": number}]),
        lambda: Post.upsert([{**values, "id": number}], unique=[Post.id]),
        lambda: Post.update_or_create({"id": post.id}, {"views": number}),
    ]
    secret = HUGE if len(bin(number)) > 1_000 else abs(number)
    for way in ways:
        with witness.refuses(
            InvalidValue, secret, match=r"^Post\.\w+: expected an int of 64 bits, got one beyond that$"
        ):
            way()
        post.refresh()


@pytest.mark.feature("bad_input.big_integers")
@pytest.mark.parametrize("number", [HUGE, -HUGE, ENORMOUS])
def test_no_comparison_takes_an_integer_beyond_64_bits(number: int, witness: Witness) -> None:
    make_post(make_user())
    ways: list[Callable[[], object]] = [
        lambda: Post.find(number),
        lambda: Post.find_many([1, number]),
        lambda: Post.query().where(Post.views == number).get(),
        lambda: Post.query().where(Post.views < number).delete(),
        lambda: Post.query().where(Post.views.between(0, number)).get(),
        lambda: Post.query().where(Post.views.in_([1, number])).get(),
        lambda: Post.query().where(Post.views + number > 1).get(),
        lambda: Post.query().where_raw("views = ?", number).get(),
        lambda: User.query().adults(number).get(),
        lambda: db.execute("SELECT ?", number),
    ]
    for way in ways:
        with witness.refuses(InvalidValue, HUGE, match="expected an int of 64 bits, got one beyond that$"):
            way()


@pytest.mark.feature("bad_input.big_integers")
@pytest.mark.parametrize("number", [2**63 - 1, 2**53 + 1, 2**31, 0])
def test_an_integer_of_64_bits_arrives_as_it_is(number: int, witness: Witness) -> None:
    post = make_post(make_user(), views=number)
    assert fetch_all(witness.raw, "SELECT views FROM posts") == [(number,)]
    assert Post.find_or_fail(post.id).views == number
    assert Post.query().where(Post.views == number).where(Post.views.in_([number, 5])).count() == 1


@pytest.mark.feature("bad_input.big_integers")
@pytest.mark.parametrize(
    ("field", "number", "bits"),
    [("rating", 2**15, 16), ("rating", -(2**15) - 1, 16), ("stock", 2**31, 32), ("stock", -(2**31) - 1, 32)],
)
def test_a_column_takes_no_integer_wider_than_itself(field: str, number: int, bits: int, witness: Witness) -> None:
    item = _item()
    values: dict[str, Any] = {field: number}
    ways: list[Callable[[], object]] = [
        lambda: _item(**values),
        lambda: item.update(**values),
        lambda: Item.query().update(**values, all_rows=True),
    ]
    for way in ways:
        with witness.refuses(
            InvalidValue, number, match=f"^Item.{field}: expected an int of {bits} bits, got one beyond"
        ):
            way()
        item.refresh()


@pytest.mark.feature("bad_input.big_integers")
def test_a_column_can_be_compared_with_an_integer_wider_than_itself() -> None:
    _item(stock=5, rating=5)
    for number in (2**40, -(2**40)):
        assert Item.query().where(Item.stock == number).count() == 0
        assert Item.query().where(Item.stock.in_([number, 5])).count() == 1
        assert Item.query().where(Item.rating < number).count() == (number > 0)
        assert Item.query().where(Item.rating.not_in([number] * 200)).count() == 1


@pytest.mark.feature("bad_input.big_integers", "bad_input.half_written")
def test_a_sum_beyond_64_bits_is_refused_by_the_database_and_changes_no_row(witness: Witness) -> None:
    ada = make_user()
    full, other = make_post(ada, views=2**63 - 7), make_post(ada, views=7)
    ways: list[Callable[[], object]] = [
        lambda: full.increment(Post.views, 8),
        lambda: Post.query().increment(Post.views, 8, all_rows=True),
    ]
    for way in ways:
        with witness.refuses(NumericOverflow, 2**63 - 7) as told:
            way()
        assert told.error.code
    assert (full.views, other.refresh().views) == (2**63 - 7, 7)


@pytest.mark.feature("bad_input.big_integers")
def test_numbers_of_rows_may_be_any_and_never_overflow() -> None:
    Role.insert_many({"name": name} for name in "abc")
    assert len(Role.query().limit(HUGE).get()) == 3
    assert len(Role.query().offset(HUGE).get()) == 0
    assert len(Role.query().paginate(HUGE, 10).items) == 0
    assert [len(rows) for rows in Role.query().chunk(HUGE)] == [3]


# --- decimals and floats -----------------------------------------------------------------------------------------------------

DECIMALS = [
    (NAN, "a finite Decimal, got NaN or infinity"),
    (Decimal("sNaN4815162342"), "a finite Decimal, got NaN or infinity"),
    (Decimal("-Infinity"), "a finite Decimal, got NaN or infinity"),
    (float("nan"), "a Decimal, got float"),
    (math.inf, "a Decimal, got float"),
]


@pytest.mark.feature("bad_input.nan", "bad_input.half_written")
@pytest.mark.parametrize(("number", "expected"), DECIMALS, ids=lambda value: str(value)[:9])
def test_a_decimal_column_takes_nothing_but_finite_numbers(number: Any, expected: str, witness: Witness) -> None:
    item = _item()
    values: Any = {"code": uuid.uuid4(), "name": "Lamp", "price": number}
    ways: list[Callable[[], object]] = [
        lambda: Item.create(**values),
        lambda: item.update(price=number),
        lambda: item.increment(Item.price, number),
        lambda: Item.query().update(price=number, all_rows=True),
        lambda: Item.insert_many([{**values, "price": Decimal(1)}, {**values, "code": uuid.uuid4()}]),
        lambda: OrderLine.create(order_id=1, item_id=item.id, unit_price=number),
        lambda: Item.query().where(Item.price == number).get(),
        lambda: Item.query().where(Item.price.in_([Decimal(1), number])).get(),
        lambda: Item.query().where(Item.price < number).delete(),
        lambda: Item.query().where(Item.price * number > 1).get(),
        lambda: Item.query().affordable(number).get(),
        lambda: Item.query().affordable(Decimal(1), number).get(),
    ]
    for way in ways:
        with witness.refuses(InvalidValue, number, match=rf"^(Item|OrderLine)\.\w+: expected {expected}$"):
            way()
        item.refresh()


@pytest.mark.feature("bad_input.nan", "bad_input.half_written")
@pytest.mark.parametrize("number", [math.nan, math.inf, -math.inf, ENORMOUS])
def test_a_double_column_takes_nothing_but_finite_numbers(number: float, witness: Witness) -> None:
    video = Video.create(title="Engine", url="a", seconds=1.0)
    ways: list[Callable[[], object]] = [
        lambda: Video.create(title="Engine", url="a", seconds=number),
        lambda: video.update(seconds=number),
        lambda: video.increment(Video.seconds, number),
        lambda: Video.query().update(seconds=number, all_rows=True),
        lambda: Video.query().where(Video.seconds == number).get(),
        lambda: Video.query().where(Video.seconds.in_([1.0, number])).get(),
        lambda: Video.query().where(Video.seconds < number).delete(),
    ]
    for way in ways:
        with witness.refuses(InvalidValue, match="^Video.seconds: expected a finite float, got NaN or infinity$"):
            way()
        video.refresh()


@pytest.mark.feature("bad_input.nan")
@pytest.mark.parametrize("number", [math.nan, math.inf, NAN, HUGE], ids=str)
def test_raw_sql_takes_no_number_that_a_database_lacks(number: Any, witness: Witness) -> None:
    ways: list[Callable[[], object]] = [
        lambda: Item.query().where_raw("price = ?", number).get(),
        lambda: db.execute("SELECT ?", number),
    ]
    for way in ways:
        with witness.refuses(InvalidValue, number, match="^raw SQL: expected "):
            way()


@pytest.mark.feature("bad_input.nan")
@pytest.mark.parametrize("document", [math.nan, {"a": [math.inf]}, [[-math.inf]], {"a": Decimal(1)}])
def test_a_document_takes_nothing_but_finite_numbers(document: Any, witness: Witness) -> None:
    make_user()
    with witness.refuses(InvalidValue, match="^User.settings: expected a JSON value .*finite number"):
        User.query().update(settings=document, all_rows=True)


@pytest.mark.feature("bad_input.wrong_type", "bad_input.half_written")
@pytest.mark.parametrize(
    ("price", "expected"),
    [
        (Decimal("48151.623"), "at most 2 digits after the point, got 3"),
        (Decimal("481516234.2"), "at most 8 digits before the point, got 9"),
        (Decimal("4.815E+999999"), "at most 8 digits before the point"),
        (Decimal("4.815E-999999"), "at most 2 digits after the point"),
        (Decimal("0E-999999"), "at most 16383 digits before and after the point"),
        pytest.param(10**5_000, "at most 8 digits before the point, got 5001", id="enormous"),
    ],
)
def test_a_decimal_is_never_rounded_nor_cut_to_fit(price: Any, expected: str, witness: Witness) -> None:
    item = _item()
    ways: list[Callable[[], object]] = [
        lambda: _item(price=price),
        lambda: item.update(price=price),
        lambda: Item.query().update(price=price, all_rows=True),
    ]
    for way in ways:
        with witness.refuses(InvalidValue, Decimal("48151.623"), match=f"^Item.price: expected {expected}"):
            way()
        item.refresh()


@pytest.mark.feature("bad_input.wrong_type")
def test_a_decimal_is_compared_with_finer_and_greater_numbers_exactly() -> None:
    _item(price=Decimal("3.00"), category=Category.OTHER)
    assert Item.query().where(Item.price > Decimal("2.99999999999999999999")).count() == 1
    assert Item.query().where(Item.price == Decimal("3.00000000000000000001")).count() == 0
    assert Item.query().where(Item.price < Decimal("1E+50")).count() == 1
    assert Item.query().where(Item.price == Decimal("3E+0")).count() == 1


@pytest.mark.feature("bad_input.wrong_type")
@pytest.mark.parametrize("number", [Decimal("4.815E+999999999"), Decimal("4.815E-999999999")])
def test_an_exponent_that_would_fill_the_memory_is_refused(number: Decimal, witness: Witness) -> None:
    _item()
    ways: list[Callable[[], object]] = [
        lambda: Item.query().where(Item.price < number).get(),
        lambda: Item.query().where(Item.price.in_([number])).get(),
        lambda: Item.query().where_raw("price = ?", number).get(),
    ]
    for way in ways:
        with witness.refuses(InvalidValue, number, match="expected at most 16383 digits before and after the point"):
            way()
