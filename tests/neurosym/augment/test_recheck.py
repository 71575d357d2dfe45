"""Labels that a second prover does not share go nowhere, and the reason is told."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace

import pytest

from neurosym.augment.base import Example, Lineage, Statement
from neurosym.augment.lean.mutants import Mutant
from neurosym.augment.recheck import Refused, recheck, recheck_mutants
from provers.base import (
    AnyProblem,
    Conflict,
    Limits,
    Message,
    Outcome,
    Proof,
    Prover,
    Refutation,
    Result,
    TwoModels,
)
from provers.errors import InputError
from provers.lean.pool import Pool
from provers.logic.models import Model
from provers.logic.syntax import Apply, Forall, Formula, Implies, Not, Pred, Var
from provers.z3 import Z3Prover
from tests.neurosym.augment.made import example

X = Var("x")
REX = Apply("rex")
DOG, CAT = Pred("dog", (REX,)), Pred("cat", (REX,))
RULE = Forall((X,), Implies(Pred("dog", (X,)), Not(Pred("cat", (X,)))))


def made(id: str, label: Outcome, goal: Formula, *premises: Formula) -> Example:
    stated = tuple(Statement(f"premise {n}", one) for n, one in enumerate(premises))
    return example(id=id, premises=stated, claim=Statement("claim", goal), label=label)


RIGHT = [
    made("proved", Outcome.PROVED, Not(CAT), DOG, RULE),
    made("refuted", Outcome.REFUTED, CAT, DOG, RULE),
    made("independent", Outcome.INDEPENDENT, Pred("big", (REX,)), DOG, RULE),
    made("inconsistent", Outcome.INCONSISTENT, CAT, DOG, CAT, RULE),
]


@dataclass
class Says:
    """A prover that gives one answer to all."""

    result: Result
    name: str = "says"

    def prove(self, problem: AnyProblem, limits: Limits) -> Result:
        return self.result

    def warm(self) -> None:
        pass

    def close(self) -> None:
        pass


@pytest.fixture(scope="module")
def z3() -> Iterator[Prover]:
    prover = Z3Prover()
    yield prover
    prover.close()


def test_right_labels_pass_with_evidence_that_was_checked(z3: Prover) -> None:
    refused: list[Refused] = []
    found = list(recheck(RIGHT, z3, labelled_by="cvc5", refused=refused))
    assert [one.example for one in found] == RIGHT
    assert [one.result.outcome for one in found] == [one.label for one in RIGHT]
    assert [one.how for one in found] == ["certificate", "certificate", "evaluated", "certificate"]
    assert refused == []


def test_wrong_labels_do_not(z3: Prover) -> None:
    labels = [one.label for one in RIGHT]
    wrong = [
        replace(one, id=f"{one.id} as {label}", label=label)
        for one in RIGHT
        for label in labels
        if label is not one.label
    ]
    refused: list[Refused] = []
    assert list(recheck(wrong, z3, labelled_by="cvc5", refused=refused)) == []
    assert [one.id for one in refused] == [one.id for one in wrong]
    assert refused[0].reason == "disagrees: labelled refuted, z3 says proved"
    assert {one.kind for one in refused} == {"disagrees"}


def test_no_second_opinion_from_the_same_prover(z3: Prover) -> None:
    with pytest.raises(InputError, match="z3 labelled these examples"):
        recheck(RIGHT, z3, labelled_by="z3")


@pytest.mark.parametrize(
    ("result", "reason"),
    [
        (Result(Outcome.UNKNOWN, "says", 1.0, reason="timeout"), "unknown: timeout"),
        (Result(Outcome.UNKNOWN, "says", 1.0, reason="memory"), "unknown: memory"),
        (
            Result(Outcome.ILL_FORMED, "says", 1.0, messages=(Message("two\nsorts"),)),
            "ill_formed: two sorts",
        ),
        (
            Result(Outcome.FAILED, "says", 1.0, evidence=Conflict((("a", "b"),))),
            "failed: says",
        ),
    ],
)
def test_what_is_no_verdict(result: Result, reason: str) -> None:
    refused: list[Refused] = []
    assert list(recheck(RIGHT[:1], Says(result), labelled_by="z3", refused=refused)) == []
    assert refused == [Refused("proved", reason)]


def test_a_verdict_whose_evidence_does_not_hold() -> None:
    empty = Model({"Individual": ("a",)}, {}, {})
    lies = [
        (RIGHT[2], Result(Outcome.INDEPENDENT, "z3", 0.0, evidence=TwoModels(empty, empty))),
        (
            replace(RIGHT[2], label=Outcome.PROVED),
            Result(
                Outcome.PROVED,
                "z3",
                0.0,
                evidence=Refutation("goal", (0,), proof=Proof("z3", "(asserted false)")),
            ),
        ),
    ]
    for told, result in lies:
        refused: list[Refused] = []
        assert list(recheck([told], Says(result), labelled_by="z3", refused=refused)) == []
        assert [one.kind for one in refused] == ["evidence"]


def test_a_label_that_is_none(z3: Prover) -> None:
    refused: list[Refused] = []
    bad = replace(RIGHT[0], label=Outcome.UNKNOWN)
    assert list(recheck([bad], z3, labelled_by="cvc5", refused=refused)) == []
    assert refused == [Refused("proved", "no label: unknown")]


# --- Lean ----------------------------------------------------------------------------------

GOOD = Mutant(
    "mutant_1",
    "∀ (n : Nat), n ≤ n + 0",
    "by\n  intro n\n  exact Nat.le_refl n",
    "weaken",
    "Nat.le_of_eq",
    Lineage("Nat.add_zero", ("weaken Nat.le_of_eq",)),
    ("Init",),
    "",
    "",
)


def test_mutants_are_judged_again(lean_checker: Pool) -> None:
    refused: list[Refused] = []
    false = replace(GOOD, name="false", statement="∀ (n : Nat), n + 1 ≤ n")
    given_up = replace(GOOD, name="given_up", proof="by sorry")
    # Their files are accepted, but what these prove is not the statement.
    smuggled = [
        replace(GOOD, name=f"smuggled{n}", statement=text, proof="rfl")
        for n, text in enumerate(
            [
                "2 + 2 = 5 → 2 = 2 := fun _ => rfl\ntheorem other : 1 = 1",
                "2 + 2 = 4) := rfl\ntheorem other : (1 = 1",
                "2 + 2 = 4 /- ( -/ ) := rfl\ntheorem other : ( /- ) -/ 1 = 1",
            ]
        )
    ]
    named = replace(GOOD, name="a : True := trivial theorem b")
    given = [GOOD, false, given_up, *smuggled, named]
    found = list(recheck_mutants(given, lean_checker, refused=refused))
    assert [one.mutant for one in found] == [GOOD]
    assert found[0].result.prover == "lean"
    assert [one.kind for one in refused] == ["ill_formed", "unknown", *["ill_formed"] * 4]
    assert refused[1].reason == "unknown: incomplete"
