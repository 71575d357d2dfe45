"""``neurosym solve``: questions in, an answer with its verified steps out."""

from __future__ import annotations

import contextlib
import sys
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

from pydantic import BaseModel, ConfigDict, Field, ValidationError

from neurosym.cli import FOUND, INTERRUPTED, OK, TOOL, complain, records, streams
from neurosym.cli.records import Bad
from neurosym.verify.records import explain
from provers import registry
from provers.base import Limits, Prover
from provers.errors import InputError, ModelError

if TYPE_CHECKING:
    from rich.console import Console
    from rich.table import Table

    from neurosym.llm.base import Model
    from neurosym.verify.solving import Sampling, Solved, Solving

_WRONG = frozenset({"refuted", "inconsistent", "ill_formed"})
_COLORS = {"proved": "green", "refuted": "bold red", "rejected": "red", "failed": "red"}


@dataclass(frozen=True, slots=True)
class Options:
    """What was asked for on the command line. ``text`` is a file's name, or the question itself."""

    text: str | None
    as_json: bool
    model: str
    samples: int
    temperature: float
    seed: int
    max_tokens: int
    max_steps: int
    retries: int
    early_stop: bool
    prover: str
    seconds: float
    megabytes: int
    record: str | None = None


class Question(BaseModel):
    """A question at the boundary; ``answer`` is what is expected, which no solution sees."""

    model_config = ConfigDict(frozen=True, strict=True)

    id: str | int = "1"
    question: str = Field(min_length=1)
    answer: str | int | float | None = None


def run(options: Options) -> int:
    """Answer what the options name and print what was found for each question."""
    from neurosym.verify.solving import Sampling

    sampling = Sampling(
        options.samples,
        options.temperature,
        options.seed,
        options.max_tokens,
        options.max_steps,
        options.retries,
        options.early_stop,
    )
    questions, many = _questions(options)
    prover = registry.load(options.prover)
    try:
        prover.warm()
        from neurosym.llm.opening import open_model

        record = None if options.record is None else Path(options.record)
        model = open_model(options.model, record=record)
        try:
            return _solve_all(questions, many, model, prover, options, sampling)
        finally:
            model.close()
    finally:
        prover.close()


# --- questions -----------------------------------------------------------------------------


def _questions(options: Options) -> tuple[Iterator[Question | Bad], bool]:
    """The questions of the input, and whether they are many (JSON Lines or an array)."""
    if options.text is None and sys.stdin.isatty():
        raise InputError("nothing to solve: give a question, a file, or - for standard input.")
    name = options.text or "-"
    if name != "-" and _is_question(name):
        return iter([_question({"question": name}, "1")]), False
    return records.read(
        name,
        streams.read_bytes(name),
        _question,
        lambda text: _question({"question": text.strip()}, "1"),
    )


def _is_question(text: str) -> bool:
    """Whether an argument is a question, not a file's name: it has a space and no file has it."""
    if not any(c.isspace() for c in text.strip()):
        return False
    try:
        return not Path(text).exists()
    except (OSError, ValueError):  # too long for a name, or with a character that none has
        return True


def _question(data: Any, default_id: str) -> Question:
    if not isinstance(data, dict):
        raise InputError("a question must be a JSON object with the field 'question'.")
    try:
        return Question.model_validate({"id": default_id, **data})
    except ValidationError as error:
        raise InputError(explain(error)) from error


# --- solving -------------------------------------------------------------------------------


def _solve_all(
    questions: Iterator[Question | Bad],
    many: bool,
    model: Model,
    prover: Prover,
    options: Options,
    sampling: Sampling,
) -> int:
    from neurosym.verify.solving import Solving

    limits = Limits(options.seconds, options.megabytes)
    console = None if options.as_json else streams.console()
    status = OK
    done = 0
    try:
        for question in questions:
            if isinstance(question, Question):
                try:
                    solving = Solving(question.question, model, prover, limits, sampling)
                    solved = _solved(solving)
                except InputError as error:
                    if not many:
                        raise
                    question = Bad(str(question.id), 0, str(error))
                except ModelError as error:
                    if not many:
                        raise
                    _print_failed(question, error, console)
                    status = TOOL
                    continue
            if isinstance(question, Bad):
                _print_bad(question, console)
                status = max(status, FOUND)
                continue
            output = _output(question, solved)
            if console is None:
                streams.print_json(output, pretty=not many)
            else:
                _print(output, console)
            status = max(status, _status(output))
            done += 1
    except KeyboardInterrupt:
        complain(f"interrupted after {done} finished.")
        return INTERRUPTED
    return status


def _solved(solving: Solving) -> Solved:
    with _progress() as tell:
        for written in solving:
            refuted = "" if written.refuted is None else " (refuted)"
            tell(f"Sample {written.sample}{refuted}: {streams.shown(written.line.text, 60)}")
    return solving.solved()


