"""Dialects: how each database is spoken to. Pure: text and values in, text and values out; knows no driver."""

from __future__ import annotations

from functools import cache
from importlib import import_module
from typing import cast

from isomorph.dialects.base import Dialect, Failure

__all__ = ["NAMES", "Dialect", "Failure", "get"]

NAMES = ("sqlite", "postgresql", "mysql")


@cache
def get(name: str) -> Dialect:
    """The dialect of that name, loaded at first use.

    Raises:
        KeyError: there is none.
    """
    if name not in NAMES:
        raise KeyError(name)
    return cast(Dialect, getattr(import_module(f"isomorph.dialects.{name}"), name.upper()))
