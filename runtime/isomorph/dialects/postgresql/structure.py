"""What a PostgreSQL schema is asked for all that is in it. What belongs to an extension is the extension's."""

from __future__ import annotations

from isomorph.dialects.standard.structure import ContentRules

__all__ = ["CONTENTS"]

_HERE = "current_schema()::regnamespace"
_OWN = "NOT EXISTS (SELECT 1 FROM pg_depend WHERE pg_depend.objid = {oid} AND pg_depend.deptype = 'e')"

CONTENTS = ContentRules(
    structure=(
        (
            "SELECT c.relname, c.relkind, a.attnum, a.attname, format_type(a.atttypid, a.atttypmod), a.attnotnull,"
            " a.attidentity, a.attgenerated, a.attcollation::regcollation::text, pg_get_expr(d.adbin, d.adrelid)"
            " FROM pg_class c JOIN pg_attribute a ON a.attrelid = c.oid AND a.attnum > 0 AND NOT a.attisdropped"
            " LEFT JOIN pg_attrdef d ON d.adrelid = c.oid AND d.adnum = a.attnum"
            f" WHERE c.relnamespace = {_HERE} AND c.relkind IN ('r', 'p', 'v', 'm', 'f')"
        ),
        (
            "SELECT COALESCE(r.relname, t.typname), c.conname, c.convalidated, pg_get_constraintdef(c.oid)"
            " FROM pg_constraint c LEFT JOIN pg_class r ON r.oid = c.conrelid LEFT JOIN pg_type t ON t.oid = c.contypid"
            f" WHERE c.connamespace = {_HERE}"
        ),
        (
            "SELECT t.relname, c.relname, i.indisvalid, pg_get_indexdef(c.oid) FROM pg_index i"
            " JOIN pg_class c ON c.oid = i.indexrelid JOIN pg_class t ON t.oid = i.indrelid"
            f" WHERE c.relnamespace = {_HERE}"
        ),
        (
            "SELECT t.relname, g.tgname, g.tgenabled, pg_get_triggerdef(g.oid) FROM pg_trigger g"
            f" JOIN pg_class t ON t.oid = g.tgrelid WHERE t.relnamespace = {_HERE} AND NOT g.tgisinternal"
        ),
        (
            "SELECT t.typname, e.enumlabel, RANK() OVER (PARTITION BY t.oid ORDER BY e.enumsortorder) FROM pg_enum e"
            f" JOIN pg_type t ON t.oid = e.enumtypid WHERE t.typnamespace = {_HERE}"
        ),
        f"SELECT relname, pg_get_viewdef(oid) FROM pg_class WHERE relnamespace = {_HERE} AND relkind IN ('v', 'm')",
        f"SELECT proname, oid::regprocedure::text, prosrc FROM pg_proc WHERE pronamespace = {_HERE}",
        f"SELECT relname, relkind FROM pg_class WHERE relnamespace = {_HERE} AND relkind IN ('r', 'p', 'S')",
        (
            "SELECT c.relname, d.objsubid, d.description FROM pg_description d JOIN pg_class c ON c.oid = d.objoid"
            f" WHERE d.classoid = 'pg_class'::regclass AND c.relnamespace = {_HERE}"
        ),
        "SELECT extname, extversion FROM pg_extension",
        "SELECT nspname, 'schema' FROM pg_namespace WHERE nspname !~ '^(pg_|information_schema)'",
    ),
    drops=(
        (
            "SELECT relname, format('DROP %s IF EXISTS %I CASCADE',"
            " CASE relkind WHEN 'v' THEN 'VIEW' WHEN 'm' THEN 'MATERIALIZED VIEW' WHEN 'f' THEN 'FOREIGN TABLE'"
            " ELSE 'TABLE' END, relname)"
            f" FROM pg_class WHERE relnamespace = {_HERE} AND relkind IN ('v', 'm', 'r', 'p', 'f')"
            f" AND {_OWN.format(oid='pg_class.oid')} ORDER BY relkind = 'r', relname"
        ),
        (
            "SELECT relname, format('DROP SEQUENCE IF EXISTS %I CASCADE', relname) FROM pg_class"
            f" WHERE relnamespace = {_HERE} AND relkind = 'S' AND {_OWN.format(oid='pg_class.oid')} ORDER BY relname"
        ),
        (
            "SELECT proname, format('DROP ROUTINE IF EXISTS %s CASCADE', oid::regprocedure) FROM pg_proc"
            f" WHERE pronamespace = {_HERE} AND {_OWN.format(oid='pg_proc.oid')} ORDER BY 2"
        ),
        (
            "SELECT typname, format('DROP TYPE IF EXISTS %I CASCADE', typname) FROM pg_type"
            f" WHERE typnamespace = {_HERE} AND typtype IN ('e', 'd', 'r') AND {_OWN.format(oid='pg_type.oid')}"
            " ORDER BY typname"
        ),
    ),
)
