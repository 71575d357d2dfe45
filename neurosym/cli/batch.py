"""``neurosym batch``: runs over many problems; ``inspect`` says what an input is."""

from __future__ import annotations

import json
from collections.abc import Iterable
from typing import Annotated, Any

import typer

from neurosym.cli import FOUND, OK, batch_options, batch_reports, streams
from provers.errors import InputError

app = typer.Typer(
    help="Runs over sets of problems, in any form they come in.", no_args_is_help=True
)

_SHOWN_ANSWERS = 10


def inspect(inputs: Iterable[str], as_json: bool) -> int:
    """Say what the inputs are; exit status 1 where a record is bad.

    Raises InputError for an input that cannot be read.
    """
    from neurosym.runs.survey import survey

    found = survey(inputs)
    if as_json:
        streams.print_json(
            {
                "inputs": [_written(part) for part in found.parts],
                "skipped": {
                    "files": found.skipped,
                    "first": [{"file": s.file, "reason": s.reason} for s in found.skipped_first],
                },
            },
            pretty=True,
        )
    else:
        console = streams.console()
        for part in found.parts:
            for line in _lines(part):
                console.print(streams.shown(line, 2000), soft_wrap=True, markup=False)
        if found.skipped:
            first = found.skipped_first[0]
            console.print(
                streams.shown(f"{found.skipped:,} files skipped; the first: {first.reason}"),
                soft_wrap=True,
                markup=False,
            )
    return FOUND if any(part.bad for part in found.parts) else OK


def _written(part: Any) -> dict[str, Any]:
    from neurosym.runs.survey import written

    return {
        "input": part.given,
        "form": part.form,
        "container": part.container,
        "files": part.files,
        "records": part.items,
        "bad": part.bad,
        "bad_first": [
            {"id": id, "file": file, "line": line, "reason": reason}
            for id, file, line, reason in part.reasons
        ],
        "kinds": dict(part.kinds),
        "answers": dict(part.answers.most_common()),
        "more_answers": part.more_answers,
        "with_labelled_steps": part.with_labelled_steps,
        "with_formulas": part.with_formulas,
        "recorded": part.recorded,
        "samples": part.samples,
        "example": None if part.shown is None else written(part.shown),
    }


def _lines(part: Any) -> Iterable[str]:
    from neurosym.runs.survey import written

    kinds = ", ".join(f"{count:,} to {kind}" for kind, count in part.kinds.most_common())
    many = f" in {part.files:,} files" if part.files > 1 else ""
    yield f"{part.given}: {part.form} ({part.container}){many}"
    yield f"  records: {part.items:,}" + (f" ({kinds})" if kinds else "")
    if part.bad:
        yield f"  bad: {part.bad:,}"
        for id, _, line, reason in part.reasons:
            yield f"    {id}, line {line}: {reason}"
    if part.answers:
        common = part.answers.most_common(_SHOWN_ANSWERS)
        answers = ", ".join(f"{_short(answer)} {count:,}" for answer, count in common)
        others = len(part.answers) - len(common)
        more = " and more" if part.more_answers else ""
        yield f"  answers: {answers}" + (f", {others:,} others{more}" if others else "")
    if part.with_labelled_steps:
        yield f"  with labelled steps: {part.with_labelled_steps:,}"
    if part.with_formulas:
        yield f"  with the set's own formulas: {part.with_formulas:,}"
    if part.recorded:
        yield f"  with recorded samples: {part.recorded:,} ({part.samples:,} samples)"
    if part.shown is not None:
        shown = json.dumps(written(part.shown), ensure_ascii=False)
        yield f"  first: {_short(shown, 600)}"


def _short(text: str, limit: int = 40) -> str:
    text = " ".join(text.split())
    return text if len(text) <= limit else f"{text[: limit - 1]}…"


@app.command("inspect")
def _inspect(
    inputs: list[str] = typer.Argument(  # noqa: B008
        metavar="INPUT", help="Files and folders of problems, in any of the known forms."
    ),
    as_json: bool = typer.Option(False, "--json", help="Print one JSON document, nothing else."),
) -> int:
    """Say what inputs are: form, counts, what is bad, answers, and one record.

    Exit status 1 where a record is bad.

    Example: neurosym batch inspect problems.jsonl
    """
    return inspect(inputs, as_json)


