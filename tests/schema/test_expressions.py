"""The expression language: reading, types, and the way back to text."""

import datetime as dt
from decimal import Decimal
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from isomorph.catalog import (
    And,
    Arithmetic,
    Between,
    Call,
    ColumnRef,
    ColumnType,
    Comparison,
    Enum,
    Expression,
    In,
    IsNull,
    Kind,
    Like,
    Literal,
    LiteralValue,
    Matches,
    Not,
    Or,
    Parameter,
)
from isomorph_generator.schema.expressions import Known, Vocabulary, compiled, constant, expression_text, literal_text
from isomorph_generator.schema.report import Report
from isomorph_generator.schema.scan import Scan
from isomorph_generator.schema.sources import Source, Sources

pytestmark = pytest.mark.feature("schema.expressions")

SIZE = Enum("Size", ("small", "it's large"), "size")
TYPES = {
    "flag": ColumnType(Kind.BOOL),
    "count": ColumnType(Kind.INT),
    "total": ColumnType(Kind.BIGINT),
    "price": ColumnType(Kind.DECIMAL, precision=9, scale=2),
    "weight": ColumnType(Kind.DOUBLE),
    "level": ColumnType(Kind.REAL),
    "tiny": ColumnType(Kind.TINYINT),
    "hits": ColumnType(Kind.UNSIGNED_INT),
    "big": ColumnType(Kind.UNSIGNED_BIGINT),
    "code": ColumnType(Kind.CHAR, length=2),
    "page": ColumnType(Kind.MEDIUMTEXT),
    "span": ColumnType(Kind.INTERVAL),
    "name": ColumnType(Kind.STRING, length=99),
    "body": ColumnType(Kind.TEXT),
    "size": ColumnType(Kind.ENUM, enum="Size"),
    "key": ColumnType(Kind.UUID),
    "day": ColumnType(Kind.DATE),
    "at": ColumnType(Kind.TIME),
    "local": ColumnType(Kind.DATETIME),
    "moment": ColumnType(Kind.TIMESTAMPTZ),
    "data": ColumnType(Kind.JSON),
    "raw": ColumnType(Kind.BYTES),
}
VOCABULARY = Vocabulary(
    "User",
    {name: Known(f"{name}_column", type_) for name, type_ in TYPES.items()} | {"broken": Known("broken", None)},
    {"Size": SIZE},
    {f"p_{name}": type_ for name, type_ in TYPES.items()},
)


def _compiled(text: str) -> tuple[Expression | None, list[str]]:
    report = Report(Sources(Source("schema.toml", Path("schema.toml"), Scan("")), {}))
    expression, _ = compiled(text, VOCABULARY, (), report)
    return expression, [error.what for error in report.errors]


# --- there and back ----------------------------------------------------------------------------------------------------

CONSTANTS: dict[Kind, st.SearchStrategy[LiteralValue]] = {
    Kind.INT: st.integers(-(2**63), 2**63 - 1),
    Kind.DECIMAL: st.decimals(allow_nan=False, allow_infinity=False, places=3),
    Kind.DOUBLE: st.floats(allow_nan=False, allow_infinity=False),
    Kind.REAL: st.floats(allow_nan=False, allow_infinity=False),
    Kind.TINYINT: st.integers(-(2**63), 2**63 - 1),
    Kind.UNSIGNED_INT: st.integers(-(2**63), 2**63 - 1),
    Kind.UNSIGNED_BIGINT: st.integers(0, 2**63 - 1),
    Kind.CHAR: st.text(max_size=9),
    Kind.MEDIUMTEXT: st.text(max_size=9),
    Kind.INTERVAL: st.integers(-(2**63), 2**63 - 1).map(lambda number: dt.timedelta(microseconds=number)),
    Kind.STRING: st.text(max_size=9),
    Kind.ENUM: st.sampled_from(SIZE.values),
    Kind.UUID: st.uuids().map(str),
    Kind.DATE: st.dates(),
    Kind.TIME: st.times(),
    Kind.DATETIME: st.datetimes(),
    Kind.TIMESTAMPTZ: st.datetimes(timezones=st.just(dt.timezone(dt.timedelta(hours=2)))),
    Kind.BOOL: st.booleans(),
}
NUMBERS = ("count", "price", "tiny", "hits")
ORDERED = (
    "count", "price", "weight", "level", "tiny", "hits", "big", "name", "code", "page", "day", "at", "local", "moment",
    "span",
)  # fmt: skip
COMPARED = (*ORDERED, "flag", "size", "key")


