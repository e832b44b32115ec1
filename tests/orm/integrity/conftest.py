"""Fixtures of the tests of integrity: a schema whose polymorphic relations are kept by triggers."""

from tests.support.guarded import guarded, guarded_package, guarded_tables

__all__ = ["guarded", "guarded_package", "guarded_tables"]
