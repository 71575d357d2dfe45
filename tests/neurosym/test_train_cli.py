"""``neurosym train translator``, as it is called."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

pytest.importorskip("trl", reason="training a translator needs the extra 'train'")
from neurosym.cli import OK, USAGE, run
from neurosym.llm.base import Message, Request
from neurosym.llm.opening import open_model

PAIRS = [
    {"prompt": f"{name.title()} is {word}.", "completion": f"{word}({name})"}
    for name in ("ann", "tom")
    for word in ("big", "kind")
]


@pytest.fixture
def data(tmp_path: Path) -> Path:
    file = tmp_path / "pairs.jsonl"
    file.write_text("".join(json.dumps(pair) + "\n" for pair in PAIRS))
    return file


def test_from_scratch_and_then_further(
    data: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    out = tmp_path / "model"
    brief = ["--epochs", "1", "--batch", "4", "--device", "cpu"]
    assert run(["train", "translator", str(data), "--out", str(out), *brief, "--json"]) == OK
    facts = json.loads(capsys.readouterr().out)
    assert facts == {"model": str(out), "way": "sft", "pairs": 4}
    model = open_model(str(out))
    try:
        asked = Request((Message("user", "Ann is big."),), grammar='root ::= "big(ann)"')
        assert [one.text for one in model.complete(asked).samples] == ["big(ann)"]
    finally:
        model.close()
    better = tmp_path / "better"
    preferences = tmp_path / "preferences.jsonl"
    preferences.write_text(
        json.dumps({"prompt": "Ann is big.", "chosen": "big(ann)", "rejected": "ann(big)"}) + "\n"
    )
    asked_for = ["train", "translator", str(preferences), "--out", str(better), "--way", "dpo"]
    assert run([*asked_for, "--base", str(out), *brief]) == OK
    assert f"--model {better}" in capsys.readouterr().out


@pytest.mark.parametrize(
    ("given", "said"),
    [
        (["--way", "dpo"], "give --base FOLDER"),
        (["--way", "expert"], "give --base FOLDER"),
        (["--epochs", "0"], "must be positive"),
        (["--base", "/no/such/folder"], "/no/such/folder"),
    ],
)
def test_bad_usage(
    data: Path,
    tmp_path: Path,
    capsys: pytest.CaptureFixture[str],
    given: list[str],
    said: str,
) -> None:
    if "dpo" in given:
        data.write_text(json.dumps({"prompt": "a", "chosen": "b", "rejected": "c"}) + "\n")
    out = tmp_path / "model"
    assert run(["train", "translator", str(data), "--out", str(out), *given]) == USAGE
    assert said in capsys.readouterr().err
    assert not out.exists()


def test_a_loop(data: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    base, out = tmp_path / "base", tmp_path / "rounds"
    brief = ["--epochs", "1", "--batch", "4", "--device", "cpu"]
    assert run(["train", "translator", str(data), "--out", str(base), *brief]) == OK
    held_out = tmp_path / "held_out.jsonl"
    held_out.write_text(json.dumps({"prompt": "Ivy is big.", "completion": "big(ivy)"}) + "\n")
    asked = ["loop", str(data), "--held-out", str(held_out), "--base", str(base), *brief]
    asked += ["--out", str(out), "--pairs", str(data), "--rounds", "1", "--samples", "1"]
    asked += ["--renamed", "2"]
    capsys.readouterr()
    assert run([*asked, "--json"]) == OK
    rounds = json.loads(capsys.readouterr().out)["rounds"]
    assert [(one["number"], one["learnt"]) for one in rounds] == [(0, 0), (1, 4)]
    assert run(asked) == OK  # it is there already
    said = capsys.readouterr().out
    assert "Round 1: 0 of 1 held-out problems (0.0%)" in said and "rounds.svg" in said
    assert run([*asked[:3], str(data), *asked[4:]]) == USAGE
    assert "is among what is learnt from" in capsys.readouterr().err
