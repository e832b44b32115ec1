"""Reading what one object is related to where the key or the choice of the row is a special one."""

import pytest

from isomorph.errors import InvalidValue
from tests.support.fields import Package

pytestmark = pytest.mark.feature("relations.related")


def test_the_chosen_one_of_several(library: Package) -> None:
    ada, bob = library.Author.create(name="Ada"), library.Author.create(name="Bob")
    first, second = (ada.related.books.create(title=title) for title in ("A", "B"))
    last = bob.related.books.create(title="C")
    first.related.chapters.create(title="A1")
    later = second.related.chapters.create(title="B1")
    last.related.chapters.create(title="C1")

    assert ada.related.latest_book.get() == second
    assert ada.related.latest_book.where(library.Book.title == "A").count() == 0
    assert ada.related.latest_chapter.get() == later
    assert ada.related.latest_book.delete() == 1
    assert ada.related.latest_book.get() == first


def test_a_key_that_refers_to_another_field(library: Package) -> None:
    ada, bob = library.Author.create(name="Ada", code="ada"), library.Author.create(name="Bob")
    ada.related.letters.create(text="x")

    assert ada.related.letters.count() == 1
    assert bob.related.letters.count() == 0
    with pytest.raises(InvalidValue, match=r"Author\.related\.letters\.create.*Author\.code"):
        bob.related.letters.create(text="y")
