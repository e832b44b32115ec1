"""A small schema with every composite and special field type, and the classes of an application that its casts name."""

import os
import sys
from collections.abc import Iterator
from ipaddress import ip_address, ip_network
from pathlib import PurePosixPath
from typing import Any

import pytest

from isomorph import LineString, Point, Polygon, Range
from tests.support.databases import KeptDatabaseUrl
from tests.support.fields import Package, generated_package
from tests.support.showcase import Tables, kept_tables_of, tables_of

__all__ = [
    "KEY",
    "KINDS",
    "OTHER_KEY",
    "composites",
    "composites_package",
    "composites_tables",
    "words",
    "words_package",
]

PACKAGE = "fields_made_of_others"
CASTS = "casts_of_fields"

KEY = "ISOMORPH_TEST_COMPOSITES_KEY"
OTHER_KEY = "ISOMORPH_TEST_COMPOSITES_OTHER_KEY"
# Made for these tests, and used nowhere else.
os.environ.setdefault(KEY, "qJ4nT7y5gk6S0dW2l8cV1mR9xH3bZpEoUaYfGwLtKXs=")
os.environ.setdefault(OTHER_KEY, "Zk3w8Xh1vN6pQ2sD9fG4jK7lM0bC5yTrEaWuIoPzHxA=")

KINDS = {
    "flags": "array(bool)",
    "numbers": "array(int)",
    "gaps": "array(bigint?)",
    "sizes": "array(unsigned bigint)",
    "prices": "array(decimal(10, 3))",
    "weights": "array(double)",
    "names": "array(string(20))",
    "texts": "text[]",
    "datas": "array(bytes)",
    "days": "array(date)",
    "clocks": "array(time)",
    "locals": "array(datetime)",
    "moments": "array(timestamptz)",
    "spans": "array(interval)",
    "codes": "array(uuid)",
    "colours": "array(Colour?)",
    "palette": "set(Colour)",
    "address": "inet",
    "network": "cidr",
    "card": "macaddr",
    "small_range": "int4range",
    "big_range": "int8range",
    "amounts": "numrange",
    "stay": "daterange",
    "shift": "tsrange",
    "window": "tstzrange",
    "place": "point",
    "way": "linestring",
    "area": "polygon",
    "shape": "geometry",
    "secret": "encrypted",
}
"""Every composite type of field, by the field that has it."""

_CAST_FIELDS = f"""
settings = {{ type = "json{{0}}", cast = "{CASTS}:Settings"{{1}} }}
price = {{ type = "decimal(10, 2){{0}}", cast = "{CASTS}:MoneyCast", python = "{CASTS}:Money"{{2}} }}
levels = {{ type = "array(int){{0}}", cast = "{CASTS}:LevelsCast", python = "{CASTS}:Levels" }}
path = {{ type = "custom{{0}}", cast = "{CASTS}:PathCast", python = "pathlib:PurePosixPath", column_type = {{ sqlite = "TEXT", postgresql = "text", mysql = "VARCHAR(200)" }} }}
"""


def _fields(nullable: str) -> str:
    lines = [f'{field} = "{kind}{nullable}"' for field, kind in KINDS.items()]
    casts = _CAST_FIELDS.replace("{0}", nullable).replace("{1}", "").replace("{2}", "")
    return "\n".join([*lines, casts.replace("{{", "{").replace("}}", "}")])


_DEFAULTS = """
flags = { type = "array(bool)", default = [true, false] }
names = { type = "array(string(20))", default = ["it's 100% \\\\ \\"ü\\"", "", "{a,b}", "NULL"] }
prices = { type = "array(decimal(10, 3))", default = [1.5, "2"] }
days = { type = "array(date)", default = [2026-03-01] }
moments = { type = "array(timestamptz)", default = [2026-03-01T07:30:00.5+05:30] }
datas = { type = "array(bytes)", default = ["abc"] }
codes = { type = "array(uuid)", default = ["12345678-1234-5678-9234-567812345678"] }
spans = { type = "array(interval)", default = ["1d 2h"] }
colours = { type = "array(Colour)", default = ["it's", "red"] }
nothing = { type = "array(int)", default = [] }
palette = { type = "set(Colour)", default = ["50%", "red"] }
blank = { type = "set(Colour)", default = [] }
address = { type = "inet", default = "2001:DB8::1" }
network = { type = "cidr", default = "10.0.0.0/8" }
card = { type = "macaddr", default = "08-00-2B-01-02-03" }
small_range = { type = "int4range", default = { lower = 1, upper = 4, bounds = "[]" } }
amounts = { type = "numrange", default = { upper = 1.50 } }
stay = { type = "daterange", default = { lower = 2026-03-01, upper = 2026-03-02 } }
window = { type = "tstzrange", default = { lower = 2026-03-01T07:30:00+05:30 } }
void = { type = "int8range", default = { empty = true } }
place = { type = "point", default = { type = "Point", coordinates = [13.4, -52.5] } }
way = { type = "linestring", default = { type = "LineString", coordinates = [[0, 0], [1, 2.5]] } }
area = { type = "polygon", default = { type = "Polygon", coordinates = [[[0, 0], [4, 0], [4, 4], [0, 0]]] } }
shape = { type = "geometry", default = { type = "Point", coordinates = [1, 2] } }
"""

