"""Reads the text of an expression into a tree. Owns the grammar; knows no fields and no types.

    or < and < not < comparisons, in, between, is, like, matches < + - || < * / % < unary minus

Comparisons do not chain. Names, numbers, 'texts' or "texts" (a quote is doubled inside), true, false, null, :parameters,
functions(of, these).
"""

from __future__ import annotations

import re
from collections.abc import Callable, Generator
from contextlib import contextmanager
from dataclasses import dataclass
from decimal import Decimal
from typing import Final, TypeAlias

__all__ = [
    "NOT_YET_HINT",
    "Binary",
    "Constant",
    "FunctionCall",
    "Malformed",
    "Membership",
    "Name",
    "Negated",
    "Node",
    "NullTest",
    "ParameterName",
    "PatternTest",
    "Range",
    "names_in",
    "parsed",
]


class Malformed(Exception):
    """The text is no expression: where (index of a character), what, how to mend it."""

    def __init__(self, index: int, problem: str, hint: str) -> None:
        super().__init__(index, problem, hint)
        self.index, self.problem, self.hint = index, problem, hint


# --- the tree; `index` is where the part starts (an operator: where it stands) ------------------------------------------


@dataclass(frozen=True, slots=True)
class Name:
    """A field."""

    index: int
    name: str


@dataclass(frozen=True, slots=True)
class Constant:
    """A number, a text, `true`, `false` or `null`."""

    index: int
    value: bool | int | Decimal | str | None


@dataclass(frozen=True, slots=True)
class ParameterName:
    """`:name`, without the colon."""

    index: int
    name: str


@dataclass(frozen=True, slots=True)
class Negated:
    """`not item`, or `- item`; operator tells which."""

    index: int
    operator: str
    item: Node


@dataclass(frozen=True, slots=True)
class Binary:
    """`or`, `and`, a comparison or an arithmetic operator between two parts."""

    index: int
    operator: str
    left: Node
    right: Node


@dataclass(frozen=True, slots=True)
class Membership:
    """`item in (items)`, or `not in`."""

    index: int
    item: Node
    items: tuple[Node, ...]
    negated: bool


@dataclass(frozen=True, slots=True)
class Range:
    """`item between low and high`, or `not between`."""

    index: int
    item: Node
    low: Node
    high: Node
    negated: bool


@dataclass(frozen=True, slots=True)
class NullTest:
    """`item is null`, or `is not null`."""

    index: int
    item: Node
    negated: bool


@dataclass(frozen=True, slots=True)
class PatternTest:
    """`item like pattern` or `item matches pattern`, or `not`; operator tells which."""

    index: int
    operator: str
    item: Node
    pattern: Node
    negated: bool


@dataclass(frozen=True, slots=True)
class FunctionCall:
    """`name(arguments)`."""

    index: int
    name: str
    arguments: tuple[Node, ...]


Node: TypeAlias = (
    Name | Constant | ParameterName | Negated | Binary | Membership | Range | NullTest | PatternTest | FunctionCall
)


def names_in(node: Node) -> frozenset[str]:
    """The fields that a tree names, however deep."""
    found: set[str] = set()
    waiting: list[Node] = [node]
    while waiting:
        match waiting.pop():
            case Name(_, name):
                found.add(name)
            case Negated(_, _, item) | NullTest(_, item, _):
                waiting.append(item)
            case PatternTest(_, _, item, pattern, _):
                waiting += [item, pattern]
            case FunctionCall(_, _, arguments):
                waiting += arguments
            case Binary(_, _, left, right):
                waiting += [left, right]
            case Membership(_, item, items, _):
                waiting += [item, *items]
            case Range(_, item, low, high, _):
                waiting += [item, low, high]
            case Constant() | ParameterName():
                pass
    return frozenset(found)


# --- tokens --------------------------------------------------------------------------------------------------------------

