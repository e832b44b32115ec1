"""What a schema says of a field or a model beyond its type, on each database: limits, patterns, collations, keys."""

import datetime as dt
from collections.abc import Callable
from decimal import Decimal
from typing import Any

import pytest

from isomorph.errors import CheckViolation, NotFillable, UniqueViolation
from tests.support.modifiers import make_account, make_line

# --- limits and patterns ---------------------------------------------------------------------------------------------


@pytest.mark.feature("models.bounds", "errors.check_violation")
@pytest.mark.parametrize(
    ("field", "value"),
    [
        ("given", ""),
        ("balance", Decimal("1000000.01")),
        ("rating", 0.51),
        ("rating", -0.1),
        ("code", "de-1"),
        ("code", "DE-1\n"),
        ("code", "DE-x"),
        ("family", ""),
        ("family", " b"),
    ],
)
def test_limits_and_patterns_hold_for_every_write(modifiers: Any, field: str, value: Any) -> None:
    account = modifiers.Account
    ada = make_account(modifiers)
    writes: dict[str, Callable[[], object]] = {
        "create": lambda: make_account(modifiers, **{"given": "Bob", field: value}),
        "insert_many": lambda: account.insert_many([{"given": "Bob", "email": "b", field: value}]),
        "save": lambda: ada.update(**{field: value}),
        "query": lambda: account.query().where(account.id == ada.id).update(**{field: value}),
    }
    for name, write in writes.items():
        with pytest.raises(CheckViolation) as caught:
            write()
        assert (caught.value.model, caught.value.fields) == ("Account", (field,)), name
        assert str(value) not in str(caught.value) or not str(value).strip()
    assert account.query().count() == 1


@pytest.mark.feature("models.bounds")
def test_values_at_the_limits_are_fine(modifiers: Any) -> None:
    ada = make_account(modifiers, "🙂", balance=Decimal(1000000), rating=0.5, code="DE-007", family="L 'x' %")
    ada.update(rating=0.0, code=None, family=None, balance=Decimal(-5))

    assert modifiers.Account.query().count() == 1


@pytest.mark.feature("models.bounds", "models.generated")
def test_a_limit_that_a_raised_number_breaks(modifiers: Any) -> None:
    line = make_line(modifiers, make_account(modifiers), quantity=999)
    line.increment(modifiers.Line.quantity)
    with pytest.raises(CheckViolation) as caught:
        line.increment(modifiers.Line.quantity)

    assert (caught.value.model, caught.value.fields) == ("Line", ("quantity",))
    assert (line.quantity, line.revision) == (1000, 2)


# --- collations ------------------------------------------------------------------------------------------------------


@pytest.mark.feature("models.collation")
def test_a_table_without_case_has_columns_with_it(modifiers: Any) -> None:
    account = modifiers.Account
    make_account(modifiers, "Ada", email="A@x.org", code="AB-1")
    make_account(modifiers, "Bob", email="B@x.org")

    assert account.query().where(account.given == "ADA").count() == 1
    assert account.query().where(account.given.in_(["ada", "bOB"])).count() == 2
    assert account.query().where(account.given > "aDA").pluck(account.given) == ["Bob"]
    assert account.query().where(account.code == "ab-1").count() == 0
    assert account.query().where(account.lowered == "A@x.org").count() == 0
    assert account.query().where(account.lowered == "a@x.org").count() == 1


@pytest.mark.feature("models.collation", "queries.like", "queries.ignore_case", "queries.regex")
def test_texts_are_searched_by_case_on_every_collation(modifiers: Any) -> None:
    account = modifiers.Account
    made = make_account(modifiers, "Ödön", email="A@x.org")

    name = account.given
    for found in (
        name.contains("dö"),
        name.starts_with("Öd"),
        name.ends_with("n"),
        name.like("Ö%n"),
        name.matches("^Ö"),
        name.position("dö") == 2,
        name.contains(name),
        name.replace("dö", "-") == "Ö-n",
        name.icontains("ÖN"),
        name.istarts_with("öD"),
        name.ilike("ö%"),
        name.matches("^ö", ignore_case=True),
        name.lower() == "ödön",
        name.upper() == "ÖDÖN",
        name.iequals("öDÖN"),
        (name + "!").ends_with("n!"),
    ):
        assert account.query().where(found).pluck(account.id) == [made.id]
    for missed in (
        name.contains("DÖ"),
        name.starts_with("öd"),
        name.ends_with("N"),
        name.like("ö%"),
        name.matches("^ö"),
        name.position("DÖ") > 0,
        name.replace("DÖ", "-") == "Ö-n",
        name.lower() == "Ödön",
        (name + "!").ends_with("N!"),
    ):
        assert account.query().where(missed).count() == 0


