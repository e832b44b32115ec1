"""The private servers: where their programs are looked for, how they are started, and that they always stop."""

import os
import select
import signal
import socket
import subprocess
import sys
import tempfile
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path
from urllib.parse import urlsplit

import pytest

import servers
from localservers import ServerGroup, group, mariadb, postgresql
from localservers.finding import Finder, MissingServer, Recipe
from localservers.process import Identity, Launch, ServerFailed, free_port

pytestmark = pytest.mark.feature("project.servers")

RECIPE = Recipe(
    title="Quokka",
    programs=("quokkad|quokka_daemon", "quokka-init"),
    folders=("/usr/lib/quokka/*/bin",),
    apt_package="quokka-server",
    wheels=(("quokka-wheel", "quokka/bin"),),
)
PROGRAMS = ("quokkad", "quokka-init")


@dataclass
class Machine:
    """A machine that has only what is put on it."""

    root: Path
    path: list[str] = field(default_factory=lambda: ["usr/bin"])
    asked_for: list[str] = field(default_factory=list[str])
    apt_brings: str | None = None
    pip_brings: str | None = None

    def put(self, folder: str, *names: str) -> None:
        (self.root / folder).mkdir(parents=True, exist_ok=True)
        for name in names:
            (self.root / folder / name).write_text("#!/bin/sh\n")
            (self.root / folder / name).chmod(0o755)

    def which(self, name: str) -> str | None:
        paths = (self.root / folder / name for folder in self.path)
        return next((str(path) for path in paths if path.exists()), None)

    def _bring(self, package: str, folder: str | None) -> bool:
        self.asked_for.append(package)
        if folder is None:
            return False
        self.put(folder, *PROGRAMS)
        return True

    def finder(self, *, is_root: bool = True, in_venv: bool = True) -> Finder:
        return Finder(
            which=self.which,
            root=self.root,
            is_root=is_root,
            in_venv=in_venv,
            site_packages=self.root / "site-packages",
            apt_install=lambda package: self._bring(package, self.apt_brings),
            pip_install=lambda package: self._bring(package, self.pip_brings),
        )


@pytest.fixture
def machine(tmp_path: Path) -> Machine:
    machine = Machine(tmp_path)
    machine.put("usr/bin", "apt-get")
    return machine


def folders_of(machine: Machine, finder: Finder | None = None) -> list[str]:
    found = (finder or machine.finder()).find(RECIPE)
    assert list(found) == ["quokkad", "quokka-init"]
    return [path.parent.relative_to(machine.root).as_posix() for path in found.values()]


def test_programs_on_the_path_are_taken_first(machine: Machine) -> None:
    machine.put("usr/bin", *PROGRAMS)
    machine.put("usr/lib/quokka/15/bin", *PROGRAMS)
    assert folders_of(machine) == ["usr/bin", "usr/bin"]
    assert machine.asked_for == []


def test_a_daemon_in_sbin_is_found_without_sbin_on_the_path(machine: Machine) -> None:
    machine.put("usr/bin", "quokka-init")
    machine.put("usr/sbin", "quokkad")
    assert folders_of(machine) == ["usr/sbin", "usr/bin"]


def test_the_highest_version_in_debians_folders_wins(machine: Machine) -> None:
    machine.put("usr/lib/quokka/9/bin", *PROGRAMS)
    machine.put("usr/lib/quokka/15/bin", *PROGRAMS)
    machine.put("usr/lib/quokka/16/bin", "quokkad")  # not whole: its other package is not installed
    assert folders_of(machine) == ["usr/lib/quokka/15/bin"] * 2


def test_a_program_with_another_name_is_found_under_its_first(machine: Machine) -> None:
    machine.put("usr/bin", "quokka_daemon", "quokka-init")
    assert machine.finder().find(RECIPE)["quokkad"].name == "quokka_daemon"


def test_a_file_that_cannot_be_executed_is_no_program(machine: Machine) -> None:
    machine.put("usr/lib/quokka/15/bin", *PROGRAMS)
    (machine.root / "usr/lib/quokka/15/bin/quokkad").chmod(0o644)
    with pytest.raises(MissingServer):
        machine.finder().find(RECIPE, install=False)


