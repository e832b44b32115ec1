"""Collections: what a query gives."""

import pytest

from isomorph import Collection

pytestmark = pytest.mark.feature("collections.sequence")


def test_a_collection_is_a_sequence() -> None:
    from collections.abc import Sequence

    found = Collection([3, 1, 2])

    assert isinstance(found, Sequence)
    assert (len(found), list(found), found[0], found[-1]) == (3, [3, 1, 2], 3, 2)
    assert (1 in found, 9 in found, found.index(1), found.count(3)) == (True, False, 1, 1)
    assert list(reversed(found)) == [2, 1, 3]
    first, *rest = found
    assert (first, rest) == (3, [1, 2])


def test_a_slice_of_a_collection_is_a_collection() -> None:
    assert Collection([3, 1, 2])[1:] == Collection([1, 2])
    assert isinstance(Collection([3, 1, 2])[::2], Collection)


def test_an_empty_collection_is_false() -> None:
    assert not Collection[int]()
    assert Collection([0])


def test_an_index_out_of_range_is_an_index_error() -> None:
    with pytest.raises(IndexError):
        _ = Collection([1])[1]


def test_a_collection_cannot_be_changed_or_hashed() -> None:
    found: object = Collection([1])

    assert not hasattr(found, "append")
    assert not hasattr(found, "__setitem__")
    with pytest.raises(TypeError, match="not hashable"):
        hash(found)


def test_collections_are_equal_when_their_items_are() -> None:
    one: object = Collection([1])

    assert one == Collection([1])
    assert one != Collection([2])
    assert one != [1]
    assert repr(one) == "Collection([1])"


def test_first_and_last_are_none_in_an_empty_collection() -> None:
    assert (Collection([3, 1]).first(), Collection([3, 1]).last()) == (3, 1)
    assert (Collection[int]().first(), Collection[int]().last()) == (None, None)


def test_items_are_mapped_keyed_and_grouped() -> None:
    found = Collection(["a", "bb", "cc"])

    assert found.map(len) == [1, 2, 2]
    assert found.key_by(len) == {1: "a", 2: "cc"}
    assert found.group_by(len) == {1: Collection(["a"]), 2: Collection(["bb", "cc"])}
