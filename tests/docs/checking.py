"""Type-checks the Python of a page: every block, by mypy and pyright, as one module per page.

A line that ends in a comment `# refused...` must be refused by both checkers; no other line may be.
"""

from __future__ import annotations

import json
import os
import re
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from tests.docs.pages import ROOT, Page
from tests.docs.scratch import Wrong

__all__ = ["check_types"]

_REFUSED = re.compile(r"#.*\brefused\b")
_BIN = Path(sys.executable).parent


def check_types(page: Page, folder: Path) -> None:
    """Check the blocks of a page in its scratch project, whose package was generated.

    Raises:
        Wrong: a checker accepts what is marked as refused, or refuses something else.
    """
    name = re.sub(r"\W", "_", page.name.removesuffix(".md")).lower()
    module = folder / f"page_{name}.py"
    lines = _lines(page)
    module.write_text("\n".join(lines) + "\n")
    wanted = {number for number, line in enumerate(lines, start=1) if _REFUSED.search(line)}
    for checker, refused in (("mypy", dict(_mypy(module, folder))), ("pyright", dict(_pyright(module, folder)))):
        for number in sorted(wanted ^ refused.keys()):
            what = "accepts what the page says is refused" if number in wanted else f"says: {refused[number]}"
            raise Wrong(f"{page.name}:{number}", f"{checker} {what}", lines[number - 1])


def _lines(page: Page) -> list[str]:
    """The page with everything but its Python blanked out, so that line numbers stay."""
    lines = [""] * len(page.path.read_text().splitlines())
    for block in page.blocks:
        if block.language == "python" and not {"file", "fragment"} & block.comments.keys():
            for offset, line in enumerate(block.text.splitlines()):
                lines[block.line - 1 + offset] = line
    return lines


def _mypy(module: Path, folder: Path) -> Iterator[tuple[int, str]]:
    cache = ROOT / "build" / f"mypy-docs-{os.environ.get('PYTEST_XDIST_WORKER', 'main')}"
    arguments = ["--strict", "--no-error-summary", "--hide-error-context", "--no-pretty", f"--cache-dir={cache}"]
    done = subprocess.run(
        [_BIN / "mypy", *arguments, module.name],
        cwd=folder,
        env={**os.environ, "MYPYPATH": str(folder)},
        capture_output=True,
        text=True,
        check=False,
    )
    if done.returncode not in {0, 1}:
        raise Wrong(str(module), "mypy fails", None, done.stdout + done.stderr)
    for line in done.stdout.splitlines():
        if match := re.fullmatch(rf"{re.escape(module.name)}:(\d+): error: (.*)", line):
            yield int(match[1]), match[2]


def _pyright(module: Path, folder: Path) -> Iterator[tuple[int, str]]:
    settings: dict[str, object] = {
        "typeCheckingMode": "strict",
        "include": [module.name],
        "extraPaths": [str(ROOT / "runtime"), "."],
        "venvPath": str(Path(sys.prefix).parent),
        "venv": Path(sys.prefix).name,
    }
    (folder / "pyrightconfig.json").write_text(json.dumps(settings))
    done = subprocess.run(
        [_BIN / "pyright", "--outputjson"],
        cwd=folder,
        env={**os.environ, "PYRIGHT_PYTHON_IGNORE_WARNINGS": "1"},
        capture_output=True,
        text=True,
        check=False,
    )
    try:
        told: dict[str, Any] = json.loads(done.stdout)
    except ValueError:
        raise Wrong(str(module), "pyright fails", None, done.stdout + done.stderr) from None
    for item in told["generalDiagnostics"]:
        if item["severity"] == "error":
            yield item["range"]["start"]["line"] + 1, item["message"]
