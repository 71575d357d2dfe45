"""Two runs compared: every kind of change, by hand, and through the command line."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from neurosym import cli
from neurosym.runs.batch.diff import (
    IMPROVEMENTS,
    REGRESSIONS,
    Difference,
    Side,
    compare,
    kind_of,
    write_difference,
)
from neurosym.runs.batch.folder import LEDGER, MANIFEST, RunFolder
from neurosym.runs.batch.manifest import InputFile
from provers.errors import BrokenToolError, InputError
from tests.neurosym.runs.batch.made import Made, peak, write_run

PROVED: dict[str, Any] = {}
REFUTED = {"outcome": "refuted", "solved": False}
UNKNOWN = {"outcome": "unknown", "reason": "timeout"}
FAILED = {"outcome": "failed", "reason": "crash", "prover": ""}
RIGHT = {"answer": "True"}
WRONG = {"answer": "False"}


def side(outcome: str, **changes: Any) -> Side:
    usual: dict[str, Any] = {
        "outcome": outcome,
        "reason": "",
        "answer": None,
        "correct": None,
        "solved": outcome == "proved",
        "prover": "z3",
        "seconds": 1.0,
    }
    return Side(**{**usual, **changes})


@pytest.mark.parametrize(
    ("first", "second", "kind"),
    [
        (side("proved"), side("proved"), None),
        (side("proved"), side("proved", seconds=9.0, prover="cvc5"), None),
        (side("proved"), side("refuted"), "contradiction"),
        (side("refuted"), side("proved"), "contradiction"),
        (side("independent"), side("inconsistent"), "contradiction"),
        (side("proved"), side("unknown"), "unsolved"),
        (side("proved"), side("failed"), "unsolved"),
        (side("refuted"), side("unknown"), "undecided"),
        (side("unknown"), side("failed"), "failing"),
        (side("refuted"), side("failed"), "undecided"),
        (side("proved", answer="A", correct=True), side("proved", answer="B"), "wrong"),
        (side("unknown"), side("proved"), "solved"),
        (side("failed"), side("refuted"), "decided"),
        (side("failed"), side("unknown"), "working"),
        (side("proved", answer="B", correct=False), side("proved", correct=True), "right"),
        (side("unknown", reason="timeout"), side("unknown", reason="memory"), "other"),
        (side("untranslated"), side("ambiguous"), "other"),
        (side("unknown", answer="A"), side("unknown", answer="B"), "other"),
    ],
)
def test_kinds_of_change(first: Side, second: Side, kind: str | None) -> None:
    assert kind_of(first, second) == kind


@pytest.fixture
def runs(tmp_path: Path) -> tuple[RunFolder, RunFolder]:
    """Two runs with one change of each sort."""
    before = [
        Made("same", [PROVED]),
        Made("turned", [PROVED]),
        Made("lost", [PROVED]),
        Made("slow", [{**REFUTED, "seconds": 1.0}]),
        Made("broke", [UNKNOWN]),
        Made("misread", [RIGHT, WRONG], gold="True"),
        Made("won", [UNKNOWN]),
        Made("mended", [FAILED]),
        Made("other", [UNKNOWN]),
        Made("edited", [PROVED], content="1 = 1"),
        Made("gone", [PROVED]),
    ]
    after = [
        Made("new", [PROVED]),
        Made("edited", [UNKNOWN], content="1 = 2"),
        Made("other", [{**UNKNOWN, "reason": "memory"}]),
        Made("mended", [UNKNOWN]),
        Made("won", [PROVED]),
        Made("misread", [RIGHT, WRONG], gold="True", chosen=1),
        Made("broke", [FAILED]),
        Made("slow", [UNKNOWN]),
        Made("lost", [{**UNKNOWN, "seconds": 10.0}]),
        Made("turned", [REFUTED]),
        Made("same", [{"seconds": 0.4}]),
    ]
    first = write_run(tmp_path / "run1", before, records=12)
    second = write_run(
        tmp_path / "run2",
        after,
        versions={"neurosym": "0.2.0", "cvc5": "1.3"},
        file=InputFile(
            given="problems.jsonl", file="problems.jsonl", form="records", sha256="cd" * 32, bytes=9
        ),
        seconds=20.0,
    )
    return first, second


def ids(found: Difference) -> dict[str, list[str]]:
    changes = (*found.regressions, *found.improvements, found.others)
    return {one.kind: [change.id for change in one.shown] for one in changes if one.number}


def test_every_kind_is_found(runs: tuple[RunFolder, RunFolder]) -> None:
    found = compare(*runs)
    assert ids(found) == {
        "contradiction": ["turned"],
        "unsolved": ["lost"],
        "undecided": ["slow"],
        "failing": ["broke"],
        "wrong": ["misread"],
        "solved": ["won"],
        "working": ["mended"],
        "other": ["other"],
    }
    assert tuple(one.kind for one in found.regressions) == REGRESSIONS
    assert tuple(one.kind for one in found.improvements) == IMPROVEMENTS
    assert (found.worse, found.better, found.unchanged, found.same_problems) == (5, 2, 1, 9)
    assert (found.content.shown, found.only_first.shown, found.only_second.shown) == (
        ("edited",),
        ("gone",),
        ("new",),
    )


def test_what_else_differs(runs: tuple[RunFolder, RunFolder]) -> None:
    found = compare(*runs)
    assert found.setting.configuration == {"seconds": (10.0, 20.0)}
    assert found.setting.versions == {
        "neurosym": ("0.1.0", "0.2.0"),
        "z3-solver": ("4.15.4.0", None),
        "cvc5": (None, "1.3"),
    }
    assert found.setting.inputs == {"problems.jsonl": ("ab" * 32, "cd" * 32)}
    assert (found.setting.first_left, found.setting.second_left) == (1, 0)
    # Nine problems with ten attempts each side; one ratio of 4, one of 1 and one of 2 of 0.1 s.
    assert found.speed.first == pytest.approx(0.1 * 9 + 1.0)
    assert found.speed.second == pytest.approx(0.1 * 8 + 10.0 + 0.4)
    assert found.speed.typical == pytest.approx((4 * 1 * 1) ** (1 / 3))


def test_a_run_is_as_it_is(runs: tuple[RunFolder, RunFolder]) -> None:
    found = compare(runs[0], runs[0])
    assert (found.worse, found.better, found.unchanged) == (0, 0, 11)
    assert found.speed.ratio == 1.0
    assert not (found.setting.configuration or found.setting.versions or found.setting.inputs)


def test_runs_with_nothing_finished(tmp_path: Path) -> None:
    empty = write_run(tmp_path / "empty", [], records=1)
    full = write_run(tmp_path / "full", [Made("a")])
    assert compare(empty, empty).same_problems == 0
    assert compare(empty, full).only_second.shown == ("a",)
    found = compare(full, empty)
    assert (found.only_first.shown, found.setting.second_left) == (("a",), 1)
    assert found.speed.ratio is None
    json.dumps(write_difference(found), allow_nan=False)


def test_only_so_many_are_shown_but_all_are_counted(tmp_path: Path) -> None:
    first = write_run(tmp_path / "1", [Made(f"p{i}") for i in range(50)])
    second = write_run(tmp_path / "2", [Made(f"p{i}", [UNKNOWN]) for i in range(25)])
    found = compare(first, second, 3)
    (unsolved,) = [one for one in found.regressions if one.kind == "unsolved"]
    assert (unsolved.number, len(unsolved.shown)) == (25, 3)
    assert (found.only_first.number, found.only_first.shown) == (25, ("p25", "p26", "p27"))


def test_memory_does_not_grow(tmp_path: Path) -> None:
    most = []
    for number in (600, 1_600):
        first = write_run(tmp_path / f"1-{number}", (Made(f"p{i}") for i in range(number)))
        others = (Made(f"p{i}", [UNKNOWN]) for i in range(number))
        second = write_run(tmp_path / f"2-{number}", others)
        most.append(peak(lambda runs=(first, second): compare(*runs)))
    assert most[1] - most[0] < 200_000, most  # the rows of either run alone are more


def test_the_command_says_regressions_first(
    runs: tuple[RunFolder, RunFolder], capsys: pytest.CaptureFixture[str]
) -> None:
    first, second = str(runs[0].path), str(runs[1].path)
    assert cli.run(["batch", "diff", first, second]) == 1
    lines = capsys.readouterr().out.splitlines()
    assert lines[1] == "worse: 5"
    assert lines[2:4] == [
        "  decided by both, differently: 1",
        "    turned: proved -> refuted",
    ]
    assert lines.index("better: 2") > lines.index("    lost: proved -> unknown (timeout)")
    assert "    misread: proved, answer True -> proved, answer False" in lines
    assert f"{first} is incomplete: 1 of its problems are not finished" in lines
    assert "version neurosym: 0.1.0 -> 0.2.0" in lines
    assert cli.run(["batch", "diff", first, first]) == 0


def test_the_command_in_json(
    runs: tuple[RunFolder, RunFolder], capsys: pytest.CaptureFixture[str]
) -> None:
    status = cli.run(["batch", "diff", str(runs[0].path), str(runs[1].path), "--json"])
    found = json.loads(capsys.readouterr().out)
    assert (status, found["worse"], found["better"]) == (1, 5, 2)
    first = found["regressions"][0]
    assert (first["kind"], first["number"], first["shown"][0]["id"]) == (
        "contradiction",
        1,
        "turned",
    )


def test_names_cannot_control_the_terminal(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    name = "a\x1b[31m\n[bold]b[/bold]\u202e"
    first = write_run(tmp_path / "1", [Made(name)])
    second = write_run(tmp_path / "2", [Made(name, [UNKNOWN])])
    assert cli.run(["batch", "diff", str(first.path), str(second.path)]) == 1
    out = capsys.readouterr().out
    assert "a�[31m [bold]b[/bold]�: proved" in out and "\x1b" not in out


def test_what_is_wrong_with_a_run(
    runs: tuple[RunFolder, RunFolder], tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    with pytest.raises(InputError, match="there is no folder"):
        compare(runs[0], RunFolder(tmp_path / "nowhere"))
    (runs[1].path / LEDGER).write_bytes(b"SQLite format 3\0" + b"?" * 9000)
    with pytest.raises(BrokenToolError, match="cannot be used"):
        compare(*runs)
    assert cli.run(["batch", "diff", str(runs[0].path), str(runs[1].path)]) == 3
    (runs[1].path / MANIFEST).write_text("{")
    assert cli.run(["batch", "diff", str(runs[0].path), str(runs[1].path)]) == 2
    assert capsys.readouterr().err.count("\n") == 2
