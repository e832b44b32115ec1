"""The expression language of the schema, over a model's own fields: conditions, and what generated fields are made of."""

from __future__ import annotations

from decimal import Decimal

from isomorph.catalog import ColumnType, Expression, columns_of
from isomorph_generator.schema.errors import ExpressionSyntax, ExpressionType
from isomorph_generator.schema.expressions.checking import Checker, Known, Vocabulary
from isomorph_generator.schema.expressions.nulls import may_be_null
from isomorph_generator.schema.expressions.syntax import NOT_YET_HINT, Constant, Malformed, Node, names_in, parsed
from isomorph_generator.schema.expressions.text import expression_text, literal_text
from isomorph_generator.schema.report import Report
from isomorph_generator.schema.scan import Path

__all__ = [
    "Known",
    "Vocabulary",
    "compiled",
    "computed",
    "constant",
    "expression_text",
    "fields_of",
    "index_value",
    "literal_text",
]


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
    node = _read(text, vocabulary, path, report)
    if node is None:
        return None, frozenset()
    before = len(report.errors)
    checker = Checker(vocabulary, lambda index: report.inside(path, index), report.add)
    expression = checker.check(node)
    return (expression if len(report.errors) == before else None), frozenset(checker.used)


def computed(
    text: str, vocabulary: Vocabulary, field: str, type_: ColumnType, path: Path, report: Report
) -> Expression | None:
    """The value that a text means, for a generated field; None when there are mistakes.

    Args:
        text: the text as tomllib read it.
        vocabulary: what its names mean.
        field: the generated field, one of the vocabulary.
        type_: its type.
        path: where the text stands, for positions inside it.
        report: takes the mistakes.
    """
    node = _read(text, vocabulary, path, report)
    if node is None:
        return None
    before = len(report.errors)
    expression = Checker(vocabulary, lambda index: report.inside(path, index), report.add).value(node, type_, field)
    if len(report.errors) > before:
        return None
    at = report.inside(path, 0)
    nullable = {known.column for known in vocabulary.fields.values() if known.nullable}
    if not columns_of(expression):
        report.add(ExpressionType(*at, "the result is the same for all rows", "say `default`"))
    elif not vocabulary.fields[field].nullable and may_be_null(expression, nullable):
        hint = f'make the field nullable, "{type_}?", or use coalesce(..., ...)'
        report.add(ExpressionType(*at, f'the result may be NULL, "{field}" may not', hint))
    else:
        return expression
    return None


def index_value(text: str, vocabulary: Vocabulary, path: Path, report: Report) -> Expression | None:
    """What an index holds of each row, of any type; None when there are mistakes."""
    node = _read(text, vocabulary, path, report)
    if node is None:
        return None
    before = len(report.errors)
    expression = Checker(vocabulary, lambda index: report.inside(path, index), report.add).typed(node).expression
    if len(report.errors) == before and not columns_of(expression):
        report.add(ExpressionType(*report.inside(path, 0), "the result is the same for all rows", "name a field"))
    return expression if len(report.errors) == before else None


def _read(text: str, vocabulary: Vocabulary, path: Path, report: Report) -> Node | None:
    try:
        return parsed(text)
    except Malformed as error:
        in_scope = vocabulary.parameters is not None and error.hint == NOT_YET_HINT
        hint = "use a method of the model's `query_behaviour`" if in_scope else error.hint
        report.add(ExpressionSyntax(*report.inside(path, error.index), error.problem, hint))
    return None


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
