"""The words of types: what each means, its limits on each database, its defaults, bounds and keys."""

import datetime as dt
import json
import re
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from isomorph.catalog import INTEGERS, CodeDefault, Column, ColumnType, Kind
from isomorph_generator.schema.durations import duration, duration_text
from isomorph_generator.schema.spec.forms import TYPE_TEXT
from isomorph_generator.schema.types.words import WORDS
from tests.schema.conftest import Loader, Mistakes

pytestmark = pytest.mark.feature("schema.parse")

MONEY = ColumnType(Kind.DECIMAL, precision=19, scale=4)

MEANINGS: list[tuple[str, ColumnType]] = [
    *((kind.value, ColumnType(kind)) for kind in INTEGERS),
    ("unsigned   int", ColumnType(Kind.UNSIGNED_INT)),
    (" unsigned bigint ", ColumnType(Kind.UNSIGNED_BIGINT)),
    ("real", ColumnType(Kind.REAL)),
    ("float", ColumnType(Kind.DOUBLE)),
    ("double", ColumnType(Kind.DOUBLE)),
    ("money", MONEY),
    ("char(2)", ColumnType(Kind.CHAR, length=2)),
    ("char( 255 )", ColumnType(Kind.CHAR, length=255)),
    ("mediumtext", ColumnType(Kind.MEDIUMTEXT)),
    ("longtext", ColumnType(Kind.TEXT)),
    ("bytes", ColumnType(Kind.BYTES)),
    ("bytes(16)", ColumnType(Kind.BYTES, length=16)),
    ("bytes(65532)", ColumnType(Kind.BYTES, length=65_532)),
    ("interval", ColumnType(Kind.INTERVAL)),
    ("json", ColumnType(Kind.JSON)),
    ("jsonb", ColumnType(Kind.JSON)),
]


def column_of(load_text: Loader, field: str) -> Column:
    return load_text(f"[models.User.fields]\na = {field}\n").catalog.model("User").table.columns[1]


@pytest.mark.parametrize(("text", "expected"), MEANINGS, ids=[text for text, _ in MEANINGS])
@pytest.mark.parametrize("mark", ["", "?"])
def test_what_a_word_means(load_text: Loader, text: str, expected: ColumnType, mark: str) -> None:
    column = column_of(load_text, f'"{text}{mark}"')

    assert (column.type, column.nullable) == (expected, bool(mark))
    assert column_of(load_text, f'"{column.type}"').type == expected  # it is written as it is read


@pytest.mark.parametrize("kind", ["tinyint", "smallint", "int", "bigint"])
def test_an_integer_is_made_unsigned_by_a_modifier(load_text: Loader, kind: str) -> None:
    unsigned = column_of(load_text, f'{{ type = "{kind}?", unsigned = true }}')

    assert unsigned.type == column_of(load_text, f'"unsigned {kind}?"').type
    assert unsigned.type.unsigned
    assert unsigned.nullable
    assert not column_of(load_text, f'{{ type = "{kind}", unsigned = false }}').type.unsigned
    assert column_of(load_text, f'{{ type = "unsigned {kind}", unsigned = true }}').type == unsigned.type


def test_columns_of_pivot_tables_may_be_unsigned(load_text: Loader) -> None:
    text = '[models.User.relations]\nfriends = { belongs_to_many = "User", pivot.rank = { type = "int", unsigned = true } }\n'
    ((_, pivot),) = load_text(text).catalog.pivots
    assert pivot.column("rank").type == ColumnType(Kind.UNSIGNED_INT)


WRONG: list[tuple[str, str, str]] = [
    ("char", "it needs its greatest length", "char(2)"),
    ("char(256)", "mysql takes at most 255", "use string(n)"),
    ("char(0)", "it holds nothing", "a length of at least 1"),
    ("bytes()", "it needs its greatest number of bytes", "bytes(16), or bytes for any number"),
    ("bytes(0)", "it holds nothing", "a length of at least 1"),
    ("bytes(65533)", "mysql takes at most 65532", "use bytes"),
    ("money(10, 2)", "it is decimal(19, 4) and takes no arguments", "write money, or decimal(p, s)"),
    ("tinyint(1)", "it takes no arguments", "write tinyint"),
    ("unsigned int(11)", "it takes no arguments", "write unsigned int"),
    ("real(3)", "it takes no arguments", "write real"),
    ("float(53)", "it takes no arguments", "write float"),
    ("mediumtext(3)", "it takes no arguments", "write mediumtext"),
    ("longtext(3)", "it takes no arguments", "write longtext"),
    ("interval(6)", "it takes no arguments", "write interval"),
    ("jsonb(3)", "it takes no arguments", "write jsonb"),
    ("unsigned decimal(10, 2)", "only whole numbers are unsigned", "unsigned tinyint, smallint, int or bigint"),
    ("unsigned text", "only whole numbers are unsigned", "unsigned tinyint, smallint, int or bigint"),
    ("unsigned number", 'no type "number"', "unsigned tinyint, smallint, int or bigint"),
]


