"""The figures of runs whose figures are known by hand."""

from __future__ import annotations

import json
import os
import sqlite3
from pathlib import Path
from typing import Any

import pytest
import sqlalchemy as sa

from neurosym.runs.batch.base import Configuration, Task
from neurosym.runs.batch.folder import LEDGER, MANIFEST
from neurosym.runs.batch.measures import times as timing
from neurosym.runs.batch.measures.agreement import NO_ANSWER, OTHERS
from neurosym.runs.batch.measures.failures import told
from neurosym.runs.batch.measures.outcomes import groups, whole
from neurosym.runs.batch.snapshot import open_snapshot
from neurosym.runs.batch.summary import Summary, summarise, write_summary
from neurosym.runs.batch.work import Worker
from neurosym.runs.items import Item, Origin
from neurosym.runs.tables import problems
from neurosym.verify.records import Record
from provers.errors import BrokenToolError, InputError
from tests.neurosym.runs.batch.made import Made, peak, problem, write_run

UNKNOWN = {"outcome": "unknown", "reason": "timeout"}
CRASH = {
    "outcome": "failed",
    "reason": "crash",
    "prover": "",
    "output": {"messages": [{"text": "given up: its worker died 3 times"}]},
}


def of(path: Path, problems: list[Made], **options: Any) -> Summary:
    return summarise(write_run(path, problems, **options))


def named(counts: Any) -> dict[str, int]:
    return {count.name: count.number for count in counts}


def values(estimates: Any) -> list[float]:
    return [round(estimate.value, 6) for estimate in estimates]


# --- outcomes --------------------------------------------------------------------------------


def test_outcomes_by_set_and_prover(tmp_path: Path) -> None:
    found = of(
        tmp_path,
        [
            Made("a", [{"answer": "True", "tokens": 5}], "folio", gold="True"),
            Made("b", [{"answer": "True", "solved": False}], "folio", gold="False"),
            Made("c", [UNKNOWN], "folio", gold="False"),
            Made("d", [{"outcome": "refuted", "prover": "cvc5", "tokens": 7}], "tptp"),
        ],
    )
    assert named(found.total.outcomes) == {"proved": 2, "refuted": 1, "unknown": 1}
    assert [group.name for group in found.sets] == ["folio", "tptp"]
    folio, tptp = found.sets
    assert named(folio.outcomes) == {"proved": 2, "unknown": 1}
    assert (folio.conclusive.part, folio.conclusive.whole) == (2, 3)
    assert (folio.solved.part, folio.solved.whole) == (1, 3)
    # One of three is right; of the two that have an answer, one is.
    assert (folio.accuracy.part, folio.accuracy.whole) == (1, 3)
    assert (folio.answered.part, folio.answered.whole) == (1, 2)
    assert tptp.accuracy.share is None
    provers = {group.name: named(group.outcomes) for group in found.provers}
    assert provers == {"z3": {"proved": 2, "unknown": 1}, "cvc5": {"refuted": 1}}
    assert found.total.tokens == 12
    assert found.total.seconds == pytest.approx(0.4)
    assert named(found.stopped) == {"all": 4}


def test_what_is_not_finished_is_said(tmp_path: Path) -> None:
    found = of(tmp_path, [Made("a")], records=5)
    assert not found.run.complete
    assert (found.run.finished, found.run.records, found.run.running) == (1, 5, False)
    written = write_summary(found)
    assert written["run"]["complete"] is False
    assert json.loads(json.dumps(written, allow_nan=False)) == json.loads(json.dumps(written))


def test_a_run_with_nothing_finished(tmp_path: Path) -> None:
    found = of(tmp_path, [], records=3)
    assert found.total.problems == 0 and found.total.solved.share is None
    assert found.sets == found.provers == found.cactus == found.confusions == found.steps == ()
    assert found.passes.estimates == ()
    assert found.agreement.samples is None and found.agreement.provers is None
    assert found.times[0].median is None and found.times[0].prover_share is None
    assert found.failures.number == 0
    json.dumps(write_summary(found), allow_nan=False)


# --- pass@k ----------------------------------------------------------------------------------


