"""Checks calls of functions and tests against patterns: what they take, and what they give."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Protocol

from isomorph.catalog import (
    FUNCTIONS,
    NUMBERS,
    Call,
    Expression,
    Function,
    Kind,
    Like,
    Literal,
    Matches,
    Parameter,
    common_kind,
    value_kind,
)
from isomorph.catalog.patterns import InvalidPattern, check
from isomorph_generator.schema.expressions.families import FAMILIES, Family, Typed
from isomorph_generator.schema.expressions.syntax import Binary, FunctionCall, Node, PatternTest

__all__ = ["Judge", "call", "concatenation", "pattern_test"]

_WORDS = {
    Kind.TEXT: "a text",
    Kind.BIGINT: "a whole number",
    Kind.DECIMAL: "a decimal",
    Kind.DOUBLE: "a double",
    Kind.DATE: "a date",
    Kind.TIME: "a time",
    Kind.DATETIME: "a datetime",
    Kind.TIMESTAMPTZ: "a timestamptz",
}
_KNOWS_NO_ORDER = frozenset({Family.JSON, Family.BYTES, Family.OTHER})


class Judge(Protocol):
    """What a check of one part needs of the check of the whole."""

    @property
    def in_scope(self) -> bool:
        """Whether the expression is that of a scope."""
        ...

    def typed(self, node: Node) -> Typed:
        """Another part, checked."""
        ...

    def pair(self, left: Typed, right: Typed, *, ordered: bool, index: int) -> tuple[Typed, Typed]:
        """Two parts that must be of one type, constants in the other side's type."""
        ...

    def wrong(self, index: int, problem: str, hint: str) -> None:
        """Take note of a mistake."""
        ...

    def unknown_function(self, index: int, name: str) -> None:
        """Take note of a function that the language does not have."""
        ...


# --- functions -----------------------------------------------------------------------------------------------------------


def call(node: FunctionCall, judge: Judge) -> Typed:
    """A call, checked."""
    name = node.name.lower()
    function = FUNCTIONS.get(name)
    arguments = [judge.typed(argument) for argument in node.arguments]
    if function is None:
        judge.unknown_function(node.index, node.name)
        return _unknown(node)
    if not function.least <= len(arguments) <= function.most:
        judge.wrong(node.index, f'"{name}" takes {_counted(function)}, not {len(arguments)}', _usage(name, function))
        return _unknown(node)
    if function.moment and not judge.in_scope:
        hint = "only conditions of scopes may ask for it"
        judge.wrong(node.index, f'"{name}()" is another one at any time', hint)
    if any(argument.family is Family.UNKNOWN for argument in arguments):
        return _unknown(node)
    if name in ("coalesce", "nullif"):
        arguments = _alike(name, arguments, judge)
    right = [_takes(name, function, position, argument, judge) for position, argument in enumerate(arguments)]
    if not all(right):
        return _unknown(node)
    expression = Call(name, tuple(argument.expression for argument in arguments))
    kind = _result(name, function, arguments)
    family = Family.UNKNOWN if kind is None else FAMILIES[kind]
    enum = arguments[0].enum if function.result is None and arguments else None
    return Typed(expression, family, node.index, kind, enum, f"{name}()")


def _unknown(node: FunctionCall) -> Typed:
    return Typed(Call(node.name), Family.UNKNOWN, node.index)


def _alike(name: str, arguments: Sequence[Typed], judge: Judge) -> list[Typed]:
    """Arguments that must be of one type."""
    first, *others = arguments
    found: list[Typed] = []
    for other in others:
        if Family.NULL in (first.family, other.family):
            judge.wrong(other.index, f'"{name}" takes no null', "leave it out")
            continue
        if name == "coalesce" and {first.family, other.family} <= _KNOWS_NO_ORDER and first.family is other.family:
            found.append(other)  # nothing is compared
            continue
        first, second = judge.pair(first, other, ordered=False, index=other.index)
        found.append(second)
    return [first, *found]


