"""How tables of MySQL and MariaDB are kept. Loaded when a revision, or the command, asks for it."""

from __future__ import annotations

from isomorph.dialects.base import Upkeep
from isomorph.dialects.mysql import quoted
from isomorph.dialects.mysql.ddl import MySQLDdl
from isomorph.dialects.mysql.explain import RULES as EXPLAIN
from isomorph.dialects.mysql.safe_forms import MySQLSafeForms
from isomorph.dialects.mysql.sessions import SESSIONS
from isomorph.dialects.mysql.structure import CONTENTS

__all__ = ["UPKEEP"]

_DDL = MySQLDdl(quoted)

UPKEEP = Upkeep(ddl=_DDL, safe_forms=MySQLSafeForms(_DDL), contents=CONTENTS, sessions=SESSIONS, explain=EXPLAIN)
