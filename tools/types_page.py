"""The tables of docs/reference/types.md, made from what the code says of every type.

    python tools/types_page.py write     renew the tables in the page
    python tools/types_page.py check     fail when they are not what the code says

A table stands between `<!-- written: NAME -->` and `<!-- end -->`; what is around them is written by hand. A type has its
rows as soon as the schema language has a word for it.
"""

import argparse
import re
import sys
import typing
from collections.abc import Callable, Iterator, Mapping, Sequence
from pathlib import Path

from isomorph import dialects
from isomorph.catalog import Column, ColumnType, Enum, Kind
from isomorph_generator.codegen.layout import flat
from isomorph_generator.codegen.loaders import conversion_of
from isomorph_generator.codegen.types import Builtins, python_type
from isomorph_generator.schema.errors import Position
from isomorph_generator.schema.types import ParsedType, Types
from isomorph_generator.schema.types.words import WORDS

__all__ = ["renewed"]

_PAGE = Path(__file__).parent.parent / "docs/reference/types.md"
_ENUMS = {"Role": Enum("Role", ("member", "admin"), "role")}
_TITLES = {"sqlite": "SQLite", "postgresql": "PostgreSQL", "mysql": "MariaDB, MySQL"}
_WRITTEN = re.compile(r"(?<=<!-- written: )(\w+)( -->\n).*?(?=<!-- end -->)", re.DOTALL)
_ALIASES = {"_dt": "datetime", "_enums": "", "_r": ""}
_SAME, _LACKING = "as it is", "–"
_TEXT_ALREADY = frozenset({Kind.JSON, Kind.ENCRYPTED})
"""Kinds whose checks and ciphers make text of a value before a dialect sees it."""


def _types() -> Iterator[ColumnType]:
    """Each type of its own once, with arguments where it takes some."""
    seen: set[ColumnType] = set()
    for word in WORDS.values():
        for text in (word.example, word.form.partition("(")[0]):  # `bytes` is a type without its arguments, too
            found = next((type_ for name in dialects.NAMES if (type_ := _read(text, name)) is not None), None)
            if found is None or word.same_as is not None or found in seen:
                continue
            if found.kind is not Kind.CUSTOM:  # what that is is said where it is used
                seen.add(found)
                yield found


def _read(text: str, dialect: str) -> ColumnType | None:
    """The type that a text means to a project with that dialect; None when the dialect lacks it."""
    parsed = Types(_ENUMS, (dialect,)).parsed(text, (Position("-", 0, 0), ""))
    return parsed.type if isinstance(parsed, ParsedType) else None


def _readable(code: str) -> str:
    """Generated code with modules by their own names."""

    def module(match: re.Match[str]) -> str:
        name = _ALIASES.get(match[1], match[1][1:])
        return f"{name}." if name else ""

    return re.sub(r"(?<![\w.])(_[a-z]+)\.", module, code)


def _code(text: str) -> str:
    return f"`{text.replace('|', chr(92) + '|')}`"


def _python(type_: ColumnType) -> str:
    return _readable(python_type(type_, Builtins(frozenset()), json="JsonValue"))


def _spelled(type_: ColumnType, dialect: str) -> str:
    return _code(dialects.get(dialect).ddl.column_type(type_, _ENUMS))


def _bound(type_: ColumnType, dialect: str) -> str:
    """The type of what the driver is given."""
    bind = dialects.get(dialect).types.bind(type_)
    if type_.kind in _TEXT_ALREADY:
        return _code("str")
    if bind is None:
        return _SAME
    if isinstance(bind, type):
        return _code(bind.__name__)
    returned: object = typing.get_type_hints(bind, include_extras=True).get("return", object)
    if returned is object:
        return "converted"
    name = returned.__name__ if isinstance(returned, type) else str(returned)
    module = getattr(returned, "__module__", "builtins")
    return _code(name if module == "builtins" else f"{module}.{name}")


def _loaded(type_: ColumnType, dialect: str) -> str:
    """What makes the Python value of what the driver gives."""
    code = conversion_of(Column("value", type_), dialect, "value")
    if code is None:
        return _SAME
    written = flat(code)
    # A conversion that is not written inline stands in a constant of the module.
    return _code(f"load_{type_.kind.word}(value)" if written.startswith("_LOAD_") else _readable(written))


def _table(head: Sequence[str], rows: Iterator[Sequence[str]]) -> str:
    lines = [f"| {' | '.join(head)} |", f"|{' --- |' * len(head)}", *(f"| {' | '.join(row)} |" for row in rows)]
    return "".join(f"{line}\n" for line in lines)


def _by_dialect(cell: Callable[[ColumnType, str], str], *more: tuple[str, Callable[[ColumnType], str]]) -> str:
    """A row for each type, but for those of which all dialects say that they travel as they are."""

    def rows() -> Iterator[Sequence[str]]:
        for type_ in _types():
            text = str(type_)
            cells = [_LACKING if _read(text, name) is None else cell(type_, name) for name in dialects.NAMES]
            if not set(cells) <= {_SAME, _LACKING}:
                yield [_code(text), *(_code(say(type_)) for _, say in more), *cells]

    return _table(["type", *(title for title, _ in more), *(_TITLES[name] for name in dialects.NAMES)], rows())


def _names() -> str:
    rows = ((_code(word.form), _code(word.same_as)) for word in WORDS.values() if word.same_as is not None)
    return _table(("name", "the same as"), rows)


_TABLES: Mapping[str, Callable[[], str]] = {
    "columns": lambda: _by_dialect(_spelled, ("Python", _python)),
    "names": _names,
    "bound": lambda: _by_dialect(_bound),
    "loaded": lambda: _by_dialect(_loaded),
}


def renewed(page: str) -> str:
    """The page with its tables as the code says they are.

    Raises:
        ValueError: a table is missing, or is one that nobody writes.
    """
    named = [match[1] for match in _WRITTEN.finditer(page)]
    if sorted(named) != sorted(_TABLES):
        raise ValueError(f"the page has the tables {', '.join(named)}, and should have {', '.join(_TABLES)}")
    return _WRITTEN.sub(lambda match: f"{match[1]}{match[2]}\n{_TABLES[match[1]]()}\n", page)


def main(arguments: Sequence[str] | None = None) -> int:
    """Write or check; return the exit code."""
    parser = argparse.ArgumentParser(
        "types_page.py", description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("action", choices=("write", "check"))
    action = parser.parse_args(arguments).action
    page = _PAGE.read_text()
    wanted = renewed(page)
    if action == "write":
        _PAGE.write_text(wanted)
    elif wanted != page:
        print("types_page: docs/reference/types.md is not what the code says: make types-page")
        return 1
    return 0


if __name__ == "__main__":
    sys.exit(main())
