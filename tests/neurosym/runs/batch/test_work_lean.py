"""Attempts at Lean problems: judged, searched, drawn from a model, recorded; and texts stated."""

from __future__ import annotations

import json
import os
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

from neurosym.llm import opening
from neurosym.llm.base import Model
from neurosym.runs import inputs
from neurosym.runs.batch.base import Configuration, Task
from neurosym.runs.batch.work import Worker
from neurosym.runs.items import Item, Statement
from neurosym.runs.problems import ProblemRecord
from provers.base import LeanProblem, Limits
from provers.lean import checkers
from provers.lean.pool import Pool
from provers.lean.toolchain import Toolchain
from provers.recheck import recheck
from provers.records import read_result
from tests.neurosym.runs.batch.test_work import HERE, item
from tests.neurosym.search.models import Failing, Writer
from tests.neurosym.translate.scripted import Scripted

ROOT = Path(__file__).parents[4]
DATA = Path(os.environ.get("NEUROSYM_DATA") or ROOT.parent / "shared" / "data")
SWAP = "theorem t (p q : Prop) (h : p ∧ q) : q ∧ p"
OPEN = "theorem t (p q r : Nat → Prop) (h : ∀ n, p n → q n) (i : ∀ n, q n → r n) : ∀ n, p n → r n"
FALSE = "theorem t (x : Nat) (h : x > 3) : x < 20"


@pytest.fixture(scope="module")
def lean(lean_toolchain: Toolchain) -> Iterator[Pool]:
    """A pool with one server: starting it is what takes time."""
    pool = Pool(lean_toolchain, workers=1)
    yield pool
    pool.close()


@pytest.fixture
def worker(lean: Pool, monkeypatch: pytest.MonkeyPatch) -> Iterator[Callable[..., Worker]]:
    """Makes workers on the one Lean, with a model where one is given."""
    made: list[Worker] = []
    monkeypatch.setattr(checkers, "open_checker", lambda **_: Lent(lean))

    def make(model: Model | None = None, **options: Any) -> Worker:
        if model is not None:
            monkeypatch.setattr(opening, "open_model", lambda spec: model)
            options["model"] = "gguf:some.gguf"
        made.append(Worker(Configuration(**({"prover": "z3", "seconds": 120} | options))))
        return made[-1]

    yield make
    for one in made:
        one.close()


class Lent:
    """A checker that stays open."""

    def __init__(self, pool: Pool) -> None:
        self.ask = pool.ask
        self.version = pool.version
        self.warm = pool.warm

    def close(self) -> None: ...


def lean4(code: str | None = None, statement: str | None = None) -> Item:
    return item(ProblemRecord(language="lean4", code=code, statement=statement))


@pytest.mark.parametrize(
    ("asked", "outcome", "solved"),
    [
        (lean4("theorem t : 1 + 1 = 2 := rfl"), "proved", True),
        (lean4("theorem t : 1 + 1 = 3 := rfl"), "ill_formed", False),
        (lean4("theorem s : 1 = 1 := sorry\n\ntheorem t : 2 = 2 := sorry"), "unknown", False),
        (lean4("theorem t : 1 = 1 := rfl", "theorem t : 2 = 2"), "unknown", False),
        (lean4(statement=SWAP), "proved", True),
        (lean4(statement=FALSE), "refuted", False),
        (lean4(statement="theorem t : 1 + = 2"), "ill_formed", False),
        (lean4(statement="import Nowhere\n\ntheorem t : 1 = 1"), "ill_formed", False),
        (lean4("\0"), "ill_formed", False),
    ],
    ids=[
        "proof",
        "no proof",
        "sorry",
        "another statement",
        "bare and true",
        "bare and false",
        "bare and garbled",
        "a module that is not there",
        "what no file can hold",
    ],
)
def test_lean_problems(
    asked: Item, outcome: str, solved: bool, worker: Callable[..., Worker]
) -> None:
    made = worker().attempt(Task(0, asked))
    assert (made.outcome, made.solved, made.prover) == (outcome, solved, "lean"), made.output
    assert (made.final, made.again, made.answer) == (True, False, None)
    assert made.output["id"] == "one"
    json.dumps(made.output)


def test_the_evidence_is_judged_again(worker: Callable[..., Worker], lean: Pool) -> None:
    for statement in (SWAP, FALSE):
        output = worker().attempt(Task(0, lean4(statement=statement))).output
        problem = LeanProblem("", statement)
        assert recheck(problem, read_result(output), Limits(120), checker=lean).ok
        assert output["search"]["mode"] == "portfolio"


def test_the_negation_is_left_alone_where_that_is_wanted(worker: Callable[..., Worker]) -> None:
    made = worker(negate=False, seconds=3).attempt(Task(0, lean4(statement=FALSE)))
    assert made.outcome == "unknown"


def test_a_model_suggests_a_proof(worker: Callable[..., Worker]) -> None:
    model = Writer([["exact fun n h' => nothing"], ["exact fun n k => i n (h n k)"]])
    made = worker(model, search="whole", rounds=2, samples=3, seed=5, negate=False)
    found = made.attempt(Task(0, lean4(statement=OPEN), 1))
    assert (found.outcome, found.solved, found.tokens) == ("proved", True, 20), found.output
    assert not found.final  # another attempt may fail
    assert found.output["search"]["proof"] == "exact fun n k => i n (h n k)"
    assert found.prover_seconds > 0
    seeds = [request.seed for request in model.asked]
    model.asked.clear()
    model.answers = [["exact fun n k => i n (h n k)"]]
    assert made.attempt(Task(0, lean4(statement=OPEN), 2)).outcome == "proved"
    assert model.asked[0].seed == seeds[0] + 1


