"""Rules about rows and values that are lost. What an operation loses it says itself (`Operation.losses`)."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping

from isomorph.catalog import INTEGERS, TEXTS
from isomorph.migrate import ChangeColumn, ChangeEnum, ChangeTable, DropColumn, DropTable, Operation, RunSql
from isomorph_generator.lint.findings import Example, Rule, Said, Severity, each
from isomorph_generator.lint.sight import Place

__all__ = ["RULES", "texts"]


def _accepting(operation: Operation) -> str:
    return f'write lossy("what is lost and why that is fine", {type(operation).__name__}(...)) around it'


def _dropped_table(place: Place) -> Iterator[Said]:
    operation = place.operation
    if isinstance(operation, DropTable) and not place.is_accepted:
        name = operation.table.name
        yield Said(place, f"the rows of {name} are lost{place.size(name)}", _accepting(operation))


def _dropped_column(place: Place) -> Iterator[Said]:
    operation = place.operation
    if isinstance(operation, DropColumn) and operation.losses() and not place.is_accepted:
        what = f"the values of {operation.table}.{operation.column.name} are lost"
        mend = f"{_accepting(operation)}; if the column only has another name now, say `was` in the schema instead"
        yield Said(place, what, mend)


def _dropped_value(place: Place) -> Iterator[Said]:
    operation = place.operation
    if not isinstance(operation, ChangeEnum) or not operation.losses() or place.is_accepted:
        return
    name = operation.before.name
    gone = set(operation.before.values) - set(operation.after.values) - set(dict(operation.renamed))
    held = [
        f"{table.name}.{column.name}"
        for table in place.before.tables.values()
        for column in table.columns
        if column.type.enum == name
        and place.live is not None
        and any(place.live.has_value(table.name, column.name, value) for value in gone)
    ]
    rows = f"; rows of {', '.join(held)} hold one, and fail it" if held else ""
    what = f"{' and '.join(operation.losses())} goes{rows}"
    mend = f"give such rows another value before, and {_accepting(operation)}"
    yield Said(place, what, mend)


def _changed_type(place: Place) -> Iterator[Said]:
    operation = place.operation
    if not isinstance(operation, ChangeColumn) or place.is_accepted:
        return
    before, after = operation.before, operation.after
    is_text = before.type.kind in TEXTS and after.type.kind in TEXTS
    if is_text or not operation.losses() or before.charset != after.charset:
        return
    bounds = INTEGERS.get(after.type.kind)
    beyond = None
    if place.live is not None and bounds is not None and before.type.kind in INTEGERS:
        beyond = place.live.has_beyond(operation.table, after.name, bounds)
    seen = "" if beyond is None else ", and some rows hold such" if beyond else ", but no row that was looked at does"
    what = f"{before.type} holds values that {after.type} does not{seen}"
    yield Said(place, what, _accepting(operation))


def _cut_text(place: Place) -> Iterator[Said]:
    operation = place.operation
    if not isinstance(operation, ChangeColumn) or place.is_accepted or not operation.losses():
        return
    before, after = operation.before, operation.after
    if before.type.kind not in TEXTS or after.type.kind not in TEXTS or before.charset != after.charset:
        return
    longer = None
    if place.live is not None and after.type.length is not None:
        longer = place.live.has_longer(operation.table, after.name, after.type.length)
    seen = "" if longer is None else ", and some rows hold such" if longer else ", but no row that was looked at does"
    what = f"a text of {before.type} may be longer than {after.type} holds{seen}"
    yield Said(place, what, _accepting(operation))


def _changed_charset(place: Place) -> Iterator[Said]:
    operation = place.operation
    if place.is_accepted or not isinstance(operation, ChangeColumn | ChangeTable) or not operation.losses():
        return
    before, after = operation.before.charset, operation.after.charset
    if before != after:
        what = f"characters that {after} does not have are lost or refused"
        yield Said(place, what, f"stay with utf8mb4, or {_accepting(operation)}")


_LOSING = re.compile(r"\b(DROP\s+(TABLE|COLUMN|SCHEMA|DATABASE)|TRUNCATE|DELETE\s+FROM)\b", re.IGNORECASE)


def texts(operation: RunSql, dialect: str) -> tuple[str, ...]:
    """The statements that free SQL has for a dialect, without remarks and texts in quotes."""
    source = operation.up
    if isinstance(source, Mapping):
        source = source.get(dialect, ())
    found = (source,) if isinstance(source, str) else tuple(source)
    return tuple(re.sub(r"--[^\n]*|/\*.*?\*/|'(?:[^']|'')*'", " ", text, flags=re.DOTALL) for text in found)


def _losing_sql(place: Place) -> Iterator[Said]:
    operation = place.operation
    if not isinstance(operation, RunSql) or place.is_accepted:
        return
    for text in texts(operation, place.dialect.name):
        found = _LOSING.search(text)
        if found is not None:
            word = " ".join(found[0].upper().split())
            yield Said(place, f"its SQL says {word}, of which no reverse brings anything back", _accepting(operation))
            return


RULES = (
    Rule(
        "MIG001",
        "drop-table",
        Severity.ERROR,
        "A table is dropped with its rows",
        "Its rows are gone when the revision has run; the downgrade makes the table again, without them. "
        "`orm migrate run` refuses it until the revision says why that is fine.",
        bad=Example('DropTable(Table("drafts", columns=(Column("id", t.bigint()),), primary_key=("id",)))'),
        good=Example(
            'lossy("drafts were moved to posts in March",'
            ' DropTable(Table("drafts", columns=(Column("id", t.bigint()),), primary_key=("id",))))'
        ),
        look=each(_dropped_table),
        is_allowable=False,
    ),
    Rule(
        "MIG002",
        "drop-column",
        Severity.ERROR,
        "A column is dropped with its values",
        "The downgrade adds the column again, without its values. What only has another name is no drop: `was` in the "
        "schema keeps the values. `orm migrate run` refuses it until the revision says why it is fine.",
        bad=Example('DropColumn("users", Column("nickname", t.string(50), nullable=True))'),
        good=Example(
            'lossy("nobody reads nicknames since 2024", DropColumn("users", Column("nickname", t.string(50), nullable=True)))'
        ),
        look=each(_dropped_column),
        is_allowable=False,
    ),
    Rule(
        "MIG003",
        "drop-enum-value",
        Severity.ERROR,
        "A value of an enum goes",
        "A row that holds it makes the revision fail; one that is written meanwhile, too. With a database at hand "
        "(`--live`), rows that hold it are looked for.",
        bad=Example(
            'ChangeEnum(Enum("Role", ("member", "editor", "admin"), "role"), Enum("Role", ("member", "admin"), "role"))'
        ),
        good=Example(
            "RunSql(\"UPDATE users SET role = 'member' WHERE role = 'editor'\", down=(), atomic=False),"
            ' lossy("editors are members now", '
            'ChangeEnum(Enum("Role", ("member", "editor", "admin"), "role"), Enum("Role", ("member", "admin"), "role")))'
        ),
        look=each(_dropped_value),
        is_allowable=False,
    ),
    Rule(
        "MIG004",
        "narrowing-type",
        Severity.ERROR,
        "A column becomes of a type that does not hold all its values",
        "A value that does not fit makes the revision fail, or loses what does not fit, such as the digits behind the "
        "point. With a database at hand, rows that hold such values are looked for.",
        bad=Example(
            'ChangeColumn("users", Column("age", t.int(), nullable=True), Column("age", t.smallint(), nullable=True))'
        ),
        good=Example(
            'ChangeColumn("users", Column("age", t.int(), nullable=True), Column("age", t.bigint(), nullable=True))'
        ),
        look=each(_changed_type),
        is_allowable=False,
    ),
    Rule(
        "MIG005",
        "text-truncation",
        Severity.ERROR,
        "A text column becomes shorter",
        "A longer text makes the revision fail. With a database at hand, rows that hold one are looked for.",
        bad=Example(
            'ChangeColumn("users", Column("nickname", t.string(50), nullable=True), '
            'Column("nickname", t.string(20), nullable=True))'
        ),
        good=Example(
            'ChangeColumn("users", Column("nickname", t.string(50), nullable=True), '
            'Column("nickname", t.string(60), nullable=True))'
        ),
        look=each(_cut_text),
        is_allowable=False,
    ),
    Rule(
        "MIG006",
        "charset-change",
        Severity.ERROR,
        "A text gets a character set that does not have all characters",
        "Only utf8mb4 has all of them; of the others a text keeps what they have (MySQL 8.0 manual, Column Character Set "
        "Conversion).",
        bad=Example('ChangeTable("users", TableOptions(), TableOptions(charset="latin1"))'),
        good=Example('ChangeTable("users", TableOptions(), TableOptions(comment="Everybody"))'),
        look=each(_changed_charset),
        is_allowable=False,
    ),
    Rule(
        "MIG021",
        "sql-that-loses",
        Severity.WARNING,
        "Free SQL drops or deletes",
        "What SQL by hand does to tables no later revision sees, and nothing brings the rows back. For tables and columns "
        "there are operations; rows that may go are worth a reason.",
        bad=Example('RunSql("DELETE FROM posts WHERE user_id = 0", down=())'),
        good=Example(
            'lossy("posts of nobody are spam", RunSql("DELETE FROM posts WHERE user_id = 0", down=(), atomic=False))'
        ),
        look=each(_losing_sql),
    ),
)
