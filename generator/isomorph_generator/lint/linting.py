"""Running the rules over revisions. Owns what is looked at, and what a revision allows."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Sequence
from dataclasses import replace

from isomorph import dialects
from isomorph.errors import InvalidOperation
from isomorph.migrate import LoadedRevision, Revisions, State
from isomorph.migrate.revision import folded
from isomorph_generator.lint.allowances import RULES as ALLOWANCES
from isomorph_generator.lint.allowances import unfit, unused
from isomorph_generator.lint.deploys import RULES as DEPLOYS
from isomorph_generator.lint.findings import Finding, Rule, Severity
from isomorph_generator.lint.live import Live
from isomorph_generator.lint.locks import RULES as LOCKS
from isomorph_generator.lint.losses import RULES as LOSSES
from isomorph_generator.lint.rows import RULES as ROWS
from isomorph_generator.lint.sight import sight

__all__ = ["RULES", "lint"]

RULES: tuple[Rule, ...] = tuple(sorted((*LOSSES, *ROWS, *LOCKS, *DEPLOYS, *ALLOWANCES), key=lambda rule: rule.code))
"""All rules, by code."""


def lint(
    revisions: Revisions,
    dialects: Sequence[str],
    *,
    only: Collection[str] | None = None,
    live: Live | None = None,
) -> tuple[Finding, ...]:
    """What the rules find in revisions.

    Args:
        revisions: all of the folder, in order.
        dialects: names of the databases that they are to run on.
        only: ids of those to look at; None for all.
        live: a database to look into; of its dialect, which is the only one of `dialects` then.

    Returns:
        By revision, in their order; in it by operation, errors first.

    Raises:
        MigrationError: an operation does not fit the state it meets.
    """
    found: list[Finding] = []
    state = State()
    for revision in revisions:
        after = folded(revision, state)
        if only is None or revision.id in only:
            found += _allowed(revision, _merged(_found(revision, dialects, state, live)), is_whole=live is None)
        state = after
    return tuple(found)


def _found(revision: LoadedRevision, names: Sequence[str], before: State, live: Live | None) -> Iterator[Finding]:
    for name in names:
        seen = sight(revision, dialects.get(name), before, live)
        for rule in RULES:
            if name not in rule.dialects:
                continue
            try:
                said = [*rule.look(seen)]
            except InvalidOperation:
                continue  # it cannot be said on this dialect at all, which running it says
            for one in said:
                operation, position = (
                    ("", None) if one.place is None else (str(one.place.operation), one.place.position)
                )
                yield Finding(
                    rule.code,
                    rule.name,
                    one.severity or rule.severity,
                    revision.id,
                    operation,
                    position,
                    (name,),
                    one.message,
                    one.mend,
                )


def _merged(findings: Iterator[Finding]) -> list[Finding]:
    """The findings, those that are the same on several dialects once."""
    by_text: dict[Finding, tuple[str, ...]] = {}
    for finding in findings:
        alike = replace(finding, dialects=())
        by_text[alike] = tuple(dict.fromkeys((*by_text.get(alike, ()), *finding.dialects)))
    return [replace(finding, dialects=names) for finding, names in by_text.items()]


_ORDER = list(Severity)


def _allowed(revision: LoadedRevision, findings: Sequence[Finding], *, is_whole: bool) -> list[Finding]:
    """What is left of the findings, and what is wrong with the allowances themselves.

    Args:
        revision: the revision.
        findings: all of them.
        is_whole: whether they are of all dialects, and not of what one database happens to hold: only then an allowance
            that none is of is for nothing.
    """
    fit = {code for code, reason in revision.allow.items() if unfit(code, reason, RULES) is None}
    kept = [finding for finding in findings if finding.code not in fit]
    hit = {finding.code for finding in findings}
    kept += (
        finding
        for code, reason in revision.allow.items()
        for finding in (
            unfit(code, reason, RULES),
            None if code in hit or code not in fit or not is_whole else unused(code),
        )
        if finding is not None
        for finding in (replace(finding, revision=revision.id, dialects=tuple(dialects.NAMES)),)
    )
    return sorted(
        kept, key=lambda finding: (-1 if finding.position is None else finding.position, _ORDER.index(finding.severity))
    )
