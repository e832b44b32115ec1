"""Rows that may exist already: first_or_create, update_or_create, create_or_first, one at a time and in a race."""

import threading
from collections.abc import Callable
from typing import Any

import pytest

from generated import Post, PostChanges, Role, User, db
from isomorph.errors import DeadlockDetected, InvalidQuery, InvalidValue, MissingValue, UniqueViolation, UnknownField
from isomorph.orm import bulk
from tests.support.racing import raced
from tests.support.showcase import Sent, make_post, make_user

pytestmark = pytest.mark.usefixtures("showcase")


# --- first_or_create -----------------------------------------------------------------------------------------------------


@pytest.mark.feature("models.first_or_create")
def test_first_or_create_finds_by_one_statement(sent: Sent) -> None:
    made = Role.create(name="admin", level=3)
    sent.clear()

    found = Role.first_or_create({"name": "admin"}, {"level": 9})

    assert found == made
    assert found.level == 3
    assert len(sent) == 1


@pytest.mark.feature("models.first_or_create")
def test_first_or_create_creates_with_both_sets_of_values() -> None:
    made = Role.first_or_create({"name": "admin"}, {"level": 9})

    assert made.exists
    assert Role.find_or_fail(made.id).level == 9
    assert Role.first_or_create({"name": "editor"}).level == 1
    assert Role.query().count() == 2


@pytest.mark.feature("models.first_or_create")
def test_first_or_create_matches_null_with_none() -> None:
    ada = make_user(nickname=None)

    assert User.first_or_create({"nickname": None}) == ada


@pytest.mark.feature("models.first_or_create", "models.create")
def test_first_or_create_takes_a_related_object_for_the_new_row() -> None:
    ada = make_user()

    post = Post.first_or_create({"title": "Notes"}, {"author": ada, "title": "Notes", "body": "..."})

    assert post.author_id == ada.id


@pytest.mark.feature("models.first_or_create")
def test_first_or_create_says_what_a_new_row_lacks() -> None:
    with pytest.raises(MissingValue, match="User needs email, password"):
        User.first_or_create({"name": "Ada"})
    with pytest.raises(InvalidQuery, match=r"Role: nothing to match by"):
        Role.first_or_create({}, {"name": "admin"})
    assert User.query().count() == Role.query().count() == 0


@pytest.mark.feature("bad_input.unknown_column", "bad_input.wrong_type")
def test_untyped_matches_are_checked(sent: Sent) -> None:
    first_or_create: Any = Role.first_or_create
    with pytest.raises(UnknownField, match=r'Role has no field "nmae" \(did you mean "name"\?\)'):
        first_or_create({"nmae": "admin"})
    with pytest.raises(InvalidValue, match=r"Role.name: expected a str"):
        first_or_create({"name": 3})
    assert len(sent) == 0
    with pytest.raises(UnknownField, match='Role has no field "levle"'):
        first_or_create({"name": "admin"}, {"levle": 3})
    assert Role.query().count() == 0


# --- update_or_create ----------------------------------------------------------------------------------------------------


@pytest.mark.feature("models.update_or_create")
def test_update_or_create_changes_the_row_that_matches(sent: Sent) -> None:
    made = Role.create(name="admin", level=3)
    sent.clear()

    found = Role.update_or_create({"name": "admin"}, {"level": 9})

    assert found == made
    assert Role.find_or_fail(made.id).level == 9
    assert not found.is_dirty()


@pytest.mark.feature("models.update_or_create")
def test_update_or_create_sends_no_update_when_nothing_differs(sent: Sent) -> None:
    Role.create(name="admin", level=3)
    sent.clear()
    Role.update_or_create({"name": "admin"}, {"level": 3})

    assert len(sent) == 1


@pytest.mark.feature("models.update_or_create")
def test_update_or_create_creates_with_both_sets_of_values() -> None:
    made = Role.update_or_create({"name": "admin"}, {"level": 9})

    assert (Role.find_or_fail(made.id).name, made.level) == ("admin", 9)


@pytest.mark.feature("models.update_or_create", "bad_input.half_written")
def test_an_update_or_create_that_is_refused_changes_nothing() -> None:
    Role.create(name="admin", level=3)
    update_or_create: Any = Role.update_or_create
    with pytest.raises(InvalidValue):
        update_or_create({"name": "admin"}, {"level": "nine"})
    with pytest.raises(UnknownField, match='Role has no field "levle"'):
        update_or_create({"name": "admin"}, {"levle": 9})

    assert Role.query().value(Role.level) == 3


