"""Fixtures of the tests of integrity: schemas whose polymorphic relations are kept by triggers, and by arcs."""

from tests.support.arcs import arcs, arcs_package, arcs_tables, letting_go, letting_go_package, letting_go_tables
from tests.support.guarded import guarded, guarded_package, guarded_tables

__all__ = [
    "arcs",
    "arcs_package",
    "arcs_tables",
    "guarded",
    "guarded_package",
    "guarded_tables",
    "letting_go",
    "letting_go_package",
    "letting_go_tables",
]
