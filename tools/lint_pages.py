"""The pages of docs/lint/, made from what the rules of the linter say of themselves.

python tools/lint_pages.py write     renew the pages, and their list in mkdocs.yml
python tools/lint_pages.py check     fail when they are not what the rules say
"""

import argparse
import re
import sys
import textwrap
from collections.abc import Mapping, Sequence
from pathlib import Path

from isomorph import migrate
from isomorph.migrate import Operation
from isomorph_generator.lint import RULES, Example, Rule
from isomorph_generator.lint.examples import BEFORE
from isomorph_generator.migrations.source import Imports, source

__all__ = ["outdated", "written"]

_ROOT = Path(__file__).parent.parent
_NAVIGATION = re.compile(r"(?<=      - Linter: lint/index.md\n)(?:      - MIG\d+: lint/MIG\d+\.md\n)*")
_URL = re.compile(r"https://[^\s,)]+")
_TITLES = {"sqlite": "SQLite", "postgresql": "PostgreSQL", "mysql": "MySQL, MariaDB"}

_INDEX = """\
# Rules of the linter

<!-- feature: lint.rules, lint.allow, lint.live, lint.lossy, lint.command -->

`orm migrate lint` looks at revisions before they are run. It needs no database; with `--live` it looks at the revisions
that a database does not have yet, and into the database: whether rows are alike, hold NULL or a text that is too long, how
large a table is, how far a key has come. It reads a million rows of a table at most, and never prints a value.

- **error**: it fails, or loses something. `orm migrate lint` and `orm migrate check` leave with 1; `orm migrate run` does
  not begin, where something is applied already (`--no-lint` leaves the linter out).
- **warning**: it may hold up or break what runs meanwhile; with `--strict` it counts as an error.
- **note**: worth knowing.

A finding that is known and fine is allowed in the revision, with the reason: `Revision(..., allow={"MIG012": "why"})`. What
loses rows or values is accepted by `lossy("what is lost and why that is fine", ...)` around the operation instead, which
`orm migrate run` asks for, too.

"""


def _evaluated(text: str) -> list[Operation]:
    names = {name: getattr(migrate, name) for name in migrate.__all__}
    return list(eval(f"[{text}]", {**names, "t": migrate.types}))  # noqa: S307 - the rules' own text


def _operations(operations: Sequence[Operation]) -> str:
    imports = Imports(set(), set())
    lines = "".join(f"    {source(operation, imports, indent=1, suffix=',')}\n" for operation in operations)
    return f"upgrade: Operations = [\n{lines}]\n"


def _example(example: Example) -> str:
    head = ""
    if example.head:
        head = f'revision = Revision(\n    id="...",\n    depends_on=("...",),\n    {example.head},\n)\n\n'
    return f"<!-- fragment -->\n```python\n{head}{_operations(_evaluated(example.upgrade))}```\n"


def _page(rule: Rule) -> str:
    on = ", ".join(_TITLES[name] for name in rule.dialects)
    allowing = (
        f'Where it is fine: `Revision(..., allow={{"{rule.code}": "the reason"}})`.\n'
        if rule.is_allowable
        else "It cannot be allowed.\n"
    )
    why = textwrap.fill(_URL.sub(r"<\g<0>>", rule.why), 120, break_long_words=False, break_on_hyphens=False)
    return (
        f"# {rule.code}: {rule.name}\n\n**{rule.title}.** {rule.severity.value.capitalize()}, on {on}.\n\n{why}\n\n"
        f"## Found\n\n{_example(rule.bad)}\n## Not found\n\n{_example(rule.good)}\n{allowing}"
    )


def _index() -> str:
    rows = "".join(
        f"| [{rule.code}]({rule.code}.md) | {rule.name} | {rule.severity.value} | {rule.title} |\n" for rule in RULES
    )
    tables = f"## The tables of the examples\n\n<!-- fragment -->\n```python\n{_operations(BEFORE)}```\n"
    return f"{_INDEX}| code | name | severity | what it finds |\n| --- | --- | --- | --- |\n{rows}\n{tables}"


def written() -> Mapping[Path, str]:
    """All pages by path, and mkdocs.yml with their list."""
    folder, navigation = _ROOT / "docs/lint", _ROOT / "mkdocs.yml"
    listed = "".join(f"      - {rule.code}: lint/{rule.code}.md\n" for rule in RULES)
    return {
        folder / "index.md": _index(),
        **{folder / f"{rule.code}.md": _page(rule) for rule in RULES},
        navigation: _NAVIGATION.sub(lambda _: listed, navigation.read_text()),
    }


def outdated() -> list[Path]:
    """The pages that are not what the rules say, and those of rules that are gone."""
    wanted = written()
    gone = [path for path in (_ROOT / "docs/lint").glob("*.md") if path not in wanted]
    return gone + [path for path, text in wanted.items() if not path.exists() or path.read_text() != text]


def main(arguments: Sequence[str] | None = None) -> int:
    """Write or check; return the exit code."""
    parser = argparse.ArgumentParser(
        "lint_pages.py", description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("action", choices=("write", "check"))
    action = parser.parse_args(arguments).action
    wanted = written()
    for path in outdated():
        if action == "check":
            print(f"lint_pages: {path.relative_to(_ROOT)} is not what the rules say: make lint-pages")
            return 1
        if path in wanted:
            path.parent.mkdir(exist_ok=True)
            path.write_text(wanted[path])
        else:
            path.unlink()
    return 0


if __name__ == "__main__":
    sys.exit(main())
