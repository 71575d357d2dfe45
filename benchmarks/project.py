"""A sample project: gaps filled, false statements refuted, and what all of it costs.

The project lies in ``sample``; ``sorries.json`` there has a proof of each true gap and a disproof
of each false one, which ``benchmarks.sample_check`` gives to Lean. The command is never told of it.
"""

from __future__ import annotations

import json
import os
import random
import re
import shutil
import signal
import subprocess
import sys
import tempfile
import time
from collections import Counter
from pathlib import Path
from typing import Any, Final

import networkx as nx
import numpy as np

from neurosym.project.premises import Nearby
from neurosym.project.suggest import Adviser
from neurosym.project.trace import trace
from neurosym.project.work import Project, keep
from provers import process
from provers.base import Limits, Outcome
from provers.lean import toolchain
from provers.lean.build import Built

SAMPLE: Final = Path(__file__).parent / "sample"
WORKERS: Final = 2
SECONDS: Final = 60.0  # for each gap
KILLS: Final = 100
ASKED: Final = 40  # places that suggestions are asked for
_KILLED_AFTER: Final = 40.0
_TOUCHED: Final = "Sample.Num.Parity"

Figures = dict[str, Any]


def run(data: Path, limit: int | None) -> Figures:
    """Check, change, fill, suggest, trace and kill, each on a copy of its own."""
    place = Path(tempfile.mkdtemp(prefix="neurosym-sample-"))
    try:
        folder = place / "sample"
        shutil.copytree(SAMPLE, folder)
        found: Figures = {}
        for name, part in (
            ("check", lambda: _check(folder)),
            ("changed", lambda: _changed(folder)),
            ("suggest", lambda: _suggest(folder, limit)),
            ("trace", lambda: _trace(folder)),
            ("fill", lambda: _fill(folder, limit)),
            ("kills", lambda: _kills(place, limit)),
        ):
            found[name] = part()
            print(name, found[name], flush=True)
        return found
    finally:
        shutil.rmtree(place, ignore_errors=True)


def _open(folder: Path) -> Project:
    return Project.open(toolchain.ensure(), folder, workers=WORKERS)


def _cache(built: Built) -> Path:
    """Where the project was compiled."""
    return built.path[0]


# --- checking ------------------------------------------------------------------------------


def _check(folder: Path) -> Figures:
    """All of it from nothing by two Leans, against one call of Lean for each file."""
    opened = _open(folder)  # compiles our own program, once for each version
    shutil.rmtree(_cache(opened.built))
    begun = time.monotonic()
    opened = _open(folder)
    ours = time.monotonic() - begun
    begun = time.monotonic()
    _open(folder)
    again = time.monotonic() - begun
    theirs, failed = _each(opened.built)
    return {
        "modules": len(opened.built.modules),
        "theorems": len(opened.scan.theorems),
        "verdicts": opened.scan.summary["verdicts"],
        "seconds": round(ours, 2),
        "seconds_again": round(again, 2),
        "lean_for_each_file_seconds": round(theirs, 2),
        "lean_for_each_file_failed": failed,
        "times_faster": round(theirs / ours, 1),
    }


def _each(built: Built) -> tuple[float, int]:
    """One call of the same Lean for each file, one after the other; none looks at proofs again."""
    lean = built.toolchain
    place = _cache(built) / "sources"
    seconds, failed = 0.0, 0
    for name, module in built.modules.items():
        file = place / f"{name}.lean"
        file.parent.mkdir(exist_ok=True)
        shutil.copy(module.file, file)
        command = lean.command(
            lean.inside(file), path=[lean.inside(folder) for folder in built.path]
        )
        begun = time.monotonic()
        done = process.run(command.argv, seconds=300, megabytes=None, env=command.env)
        seconds += time.monotonic() - begun
        failed += "error" in done.stdout
    shutil.rmtree(place)
    return seconds, failed


def _changed(folder: Path) -> Figures:
    """One module gets another lemma: what is elaborated again?"""
    opened = _open(folder)
    file = opened.built.modules[_TOUCHED].file
    before = file.read_text(encoding="utf-8")
    file.write_text(f"{before}\ntheorem neurosym_added : 1 + 1 = 2 := rfl\n", encoding="utf-8")
    begun = time.monotonic()
    built = _open(folder).built
    seconds = time.monotonic() - begun
    fresh = {name for name, module in built.modules.items() if module.fresh}
    wanted = {_TOUCHED} | nx.ancestors(built.imports, _TOUCHED)
    file.write_text(before, encoding="utf-8")
    _open(folder)
    return {
        "module": _TOUCHED,
        "elaborated_again": len(fresh),
        "dependents_and_itself": len(wanted),
        "others": len(fresh - wanted),
        "missed": len(wanted - fresh),
        "seconds": round(seconds, 2),
    }


# --- suggestions and traces ----------------------------------------------------------------


def _suggest(folder: Path, limit: int | None) -> Figures:
    """How long a suggestion takes once Lean is warm; drawn among the gaps."""
    opened = _open(folder)
    drawn = random.Random(0).sample(list(opened.holes), limit or ASKED)
    adviser = Adviser(opened.built, select=Nearby(opened.built).names)
    times, helped = [], 0
    try:
        for at, hole in enumerate(drawn):
            module = opened.built.modules[hole.module]
            text = module.file.read_text(encoding="utf-8")
            if hole.gap.term:
                continue
            begun = time.monotonic()
            advice = adviser.advise(module, text, hole.gap.start)
            if at >= 2:  # Lean starts for the first
                times.append(time.monotonic() - begun)
            helped += bool(advice.tactics)
    finally:
        adviser.close()
    return {
        "asked": len(times),
        "with_tactics": helped,
        "p50_seconds": round(float(np.quantile(times, 0.5)), 3),
        "p90_seconds": round(float(np.quantile(times, 0.9)), 3),
    }


