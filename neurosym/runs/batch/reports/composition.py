"""The report's sections, out of a summary and its plots."""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import Any, Final

from neurosym.runs.batch.measures.failures import Example
from neurosym.runs.batch.measures.outcomes import Group
from neurosym.runs.batch.reports.content import (
    Block,
    Document,
    Headline,
    Paragraph,
    Plot,
    Plots,
    Section,
    Table,
)
from neurosym.runs.batch.reports.plots import MOST_CONFUSIONS
from neurosym.runs.batch.reports.wording import (
    NOTHING,
    cut,
    interval,
    number,
    percent,
    seconds,
    share,
)
from neurosym.runs.batch.summary import Summary

_NAME: Final = 60
_MESSAGE: Final = 160
_MOST_ROWS: Final = 100
_STOPPED: Final = {
    "all": "all samples were made",
    "solved": "it was solved",
    "final": "further samples would find the same, or the statement is false",
    "seconds": "its budget of seconds was spent",
    "tokens": "its budget of tokens was spent",
    "given_up": "it was given up",
}


def compose(summary: Summary, plots: Mapping[str, str]) -> Document:
    """The report of a run, with the plots (SVG by name) that there are."""
    sections = [
        _outcomes(summary, plots),
        _passes(summary, plots),
        _answers(summary, plots),
        _agreement(summary, plots),
        _steps(summary),
        _times(summary, plots),
        _failures(summary, plots),
        _setting(summary),
    ]
    return Document(
        f"Run {cut(summary.run.name, _NAME)}",
        tuple(_beginning(summary)),
        tuple(section for section in sections if section.blocks),
    )


# --- what comes first --------------------------------------------------------------------------


def _beginning(summary: Summary) -> Iterator[Block]:
    run = summary.run
    if not run.complete:
        now = "it is at work now" if run.running else "it is not at work"
        which = (
            "All figures are of those, which may be the easier ones."
            if run.finished
            else "There are no figures yet."
        )
        text = (
            f"This run is incomplete: {run.finished:,} of {run.records:,} problems are finished, "
            f"and {now}. {which}"
        )
        yield Paragraph(text, warning=True)
    if summary.failures.given_up:
        text = (
            f"{_many(summary.failures.given_up, 'problem was', 'problems were')} given up, since "
            "provers or workers broke again and again: see below for which."
        )
        yield Paragraph(text, warning=True)
    bad = f"; {run.bad:,} of them cannot be read" if run.bad else ""
    files = _many(len(run.files), "file", "files")
    yield Paragraph(
        f"Begun {run.created}, with {_many(run.records, 'problem', 'problems')} in {files}{bad}."
    )
    if run.finished:
        yield Headline(tuple(_headline(summary)))
        yield Paragraph(
            "Conclusive: a prover decided it, with evidence. Solved: an attempt gave the gold "
            "answer, or refuted first a step that the set calls wrong; where there is no gold "
            "answer, it proved the reasoning or the statement, decided the formal problem, or "
            "made the translation. Intervals are at 95%."
        )


def _headline(summary: Summary) -> Iterator[tuple[str, str, str]]:
    total, passes = summary.total, summary.passes
    yield "finished", number(total.problems), f"of {summary.run.records:,}"
    for name, figure in (("solved", total.solved), ("conclusive", total.conclusive)):
        yield name, percent(figure.share), interval(figure.low, figure.high)
    if total.accuracy.whole:
        figure = total.accuracy
        note = f"of {figure.whole:,} with a gold answer"
        yield "answers that are right", percent(figure.share), note
    if passes.samples > 1 and passes.estimates:
        for estimate in (passes.estimates[0], passes.estimates[-1]):
            span = interval(estimate.low, estimate.high)
            yield f"pass@{estimate.k}", percent(estimate.value), span
    everything = summary.times[0]
    yield "median time", seconds(everything.median), f"95% within {seconds(everything.p95)}"
    yield "time in all", seconds(total.seconds), f"{percent(everything.prover_share)} in provers"
    if total.tokens:
        yield "tokens", number(total.tokens), f"{total.tokens / total.problems:,.0f} a problem"


