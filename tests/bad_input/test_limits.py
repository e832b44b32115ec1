"""The limits of lists and documents: what is beyond is told before anything is sent."""

from collections.abc import Iterator
from itertools import count
from typing import Any

import pytest

from isomorph import limits
from isomorph.errors import InvalidValue, LimitExceeded
from isomorph.limits import Limits
from tests.bad_input.untyped import Item, User
from tests.bad_input.witness import Witness, new_secret
from tests.support.showcase import make_user

pytestmark = [pytest.mark.feature("bad_input.limits"), pytest.mark.usefixtures("showcase")]

SECRET = new_secret()


@pytest.fixture
def small() -> Iterator[Limits]:
    found = Limits(in_list=5, json_depth=3, json_bytes=40)
    with limits.override(found):
        yield found


def _nested(levels: int) -> Any:
    document: Any = SECRET
    for level in range(levels):
        document = [document] if level % 2 else {"a": document}
    return document


@pytest.mark.usefixtures("small")
def test_a_list_beyond_its_limit_is_told_and_not_sent(dialect: str, witness: Witness) -> None:
    assert User.query().where(User.id.in_(range(5)), User.name.not_in([SECRET] * 5)).count() == 0
    told = r"^User.(id|name|find_many): expected at most 5 values in a list, got more \(limits.in_list\)$"
    with witness.refuses(LimitExceeded, SECRET, match=told):
        User.query().where(User.id.in_(range(6)))
    with witness.refuses(LimitExceeded, SECRET, match=told):
        User.query().where(User.name.not_in([SECRET] * 6))
    with witness.refuses(LimitExceeded, SECRET, match=told):
        User.find_many(range(6))


@pytest.mark.usefixtures("small")
def test_an_endless_list_ends(dialect: str) -> None:
    with pytest.raises(LimitExceeded) as caught:
        User.id.in_(count())
    assert caught.value.limit == "in_list"
    with pytest.raises(LimitExceeded):
        User.find_many(count())


@pytest.mark.usefixtures("small")
def test_a_document_beyond_its_limits_is_told_and_not_sent(dialect: str, witness: Witness) -> None:
    user = make_user(settings=_nested(3))
    too_deep, too_large = _nested(4), {"a": "ä" * 20}
    deep, large = (
        r"expected a JSON document of at most 3 levels, got a deeper one \(limits.json_depth\)$",
        (r"expected a JSON document of at most 40 bytes, got a larger one \(limits.json_bytes\)$"),
    )
    for document, told in ((too_deep, deep), (too_large, large)):
        user.settings = document
        with witness.refuses(LimitExceeded, SECRET, match=told):
            user.save()
        with witness.refuses(LimitExceeded, SECRET, match=told):
            Item.query().update(attributes=document, all_rows=True)
    user.settings = {"a": "ä" * 16}  # 40 bytes
    user.save()


def test_what_the_default_limits_let_in_every_database_takes_and_gives_back(dialect: str) -> None:
    most = Limits()
    document = _nested(most.json_depth)
    assert make_user("deep", settings=document).refresh().settings == document
    with pytest.raises(LimitExceeded):
        make_user("deeper", settings=_nested(most.json_depth + 1))


def test_limits_are_set_for_the_process_and_those_left_out_stay(dialect: str) -> None:
    first = limits.current()
    try:
        before = limits.configure(json_depth=4)
        assert before == first
        assert limits.current() == Limits(json_depth=4)
        limits.configure(in_list=9)
        assert limits.current() == Limits(json_depth=4, in_list=9)
    finally:
        limits.configure(json_depth=first.json_depth, in_list=first.in_list)
    assert limits.current() == first


@pytest.mark.parametrize("wrong", [0, -1, "5", 1.5, True])
def test_a_limit_is_a_number_of_at_least_one(dialect: str, wrong: Any) -> None:
    with pytest.raises(InvalidValue, match=r"^limits.in_list: expected an int of 1 or more, got "):
        limits.configure(in_list=wrong)
    assert limits.current() == Limits()
