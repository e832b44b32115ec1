"""The command: `python -m benchmarks`, which `make bench` runs with servers around it."""

from __future__ import annotations

import datetime as dt
import os
import shlex
import signal
import sys
from collections.abc import Iterable, Sequence
from concurrent.futures import ThreadPoolExecutor
from difflib import get_close_matches
from pathlib import Path
from typing import Annotated, Any, NoReturn

import typer
from rich.console import Console

from benchmarks.harness.contestant import contestant_names
from benchmarks.harness.curve import Scale
from benchmarks.harness.data import SCALE
from benchmarks.harness.facts import Facts
from benchmarks.harness.machine import libraries, machine, servers
from benchmarks.harness.places import DIALECTS, missing_server, place
from benchmarks.harness.record import Record
from benchmarks.harness.rounds import Run, WorkerFailed, described, profiled, run
from benchmarks.harness.terminal import Shown, curves, tables
from benchmarks.harness.verdict import Comparison
from benchmarks.harness.workload import Workload, workloads

_ROOT = Path(__file__).resolve().parents[1]
_OUTPUT = _ROOT / "build/bench"
_PROFILE_S = 3.0

app = typer.Typer(add_completion=False, pretty_exceptions_enable=False)
_console = Console()
_stderr = Console(stderr=True, highlight=False, soft_wrap=True, markup=False)


def _stopped(_number: int, _frame: object) -> NoReturn:
    sys.exit(143)


def _refused(message: str) -> NoReturn:
    _stderr.print(f"benchmarks: {message}")
    raise typer.Exit(2)


def _said(message: str) -> None:
    _console.print(message, markup=False, highlight=False, soft_wrap=True)


def _chosen(given: Iterable[str], known: Iterable[str], what: str, option: str) -> list[str]:
    """Names of an option, each of which may hold several with commas between."""
    names = [name.strip() for text in given for name in text.split(",") if name.strip()]
    known = list(known)
    for name in names:
        if name not in known:
            near = get_close_matches(name, known, n=1)
            mend = f'did you mean "{near[0]}"?' if near else f"there are {', '.join(known)}"
            _refused(f'{option}: no {what} "{name}" ({mend})')
    return list(dict.fromkeys(names))


def _dialects(given: Sequence[str]) -> list[str]:
    found: list[str] = []
    for dialect in _chosen(given, DIALECTS, "dialect", "--dialect") or DIALECTS:
        if reason := missing_server(dialect):
            _stderr.print(f"{dialect} is left out: {reason}")
        else:
            found.append(dialect)
    if not found:
        _refused("no database to run on")
    return found


def _contestants(peers: list[str]) -> list[Facts]:
    """Those that can take part: hand-written code and isomorph always, of the peers those that are asked for."""
    own, others = contestant_names("contestants"), contestant_names("peers")
    elsewhere = [name for text in peers for name in text.split(",") if "." in name]
    asked = _chosen(peers, ["all", "none", *others, *elsewhere], "peer", "--peers")
    if "all" in asked:
        asked = [*others, *elsewhere]
    found: list[Facts] = []
    with ThreadPoolExecutor(os.cpu_count()) as threads:
        every = list(threads.map(described, [*own, *(name for name in asked if name != "none")]))
    for facts in every:
        if facts.missing:
            _stderr.print(f"{facts.name} is left out: {facts.missing}")
        else:
            found.append(facts)
    return found


def _facts_of_run(**more: object) -> dict[str, Any]:
    today = dt.datetime.now(dt.UTC)
    return {"date": f"{today:%Y-%m-%d}", "command": shlex.join(["python", "-m", "benchmarks", *sys.argv[1:]]), **more}


def _profile(name: str, dialects: list[str], works: list[Workload], seconds: float, folder: Path) -> None:
    everyone = [*contestant_names("contestants"), *contestant_names("peers")]
    (name,) = _chosen([name], [*everyone, *([name] if "." in name else [])], "contestant", "--profile")
    facts = described(name)
    if facts.missing:
        _refused(f"--profile: {name} cannot take part: {facts.missing}")
    here = [dialect for dialect in dialects if dialect in facts.drivers]
    chosen = [(dialect, work) for dialect in here for work in works if facts.does(work.name, dialect)]
    if not chosen:
        _refused(f"--profile: {name} does nothing of that on {', '.join(dialects)}")
    for dialect, work in chosen:
        page = folder / f"profile-{dialect}-{work.name}-{name}.html"
        try:
            text = profiled(name, place(dialect, name, folder), work, seconds, page)
        except WorkerFailed as error:
            _stderr.print(error.said.rstrip())
            _refused(f"--profile: {dialect} {work.name}: {error}")
        page.with_suffix(".txt").write_text(text)
        _said(f"{text}\nwritten to {page}")