@pytest.mark.parametrize(("text", "problem", "hint"), WRONG, ids=[text for text, _, _ in WRONG])
def test_wrong_arguments_are_told_with_their_place(mistakes: Mistakes, text: str, problem: str, hint: str) -> None:
    told = mistakes(f'[models.User.fields]\na = "{text}"\n')
    assert told == [f'schema.toml:2:5 models.User.fields.a: type "{text}": {problem} ({hint})']


@pytest.mark.parametrize(
    ("text", "meant"),
    [
        ("uint32", "unsigned int"),
        ("float4", "real"),
        ("duration", "interval"),
        ("varbinary", "bytes"),
        ("Interval", "interval"),
    ],
)
def test_names_of_other_systems_lead_to_the_right_word(mistakes: Mistakes, text: str, meant: str) -> None:
    (told,) = mistakes(f'[models.User.fields]\na = "{text}"\n')
    assert told.endswith(f'no type "{text}" (did you mean "{meant}"?)')


def test_limits_are_those_of_the_dialects_that_a_project_has(load_text: Loader) -> None:
    project = '[project]\ndialects = ["sqlite", "postgresql"]\n'
    text = f'{project}[models.User.fields]\na = "bytes(1000000)"\nb = "string(1000000)"\n'
    assert [column.type.length for column in load_text(text).catalog.model("User").table.columns[1:]] == [10**6, 10**6]


# --- modifiers -------------------------------------------------------------------------------------------------------

TOLD: list[tuple[str, str]] = [
    ('{ type = "text", unsigned = true }', "unsigned: `unsigned` has no meaning for text (it is for whole numbers)"),
    ('{ type = "decimal(5, 2)", unsigned = true }', "has no meaning for decimal(5, 2) (it is for whole numbers)"),
    ('{ type = "unsigned tinyint", default = -1 }', "expected a whole number from 0 to 255, got one outside"),
    ('{ type = "tinyint", unsigned = true, default = 256 }', "expected a whole number from 0 to 255, got one outside"),
    ('{ type = "tinyint", default = 128 }', "expected a whole number from -128 to 127, got one outside"),
    (
        '{ type = "unsigned bigint", default = 1.5 }',
        "expected a whole number from 0 to 18446744073709551615, got a number with a point",
    ),
    ('{ type = "real", default = 3.5e38 }', "expected a number of 32 bits, got one that is too large"),
    ('{ type = "real", default = "1" }', "expected a number, got a text"),
    (
        '{ type = "char(3)", default = "ab " }',
        "expected a text without blanks at its end, which not all databases keep",
    ),
    ('{ type = "char(3)", default = "abcd" }', "expected a text of at most 3 characters, got one of 4"),
    ('{ type = "bytes(2)", default = "üa" }', "expected a text of at most 2 bytes, got one of 3"),
    ('{ type = "money", default = "0.00001" }', "at most 15 digits before the point and 4 after it, got more"),
    ('{ type = "interval", default = 60 }', 'expected a span of time, such as "1d 2h 30min", got a whole number'),
    ('{ type = "interval", default = "soon" }', 'expected a span of time, such as "1d 2h 30min", got another text'),
    ('{ type = "interval", default = "106751992d" }', "expected a span of time"),
    ('{ type = "interval", default_sql = "now" }', "has no meaning for interval (it is for datetime and timestamptz)"),
    ('{ type = "interval", min = 1 }', "`min` has no meaning for interval (it is for numbers and texts)"),
    ('{ type = "unsigned int", min = 0.5 }', "expected a whole number"),
    ('{ type = "char(3)", min = -1 }', "a length of at least 0"),
    ('{ type = "time", default = 23:59:60 }', "not TOML"),  # no leap seconds
]