def test_pass_at_k_without_early_stop_is_unbiased(tmp_path: Path) -> None:
    solved, not_solved = {}, UNKNOWN
    found = of(
        tmp_path,
        [
            Made("a", [not_solved, solved, not_solved, not_solved]),
            Made("b", [not_solved] * 4),
            Made("c", [solved] * 4, "tptp"),
        ],
        samples=4,
        early_stop=False,
    )
    assert found.passes.estimator == "unbiased"
    assert values(found.passes.estimates) == [
        round((0.25 + 0 + 1) / 3, 6),
        round((0.5 + 0 + 1) / 3, 6),
        round((0.75 + 0 + 1) / 3, 6),
        round(2 / 3, 6),
    ]
    assert {c.name: values(c.estimates)[0] for c in found.passes.sets} == {
        "records": 0.125,
        "tptp": 1.0,
    }


def test_pass_at_k_with_early_stop_counts_prefixes(tmp_path: Path) -> None:
    found = of(
        tmp_path,
        [
            Made("a", [UNKNOWN, {}], stopped="solved"),
            Made("b", [{}], stopped="solved"),
            Made("c", [UNKNOWN] * 3),
            Made("d", [UNKNOWN], stopped="seconds"),
        ],
        samples=3,
    )
    assert found.passes.estimator == "prefix"
    assert values(found.passes.estimates) == [0.25, 0.5, 0.5]
    assert "first k samples" in found.passes.how


def test_a_success_at_the_last_sample_under_early_stop_is_not_taken_for_a_full_one(
    tmp_path: Path,
) -> None:
    found = of(tmp_path, [Made("a", [UNKNOWN, {}], stopped="solved")], samples=2)
    assert found.passes.estimator == "prefix"
    assert values(found.passes.estimates) == [0.0, 1.0]


def test_final_and_given_up_problems_do_not_bias(tmp_path: Path) -> None:
    found = of(
        tmp_path,
        [
            Made("a", [{"final": True}], stopped="final"),
            Made("b", [{"outcome": "refuted", "final": True}], stopped="final"),
            Made("c", [CRASH], stopped="given_up", tries=3),
            Made("d", [{}, UNKNOWN, {}, UNKNOWN]),
        ],
        samples=4,
        early_stop=False,
    )
    assert (found.passes.estimator, found.passes.given_up) == ("unbiased", 1)
    assert values(found.passes.estimates)[0] == round((1 + 0 + 0 + 0.5) / 4, 6)


def test_a_final_success_after_failures_needs_the_prefix(tmp_path: Path) -> None:
    found = of(tmp_path, [Made("a", [UNKNOWN, {"final": True}], stopped="final")], samples=4)
    assert found.passes.estimator == "prefix"
    assert values(found.passes.estimates) == [0.0, 1.0, 1.0, 1.0]


# --- time ------------------------------------------------------------------------------------


def test_times_are_those_of_problems_that_there_are(tmp_path: Path) -> None:
    problems = [
        Made(str(i), [{"seconds": float(i), "prover_seconds": i / 2}]) for i in range(1, 101)
    ]
    problems.append(Made("one", [{"seconds": 1000.0, "prover_seconds": 0.0}], "tptp"))
    found = of(tmp_path, problems)
    everything, records, tptp = found.times
    assert (records.median, records.p95, records.longest) == (50.0, 95.0, 100.0)
    assert records.prover_share == pytest.approx(0.5)
    assert (tptp.median, tptp.p95, tptp.longest) == (1000.0, 1000.0, 1000.0)
    assert (everything.median, everything.longest) == (51.0, 1000.0)
    assert everything.seconds == 6050.0


def test_the_cactus_counts_time_up_to_the_first_success(tmp_path: Path) -> None:
    found = of(
        tmp_path,
        [
            Made(
                "a",
                [
                    {**UNKNOWN, "seconds": 2.0},
                    {"seconds": 3.0, "prover": "cvc5"},
                    {"seconds": 90.0},
                ],
            ),
            Made("b", [{"seconds": 1.0}]),
            Made("c", [{**UNKNOWN, "seconds": 50.0}]),
        ],
        samples=3,
    )
    assert [(s.name, s.points) for s in found.cactus] == [
        ("", ((1.0, 1), (5.0, 2))),
        ("cvc5", ((5.0, 1),)),
        ("z3", ((1.0, 1),)),
    ]


