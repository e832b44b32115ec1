"""How the tour shows its stops: their text, their code, the SQL that ran and their rows."""

from __future__ import annotations

import contextlib
import inspect
import io
import re
import textwrap
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field
from decimal import Decimal

from rich import box
from rich.console import Console
from rich.padding import Padding
from rich.rule import Rule
from rich.syntax import Syntax
from rich.table import Table
from rich.text import Text

__all__ = ["WIDTH", "Found", "Stop", "code_of", "show"]

WIDTH = 100


@dataclass
class Found:
    """What a stop shows: rows of cells below headings."""

    headings: Sequence[str]
    rows: Iterable[Sequence[object]] = field(default_factory=list[Sequence[object]])


Stop = Callable[[], Found]

_ECHO = re.compile(r"^\[\w+ [0-9.]+ ms\] ", re.MULTILINE)
_CLAUSE = re.compile(
    r" (?=(?:FROM|WHERE|INNER JOIN|LEFT JOIN|ORDER BY|GROUP BY|SET|VALUES(?= )|ON CONFLICT|ON DUPLICATE)\b)"
)
_LONG_LIST = re.compile(r"(\?|%s)(?:, (?:\?|%s)){3,}")
_NAME = r'[`"]\w+[`"]'
_ALL_COLUMNS = re.compile(rf"^(SELECT {_NAME}, {_NAME}, ){_NAME}(?:, {_NAME})+(?=$|, \()")
_RENAMED = re.compile(rf"({_NAME} AS {_NAME}, )(?:{_NAME} AS {_NAME}, ){{3,}}")


def code_of(stop: Stop) -> str:
    """The code of a stop, without its head and without what only shows the result."""
    body = inspect.getsource(stop).partition('"""\n')[2].partition("    return Found(")[0]
    return textwrap.dedent(body).rstrip()


def statements(echo: str) -> str:
    """The SQL that ran, from the echo; shortened where only the number of columns or values makes it long."""
    return "\n".join(_pretty(text.rstrip()) for text in _ECHO.split(echo)[1:])


def _pretty(statement: str) -> str:
    text, note, streamed = statement.partition(" -- ")
    text = _RENAMED.sub(r"\1..., ", _LONG_LIST.sub(r"\1, ...", text))
    lines = [
        textwrap.fill(_ALL_COLUMNS.sub(r"\1...", line), WIDTH - 4, subsequent_indent="    ", break_long_words=False)
        for line in _clauses(text)
    ]
    return "\n".join(lines) + ";" + note + streamed


def _clauses(text: str) -> list[str]:
    """A statement, cut before its clauses; what stands in parentheses stays whole."""
    cuts = [0]
    for found in _CLAUSE.finditer(text):
        before = text[: found.start()]
        if before.count("(") == before.count(")"):
            cuts.append(found.start() + 1)
    return [text[start:end].rstrip() for start, end in zip(cuts, [*cuts[1:], len(text)], strict=True)]


def cell(value: object) -> str:
    """A value as a cell of a table."""
    match value:
        case None:
            return "[dim]–[/]"
        case float():
            return f"{value:,.2f}"
        case Decimal():
            return f"{value:,.2f}"
        case _:
            return str(value)


def table_of(found: Found) -> Table:
    """The rows as a table."""
    table = Table(box=box.SIMPLE_HEAD, header_style="bold cyan", pad_edge=False)
    rows = [tuple(row) for row in found.rows]
    for place, heading in enumerate(found.headings):
        cells = [row[place] for row in rows]
        if all(isinstance(value, int | float | Decimal | None) for value in cells):
            table.add_column(heading, justify="right", no_wrap=True)
        else:
            table.add_column(heading, overflow="fold")
    for row in rows:
        table.add_row(*map(cell, row))
    return table


def show(number: int, stop: Stop, console: Console) -> None:
    """Run a stop and print its text, its code, the SQL that ran and its rows."""
    echo = io.StringIO()
    with contextlib.redirect_stderr(echo):
        found = stop()
    console.print(Rule(f"[bold]{number}. {stop.__name__.replace('_', ' ')}", align="left"))
    console.print(Text(inspect.getdoc(stop) or "", style="italic"))
    console.print()
    for code, language, below in ((code_of(stop), "python", 1), (statements(echo.getvalue()), "sql", 0)):
        text = Syntax(code, language, theme="ansi_dark", background_color="default", word_wrap=True)
        console.print(Padding(text, (0, 0, below, 2)))
    console.print(table_of(found))
