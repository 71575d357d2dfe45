"""``neurosym prove``: formal statements in, outcomes with evidence out."""

from __future__ import annotations

import sys
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import PurePath
from typing import TYPE_CHECKING, Any, Literal

from neurosym.cli import FOUND, INTERRUPTED, OK, TOOL, complain, streams
from provers import registry
from provers.base import (
    AnyProblem,
    LeanProblem,
    Limits,
    Message,
    Outcome,
    Prover,
    Result,
    ScriptProblem,
)
from provers.errors import InputError, ParseError
from provers.records import STATUS, write_result

if TYPE_CHECKING:
    from rich.console import Console

    from neurosym.cli.problems import ProblemRecord

_GOOD = frozenset({Outcome.PROVED, Outcome.SATISFIABLE})
_SUFFIXES: dict[str, Literal["smtlib", "tptp"]] = {
    ".smt2": "smtlib",
    ".smt": "smtlib",
    ".p": "tptp",
    ".tptp": "tptp",
    ".ax": "tptp",
}
_NO_LEAN = Message(
    "Lean is not set up in this version, so Lean statements cannot be checked.", "warning"
)


@dataclass(frozen=True, slots=True)
class Options:
    """What was asked for on the command line."""

    file: str | None
    premises: tuple[str, ...]
    goal: str | None
    notation: str
    as_json: bool
    prover: str
    seconds: float
    megabytes: int
    recheck: bool


@dataclass(frozen=True, slots=True)
class Task:
    """One record: its id, its problem or what is wrong with it, and where it stood."""

    id: str | int
    problem: AnyProblem | None
    language: str = "fol"
    error: Message | None = None


def run(options: Options) -> int:
    """Prove what the options name and print each outcome."""
    prover = registry.load(options.prover)
    try:
        prover.warm()
        tasks, many = _tasks(options)
        return _prove_all(tasks, many, prover, options)
    finally:
        prover.close()


# --- input ---------------------------------------------------------------------------------


def _tasks(options: Options) -> tuple[Iterator[Task], bool]:
    if options.premises or options.goal is not None:
        if options.file is not None:
            raise InputError("give a file, or --premise and --goal, not both.")
        record = {
            "id": "1",
            "notation": options.notation,
            "premises": list(options.premises),
            "goal": options.goal,
        }
        return iter([_task(record, "1")]), False
    if options.file is None and sys.stdin.isatty():
        raise InputError("nothing to prove: give a file, - for standard input, or --goal.")
    file = options.file or "-"
    data = streams.read_bytes(file)
    kind = PurePath(file).suffix.lower()
    name = streams.described(file)
    if kind in _SUFFIXES:
        text = streams.decode(data, name)
        record = {"id": PurePath(file).stem, "language": _SUFFIXES[kind], "problem": text}
        return iter([_task(record, "1")]), False
    if kind == ".json":
        return _from_json(streams.parse_json(streams.decode(data, name), name))
    if kind not in (".jsonl", ".ndjson") and not data.lstrip().startswith((b"{", b"[")):
        raise InputError(
            f"{name} is none of JSON Lines, .json, .p, .tptp and .smt2; say which by its ending."
        )
    return _from_lines(data), True


def _from_json(parsed: Any) -> tuple[Iterator[Task], bool]:
    if isinstance(parsed, list):
        return (_task_or_error(record, i, i) for i, record in enumerate(parsed, 1)), True
    return iter([_task(parsed, "1")]), False


def _from_lines(data: bytes) -> Iterator[Task]:
    for position, line in enumerate(streams.json_lines(data), 1):
        if line.error:
            yield Task(str(position), None, error=Message(line.error, "error", line.number, 1))
        else:
            yield _task_or_error(line.data, position, line.number)


def _task_or_error(data: Any, position: int, line: int) -> Task:
    try:
        return _task(data, str(position))
    except InputError as error:
        given = data.get("id") if isinstance(data, dict) else None
        identity = given if isinstance(given, str | int) else str(position)
        return Task(identity, None, error=Message(str(error), "error", line, 1))


def _task(data: Any, default_id: str) -> Task:
    """The task of a record. Formal text that cannot be read is the task's own error.

    Raises InputError for what is no record at all.
    """
    from neurosym.cli.problems import problem_record

    record = problem_record(data, default_id)
    try:
        return Task(record.id, _problem(record), record.language)
    except ParseError as error:
        message = Message(str(error), "error", error.line, error.column)
    except InputError as error:
        message = Message(str(error), "error")
    return Task(record.id, None, record.language, message)


