"""How functions are spelled where all databases agree."""

from __future__ import annotations

from isomorph.dialects.standard.templates import Templates

__all__ = ["FUNCTIONS"]

FUNCTIONS: Templates = {}
