"""A scratch project in which the blocks of a page are executed, in their order."""

from __future__ import annotations

import json
import os
import re
import shlex
import shutil
import subprocess
import sys
from pathlib import Path
from types import TracebackType
from typing import Any, Self

from tests.docs.pages import ROOT, Block, Command, Page, commands_of, prints

__all__ = ["Scratch", "Wrong"]

_BIN = Path(sys.executable).parent
_ANSI = re.compile(r"\x1b\[[0-9;?]*[A-Za-z]")
_RUN = frozenset({"orm", "python", "cat", "ls"})
_NOT_RUN = frozenset({"pip", "git", "cd", "mkdir", "make", "export"})
"""What concerns the reader's machine."""
_SHOWCASE = ("schema.toml", "generated", "migrations")


class Wrong(AssertionError):
    """An example does not do what the page says."""

    def __init__(self, place: str, what: str, shown: str | None = None, got: str | None = None) -> None:
        super().__init__(place, what, shown, got)
        self.place, self.what, self.shown, self.got = place, what, shown, got

    def __str__(self) -> str:
        parts = [f"{self.place}: {self.what}"]
        if self.shown is not None:
            parts.append(f"--- the page shows\n{self.shown.rstrip()}")
        if self.got is not None:
            parts.append(f"--- it gives\n{self.got.rstrip()}")
        return "\n".join(parts)


class _Program:
    """A program beside this module that answers requests, each a line of JSON."""

    def __init__(self, name: str, folder: Path, environment: dict[str, str]) -> None:
        self._name = name
        self._process = subprocess.Popen(
            [sys.executable, "-P", "-u", str(Path(__file__).with_name(name))],
            cwd=folder,
            env=environment,
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            text=True,
        )

    def ask(self, place: str, request: dict[str, object]) -> dict[str, Any]:
        """The answer to a request.

        Raises:
            Wrong: the program ended.
        """
        process = self._process
        assert process.stdin is not None
        assert process.stdout is not None
        process.stdin.write(json.dumps(request) + "\n")
        process.stdin.flush()
        line = process.stdout.readline()
        if not line:
            raise Wrong(place, f"{self._name} ended")
        answer: dict[str, Any] = json.loads(line)
        return answer

    def close(self) -> None:
        process = self._process
        assert process.stdin is not None
        assert process.stdout is not None
        process.stdin.close()
        process.wait(30)
        process.stdout.close()


