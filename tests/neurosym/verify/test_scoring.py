"""Scores: every verdict in its place, flags that cost the reward, and aggregates without tricks."""

from __future__ import annotations

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pydantic import ValidationError

from neurosym.verify.base import Verdict
from neurosym.verify.pipeline import verify
from neurosym.verify.records import record_of
from neurosym.verify.report import write_report
from neurosym.verify.scoring import PLAIN, Aggregate, Weights, score_report, unscored
from provers import registry
from provers.base import Prover

BAGS = "Ann has 3 bags of 12 nuts and eats 5. How many are left?"


@pytest.fixture(scope="module")
def prover() -> Any:
    found = registry.load("z3")
    yield found
    found.close()


def _scored(prover: Prover, record: dict[str, Any], **options: Any) -> dict[str, Any]:
    read = record_of(record)
    return score_report(write_report(verify(read, prover)), world=read.world, **options)


def _labels(scored: dict[str, Any]) -> list[int]:
    return [step["label"] for step in scored["steps"]]


def _step(verdict: str, *flags: str, index: int = 1, **more: Any) -> dict[str, Any]:
    """A step as reports have it, for verdicts that take a model or a broken tool to come by."""
    step = {"index": index, "verdict": verdict, "reason": "", "flags": list(flags)}
    return {**step, "depends_on": [], **more}


def _report(*steps: dict[str, Any], verdict: str = "unknown", **more: Any) -> dict[str, Any]:
    return {
        "id": "1",
        "verdict": verdict,
        "steps": [{**step, "index": i} for i, step in enumerate(steps, 1)],
        "answer": {"verdict": "no_claim"},
        **more,
    }


# --- labels --------------------------------------------------------------------------------


def test_real_steps_get_their_labels(prover: Prover) -> None:
    steps = ["3*12=36", "36-5=32", "32+1=33", "5=5", "So the answer is 33."]
    scored = _scored(prover, {"question": BAGS, "steps": steps, "answer": "31"})
    assert _labels(scored) == [1, -1, 0, 0, 0]
    assert [step["score"] for step in scored["steps"]] == [1.0, -1.0, 0.0, 0.0, 0.0]
    assert [step["counted"] for step in scored["steps"]] == [True, True, True, True, False]
    assert scored["score"] == -1.0
    assert scored["outcome"] == {
        "verdict": "refuted",
        "answer": "refuted",
        "label": -1,
        "score": -1.0,
    }


def test_a_right_solution_earns_everything(prover: Prover) -> None:
    record = {"question": BAGS, "steps": ["3*12=36", "36-5=31", "A: 31"], "answer": "31"}
    scored = _scored(prover, record)
    assert _labels(scored) == [1, 1, 0]
    assert scored["score"] == 1.0
    assert scored["outcome"]["label"] == 1
    assert scored["complete"]


def test_a_wrong_answer_costs_the_outcome_though_the_steps_are_right(prover: Prover) -> None:
    record = {"question": BAGS, "steps": ["3*12=36", "A: 36"], "answer": "31"}
    scored = _scored(prover, record)
    assert _labels(scored) == [1, 0]
    assert scored["outcome"]["label"] == -1


def test_a_number_from_nowhere_earns_nothing(prover: Prover) -> None:
    scored = _scored(prover, {"question": "How many?", "steps": ["7 apples times 9 is 63"]})
    assert scored["steps"][0]["flags"] == ["unfaithful"]
    assert scored["steps"][0]["label"] == 0
    assert scored["outcome"]["label"] == 0


def test_a_wrong_sum_is_refuted_wherever_its_numbers_come_from(prover: Prover) -> None:
    scored = _scored(prover, {"question": "How many?", "steps": ["7 apples times 9 is 64"]})
    assert "unfaithful" in scored["steps"][0]["flags"]
    assert scored["steps"][0]["label"] == -1


