"""Casts: what the application makes of columns, and what it refuses."""

import pickle
from pathlib import PurePosixPath
from typing import Any

import pytest

from isomorph.errors import InvalidValue, NotNullViolation
from tests.support.composites import casts, whole
from tests.support.fields import Package

pytestmark = pytest.mark.feature("types.cast", "types.custom")


def test_the_database_holds_what_the_cast_makes(composites: Package) -> None:
    app = casts(composites)
    composites.Sample.create(
        **{
            **whole(composites, {}),
            "price": app.Money(1999),
            "path": PurePosixPath("/srv/ü"),
            "settings": app.Settings(perPage=50, nested=app.Theme(accents=["red"])),
        }
    )
    assert composites.db.execute("SELECT COUNT(*) FROM samples WHERE price = ?", "19.99") == [(1,)]
    assert composites.db.execute("SELECT path FROM samples") == [("/srv/ü",)]
    (found,) = composites.Sample.query().get()
    assert found.settings.per_page == 50
    assert found.settings.nested.accents == ["red"]


def test_columns_of_casts_are_compared_by_values_of_the_application(composites: Package) -> None:
    app, sample = casts(composites), composites.Sample
    made = sample.create(**{**whole(composites, {}), "price": app.Money(150)})
    sample.create(**{**whole(composites, {}), "price": app.Money(250), "path": PurePosixPath("/b")})

    assert repr(sample.price) == "<CustomColumn Sample.price>"
    assert repr(sample.settings) == "<DocumentColumn Sample.settings>"
    assert sample.query().where(sample.price == app.Money(150)).pluck(sample.id) == [made.id]
    assert sample.query().where(sample.path.in_([PurePosixPath("/b"), PurePosixPath("/c")])).count() == 1
    assert sample.query().where(sample.path != PurePosixPath("/b")).pluck(sample.path) == [PurePosixPath("/tmp")]
    sample.query().where(sample.price == app.Money(150)).update(price=app.Money(99))
    assert made.refresh().price == app.Money(99)
    assert sample.first_or_create({"price": app.Money(99)}).id == made.id


def test_untyped_input_is_checked_by_the_cast(composites: Package) -> None:
    made = composites.Sample.create(**whole(composites, {}))
    with pytest.raises(InvalidValue, match=r"Sample\.price: expected a value that MoneyCast takes, got str"):
        made.fill({"price": "12.50"})
    made.fill({"price": casts(composites).Money(1)})
    assert made.price == casts(composites).Money(1)


def test_a_cast_that_gives_too_much_is_refused_by_the_column(composites: Package) -> None:
    app = casts(composites)
    with pytest.raises(InvalidValue, match=r"Sample\.price: expected at most 8 digits before the point"):
        composites.Sample.create(**{**whole(composites, {}), "price": app.Money(10**12)})
    with pytest.raises(InvalidValue, match=r"Sample\.levels: expected a list, each item an int"):
        composites.Sample.create(**{**whole(composites, {}), "levels": app.Levels([1, "2"])})


def test_a_document_in_the_database_that_the_model_refuses_is_told_and_not_repeated(composites: Package) -> None:
    composites.Sample.create(**whole(composites, {}))
    composites.db.execute("UPDATE samples SET settings = ?", '{"theme": ["hunter2"]}')
    with pytest.raises(InvalidValue) as raised:
        composites.Sample.query().get()
    assert str(raised.value) == ("Settings: expected a document in the database that it accepts, got another one")
    assert raised.value.__context__ is None


def test_a_document_that_lacks_what_has_a_default_is_not_dirty(composites: Package) -> None:
    composites.Sample.create(**whole(composites, {}))
    composites.db.execute("UPDATE samples SET settings = ?", "{}")
    (found,) = composites.Sample.query().get()
    assert found.settings == casts(composites).Settings()
    assert not found.is_dirty()
    found.settings.theme = "dark"
    assert found.get_dirty() == {"settings": found.settings}
    assert found.get_original("settings").theme == "light"


def test_casts_survive_pickling(composites: Package) -> None:
    made = composites.Sample.create(**whole(composites, {}))
    twin = pickle.loads(pickle.dumps(made))
    assert (twin.price, twin.settings, twin.path) == (made.price, made.settings, made.path)
    twin.settings.theme = "dark"
    assert twin.is_dirty("settings")
    assert not made.is_dirty()


def test_a_cast_never_sees_none(composites: Package, monkeypatch: pytest.MonkeyPatch) -> None:
    made = composites.Priced.create(price=casts(composites).Money(1))

    def broken(_self: Any, _value: Any) -> Any:
        raise ZeroDivisionError

    monkeypatch.setattr(casts(composites).MoneyCast, "to_database", broken)
    with pytest.raises(NotNullViolation):
        composites.Priced.create(price=None)
    made.price = None
    with pytest.raises(NotNullViolation):
        made.save()


def test_errors_of_a_cast_that_refuse_nothing_are_its_own(composites: Package, monkeypatch: pytest.MonkeyPatch) -> None:
    """A bug of the application is shown where it is."""

    def broken(_self: Any, _value: Any) -> Any:
        raise ZeroDivisionError

    monkeypatch.setattr(casts(composites).PathCast, "to_database", broken)
    with pytest.raises(ZeroDivisionError):
        composites.Sample.create(**whole(composites, {}))