def test_root_installs_with_apt(machine: Machine) -> None:
    machine.apt_brings = "usr/lib/quokka/15/bin"
    assert folders_of(machine) == ["usr/lib/quokka/15/bin"] * 2
    assert machine.asked_for == ["quokka-server"]


def test_without_root_the_wheel_is_taken(machine: Machine) -> None:
    machine.pip_brings = "site-packages/quokka/bin"
    assert folders_of(machine, machine.finder(is_root=False)) == ["site-packages/quokka/bin"] * 2
    assert machine.asked_for == ["quokka-wheel"]


def test_where_apt_fails_the_wheel_is_taken(machine: Machine) -> None:
    machine.pip_brings = "site-packages/quokka/bin"
    assert folders_of(machine) == ["site-packages/quokka/bin"] * 2
    assert machine.asked_for == ["quokka-server", "quokka-wheel"]


def test_a_wheel_that_is_there_is_not_installed_again(machine: Machine) -> None:
    machine.put("site-packages/quokka/bin", *PROGRAMS)
    assert folders_of(machine) == ["site-packages/quokka/bin"] * 2
    assert machine.asked_for == []


def test_what_is_missing_is_named_with_all_that_was_tried(machine: Machine) -> None:
    with pytest.raises(MissingServer) as caught:
        machine.finder(is_root=False, in_venv=False).find(RECIPE)
    assert machine.asked_for == []
    assert str(caught.value) == (
        "Quokka is missing: no quokkad|quokka_daemon, quokka-init (not on PATH, not in /usr/lib/quokka/*/bin;"
        " as root: apt-get install quokka-server; in a virtual environment: pip install quokka-wheel)"
    )


def test_a_free_port_can_be_listened_on() -> None:
    with socket.socket() as listener:
        listener.bind(("127.0.0.1", free_port()))


def launch(folder: Path, program: str, is_ready: Callable[[int], bool]) -> Launch:
    return Launch(
        "Quokka",
        Identity(),
        folder,
        command=lambda port: (sys.executable, "-c", program, str(port)),
        is_ready=is_ready,
        stop_signals=(signal.SIGTERM,),
    )


WAIT = "import pathlib, signal; pathlib.Path('up').touch(); signal.pause()"


def test_a_server_that_lost_the_race_for_its_port_gets_another(tmp_path: Path) -> None:
    lose_once = f"""
import pathlib, sys
if not pathlib.Path("lost").exists():
    pathlib.Path("lost").write_text(sys.argv[1])
    sys.exit("could not bind: Address already in use")
{WAIT}"""
    server = launch(tmp_path, lose_once, lambda port: (tmp_path / "up").exists()).start()
    assert server.port != int((tmp_path / "lost").read_text())
    server.stop()


def test_a_server_that_cannot_start_is_told_with_its_log(tmp_path: Path) -> None:
    with pytest.raises(ServerFailed, match=r"Quokka: ended with 1\n.*no such setting"):
        launch(tmp_path, "import sys; sys.exit('no such setting')", lambda port: False).start()


def test_one_missing_server_does_not_keep_the_others_from_starting(tmp_path: Path) -> None:
    given = {postgresql.VARIABLE: "postgresql://somewhere/db"}
    nothing = Finder(which=lambda name: None, root=tmp_path, is_root=False, in_venv=False, site_packages=tmp_path)
    with group.start_all(nothing, given) as servers_:
        assert [error.title for error in servers_.missing] == ["MariaDB"]
        assert servers_.urls == {}  # a server that was given is not ours
    assert not servers_.folder.exists()


@pytest.mark.parametrize(("ci", "code"), [("true", 3), ("", 0)])
def test_a_missing_server_is_a_failure_in_ci_only(
    ci: str, code: int, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capfd: pytest.CaptureFixture[str]
) -> None:
    def start_none() -> ServerGroup:
        return ServerGroup(tmp_path / "gone", missing=[MissingServer("Quokka", ("quokkad",), ("not on PATH",))])

    monkeypatch.setenv("CI", ci)
    monkeypatch.setattr(servers, "start_all", start_none)
    monkeypatch.setattr(servers, "_raise_on_signals", lambda: None)
    assert servers.main(["run", "--", sys.executable, "-c", "print('ran')"]) == code
    out, err = capfd.readouterr()
    assert "NOT STARTED: Quokka is missing: no quokkad" in err
    assert ("ran" in out) == (not ci)


