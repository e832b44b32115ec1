"""Fixtures of the tests of models and queries: the showcase on each dialect, and the SQL that it sends."""

from tests.support.showcase import sent, showcase, showcase_tables

__all__ = ["sent", "showcase", "showcase_tables"]
