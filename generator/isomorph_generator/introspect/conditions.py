"""Reads conditions and computed values of a database back into expressions, where they are simple and certain. Pure.

Certain means: comparisons, lists, ranges and sums of columns with constants of their own type, without a function or a
cast that would change a value; and that isomorph, writing the expression, writes what is read as the same again.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from decimal import Decimal

from isomorph.catalog import (
    INTEGERS,
    NUMBERS,
    TEXTS,
    And,
    Arithmetic,
    Between,
    ColumnRef,
    Comparison,
    Expression,
    In,
    IsNull,
    Kind,
    Literal,
    Not,
    Or,
    Table,
    parts_of,
)
from isomorph.errors import InvalidOperation
from isomorph_generator.introspect.constants import constant
from isomorph_generator.introspect.tokens import Token, closing, split, tokens

__all__ = ["read_expression"]

_COMPARISONS = {"=": "=", "==": "=", "<>": "<>", "!=": "<>", "<": "<", "<=": "<=", ">": ">", ">=": ">="}
_TEXTUAL = frozenset({*TEXTS, Kind.ENUM})


def read_expression(text: str, table: Table, *, escapes: bool, write: Callable[[Expression], str]) -> Expression | None:
    """The expression that a text is; None where that is not certain.

    Args:
        text: SQL of a check, an index or a generated column.
        table: whose columns it names.
        escapes: whether a backslash in a string is an escape.
        write: how isomorph writes an expression in the same place.
    """
    try:
        found = _Reader(text, table, escapes=escapes).expression()
        again = _Reader(write(found), table, escapes=escapes).expression()
    except (_Unclear, InvalidOperation, KeyError):
        return None
    return found if again == found else None


class _Unclear(Exception):
    """The text is more than this module reads."""


_CAST_NUMBERS = frozenset({"smallint", "integer", "bigint", "numeric"})


def _number_of(value: bool | int | Decimal | str | None, cast_type: str) -> bool | int | Decimal | str | None:
    """A constant; PostgreSQL writes a negative number as a text that it casts: `'-9'::integer`."""
    if isinstance(value, str) and cast_type in _CAST_NUMBERS:
        number = Decimal(value)
        return int(number) if cast_type != "numeric" else number
    return value


class _Reader:
    def __init__(self, text: str, table: Table, *, escapes: bool) -> None:
        self._found, self._place, self._escapes = tokens(text, escapes=escapes), 0, escapes
        self._kinds = {column.name: column.type.kind for column in table.columns}
        self._by_lower = {name.lower(): name for name in self._kinds}

    def expression(self) -> Expression:
        result = self._or()
        if self._place < len(self._found):
            raise _Unclear
        return result

    # --- conditions ------------------------------------------------------------------------------------------------------

    def _or(self) -> Expression:
        items = [self._and()]
        while self._take_word("OR"):
            items.append(self._and())
        return items[0] if len(items) == 1 else Or(tuple(items))

    def _and(self) -> Expression:
        items = [self._not()]
        while self._take_word("AND"):
            items.append(self._not())
        flat = [part for item in items for part in (item.items if isinstance(item, And) else (item,))]
        return flat[0] if len(flat) == 1 else And(tuple(flat))

    def _not(self) -> Expression:
        return Not(self._not()) if self._take_word("NOT") else self._predicate()

    def _predicate(self) -> Expression:
        left = self._sum()
        sign = _COMPARISONS.get(self._text)
        if sign is not None:
            self._place += 1
            if sign in {"=", "<>"} and self._word in {"ANY", "ALL"}:
                return self._any(left, negated=sign == "<>")
            return self._typed(Comparison(sign, left, self._sum()))
        if self._take_word("IS"):
            negated = self._take_word("NOT")
            self._expect("NULL")
            return IsNull(left, negated)
        negated = self._take_word("NOT")
        if self._take_word("IN"):
            return self._in(left, self._group(), negated=negated)
        if self._take_word("BETWEEN"):
            low = self._sum()
            self._expect("AND")
            return self._typed(Between(left, low, self._sum(), negated))
        if negated:
            raise _Unclear
        return left

    def _any(self, left: Expression, *, negated: bool) -> Expression:
        """PostgreSQL's IN: `= ANY (ARRAY['a'::text, 'b'::text])`, a cast of the list around it."""
        if self._word != ("ALL" if negated else "ANY"):
            raise _Unclear
        self._place += 1
        inner = self._group()
        while inner and inner[0].text == "(" and closing(inner, 0) < len(inner) - 1:
            inner = inner[1 : closing(inner, 0)]
        if len(inner) < 3 or inner[0].word != "ARRAY" or inner[1].text != "[" or inner[-1].text != "]":
            raise _Unclear
        return self._in(left, inner[2:-1], negated=negated)

    def _in(self, left: Expression, found: Sequence[Token], *, negated: bool) -> Expression:
        items: list[Expression] = []
        for part in split(found):
            value = constant(" ".join(token.text for token in part), escapes=self._escapes)
            if value is None or value[0] is None or isinstance(value[0], bytes):
                raise _Unclear
            items.append(Literal(_number_of(value[0], part[-1].text)))
        return self._typed(In(left, tuple(items), negated))

    def _typed(self, condition: Comparison | Between | In) -> Expression:
        """A condition whose constants are of the type of the column that they stand beside."""
        parts = parts_of(condition)
        kinds = {self._kind(part) for part in parts} - {None}
        if len(kinds) != 1 or not any(isinstance(part, ColumnRef | Arithmetic) for part in parts):
            raise _Unclear
        return condition

    def _kind(self, part: Expression) -> str | None:
        """What a part is: a number, a text, or nothing that is certain."""
        match part:
            case Literal(bool()):
                return "bool"
            case Literal(int() | Decimal()):
                return "number"
            case Literal(str()):
                return "text"
            case ColumnRef(name):
                kind = self._kinds[name]
                return "number" if kind in NUMBERS else "text" if kind in _TEXTUAL else kind.value
            case Arithmetic():
                return "number"
            case _:
                raise _Unclear

    # --- values ----------------------------------------------------------------------------------------------------------

    def _sum(self) -> Expression:
        result = self._product()
        while self._text in {"+", "-"}:
            operator = self._take().text
            result = self._arithmetic(operator, result, self._product())
        return result

    def _product(self) -> Expression:
        result = self._value()
        while self._text == "*":
            self._place += 1
            result = self._arithmetic("*", result, self._value())
        return result

    def _arithmetic(self, operator: str, left: Expression, right: Expression) -> Expression:
        if self._kind(left) != "number" or self._kind(right) != "number":
            raise _Unclear
        return Arithmetic(operator, left, right)

    def _value(self) -> Expression:
        if self._text == "(":
            start = self._place
            end = closing(self._found, start)
            self._place += 1
            result = self._or()
            if self._place != end:
                raise _Unclear
            self._place += 1
            return self._cast(result)
        if self._text == "-" or self._kind_here in {"number", "string"} or self._word in {"TRUE", "FALSE", "NULL"}:
            return self._constant()
        if self._kind_here not in {"word", "quoted"}:
            raise _Unclear
        name = self._by_lower.get(self._take().name.lower())
        if name is None or self._text == "(":
            raise _Unclear
        return self._cast(ColumnRef(name))

    def _constant(self) -> Expression:
        start = self._place
        self._place += 2 if self._text == "-" else 1
        text = " ".join(token.text for token in self._found[start : self._place])
        value = constant(text, escapes=self._escapes)
        if value is None or isinstance(value[0], bytes):
            raise _Unclear
        return Literal(_number_of(value[0], self._skip_cast()))

    def _cast(self, value: Expression) -> Expression:
        """A value behind which casts stand that keep it as it is."""
        while self._text == "::":
            type_ = self._skip_cast()
            kind = self._kinds[value.name] if isinstance(value, ColumnRef) else None
            is_text = kind in TEXTS and type_ == "text"
            is_wider = kind in INTEGERS and type_ in {"numeric", "bigint"}
            if not (isinstance(value, Literal) or is_text or is_wider):
                raise _Unclear
        return value

    def _skip_cast(self) -> str:
        """Go behind a cast: its type's name."""
        words: list[str] = []
        while self._text == "::":
            self._place += 1
            words = []
            while self._kind_here in {"word", "quoted"} and self._word not in {"AND", "OR", "IS", "IN", "NOT"}:
                words.append(self._take().name.lower())
            if self._is("("):
                self._group()
            while self._is("[") or self._is("]"):
                self._place += 1
        return " ".join(words)

    # --- tokens ----------------------------------------------------------------------------------------------------------

    def _group(self) -> list[Token]:
        if self._text != "(":
            raise _Unclear
        end = closing(self._found, self._place)
        inner = self._found[self._place + 1 : end]
        self._place = end + 1
        return inner

    @property
    def _here(self) -> Token | None:
        return self._found[self._place] if self._place < len(self._found) else None

    @property
    def _text(self) -> str:
        return "" if self._here is None else self._here.text

    @property
    def _word(self) -> str:
        return "" if self._here is None else self._here.word

    @property
    def _kind_here(self) -> str:
        return "" if self._here is None else self._here.kind

    def _is(self, text: str) -> bool:
        return self._text == text

    def _take(self) -> Token:
        if self._here is None:
            raise _Unclear
        token = self._here
        self._place += 1
        return token

    def _take_word(self, word: str) -> bool:
        if self._word != word:
            return False
        self._place += 1
        return True

    def _expect(self, word: str) -> None:
        if not self._take_word(word):
            raise _Unclear
