"""Touching: a write of a row sets the time of what it belongs to, in the same transaction."""

import datetime as dt
from collections.abc import Sequence
from typing import Any

import pytest

from isomorph.errors import LockTimeout, UniqueViolation
from tests.support.fields import Package
from tests.support.showcase import Sent

pytestmark = pytest.mark.feature("relations.touch")

OLD = dt.datetime(2020, 1, 1, tzinfo=dt.UTC)


def _age(library: Package) -> None:
    """Let all rows be of long ago."""
    for name in ("authors", "books", "readers"):
        library.db.execute(f"UPDATE {name} SET updated_at = ?", OLD)  # a name of the test's own


def _is_touched(item: Any) -> bool:
    return bool(item.__class__.find(item.id).updated_at > OLD)


def test_create_save_and_delete_touch(library: Package, library_sent: Sent) -> None:
    ada, bob = library.Author.create(name="Ada"), library.Author.create(name="Bob")
    _age(library)
    library_sent.clear()
    book = library.Book.create(title="A", author=ada)
    assert len(library_sent) == 2
    assert (_is_touched(ada), _is_touched(bob)) == (True, False)

    _age(library)
    book = library.Book.find(book.id)
    library_sent.clear()
    book.save()
    assert len(library_sent) == 0
    book.title = "B"
    book.save()
    assert len(library_sent) == 2
    assert _is_touched(ada)

    _age(library)
    book = library.Book.find(book.id)
    library_sent.clear()
    book.delete()
    assert len(library_sent) == 2
    assert _is_touched(ada)


def test_both_parents_are_touched_when_a_row_moves(library: Package, library_sent: Sent) -> None:
    ada, bob = library.Author.create(name="Ada"), library.Author.create(name="Bob")
    book = ada.related.books.create(title="A")
    _age(library)
    book = library.Book.find(book.id)
    library_sent.clear()

    book.related.author.associate(bob)
    assert len(library_sent) == 2
    assert (_is_touched(ada), _is_touched(bob)) == (True, True)


def test_what_does_not_touch_does_not(library: Package) -> None:
    ada, bob = library.Author.create(name="Ada"), library.Author.create(name="Bob")
    ada.related.books.create(title="A", editor=bob)
    _age(library)

    assert library.Book.query().update(title="B", all_rows=True) == 1  # by query: no row is looked at
    assert (_is_touched(ada), _is_touched(bob)) == (False, False)


def test_the_touched_touch_others(library: Package, library_sent: Sent) -> None:
    ada = library.Author.create(name="Ada")
    book = ada.related.books.create(title="A")
    _age(library)
    library_sent.clear()

    book.related.chapters.create(title="1")
    assert len(library_sent) == 4  # the row, its book, whose that is, and its author
    assert (_is_touched(book), _is_touched(ada)) == (True, True)


def test_many_rows_touch_by_one_statement(library: Package, library_sent: Sent) -> None:
    authors = library.Author.insert_many([{"name": f"a{number}"} for number in range(20)])
    _age(library)
    library_sent.clear()

    library.Book.insert_many([{"title": "T", "author": author} for author in authors for _ in range(3)])
    assert sum("UPDATE" in text for text in library_sent.texts) == 1
    assert all(map(_is_touched, authors))
    _age(library)
    books = library.Book.query().where(library.Book.author_id == authors[0].id).get()
    library_sent.clear()
    authors[1].related.books.save_many(books)
    assert [_is_touched(author) for author in authors[:3]] == [True, True, False]


def test_by_morph_to(library: Package, library_sent: Sent) -> None:
    ada = library.Author.create(name="Ada")
    book = ada.related.books.create(title="A")
    _age(library)
    library_sent.clear()

    note = ada.related.notes.create(text="x")
    assert len(library_sent) == 2
    assert (_is_touched(ada), _is_touched(book)) == (True, False)
    _age(library)
    note.related.subject.associate(book)
    assert (_is_touched(ada), _is_touched(book)) == (True, True)
    _age(library)
    book.related.notes.first_or_create({"text": "x"})
    assert not _is_touched(book)
    book.related.notes.update_or_create({"text": "x"}, {"text": "y"})
    assert _is_touched(book)


def test_delete_through_the_relation_touches(library: Package, library_sent: Sent) -> None:
    ada = library.Author.create(name="Ada")
    ada.related.notes.create(text="x")
    _age(library)
    library_sent.clear()

    assert ada.related.notes.delete() == 1
    assert len(library_sent) == 2
    assert _is_touched(ada)
    _age(library)
    assert ada.related.notes.delete() == 0
    assert not _is_touched(ada)


def test_a_model_between_touches(library: Package) -> None:
    book = library.Author.create(name="Ada").related.books.create(title="A")
    ann = library.Reader.create(name="Ann")
    for write in (
        lambda: book.related.readers.attach(ann),
        lambda: book.related.readers.update_existing_pivot(ann, {"days": 2}),
        lambda: book.related.readers.detach(ann),
        lambda: ann.related.books.sync([book]),
        ann.related.books.detach,
    ):
        _age(library)
        write()
        assert _is_touched(ann)
        assert not _is_touched(book)


def test_objects_at_hand_know_it(library: Package) -> None:
    ada = library.Author.create(name="Ada")
    ada.related.books.create(title="A")
    book = library.Book.query().include(library.Book.author).first_or_fail()
    _age(library)
    before = book.author.updated_at
    book.title = "B"
    book.save()

    assert book.author.updated_at > before
    assert not book.author.is_dirty()


def test_a_touch_counts_no_version(library: Package) -> None:
    book = library.Author.create(name="Ada").related.books.create(title="A")
    book.related.chapters.create(title="1")

    book.title = "B"
    book.save()  # the version that it has is still that of the row
    assert library.Book.find(book.id).title == "B"


def test_a_failed_write_touches_nothing(library: Package) -> None:
    ada = library.Author.create(name="Ada")
    book = ada.related.books.create(title="A")
    _age(library)
    book = library.Book.find(book.id)
    book.id = 10_000
    other = library.Book.create(title="C", author=library.Author.create(name="Bob"))
    other.id = book.id

    try:
        with library.db.transaction():
            book.save()
            with pytest.raises(UniqueViolation):
                other.save()
            raise _UndoneError
    except _UndoneError:
        pass
    assert not _is_touched(ada)


def test_a_touch_that_fails_undoes_the_write(library: Package, monkeypatch: pytest.MonkeyPatch) -> None:
    ada = library.Author.create(name="Ada")
    book, connection = library.Book(title="A", author=ada), library.db.connection()
    execute = connection.execute

    def refuse(sql: str, parameters: Sequence[Any] = ()) -> int:
        if sql.startswith("UPDATE"):
            raise LockTimeout
        return int(execute(sql, parameters))

    monkeypatch.setattr(connection, "execute", refuse)
    with pytest.raises(LockTimeout):
        book.save()
    assert not book.exists
    assert not hasattr(book, "id")
    assert library.Book.query().count() == 0


class _UndoneError(Exception):
    """What undoes a transaction."""
