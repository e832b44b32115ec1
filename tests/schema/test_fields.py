"""Models, tables, columns, keys: what conventions make of short schemas, written out by hand."""

import datetime as dt
from decimal import Decimal

import pytest

from isomorph.catalog import Column, ColumnType, Enum, Field, Kind, SqlDefault, SqlText
from tests.schema.conftest import Loader, Mistakes

BIGINT = ColumnType(Kind.BIGINT)
NOW = Column("created_at", ColumnType(Kind.TIMESTAMPTZ), default_sql=SqlDefault.NOW)


def _columns(load_text: Loader, text: str, model: str = "User") -> tuple[Column, ...]:
    return load_text(text).catalog.model(model).table.columns


@pytest.mark.feature("schema.parse")
def test_a_model_without_anything_has_a_table_and_a_key(load_text: Loader) -> None:
    model = load_text("[models.OrderLine]\n").catalog.model("OrderLine")
    assert model.table.name == "order_lines"
    assert model.table.columns == (Column("id", BIGINT, auto_increment=True),)
    assert model.table.primary_key == ("id",)
    assert model.fields == (Field("id", "id"),)
    assert (model.connection, model.morph_alias, model.module) == ("default", "order_line", "order_line")


@pytest.mark.feature("schema.parse")
def test_every_type(load_text: Loader) -> None:
    columns = _columns(
        load_text,
        """
[enums]
Size = ["s", "m"]
[models.User.fields]
a = "bool"
b = "smallint?"
c = "int"
d = "bigint"
e = "decimal( 10 ,2 )?"
f = "double"
g = "string(9)"
h = "text"
i = "bytes"
j = "date"
k = "time"
l = "datetime"
m = "timestamptz"
n = "json"
o = "uuid"
p = "Size?"
q = "enum(Size)"
""",
    )
    assert [(column.type, column.nullable) for column in columns[1:]] == [
        (ColumnType(Kind.BOOL), False),
        (ColumnType(Kind.SMALLINT), True),
        (ColumnType(Kind.INT), False),
        (ColumnType(Kind.BIGINT), False),
        (ColumnType(Kind.DECIMAL, precision=10, scale=2), True),
        (ColumnType(Kind.DOUBLE), False),
        (ColumnType(Kind.STRING, length=9), False),
        (ColumnType(Kind.TEXT), False),
        (ColumnType(Kind.BYTES), False),
        (ColumnType(Kind.DATE), False),
        (ColumnType(Kind.TIME), False),
        (ColumnType(Kind.DATETIME), False),
        (ColumnType(Kind.TIMESTAMPTZ), False),
        (ColumnType(Kind.JSON), False),
        (ColumnType(Kind.UUID), False),
        (ColumnType(Kind.ENUM, enum="Size"), True),
        (ColumnType(Kind.ENUM, enum="Size"), False),
    ]


@pytest.mark.feature("schema.parse")
def test_the_long_form_of_a_field(load_text: Loader) -> None:
    model = load_text(
        """
[models.User]
comment = "People."
fillable = ["name"]
hidden = ["name"]
[models.User.fields]
name = { type = "string(9)", column = "full name", nullable = true, comment = "All of it.", doc = "Who.", min = 2, max = 5 }
share = { type = "decimal(3, 2)", min = 0, max = 0.5 }
"""
    ).catalog.model("User")
    assert model.table.comment == "People."
    string = ColumnType(Kind.STRING, length=9)
    assert model.table.columns[1] == Column("full name", string, nullable=True, comment="All of it.")
    assert model.fields[1] == Field("name", "full name", "Who.", hidden=True, fillable=True, minimum=2, maximum=5)
    assert (model.fields[2].minimum, model.fields[2].maximum) == (0, Decimal("0.5"))


