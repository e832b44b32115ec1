"""Text in queries: searched and computed, the same on every database as in Python."""

import re
from collections.abc import Callable
from typing import Any

import pytest

from isomorph.drivers.texts import lower, upper
from isomorph.errors import InvalidQuery, InvalidValue
from tests.support.computing import Case, check_all, samples
from tests.support.fields import Package

WORDS = ["", "Ada", "  Ada  Lovelace ", "ÄÖÜ straße", "ΣΊΣΥΦΟΣ σίσυφος", "Жизнь", "a%b_c", "x/y//", "//", "tab\tline\n", "🙂🙃", "it's \\ \"q\"", "éÉeE", "İıIi"]
NAMES = ["a", "ada", "Love", "ss", "ς", "ж", "%", "/", "", "\n", "🙃", "\\", "É", "i"]


def known(function: Callable[..., object]) -> Callable[..., object]:
    def of(**values: object) -> object:
        return None if None in values.values() else function(**values)

    return of


@pytest.fixture
def texts(fields: Package) -> list[dict[str, Any]]:
    """Two columns of text, one to search in and one to search for, and one of numbers."""
    return samples(fields, words=WORDS, name=NAMES, number=[n - 3 for n in range(len(WORDS))])


@pytest.mark.feature("queries.text_functions")
def test_texts_are_changed_as_in_python(fields: Package, texts: list[dict[str, Any]]) -> None:
    m = fields.MaybeSample
    cases: dict[str, Case] = {
        "lower": (m.words.lower(), known(lambda words, **_: lower(words))),
        "upper": (m.words.upper(), known(lambda words, **_: upper(words))),
        "trim": (m.words.trim(), known(lambda words, **_: words.strip(" "))),
        "ltrim": (m.words.ltrim(), known(lambda words, **_: words.lstrip(" "))),
        "rtrim": (m.words.rtrim(), known(lambda words, **_: words.rstrip(" "))),
        "trim /": (m.words.trim("/"), known(lambda words, **_: words.strip("/"))),
        "ltrim /": (m.words.ltrim("/"), known(lambda words, **_: words.lstrip("/"))),
        "rtrim /": (m.words.rtrim("/"), known(lambda words, **_: words.rstrip("/"))),
        "trim %": (m.words.trim("%"), known(lambda words, **_: words.strip("%"))),
        "reverse": (m.words.reverse(), known(lambda words, **_: words[::-1])),
        "repeat": (m.words.repeat(3), known(lambda words, **_: words * 3)),
        "repeat 0": (m.words.repeat(0), known(lambda words, **_: "")),
        "plus": (m.words + "-" + m.name, known(lambda words, name, **_: f"{words}-{name}")),
        "reversed plus": ("<" + m.words + ">", known(lambda words, **_: f"<{words}>")),
        "replace": (m.words.replace("a", "%s"), known(lambda words, **_: words.replace("a", "%s"))),
        "replace nothing": (m.words.replace("", "x"), known(lambda words, **_: words)),
        "lpad": (m.words.lpad(9, "xy"), known(lambda words, **_: ("xy" * 9)[: max(9 - len(words), 0)] + words[:9])),
        "rpad": (m.words.rpad(9), known(lambda words, **_: words[:9].ljust(9))),
        "chained": (m.words.trim().lower().left(3), known(lambda words, **_: lower(words.strip(" "))[:3])),  # type: ignore[index]
    }
    check_all(fields, texts, cases)


@pytest.mark.feature("queries.text_functions")
def test_positions_count_from_one(fields: Package, texts: list[dict[str, Any]]) -> None:
    m = fields.MaybeSample

    def part(words: str, start: int, length: int | None = None) -> str:
        start = max(start, 1) - 1
        return words[start:] if length is None else words[start : start + max(length, 0)]

    cases: dict[str, Case] = {
        "length": (m.words.length(), known(lambda words, **_: len(words))),
        "position": (m.words.position("a"), known(lambda words, **_: words.find("a") + 1)),
        "position of column": (m.words.position(m.name), known(lambda words, name, **_: words.find(name) + 1)),
        "position of nothing": (m.words.position(""), known(lambda words, **_: 1)),
        "left": (m.words.left(3), known(lambda words, **_: words[:3])),
        "left 0": (m.words.left(0), known(lambda words, **_: "")),
        "left of column": (m.words.left(m.number), known(lambda words, number, **_: words[: max(number, 0)])),
        "right": (m.words.right(3), known(lambda words, **_: words[-3:])),
        "right 0": (m.words.right(0), known(lambda words, **_: "")),
        "right of column": (
            m.words.right(m.number),
            known(lambda words, number, **_: words[max(len(words) - max(number, 0), 0) :]),
        ),
        "substring": (m.words.substring(2), known(lambda words, **_: part(words, 2))),
        "substring of length": (m.words.substring(2, 3), known(lambda words, **_: part(words, 2, 3))),
        "substring of columns": (
            m.words.substring(m.number, m.number),
            known(lambda words, number, **_: part(words, number, number)),
        ),
        "up to a character": (
            m.words.left(m.words.position("a") - 1),
            known(lambda words, **_: words[: max(words.find("a"), 0)]),
        ),
    }
    check_all(fields, texts, cases)


