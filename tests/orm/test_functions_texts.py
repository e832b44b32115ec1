"""Text in queries: searched and computed, the same on every database as in Python."""

import re
from collections.abc import Callable
from typing import Any

import pytest

from isomorph.drivers.texts import lower, upper
from isomorph.errors import InvalidQuery, InvalidValue
from tests.support.computing import Cases, Row, check_all, samples
from tests.support.fields import Package

WORDS = [
    "",
    "Ada",
    "  Ada  Lovelace ",
    "ÄÖÜ straße",
    "ΣΊΣΥΦΟΣ σίσυφος",
    "Жизнь",
    "a%b_c",
    "x/y//",
    "//",
    "tab\tline\n",
    "🙂🙃",
    'it\'s \\ "q"',
    "éÉeE",
    "İıIi",
]
NAMES = ["a", "ada", "Love", "ss", "ς", "ж", "%", "/", "", "\n", "🙃", "\\", "É", "i"]


@pytest.fixture
def texts(fields: Package) -> list[Row]:
    """Two columns of text, one to search in and one to search for, and one of numbers."""
    return samples(fields, words=WORDS, name=NAMES, number=[n - 3 for n in range(len(WORDS))])


@pytest.mark.feature("queries.text_functions")
def test_texts_are_changed_as_in_python(fields: Package, texts: list[Row]) -> None:
    m = fields.MaybeSample
    cases: Cases = {
        "lower": (m.words.lower(), lambda r: lower(r.words)),
        "upper": (m.words.upper(), lambda r: upper(r.words)),
        "trim": (m.words.trim(), lambda r: r.words.strip(" ")),
        "ltrim": (m.words.ltrim(), lambda r: r.words.lstrip(" ")),
        "rtrim": (m.words.rtrim(), lambda r: r.words.rstrip(" ")),
        "trim /": (m.words.trim("/"), lambda r: r.words.strip("/")),
        "ltrim /": (m.words.ltrim("/"), lambda r: r.words.lstrip("/")),
        "rtrim /": (m.words.rtrim("/"), lambda r: r.words.rstrip("/")),
        "trim %": (m.words.trim("%"), lambda r: r.words.strip("%")),
        "reverse": (m.words.reverse(), lambda r: r.words[::-1]),
        "repeat": (m.words.repeat(3), lambda r: r.words * 3),
        "repeat 0": (m.words.repeat(0), lambda r: r.words * 0),
        "plus": (m.words + "-" + m.name, lambda r: f"{r.words}-{r.name}"),
        "reversed plus": ("<" + m.words + ">", lambda r: f"<{r.words}>"),
        "replace": (m.words.replace("a", "%s"), lambda r: r.words.replace("a", "%s")),
        "replace nothing": (m.words.replace("", "x"), lambda r: r.words),
        "lpad": (m.words.lpad(9, "xy"), lambda r: ("xy" * 9)[: max(9 - len(r.words), 0)] + r.words[:9]),
        "rpad": (m.words.rpad(9), lambda r: r.words[:9].ljust(9)),
        "chained": (m.words.trim().lower().left(3), lambda r: str(lower(r.words.strip(" ")))[:3]),
    }
    check_all(fields, texts, cases)


