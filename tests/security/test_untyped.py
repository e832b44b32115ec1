"""What clients send: orders by name, cursors, remarks, values by name. It is refused by isomorph's own errors, or harmless."""

import json
import os
import random
from base64 import urlsafe_b64encode
from collections.abc import Iterator
from typing import Any

import pytest

from generated import User
from isomorph import dialects
from isomorph.errors import InvalidCursor, InvalidQuery, InvalidValue, OrderNotAllowed
from isomorph.orm.cursors import Cursor, Cursors
from isomorph.orm.keyset import keys_of
from isomorph.sql.plain import compile_plain
from tests.security.fuzzing import check_silent, texts

NUMBER = int(os.environ.get("ISOMORPH_FUZZED", "10000"))

SQLITE = dialects.get("sqlite")


def sql_of(query: Any) -> tuple[str, tuple[object, ...]]:
    found: tuple[str, tuple[object, ...]] = query._statement.compile(SQLITE)
    return found


# --- orders --------------------------------------------------------------------------------------------------------------


@pytest.mark.feature("security.orders")
def test_an_order_is_one_of_those_allowed_or_refused() -> None:
    allowed = {"": User.query()}
    for sign, order in (("", User.name.asc()), ("-", User.name.desc())):
        allowed[f"{sign}name"] = User.query().order_by(order)
    known = {sql_of(query) for query in allowed.values()}

    refused = 0
    for number, text in enumerate(texts(NUMBER)):
        given = text if number % 2 else [text]
        found: Any = None
        told = ""
        try:
            found = User.query().order_by_untyped(given, [User.name])
        except OrderNotAllowed as error:
            told = error.name
        except InvalidValue:
            pass
        if found is not None:
            assert sql_of(found) in known
        else:
            refused += 1
            # What is told to the client can be shown to it.
            assert told.isprintable()
            assert told.isprintable()
            assert not set(told) & set("\"'`")
    assert refused > NUMBER * 0.9


@pytest.mark.feature("security.orders")
def test_a_name_on_the_list_means_what_the_list_says_and_nothing_else() -> None:
    wanted = sql_of(User.query().order_by(User.name))
    for text in texts(NUMBER):
        meanings = {text: User.name}
        try:
            found = User.query().order_by_untyped([text], meanings)
        except OrderNotAllowed:
            assert text[:1] in "+-" or text != text.strip()  # a sign is no part of a name, nor are blanks
        else:
            assert sql_of(found) == wanted or not text.strip()


# --- cursors -------------------------------------------------------------------------------------------------------------

SECRET = "a key for tests, long enough"


def cursors_of(query: Any, secret: str = SECRET) -> Cursors:
    statement = query._statement
    keys = keys_of(query._definition, statement, statement.orders, "cursor_paginate()")
    return Cursors(secret, statement.table, keys, SQLITE)


def forged(genuine: str, other_key: str, other_order: str) -> Iterator[str]:
    """Texts that no page gave: hostile ones, such bytes in base64, other keys and orders, changed and cut cursors."""
    source = random.Random(5)
    alphabet = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_="
    yield from (other_key, other_order)
    for number, text in enumerate(texts(NUMBER * 10)):
        kind = number % 5
        if kind == 0:
            yield text
        elif kind == 1:
            payload = json.dumps(["fingerprint", "n", text, 1]).encode()
            yield urlsafe_b64encode(source.randbytes(16) + payload).decode().rstrip("=")
        elif kind == 2:
            at = source.randrange(len(genuine))
            yield genuine[:at] + source.choice(alphabet.replace(genuine[at], "")) + genuine[at + 1 :]
        elif kind == 3:
            cut = source.randrange(len(genuine))
            yield source.choice([genuine[:cut], genuine[cut + 1 :], genuine + text, text + genuine]) if text else ""
        else:
            yield urlsafe_b64encode(source.randbytes(source.randint(0, 60))).decode().rstrip("=")


@pytest.mark.feature("security.cursors")
def test_no_cursor_can_be_forged() -> None:
    query = User.query().order_by(User.name)
    place = Cursor(("O'Neil", 7), backwards=False)
    cursors = cursors_of(query)
    genuine = cursors.written(place)
    other_key = cursors_of(query, "another key for tests").written(place)
    other_order = cursors_of(User.query().order_by(User.name.desc())).written(place)
    assert cursors.read(genuine) == place

    for number, text in enumerate(forged(genuine, other_key, other_order)):
        if text == genuine:
            continue
        with pytest.raises(InvalidCursor) as caught:
            cursors.read(text)
        if number < NUMBER:
            check_silent(caught.value, text)


@pytest.mark.feature("security.cursors")
def test_the_values_of_a_cursor_are_bound() -> None:
    query = User.query().order_by(User.name)
    cursors = cursors_of(query)
    for text in texts(NUMBER):
        place = Cursor((text, 7), backwards=False)
        try:
            written = cursors.written(place)
        except (InvalidQuery, UnicodeEncodeError):
            assert len(text) > 1000 or not text.isprintable()
            continue
        assert "\0" in text or cursors.read(written) == place


# --- remarks, values by name ---------------------------------------------------------------------------------------------


@pytest.mark.feature("security.remarks")
def test_a_remark_cannot_end_itself() -> None:
    before, _, after = sql_of(User.query().comment("harmless"))[0].partition("harmless")
    taken = 0
    for text in texts(NUMBER):
        try:
            found, _ = sql_of(User.query().comment(text))
        except InvalidValue:
            continue
        taken += 1
        assert found == before + text + after
        assert "*" not in text
        assert text.isprintable()
    assert taken


@pytest.mark.feature("security.values")
@pytest.mark.parametrize("dialect_name", dialects.NAMES)
def test_values_of_plain_sql_are_bound(dialect_name: str) -> None:
    dialect = dialects.get(dialect_name)
    by_name, in_order = "SELECT :a, ':a', :b", "SELECT ?, '?', ?"
    wanted = compile_plain(dialect, by_name, (), {"a": "x", "b": "y"})
    for text in texts(NUMBER):
        try:
            found = compile_plain(dialect, by_name, (), {"a": text, "b": "y"})
        except InvalidValue as error:
            check_silent(error, text)
            continue
        assert compile_plain(dialect, in_order, (text, "y"), {})[1] == found[1]
        assert found[0] == wanted[0]
        assert found[1] == (text, "y")
