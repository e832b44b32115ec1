"""Writes by query of models whose database, or isomorph, computes columns: versions, generated columns, collations."""

from collections.abc import Iterator
from typing import Any

import pytest

from isomorph.errors import ReadOnlyField, StaleObject
from isomorph.functions import excluded
from tests.support.fields import Package, generated_package
from tests.support.showcase import Tables, tables_of

PACKAGE = "writes_of_computed"

SCHEMA = f"""
[project]
package = "{PACKAGE}"
dialects = ["sqlite", "postgresql", "mysql"]

[connections.default]
url = "sqlite:///computed.db"

[models.Page]
version = true
timestamps = true

[models.Page.fields]
name = {{ type = "string(50)", unique = true, collation = "nocase" }}
width = {{ type = "int", default = 1 }}
height = {{ type = "int", default = 2 }}
area = {{ type = "int", generated = "width * height" }}

[models.Plain.fields]
name = "string(50)"
"""


@pytest.fixture(scope="module")
def package(tmp_path_factory: pytest.TempPathFactory) -> Package:
    return generated_package(tmp_path_factory.mktemp("computed"), SCHEMA, PACKAGE)


@pytest.fixture(scope="module")
def tables(package: Package, module_database_url: str) -> Iterator[Tables]:
    with tables_of(package.db, module_database_url) as made:
        yield made


@pytest.fixture
def page(package: Package, tables: Tables) -> Any:
    """The class, with no rows."""
    tables.empty()
    return package.Page


@pytest.mark.feature("writes.assignments", "writes.returning")
def test_every_write_by_query_raises_the_version(page: Any) -> None:
    made = page.create(name="a")
    query = page.query().where(page.name == "a")

    assert query.update_with(page.width.to(page.width + 4)) == 1
    assert query.update(height=3) == 1
    assert query.increment(page.height, 1) == 1
    ((version, area),) = query.returning(page.version, page.area).update_with(page.height.to(page.width))
    assert (version, area) == (5, 25)
    other = page.alias("other")
    assert other.query().where(other.name == "a").update_with(other.width.to(1)) == 1
    assert page.find_or_fail(made.id).version == 6
    made.width = 9
    with pytest.raises(StaleObject):
        made.save()


@pytest.mark.feature("models.upsert", "writes.upsert_expressions")
def test_an_upsert_raises_the_version_of_rows_that_it_updates(page: Any) -> None:
    page.create(name="a")
    rows = [{"name": "a", "width": 5}, {"name": "b"}]

    found = page.upsert(rows, unique=[page.name])
    assert [(item.name, item.version, item.area) for item in found] == [("a", 2, 10), ("b", 1, 2)]
    found = page.upsert(rows, unique=[page.name], update=[])
    assert [item.version for item in found] == [2, 1]
    found = page.upsert(rows, unique=[page.name], update=[page.width.to(page.width + excluded(page.width))])
    assert [(item.width, item.version, item.area) for item in found] == [(10, 3, 20), (2, 2, 4)]
    found = page.upsert(rows, unique=[page.name], where=page.width > 9)
    assert [(item.width, item.version) for item in found] == [(5, 4), (2, 2)]


@pytest.mark.feature("writes.insert_from", "writes.bulk")
def test_new_rows_begin_at_the_first_version(page: Any, package: Package) -> None:
    package.Plain.insert_many({"name": name} for name in "ab")
    plain = package.Plain

    assert page.insert_from(plain.query().select(plain.name, plain.id), into=(page.name, page.width)) == 2
    assert set(page.query().pluck(page.version)) == {1}
    assert all(item.area == item.width * 2 for item in page.all())
    made = page.insert_many({"name": f"p{number}", "width": number} for number in range(600))
    assert [(item.version, item.area) for item in made] == [(1, number * 2) for number in range(600)]


@pytest.mark.feature("writes.assignments")
def test_what_is_computed_cannot_be_set(page: Any, package: Package) -> None:
    query = page.query().where(page.id > 0)
    for column in (page.version, page.area):
        with pytest.raises(ReadOnlyField):
            query.update_with(column.to(3))
        with pytest.raises(ReadOnlyField):
            query.increment(column, 1)
        with pytest.raises(ReadOnlyField):
            page.upsert([{"name": "a"}], unique=[page.name], update=[column])
        with pytest.raises(ReadOnlyField):
            plain = package.Plain
            page.insert_from(plain.query().select(plain.name, plain.id), into=(page.name, column))


@pytest.mark.feature("models.upsert")
def test_a_key_under_a_collation_finds_its_row(page: Any) -> None:
    page.create(name="Ada")

    (found,) = page.upsert([{"name": "ADA", "width": 7}], unique=[page.name])
    assert (found.name, found.width) == ("Ada", 7)
    (found,) = page.upsert([{"name": "ada"}], unique=[page.name], update=[])
    assert found.name == "Ada"
