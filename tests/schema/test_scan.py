"""The position scanner beside tomllib: same structure, right places, on documents of every shape."""

import math
import tomllib

import pytest
from hypothesis import given
from hypothesis import strategies as st

from isomorph_generator.schema.documents import as_list, as_table
from isomorph_generator.schema.scan import Path, Scan, scan, scan_start
from tests.schema.toml_documents import decoded_key, documents

pytestmark = pytest.mark.feature("schema.parse")


def _paths(value: object, path: Path = ()) -> dict[Path, object]:
    """Every key and item of a document, with its value."""
    found: dict[Path, object] = {path: value} if path else {}
    for key, item in (as_table(value) or {}).items():
        found |= _paths(item, (*path, key))
    for index, item in enumerate(as_list(value) or []):
        found |= _paths(item, (*path, index))
    return found


def _same(left: object, right: object) -> bool:
    both_nan = isinstance(left, float) and isinstance(right, float) and math.isnan(left) and math.isnan(right)
    return both_nan or left == right


@given(documents())
def test_the_scanner_finds_exactly_the_keys_and_items_that_tomllib_finds(text: str) -> None:
    assert set(scan(text).marks) == set(_paths(tomllib.loads(text)))


@given(documents())
def test_marks_lead_to_the_text_of_the_key_and_of_the_value(text: str) -> None:
    found = scan(text)
    values = _paths(tomllib.loads(text))
    for path, mark in found.marks.items():
        value = values[path]
        if isinstance(path[-1], str):
            _assert_key_at(text, mark.key, path[-1])
        if isinstance(value, dict | list):
            continue
        spelt = tomllib.loads(f"value = {text[mark.value : mark.end]}")["value"]
        assert _same(spelt, value)
        if isinstance(value, str):
            _assert_characters(found, path, value)


def _assert_key_at(text: str, offset: int, key: str) -> None:
    end = offset + 1
    if text[offset] in "\"'":
        while text[end] != text[offset]:
            end += 2 if text[offset] == '"' and text[end] == "\\" else 1
        end += 1
    else:
        while end < len(text) and (text[end].isalnum() or text[end] in "_-"):
            end += 1
    assert decoded_key(text[offset:end]) == key


def _assert_characters(found: Scan, path: Path, value: str) -> None:
    """Every character of a string value is found at its place in the text, or at its escape."""
    mark = found.marks[path]
    for index, char in enumerate(value):
        at = found.inside(mark, index)
        assert mark.value < at < mark.end
        assert found.text[at] in (char, "\\")


@given(documents(), st.integers(0, 200))
def test_the_start_of_a_document_can_be_scanned(text: str, length: int) -> None:
    marks = scan_start(text[:length]).marks
    assert set(marks) <= {path[:depth] for path in [*scan(text).marks, *marks] for depth in range(len(path) + 1)}


def test_lines_and_columns_count_from_one_in_characters() -> None:
    found = scan("'ä' = 'ü'\n\n[x]\n\ty = [1,\n 2]\n")
    places = {path: (found.place(mark.key), found.place(mark.value)) for path, mark in found.marks.items()}
    assert places == {
        ("ä",): ((1, 1), (1, 7)),
        ("x",): ((3, 2), (3, 2)),
        ("x", "y"): ((4, 2), (4, 6)),
        ("x", "y", 0): ((4, 7), (4, 7)),
        ("x", "y", 1): ((5, 2), (5, 2)),
    }


def test_positions_inside_of_strings_look_through_escapes() -> None:
    text = 'a = "x\\u00e4\\n\\"z"\nb = """\n  one \\\n   two"""\nc = \'\'\'x\'\'y\'\'\'\n'
    found = scan(text)
    data = tomllib.loads(text)
    places = {key: [found.place(found.inside(found.marks[key,], at)) for at in range(len(data[key]))] for key in "abc"}
    assert places["a"] == [(1, 6), (1, 7), (1, 13), (1, 15), (1, 17)]
    assert data["b"] == "  one two"
    assert places["b"][6:] == [(4, 4), (4, 5), (4, 6)]
    assert data["c"] == "x''y"
    assert places["c"] == [(5, 8), (5, 9), (5, 10), (5, 11)]


def test_arrays_of_tables_are_numbered() -> None:
    text = "[[a]]\nx = 1\n[a.b]\ny = 1\n[[a]]\n[[a.c]]\n[[a.c]]\nz = 1\n"
    assert list(scan(text).marks) == [
        ("a",),
        ("a", 0),
        ("a", 0, "x"),
        ("a", 0, "b"),
        ("a", 0, "b", "y"),
        ("a", 1),
        ("a", 1, "c"),
        ("a", 1, "c", 0),
        ("a", 1, "c", 1),
        ("a", 1, "c", 1, "z"),
    ]


@pytest.mark.parametrize(
    ("text", "path"),
    [
        ("a = 1\na = 2\n", ("a",)),
        ("[a]\n[b]\n[a]\n", ("a",)),
        ("x = { a = 1, a = 2 }\n", ("x", "a")),
        ("[x]\na.b = 1\na.b = 2\n", ("x", "a", "b")),
    ],
)
def test_a_key_given_twice_is_found_with_both_places(text: str, path: Path) -> None:
    with pytest.raises(tomllib.TOMLDecodeError):
        tomllib.loads(text)
    ((duplicate, first, second),) = scan_start(text).duplicates
    assert duplicate == path
    assert first < second
