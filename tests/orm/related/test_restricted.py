"""Deleting a parent that restricted rows still point to: one error on every database, which names the relation."""

import pytest

from isomorph.errors import ForeignKeyViolation
from tests.support.fields import Package

pytestmark = pytest.mark.feature("relations.restricted")


def test_the_error_names_the_relation(library: Package) -> None:
    ada = library.Author.create(name="Ada")
    ada.related.contract.create(text="x")

    with pytest.raises(ForeignKeyViolation, match=r"relation Contract\.author") as caught:
        ada.delete()
    assert caught.value.relation == "Contract.author"
    assert ada.exists
    assert library.Author.find(ada.id) == ada
    ada.related.contract.delete()
    ada.related.books.create(title="A")
    with pytest.raises(ForeignKeyViolation) as caught:
        ada.delete()
    assert caught.value.relation == "Book.author"


def test_what_is_set_null_or_cascades_is_not_in_the_way(library: Package) -> None:
    ada, bob = library.Author.create(name="Ada"), library.Author.create(name="Bob")
    book = ada.related.books.create(title="A", editor=bob)
    book.related.chapters.create(title="1")

    assert bob.delete()
    assert book.refresh().editor_id is None
    assert ada.related.books.delete() == 1
    assert ada.delete()


def test_inside_a_transaction(library: Package) -> None:
    ada = library.Author.create(name="Ada")
    ada.related.contract.create(text="x")

    with library.db.transaction():
        with pytest.raises(ForeignKeyViolation, match=r"Contract\.author"), library.db.transaction():
            ada.delete()
        assert library.Author.query().count() == 1


def test_through_a_relation(library: Package) -> None:
    ada = library.Author.create(name="Ada")
    book = ada.related.books.create(title="A")

    with pytest.raises(ForeignKeyViolation):
        book.related.author.delete()
    assert library.Author.query().count() == 1
    assert book.related.author.get() == ada


def test_a_new_row_that_points_to_nothing(library: Package) -> None:
    with pytest.raises(ForeignKeyViolation) as caught:
        library.Chapter.create(title="x", book_id=999_999)
    assert caught.value.relation == "Chapter.book"
    ada = library.Author.create(name="Ada")
    library.Author.query().where(library.Author.id == ada.id).delete()
    with pytest.raises(ForeignKeyViolation) as caught:
        ada.related.contract.create(text="x")
    assert caught.value.relation == "Contract.author"
