"""What tests of wrong calls need: values whose types no checker looks at, as in an application without one."""

from typing import Any

__all__ = ["untyped"]


def untyped(value: object) -> Any:
    """The same value, of any type."""
    return value
