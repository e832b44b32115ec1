"""The servers of one run, started together and stopped together."""

import os
import shutil
import tempfile
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from types import TracebackType
from typing import Self

from localservers import mariadb, postgresql
from localservers.finding import Finder, MissingServer, log
from localservers.process import Spawned

__all__ = ["ServerGroup", "remove_leftovers", "start_all"]

_PREFIX, _OWNER = "isomorph-servers-", "owner.pid"
_Preparation = postgresql.Preparation | mariadb.Preparation


@dataclass
class ServerGroup:
    """Running servers; a context manager that stops them."""

    folder: Path
    urls: dict[str, str] = field(default_factory=dict[str, str])
    """The URL of each server by the name of its environment variable."""
    missing: list[MissingServer] = field(default_factory=list[MissingServer])
    _servers: list[Spawned] = field(default_factory=list[Spawned])

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.stop()

    def add(self, variable: str, url: str, server: Spawned) -> None:
        """Take a running server into the group."""
        self.urls[variable] = url
        self._servers.append(server)

    def stop(self) -> None:
        """Stop all servers and remove what they wrote."""
        while self._servers:
            self._servers.pop().stop()
        shutil.rmtree(self.folder, ignore_errors=True)


def remove_leftovers() -> None:
    """Remove the data of runs that were killed. Their servers are gone: the kernel told them to stop."""
    for folder in Path(tempfile.gettempdir()).glob(f"{_PREFIX}*"):
        try:
            os.kill(int((folder / _OWNER).read_text()), 0)
        except ProcessLookupError:
            shutil.rmtree(folder, ignore_errors=True)
        except (OSError, ValueError):
            continue  # just being made or removed, or another user's


def start_all(finder: Finder | None = None, environ: Mapping[str, str] = os.environ) -> ServerGroup:
    """Start every server that the machine has or can get.

    Args:
        finder: where to look for programs.
        environ: a server whose variable is set there already is taken as given, and neither started nor stopped.

    Returns:
        The running servers; those that could not be had are in `missing`.

    Raises:
        ServerFailed: a server is there, but does not start.
    """
    finder = finder or Finder()
    remove_leftovers()
    folder = Path(tempfile.mkdtemp(prefix=_PREFIX))
    folder.chmod(0o755)  # the servers' users must pass through
    (folder / _OWNER).write_text(str(os.getpid()))
    group = ServerGroup(folder)
    preparations: dict[str, _Preparation] = {}
    try:
        # Both data directories are made at the same time, then the servers started.
        for server in (postgresql, mariadb):
            if server.VARIABLE in environ:
                log(f"{server.RECIPE.title}: taken from {server.VARIABLE}")
                continue
            try:
                preparations[server.VARIABLE] = server.Preparation(finder, folder / server.RECIPE.title.lower())
            except MissingServer as error:
                group.missing.append(error)
        while preparations:
            variable, preparation = next(iter(preparations.items()))
            group.add(variable, *preparation.start())
            del preparations[variable]
    except BaseException:
        for preparation in preparations.values():
            preparation.abandon()
        group.stop()
        raise
    return group
