"""A connection for migrations on each dialect."""

from collections.abc import Generator

import pytest

from tests.support.migrations import Session, open_session


@pytest.fixture
def session(database_url: str) -> Generator[Session]:
    """A connection to an empty database."""
    with open_session(database_url) as opened:
        yield opened
