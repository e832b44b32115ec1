"""Dates, times and moments in queries: what every database computes is what Python computes."""

import datetime as dt
import random
from collections.abc import Callable
from typing import Any
from zoneinfo import ZoneInfo

import pytest

from isomorph import functions as f
from isomorph.errors import InvalidQuery, InvalidValue, NotSupported, NumericOverflow, StatementFailed
from tests.support.computing import Cases, Row, Wanted, check_all, naive, samples
from tests.support.fields import Package

MICROSECOND = dt.timedelta(microseconds=1)


MOMENTS = [
    naive(1, 1, 1),
    naive(1, 1, 7, 23, 59, 59, 999999),
    naive(4, 2, 29, 23, 59, 59, 999999),
    naive(70, 6, 30, 12),
    naive(1582, 10, 10, 1, 2, 3, 4),
    naive(1970, 1, 1),
    naive(2000, 12, 31, 23, 59, 59, 999999),
    naive(2010, 1, 3, 7, 8, 9, 100),
    naive(2024, 2, 29, 5, 30),
    naive(2024, 12, 30),
    naive(2026, 12, 31, 13, 14, 15, 161718),
    naive(9999, 12, 31, 23, 59, 59, 999999),
]


@pytest.fixture
def moments(fields: Package) -> list[Row]:
    """Dates, times, moments with and without a zone, and spans of time."""
    chance = random.Random(11)
    local = [*MOMENTS, *(naive(1900, 1, 1) + chance.randint(0, 8 * 10**15) * MICROSECOND for _ in range(30))]
    spans = [chance.randint(-(10**13), 10**13) * MICROSECOND for _ in local]
    return samples(
        fields,
        local=local,
        moment=[moment.replace(tzinfo=dt.UTC) for moment in reversed(local)],
        day=[moment.date() for moment in local],
        at=[moment.time() for moment in local],
        span=spans,
    )


PARTS: dict[str, Callable[[dt.date], int]] = {
    "year": lambda x: x.year,
    "quarter": lambda x: (x.month + 2) // 3,
    "month": lambda x: x.month,
    "day": lambda x: x.day,
    "day_of_year": lambda x: x.timetuple().tm_yday,
    "weekday": lambda x: x.isoweekday(),
    "week": lambda x: x.isocalendar().week,
    "week_year": lambda x: x.isocalendar().year,
}
CLOCK: dict[str, Callable[[Any], int]] = {
    "hour": lambda x: x.hour,
    "minute": lambda x: x.minute,
    "second": lambda x: x.second,
    "microsecond": lambda x: x.microsecond,
}


@pytest.mark.feature("queries.date_parts")
def test_parts_are_those_of_python_over_all_its_years(fields: Package, moments: list[Row]) -> None:
    m = fields.MaybeSample

    def part(field: str, read: Callable[[Any], int]) -> Wanted:
        return lambda r: read(getattr(r, field))

    cases: Cases = {
        f"{name} of {field}": (getattr(getattr(m, field), name)(), part(field, read))
        for field, parts in (("day", PARTS), ("local", PARTS | CLOCK), ("moment", PARTS | CLOCK), ("at", CLOCK))
        for name, read in parts.items()
    }
    check_all(fields, moments, cases)


