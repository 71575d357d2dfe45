"""Made theories: labels, depths, and what is refused."""

from __future__ import annotations

import itertools
from collections import Counter
from collections.abc import Iterable
from dataclasses import replace

import pytest

from neurosym.augment.base import Example
from neurosym.augment.logic import DEPTHS, LABELS, theories
from neurosym.translate import english
from provers.base import AnyProblem, Limits, Outcome, Problem, Prover, Result
from provers.cvc5 import Cvc5Prover
from provers.errors import InputError
from provers.logic.canonical import canonical
from provers.logic.syntax import (
    And,
    Apply,
    Exists,
    Forall,
    Formula,
    Implies,
    Not,
    Pred,
    Var,
    walk,
)
from provers.z3 import Z3Prover

LIMITS = Limits(20.0)


def test_labels_and_depths_come_in_turn(made: tuple[Example, ...]) -> None:
    found = Counter((one.label, one.facts["chain"]) for one in made)
    assert found == {(label, depth): 2 for label in LABELS for depth in DEPTHS}
    assert len({one.id for one in made}) == len(made)
    assert len({one.lineage.seed for one in made}) == len(made)


def test_another_prover_gives_the_same_labels(
    cvc5: Cvc5Prover,
    made: tuple[Example, ...],
    mutants: tuple[Example, ...],
    corrupted: tuple[Example, ...],
) -> None:
    some: list[Example] = [*made[:24]]
    for kind in sorted({one.kind for one in (*mutants, *corrupted)}):
        some += [one for one in (*mutants, *corrupted) if one.kind == kind][:2]
    assert len(some) >= 24 + 2 * 15
    for one in some:
        assert cvc5.prove(one.problem, LIMITS).outcome is one.label, one


def test_texts_are_read_as_their_formulas(
    made: tuple[Example, ...], mutants: tuple[Example, ...], corrupted: tuple[Example, ...]
) -> None:
    for one in (*made, *mutants, *corrupted):
        for said in (*one.premises, one.claim):
            (read,) = english.translate(said.text).formulas
            assert canonical(read) == canonical(said.formula), said.text


def test_theories_have_negation_relations_and_conjunction(made: tuple[Example, ...]) -> None:
    formulas = [said.formula for one in made for said in one.premises]
    rules = [f.body if isinstance(f, Forall) else f for f in formulas]
    implied = [one for one in rules if isinstance(one, Implies)]
    assert any(isinstance(one, Not) for one in formulas)
    assert any(isinstance(part, Not) for one in implied for part in walk(one.left))
    assert any(isinstance(one.right, Not) for one in implied)
    assert any(isinstance(one.left, And) for one in implied)
    assert any(isinstance(p, Pred) and len(p.args) == 2 for f in formulas for p in walk(f))
    assert any(isinstance(one.claim.formula, Forall) for one in made)
    assert any(isinstance(one.claim.formula, Not) for one in made)
    openings = {said.text.split()[0] for one in made for said in one.premises}
    assert {"If", "Every", "Everything", "Something", "All"} <= openings
    assert {one.facts["style"] for one in made} == {"attributes", "relations", "kinds"}


def test_distractors_can_be_left_out(z3: Z3Prover, made: tuple[Example, ...]) -> None:
    assert any(one.facts["distractors"] for one in made)
    for one in made:
        kept = [p for i, p in enumerate(one.premises) if i not in one.facts["distractors"]]
        if kept:
            shorter = replace(one, premises=tuple(kept))
            assert z3.prove(shorter.problem, LIMITS).outcome is one.label, one


def test_contradictions_are_where_they_are_said_to_be(
    z3: Z3Prover, made: tuple[Example, ...]
) -> None:
    contradictory = [one for one in made if one.label is Outcome.INCONSISTENT]
    assert contradictory
    for one in contradictory:
        place = one.facts["contradicts"]
        assert z3.prove(Problem(one.problem.premises), LIMITS).outcome is Outcome.INCONSISTENT
        without = tuple(p for i, p in enumerate(one.problem.premises) if i != place)
        assert z3.prove(Problem(without), LIMITS).outcome is Outcome.SATISFIABLE, one


