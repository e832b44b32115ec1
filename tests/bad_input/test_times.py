"""Times: without a zone where one is needed, with one where none belongs, and outside of the calendar."""

import datetime as dt
from collections.abc import Callable
from typing import Any

import pytest

from isomorph.errors import InvalidValue
from tests.bad_input.untyped import Order, Post, Profile, User
from tests.bad_input.witness import Witness
from tests.support.showcase import make_post, make_user

pytestmark = pytest.mark.usefixtures("showcase")

NAIVE = dt.datetime(1815, 12, 10, 4, 8, 15, 162342)  # noqa: DTZ001 - naive on purpose
EAST = dt.timezone(dt.timedelta(hours=5, minutes=30))
AWARE = NAIVE.replace(tzinfo=EAST)


class _NoZone(dt.tzinfo):
    """A zone that does not know its offset: such a time is naive, too."""

    def utcoffset(self, _: dt.datetime | None, /) -> None:
        return None

    def dst(self, _: dt.datetime | None, /) -> None:
        return None

    def tzname(self, _: dt.datetime | None, /) -> str:
        return "nowhere"


def _ways(model: Any, made: Any, field: str, wrong: object) -> list[Callable[[], object]]:
    column: Any = getattr(model, field)

    def save() -> None:
        setattr(made, field, wrong)
        made.save()

    return [
        save,
        lambda: made.update(**{field: wrong}),
        lambda: model.query().update(**{field: wrong}, all_rows=True),
        lambda: model.update_or_create({"id": made.id}, {field: wrong}),
        lambda: model.query().where(column == wrong).get(),
        lambda: model.query().where(column < wrong).delete(),
        lambda: model.query().where(column.between(wrong, wrong)).get(),
        lambda: model.query().where(column.in_([wrong])).get(),
    ]


@pytest.mark.feature("bad_input.naive_time", "bad_input.half_written")
@pytest.mark.parametrize("wrong", [NAIVE, NAIVE.replace(tzinfo=_NoZone())], ids=["naive", "zone without offset"])
def test_a_moment_needs_a_zone(wrong: dt.datetime, witness: Witness) -> None:
    ada = make_user()
    order = Order.create(number="A1", customer=ada)
    ways = _ways(Order, order, "placed", wrong)
    ways.extend([lambda: Order.create(number="A2", customer=ada, placed=wrong)])
    ways.extend([lambda: Order.insert_many([{"number": "A3", "customer": ada, "placed": wrong}])])
    for way in ways:
        with witness.refuses(InvalidValue, wrong, "1815, 12", "1815-12", "162342") as told:
            way()
        error = told.error
        assert str(error) == (
            "Order.placed: expected a datetime with a time zone, got a naive one (say which zone: tzinfo=timezone.utc)"
        )
        assert error.where == "Order.placed"
        order.refresh()


@pytest.mark.feature("bad_input.naive_time")
def test_the_times_that_isomorph_keeps_need_a_zone_too(witness: Witness) -> None:
    ada = make_user()
    for way in _ways(User, ada, "created_at", NAIVE):
        with witness.refuses(InvalidValue, NAIVE, match="^User.created_at: expected a datetime with a time zone"):
            way()
        ada.refresh()


@pytest.mark.feature("bad_input.naive_time", "bad_input.half_written")
@pytest.mark.parametrize("zone", [dt.UTC, EAST], ids=["UTC", "east"])
def test_a_wall_clock_time_takes_no_zone(zone: dt.tzinfo, witness: Witness) -> None:
    wrong = NAIVE.replace(tzinfo=zone)
    post = make_post(make_user())
    for way in _ways(Post, post, "publish_on", wrong):
        with witness.refuses(
            InvalidValue, wrong, "1815, 12", "1815-12", match="^Post.publish_on: expected a naive"
        ) as told:
            way()
        assert "use a timestamptz field, or .replace(tzinfo=None)" in told.error.got
        post.refresh()


@pytest.mark.feature("bad_input.naive_time", "bad_input.half_written")
def test_a_time_of_day_takes_no_zone(witness: Witness) -> None:
    profile = Profile.create(user=make_user())
    wrong = dt.time(4, 8, 15, 162342, tzinfo=EAST)
    for way in _ways(Profile, profile, "wakes_at", wrong):
        with witness.refuses(
            InvalidValue, wrong, match="^Profile.wakes_at: expected a time without time zone, got one"
        ):
            way()
        profile.refresh()


@pytest.mark.feature("bad_input.naive_time")
@pytest.mark.parametrize(
    "wrong",
    [
        dt.datetime(1, 1, 1, 0, 0, tzinfo=EAST),
        dt.datetime(9999, 12, 31, 23, 59, tzinfo=dt.timezone(-dt.timedelta(hours=1))),
    ],
    ids=["before the first year", "after the last year"],
)
def test_a_moment_outside_of_the_calendar_of_utc_is_refused(wrong: dt.datetime, witness: Witness) -> None:
    order = Order.create(number="A1", customer=make_user())
    for way in _ways(Order, order, "placed", wrong):
        with witness.refuses(InvalidValue, wrong, match="within the years 1 to 9999 in UTC"):
            way()
        order.refresh()


@pytest.mark.feature("bad_input.naive_time")
def test_a_moment_is_the_same_whatever_zone_it_is_told_in(witness: Witness) -> None:
    ada = make_user()
    order = Order.create(number="A1", customer=ada, placed=AWARE)
    found = Order.find_or_fail(order.id).placed
    assert (found, found.tzinfo) == (AWARE, dt.UTC)
    for zone in (dt.UTC, EAST, dt.timezone(-dt.timedelta(hours=11))):
        assert Order.query().where(Order.placed == AWARE.astimezone(zone)).count() == 1
        assert Order.query().where(Order.placed < AWARE.astimezone(zone)).count() == 0
