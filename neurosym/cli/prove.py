"""``neurosym prove``: formal statements in, outcomes with evidence out."""

from __future__ import annotations

import contextlib
import sys
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path, PurePath
from typing import TYPE_CHECKING, Any, Literal

from neurosym.cli import FOUND, INTERRUPTED, OK, TOOL, complain, searching, streams
from provers import registry
from provers.base import (
    AnyProblem,
    LeanProblem,
    Limits,
    Message,
    Outcome,
    Prover,
    Result,
)
from provers.errors import BrokenToolError, InputError, MissingToolError, ParseError
from provers.records import STATUS, write_result

if TYPE_CHECKING:
    from rich.console import Console

    from neurosym.cli.searching import Search, SearchOptions
    from neurosym.runs.problems import ProblemRecord
    from provers.lean.base import Checker
    from provers.lean.prover import LeanProver

_GOOD = frozenset({Outcome.PROVED, Outcome.SATISFIABLE})
_SUFFIXES: dict[str, Literal["smtlib", "tptp", "lean4"]] = {
    ".smt2": "smtlib",
    ".smt": "smtlib",
    ".p": "tptp",
    ".tptp": "tptp",
    ".ax": "tptp",
    ".lean": "lean4",
}


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
    language: str | None = None
    daemon: bool = True
    server: str | None = None
    select: bool = True
    corpus: str | None = None
    search: SearchOptions | None = None


@dataclass(frozen=True, slots=True)
class Task:
    """One record: its id, its problem or what is wrong with it, and where it stood."""

    id: str | int
    problem: AnyProblem | None
    language: str = "fol"
    error: Message | None = None
    record: ProblemRecord | None = None


def run(options: Options) -> int:
    """Prove what the options name and print each outcome."""
    if options.server is not None:
        from neurosym.cli import remote

        if options.search is not None:
            raise InputError("--search works on this machine alone: leave it or --server out.")
        return remote.prove(options, options.server)
    with searching.opened(options.search) as search:
        return _run(options, search)


def _run(options: Options, search: Search | None) -> int:
    lean = _Lean(options.daemon, options.megabytes, options.corpus)
    prover = lean.prover if options.prover == "lean" else _load(options)
    try:
        tasks, many = tasks_of(options)
        if options.prover == "lean":
            lean.set_up()
        if options.language != "lean4":
            prover.warm()
        return _prove_all(tasks, many, prover, lean, options, search)
    finally:
        prover.close()
        lean.prover.close()
        if lean.hints is not None and lean.hints.note:
            complain(lean.hints.note)


def _load(options: Options) -> Prover:
    prover = registry.load(options.prover)
    if not options.select:
        return prover
    from provers.selection import Selecting

    return Selecting(prover)


class _Lean:
    """The Lean of a run, set up and started when the first problem needs it."""

    def __init__(self, daemon: bool, megabytes: int, corpus: str | None) -> None:
        from provers.lean.prover import LeanProver

        self.hints = searching.user_hints(corpus, lambda: self.prover.checker().version())
        self._daemon = daemon
        self._megabytes = megabytes
        self._missing: MissingToolError | BrokenToolError | None = None
        names = None if self.hints is None else self.hints.names
        self.prover: LeanProver = LeanProver(self._open, premises=names)

    def set_up(self) -> None:
        """Do in this thread, which Ctrl-C reaches, what may take minutes the first time."""
        with contextlib.suppress(MissingToolError, BrokenToolError):  # the first problem says it
            self.prover.checker()
            if self.hints is not None:
                self.hints.warm()

    def _open(self) -> Checker:
        from neurosym.cli import setup
        from provers.lean.checkers import open_checker

        if self._missing is not None:  # it is not tried again for every record
            raise self._missing
        try:
            with setup.progress() as tell:
                return open_checker(daemon=self._daemon, progress=tell, megabytes=self._megabytes)
        except (MissingToolError, BrokenToolError) as error:
            self._missing = error
            raise


# --- input ---------------------------------------------------------------------------------


