"""Models on several connections: on, using, override."""

import threading
from collections.abc import Callable
from contextlib import suppress

import pytest

from isomorph.errors import UnknownConnection
from tests.support.fields import Package, other_connection
from tests.support.showcase import tables_of


class Oops(Exception):
    pass


@pytest.mark.feature("connections.named", "connections.override")
def test_on_sends_a_query_to_another_connection(fields: Package, other_database_url: str) -> None:
    named = fields.Named
    with other_connection(fields, other_database_url):
        named.create(name="here")
        with fields.db.using("other"):
            named.create(name="there")
            assert named.query().pluck(named.name) == ["there"]
            assert named.find("here") is None
        assert named.query().pluck(named.name) == ["here"]
        there = named.query().on("other")
        assert there.pluck(named.name) == ["there"]
        assert there.count() == 1
        assert there.where(named.name == "there").update(note="x") == 1
        assert [found.note for found in there.cursor()] == ["x"]
        assert there.paginate().items[0].name == "there"
        assert named.find_or_fail("here").note is None
        assert fields.db.execute("SELECT name FROM nameds", connection="other") == [("there",)]


@pytest.mark.feature("connections.named", "transactions.commit")
def test_a_transaction_is_one_of_one_connection(fields: Package, other_database_url: str) -> None:
    named = fields.Named
    with other_connection(fields, other_database_url):
        with suppress(Oops), fields.db.transaction("other"), fields.db.using("other"):
            named.create(name="undone")
            raise Oops
        with fields.db.using("other"), suppress(Oops), fields.db.transaction():
            named.create(name="undone, too")
            raise Oops
        assert named.query().on("other").count() == 0


@pytest.mark.feature("connections.named")
def test_a_connection_that_nobody_declared_is_named_with_its_neighbour(fields: Package) -> None:
    uses: list[Callable[[], object]] = [
        lambda: fields.Named.query().on("othr").get(),
        lambda: fields.db.using("othr").__enter__(),
        lambda: fields.db.connection("othr"),
        lambda: fields.db.execute("SELECT 1", connection="othr"),
    ]
    for use in uses:
        with pytest.raises(UnknownConnection, match=r'no connection "othr" \(did you mean "other"\?\)'):
            use()


@pytest.mark.feature("connections.override")
def test_an_override_lasts_for_its_block_and_for_all_threads(fields: Package, other_database_url: str) -> None:
    named = fields.Named
    named.create(name="before")

    with tables_of(fields.db, other_database_url):
        found: list[int] = []
        thread = threading.Thread(target=lambda: found.append(named.query().count()))
        thread.start()
        thread.join()
        assert found == [0]
        named.create(name="inside")
    assert named.query().pluck(named.name) == ["before"]
