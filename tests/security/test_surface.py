"""No place is forgotten: each parameter of a public call that may take a text is given one by the tests here.

Who adds such a call reads its name in a failure, and adds it to `places` (a value, a name) or `refusals` (neither); or,
where another test shows that a text does no harm there, to the exceptions, with that test.
"""

from typing import Any

import pytest

from isomorph import dialects
from isomorph.errors import IsomorphError
from tests.security.places import NAMES, SPELLED, VALUES, forms_of
from tests.security.refusals import REFUSALS, Call
from tests.security.surface import Parameter, parameters, taking

EXCEPTIONS = {
    "Composing.unless(condition)": "only whether it is true counts",
    "Composing.when(condition)": "only whether it is true counts",
    "Database.cursor_key(key)": "a secret of the application, which no statement holds; tests/orm/test_cursors.py",
    "Database.definition(model)": "for generated code: a key of a dict of models",
    "Database.execute(named)": "test_untyped.py, test_meaning.py",
    "Database.execute(sql)": "SQL of the application, a LiteralString; its guards: tests/sql/test_plain.py",
    "Database.execute(values)": "test_untyped.py, test_meaning.py",
    "Database.pivot(connection)": "for the runtime: words of the catalog",
    "Database.pivot(name)": "for the runtime: words of the catalog",
    "Guard.at(home)": "for queries: the name of an alias, which was checked where it was made",
    "Model.__eq__(other)": "compares objects in memory",
    "Model.create(values)": "test_writes.py",
    "Model.create_or_first(values)": "test_writes.py",
    "Model.decrement(by)": "test_writes.py",
    "Model.increment(by)": "test_writes.py",
    "Model.update(changes)": "test_writes.py",
    "Model.update(made)": "the object itself",
    "Model.update_or_create(values)": "test_writes.py",
    "Model.upsert(rows)": "test_writes.py",
    "ModelAlias.__getattr__(name)": "Python's own protocol: a field or relation, or an AttributeError",
    "QueryBuilder.where_raw(sql)": "SQL of the application, a LiteralString",
    "Within.at(home)": "for queries: the name of an alias, which was checked where it was made",
}
"""Parameters that no place of the tables gives a text, and why."""


def _given() -> set[Parameter]:
    """The parameters that the places give a text, by watching them."""
    builds: dict[str, Call] = {**VALUES, **NAMES, **{place: spelling.build for place, spelling in SPELLED.items()}}
    found: set[Parameter] = set()
    known = parameters()
    for place, call in [*builds.items(), *REFUSALS.items()]:
        with taking(forms_of(place)[0]) as taken:
            try:
                made: Any = call(forms_of(place)[0])
                if place in builds:
                    made.compile(dialects.get("postgresql"))
            except IsomorphError:
                pass
        found |= {parameter for parameter in known if parameter in taken}
    return found


@pytest.mark.feature("security.surface")
def test_every_call_that_takes_a_text_is_given_hostile_ones() -> None:
    forgotten = {str(parameter) for parameter in {*parameters()} - _given()}
    assert forgotten == EXCEPTIONS.keys()


@pytest.mark.feature("security.surface")
def test_the_calls_are_found() -> None:
    found = {str(parameter) for parameter in parameters()}
    assert {
        *(
            "Textual.like(pattern)",
            "Structured.__getitem__(key)",
            "Expression.as_(name)",
            "f.col(name)",
            "f.values(rows)",
        ),
        *("Database.execute(named)", "FromUntyped.order_by_untyped(names)", "Ordered.between(low)"),
    } <= found
    assert len(found) > 150
