"""The pages of the linter are what its rules say."""

import pytest

import lint_pages
from isomorph_generator.lint import RULES, Rule
from tests.docs.pages import ROOT

pytestmark = pytest.mark.feature("lint.rules")


def test_the_pages_are_what_the_rules_say() -> None:
    assert lint_pages.outdated() == [], "renewed by: make lint-pages"


@pytest.mark.parametrize("rule", RULES, ids=lambda rule: rule.code)
def test_a_rule_has_a_page_with_what_is_found_and_what_is_not(rule: Rule) -> None:
    code = rule.code
    text = (ROOT / f"docs/lint/{code}.md").read_text()
    assert text.startswith(f"# {code}: ")
    assert "## Found\n" in text
    assert "## Not found\n" in text
    assert f"({code}.md)" in (ROOT / "docs/lint/index.md").read_text()
