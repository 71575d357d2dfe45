"""``neurosym augment``, as it is called."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from neurosym.augment.files import read_examples
from neurosym.augment.lean.files import read_grown
from neurosym.cli import FOUND, OK, USAGE, run
from neurosym.premises.corpus import Corpus
from neurosym.train.translator.data import read_pairs
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


SUMS = [
    {
        "id": "clips",
        "question": "Anna sold 48 clips in April, and then half as many in May. How many clips "
        "did Anna sell in both months?",
        "answer": "Anna sold 48/2 = <<48/2=24>>24 clips in May.\n"
        "Anna sold 48+24 = <<48+24=72>>72 clips in both months.\n#### 72",
    },
    {"id": "wrong", "question": "Tom has 2 and 3 pears. How many?", "answer": "2+3 = 6\n#### 6"},
]


def test_examples_are_made_and_checked_by_another_prover(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    theories, checked = tmp_path / "theories.jsonl", tmp_path / "checked.jsonl"
    assert run(["augment", "logic", "--number", "4", "--out", str(theories), "--json"]) == OK
    facts = json.loads(capsys.readouterr().out)
    made = list(read_examples(theories))
    assert len(made) == facts["examples"] == sum(facts["kinds"].values()) > 8
    assert {"theory proved", "theory refuted"} <= set(facts["kinds"])
    assert run(["augment", "recheck", str(theories), "--out", str(checked)]) == OK
    assert f"{len(made)} examples are in" in capsys.readouterr().out
    assert list(read_examples(checked)) == made
    again = ["augment", "recheck", str(theories), "--out", str(checked), "--prover", "z3"]
    assert run(again) == USAGE
    assert "z3 labelled these examples" in capsys.readouterr().err


def test_a_wrong_label_does_not_leave(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    theories, checked = tmp_path / "theories.jsonl", tmp_path / "checked.jsonl"
    plain = ["--number", "1", "--no-mutate", "--no-corrupt"]
    assert run(["augment", "logic", *plain, "--out", str(theories)]) == OK
    (one,) = read_examples(theories)
    assert one.label == "proved"
    theories.write_text(theories.read_text().replace('"proved"', '"refuted"'))
    capsys.readouterr()
    assert run(["augment", "recheck", str(theories), "--out", str(checked)]) == FOUND
    said = capsys.readouterr().out
    assert f"{one.id}: disagrees" in said and "0 examples are in" in said


def test_word_problems_with_other_numbers(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    file, out = tmp_path / "sums.jsonl", tmp_path / "steps.jsonl"
    file.write_text("".join(json.dumps(one) + "\n" for one in SUMS))
    asked = ["augment", "numeric", str(file), "--out", str(out), "--each", "3", "--json"]
    assert run(asked) == OK
    facts = json.loads(capsys.readouterr().out)
    assert facts["problems"]["template"] == 1 and sum(facts["problems"].values()) == 2
    made = list(read_examples(out))
    steps = [one for one in made if one.kind == "step"]
    assert len(steps) == 6 and {one.label for one in steps} == {"proved"}
    assert {one.label for one in made if one.kind != "step"} == {"refuted"}
    assert {one.lineage.seed for one in made} == {"clips"}
    file.write_text('{"question": "What?"}\n')
    assert run(asked) == USAGE
    assert "line 1 is no word problem" in capsys.readouterr().err


def test_data_sets_are_written(
    nat_corpus: Corpus, lean_toolchain: object, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    theories, mutants = tmp_path / "theories.jsonl", tmp_path / "mutants.jsonl"
    assert run(["augment", "logic", "--number", "6", "--out", str(theories)]) == OK
    grow = ["augment", "lean", "--out", str(mutants), "--corpus", str(nat_corpus.folder)]
    assert run([*grow, "--theorem", "Nat.le_of_lt", "--kind", "contrapose"]) == OK
    made = list(read_examples(theories))
    known = tmp_path / "known.jsonl"
    premises = [one.text for one in made[0].premises]
    known.write_text(json.dumps({"id": "1", "premises": premises, "conclusion": "x"}) + "\n")
    out = tmp_path / "data"
    asked = ["augment", "export", str(theories), str(mutants), "--license", "CC0", "--json"]
    capsys.readouterr()
    assert run([*asked, "--out", str(out), "--benchmark", f"known={known}"]) == OK
    facts = json.loads(capsys.readouterr().out)
    assert facts["refused"] == 0
    written = {"examples", "mutants", "proofs", "tactics", "pairs", "preferences"}
    assert written | {"prm800k", "math-shepherd"} == set(facts["rows"])
    card = (out / "README.md").read_text()
    assert "License: CC0" in card and "known" in card and "cvc5" in card
    rows = [json.loads(line) for file in out.glob("pairs/*.jsonl") for line in file.open()]
    assert rows and not {row["seed"] for row in rows} & {made[0].lineage.seed}
    assert read_pairs(next(out.glob("pairs/*.jsonl")))
    proofs = [json.loads(line) for file in out.glob("proofs/*.jsonl") for line in file.open()]
    assert {row["seed"] for row in proofs} == {"Nat.le_of_lt"}
    assert run([*asked, "--out", str(out)]) == USAGE
    assert "is there already" in capsys.readouterr().err


def test_no_corpus(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    asked = ["augment", "lean", "--out", str(tmp_path / "out"), "--corpus", str(tmp_path / "none")]
    assert run(asked) == USAGE
    assert "neurosym premises build" in capsys.readouterr().err