# --- sections ----------------------------------------------------------------------------------


def _outcomes(summary: Summary, plots: Mapping[str, str]) -> Section:
    blocks: list[Block] = []
    if summary.sets:
        blocks += _plots(
            plots,
            ("outcomes-by-set", "Outcomes by set, with the number of problems"),
            ("outcomes-by-prover", "Outcomes by prover, with the number of problems it answered"),
        )
        blocks.append(_groups("set", summary.sets))
        blocks.append(_counts("set", summary.sets))
        blocks.append(_counts("prover", summary.provers))
    else:
        blocks.append(Paragraph("No problem is finished, so there are no outcomes to plot."))
    return Section("Outcomes", tuple(blocks))


def _groups(what: str, groups: Sequence[Group]) -> Table:
    golden = any(group.accuracy.whole for group in groups)
    head = [what, "problems", "solved", "conclusive"]
    head += ["right, of those with a gold answer", "right, of those answered"] * golden
    rows = []
    for group in groups[:_MOST_ROWS]:
        row = [_name(group.name), number(group.problems), share(group.solved)]
        row.append(share(group.conclusive))
        row += [share(group.accuracy), share(group.answered)] * golden
        rows.append(tuple(row))
    return Table(tuple(head), tuple(rows))


def _counts(what: str, groups: Sequence[Group]) -> Table:
    """How many problems of each group had which outcome."""
    together: dict[str, int] = {}
    for group in groups:
        for count in group.outcomes:
            together[count.name] = together.get(count.name, 0) + count.number
    names = sorted(together, key=lambda name: (-together[name], name))
    rows = []
    for group in groups[:_MOST_ROWS]:
        there = {count.name: count.number for count in group.outcomes}
        row = (number(there.get(name, 0)) for name in names)
        rows.append((_name(group.name), *row))
    return Table((what, *(name.replace("_", " ") for name in names)), tuple(rows))


def _passes(summary: Summary, plots: Mapping[str, str]) -> Section:
    passes = summary.passes
    if not passes.estimates:
        return Section("pass@k", ())
    (first, *_) = passes.estimates
    if passes.samples == 1:
        text = (
            f"One sample a problem was made, so there is no curve: pass@1 is "
            f"{percent(first.value)} ({interval(first.low, first.high)})."
        )
        return Section("pass@k", (Paragraph(text),))
    blocks: list[Block] = [Paragraph(f"Estimated by {passes.how}.")]
    if passes.given_up:
        blocks.append(
            Paragraph("Samples that were not made of problems given up count as failures.")
        )
    shown = "pass@k over all problems, with its interval, and of the largest sets"
    blocks += _plots(plots, ("pass-at-k", shown))
    ks = [e.k for e in passes.estimates]
    told = [i for i, k in enumerate(ks) if k in (1, 2, 5, 10, 20, 50, 100, 200, 500, ks[-1])]
    rows: list[tuple[str, ...]] = [
        (
            str(passes.estimates[i].k),
            percent(passes.estimates[i].value),
            interval(passes.estimates[i].low, passes.estimates[i].high),
        )
        for i in told
    ]
    blocks.append(Table(("k", "pass@k", "interval"), tuple(rows), frozenset()))
    if len(passes.sets) > 1:
        rows = [
            (_name(one.name), *(percent(one.estimates[i].value) for i in told))
            for one in passes.sets[:_MOST_ROWS]
        ]
        blocks.append(Table(("set", *(f"pass@{ks[i]}" for i in told)), tuple(rows)))
    return Section("pass@k", tuple(blocks))


