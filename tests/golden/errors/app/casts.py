from dataclasses import dataclass
from decimal import Decimal
from typing import TypeAlias

from pydantic import BaseModel


@dataclass
class Amount:
    number: int


Amounts: TypeAlias = list[Amount]


class AmountCast:
    def to_database(self, value: Amount, /) -> int:
        return value.number

    def from_database(self, value: int, /) -> Amount:
        return Amount(value)


class HalfCast:
    def to_database(self, value: Amount, /) -> int:
        return value.number


class NeedyCast:
    def __init__(self, factor: int) -> None:
        self.factor = factor

    def to_database(self, value: int, /) -> int:
        return value * self.factor

    def from_database(self, value: int, /) -> int:
        return value // self.factor


class AmountsCast:
    def to_database(self, value: Amounts, /) -> list[int]:
        return [amount.number for amount in value]

    def from_database(self, value: list[int], /) -> Amounts:
        return [Amount(number) for number in value]


class Own(BaseModel):
    pass


class Settings(Own):
    theme: str = "light"


class _Rounded:
    def from_database(self, value: Decimal, /) -> Decimal:
        return round(value, 1)


class InheritedCast(_Rounded):
    def to_database(self, value: Decimal, /) -> Decimal:
        return value
