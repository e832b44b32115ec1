"""What a program has loaded when it has its first row: everything else would make it start later."""

import json
import os
import sqlite3
import subprocess
import sys
from pathlib import Path

import pytest

from generated import Address
from isomorph import dialects

_ROOT = Path(__file__).resolve().parents[2]

_PROGRAM = """
import json, sys
from generated import Address
from isomorph import dialects
{statement}
print(json.dumps(sorted(sys.modules)))
"""

_STATEMENTS = {
    "by key": "assert Address.find(1) is None",
    "by a query": "assert not Address.query().where(Address.id > 1).order_by(Address.id).limit(3).get()",
}

# Packages and modules, with what is in them.
_NEVER = (
    "MySQLdb",
    "apsw",
    "asyncio",
    "concurrent",
    "cryptography",
    "ctypes",
    "dbutils",
    "difflib",
    "dotenv",
    "generated.inputs",
    "hashlib",
    "isomorph.connections.echo",
    "isomorph.connections.parking",
    "isomorph.connections.pool_psycopg",
    "isomorph.connections.pool_slots",
    "isomorph.dialects.mysql",
    "isomorph.dialects.postgresql",
    "isomorph.dialects.sqlite.ddl",
    "isomorph.dialects.sqlite.upkeep",
    "isomorph.drivers.apsw",
    "isomorph.drivers.mysql_connection",
    "isomorph.drivers.psycopg",
    "isomorph.functions",
    "isomorph.inputs",
    "isomorph.migrate",
    "isomorph.orm.conditions",
    "isomorph.orm.cursors",
    "isomorph.orm.explaining",
    "isomorph.orm.related",
    "isomorph.sql.plain",
    "isomorph.values.schemas",
    "isomorph_generator",
    "logging",
    "psycopg",
    "psycopg_pool",
    "pydantic",
    "pydantic_core",
    "pymysql",
    "random",
    "socket",
    "ssl",
    "subprocess",
    "tempfile",
    "tomllib",
    "zoneinfo",
)


@pytest.mark.parametrize("statement", _STATEMENTS.values(), ids=_STATEMENTS)
def test_the_first_row_loads_only_what_it_needs(statement: str, tmp_path: Path) -> None:
    definition = Address._definition
    columns = ", ".join(f'"{column.name}"' for column in definition.model.table.columns)
    with sqlite3.connect(tmp_path / "first.db") as made:
        made.execute(f'CREATE TABLE "{definition.model.table.name}" ({columns})')
    made.close()

    ended = subprocess.run(
        [sys.executable, "-c", _PROGRAM.format(statement=statement)],
        cwd=_ROOT,
        env={**os.environ, "DATABASE_URL": f"sqlite:///{tmp_path}/first.db"},
        capture_output=True,
        text=True,
        check=False,
    )

    assert ended.returncode == 0, ended.stderr
    loaded = json.loads(ended.stdout)
    assert "isomorph.drivers.sqlite" in loaded
    assert [name for name in loaded if any(name == never or name.startswith(f"{never}.") for never in _NEVER)] == []
    models = {name for name in loaded if name.startswith("generated.models.")}
    assert models == {"generated.models.address"}


@pytest.mark.parametrize("dialect", dialects.NAMES)
def test_a_dialect_comes_without_what_revisions_need(dialect: str) -> None:
    program = f"import sys; from isomorph import dialects; dialects.get({dialect!r}); print(*sys.modules)"

    said = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, check=True).stdout.split()

    assert f"isomorph.dialects.{dialect}.sql" in said
    assert {"isomorph.dialects.standard.ddl", f"isomorph.dialects.{dialect}.upkeep"}.isdisjoint(said)