_TOKEN = re.compile(
    r"""
    (?P<blank>\s+)
    | (?P<number>(?:[0-9]+(?:\.[0-9]*)?|\.[0-9]+)(?:[eE][+-]?[0-9]+)?)
    | (?P<text>'(?:[^']|'')*'|"(?:[^"]|"")*")
    | (?P<parameter>:[^\W\d]\w*)
    | (?P<name>[^\W\d]\w*)
    | (?P<operator><=|>=|<>|!=|==|&&|\|\||[-+*/%()=<>,])
    """,
    re.VERBOSE,
)
_KEYWORDS = frozenset({"and", "or", "not", "in", "between", "is", "null", "true", "false"})
_FOREIGN = {
    "==": "use =",
    "&&": "use and",
    "!": "use not",
    "`": "write field names without quotes",
    "[": "lists are in parentheses: in (1, 2)",
    ";": "an expression is one condition",
}
NOT_YET_HINT: Final = "use SQL by hand: { sql = { ... } }"
_NOT_YET = {
    "ilike": "write lower(field) like '...'",
    "regexp": "write field matches '...'",
    "rlike": "write field matches '...'",
    "exists": NOT_YET_HINT,
    "case": NOT_YET_HINT,
    "cast": NOT_YET_HINT,
}
"""What other languages have here, and what to write instead."""
_PATTERNS = ("like", "matches")
"""Words between a text and a pattern; a field may be called so."""
_COMPARISONS = {"=": "=", "!=": "<>", "<>": "<>", "<": "<", "<=": "<=", ">": ">", ">=": ">="}
_LARGEST_DEPTH: Final = 100
_LONGEST_NUMBER: Final = 100


@dataclass(frozen=True, slots=True)
class _Token:
    """kind is `number`, `text`, `parameter`, `name`, `operator`, `keyword` or `end`."""

    index: int
    kind: str
    text: str


def _tokens(text: str) -> list[_Token]:
    tokens: list[_Token] = []
    at = 0
    while at < len(text):
        match = _TOKEN.match(text, at)
        char = text[at]
        if match is None:
            problem = "the text has no end" if char in "'\"" else f'"{char}" has no meaning here'
            raise Malformed(at, problem, "close it with the quote that opened it" if char in "'\"" else _hint(char))
        kind = match.lastgroup or ""
        if match[0] in _FOREIGN:
            raise Malformed(at, f'"{match[0]}" is no operator', _FOREIGN[match[0]])
        if kind == "name" and match[0].lower() in _KEYWORDS:
            tokens.append(_Token(at, "keyword", match[0].lower()))
        elif kind != "blank":
            tokens.append(_Token(at, kind, match[0]))
        at = match.end()
    return [*tokens, _Token(len(text), "end", "")]


def _hint(char: str) -> str:
    return _FOREIGN.get(char, "see the grammar of expressions")


# --- parser --------------------------------------------------------------------------------------------------------------


def parsed(text: str) -> Node:
    """Read an expression.

    Raises:
        Malformed: the text is none.
    """
    parser = _Parser(text)
    node = parser.disjunction()
    parser.expect_end()
    return node


