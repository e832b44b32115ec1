"""What a MySQL or MariaDB database is asked for all that is in it."""

from __future__ import annotations

from isomorph.dialects.standard.structure import ContentRules

__all__ = ["CONTENTS"]

CONTENTS = ContentRules(
    structure=(
        (
            "SELECT table_name, ordinal_position, column_name, column_type, is_nullable, column_default, extra,"
            " character_set_name, collation_name, column_comment, generation_expression"
            " FROM information_schema.columns WHERE table_schema = DATABASE()"
        ),
        (
            "SELECT table_name, index_name, seq_in_index, column_name, collation, sub_part, non_unique, index_type"
            " FROM information_schema.statistics WHERE table_schema = DATABASE()"
        ),
        (
            "SELECT table_name, constraint_name, referenced_table_name, delete_rule, update_rule"
            " FROM information_schema.referential_constraints WHERE constraint_schema = DATABASE()"
        ),
        (
            "SELECT table_name, constraint_name, ordinal_position, column_name, referenced_column_name"
            " FROM information_schema.key_column_usage WHERE table_schema = DATABASE()"
        ),
        (
            "SELECT constraint_name, check_clause FROM information_schema.check_constraints"
            " WHERE constraint_schema = DATABASE()"
        ),
        (
            "SELECT event_object_table, trigger_name, action_timing, event_manipulation, action_order, action_statement"
            " FROM information_schema.triggers WHERE trigger_schema = DATABASE()"
        ),
        (
            "SELECT table_name, table_type, engine, table_comment, table_collation"
            " FROM information_schema.tables WHERE table_schema = DATABASE()"
        ),
        "SELECT table_name, view_definition FROM information_schema.views WHERE table_schema = DATABASE()",
        (
            "SELECT routine_name, routine_type, routine_definition FROM information_schema.routines"
            " WHERE routine_schema = DATABASE()"
        ),
    ),
    drops=(
        (
            "SELECT table_name, CONCAT('DROP VIEW IF EXISTS `', REPLACE(table_name, '`', '``'), '`')"
            " FROM information_schema.tables WHERE table_schema = DATABASE() AND table_type = 'VIEW' ORDER BY table_name"
        ),
        (
            "SELECT table_name, CONCAT('DROP TABLE IF EXISTS `', REPLACE(table_name, '`', '``'), '`')"
            " FROM information_schema.tables WHERE table_schema = DATABASE() AND table_type <> 'VIEW' ORDER BY table_name"
        ),
        (
            "SELECT routine_name,"
            " CONCAT('DROP ', routine_type, ' IF EXISTS `', REPLACE(routine_name, '`', '``'), '`')"
            " FROM information_schema.routines WHERE routine_schema = DATABASE() ORDER BY routine_name"
        ),
    ),
    without_keys=(("SET foreign_key_checks = 0",), ("SET foreign_key_checks = 1",)),
)
