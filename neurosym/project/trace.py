"""A project in the shape of LeanDojo's benchmark, and that shape read back.

Yang et al., "LeanDojo", NeurIPS 2023, section 4 and appendix A.3: theorems with their tactics, the
states before and after each, and the premises that a tactic names, with their places; a corpus of
premises by file; and splits, ``random`` and ``novel_premises``.
"""

from __future__ import annotations

import json
import random
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final, Literal, TypeAlias

from neurosym.project import splice
from provers.errors import InputError
from provers.lean.build import Built, Module
from provers.lean.workbench import Declared, Opened, Place, Step, Workbench

Split: TypeAlias = Literal["train", "val", "test"]

_SPLITS: Final[tuple[Split, ...]] = ("train", "val", "test")
_SHARES: Final = (0.8, 0.1, 0.1)
_DONE: Final = "no goals"


@dataclass(frozen=True, slots=True)
class Premise:
    """A declaration that a tactic names: where it is declared (from 1 and 1), and in which file.

    ``def_path`` is empty for what is declared outside the project.
    """

    full_name: str
    def_path: str
    def_pos: Place | None


@dataclass(frozen=True, slots=True)
class TracedTactic:
    """A tactic with its states as Lean prints them; ``annotated`` has premises between ``<a>``."""

    tactic: str
    annotated: str
    premises: tuple[Premise, ...]
    state_before: str
    state_after: str


@dataclass(frozen=True, slots=True)
class TracedTheorem:
    """A theorem of a project, and its tactics in the order in which they begin."""

    file_path: str
    full_name: str
    statement: str
    start: Place
    tactics: tuple[TracedTactic, ...]


@dataclass(frozen=True, slots=True)
class Traced:
    """What was traced: theorems, premises by file, and how the tactics went when run again."""

    theorems: tuple[TracedTheorem, ...]
    corpus: tuple[Mapping[str, Any], ...]
    replayed: int
    differing: tuple[str, ...]


def trace(built: Built, *, replay: bool = True) -> Traced:
    """Trace all modules that were compiled; with ``replay`` each tactic is run again.

    ``differing`` names the places where a tactic that was run again, in the state before it, left
    another state than the first time. Raises BrokenToolError where Lean does not work.
    """
    places = _places(built)
    theorems: list[TracedTheorem] = []
    differing: list[str] = []
    many = 0
    bench = built.bench()
    try:
        for module in built.modules.values():
            if module.report is None or not module.compiled:
                continue
            file = str(module.file.relative_to(built.layout.folder))
            opened, text = _open(bench, built, module)
            steps = opened.steps()
            theorems += _theorems(module, file, text, opened, steps, places)
            for step in steps if replay else ():
                many += 1
                after, _ = opened.replay(step)
                if after != step.after:
                    differing.append(f"{file}:{step.start[0]}:{step.start[1] + 1}")
    finally:
        bench.close()
    return Traced(tuple(theorems), tuple(_corpus(built)), many, tuple(differing))


def _open(bench: Workbench, built: Built, module: Module) -> tuple[Opened, str]:
    text = module.file.read_bytes().decode().replace("\r\n", "\n")
    return built.open(bench, module.name, text, named=True), text


def _places(built: Built) -> dict[str, tuple[str, Place]]:
    """Where each declaration of the project is: its file, and its place."""
    return {
        one.name: (str(module.file.relative_to(built.layout.folder)), one.place)
        for module in built.modules.values()
        for one in (module.report.declared if module.report else ())
        if one.place is not None
    }


def _theorems(
    module: Module,
    file: str,
    text: str,
    opened: Opened,
    steps: Sequence[Step],
    places: Mapping[str, tuple[str, Place]],
) -> Iterator[TracedTheorem]:
    assert module.report is not None
    written = sorted(
        (one for one in module.report.declared if one.place is not None),
        key=lambda one: one.place or (0, 0),
    )
    for at, one in enumerate(written):
        if one.kind != "theorem" or one.place is None:
            continue
        end = written[at + 1].place if at + 1 < len(written) else None
        own = [s for s in steps if one.place <= s.start and (end is None or s.start < end)]
        yield TracedTheorem(
            file,
            one.name,
            one.statement,
            (one.place[0], one.place[1] + 1),
            tuple(_tactic(step, text, opened, places) for step in own),
        )


def _tactic(
    step: Step, text: str, opened: Opened, places: Mapping[str, tuple[str, Place]]
) -> TracedTactic:
    start, stop = splice.offset(text, step.start), splice.offset(text, step.stop)
    named = [n for n in opened.named if step.start <= n.start and n.stop <= step.stop]
    annotated, at = "", start
    premises: dict[str, Premise] = {}
    for one in named:
        first, last = splice.offset(text, one.start), splice.offset(text, one.stop)
        if first < at:
            continue
        annotated += f"{text[at:first]}<a>{text[first:last]}</a>"
        at = last
        path, place = places.get(one.name, ("", None))
        position = None if place is None else (place[0], place[1] + 1)
        premises[one.name] = Premise(one.name, path, position)
    return TracedTactic(
        text[start:stop],
        annotated + text[at:stop],
        tuple(premises.values()),
        step.before,
        step.after or _DONE,
    )


def _corpus(built: Built) -> Iterator[Mapping[str, Any]]:
    for module in built.modules.values():
        if module.report is None:
            continue
        imports = [
            str(built.modules[name].file.relative_to(built.layout.folder))
            for name in module.header
            if name in built.modules
        ]
        yield {
            "path": str(module.file.relative_to(built.layout.folder)),
            "imports": imports,
            "premises": [_premise(one) for one in module.report.declared if one.place],
        }