def _measure_scale(dialects: Sequence[str], seconds: float, folder: Path) -> None:
    # The generator, matplotlib and the type checkers are not needed to run workloads.
    from benchmarks import scale  # noqa: PLC0415

    kept = Scale(machine(), _facts_of_run(seconds=seconds))
    path = folder / "scale.json"
    with Shown(_console, scale.steps(dialects)) as watcher:
        for name in dialects:
            kept.curves += scale.of_rows([name], folder, seconds, watcher)
            kept.write(path)
        kept.curves += scale.of_models(watcher)
        kept.write(path)
        kept.curves += scale.of_shapes(watcher)
        kept.write(path)
        kept.checkers += scale.checkers(watcher)
    kept.write(path)
    curves(kept, _console)
    _said(f"written to {path}")


def _write(folder: Path) -> None:
    from benchmarks import report  # noqa: PLC0415 - as above

    path = folder / report.RESULTS
    if not path.exists():
        _refused(f"--write: there is no {path}: run the benchmarks first")
    record = Record.read(path)
    if any(each["scale"] != 1 for each in record.runs):
        _refused(f"--write: {path} was measured with ISOMORPH_BENCH_SCALE, which is too little to say anything")
    scale = Scale.read(folder / report.SCALE) if (folder / report.SCALE).exists() else None
    docs = _ROOT / "docs"
    for stale in (docs / report.FOLDER).glob("*.svg"):
        stale.unlink()
    record.write(docs / report.FOLDER / report.RESULTS, each_run=False)
    if scale is not None:
        scale.write(docs / report.FOLDER / report.SCALE)
    for name, text in report.files(record, scale, (_ROOT / "benchmarks/notes.md").read_text()):
        (docs / name).write_text(text)
    _said(f"written to {docs / report.PAGE}")


@app.command()
def benchmarks(
    context: typer.Context,
    only: Annotated[list[str] | None, typer.Option(help="Workloads, by name; all without it.")] = None,
    peers: Annotated[list[str] | None, typer.Option(help="Peers, by name; `all` (the default) or `none`.")] = None,
    dialect: Annotated[list[str] | None, typer.Option(help="Databases; all that there are without it.")] = None,
    rounds: Annotated[int, typer.Option(min=1, help="How many times every contestant has its turn.")] = 3,
    seconds: Annotated[float, typer.Option(min=0.0, help="How long a process repeats each workload.")] = 0.1,
    output: Annotated[Path, typer.Option(help="The folder of results, profiles and databases.")] = _OUTPUT,
    add: Annotated[bool, typer.Option("--add", help="Keep what earlier runs measured of anything else.")] = False,
    profile: Annotated[str, typer.Option(help="Only profile the workloads of this contestant.")] = "",
    scale: Annotated[bool, typer.Option("--scale", help="Only measure curves over rows, models and columns.")] = False,
    write: Annotated[bool, typer.Option("--write", help="Only renew docs/benchmarks.md from the results.")] = False,
) -> None:
    """Run workloads for isomorph, hand-written code and other ORMs, in turns, and compare them.

    Leaves with 1 when a contestant failed or gave other rows than the others.
    """
    # Stopped from outside, a run drops its databases, too.
    signal.signal(signal.SIGTERM, _stopped)
    _agree(context, profile=bool(profile), scale=scale, write=write)
    known = workloads()
    chosen = _chosen(only or (), known, "workload", "--only")
    works = [work for name, work in known.items() if not chosen or name in chosen]
    if write:
        _write(output)
        return
    output.mkdir(parents=True, exist_ok=True)
    if scale:
        _measure_scale(_dialects(dialect or ()), seconds, output)
        return
    dialects = _dialects(dialect or ())
    if profile:
        _profile(profile, dialects, works, max(seconds, _PROFILE_S), output)
        return
    contestants = _contestants(peers or ["all"])
    path = output / "results.json"
    record = Record.read(path) if add and path.exists() else Record()
    record.machine, record.versions = machine(), {**record.versions, **libraries(), **servers(dialects)}
    record.runs.append(_facts_of_run(rounds=rounds, seconds=seconds, scale=SCALE))
    whole = Run(dialects, contestants, works, rounds, seconds, output)
    with Shown(_console, whole.steps()) as watcher:
        for results in run(whole, watcher):
            record.add(contestants, works, results)
            record.write(path)
    comparison = Comparison(record)
    tables(comparison, _console)
    _said(f"written to {path}")
    if comparison.wrongs():
        raise typer.Exit(1)


# What each way to use the command takes besides its own option.
_TAKEN = {
    "profile": {"only", "dialect", "seconds", "output"},
    "scale": {"dialect", "seconds", "output"},
    "write": {"output"},
}


def _agree(context: typer.Context, **ways: bool) -> None:
    """Refuse an option that would do nothing beside another one."""
    sources = {name: context.get_parameter_source(name) for name in context.params}
    given = {name for name, source in sources.items() if source is not None and source.name == "COMMANDLINE"}
    for way in (name for name, wanted in ways.items() if wanted):
        if others := sorted(given - _TAKEN[way] - {way}):
            _refused(f"--{way} does not go with {', '.join(f'--{name}' for name in others)}")


if __name__ == "__main__":
    app()
