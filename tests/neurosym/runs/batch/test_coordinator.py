"""Which attempts are made, when a problem is done, and what a second beginning repeats: nothing."""

from __future__ import annotations

import dataclasses
import itertools
from pathlib import Path
from typing import Any

import pytest

from neurosym.runs.batch.base import Configuration, Task
from neurosym.runs.batch.coordinator import Coordinator, Progress, conclude
from neurosym.runs.batch.ledger import Kept, Ledger, Problem
from neurosym.runs.inputs import items
from neurosym.runs.items import Item, Origin, Recorded
from neurosym.runs.problems import ProblemRecord
from provers.errors import BrokenToolError, InputError
from tests.neurosym.runs.batch.acting import Stage, written

CONFIGURATION = Configuration(prover="z3")


def run(
    file: str,
    total: int,
    folder: Path,
    configuration: Configuration = CONFIGURATION,
    stage: Stage | None = None,
    **budget: Any,
) -> tuple[str, Coordinator, list[Problem], Stage]:
    ledger = Ledger.open(folder / "run.db")
    stage = stage or Stage(configuration)
    try:
        coordinator = Coordinator(items([file]), total, configuration, ledger, stage, **budget)
        end = coordinator.run()
        return end, coordinator, list(ledger.problems()), stage
    finally:
        ledger.close()


def test_every_problem_is_attempted_once(tmp_path: Path) -> None:
    file = written(tmp_path, "proved", "refuted", "unknown", "proved")
    end, coordinator, problems, stage = run(file, 4, tmp_path)
    assert end == "done"
    assert [p.outcome for p in problems] == ["proved", "refuted", "unknown", "proved"]
    assert [p.position for p in problems] == [0, 1, 2, 3]
    assert [p.solved for p in problems] == [True, False, False, True]
    assert sorted(stage.submitted) == [(0, 0), (1, 0), (2, 0), (3, 0)]
    progress = coordinator.progress
    assert (progress.done, progress.solved, progress.flying) == (4, 2, 0)
    assert progress.tokens == 40


def test_a_second_run_repeats_nothing(tmp_path: Path) -> None:
    file = written(tmp_path, "proved", "unknown", "refuted")
    first = run(file, 3, tmp_path)
    end, coordinator, problems, stage = run(file, 3, tmp_path)
    assert (end, stage.submitted) == ("done", [])
    assert problems == first[2]
    assert (coordinator.progress.done, coordinator.progress.earlier) == (3, 3)


def test_early_stop_ends_at_the_first_success(tmp_path: Path) -> None:
    configuration = Configuration(prover="z3", samples=5)
    file = written(tmp_path, "solved-at-2", "unknown")
    _, _, problems, stage = run(file, 2, tmp_path, configuration)
    assert [(p.attempts, p.successes, p.stopped) for p in problems] == [
        (3, 1, "solved"),
        (5, 0, "all"),
    ]
    assert [key for key in stage.submitted if key[0] == 0] == [(0, 0), (0, 1), (0, 2)]
    assert problems[0].chosen == 2 and problems[0].outcome == "proved"


def test_without_early_stop_all_samples_are_drawn(tmp_path: Path) -> None:
    configuration = Configuration(prover="z3", samples=5, early_stop=False)
    _, _, problems, stage = run(written(tmp_path, "solved-at-1"), 1, tmp_path, configuration)
    assert (problems[0].attempts, problems[0].successes, problems[0].stopped) == (5, 1, "all")
    assert len(stage.submitted) == len(set(stage.submitted)) == 5


def test_no_more_attempts_are_made_than_there_are_recorded_samples(tmp_path: Path) -> None:
    configuration = Configuration(prover="z3", samples=5, early_stop=False)
    problem = ProblemRecord(goal="unknown")
    items = [Item(str(n), "prove", Recorded((problem,) * n), Origin("", n, "")) for n in (2, 5, 9)]
    ledger = Ledger.open(tmp_path / "run.db")
    try:
        Coordinator(items, 3, configuration, ledger, Samples(configuration)).run()
        assert [(p.attempts, p.stopped) for p in ledger.problems()] == [
            (2, "all"),
            (5, "all"),
            (5, "all"),
        ]
    finally:
        ledger.close()


class Samples(Stage):
    """An executor whose attempts take their samples out of what is recorded."""

    def submit(self, task: Task) -> None:
        assert isinstance(task.item.payload, Recorded)
        sample = task.item.payload.samples[task.sample]
        assert isinstance(sample, ProblemRecord)
        super().submit(
            dataclasses.replace(task, item=dataclasses.replace(task.item, payload=sample))
        )


