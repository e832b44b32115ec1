"""Two packages in one program whose models have the same names: what belongs to one is nothing to the other."""

from collections.abc import Callable
from typing import Any

import pytest

from isomorph.errors import InvalidQuery, InvalidValue
from tests.support.fields import Package
from tests.support.showcase import recording

pytestmark = pytest.mark.feature("bad_input.relations")


@pytest.fixture
def stranger(lazy_package: Package) -> Any:
    """A person of the other package, as if its row had been read."""
    made = lazy_package.Person(name="Ada")
    made.id, made._row = 1, (1, "Ada")
    return made


def test_an_object_of_another_package_is_no_related_object(related: Package, stranger: Any) -> None:
    calls: list[Callable[[], object]] = [
        lambda: related.Card(person=stranger, title="a"),
        lambda: related.Remark(subject=stranger, text="a"),
        lambda: related.Login.person.is_(stranger),
        lambda: related.Remark.subject.is_(stranger),
        lambda: related.Login.query().where_belongs_to(stranger),
        lambda: related.Remark.query().where_morphed_to(related.Remark.subject, stranger),
    ]
    with recording(related.db.connection()) as sent:
        for call in calls:
            with pytest.raises(InvalidValue, match=r"expected a Person.*, got Person of another package$"):
                call()
        with pytest.raises(InvalidValue, match=r"got the class Person of another package$"):
            related.Remark.query().where_has_morph(related.Remark.subject, type(stranger))
        assert len(sent) == 0


def test_a_query_or_relation_of_another_package_is_not_included(related: Package, lazy_package: Package) -> None:
    mine, other = related, lazy_package
    calls: list[Callable[[], object]] = [
        lambda: mine.Person.query().include(other.Person.logins),
        lambda: mine.Person.query().include(mine.Person.logins, other.Login.query()),
        lambda: mine.Remark.query().include(mine.Remark.subject, other.Person.query()),
        lambda: mine.Person.query().where_has(mine.Person.logins, other.Login.query()),
        lambda: mine.Person.query().has(other.Person.logins),
        lambda: mine.Person.query().with_count(other.Person.logins),
    ]
    with recording(related.db.connection()) as sent:
        for call in calls:
            with pytest.raises(InvalidQuery, match=r"of another package|is no relation of Person"):
                call()
        assert len(sent) == 0