def _trace(folder: Path) -> Figures:
    opened = _open(folder)
    begun = time.monotonic()
    traced = trace(opened.built)
    return {
        "theorems": len(traced.theorems),
        "tactics": sum(len(one.tactics) for one in traced.theorems),
        "with_premises": sum(bool(t.premises) for one in traced.theorems for t in one.tactics),
        "replayed": traced.replayed,
        "same_state": traced.replayed - len(traced.differing),
        "differing": list(traced.differing)[:20],
        "seconds": round(time.monotonic() - begun, 1),
    }


# --- filling -------------------------------------------------------------------------------


def _grades(folder: Path) -> dict[tuple[str, str], str]:
    rows = json.loads((folder / "sorries.json").read_text(encoding="utf-8"))
    return {(row["file"], row["theorem"]): row["grade"] for row in rows}


def _fill(folder: Path, limit: int | None) -> Figures:
    """Every gap, and what an independent check of all of the project says afterwards."""
    opened = _open(folder)
    grades = _grades(folder)
    before = {theorem.name: theorem.statement for theorem in opened.scan.theorems}
    begun = time.monotonic()
    counted: Counter[tuple[str, str]] = Counter()
    proofs: list[Figures] = []
    filled: set[str] = set()
    for file in opened.fill(opened.holes[:limit], Limits(SECONDS), workers=WORKERS):
        keep(file)
        for one in file.filled:
            name = one.hole.declaration or ""
            grade = grades[one.hole.file, name]
            counted[grade, one.verdict] += 1
            if one.verdict == "proved":
                filled.add(name)
            proofs.append(
                {
                    "theorem": name,
                    "grade": grade,
                    "verdict": one.verdict,
                    "seconds": round(one.seconds, 1),
                    "proof": one.proof,
                    "counterexample": one.counterexample,
                }
            )
            print(grade, one.verdict, name, round(one.seconds, 1), flush=True)
    seconds = time.monotonic() - begun
    shutil.rmtree(_cache(opened.built))
    after = _open(folder)
    now = {theorem.name: theorem for theorem in after.scan.theorems}
    wrong = [
        name
        for name, statement in before.items()
        if name not in now or now[name].statement != statement
    ]
    open_ = {hole.declaration for hole in after.holes}
    wrong += [
        name
        for name in filled - open_
        if now[name].result.outcome is not Outcome.PROVED
        and "rests_on_sorry" not in now[name].result.flags
    ]
    wrong += [str(part.name) for part in after.scan.parts if part.errors or part.left_out]
    wrong += [
        one["theorem"] for one in proofs if (one["grade"], one["verdict"]) == ("false", "proved")
    ]
    wrong += [
        one["theorem"] for one in proofs if one["grade"] != "false" and one["verdict"] == "refuted"
    ]
    by_grade = {
        grade: {v: counted[grade, v] for v in ("proved", "refuted", "unknown")}
        for grade in ("easy", "medium", "hard", "false")
    }
    return {
        "gaps": sum(counted.values()),
        "filled": sum(counted[g, "proved"] for g in ("easy", "medium", "hard")),
        "false_refuted": counted["false", "refuted"],
        "wrong": wrong,
        "by_grade": by_grade,
        "seconds_each_at_most": SECONDS,
        "seconds": round(seconds, 1),
        "proofs": proofs,
    }


# --- killing -------------------------------------------------------------------------------


def _kills(place: Path, limit: int | None) -> Figures:
    """``prove`` killed at a moment that is drawn, again and again; every file is looked at then."""
    folder = place / "killed"
    shutil.copytree(SAMPLE, folder)
    _git(folder, "init", "-q")
    _git(folder, "add", "-A")
    _git(folder, "-c", "user.email=a@b", "-c", "user.name=a", "commit", "-qm", "as it was")
    draw = random.Random(0)
    command = [sys.executable, "-m", "neurosym.cli", "project", "prove", str(folder)]
    command += ["--timeout", "5", "--no-refute", "--workers", "1"]
    killed = 0
    for _ in range(limit or KILLS):
        child = subprocess.Popen(
            command, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL, start_new_session=True
        )
        try:
            child.wait(timeout=draw.uniform(1.0, _KILLED_AFTER))
        except subprocess.TimeoutExpired:
            os.killpg(child.pid, signal.SIGKILL)
            killed += 1
        child.wait()
    changed = _git(folder, "diff", "--name-only").split()
    after = _open(folder)
    gaps = sum(len(re.findall(r"\bsorry\b", f.read_text())) for f in folder.rglob("*.lean"))
    broken = [part.name for part in after.scan.parts if part.errors or part.left_out]
    return {
        "killed": killed,
        "files_changed": len(changed),
        "gaps_left": gaps,
        "broken": broken,
        "proved_now": after.scan.summary["verdicts"].get("proved", 0),
    }


def _git(folder: Path, *words: str) -> str:
    done = subprocess.run(["git", *words], cwd=folder, capture_output=True, text=True, check=True)
    return done.stdout
