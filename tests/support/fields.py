"""A small schema with every field type, generated and imported when tests ask for it.

The showcase says what an application would; this says what is left: each type required, nullable and with a default,
keys of all kinds, hostile names, two connections.
"""

import sys
from collections.abc import Generator, Iterator
from contextlib import contextmanager
from importlib import import_module
from pathlib import Path
from typing import Any

import pytest

from isomorph_generator.codegen import compared, package_folder, rendered, write
from isomorph_generator.schema import load
from tests.support.databases import KeptDatabaseUrl
from tests.support.showcase import Tables, kept_tables_of

__all__ = ["KINDS", "Package", "fields", "fields_package", "fields_tables", "generated_package"]

PACKAGE = "fields_of_every_type"

KINDS = {
    "flag": "bool",
    "tiny": "tinyint",
    "small": "smallint",
    "number": "int",
    "big": "bigint",
    "byte": "unsigned tinyint",
    "port": "unsigned smallint",
    "hits": "unsigned int",
    "size": "unsigned bigint",
    "price": "decimal(20, 6)",
    "ratio": "decimal(4, 4)",
    "whole": "decimal(12, 0)",
    "fee": "money",
    "level": "real",
    "weight": "double",
    "name": "string(50)",
    "country": "char(3)",
    "words": "text",
    "page": "mediumtext",
    "data": "bytes",
    "digest": "bytes(16)",
    "day": "date",
    "at": "time",
    "local": "datetime",
    "moment": "timestamptz",
    "span": "interval",
    "document": "json",
    "code": "uuid",
    "colour": "Colour",
}
"""Every type of field, by the field that has it."""

_DEFAULTS = """
flag = { type = "bool", default = true }
tiny = { type = "tinyint", default = -128 }
small = { type = "smallint", default = -7 }
number = { type = "int", default = 42 }
big = { type = "bigint", default = 9007199254740993 }
byte = { type = "tinyint", unsigned = true, default = 255 }
port = { type = "unsigned smallint", default = 65535 }
hits = { type = "unsigned int", default = 4294967295 }
size = { type = "unsigned bigint", default = 18446744073709551615 }
price = { type = "decimal(20, 6)", default = "1.5" }
fee = { type = "money", default = "-0.0001" }
level = { type = "real", default = 0.1 }
weight = { type = "double", default = 0.1 }
name = { type = "string(50)", default = "it's 100% \\\\ \\"ü\\"" }
country = { type = "char(3)", default = "ü '" }
words = { type = "text", default = "line\\nline" }
page = { type = "mediumtext", default = "a \\"page\\"" }
data = { type = "bytes", default = "abc" }
digest = { type = "bytes(16)", default = "ü" }
day = { type = "date", default = 2026-03-01 }
at = { type = "time", default = 07:30:00.000001 }
local = { type = "datetime", default = 2026-03-01T07:30:00.000001 }
moment = { type = "timestamptz", default = 2026-03-01T07:30:00.5+05:30 }
span = { type = "interval", default = "-1d 2h 0.000001s" }
document = { type = "json", default = { a = [1, { b = "ü'%" }] } }
code = { type = "uuid", default = "12345678-1234-5678-9234-567812345678" }
colour = { type = "Colour", default = "it's" }
"""


def _fields(suffix: str) -> str:
    return "\n".join(f'{field} = "{kind}{suffix}"' for field, kind in KINDS.items())