@app.command("run")
def _run(
    inputs: Annotated[
        list[str] | None,
        typer.Argument(
            metavar="[INPUT]...",
            help="Files and folders; none to go on with the run in --out as it was begun.",
        ),
    ] = None,
    out: Annotated[
        str, typer.Option("--out", help="The run's folder; made where there is none.")
    ] = "",
    prover: batch_options.Prover = "portfolio",
    timeout: batch_options.Timeout = 10.0,
    memory: batch_options.Memory = 2048,
    samples: batch_options.Samples = 1,
    early_stop: batch_options.EarlyStop = True,
    seed: batch_options.Seed = 0,
    problem_seconds: batch_options.ProblemSeconds = None,
    problem_tokens: batch_options.ProblemTokens = None,
    model: batch_options.Model = "",
    temperature: batch_options.Temperature = 0.7,
    votes: batch_options.Votes = 1,
    rounds: batch_options.Rounds = 2,
    search: batch_options.Searching = batch_options.Search.PORTFOLIO,
    negate: batch_options.Negate = True,
    mend: batch_options.Mend = True,
    corpus: batch_options.Corpus = None,
    executor: batch_options.ExecutorName = batch_options.Executors.LOCAL,
    address: batch_options.Address = None,
    workers: batch_options.Workers = None,
    run_memory: batch_options.RunMemory = None,
    seconds: Annotated[
        float | None, typer.Option("--seconds", min=0.01, help="For the run, from now on.")
    ] = None,
    tokens: Annotated[
        int | None, typer.Option("--tokens", min=1, help="Generated in the whole run at most.")
    ] = None,
    other_versions: Annotated[
        bool, typer.Option("--other-versions", help="Go on under other versions of the tools.")
    ] = False,
    quiet: Annotated[bool, typer.Option("--quiet", help="Say nothing until the end.")] = False,
    as_json: batch_options.AsJson = False,
) -> int:
    """Attempt every problem of the inputs; kill it at any time, and run it again to go on.

    Exit status 1 where records cannot be read, problems were given up or a budget ended the run.

    Example: neurosym batch run problems.jsonl --out run1
    """
    from neurosym.cli.batch_run import Options, require, run

    require()
    from neurosym.runs.batch.base import Configuration

    if not out:
        raise InputError("give the run a folder: --out RUN.")
    configuration = Configuration(
        prover=prover,
        seconds=timeout,
        megabytes=memory,
        samples=samples,
        early_stop=early_stop,
        seed=seed,
        problem_seconds=problem_seconds,
        problem_tokens=problem_tokens,
        model=model,
        temperature=temperature,
        votes=votes,
        rounds=rounds,
        search=search.value,
        negate=negate,
        mend=mend,
        **batch_options.corpus_of(corpus),
    )
    options = Options(
        inputs=tuple(inputs or ()),
        out=out,
        executor=executor.value,
        address=address,
        workers=workers,
        megabytes=run_memory,
        seconds=seconds,
        tokens=tokens,
        other_versions=other_versions,
        quiet=quiet,
        as_json=as_json,
    )
    return run(options, configuration)


@app.command("plan")
def _plan(
    inputs: Annotated[
        list[str], typer.Argument(metavar="INPUT", help="Files and folders of problems.")
    ],
    pilot: Annotated[
        int, typer.Option("--pilot", min=10, help="Problems to measure, spread over the inputs.")
    ] = 200,
    records: Annotated[
        int | None,
        typer.Option("--records", min=1, help="Plan for so many; default: those of the inputs."),
    ] = None,
    nodes: Annotated[
        int, typer.Option("--nodes", min=1, help="Machines like this one, with as many workers.")
    ] = 1,
    price: Annotated[
        float | None, typer.Option("--price", min=0, help="Of an hour of one worker's core.")
    ] = None,
    prover: batch_options.Prover = "portfolio",
    timeout: batch_options.Timeout = 10.0,
    memory: batch_options.Memory = 2048,
    samples: batch_options.Samples = 1,
    early_stop: batch_options.EarlyStop = True,
    seed: batch_options.Seed = 0,
    problem_seconds: batch_options.ProblemSeconds = None,
    problem_tokens: batch_options.ProblemTokens = None,
    model: batch_options.Model = "",
    temperature: batch_options.Temperature = 0.7,
    votes: batch_options.Votes = 1,
    rounds: batch_options.Rounds = 2,
    search: batch_options.Searching = batch_options.Search.PORTFOLIO,
    negate: batch_options.Negate = True,
    mend: batch_options.Mend = True,
    corpus: batch_options.Corpus = None,
    executor: batch_options.ExecutorName = batch_options.Executors.LOCAL,
    address: batch_options.Address = None,
    workers: batch_options.Workers = None,
    run_memory: batch_options.RunMemory = None,
    as_json: batch_options.AsJson = False,
) -> int:
    """Say what a run will take, after working on a few of its problems.

    Example: neurosym batch plan problems.jsonl --records 1000000 --nodes 20 --price 0.04
    """
    from neurosym.cli import batch_plan
    from neurosym.cli.batch_run import Options, require

    require()
    from neurosym.runs.batch.base import Configuration

    out = ""
    configuration = Configuration(
        prover=prover,
        seconds=timeout,
        megabytes=memory,
        samples=samples,
        early_stop=early_stop,
        seed=seed,
        problem_seconds=problem_seconds,
        problem_tokens=problem_tokens,
        model=model,
        temperature=temperature,
        votes=votes,
        rounds=rounds,
        search=search.value,
        negate=negate,
        mend=mend,
        **batch_options.corpus_of(corpus),
    )
    options = Options(
        inputs=tuple(inputs or ()),
        out=out,
        executor=executor.value,
        address=address,
        workers=workers,
        megabytes=run_memory,
        as_json=as_json,
    )
    return batch_plan.plan(
        options, configuration, pilot=pilot, records=records, nodes=nodes, price=price
    )


@app.command("status")
def _status(
    out: Annotated[str, typer.Argument(metavar="RUN", help="The run's folder.")],
    as_json: batch_options.AsJson = False,
) -> int:
    """Say how far a run is, whether it is at work or not.

    Example: neurosym batch status run1
    """
    from neurosym.cli.batch_run import status

    return status(out, as_json)


app.command("report")(batch_reports.report_command)
app.command("diff")(batch_reports.diff_command)
app.command("export")(batch_reports.export_command)