@pytest.mark.feature("queries.text_functions")
def test_positions_count_from_one(fields: Package, texts: list[Row]) -> None:
    m = fields.MaybeSample

    def part(words: str, start: int, length: int | None = None) -> str:
        start = max(start, 1) - 1
        return words[start:] if length is None else words[start : start + max(length, 0)]

    cases: Cases = {
        "length": (m.words.length(), lambda r: len(r.words)),
        "position": (m.words.position("a"), lambda r: r.words.find("a") + 1),
        "position of column": (m.words.position(m.name), lambda r: r.words.find(r.name) + 1),
        "position of nothing": (m.words.position(""), lambda r: r.words.find("") + 1),
        "left": (m.words.left(3), lambda r: r.words[:3]),
        "left 0": (m.words.left(0), lambda r: r.words[:0]),
        "left of column": (m.words.left(m.number), lambda r: r.words[: max(r.number, 0)]),
        "right": (m.words.right(3), lambda r: r.words[-3:]),
        "right 0": (m.words.right(0), lambda r: r.words[:0]),
        "right of column": (
            m.words.right(m.number),
            lambda r: r.words[max(len(r.words) - max(r.number, 0), 0) :],
        ),
        "substring": (m.words.substring(2), lambda r: part(r.words, 2)),
        "substring of length": (m.words.substring(2, 3), lambda r: part(r.words, 2, 3)),
        "substring of columns": (
            m.words.substring(m.number, m.number),
            lambda r: part(r.words, r.number, r.number),
        ),
        "up to a character": (
            m.words.left(m.words.position("a") - 1),
            lambda r: r.words[: max(r.words.find("a"), 0)],
        ),
    }
    check_all(fields, texts, cases)


def rows(fields: Package, predicate: Any) -> list[str]:
    m = fields.MaybeSample
    found: list[str] = m.query().where(predicate).order_by(m.id).pluck(m.words)
    return found


@pytest.mark.feature("queries.ignore_case")
@pytest.mark.parametrize(
    "text", ["A", "ada", "STRASSE", "STRAße", "σίσυφοσ", "ΣΊΣΥΦΟΣ ΣΊΣΥΦΟΣ", "жИЗНЬ", "%", "_", "é", "", "\\", "ß"]
)
def test_case_of_all_letters_can_be_ignored(fields: Package, texts: list[Row], text: str) -> None:
    m = fields.MaybeSample
    folded = lower(text)
    assert folded is not None

    assert rows(fields, m.words.icontains(text)) == [word for word in WORDS if folded in str(lower(word))]
    assert rows(fields, m.words.istarts_with(text)) == [word for word in WORDS if str(lower(word)).startswith(folded)]
    assert rows(fields, m.words.iends_with(text)) == [word for word in WORDS if str(lower(word)).endswith(folded)]
    assert rows(fields, m.words.iequals(text)) == [word for word in WORDS if lower(word) == folded]


@pytest.mark.feature("queries.ignore_case", "queries.like")
def test_columns_can_be_searched_for_columns(fields: Package, texts: list[Row]) -> None:
    m = fields.MaybeSample
    pairs = list(zip(WORDS, NAMES, strict=True))

    assert rows(fields, m.words.contains(m.name)) == [word for word, name in pairs if name in word]
    assert rows(fields, m.words.starts_with(m.name)) == [word for word, name in pairs if word.startswith(name)]
    assert rows(fields, m.words.ends_with(m.name)) == [word for word, name in pairs if word.endswith(name)]
    assert rows(fields, m.words.iequals(m.words.upper())) == [w for w in WORDS if lower(upper(w)) == lower(w)]
    assert rows(fields, ~m.words.contains(m.name)) == [word for word, name in pairs if name not in word]


PATTERNS = [
    ("a", "a"),
    ("^a", "^a"),
    ("^Ada$", r"\AAda\Z"),
    (r"\s", "[ \t\n\r\f]"),
    ("^[A-Z][a-z]+$", r"\A[A-Z][a-z]+\Z"),
    (r"[^\w\s]", "[^A-Za-z0-9_ \t\n\r\f]"),
    ("a.b", r"a[^\n]b"),
    ("(^|/)y", "(?:^|/)y"),
    (r"\\", r"\\"),
    (r"\"q\"$", r'"q"\Z'),
    ("line$", r"line\Z"),
    ("Ж.{2,4}", r"Ж[^\n]{2,4}"),
    ("^.?$", r"\A[^\n]?\Z"),
]


