"""How tables of PostgreSQL are kept. Loaded when a revision, or the command, asks for it."""

from __future__ import annotations

from isomorph.dialects.base import Upkeep
from isomorph.dialects.postgresql import quoted
from isomorph.dialects.postgresql.ddl import PostgreSQLDdl
from isomorph.dialects.postgresql.explain import RULES as EXPLAIN
from isomorph.dialects.postgresql.safe_forms import PostgreSQLSafeForms
from isomorph.dialects.postgresql.sessions import SESSIONS
from isomorph.dialects.postgresql.structure import CONTENTS

__all__ = ["UPKEEP"]

_DDL = PostgreSQLDdl(quoted)

UPKEEP = Upkeep(ddl=_DDL, safe_forms=PostgreSQLSafeForms(_DDL), contents=CONTENTS, sessions=SESSIONS, explain=EXPLAIN)
