"""Fixtures of the tests of models and queries: generated packages on each dialect, and the SQL that they send."""

from tests.support.fields import fields, fields_package, fields_tables
from tests.support.showcase import sent, showcase, showcase_tables

__all__ = ["fields", "fields_package", "fields_tables", "sent", "showcase", "showcase_tables"]