def test_needed_premises_suffice_and_none_can_go(
    cvc5: Cvc5Prover, made: tuple[Example, ...]
) -> None:
    for one in made[:24]:
        if one.label is Outcome.INDEPENDENT:
            assert "needed" not in one.facts
            continue
        needed = [one.problem.premises[i] for i in one.facts["needed"]]
        goal = one.claim.formula
        assert cvc5.prove(Problem(tuple(needed), goal), LIMITS).outcome is one.label
        assert one.facts["minimal"]
        for left_out in needed:
            fewer = tuple(p for p in needed if p is not left_out)
            assert cvc5.prove(Problem(fewer, goal), LIMITS).outcome is not one.label


# --- depth, computed in another way: backwards, by trying one more step at a time ---------------

Signed = tuple[bool, str, tuple[str, ...]]
Clause = tuple[frozenset[Signed], Signed]


def _signed(literal: Formula, values: dict[str, str]) -> Signed:
    atom = literal.body if isinstance(literal, Not) else literal
    assert isinstance(atom, Pred)
    args = tuple(values[a.name] if isinstance(a, Var) else a.name for a in atom.args)  # type: ignore[union-attr]
    return not isinstance(literal, Not), atom.name, args


def _parts(formula: Formula) -> tuple[Formula, ...]:
    return formula.args if isinstance(formula, And) else (formula,)


def _clauses(formulas: Iterable[Formula], names: list[str]) -> list[Clause]:
    found: list[Clause] = []
    for formula in formulas:
        bound = [v.name for v in formula.vars] if isinstance(formula, Forall) else []
        body = formula.body if isinstance(formula, Forall) else formula
        left = _parts(body.left) if isinstance(body, Implies) else ()
        right = body.right if isinstance(body, Implies) else body
        for chosen in itertools.product(names, repeat=len(bound)):
            values = dict(zip(bound, chosen, strict=True))
            conditions = frozenset(_signed(one, values) for one in left)
            found += [(conditions, _signed(one, values)) for one in _parts(right)]
    return found


def _within(clauses: list[Clause], goal: Signed, steps: int) -> bool:
    """Whether a derivation is at most ``steps`` deep."""
    return any(
        not conditions or (steps > 0 and all(_within(clauses, c, steps - 1) for c in conditions))
        for conditions, conclusion in clauses
        if conclusion == goal
    )


def _least(clauses: list[Clause], goals: Iterable[Signed]) -> int:
    wanted = list(goals)
    return next(n for n in range(9) if all(_within(clauses, one, n) for one in wanted))


def _names(example: Example) -> list[str]:
    everything = [*example.problem.premises, example.claim.formula]
    return sorted(
        {
            arg.name
            for formula in everything
            for part in walk(formula)
            if isinstance(part, Pred)
            for arg in part.args
            if isinstance(arg, Apply)
        }
    )


def _least_depth(example: Example) -> int:
    names = _names(example)
    claim = example.claim.formula
    premises = list(example.problem.premises)
    if example.label is Outcome.INCONSISTENT:
        clauses = _clauses(premises, names)
        heads = {head for _, head in clauses}
        pairs = [(h, (False, *h[1:])) for h in heads if h[0] and (False, *h[1:]) in heads]
        for steps in range(9):
            if any(all(_within(clauses, one, steps) for one in pair) for pair in pairs):
                return steps
        raise AssertionError("no contradiction was found")
    if isinstance(claim, Forall):
        assert isinstance(claim.body, Implies)
        left, right = claim.body.left, claim.body.right
        if example.label is Outcome.PROVED:
            clauses = _clauses(premises, [*names, "anything"])
            given = {claim.vars[0].name: "anything"}
            clauses += [(frozenset(), _signed(one, given)) for one in _parts(left)]
            return _least(clauses, [_signed(right, given)])
        clauses = _clauses(premises, names)
        found = []
        for name in names:  # of counterexamples
            given = {claim.vars[0].name: name}
            sign, *rest = _signed(right, given)
            goals = [*(_signed(one, given) for one in _parts(left)), (not sign, *rest)]
            if all(_within(clauses, one, 8) for one in goals):  # type: ignore[arg-type]
                found.append(_least(clauses, goals))  # type: ignore[arg-type]
        return min(found)
    sign, name, args = _signed(claim, {})
    goal = (sign == (example.label is Outcome.PROVED), name, args)
    return _least(_clauses(premises, names), [goal])


