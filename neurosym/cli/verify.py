"""``neurosym verify``: records in, a report on each out."""

from __future__ import annotations

import contextlib
import sys
from collections.abc import Iterator
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from neurosym import examples
from neurosym.cli import FOUND, INTERRUPTED, OK, TOOL, complain, records, streams
from neurosym.cli.modelling import ModelOptions, opened
from neurosym.cli.records import Bad
from provers import registry
from provers.base import Limits, Prover
from provers.errors import InputError, ModelError

if TYPE_CHECKING:
    from rich.console import Console
    from rich.table import Table

    from neurosym.cli.certificates import Certificates
    from neurosym.verify.base import Report
    from neurosym.verify.certify import Certifier
    from neurosym.verify.modelling import Modelling
    from neurosym.verify.pipeline import Verification
    from neurosym.verify.records import Record

_MARK = "✓"
_COLORS = {
    "proved": "green",
    "refuted": "bold red",
    "inconsistent": "bold red",
    "ill_formed": "red",
    "failed": "red",
    "independent": "yellow",
    "unknown": "yellow",
    "ambiguous": "yellow",
    "no_claim": "dim",
}


@dataclass(frozen=True, slots=True)
class Options:
    """What was asked for on the command line."""

    file: str | None
    example: str | None
    as_json: bool
    show_formal: bool
    prover: str
    seconds: float
    megabytes: int
    world: str | None
    recheck: bool
    certify: str = "auto"
    daemon: bool = True
    modelling: ModelOptions | None = None
    check_question: bool = False
    server: str | None = None


def list_examples(as_json: bool) -> int:
    """Print the names of the examples."""
    if as_json:
        streams.print_json(list(examples.names()), pretty=True)
    else:
        streams.print_line("\n".join(examples.names()))
    return OK


def run(options: Options) -> int:
    """Verify what the options name and print a report on each record."""
    if options.server is not None:
        from neurosym.cli import remote

        return remote.verify(options, options.server)
    prover = registry.load(options.prover)
    certificates = None
    try:
        prover.warm()  # the solver starts while the input is read and translators are loaded
        name, data = read_input(options)
        found, many = records_of(name, data, options)
        if options.certify != "no":
            from neurosym.cli.certificates import Certificates

            limits = Limits(options.seconds, options.megabytes)
            certificates = Certificates(
                limits, wait=options.certify == "lean", daemon=options.daemon
            )
        with opened(options.modelling) as modelling:
            return _verify_all(found, many, prover, options, certificates, modelling)
    finally:
        prover.close()
        if certificates is not None:
            certificates.certifier.close()


def read_input(options: Options) -> tuple[str, bytes]:
    """The input's name and bytes. Raises InputError where there is none."""
    if options.example is not None:
        if options.file is not None:
            raise InputError("give a file or --example, not both.")
        name, text = examples.load(options.example)
        return name, text.encode()
    if options.file is None and sys.stdin.isatty():
        raise InputError("nothing to verify: give a file, - for standard input, or --example.")
    file = options.file or "-"
    return file, streams.read_bytes(file)


# --- records -------------------------------------------------------------------------------


def records_of(name: str, data: bytes, options: Options) -> tuple[Iterator[Record | Bad], bool]:
    """The records of the input, and whether they are many (JSON Lines or an array)."""
    from neurosym.verify.records import record_of_text

    world = options.world or "open"
    return records.read(
        name,
        data,
        lambda data, default_id: _record(data, default_id, options),
        lambda text: record_of_text(text, world=world),
    )


def _record(data: Any, default_id: str, options: Options) -> Record:
    from neurosym.verify.records import record_of

    if options.world is not None and isinstance(data, dict):
        data = {**data, "world": options.world}
    return record_of(data, default_id)


# --- running -------------------------------------------------------------------------------