def truncated(moment: Any, unit: str) -> Any:
    """A date or a moment, its smaller parts made the least."""
    day = dt.date(moment.year, moment.month, moment.day)
    first = {
        "year": day.replace(month=1, day=1),
        "quarter": day.replace(month=(day.month - 1) // 3 * 3 + 1, day=1),
        "month": day.replace(day=1),
        "week": day - dt.timedelta(days=day.weekday()),
    }.get(unit, day)
    if not isinstance(moment, dt.datetime):
        return first
    kept = {"hour": 1, "minute": 2, "second": 3}.get(unit, 0)
    hour, minute, second = (
        part if number < kept else 0 for number, part in enumerate((moment.hour, moment.minute, moment.second))
    )
    return dt.datetime.combine(first, dt.time(hour, minute, second), moment.tzinfo)


@pytest.mark.feature("queries.date_parts")
def test_truncate_keeps_the_larger_parts(fields: Package, moments: list[Row]) -> None:
    m = fields.MaybeSample
    days, clocks = ["year", "quarter", "month", "week", "day"], ["hour", "minute", "second"]

    def cut(field: str, unit: str) -> Wanted:
        return lambda r: truncated(getattr(r, field), unit)

    cases: Cases = {
        f"{field} to the {unit}": (getattr(m, field).truncate(unit), cut(field, unit))
        for field, units in (("day", days), ("local", days + clocks), ("moment", days + clocks))
        for unit in units
    }
    check_all(fields, moments, cases)


@pytest.mark.feature("queries.date_parts")
def test_dates_and_times_are_taken_out_of_moments(fields: Package, moments: list[Row]) -> None:
    m = fields.MaybeSample
    cases: Cases = {
        "date": (m.local.date(), lambda r: r.local.date()),
        "time": (m.local.time(), lambda r: r.local.time()),
        "date in UTC": (m.moment.date(), lambda r: r.moment.date()),
        "time in UTC": (m.moment.time(), lambda r: r.moment.time()),
    }
    check_all(fields, moments, cases)

    noon = naive(2024, 2, 29, 5, 30)
    assert m.query().where(m.local.date() == noon.date()).pluck(m.local) == [noon]
    assert m.query().where(m.local.time() == dt.time(5, 30), m.local.year() > 2000).pluck(m.local) == [noon]


@pytest.mark.feature("queries.date_arithmetic")
def test_spans_are_added_and_differences_taken_to_the_microsecond(fields: Package) -> None:
    m = fields.MaybeSample
    chance = random.Random(13)
    local = [naive(1000, 1, 1) + chance.randint(0, 10**17) * MICROSECOND for _ in range(40)]
    rows = samples(
        fields,
        local=local,
        moment=[moment.replace(tzinfo=dt.UTC) for moment in reversed(local)],
        day=[moment.date() for moment in local],
        span=[chance.randint(-(10**13), 10**13) * MICROSECOND for _ in local],
    )
    hour, week = dt.timedelta(hours=1, microseconds=-1), dt.timedelta(days=7)
    new_year = naive(2024, 1, 1, 0, 0, 0, 1)
    cases: Cases = {
        "+ value": (m.local + hour, lambda r: r.local + hour),
        "value +": (week + m.moment, lambda r: week + r.moment),
        "+ column": (m.local + m.span, lambda r: r.local + r.span),
        "- column": (m.moment - m.span, lambda r: r.moment - r.span),
        "- value": (m.moment - hour, lambda r: r.moment - hour),
        "day + value": (m.day + week, lambda r: r.day + week),
        "day - value": (m.day - week, lambda r: r.day - week),
        "moment - value": (m.local - new_year, lambda r: r.local - new_year),
        "value - moment": (new_year - m.local, lambda r: new_year - r.local),
        "zoned": (
            m.moment - new_year.replace(tzinfo=dt.UTC),
            lambda r: r.moment - new_year.replace(tzinfo=dt.UTC),
        ),
        "day - day": (m.day - new_year.date(), lambda r: r.day - new_year.date()),
        "value - day": (new_year.date() - m.day, lambda r: new_year.date() - r.day),
        "date - day": (m.local.date() - m.day, lambda r: r.day - r.day),
    }
    check_all(fields, rows, cases)


@pytest.mark.feature("queries.date_arithmetic")
def test_spans_are_calculated_with(fields: Package, moments: list[Row]) -> None:
    m = fields.MaybeSample
    hour = dt.timedelta(hours=1, microseconds=1)
    cases: Cases = {
        "+": (m.span + hour, lambda r: r.span + hour),
        "-": (hour - m.span, lambda r: hour - r.span),
        "column": (m.span - m.span - m.span, lambda r: -r.span),
        "negative": (-m.span, lambda r: -r.span),
        "total_seconds": (m.span.total_seconds(), lambda r: r.span.total_seconds()),
        "days": (m.span.days(), lambda r: r.span.days),
    }
    check_all(fields, moments, cases)

    assert m.query().where(m.span > dt.timedelta()).count() == sum((row["span"] or -MICROSECOND) > dt.timedelta() for row in moments)  # fmt: skip
    assert m.query().where((m.local - m.local) == dt.timedelta()).count() == len(moments) - 1


@pytest.mark.feature("queries.date_arithmetic")
def test_now_is_the_clock_of_the_database_in_utc(fields: Package) -> None:
    m = fields.MaybeSample
    m.create(moment=dt.datetime.now(dt.UTC) - dt.timedelta(hours=1))

    now, today = m.query().select(f.now(), f.current_date()).first_or_fail()
    assert abs(now - dt.datetime.now(dt.UTC)) < dt.timedelta(minutes=5)
    assert abs(today - dt.datetime.now(dt.UTC).date()) <= dt.timedelta(days=1)
    assert m.query().where(m.moment < f.now(), m.moment > f.now() - dt.timedelta(hours=2)).count() == 1
    assert m.query().where(f.now() - m.moment < dt.timedelta(minutes=30)).count() == 0
    assert m.query().value((f.now() - m.moment).days()) == 0


@pytest.mark.feature("queries.time_zones")
@pytest.mark.parametrize("zone", ["UTC", "+05:30", "-11:00"])
def test_offsets_give_the_clock_of_a_zone_on_every_database(fields: Package, zone: str) -> None:
    m = fields.MaybeSample
    chance = random.Random(17)
    moments = [dt.datetime(10, 1, 1, tzinfo=dt.UTC) + chance.randint(0, 3 * 10**17) * MICROSECOND for _ in range(20)]
    rows = samples(fields, moment=moments)
    offset = dt.datetime.strptime(zone.replace("UTC", "+00:00"), "%z").utcoffset()
    assert offset is not None

    def shown(moment: dt.datetime) -> dt.datetime:
        return (moment + offset).replace(tzinfo=None)

    cases: Cases = {
        "clock": (m.moment.at_zone(zone), lambda r: shown(r.moment)),
        "hour": (m.moment.at_zone(zone).hour(), lambda r: shown(r.moment).hour),
        "date": (m.moment.at_zone(zone).date(), lambda r: shown(r.moment).date()),
    }
    check_all(fields, rows, cases)


@pytest.mark.feature("queries.time_zones")
def test_named_zones_know_summer_time_where_the_database_knows_names(fields: Package, dialect: str) -> None:
    m = fields.MaybeSample
    if dialect == "mysql":
        with pytest.raises(NotSupported, match=r"mysql has no time zones by name \(give the offset, such as \+02:00"):
            m.query().value(m.moment.at_zone("Europe/Berlin"))
        return
    berlin = ZoneInfo("Europe/Berlin")
    moments = [dt.datetime(2024, month, 15, 23, 30, tzinfo=dt.UTC) for month in range(1, 13)]
    moments += [dt.datetime(2024, 3, 31, 1, minute, tzinfo=dt.UTC) for minute in (0, 59)]
    rows = samples(fields, moment=moments)

    cases: Cases = {
        "clock": (
            m.moment.at_zone("Europe/Berlin"),
            lambda r: r.moment.astimezone(berlin).replace(tzinfo=None),
        )
    }
    check_all(fields, rows, cases)
    with pytest.raises(StatementFailed):
        m.query().value(m.moment.at_zone("Europe/Nowhere"))


@pytest.mark.feature("queries.date_arithmetic")
def test_beyond_the_years_of_python_there_is_no_date(fields: Package, dialect: str) -> None:
    m = fields.MaybeSample
    m.create(day=dt.date(9999, 12, 31), local=naive(9999, 12, 31))

    for expression in (m.day + dt.timedelta(days=1), m.local + dt.timedelta(days=1)):
        if dialect == "mysql":
            assert m.query().value(expression) is None
        else:
            with pytest.raises(NumericOverflow, match=r"\(dates and moments are those of the years 1 to 9999"):
                m.query().value(expression)


WRONG: list[tuple[Callable[[Any], Any], type[Exception], str]] = [
    (
        lambda m: m.day + dt.timedelta(hours=1),
        InvalidValue,
        "MaybeSample.day: expected a timedelta of whole days, got one with a part",
    ),
    (lambda m: m.day + 1, InvalidValue, "MaybeSample.day: expected a timedelta of whole days, got int"),
    (lambda m: m.local + 1, InvalidValue, "MaybeSample.local: expected a timedelta, got int"),
    (
        lambda m: m.local + m.number,
        InvalidValue,
        "MaybeSample.local: expected a timedelta, got an expression of another type",
    ),
    (lambda m: m.local - m.moment, InvalidValue, "MaybeSample.local: expected an expression of the type datetime"),
    (lambda m: m.local - dt.datetime(2024, 1, 1, tzinfo=dt.UTC), InvalidValue, "expected a naive datetime"),
    (lambda m: m.moment - naive(2024, 1, 1), InvalidValue, "expected a datetime with a time zone"),
    (lambda m: m.local - None, InvalidQuery, "MaybeSample.local: nothing is taken from None"),
    (lambda m: m.span + 3, InvalidValue, "MaybeSample.span: expected a timedelta, got int"),
    (lambda m: m.span + None, InvalidQuery, "nothing is added to or taken from None"),
    (
        lambda m: m.local.truncate("decade"),
        InvalidValue,
        r"truncate\(\): expected one of year, quarter, .*, got another unit",
    ),
    (
        lambda m: m.day.truncate("hour"),
        InvalidValue,
        r"truncate\(\): expected one of year, quarter, month, week, day, got",
    ),
    (lambda m: m.moment.at_zone("'; DROP"), InvalidValue, r"at_zone\(\): expected a zone such as .*, got another text"),
    (lambda m: m.moment.at_zone("+25:00"), InvalidValue, r"at_zone\(\): expected a zone"),
    (lambda m: m.moment.at_zone(None), InvalidValue, r"at_zone\(\): expected a zone such as .*, got None"),
]


@pytest.mark.feature("queries.typing")
@pytest.mark.parametrize(("make", "error", "message"), WRONG)  # fmt: skip
def test_what_is_no_span_or_zone_is_refused(
    fields_package: Package, make: Callable[[Any], Any], error: type[Exception], message: str
) -> None:
    with pytest.raises(error, match=message):
        make(fields_package.MaybeSample)