def _column(name: str) -> ColumnRef:
    return ColumnRef(f"{name}_column")


def _call(function: str, *arguments: Expression) -> Expression:
    return Call(function, arguments)


def _texts_of(inner: st.SearchStrategy[Expression]) -> st.SearchStrategy[Expression]:
    """Functions that give texts; the pipes of `a || b` are read as one concat of all parts."""
    word = st.text(min_size=1, max_size=5).map(Literal)
    return (
        st.builds(_call, st.sampled_from(["lower", "upper", "trim", "ltrim", "rtrim"]), inner)
        | st.lists(inner | st.just(_column("count")), min_size=1, max_size=3).map(lambda items: _call("concat", *items))
        | st.builds(_call, st.just("replace"), inner, word, inner)
        | st.builds(_call, st.just("substring"), inner, st.integers(1, 9).map(Literal))
        | st.builds(_call, st.sampled_from(["coalesce", "nullif"]), inner, inner)
    )


TEXT_VALUES: st.SearchStrategy[Expression] = st.recursive(
    st.sampled_from([_column(name) for name in ("name", "body", "code", "page")]), _texts_of, max_leaves=4
)
PARTS: st.SearchStrategy[Expression] = (
    TEXT_VALUES.map(lambda text: _call("length", text))
    | st.builds(_call, st.sampled_from(["year", "month", "day"]), st.sampled_from([_column("day"), _column("local")]))
    | st.builds(
        _call, st.sampled_from(["hour", "minute", "second"]), st.sampled_from([_column("at"), _column("moment")])
    )
)


@st.composite
def numbers(draw: st.DrawFn) -> Expression:
    """Arithmetic over number columns, and functions of them."""
    leaf = st.sampled_from([_column(name) for name in NUMBERS]) | st.integers(-9, 9).map(Literal) | PARTS
    grown: st.SearchStrategy[Expression] = st.recursive(
        leaf,
        lambda inner: (
            st.builds(Arithmetic, st.sampled_from("+-*/"), inner, inner)
            | st.builds(_call, st.sampled_from(["abs", "floor", "ceil", "round"]), inner)
            | st.builds(_call, st.just("round"), inner, st.integers(0, 4).map(Literal))
            | st.builds(_call, st.sampled_from(["coalesce", "nullif"]), inner, inner)
        ),
        max_leaves=5,
    )
    return draw(grown)


@st.composite
def predicates(draw: st.DrawFn) -> Expression:
    """A condition without and, or, not."""
    name = draw(st.sampled_from(COMPARED))
    column = _column(name)
    values = CONSTANTS[TYPES[name].kind].map(Literal) | st.just(Parameter(f"p_{name}"))
    negated = draw(st.booleans())
    kinds: list[st.SearchStrategy[Expression]] = [
        st.builds(Comparison, st.sampled_from(["=", "<>"]), st.just(column), values),
        st.builds(In, st.just(column), st.lists(values, min_size=1, max_size=3).map(tuple), st.just(negated)),
        st.builds(IsNull, st.sampled_from([column, _column("data"), _column("raw")]), st.just(negated)),
        st.builds(Comparison, st.sampled_from(["<", ">="]), numbers(), numbers()),
        st.builds(IsNull, numbers(), st.just(negated)),
        st.builds(Comparison, st.sampled_from(["=", "<"]), TEXT_VALUES, TEXT_VALUES),
        st.builds(
            Like,
            TEXT_VALUES,
            st.text("a%_\\'", max_size=5).map(Literal) | st.just(Parameter("p_name")),
            st.just(negated),
        ),
        st.builds(Matches, TEXT_VALUES, st.sampled_from(["^a$", r"\d'+|[^b]"]), st.just(negated)),
        st.builds(Comparison, st.just(">"), st.just(_column("moment")), st.just(_call("now"))),
        st.builds(Comparison, st.just("="), st.just(_call("date", _column("local"))), st.just(_call("current_date"))),
    ]
    if name in ORDERED:
        kinds.append(st.builds(Comparison, st.sampled_from(["<", "<=", ">", ">="]), values, st.just(column)))
        kinds.append(st.builds(Between, st.just(column), values, values, st.just(negated)))
    return draw(st.one_of(kinds))


