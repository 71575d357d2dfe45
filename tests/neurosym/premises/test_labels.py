"""Labels: what is tried, written line by line, gone on with, and read again."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from neurosym.premises.again import Again, Proved
from neurosym.premises.corpus import Corpus
from neurosym.premises.index import FOLDER, build
from neurosym.premises.labelling import Labeller, interleaved, label_all, looked_for, sample
from neurosym.premises.labels import Label, read_labels, write_labels
from neurosym.premises.select import Selector
from provers.errors import BrokenToolError, InputError


class Proofs(Again):
    """Proofs as they are told here, in the place of Lean's."""

    def __init__(self, corpus: Corpus, found: dict[str, str]) -> None:
        self.corpus = corpus
        self.found = found
        self.asked: list[str] = []

    def prove(self, index: int, *, seconds: float = 10.0, choose: object = None) -> Proved | None:
        name = self.corpus.names[index]
        self.asked.append(name)
        if name not in self.found:
            return None
        premises = tuple(map(self.corpus.index_of, self.found[name].split()))
        return Proved(f"by grind [{self.found[name]}]", premises, 0.1)


WANTED = ("double_zero", "zero_add", "top", "top2")
FOUND = {"double_zero": "add_zero double", "top": "double_zero", "top2": ""}


def test_a_label_names_the_premises_of_the_proof(corpus: Corpus) -> None:
    labeller = Labeller(Proofs(corpus, FOUND))
    assert labeller.label(corpus.index_of("double_zero")) == Label(
        "double_zero", "by grind [add_zero double]", ("add_zero", "double")
    )


@pytest.mark.parametrize("name", ["zero_add", "top2"])
def test_no_proof_and_one_that_needs_nothing_are_no_labels(corpus: Corpus, name: str) -> None:
    assert Labeller(Proofs(corpus, FOUND)).label(corpus.index_of(name)) is None


def test_a_theorem_that_the_statement_names_is_not_what_it_needs(corpus: Corpus) -> None:
    index = corpus.index_of("top2")  # it speaks of top
    found = Labeller(Proofs(corpus, {"top2": "top double_zero"})).label(index)
    assert found is not None and found.premises == ("double_zero",)
    assert Labeller(Proofs(corpus, {"top2": "top"})).label(index) is None


@pytest.mark.parametrize(
    ("proof", "needed"),
    [
        ("by exact double_zero", ["add_zero", "double_zero"]),  # add_zero is a simp lemma
        ("by omega", ["add_zero"]),
        ("by exact h.double_zero", ["add_zero", "double_zero"]),  # after a variable
        ("by exact not_double_zero", ["add_zero"]),
    ],
)
def test_what_nobody_looks_for_is_not_needed(corpus: Corpus, proof: str, needed: list[str]) -> None:
    used = [corpus.index_of("add_zero"), corpus.index_of("double_zero")]
    found = looked_for(corpus, corpus.index_of("top"), proof, used)
    assert [corpus.names[one] for one in found] == needed


def test_a_file_of_labels_is_gone_on_with(corpus: Corpus, tmp_path: Path) -> None:
    file = tmp_path / "labels.jsonl"
    wanted = [corpus.index_of(name) for name in WANTED]
    proofs = Proofs(corpus, FOUND)
    assert label_all(Labeller(proofs), corpus, wanted[:1], file) == 1
    with file.open("a") as stream:
        stream.write('{"theorem": "zero_a')  # killed in the middle of a line
    assert label_all(Labeller(proofs), corpus, wanted, file) == 2
    assert proofs.asked == list(WANTED)
    assert [one.theorem for one in read_labels(file)] == ["double_zero", "top"]
    lines = [json.loads(line) for line in file.read_text().splitlines()]
    assert [line["theorem"] for line in lines] == list(WANTED)


def test_several_workers_write_what_one_does(corpus: Corpus, tmp_path: Path) -> None:
    wanted = [corpus.index_of(name) for name in WANTED]
    files = [tmp_path / "one", tmp_path / "three"]
    told: list[tuple[int, int]] = []
    for file, workers in zip(files, (1, 3), strict=True):
        label_all(
            Labeller(Proofs(corpus, FOUND)),
            corpus,
            wanted,
            file,
            workers=workers,
            tell=lambda done, total: told.append((done, total)),
        )
    assert files[0].read_text() == files[1].read_text()
    assert told == [(done, 4) for done in (1, 2, 3, 4)] * 2


