"""Text of the schema as Python source: whatever it holds, it comes back as it was."""

import ast
import datetime as dt
import subprocess
import sys
import uuid
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from isomorph.catalog import ColumnType, Kind
from isomorph_generator.codegen.layout import Group, call, fitted, flat, signature, subscript, tuple_of
from isomorph_generator.codegen.text import docstring, json_value, sentence, string, value

pytestmark = pytest.mark.feature("generator.clean_code")

TEXTS = st.text(st.characters() | st.sampled_from("'\"\\\n\t%{}\x00é🙂"))


@given(TEXTS)
def test_a_string_literal_is_its_text(text: str) -> None:
    assert ast.literal_eval(string(text)) == text
    assert "\n" not in string(text)


@given(TEXTS)
def test_a_docstring_is_one_string_whatever_it_says(text: str) -> None:
    (statement,) = ast.parse(f"    {docstring(text, 4)}\n".strip()).body
    assert isinstance(statement, ast.Expr)
    assert isinstance(statement.value, ast.Constant)


def test_a_docstring_keeps_its_lines_below_each_other() -> None:
    assert docstring("First.\n\nSecond,\nthird.", 4) == '"""First.\n\n    Second,\n    third.\n    """'


def test_documentation_ends_in_a_point() -> None:
    assert [sentence(text) for text in ("A person", "A person.", "Who?", " padded\n")] == [
        "A person.",
        "A person.",
        "Who?",
        "padded.",
    ]


_DOCUMENTS = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False, allow_infinity=False) | TEXTS,
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(TEXTS, inner, max_size=3),
    max_leaves=8,
)


@given(_DOCUMENTS)
def test_a_document_is_its_value_on_one_line_and_on_several(document: object) -> None:
    code = json_value(document)
    assert ast.literal_eval(flat(code)) == document
    assert ast.literal_eval(fitted(code, split=True)) == document


@pytest.mark.parametrize(
    ("given_value", "type_", "code"),
    [
        (True, ColumnType(Kind.BOOL), "True"),
        (-3, ColumnType(Kind.INT), "-3"),
        (Decimal("1.50"), ColumnType(Kind.DECIMAL, precision=5, scale=2), '_decimal.Decimal("1.50")'),
        (Decimal(3), ColumnType(Kind.DECIMAL, precision=5, scale=2), "_decimal.Decimal(3)"),
        (3, ColumnType(Kind.DOUBLE), "3.0"),
        ('a "b"', ColumnType(Kind.STRING, length=9), "'a \"b\"'"),
        ("é", ColumnType(Kind.BYTES), 'b"\\xc3\\xa9"'),
        (dt.date(2024, 2, 29), ColumnType(Kind.DATE), "_dt.date(2024, 2, 29)"),
        (dt.time(8, 30), ColumnType(Kind.TIME), "_dt.time(8, 30)"),
        (dt.timedelta(), ColumnType(Kind.INTERVAL), "_dt.timedelta(0)"),
        (dt.timedelta(days=-1, seconds=5), ColumnType(Kind.INTERVAL), "_dt.timedelta(days=-1, seconds=5)"),
        (0.10000000149011612, ColumnType(Kind.REAL), "0.10000000149011612"),
        (2**64 - 1, ColumnType(Kind.UNSIGNED_BIGINT), "18446744073709551615"),
        (dt.time(8, 30, 0, 5), ColumnType(Kind.TIME), "_dt.time(8, 30, 0, 5)"),
        (
            dt.datetime(2024, 1, 1, 2, tzinfo=dt.timezone(dt.timedelta(hours=2))),
            ColumnType(Kind.TIMESTAMPTZ),
            "_dt.datetime(2024, 1, 1, 0, 0, tzinfo=_dt.UTC)",
        ),
        (str(uuid.UUID(int=1)), ColumnType(Kind.UUID), '_uuid.UUID("00000000-0000-0000-0000-000000000001")'),
        ("in progress", ColumnType(Kind.ENUM, enum="State"), "_enums.State.IN_PROGRESS"),
        (None, ColumnType(Kind.INT), "None"),
    ],
)
def test_constants_are_written_as_the_columns_values(given_value: object, type_: ColumnType, code: str) -> None:
    assert flat(value(given_value, type_)) == code


# --- layout ------------------------------------------------------------------------------------------------------------


def test_what_fits_stays_on_a_line() -> None:
    assert fitted(call("f", ["a", "b=1"]), 4, before="x = ") == "x = f(a, b=1)"


def test_what_does_not_fit_is_one_item_per_line() -> None:
    code = call("function", ["a" * 40, tuple_of(["b" * 40]), "c"])
    assert fitted(code, 4, before="x = ", after=",") == (
        f"x = function(\n        {'a' * 40},\n        ({'b' * 40},),\n        c,\n    ),"
    )


def test_a_single_type_argument_gets_no_comma() -> None:
    assert fitted(subscript("Name", ["a" * 90])) == f"Name[\n    {'a' * 90}\n]"


def test_a_long_signature_splits_its_parameters_then_what_it_returns() -> None:
    returns = subscript("Query", ["A" * 40, "B" * 40])
    assert signature("f", ["self", "/"], returns, 4, ": ...") == (
        f"def f(\n        self,\n        /,\n    ) -> Query[\n        {'A' * 40},\n        {'B' * 40},\n    ]: ..."
    )


_WORDS = st.text("abcdefgh", min_size=1, max_size=30)
_CODE = st.recursive(
    _WORDS,
    lambda inner: st.one_of(
        st.builds(call, _WORDS, st.lists(inner, max_size=4)),
        st.builds(subscript, _WORDS, st.lists(inner, min_size=2, max_size=4)),
        st.builds(tuple_of, st.lists(inner, min_size=2, max_size=4)),
    ),
    max_leaves=20,
)


def test_formatters_of_any_line_length_leave_the_layout_alone() -> None:
    """Random code in one file, so that the formatter starts once."""
    codes: list[str | Group] = []

    @given(_CODE)
    def collect(code: str | Group) -> None:
        codes.append(code)

    collect()
    text = "".join(f"{fitted(code, before='x = ')}\n" for code in codes)
    for width in ("88", "120"):
        done = subprocess.run(
            [sys.executable, "-m", "ruff", "format", "--isolated", f"--line-length={width}", "-"],
            input=text,
            capture_output=True,
            text=True,
            check=True,
        )
        assert done.stdout == text