def _flat(kind: type[And] | type[Or], items: list[Expression]) -> Expression:
    """As the reader joins: `a and (b and c)` is one And of three."""
    parts: list[Expression] = []
    for item in items:
        parts += item.items if isinstance(item, kind) else (item,)
    return kind(tuple(parts))


CONDITIONS: st.SearchStrategy[Expression] = st.recursive(
    predicates(),
    lambda inner: (
        st.builds(Not, inner) | st.builds(_flat, st.sampled_from([And, Or]), st.lists(inner, min_size=2, max_size=3))
    ),
    max_leaves=8,
)


def _field_of(column: str) -> str:
    return column.removesuffix("_column")


@given(CONDITIONS)
def test_an_expression_written_and_read_again_is_the_same(expression: Expression) -> None:
    text = expression_text(expression, _field_of)
    assert _compiled(text) == (expression, [])


@given(CONDITIONS)
def test_parentheses_around_everything_change_nothing(expression: Expression) -> None:
    text = expression_text(expression, _field_of)
    assert _compiled(f"(({text}))") == (expression, [])


@given(st.text("aceorti <>='\"()+-*/%:,.0123_", max_size=40))
def test_no_text_breaks_the_reader(text: str) -> None:
    expression, problems = _compiled(text)
    assert (expression is None) == bool(problems)


# --- single cases --------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("count != 3", Comparison("<>", _column("count"), Literal(3))),
        ("COUNT = 3", None),
        ("count IS NOT NULL", IsNull(_column("count"), negated=True)),
        ('name = "it\'s ""x"""', Comparison("=", _column("name"), Literal('it\'s "x"'))),
        ("name = 'it''s'", Comparison("=", _column("name"), Literal("it's"))),
        ("flag", Comparison("=", _column("flag"), Literal(value=True))),
        ("not flag", Not(Comparison("=", _column("flag"), Literal(value=True)))),
        ("weight > .5", Comparison(">", _column("weight"), Literal(0.5))),
        ("price > 5e-1", Comparison(">", _column("price"), Literal(Decimal("0.5")))),
        (
            "price > -12345678901234567890123456789012.5",
            Comparison(">", _column("price"), Literal(Decimal("-12345678901234567890123456789012.5"))),
        ),
        ("price > -0.0", Comparison(">", _column("price"), Literal(Decimal("0.0")))),
        ("3 < count", Comparison("<", Literal(3), _column("count"))),
        ("-count < 3", Comparison("<", Arithmetic("-", Literal(0), _column("count")), Literal(3))),
        ("broken = 'anything' and broken > 3", None),
        (
            "name || ' ' || count || body = 'x'",
            Comparison(
                "=",
                Call("concat", (_column("name"), Literal(" "), _column("count"), _column("body"))),
                Literal("x"),
            ),
        ),
        ("LOWER( name ) = 'x'", Comparison("=", Call("lower", (_column("name"),)), Literal("x"))),
        ("name NOT LIKE 'a%'", Like(_column("name"), Literal("a%"), negated=True)),
        ("name matches '^a'", Matches(_column("name"), "^a")),
        ("coalesce(day, '2024-01-02') = day", None),
    ],
)
def test_spellings(text: str, expected: Expression | None) -> None:
    expression, _ = _compiled(text)
    assert expected is None or expression == expected


def test_precedence() -> None:
    assert (
        _compiled("not flag and count + 1 * 2 > 3 or count between 1 and 2 and flag")[0]
        == _compiled("((not (flag)) and ((count + (1 * 2)) > 3)) or ((count between 1 and 2) and (flag))")[0]
    )
    assert _compiled("10 - 4 - 3 = count")[0] == _compiled("(10 - 4) - 3 = count")[0]
    assert _compiled("10 - 4 - 3 = count")[0] != _compiled("10 - (4 - 3) = count")[0]


def test_what_is_wrong_elsewhere_is_not_told_again() -> None:
    assert _compiled("broken = 'x' and broken > 3 and broken in (1, true)")[1] == []


