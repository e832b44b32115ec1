"""What type checkers see of every kind of relation."""

import datetime as dt
from typing import assert_type

from isomorph.generated import Collection, NotIncluded

from golden_relations import Agent, Author, Book, Chapter, Genre, Label, Office, Picture


def to_one() -> None:
    assert_type(Book.query().include(Book.author).get()[0].author, Author)
    assert_type(Author.query().include(Author.debut).get()[0].debut, Book | None)
    assert_type(Author.query().include(Author.agent).get()[0].agent, Agent | None)
    assert_type(Author.query().include(Author.office).get()[0].office, Office | None)
    assert_type(Author.query().include(Author.portrait).get()[0].portrait, Picture | None)


def to_many() -> None:
    assert_type(Author.query().include(Author.books).get()[0].books, Collection[Book])
    assert_type(Author.query().include(Author.chapters).get()[0].chapters, Collection[Chapter])
    assert_type(Author.query().include(Author.friends).get()[0].friends, Collection[Author])
    genre = Book.query().include(Book.genres).get()[0].genres[0]
    plain: Genre = genre
    assert_type(plain.id, int)
    assert_type(genre.pivot.weight, int)
    assert_type(genre.pivot.since, dt.date | None)
    Genre.query().order_by(Book.genres.pivot.weight.desc())
    assert_type(Book.query().include(Book.pictures).get()[0].pictures, Collection[Picture])
    assert_type(Book.query().include(Book.labels).get()[0].labels, Collection[Label])
    assert_type(Label.query().include(Label.books).get()[0].books, Collection[Book])


def morph_to(picture: Picture) -> str:
    with_both = Picture.query().include(Picture.owner).include(Picture.about).get()[0]
    assert_type(with_both, Picture[Author | Book | None, Book | None])
    Picture.create(owner=Book.find_or_fail(1))
    takes_any(with_both)
    takes_any(picture)
    match with_both.owner:  # exhaustive
        case Author(name=name):
            return name
        case Book(title=title):
            return title
        case None:  # no foreign key holds it: the row may be gone
            return ""


def nested() -> None:
    authors = (
        Author.query()
        .include(
            Author.books,
            Book.query().include(Book.author, Author.query().include(Author.mentor)),
        )
        .include(Author.mentor)
        .get()
    )
    book = authors[0].books[0]
    assert_type(book.author.mentor, Author | None)
    assert_type(authors[0].mentor, Author | None)
    pupils = Author.query().include(Author.pupils, Author.query().include(Author.debut))
    assert_type(
        pupils.get()[0].pupils,
        Collection[Author[NotIncluded, Book | None]],
    )


def takes_any(picture: Picture) -> None: ...
