"""Keys of other types than numbers: texts, bytes, enums, several columns at once."""

import pytest

from tests.support.fields import Package
from tests.support.showcase import recording

pytestmark = [pytest.mark.feature("relations.include"), pytest.mark.feature("models.composite_key")]

NAMES = ["plain", "it's", "back\\slash", 'quo"te', "50% %s ?", "ü 表"]


def test_texts_are_keys(related: Package) -> None:
    countries = related.Country.insert_many({"code": name} for name in NAMES)
    related.City.insert_many({"country": country, "name": f"in {country.code}"} for country in countries)

    with recording(related.db.connection()) as sent:
        found = related.Country.query().include(related.Country.cities).get()
        assert len(sent) == 2

    assert {country.code: [city.name for city in country.cities] for country in found} == {
        name: [f"in {name}"] for name in NAMES
    }
    cities = related.City.query().include(related.City.country).get()
    assert all(city.country.code == city.country_id for city in cities)


def test_several_columns_with_texts_are_keys(related: Package) -> None:
    countries = related.Country.insert_many({"code": name} for name in NAMES[:3])
    cities = related.City.insert_many({"country": country, "name": name} for country in countries for name in NAMES)
    related.Street.insert_many({"city": city, "name": f"{city.country_id}/{city.name}"[:40]} for city in cities)

    with recording(related.db.connection()) as sent:
        found = related.City.query().include(related.City.streets).get()
        assert len(sent) == 2

    assert len(found) == 18
    assert all([street.name for street in city.streets] == [f"{city.country_id}/{city.name}"] for city in found)
    streets = (
        related.Street.query().include(related.Street.city, related.City.query().include(related.City.country)).get()
    )
    assert all(street.name == f"{street.city.country.code}/{street.city.name}" for street in streets)


def test_bytes_are_keys(related: Package) -> None:
    digests = [bytes([number]) * 16 for number in (0, 1, 39, 92, 255)]
    blobs = related.Blob.insert_many({"digest": digest} for digest in digests)
    related.Use.insert_many({"blob": blob} for blob in blobs)

    found = related.Blob.query().include(related.Blob.uses, related.Use.query().limit(1)).get()

    assert sorted(blob.digest for blob in found) == digests
    assert all([use.blob_id for use in blob.uses] == [blob.digest] for blob in found)
    assert {use.blob.digest for use in related.Use.query().include(related.Use.blob).get()} == set(digests)


def test_enums_are_keys(related: Package) -> None:
    colours = related.Colour.insert_many({"mood": mood} for mood in related.Mood)
    related.Shade.insert_many({"colour": colour} for colour in colours for _ in range(2))

    found = related.Colour.query().include(related.Colour.shades).get()

    assert all([shade.colour_id for shade in colour.shades] == [colour.mood] * 2 for colour in found)
    assert {shade.colour.mood for shade in related.Shade.query().include(related.Shade.colour).get()} == set(
        related.Mood
    )