@pytest.mark.parametrize(
    ("text", "problem"),
    [
        ("", "expected a field or a value, but the expression ends"),
        ("count = ", "expected a field or a value, but the expression ends"),
        ("= 3", 'expected a field or a value, not "="'),
        ("count in ()", 'expected a field or a value, not ")"'),
        ("count between 1", 'expected "and", but the expression ends'),
        ("count is 3", 'expected "null", not "3"'),
        ("count = 3;", '";" has no meaning here'),
        ("count && flag", '"&&" is no operator'),
        ("count = 1 = 2", "comparisons cannot be chained"),
        ("count in (1, null)", "nothing is equal to null"),
        ("size < 'small'", '"size" has no order that all databases share'),
        ("flag < true", '"flag" has no order that all databases share'),
        ("data = 'x'", '"data" is json, compared with a text'),
        ("raw = raw", '"raw" is bytes, which cannot be compared'),
        ("day = '2024-02-30'", "this text is not a date"),
        ("local = '2024-01-01T00:00:00Z'", "this text is not a date and time without offset"),
        ("moment = '2024-01-01T00:00:00'", "this text is not a date and time with offset"),
        ("at = '25:00'", "this text is not a time"),
        ("key = '1'", "this text is not a uuid"),
        ("size = 'big'", 'Size has no value "big"'),
        ("size = name", '"size" is a value of the enum Size, "name" is a text'),
        ("size = :p_name", '"size" is a value of the enum Size, ":p_name" is a text'),
        ("1 = 'a'", "a number compared with a text"),
        ("weight % 2 = 0", '"%" is for whole numbers'),
        ("not count", '"count" is no condition'),
        ("true", "true or false is no condition"),
        ("count = " + "9" * 200, "the number has too many digits"),
        ("(" * 200 + "flag" + ")" * 200, "nested too deeply"),
        ("not " * 200 + "flag", "nested too deeply"),
        ("count = 1" + " + 1" * 200, "too many operators in a row"),
        ("trim(" * 200 + "name", "nested too deeply"),
        ("name || 'a' > 3", '"concat()" is a text, compared with a number'),
        ("lower(name, body) = 'x'", '"lower" takes one argument, not 2'),
        ("lower() = 'x'", '"lower" takes one argument, not 0'),
        ("concat() = 'x'", '"concat" takes at least one argument, not 0'),
        ("lowr(name) = 'x'", 'no function "lowr"'),
        ("lower(count) = 'x'", '"lower" takes a text: "count" is a whole number'),
        ("abs(name) = 1", '"abs" takes a number: "name" is a text'),
        ("round(weight) = 1", '"round" takes a whole number or a decimal: "weight" is a double'),
        ("hour(day) = 1", '"hour" takes a time, a datetime or a timestamptz: "day" is a date'),
        ("substring(name, count) = 'x'", '"substring" takes a number here that is the same for all rows'),
        ("replace(name, '', 'x') = 'x'", '"replace" takes a text here that is the same for all rows and not empty'),
        ("coalesce(name, count) = 'x'", '"name" is a text, "count" is a number'),
        ("name like count", "the pattern is no text"),
        ("name like lower(body)", "the pattern is no text"),
        ("count like 'x'", '"like" searches texts: "count" is a number'),
        ("name matches body", "the pattern is no constant text"),
        ("name matches '(?=a)'", "the pattern: groups with a meaning of their own are not portable"),
        ("name ilike 'x'", 'the language has no "ilike"'),
        ("exists(name)", 'the language has no "exists"'),
        ("name like 'a' like 'b'", "comparisons cannot be chained"),
        ("lower(name", 'expected ")", but the expression ends'),
        ("lower(name,) = 'x'", 'expected a field or a value, not ")"'),
    ],
)
def test_mistakes(text: str, problem: str) -> None:
    expression, problems = _compiled(text)
    assert expression is None
    assert problems == [problem]


def test_long_chains_of_conditions_are_fine() -> None:
    expression, _ = _compiled(" or ".join(["count = 1"] * 5000))
    assert isinstance(expression, Or)
    assert len(expression.items) == 5000


@pytest.mark.parametrize(
    ("value", "text"),
    [
        (None, "null"),
        (True, "true"),
        (-3, "-3"),
        (1.5, "1.5"),
        (Decimal("1.50"), "1.50"),
        ("it's", "'it''s'"),
        (dt.date(2024, 1, 2), "'2024-01-02'"),
        (dt.time(1, 2), "'01:02:00'"),
        (dt.datetime(2024, 1, 2, tzinfo=dt.UTC), "'2024-01-02T00:00:00+00:00'"),
    ],
)
def test_constants_as_text(value: LiteralValue, text: str) -> None:
    assert literal_text(value) == text


def test_one_constant() -> None:
    assert constant(" 3 ") == (3,)
    assert constant("null") == (None,)
    assert constant("count") is None
    assert constant("3 +") is None
