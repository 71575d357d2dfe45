"""The card of an export: what is in it, how it was made, what was left out, and why."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Final

from neurosym.augment.export.contamination import WORDS, Overlap
from neurosym.augment.export.folder import Tables
from neurosym.augment.export.split import SIDES, Shares
from neurosym.augment.recheck import Agreed, AgreedMutant
from provers.base import LeanProof

_SHOWN: Final = 100  # ids of a benchmark's that are listed
_WIDE: Final = 200  # characters of a cell
_ABOUT: Final = {
    "examples": "an example whole: formulas as SMT-LIB, and the `verdict` with its evidence",
    "mutants": "a Lean mutant whole, and the `verdict` with its evidence",
    "pairs": "an English statement and its formula: `prompt` (or `messages`), `completion`",
    "preferences": "an English claim, the formula of it (`chosen`) and that of another claim "
    "(`rejected`), of which one was proved and the other refuted",
    "prm800k": "steps with ratings, in PRM800K's shape: 1 was proved, -1 refuted, 0 neither",
    "math-shepherd": "steps with `+` and `-`, in Math-Shepherd's shape: `-` does not follow",
    "proofs": "a Lean theorem and the lemmas it is proved with (`prompt`), its proof "
    "(`completion`)",
    "tactics": "a state in a Lean proof and lemmas (`prompt`), the next tactic (`completion`)",
}


@dataclass(frozen=True, slots=True)
class Made:
    """What a card is told: the export's ``name``, ``license``, ``how`` its examples were made, and
    the ``provers`` that labelled, with versions; what came of each step is counted on the way.
    """

    name: str
    license: str
    how: str
    provers: Mapping[str, str] = field(default_factory=dict)
    refused: Mapping[str, int] = field(default_factory=dict)
    duplicates: Mapping[str, int] = field(default_factory=dict)
    overlaps: Sequence[Overlap] = ()
    left_out: Mapping[str, int] = field(default_factory=dict)
    shares: Shares = field(default_factory=Shares)
    words: int = WORDS
    threshold: float | None = None
    renaming: bool = True


def write_card(
    made: Made, examples: Sequence[Agreed], mutants: Sequence[AgreedMutant], tables: Tables
) -> str:
    """Markdown; the figures are those of what is given."""
    parts = [
        f"# {_line(made.name)}",
        _line(made.how),
        f"License: {_line(made.license)}",
        "## What is in it",
        _table(
            ("data set", *SIDES, "what a row is"),
            (
                (name, *(str(len(splits.get(side, ()))) for side in SIDES), _ABOUT.get(name, ""))
                for name, splits in tables.items()
            ),
        ),
        f"They come from {len(examples)} examples and {len(mutants)} Lean mutants. Every row has "
        "the `id` and the `seed` of what it comes from.",
        _counts(made, examples, mutants),
        "## Labels",
        _labels(made, examples, mutants),
        "## Left out",
        _left_out(made),
        "## Benchmarks",
        _benchmarks(made),
    ]
    return "\n\n".join(parts) + "\n"


def _counts(made: Made, examples: Sequence[Agreed], mutants: Sequence[AgreedMutant]) -> str:
    counted: Counter[tuple[str, str, str]] = Counter()
    for one in examples:
        example = one.example
        side = made.shares.side(example.lineage.seed)
        counted[example.kind, str(example.label), side] += 1
    for other in mutants:
        side = made.shares.side(other.mutant.lineage.seed)
        counted[f"lean: {other.mutant.kind}", str(other.result.outcome), side] += 1
    kinds = dict.fromkeys(sorted((kind, label) for kind, label, _ in counted))
    return _table(
        ("kind", "label", *SIDES, "all"),
        (
            (
                kind,
                label,
                *(str(counted[kind, label, side]) for side in SIDES),
                str(sum(counted[kind, label, side] for side in SIDES)),
            )
            for kind, label in kinds
        ),
    ) + (
        f"\n\nSides are told by a hash of the seed (shares {made.shares.train:g}, "
        f"{made.shares.validation:g}, {made.shares.test:g}), so that no seed is on two."
    )


def _labels(made: Made, examples: Sequence[Agreed], mutants: Sequence[AgreedMutant]) -> str:
    checks = Counter((one.result.prover, one.how) for one in examples)
    for other in mutants:
        evidence = other.result.evidence
        version = f" {evidence.lean}" if isinstance(evidence, LeanProof) else ""
        checks[f"{other.result.prover}{version}", "judged"] += 1
    parts = [
        "Every label is a prover's verdict that another prover agreed with, and whose evidence was "
        "checked again; every proof in Lean was judged in a run of its own.",
        _table(
            ("agreed", "evidence", "number"),
            ((who, how, str(number)) for (who, how), number in sorted(checks.items())),
        ),
    ]
    if made.provers:
        parts.append(_table(("prover", "version"), sorted(made.provers.items())))
    return "\n\n".join(parts)


def _left_out(made: Made) -> str:
    rows = [
        *(("recheck", why, str(number)) for why, number in sorted(made.refused.items())),
        *(("the same again", how, str(number)) for how, number in sorted(made.duplicates.items())),
        *(("no row", why, str(number)) for why, number in sorted(made.left_out.items())),
    ]
    similar = "are not compared"
    if made.threshold is not None:
        similar = f"of two seeds are the same from a Jaccard similarity of {made.threshold:g}"
    names = "without names" if made.renaming else "with their names"
    told = f"Formulas are compared {names}; texts {similar}."
    return f"{told}\n\n{_table(('step', 'reason', 'number'), rows)}" if rows else f"{told} None."


def _benchmarks(made: Made) -> str:
    if not made.overlaps:
        return "Compared with none."
    parts = [
        f"Compared by runs of {made.words} words, whole short texts, formulas and statements. With "
        "what is found go all of the same seed.",
        _table(
            ("benchmark", "compared", "found", "removed"),
            (
                (one.benchmark, str(one.compared), str(len(one.found)), str(len(one.removed)))
                for one in made.overlaps
            ),
        ),
    ]
    for one in made.overlaps:
        if one.removed:
            found = [f"{_id(hit.id)} ({hit.how})" for hit in one.found]
            parts.append(f"Found in {_line(one.benchmark)}: {_listed(found)}")
            removed = list(map(_id, one.removed))
            parts.append(f"Removed for {_line(one.benchmark)}: {_listed(removed)}")
    return "\n\n".join(parts)


def _id(id: str) -> str:
    return f"`{_line(id).replace('`', '')}`"


def _listed(things: Sequence[str]) -> str:
    more = len(things) - _SHOWN
    return ", ".join(things[:_SHOWN]) + (f", and {more} more." if more > 0 else ".")


def _table(head: Sequence[str], rows: Iterable[Sequence[str]]) -> str:
    lines = [head, ["---"] * len(head), *rows]
    return "\n".join(f"| {' | '.join(map(_cell, line))} |" for line in lines)


def _cell(text: str) -> str:
    return _line(text).replace("|", "\\|")


def _line(text: str) -> str:
    """Text on one line, that opens no HTML."""
    line = " ".join(text.split())
    line = line if len(line) <= _WIDE else f"{line[: _WIDE - 1]}…"
    return line.replace("<", "&lt;").encode("utf-8", "replace").decode("utf-8")