@pytest.mark.parametrize(("field", "expected"), TOLD, ids=[field for field, _ in TOLD])
def test_what_a_type_cannot_have_is_told_with_its_place(mistakes: Mistakes, field: str, expected: str) -> None:
    (told,) = mistakes(f"[models.User.fields]\na = {field}\n")
    assert re.match(r"schema\.toml:2:\d+:? ", told)
    assert expected in told


DEFAULTS: list[tuple[str, object]] = [
    ('{ type = "tinyint", default = -128 }', -128),
    ('{ type = "unsigned bigint", default = 18446744073709551615 }', 2**64 - 1),
    ('{ type = "real", default = 0.1 }', 0.10000000149011612),
    ('{ type = "double", default = -0.0 }', 0.0),
    ('{ type = "float", default = 0.1 }', 0.1),
    ('{ type = "char(3)", default = " a" }', " a"),
    ('{ type = "bytes(2)", default = "ü" }', "ü"),
    ('{ type = "interval", default = "1d 2h 30min" }', dt.timedelta(days=1, hours=2, minutes=30)),
    ('{ type = "interval", default = "-1w 0.5s" }', -dt.timedelta(weeks=1, seconds=0.5)),
    ('{ type = "interval", default = "0s" }', dt.timedelta()),
]


@pytest.mark.parametrize(("field", "expected"), DEFAULTS, ids=[field for field, _ in DEFAULTS])
def test_a_default_takes_the_form_of_its_type(load_text: Loader, field: str, expected: object) -> None:
    default = column_of(load_text, field).default
    assert default is not None
    assert (str(default.value), type(default.value)) == (str(expected), type(expected))


@pytest.mark.parametrize(
    ("text", "microseconds"),
    [
        ("1us", 1),
        ("1.5ms", 1_500),
        ("2 h 3 min", 7_380_000_000),
        ("1h30min", 5_400_000_000),
        ("-106751991d 4h 54.775808s", -(2**63)),
        ("  7d ", 604_800_000_000),
    ],
)
def test_spans_of_time_are_numbers_with_units(text: str, microseconds: int) -> None:
    assert duration(text) == dt.timedelta(microseconds=microseconds)


@given(st.integers(-(2**63), 2**63 - 1))
def test_a_span_of_time_is_read_as_it_is_written(microseconds: int) -> None:
    span = dt.timedelta(microseconds=microseconds)
    assert duration(duration_text(span)) == span


@pytest.mark.parametrize(
    ("span", "text"),
    [
        (dt.timedelta(), "0s"),
        (dt.timedelta(days=8, hours=2), "1w 1d 2h"),
        (dt.timedelta(microseconds=-1_500), "-1ms 500us"),
    ],
)
def test_a_span_of_time_is_written_with_the_largest_units(span: dt.timedelta, text: str) -> None:
    assert duration_text(span) == text


@pytest.mark.parametrize(
    "text", ["", "-", "1", "1 month", "1y", "0.1us", "1d -1h", "1dd", "1e3s", "--1s", "106751992d"]
)
def test_what_is_no_span_of_time(text: str) -> None:
    with pytest.raises(ValueError, match=r"no number|no whole|beyond"):
        duration(text)


def test_a_span_of_time_is_a_constant_of_expressions(load_text: Loader, mistakes: Mistakes) -> None:
    schema = '[models.User.fields]\na = {{ type = "interval", check = "a > \'{}\'" }}\n'
    load_text(schema.format("1h"))
    (told,) = mistakes(schema.format("soon"))
    assert told.startswith("schema.toml:2:")
    assert told.endswith("this text is not a span of time (write it as '1d 2h 30min')")


def test_an_unsigned_bigint_is_compared_but_not_calculated_with(load_text: Loader, mistakes: Mistakes) -> None:
    schema = '[models.User.fields]\na = {{ type = "unsigned bigint", check = "{}" }}\n'
    load_text(schema.format("a between 1 and 10"))
    (told,) = mistakes(schema.format("a + 1 > 2"))
    assert told.startswith("schema.toml:2:")
    assert '"a" is beyond what all databases calculate with exactly' in told


# --- keys and indexes ------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("kind", [kind.value for kind in INTEGERS if kind is not Kind.UNSIGNED_BIGINT])
def test_integers_of_all_widths_number_new_rows(load_text: Loader, kind: str) -> None:
    model = load_text(f'[models.User.fields]\na = {{ type = "{kind}", primary_key = true }}\n').catalog.model("User")
    assert model.table.columns[0].auto_increment


