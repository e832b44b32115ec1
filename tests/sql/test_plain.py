"""Plain SQL: where its values stand, as each database reads it, and what is refused."""

import datetime as dt
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from isomorph import dialects
from isomorph.errors import InvalidQuery, InvalidValue
from isomorph.sql.plain import compile_plain


def _compiled(name: str, text: Any, *values: Any, **named: Any) -> tuple[str, tuple[object, ...]]:
    return compile_plain(dialects.get(name), text, values, named)


def _on_all(text: Any, *values: Any, **named: Any) -> set[tuple[str, tuple[object, ...]]]:
    """What all databases make of a text, with `?` for each placeholder and one `%` for two."""
    found: set[tuple[str, tuple[object, ...]]] = set()
    for name in dialects.NAMES:
        sql, parameters = _compiled(name, text, *values, **named)
        found.add((sql if name == "sqlite" else sql.replace("%s", "?").replace("%%", "%"), parameters))
    return found


# --- values ------------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("text", "values", "sql"),
    [
        ("SELECT ? + ?", (1, 2), "SELECT ? + ?"),
        ("SELECT a ??| b, ?", (1,), "SELECT a ?| b, ?"),
        ("SELECT 'why?', ? -- ? :a\n, ?", (1, 2), "SELECT 'why?', ? -- ? :a\n, ?"),
        ('SELECT "?", /* ? */ ?', (1,), 'SELECT "?", /* ? */ ?'),
        ("SELECT x LIKE '50%' AND y % ? = 0", (2,), "SELECT x LIKE '50%' AND y % ? = 0"),
        ("SELECT 1;", (), "SELECT 1;"),
    ],
)
def test_values_in_order_stand_for_question_marks(text: str, values: tuple[int, ...], sql: str) -> None:
    assert _on_all(text, *values) == {(sql, values)}


@pytest.mark.parametrize(
    ("text", "sql", "parameters"),
    [
        ("SELECT :a, :b, :a", "SELECT ?, ?, ?", (1, 2, 1)),
        ("SELECT :a::int, x::text, ':b', (:b)", "SELECT ?::int, x::text, ':b', (?)", (1, 2)),
        ("SELECT t[1:2], x[i:j], :a+:b", "SELECT t[1:2], x[i:j], ?+?", (1, 2)),
        ("SELECT :a -- :c\n, :b /* :d */", "SELECT ? -- :c\n, ? /* :d */", (1, 2)),
        ('SELECT :a,:b FROM ":x"', 'SELECT ?,? FROM ":x"', (1, 2)),
    ],
)
def test_values_by_name_stand_wherever_the_text_names_them(text: str, sql: str, parameters: tuple[int, ...]) -> None:
    for name in ("postgresql", "mysql"):
        found, bound = _compiled(name, text, a=1, b=2)
        assert (found.replace("%s", "?"), bound) == (sql, parameters)


def test_a_name_may_be_any_identifier_but_that_of_the_connection() -> None:
    assert _on_all("SELECT :sql, :self, :größe", sql=1, self=2, größe=3) == {("SELECT ?, ?, ?", (1, 2, 3))}
    with pytest.raises(InvalidQuery, match=r"call it otherwise: connection=\.\.\. has a meaning"):
        _compiled("sqlite", "SELECT :connection")


def test_values_travel_in_the_form_that_the_driver_takes() -> None:
    moment = dt.datetime(2026, 3, 1, 12, tzinfo=dt.timezone(dt.timedelta(hours=2)))
    assert _compiled("sqlite", "SELECT :at, :none", at=moment, none=None)[1] == (
        "2026-03-01 10:00:00.000000+00:00",
        None,
    )
    assert _compiled("postgresql", "SELECT ?", moment)[1] == (dt.datetime(2026, 3, 1, 10, tzinfo=dt.UTC),)


