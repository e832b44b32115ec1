"""Runs `orm` for commands that come in as JSON lines: the program behind `scratch`.

Each command has a process of its own, which is a copy of this one: what `orm` imports is imported once for a page.
"""

import json
import os
import signal
import sys
import tempfile
from pathlib import Path
from typing import Any

from isomorph_generator.cli import command, main

_MOST_S = 120


def serve() -> bool:
    """Answer commands. In the process of one of them it ends at once and gives True: the command is to follow."""
    for request in sys.stdin:
        asked: dict[str, Any] = json.loads(request)
        with tempfile.TemporaryFile() as out, tempfile.TemporaryFile() as errors:
            child = os.fork()
            if not child:
                _become(asked, (out.fileno(), errors.fileno()))
                return True
            _, status = os.waitpid(child, 0)
            answer = {
                "code": os.waitstatus_to_exitcode(status),
                "printed": "".join(_read(file.fileno()) for file in (out, errors)),
            }
        sys.stdout.write(json.dumps(answer) + "\n")
        sys.stdout.flush()
    return False


def _become(asked: dict[str, Any], files: tuple[int, int]) -> None:
    signal.alarm(_MOST_S)
    sys.stdin = Path(os.devnull).open()  # noqa: SIM115 - until the process ends
    for number, file in enumerate(files, start=1):
        os.dup2(file, number)
    sys.argv = asked["words"]
    os.environ.update(asked["environment"])


def _read(file: int) -> str:
    os.lseek(file, 0, os.SEEK_SET)
    with open(file, encoding="utf-8", closefd=False) as opened:
        return opened.read()


if __name__ == "__main__":
    command()  # which imports what the commands need
    if serve():
        sys.exit(main())
