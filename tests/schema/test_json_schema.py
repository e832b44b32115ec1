"""The JSON Schema for editors says what the loader says, as far as a shape can."""

import json
import tomllib
from pathlib import Path

import pytest
from jsonschema import Draft202012Validator

from isomorph_generator.cli.schema import json_schema_text
from isomorph_generator.schema import SchemaErrors, load
from isomorph_generator.schema.json_schema import json_schema
from isomorph_generator.schema.unsupported import KEYS
from tests.schema.conftest import Mistakes

pytestmark = pytest.mark.feature("schema.json_schema")

ROOT = Path(__file__).parents[2]
VALIDATOR = Draft202012Validator(json_schema())


def _is_valid(text: str) -> bool:
    return not list(VALIDATOR.iter_errors(tomllib.loads(text)))  # pyright: ignore[reportUnknownMemberType]


def test_it_is_a_json_schema() -> None:
    Draft202012Validator.check_schema(json_schema())


def test_the_showcase_is_valid() -> None:
    assert _is_valid((ROOT / "schema.toml").read_text(encoding="utf-8"))


def test_the_published_file_is_up_to_date() -> None:
    assert (ROOT / "docs" / "schema.json").read_text(encoding="utf-8") == json_schema_text()


def test_golden_schemas_are_valid_unless_they_have_mistakes() -> None:
    for path in sorted((ROOT / "tests" / "golden").glob("*/schema.toml")):
        try:
            load(path)
        except SchemaErrors:
            continue
        assert _is_valid(path.read_text(encoding="utf-8")), path


@pytest.mark.parametrize(
    "text",
    [
        '[models.User.fields]\nname = "string(9)?"\n',
        '[models.User.fields]\nsize = { type = "Size", default = "m" }\n',
        '[models.User]\ntimestamps = { created_at = "made" }\n',
        '[models.User]\nindexes = [["a", "-b"], { fields = ["a"], where = { sql = { sqlite = "a > 1" } } }]\n',
        '[models.User.relations]\nposts = { has_many = "Post" }\nx = { morph_to = true, nullable = true }\n',
        '[models.User.scopes]\na = "b > 3"\nc = { params = { d = "int? = 3" }, where = "b > :d" }\n',
        '[connections.default]\nurl = { env = "X", default = "sqlite:///a.db" }\noptions = { timeout = 3, wal = true }\n',
        '[enums]\nSize = ["a"]\n[enums.Kind]\nvalues = [{ name = "a" }, "b"]\n',
        '[models.User.fields]\n"größe" = "int"\n',
        '[models.User.fields]\na = "array(string(20)?)?"\nb = "int[]"\nc = "string(9)?[]?"\nd = "set( Role )"\n',
        '[models.User.fields]\na = { type = "custom", cast = "a:B", python = "str", column_type = { sqlite = "TEXT" } }\n',
        '[project]\nencryption_keys = [{ env = "KEY" }]\n',
    ],
)
def test_right_schemas_are_valid(text: str) -> None:
    assert _is_valid(text)


@pytest.mark.parametrize(
    "text",
    [
        "[modles.User]\n",
        "[models.user]\n",
        "[models.User]\nfilable = []\n",
        '[models.User.fields]\n_x = "int"\n',
        '[models.User.fields]\na__b = "int"\n',
        '[models.User.fields]\nname = "strng(9)"\n',
        '[models.User.fields]\nname = "string"\n',
        '[models.User.fields]\nname = { typ = "text" }\n',
        '[models.User.fields]\nname = { type = "text", unique = "yes" }\n',
        '[models.User.relations]\nposts = { has_mny = "Post" }\n',
        '[models.User.relations]\nposts = { has_many = "Post", belongs_to = "Post" }\n',
        '[models.User.relations]\nposts = { has_many = "Post", on_delete = "cascade" }\n',
        '[models.User.relations]\nposts = { belongs_to = "Post", on_delete = "explode" }\n',
        '[project]\ninterface = "async"\n',
        '[project]\ndialects = ["oracle"]\n',
        "[project]\ndialects = []\n",
        '[models.User]\nchecks = [{ check = { sql = { oracle = "x" } } }]\n',
        '[connections.default]\npool = { timeout = "soon" }\n',
        "[enums]\nSize = []\n",
    ],
)
def test_wrong_schemas_are_not(text: str, mistakes: Mistakes) -> None:
    assert not _is_valid(text)
    assert mistakes(text)


def test_only_what_is_supported_is_offered() -> None:
    schema = json_schema()
    definitions = schema["$defs"] | {"Schema": schema}
    for name, keys in KEYS.items():
        offered = set(definitions[name.removesuffix("Spec")]["properties"])
        assert not offered & set(keys), name


def test_everything_is_described() -> None:
    for name, definition in json_schema()["$defs"].items():
        assert definition.get("description"), name
        for key, body in definition["properties"].items():
            assert body.get("description") or "$ref" in body, f"{name}.{key}"


def test_toml_has_no_null() -> None:
    assert '"null"' not in json.dumps(json_schema())
