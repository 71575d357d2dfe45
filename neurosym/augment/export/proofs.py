"""Mutants of Lean theorems: their proofs, and the tactics of these one by one."""

from __future__ import annotations

import textwrap
from collections import Counter
from collections.abc import Callable, Iterable, Iterator
from typing import TYPE_CHECKING, TypeAlias

from neurosym.augment.export.formal import Row, question
from neurosym.augment.recheck import statement_of
from neurosym.search.base import Lemma, Premise
from neurosym.search.premises import listed, usable
from neurosym.translate import prompts
from provers.base import Limits
from provers.lean.base import Checker
from provers.lean.tactics import Dojo, ProofFinished, TacticState

if TYPE_CHECKING:
    from neurosym.augment.lean.mutants import Mutant

Stated: TypeAlias = Callable[[str], str]
"""What a lemma of this name states; empty where that is not known."""


def _unknown(_: str) -> str:
    return ""


def proofs(
    mutants: Iterable[Mutant], stated: Stated = _unknown, *, whole: bool = False
) -> Iterator[Row]:
    """Rows with the ``statement`` and its ``premises`` as ``prompt``, the proof as ``completion``.

    The proof is the tactics behind ``:= by``, as the project's prompt wants them.
    """
    for mutant in mutants:
        premises = premises_of(mutant, stated)
        turns = prompts.load("prove").messages(statement_of(mutant), premises=listed(premises))
        yield {
            "id": mutant.name,
            "seed": mutant.lineage.seed,
            **question(turns, whole=whole),
            "completion": _tactics(mutant.proof),
            "statement": mutant.statement,
            "premises": [one.name for one in premises],
        }


def tactics(
    mutants: Iterable[Mutant],
    checker: Checker,
    stated: Stated = _unknown,
    *,
    limits: Limits = Limits(),
    whole: bool = False,
    left_out: Counter[str] | None = None,
) -> Iterator[Row]:
    """Rows with ``state`` and ``premises`` as ``prompt``, and the next tactic as ``completion``.

    Lean shows the states, and what a proof's tactics end in was judged. ``left_out`` counts
    mutants whose proofs do not go tactic by tactic. Raises MissingToolError or BrokenToolError
    where there is no Lean.
    """
    for mutant in mutants:
        found = trace(mutant, checker, limits)
        if found is None:
            if left_out is not None:
                left_out["tactics: the proof does not go step by step"] += 1
            continue
        premises = premises_of(mutant, stated)
        for number, (state, tactic) in enumerate(found, 1):
            turns = prompts.load("tactic").messages(
                state, theorem=statement_of(mutant), premises=listed(premises)
            )
            yield {
                "id": f"{mutant.name}/{number}",
                "seed": mutant.lineage.seed,
                **question(turns, whole=whole),
                "completion": tactic,
                "state": state,
                "premises": [one.name for one in premises],
            }


def trace(
    mutant: Mutant, checker: Checker, limits: Limits = Limits()
) -> list[tuple[str, str]] | None:
    """Each tactic of the proof with the state before it; None where they do not prove it so."""
    dojo = Dojo(checker, statement_of(mutant), limits)
    state = dojo.start()
    found: list[tuple[str, str]] = []
    steps = list(_split(_tactics(mutant.proof)))
    for number, tactic in enumerate(steps, 1):
        if not isinstance(state, TacticState):
            return None
        found.append((state.pp, tactic))
        after = dojo.run_tac(state, tactic)
        if isinstance(after, ProofFinished):
            return found if number == len(steps) else None
        if not isinstance(after, TacticState):
            return None
        state = after
    return None


def premises_of(mutant: Mutant, stated: Stated = _unknown) -> tuple[Lemma, ...]:
    """The lemma, if there is one, and the seed of a mutant, from which it is proved."""
    names = (mutant.lemma.removeprefix("← "), mutant.lineage.seed)
    return usable([Premise(name, stated(name)) for name in dict.fromkeys(names)])


def _tactics(proof: str) -> str:
    """The proof as tactics that begin at the left."""
    text = proof.strip()
    if text != "by" and not text.startswith(("by ", "by\n")):
        return f"exact {text}"
    first, _, rest = text.removeprefix("by").partition("\n")
    return "\n".join(filter(str.strip, [first.strip(), textwrap.dedent(rest).rstrip()]))


def _split(script: str) -> Iterator[str]:
    """The tactics of a script: each begins at the left, with what is below it."""
    lines: list[str] = []
    for line in script.split("\n"):
        if lines and not line.startswith((" ", "|", "<;>", ")", "⟩", "]", "}")):
            yield "\n".join(lines)
            lines = []
        lines.append(line)
    yield "\n".join(lines)
