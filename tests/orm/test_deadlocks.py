"""Two writers of the same rows in opposite order: they wait for one another, or the database ends it and `db.run` goes on."""

import threading
import uuid
from collections.abc import Callable
from decimal import Decimal
from functools import partial
from typing import Any

import pytest

from generated import Item, Role, db
from isomorph.errors import DeadlockDetected, SerializationFailure, UniqueViolation

pytestmark = [pytest.mark.usefixtures("showcase"), pytest.mark.feature("writes.deadlocks")]

ROUNDS = 8
ROWS = 300


def at_once(*works: Callable[[], object]) -> list[BaseException]:
    """Run functions in threads that begin together; gives what they raised."""
    errors: list[BaseException] = []
    gate = threading.Barrier(len(works))

    def run(work: Callable[[], object]) -> None:
        try:
            gate.wait(10)
            work()
        except BaseException as error:  # noqa: BLE001 - the test that waits looks at it
            errors.append(error)

    threads = [threading.Thread(target=run, args=(work,)) for work in works]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return errors


def test_upserts_of_the_same_rows_in_opposite_order_do_not_deadlock() -> None:
    """They are sorted by key, so that nobody holds what another one needs: no retry is asked for."""
    rows: list[Any] = [{"name": f"r{number:04}", "level": 1} for number in range(ROWS)]
    Role.insert_many(rows)
    for _ in range(ROUNDS):
        errors = at_once(
            lambda: Role.upsert(rows, unique=[Role.name]),
            lambda: Role.upsert(rows[::-1], unique=[Role.name]),
            lambda: Role.upsert(rows[ROWS // 2 :] + rows[: ROWS // 2], unique=[Role.name], update=[Role.level]),
        )
        assert errors == []
    assert Role.query().count() == ROWS


def test_inserts_of_the_same_keys_in_opposite_order_do_not_deadlock() -> None:
    """One of them wins, the other is told so."""
    for number in range(ROUNDS):
        first = number * ROWS + 1
        rows: list[Any] = [{"id": first + row, "name": f"r{first + row:05}"} for row in range(ROWS)]
        errors = at_once(partial(Role.insert_many, rows), partial(Role.insert_many, rows[::-1]))
        assert [type(error) for error in errors] == [UniqueViolation]
    assert Role.query().count() == ROUNDS * ROWS


def test_upserts_of_new_rows_in_opposite_order_all_succeed() -> None:
    """InnoDB locks the gaps between keys, too, which two writers of new keys may hold at once: that is what retries are for."""

    def upsert(rows: list[Any]) -> Callable[[], object]:
        return lambda: db.run(lambda: Item.upsert(rows, unique=[Item.code], update=[Item.stock]), retries=10)

    for number in range(ROUNDS):
        rows: list[Any] = [
            {"code": uuid.UUID(int=number * ROWS + row), "name": "x", "price": Decimal(1), "stock": row}
            for row in range(ROWS)
        ]
        assert at_once(upsert(rows), upsert(rows[::-1])) == []
    assert Item.query().count() == ROUNDS * ROWS


@pytest.mark.feature("transactions.run", "errors.deadlock")
def test_a_deadlock_between_writes_by_query_is_told_and_run_again(showcase: str) -> None:
    if showcase == "sqlite":
        pytest.skip("one writer at a time: there is nothing to wait for in a circle")
    Role.insert_many({"name": name, "level": 1} for name in "ab")
    both_have_one = threading.Barrier(2)
    attempts: list[str] = []

    def cross(first: str, second: str) -> Callable[[], object]:
        def work() -> None:
            attempts.append(first)
            Role.query().where(Role.name == first).increment(Role.level, 1)
            if len(attempts) <= 2:
                both_have_one.wait(10)
            Role.query().where(Role.name == second).increment(Role.level, 1)

        return lambda: db.run(work, retries=5)

    assert at_once(cross("a", "b"), cross("b", "a")) == []
    assert len(attempts) == 3  # one of them was ended, and run again
    assert Role.query().pluck(Role.level) == [3, 3]


@pytest.mark.feature("errors.deadlock")
def test_a_deadlock_without_retries_leaves_nothing_half_written(showcase: str) -> None:
    if showcase == "sqlite":
        pytest.skip("one writer at a time: there is nothing to wait for in a circle")
    Role.insert_many({"name": name, "level": 1} for name in "ab")
    both_have_one = threading.Barrier(2)

    def cross(first: str, second: str) -> Callable[[], object]:
        def work() -> None:
            with db.transaction():
                Role.query().where(Role.name == first).update(level=2)
                both_have_one.wait(10)
                Role.upsert([{"name": second, "level": 3}], unique=[Role.name])

        return work

    (error,) = at_once(cross("a", "b"), cross("b", "a"))
    assert isinstance(error, DeadlockDetected)
    assert isinstance(error, SerializationFailure)
    assert sorted(Role.query().pluck(Role.level)) == [2, 3]
