"""No text changes the SQL: hostile texts through every place that takes one, compiled for every dialect.

A value leaves the text of the statement as it is. A name appears in it once more than a harmless one would, quoted; or
it is refused with an error of isomorph's own, which does not repeat it. Where no text belongs, each is refused.
"""

import datetime as dt
import os
import re

import pytest

from isomorph import dialects
from isomorph.errors import IsomorphError
from tests.security.fuzzing import CORPUS, check_silent, check_tellable, texts
from tests.security.places import FORMS, HARMLESS, NAMES, QUOTED, SLOW, SPELLED, VALUES, Build, forms_of
from tests.security.refusals import REFUSALS, TELLING

GIVEN = int(os.environ.get("ISOMORPH_FUZZED", "0"))
"""Texts for each place; 100,000 in `make test-all`. Unless told, fewer."""

_RUN = re.compile(r"/\*M?!.*?\*/", re.DOTALL)
_LITERAL = re.compile(r"'(?:[^']|'')*'")
_PLACES = re.compile(r"%s|`")

Compiled = tuple[str, tuple[object, ...]]


def _number(place: str) -> int:
    return GIVEN or (500 if place in SLOW else 1_500)


def _compiled(build: Build, text: str, dialect: str) -> Compiled | IsomorphError:
    try:
        return build(text).compile(dialects.get(dialect))
    except IsomorphError as error:
        return error


def _harmless(build: Build, text: str, dialect: str) -> Compiled | IsomorphError:
    """What is made of a harmless text, in which no value and no name stands where its quotes would not count.

    A comment that MariaDB skips ends where `*/` stands, be it in a text; and a driver may write values into the statement.
    """
    found = _compiled(build, text, dialect)
    if not isinstance(found, IsomorphError):
        for comment in _RUN.findall(found[0]):
            assert not _PLACES.search(comment), "a value or a name in a comment that servers run"
        for literal in _LITERAL.findall(found[0]):
            assert "%s" not in literal, "a value within quotes"
    return found


def _expected(place: str, build: Build) -> dict[str, set[tuple[str, int]]]:
    """What a place may make of a text, by dialect: text and number of parameters. At least one dialect makes something."""
    found: dict[str, set[tuple[str, int]]] = {name: set() for name in dialects.NAMES}
    for name, forms in found.items():
        for text in forms_of(place):
            compiled = _harmless(build, text, name)
            if not isinstance(compiled, IsomorphError):
                forms.add((compiled[0], len(compiled[1])))
    assert any(found.values()), "no dialect takes a harmless text here"
    return found


def _without_times(parameters: tuple[object, ...]) -> list[object]:
    """What is bound, but for the times at which a statement was made."""
    return [value for value in parameters if not isinstance(value, dt.datetime)]


def _asked(number: int) -> tuple[str, ...]:
    """The dialects that a text is compiled for: what is known for tricks by all, others in turn."""
    return dialects.NAMES if number < len(CORPUS) else (dialects.NAMES[number % len(dialects.NAMES)],)


@pytest.mark.feature("security.values")
@pytest.mark.parametrize("place", VALUES)
def test_a_value_is_no_part_of_the_text(place: str) -> None:
    build = VALUES[place]
    expected = _expected(place, build)

    for number, text in enumerate(texts(_number(place))):
        for name in _asked(number):
            found = _compiled(build, text, name)
            if isinstance(found, IsomorphError):
                check_silent(found, text)
            else:
                assert (found[0], len(found[1])) in expected[name]


@pytest.mark.feature("security.names")
@pytest.mark.parametrize("place", NAMES)
def test_a_name_is_quoted_wherever_it_stands(place: str) -> None:
    build = NAMES[place]
    harmless = {name: _harmless(build, HARMLESS, name) for name in dialects.NAMES}
    assert any(not isinstance(found, IsomorphError) for found in harmless.values())

    taken = 0
    for number, text in enumerate(texts(_number(place))):
        for name in _asked(number):
            dialect = dialects.get(name)
            found, expected = _compiled(build, text, name), harmless[name]
            if isinstance(found, IsomorphError):
                check_silent(found, text)
                continue
            assert not isinstance(expected, IsomorphError)
            assert found[0] == expected[0].replace(dialect.quoted(HARMLESS), dialect.quoted(text))
            assert _without_times(found[1]) == _without_times(expected[1])
            taken += 1
    assert taken > 100


@pytest.mark.feature("security.names")
@pytest.mark.parametrize("name", dialects.NAMES)
def test_a_quoted_name_has_one_end(name: str) -> None:
    dialect, quote = dialects.get(name), QUOTED[name]
    for text in texts(GIVEN or 10_000):
        found = dialect.quoted(text)
        inner = found[1:-1]
        assert found == f"{quote}{inner}{quote}"
        assert quote not in inner.replace(quote * 2, "")
        read = inner.replace(quote * 2, quote)
        assert text == (read if name == "sqlite" else read.replace("%%", "%"))  # drivers of the others format


@pytest.mark.feature("security.remarks")
@pytest.mark.parametrize("place", SPELLED)
def test_what_stands_in_the_text_as_it_is_cannot_end_itself(place: str) -> None:
    spelling = SPELLED[place]
    harmless = {name: _compiled(spelling.build, HARMLESS, name) for name in dialects.NAMES}

    for number, text in enumerate((*"abc", "a_b", "simple", *texts(GIVEN or 5_000))):
        for name in _asked(number):
            found, expected = _compiled(spelling.build, text, name), harmless[name]
            if isinstance(found, IsomorphError):
                check_silent(found, text)
                continue
            assert not isinstance(expected, IsomorphError)
            assert spelling.is_safe(text)
            assert found[0] == expected[0].replace(spelling.spelled(HARMLESS), spelling.spelled(text))
            assert found[1] == expected[1]


@pytest.mark.feature("security.refusals")
@pytest.mark.parametrize("place", REFUSALS)
def test_a_text_is_refused_where_none_belongs(place: str) -> None:
    call = REFUSALS[place]
    with pytest.raises(IsomorphError) as caught:
        call(HARMLESS)
    told = str(caught.value)

    for text in texts(GIVEN // 10 or 300):
        with pytest.raises(IsomorphError) as caught:
            call(text)
        if place in TELLING:
            check_tellable(caught.value, text)
        elif str(caught.value) != told:
            check_silent(caught.value, text)


def test_all_forms_and_kinds_of_places_are_used() -> None:
    assert FORMS.keys() <= VALUES.keys()
    assert {*VALUES, *NAMES} >= SLOW
    assert REFUSALS.keys() >= TELLING