@pytest.mark.feature("models.collation", "models.generated")
def test_a_generated_field_makes_a_key_without_case(modifiers: Any) -> None:
    make_account(modifiers, "Ada", email="ÄDA@x.org")

    with pytest.raises(UniqueViolation) as caught:
        make_account(modifiers, "Other", email="äda@X.org")
    assert (caught.value.model, caught.value.fields) == ("Account", ("lowered",))


# --- what is shown and filled ----------------------------------------------------------------------------------------


@pytest.mark.feature("models.shown")
def test_only_what_is_visible_is_shown(modifiers: Any) -> None:
    ada = make_account(modifiers, family="L", password_hash="x")

    assert ada.to_dict() == {"id": ada.id, "full_name": "Ada L", "email": "Ada@example.com", "code": None, "version": 1}
    assert "hash of" not in repr(ada)


@pytest.mark.feature("models.shown", "models.create")
def test_all_but_what_is_guarded_is_filled(modifiers: Any) -> None:
    account = modifiers.Account
    made = account.create_from({"given": "Ada", "email": "a", "born": dt.date(1815, 12, 10), "balance": Decimal(3)})
    assert (made.birth_year, made.balance) == (1815, Decimal(3))

    for refused in ("password_hash", "id", "created_at", "version", "full_name"):
        values: dict[str, object] = {"given": "Bob", "email": "b", refused: None}
        with pytest.raises(NotFillable, match=refused):
            account.create_from(values)
        with pytest.raises(NotFillable, match=refused):
            made.fill({refused: None})
    assert account.query().count() == 1


# --- functions in scopes ---------------------------------------------------------------------------------------------


@pytest.mark.feature("schema.functions", "queries.scopes")
def test_scopes_use_functions(modifiers: Any) -> None:
    account = modifiers.Account
    make_account(modifiers, "Ada", family="Lovelace", code="DE-1", born=dt.date(1815, 12, 10))
    make_account(modifiers, "Élodie", born=dt.date(1990, 1, 2), balance=Decimal("1.10"), rating=0.1)
    make_account(modifiers, "Bob", code="FR-1", born=dt.date(1990, 2, 2), balance=Decimal("1.00"), rating=0.1)

    def given(query: Any) -> list[str]:
        return sorted(query.pluck(account.given))

    assert given(account.query().called("%LOVE%".lower())) == ["Ada"]
    assert given(account.query().called("é_odie")) == ["Élodie"]
    assert given(account.query().coded()) == ["Ada"]
    assert given(account.query().rated()) == ["Élodie"]
    assert given(account.query().born_in(1990)) == ["Élodie"]
    assert given(account.query().born_in(1815).called("ada%")) == ["Ada"]


# --- keys and defaults -----------------------------------------------------------------------------------------------


@pytest.mark.feature("models.composite_key", "models.version")
def test_every_operation_by_a_key_of_two_columns_one_of_a_relation(modifiers: Any) -> None:
    line, account = modifiers.Line, modifiers.Account
    ada, bob = make_account(modifiers), make_account(modifiers, "Bob")
    first = make_line(modifiers, ada, 1)
    second = line.create(account_id=ada.id, number=2, price=Decimal(1))
    other = make_line(modifiers, bob, 1)

    assert line.find(ada.id, 2) == second
    assert line.find(bob.id, 2) is None
    assert list(line.find_many([(bob.id, 1), (ada.id, 1)])) == [other, first]
    loaded = account.query().order_by(account.id).include(account.lines, line.query().order_by(line.number)).get()
    assert [[row.number for row in owner.lines] for owner in loaded] == [[1, 2], [1]]
    with_owner = line.query().include(line.account).where(line.number == 2).first_or_fail()
    assert with_owner.account.given == "Ada"

    second.number = 3
    second.save()
    assert line.find(ada.id, 2) is None
    second.refresh()
    assert (second.number, second.revision) == (3, 2)
    second.increment(line.quantity)
    assert line.find_or_fail(ada.id, 3).quantity == 2
    assert first.delete()
    assert line.query().where(line.account_id == ada.id).count() == 1
    assert ada.delete()  # and its lines with it
    assert list(line.all()) == [other]


@pytest.mark.feature("models.defaults")
def test_a_default_of_the_database_in_its_own_words(modifiers: Any) -> None:
    line = modifiers.Line
    account = make_account(modifiers)
    made = make_line(modifiers, account)

    assert made.note == "-"
    assert [row.note for row in line.insert_many([{"account": account, "number": 2, "price": Decimal(1)}])] == ["-"]
    assert make_line(modifiers, account, 3, note="given").note == "given"
    assert line.update_or_create({"account_id": account.id, "number": 4}, {"price": Decimal(1)}).note == "-"
    assert not made.is_dirty()
