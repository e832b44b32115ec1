"""Every rule finds its bad example on each of its dialects, and nothing in the good one."""

import pytest
from hypothesis import given, settings

from isomorph import dialects
from isomorph.errors import InvalidOperation
from isomorph.migrate import CreateTable, RunPython, State, lossy
from isomorph_generator.lint import RULES, Example, Rule, Severity, lint
from isomorph_generator.migrations import detect
from isomorph_generator.migrations.errors import UnsupportedChanges
from tests.lint.examples import revisions_of
from tests.support.catalogs import any_changed_states
from tests.support.migrations import chain

pytestmark = pytest.mark.feature("lint.rules")


CASES = [pytest.param(rule, name, id=f"{rule.code}-{name}") for rule in RULES for name in rule.dialects]


def _codes(example: Example, dialect: str) -> set[str]:
    return {finding.code for finding in lint(revisions_of(example), (dialect,), only={"r2"})}


@pytest.mark.parametrize(("rule", "name"), CASES)
def test_a_rule_finds_its_bad_example_and_not_its_good_one(rule: Rule, name: str) -> None:
    assert rule.code in _codes(rule.bad, name)
    assert rule.code not in _codes(rule.good, name)


@pytest.mark.parametrize("rule", RULES, ids=lambda rule: rule.code)
def test_a_rule_that_is_of_some_dialects_finds_nothing_on_the_others(rule: Rule) -> None:
    for dialect in set(dialects.NAMES) - {*rule.dialects}:
        assert rule.code not in _codes(rule.bad, dialect)


def test_codes_and_names_are_unique_and_all_of_one_form() -> None:
    assert [rule.code for rule in RULES] == [f"MIG{number:03}" for number in range(1, len(RULES) + 1)]
    assert len({rule.name for rule in RULES}) == len(RULES)


def test_a_finding_says_what_where_and_how_to_mend_it() -> None:
    (rule,) = (rule for rule in RULES if rule.code == "MIG007")
    found = lint(revisions_of(rule.bad), dialects.NAMES, only={"r2"})
    (finding,) = (finding for finding in found if finding.code == rule.code)
    assert (finding.severity, finding.revision, finding.operation) == (Severity.ERROR, "r2", "add column users.country")
    assert finding.dialects == dialects.NAMES
    assert finding.position == 0
    assert str(finding) == (
        "error: MIG007 not-null-without-default: revision r2: add column users.country: rows of users have no value for "
        "country, which is NOT NULL and has no default (give it a default, or add it as nullable, fill it, and make it NOT "
        "NULL then)"
    )


def test_a_table_of_the_same_revision_is_in_nobodys_use() -> None:
    for rule in RULES:
        example = revisions_of(rule.bad)
        (before, after) = example.items
        if any(isinstance(operation, CreateTable) for operation in after.upgrade):
            continue
        both = chain((*before.upgrade, *after.upgrade))
        found = {finding.code for finding in lint(both, dialects.NAMES)}
        if rule.code in {"MIG007", "MIG008", "MIG009", "MIG010", "MIG011", "MIG015", "MIG016", "MIG017", "MIG012"}:
            assert rule.code not in found, rule.code


@pytest.mark.feature("lint.allow")
@pytest.mark.parametrize(
    ("allow", "message"),
    [
        ({"MIG012": " "}, "it allows MIG012 without a reason"),
        ({"MIG112": "why"}, 'it allows "MIG112", which is no rule'),
        ({"MIG002": "why"}, "MIG002 cannot be allowed"),
        ({"MIG010": "why"}, "it allows MIG010, and there is nothing of that kind"),
    ],
)
def test_an_allowance_that_says_nothing_is_told(allow: dict[str, str], message: str) -> None:
    example = Example('RenameColumn("users", "nickname", "alias")', head=f"allow={allow!r}")
    found = lint(revisions_of(example), ("sqlite",), only={"r2"})
    assert [finding.message for finding in found if finding.code in {"MIG022", "MIG023"}] == [message]
    assert any(finding.code == "MIG012" for finding in found)


def test_what_cannot_be_taken_back_may_say_why() -> None:
    step = 'RunSql("UPDATE users SET nickname = email", atomic=False)'
    assert "MIG019" in _codes(Example(step), "sqlite")
    assert "MIG019" not in _codes(Example(step, downgrade='(Irreversible("nicknames were wrong"),)'), "sqlite")
    assert "MIG019" in _codes(Example(step, downgrade="()"), "sqlite")


def test_a_data_step_in_batches_is_fine() -> None:
    steps = (RunPython(print, print, atomic=False),)
    assert lint(chain(steps), dialects.NAMES) == ()


@settings(max_examples=60, deadline=None)
@given(states=any_changed_states())
def test_no_revision_that_is_made_is_too_much_for_the_linter(states: tuple[State, State]) -> None:
    before, after = states
    try:
        there = detect(State(), before, asks=False)
        forward, back = detect(before, after, asks=False), detect(after, before, asks=False)
    except (UnsupportedChanges, InvalidOperation):
        return
    for finding in lint(chain(there, forward, back), dialects.NAMES):
        assert finding.message
        assert finding.mend
        assert str(finding)


@pytest.mark.parametrize("operations", [("why",), (" ", RunPython(print))], ids=["no operation", "no reason"])
def test_lossy_needs_a_reason_and_an_operation(operations: tuple[str, *tuple[RunPython, ...]]) -> None:
    with pytest.raises(InvalidOperation, match=r"lossy\(\) is given no (reason|operation)"):
        lossy(*operations)
