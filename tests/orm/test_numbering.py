"""Many rows whose numbers are counted from that of the first or of the last one, unless something may have disturbed them."""

from collections.abc import Iterator
from typing import LiteralString

import pytest

from generated import Role, RoleValues, db
from isomorph.errors import UniqueViolation
from tests.support.showcase import Sent, recording, tables_of

_MANY: list[RoleValues] = [{"name": f"r{number:03}"} for number in range(600)]


@pytest.fixture(params=["sqlite", "sqlite+apsw"])
def sent(request: pytest.FixtureRequest) -> Iterator[Sent]:
    """The showcase in memory, through each driver."""
    if request.param == "sqlite+apsw":
        pytest.importorskip("apsw")
    with tables_of(db, f"{request.param}:///:memory:") as tables, recording(tables.connection) as sent:
        yield sent


def assert_as_made(made: list[Role]) -> None:
    names = [row["name"] for row in _MANY]
    assert [role.name for role in made] == names
    assert [role.name for role in Role.find_many([role.id for role in made])] == names


@pytest.mark.feature("models.insert_many", dialect="sqlite")
def test_rows_that_are_numbered_one_by_one_are_counted(sent: Sent) -> None:
    assert_as_made(list(Role.insert_many(_MANY)))

    assert not any("RETURNING" in text for text in sent.texts)


@pytest.mark.feature("models.insert_many", dialect="sqlite")
def test_objects_are_counted_too(sent: Sent) -> None:
    Role.create(name="first", id=41)
    sent.clear()

    made = list(Role.insert_many(iter(_MANY)))

    assert made[0].id == 42
    assert_as_made(made)
    assert not any("RETURNING" in text for text in sent.texts)


@pytest.mark.feature("models.insert_many", dialect="sqlite")
@pytest.mark.parametrize("kind", ["", "TEMP"])
def test_rows_that_a_trigger_may_disturb_say_their_numbers(sent: Sent, kind: LiteralString) -> None:
    db.execute(
        f"CREATE {kind} TRIGGER more AFTER INSERT ON roles WHEN new.name = 'r007' "
        "BEGIN INSERT INTO roles (name, level) VALUES ('more', 9); END"
    )
    sent.clear()

    assert_as_made(list(Role.insert_many(_MANY)))

    assert any("RETURNING" in text for text in sent.texts)
    assert Role.query().count() == 601


def _go_on_from_what_was_deleted() -> None:
    """Let roles be numbered from the highest number on that there ever was, and have none."""
    db.execute("DROP TABLE roles")
    db.execute("CREATE TABLE roles (id INTEGER PRIMARY KEY AUTOINCREMENT, name TEXT, level INTEGER)")
    Role.create(name="highest", id=1_000).delete()


@pytest.mark.feature("models.insert_many", dialect="sqlite")
def test_rows_that_are_numbered_otherwise_say_their_numbers(sent: Sent) -> None:
    _go_on_from_what_was_deleted()
    sent.clear()

    made = list(Role.insert_many(_MANY))

    assert made[0].id == 1_001
    assert_as_made(made)
    assert any("RETURNING" in text for text in sent.texts)
    assert Role.query().count() == 600, "what was inserted before that was seen is taken back"


@pytest.mark.feature("models.insert_many", dialect="sqlite")
def test_a_transaction_goes_on_where_rows_are_numbered_otherwise(sent: Sent) -> None:
    _go_on_from_what_was_deleted()

    with db.transaction():
        Role.create(name="before", id=5)
        assert_as_made(list(Role.insert_many(_MANY)))

    assert Role.query().count() == 601


@pytest.mark.feature("models.insert_many", dialect="sqlite")
def test_counted_rows_that_the_database_refuses_are_not_written(sent: Sent) -> None:
    Role.create(name="r140")

    with pytest.raises(UniqueViolation):
        Role.insert_many(_MANY)

    assert Role.query().count() == 1


@pytest.mark.feature("models.insert_many", dialect="sqlite")
def test_few_rows_say_their_numbers_in_one_statement(sent: Sent) -> None:
    Role.insert_many(_MANY[:20])

    assert len(sent) == 1


# --- from the first --------------------------------------------------------------------------------------------------------


@pytest.mark.feature("models.insert_many", dialect="mysql")
@pytest.mark.parametrize("dialect", ["mysql"], indirect=True)
def test_numbers_are_counted_from_the_first_of_each_statement(showcase: str) -> None:
    with recording(db.connection()) as sent:
        assert_as_made(list(Role.insert_many(_MANY)))

    assert not any("RETURNING" in text for text in sent.texts)


@pytest.mark.feature("models.insert_many", dialect="mysql")
@pytest.mark.parametrize("dialect", ["mysql"], indirect=True)
def test_rows_that_a_trigger_numbers_say_their_numbers(showcase: str) -> None:
    db.execute(
        "CREATE TRIGGER numbered BEFORE INSERT ON roles FOR EACH ROW SET NEW.id = 1000000 + 2 * substr(NEW.name, 2)"
    )
    try:
        made = list(Role.insert_many(_MANY))
    finally:
        db.execute("DROP TRIGGER numbered")

    assert [made[0].id, made[1].id, made[149].id] == [1_000_000, 1_000_002, 1_000_298]
    assert_as_made(made)
    assert Role.query().count() == 600, "what was inserted before that was seen is taken back"


@pytest.mark.feature("models.insert_many", dialect="mysql")
@pytest.mark.parametrize("dialect", ["mysql"], indirect=True)
def test_rows_that_are_numbered_in_steps_are_not_counted(showcase: str) -> None:
    db.execute("SET SESSION auto_increment_increment = 3")
    try:
        made = list(Role.insert_many(_MANY))
    finally:
        db.execute("SET SESSION auto_increment_increment = 1")

    assert made[1].id - made[0].id == 3
    assert_as_made(made)
