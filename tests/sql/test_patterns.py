"""Regular expressions of a schema find the same in Python, in inputs and on every database."""

import re
from collections.abc import Iterator
from typing import Annotated, Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from pydantic import Field, TypeAdapter, ValidationError

from isomorph.catalog import Column, ColumnRef, Matches, Table
from isomorph.catalog import words as t
from isomorph.catalog.patterns import Engine, InvalidPattern, check, spelled
from tests.support.migrations import Session, open_session

TABLE = Table("texts", (Column("id", t.int()), Column("content", t.text())), ("id",))


@pytest.fixture(scope="module")
def session(module_database_url: str) -> Iterator[Session]:
    """A database with the table, and a row in it."""
    with open_session(module_database_url) as opened:
        for statement in opened.dialect.ddl.create_table(TABLE, {}):
            opened.execute(statement)
        place, quoted = opened.dialect.placeholder, opened.dialect.quoted
        opened.execute(
            f"INSERT INTO {quoted('texts')} ({quoted('id')}, {quoted('content')}) VALUES (1, {place})", ("",)
        )
        yield opened


def on_database(session: Session, pattern: str, text: str) -> bool:
    dialect = session.dialect
    table, content = dialect.quoted("texts"), dialect.quoted("content")
    session.execute(f"UPDATE {table} SET {content} = {dialect.placeholder}", (text,))
    expression = dialect.ddl.expression(Matches(ColumnRef("content"), pattern), TABLE)
    return bool(session.fetch(f"SELECT {expression} FROM {table}")[0][0])


def in_inputs(pattern: str, text: str) -> bool:
    adapter: TypeAdapter[Any] = TypeAdapter(Annotated[str, Field(pattern=spelled(pattern, Engine.RUST))])
    try:
        adapter.validate_python(text)
    except ValidationError:
        return False
    return True


# --- random patterns -----------------------------------------------------------------------------------------------------

LETTERS = "abAB01_ -]^&~.\\\"'/%{}|$*+?()[é\n\t"
CHARACTERS = st.sampled_from(LETTERS)


def escaped(char: str) -> str:
    return {"\n": r"\n", "\t": r"\t"}.get(char, f"\\{char}" if not char.isalnum() and char.isascii() else char)


def plain(char: str) -> str:
    return escaped(char) if char in "\\.^$*+?{}[]()|" else char


ITEMS = st.one_of(
    CHARACTERS.map(escaped),
    st.sampled_from(["a-b", "A-Z", "0-9", r"\d", r"\w", r"\s", "à-ü"]),
)


def a_class(negated: bool, items: list[str]) -> str:
    return f"[{'^' * negated}{''.join(items)}]"


CLASSES = st.builds(a_class, st.booleans(), st.lists(ITEMS, min_size=1, max_size=4))
ATOMS = st.one_of(
    CHARACTERS.map(plain),
    CHARACTERS.map(escaped).filter(lambda text: text != "_"),
    CLASSES,
    st.sampled_from([".", r"\d", r"\D", r"\w", r"\W", r"\s", r"\S"]),
)
QUANTIFIERS = st.sampled_from(["", "", "", "*", "+", "?", "{2}", "{1,}", "{0,2}"])


@st.composite
def groups(draw: st.DrawFn) -> str:
    return f"{draw(st.sampled_from(['(', '(?:']))}{draw(alternatives(ATOMS))})"


@st.composite
def alternatives(draw: st.DrawFn, inner: st.SearchStrategy[str]) -> str:
    found: list[str] = []
    for _ in range(draw(st.integers(1, 2))):
        parts = [draw(inner) + draw(QUANTIFIERS) for _ in range(draw(st.integers(1, 4)))]
        found.append(f"{draw(st.sampled_from(['', '^']))}{''.join(parts)}{draw(st.sampled_from(['', '$']))}")
    return "|".join(found)


PATTERNS = alternatives(st.one_of(ATOMS, groups()))


@pytest.mark.feature("schema.patterns")
@given(PATTERNS, st.text(CHARACTERS, max_size=6))
@settings(max_examples=200)
def test_a_pattern_finds_the_same_everywhere(session: Session, pattern: str, text: str) -> None:
    expected = re.search(spelled(pattern, Engine.PYTHON), text) is not None

    assert in_inputs(pattern, text) == expected
    assert on_database(session, pattern, text) == expected


@pytest.mark.feature("schema.patterns")
@pytest.mark.parametrize(
    ("pattern", "text", "expected"),
    [
        ("^a$", "a\n", False),
        ("a$", "ba", True),
        ("^.$", "\n", False),
        ("^a.b$", "a\rb", True),
        (r"^\d$", "٣", False),
        (r"^\w$", "é", False),
        ("a", "A", False),
        ("^[a-z]{3}$", "abc", True),
        ("^(ab|cd)+$", "abcd", True),
        (r"^[^\s]+$", "a b", False),
        ("^[.]$", "x", False),
        (r"^\\$", "\\", True),
        ("^'%\"$", "'%\"", True),
        ("^🙂{2}$", "🙂🙂", True),
    ],
)
def test_where_engines_would_differ(session: Session, pattern: str, text: str, expected: bool) -> None:
    assert (re.search(spelled(pattern, Engine.PYTHON), text) is not None) == expected
    assert in_inputs(pattern, text) == expected
    assert on_database(session, pattern, text) == expected


# --- what is refused -----------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("pattern", "index", "problem"),
    [
        ("", 0, "nothing to match here"),
        ("a|", 2, "nothing to match here"),
        ("()", 1, "nothing to match here"),
        ("a**", 2, '"*" behind a quantifier'),
        ("a+?", 2, '"?" behind a quantifier'),
        ("*a", 0, '"*" repeats nothing'),
        ("a{", 1, '"{" repeats nothing'),
        ("^*", 1, '"*" repeats nothing'),
        ("a}", 1, '"}" closes nothing'),
        ("(?=a)", 0, "groups with a meaning of their own are not portable"),
        ("(?i)a", 0, "groups with a meaning of their own are not portable"),
        (r"\bA", 0, r'"\b" means something else elsewhere'),
        (r"(a)\1", 3, r'"\1" means something else elsewhere'),
        ("\\", 0, '"\\" means something else elsewhere'),
        (r"\é", 0, r'"\é" means something else elsewhere'),
        ("a{256}", 1, "more than 255 repeats"),
        ("a{3,2}", 1, "the most repeats are fewer than the least"),
        ("[z-a]", 1, "the range ends before it begins"),
        ("[]", 0, "the class holds nothing"),
        ("[a", 0, "the class has no end"),
        ("[[:alpha:]]", 1, '"[" within a class'),
        ("(a", 0, "the group has no end"),
        ("a)", 1, '")" closes no group'),
        ("a^b", 1, '"^" stands in the middle'),
        ("a$b", 1, '"$" stands in the middle'),
        ("(" * 51 + "a" + ")" * 51, 50, "groups are nested too deeply"),
        ("a\0", 1, "a NUL character"),
    ],
)
def test_what_is_not_portable_is_refused_where_it_stands(pattern: str, index: int, problem: str) -> None:
    with pytest.raises(InvalidPattern) as caught:
        check(pattern)
    assert (caught.value.index, caught.value.problem) == (index, problem)
    assert caught.value.hint


@given(st.text("ab^$.*+?{}[]()|\\,-0dws: \n", max_size=20))
def test_no_text_breaks_the_reader(text: str) -> None:
    try:
        check(text)
    except InvalidPattern:
        return
    for engine in Engine:
        assert spelled(text, engine)
    re.compile(spelled(text, Engine.PYTHON))