def rows(fields: Package, predicate: Any) -> list[str]:
    m = fields.MaybeSample
    found: list[str] = m.query().where(predicate).order_by(m.id).pluck(m.words)
    return found


@pytest.mark.feature("queries.ignore_case")
@pytest.mark.parametrize("text", ["A", "ada", "STRASSE", "STRAße", "σίσυφοσ", "ΣΊΣΥΦΟΣ ΣΊΣΥΦΟΣ", "жИЗНЬ", "%", "_", "é", "é", "", "\\", "ß"])
def test_case_of_all_letters_can_be_ignored(fields: Package, texts: list[dict[str, Any]], text: str) -> None:
    m = fields.MaybeSample
    folded = lower(text)
    assert folded is not None

    assert rows(fields, m.words.icontains(text)) == [word for word in WORDS if folded in str(lower(word))]
    assert rows(fields, m.words.istarts_with(text)) == [word for word in WORDS if str(lower(word)).startswith(folded)]
    assert rows(fields, m.words.iends_with(text)) == [word for word in WORDS if str(lower(word)).endswith(folded)]
    assert rows(fields, m.words.iequals(text)) == [word for word in WORDS if lower(word) == folded]


@pytest.mark.feature("queries.ignore_case", "queries.like")
def test_columns_can_be_searched_for_columns(fields: Package, texts: list[dict[str, Any]]) -> None:
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
    fields: Package, texts: list[dict[str, Any]], pattern: str, in_python: str
) -> None:
    m = fields.MaybeSample
    ignoring = re.compile(in_python, re.IGNORECASE)

    assert rows(fields, m.words.matches(pattern)) == [word for word in WORDS if re.search(in_python, word)]
    assert rows(fields, ~m.words.matches(pattern)) == [word for word in WORDS if not re.search(in_python, word)]
    if not any(char in "Жi" for char in pattern):
        ascii_words = [word for word in WORDS if word != "İıIi"]
        m.query().where(m.words == "İıIi").delete()
        assert rows(fields, m.words.matches(pattern, ignore_case=True)) == [w for w in ascii_words if ignoring.search(w)]


@pytest.mark.feature("queries.regex")
@pytest.mark.parametrize("pattern", ["(", "a)", "[", "*", "a**", "(?i)a", r"\1", r"\b", "a{300}", "[z-a]", "", "a^b", "x{2"])
def test_what_does_not_mean_the_same_everywhere_is_refused(dialect: str, fields_package: Package, pattern: str) -> None:
    with pytest.raises(InvalidValue, match=r"^MaybeSample.words.matches\(\): expected a pattern \(.+\), got one in which"):
        fields_package.MaybeSample.words.matches(pattern)


@pytest.mark.feature("queries.typing")
@pytest.mark.parametrize(
    ("make", "error", "message"),
    [
        (lambda m: m.name + 1, InvalidValue, "MaybeSample.name: expected a str, got int"),
        (lambda m: m.name + m.number, InvalidValue, r"MaybeSample.name: expected an expression of the type string\(50\)"),
        (lambda m: m.name + None, InvalidQuery, "of None there is no text"),
        (lambda m: m.name.replace("a", None), InvalidQuery, "of None there is no text"),
        (lambda m: m.name.trim("ab"), InvalidValue, r"trim\(\): expected one character, got another text"),
        (lambda m: m.name.trim(""), InvalidValue, r"trim\(\): expected one character"),
        (lambda m: m.name.trim(3), InvalidValue, r"trim\(\): expected a str, got int"),
        (lambda m: m.name.lpad(3, ""), InvalidValue, r"pad\(\): expected something to fill up with, got an empty text"),
        (lambda m: m.name.left(-1), InvalidValue, r"left\(\): expected an int from 0 to 1000000, got another number"),
        (lambda m: m.name.left("1"), InvalidValue, r"left\(\): expected an int from 0 to 1000000, got str"),
        (lambda m: m.name.left(m.words), InvalidValue, r"left\(\): expected a whole number, got an expression of the type text"),
        (lambda m: m.name.substring(0), InvalidValue, r"substring\(start\): expected an int from 1 to 1000000"),
        (lambda m: m.name.repeat(10**9), InvalidValue, r"repeat\(\): expected an int from 0 to 1000000"),
        (lambda m: m.name.position("a\0"), InvalidValue, "expected text without NUL characters"),
        (lambda m: m.name.icontains(None), InvalidQuery, "a pattern cannot be None"),
        (lambda m: m.name.contains(m.number), InvalidValue, "expected an expression of the type string"),
        (lambda m: m.name.matches(3), InvalidValue, r"matches\(\): expected a str, got int"),
    ],
)
def test_what_is_no_text_is_refused(
    fields_package: Package, make: Callable[[Any], Any], error: type[Exception], message: str
) -> None:
    with pytest.raises(error, match=message):
        make(fields_package.MaybeSample)
