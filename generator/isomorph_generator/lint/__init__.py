"""The linter of revisions: what fails, loses or holds up something, before it is run.

    lint(revisions, ("postgresql",)) -> findings

One module per group of rules; a rule is data (`findings.Rule`), from which its page in the docs is made, too.
"""

from isomorph_generator.lint.findings import Example, Finding, Rule, Severity
from isomorph_generator.lint.linting import RULES, lint
from isomorph_generator.lint.live import Live

__all__ = ["RULES", "Example", "Finding", "Live", "Rule", "Severity", "lint"]
