"""Fields that the database computes: never sent, read back, never set."""

import copy
import datetime as dt
import pickle
from collections.abc import Callable
from decimal import Decimal
from typing import Any

import pytest

from isomorph.errors import InvalidQuery, ReadOnlyField
from tests.support.modifiers import make_account, make_line
from tests.support.showcase import recording

pytestmark = pytest.mark.feature("models.generated")


# --- read back -------------------------------------------------------------------------------------------------------


def test_a_new_object_shows_what_the_database_computed(modifiers: Any) -> None:
    ada = make_account(modifiers, family="Lovelace", email="Ada@X.org", born=dt.date(1815, 12, 10))

    assert (ada.full_name, ada.lowered, ada.birth_year) == ("Ada Lovelace", "ada@x.org", 1815)
    assert not ada.is_dirty()
    found = modifiers.Account.find_or_fail(ada.id)
    assert (found.full_name, found.lowered, found.birth_year) == ("Ada Lovelace", "ada@x.org", 1815)
    assert make_account(modifiers, "Bob").birth_year is None


def test_a_saved_object_shows_the_new_value(modifiers: Any) -> None:
    line = make_line(modifiers, make_account(modifiers), quantity=3)
    assert (line.total, line.label, line.note) == (Decimal("7.50"), "no 1", "-")

    line.quantity = 4
    assert line.total == Decimal("7.50")  # what the row has
    line.save()

    assert line.total == Decimal("10.00")
    assert not line.is_dirty()
    assert line.update(price=Decimal("0.10")).total == Decimal("0.40")
    assert modifiers.Line.query().pluck(modifiers.Line.total) == [Decimal("0.40")]


def test_a_new_key_moves_what_follows_from_it(modifiers: Any) -> None:
    line = make_line(modifiers, make_account(modifiers))

    line.number = 7
    line.save()

    assert line.label == "no 7"
    assert modifiers.Line.find_or_fail(line.account_id, 7).label == "no 7"


def test_it_is_never_sent_and_read_back_only_where_it_may_change(modifiers: Any, dialect: str) -> None:
    account = make_account(modifiers)
    with recording(modifiers.db.connection()) as sent:
        line = make_line(modifiers, account, note="n")
        assert '"total"' not in sent.texts[0].partition("RETURNING")[0]
        sent.clear()
        account.update(balance=Decimal(3))
        assert len(sent) == 1
        assert "RETURNING" not in sent.last
        sent.clear()
        line.price = Decimal(3)
        line.save()
        if dialect == "mysql":  # whose UPDATE returns nothing
            assert [text.partition(" ")[0] for text in sent.texts] == ["UPDATE", "SELECT"]
        else:
            assert sent.last.endswith('RETURNING "total", "label"')
    assert line.total == Decimal(3)


def test_many_rows_get_it_too(modifiers: Any) -> None:
    account = make_account(modifiers)

    made = modifiers.Line.insert_many(
        {"account": account, "number": number, "price": Decimal(number)} for number in range(1, 4)
    )

    assert [(line.total, line.label) for line in made] == [(Decimal(n), f"no {n}") for n in range(1, 4)]


def test_writes_that_find_or_make_rows(modifiers: Any) -> None:
    line = modifiers.Line
    account = make_account(modifiers)
    key = {"account_id": account.id, "number": 1}

    made = line.update_or_create(key, {"price": Decimal(2)})
    assert made.total == Decimal(2)
    assert line.update_or_create(key, {"quantity": 5}).total == Decimal(10)
    assert line.first_or_create(key, {"price": Decimal(9)}).total == Decimal(10)
    assert line.create_or_first(key, {"price": Decimal(9)}).total == Decimal(10)
    upserted = line.upsert(
        [{**key, "price": Decimal(3)}, {**key, "number": 2, "price": Decimal(4)}],
        unique=[line.account_id, line.number],
    )
    assert [row.total for row in upserted] == [Decimal(3), Decimal(4)]


def test_a_number_that_is_raised_takes_it_along(modifiers: Any) -> None:
    line = make_line(modifiers, make_account(modifiers))

    line.increment(modifiers.Line.quantity, 3)

    assert (line.quantity, line.total) == (4, Decimal("10.00"))
    assert not line.is_dirty()