SCHEMA = f"""
[project]
package = "{PACKAGE}"
dialects = ["sqlite", "postgresql", "mysql"]

[connections.default]
url = "sqlite:///fields.db"

[connections.other]
url = "sqlite:///other.db"

[enums]
Colour = ["red", "dark blue", "it's", "50%", "grün"]

[models.Sample.fields]
{_fields("")}

[models.MaybeSample.fields]
{_fields("?")}

[models.Preset.fields]
{_DEFAULTS}

[models.Computed.fields]
moment = {{ type = "timestamptz", default_sql = "now" }}
local = {{ type = "datetime", default_sql = "now" }}
day = {{ type = "date", default_sql = "current_date" }}
at = {{ type = "time", default_sql = "current_time" }}

[models.Named]
primary_key = ["name"]
[models.Named.fields]
name = "string(50)"
note = "text?"

[models.Coded]
primary_key = ["code"]
[models.Coded.fields]
code = "uuid"
note = "text?"
stamped = {{ type = "timestamptz", default_sql = "now" }}

[models.Made]
primary_key = ["id"]
fillable = ["id", "token", "note"]
[models.Made.fields]
id = {{ type = "uuid", default_code = "uuid7" }}
token = {{ type = "uuid?", default_code = "uuid4", unique = true }}
note = "text?"
[models.Made.relations]
parent = {{ belongs_to = "Made?" }}

[models.Numbered.fields]
id = {{ type = "int", unsigned = true, primary_key = true }}
note = "text?"
[models.Numbered.relations]
parent = {{ belongs_to = "Numbered?" }}
children = {{ has_many = "Numbered", inverse = "parent" }}

[models.Wide.fields]
id = {{ type = "unsigned bigint", primary_key = true, auto_increment = false }}
limit_of = {{ type = "interval", default = "1h" }}
[models.Wide.relations]
parent = {{ belongs_to = "Wide?" }}
children = {{ has_many = "Wide", inverse = "parent" }}
[models.Wide.scopes]
above = {{ params = {{ least = "unsigned bigint = 5", longest = "interval = '2h'" }}, where = "id > :least and limit_of <= :longest" }}
short = "limit_of in ('30min', '1h') or limit_of < '1s'"

[models.Pair]
primary_key = ["colour", "day", "number"]
[models.Pair.fields]
colour = "Colour"
day = "date"
number = "int"
note = "text?"

[models.Hostile]
table = "order"
[models.Hostile.fields]
group = "int"
percent = {{ type = "string(20)", column = "100% of it" }}
quoted = {{ type = "string(20)", column = 'a "b" `c`' }}
"größe" = {{ type = "int", column = "größe 表", default = 1 }}
placeholder = {{ type = "int?", column = "%s ? :x" }}
[models.Hostile.relations]
parent = {{ belongs_to = "Hostile?" }}
children = {{ has_many = "Hostile", inverse = "parent" }}
"""


class Package:
    """A generated package; its models are attributes."""

    def __init__(self, name: str) -> None:
        self._module = import_module(name)

    def __getattr__(self, name: str) -> Any:
        return getattr(self._module, name)


def generated_package(folder: Path, schema: str, package: str) -> Package:
    """Write a schema into a folder, generate its package and import it. Packages need names that no other has."""
    path = folder / "schema.toml"
    path.write_text(schema, encoding="utf-8")
    project = load(path)
    write(compared(package_folder(project), rendered(project)))
    sys.path.insert(0, str(folder))
    try:
        made = Package(package)
        _ = made.db.catalog  # imports all of it
    finally:
        sys.path.remove(str(folder))
    return made


@pytest.fixture(scope="session")
def fields_package(tmp_path_factory: pytest.TempPathFactory) -> Package:
    """The package of `SCHEMA`."""
    return generated_package(tmp_path_factory.mktemp("fields"), SCHEMA, PACKAGE)


@pytest.fixture(scope="module")
def fields_tables(fields_package: Package, dialect: str, kept_database_url: KeptDatabaseUrl) -> Iterator[Tables]:
    """Its tables, made once for a worker and dialect."""
    with kept_tables_of(fields_package.db, kept_database_url(dialect, "fields")) as tables:
        yield tables


@pytest.fixture
def fields(fields_package: Package, fields_tables: Tables) -> Package:
    """The package with no rows."""
    fields_tables.empty()
    return fields_package


@contextmanager
def other_connection(package: Package, url: str) -> Generator[Tables]:
    """A block in which the connection `other` is another database with the same tables."""
    from tests.support.showcase import make_tables

    with package.db.override(url, "other"):
        yield make_tables(package.db.connection("other"), package.db.catalog)