def _takes(name: str, function: Function, position: int, argument: Typed, judge: Judge) -> bool:
    """Whether an argument is one that the function takes; takes note of a mistake."""
    accepted = function.accepts(position)
    if accepted is None:
        return True
    kind = _kind(argument)
    if kind not in accepted:
        told = argument.told
        if kind is not None and kind in NUMBERS:
            told = f"{argument.called} is {_WORDS[kind]}" if argument.name else _WORDS[kind]
        inexact = kind is Kind.DOUBLE and Kind.DECIMAL in accepted
        hint = "a double has no exact half; use a decimal field" if inexact else _usage(name, function)
        judge.wrong(argument.index, f'"{name}" takes {_either(accepted)}: {told}', hint)
        return False
    least = function.least_count(position)
    value = argument.expression.value if isinstance(argument.expression, Literal) else None
    if least is not None and not (isinstance(value, int) and least <= value <= _MOST_COUNT):
        hint = f"spell it out: a whole number of at least {least}"
        judge.wrong(argument.index, f'"{name}" takes a number here that is the same for all rows', hint)
        return False
    if position in function.texts and not (isinstance(value, str) and value):
        hint = f"spell it out: {name}(field, 'a', 'b')"
        judge.wrong(argument.index, f'"{name}" takes a text here that is the same for all rows and not empty', hint)
        return False
    return True


_MOST_COUNT = 1_000_000


def _kind(argument: Typed) -> Kind | None:
    if argument.kind is not None:
        return value_kind(argument.kind)
    return Kind.TEXT if argument.family is Family.TEXT else None


def _result(name: str, function: Function, arguments: Sequence[Typed]) -> Kind | None:
    if function.result is not None:
        return function.result
    if name == "round":
        return Kind.BIGINT if len(arguments) == 1 else Kind.DECIMAL
    found: Kind | None = None
    for argument in arguments:
        kind = argument.kind
        numeric = kind in NUMBERS and found in NUMBERS
        found = common_kind(_canonical(found), _canonical(kind)) if numeric else found or _kind(argument)
    return found


def _canonical(kind: Kind | None) -> Kind | None:
    return None if kind is None else value_kind(kind)


def _counted(function: Function) -> str:
    least, most = function.least, function.most
    if most == least:
        return "no argument" if not least else "one argument" if least == 1 else f"{least} arguments"
    if most == least + 1:
        return f"{least} or {most} arguments"
    return "at least one argument" if least == 1 else f"at least {least} arguments"


def _usage(name: str, function: Function) -> str:
    """How it is written: `round(number, 2)`."""
    shown = ["field", "'a'", "'b'"] if name == "replace" else ["field", *(str(least) for _, least in function.counts)]
    if name in ("coalesce", "nullif", "concat"):
        shown = ["a", "b"]
    return f"write {name}({', '.join(shown[: function.most])})"


def _either(kinds: frozenset[Kind]) -> str:
    words = [word for kind, word in _WORDS.items() if kind in kinds]
    if kinds >= {Kind.BIGINT, Kind.DECIMAL, Kind.DOUBLE}:
        return "a number"
    return words[0] if len(words) == 1 else f"{', '.join(words[:-1])} or {words[-1]}"


def concatenation(node: Binary, judge: Judge) -> Typed:
    """`a || b || c`: a call of concat."""
    parts: list[Node] = []
    waiting: list[Node] = [node]
    while waiting:
        part = waiting.pop()
        if isinstance(part, Binary) and part.operator == "||":
            waiting += [part.right, part.left]
        else:
            parts.append(part)
    return call(FunctionCall(node.index, "concat", tuple(parts)), judge)


# --- patterns ------------------------------------------------------------------------------------------------------------


def pattern_test(node: PatternTest, judge: Judge) -> Expression:
    """`item like pattern` or `item matches pattern`, checked."""
    item, pattern = judge.typed(node.item), judge.typed(node.pattern)
    if item.family not in (Family.TEXT, Family.UNKNOWN):
        judge.wrong(item.index, f'"{node.operator}" searches texts: {item.told}', "use a field of text")
    expression = pattern.expression
    if node.operator == "like":
        if pattern.family is not Family.UNKNOWN and not (
            pattern.family is Family.TEXT and isinstance(expression, Literal | Parameter)
        ):
            judge.wrong(pattern.index, "the pattern is no text", "write it: like 'a%', or a parameter")
        return Like(item.expression, expression if isinstance(expression, Parameter) else _text(pattern), node.negated)
    value = _text(pattern).value
    if not isinstance(value, str):
        judge.wrong(pattern.index, "the pattern is no constant text", "write it: matches '^[a-z]+$'")
        return Matches(item.expression, "", node.negated)
    try:
        check(value)
    except InvalidPattern as error:
        judge.wrong(pattern.index + 1 + error.index, f"the pattern: {error.problem}", error.hint)
    return Matches(item.expression, value, node.negated)


def _text(typed: Typed) -> Literal:
    return typed.expression if isinstance(typed.expression, Literal) else Literal(None)
