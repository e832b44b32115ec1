"""The report's charts, as SVG that is the same for the same numbers, and readable on light and on dark pages."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from contextlib import AbstractContextManager
from dataclasses import dataclass
from io import StringIO
from typing import Any

import matplotlib as mpl
from matplotlib.figure import Figure
from matplotlib.ticker import FuncFormatter, NullLocator

from benchmarks.harness.contestant import Kind

__all__ = ["Series", "lines", "ratios"]

# Grey that stands out from white and from black alike, and colours that do so, too, to most eyes (Okabe and Ito).
_INK = "#808080"
_OURS = "#d55e00"
_COLOURS = (
    "#0072b2",
    "#009e73",
    "#cc79a7",
    "#56b4e9",
    "#e69f00",
    "#9467bd",
    "#8c564b",
    "#bcbd22",
    "#17a2a2",
    "#a08cd6",
)
# Of isomorph itself, on one driver and on others.
_OURS_MARKERS = ("o", "D", "s", "^")
_MARKERS = ("o", "s", "^", "D", "v", "P", "X", "<", ">")
_STYLE = {
    "svg.hashsalt": "isomorph",  # names inside the file that do not change from one run to the next
    "svg.fonttype": "none",
    "font.family": "sans-serif",
    "font.size": 9,
    "text.color": _INK,
    "axes.edgecolor": _INK,
    "axes.labelcolor": _INK,
    "axes.titlecolor": _INK,
    "xtick.color": _INK,
    "ytick.color": _INK,
    "grid.color": _INK,
    "grid.alpha": 0.25,
}


@dataclass(frozen=True, slots=True)
class Series:
    """What is drawn of one contestant, or of one kind of work.

    Args:
        values: by the name of the row, or by size.
        hollow: names whose number is not quite comparable.
        number: which of its kind it is; the same in all charts, so that it looks the same in all of them.
    """

    title: str
    values: Mapping[Any, float]
    kind: Kind = Kind.PEER
    hollow: frozenset[str] = frozenset()
    number: int = 0


def _style() -> AbstractContextManager[None]:
    library: Any = mpl  # whose own annotations leave much open
    style: AbstractContextManager[None] = library.rc_context(_STYLE)
    return style


def _drawn(figure: Any) -> str:
    file = StringIO()
    figure.savefig(file, format="svg", transparent=True, bbox_inches="tight", metadata={"Date": None, "Creator": None})
    return "".join(f"{line.rstrip()}\n" for line in file.getvalue().splitlines())


def _times(value: float, _: object) -> str:
    return f"{value:g}x"


def ratios(rows: Sequence[str], series: Sequence[Series]) -> str:
    """A row for each workload, on it a dot for each contestant: how many times hand-written code, which is the line at 1."""
    with _style():
        figure = Figure(figsize=(7.5, 0.9 + 0.34 * len(rows)))
        axes: Any = figure.subplots()
        axes.axvline(1.0, color=_INK, linewidth=1.2)
        for each in series:
            ours = each.kind is Kind.OURS
            colour = _OURS if ours else _COLOURS[each.number % len(_COLOURS)]
            markers = _OURS_MARKERS if ours else _MARKERS
            marker = markers[each.number % len(markers)]
            named = False
            for full in (True, False):
                found = [name for name in rows if name in each.values and (name not in each.hollow) is full]
                if not found:
                    continue
                axes.plot(
                    [each.values[name] for name in found],
                    [rows.index(name) for name in found],
                    linestyle="none",
                    marker=marker,
                    markersize=7 if ours else 5,
                    zorder=4 if ours else 3,
                    color=colour,
                    markerfacecolor=colour if full else "none",
                    label=None if named else each.title,
                )
                named = True
        axes.set_xscale("log")
        _ticks(axes, [value for each in series for value in each.values.values()])
        axes.set_yticks(range(len(rows)), rows)
        axes.set_ylim(len(rows) - 0.5, -0.5)
        axes.set_xlabel("times hand-written code (less is better)")
        _finish(axes)
        return _drawn(figure)


def _ticks(axes: Any, values: Sequence[float]) -> None:
    every = (0.1, 0.2, 0.5, 1, 2, 5, 10, 20, 50, 100, 200, 500, 1000)
    low, high = min([*values, 0.9]), max([*values, 2.0])
    shown = [tick for tick in every if low * 0.8 <= tick <= high * 1.2]
    axes.set_xlim(low * 0.85, high * 1.18)
    axes.set_xticks(shown)
    axes.xaxis.set_minor_locator(NullLocator())
    axes.xaxis.set_major_formatter(FuncFormatter(_times))


def _finish(axes: Any) -> None:
    axes.grid(visible=True, which="major")
    axes.set_axisbelow(True)
    for side in ("top", "right"):
        axes.spines[side].set_visible(False)
    axes.legend(loc="upper left", bbox_to_anchor=(1.01, 1.0), frameon=False)


def lines(series: Sequence[Series], across: str, up: str) -> str:
    """Curves with logarithmic axes, and a dashed line that grows as the size does."""
    with _style():
        figure = Figure(figsize=(6.0, 3.6))
        axes: Any = figure.subplots()
        for number, each in enumerate(series):
            axes.plot(
                list(each.values),
                list(each.values.values()),
                marker=_MARKERS[number % len(_MARKERS)],
                markersize=4,
                linewidth=1.2,
                color=_COLOURS[number % len(_COLOURS)],
                label=each.title,
            )
        sizes = sorted({size for each in series for size in each.values})
        top = max(each.values[max(each.values)] / max(each.values) for each in series)
        axes.plot(sizes, [top * size for size in sizes], linestyle=(0, (4, 4)), color=_INK, label="linear")
        axes.set_xscale("log")
        axes.set_yscale("log")
        axes.set_xlabel(across)
        axes.set_ylabel(up)
        low = min(value for each in series for value in each.values.values())
        axes.set_ylim(bottom=low * 0.6)
        _finish(axes)
        return _drawn(figure)