@pytest.mark.feature("schema.parse")
def test_defaults_take_the_form_of_the_type(load_text: Loader) -> None:
    columns = _columns(
        load_text,
        """
[enums]
Size = ["s", "m"]
[models.User.fields]
a = { type = "bool", default = false }
b = { type = "int", default = -3 }
c = { type = "decimal(5, 2)", default = 1.10 }
d = { type = "decimal(5, 2)", default = "999.99" }
e = { type = "double", default = 1 }
f = { type = "string(3)", default = "äöü" }
g = { type = "bytes", default = "raw" }
h = { type = "date", default = 2024-02-29 }
i = { type = "time", default = 23:59:59.5 }
j = { type = "datetime", default = 2024-01-01T10:00:00 }
k = { type = "timestamptz", default = 2024-01-01T10:00:00+02:00 }
l = { type = "json", default = { a = [1, 1.5, "x", true] } }
m = { type = "uuid", default = "01234567-89AB-CDEF-0123-456789ABCDEF" }
n = { type = "Size", default = "m" }
""",
    )
    offset = dt.timezone(dt.timedelta(hours=2))
    assert [column.default.value if column.default else None for column in columns[1:]] == [
        False,
        -3,
        Decimal("1.10"),
        Decimal("999.99"),
        1.0,
        "äöü",
        "raw",
        dt.date(2024, 2, 29),
        dt.time(23, 59, 59, 500_000),
        dt.datetime(2024, 1, 1, 10, 0, 0),  # noqa: DTZ001 - a datetime has no offset
        dt.datetime(2024, 1, 1, 10, 0, 0, tzinfo=offset),
        {"a": [1, 1.5, "x", True]},
        "01234567-89ab-cdef-0123-456789abcdef",
        "m",
    ]
    assert type(columns[5].default.value if columns[5].default else None) is float


@pytest.mark.feature("schema.parse")
def test_defaults_that_the_database_computes(load_text: Loader) -> None:
    columns = _columns(
        load_text,
        """
[project]
dialects = ["sqlite", "postgresql"]
[models.User.fields]
a = { type = "timestamptz", default_sql = "now" }
b = { type = "datetime?", default_sql = "now" }
c = { type = "date", default_sql = "current_date" }
d = { type = "time", default_sql = "current_time" }
e = { type = "uuid", default_sql = { sql = { postgresql = "gen_random_uuid()", sqlite = "lower(hex(randomblob(16)))" } } }
""",
    )
    assert [column.default_sql for column in columns[1:]] == [
        SqlDefault.NOW,
        SqlDefault.NOW,
        SqlDefault.CURRENT_DATE,
        SqlDefault.CURRENT_TIME,
        SqlText({"postgresql": "gen_random_uuid()", "sqlite": "lower(hex(randomblob(16)))"}),
    ]


@pytest.mark.feature("schema.parse")
def test_columns_stand_as_key_fields_relations_timestamps(load_text: Loader) -> None:
    columns = _columns(
        load_text,
        """
[models.User]
timestamps = true
[models.User.relations]
second = { belongs_to = "User?" }
other = { belongs_to = "User?" }
[models.User.fields]
b = "int"
code = { type = "string(9)", primary_key = true }
a = "int"
""",
    )
    names = [column.name for column in columns]
    assert names == ["code", "b", "a", "second_id", "other_id", "created_at", "updated_at"]
    assert columns[-2] == NOW


@pytest.mark.feature("schema.parse")
def test_timestamps_may_have_other_names(load_text: Loader) -> None:
    model = load_text('[models.User]\ntimestamps = { updated_at = "changed" }\n').catalog.model("User")
    assert (model.created_at, model.updated_at) == ("created_at", "changed")
    assert [column.name for column in model.table.columns] == ["id", "created_at", "changed"]


@pytest.mark.feature("schema.names")
def test_timestamps_clash_with_fields(mistakes: Mistakes) -> None:
    assert mistakes('[models.User]\ntimestamps = true\n[models.User.fields]\ncreated_at = "date"\n') == [
        (
            'schema.toml:2:14 models.User.timestamps: field "created_at" is already declared, at schema.toml:4:1 '
            "(remove or rename the other, or rename the timestamp)"
        ),
    ]


@pytest.mark.feature("schema.parse")
@pytest.mark.parametrize(
    ("field", "expected"),
    [
        ('{ type = "int", primary_key = true }', True),
        ('{ type = "bigint", primary_key = true, auto_increment = true }', True),
        ('{ type = "bigint", primary_key = true, auto_increment = false }', False),
        ('{ type = "bigint", primary_key = true, default = 1 }', False),
        ('{ type = "string(9)", primary_key = true }', False),
        ('{ type = "uuid", primary_key = true }', False),
    ],
)
def test_a_single_integer_key_numbers_itself(load_text: Loader, field: str, expected: bool) -> None:
    column = _columns(load_text, f"[models.User.fields]\ncode = {field}\n")[0]
    assert (column.name, column.auto_increment) == ("code", expected)