def test_an_unsigned_bigint_is_numbered_by_mysql_only(load_text: Loader, mistakes: Mistakes) -> None:
    schema = (
        '[project]\ndialects = [{}]\n[models.User.fields]\na = {{ type = "unsigned bigint", primary_key = true{} }}\n'
    )
    hint = "(write bigint, whose numbers last as long)"
    for dialect in ("sqlite", "postgresql"):
        told = mistakes(schema.format(f'"mysql", "{dialect}"', ""))
        assert told == [f"schema.toml:4:14 models.User.fields.a.type: {dialect} numbers no unsigned bigint {hint}"]
    assert load_text(schema.format('"mysql"', "")).catalog.model("User").table.columns[0].auto_increment
    unnumbered = load_text(schema.format('"sqlite", "postgresql"', ", auto_increment = false"))
    assert not unnumbered.catalog.model("User").table.columns[0].auto_increment


def test_a_foreign_key_is_as_unsigned_as_the_key_it_points_to(load_text: Loader) -> None:
    text = """
[models.User.fields]
id = { type = "int", unsigned = true, primary_key = true }
[models.Post.relations]
author = { belongs_to = "User" }
"""
    assert load_text(text).catalog.model("Post").table.column("author_id").type == ColumnType(Kind.UNSIGNED_INT)


def test_bytes_with_a_length_can_be_indexed_where_bytes_without_cannot(load_text: Loader, mistakes: Mistakes) -> None:
    load_text('[models.User.fields]\na = { type = "bytes(32)", unique = true }\n')
    (told,) = mistakes('[models.User.fields]\na = { type = "bytes", unique = true }\n')
    assert told.endswith('"a" is bytes, which mysql cannot index (use bytes(n))')
    (told,) = mistakes('[models.User.fields]\na = { type = "mediumtext", unique = true }\n')
    assert told.endswith('"a" is mediumtext, which mysql cannot index (use string(n))')
    (told,) = mistakes('[models.User.fields]\na = { type = "bytes(4000)", unique = true }\n')
    assert "take up to 4000 bytes, mysql indexes at most 3072" in told


# --- what code makes ---------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("name", ["uuid4", "uuid7"])
def test_a_uuid_may_be_made_by_the_code(load_text: Loader, name: str) -> None:
    text = f'[models.User.fields]\nid = {{ type = "uuid", primary_key = true, default_code = "{name}" }}\n'
    model = load_text(text).catalog.model("User")
    assert model.fields[0].default_code is CodeDefault(name)
    assert model.table.columns[0] == Column("id", ColumnType(Kind.UUID))  # the database knows nothing of it


@pytest.mark.parametrize(
    ("field", "expected"),
    [
        (
            '{ type = "int", default_code = "uuid4" }',
            '`default_code = "uuid4"` has no meaning for int (it is for uuid)',
        ),
        (
            '{ type = "uuid", default_code = "uuid7", default = "01234567-89ab-cdef-0123-456789abcdef" }',
            "a new row gets one value",
        ),
        (
            '{ type = "uuid", default_code = "uuid7", default_sql.sql = { sqlite = "x", postgresql = "x", mysql = "x" } }',
            "a new",
        ),
        ('{ type = "uuid", default_code = "uuid1" }', 'did you mean "uuid7"?'),
    ],
)
def test_wrong_ways_to_have_the_code_make_something(mistakes: Mistakes, field: str, expected: str) -> None:
    (told,) = mistakes(f"[models.User.fields]\na = {field}\n")
    assert told.startswith("schema.toml:2:")
    assert "models.User.fields.a.default_code" in told
    assert expected in told


# --- editors -------------------------------------------------------------------------------------------------------------


@pytest.mark.feature("schema.json_schema")
def test_editors_know_every_word() -> None:
    pattern: Any = json.loads(json.dumps(TYPE_TEXT))["pattern"]
    for word in WORDS.values():
        assert re.search(pattern, word.example), word
        assert re.search(pattern, f"{word.example}?"), word
    for text, _ in MEANINGS:
        assert re.search(pattern, text.strip()), text
    for text in ("char", "bytes()", "tinyint(1)", "unsigned", "unsigned text", "money(1)", "uint"):
        assert not re.search(pattern, text), text