def tasks_of(options: Options) -> tuple[Iterator[Task], bool]:
    """What is to be proved, and whether it is many. Raises InputError where there is nothing."""
    if options.premises or options.goal is not None:
        if options.file is not None:
            raise InputError("give a file, or --premise and --goal, not both.")
        return iter([_task(_given(options), "1")]), False
    if options.file is None and sys.stdin.isatty():
        raise InputError("nothing to prove: give a file, - for standard input, or --goal.")
    file = options.file or "-"
    if file != "-" and Path(file).is_dir():
        return _from_folder(Path(file)), True
    data = streams.read_bytes(file)
    kind = PurePath(file).suffix.lower()
    name = streams.described(file)
    records = kind in (".jsonl", ".ndjson", ".json") or data.lstrip().startswith((b"{", b"["))
    language: str | None = _SUFFIXES.get(kind)
    if language is None and not records and options.language in _SUFFIXES.values():
        language = options.language
    if language is not None:
        text = streams.decode(data, name)
        return iter([_task(_whole(language, text, PurePath(file).stem), "1")]), False
    if kind == ".json":
        return _from_json(streams.parse_json(streams.decode(data, name), name), options.language)
    if not records:
        raise InputError(
            f"{name} is none of JSON Lines, .json, .p, .tptp, .smt2 and .lean; "
            "say which by its ending or --language."
        )
    return _from_lines(data, options.language), True


def _given(options: Options) -> dict[str, Any]:
    """The record that is given on the command line itself."""
    if options.language != "lean4":
        return {
            "id": "1",
            "notation": options.notation,
            "premises": list(options.premises),
            "goal": options.goal,
        }
    if options.premises or options.goal is None:
        raise InputError("--language lean4 takes no --premise: give a whole theorem by --goal.")
    return {"id": "1", "language": "lean4", "statement": options.goal}


def _whole(language: str, text: str, name: str) -> dict[str, Any]:
    """The record of a file that is one problem."""
    field = "code" if language == "lean4" else "problem"
    return {"id": "1" if name == "-" else name, "language": language, field: text}


def _from_folder(folder: Path) -> Iterator[Task]:
    """Each Lean file in a folder, in order; raises InputError where there is none."""
    inside = (f.relative_to(folder) for f in folder.rglob("*.lean") if f.is_file())
    files = sorted(f for f in inside if not any(part.startswith(".") for part in f.parts))
    if not files:
        raise InputError(f"there is no .lean file in the folder {streams.described(str(folder))}.")
    return (_from_file(folder / file, file.as_posix()) for file in files)


def _from_file(file: Path, name: str) -> Task:
    try:
        text = streams.decode(streams.read_bytes(str(file)), streams.described(str(file)))
    except InputError as error:
        return Task(name, None, "lean4", Message(str(error), "error"))
    from neurosym.runs.problems import ProblemRecord

    record = ProblemRecord(id=name, language="lean4", code=text)
    return Task(name, LeanProblem(text), "lean4", record=record)


def _from_json(parsed: Any, language: str | None) -> tuple[Iterator[Task], bool]:
    if isinstance(parsed, list):
        return (_task_or_error(r, i, i, language) for i, r in enumerate(parsed, 1)), True
    return iter([_task(parsed, "1", language)]), False


def _from_lines(data: bytes, language: str | None) -> Iterator[Task]:
    for position, line in enumerate(streams.json_lines(data), 1):
        if line.error:
            yield Task(str(position), None, error=Message(line.error, "error", line.number, 1))
        else:
            yield _task_or_error(line.data, position, line.number, language)


def _task_or_error(data: Any, position: int, line: int, language: str | None) -> Task:
    try:
        return _task(data, str(position), language)
    except InputError as error:
        given = data.get("id") if isinstance(data, dict) else None
        identity = given if isinstance(given, str | int) else str(position)
        return Task(identity, None, error=Message(str(error), "error", line, 1))


