"""Values of the shop, and what they are in its tables."""

from dataclasses import dataclass
from decimal import Decimal
from pathlib import PurePosixPath


@dataclass(frozen=True)
class Money:
    """An amount."""

    cents: int


class MoneyCast:
    """Money as a decimal."""

    def to_database(self, value: Money, /) -> Decimal:
        return Decimal(value.cents) / 100

    def from_database(self, value: Decimal, /) -> Money:
        return Money(int(value * 100))


class FolderCast:
    """A folder as text."""

    def to_database(self, value: PurePosixPath, /) -> str:
        return str(value)

    def from_database(self, value: str, /) -> PurePosixPath:
        return PurePosixPath(value)


class UpperCast:
    """Text in capitals."""

    def to_database(self, value: str, /) -> str:
        return value.upper()

    def from_database(self, value: str, /) -> str:
        return value