@pytest.mark.feature("schema.parse")
def test_a_key_of_several_fields_may_hold_relations(load_text: Loader) -> None:
    catalog = load_text(
        """
[models.Order]
[models.Item.fields]
code = { type = "string(9)", primary_key = true }
[models.Line]
primary_key = ["order", "item_id", "number"]
[models.Line.fields]
amount = "int"
number = "smallint"
[models.Line.relations]
item = { belongs_to = "Item" }
order = { belongs_to = "Order" }
parent = { belongs_to = "Line?" }
"""
    ).catalog
    table = catalog.model("Line").table
    assert table.primary_key == ("order_id", "item_id", "number")
    assert [(column.name, str(column.type), column.auto_increment) for column in table.columns] == [
        ("order_id", "bigint", False),
        ("item_id", "string(9)", False),
        ("number", "smallint", False),
        ("amount", "int", False),
        ("parent_order_id", "bigint", False),
        ("parent_item_id", "string(9)", False),
        ("parent_number", "smallint", False),
    ]


@pytest.mark.feature("schema.parse")
def test_a_key_may_be_the_key_of_another(load_text: Loader) -> None:
    text = """
[models.User]
[models.Profile]
primary_key = ["user_id"]
[models.Profile.relations]
user = { belongs_to = "User" }
"""
    table = load_text(text).catalog.model("Profile").table
    assert table.columns == (Column("user_id", BIGINT),)
    assert table.indexes == ()  # the primary key starts with it


@pytest.mark.feature("schema.enums")
def test_enums_in_both_forms(load_text: Loader) -> None:
    enums = load_text(
        """
[enums]
Size = ["small", "large"]
Date = ["day"]
[enums.HTTPMethod]
doc = "A verb."
values = [{ name = "GET" }, "POST"]
"""
    ).catalog.enums
    assert enums == (
        Enum("Size", ("small", "large"), "size"),
        Enum("Date", ("day",), "date_enum"),
        Enum("HTTPMethod", ("GET", "POST"), "http_method", "A verb."),
    )


@pytest.mark.feature("schema.enums", "schema.names")
def test_the_type_of_an_enum_is_the_name_of_no_table_on_postgresql(mistakes: Mistakes) -> None:
    schema = '[project]\ndialects = ["{}"]\n[enums]\nUser = ["a"]\n[models.Person]\ntable = "user"\n'
    assert mistakes(schema.format("sqlite")) == []
    assert mistakes(schema.format("postgresql")) == [
        (
            'schema.toml:4:1 enums.User: type "user" is already that of model Person, at schema.toml:6:9 '
            "(rename the enum, or name the table with `table`)"
        ),
    ]


@pytest.mark.feature("schema.names")
@pytest.mark.parametrize("name", ["str", "date", "self", "type", "match", "id_", "naïve", "int", "print", "cls"])
def test_names_that_only_look_dangerous_are_legal(load_text: Loader, name: str) -> None:
    assert _columns(load_text, f'[models.User.fields]\n"{name}" = "text"\n')[1].name == name


@pytest.mark.feature("schema.names")
def test_a_column_may_have_any_name(load_text: Loader) -> None:
    text = '[models.User.fields]\nload_ = { type = "text", column = "load" }\nx = { type = "int", column = "a \\"b\\" ü" }\n'
    model = load_text(text).catalog.model("User")
    assert [field.column for field in model.fields] == ["id", "load", 'a "b" ü']
    assert model.field_of("load").name == "load_"


@pytest.mark.feature("schema.names")
def test_a_module_is_never_named_like_a_keyword(load_text: Loader) -> None:
    assert load_text("[models.Class]\n").catalog.model("Class").module == "class_"


@pytest.mark.feature("schema.parse")
def test_two_models_on_one_table_of_different_connections_are_two_tables(load_text: Loader) -> None:
    load_text(
        """
[connections.default]
url = "sqlite:///a.db"
[connections.other]
url = "sqlite:///b.db"
[models.User]
[models.OtherUser]
table = "users"
connection = "other"
"""
    )