def test_the_cactus_has_few_points_and_keeps_its_ends(tmp_path: Path) -> None:
    number = 5000
    problems = (Made(str(i), [{"seconds": (i * 7919 % number) / 100}]) for i in range(number))
    found = of(tmp_path, list(problems))
    (everything, _) = found.cactus
    assert len(everything.points) <= timing.MOST_POINTS + 2
    assert everything.points[0] == (0.0, 1)
    assert everything.points[-1] == ((number - 1) / 100, number)
    assert list(everything.points) == sorted(everything.points)
    assert all(seconds == (rank - 1) / 100 for seconds, rank in everything.points)


# --- agreement -------------------------------------------------------------------------------


def test_the_confusion_matrix_of_a_set(tmp_path: Path) -> None:
    found = of(
        tmp_path,
        [
            Made("a", [{"answer": "True"}], "folio", gold="True"),
            Made("b", [{"answer": "False"}], "folio", gold="True"),
            Made("c", [UNKNOWN], "folio", gold="False"),
            Made("d", [{"answer": "perhaps"}], "folio", gold="False"),
            *(Made(f"n{i}", [{"answer": str(i)}], "gsm8k", gold=str(i)) for i in range(13)),
        ],
    )
    (folio,) = found.confusions  # numbers as answers are too many for a matrix
    assert folio.rows == ("False", "True")
    assert folio.columns == ("False", "True", OTHERS, NO_ANSWER)
    assert folio.counts == ((0, 0, 1, 1), (1, 1, 0, 0))


def test_agreement_between_samples_and_provers(tmp_path: Path) -> None:
    true, false = {"answer": "True"}, {"answer": "False", "outcome": "refuted", "prover": "cvc5"}
    found = of(
        tmp_path,
        [
            Made("a", [true, true, false]),
            Made("b", [false, {**true, "prover": "cvc5"}, UNKNOWN]),
            Made("c", [{**true, "prover": "vampire"}, true]),
            Made("d", [true]),
        ],
        samples=3,
    ).agreement
    # a: TT same, TF, TF; b: FT, F?, T?; c: TT same.
    assert (found.pairs, found.same) == (7, 2)
    assert found.samples is not None
    assert found.samples.rows == found.samples.columns
    cells = {
        (row, column): number
        for row, numbers in zip(found.samples.rows, found.samples.counts, strict=True)
        for column, number in zip(found.samples.columns, numbers, strict=True)
        if number
    }
    assert cells == {
        ("True", "True"): 2,
        ("True", "False"): 3,
        ("False", "True"): 3,
        ("False", "unknown"): 1,
        ("unknown", "False"): 1,
        ("True", "unknown"): 1,
        ("unknown", "True"): 1,
    }
    assert found.provers is not None and found.provers_same is not None
    assert found.provers.rows == ("z3", "cvc5", "vampire")
    assert found.provers.counts == ((0, 2, 1), (2, 0, 0), (1, 0, 0))
    assert found.provers_same.counts == ((0, 0, 1), (0, 0, 0), (1, 0, 0))


def test_many_different_answers_are_compared_by_outcome(tmp_path: Path) -> None:
    problems = [Made(str(i), [{"answer": str(i)}, {"answer": str(i + i % 2)}]) for i in range(200)]
    found = of(tmp_path, problems, samples=2).agreement
    assert (found.pairs, found.same) == (200, 100)
    assert found.samples is not None and found.samples.rows == ("proved",)


# --- labelled steps --------------------------------------------------------------------------


def solution(
    wrong: list[int] | None, *verdicts: str, flags: dict[int, list[str]] | None = None
) -> Any:
    steps = [
        {"index": i, "verdict": verdict, "flags": (flags or {}).get(i, []), "messages": []}
        for i, verdict in enumerate(verdicts, 1)
    ]
    labels = {} if wrong is None else {"error_steps": wrong}
    outcome = "refuted" if "refuted" in verdicts else "proved"
    return [
        {"outcome": outcome, "output": {"id": "x", "verdict": outcome, "steps": steps, **labels}}
    ]


