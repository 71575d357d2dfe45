"""The search for bare statements: premises that it is given, and proofs that will not do."""

from __future__ import annotations

from provers.base import Attempts, LeanProblem, LeanProof, Limits, Outcome
from provers.lean.base import Header
from provers.lean.hunt import Hunt
from provers.lean.pool import Pool
from provers.lean.prover import LeanProver

AMPLE = Limits(120.0)
# Of what it is about, automation knows nothing.
STATEMENT = (
    "theorem t {α : Type} {r : α → α → Prop} (h : WellFounded r) : "
    "WellFounded (Relation.TransGen r)"
)


def test_a_premise_is_used(lean_checker: Pool) -> None:
    asked: list[tuple[str, Header]] = []

    def select(goal: str, header: Header) -> list[str]:
        asked.append((goal, header))
        return ["Nat.add_comm", "WellFounded.transGen", "nobody.knows"]

    problem = LeanProblem("", STATEMENT)
    found = LeanProver(lean_checker, premises=select).prove(problem, AMPLE)
    assert found.outcome is Outcome.PROVED and isinstance(found.evidence, LeanProof)
    assert "apply WellFounded.transGen" in found.evidence.code
    (goal, header) = asked[0]
    assert len(asked) == 1 and header == ("Init",)
    assert goal.endswith("⊢ WellFounded (Relation.TransGen r)") and "h : WellFounded r" in goal


def test_what_is_proved_at_once_asks_for_no_premise(lean_checker: Pool) -> None:
    def select(goal: str, header: Header) -> list[str]:
        raise AssertionError

    hunt = Hunt(lean_checker, "theorem t : 1 + 1 = 2", AMPLE, premises=select)
    assert hunt.run().outcome is Outcome.PROVED


def test_a_proof_that_will_not_do_is_gone_on_from(lean_checker: Pool) -> None:
    offered: list[str] = []

    def accept(code: str) -> bool:
        offered.append(code)
        return len(offered) == 2

    hunt = Hunt(lean_checker, "theorem t : 1 + 1 = 2", AMPLE, accept=accept)
    found = hunt.run()
    assert found.outcome is Outcome.PROVED and isinstance(found.evidence, LeanProof)
    assert found.evidence.code == offered[1] != offered[0]


def test_where_no_proof_will_do_there_is_none(lean_checker: Pool) -> None:
    hunt = Hunt(lean_checker, "theorem t : 1 + 1 = 2", AMPLE, negate=False, accept=lambda _: False)
    found = hunt.run()
    assert found.outcome is Outcome.UNKNOWN and isinstance(found.evidence, Attempts)
    assert any("not wanted" in str(one) for one in found.evidence.tried)
