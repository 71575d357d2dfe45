"""What another prover decided, stated in Lean and proved there: the prover need not be trusted.

The statement is made from the problem and from which premises the prover used; everything else
that it said is only a hint for the proof, which ``provers.lean.judge`` accepts or not. The terms
of a Herbrand certificate are such hints: with them Lean need not search.

``Real`` is ``Rat`` in computations, where both have the same values; as soon as there are unknowns
or quantifiers the statement is about every ordered field, so that what Lean proves is true of the
real numbers.
"""

from __future__ import annotations

import contextlib
import time
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Literal

from provers.base import (
    LeanProblem,
    LeanProof,
    Limits,
    Outcome,
    Problem,
    Refutation,
    Result,
)
from provers.errors import InputError
from provers.lean.base import Checker
from provers.lean.judge import judge
from provers.logic import herbrand
from provers.logic.formats.lean import Theorem, state
from provers.logic.signature import infer
from provers.logic.syntax import (
    FALSE,
    INT,
    NUMERIC,
    Apply,
    Exists,
    Forall,
    Formula,
    Not,
    Pred,
    Sort,
    Var,
    terms,
    walk,
)
from provers.logic.transform import clausify

NAME = "claim"
MAX_HINTS = 200
_SECONDS = 10.0


@dataclass(frozen=True, slots=True)
class Uncertified:
    """Why there is no Lean proof; the verdict keeps the evidence that it has."""

    reason: str


@dataclass(frozen=True, slots=True)
class Restatement:
    """A result as a Lean statement: ``goal`` follows from the premises ``used``.

    ``computed``: it is about numerals alone.
    """

    theorem: Theorem
    claim: Literal["goal", "negation"]
    used: tuple[int, ...]
    goal: Formula
    computed: bool

    @property
    def statement(self) -> str:
        return self.theorem.text


def certify(
    checker: Checker, problem: Problem, result: Result, limits: Limits = Limits(_SECONDS)
) -> LeanProof | Uncertified:
    """A Lean proof of what ``result`` says about ``problem``, or why there is none.

    A proof of a contradiction among the premises has the claim ``goal``: it is ``False``. The
    limits hold for all attempts together.

    Raises MissingToolError or BrokenToolError if Lean cannot be started.
    """
    restated = restate(problem, result)
    if isinstance(restated, Uncertified):
        return restated
    deadline = time.monotonic() + limits.seconds
    why = "Lean found no proof"
    for proof in _proofs(restated, problem, result):
        left = deadline - time.monotonic()
        if left <= 0:
            return Uncertified("Lean found no proof in time")
        found = _judged(checker, restated, proof, Limits(left, limits.megabytes))
        if isinstance(found, LeanProof):
            return found
        why = found
    return Uncertified(why)


def recheck(
    checker: Checker,
    problem: Problem,
    result: Result,
    proof: LeanProof,
    limits: Limits = Limits(_SECONDS),
) -> str:
    """What is wrong with a certificate of ``result``, judging it again; empty if nothing is.

    Raises MissingToolError or BrokenToolError if Lean cannot be started.
    """
    restated = restate(problem, result)
    if isinstance(restated, Uncertified):
        return restated.reason
    if (proof.statement, proof.claim) != (restated.statement, restated.claim):
        return "the certificate is for another claim"
    again = judge(checker, LeanProblem(proof.code, proof.statement), limits, claim=restated.claim)
    if isinstance(again.evidence, LeanProof):
        return ""
    return again.messages[0].text if again.messages else f"Lean answers {again.outcome}"


def _judged(checker: Checker, restated: Restatement, proof: str, limits: Limits) -> LeanProof | str:
    code = f"{restated.statement} := by\n{proof}\n"
    result = judge(checker, LeanProblem(code, restated.statement), limits, claim=restated.claim)
    match result.evidence:
        case LeanProof() as found if result.conclusive:
            return found
        case _ if result.reason in ("timeout", "memory"):
            return f"Lean was stopped: {result.reason}"
        case _ if result.outcome is Outcome.FAILED:
            return result.messages[0].text
        case _:
            return "Lean found no proof"


# --- the statement -------------------------------------------------------------------------


def restate(problem: Problem, result: Result) -> Restatement | Uncertified:
    """What ``result`` says about ``problem``, as Lean text; nothing is asked of Lean."""
    claims: dict[Outcome, Literal["goal", "negation"]] = {
        Outcome.PROVED: "goal",
        Outcome.REFUTED: "negation",
        Outcome.INCONSISTENT: "goal",
    }
    match result.outcome:
        case Outcome.INDEPENDENT | Outcome.SATISFIABLE:
            return Uncertified("a model is evidence that needs no solver")
        case Outcome.PROVED | Outcome.REFUTED if problem.goal is None:
            return Uncertified("the problem has no goal")
        case Outcome.PROVED:
            assert problem.goal is not None
            goal = problem.goal
        case Outcome.REFUTED:
            goal = problem.negated_goal
        case Outcome.INCONSISTENT:
            goal = FALSE
        case _:
            return Uncertified("nothing was decided")
    used = tuple(range(len(problem.premises)))
    if isinstance(result.evidence, Refutation):
        used = tuple(sorted(set(result.evidence.used)))
    if any(not 0 <= i < len(problem.premises) for i in used):
        return Uncertified("the evidence uses a premise that is not there")
    premises = [problem.premises[i] for i in used]
    computed = _is_computed([*premises, goal])
    try:
        infer([*premises, goal]).check()  # Lean would turn integers into rationals by itself
        theorem = state(premises, goal, NAME, reals="Rat" if computed else "field")
    except (InputError, ValueError) as error:
        return Uncertified(f"it cannot be stated in Lean: {error}")
    return Restatement(theorem, claims[result.outcome], used, goal, computed)