def test_refuted_steps_against_labels(tmp_path: Path) -> None:
    found = of(
        tmp_path,
        [
            Made(
                "a",
                solution([2], "proved", "refuted", "refuted", flags={3: ["depends_on_refuted"]}),
                "prm",
                "verify",
            ),
            Made("b", solution([1, 3], "refuted", "untranslated", "unknown"), "prm", "verify"),
            Made("c", solution([], "refuted", "proved"), "prm", "verify"),
            Made("d", solution(None, "refuted"), "own", "verify"),
        ],
    )
    (prm,) = found.steps
    assert (prm.name, prm.solutions, prm.steps, prm.labelled) == ("prm", 3, 8, 3)
    assert (prm.coverage.part, prm.coverage.whole) == (6, 8)
    figures = [
        (c.precision.part, c.precision.whole, c.explained.part, c.found.part, c.found.whole)
        for c in prm.curve
    ]
    assert figures == [(2, 4, 3, 2, 3), (2, 3, 2, 2, 3), (2, 3, 2, 2, 3), (2, 3, 2, 2, 3)]


def test_what_a_worker_says_of_labelled_steps_is_found(tmp_path: Path) -> None:
    """The figures stand on a field of the outputs that the workers write."""
    record = Record(id="a", question="What is 2 + 2?", steps=["2 + 2 = 4.", "4 + 1 = 6."])
    item = Item("a", "verify", record, Origin("x", 1, "prmbench"), "wrong", (2,))
    worker = Worker(Configuration(prover="z3", seconds=5.0))
    try:
        attempt = worker.attempt(Task(0, item))
    finally:
        worker.close()
    assert attempt.output["error_steps"] == [2]
    made = [{"outcome": attempt.outcome, "output": attempt.output}]
    (prm,) = of(tmp_path, [Made("a", made, "prmbench", "verify")]).steps
    assert (prm.steps, prm.coverage.part, prm.curve[0].precision.part) == (2, 2, 1)


# --- failures --------------------------------------------------------------------------------


def test_failures_by_reason_with_examples(tmp_path: Path) -> None:
    timeout = {**UNKNOWN, "output": {"messages": [{"text": "nothing\nfound in 10 s"}]}}
    found = of(
        tmp_path,
        [
            *(Made(f"t{i}", [timeout]) for i in range(7)),
            Made("ok"),
            Made("bad", [{"outcome": "ill_formed", "prover": ""}]),
            Made("boom", [CRASH], stopped="given_up", tries=3),
        ],
    ).failures
    assert found.number == 9 and found.others == 0
    first = found.reasons[0]
    assert (first.outcome, first.reason, first.number) == ("unknown", "timeout", 7)
    assert [example.id for example in first.examples] == ["t0", "t1", "t2", "t3", "t4"]
    assert first.examples[0].message == "nothing found in 10 s"
    assert {(r.outcome, r.reason) for r in found.reasons[1:]} == {
        ("ill_formed", ""),
        ("failed", "crash"),
    }
    (boom,) = found.given_up_first
    assert (found.given_up, boom.id, boom.tries) == (1, "boom", 3)
    assert "worker died" in boom.message and (boom.file, boom.line) == ("problems.jsonl", 10)


@pytest.mark.parametrize(
    ("output", "said"),
    [
        ({}, ""),
        ({"messages": ["plain"]}, "plain"),
        ({"messages": [None, {"text": 3}, {"text": "x" * 999}]}, "x" * 299 + "…"),
        ({"error": "no such thing"}, "no such thing"),
        (
            {
                "steps": [
                    "odd",
                    {"verdict": "proved"},
                    {"index": 2, "verdict": "unknown", "reason": "timeout"},
                ]
            },
            "step 2: timeout",
        ),
        (
            {"steps": None, "answer": {"message": "the answer does not follow"}},
            "the answer does not follow",
        ),
        (
            {"messages": {"text": "no list"}, "steps": [{"verdict": "refuted"}]},
            "step None: refuted",
        ),
    ],
)
def test_what_an_output_says_of_itself(output: dict[str, Any], said: str) -> None:
    assert told(output) == said


# --- memory ----------------------------------------------------------------------------------


def test_memory_does_not_grow_with_the_run(tmp_path: Path) -> None:
    """More problems take no more of Python's memory; SQLite sorts in files."""
    most = []
    for number in (600, 1_600):
        many = (
            Made(f"p{i}", [{"answer": str(i), "seconds": i % 997 / 10}] * 2, gold=str(i))
            for i in range(number)
        )
        run = write_run(tmp_path / str(number), many, samples=2, early_stop=False)
        most.append(peak(lambda run=run: summarise(run)))
    assert most[1] - most[0] < 300_000, most