class Scratch:
    """The scratch project of a page.

    Args:
        folder: an empty folder.
        project: `showcase` for one with the repository's schema, its code and its tables; None for an empty one.
    """

    def __init__(self, folder: Path, project: str | None = None) -> None:
        self._folder = folder
        self._environment = {
            **{name: value for name, value in os.environ.items() if not name.startswith("ISOMORPH_")},
            "PATH": f"{_BIN}{os.pathsep}{os.environ['PATH']}",
            "PYTHONPATH": str(folder),
            "PYTHONIOENCODING": "utf-8",
            "COLUMNS": "120",
            "NO_COLOR": "1",
            "TERM": "dumb",
        }
        self._interpreter: _Program | None = None
        self._console: _Program | None = None
        if project == "showcase":
            for name in _SHOWCASE:
                source = ROOT / name
                if source.is_dir():
                    shutil.copytree(source, folder / name, ignore=shutil.ignore_patterns("__pycache__"))
                else:
                    shutil.copy(source, folder / name)
            self.console(Block("console", "$ orm migrate run\n", "showcase", 1))

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, traceback: TracebackType | None
    ) -> None:
        self._forget()
        if self._console is not None:
            self._console.close()

    def _forget(self) -> None:
        if self._interpreter is not None:
            self._interpreter.close()
        self._interpreter = None

    # --- blocks ----------------------------------------------------------------------------------------------------

    def run(self, page: Page) -> None:
        """Execute the blocks of a page.

        Raises:
            Wrong: the first block that does not do what the page says.
        """
        blocks = page.blocks
        for number, block in enumerate(blocks):
            follower = blocks[number + 1] if number + 1 < len(blocks) else None
            shown = follower.text if follower is not None and follower.language == "text" else None
            self._block(block, shown)

    def _block(self, block: Block, shown: str | None) -> None:
        comments = block.comments
        if "file" in comments:
            self._write(block)
        elif block.language == "toml" and "fragment" not in comments:
            self._schema(block, shown if "refused" in comments else "")
        elif block.language == "console" and "fragment" not in comments:
            self.console(block)
        elif block.language == "python" and not {"fragment", "types only"} & comments.keys():
            self._python(block, shown)

    def _write(self, block: Block) -> None:
        path = self._folder / block.comments["file"]
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(block.text)

    def _schema(self, block: Block, shown: str | None) -> None:
        """A schema of its own that has the mistakes shown, or none."""
        from isomorph_generator.codegen import check
        from isomorph_generator.schema import SchemaErrors, load

        folder = self._folder / "schemas"
        folder.mkdir(exist_ok=True)
        path = folder / "schema.toml"
        path.write_text(block.text)
        told = ""
        try:
            check(load(path))
        except SchemaErrors as errors:
            told = str(errors).replace(f"{folder}/", "")
        if shown is None:
            raise Wrong(block.place, "the page does not show what is wrong with the schema", "", told)
        if not prints(shown, told):
            raise Wrong(block.place, "the schema has other mistakes" if shown else "the schema is refused", shown, told)

    def _python(self, block: Block, shown: str | None) -> None:
        if self._interpreter is None:
            self._interpreter = _Program("interpreter.py", self._folder, self._environment)
        code = "\n" * (block.line - 1) + block.text
        answer = self._interpreter.ask(block.place, {"name": block.place.partition(":")[0], "code": code})
        printed, failed = answer["printed"], answer["failed"]
        if failed is not None and (shown is None or not prints(shown, printed + failed)):
            raise Wrong(block.place, "the example fails", shown, printed + failed)
        if failed is None and shown is not None and not prints(shown, printed):
            raise Wrong(block.place, "the example prints something else", shown, printed)

    def console(self, block: Block) -> None:
        """Run the commands of a block.

        Raises:
            Wrong: one leaves with another code, or prints something else.
        """
        commands = commands_of(block)
        for number, command in enumerate(commands):
            expected = int(block.comments.get("exit", "0")) if number + 1 == len(commands) else 0
            self._command(command, block.place, expected)

    def _command(self, command: Command, place: str, expected: int) -> None:
        words = shlex.split(command.line, comments=True)
        environment: dict[str, str] = {}
        while words and re.fullmatch(r"[A-Z_]+=.*", words[0]):
            name, _, value = words.pop(0).partition("=")
            environment[name] = value
        if words[0] in _NOT_RUN:
            return
        if words[0] not in _RUN:
            raise Wrong(place, f"{words[0]}: a page may run {', '.join(sorted(_RUN))}")
        self._forget()  # the command may change what the interpreter has imported
        code, printed = (self._orm if words[0] == "orm" else self._other)(place, words, environment)
        printed = _ANSI.sub("", printed)
        if code != expected:
            raise Wrong(place, f"`{command.line}` leaves with {code}, not {expected}", command.output, printed)
        if command.output is not None and not prints(command.output, printed):
            raise Wrong(place, f"`{command.line}` prints something else", command.output, printed)

    def _orm(self, place: str, words: list[str], environment: dict[str, str]) -> tuple[int, str]:
        if self._console is None:
            self._console = _Program("console.py", self._folder, self._environment)
        answer = self._console.ask(place, {"words": words, "environment": environment})
        return answer["code"], answer["printed"]

    def _other(self, _place: str, words: list[str], environment: dict[str, str]) -> tuple[int, str]:
        done = subprocess.run(
            words,
            cwd=self._folder,
            env={**self._environment, **environment},
            capture_output=True,
            text=True,
            timeout=120,
            check=False,
        )
        return done.returncode, done.stdout + done.stderr