def test_what_a_model_cannot_prove_may_be_tried_again(worker: Callable[..., Worker]) -> None:
    model = Writer([["exact nothing"]])
    made = worker(model, search="whole", rounds=0, samples=3, negate=False)
    found = made.attempt(Task(0, lean4(statement=OPEN)))
    assert (found.outcome, found.reason) == ("unknown", "incomplete")
    assert (found.final, found.again, found.tokens) == (False, False, 10)


@pytest.mark.parametrize("statement", [FALSE, "theorem t : 1 + = 2"], ids=["false", "garbled"])
def test_a_statement_that_no_proof_can_have_is_final(
    statement: str, worker: Callable[..., Worker]
) -> None:
    model = Writer([["omega"]])
    made = worker(model, search="best-first", samples=3)
    found = made.attempt(Task(0, lean4(statement=statement)))
    assert found.outcome in ("refuted", "ill_formed") and found.final


def test_the_tokens_of_a_problem_are_a_budget(worker: Callable[..., Worker]) -> None:
    model = Writer([[f"exact nothing {n}"] for n in range(20)])
    made = worker(model, search="whole", rounds=50, negate=False)
    found = made.attempt(Task(0, lean4(statement=OPEN), tokens=40))
    assert found.outcome == "unknown" and found.tokens <= 40
    assert "token_budget" in found.output["flags"]


def test_a_model_that_does_not_answer_breaks_the_search(worker: Callable[..., Worker]) -> None:
    made = worker(Failing([]), search="whole", negate=False)
    found = made.attempt(Task(0, lean4(statement=OPEN)))
    assert (found.outcome, found.again, found.final) == ("failed", True, False)


def test_recorded_proofs_are_judged_one_an_attempt(
    worker: Callable[..., Worker], tmp_path: Path
) -> None:
    record = {
        "id": "swap",
        "language": "lean4",
        "statement": SWAP,
        "proofs": [
            "by simp_all",
            "⟨h.1, h.2⟩",
            f"{SWAP} := ⟨h.2, h.1⟩",
            "theorem t : True := trivial",
        ],
    }
    path = tmp_path / "proofs.jsonl"
    path.write_text(json.dumps(record) + "\n", encoding="utf-8")
    (asked,) = inputs.items([str(path)])
    made = worker()
    found = [made.attempt(Task(0, asked, sample)) for sample in range(5)]
    assert [(one.outcome, one.solved) for one in found] == [
        ("proved", True),
        ("ill_formed", False),
        ("proved", True),
        ("unknown", False),
        ("untranslated", False),
    ]
    assert [one.final for one in found] == [False] * 4 + [True]


# --- texts ---------------------------------------------------------------------------------


def stated(worker: Worker, text: str, **task: Any) -> Any:
    asked = Item("one", "translate", Statement(text, "theorem r : True"), HERE)
    return worker.attempt(Task(0, asked, **task))


def test_a_text_is_stated_and_tested(worker: Callable[..., Worker]) -> None:
    model = Scripted(["theorem step (n : ℕ) : n + 0 = n"])
    made = stated(worker(model, samples=2, temperature=0.3, seed=9), "Adding zero changes nothing.")
    assert (made.outcome, made.solved, made.prover) == ("translated", True, "lean"), made.output
    assert made.output["formulas"] == ["import NeuroSym.Compat\n\ntheorem step (n : ℕ) : n + 0 = n"]
    assert made.output["test"]["verdict"] == "kept"
    assert made.output["reference"] == "theorem r : True"
    assert (made.final, made.again) == (False, False)
    assert made.tokens > 0 and made.prover_seconds > 0
    assert [(r.temperature, r.seed) for r in model.asked] == [(0.3, 9)]


@pytest.mark.parametrize(
    ("statement", "reason"),
    [("theorem step (n : ℕ) : n + 1 = n", "negation_proved"), ("theorem step : 1 +", "")],
    ids=["false", "garbled"],
)
def test_a_text_that_is_stated_wrongly_is_untranslated(
    statement: str, reason: str, worker: Callable[..., Worker]
) -> None:
    made = stated(worker(Scripted([statement]), rounds=0), "Adding one changes nothing.")
    assert (made.outcome, made.reason, made.solved) == ("untranslated", reason, False), made.output


# --- public sets ---------------------------------------------------------------------------


@pytest.mark.parametrize("name", ["minif2f_valid", "proofnet_valid"])
def test_statements_for_mathlib_have_the_outcome_that_prove_gives(
    name: str, worker: Callable[..., Worker]
) -> None:
    path = DATA / "bench" / f"{name}.jsonl"
    if not path.exists():
        pytest.skip(f"{path} is not there: set NEUROSYM_DATA")
    made = worker(seconds=5)
    asked = next(inputs.items([str(path)]))
    assert isinstance(asked.payload, ProblemRecord)
    found = made.attempt(Task(0, asked))
    problem = LeanProblem("", asked.payload.statement)
    result = made._tools.lean.prove(problem, Limits(5))
    assert (found.outcome, found.reason) == (str(result.outcome), result.reason)
    assert (found.solved, found.again) == (found.outcome == "proved", False)
