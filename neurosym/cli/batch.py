"""``neurosym batch``: runs over many problems; ``inspect`` says what an input is."""

from __future__ import annotations

import json
from collections.abc import Iterable
from typing import Any

import typer

from neurosym.cli import FOUND, OK, batch_run, streams

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


app.command("run")(batch_run.run_command)
app.command("status")(batch_run.status_command)