def _answers(summary: Summary, plots: Mapping[str, str]) -> Section:
    if not summary.total.accuracy.whole:
        return Section("Answers and gold answers", ())
    if not summary.confusions:
        text = "The gold answers have too many values for a matrix; the shares above say the rest."
        return Section("Answers and gold answers", (Paragraph(text),))
    shown = summary.confusions[:MOST_CONFUSIONS]
    blocks = _plots(
        plots,
        *(
            (f"answers-{i}", f"{_name(matrix.name)}: gold answers by answers, coloured by row")
            for i, matrix in enumerate(shown, 1)
        ),
    )
    hidden = len(summary.confusions) - len(shown)
    if hidden:
        text = f"{_many(hidden, 'more set is', 'more sets are')} in the summary that --json prints."
        blocks.append(Paragraph(text))
    return Section("Answers and gold answers", tuple(blocks))


def _agreement(summary: Summary, plots: Mapping[str, str]) -> Section:
    found = summary.agreement
    if not found.pairs:
        return Section("Agreement among attempts", ())
    blocks: list[Block] = [
        Paragraph(
            f"Two attempts at the same problem say the same in {percent(found.same / found.pairs)} "
            f"of {found.pairs:,} pairs."
        )
    ]
    blocks += _plots(
        plots,
        (
            "agreement-of-samples",
            "Pairs of attempts at a problem, by what each says; coloured by row",
        ),
        (
            "agreement-of-provers",
            "How often two provers that decided the same problem had one outcome, in %",
        ),
    )
    both, same = found.provers, found.provers_same
    if both is None or same is None:
        text = "No two provers decided the same problem, so their agreement is not plotted."
        blocks.append(Paragraph(text))
    else:
        rows = [
            (_name(one), _name(other), number(both.counts[i][j]), number(same.counts[i][j]))
            for i, one in enumerate(both.rows)
            for j, other in enumerate(both.columns)
            if i < j and both.counts[i][j]
        ]
        head = ("a prover", "another", "pairs of attempts", "with one outcome")
        blocks.append(Table(head, tuple(rows[:_MOST_ROWS]), frozenset({0, 1})))
    return Section("Agreement among attempts", tuple(blocks))


def _steps(summary: Summary) -> Section:
    blocks: list[Block] = []
    for one in summary.steps:
        blocks.append(
            Paragraph(
                f"{_name(one.name)}: {one.solutions:,} solutions with {one.steps:,} steps, "
                f"{one.labelled:,} of which the set calls wrong. Decided: {share(one.coverage)}. "
                "The labels name the steps where an error is made, not the false statements that "
                "follow from it."
            )
        )
        rows = [
            (
                admitted.name,
                number(admitted.precision.whole),
                share(admitted.precision),
                interval(admitted.precision.low, admitted.precision.high),
                share(admitted.explained),
                share(admitted.found),
            )
            for admitted in one.curve
        ]
        head = (
            "refuted steps",
            "number",
            "precision: labelled wrong",
            "interval",
            "labelled wrong or after one",
            "of the steps labelled wrong",
        )
        blocks.append(Table(head, tuple(rows)))
    return Section("Refuted steps against labels", tuple(blocks))


def _times(summary: Summary, plots: Mapping[str, str]) -> Section:
    if not summary.total.problems:
        return Section("Time", ())
    blocks = _plots(
        plots,
        ("cactus", "Problems solved within a time each, their attempts one after another"),
    )
    if not blocks:
        text = "Fewer than two problems are solved, so there is no plot of time against solved."
        blocks.append(Paragraph(text))
    rows = [
        (
            _name(one.name) if index else "all",
            number(one.problems),
            seconds(one.median),
            seconds(one.p95),
            seconds(one.longest),
            seconds(one.seconds),
            percent(one.prover_share),
        )
        for index, one in enumerate(summary.times[: _MOST_ROWS + 1])
    ]
    head = ("set", "problems", "median", "95% within", "longest", "in all", "in provers")
    blocks.append(Table(head, tuple(rows)))
    return Section("Time", tuple(blocks))


