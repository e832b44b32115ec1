"""The showcase on each dialect, and a witness that looks at its rows from outside while something is refused."""

from collections.abc import Iterator

import pytest

from generated import Tag, db
from tests.bad_input.witness import Witness, new_secret
from tests.support.databases import connect_raw
from tests.support.showcase import Tables, sent, showcase, showcase_tables, showcase_url

__all__ = ["sent", "showcase", "showcase_tables", "showcase_url", "witness"]


@pytest.fixture(scope="module")
def witness(showcase_tables: Tables, showcase_url: str) -> Iterator[Witness]:
    """Sees the rows of the showcase through a connection of its own."""
    raw = connect_raw(showcase_url)
    yield Witness(raw, db, lambda: Tag.create(name=new_secret()))
    raw.close()
