"""Corrupted claims: wrong, in one place, and said to be so."""

from __future__ import annotations

from collections import Counter

from neurosym.augment.base import Example
from neurosym.augment.logic import CORRUPTIONS, corruptions, label, statement
from provers.base import Limits, Outcome
from provers.cvc5 import Cvc5Prover
from provers.z3 import Z3Prover

RELATED = ("The cat chases the bear.", "If something chases the bear then it is not red.")


def _given(z3: Z3Prover, claim: str, *texts: str) -> Example:
    made = label([statement(t) for t in texts], statement(claim), prover=z3, seed="text")
    assert made is not None and made.label is Outcome.PROVED
    return made


def test_corrupted_claims_never_follow(cvc5: Cvc5Prover, corrupted: tuple[Example, ...]) -> None:
    assert {one.kind for one in corrupted} == set(CORRUPTIONS)
    assert {one.facts["step"] for one in corrupted} == {"claim", "rule"}
    for one in corrupted:
        assert one.label in (Outcome.REFUTED, Outcome.INDEPENDENT)
    for one in corrupted[::3]:
        assert cvc5.prove(one.problem, Limits(20.0)).outcome is one.label, one


def test_reasons_are_sentences_that_name_the_original(corrupted: tuple[Example, ...]) -> None:
    for one in corrupted:
        assert one.facts["original"].rstrip(".") in one.reason
        assert one.reason.endswith(".") and ", but the claim " in one.reason
        assert one.claim.text != one.facts["original"]
        assert one.lineage.changes[-1].startswith(f"{one.kind}: ")


def test_each_kind_does_what_it_says(z3: Z3Prover) -> None:
    given = _given(z3, "The cat is not red.", *RELATED, "The bear is kind.")
    found = {(one.kind, one.facts["step"]): one for one in corruptions(given, seed=2, prover=z3)}
    negated = found["negation_dropped", "claim"]
    assert negated.claim.formula == statement("The cat is red.").formula
    assert negated.label is Outcome.REFUTED
    assert "leaves the negation out" in negated.reason
    other = found["individual", "claim"]
    assert other.claim.formula == statement("The bear is not red.").formula
    assert other.label is Outcome.INDEPENDENT
    swapped = found["arguments", "rule"]
    turned = statement("If the bear chases something then it is not red.")
    assert swapped.claim.formula == turned.formula
    predicate = found["predicate", "claim"]
    assert predicate.claim.formula == statement("The cat is not kind.").formula


def test_quantifiers_and_converses(z3: Z3Prover) -> None:
    given = _given(z3, "Every wumpus is red.", "Every wumpus is red.", "Rex is a wumpus.")
    found = {one.kind: one for one in corruptions(given, seed=2, prover=z3)}
    assert found["quantifier"].claim.formula == statement("No wumpus is red.").formula
    assert found["quantifier"].label is Outcome.REFUTED
    turned = statement("Everything that is red is a wumpus.")
    assert found["converse"].claim.formula == turned.formula
    assert found["converse"].label is Outcome.INDEPENDENT


def test_what_still_follows_is_dropped_and_counted(z3: Z3Prover) -> None:
    both = ("Rex is red.", "Rex is big.", "Max is red.", "Max is big.")
    given = _given(z3, "Rex is red.", *both)
    dropped: Counter[str] = Counter()
    kinds = ("individual", "predicate")
    assert list(corruptions(given, seed=0, prover=z3, kinds=kinds, dropped=dropped)) == []
    assert sum(n for why, n in dropped.items() if "says proved" in why or "said before" in why) == 2


def test_a_claim_that_is_not_proved_has_none(z3: Z3Prover) -> None:
    asked = label([statement("Rex is red.")], statement("Rex is big."), prover=z3, seed="text")
    assert asked is not None and asked.label is Outcome.INDEPENDENT
    dropped: Counter[str] = Counter()
    assert list(corruptions(asked, seed=0, prover=z3, dropped=dropped)) == []
    assert dropped == {"the claim is not proved": 1}


def test_the_same_seed_gives_the_same_corruptions(
    z3: Z3Prover, made: tuple[Example, ...], corrupted: tuple[Example, ...]
) -> None:
    first = next(one for one in made if one.label is Outcome.PROVED)
    again = list(corruptions(first, seed=1, prover=z3))
    assert again == [one for one in corrupted if one.facts["of"] == first.id]
