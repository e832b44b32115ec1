"""Relations that lead through others, of every kind and however many."""

from typing import Any

import pytest

from tests.support.fields import Package
from tests.support.showcase import recording

pytestmark = pytest.mark.feature("relations.through")


@pytest.fixture
def people(related: Package) -> list[Any]:
    """Ada in two groups that share a right and a book, Bob in one of them, Cid in a hidden one."""
    found = list(related.Person.insert_many({"name": name} for name in ("Ada", "Bob", "Cid")))
    groups = related.Group.insert_many({"name": name} for name in "ab")
    ada, bob, cid = found
    related.Membership.insert_many(
        [
            {"person": ada, "group": groups[0]},
            {"person": ada, "group": groups[1]},
            {"person": bob, "group": groups[1]},
            {"person": cid, "group": groups[0], "hidden": True},
        ]
    )
    rights = related.Right.insert_many({"name": name} for name in ("read", "write"))
    for group, right in ((0, 0), (1, 0), (1, 1)):
        related.db.execute(
            "INSERT INTO group_right (group_id, right_id) VALUES (?, ?)", groups[group].id, rights[right].id
        )
    books = related.Book.insert_many({"title": title} for title in ("Iliad", "Emma"))
    for group, book in ((0, 0), (1, 1)):
        related.db.execute(
            "INSERT INTO shelves (book_id, shelved_type, shelved_id) VALUES (?, ?, ?)",
            books[book].id,
            "group",
            groups[group].id,
        )
        # Of another model with the same key.
        related.db.execute(
            "INSERT INTO shelves (book_id, shelved_type, shelved_id) VALUES (?, ?, ?)",
            books[1 - book].id,
            "person",
            groups[group].id,
        )
    related.Chapter.insert_many({"book": book, "title": f"{book.title} {count}"} for book in books for count in (1, 2))
    return found


def loaded(package: Package, relation: str, *queries: Any) -> list[list[Any]]:
    person = package.Person
    found = person.query().include(getattr(person, relation), *queries).order_by(person.name).get()
    return [list(getattr(item, relation)) for item in found]


def test_over_two_tables_between(related: Package, people: list[Any]) -> None:
    right = related.Right
    with recording(related.db.connection()) as sent:
        found = loaded(related, "rights", right.query().order_by(right.name))
        assert len(sent) == 2

    # Two ways lead from Ada to the right to read: as in a join, it is a member once for each.
    assert [[item.name for item in rights] for rights in found] == [["read", "read", "write"], ["read", "write"], []]


def test_distinct_merges_what_several_ways_lead_to(related: Package, people: list[Any]) -> None:
    right = related.Right
    found = loaded(related, "rights", right.query().distinct().order_by(right.name))

    assert [[item.name for item in rights] for rights in found] == [["read", "write"], ["read", "write"], []]


def test_over_a_table_between_a_morph_and_a_foreign_key(related: Package, people: list[Any]) -> None:
    chapter = related.Chapter
    with recording(related.db.connection()) as sent:
        found = loaded(related, "chapters", chapter.query().order_by(chapter.title))
        assert len(sent) == 2

    assert [[item.title for item in chapters] for chapters in found] == [
        ["Emma 1", "Emma 2", "Iliad 1", "Iliad 2"],
        ["Emma 1", "Emma 2"],
        [],
    ]


def test_a_hidden_row_between_does_not_lead_on(related: Package, people: list[Any]) -> None:
    assert [len(found) for found in loaded(related, "rights")] == [3, 2, 0]
    related.Membership.query().without_scopes().update(hidden=False, all_rows=True)
    assert [len(found) for found in loaded(related, "rights")] == [3, 2, 1]


def test_limits_and_joins_of_the_same_tables_in_the_query(related: Package, people: list[Any]) -> None:
    chapter, book = related.Chapter, related.Book
    query = chapter.query().join(chapter.book).where(book.title == "Emma").order_by(chapter.title.desc()).limit(1)

    found = loaded(related, "chapters", query)

    assert [[item.title for item in chapters] for chapters in found] == [["Emma 2"], ["Emma 2"], []]
    # Written before what is written to it: the names of the tables between do not get into each other's way.
    assert len(loaded(related, "chapters", chapter.query().include(chapter.book))[0]) == 4
