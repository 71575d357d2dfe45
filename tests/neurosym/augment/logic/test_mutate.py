"""Mutations of theories, made ones and given ones."""

from __future__ import annotations

import json
import os
from collections import Counter
from pathlib import Path

import pytest

from neurosym.augment.base import Example, Statement
from neurosym.augment.logic import MUTATIONS, corruptions, label, mutations, statement
from neurosym.translate.atoms import predicates
from neurosym.translate.english import split_sentences
from provers.base import Outcome
from provers.errors import InputError
from provers.logic.syntax import Apply, terms
from provers.z3 import Z3Prover

DATA = Path(os.environ.get("NEUROSYM_DATA") or Path(__file__).parents[5] / "shared" / "data")
TEXT = (
    "The cat chases the bear.",
    "The bear is kind.",
    "If something chases the bear then it is not red.",
    "All kind, big things are cold.",
    "Every wumpus is a tumpus.",
)


def _given(z3: Z3Prover, claim: str, *texts: str) -> Example:
    made = label([statement(t) for t in texts], statement(claim), prover=z3, seed="text")
    assert made is not None
    return made


def _by_id(made: tuple[Example, ...]) -> dict[str, Example]:
    return {one.id: one for one in made}


def test_every_kind_is_made(made: tuple[Example, ...], mutants: tuple[Example, ...]) -> None:
    found = Counter(one.kind for one in mutants)
    assert set(found) == set(MUTATIONS)
    assert all(number >= 5 for number in found.values()), found
    for one in mutants:
        old = _by_id(made)[one.facts["of"]]
        assert one.facts["was"] == str(old.label)
        assert one.lineage.seed == old.lineage.seed
        assert len(one.lineage.changes) == 1
        assert one.lineage.changes[0].startswith(f"{one.kind}: ")
        assert (one.premises, one.claim) != (old.premises, old.claim)


def test_labels_follow_the_change(made: tuple[Example, ...], mutants: tuple[Example, ...]) -> None:
    turned = {Outcome.PROVED: Outcome.REFUTED, Outcome.REFUTED: Outcome.PROVED}
    weakened = 0
    for one in mutants:
        old = _by_id(made)[one.facts["of"]]
        match one.kind:
            case "negate":
                assert one.label is turned.get(old.label, old.label)
            case "contradict":
                assert one.label is Outcome.INCONSISTENT
                assert one.facts["contradicts"] in one.facts["needed"]
            case "drop_needed":
                weakened += one.label is not old.label
            case _:
                assert one.label is old.label
    assert weakened >= 5


def test_a_further_rule_is_one_deeper(
    made: tuple[Example, ...], mutants: tuple[Example, ...]
) -> None:
    compared = 0
    for one in mutants:
        old = _by_id(made)[one.facts["of"]]
        if one.kind == "chain" and old.label in (Outcome.PROVED, Outcome.REFUTED):
            assert one.facts["depth"] == old.facts["depth"] + 1
            compared += 1
    assert compared >= 5


def test_renaming_changes_every_name_and_nothing_else(
    made: tuple[Example, ...], mutants: tuple[Example, ...]
) -> None:
    for one in (m for m in mutants if m.kind == "rename"):
        old = _by_id(made)[one.facts["of"]]
        pairs = set()
        for mine, theirs in zip(
            (*one.premises, one.claim), (*old.premises, old.claim), strict=True
        ):
            names = [
                [*(p.name for p in predicates((f,))), *(t.name for t in terms(f))]  # type: ignore[union-attr]
                for f in (mine.formula, theirs.formula)
            ]
            pairs |= set(zip(*names, strict=True))
        changed = {(new, was) for new, was in pairs if new != was}
        assert {new for new, _ in changed}.isdisjoint(was for _, was in changed)
        assert len({new for new, _ in pairs}) == len({was for _, was in pairs}) == len(pairs)
        assert {new for new, was in pairs if new == was} <= {"x"}
        assert any(isinstance(t, Apply) for p in one.premises for t in terms(p.formula))


def test_a_theory_may_come_from_elsewhere(z3: Z3Prover) -> None:
    given = _given(z3, "The cat is not red.", *TEXT)
    assert (given.kind, given.label, given.facts["depth"]) == ("given", Outcome.PROVED, 1)
    assert given.facts["needed"] == [0, 2]
    found = {one.kind: one for one in mutations(given, seed=3, prover=z3)}
    assert set(found) == set(MUTATIONS)
    assert found["drop_needed"].label is Outcome.INDEPENDENT
    texts = [one.text for one in found["contrapose"].premises]
    assert TEXT[2] not in texts
    assert len(found["split"].premises) == len(TEXT) + 1
    assert found["negate"].label is Outcome.REFUTED
    again = {one.kind: one for one in mutations(given, seed=3, prover=z3)}
    assert again == found


def test_mutants_can_be_mutated(z3: Z3Prover) -> None:
    given = _given(z3, "The cat is not red.", *TEXT)
    (first,) = mutations(given, seed=1, prover=z3, kinds=["chain"])
    (second,) = mutations(first, seed=1, prover=z3, kinds=["chain"])
    assert second.facts["depth"] == 3
    assert [one.split(":")[0] for one in second.lineage.changes] == ["chain", "chain"]
    assert second.lineage.seed == "text"


def test_a_text_that_says_something_else_is_dropped(z3: Z3Prover) -> None:
    dropped: Counter[str] = Counter()
    wrong = Statement("Rex is red.", statement("Rex is blue.").formula)
    claim = statement("Rex is cold.")
    assert label([wrong], claim, prover=z3, seed="s", dropped=dropped) is None
    assert dropped == {"a text does not say what its formula says": 1}
    dropped.clear()
    both = [statement("Rex likes Max."), statement("Everything that likes is red.")]
    assert label(both, claim, prover=z3, seed="s", dropped=dropped) is None
    assert dropped == {"one name is used in two ways": 1}


def test_bad_input_is_refused(z3: Z3Prover) -> None:
    claim = statement("Rex is red.")
    with pytest.raises(InputError, match="theory is empty"):
        label([], claim, prover=z3, seed="s")
    many = [statement(f"Rex is a {'b' * (i + 1)}.") for i in range(201)]
    with pytest.raises(InputError, match="201 premises"):
        label(many, claim, prover=z3, seed="s")
    given = _given(z3, "Rex is red.", "Rex is red.")
    with pytest.raises(InputError, match="no kind 'explode'"):
        mutations(given, seed=0, prover=z3, kinds=["explode"])  # type: ignore[list-item]
    with pytest.raises(InputError, match="No kind"):
        corruptions(given, seed=0, prover=z3, kinds=[])
    with pytest.raises(InputError, match="cannot read"):
        statement("Rex would have been redder, had he slept.")


@pytest.mark.parametrize("name", ["proofwriter", "prontoqa"])
def test_benchmark_theories_are_mutated(name: str, z3: Z3Prover) -> None:
    path = DATA / "bench" / f"{name}.jsonl"
    if not path.is_file():
        pytest.skip(f"no {path}")
    kinds: Counter[str] = Counter()
    with path.open(encoding="utf-8") as lines:
        for _, line in zip(range(4), lines, strict=False):
            record = json.loads(line)
            premises = [statement(one) for one in split_sentences(record["context"])]
            asked = statement(record["question"].split("? ", 1)[1])
            given = label(premises, asked, prover=z3, seed=record["id"])
            assert given is not None
            kinds.update(one.kind for one in mutations(given, seed=0, prover=z3))
    assert {"rename", "distract", "split", "contrapose", "chain"} <= set(kinds)
