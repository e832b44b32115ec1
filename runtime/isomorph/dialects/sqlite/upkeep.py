"""How tables of SQLite are kept. Loaded when a revision, or the command, asks for it."""

from __future__ import annotations

from isomorph.dialects.base import Upkeep
from isomorph.dialects.sqlite import quoted
from isomorph.dialects.sqlite.ddl import SQLiteDdl
from isomorph.dialects.sqlite.explain import RULES as EXPLAIN
from isomorph.dialects.sqlite.sessions import SESSIONS
from isomorph.dialects.sqlite.structure import CONTENTS

__all__ = ["UPKEEP"]

_DDL = SQLiteDdl(quoted)

UPKEEP = Upkeep(ddl=_DDL, safe_forms=None, contents=CONTENTS, sessions=SESSIONS, explain=EXPLAIN)
