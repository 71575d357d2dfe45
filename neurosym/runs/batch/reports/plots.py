"""The plots of a report, as SVG that needs no fonts and loads nothing."""

from __future__ import annotations

import io
import logging
import math
import re
import warnings
from collections import Counter
from collections.abc import Callable, Sequence
from functools import partial
from typing import TYPE_CHECKING, Any, Final

from neurosym.runs.batch.measures.agreement import Matrix
from neurosym.runs.batch.measures.outcomes import Group
from neurosym.runs.batch.reports import wording
from neurosym.runs.batch.summary import Summary
from provers.errors import MissingToolError

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure

MOST_CONFUSIONS: Final = 8
_MOST_BARS: Final = 40
_MOST_REASONS: Final = 15
_MOST_SET_CURVES: Final = 5
_WIDTH: Final = 4.8  # inches: 460 pixels, of which a phone shows four fifths
_BAR: Final = 0.26
_NAME: Final = 22
_SHORTEST: Final = 0.001  # seconds; below it, a logarithm says nothing

# Okabe and Ito's colours, which all kinds of sight tell apart, and hatching besides.
_COLORS: Final = {
    "proved": ("#009E73", ""),
    "refuted": ("#D55E00", ""),
    "independent": ("#56B4E9", ""),
    "inconsistent": ("#CC79A7", ""),
    "satisfiable": ("#0072B2", ""),
    "unknown": ("#BBBBBB", ""),
    "ambiguous": ("#E69F00", "//"),
    "untranslated": ("#E8E8E8", ".."),
    "no_claim": ("#FFFFFF", "//"),
    "ill_formed": ("#F0E442", "xx"),
    "failed": ("#222222", ""),
}
_OTHER_COLOR: Final = ("#882255", "\\\\")
_LINES: Final = (
    ("#000000", "-"),
    ("#0072B2", "--"),
    ("#D55E00", "-."),
    ("#009E73", ":"),
    ("#CC79A7", (0, (5, 1, 1, 1, 1, 1))),
    ("#E69F00", (0, (1, 1))),
    ("#56B4E9", (0, (6, 2))),
)
_STYLE: Final[dict[str, Any]] = {
    "font.family": "DejaVu Sans",
    "font.size": 9.5,
    "axes.labelsize": 9.5,
    "axes.labelpad": 6,
    "legend.fontsize": 9,
    "xtick.labelsize": 9,
    "ytick.labelsize": 9,
    "axes.spines.top": False,
    "axes.spines.right": False,
    "axes.axisbelow": True,
    "hatch.linewidth": 0.5,
    "figure.constrained_layout.use": True,
    "svg.fonttype": "path",
    # Names may hold dollar signs, which are no mathematics here.
    "text.parse_math": False,
    "text.usetex": False,
}


def draw(summary: Summary) -> dict[str, str]:
    """All plots that there is something to show in, by name.

    ``outcomes-by-set``, ``outcomes-by-prover``, ``pass-at-k``, ``cactus``, ``failures``,
    ``agreement-of-samples``, ``agreement-of-provers``, and ``answers-N`` for set N, from 1.

    Raises MissingToolError without matplotlib.
    """
    figures: dict[str, Callable[[Figure], bool]] = {
        "outcomes-by-set": lambda figure: _outcomes(figure, summary.sets),
        "outcomes-by-prover": lambda figure: _outcomes(figure, summary.provers),
        "pass-at-k": lambda figure: _passes(figure, summary),
        "cactus": lambda figure: _cactus(figure, summary),
        "failures": lambda figure: _failures(figure, summary),
        "agreement-of-samples": lambda figure: _samples(figure, summary),
        "agreement-of-provers": lambda figure: _provers(figure, summary),
    }
    for index, matrix in enumerate(summary.confusions[:MOST_CONFUSIONS], 1):
        figures[f"answers-{index}"] = partial(_answers, matrix=matrix)
    svgs = ((name, drawn(name, into)) for name, into in figures.items())
    return {name: svg for name, svg in svgs if svg}


