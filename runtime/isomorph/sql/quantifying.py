"""any_ and all_: the values of a sub-query or an array, to compare with at once."""

from __future__ import annotations

from typing import Any, Literal

from typing_extensions import TypeVar

from isomorph.errors import InvalidValue
from isomorph.sql.arrays import Listed
from isomorph.sql.quantified import Quantified
from isomorph.sql.subqueries import Subquery

__all__ = ["all_", "any_"]

T = TypeVar("T")


def any_(values: Subquery[tuple[T]] | Listed[Any, T], /) -> Quantified[T]:
    """One of the values of a sub-query or an array, whichever: what is compared is so with at least one of them."""
    return _quantified("ANY", values)


def all_(values: Subquery[tuple[T]] | Listed[Any, T], /) -> Quantified[T]:
    """Every value of a sub-query or an array: what is compared is so with each of them, and where there are none."""
    return _quantified("ALL", values)


def _quantified(word: Literal["ANY", "ALL"], values: Subquery[Any] | Listed[Any, Any]) -> Quantified[Any]:
    if isinstance(values, Subquery):
        statement = values._select
        statement.only_column  # noqa: B018 - refuses another number of columns
        return Quantified(word, statement)
    if isinstance(values, Listed):  # pyright: ignore[reportUnnecessaryIsInstance] - callers without a type checker
        return Quantified(word, None, values, values._item_codec())
    raise InvalidValue(f"{word.lower()}_()", "a selection of one column, or an array", type(values).__name__)