@pytest.mark.parametrize(
    ("text", "values", "named", "message"),
    [
        (
            "SELECT ?",
            (),
            {},
            "the SQL has 1 placeholders and 0 values (write ? once for each value, ?? for a question mark)",
        ),
        (
            "SELECT 1",
            (1,),
            {},
            "the SQL has 0 placeholders and 1 values (write ? once for each value, ?? for a question mark)",
        ),
        ("SELECT :name", (), {}, 'the SQL names ":name", which has no value (pass name=...)'),
        ("SELECT :name", (), {"nmae": 1}, 'the SQL names ":name", which has no value (did you mean "nmae"?)'),
        (
            "SELECT :a",
            (),
            {"a": 1, "b": 2},
            'the SQL does not name ":b" (take it out, or name it in the SQL outside of quotes)',
        ),
        (
            "SELECT ':a'",
            (),
            {"a": 1},
            'the SQL does not name ":a" (take it out, or name it in the SQL outside of quotes)',
        ),
        ("SELECT :a", (1,), {}, "SQL with :name and values in order (pass a=... by name, or write ?)"),
        (
            "SELECT :a, ?",
            (1,),
            {"a": 1},
            "SQL with ? and :name (use one of the two: all values in order, or all by name)",
        ),
        ("SELECT ?", (), {"a": 1}, "SQL with ? and :name (use one of the two: all values in order, or all by name)"),
    ],
)
def test_values_and_text_must_fit_each_other(text: str, values: Any, named: Any, message: str) -> None:
    for name in dialects.NAMES:
        with pytest.raises(InvalidQuery) as caught:
            _compiled(name, text, *values, **named)
        assert str(caught.value) == message


@pytest.mark.parametrize("value", ["a\0b", "\ud800", 2**63, float("nan"), [1], {"a": 1}, object()])
def test_values_that_no_database_takes_are_refused(value: Any) -> None:
    with pytest.raises(InvalidValue, match=r"^raw SQL: "):
        _compiled("sqlite", "SELECT ?", value)
    with pytest.raises(InvalidValue, match=r"^raw SQL: "):
        _compiled("sqlite", "SELECT :a", a=value)


# --- what is refused -----------------------------------------------------------------------------------------------------

SEVERAL = "SQL of more than one statement"
OPEN_QUOTE = "SQL with a quote that is never closed"
OPEN_COMMENT = "SQL with a comment that is never closed"


@pytest.mark.parametrize(
    ("text", "what"),
    [
        ("SELECT 1; DROP TABLE users", SEVERAL),
        ("SELECT 1; 'x'", SEVERAL),
        ("SELECT 1;(", SEVERAL),
        ("SELECT 1; -- a\n DELETE FROM users", SEVERAL),
        ("SELECT 1; /* a */ x /* b */", SEVERAL),
        ("SELECT 1;;x", SEVERAL),
        ("DROP TRIGGER x; DROP TABLE y", SEVERAL),
        ("SELECT * FROM users WHERE name = 'O'Neil'", OPEN_QUOTE),
        ('SELECT "a', OPEN_QUOTE),
        ("SELECT 1 /* a", OPEN_COMMENT),
        ("SELECT (1", "SQL that leaves a parenthesis open"),
        ("SELECT 1) OR (1 = 1", "SQL that closes a parenthesis it never opened"),
        ("SELECT '\0'", "SQL with a NUL character"),
        ("", "SQL without a statement"),
        (" \n", "SQL without a statement"),
    ],
)
def test_what_is_no_single_whole_statement_is_refused(text: str, what: str) -> None:
    for name in dialects.NAMES:
        with pytest.raises(InvalidQuery) as caught:
            _compiled(name, text)
        assert caught.value.what == what


