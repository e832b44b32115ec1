"""What the linter says, and what a rule is. Pure data."""

from __future__ import annotations

import enum
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass

from isomorph_generator.lint.sight import Place, Sight

__all__ = ["ALL", "Example", "Finding", "Rule", "Said", "Severity", "each"]

ALL = ("sqlite", "postgresql", "mysql")


class Severity(enum.StrEnum):
    """How bad a finding is."""

    ERROR = "error"
    """It fails, or loses something: `orm migrate lint` and `check` leave with 1, and `run` does not begin."""
    WARNING = "warning"
    """It may hold up, or break, what runs meanwhile."""
    NOTE = "note"
    """Worth knowing."""


@dataclass(frozen=True, slots=True)
class Finding:
    """What a rule says of a revision.

    Attributes:
        code: of the rule: `MIG007`.
        name: of the rule: `not-null-without-default`.
        severity: how bad it is.
        revision: id of the revision.
        operation: what it is about, as messages name it: `add column users.age`; empty for the revision as a whole.
        position: number of that operation in `upgrade`, from 0 on; None for the revision as a whole.
        dialects: the databases where it is so.
        message: what is wrong, in one sentence. Never a row's value.
        mend: what to write or do.
    """

    code: str
    name: str
    severity: Severity
    revision: str
    operation: str
    position: int | None
    dialects: tuple[str, ...]
    message: str
    mend: str

    def __str__(self) -> str:
        about = f": {self.operation}" if self.operation else ""
        where = "" if len(self.dialects) == len(ALL) else f" [{', '.join(self.dialects)}]"
        return (
            f"{self.severity}: {self.code} {self.name}{where}: revision {self.revision}{about}: "
            f"{self.message} ({self.mend})"
        )


@dataclass(frozen=True, slots=True)
class Said:
    """What a rule has to say of one place.

    Attributes:
        place: of which operation; None for the revision as a whole.
        message: what is wrong.
        mend: what to do.
        severity: None for the rule's own.
    """

    place: Place | None
    message: str
    mend: str
    severity: Severity | None = None


@dataclass(frozen=True, slots=True)
class Example:
    """Operations of a revision on the tables of `examples.STATE`, as a page and a test take them.

    Attributes:
        upgrade: Python, one or more operations with a comma between.
        head: what else the revision says: `safely=False`.
        downgrade: Python; by default the reverse.
    """

    upgrade: str
    head: str = ""
    downgrade: str = "reverse(upgrade)"


@dataclass(frozen=True, slots=True)
class Rule:
    """A rule.

    Attributes:
        code: `MIG007`.
        name: in a word or three, with hyphens.
        severity: of what it finds, unless what is in a database says more.
        title: what it finds, in one line.
        why: why that matters, in a few sentences, with the page of a manual where it has the fact from.
        bad: what it finds something in, on each of its dialects.
        good: what to write instead, in which it finds nothing.
        look: what it does.
        dialects: where it can find something.
        is_allowable: whether a revision can allow it with a reason; what loses rows is accepted by `lossy` alone.
    """

    code: str
    name: str
    severity: Severity
    title: str
    why: str
    bad: Example
    good: Example
    look: Callable[[Sight], Iterable[Said]]
    dialects: tuple[str, ...] = ALL
    is_allowable: bool = True


def each(look: Callable[[Place], Iterable[Said]]) -> Callable[[Sight], Iterator[Said]]:
    """What looks at a revision by looking at each of its operations."""

    def look_at_all(sight: Sight) -> Iterator[Said]:
        for place in sight.places:
            yield from look(place)

    return look_at_all
