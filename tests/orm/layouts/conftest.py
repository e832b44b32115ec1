"""Fixtures of the tests of layouts: one world of polymorphic relations, stored in each of the ways there are."""

from tests.support.layouts import (
    all_worlds,
    layout,
    layout_url,
    lazy_world,
    lazy_world_tables,
    world,
    world_packages,
    world_tables,
)

__all__ = [
    "all_worlds",
    "layout",
    "layout_url",
    "lazy_world",
    "lazy_world_tables",
    "world",
    "world_packages",
    "world_tables",
]