@pytest.mark.parametrize(
    "text",
    [
        "SELECT 1;",
        "SELECT 1 ; ; ",
        "SELECT 1; -- the end",
        "SELECT ';', \"a;b\" /* ; */ -- ;",
        "CREATE TRIGGER t AFTER INSERT ON a BEGIN DELETE FROM b; DELETE FROM c; END",
        "CREATE OR REPLACE PROCEDURE p() BEGIN SELECT 1; SELECT 2; END;",
        "SELECT ((1) + (2))",
        "SELECT 'it''s; (fine'",
    ],
)
def test_one_whole_statement_passes_as_it_is(text: str) -> None:
    assert _on_all(text) == {(text, ())}


# --- what databases read differently -------------------------------------------------------------------------------------


def test_a_backslash_takes_the_next_quote_along_on_mysql_only() -> None:
    text = r"SELECT 'a\', ?, 'b'"
    assert _compiled("postgresql", text, 1) == (r"SELECT 'a\', %s, 'b'", (1,))
    assert _compiled("sqlite", text, 1) == (text, (1,))
    with pytest.raises(InvalidQuery, match=OPEN_QUOTE):
        _compiled("mysql", text, 1)
    assert _compiled("mysql", r"SELECT 'it\'s; ?', ?", 1) == (r"SELECT 'it\'s; ?', %s", (1,))
    assert _compiled("postgresql", r"SELECT E'it\'s; ?', ?", 1) == (r"SELECT E'it\'s; ?', %s", (1,))


def test_dollars_quote_on_postgresql_only() -> None:
    text = "DO $body$ BEGIN PERFORM ':a'; RAISE '?'; END; $body$"
    assert _compiled("postgresql", text) == (text, ())
    assert _compiled("postgresql", "SELECT $$ ; ' $$, ?", 1) == ("SELECT $$ ; ' $$, %s", (1,))
    for name in ("sqlite", "mysql"):
        with pytest.raises(InvalidQuery, match=SEVERAL):
            _compiled(name, text)


def test_comments_nest_on_postgresql_only() -> None:
    text = "SELECT 1 /* a /* b */ , ? */"
    assert _compiled("sqlite", text, 1)[1] == _compiled("mysql", text, 1)[1] == (1,)
    with pytest.raises(InvalidQuery, match="has 0 placeholders and 1 values"):
        _compiled("postgresql", text, 1)


def test_a_number_sign_and_a_dash_without_a_blank_are_read_as_mysql_does() -> None:
    assert _compiled("mysql", "SELECT 1 # ; ' ?\n") == ("SELECT 1 # ; ' ?\n", ())
    assert _compiled("mysql", "SELECT 1--1, ?", 2) == ("SELECT 1--1, %s", (2,))
    with pytest.raises(InvalidQuery, match="has 0 placeholders and 1 values"):
        _compiled("sqlite", "SELECT 1--1, ?", 2)


@pytest.mark.parametrize("text", ["SELECT 1 /*! , password FROM users */", "SELECT /*M!100100 1 */"])
def test_a_comment_that_the_server_runs_is_refused_where_there_is_such_a_thing(text: str) -> None:
    with pytest.raises(InvalidQuery, match=r"^SQL with a comment that the server runs"):
        _compiled("mysql", text)
    assert _compiled("sqlite", text) == (text, ())


def test_names_in_brackets_are_text_on_sqlite_only() -> None:
    assert _compiled("sqlite", "SELECT [a;?'b]") == ("SELECT [a;?'b]", ())


@given(
    st.lists(st.text(st.sampled_from("ab %'\"`?\\-/*;:()#$\n"), max_size=5), max_size=5),
    st.sampled_from(dialects.NAMES),
)
def test_a_text_is_refused_or_arrives_whole(parts: list[str], name: str) -> None:
    """Whatever passes is what was written, but for its placeholders; nothing else comes out than that or an error."""
    text = "SELECT " + "".join(parts)
    for count in range(text.count("?") + 1):
        try:
            sql, parameters = _compiled(name, text, *range(count))
        except InvalidQuery:
            continue
        assert len(parameters) == count
        shown = sql if name == "sqlite" else sql.replace("%s", "?").replace("%%", "%")
        assert shown.replace("?", "") == text.replace("?", "")
