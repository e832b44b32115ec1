"""From rows to objects: what loaders convert inline is what the dialect's types say."""

import datetime as dt
import json
import sys
import uuid
from collections.abc import Callable, Iterator
from decimal import Decimal
from typing import Any

import pytest

from isomorph import dialects
from isomorph.catalog import ColumnType, Kind
from isomorph.errors import InvalidValue
from isomorph_generator.codegen.layout import flat
from isomorph_generator.codegen.loaders import INLINE
from tests.codegen.projects import GOLDEN, golden_package
from tests.support.databases import DIALECTS

pytestmark = pytest.mark.feature("generator.golden")

TYPES: dict[Kind, ColumnType] = {
    kind: ColumnType(
        kind,
        length=9 if kind in (Kind.STRING, Kind.CHAR) else None,
        precision=12 if kind is Kind.DECIMAL else None,
        scale=3 if kind is Kind.DECIMAL else None,
    )
    for kind in Kind
    if kind is not Kind.ENUM
}
VALUES: dict[Kind, Any] = {
    Kind.BOOL: True,
    Kind.TINYINT: -(2**7),
    Kind.SMALLINT: -3,
    Kind.INT: 0,
    Kind.BIGINT: 2**63 - 1,
    Kind.UNSIGNED_TINYINT: 255,
    Kind.UNSIGNED_SMALLINT: 2**16 - 1,
    Kind.UNSIGNED_INT: 2**32 - 1,
    Kind.UNSIGNED_BIGINT: 2**64 - 1,
    Kind.DECIMAL: Decimal("-0.500"),
    Kind.REAL: 0.25,
    Kind.DOUBLE: 0.5,
    Kind.STRING: "",
    Kind.CHAR: "c",
    Kind.TEXT: "text",
    Kind.MEDIUMTEXT: "page",
    Kind.BYTES: b"\0",
    Kind.DATE: dt.date(2024, 2, 29),
    Kind.TIME: dt.time(0, 0),
    Kind.DATETIME: dt.datetime(2024, 1, 1, 12, 0, 0, 1),  # noqa: DTZ001 - that is the type
    Kind.TIMESTAMPTZ: dt.datetime(2024, 1, 1, tzinfo=dt.UTC),
    Kind.INTERVAL: dt.timedelta(days=-1, microseconds=5),
    Kind.JSON: {"a": [1, None]},
    Kind.UUID: uuid.UUID(int=5),
}


def _sent(dialect: str, kind: Kind) -> Any:
    """A value as the driver gives it."""
    value = VALUES[kind]
    if dialect == "mysql" and kind is Kind.TIME:
        return dt.timedelta(hours=value.hour)  # PyMySQL reads TIME so, though it takes a time
    if kind is Kind.JSON:
        return json.dumps(value, separators=(",", ":"))
    if dialect == "postgresql" and kind is Kind.UNSIGNED_BIGINT:
        return Decimal(value)
    bind = dialects.get(dialect).types.bind(TYPES[kind])
    return value if bind is None else bind(value)


@pytest.mark.parametrize("name", DIALECTS)
@pytest.mark.parametrize("kind", list(TYPES))
def test_what_is_converted_inline_is_what_the_dialect_converts(name: str, kind: Kind) -> None:
    if (name, kind) not in INLINE:
        return
    load = dialects.get(name).types.load(TYPES[kind])
    assert load is not None, "nothing to convert, so nothing to write inline"
    names = {"_decimal": sys.modules["decimal"], "_dt": dt, "_uuid": uuid, "_r": _Facade}
    assert eval(flat(INLINE[name, kind]("value")), names, {"value": _sent(name, kind)}) == VALUES[kind]
    assert load(_sent(name, kind)) == VALUES[kind]


class _Facade:
    load_json: Callable[[str], Any] = staticmethod(json.loads)


@pytest.fixture
def types_package() -> Any:
    return golden_package("types")


@pytest.mark.parametrize("name", DIALECTS)
def test_a_loader_gives_the_values_and_keeps_the_row_it_came_from(types_package: Any, name: str) -> None:
    model = types_package.Required
    definition = model._definition
    kinds = [column.type.kind for column in definition.model.table.columns[1:]]
    row: list[Any] = [1, *("2xl" if kind is Kind.ENUM else _sent(name, kind) for kind in kinds)]
    (made,) = definition.loaders[name]([tuple(row)])
    expected = {field.name: VALUES.get(column.type.kind) for field, column in _pairs(definition)}
    expected |= {"id": 1, "size": types_package.Size._2XL}
    assert made.to_dict() == expected
    assert not made.is_dirty()
    assert made._row == tuple(
        json.dumps(value, separators=(",", ":")) if key == "document" else value for key, value in expected.items()
    )


@pytest.mark.parametrize("name", DIALECTS)
def test_a_loader_leaves_null_alone(types_package: Any, name: str) -> None:
    definition = types_package.Nullable._definition
    row = (1, *[None] * (len(definition.fields) - 1))
    (made,) = definition.loaders[name]([row])
    assert definition.values(made) == made._row == row


def _pairs(definition: Any) -> Iterator[Any]:
    return zip(definition.model.fields, definition.model.table.columns, strict=True)


def test_dialects_that_agree_share_a_loader() -> None:
    text = (GOLDEN / "relations" / "golden_relations" / "models" / "book.py").read_text()
    assert text.count("def _load") == 1
    assert "def _load(rows" in text


def test_a_stored_text_that_the_enum_lacks_is_told_and_not_repeated(types_package: Any) -> None:
    definition = types_package.Nullable._definition
    row = tuple({"id": 1, "size": "enormous"}.get(field) for field in definition.fields)
    with pytest.raises(InvalidValue) as raised:
        definition.loaders["sqlite"]([row])
    assert str(raised.value) == (
        "Size: expected one of its values in the database, got a text that the schema does not know"
    )
