"""What a check found, in the forms that editors and CI read: SARIF, and GitHub's annotations.

SARIF 2.1.0 (OASIS, 2020), section 3: one run, a rule for each verdict, a result for each finding.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any, Final, Literal, TypeAlias

from neurosym.project.scan import Scan, verdict
from provers.base import Outcome

Level: TypeAlias = Literal["error", "warning"]

_RULES: Final = {
    "sorry": "A proof is missing: `sorry` stands for it.",
    "rests_on_sorry": "A proof rests on what is not proved.",
    "ill_formed": "Lean does not accept it.",
    "axiom": "A proof rests on axioms that are not allowed.",
    "kernel_rejected": "Lean's kernel does not accept the proof when it is checked again.",
    "program": "A program runs while it is elaborated, so it is not judged.",
    "unsafe": "It steps outside what the kernel checks.",
    "rests_on_unjudged": "It imports a module that is not judged.",
    "left_out": "The module cannot be checked.",
    "error": "Lean reports an error.",
}
_SCHEMA: Final = "https://json.schemastore.org/sarif-2.1.0.json"


@dataclass(frozen=True, slots=True)
class Finding:
    """Something that a check objects to; ``line`` and ``column`` count from 1."""

    rule: str
    level: Level
    text: str
    file: str
    line: int = 1
    column: int = 1


def findings(scan: Scan) -> Iterator[Finding]:
    """What is wrong in a project, module by module."""
    for part in scan.parts:
        if part.left_out:
            yield Finding("left_out", "error", part.left_out, part.file)
        for message in part.errors:
            yield Finding(
                "error", "error", message.text, part.file, message.line or 1, message.column or 1
            )
    for theorem in scan.theorems:
        if theorem.result.outcome in (Outcome.PROVED, Outcome.ILL_FORMED):
            continue  # the errors of what is ill-formed are told above
        rule = verdict(theorem.result)
        text = theorem.result.messages[0].text if theorem.result.messages else rule
        level: Level = "warning" if rule in ("sorry", "rests_on_sorry") else "error"
        yield Finding(rule, level, f"{theorem.name}: {text}", theorem.file, theorem.line or 1)
    for hole in scan.holes:
        if hole.declaration is None:
            yield Finding(
                "sorry", "warning", _RULES["sorry"], hole.file, hole.gap.start[0],
                hole.gap.start[1] + 1,
            )  # fmt: skip


def sarif(scan: Scan, version: str) -> dict[str, Any]:
    """The document of a check; ``version`` is neurosym's."""
    found = list(findings(scan))
    rules = sorted({one.rule for one in found})
    return {
        "$schema": _SCHEMA,
        "version": "2.1.0",
        "runs": [
            {
                "tool": {
                    "driver": {
                        "name": "neurosym",
                        "version": version,
                        "rules": [
                            {"id": rule, "shortDescription": {"text": _RULES.get(rule, rule)}}
                            for rule in rules
                        ],
                    }
                },
                "columnKind": "unicodeCodePoints",
                "results": [
                    {
                        "ruleId": one.rule,
                        "level": one.level,
                        "message": {"text": one.text},
                        "locations": [
                            {
                                "physicalLocation": {
                                    "artifactLocation": {"uri": _uri(one.file)},
                                    "region": {"startLine": one.line, "startColumn": one.column},
                                }
                            }
                        ],
                    }
                    for one in found
                ],
            }
        ],
    }


def github(scan: Scan) -> Iterator[str]:
    """The lines that GitHub Actions shows at the places that they name."""
    for one in findings(scan):
        place = f"file={_property(one.file)},line={one.line},col={one.column}"
        yield f"::{one.level} {place},title={_property(one.rule)}::{_data(one.text)}"


def _uri(file: str) -> str:
    from urllib.parse import quote

    return quote(file.replace("\\", "/"))


def _data(text: str) -> str:
    return text.replace("%", "%25").replace("\r", "%0D").replace("\n", "%0A")


def _property(text: str) -> str:
    return _data(text).replace(":", "%3A").replace(",", "%2C")