def _premise(one: Declared) -> Mapping[str, Any]:
    assert one.place is not None
    return {
        "full_name": one.name,
        "code": f"{one.kind} {one.name} : {one.statement}",
        "start": [one.place[0], one.place[1] + 1],
        "kind": one.kind,
    }


# --- files ---------------------------------------------------------------------------------


def split(
    theorems: Sequence[TracedTheorem], how: Literal["random", "novel_premises"], *, seed: int = 0
) -> dict[Split, list[TracedTheorem]]:
    """Theorems in three parts, about 8:1:1.

    ``novel_premises``: each theorem outside of ``train`` names a premise that none in it names, as
    far as there are such theorems.
    """
    draw = random.Random(seed)
    order = sorted(theorems, key=lambda one: (one.file_path, one.start))
    draw.shuffle(order)
    wanted = [round(len(order) * share) for share in _SHARES[1:]]
    parts: dict[Split, list[TracedTheorem]] = {name: [] for name in _SPLITS}
    if how == "random":
        parts["test"], parts["val"] = order[: wanted[1]], order[wanted[1] : sum(wanted)]
        parts["train"] = order[sum(wanted) :]
        return parts
    named = {one.full_name: _named(one) for one in order}
    users: dict[str, list[TracedTheorem]] = {}
    for one in order:
        for premise in named[one.full_name]:
            users.setdefault(premise, []).append(one)
    held: dict[str, TracedTheorem] = {}
    # Premises of few theorems first: all of a premise's theorems are held out together.
    for _, group in sorted(users.items(), key=lambda pair: (len(pair[1]), pair[0])):
        fresh = [one for one in group if one.full_name not in held]
        if len(held) + len(fresh) <= sum(wanted):
            held |= {one.full_name: one for one in fresh}
    out = list(held.values())
    draw.shuffle(out)
    half = min(len(out) // 2, wanted[1])
    parts["test"], parts["val"] = out[:half], out[half:]
    parts["train"] = [one for one in order if one.full_name not in held]
    return parts


def _named(theorem: TracedTheorem) -> set[str]:
    return {premise.full_name for tactic in theorem.tactics for premise in tactic.premises}


def write(traced: Traced, out: Path, facts: Mapping[str, Any]) -> None:
    """A folder as LeanDojo publishes one. Raises InputError where it holds something already."""
    if out.exists() and any(out.iterdir()):
        raise InputError(f"'{out}' holds something: name a new folder.")
    partial = out.with_name(f"{out.name}.partial")
    if partial.exists():
        raise InputError(f"'{partial}' is left of another run: remove it.")
    for how in ("random", "novel_premises"):
        folder = partial / how
        folder.mkdir(parents=True)
        for name, part in split(traced.theorems, how).items():
            data = [_data(one) for one in part]
            (folder / f"{name}.json").write_text(
                json.dumps(data, ensure_ascii=False, indent=1) + "\n", encoding="utf-8"
            )
    lines = (json.dumps(line, ensure_ascii=False) for line in traced.corpus)
    (partial / "corpus.jsonl").write_text("".join(f"{line}\n" for line in lines), encoding="utf-8")
    (partial / "metadata.json").write_text(
        json.dumps(facts, ensure_ascii=False, indent=1) + "\n", encoding="utf-8"
    )
    if out.exists():
        out.rmdir()
    partial.rename(out)


def _data(one: TracedTheorem) -> dict[str, Any]:
    return {
        "url": "",
        "commit": "",
        "file_path": one.file_path,
        "full_name": one.full_name,
        "theorem_statement": one.statement,
        "start": list(one.start),
        "traced_tactics": [
            {
                "tactic": tactic.tactic,
                "annotated_tactic": [
                    tactic.annotated,
                    [
                        {
                            "full_name": premise.full_name,
                            "def_path": premise.def_path,
                            "def_pos": None if premise.def_pos is None else list(premise.def_pos),
                        }
                        for premise in tactic.premises
                    ],
                ],
                "state_before": tactic.state_before,
                "state_after": tactic.state_after,
            }
            for tactic in one.tactics
        ],
    }


def read(file: Path) -> Iterator[TracedTheorem]:
    """The theorems of one file of LeanDojo's benchmark, or of ours.

    Raises InputError for a file that cannot be read or has another shape.
    """
    try:
        data = json.loads(file.read_text(encoding="utf-8"))
    except (OSError, ValueError) as error:
        raise InputError(f"'{file}' cannot be read as JSON: {error}.") from error
    if not isinstance(data, list):
        raise InputError(f"'{file}' is no list of theorems.")
    for number, one in enumerate(data, 1):
        try:
            yield TracedTheorem(
                str(one["file_path"]),
                str(one["full_name"]),
                str(one.get("theorem_statement", "")),
                (int(one["start"][0]), int(one["start"][1])),
                tuple(_tactic_of(tactic) for tactic in one["traced_tactics"]),
            )
        except (KeyError, TypeError, ValueError, IndexError) as error:
            raise InputError(
                f"theorem {number} of '{file}' has another shape: {error!r}."
            ) from error


def _tactic_of(data: Mapping[str, Any]) -> TracedTactic:
    annotated, premises = data["annotated_tactic"]
    return TracedTactic(
        str(data["tactic"]),
        str(annotated),
        tuple(
            Premise(
                str(one["full_name"]),
                str(one.get("def_path", "")),
                None if one.get("def_pos") is None else (one["def_pos"][0], one["def_pos"][1]),
            )
            for one in premises
        ),
        str(data["state_before"]),
        str(data["state_after"]),
    )
