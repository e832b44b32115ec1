"""How a limit reaches each database: PostgreSQL reads it in the text, the others are given it beside the text."""

import re
from typing import Any

__all__ = ["Sly", "bound_limit", "in_standard_form", "limit", "on_each"]

_WRITTEN = re.compile(r"\bLIMIT (\d+)|\?")


class Sly(int):
    """A number whose texts are others."""

    def __str__(self) -> str:
        return "1; DROP TABLE things"

    __repr__ = __str__

    def __format__(self, _spec: str) -> str:
        return str(self)

    def __index__(self) -> Any:
        return str(self)


def bound_limit(dialect: str, number: int) -> tuple[int, ...]:
    """The parameters that a limit is: none where it is written."""
    return () if dialect == "postgresql" else (number,)


def limit(dialect: str, number: int) -> str:
    """The clause in the standard form of texts: `?` for a parameter."""
    return f"LIMIT {'?' if bound_limit(dialect, number) else number}"


def in_standard_form(dialect: str, text: str, *parameters: object) -> tuple[str, tuple[object, ...]]:
    """A text with its limits written, and its other parameters, as a dialect has them: still with `?` and double quotes."""
    values, found = iter(parameters), list[object]()

    def put(match: re.Match[str]) -> str:
        if match[1] is None:
            found.append(next(values))
            return match[0]
        found.extend(bound_limit(dialect, int(match[1])))
        return limit(dialect, int(match[1]))

    made = _WRITTEN.sub(put, text)
    return made, (*found, *values)


def on_each(text: str, *parameters: object) -> dict[str, tuple[str, tuple[object, ...]]]:
    """The same on dialects that differ in limits, quotes and placeholders only, as each of them spells it."""
    sqlite, postgresql, mysql = (
        in_standard_form(dialect, text, *parameters) for dialect in ("sqlite", "postgresql", "mysql")
    )
    return {
        "sqlite": sqlite,
        "postgresql": (postgresql[0].replace("?", "%s"), postgresql[1]),
        "mysql": (mysql[0].replace("?", "%s").replace('"', "`"), mysql[1]),
    }
