"""What the language names but this version does not do is refused, never ignored."""

import pytest

from isomorph_generator.schema.unsupported import KEYS, VALUES
from tests.schema.conftest import Mistakes

pytestmark = pytest.mark.feature("schema.not_supported_yet")

TABLES = {
    "SchemaSpec": "{key} = 1\n",
    "ProjectSpec": "[project]\n{key} = 1\n",
    "ConnectionSpec": '[connections.default]\nurl = "sqlite:///a.db"\n{key} = 1\n',
    "PoolSpec": '[connections.default]\nurl = "sqlite:///a.db"\npool.{key} = 1\n',
    "EnumSpec": '[enums.Size]\nvalues = ["a"]\n{key} = 1\n',
    "EnumValueSpec": '[enums]\nSize = [{{ name = "a", {key} = 1 }}]\n',
    "MixinSpec": "[mixins.Named]\n{key} = 1\n",
    "ModelSpec": "[models.User]\n{key} = 1\n",
    "FieldSpec": '[models.User.fields]\nname = {{ type = "text", {key} = 1 }}\n',
    "PivotFieldSpec": '[models.User.relations]\nroles = {{ belongs_to_many = "User", pivot.x = {{ type = "int", {key} = 1 }} }}\n',
    "IndexSpec": '[models.User]\nindexes = [{{ fields = ["id"], {key} = 1 }}]\n',
}
"""A schema per table of the language, with a place for the key."""

PLACES = {
    "project": '[project]\n{key} = "{value}"\n',
    "models": '[models.User]\n{key} = "{value}"\n',
    "mixins": '[mixins.Named.relations]\na = {{ morph_to = true, {key} = "{value}" }}\n',
}
"""A schema per part of the language, with a place for the value."""

NAMED_BY_THE_LANGUAGE = {
    "FieldSpec": "nullable default default_sql unique index primary_key auto_increment unsigned comment collation check"
    " pattern min max trim generated cast mutator doc was after first",
    "ModelSpec": "table doc comment connection mixins behaviour query_behaviour timestamps soft_deletes version fillable"
    " guarded hidden visible engine charset checks uniques indexes primary_key was",
    "SchemaSpec": "project connections enums mixins models morph_map include views triggers functions extensions schemas cache",
}
FIELD_TYPES = [
    "bool",
    "tinyint",
    "smallint",
    "int",
    "bigint",
    "decimal(9,2)",
    "float",
    "double",
    "real",
    "string(9)",
    "char(9)",
    "text",
    "mediumtext",
    "longtext",
    "bytes",
    "date",
    "time",
    "datetime",
    "timestamptz",
    "interval",
    "json",
    "jsonb",
    "uuid",
    "inet",
    "cidr",
    "macaddr",
    "int4range",
    "int8range",
    "numrange",
    "daterange",
    "tsrange",
    "tstzrange",
    "tsvector",
    "array(int)",
    "string(20)[]",
    "point",
    "linestring",
    "polygon",
    "geometry",
    "encrypted",
    "money",
    "custom",
]


@pytest.mark.parametrize(("table", "key"), [(table, key) for table, keys in KEYS.items() for key in keys])
def test_a_key_whose_behaviour_has_not_landed_is_refused(mistakes: Mistakes, table: str, key: str) -> None:
    (line,) = mistakes(TABLES[table].format(key=key))
    assert line.endswith(f': "{key}" is not supported yet ({KEYS[table][key]})')


@pytest.mark.parametrize(
    ("table", "key", "value"), [(*path, value) for path, values in VALUES.items() for value in values]
)
def test_a_value_whose_behaviour_has_not_landed_is_refused(
    mistakes: Mistakes, table: str, key: str, value: str
) -> None:
    (line,) = mistakes(PLACES[table].format(key=key, value=value))
    assert line.endswith(f': "{value}" is not supported yet ({VALUES[table, key][value]})')


@pytest.mark.parametrize(("table", "names"), NAMED_BY_THE_LANGUAGE.items())
def test_every_key_of_the_language_is_known(mistakes: Mistakes, table: str, names: str) -> None:
    for key in names.split():
        told = " ".join(mistakes(TABLES[table].format(key=key)))
        assert "unknown key" not in told, key


@pytest.mark.parametrize("name", FIELD_TYPES)
def test_every_type_of_the_language_is_known(mistakes: Mistakes, name: str) -> None:
    told = " ".join(mistakes(f'[models.User.fields]\na = "{name}"\n'))
    assert "no type" not in told
