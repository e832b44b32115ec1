"""Options of a URL, read one by one by a driver. Owns their errors: a bad value, a name that no one asked for."""

from __future__ import annotations

import re
from collections.abc import Sequence

from isomorph.drivers.base import Target
from isomorph.errors import InvalidUrl, near_hint

__all__ = ["Options"]

_DURATION = re.compile(r"(\d+(?:\.\d+)?)(ms|s|min|h)?")
_UNITS_S = {"ms": 0.001, "s": 1.0, None: 1.0, "min": 60.0, "h": 3600.0}
_FLAGS = {"on": True, "true": True, "yes": True, "1": True, "off": False, "false": False, "no": False, "0": False}


class Options:
    """The options of a target. Each method takes one; `finish` refuses what is left.

    Values are not repeated in errors: an option may be a password.

    Raises:
        InvalidUrl: from each method, when the option's value has no meaning.
    """

    def __init__(self, target: Target) -> None:
        self._driver = target.driver if target.library is None else f"{target.driver}+{target.library}"
        self._left = dict(target.options)
        self._known: list[str] = []

    def text(self, name: str) -> str | None:
        self._known.append(name)
        return self._left.pop(name, None)

    def choice(self, name: str, choices: Sequence[str]) -> str | None:
        value = self.text(name)
        if value is None or value.lower() in choices:
            return value and value.lower()
        raise _meaningless(name, f"use {', '.join(choices)}")

    def flag(self, name: str, *, default: bool) -> bool:
        value = self.choice(name, tuple(_FLAGS))
        return default if value is None else _FLAGS[value]

    def whole(self, name: str, default: int) -> int:
        value = self.text(name)
        if value is None:
            return default
        if value.isascii() and value.isdigit():
            return int(value)
        raise _meaningless(name, f"write a whole number: {name}={default}")

    def seconds(self, name: str) -> float | None:
        """A duration such as `5s`, `500ms`, `2min`; a bare number is seconds."""
        value = self.text(name)
        if value is None:
            return None
        match = _DURATION.fullmatch(value)
        if match is None:
            raise _meaningless(name, f"write a duration: {name}=5s, or 500ms, 2min")
        return float(match[1]) * _UNITS_S[match[2]]

    def rest(self, known: Sequence[str]) -> dict[str, str]:
        """All others whose names the client library knows, as they are."""
        self._known += known
        return {name: self._left.pop(name) for name in known if name in self._left}

    def finish(self) -> None:
        for name in self._left:
            known = sorted(set(self._known))
            what = f'{self._driver} has no option "{name}"'
            raise InvalidUrl(what, near_hint(name, known, f"it knows {', '.join(known)}"))


def _meaningless(name: str, mend: str) -> InvalidUrl:
    return InvalidUrl(f'the value of the option "{name}" has no meaning', mend)