# --- what is wrong with a run ------------------------------------------------------------------


def test_no_run(tmp_path: Path) -> None:
    folder = write_run(tmp_path / "run", [Made("a")])
    (tmp_path / "run" / MANIFEST).unlink()
    with pytest.raises(InputError, match="holds no run"):
        summarise(folder)
    folder = write_run(tmp_path / "other", [Made("a")])
    (tmp_path / "other" / LEDGER).unlink()
    with pytest.raises(InputError, match=r"there is no '.*run\.db'"):
        summarise(folder)
    assert not (tmp_path / "other" / LEDGER).exists()


def test_a_run_of_a_newer_neurosym(tmp_path: Path) -> None:
    folder = write_run(tmp_path / "run", [Made("a")])
    manifest = tmp_path / "run" / MANIFEST
    text = manifest.read_text()
    manifest.write_text(text.replace('"format":1', '"format":99'))
    with pytest.raises(InputError, match="newer neurosym"):
        summarise(folder)
    manifest.write_text(text)
    database = sqlite3.connect(tmp_path / "run" / LEDGER)
    with database:
        database.execute("UPDATE neurosym_version SET version_num = '9999'")
    database.close()
    with pytest.raises(InputError, match="newer neurosym"):
        summarise(folder)


@pytest.mark.parametrize("how", ["text", "garbage", "body", "tables"])
def test_a_damaged_ledger(tmp_path: Path, how: str) -> None:
    problems = [Made(f"p{i}", [UNKNOWN], kind="verify") for i in range(2000)]
    folder = write_run(tmp_path / "run", problems)
    file = tmp_path / "run" / LEDGER
    expected: type[Exception] = BrokenToolError
    if how == "text":
        file.write_text("not a database")
        expected = InputError
    elif how == "garbage":
        data = bytearray(file.read_bytes())
        for start in range(8192, len(data), 4096):
            data[start : start + 2000] = os.urandom(2000)
        file.write_bytes(data)
    else:
        database = sqlite3.connect(file)
        with database:
            database.execute(
                "UPDATE batch_attempts SET body = x'00'"
                if how == "body"
                else "DROP TABLE batch_problems"
            )
        database.close()
    with pytest.raises(expected) as caught:
        summarise(folder)
    assert str(caught.value).count("\n") == 0 and "run" in str(caught.value)


def test_reading_writes_nothing_into_the_ledger(tmp_path: Path) -> None:
    folder = write_run(tmp_path / "run", [Made("a")])
    before = (tmp_path / "run" / LEDGER).read_bytes()
    summarise(folder)
    assert (tmp_path / "run" / LEDGER).read_bytes() == before


def test_a_folder_with_a_strange_name(tmp_path: Path) -> None:
    folder = write_run(tmp_path / "50%25 a#b?mode=rw&c", [Made("a")])
    assert summarise(folder).total.problems == 1
    assert [entry.name for entry in tmp_path.iterdir()] == ["50%25 a#b?mode=rw&c"]


def test_a_folder_that_nobody_may_write(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    folder = write_run(tmp_path / "run", [Made("a")])
    for beside in (tmp_path / "run").glob("run.db-*"):
        beside.unlink()
    monkeypatch.setattr(os, "access", lambda path, mode: False)
    assert summarise(folder).total.problems == 1
    assert list((tmp_path / "run").glob("run.db-*")) == []


def test_rows_that_are_not_read_to_their_end(
    tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    folder = write_run(tmp_path / "run", [Made(str(i)) for i in range(2_000)])
    with open_snapshot(folder.path / LEDGER) as snapshot:
        rows = snapshot.rows(sa.select(problems.c.id))
        assert next(rows).id == "0"
    del rows
    assert caplog.records == []


def test_figures_are_of_one_moment_while_the_run_goes_on(tmp_path: Path) -> None:
    folder = write_run(tmp_path / "run", [Made("a")], records=2)
    with open_snapshot(folder.path / LEDGER) as snapshot:
        assert whole(groups(snapshot, "form")).problems == 1
        ledger = folder.ledger()
        attempts, ended = problem(1, Made("b"))
        ledger.write(attempts, [ended])
        ledger.close()
        assert whole(groups(snapshot, "prover")).problems == 1
    assert summarise(folder).total.problems == 2
