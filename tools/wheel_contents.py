"""Builds the wheel and the sdist, and compares what is in them with what should be.

python tools/wheel_contents.py          exit code 1 and a list when something is missing or too much
"""

import subprocess
import sys
import tarfile
import tempfile
import zipfile
from collections.abc import Iterable, Iterator
from pathlib import Path, PurePosixPath

__all__ = ["build", "expected_modules", "problems", "sdist_names", "wheel_names"]

_ROOT = Path(__file__).parent.parent
_SOURCES = ("runtime/isomorph", "generator/isomorph_generator")
_KINDS = {".py", ".jinja", ".json"}
_BESIDE = {"pyproject.toml", "README.md", "CHANGELOG.md", "LICENSE", "PKG-INFO", ".gitignore"}


def build(target: Path, root: Path = _ROOT) -> tuple[Path, Path]:
    """Build both with hatchling, in this environment; return the paths of the wheel and of the sdist.

    Raises:
        CalledProcessError: hatchling refused.
    """
    # In one go, not by `python -m build`: that would make an environment for hatchling, which we already have.
    command = (sys.executable, "-m", "hatchling", "build", "--directory", str(target))
    subprocess.run(command, check=True, cwd=root, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    (wheel,), (sdist,) = target.glob("*.whl"), target.glob("*.tar.gz")
    return wheel, sdist


def wheel_names(wheel: Path) -> set[str]:
    """Return the files of a wheel, those about the distribution left out."""
    with zipfile.ZipFile(wheel) as archive:
        names = archive.namelist()
    return {name for name in names if not name.partition("/")[0].endswith(".dist-info")}


def sdist_names(sdist: Path) -> set[str]:
    """Return the files of an sdist, without its own folder."""
    with tarfile.open(sdist) as archive:
        return {str(PurePosixPath(*PurePosixPath(member.name).parts[1:])) for member in archive if member.isfile()}


def expected_modules(root: Path = _ROOT) -> set[str]:
    """Return what of the sources belongs into a package, named as in the repository."""
    found = {
        path.relative_to(root).as_posix()
        for source in _SOURCES
        for path in (root / source).rglob("*")
        if (path.suffix in _KINDS or path.name == "py.typed") and "__pycache__" not in path.parts
    }
    return found | {f"{source}/py.typed" for source in _SOURCES}


def problems(wheel: Iterable[str], sdist: Iterable[str], expected: Iterable[str]) -> Iterator[str]:
    """Return a line for each file that is missing in one of them, or should not be there."""
    # In the wheel the packages are at the top: the source roots are gone.
    for kind, names, wanted in (
        ("wheel", set(wheel), {name.partition("/")[2] for name in expected}),
        ("sdist", set(sdist), set(expected) | _BESIDE),
    ):
        yield from (f"{kind}: {name} is missing" for name in sorted(wanted - names - {".gitignore"}))
        yield from (f"{kind}: {name} should not be there" for name in sorted(names - wanted))


def main() -> int:
    """Build and compare; return the exit code."""
    with tempfile.TemporaryDirectory() as folder:
        wheel, sdist = build(Path(folder))
        found = list(problems(wheel_names(wheel), sdist_names(sdist), expected_modules()))
    print("\n".join(found) or "wheel and sdist: complete, and nothing else in them")
    return 1 if found else 0


if __name__ == "__main__":
    sys.exit(main())
