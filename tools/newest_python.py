"""Prints the newest Python of this machine that isomorph declares to support; nothing when it is the one running this.

Looks on PATH, at pyenv's versions and at uv's. Releases only: what a pre-release cannot do is no failure of ours.
"""

import os
import re
import shutil
import subprocess
import sys
import tomllib
from collections.abc import Iterable, Iterator
from pathlib import Path

_Version = tuple[int, int]


def declared_versions(pyproject: Path) -> set[_Version]:
    """Return the Python versions among the classifiers of the distribution."""
    classifiers: list[str] = tomllib.loads(pyproject.read_text())["project"]["classifiers"]
    matches = (re.fullmatch(r"Programming Language :: Python :: (\d+)\.(\d+)", line) for line in classifiers)
    return {(int(match[1]), int(match[2])) for match in matches if match}


def candidates(versions: Iterable[_Version], home: Path) -> Iterator[Path]:
    """Return interpreters that may be on the machine, by name only."""
    for major, minor in versions:
        name = f"python{major}.{minor}"
        if on_path := shutil.which(name):
            yield Path(on_path)
        pyenv = Path(os.environ.get("PYENV_ROOT", home / ".pyenv"))
        yield from pyenv.glob(f"versions/{major}.{minor}.*/bin/{name}")
        yield from (home / ".local/share/uv/python").glob(f"cpython-{major}.{minor}.*/bin/{name}")


def version_of(python: Path) -> tuple[int, int, int] | None:
    """Ask an interpreter for its version; None when it does not run, is a pre-release or can make no environment."""
    program = "import ensurepip, sys, venv; print(*sys.version_info[:4])"
    done = subprocess.run([python, "-c", program], check=False, capture_output=True, text=True)
    if done.returncode != 0:
        return None
    major, minor, micro, level = done.stdout.split()
    return (int(major), int(minor), int(micro)) if level == "final" else None


def newest(pyproject: Path, home: Path, than: _Version) -> Path | None:
    """Return the newest declared Python on this machine that is newer than a version; None when there is none."""
    wanted = {version for version in declared_versions(pyproject) if version > than}
    found = [(version, path) for path in candidates(wanted, home) if (version := version_of(path))]
    return max(found)[1] if found else None


if __name__ == "__main__":
    best = newest(Path(__file__).parent.parent / "pyproject.toml", Path.home(), sys.version_info[:2])
    if best is not None:
        print(best)
