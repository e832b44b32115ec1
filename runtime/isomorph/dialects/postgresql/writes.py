"""How PostgreSQL puts INSERT, UPDATE and DELETE together."""

from __future__ import annotations

from isomorph.dialects.standard.writes import WriteRules

__all__ = ["RULES"]

RULES = WriteRules()