@pytest.mark.feature("queries.regex")
@pytest.mark.parametrize(("pattern", "in_python"), PATTERNS)
def test_regular_expressions_mean_the_same_everywhere(
    fields: Package, texts: list[Row], pattern: str, in_python: str
) -> None:
    m = fields.MaybeSample
    ignoring = re.compile(in_python, re.IGNORECASE)

    assert rows(fields, m.words.matches(pattern)) == [word for word in WORDS if re.search(in_python, word)]
    assert rows(fields, ~m.words.matches(pattern)) == [word for word in WORDS if not re.search(in_python, word)]
    if not any(char in "Жi" for char in pattern):
        ascii_words = [word for word in WORDS if word != "İıIi"]
        m.query().where(m.words == "İıIi").delete()
        assert rows(fields, m.words.matches(pattern, ignore_case=True)) == [
            w for w in ascii_words if ignoring.search(w)
        ]


@pytest.mark.feature("queries.regex")
@pytest.mark.parametrize(
    "pattern", ["(", "a)", "[", "*", "a**", "(?i)a", r"\1", r"\b", "a{300}", "[z-a]", "", "a^b", "x{2"]
)
def test_what_does_not_mean_the_same_everywhere_is_refused(dialect: str, fields_package: Package, pattern: str) -> None:
    with pytest.raises(
        InvalidValue, match=r"^MaybeSample.words.matches\(\): expected a pattern \(.+\), got one in which"
    ):
        fields_package.MaybeSample.words.matches(pattern)


WRONG: list[tuple[Callable[[Any], Any], type[Exception], str]] = [
    (lambda m: m.name + 1, InvalidValue, "MaybeSample.name: expected a str, got int"),
    (
        lambda m: m.name + m.number,
        InvalidValue,
        r"MaybeSample.name: expected an expression of the type string\(50\)",
    ),
    (lambda m: m.name + None, InvalidQuery, "of None there is no text"),
    (lambda m: m.name.replace("a", None), InvalidQuery, "of None there is no text"),
    (lambda m: m.name.trim("ab"), InvalidValue, r"trim\(\): expected one character, got another text"),
    (lambda m: m.name.trim(""), InvalidValue, r"trim\(\): expected one character"),
    (lambda m: m.name.trim(3), InvalidValue, r"trim\(\): expected a str, got int"),
    (lambda m: m.name.lpad(3, ""), InvalidValue, r"lpad\(\): expected something to fill up with, got an empty text"),
    (lambda m: m.name.left(-1), InvalidValue, r"left\(\): expected an int from 0 to 1000000, got another number"),
    (lambda m: m.name.left("1"), InvalidValue, r"left\(\): expected an int from 0 to 1000000, got str"),
    (
        lambda m: m.name.left(m.words),
        InvalidValue,
        r"left\(\): expected a whole number, got an expression of the type text",
    ),
    (lambda m: m.name.substring(0), InvalidValue, r"substring\(start\): expected an int from 1 to 1000000"),
    (lambda m: m.name.repeat(10**9), InvalidValue, r"repeat\(\): expected an int from 0 to 1000000"),
    (lambda m: m.name.position("a\0"), InvalidValue, "expected text without NUL characters"),
    (lambda m: m.name.icontains(None), InvalidQuery, "a pattern cannot be None"),
    (lambda m: m.name.contains(m.number), InvalidValue, "expected an expression of the type string"),
    (lambda m: m.name.matches(3), InvalidValue, r"matches\(\): expected a str, got int"),
    (lambda m: m.name.matches(None), InvalidValue, r"matches\(\): expected a pattern, got None"),
]


@pytest.mark.feature("queries.typing")
@pytest.mark.parametrize(("make", "error", "message"), WRONG)
def test_what_is_no_text_is_refused(
    fields_package: Package, make: Callable[[Any], Any], error: type[Exception], message: str
) -> None:
    with pytest.raises(error, match=message):
        make(fields_package.MaybeSample)