def test_saying_the_obvious_earns_nothing(prover: Prover) -> None:
    scored = _scored(prover, {"premises": ["Rex is a dog."], "steps": ["Rex is a dog.", "2=2"]})
    assert [step["flags"] for step in scored["steps"]] == [["vacuous"], ["vacuous"]]
    assert scored["outcome"]["label"] == 0
    assert scored["score"] == 0.0


def test_contradictory_premises_prove_nothing_and_refute_nothing(prover: Prover) -> None:
    record = {"premises": ["Rex is a dog. Rex is not a dog."], "steps": ["Rex is an animal."]}
    scored = _scored(prover, record)
    assert scored["steps"][0]["verdict"] == "inconsistent"
    assert _labels(scored) == [0]
    assert scored["outcome"]["label"] == 0


RULES = "All dogs are animals. If someone is not a cat then they are quiet. Rex is a dog."


def test_the_closed_world_counts_where_the_record_asks_for_it(prover: Prover) -> None:
    steps = ["Rex is an animal.", "Rex is not a cat.", "Rex is a cat."]
    closed = _scored(prover, {"premises": [RULES], "steps": steps, "world": "closed"})
    assert closed["steps"][1]["flags"] == ["assumed"]
    assert _labels(closed) == [1, 1, -1]


def test_what_rests_on_an_unproved_step_earns_nothing(prover: Prover) -> None:
    premises = ["All cats are animals."]
    scored = _scored(
        prover, {"premises": premises, "steps": ["Rex is a cat.", "Rex is an animal."]}
    )
    assert [step["verdict"] for step in scored["steps"]] == ["independent", "proved"]
    assert scored["steps"][1]["flags"] == ["assumed"]
    assert _labels(scored) == [0, 0]


def test_an_unproved_step_is_no_part_of_the_closed_world() -> None:
    steps = (
        _step("unknown"),
        _step("proved", "assumed", depends_on=["premise 1", "step 1", "assumption 1"]),
    )
    assert _labels(score_report(_report(*steps), world="closed")) == [0, 0]


@pytest.mark.parametrize("flag", ["vacuous", "unfaithful", "depends_on_refuted", "free_variable"])
def test_no_flag_earns_a_reward(flag: str) -> None:
    report = _report(_step("proved", flag), verdict="proved")
    for world in ("open", "closed"):
        scored = score_report(report, world=world)
        assert _labels(scored) == [0]
        assert scored["outcome"]["label"] == 0


def test_every_other_verdict_is_undecided() -> None:
    for verdict in set(Verdict) - {Verdict.PROVED, Verdict.REFUTED}:
        scored = score_report(_report(_step(str(verdict)), verdict=str(verdict)))
        assert _labels(scored) == [0], verdict
        assert scored["outcome"]["label"] == 0
        assert scored["steps"][0]["score"] == 0.0


def test_a_refuted_misreading_is_undecided() -> None:
    read = _step("refuted", "unfaithful", translation={"model": "m"})
    scored = score_report(_report(read, verdict="refuted"), weights=Weights(flagged=-0.25))
    assert _labels(scored) == [0]
    assert scored["steps"][0]["score"] == -0.25
    assert scored["outcome"]["label"] == 0
    from_premise = _step("refuted", "unfaithful", depends_on=["premise 1"])
    assert _labels(score_report(_report(from_premise, verdict="refuted"))) == [0]


def test_one_refutation_without_a_doubt_is_enough() -> None:
    doubtful = {"verdict": "refuted", "flags": ["unfaithful"], "translation": {}, "depends_on": []}
    plain = {"verdict": "refuted", "flags": [], "depends_on": ["premise 1"]}
    step = _step("refuted", "unfaithful", claims=[doubtful, plain])
    assert _labels(score_report(_report(step, verdict="refuted"))) == [-1]


def test_a_run_that_was_cut_short_is_not_proved() -> None:
    report = _report(_step("proved"), verdict="proved", interrupted=True)
    scored = score_report(report)
    assert scored["complete"] is False
    assert scored["outcome"]["label"] == 0


# --- weights and aggregates ----------------------------------------------------------------