def _output(question: Question, solved: Solved) -> dict[str, Any]:
    """The output record; ``expected`` and ``matches`` where the record says what is expected."""
    from neurosym.translate import answers
    from neurosym.verify.solving import write_solved

    output = {"id": question.id, "question": solved.question, **write_solved(solved)}
    if question.answer is not None:
        expected = str(question.answer)
        output["expected"] = expected
        output["matches"] = bool(answers.equivalent(solved.answer or "", expected))
    return output


def _status(output: dict[str, Any]) -> int:
    """1 where there is no answer, another than expected, or something wrong in its solution."""
    if output["verdict"] == "failed":
        return TOOL
    found = output["answer"] is None or output["verdict"] in _WRONG
    return FOUND if found or not output.get("matches", True) else OK


@contextlib.contextmanager
def _progress() -> Iterator[Any]:
    """A line on standard error about what is being written, on a terminal only."""
    if not sys.stderr.isatty():
        yield lambda text: None
        return
    from rich.console import Console
    from rich.text import Text

    with Console(stderr=True).status("Writing") as status:
        yield lambda text: status.update(Text(text))


# --- printing ------------------------------------------------------------------------------


def _print_bad(bad: Bad, console: Console | None) -> None:
    if console is None:
        record = {"id": bad.id, "verdict": "ill_formed", "line": bad.line, "reason": bad.error}
        streams.print_json({**record, "answer": None, "samples": []})
    else:
        _print_line(console, f"{bad.id}: ill_formed (line {bad.line}): {bad.error}", "red")


def _print_failed(question: Question, error: ModelError, console: Console | None) -> None:
    if console is None:
        record = {"id": question.id, "verdict": "failed", "reason": error.reason}
        streams.print_json({**record, "message": str(error), "answer": None, "samples": []})
    else:
        _print_line(console, f"{question.id}: failed: {error}", "red")


def _print_line(console: Console, text: str, style: str = "") -> None:
    from rich.text import Text

    console.print(Text(streams.shown(text), style))


def _print(output: dict[str, Any], console: Console) -> None:
    from neurosym.cli.verify import print_rest, table

    answer = "no answer" if output["answer"] is None else output["answer"]
    style = _COLORS.get(output["verdict"], "yellow")
    _print_line(console, f"{output['id']}: {answer} ({output['verdict']})", style)
    console.print(_samples(output))
    _print_line(console, f"{output['why']}.")
    chosen = next((s for s in output["samples"] if s["sample"] == output["chosen"]), None)
    if chosen is not None:
        _print_line(console, f"Sample {chosen['sample']}:")
        console.print(table(chosen["report"]["steps"]))
        print_rest(chosen["report"], console)
    if "matches" in output:
        matches = "as" if output["matches"] else "not as"
        _print_line(console, f"{matches} expected: {output['expected']}")
    _print_line(console, _tokens(output), "dim")


def _samples(output: dict[str, Any]) -> Table:
    from rich.table import Table
    from rich.text import Text

    table = Table(show_edge=False, pad_edge=False, expand=False)
    for heading in ("Sample", "Answer", "Proved", "Tokens", "Ended", "Where"):
        table.add_column(heading, justify="right" if heading in ("Sample", "Tokens") else "left")
    for sample in output["samples"]:
        mark = "→ " if sample["sample"] == output["chosen"] else ""
        table.add_row(
            f"{mark}{sample['sample']}",
            Text(streams.shown(sample["answer"] or "", 60)),
            f"{sample['proved']} of {sample['claiming']}",
            str(sample["tokens"]),
            Text(sample["end"], _COLORS.get(sample["end"], "")),
            Text(streams.shown(_where(sample), 200)),
        )
    return table


def _where(sample: dict[str, Any]) -> str:
    """What went wrong in a sample, and where."""
    parts = [f"rewritten: {one['line']}" for one in sample["rewritten"]]
    if sample["refuted_step"] is not None:
        step = sample["report"]["steps"][sample["refuted_step"] - 1]
        parts.append(f"step {step['index']} is refuted: {step['text']}")
    return "; ".join([*parts, *([sample["failure"]] if sample["failure"] else [])])


def _tokens(output: dict[str, Any]) -> str:
    tokens = output["tokens"]
    text = f"{tokens['generated']} tokens by {output['model']} in {output['seconds']:.1f} s"
    if not tokens["saved"]:
        return f"{text}."
    share = f"{tokens['saved']} ({100 * tokens['saved_share']:.0f}%)"
    if tokens["saved_exact"]:
        return f"{text}; stopping at refuted steps would have saved {share}."
    return f"{text}; stopping at refuted steps saved about {share}."
