"""How an exception of a client library leaves a driver: translated, and with no value in its chain.

The client library's exception is kept as `driver_error`, out of the chain that a traceback prints: its text, and for
encoding errors the exception itself, may hold values. What is chained in its place is a `DriverFailure` that names its
class and code. Drivers raise after their `except` block has ended, so that Python does not chain it by itself.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from decimal import Decimal
from typing import cast

from isomorph.dialects.base import Dialect, Failure
from isomorph.errors import DatabaseError, DriverFailure, InvalidValue

__all__ = ["chained", "translated", "unbindable"]

_WHERE = "a bound value"
_LARGEST = 2**63 - 1


def translated(dialect: Dialect, failure: Failure) -> DatabaseError:
    """The error to raise for the failure."""
    return chained(dialect.translate(failure), failure)


def chained(error: DatabaseError, failure: Failure) -> DatabaseError:
    """The error, with a redacted copy of the failure as its cause."""
    # The frames of the driver hold the parameters.
    kind = type(failure.error.with_traceback(None))
    error.__cause__ = DriverFailure(f"{kind.__module__}.{kind.__qualname__} {failure.code}".rstrip())
    return error


def unbindable(library: str, taken: tuple[type, ...], parameters: Iterable[object]) -> InvalidValue | None:
    """What is wrong with the first parameter that no client library can send, without its value.

    Args:
        library: the client library's name.
        taken: the types that it takes.
        parameters: values (a list among them stands for its items), or the sequences of a statement run many times.

    Returns:
        The error to raise; None when every parameter could be sent, so that the fault lies elsewhere.
    """
    for value in parameters:
        if isinstance(value, (list, tuple)):
            found = unbindable(library, taken, cast("Sequence[object]", value))
        else:
            found = _unbindable(library, taken, value)
        if found is not None:
            return found
    return None


def _unbindable(library: str, taken: tuple[type, ...], value: object) -> InvalidValue | None:
    if value is None:
        return None
    if isinstance(value, str):
        if any("\ud800" <= character <= "\udfff" for character in value):
            return InvalidValue(_WHERE, "text that UTF-8 can encode", "a str with a lone surrogate")
        if "\0" in value:
            return InvalidValue(_WHERE, "text without NUL characters", "a str with one")
        return None
    if isinstance(value, int) and not -_LARGEST - 1 <= value <= _LARGEST:
        return InvalidValue(_WHERE, "an integer of 64 bits", "a larger int")
    if isinstance(value, (float, Decimal)) and (value != value or value in _INFINITIES):  # noqa: PLR0124 - NaN
        return InvalidValue(_WHERE, "a finite number", f"a {type(value).__name__} that is not")
    return (
        None if isinstance(value, taken) else InvalidValue(_WHERE, f"a type that {library} takes", type(value).__name__)
    )


_INFINITIES: Sequence[float] = (float("inf"), float("-inf"))
