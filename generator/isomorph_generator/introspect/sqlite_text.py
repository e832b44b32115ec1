"""Reads the CREATE TABLE that SQLite keeps as text, for what its pragmas do not tell: checks, collations, names. Pure."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field

from isomorph_generator.introspect.raw import RawCheck
from isomorph_generator.introspect.tokens import Token, closing, split, tokens

__all__ = ["TableText", "read_index", "read_table"]

_TABLE_CONSTRAINTS = frozenset({"CONSTRAINT", "PRIMARY", "UNIQUE", "CHECK", "FOREIGN"})
_COLUMN_CONSTRAINTS = frozenset(
    {
        "CONSTRAINT",
        "PRIMARY",
        "NOT",
        "NULL",
        "UNIQUE",
        "CHECK",
        "DEFAULT",
        "COLLATE",
        "REFERENCES",
        "GENERATED",
        "AS",
    }
)


@dataclass(slots=True)
class TableText:
    """What the text of a table says.

    Attributes:
        checks: in the order of the text.
        collations: by column, as written.
        generated: the expression of each column that is computed.
        unique_names: names of unique constraints by their columns; unnamed ones are missing.
        key_name: name of the primary key's constraint.
        foreign_keys: of each, in the order of the text: columns, name, `deferrable` as `RawForeignKey` has it.
        options: `STRICT`, `WITHOUT ROWID`, `AUTOINCREMENT`, `ON CONFLICT ...`.
    """

    checks: list[RawCheck] = field(default_factory=list[RawCheck])
    collations: dict[str, str] = field(default_factory=dict[str, str])
    generated: dict[str, str] = field(default_factory=dict[str, str])
    unique_names: dict[tuple[str, ...], str] = field(default_factory=dict[tuple[str, ...], str])
    key_name: str | None = None
    foreign_keys: list[tuple[tuple[str, ...], str | None, str | None]] = field(
        default_factory=list[tuple[tuple[str, ...], str | None, str | None]]
    )
    options: list[str] = field(default_factory=list[str])


def read_table(sql: str) -> TableText:
    """What a CREATE TABLE says; of one that has no column list (AS SELECT) nothing."""
    found, result = tokens(sql), TableText()
    opening = next((place for place, token in enumerate(found) if token.text == "("), None)
    if opening is None:
        return result
    end = closing(found, opening)
    for item in split(found[opening + 1 : end]):
        reader = _Item(sql, item, result)
        if item[0].word in _TABLE_CONSTRAINTS:
            reader.constraints(None)
        else:
            reader.column()
    for option in split(found[end + 1 :]):
        result.options.append(" ".join(token.text.upper() for token in option))
    return result


def read_index(sql: str) -> tuple[list[str], str | None]:
    """The parts of a CREATE INDEX as text without directions, and the condition behind WHERE."""
    found = tokens(sql)
    place = next(place for place, token in enumerate(found) if token.word == "ON")
    opening = next(p for p in range(place, len(found)) if found[p].text == "(")
    end = closing(found, opening)
    parts: list[str] = []
    for part in split(found[opening + 1 : end]):
        kept = part
        while len(kept) > 1 and kept[-1].word in {"ASC", "DESC"}:
            kept = kept[:-1]
        if len(kept) > 2 and kept[-2].word == "COLLATE":
            kept = kept[:-2]
        parts.append(sql[kept[0].start : kept[-1].end])
    rest = found[end + 1 :]
    where = sql[rest[0].end :].strip() if rest and rest[0].word == "WHERE" else None
    return parts, where


_END = Token("end", "", 0, 0)


class _Item:
    """One item of the list of a CREATE TABLE: a column with its constraints, or a constraint."""

    def __init__(self, sql: str, found: Sequence[Token], result: TableText) -> None:
        self._sql, self._found, self._result = sql, found, result
        self._place = 0

    def column(self) -> None:
        """A column, of which a pragma tells name and type."""
        name = self._take().name
        while self._here is not _END and self._here.word not in _COLUMN_CONSTRAINTS:
            if not self._skip_group():
                self._place += 1
        self.constraints(name)

    def constraints(self, column: str | None) -> None:
        """All that follows, of a column or, without one, of the table."""
        name: str | None = None
        while self._here is not _END:
            token = self._take()
            if token.word == "CONSTRAINT":
                name = self._take().name
            elif self._constraint(token.word, name, column):
                name = None

    def _constraint(self, word: str, name: str | None, column: str | None) -> bool:
        """Read what a word begins; False when it begins nothing."""
        match word:
            case "PRIMARY":
                self._key(name)
            case "UNIQUE":
                columns = self._names() if column is None else (column,)
                if name is not None:
                    self._result.unique_names[columns] = name
            case "CHECK":
                self._result.checks.append(RawCheck(name, self._group()))
            case "COLLATE" if column is not None:
                self._result.collations[column] = self._take().name
            case "AS" if column is not None:
                self._result.generated[column] = self._group()
            case "DEFAULT":
                self._skip_group()
            case "FOREIGN" | "REFERENCES":
                self._foreign_key(word, name, column)
            case "ON":
                self._result.options.append(f"ON {self._take().text} {self._take().text}".upper())
            case _:
                return False
        return True

    # --- parts ---------------------------------------------------------------------------------------------------------

    def _key(self, name: str | None) -> None:
        self._place += 1
        self._result.key_name = name
        self._skip_group()
        if self._here.word in {"ASC", "DESC"}:
            self._place += 1
        if self._here.word == "AUTOINCREMENT":
            self._result.options.append("AUTOINCREMENT")

    def _foreign_key(self, word: str, name: str | None, column: str | None) -> None:
        """Actions are told by a pragma, so only what is deferred is looked for."""
        columns: tuple[str, ...] = () if column is None else (column,)
        if word == "FOREIGN":
            self._place += 1  # KEY
            columns = self._names()
            self._place += 1  # REFERENCES
        self._take()
        self._skip_group()
        words: list[str] = []
        while self._is_of_foreign_key(words):
            words.append(self._take().word)
        deferrable: str | None = None
        if "DEFERRABLE" in words and "NOT" not in words:
            deferrable = "deferred" if "DEFERRED" in words else "immediate"
        self._result.foreign_keys.append((columns, name, deferrable))

    def _is_of_foreign_key(self, words: Sequence[str]) -> bool:
        """Whether the next word still belongs to the foreign key, and is no constraint behind it."""
        word = self._here.word
        if word == "NOT":
            return self._found[min(self._place + 1, len(self._found) - 1)].word == "DEFERRABLE"
        if word in {"NULL", "DEFAULT"}:
            return words[-1:] == ["SET"]
        return self._here is not _END and word not in _COLUMN_CONSTRAINTS

    def _names(self) -> tuple[str, ...]:
        start = self._place
        self._group()
        return tuple(part[0].name for part in split(self._found[start + 1 : self._place - 1]))

    def _group(self) -> str:
        """The text within the parentheses that open here."""
        end = closing(self._found, self._place)
        text = self._sql[self._found[self._place].end : self._found[end].start]
        self._place = end + 1
        return text.strip()

    def _skip_group(self) -> bool:
        """Go behind the parentheses that open here, if any do."""
        if self._here.text != "(":
            return False
        self._group()
        return True

    @property
    def _here(self) -> Token:
        return self._found[self._place] if self._place < len(self._found) else _END

    def _take(self) -> Token:
        token = self._here
        self._place += 1
        return token
