"""Runs code that comes in as JSON lines and answers what it printed: the program behind `scratch`."""

import contextlib
import io
import json
import linecache
import sys
from typing import Any


def serve() -> None:
    answers = sys.stdout
    namespace: dict[str, Any] = {"__name__": "__main__"}
    for request in sys.stdin:
        asked: dict[str, str] = json.loads(request)
        printed = io.StringIO()
        with contextlib.redirect_stdout(printed), contextlib.redirect_stderr(printed):
            failed = _failure(asked["name"], asked["code"], namespace)
        answers.write(json.dumps({"printed": printed.getvalue(), "failed": failed}) + "\n")
        answers.flush()


def _failure(name: str, code: str, namespace: dict[str, Any]) -> str | None:
    """Run the code; what a traceback would end with, or None."""
    linecache.cache[name] = (len(code), None, code.splitlines(keepends=True), name)
    try:
        exec(compile(code, name, "exec"), namespace)
    except Exception as error:  # noqa: BLE001 - whatever an example raises is told
        kind = type(error)
        where = "" if kind.__module__ == "builtins" else f"{kind.__module__}."
        return f"{where}{kind.__qualname__}: {error}"
    return None


if __name__ == "__main__":
    serve()