def test_depth_is_that_of_the_shortest_derivation(
    made: tuple[Example, ...], mutants: tuple[Example, ...]
) -> None:
    seen: Counter[int] = Counter()
    for one in (*made, *mutants):
        if one.label is Outcome.INDEPENDENT:
            assert one.facts["depth"] is None
        elif one.facts["depth"] is not None and not isinstance(one.claim.formula, Exists):
            assert one.facts["depth"] == _least_depth(one), one
            seen[one.facts["depth"]] += 1
    assert all(seen[depth] >= 6 for depth in DEPTHS)
    for one in made:
        if one.label is not Outcome.INDEPENDENT:
            assert one.facts["depth"] == one.facts["chain"]


# --- the same, and not the same -----------------------------------------------------------------


def test_the_same_seed_gives_the_same_theories(z3: Z3Prover, made: tuple[Example, ...]) -> None:
    assert tuple(theories(12, seed=11, prover=z3)) == made[:12]
    others = tuple(theories(12, seed=12, prover=z3))
    assert not {one.id for one in others} & {one.id for one in made}


class _Contrary:
    """Answers about the negation of the goal."""

    name = "contrary"

    def __init__(self, prover: Prover) -> None:
        self.prover = prover

    def prove(self, problem: AnyProblem, limits: Limits) -> Result:
        assert isinstance(problem, Problem)
        asked = problem if problem.goal is None else Problem(problem.premises, Not(problem.goal))
        return self.prover.prove(asked, limits)

    def warm(self) -> None:
        pass

    def close(self) -> None:
        pass


class _Idle:
    """Knows nothing."""

    name = "idle"

    def prove(self, problem: AnyProblem, limits: Limits) -> Result:
        return Result(Outcome.UNKNOWN, "idle", 0.0, "timeout")

    def warm(self) -> None:
        pass

    def close(self) -> None:
        pass


def test_what_the_prover_does_not_confirm_is_dropped_and_counted(z3: Z3Prover) -> None:
    dropped: Counter[str] = Counter()
    contrary = _Contrary(z3)
    found = theories(2, seed=1, prover=contrary, labels=[Outcome.PROVED], dropped=dropped)
    assert list(found) == []
    assert dropped["given up"] == 2
    assert dropped["expected proved, the prover says refuted"] >= 12
    dropped.clear()
    assert list(theories(1, seed=1, prover=_Idle(), dropped=dropped)) == []
    assert dropped["the prover answers unknown timeout"] >= 6


@pytest.mark.parametrize(
    ("options", "said"),
    [
        ({"number": -1}, "-1 theories"),
        ({"number": 10**9}, "1,000,000,000 theories"),
        ({"depths": (3, 99)}, "depth 99"),
        ({"depths": ()}, "No depth"),
        ({"styles": ("limericks",)}, "no style 'limericks'"),
        ({"labels": ()}, "No label"),
        ({"labels": (Outcome.UNKNOWN,)}, "no label 'unknown'"),
        ({"distractors": (5, 2)}, "5 to 2 distractors"),
        ({"distractors": (0, 1000)}, "0 to 1000 distractors"),
    ],
)
def test_what_cannot_be_made_is_refused_at_once(options: dict[str, object], said: str) -> None:
    asked = {"number": 1, "seed": 0, "prover": _Idle(), **options}
    with pytest.raises(InputError, match=said):
        theories(asked.pop("number"), **asked)  # type: ignore[arg-type]


def test_no_distractors_are_possible(z3: Z3Prover) -> None:
    found = list(theories(12, seed=4, prover=z3, distractors=(0, 0), depths=(1, 2)))
    assert len(found) == 12
    assert all(one.facts["distractors"] == [] for one in found)
