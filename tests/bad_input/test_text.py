"""Text: too long, with characters that no database takes, and with those that patterns would take for wildcards."""

import uuid
from collections.abc import Callable
from decimal import Decimal
from typing import Any

import pytest

from generated import db
from isomorph.errors import InvalidValue
from tests.bad_input.untyped import Item, Post, Role, User
from tests.bad_input.witness import Witness, new_secret
from tests.support.databases import fetch_all
from tests.support.showcase import make_post, make_user

pytestmark = pytest.mark.usefixtures("showcase")

SECRET = new_secret()
NUL = "\0"
LONE = "\ud83d"  # half of an emoji, as a cut at 16-bit units leaves it


def _writing(text: str, made: Any) -> list[Callable[[], object]]:
    """Ways to write a text into Role.name."""
    good = {"name": "good"}

    def save() -> None:
        made.name = text
        made.save()

    return [
        lambda: Role.create(name=text),
        lambda: Role.create_from({"name": text}),
        save,
        lambda: made.update(name=text),
        lambda: Role.query().update(name=text, all_rows=True),
        lambda: Role.insert_many([good, {"name": text}]),
        lambda: Role.upsert([{"name": text}], unique=[Role.name]),
        lambda: Role.create_or_first({"name": text}),
        lambda: Role.update_or_create({"name": "editor"}, {"name": text}),
    ]


def _comparing(text: str) -> list[Callable[[], object]]:
    return [
        lambda: Role.query().where(Role.name == text).get(),
        lambda: Role.query().where(Role.name > text).delete(),
        lambda: Role.query().where(Role.name.in_(["a", text])).get(),
        lambda: Role.query().where(Role.name.contains(text)).get(),
        lambda: Role.query().where(Role.name.starts_with(text)).get(),
        lambda: Role.query().where(Role.name.ends_with(text)).get(),
        lambda: Role.query().where(Role.name.like(text)).get(),
        lambda: Role.query().where(Role.name.ilike(text)).get(),
        lambda: Role.query().where_raw("name = ?", text).get(),
        lambda: db.execute("SELECT ?", text),
        lambda: Role.first_or_create({"name": text}),
    ]


# --- too long ------------------------------------------------------------------------------------------------------------


@pytest.mark.feature("bad_input.too_long", "bad_input.half_written")
@pytest.mark.parametrize(
    "text",
    [SECRET * 4, "ä" * 35 + SECRET, "🙂" * 35 + SECRET, SECRET * 10_000],
    ids=["ascii", "accents", "emoji", "much"],
)
def test_a_text_that_is_too_long_is_refused_and_never_cut(text: str, witness: Witness) -> None:
    made = Role.create(name="editor")
    for way in _writing(text, made):
        with witness.refuses(InvalidValue, SECRET, match="^Role.name: expected at most 50 characters, got ") as told:
            way()
        assert (told.error.where, told.error.got) == ("Role.name", str(len(text)))
        made.refresh()


@pytest.mark.feature("bad_input.too_long")
@pytest.mark.parametrize("character", ["a", "ä", "語", "🙂", "'", "\\", "%"])
def test_a_text_of_just_the_length_is_kept_whole_whatever_its_bytes(character: str, witness: Witness) -> None:
    text = character * 50
    made = Role.create(name=text)
    assert Role.find_or_fail(made.id).name == text
    assert fetch_all(witness.raw, "SELECT name FROM roles") == [(text,)]


@pytest.mark.feature("bad_input.too_long")
def test_a_text_longer_than_the_column_can_be_searched_for_and_is_not_found() -> None:
    Role.create(name="a" * 50)
    assert Role.query().where(Role.name == "a" * 51).count() == 0
    assert Role.query().where(Role.name < "a" * 51).count() == 1
    assert Role.query().where(Role.name.in_(["a" * 51, "a" * 50])).count() == 1
    assert Role.query().where(Role.name.contains("a" * 10_000)).count() == 0


@pytest.mark.feature("bad_input.too_long")
def test_a_megabyte_of_text_fits_where_no_length_is_set() -> None:
    body = "Ünïcödé 🙂 " * 100_000
    post = make_post(make_user(), body=body)
    assert Post.find_or_fail(post.id).body == body


# --- characters that no database takes -----------------------------------------------------------------------------------


REFUSED = [
    pytest.param(NUL, "text without NUL characters", marks=pytest.mark.feature("bad_input.nul_bytes")),
    pytest.param(LONE, "text that UTF-8 can encode", marks=pytest.mark.feature("bad_input.surrogates")),
]