def _verify_all(
    found: Iterator[Record | Bad],
    many: bool,
    prover: Prover,
    options: Options,
    certificates: Certificates | None,
    modelling: Modelling | None,
) -> int:
    from neurosym.verify.pipeline import Verification
    from neurosym.verify.records import Record

    limits = Limits(options.seconds, options.megabytes)
    console = None if options.as_json else streams.console()
    status = OK
    done = 0
    try:
        for record in found:
            if isinstance(record, Record):
                try:
                    verification = Verification(
                        record, prover, limits, modelling, options.check_question
                    )
                except InputError as error:
                    if not many:
                        raise
                    record = Bad(str(record.id), 0, str(error))
            if isinstance(record, Bad):
                print_bad(record, console)
                status = max(status, FOUND)
                continue
            try:
                output = _verified(verification, options, limits, certificates, console)
            except ModelError as error:
                if not many:
                    raise
                print_failed(verification.record.id, error, console)
                status = TOOL
                continue
            if console is None:
                streams.print_json(output, pretty=not many)
            else:
                print_report(output, options, console)
            if "interrupted" in output:
                left = len(verification) - len(verification.done)
                complain(f"interrupted with {left} of {len(verification)} steps not verified.")
                return INTERRUPTED
            status = max(status, status_of(output))
            done += 1
    except KeyboardInterrupt:
        complain(f"interrupted after {done} finished.")
        return INTERRUPTED
    if certificates is not None and certificates.complain(quiet=options.as_json):
        return TOOL
    return status


def _verified(
    verification: Verification,
    options: Options,
    limits: Limits,
    certificates: Certificates | None,
    console: Console | None,
) -> dict[str, Any]:
    """The output record; after Ctrl-C that of the steps which were done by then."""
    certifier = None if certificates is None else certificates.certifier
    try:
        with progress(len(verification), options) as advance:
            for step in verification:
                advance()
                if certifier is not None:
                    certifier.add(step)
        if certificates is None:
            return _output(verification.report(), options, limits, None)
        report = verification.report()
        with _shown_meanwhile(report, certificates.certifier, console):
            certificates.wait()
        report = certificates.certifier.certified(report)
        certificates.note(report)
        return _output(report, options, limits, certifier)
    except KeyboardInterrupt:
        report = verification.report()
        if certifier is not None:
            report = certifier.certified(report)
        return {**_output(report, options, None, None), "interrupted": True}


@contextlib.contextmanager
def _shown_meanwhile(
    report: Report, certifier: Certifier, console: Console | None
) -> Iterator[None]:
    """Verdicts on the terminal while Lean works: nobody waits for certificates to see them."""
    if console is None or not console.is_terminal or certifier.done:
        yield
        return
    from rich.live import Live

    from neurosym.verify.report import write_report

    with Live(table(write_report(report)["steps"]), console=console, transient=True):
        yield


def _output(
    report: Report, options: Options, limits: Limits | None, certifier: Certifier | None
) -> dict[str, Any]:
    """The output record, with its evidence checked again if that was asked for."""
    from neurosym.verify.report import write_report

    output = write_report(report)
    if options.recheck and limits is not None:
        from neurosym.verify.evidence import recheck_report

        judge = None if certifier is None else certifier.recheck
        output = recheck_report(report, output, limits, judge)
    return output


def status_of(output: dict[str, Any]) -> int:
    """0, 1 or 3 by the verdicts on the whole, its steps and its answer."""
    verdicts = {output["verdict"], *(step["verdict"] for step in output["steps"])}
    if "failed" in verdicts:
        return TOOL
    return FOUND if verdicts & {"refuted", "inconsistent", "ill_formed"} else OK


@contextlib.contextmanager
def progress(total: int, options: Options) -> Iterator[Any]:
    """A progress bar on standard error, on a terminal only; yields what advances it."""
    if total < 2 or not sys.stderr.isatty():
        yield lambda: None
        return
    from rich.console import Console
    from rich.progress import Progress

    with Progress(console=Console(stderr=True), transient=True) as bar:
        task = bar.add_task("Verifying", total=total)
        yield lambda: bar.advance(task)


# --- printing ------------------------------------------------------------------------------


def print_bad(bad: Bad, console: Console | None) -> None:
    """Print a record that is none."""
    if console is None:
        message = {"text": bad.error, "severity": "error", "line": bad.line}
        record = {"id": bad.id, "verdict": "ill_formed", "line": bad.line, "reason": bad.error}
        streams.print_json({**record, "steps": [], "messages": [message]})
    else:
        from rich.text import Text

        console.print(
            Text.assemble((f"{streams.shown(bad.id)}: ill_formed", "red"), f" (line {bad.line})")
        )
        console.print(Text(f"  {streams.shown(bad.error)}"))


def print_failed(id: str | int, error: ModelError, console: Console | None) -> None:
    """A record whose model did not answer; those after it are tried all the same."""
    if console is None:
        message = {"text": str(error), "severity": "error"}
        record = {"id": id, "verdict": "failed", "reason": error.reason}
        streams.print_json({**record, "steps": [], "messages": [message]})
    else:
        from rich.text import Text

        console.print(
            Text.assemble((f"{streams.shown(str(id))}: failed", "red"), f" ({error.reason})")
        )
        console.print(Text(f"  {streams.shown(str(error))}"))