def test_a_final_attempt_ends_a_problem(tmp_path: Path) -> None:
    configuration = Configuration(prover="z3", samples=50, early_stop=False)
    _, _, problems, stage = run(written(tmp_path, "refuted"), 1, tmp_path, configuration)
    assert problems[0].stopped == "final"
    # What was on its way when it came is made, and no more.
    assert len(stage.submitted) <= 5


def test_the_budget_of_a_problem(tmp_path: Path) -> None:
    seconds = Configuration(prover="z3", samples=9, problem_seconds=0.025)
    _, _, problems, _ = run(written(tmp_path, "unknown"), 1, tmp_path, seconds)
    assert (problems[0].attempts, problems[0].stopped) == (3, "seconds")
    (tmp_path / "t").mkdir()
    tokens = Configuration(prover="z3", samples=9, problem_tokens=20)
    _, _, problems, _ = run(written(tmp_path, "unknown"), 1, tmp_path / "t", tokens)
    assert (problems[0].attempts, problems[0].stopped) == (2, "tokens")


def test_the_budget_of_the_run_ends_it_and_it_can_go_on(tmp_path: Path) -> None:
    file = written(tmp_path, *["unknown"] * 30)
    end, coordinator, problems, _ = run(file, 30, tmp_path, tokens=100)
    assert end == "tokens"
    assert 10 <= len(problems) < 30
    end, coordinator, problems, stage = run(file, 30, tmp_path)
    assert (end, len(problems)) == ("done", 30)
    assert len(stage.submitted) == 30 - coordinator.progress.earlier


def test_a_tool_that_breaks_is_tried_again_and_given_up_after_three(tmp_path: Path) -> None:
    file = written(tmp_path, "broken", "broken-2", "proved")
    _, coordinator, problems, stage = run(file, 3, tmp_path)
    assert [(p.outcome, p.stopped, p.tries) for p in problems] == [
        ("failed", "given_up", 3),
        ("proved", "solved", 2),
        ("proved", "solved", 0),
    ]
    assert stage.submitted.count((0, 0)) == 3
    assert coordinator.progress.given_up == ["p0-broken"]


def test_a_worker_that_dies_is_counted_where_the_attempt_is_to_blame(tmp_path: Path) -> None:
    file = written(tmp_path, "proved", "proved")
    lose = [(0, 0, True)] * 3 + [(1, 0, False)] * 5
    stage = Stage(CONFIGURATION, lose)
    _, _, problems, _ = run(file, 2, tmp_path, stage=stage)
    assert [(p.outcome, p.reason, p.tries) for p in problems] == [
        ("failed", "crash", 3),
        ("proved", "", 0),
    ]
    ledger = Ledger.open(tmp_path / "run.db")
    (message,) = ledger.outputs(0)[0]["messages"]
    ledger.close()
    assert "given up" in message["text"] and "its machine is gone" in message["text"]


def test_deaths_are_remembered_across_beginnings(tmp_path: Path) -> None:
    file = written(tmp_path, "proved")
    for _ in range(2):
        dying = _Interrupted(CONFIGURATION, [(0, 0, True)])
        with pytest.raises(KeyboardInterrupt):
            run(file, 1, tmp_path, stage=dying)
    _, _, problems, stage = run(file, 1, tmp_path, stage=Stage(CONFIGURATION, [(0, 0, True)]))
    assert (problems[0].outcome, problems[0].tries) == ("failed", 3)
    assert stage.submitted == [(0, 0)]


class _Interrupted(Stage):
    """Is interrupted after its first loss."""

    def wait(self, seconds: float) -> list[Any]:
        if not self.lose:
            raise KeyboardInterrupt
        return super().wait(seconds)


@pytest.mark.parametrize("after", [1, 3, 7, 10])
def test_an_interrupted_run_goes_on_where_it_stood(tmp_path: Path, after: int) -> None:
    configuration = Configuration(prover="z3", samples=3)
    words = ["solved-at-1", "unknown", "refuted", "proved", "solved-at-2"] * 3
    file = written(tmp_path, *words)
    (tmp_path / "whole").mkdir()
    whole = run(file, 15, tmp_path / "whole", configuration)
    begun: list[tuple[int, int]] = []
    for _ in itertools.repeat(None):
        stage = _Ending(configuration, after)
        try:
            _, _, problems, _ = run(file, 15, tmp_path, configuration, stage)
        except KeyboardInterrupt:
            begun += stage.finished
            continue
        begun += stage.finished
        break
    elsewhere = [dataclasses.replace(one, file=file) for one in whole[2]]
    assert problems == elsewhere
    assert len(begun) == len(set(begun)), "an attempt was made twice"