@pytest.fixture
def real_servers(request: pytest.FixtureRequest) -> Callable[..., "subprocess.Popen[str]"]:
    """Runs tools/servers.py with PostgreSQL only; skips on a machine without."""
    try:
        Finder().find(postgresql.RECIPE, install=False)
    except MissingServer as error:
        pytest.skip(str(error))
    environ = {**os.environ, mariadb.VARIABLE: "mysql://given"}
    environ.pop(postgresql.VARIABLE, None)

    def run(program: str) -> "subprocess.Popen[str]":
        process = subprocess.Popen(
            [sys.executable, "tools/servers.py", "run", "--", sys.executable, "-c", program],
            cwd=request.config.rootpath,
            env=environ,
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            text=True,
        )
        request.addfinalizer(process.kill)
        return process

    return run


TELL = "import os; print(os.environ['ISOMORPH_TEST_POSTGRESQL'], os.environ['ISOMORPH_TEST_MYSQL'], flush=True)\n"


def listens(url: str) -> bool:
    parts = urlsplit(url)
    with socket.socket() as client:
        return client.connect_ex((parts.hostname, parts.port)) == 0


def test_the_command_gets_the_urls_and_its_exit_code_comes_back(
    real_servers: Callable[..., "subprocess.Popen[str]"],
) -> None:
    connect = "import psycopg; print(psycopg.connect(os.environ['ISOMORPH_TEST_POSTGRESQL']).info.dbname); os._exit(7)"
    process = real_servers(TELL + connect)
    out, err = process.communicate()
    url, given = out.splitlines()[0].split()
    assert process.returncode == 7, err
    assert out.splitlines()[1] == "postgres"
    assert given == "mysql://given"
    assert not listens(url)


# The command ends by itself when the pipe closes, so that a kill leaves nothing of the test behind.
UNTIL_CLOSED = TELL + "import sys; sys.stdin.read()"


@pytest.mark.parametrize("signal_", [signal.SIGTERM, signal.SIGINT], ids=lambda value: value.name)
def test_a_signal_stops_the_servers_and_the_command(
    real_servers: Callable[..., "subprocess.Popen[str]"], signal_: signal.Signals
) -> None:
    if signal.getsignal(signal_) is signal.SIG_IGN:
        pytest.skip("a shell told us, and so whom we start, to ignore it: what it does in the background")
    process = real_servers(UNTIL_CLOSED)
    assert process.stdout is not None
    url = process.stdout.readline().split()[0]
    assert listens(url)
    process.send_signal(signal_)
    process.communicate()
    assert process.returncode == 128 + signal_
    assert not listens(url)


@pytest.mark.skipif(sys.platform != "linux", reason="other systems do not tell a process that its parent was killed")
def test_servers_do_not_outlive_a_kill(real_servers: Callable[..., "subprocess.Popen[str]"]) -> None:
    process = real_servers(UNTIL_CLOSED)
    assert process.stdout is not None
    url = process.stdout.readline().split()[0]
    owners = Path(tempfile.gettempdir()).glob("isomorph-servers-*/owner.pid")
    folder = next(path.parent for path in owners if path.read_text() == str(process.pid))
    server = os.pidfd_open(int((folder / "postgresql/data/postmaster.pid").read_text().splitlines()[0]))
    process.kill()
    process.communicate()
    try:
        # Nobody waits for the server now; the kernel has told it to stop.
        assert select.select([server], [], [], 60) == ([server], [], [])
    finally:
        os.close(server)
    assert not listens(url)
    group.remove_leftovers()
    assert not folder.exists()


def test_the_data_of_a_killed_run_is_removed_and_that_of_a_living_one_is_not(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    ended = subprocess.Popen([sys.executable, "-c", ""])
    ended.wait()
    monkeypatch.setattr(tempfile, "gettempdir", lambda: str(tmp_path))
    for name, owner in (("killed", ended.pid), ("living", os.getpid()), ("beginning", None)):
        (tmp_path / f"isomorph-servers-{name}/data").mkdir(parents=True)
        if owner:
            (tmp_path / f"isomorph-servers-{name}/owner.pid").write_text(str(owner))
    group.remove_leftovers()
    assert {path.name for path in tmp_path.iterdir()} == {"isomorph-servers-living", "isomorph-servers-beginning"}
