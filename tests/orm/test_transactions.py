"""Transactions through models, and plain SQL."""

import threading
from contextlib import AbstractContextManager
from typing import Any

import pytest

from generated import Role, db
from isomorph.errors import InvalidQuery, NotFound, SerializationFailure, UniqueViolation
from tests.support.showcase import Sent, make_user

pytestmark = pytest.mark.usefixtures("showcase")


class Oops(Exception):
    pass


def ends_with(error: type[Exception]) -> "AbstractContextManager[object, bool]":
    """A block that an error leaves."""
    return pytest.raises(error)


def names() -> list[str]:
    return Role.query().order_by(Role.name).pluck(Role.name)


# --- transactions ----------------------------------------------------------------------------------------------------------


@pytest.mark.feature("transactions.commit")
def test_what_is_done_in_a_block_is_kept_at_its_end() -> None:
    with db.transaction():
        Role.create(name="a")
        Role.insert_many([{"name": "b"}, {"name": "c"}])
        Role.query().where(Role.name == "a").update(level=2)
        assert names() == ["a", "b", "c"]

    assert names() == ["a", "b", "c"]


@pytest.mark.feature("transactions.commit", "bad_input.half_written")
def test_an_error_undoes_the_block_and_goes_on() -> None:
    Role.create(name="old")
    with ends_with(Oops), db.transaction():
        Role.create(name="a")
        Role.query().delete(all_rows=True)
        Role.insert_many([{"name": "b"}])
        raise Oops

    assert names() == ["old"]


@pytest.mark.feature("transactions.commit", "bad_input.half_written", "errors.unique_violation")
def test_an_error_of_the_database_undoes_the_block() -> None:
    with ends_with(UniqueViolation), db.transaction():
        Role.create(name="a")
        Role.create(name="a")

    assert names() == []
    Role.create(name="a")  # the connection is as good as new


@pytest.mark.feature("transactions.nested")
def test_a_nested_block_is_undone_alone() -> None:
    with db.transaction():
        Role.create(name="outer")
        with ends_with(UniqueViolation), db.transaction():
            Role.create(name="inner")
            Role.create(name="outer")
        with db.transaction():
            Role.create(name="second")
            with ends_with(Oops), db.transaction():
                Role.create(name="third")
                raise Oops

    assert names() == ["outer", "second"]


@pytest.mark.feature("transactions.nested")
def test_a_nested_block_that_ended_well_goes_with_the_outer_one() -> None:
    with ends_with(Oops), db.transaction():
        with db.transaction():
            Role.create(name="inner")
        raise Oops

    assert names() == []


@pytest.mark.feature("transactions.run")
def test_run_gives_the_result_and_keeps_the_work() -> None:
    assert db.run(lambda: Role.create(name="a").name) == "a"
    assert names() == ["a"]


@pytest.mark.feature("transactions.run")
def test_run_tries_again_when_the_database_asks_for_it() -> None:
    attempts: list[int] = []

    def work() -> str:
        attempts.append(len(attempts))
        Role.create(name="a")
        if len(attempts) < 3:
            raise SerializationFailure("40001")
        return "done"

    assert db.run(work, retries=3) == "done"
    assert attempts == [0, 1, 2]
    assert names() == ["a"]


@pytest.mark.feature("transactions.run", "errors.serialization_failure")
def test_run_gives_up_after_the_last_attempt_and_at_other_errors_at_once() -> None:
    attempts: list[int] = []

    def work(error: Exception) -> None:
        attempts.append(1)
        Role.create(name="a")
        raise error

    with pytest.raises(SerializationFailure):
        db.run(lambda: work(SerializationFailure("40001")), retries=2)
    assert len(attempts) == 3
    with pytest.raises(Oops):
        db.run(lambda: work(Oops()), retries=2)
    assert len(attempts) == 4
    assert names() == []


@pytest.mark.feature("transactions.threads")
def test_a_transaction_belongs_to_its_thread() -> None:
    seen: list[int] = []
    with db.transaction():
        Role.create(name="a")
        reader = threading.Thread(target=lambda: seen.append(Role.query().count()))
        reader.start()
        reader.join()

    assert seen == [0]


@pytest.mark.feature("transactions.commit")
def test_what_takes_several_statements_is_one_transaction_of_its_own() -> None:
    many = [{"name": f"r{number}"} for number in range(1_100)]
    insert_many: Any = Role.insert_many
    with pytest.raises(UniqueViolation):
        insert_many([*many, many[0]])

    assert Role.query().count() == 0


@pytest.mark.feature("transactions.commit")
def test_an_object_of_an_undone_transaction_can_be_refreshed_or_told_that_it_is_gone() -> None:
    ada = make_user()
    made = Role(name="a")
    with ends_with(Oops), db.transaction():
        ada.update(name="Changed")
        made.save()
        raise Oops

    assert ada.refresh().name == "Ada"
    with pytest.raises(NotFound):
        made.refresh()


# --- plain SQL ---------------------------------------------------------------------------------------------------------------


@pytest.mark.feature("connections.execute")
def test_plain_sql_binds_its_values_and_gives_rows(sent: Sent) -> None:
    Role.create(name="50% off?", level=3)

    assert db.execute("SELECT name, level FROM roles WHERE name = ?", "50% off?") == [("50% off?", 3)]
    assert db.execute("UPDATE roles SET level = ? WHERE name LIKE '50%'", 4) == []
    assert db.execute("SELECT level FROM roles WHERE name <> 'what?' AND level % 2 = 0") == [(4,)]
    assert "50% off?" not in sent.last
    with pytest.raises(InvalidQuery, match="has 1 placeholders and 0 values"):
        db.execute("SELECT name FROM roles WHERE name = ?")
