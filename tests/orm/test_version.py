"""Optimistic locking: a version that each write raises, and the writer that comes too late."""

import pickle
from collections.abc import Callable
from decimal import Decimal
from typing import Any

import pytest

from isomorph.errors import NotFound, StaleObject
from tests.support.modifiers import make_account, make_line
from tests.support.racing import raced
from tests.support.showcase import recording

pytestmark = pytest.mark.feature("models.version")


def test_each_save_raises_it(modifiers: Any) -> None:
    ada = make_account(modifiers)
    assert ada.version == 1
    for expected in (2, 3):
        ada.balance += 1
        ada.save()
        assert ada.version == expected
        assert modifiers.Account.find_or_fail(ada.id).version == expected
    assert not ada.is_dirty()


def test_a_save_without_changes_sends_nothing(modifiers: Any) -> None:
    ada = make_account(modifiers)
    with recording(modifiers.db.connection()) as sent:
        ada.save()
    assert (len(sent), ada.version) == (0, 1)


def test_one_statement_compares_and_raises(modifiers: Any) -> None:
    line = make_line(modifiers, make_account(modifiers))
    with recording(modifiers.db.connection()) as sent:
        line.note = "n"
        line.save()
    assert sent.texts[0].startswith(
        'UPDATE "lines" SET "note" = ?, "revision" = "revision" + 1 WHERE "account_id" = ? AND "number" = ? '
        'AND "revision" = ?'
    )


LOST: dict[str, Callable[[Any], object]] = {
    "save": lambda line: line.save(),
    "update": lambda line: line.update(quantity=9),
    "delete": lambda line: line.delete(),
}


@pytest.mark.parametrize("write", LOST.values(), ids=LOST)
def test_who_comes_too_late_changes_nothing(modifiers: Any, write: Callable[[Any], object]) -> None:
    mine = make_line(modifiers, make_account(modifiers), note="mine")
    theirs = modifiers.Line.find_or_fail(mine.account_id, mine.number)
    theirs.update(quantity=5)
    mine.price = Decimal(1)

    with pytest.raises(StaleObject) as caught:
        write(mine)

    assert str(caught.value) == (
        "this Line was changed by another writer since it was read (refresh() it, then change it again)"
    )
    assert (caught.value.model, pickle.loads(pickle.dumps(caught.value)).model) == ("Line", "Line")
    found = modifiers.Line.find_or_fail(mine.account_id, mine.number)
    assert (found.quantity, found.price, found.revision) == (5, Decimal("2.50"), 2)
    assert (mine.price, mine.revision, mine.exists) == (Decimal(1), 1, True)
    assert mine.is_dirty("price")


def test_refresh_mends(modifiers: Any) -> None:
    mine = make_line(modifiers, make_account(modifiers))
    modifiers.Line.find_or_fail(mine.account_id, mine.number).update(quantity=5)
    with pytest.raises(StaleObject):
        mine.update(price=Decimal(1))

    mine.refresh()
    mine.update(price=Decimal(1))

    assert (mine.quantity, mine.price, mine.revision, mine.total) == (5, Decimal(1), 3, Decimal(5))
    assert mine.delete()


def test_a_row_that_is_gone_is_told_as_ever(modifiers: Any) -> None:
    mine = make_line(modifiers, make_account(modifiers))
    assert modifiers.Line.find_or_fail(mine.account_id, mine.number).delete()

    with pytest.raises(NotFound):
        mine.update(price=Decimal(1))
    assert not mine.delete()


def test_writes_by_query_raise_it(modifiers: Any) -> None:
    line = modifiers.Line
    mine = make_line(modifiers, make_account(modifiers))
    other = make_line(modifiers, make_account(modifiers, "Bob"))
    mine_only = line.query().where(line.account_id == mine.account_id)

    mine_only.update(quantity=2)
    mine_only.increment(line.quantity, 1)
    mine_only.update_with(line.price.to(line.price + 1))

    found = mine_only.first_or_fail()
    assert (found.revision, found.quantity, found.price) == (4, 3, Decimal("3.50"))
    assert line.find_or_fail(other.account_id, other.number).revision == 1
    with pytest.raises(StaleObject):
        mine.update(note="x")


def test_an_upsert_raises_it_where_the_row_is_there(modifiers: Any) -> None:
    line = modifiers.Line
    mine = make_line(modifiers, make_account(modifiers))
    rows = [{"account_id": mine.account_id, "number": number, "price": Decimal(9)} for number in (1, 2)]

    found = line.upsert(rows, unique=[line.account_id, line.number])

    assert [(row.number, row.revision) for row in found] == [(1, 2), (2, 1)]
    with pytest.raises(StaleObject):
        mine.update(note="x")
    found[0].update(note="y")
    assert found[0].revision == 3


def test_many_rows_start_with_one(modifiers: Any) -> None:
    account = make_account(modifiers)
    made = modifiers.Line.insert_many({"account": account, "number": n, "price": Decimal(n)} for n in range(3))

    assert [line.revision for line in made] == [1, 1, 1]
    made[0].update(quantity=2)
    assert modifiers.Line.query().order_by(modifiers.Line.number).pluck(modifiers.Line.revision) == [2, 1, 1]


def test_a_number_raised_by_its_owner_alone_keeps_the_object_current(modifiers: Any) -> None:
    mine = make_line(modifiers, make_account(modifiers))

    mine.increment(modifiers.Line.quantity)
    assert (mine.revision, mine.quantity) == (2, 2)
    mine.update(note="fine")

    modifiers.Line.find_or_fail(mine.account_id, mine.number).update(price=Decimal(7))
    mine.increment(modifiers.Line.quantity)
    assert mine.quantity == 3
    with pytest.raises(StaleObject):  # the price is not the one that this object shows
        mine.update(note="stale")


def test_a_deleted_object_saved_again_starts_anew(modifiers: Any) -> None:
    mine = make_line(modifiers, make_account(modifiers))
    mine.update(quantity=2)
    assert mine.delete()

    mine.save()

    assert (mine.revision, modifiers.Line.find_or_fail(mine.account_id, mine.number).revision) == (1, 1)


def test_of_many_writers_each_change_is_kept(modifiers: Any) -> None:
    """Each reads, adds one and saves, again and again until it is first: nothing is lost."""
    ada = make_account(modifiers)
    rounds, writers = 5, 3

    def work() -> None:
        for _ in range(rounds):
            while True:
                mine = modifiers.Account.find_or_fail(ada.id)
                mine.balance += 1
                try:
                    mine.save()
                except StaleObject:
                    continue
                break

    raced(work, writers)

    ada.refresh()
    assert (ada.balance, ada.version) == (rounds * writers, rounds * writers + 1)


def test_a_rollback_leaves_the_object_as_it_is_told_to_be(modifiers: Any) -> None:
    ada = make_account(modifiers)
    with pytest.raises(RuntimeError), modifiers.db.transaction():
        ada.update(balance=Decimal(5))
        raise RuntimeError
    ada.balance = Decimal(6)
    with pytest.raises(StaleObject):
        ada.save()
    ada.refresh()
    ada.update(balance=Decimal(6))
    assert (ada.version, ada.balance) == (2, Decimal(6))
