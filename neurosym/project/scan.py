"""What a project holds: its modules, its theorems with their verdicts, and what is not proved."""

from __future__ import annotations

import collections
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from provers.base import Message, Outcome, Result
from provers.lean.base import LeanVersion
from provers.lean.build import Built
from provers.lean.judge import judge_module
from provers.lean.workbench import Declared, Gap, Place


@dataclass(frozen=True, slots=True)
class Theorem:
    """A theorem of a project and its verdict.

    ``file`` is relative to the project, ``line`` is where it begins, from 1. ``premises`` are the
    declarations that its proof names.
    """

    name: str
    module: str
    file: str
    line: int | None
    statement: str
    axioms: tuple[str, ...]
    premises: tuple[str, ...]
    result: Result

    @property
    def data(self) -> dict[str, Any]:
        """As JSON has it."""
        return {
            "name": self.name,
            "module": self.module,
            "file": self.file,
            "line": self.line,
            "statement": self.statement,
            "outcome": str(self.result.outcome),
            "reason": self.result.reason,
            "flags": list(self.result.flags),
            "axioms": list(self.axioms),
            "messages": [message.text for message in self.result.messages],
        }


@dataclass(frozen=True, slots=True)
class Hole:
    """A ``sorry`` of a project, and the declaration that it stands in (None outside of any)."""

    module: str
    file: str
    declaration: str | None
    gap: Gap

    @property
    def where(self) -> str:
        """The file, line and column, each of these from 1."""
        return f"{self.file}:{self.gap.start[0]}:{self.gap.start[1] + 1}"

    @property
    def data(self) -> dict[str, Any]:
        """As JSON has it."""
        return {
            "file": self.file,
            "module": self.module,
            "line": self.gap.start[0],
            "column": self.gap.start[1] + 1,
            "declaration": self.declaration,
            "term": self.gap.term,
            "goal": self.gap.goal.strip(),
        }


@dataclass(frozen=True, slots=True)
class Part:
    """A module in numbers, and what is wrong with it."""

    name: str
    file: str
    imports: tuple[str, ...]
    imported_by: int
    theorems: int
    definitions: int
    gaps: int
    errors: tuple[Message, ...]
    left_out: str
    fresh: bool

    @property
    def data(self) -> dict[str, Any]:
        """As JSON has it."""
        return {
            "name": self.name,
            "file": self.file,
            "imports": list(self.imports),
            "imported_by": self.imported_by,
            "theorems": self.theorems,
            "definitions": self.definitions,
            "sorries": self.gaps,
            "left_out": self.left_out,
            "fresh": self.fresh,
            "errors": [{"line": m.line, "column": m.column, "text": m.text} for m in self.errors],
        }


@dataclass(frozen=True, slots=True)
class Scan:
    """All of a project that was compiled, and why the rest was not."""

    folder: Path
    lean: LeanVersion
    parts: tuple[Part, ...]
    theorems: tuple[Theorem, ...]
    holes: tuple[Hole, ...]

    @property
    def sound(self) -> bool:
        """Whether every theorem is proved, and no module is left out or has errors."""
        return not any(p.errors or p.left_out for p in self.parts) and all(
            theorem.result.outcome is Outcome.PROVED for theorem in self.theorems
        )

    @property
    def summary(self) -> dict[str, Any]:
        """How many there are of what."""
        outcomes = collections.Counter(verdict(t.result) for t in self.theorems)
        axioms = collections.Counter(axiom for t in self.theorems for axiom in t.axioms)
        return {
            "modules": len(self.parts),
            "modules_with_errors": sum(bool(p.errors) for p in self.parts),
            "modules_left_out": sum(bool(p.left_out) for p in self.parts),
            "modules_checked_now": sum(p.fresh for p in self.parts),
            "theorems": len(self.theorems),
            "verdicts": dict(sorted(outcomes.items())),
            "sorries": len(self.holes),
            "axioms": dict(sorted(axioms.items())),
        }

    @property
    def data(self) -> dict[str, Any]:
        """As JSON has it."""
        return {
            "project": str(self.folder),
            "lean": self.lean.version,
            "toolchain": self.lean.toolchain,
            "summary": self.summary,
            "modules": [part.data for part in self.parts],
            "theorems": [theorem.data for theorem in self.theorems],
            "sorries": [hole.data for hole in self.holes],
        }


def verdict(result: Result) -> str:
    """One word: the outcome, or the flag that says why there is none."""
    return result.flags[0] if result.flags else str(result.outcome)


def scan(built: Built) -> Scan:
    """What is in a project that was built."""
    version = LeanVersion(built.toolchain.version, built.toolchain.kind)
    graph = built.imports
    parts, theorems, holes = [], [], []
    for name, module in built.modules.items():
        file = str(module.file.relative_to(built.layout.folder))
        report = module.report
        declared = report.declared if report else ()
        parts.append(
            Part(
                name,
                file,
                tuple(module.header[1:]),
                graph.in_degree(name),
                sum(d.kind == "theorem" and d.place is not None for d in declared),
                sum(d.kind == "definition" and d.place is not None for d in declared),
                len(report.gaps) if report else 0,
                tuple(m for m in report.messages if m.severity == "error") if report else (),
                module.left_out,
                module.fresh,
            )
        )
        if report is None:
            continue
        text = module.file.read_text(encoding="utf-8")
        for one, result in judge_module(text, report, version, unjudged=built.distrusted(name)):
            if one.place is not None:
                theorems.append(_theorem(one, name, file, result))
        theorems[len(theorems) - parts[-1].theorems :] = sorted(
            theorems[len(theorems) - parts[-1].theorems :], key=lambda t: t.line or 0
        )
        holes += [Hole(name, file, _around(gap.start, declared), gap) for gap in report.gaps]
    return Scan(built.layout.folder, version, tuple(parts), tuple(theorems), tuple(holes))


def _theorem(one: Declared, module: str, file: str, result: Result) -> Theorem:
    return Theorem(
        one.name,
        module,
        file,
        one.place[0] if one.place else None,
        one.statement,
        one.axioms,
        one.proof or (),
        result,
    )


def _around(place: Place, declared: tuple[Declared, ...]) -> str | None:
    """The declaration that begins last before a place."""
    before = [d for d in declared if d.place is not None and d.place <= place]
    return max(before, key=lambda d: d.place or (0, 0)).name if before else None


def premises_of(theorem: Theorem, scanned: Scan) -> Iterator[Theorem]:
    """The theorems of the project that a proof names."""
    named = set(theorem.premises)
    return (other for other in scanned.theorems if other.name in named)
