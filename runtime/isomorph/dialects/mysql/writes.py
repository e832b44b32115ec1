"""How MySQL and MariaDB put INSERT, UPDATE and DELETE together."""

from __future__ import annotations

from isomorph.dialects.standard.writes import WriteRules

__all__ = ["RULES"]

# The condition that a row is the one named ends in a sub-query of two rows, which is an error if anybody evaluates it.
RULES = WriteRules(
    lists_joined=True,
    behind_ctes=False,
    assigns_in_order=True,
    updates_any_key=True,
    collision="1242",
    # A statement is one packet, of 16 MiB by default; a character is up to four bytes, a byte is written as two.
    most_size=2_050_000,
    most_rows=10_000,
    # MySQL's manual (AUTO_INCREMENT Handling in InnoDB) promises that where it is known how many rows are inserted; servers that
    # share their tables with others number in larger steps.
    steps="SELECT @@auto_increment_increment",
    returns_updated=False,
    returns_joined=False,
)
