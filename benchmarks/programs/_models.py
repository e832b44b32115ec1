"""What the models have in common that a program imports besides `User`, in whatever words it declares them."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

__all__ = ["KEY", "Model", "ending", "others", "server"]

KEY = 1


@dataclass(frozen=True, slots=True)
class Model:
    """A model with the fields `name`, `email` (unique), `age` (nullable), `active`, `price` (decimal) and `born` (nullable).

    Args:
        number: from 1.
        parent: the model that it belongs to by `parent`, which has it as `children`.
        owner: the model that it belongs to by `owner`.
    """

    number: int
    parent: str
    owner: str

    @property
    def name(self) -> str:
        """Of the class."""
        return _name(self.number)

    @property
    def table(self) -> str:
        """In lower case, as everything in SQL."""
        return f"m{self.number}"


def _name(number: int) -> str:
    return f"M{number}" if number else "User"


def others(models: int) -> Iterator[Model]:
    """All but `User`: each belongs to the one before it and to another one."""
    for number in range(1, models):
        yield Model(number, _name(number - 1), _name(number // 2))


def server(**names: str) -> str:
    """Keyword arguments for a server of what stands in the environment, by the words that a driver has for them."""
    words = {"host": "HOST", "port": "PORT", "user": "USER", "password": "PASSWORD", "database": "DATABASE"}
    given = {names.get(word, word): f'os.environ["BENCHMARK_{name}"]' for word, name in words.items()}
    port = names.get("port", "port")
    return ", ".join(f"{word}=int({said})" if word == port else f"{word}={said}" for word, said in given.items())


def ending(row: str) -> str:
    """The last lines of a program: it prints the row, and how many bytes it holds by then.

    Args:
        row: an expression, of the six values or of an object that has them.
    """
    return f"""
found = {row}
names = ("id", "name", "email", "age", "score", "active")
row = found if isinstance(found, tuple) else tuple(getattr(found, name) for name in names)
with open("/proc/self/statm") as file:
    pages = int(file.read().split()[1])
print((*row[:5], bool(row[5])), pages * os.sysconf("SC_PAGE_SIZE"), sep="\\n")
"""