def _problem(record: ProblemRecord) -> AnyProblem:
    match record.language:
        case "smtlib":
            return ScriptProblem("smtlib", record.problem or "")
        case "tptp":
            from provers.tptp import read_tptp

            return read_tptp(record.problem or "")
        case "lean4":
            return LeanProblem(record.code or "", record.statement)
        case _:
            from provers.problems import read_problem

            return read_problem(record.premises, record.goal, record.notation)


# --- running -------------------------------------------------------------------------------


def _prove_all(tasks: Iterator[Task], many: bool, prover: Prover, options: Options) -> int:
    limits = Limits(options.seconds, options.megabytes)
    console = None if options.as_json else streams.console()
    status = OK
    done = 0
    try:
        for task in tasks:
            result = _prove(task, prover, limits)
            output = _output(task, result, options, limits)
            status = max(status, _status(output))
            if console is None:
                streams.print_json(output, pretty=not many)
            else:
                _print(output, console)
            done += 1
    except KeyboardInterrupt:
        complain(f"interrupted after {done} finished.")
        return INTERRUPTED
    return status


def _prove(task: Task, prover: Prover, limits: Limits) -> Result:
    if task.problem is None:
        assert task.error is not None
        return Result(Outcome.ILL_FORMED, "", 0.0, messages=(task.error,))
    if isinstance(task.problem, LeanProblem):
        return Result(Outcome.UNKNOWN, "", 0.0, reason="unsupported", messages=(_NO_LEAN,))
    return prover.prove(task.problem, limits)


def _output(task: Task, result: Result, options: Options, limits: Limits) -> dict[str, Any]:
    output = {"id": task.id, **write_result(result)}
    if task.language == "smtlib":
        output["status"] = STATUS.get(result.outcome, "unknown")
    if options.recheck and task.problem is not None and result.conclusive:
        from provers.recheck import recheck

        again = recheck(task.problem, result, limits)
        output["recheck"] = {"ok": again.ok, "how": again.how, "detail": again.detail}
        if not again.ok:
            claimed = output["outcome"]
            text = f"{claimed} was claimed, but its evidence did not hold: {again.detail}"
            output["outcome"] = str(Outcome.FAILED)
            output["messages"].append({"text": text, "severity": "error"})
    return output


def _status(output: dict[str, Any]) -> int:
    if output["outcome"] == Outcome.FAILED:
        return TOOL
    return OK if output["outcome"] in _GOOD else FOUND


# --- printing ------------------------------------------------------------------------------


def _print(output: dict[str, Any], console: Console) -> None:
    from rich.text import Text

    good = output["outcome"] in _GOOD
    reason = f" ({output['reason']})" if output["reason"] else ""
    status = f", {output['status']}" if "status" in output else ""
    details = f"{reason}{status}  {output['prover']} {output['seconds']:.2f} s"
    color = "green" if good else "yellow" if output["outcome"] == "unknown" else "red"
    console.print(
        Text.assemble(f"{streams.shown(str(output['id']))}: ", (output["outcome"], color), details),
        soft_wrap=True,
    )
    evidence = output["evidence"]
    if evidence is not None:
        console.print(
            Text(f"  evidence: {streams.shown(_described(evidence))}", "dim"), soft_wrap=True
        )
    if "recheck" in output:
        again = output["recheck"]
        held = "held" if again["ok"] else "did not hold"
        console.print(Text(f"  checked again: {held} ({again['how']})", "dim"))
    if output["flags"]:
        console.print(Text(f"  flags: {', '.join(output['flags'])}", "dim"))
    for message in output["messages"]:
        place = f"line {message['line']}: " if message.get("line") else ""
        console.print(Text(f"  {place}{streams.shown(message['text'], 2000)}"), soft_wrap=True)


def _described(evidence: dict[str, Any]) -> str:
    match evidence["kind"]:
        case "refutation":
            used = ", ".join(str(i + 1) for i in evidence["used"]) or "none"
            how = "instances" if evidence["instances"] is not None else "proof"
            minimal = ", minimal" if evidence["minimal"] else ""
            return f"{how} from premises {used}{minimal}"
        case "models":
            return "two models, one with the goal true and one with it false"
        case "attempts":
            return "; ".join(f"{what}: {answer}" for what, answer, _ in evidence["tried"])
        case "conflict":
            return "; ".join(f"{who} says {what}" for who, what in evidence["answers"])
        case kind:
            return str(kind)