def print_report(output: dict[str, Any], options: Options, console: Console) -> None:
    """Print an output record for people."""
    from rich.text import Text

    color = _COLORS.get(output["verdict"], "")
    console.print(
        Text.assemble(f"{streams.shown(str(output['id']))}: ", (output["verdict"], color))
    )
    console.print(table(output["steps"], options.show_formal))
    print_rest(output, console)


def table(steps: list[dict[str, Any]], show_formal: bool = False) -> Table:
    from rich.table import Table
    from rich.text import Text

    table = Table(show_edge=False, pad_edge=False, expand=False)
    table.add_column("#", justify="right", no_wrap=True)
    table.add_column("Step", ratio=2)
    table.add_column("Verdict", no_wrap=True)
    table.add_column("Why", ratio=1)
    for step in steps:
        reason = f" ({step['reason']})" if step["reason"] else ""
        mark = f" {_MARK}" if _is_certified(step) else ""
        verdict = Text(step["verdict"] + reason + mark, _COLORS.get(step["verdict"], ""))
        text = Text(streams.shown(step["text"]))
        table.add_row(str(step["index"]), text, verdict, Text(_why(step)))
        if show_formal:
            for claim in step.get("claims") or [step]:
                table.add_row("", Text(_formal(claim), "dim"), "", "")
    return table


def _is_certified(step: dict[str, Any]) -> bool:
    """Whether all that the step claims is proved in Lean."""
    claims = step.get("claims") or [step]
    kinds = [(claim["certificate"] or {}).get("kind") for claim in claims]
    return all(kind == "lean" for kind in kinds)


def _why(step: dict[str, Any]) -> str:
    parts = []
    if step["flags"]:
        parts.append(", ".join(step["flags"]))
    if step["depends_on"]:
        parts.append("from " + ", ".join(step["depends_on"]))
    parts += [
        f"would follow assuming: {claim['follows_assuming']['assumed']}"
        for claim in step.get("claims") or [step]
        if (claim.get("follows_assuming") or {}).get("assumed")
    ]
    if "guess" in step:
        parts.append(f"not decided; the model guesses: {step['guess']['answer'] or 'nothing'}")
    return streams.shown("; ".join([*parts, *step["messages"]]))


def _formal(claim: dict[str, Any]) -> str:
    formal = claim["formal"]
    if formal is None:
        return "(no formal statement)"
    evidence = claim["evidence"] or {}
    used = evidence.get("used", range(len(formal["premises"])))
    lines = [formal["premises"][i] for i in used]
    return streams.shown("\n".join([*lines, f"⊢ {formal['goal']}"]), 4000)


def print_rest(output: dict[str, Any], console: Console) -> None:
    from rich.text import Text

    answer, question = output["answer"], output["question"]
    if answer["value"] is not None:
        verdict = (answer["verdict"], _COLORS.get(answer["verdict"], ""))
        why = f": {streams.shown(answer['message'])}" if answer["message"] else ""
        console.print(Text.assemble(f"Answer {streams.shown(answer['value'])}: ", verdict, why))
    consistency = question.get("consistency")
    if consistency is not None and consistency["outcome"] == "inconsistent":
        console.print(Text("The question and premises contradict each other.", "bold red"))
    for stage in question.get("checks", {}).get("stages", ()):
        if stage["verdict"] == "flawed":
            console.print(Text(streams.shown(f"Question: {stage['message']}"), "bold red"))
    translation = output.get("translation")
    if translation is not None and translation["sentences"]:
        console.print(Text(streams.shown(_model_line(translation)), "dim"))
    certified = any(map(_is_certified, output["steps"]))
    for message in [
        *([f"{_MARK} proved in Lean 4, too: see 'certificate' in --json."] if certified else []),
        *(
            f"Not read: {piece['source']}: {streams.shown(piece['text'])}"
            for piece in question["unread"]
        ),
        *output["summary"]["limits"],
    ]:
        console.print(Text(message, "dim"))


def _model_line(translation: dict[str, Any]) -> str:
    """What a model translated, and which names were taken for one."""
    merges = [merge["why"] for merge in translation["merges"] if merge["accepted"]]
    merged = f"; {'; '.join(merges)}" if merges else ""
    return (
        f"{translation['translated']} of {translation['sentences']} sentences that rules do not "
        f"read were translated by {translation['model']}{merged}."
    )