@pytest.mark.feature("bad_input.half_written")
@pytest.mark.parametrize(("character", "expected"), REFUSED)
def test_no_way_of_writing_takes_a_character_that_a_database_lacks(
    character: str, expected: str, witness: Witness
) -> None:
    for text in (f"{SECRET}{character}", f"{character}{SECRET}", f"{SECRET}{character}ä", character):
        made = Role.create(name="editor")
        for way in _writing(text, made):
            with witness.refuses(InvalidValue, SECRET, match=f"^Role.name: expected {expected}, got ") as told:
                way()
            assert told.error.where == "Role.name"
            made.refresh()
        made.delete()


@pytest.mark.parametrize(("character", "expected"), REFUSED)
def test_no_comparison_takes_a_character_that_a_database_lacks(character: str, expected: str, witness: Witness) -> None:
    Role.create(name="editor")
    for way in _comparing(f"{SECRET}{character}"):
        with witness.refuses(InvalidValue, SECRET, match=f"^(Role.name|raw SQL): expected {expected}, got "):
            way()


@pytest.mark.parametrize(("character", "expected"), REFUSED)
def test_no_document_takes_a_character_that_a_database_lacks(character: str, expected: str, witness: Witness) -> None:
    text = f"{SECRET}{character}"
    ada = make_user()
    for document in (text, [text], {text: 1}, {"a": [{"b": text}]}, {"\\": text}):
        ways: list[Callable[[Any], object]] = [
            lambda document: User.query().update(settings=document, all_rows=True),
            lambda document: ada.update(settings=document),
        ]
        for way in ways:
            expected_here = expected.replace("text without", "JSON text without")
            with witness.refuses(InvalidValue, SECRET, match=f"^User.settings: expected {expected_here}, got "):
                way(document)
            ada.refresh()


@pytest.mark.feature("bad_input.nul_bytes", "bad_input.surrogates")
@pytest.mark.parametrize(
    "text", ["\\u0000", "\\0", "\\x00", "\\ud83d", "%00", "\u2400", "\x01\x1f\x7f", "\ufffe\uffff"]
)
def test_text_that_only_looks_like_such_a_character_is_kept_as_it_is(text: str) -> None:
    role = Role.create(name=text)
    assert Role.find_or_fail(role.id).name == text
    assert Role.query().where(Role.name == text).count() == 1
    ada = make_user(settings={text: [text]})
    assert User.find_or_fail(ada.id).settings == {text: [text]}


# --- wildcards -------------------------------------------------------------------------------------------------------------

SPECIAL = (
    "%",
    "_",
    "\\",
    "*",
    "?",
    "[",
    "]",
    "^",
    "!",
    "'",
    '"',
    "`",
    "%%",
    "%s",
    "%(a)s",
    ":a",
    "[a]",
    "[!a]",
    "!%",
    "\\%",
)


@pytest.mark.feature("bad_input.like_wildcards")
@pytest.mark.parametrize("part", SPECIAL)
def test_what_patterns_and_drivers_take_for_special_is_text_to_search_for(part: str) -> None:
    inside, begin, end = f"a{part}b", f"{part}c", f"d{part}"
    names = [inside, begin, end, "axxb", "ab", "c", "d"]
    Role.insert_many({"name": name} for name in names)

    def found(predicate: Any) -> set[str]:
        return set(Role.query().where(predicate).pluck(Role.name))

    assert found(Role.name.contains(part)) == {name for name in names if part in name}
    assert found(Role.name.starts_with(part)) == {name for name in names if name.startswith(part)}
    assert found(Role.name.ends_with(part)) == {name for name in names if name.endswith(part)}
    assert found(Role.name.contains(f"a{part}")) == {inside}
    assert found(~Role.name.contains(part)) == {name for name in names if part not in name}


@pytest.mark.feature("bad_input.like_wildcards")
def test_a_search_can_narrow_a_delete_and_an_update(witness: Witness) -> None:
    Role.insert_many({"name": name} for name in ("100%", "100", "1000", "a_b", "axb"))
    assert Role.query().where(Role.name.ends_with("%")).update(level=9) == 1
    assert Role.query().where(Role.name.contains("_")).delete() == 1
    assert set(fetch_all(witness.raw, "SELECT name, level FROM roles")) == {
        ("100%", 9),
        ("100", 1),
        ("1000", 1),
        ("axb", 1),
    }


@pytest.mark.feature("bad_input.like_wildcards")
def test_the_empty_text_is_part_of_every_text_and_of_no_null() -> None:
    Item.insert_many(
        {"code": uuid.uuid4(), "name": "Lamp", "price": Decimal(3), "description": description}
        for description in ("", "bright", None)
    )
    for predicate in (Item.description.contains(""), Item.description.starts_with(""), Item.description.ends_with("")):
        assert Item.query().where(predicate).count() == 2
