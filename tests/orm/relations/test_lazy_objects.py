"""Objects with lazy loading: looking them over loads nothing, asking for a relation by name does."""

import pytest

from tests.support.fields import Package
from tests.support.looks import LOOKS, held
from tests.support.showcase import recording

pytestmark = pytest.mark.feature("relations.objects", "relations.lazy")


def test_looking_an_object_over_loads_nothing(lazy: Package) -> None:
    lazy.Person.insert_many({"name": f"person {number}"} for number in range(3))
    first, *others = lazy.Person.query().get()
    with recording(lazy.db.connection()) as sent:
        for name, look in LOOKS.items():
            look(first)
            assert len(sent) == 0, name
        assert held(first) == []
        assert hasattr(first, "logins")
        assert len(sent) == 1
        assert [held(other) for other in others] == [["logins"], ["logins"]]
