"""A database that is not what the schema says: each difference is told as one, with the mend."""

import sys
from collections.abc import Callable, Iterator

import pytest

from isomorph.dialects import get
from isomorph.errors import InvalidValue, SchemaMismatch
from tests.support.fields import Package
from tests.support.showcase import tables_of


@pytest.fixture
def drifted(fields_package: Package, database_url: str, dialect: str) -> Iterator[Package]:
    """The package on a database that lacks the column `note` of Named, and Preset's table."""
    quoted = get(dialect).quoted
    with tables_of(fields_package.db, database_url) as tables:
        fields_package.Named.create(name="a")
        tables.connection.execute(f"ALTER TABLE {quoted('nameds')} DROP COLUMN {quoted('note')}")
        tables.connection.execute(f"DROP TABLE {quoted('presets')}")
        yield fields_package


def test_a_column_that_the_database_lacks_is_told_when_it_is_written(drifted: Package) -> None:
    named = drifted.Named
    ways: list[Callable[[], object]] = [
        lambda: named.create(name="b", note="x"),
        lambda: named.insert_many([{"name": "b"}]),
        lambda: named.query().where(named.name == "a").update(note="x"),
    ]
    for way in ways:
        with pytest.raises(SchemaMismatch, match=r"lacks a table or column of the schema.*\(run `orm migrate run`\)"):
            way()


@pytest.fixture
def reading(request: pytest.FixtureRequest, dialect: str, driver: str | None) -> None:
    if dialect == "sqlite" and driver is None and sys.version_info < (3, 12):
        # https://sqlite.org/quirks.html#double_quoted_string_literals_are_accepted
        reason = "SQLite takes an unknown name in double quotes for a text, and only Python 3.12 can forbid it"
        request.applymarker(pytest.mark.xfail(reason=reason, strict=True))


def test_a_column_that_the_database_lacks_is_told_when_it_is_read(reading: None, drifted: Package) -> None:
    named = drifted.Named
    ways: list[Callable[[], object]] = [
        lambda: named.find("a"),
        lambda: named.query().get(),
        lambda: named.query().pluck(named.note),
        lambda: named.query().where(named.note == "x").count(),
        lambda: named.query().select(named.name).order_by(named.note).get(),
    ]
    for way in ways:
        with pytest.raises(SchemaMismatch):
            way()


def test_a_table_that_the_database_lacks_is_told(drifted: Package) -> None:
    preset = drifted.Preset
    ways: list[Callable[[], object]] = [
        preset.create,
        lambda: preset.find(1),
        lambda: preset.query().count(),
        lambda: preset.query().delete(all_rows=True),
        lambda: preset.query().where(preset.id == 1).update(flag=True),
    ]
    for way in ways:
        with pytest.raises(SchemaMismatch, match="run `orm migrate run`"):
            way()


def test_an_enum_value_that_the_schema_does_not_know_is_told(drifted: Package, dialect: str) -> None:
    """The database may be ahead of the code that reads it."""
    drifted.db.connection().execute(
        {
            "sqlite": "PRAGMA ignore_check_constraints = ON",
            "postgresql": "ALTER TYPE colour ADD VALUE 'mauve'",
            "mysql": "ALTER TABLE maybe_samples MODIFY colour ENUM('red', 'mauve')",
        }[dialect]
    )
    drifted.db.execute("INSERT INTO maybe_samples (colour) VALUES ('mauve')")
    sample = drifted.MaybeSample

    for way in (sample.query().get, lambda: sample.query().pluck(sample.colour)):
        with pytest.raises(InvalidValue) as caught:
            way()
        assert str(caught.value) == (
            "Colour: expected one of its values in the database, got a text that the schema does not know"
        )
