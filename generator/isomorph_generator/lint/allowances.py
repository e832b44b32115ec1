"""Rules about what a revision allows: `Revision(..., allow={"MIG012": "the reason"})`."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from isomorph.errors import near_hint
from isomorph_generator.lint.findings import Example, Finding, Rule, Said, Severity
from isomorph_generator.lint.sight import Sight

__all__ = ["RULES", "unfit", "unused"]


def _nothing(sight: Sight) -> Iterator[Said]:
    """What an allowance is worth is known when all other rules have looked."""
    del sight
    yield from ()


_ADD_CITY = 'AddColumn("users", Column("city", t.string(50), nullable=True))'
_RENAME = 'RenameColumn("users", "nickname", "alias")'
_REASON = 'allow={"MIG012": "nothing reads nicknames before the next release"}'

RULES = (
    Rule(
        "MIG022",
        "wrong-allowance",
        Severity.ERROR,
        "What is allowed is no rule, has no reason, or cannot be allowed",
        "An allowance is for the one who reads the revision later, so it needs a reason. What loses rows is accepted by "
        "`lossy(...)` around the operation, for `orm migrate run` asks for that.",
        bad=Example(_RENAME, head='allow={"MIG012": ""}'),
        good=Example(_RENAME, head=_REASON),
        look=_nothing,
        is_allowable=False,
    ),
    Rule(
        "MIG023",
        "unused-allowance",
        Severity.WARNING,
        "What is allowed is not found",
        "The operation that it was for is gone or mended.",
        bad=Example(_ADD_CITY, head=_REASON),
        good=Example(_RENAME, head=_REASON),
        look=_nothing,
        is_allowable=False,
    ),
)
_WRONG, _UNUSED = RULES


def _finding(rule: Rule, message: str, mend: str) -> Finding:
    return Finding(rule.code, rule.name, rule.severity, "", "", None, (), message, mend)


def unfit(code: str, reason: str, rules: Sequence[Rule]) -> Finding | None:
    """What is wrong with an allowance; None where nothing is. The revision is left to the caller."""
    by_code = {rule.code: rule for rule in rules}
    if code not in by_code:
        mend = near_hint(code, tuple(by_code), "`orm migrate lint --rules` lists all")
        return _finding(_WRONG, f'it allows "{code}", which is no rule', mend)
    if not by_code[code].is_allowable:
        return _finding(_WRONG, f"{code} cannot be allowed", 'write lossy("...", ...) around the operation, or mend it')
    if not reason.strip():
        return _finding(_WRONG, f"it allows {code} without a reason", "say why it is fine")
    return None


def unused(code: str) -> Finding:
    """What to say of an allowance that nothing was found for."""
    return _finding(_UNUSED, f"it allows {code}, and there is nothing of that kind", "take it out of `allow`")
