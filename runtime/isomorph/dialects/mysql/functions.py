"""How MySQL and MariaDB spell functions: a template for each, where databases differ by the kind of the first argument too."""

from __future__ import annotations

from isomorph.dialects.standard.templates import Templates

__all__ = ["FUNCTIONS"]

FUNCTIONS: Templates = {}