# --- create_or_first -----------------------------------------------------------------------------------------------------


@pytest.mark.feature("models.create_or_first")
def test_create_or_first_creates_without_looking(sent: Sent) -> None:
    made = Role.create_or_first({"name": "admin"}, {"level": 9})

    assert [text.split()[0] for text in sent.texts] == ["INSERT"]
    assert Role.find_or_fail(made.id).level == 9


@pytest.mark.feature("models.create_or_first")
def test_create_or_first_gives_the_row_in_its_way() -> None:
    made = Role.create(name="admin", level=3)

    found = Role.create_or_first({"name": "admin"}, {"level": 9})

    assert found == made
    assert found.level == 3
    assert Role.query().count() == 1


@pytest.mark.feature("models.create_or_first")
def test_create_or_first_within_a_transaction_leaves_it_usable() -> None:
    made = Role.create(name="admin")
    with db.transaction():
        Role.create(name="editor")
        assert Role.create_or_first({"name": "admin"}) == made
        Role.create(name="guest")

    assert Role.query().count() == 3


@pytest.mark.feature("models.create_or_first", "errors.unique_violation")
def test_create_or_first_tells_when_the_row_in_its_way_does_not_match() -> None:
    make_user()
    with pytest.raises(UniqueViolation) as caught:
        User.create_or_first({"name": "Bob"}, {"email": "ada@example.com", "password": "x", "name": "Bob"})

    assert (caught.value.model, caught.value.fields) == ("User", ("email",))
    assert User.query().count() == 1


# --- races -----------------------------------------------------------------------------------------------------------------


@pytest.mark.feature("models.create_or_first", "models.first_or_create", "models.update_or_create")
@pytest.mark.parametrize(
    "work",
    [
        lambda: Role.create_or_first({"name": "admin"}, {"level": 2}),
        lambda: Role.first_or_create({"name": "admin"}, {"level": 2}),
        lambda: Role.update_or_create({"name": "admin"}, {"level": 2}),
    ],
    ids=["create_or_first", "first_or_create", "update_or_create"],
)
def test_of_writers_in_a_race_one_creates_and_all_get_the_row(work: Callable[[], Role]) -> None:
    for _ in range(50):
        Role.query().delete(all_rows=True)  # MariaDB keeps a mark of the row, over which writers may deadlock
        results = raced(work)
        assert len({role.id for role in results}) == 1
        assert Role.query().count() == 1


@pytest.mark.feature("models.create_or_first", "errors.serialization_failure")
def test_create_or_first_begins_again_after_a_conflict_unless_a_transaction_is_lost(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    attempts: list[int] = []

    def conflicting(*_: Any) -> Any:
        attempts.append(len(attempts))
        if len(attempts) % 2:
            raise DeadlockDetected("1213")
        return created(*_)

    created = bulk._created
    monkeypatch.setattr(bulk, "_created", conflicting)

    assert Role.create_or_first({"name": "admin"}).name == "admin"
    assert attempts == [0, 1]
    with pytest.raises(DeadlockDetected), db.transaction():
        Role.create_or_first({"name": "guest"})
    assert attempts == [0, 1, 2]
    assert Role.query().count() == 1


@pytest.mark.feature("models.create_or_first", "transactions.threads")
def test_a_row_that_another_transaction_committed_meanwhile_is_found_from_within_an_older_one(showcase: str) -> None:
    """In a transaction that already took its view of the data, the row in the way is new to it."""
    if showcase == "sqlite":
        pytest.skip("a second writer waits for the first")
    Role.create(name="old")
    with db.transaction():
        assert Role.query().count() == 1  # the view is taken
        other = threading.Thread(target=lambda: Role.create(name="admin", level=7))
        other.start()
        other.join()
        assert Role.create_or_first({"name": "admin"}).level == 7
        assert Role.first_or_create({"name": "admin"}).level == 7


@pytest.mark.feature("models.create_or_first")
def test_the_types_of_a_match_are_those_of_changes() -> None:
    author = make_user()
    make_post(author, "One")
    match: PostChanges = {"author_id": author.id}

    assert Post.first_or_create(match, {"title": "Two", "body": "..."}).title == "One"