def drawn(name: str, into: Callable[[Figure], bool]) -> str:
    """The SVG of a plot that ``into`` draws; empty where it says that there is nothing in it.

    Raises MissingToolError without matplotlib.
    """
    try:
        import matplotlib
    except ModuleNotFoundError as error:
        raise MissingToolError(
            "matplotlib is not installed: pip install 'neurosym[batch]'."
        ) from error
    # It would talk of fonts and of folders that it cannot write.
    logging.getLogger("matplotlib").setLevel(logging.ERROR)
    from matplotlib.backends.backend_agg import FigureCanvasAgg
    from matplotlib.figure import Figure

    style: Any = {**_STYLE, "svg.hashsalt": name}
    with matplotlib.rc_context(style), warnings.catch_warnings():
        warnings.simplefilter("ignore")  # signs that the font has not, shown as boxes
        figure = Figure(figsize=(_WIDTH, 3.0))
        FigureCanvasAgg(figure)
        if not into(figure):
            return ""
        written = io.StringIO()
        figure.savefig(written, format="svg", metadata={"Date": None, "Creator": None})
    return _embeddable(written.getvalue(), name)


def _embeddable(svg: str, name: str) -> str:
    """The SVG without what is not drawn, and with ids of its own, to stand beside others."""
    svg = svg[svg.index("<svg") :]
    for idle in (r"<!--.*?-->", r"<metadata>.*?</metadata>", r"<style[^>]*>.*?</style>"):
        svg = re.sub(rf"\s*{idle}", "", svg, flags=re.DOTALL)
    svg = re.sub(r'\bid="([^"]*)"', rf'id="{name}-\1"', svg)
    svg = re.sub(r'\bhref="#([^"]*)"', rf'href="#{name}-\1"', svg)
    svg = re.sub(r"\burl\(#([^)]*)\)", rf"url(#{name}-\1)", svg)
    described = f'<svg id="{name}" role="img" aria-label="{name.replace("-", " ")}"'
    joined = 'style="stroke-linejoin: round; stroke-linecap: butt"'
    return svg.replace("<svg", f"{described} {joined}", 1).strip()


# --- bars ------------------------------------------------------------------------------------


def _outcomes(figure: Figure, groups: Sequence[Group]) -> bool:
    """Shares of outcomes, a bar for each group; the number of its problems is in its label."""
    if not groups:
        return False
    bars = [
        (_label(group.name), {count.name: count.number for count in group.outcomes})
        for group in groups[:_MOST_BARS]
    ]
    rest: Counter[str] = Counter()
    for group in groups[_MOST_BARS:]:
        rest.update({count.name: count.number for count in group.outcomes})
    if rest:
        bars.append((f"({len(groups) - _MOST_BARS} others)", dict(rest)))
    there = {name for _, outcomes in bars for name in outcomes}
    names = [name for name in _COLORS if name in there] + sorted(there - _COLORS.keys())
    spoken = [_label(name).replace("_", " ") for name in names]
    height = _BAR * len(bars) + 0.75 + 0.2 * _legend_lines(spoken)
    figure.set_size_inches(_WIDTH, height)
    axes = figure.subplots()
    places = range(len(bars))
    left = [0.0] * len(bars)
    drawn = []
    for name in names:
        color, hatch = _COLORS.get(name, _OTHER_COLOR)
        widths = [100 * outcomes.get(name, 0) / sum(outcomes.values()) for _, outcomes in bars]
        drawn.append(
            axes.barh(
                places,
                widths,
                left=left,
                height=0.75,
                color=color,
                hatch=hatch,
                edgecolor="#555555",
                linewidth=0.4,
            )
        )
        left = [a + b for a, b in zip(left, widths, strict=True)]
    numbers = [f"{name}  {wording.short(sum(outcomes.values()))}" for name, outcomes in bars]
    axes.set_yticks(places, numbers)
    axes.set_ylim(len(bars) - 0.5, -0.5)
    axes.set_xlim(0, 100)
    axes.set_xlabel("% of problems")
    axes.tick_params(axis="y", length=0)
    _legend(figure, drawn, spoken)
    return True


def _failures(figure: Figure, summary: Summary) -> bool:
    reasons = summary.failures.reasons[:_MOST_REASONS]
    if not reasons:
        return False
    labels = [f"{r.outcome}: {r.reason}".rstrip(": ").replace("_", " ") for r in reasons]
    numbers = [reason.number for reason in reasons]
    rest = summary.failures.number - sum(numbers)
    if rest:
        labels.append("(other reasons)")
        numbers.append(rest)
    figure.set_size_inches(_WIDTH, _BAR * len(labels) + 0.75)
    axes = figure.subplots()
    colors = [_COLORS.get(r.outcome, _OTHER_COLOR) for r in reasons] + [_OTHER_COLOR] * bool(rest)
    bars = axes.barh(
        range(len(labels)),
        numbers,
        height=0.75,
        color=[color for color, _ in colors],
        hatch=[hatch for _, hatch in colors],
        edgecolor="#555555",
        linewidth=0.4,
    )
    axes.bar_label(bars, [wording.short(value) for value in numbers], padding=3, fontsize=9)
    axes.set_yticks(range(len(labels)), [_label(label, 30) for label in labels])
    axes.set_ylim(len(labels) - 0.5, -0.5)
    axes.set_xlim(0, 1.18 * max(numbers))
    _count_axis(axes, "x")
    axes.set_xlabel("problems")
    axes.tick_params(axis="y", length=0)
    return True