def test_writes_by_query_and_queries(modifiers: Any) -> None:
    line = modifiers.Line
    account = make_account(modifiers)
    make_line(modifiers, account, 1)
    make_line(modifiers, account, 2)

    assert line.query().where(line.total < 5).update(quantity=10) == 2
    assert line.query().order_by(line.number).pluck(line.total) == [Decimal("25.00")] * 2
    assert line.query().where(line.label == "no 2").first_or_fail().number == 2
    assert line.query().sum(line.total) == Decimal("50.00")


def test_refresh_and_copies_keep_it(modifiers: Any) -> None:
    line = make_line(modifiers, make_account(modifiers))
    modifiers.Line.query().update(quantity=2, all_rows=True)

    line.refresh()
    assert line.total == Decimal("5.00")
    for other in (copy.copy(line), copy.deepcopy(line), pickle.loads(pickle.dumps(line))):
        assert (other.total, other.revision, other.is_dirty()) == (Decimal("5.00"), 2, False)
    assert line.to_dict()["total"] == Decimal("5.00")


def test_a_twin_of_an_object_computes_its_own(modifiers: Any) -> None:
    line = make_line(modifiers, make_account(modifiers), quantity=2)

    twin = line.replicate()
    assert not hasattr(twin, "total")
    twin.account_id, twin.number, twin.quantity = line.account_id, 2, 3
    twin.save()

    assert (twin.total, twin.label) == (Decimal("7.50"), "no 2")


def test_changes_leave_it_out(modifiers: Any) -> None:
    line = make_line(modifiers, make_account(modifiers))
    line.price = Decimal(9)

    assert line.get_dirty() == {"price": Decimal(9)}
    assert not line.is_dirty("total")
    assert line.get_original("total") == Decimal("2.50")
    assert line.discard_changes().price == Decimal("2.50")


# --- refused ----------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("model", "field"), [("Line", "total"), ("Line", "revision"), ("Account", "version"), ("Tag", "slug")]
)
def test_nobody_sets_it(modifiers: Any, model: str, field: str) -> None:
    made: Any = {
        "Account": lambda: make_account(modifiers),
        "Line": lambda: make_line(modifiers, make_account(modifiers)),
        "Tag": lambda: modifiers.Tag.create(name="a"),
    }[model]()
    before = getattr(made, field)

    with pytest.raises(ReadOnlyField, match=f"{model}.{field}"):
        setattr(made, field, before)
    assert getattr(made, field) == before
    assert not made.is_dirty()


@pytest.mark.parametrize("field", ["total", "revision"])
def test_untyped_calls_are_refused(modifiers: Any, field: str) -> None:
    line = modifiers.Line
    account = make_account(modifiers)
    made = make_line(modifiers, account)
    row: dict[str, Any] = {"account": account, "number": 2, "price": Decimal(1), field: 1}
    key = {"account_id": account.id, "number": 2}
    writes: dict[str, Callable[[], object]] = {
        "insert_many": lambda: line.insert_many([row]),
        "upsert": lambda: line.upsert([row], unique=[line.account_id, line.number]),
        "first_or_create": lambda: line.first_or_create(key, {"price": Decimal(1), field: 1}),
        "query": lambda: line.query().where(line.number == 1).update(**{field: 1}),
        "query.increment": lambda: line.query().where(line.number == 1).increment(getattr(line, field), 1),
        "update": lambda: made.update(**{field: 1}),
        "increment": lambda: made.increment(getattr(line, field)),
    }
    for name, write in writes.items():
        with pytest.raises((ReadOnlyField, InvalidQuery)) as caught:
            write()
        assert field in str(caught.value), name
    with pytest.raises(TypeError, match=field):
        line.create(**row)
    assert line.query().pluck(line.total) == [Decimal("2.50")]


def test_a_new_object_has_none_yet(modifiers: Any) -> None:
    tag = modifiers.Tag(name="a")

    with pytest.raises(AttributeError, match="slug"):
        _ = tag.slug
    assert "slug" not in tag.get_dirty()
    assert tag.save().slug == "a!"
