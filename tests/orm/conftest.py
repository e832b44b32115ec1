"""Fixtures of the tests of models and queries: generated packages on each dialect, and the SQL that they send."""

from tests.support.composites import (
    composites,
    composites_package,
    composites_tables,
    words,
    words_package,
)
from tests.support.fields import fields, fields_package, fields_tables
from tests.support.modifiers import modifiers, modifiers_package, modifiers_tables
from tests.support.related import related, related_package, related_tables
from tests.support.showcase import indexed, sent, showcase, showcase_tables, showcase_url

__all__ = [
    "composites",
    "composites_package",
    "composites_tables",
    "fields",
    "fields_package",
    "fields_tables",
    "indexed",
    "modifiers",
    "modifiers_package",
    "modifiers_tables",
    "related",
    "related_package",
    "related_tables",
    "sent",
    "showcase",
    "showcase_tables",
    "showcase_url",
    "words",
    "words_package",
]
