"""What the commands of ``neurosym project`` show to people, and as JSON."""

from __future__ import annotations

import difflib
from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

from rich.table import Table

from neurosym.cli import streams
from neurosym.project.sarif import findings
from neurosym.project.scan import Scan, verdict

if TYPE_CHECKING:
    from neurosym.project.explain import Explained
    from neurosym.project.fill import Filled
    from neurosym.project.suggest import Advice
    from neurosym.project.work import File, Project


def print_scan(scan: Scan) -> None:
    """The modules in a table, and the places that are not proved."""
    table = Table("module", "theorems", "sorry", "imported by", "what is wrong", box=None)
    for part in scan.parts:
        wrong = part.left_out or (part.errors[0].text.partition("\n")[0] if part.errors else "")
        table.add_row(
            part.name, str(part.theorems), str(part.gaps or ""), str(part.imported_by), wrong
        )
    streams.console().print(table)
    for hole in scan.holes:
        conclusion = hole.gap.goal.strip().rpartition("⊢ ")[2].replace("\n", " ")
        _say(f"{hole.where}: {hole.declaration or 'sorry'}: ⊢ {conclusion[:120]}")
    streams.print_line(_summary(scan))


def check_text(scan: Scan) -> str:
    """A line for each finding, as compilers write them, and the sum."""
    lines = [
        f"{one.file}:{one.line}:{one.column}: {one.level}: {one.text.partition(chr(10))[0]} "
        f"[{one.rule}]"
        for one in findings(scan)
    ]
    return "\n".join([*lines, _summary(scan)])


def _summary(scan: Scan) -> str:
    facts = scan.summary
    verdicts = ", ".join(f"{many} {name}" for name, many in facts["verdicts"].items())
    return (
        f"{facts['theorems']} theorems in {facts['modules']} modules: {verdicts or 'none'}; "
        f"{facts['modules_checked_now']} modules were elaborated now."
    )


def print_file(file: File, opened: Project, *, dry_run: bool) -> None:
    """What came of each hole of a file, and the difference where nothing is written."""
    for one in sorted(file.filled, key=lambda one: one.hole.gap.start):
        said = one.proof.replace("\n", "; ")
        match one.verdict:
            case "refuted":
                values = one.counterexample or "its negation is proved"
                said = f"the statement is false ({values})"
            case "unknown":
                said = f"no proof found ({one.reason})"
            case _:
                pass
        name = one.hole.declaration or "sorry"
        _say(f"{one.hole.where}: {name}: {one.verdict}: {said}")
    if dry_run and file.after != file.before:
        _say(difference(file, opened.built.layout.folder), 1_000_000)


def difference(file: File, folder: Path) -> str:
    """What would change in a file, as ``diff -u`` shows it."""
    name = file.path.relative_to(folder).as_posix()
    lines = difflib.unified_diff(
        file.before.splitlines(), file.after.splitlines(), f"a/{name}", f"b/{name}", lineterm=""
    )
    return "\n".join(lines)


def print_filled(filled: Sequence[Filled]) -> None:
    """The sum of a run."""
    many = {
        verdict: sum(one.verdict == verdict for one in filled)
        for verdict in ("proved", "refuted", "unknown")
    }
    streams.print_line(
        f"{len(filled)} sorries: {many['proved']} filled, {many['refuted']} false, "
        f"{many['unknown']} left."
    )


def filled_data(
    done: Sequence[File], opened: Project, seconds: float, *, dry_run: bool
) -> dict[str, Any]:
    """A run as JSON has it."""
    return {
        "project": str(opened.built.layout.folder),
        "seconds": round(seconds, 1),
        "written": not dry_run,
        "sorries": [
            {
                **one.hole.data,
                "verdict": one.verdict,
                "reason": one.reason,
                "proof": one.proof,
                "counterexample": one.counterexample,
                "disproof": one.evidence.code if one.evidence else "",
                "seconds": round(one.seconds, 2),
                "tried": [list(each) for each in one.tried],
            }
            for file in done
            for one in file.filled
        ],
        "diffs": [
            difference(file, opened.built.layout.folder)
            for file in done
            if file.after != file.before
        ],
    }


def print_advice(advice: Advice) -> None:
    """The goal, what ends it, what makes progress, and premises."""
    if not advice.goal:
        streams.print_line("No goals are left there.")
        return
    _say(advice.goal, 10_000)
    for one in advice.tactics:
        left = one.after.count("⊢")
        then = "ends the proof" if not left else f"leaves {left} goal{'s' if left > 1 else ''}"
        _say(f"  {one.tactic}   -- {then}")
    if advice.premises:
        _say(f"Premises: {', '.join(advice.premises[:12])}")


def print_explained(found: Explained) -> None:
    """A theorem, what it rests on, and what of that is not proved."""
    data = found.data
    _say(f"{data['name']} : {data['statement']}")
    _say(f"{data['file']}:{data['line']}: {verdict(found.theorem.result)}")
    for title, names in (
        ("premises of the project", data["premises"]),
        ("axioms", data["axioms"]),
        ("rests on, in the project", data["rests_on"]),
        ("not proved among them", data["unproved"]),
    ):
        if names:
            _say(f"{title}: {', '.join(names)}", 4_000)


def _say(text: str, limit: int = 2_000) -> None:
    """A line for a terminal, which a file of somebody's cannot control."""
    streams.print_line(streams.shown(text, limit))
