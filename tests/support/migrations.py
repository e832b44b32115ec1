"""What the tests of migrations share: sessions, revisions in memory, and looking at a database behind isomorph's back."""

from collections.abc import Generator
from contextlib import contextmanager
from pathlib import Path

from isomorph.connections import Connection, parse
from isomorph.migrate import LoadedRevision, Operations, Revisions, lossy, reverse
from isomorph.migrate.revision import checksum

Session = Connection
"""What the tests run revisions on: the real thing."""


@contextmanager
def open_session(url: str) -> Generator[Session]:
    """A connection by its URL, closed at the end."""
    connection = Connection("default", parse(url))
    try:
        yield connection
    finally:
        connection.close()


def accepted(operations: Operations) -> Operations:
    """The operations, those that lose something with a reason."""
    return tuple(lossy("a test", operation) if operation.losses() else operation for operation in operations)


def revision(
    id_: str, upgrade: Operations, *depends_on: str, downgrade: Operations | None = None, safely: bool = True
) -> LoadedRevision:
    """A revision as if it had been read from a file; what loses something says that it is a test."""
    return LoadedRevision(
        id=id_,
        depends_on=depends_on,
        upgrade=tuple(accepted(upgrade)),
        downgrade=tuple(reverse(upgrade) if downgrade is None else downgrade),
        path=Path(f"migrations/{id_}.py"),
        checksum=checksum(repr(upgrade).encode()),
        safely=safely,
    )


def chain(*upgrades: Operations) -> Revisions:
    """Revisions r1, r2, ..., each behind the one before."""
    return Revisions(
        tuple(
            revision(f"r{number}", upgrade, *([f"r{number - 1}"] if number > 1 else []))
            for number, upgrade in enumerate(upgrades, 1)
        )
    )


_STRUCTURE: dict[str, tuple[str, ...]] = {
    "sqlite": ("SELECT type, name, tbl_name, sql FROM sqlite_master WHERE name NOT LIKE 'isomorph_%'",),
    "postgresql": (
        (
            "SELECT table_name, column_name, udt_name, is_nullable, column_default, character_maximum_length,"
            " numeric_precision, numeric_scale, is_identity, generation_expression, collation_name"
            " FROM information_schema.columns"
            " WHERE table_schema = current_schema()"
        ),
        (
            "SELECT conrelid::regclass::text, conname, pg_get_constraintdef(oid) FROM pg_constraint"
            " WHERE connamespace = current_schema()::regnamespace"
        ),
        "SELECT tablename, indexname, indexdef FROM pg_indexes WHERE schemaname = current_schema()",
        (
            "SELECT typname, enumlabel, row_number() OVER (PARTITION BY enumtypid ORDER BY enumsortorder)"
            " FROM pg_enum JOIN pg_type ON pg_type.oid = enumtypid"
        ),
        (
            "SELECT objoid::regclass::text, attname, description FROM pg_description"
            " LEFT JOIN pg_attribute ON attrelid = objoid AND attnum = objsubid"
            " WHERE classoid = 'pg_class'::regclass AND objoid::regclass::text !~ '^(pg_|information_schema)'"
        ),
        "SELECT tgname, pg_get_triggerdef(oid) FROM pg_trigger WHERE NOT tgisinternal",
        "SELECT proname, prosrc FROM pg_proc WHERE pronamespace = current_schema()::regnamespace",
    ),
    "mysql": (
        (
            "SELECT table_name, column_name, column_type, is_nullable, column_default, extra, collation_name, column_comment,"
            " generation_expression FROM information_schema.columns WHERE table_schema = DATABASE()"
        ),
        (
            "SELECT table_name, index_name, seq_in_index, column_name, collation, sub_part, non_unique"
            " FROM information_schema.statistics WHERE table_schema = DATABASE()"
        ),
        (
            "SELECT table_name, constraint_name, referenced_table_name, delete_rule, update_rule"
            " FROM information_schema.referential_constraints WHERE constraint_schema = DATABASE()"
        ),
        (
            "SELECT table_name, constraint_name, check_clause FROM information_schema.check_constraints"
            " WHERE constraint_schema = DATABASE()"
        ),
        (
            "SELECT trigger_name, event_object_table, action_timing, event_manipulation, action_statement"
            " FROM information_schema.triggers WHERE trigger_schema = DATABASE()"
        ),
        "SELECT table_name, engine, table_comment, table_collation FROM information_schema.tables WHERE table_schema = DATABASE()",
    ),
}


def structure(session: Session) -> list[tuple[str, ...]]:
    """Everything that the database says of its tables but those of isomorph itself, as sorted text."""
    rows = [
        tuple(_normal(str(value)) for value in row)
        for query in _STRUCTURE[session.dialect.name]
        for row in session.fetch(session.dialect.ddl.text(query))
    ]
    return sorted(row for row in rows if not any("isomorph_migrations" in value for value in row))


def _normal(text: str) -> str:
    """Text without needless space; of a CREATE TABLE, the parts sorted."""
    text = " ".join(text.split())
    if not text.startswith("CREATE TABLE"):
        return text
    head, _, rest = text.partition("(")
    body, _, options = rest.rpartition(")")
    parts, depth = [""], 0
    for character in body:
        depth += {"(": 1, ")": -1}.get(character, 0)
        if character == "," and depth == 0:
            parts.append("")
        else:
            parts[-1] += character
    return f"{head}({', '.join(sorted(part.strip() for part in parts))}){options}"


def table_names(session: Session) -> set[str]:
    """The tables, without those of isomorph itself."""
    query = {
        "sqlite": "SELECT name FROM sqlite_master WHERE type = 'table'",
        "postgresql": "SELECT table_name FROM information_schema.tables WHERE table_schema = current_schema()",
        "mysql": "SELECT table_name FROM information_schema.tables WHERE table_schema = DATABASE()",
    }[session.dialect.name]
    return {name for (name,) in session.fetch(query) if not name.startswith("isomorph_migrations")}
