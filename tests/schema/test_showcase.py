"""The schema at the root: right, complete, and whatever is done to it, the loader tells mistakes and never breaks."""

from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from isomorph.catalog import Catalog, Kind, RelationKind, Table
from isomorph_generator.schema import SchemaErrors, load
from isomorph_generator.schema.documents import read_document
from isomorph_generator.schema.scan import scan
from isomorph_generator.schema.spec import RELATION_KINDS

pytestmark = pytest.mark.feature("schema.parse", "schema.errors")

SCHEMA = Path(__file__).parents[2] / "schema.toml"
TEXT = SCHEMA.read_text(encoding="utf-8")


@pytest.fixture(scope="module")
def catalog() -> Catalog:
    return load(SCHEMA).catalog


def _tables(catalog: Catalog) -> list[Table]:
    return [*(model.table for model in catalog.models), *(table for _, table in catalog.pivots)]


COMMON = {
    Kind.BOOL, Kind.SMALLINT, Kind.INT, Kind.BIGINT, Kind.DECIMAL, Kind.DOUBLE, Kind.STRING, Kind.TEXT, Kind.BYTES,
    Kind.DATE, Kind.TIME, Kind.DATETIME, Kind.TIMESTAMPTZ, Kind.JSON, Kind.UUID, Kind.ENUM,
}  # fmt: skip
"""The types of everyday; the others are in the golden case `types`."""


def test_it_uses_every_relation_kind_and_the_types_of_everyday(catalog: Catalog) -> None:
    assert {relation.kind for model in catalog.models for relation in model.relations} == set(RelationKind)
    assert {column.type.kind for table in _tables(catalog) for column in table.columns} >= COMMON
    assert set(RELATION_KINDS) == {kind.value for kind in RelationKind}


def test_everything_that_is_named_is_there(catalog: Catalog) -> None:
    tables = {table.name: table for table in _tables(catalog)}
    for table in tables.values():
        columns = {column.name for column in table.columns}
        assert set(table.primary_key) <= columns
        for index in table.indexes:
            assert set(index.column_names or ()) <= columns
        for unique in table.uniques:
            assert set(unique.columns) <= columns
        for key in table.foreign_keys:
            assert set(key.columns) <= columns
            target = tables[key.table]
            for column, reference in zip(key.columns, key.references, strict=True):
                assert table.column(column).type == target.column(reference).type


def test_every_relation_joins_columns_that_exist(catalog: Catalog) -> None:
    pivots = {table.name: table for table in catalog.tables()}
    for model in catalog.models:
        assert [field.column for field in model.fields] == [column.name for column in model.table.columns]
        for relation in model.relations:
            assert relation.own_columns
            for column in relation.local:
                model.table.column(column)
            target = catalog.model(relation.target) if relation.target is not None else None
            for column in relation.remote:
                assert target is not None
                target.table.column(column)
            if relation.pivot is not None:
                names = {column.name for column in pivots[relation.pivot.table].columns}
                assert {*relation.pivot.local, *relation.pivot.remote, *relation.pivot.fields} <= names
            if relation.inverse is not None:
                assert target is not None
                target.relation(relation.inverse)
            here = model
            for step in relation.through:
                here = catalog.model(here.relation(step).target or "")
            if relation.through:
                assert here is target


def test_every_foreign_key_is_indexed(catalog: Catalog) -> None:
    for table in _tables(catalog):
        prefixes = [table.primary_key, *(unique.columns for unique in table.uniques)]
        prefixes += [index.column_names or () for index in table.indexes if index.where is None]
        for key in table.foreign_keys:
            assert any(prefix[: len(key.columns)] == key.columns for prefix in prefixes), key.name


def test_names_of_constraints_are_unique(catalog: Catalog) -> None:
    names = [
        item.name
        for table in _tables(catalog)
        for items in (table.indexes, table.uniques, table.foreign_keys, table.checks)
        for item in items
    ]
    assert len(names) == len(set(names))


def test_loading_twice_gives_the_same(catalog: Catalog) -> None:
    assert load(SCHEMA).catalog == catalog


# --- damage ----------------------------------------------------------------------------------------------------------------

VALUES = [
    "3",
    "-1",
    "0.5",
    "true",
    "[]",
    "{}",
    "''",
    "'x'",
    "'User'",
    "'User?'",
    "'Post'",
    "'int'",
    "'string(9)?'",
    "'Category'",
    "'name'",
    "'comments'",
    "'id'",
    "'class'",
    "'a",
    ">",
    "3'",
    "['name']",
    "['id','x']",
    "2024-01-01",
    "'set_null'",
    "'uuid'",
    "'author'",
    "'users'",
    "{type='int'}",
    "{sql={sqlite='1'}}",
    "{env='X'}",
    "['User']",
    "{belongs_to='User?'}",
    "{morph_to=true}",
    "{has_many='Comment'}",
    "[['name']]",
    "99999999999999999999",
    "'taggable'",
    "'posts.comments'",
]
KEYS = [
    "id",
    "name",
    "type",
    "User",
    "Post",
    "where",
    "table",
    "fields",
    "relations",
    "scopes",
    "default",
    "primary_key",
    "belongs_to",
    "has_many",
    "morph_to",
    "through",
    "inverse",
    "pivot",
    "foreign_key",
    "related_key",
    "nullable",
    "unique",
    "mixins",
    "timestamps",
    "class",
    "load",
    "_x",
    "a__b",
    "''",
    "'a",
    "b'",
    "unknown",
]


@st.composite
def damaged(draw: st.DrawFn) -> str:
    """The showcase with some values, keys and lines replaced or dropped."""
    text = TEXT
    for _ in range(draw(st.integers(1, 4))):
        try:
            marks = list(scan(text).marks.values())
        except (IndexError, ValueError):
            break
        mark = draw(st.sampled_from(marks))
        match draw(st.sampled_from(["value", "value", "key", "line"])):
            case "value" if mark.value != mark.key:
                text = text[: mark.value] + draw(st.sampled_from(VALUES)) + text[mark.end :]
            case "key" if mark.value > mark.key:
                end = text.index("=", mark.key)
                text = f"{text[: mark.key]}{draw(st.sampled_from(KEYS))} {text[end:]}"
            case _:
                lines = text.split("\n")
                del lines[draw(st.integers(0, len(lines) - 1))]
                text = "\n".join(lines)
    return text


@settings(max_examples=150)
@given(damaged())
def test_whatever_is_wrong_is_told_with_a_place(tmp_path_factory: pytest.TempPathFactory, text: str) -> None:
    path = tmp_path_factory.getbasetemp() / "damaged.toml"
    path.write_text(text, encoding="utf-8")
    lines = text.split("\n")
    found = _loaded(path)
    if isinstance(found, Catalog):
        test_everything_that_is_named_is_there(found)
        test_every_relation_joins_columns_that_exist(found)
        assert not read_document(path).errors
        return
    assert found.errors
    for error in found.errors:
        assert error.at.file == str(path)
        assert 1 <= error.at.line <= len(lines)
        assert 1 <= error.at.column <= len(lines[error.at.line - 1]) + 1
        assert "\n" not in str(error)
        assert "None" not in error.mend


def _loaded(path: Path) -> Catalog | SchemaErrors:
    try:
        return load(path).catalog
    except SchemaErrors as errors:
        return errors
