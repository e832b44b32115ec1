"""Raw SQL fragments: placeholders, quotes, percent signs, bound values."""

import datetime as dt
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from isomorph import dialects
from isomorph.errors import InvalidQuery, InvalidValue
from isomorph.sql.raw import Raw
from tests.support.expressions import compiled, compiled_on_all


def test_each_question_mark_binds_a_value() -> None:
    assert compiled_on_all(Raw("age > ? AND name = ?", (18, "Ada"))) == {
        "sqlite": ("(age > ? AND name = ?)", (18, "Ada")),
        "postgresql": ("(age > %s AND name = %s)", (18, "Ada")),
        "mysql": ("(age > %s AND name = %s)", (18, "Ada")),
    }


def test_a_doubled_question_mark_is_one() -> None:
    assert compiled_on_all(Raw("settings ?? 'a' AND age > ?", (18,))) == {
        "sqlite": ("(settings ? 'a' AND age > ?)", (18,)),
        "postgresql": ("(settings ? 'a' AND age > %s)", (18,)),
        "mysql": ("(settings ? 'a' AND age > %s)", (18,)),
    }


@pytest.mark.parametrize("quoted", ["'why?'", '"why?"', "`why?`", "'it''s ?'", "'?' || '?'", "1 /* ? */", "/*!1 ? */"])
def test_a_question_mark_in_quotes_or_a_comment_is_text(quoted: Any) -> None:
    assert compiled(Raw(quoted, ()), "sqlite") == (f"({quoted})", ())


def test_a_percent_sign_reaches_the_database_as_one() -> None:
    """psycopg and PyMySQL take a bare `%` for the beginning of a placeholder."""
    assert compiled_on_all(Raw("name LIKE 'a%' AND id % 2 = ?", (1,))) == {
        "sqlite": ("(name LIKE 'a%' AND id % 2 = ?)", (1,)),
        "postgresql": ("(name LIKE 'a%%' AND id %% 2 = %s)", (1,)),
        "mysql": ("(name LIKE 'a%%' AND id %% 2 = %s)", (1,)),
    }


def test_bound_values_travel_in_the_form_that_each_driver_takes() -> None:
    moment = dt.datetime(2026, 3, 1, 12, tzinfo=dt.timezone(dt.timedelta(hours=2)))

    found = compiled_on_all(Raw("at > ? AND gone = ? AND note = ?", (moment, True, None)))

    assert [parameters for _, parameters in found.values()] == [
        ("2026-03-01 10:00:00.000000+00:00", 1, None),
        (dt.datetime(2026, 3, 1, 10, tzinfo=dt.UTC), True, None),
        (dt.datetime.fromisoformat("2026-03-01 10:00"), 1, None),  # its columns know no zone
    ]


@pytest.mark.parametrize(
    ("text", "values", "message"),
    [
        ("a = ?", (), "the raw SQL has 1 placeholders and 0 values"),
        ("a = 1", (1,), "the raw SQL has 0 placeholders and 1 values"),
        ("a = '?'", (1,), "the raw SQL has 0 placeholders and 1 values"),
    ],
)
def test_placeholders_and_values_must_agree(text: Any, values: tuple[int, ...], message: str) -> None:
    with pytest.raises(InvalidQuery, match=message):
        Raw(text, values)


def test_a_text_that_is_none_is_refused() -> None:
    wrong: Any = 3
    with pytest.raises(InvalidValue, match="raw SQL: expected a literal string, got int"):
        Raw(wrong, ())


@pytest.mark.parametrize("value", ["a\0b", "\ud800", 2**63, float("nan")])
def test_values_that_no_database_takes_are_refused(value: Any) -> None:
    with pytest.raises(InvalidValue, match=r"^raw SQL: "):
        Raw("a = ?", (value,))


@given(st.lists(st.text(st.sampled_from("ab %'\"`?\\"), max_size=4), max_size=4))
def test_no_text_of_a_fragment_is_lost(parts: list[str]) -> None:
    """Whatever stands between the placeholders arrives as it was written, in its place."""
    text: Any = "?".join(parts)
    try:
        fragment = Raw(text, tuple(range(text.count("?"))))
    except InvalidQuery:
        fragment = Raw(text, tuple(range(_placeholders(text))))
    sqlite = compiled(fragment, "sqlite")[0]
    for name in dialects.NAMES[1:]:
        server = compiled(fragment, name)[0]
        assert server.replace("%s", "?").replace("%%", "%") == sqlite
    assert sqlite.replace("?", "") == f"({text.replace('?', '')})"


def _placeholders(text: Any) -> int:
    for number in range(text.count("?") + 1):
        try:
            Raw(text, tuple(range(number)))
        except InvalidQuery:
            continue
        return number
    raise AssertionError(text)
