"""Tables between with columns, times and models; keys of several columns."""

import datetime as dt
from typing import Any

import pytest

from isomorph.errors import ForeignKeyViolation, InvalidValue, UniqueViolation, UnknownField
from isomorph.orm.related import Synced
from tests.support.fields import Package
from tests.support.showcase import Sent

pytestmark = pytest.mark.feature("relations.pivot_rows")


def _book(library: Package, title: str = "B") -> Any:
    return library.Author.create(name=f"author of {title}").related.books.create(title=title)


def test_columns_defaults_and_times(library: Package, library_sent: Sent) -> None:
    book, shelf = _book(library), library.Shelf.create(room="r", number=1)
    library_sent.clear()
    before = dt.datetime.now(dt.UTC)

    book.related.shelves.attach(shelf, {"remark": "top"})
    assert len(library_sent) == 1
    pivot = book.related.shelves.get().first_or_fail().pivot
    assert (pivot.position, pivot.remark) == (1, "top")
    assert before <= pivot.created_at == pivot.updated_at
    assert book.related.shelves.update_existing_pivot(shelf, {"position": 3}) == 1
    after = book.related.shelves.get().first_or_fail().pivot
    assert (after.position, after.remark, after.created_at) == (3, "top", pivot.created_at)
    assert after.updated_at > pivot.updated_at
    given = dt.datetime(2020, 1, 1, tzinfo=dt.UTC)
    book.related.shelves.update_existing_pivot(shelf, {"updated_at": given})
    assert book.related.shelves.get().first_or_fail().pivot.updated_at == given


def test_sync_leaves_the_times_of_what_stays(library: Package) -> None:
    book = _book(library)
    shelves = [library.Shelf.create(room="r", number=number) for number in range(3)]
    book.related.shelves.attach(shelves)
    times = {shelf.number: shelf.pivot.updated_at for shelf in book.related.shelves.get()}

    found = book.related.shelves.sync({("r", 0): {"position": 1}, ("r", 1): {"position": 9}})
    assert found == Synced((), (("r", 2),), (("r", 1),))
    now = {shelf.number: shelf.pivot.updated_at for shelf in book.related.shelves.get()}
    assert now[0] == times[0]
    assert now[1] > times[1]


def test_composite_keys(library: Package, library_sent: Sent) -> None:
    book, other = _book(library, "A"), _book(library, "B")
    shelves = [library.Shelf.create(room=room, number=number) for room in "xy" for number in range(2)]
    library_sent.clear()

    book.related.shelves.attach(("x", 0))
    book.related.shelves.attach([("x", 1), shelves[2]])
    assert len(library_sent) == 2
    assert [
        (shelf.room, shelf.number) for shelf in book.related.shelves.query().order_by(library.Shelf.room).get()
    ] == [
        ("x", 0),
        ("x", 1),
        ("y", 0),
    ]
    other.related.shelves.attach(("x", 0))
    assert shelves[0].related.books.count() == 2
    assert book.related.shelves.detach([("x", 0), ("x", 1)]) == 2
    assert book.related.shelves.toggle([shelves[2], ("y", 1)]) == Synced((("y", 1),), (("y", 0),))
    assert shelves[0].related.books.get().pluck(library.Book.title) == ["B"]
    for wrong in ("x", 1, ("x",), [("x", 1, 2)], ("x", None), [("x", "1")]):
        with pytest.raises(InvalidValue, match=r"Book\.related\.shelves\.attach"):
            book.related.shelves.attach(wrong)
    with pytest.raises(ForeignKeyViolation):
        book.related.shelves.attach(("z", 9))


def test_a_model_between(library: Package, library_sent: Sent) -> None:
    book, ann, bea = _book(library), library.Reader.create(name="Ann"), library.Reader.create(name="Bea")
    library_sent.clear()

    book.related.readers.attach([ann, bea.id], {"days": 7})
    found = book.related.readers.query().order_by(library.Reader.name).get()
    assert [(reader.name, type(reader.pivot), reader.pivot.days) for reader in found] == [
        ("Ann", library.Loan, 7),
        ("Bea", library.Loan, 7),
    ]
    assert found[0].pivot.created_at is not None
    assert book.related.readers.where(library.Book.readers.pivot.days < 10).count() == 2
    assert book.related.readers.sync({ann.id: {"days": 3}}) == Synced((), (bea.id,), (ann.id,))
    loan = library.Loan.query().first_or_fail()
    assert (loan.reader_id, loan.days) == (ann.id, 3)
    assert loan.updated_at > loan.created_at
    made = book.related.readers.create({"days": 1}, name="Cat")
    assert (made.pivot.days, made.pivot.exists, made.pivot.book_id) == (1, True, book.id)
    assert made.related.books.get().first_or_fail().pivot == made.pivot


def test_a_model_without_a_unique_key_is_asked_first(library: Package) -> None:
    book, ann, bea = _book(library), library.Reader.create(name="Ann"), library.Reader.create(name="Bea")
    book.related.readers.attach(ann)

    with pytest.raises(UniqueViolation) as caught:
        book.related.readers.attach([bea, ann])
    assert (caught.value.model, caught.value.relation) == ("Loan", "Book.readers")
    assert caught.value.fields == ("book_id", "reader_id")
    assert book.related.readers.count() == 1
    library.Loan.create(book=book, reader=ann)  # the model itself allows it
    assert book.related.readers.count() == 2
    assert book.related.readers.detach(ann) == 2


def test_values_of_a_model_between(library: Package, library_sent: Sent) -> None:
    book, ann = _book(library), library.Reader.create(name="Ann")
    library_sent.clear()
    values: Any
    for values in ({"day": 1}, {"book_id": 1}, {"id": 1}):
        with pytest.raises(UnknownField, match=r"Book\.readers\.pivot"):
            book.related.readers.attach(ann, values)
    for values in ({"days": "7"}, {"days": None}):
        with pytest.raises(InvalidValue, match="days"):
            book.related.readers.attach(ann, values)
    assert len(library_sent) == 0


def test_a_polymorphic_model_between(library: Package, library_sent: Sent) -> None:
    author = library.Author.create(name="Ada")
    book = author.related.books.create(title="B")
    new, old = (library.Mark.create(name=name) for name in ("new", "old"))
    library_sent.clear()

    book.related.marks.attach({new.id: {"weight": 5}, old.id: {}})
    author.related.marks.attach(new)
    assert {mark.name: mark.pivot.weight for mark in book.related.marks.get()} == {"new": 5, "old": 1}
    assert new.related.books.get().first_or_fail().pivot.weight == 5
    old.related.authors.attach(author.id, {"weight": 9})
    assert (
        author.related.marks.where(library.Author.marks.pivot.weight == 9).get()
        == author.related.marks.where(library.Mark.name == "old").get()
    )
    assert old.related.authors.sync([]) == Synced((), (author.id,))
    assert old.related.books.count() == 1
    with pytest.raises(ForeignKeyViolation, match=r"Mark\.authors"):
        old.related.authors.attach(999_999)


def test_a_relation_to_itself(library: Package) -> None:
    ann, bea = library.Reader.create(name="Ann"), library.Reader.create(name="Bea")
    ann.related.friends.attach([ann, bea])

    assert ann.related.friends.count() == 2
    assert bea.related.friends.count() == 0
    assert ann.related.friends.detach(ann) == 1
    assert [reader.name for reader in ann.related.friends.get()] == ["Bea"]