class _Ending(Stage):
    """Is interrupted after so many attempts, whose results have all arrived."""

    def __init__(self, configuration: Configuration, after: int) -> None:
        super().__init__(configuration)
        self.after = after
        self.finished: list[tuple[int, int]] = []

    def wait(self, seconds: float) -> list[Any]:
        if len(self.finished) >= self.after:
            raise KeyboardInterrupt
        events = super().wait(seconds)
        self.finished += [event.task.key for event in events]
        return events


def test_a_record_that_cannot_be_read_is_a_result(tmp_path: Path) -> None:
    file = tmp_path / "problems.jsonl"
    file.write_text('{"id": "a", "goal": "proved"}\n{"id": "a", "goal": "proved"}\nnot json\n')
    _, _, problems, _ = run(str(file), 3, tmp_path)
    assert [p.outcome for p in problems] == ["proved", "ill_formed", "ill_formed"]


def test_what_was_made_before_the_inputs_end_badly_is_kept(tmp_path: Path) -> None:
    file = tmp_path / "problems.jsonl"
    file.write_text('{"id": "a", "goal": "proved"}\n{"id": "b", "steps": ["1 + 1 = 2"]}\n')
    ledger = Ledger.open(tmp_path / "run.db")
    with pytest.raises(InputError, match="mixes kinds"):
        Coordinator(items([str(file)]), 2, CONFIGURATION, ledger, Stage(CONFIGURATION)).run()
    ledger.close()


def test_a_full_disk_ends_the_run_with_a_sentence(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    file = written(tmp_path, *["proved"] * 300)
    ledger = Ledger.open(tmp_path / "run.db")
    # SQLite itself says that the disk is full when it may not grow its file any more.
    with ledger._engine.connect() as connection:
        connection.exec_driver_sql("PRAGMA journal_mode")
    import sqlalchemy as sa

    @sa.event.listens_for(ledger._engine, "begin")
    def _full(connection: sa.Connection) -> None:
        pages = connection.exec_driver_sql("PRAGMA page_count").scalar_one()
        connection.exec_driver_sql(f"PRAGMA max_page_count={pages}")

    with pytest.raises(BrokenToolError, match="full"):
        Coordinator(items([file]), 300, CONFIGURATION, ledger, Stage(CONFIGURATION)).run()
    ledger.close()
    end, _, problems, _ = run(file, 300, tmp_path)
    assert (end, len(problems)) == ("done", 300)


def test_progress_is_told(tmp_path: Path) -> None:
    told: list[int] = []

    def tell(progress: Progress) -> None:
        told.append(progress.done)

    run(written(tmp_path, "proved", "proved"), 2, tmp_path, tell=tell)
    assert told and told[-1] == 2


# --- the vote ----------------------------------------------------------------------------------


def kept(sample: int, outcome: str, answer: str | None = None) -> Kept:
    return Kept(0, sample, outcome, "", answer, answer == "True", False, "z3", 1.0, 0.5, 7)


def item(gold: str | None = "True") -> Item:
    return Item("a", "prove", ProblemRecord(goal="p"), Origin("f", 1, "neurosym"), gold)


def test_the_most_votes_win_whatever_the_gold_answer_is() -> None:
    made = [kept(0, "proved", "True"), kept(1, "refuted", "False"), kept(2, "refuted", "False")]
    found = conclude(0, item(), made, 0, "all")
    assert (found.answer, found.votes, found.chosen) == ("False", 2, 1)
    assert (found.correct, found.solved, found.successes) == (False, True, 1)
    assert (found.seconds, found.prover_seconds, found.tokens) == (3.0, 1.5, 21)


def test_the_earliest_wins_among_equals_and_what_decides_nothing_has_no_vote() -> None:
    made = [kept(0, "unknown"), kept(2, "refuted", "False"), kept(1, "proved", "True")]
    found = conclude(0, item(), made, 0, "all")
    assert (found.answer, found.votes, found.chosen, found.correct) == ("True", 1, 1, True)


def test_without_a_decision_it_is_what_the_first_attempt_says() -> None:
    found = conclude(0, item(), [kept(1, "failed"), kept(0, "unknown")], 0, "all")
    assert (found.outcome, found.votes, found.correct, found.chosen) == ("unknown", 0, None, 0)