def _failures(summary: Summary, plots: Mapping[str, str]) -> Section:
    found = summary.failures
    if not summary.total.problems:
        return Section("Failures", ())
    if not found.number:
        return Section("Failures", (Paragraph("Every finished problem was decided."),))
    blocks = _plots(plots, ("failures", "Problems without a conclusive outcome, by reason"))
    rows: list[tuple[str, ...]] = [
        (
            reason.outcome.replace("_", " "),
            reason.reason.replace("_", " ") or NOTHING,
            number(reason.number),
            ", ".join(_name(example.id) for example in reason.examples),
            _first_message(reason.examples),
        )
        for reason in found.reasons
    ]
    head = ("outcome", "reason", "problems", "for example", "what the first says")
    blocks.append(Table(head, tuple(rows), frozenset({0, 1, 3, 4})))
    if found.others:
        blocks.append(Paragraph(f"{_many(found.others, 'more', 'more')} for other reasons."))
    if found.given_up:
        text = f"Given up: {_many(found.given_up, 'problem', 'problems')}"
        hidden = found.given_up - len(found.given_up_first)
        blocks.append(Paragraph(text + (f", {hidden:,} of them not shown." if hidden else ".")))
        rows = [
            (
                _name(example.id),
                f"{_name(example.file)}, line {example.line}",
                number(example.tries),
                cut(example.message, _MESSAGE),
            )
            for example in found.given_up_first
        ]
        given_up = ("given up", "where", "tries", "what it says")
        blocks.append(Table(given_up, tuple(rows), frozenset({0, 1, 3})))
    return Section("Failures", tuple(blocks))


def _setting(summary: Summary) -> Section:
    run = summary.run
    blocks: list[Block] = []
    if summary.stopped:
        rows: Iterable[tuple[str, ...]] = (
            (_STOPPED.get(count.name, count.name), number(count.number))
            for count in summary.stopped
        )
        blocks.append(Table(("no more samples of a problem, since", "problems"), tuple(rows)))
    rows = (
        (
            cut(str(file["file"]), _NAME),
            str(file["form"]),
            number(int(file["bytes"])),
            str(file["sha256"]),
        )
        for file in run.files[:_MOST_ROWS]
    )
    head = ("input", "form", "bytes", "SHA-256")
    blocks.append(Table(head, tuple(rows), frozenset({0, 1, 3})))
    hidden = len(run.files) - _MOST_ROWS
    if hidden > 0:
        blocks.append(Paragraph(f"{_many(hidden, 'more file is', 'more files are')} not shown."))
    rows = ((name, _value(value)) for name, value in run.configuration.items())
    blocks.append(Table(("configuration", "value"), tuple(rows), frozenset({0, 1})))
    columns = [run.versions, *run.others]
    names = sorted({name for versions in columns for name in versions})
    rows = ((name, *(versions.get(name, NOTHING) for versions in columns)) for name in names)
    resumed = (f"resumed with ({i})" for i in range(1, len(columns)))
    heads = ("versions", "begun with", *resumed)
    blocks.append(Table(heads, tuple(rows), frozenset(range(len(heads)))))
    if run.others:
        text = "The run was gone on with under other versions; which result is whose is not kept."
        blocks.append(Paragraph(text, warning=True))
    return Section("What was run", tuple(blocks))


# --- what they share ---------------------------------------------------------------------------


def _plots(plots: Mapping[str, str], *wanted: tuple[str, str]) -> list[Block]:
    there = tuple(Plot(name, said, plots[name]) for name, said in wanted if name in plots)
    return [Plots(there)] if there else []


def _name(name: str) -> str:
    return cut(name, _NAME) or "(none)"


def _many(count: int, one: str, many: str) -> str:
    return f"{count:,} {one if count == 1 else many}"


def _first_message(examples: Sequence[Example]) -> str:
    said = next((example.message for example in examples if example.message), "")
    return cut(said, _MESSAGE) or NOTHING


def _value(value: Any) -> str:
    return value if isinstance(value, str) and value else json.dumps(value)