class _Parser:
    """One method per level of precedence, the loosest first."""

    def __init__(self, text: str) -> None:
        self._tokens = _tokens(text)
        self._at = 0
        self._depth = 0

    @property
    def _token(self) -> _Token:
        return self._tokens[self._at]

    def _take(self, *texts: str) -> _Token | None:
        """The current token if it is one of these operators or keywords; then the next one is current."""
        token = self._token
        if token.kind in ("operator", "keyword") and token.text in texts:
            self._at += 1
            return token
        return None

    def _need(self, text: str, hint: str) -> None:
        if self._take(text) is None:
            raise Malformed(self._token.index, f'expected "{text}"{self._instead()}', hint)

    def _instead(self) -> str:
        return f', not "{self._token.text}"' if self._token.text else ", but the expression ends"

    def expect_end(self) -> None:
        token = self._token
        if token.kind == "end":
            return
        if token.text in _COMPARISONS or token.text in ("in", "between", "is", "not", *_PATTERNS):
            raise Malformed(token.index, "comparisons cannot be chained", 'join two with "and", or use between')
        if (hint := _NOT_YET.get(token.text.lower())) is not None:
            raise Malformed(token.index, f'the language has no "{token.text}"', hint)
        raise Malformed(token.index, f'"{token.text}" is one too many', 'join conditions with "and" or "or"')

    def disjunction(self) -> Node:
        left = self._conjunction()
        while token := self._take("or"):
            left = Binary(token.index, "or", left, self._conjunction())
        return left

    def _conjunction(self) -> Node:
        left = self._negation()
        while token := self._take("and"):
            left = Binary(token.index, "and", left, self._negation())
        return left

    def _negation(self) -> Node:
        if token := self._take("not"):
            with self._deeper(token.index):
                return Negated(token.index, "not", self._negation())
        return self._predicate()

    def _predicate(self) -> Node:
        left = self._sum()
        if token := self._take(*_COMPARISONS):
            return Binary(token.index, _COMPARISONS[token.text], left, self._sum())
        if token := self._take("is"):
            negated = self._take("not") is not None
            self._need("null", 'write "is null" or "is not null"')
            return NullTest(token.index, left, negated)
        negated = False
        if self._token.text == "not" and self._tokens[self._at + 1].text.lower() in ("in", "between", *_PATTERNS):
            negated = self._take("not") is not None
        word = self._token.text.lower()
        if self._token.kind == "name" and word in _PATTERNS:
            index = self._token.index
            self._at += 1
            return PatternTest(index, word, left, self._operand(), negated)
        if token := self._take("in"):
            return Membership(token.index, left, self._list(), negated)
        if token := self._take("between"):
            low = self._sum()
            self._need("and", 'write "between 1 and 9"')
            return Range(token.index, left, low, self._sum(), negated)
        return left

    def _list(self) -> tuple[Node, ...]:
        self._need("(", "write the values in parentheses: in (1, 2)")
        items = self._items()
        self._need(")", "close the list")
        return items

    def _items(self) -> tuple[Node, ...]:
        items = [self._sum()]
        while self._take(","):
            items.append(self._sum())
        return tuple(items)

    def _sum(self) -> Node:
        return self._chain(self._product, "+", "-", "||")

    def _product(self) -> Node:
        return self._chain(self._operand, "*", "/", "%")

    def _chain(self, part: Callable[[], Node], *operators: str) -> Node:
        left = part()
        length = 0
        while token := self._take(*operators):
            length += 1
            if length > _LARGEST_DEPTH:
                raise Malformed(token.index, "too many operators in a row", "split the expression")
            left = Binary(token.index, token.text, left, part())
        return left

    def _operand(self) -> Node:
        if token := self._take("-"):
            with self._deeper(token.index):
                item = self._operand()
            if (
                isinstance(item, Constant)
                and isinstance(item.value, int | Decimal)
                and not isinstance(item.value, bool)
            ):
                return Constant(token.index, _negative(item.value))
            return Negated(token.index, "-", item)
        if token := self._take("("):
            with self._deeper(token.index):
                item = self.disjunction()
            self._need(")", "close the parenthesis")
            return item
        return self._atom()

    def _atom(self) -> Node:
        token = self._token
        self._at += 1
        match token.kind, token.text:
            case "number", text:
                if len(text) > _LONGEST_NUMBER:
                    raise Malformed(token.index, "the number has too many digits", "no database holds it")
                return Constant(token.index, int(text) if text.isdigit() else Decimal(text))
            case "text", text:
                return Constant(token.index, text[1:-1].replace(text[0] * 2, text[0]))
            case "parameter", text:
                return ParameterName(token.index, text[1:])
            case "keyword", "true" | "false" | "null" as word:
                return Constant(token.index, None if word == "null" else word == "true")
            case "name", name if (hint := _NOT_YET.get(name.lower())) is not None:
                raise Malformed(token.index, f'the language has no "{name}"', hint)
            case "name", name if self._token.text == "(":
                return self._call(token.index, name)
            case "name", name:
                return Name(token.index, name)
            case _:
                self._at -= 1
                raise Malformed(
                    token.index, f"expected a field or a value{self._instead()}", "see the grammar of expressions"
                )

    def _call(self, index: int, name: str) -> Node:
        self._need("(", "write the arguments in parentheses")
        if self._take(")"):
            return FunctionCall(index, name, ())
        with self._deeper(index):
            arguments = self._items()
        self._need(")", "close the arguments")
        return FunctionCall(index, name, arguments)

    @contextmanager
    def _deeper(self, index: int) -> Generator[None]:
        self._depth += 1
        if self._depth > _LARGEST_DEPTH:
            raise Malformed(index, "nested too deeply", "split the expression")
        yield
        self._depth -= 1


def _negative(value: int | Decimal) -> int | Decimal:
    """The opposite number with all its digits; Python's minus rounds a Decimal to 28 of them."""
    return value.copy_negate() if isinstance(value, Decimal) and value else -value