def _task(data: Any, default_id: str, language: str | None = None) -> Task:
    """The task of a record. Formal text that cannot be read is the task's own error.

    ``language`` is that of a record that names none. Raises InputError for what is no record.
    """
    from neurosym.runs.problems import problem_of, problem_record

    if language is not None and isinstance(data, dict):
        data = {"language": language, **data}
    record = problem_record(data, default_id)
    try:
        return Task(record.id, problem_of(record), record.language, record=record)
    except ParseError as error:
        message = Message(str(error), "error", error.line, error.column)
    except InputError as error:
        message = Message(str(error), "error")
    return Task(record.id, None, record.language, message)


# --- running -------------------------------------------------------------------------------


def _prove_all(
    tasks: Iterator[Task],
    many: bool,
    prover: Prover,
    lean: _Lean,
    options: Options,
    search: Search | None,
) -> int:
    limits = Limits(options.seconds, options.megabytes)
    console = None if options.as_json else streams.console()
    status = OK
    done = 0
    try:
        for task in tasks:
            result, more = _prove(task, many, prover, lean, limits, search)
            output = _output(task, result, options, limits, lean) | more
            status = max(status, status_of(output))
            if console is None:
                streams.print_json(output, pretty=not many)
            else:
                print_outcome(output, console)
            done += 1
    except KeyboardInterrupt:
        complain(f"interrupted after {done} finished.")
        return INTERRUPTED
    return status


def _prove(
    task: Task, many: bool, prover: Prover, lean: _Lean, limits: Limits, search: Search | None
) -> tuple[Result, dict[str, Any]]:
    """A task's result, and what is told beside it of a search with a model.

    Without a Lean, Lean problems fail; one alone raises MissingToolError.
    """
    if task.problem is None:
        assert task.error is not None
        return Result(Outcome.ILL_FORMED, "", 0.0, messages=(task.error,)), {}
    if not isinstance(task.problem, LeanProblem):
        return prover.prove(task.problem, limits), {}
    try:
        statement = task.problem.statement
        if search is None or statement is None or task.problem.code.strip():
            return lean.prover.prove(task.problem, limits), {}
        found = search(lean.prover.checker, statement, limits, lean.hints)
        return found.result, searching.told(found)
    except MissingToolError as error:
        if not many:
            raise
        message = Message(str(error), "error")
        return Result(Outcome.FAILED, "lean", 0.0, messages=(message,)), {}


def _output(
    task: Task, result: Result, options: Options, limits: Limits, lean: _Lean
) -> dict[str, Any]:
    output = {"id": task.id, **write_result(result)}
    if task.language == "smtlib":
        output["status"] = STATUS.get(result.outcome, "unknown")
    if options.recheck and task.problem is not None and result.conclusive:
        from provers.recheck import recheck

        in_lean = isinstance(task.problem, LeanProblem)
        checker = lean.prover.checker() if in_lean else None
        again = recheck(task.problem, result, limits, checker=checker)
        output["recheck"] = {"ok": again.ok, "how": again.how, "detail": again.detail}
        if not again.ok:
            claimed = output["outcome"]
            text = f"{claimed} was claimed, but its evidence did not hold: {again.detail}"
            output["outcome"] = str(Outcome.FAILED)
            output["messages"].append({"text": text, "severity": "error"})
    return output


def status_of(output: dict[str, Any]) -> int:
    if output["outcome"] == Outcome.FAILED:
        return TOOL
    return OK if output["outcome"] in _GOOD else FOUND


# --- printing ------------------------------------------------------------------------------


def print_outcome(output: dict[str, Any], console: Console) -> None:
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
        case "lean":
            what = evidence["theorem"] or "all theorems in it"
            axioms = ", ".join(evidence["axioms"]) or "none"
            return f"Lean {evidence['lean']} file, {what} {evidence['tier']}; axioms: {axioms}"
        case "attempts":
            return "; ".join(f"{what}: {answer}" for what, answer, _ in evidence["tried"])
        case "conflict":
            return "; ".join(f"{who} says {what}" for who, what in evidence["answers"])
        case kind:
            return str(kind)
