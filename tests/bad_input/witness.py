"""What every refusal must be: a typed error that tells no value, and a database as it was before."""

import re
import traceback
from collections.abc import Callable, Generator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any, TypeVar
from uuid import uuid4

import pytest

from isomorph import errors
from isomorph.orm.database import Database
from isomorph.orm.model import Model
from tests.support.databases import RawConnection, fetch_all

__all__ = ["Told", "Witness", "check_told", "new_secret"]

E = TypeVar("E", bound=errors.IsomorphError)


def new_secret() -> str:
    """A text that stands in no source line, so that only a leak can bring it into a traceback."""
    return f"s{uuid4().hex[:16]}"


_DIGITS = re.compile(r"\d.*\d.*\d", re.DOTALL)


class Told:
    """What was raised in a block, once the block has ended."""

    error: Any


def check_told(error: errors.IsomorphError, secrets: Sequence[str]) -> None:
    """Assert that neither the error, nor what is chained to it, nor the printed traceback holds a secret."""
    links: list[BaseException] = []
    queue: list[BaseException | None] = [error]
    while queue:
        link = queue.pop()
        if link is not None and link not in links:
            links.append(link)
            queue += [link.__cause__, link.__context__]
    texts = ["".join(traceback.format_exception(error)), *(text for link in links for text in (str(link), repr(link)))]
    for secret in secrets:
        assert not any(secret in text for text in texts), f"{type(error).__name__} tells a value"
    for link in links:
        assert type(link).__module__ == "isomorph.errors", f"{type(link)} is chained"
    assert str(error).strip()


@dataclass(frozen=True)
class Witness:
    """Looks at all tables of a package through a plain connection.

    Attributes:
        raw: the plain connection.
        database: the package's.
        write: saves a row that is in nobody's way.
    """

    raw: RawConnection
    database: Database
    write: Callable[[], Model]

    def quoted(self, name: str) -> str:
        """A name as the plain connection takes it in SQL without parameters, where a percent sign is itself."""
        dialect = self.database.connection().dialect
        quoted = dialect.quoted(name)
        return quoted.replace("%%", "%") if "%" in dialect.placeholder else quoted

    def rows(self) -> dict[str, list[tuple[Any, ...]]]:
        """All rows of all tables that have any, as the client library gives them."""
        quoted = self.quoted
        names = [table.name for table in self.database.catalog.tables()]
        counts = " UNION ALL ".join(
            f"SELECT {number}, COUNT(*) FROM {quoted(name)}" for number, name in enumerate(names)
        )
        full: list[str] = [names[number] for number, count in fetch_all(self.raw, counts) if count]
        return {name: sorted(fetch_all(self.raw, f"SELECT * FROM {quoted(name)}"), key=repr) for name in full}

    @contextmanager
    def refuses(
        self, expected: type[errors.IsomorphError], *secrets: object, match: str | None = None
    ) -> Generator[Told]:
        """A block that raises an error of just this class, telling none of the secrets and changing no row.

        Args:
            expected: the class.
            secrets: what the error may not tell, as text and as code.
            match: a regular expression that the error's text must meet.
        """
        # A word without a digit, such as True, is in the source lines of a traceback, too.
        texts = {text for secret in secrets for text in (str(secret), repr(secret)) if _DIGITS.search(text)}
        before = self.rows()
        told = Told()
        with pytest.raises(expected, match=match) as caught:
            yield told
        told.error = caught.value
        assert type(caught.value) is expected
        check_told(caught.value, sorted(texts))
        self.check_usable(before)

    def check_usable(self, before: dict[str, list[tuple[Any, ...]]]) -> None:
        """Assert that the rows are as before, and that what is written next is kept at once, so no transaction is open."""
        assert self.rows() == before
        probe = self.write()
        assert self.rows() != before
        probe.delete()
        assert self.rows() == before
