"""UUIDs that the code makes: valid, different, and those of version 7 in rising order, whatever the clock does."""

import multiprocessing
import os
import threading
import time
import uuid
from collections.abc import Iterator

import pytest
from hypothesis import given
from hypothesis import strategies as st

from isomorph.orm.uuids import MAKERS, Sequence7, uuid7
from tests.support.fields import Package

in_models = pytest.mark.feature("types.uuid_made")


def made(times: list[int], random: int = 0) -> list[uuid.UUID]:
    """What a sequence makes when its clock shows these milliseconds, all random bits being `random`."""
    clock: Iterator[int] = iter(times)
    make = Sequence7(lambda: next(clock), lambda size: bytes([random]) * size)
    return [make() for _ in times]


def test_the_fields_of_version_7() -> None:
    (value,) = made([0x0123_4567_89AB], random=0xFF)
    assert (value.version, value.variant) == (7, uuid.RFC_4122)
    assert value.int >> 80 == 0x0123_4567_89AB
    # The counter begins in its lower half: its first bit is 0, the others are as random as they were given.
    assert str(value) == "01234567-89ab-77ff-bfff-ffffffffffff"


@given(st.lists(st.integers(0, 2**48 - 1), min_size=2, max_size=50), st.integers(0, 255))
def test_each_is_greater_than_the_one_before(times: list[int], random: int) -> None:
    values = made(times, random)
    assert values == sorted(set(values))
    assert all((value.version, value.variant) == (7, uuid.RFC_4122) for value in values)


def test_within_a_millisecond_the_counter_counts() -> None:
    first, second = made([7, 7])
    assert second.int >> 80 == 7
    assert second.int - first.int == 1 << 32


def test_when_the_clock_goes_back_the_counter_goes_on() -> None:
    first, second, third = made([1000, 10, 1001])
    assert [value.int >> 80 for value in (first, second, third)] == [1000, 1000, 1001]
    assert first < second < third


def test_when_the_counter_is_full_the_next_millisecond_is_used() -> None:
    make = Sequence7(lambda: 5, lambda size: b"\xff" * size)
    first = make()
    make._counter = 2**42 - 1  # after four trillion calls in one millisecond
    second, third = make(), make()
    assert [value.int >> 80 for value in (first, second, third)] == [5, 6, 6]
    assert first < second < third


def test_the_real_ones_carry_the_time() -> None:
    before = time.time_ns() // 1_000_000
    values = [uuid7() for _ in range(1_000)]
    after = time.time_ns() // 1_000_000
    assert before <= values[0].int >> 80
    assert values[-1].int >> 80 <= after + 1
    assert values == sorted(set(values))


def test_threads_never_get_the_same() -> None:
    found: list[list[uuid.UUID]] = [[] for _ in range(4)]

    def work(values: list[uuid.UUID]) -> None:
        values.extend(uuid7() for _ in range(2_000))

    threads = [threading.Thread(target=work, args=(values,)) for values in found]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()

    assert len({value for values in found for value in values}) == 8_000
    assert all(values == sorted(values) for values in found)


def _in_a_child(values: "multiprocessing.Queue[uuid.UUID]") -> None:
    values.put(uuid7())


@pytest.mark.skipif(not hasattr(os, "fork"), reason="the system cannot fork")
def test_a_child_may_be_forked_while_another_thread_makes_one() -> None:
    context = multiprocessing.get_context("fork")
    values = context.Queue()
    with uuid7._lock:
        child = context.Process(target=_in_a_child, args=(values,))
        child.start()
    mine = uuid7()
    assert values.get(timeout=30) != mine
    child.join(30)
    assert child.exitcode == 0


@pytest.mark.parametrize(("name", "version"), [("uuid4", 4), ("uuid7", 7)])
def test_each_default_of_the_schema_has_its_maker(name: str, version: int) -> None:
    (make,) = [make for kind, make in MAKERS.items() if kind.value == name]
    assert make().version == version
    assert make() != make()


# --- in models -------------------------------------------------------------------------------------------------------


@in_models
def test_a_new_object_has_its_key_before_it_is_saved(fields: Package) -> None:
    made = fields.Made()
    assert (made.id.version, made.token.version) == (7, 4)
    key = made.id

    made.save()

    assert fields.Made.find_or_fail(key).token == made.token
    assert not made.is_dirty()


@in_models
def test_what_is_given_counts(fields: Package) -> None:
    key = uuid.UUID(int=1)
    made = fields.Made.create(id=key, token=None)
    assert (made.id, made.token) == (key, None)
    assert fields.Made.find_or_fail(key).token is None


@in_models
def test_rows_made_together_are_in_order(fields: Package) -> None:
    parent = fields.Made.create(note="parent")
    rows = fields.Made.insert_many([{"note": f"{number}", "parent": parent} for number in range(200)])

    assert [row.note for row in fields.Made.query().where(fields.Made.parent_id == parent.id).order_by(fields.Made.id)
            .get()] == [row.note for row in rows]  # fmt: skip
    assert len({row.token for row in rows}) == 200


@in_models
def test_an_object_made_from_untyped_input_has_one(fields: Package) -> None:
    assert fields.Made.create_from({"note": "x"}).id.version == 7


@in_models
def test_an_input_need_not_bring_one(fields: Package) -> None:
    sent = fields.MadeCreate(note="x").model_dump(exclude_unset=True)
    assert sent == {"note": "x"}
    assert fields.Made.create(**sent).token.version == 4


@in_models
def test_a_copy_gets_its_own(fields: Package) -> None:
    made = fields.Made.create(note="x")

    copy = made.replicate().save()

    assert copy.note == "x"
    assert copy.id > made.id
    assert copy.token != made.token


@in_models
@pytest.mark.feature("models.upsert")
def test_an_upsert_keeps_the_key_of_the_row_that_is_there(fields: Package) -> None:
    made = fields.Made.create(note="old")

    fields.Made.upsert([{"token": made.token, "note": "new"}], unique=[fields.Made.token], update=[fields.Made.note])

    assert [(row.id, row.note) for row in fields.Made.all()] == [(made.id, "new")]