def test_weights_change_scores_and_no_labels() -> None:
    weights = Weights(proved=2, refuted=-5, independent=-0.5, flagged=0.5, no_claim=0.1)
    steps = (
        _step("proved"),
        _step("refuted"),
        _step("independent"),
        _step("proved", "vacuous"),
        _step("no_claim"),
    )
    scored = score_report(_report(*steps), weights=weights, aggregate="mean")
    assert [step["score"] for step in scored["steps"]] == [2, -5, -0.5, 0.5, 0.1]
    assert _labels(scored) == [1, -1, 0, 0, 0]
    assert scored["score"] == pytest.approx((2 - 5 - 0.5 + 0.5 + 0.1) / 5)


@pytest.mark.parametrize(
    "wrong",
    [
        {"flagged": 1.0},
        {"flagged": 2.0},
        {"proved": 0.0, "flagged": 0.5},
        {"proved": None},
        {"refuted": float("nan")},
        {"unknown": float("inf")},
        {"proved": 1e9},
        {"prooved": 1.0},
        {"proved": "1"},
    ],
    ids=str,
)
def test_wrong_weights_are_refused(wrong: dict[str, Any]) -> None:
    with pytest.raises(ValidationError):
        Weights(**wrong)


@pytest.mark.parametrize(
    ("verdicts", "how", "expected"),
    [
        (["proved", "unknown"], "min", 0.0),
        (["proved", "unknown"], "mean", 0.5),
        (["proved", "unknown"], "product", 0.0),
        (["proved", "unknown", "unknown"], "product", -0.5),
        (["proved", "refuted"], "product", -1.0),
        (["refuted", "refuted"], "product", -1.0),
        (["proved", "proved"], "product", 1.0),
        (["refuted", "proved"], "last", 1.0),
        (["proved", "no_claim"], "last", 1.0),
        (["no_claim"], "mean", 0.0),
        ([], "product", 0.0),
    ],
    ids=str,
)
def test_aggregates(verdicts: list[str], how: Aggregate, expected: float) -> None:
    assert score_report(_report(*map(_step, verdicts)), aggregate=how)["score"] == expected


@given(
    st.lists(st.sampled_from([str(v) for v in Verdict]), min_size=1, max_size=8),
    st.sampled_from(["min", "mean", "product", "last"]),
    st.floats(-10, 10),
    st.floats(-10, 10),
    st.floats(-10, 10),
)
def test_aggregates_stay_within_the_weights_and_never_gain_by_a_refuted_step(
    verdicts: list[str], how: Aggregate, proved: float, refuted: float, other: float
) -> None:
    refuted, other, proved = sorted((refuted, other, proved))
    weights = Weights(proved=proved, refuted=refuted, unknown=other, flagged=refuted - 1)
    low, high = weights.range

    def score(names: list[str]) -> float:
        report = _report(*map(_step, names))
        return float(score_report(report, weights=weights, aggregate=how)["score"])

    before = score(verdicts)
    assert low - 1e-9 <= before <= high + 1e-9
    for place, verdict in enumerate(verdicts):
        if verdict == "proved":
            worse = [*verdicts[:place], "refuted", *verdicts[place + 1 :]]
            assert score(worse) <= before + 1e-9


def test_equal_weights_are_no_division_by_zero() -> None:
    names = [name for name in Weights.model_fields if name not in ("proved", "flagged")]
    weights = Weights(proved=0, flagged=0, **dict.fromkeys(names, 0.0))
    scored = score_report(_report(_step("proved")), weights=weights, aggregate="product")
    assert scored["score"] == 0.0


def test_what_could_not_be_verified_has_no_score() -> None:
    entry = unscored("x", "ill_formed", "the reasoning is empty.")
    assert entry["score"] is None
    assert entry["outcome"] is None
    assert entry["error"] == "the reasoning is empty."
    scored = score_report(_report(_step("proved")), weights=PLAIN)
    assert set(scored) - set(entry) == {"aggregate"}