SCHEMA = f"""
[project]
package = "{PACKAGE}"
dialects = ["sqlite", "postgresql", "mysql"]
encryption_keys = [{{ env = "{KEY}" }}, {{ env = "{OTHER_KEY}" }}]

[connections.default]
url = "sqlite:///composites.db"

[enums]
Colour = ["red", "dark blue", "it's", "50%", "grün"]

[models.Sample]
fillable = [{", ".join(f'"{field}"' for field in (*KINDS, "settings", "price", "levels", "path"))}]
[models.Sample.fields]
{_fields("")}

[models.MaybeSample.fields]
{_fields("?")}

[models.Preset.fields]
{_DEFAULTS}
settings = {{ type = "json", cast = "{CASTS}:Settings", default = {{ theme = "dark" }} }}
price = {{ type = "decimal(10, 2)", cast = "{CASTS}:MoneyCast", python = "{CASTS}:Money", default = "1.25" }}

[models.Priced.fields]
price = {{ type = "decimal(10, 2)", cast = "{CASTS}:MoneyCast", python = "{CASTS}:Money" }}

[models.Addressed]
primary_key = ["address"]
[models.Addressed.fields]
address = "inet"
card = {{ type = "macaddr", unique = true }}
network = {{ type = "cidr", index = true }}
stay = {{ type = "daterange?", index = true }}
"""

CLASSES = """
from __future__ import annotations

from dataclasses import dataclass, field
from decimal import Decimal
from pathlib import PurePosixPath

from pydantic import BaseModel, Field


class Theme(BaseModel):
    dark: bool = False
    accents: list[str] = []


class Settings(BaseModel):
    theme: str = "light"
    per_page: int = Field(default=20, alias="perPage")
    nested: Theme = Theme()


@dataclass(frozen=True)
class Money:
    cents: int


class MoneyCast:
    def to_database(self, value: Money) -> Decimal:
        return Decimal(value.cents) / 100

    def from_database(self, value: Decimal) -> Money:
        return Money(int(value * 100))


@dataclass
class Levels:
    values: list[int] = field(default_factory=list)


class LevelsCast:
    def to_database(self, value: Levels) -> list[int]:
        return value.values

    def from_database(self, value: list[int]) -> Levels:
        return Levels(list(value))


class PathCast:
    def to_database(self, value: PurePosixPath) -> str:
        if not isinstance(value, PurePosixPath):
            raise TypeError(value)
        return str(value)

    def from_database(self, value: str) -> PurePosixPath:
        return PurePosixPath(value)
"""


@pytest.fixture(scope="session")
def composites_package(tmp_path_factory: pytest.TempPathFactory) -> Package:
    """The package of `SCHEMA`."""
    folder = tmp_path_factory.mktemp("composites")
    (folder / f"{CASTS}.py").write_text(CLASSES, encoding="utf-8")
    return generated_package(folder, SCHEMA, PACKAGE)


@pytest.fixture(scope="module")
def composites_tables(
    composites_package: Package, dialect: str, kept_database_url: KeptDatabaseUrl
) -> Iterator[Tables]:
    """Its tables, made once for a worker and dialect."""
    with kept_tables_of(composites_package.db, kept_database_url(dialect, "composites")) as tables:
        yield tables


@pytest.fixture
def composites(composites_package: Package, composites_tables: Tables) -> Package:
    """The package with no rows."""
    composites_tables.empty()
    return composites_package


# --- values ----------------------------------------------------------------------------------------------------------

COLOURS = ["red", "dark blue", "it's", "50%", "grün"]
ARRAYS = [field for field, kind in KINDS.items() if "array" in kind or kind.endswith("[]")]
RANGES = [field for field, kind in KINDS.items() if kind.endswith("range")]

DEFAULTS: dict[str, Any] = {
    **{field: [] for field in ARRAYS},
    "palette": set(),
    "address": ip_address("127.0.0.1"),
    "network": ip_network("10.0.0.0/8"),
    "card": "00:00:00:00:00:00",
    **{field: Range(empty=True) for field in RANGES},
    "place": Point(0, 0),
    "way": LineString([(0, 0), (1, 1)]),
    "area": Polygon([[(0, 0), (1, 0), (1, 1), (0, 0)]]),
    "shape": Point(0, 0),
    "secret": "",
}


def casts(package: Package) -> Any:
    """The application's own classes, which the package imported."""
    del package
    return sys.modules[CASTS]


def with_casts(package: Package) -> dict[str, Any]:
    """Values of the fields that have a cast."""
    app = casts(package)
    return {
        "settings": app.Settings(),
        "price": app.Money(100),
        "levels": app.Levels([1, 2]),
        "path": PurePosixPath("/tmp"),
    }


def given_to(package: Package, values: dict[str, Any]) -> dict[str, Any]:
    """The values as the package takes them: enums as its members."""
    found = dict(values)
    if "colours" in found:
        found["colours"] = [None if text is None else package.Colour(text) for text in found["colours"]]
    if "palette" in found:
        found["palette"] = {package.Colour(text) for text in found["palette"]}
    return found


def whole(package: Package, values: dict[str, Any]) -> dict[str, Any]:
    """The values, and simple ones for all other fields."""
    return {**given_to(package, {**DEFAULTS, **values}), **with_casts(package)}


# --- of PostgreSQL alone ---------------------------------------------------------------------------------------------

WORDS = """
[project]
package = "fields_of_postgresql"
dialects = ["postgresql"]

[connections.default]
url = "postgresql://localhost/words"

[models.Page.fields]
title = "text"
words = "tsvector"
more = "tsvector?"
"""


@pytest.fixture(scope="session")
def words_package(tmp_path_factory: pytest.TempPathFactory) -> Package:
    """A package with the types that PostgreSQL alone has."""
    return generated_package(tmp_path_factory.mktemp("words"), WORDS, "fields_of_postgresql")


@pytest.fixture
def words(words_package: Package, database_url: str) -> Iterator[Package]:
    """The same with its tables made."""
    with tables_of(words_package.db, database_url):
        yield words_package
