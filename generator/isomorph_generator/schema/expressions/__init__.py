"""The expression language of the schema: conditions over a model's own fields, for checks, partial indexes and scopes."""

from __future__ import annotations

from decimal import Decimal

from isomorph.catalog import Expression
from isomorph_generator.schema.errors import ExpressionSyntax
from isomorph_generator.schema.expressions.checking import Checker, Known, Vocabulary
from isomorph_generator.schema.expressions.syntax import NOT_YET_HINT, Constant, Malformed, names_in, parsed
from isomorph_generator.schema.expressions.text import expression_text, literal_text
from isomorph_generator.schema.report import Report
from isomorph_generator.schema.scan import Path

__all__ = ["Known", "Vocabulary", "compiled", "constant", "expression_text", "fields_of", "literal_text"]


def compiled(text: str, vocabulary: Vocabulary, path: Path, report: Report) -> tuple[Expression | None, frozenset[str]]:
    """The condition that a text means, over columns.

    Args:
        text: the text as tomllib read it.
        vocabulary: what its names mean.
        path: where the text stands, for positions inside it.
        report: takes the mistakes.

    Returns:
        The condition, None when there are mistakes; and the parameters that it uses.
    """
    try:
        node = parsed(text)
    except Malformed as error:
        in_scope = vocabulary.parameters is not None and error.hint == NOT_YET_HINT
        hint = "use a method of the model's `query_behaviour`" if in_scope else error.hint
        report.add(ExpressionSyntax(*report.inside(path, error.index), error.problem, hint))
        return None, frozenset()
    before = len(report.errors)
    checker = Checker(vocabulary, lambda index: report.inside(path, index), report.add)
    expression = checker.check(node)
    return (expression if len(report.errors) == before else None), frozenset(checker.used)


def constant(text: str) -> tuple[int | Decimal | str | None] | None:
    """The value of a text that is one constant, in a tuple of one; None when it is none."""
    try:
        node = parsed(text)
    except Malformed:
        return None
    return (node.value,) if isinstance(node, Constant) else None


def fields_of(text: str) -> frozenset[str] | None:
    """The names of fields that a text uses; None when it cannot be read."""
    try:
        return names_in(parsed(text))
    except Malformed:
        return None
