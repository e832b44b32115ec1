"""On what the numbers were measured: the machine, and the version of everything that took part."""

from __future__ import annotations

import os
import platform
import re
from collections.abc import Iterable
from importlib import metadata
from pathlib import Path

from benchmarks.harness.places import place

__all__ = ["libraries", "machine", "servers"]

_EXTRAS = ("mysql", "postgresql", "bench")
_WANTED = re.compile(r"""(?P<name>[\w.-]+).*extra == ["'](?P<extra>[\w-]+)["']""")


def machine() -> dict[str, str]:
    """The machine in words; nothing that names it."""
    return {
        "processor": _first(Path("/proc/cpuinfo"), "model name") or platform.machine(),
        "cores": str(os.cpu_count()),
        "memory": _memory(),
        "system": f"{_release()}, {platform.system()} {platform.release().partition('-')[0]}",
        "python": f"{platform.python_implementation()} {platform.python_version()}",
        "load when it began": f"{os.getloadavg()[0]:.1f}",
    }


def _first(path: Path, name: str) -> str:
    """The value of the first line of that name."""
    if path.exists():
        for line in path.read_text().splitlines():
            key, _, value = line.partition(":")
            if key.strip() == name:
                return value.strip()
    return ""


def _memory() -> str:
    kibibytes = _first(Path("/proc/meminfo"), "MemTotal").removesuffix(" kB")
    return f"{int(kibibytes) / 2**20:.1f} GiB" if kibibytes else "unknown"


def _release() -> str:
    try:
        return platform.freedesktop_os_release()["PRETTY_NAME"]
    except OSError:
        return platform.platform()


def libraries() -> dict[str, str]:
    """Versions of what the extras for databases and benchmarks bring."""
    found: dict[str, str] = {}
    for wanted in metadata.requires("isomorph") or ():
        match = _WANTED.match(wanted)
        if match is not None and match["name"] != "isomorph" and match["extra"] in _EXTRAS:
            try:
                found[match["name"]] = metadata.version(match["name"])
            except metadata.PackageNotFoundError:
                continue
    return dict(sorted(found.items(), key=lambda item: item[0].lower()))


def servers(dialects: Iterable[str]) -> dict[str, str]:
    """What the databases say they are."""
    return {dialect: place(dialect, "version", Path()).version() for dialect in dialects}
