"""``neurosym augment``, as it is called."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from neurosym.augment.lean.files import read_grown
from neurosym.cli import OK, USAGE, run
from neurosym.premises.corpus import Corpus
from tests.neurosym.augment.lean.conftest import nat_corpus

__all__ = ["nat_corpus"]


def test_mutants_of_a_corpus_and_then_of_more(
    nat_corpus: Corpus, lean_toolchain: object, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    out = tmp_path / "mutants.jsonl"
    common = ["augment", "lean", "--out", str(out), "--corpus", str(nat_corpus.folder)]
    assert run([*common, "--theorem", "Nat.sub_add_cancel", "--json"]) == OK
    facts = json.loads(capsys.readouterr().out)
    (grown,) = read_grown(out)
    assert facts["mutants"] == len(grown.mutants) > 0
    assert facts["seeds"] == 1 and sum(facts["kinds"].values()) == facts["mutants"]
    file = tmp_path / "own.lean"
    file.write_text("theorem own (a b : Nat) (h : a ≤ b) : a + 0 ≤ b := by omega\n")
    assert run([*common, "--file", str(file), "--kind", "rewrite_hypothesis"]) == OK
    said = capsys.readouterr().out
    assert "of 2 theorems" in said and "rewrite_hypothesis" in said
    own = list(read_grown(out))[1]
    assert {one.lineage.seed for one in own.mutants} == {"own"}
    assert {one.kind for one in own.mutants} == {"rewrite_hypothesis"}


@pytest.mark.parametrize(
    ("given", "said"),
    [
        (["--kind", "shuffle"], "there is no change 'shuffle'"),
        (["--file", "a.lean", "--theorem", "b"], "leave out --theorem"),
        (["--theorem", "Nat.none"], "no theorem 'Nat.none'"),
        (["--file", "none.lean"], "none.lean"),
    ],
)
def test_bad_usage(
    nat_corpus: Corpus,
    lean_toolchain: object,
    tmp_path: Path,
    capsys: pytest.CaptureFixture[str],
    given: list[str],
    said: str,
) -> None:
    common = ["augment", "lean", "--out", str(tmp_path / "out"), "--corpus"]
    assert run([*common, str(nat_corpus.folder), *given]) == USAGE
    assert said in capsys.readouterr().err
    assert not (tmp_path / "out").exists()


def test_a_file_that_does_not_elaborate(
    nat_corpus: Corpus, lean_toolchain: object, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    file = tmp_path / "own.lean"
    file.write_text("theorem own : 1 = 1 := rfl\n\ntheorem wrong : 1 = 2 := rfl\n")
    out = str(tmp_path / "out")
    asked = ["augment", "lean", "--out", out, "--file", str(file)]
    assert run([*asked, "--corpus", str(nat_corpus.folder)]) == USAGE
    assert "an error in line 3" in capsys.readouterr().err


def test_no_corpus(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    asked = ["augment", "lean", "--out", str(tmp_path / "out"), "--corpus", str(tmp_path / "none")]
    assert run(asked) == USAGE
    assert "neurosym premises build" in capsys.readouterr().err