def test_what_was_labelled_before_an_error_is_kept(corpus: Corpus, tmp_path: Path) -> None:
    class Broken(Proofs):
        def prove(self, index: int, **named: Any) -> Proved | None:
            if self.corpus.names[index] == "top":
                raise BrokenToolError("Lean is gone.")
            return super().prove(index, **named)

    file = tmp_path / "labels.jsonl"
    wanted = [corpus.index_of(name) for name in WANTED]
    with pytest.raises(BrokenToolError):
        label_all(Labeller(Broken(corpus, FOUND)), corpus, wanted, file)
    assert [one.theorem for one in read_labels(file)] == ["double_zero"]
    proofs = Proofs(corpus, FOUND)
    assert label_all(Labeller(proofs), corpus, wanted, file) == 2
    assert proofs.asked == ["top", "top2"]


def test_nothing_is_done_twice(corpus: Corpus, tmp_path: Path) -> None:
    file = tmp_path / "labels.jsonl"
    wanted = [corpus.index_of(name) for name in WANTED]
    assert label_all(Labeller(Proofs(corpus, FOUND)), corpus, wanted, file) == 2
    before = file.read_text()
    idle = Proofs(corpus, FOUND)
    assert label_all(Labeller(idle), corpus, wanted[::-1], file, workers=2) == 2
    assert idle.asked == [] and file.read_text() == before


def test_a_file_that_cannot_be_written(corpus: Corpus, tmp_path: Path) -> None:
    wanted = [corpus.index_of("top")]
    with pytest.raises(InputError, match="cannot be written"):
        label_all(Labeller(Proofs(corpus, FOUND)), corpus, wanted, tmp_path / "no" / "labels")


def test_labels_are_written_and_read(tmp_path: Path) -> None:
    labels = [Label("t", "by simp [α]", ("α", "β.γ")), Label("u", "rfl", ("α",))]
    write_labels(labels, tmp_path / "labels.jsonl")
    assert read_labels(tmp_path / "labels.jsonl") == labels
    assert read_labels(tmp_path / "none.jsonl") == []


@pytest.mark.parametrize(
    "text",
    [
        "{\n",
        "[]\n",
        "7\n",
        "\n",
        '{"name": "x"}\n',
        '{"theorem": "x", "premises": ["y"]}\n',
        '{"theorem": "x", "proof": "by simp", "premises": 7}\n',
        '{"theorem": ["x"], "proof": "by simp", "premises": ["y"]}\n',
    ],
)
def test_a_damaged_file_is_refused(tmp_path: Path, text: str) -> None:
    file = tmp_path / "labels.jsonl"
    file.write_text(text)
    with pytest.raises(InputError, match="damaged in line 1"):
        read_labels(file)


def test_what_is_no_file_cannot_be_read(tmp_path: Path) -> None:
    with pytest.raises(InputError):
        read_labels(tmp_path)


def test_the_same_sample_again(corpus: Corpus) -> None:
    first = sample(corpus, 3)
    assert first == sample(corpus, 3) and len(first) == 3
    assert sample(corpus, 99) != sample(corpus, 99, seed=1)
    names = {corpus.names[i] for i in sample(corpus, 99)}
    assert "add_zero" in names and "double.eq" in names and "N" not in names


def test_retrievers_name_premises_in_turn(corpus: Corpus) -> None:
    selector = Selector(corpus, build(corpus, None, corpus.folder / FOLDER))
    usable = corpus.module_of.argsort().astype("int32")
    index = corpus.index_of("double_zero")
    goal = corpus[index].statement
    named = interleaved(selector, most=4)(index, goal, usable)
    words, symbols = (
        [one.premise.name for one in selector.search(goal, 4, accessible=usable, methods=(way,))]
        for way in ("bm25", "overlap")
    )
    turns = [name for pair in zip(words, symbols, strict=True) for name in pair]
    assert named == list(dict.fromkeys(turns))[:4]