# --- lines -----------------------------------------------------------------------------------


def _passes(figure: Figure, summary: Summary) -> bool:
    """The curve over all problems with its interval, and those of the largest sets."""
    curve = summary.passes
    if len(curve.estimates) < 2:
        return False
    axes = figure.subplots()
    sets = curve.sets[:_MOST_SET_CURVES] if len(curve.sets) > 1 else ()
    names = ["all problems", "95% interval", *(_label(one.name) for one in sets)]
    figure.set_size_inches(_WIDTH, 2.7 + 0.2 * _legend_lines(names))
    ks = [estimate.k for estimate in curve.estimates]
    drawn: list[Any] = []
    for (color, line), one in zip(_LINES[1:], sets, strict=False):
        shares = [100 * estimate.value for estimate in one.estimates]
        drawn += axes.plot(ks, shares, color=color, linestyle=line, linewidth=1.2)
    low = [100 * estimate.low for estimate in curve.estimates]
    high = [100 * estimate.high for estimate in curve.estimates]
    band = axes.fill_between(ks, low, high, color="#000000", alpha=0.15, linewidth=0)
    shares = [100 * estimate.value for estimate in curve.estimates]
    (line_of_all,) = axes.plot(ks, shares, color="#000000", marker="o", markersize=3)
    axes.set_ylim(0, 100)
    if curve.samples > 30:
        axes.set_xscale("log")
        axes.xaxis.set_major_formatter(_plain_numbers())
    else:
        _count_axis(axes, "x")
    axes.set_xlabel("samples k")
    axes.set_ylabel("pass@k, %")
    axes.grid(color="#dddddd", linewidth=0.6)
    _legend(figure, [line_of_all, band, *drawn], names)
    return True


def _cactus(figure: Figure, summary: Summary) -> bool:
    """Problems solved in at most so many seconds, on a logarithmic axis."""
    series = summary.cactus
    if not series or series[0].solved < 2:
        return False
    if len(series) == 2 and series[1].solved == series[0].solved:
        series = series[:1]  # one prover solved all of them
    names = ["all provers", *(_label(one.name) for one in series[1:])]
    figure.set_size_inches(_WIDTH, 2.7 + 0.2 * _legend_lines(names))
    axes = figure.subplots()
    drawn: list[Any] = []
    longest = max(seconds for seconds, _ in series[0].points)
    for (color, line), one in zip(_LINES, series, strict=False):
        times = [max(seconds, _SHORTEST) for seconds, _ in one.points]
        solved = [rank for _, rank in one.points]
        # Nothing more is solved up to the end of the axis.
        drawn += axes.step(
            [*times, max(longest, _SHORTEST)],
            [*solved, solved[-1]],
            where="post",
            color=color,
            linestyle=line,
            linewidth=1.4,
        )
    axes.set_xscale("log")
    shortest = max(min(seconds for seconds, _ in series[0].points), _SHORTEST)
    axes.set_xlim(shortest / 1.3, max(longest, _SHORTEST) * 1.3)
    axes.xaxis.set_major_formatter(_plain_numbers())
    axes.xaxis.set_minor_formatter(_no_numbers())
    axes.set_ylim(0, 1.05 * series[0].solved)
    _count_axis(axes, "y")
    axes.set_xlabel("seconds for one problem, at most")
    axes.set_ylabel("problems solved")
    axes.grid(color="#dddddd", linewidth=0.6)
    if len(series) > 1:
        _legend(figure, drawn, names)
    return True


# --- matrices --------------------------------------------------------------------------------


def _answers(figure: Figure, matrix: Matrix) -> bool:
    return _heatmap(figure, matrix, "gold answer", "answer")


def _samples(figure: Figure, summary: Summary) -> bool:
    matrix = summary.agreement.samples
    if matrix is None:
        return False
    return _heatmap(figure, matrix, "one sample", "another sample of the problem")


