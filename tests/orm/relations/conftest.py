"""Fixtures of the tests of relations: the kinds of relation that the showcase has no use for, and lazy loading."""

from tests.support.related import lazy, lazy_package, lazy_tables, related, related_package, related_tables

__all__ = ["lazy", "lazy_package", "lazy_tables", "related", "related_package", "related_tables"]