def _is_computed(formulas: Sequence[Formula]) -> bool:
    """Whether there are numerals alone: no names, variables or quantifiers."""
    for formula in formulas:
        if any(isinstance(sub, Pred | Forall | Exists) for sub in walk(formula)):
            return False
        if any(isinstance(term, Apply | Var) for term in terms(formula)):
            return False
    return True


# --- proofs to try -------------------------------------------------------------------------


def _proofs(restated: Restatement, problem: Problem, result: Result) -> Iterator[str]:
    """Proofs of the statement to try, best first, as tactic blocks."""
    if restated.computed:
        yield "  decide +kernel"  # the kernel computes: no compiled code, and no axiom
        yield "  grind"
        return
    yield "  grind"
    if lines := _Hints(restated, problem, result).lines():
        yield "\n".join([*lines, "  grind"])
    stated = (*(problem.premises[i] for i in restated.used), restated.goal)
    if any(term.sort == INT for formula in stated for term in terms(formula)):
        yield "  omega"


class _Hints:
    """Instances of the hypotheses, by the terms that a Herbrand certificate names."""

    def __init__(self, restated: Restatement, problem: Problem, result: Result) -> None:
        self.restated = restated
        self.theorem = restated.theorem
        self.problem = problem
        self.evidence = result.evidence
        self.witnesses: dict[Sort, str] = {}

    def lines(self) -> list[str]:
        """Tactics that come before the closing one; idle quantifiers are taken away last."""
        bindings = self._bindings()
        steps = []
        for hypothesis, index in zip(self.theorem.hypotheses, self.restated.used, strict=True):
            bound = _prefix(self.problem.premises[index], Forall)
            steps += self._instances(hypothesis, bound, bindings.get(index, []))
        steps += self._denied(bindings.get(-1, []))
        witnesses = [
            f"  have {name} : {self.theorem.sort(sort)} := Classical.choice inferInstance"
            for sort, name in self.witnesses.items()
        ]
        return [
            *witnesses,
            *steps[:MAX_HINTS],
            "  try simp only [forall_const, exists_const] at *",
        ]

    def _denied(self, bindings: list[dict[str, str]]) -> list[str]:
        """The same for what the goal's negation says, where it says something of all things."""
        name = self.theorem.fresh("n")
        match self.restated.goal:
            case Not(Forall() as body):
                steps = self._instances(name, _prefix(body, Forall), bindings)
                return [f"  intro {name}", *steps] if steps else []
            case Exists() as body:
                bound = _prefix(body, Exists)
                steps = self._instances(name, bound, bindings, "fun h => {} ⟨{}, h⟩", ", ")
                start = ["  apply Classical.byContradiction", f"  intro {name}"]
                return [*start, *steps] if steps else []
            case _:
                return []

    def _instances(
        self,
        name: str,
        bound: Sequence[Var],
        bindings: list[dict[str, str]],
        form: str = "{} {}",
        joint: str = " ",
    ) -> list[str]:
        """The hypothesis for each choice of terms; for a witness where no choice is known."""
        if not bound:
            return []
        choices = dict.fromkeys(
            joint.join(row.get(var.name) or self._witness(var.sort) for var in bound)
            for row in bindings or [{}]
        )
        return [
            f"  have {self.theorem.fresh('i')} := {form.format(name, choice)}" for choice in choices
        ]

    def _witness(self, sort: Sort) -> str:
        if sort in NUMERIC:
            return f"(0 : {self.theorem.sort(sort)})"
        if sort not in self.witnesses:
            self.witnesses[sort] = self.theorem.fresh("w")
        return self.witnesses[sort]

    def _bindings(self) -> dict[int, list[dict[str, str]]]:
        """The certificate's terms in Lean by formula; those with Skolem functions are left out."""
        evidence = self.evidence
        if not isinstance(evidence, Refutation) or not evidence.instances:
            return {}
        found: dict[int, list[dict[str, str]]] = {}
        try:
            formulas = self.problem.contradictory(evidence.claim, evidence.used)
            clauses = {i: clausify(f, herbrand.skolem_prefix(i)) for i, f in formulas.items()}
            symbols = herbrand.function_symbols(c for some in clauses.values() for c in some)
            for instance in evidence.instances:
                clause = clauses[instance.formula][instance.clause]
                row = self._row(clause.variables, dict(instance.bindings), symbols)
                found.setdefault(instance.formula, []).append(row)
        except (InputError, ValueError, LookupError):  # what does not fit gives no hints
            return {}
        return found

    def _row(
        self, variables: Sequence[Var], bindings: Mapping[str, str], symbols: herbrand.Symbols
    ) -> dict[str, str]:
        row = {}
        for var in variables:
            term = herbrand.read_term(bindings[var.name], var.sort, symbols)
            with contextlib.suppress(ValueError):  # a Skolem function has no name in Lean
                row[var.name] = self.theorem.term(term)
        return row


def _prefix(formula: Formula, kind: type[Forall] | type[Exists]) -> list[Var]:
    """The variables of the quantifiers that the formula begins with."""
    found: list[Var] = []
    while isinstance(formula, Forall | Exists) and isinstance(formula, kind):
        found += formula.vars
        formula = formula.body
    return found