def _provers(figure: Figure, summary: Summary) -> bool:
    both, same = summary.agreement.provers, summary.agreement.provers_same
    if both is None or same is None or len(both.rows) < 2:
        return False
    shares = [
        [agreed / pairs if pairs else None for agreed, pairs in zip(*rows, strict=True)]
        for rows in zip(same.counts, both.counts, strict=True)
    ]
    texts = [["" if share is None else f"{100 * share:.0f}" for share in row] for row in shares]
    return _cells(figure, both.rows, both.columns, shares, texts, "a prover", "another prover")


def _heatmap(figure: Figure, matrix: Matrix, rows: str, columns: str) -> bool:
    """Counts, coloured by their share of the row."""
    shares = [
        [count / sum(counts) if sum(counts) else None for count in counts]
        for counts in matrix.counts
    ]
    texts = [[wording.short(count) for count in counts] for counts in matrix.counts]
    return _cells(figure, matrix.rows, matrix.columns, shares, texts, rows, columns)


def _cells(
    figure: Figure,
    rows: Sequence[str],
    columns: Sequence[str],
    shares: Sequence[Sequence[float | None]],
    texts: Sequence[Sequence[str]],
    row_title: str,
    column_title: str,
) -> bool:
    if not rows or not columns:
        return False
    width = min(_WIDTH, max(2.6, 1.5 + 0.55 * len(columns)))
    upright = len(columns) > 4 or any(len(name) > 7 for name in columns)
    names = [_label(name, 14) for name in columns]
    above = 0.1 * max(map(len, names)) if upright else 0.2
    figure.set_size_inches(width, 0.36 * len(rows) + above + 0.5)
    axes = figure.subplots()
    values = [[float("nan") if share is None else share for share in row] for row in shares]
    axes.pcolormesh(values, cmap="Blues", vmin=0, vmax=1, edgecolors="#ffffff", linewidth=1)
    axes.invert_yaxis()
    for row, (line, said) in enumerate(zip(values, texts, strict=True)):
        for column, (value, text) in enumerate(zip(line, said, strict=True)):
            color = "#ffffff" if value > 0.55 else "#111111"
            place = (column + 0.5, row + 0.5)
            axes.text(*place, text, ha="center", va="center", color=color, fontsize=8)
    centers = [column + 0.5 for column in range(len(columns))]
    axes.set_xticks(centers, names, rotation=90 if upright else 0)
    centers = [row + 0.5 for row in range(len(rows))]
    axes.set_yticks(centers, [_label(name, 14) for name in rows])
    axes.xaxis.tick_top()
    axes.xaxis.set_label_position("top")
    axes.set_xlabel(column_title)
    axes.set_ylabel(row_title)
    axes.tick_params(length=0)
    axes.spines[:].set_visible(False)
    return True


# --- what they share ---------------------------------------------------------------------------


def _label(name: str, most: int = _NAME) -> str:
    return wording.cut(name, most) or "(none)"


def _legend(figure: Figure, drawn: Sequence[Any], names: Sequence[str]) -> None:
    # A name that begins with an underscore would be left out.
    shown = [f" {name}" if name.startswith("_") else name for name in names]
    figure.legend(
        drawn,
        shown,
        loc="outside lower center",
        ncols=_legend_columns(names),
        frameon=False,
        handlelength=2.0,
        columnspacing=1.2,
    )


def _legend_columns(names: Sequence[str]) -> int:
    """How many columns of the longest name are as wide as the plot."""
    return 3 if max(map(len, names)) <= 12 else 2


def _legend_lines(names: Sequence[str]) -> int:
    return math.ceil(len(names) / _legend_columns(names))


def _count_axis(axes: Axes, which: str) -> None:
    """Whole numbers along an axis, few of them."""
    from matplotlib.ticker import FuncFormatter, MaxNLocator

    axis = axes.xaxis if which == "x" else axes.yaxis
    axis.set_major_locator(MaxNLocator(nbins=5, integer=True))
    axis.set_major_formatter(FuncFormatter(lambda value, _: wording.short(round(value))))


def _plain_numbers() -> Any:
    from matplotlib.ticker import FuncFormatter

    return FuncFormatter(
        lambda value, _: f"{value:.10g}" if value < 1000 else wording.short(round(value))
    )


def _no_numbers() -> Any:
    from matplotlib.ticker import NullFormatter

    return NullFormatter()
