"""The dense retriever's training: what it learns from, and a tiny run of it."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import numpy as np
import pytest

pytest.importorskip("sentence_transformers", reason="training needs the extra 'train'")
pytest.importorskip("datasets", reason="training needs the extra 'train'")
from sentence_transformers import SentenceTransformer, SentenceTransformerTrainer

from neurosym.cli import OK, USAGE, run
from neurosym.premises.corpus import Corpus
from neurosym.premises.dense import Encoder, text_of
from neurosym.premises.graph import Accessible
from neurosym.premises.labels import Label, write_labels
from neurosym.train.retriever import Pair, Training, pairs, train
from provers.errors import InputError
from tests.neurosym.premises.made import small

LABELS = [
    Label("side", "by simp", ("add_zero",)),
    Label("double_zero", "by simp", ("add_zero",)),
    Label("last", "by grind", ("double_zero", "side")),
    Label("top", "by grind", ("double_zero",)),
]
TINY = Training(epochs=1, batch=2)


@pytest.fixture(scope="module")
def corpus(tmp_path_factory: pytest.TempPathFactory) -> Corpus:
    folder = tmp_path_factory.mktemp("corpus")
    with pytest.MonkeyPatch.context() as monkeypatch:
        shelf = small(folder / "lean-root")
        shelf.install(monkeypatch)
        return shelf.build(folder / "corpus").corpus


@pytest.fixture(scope="module")
def given(corpus: Corpus) -> list[Pair]:
    return list(pairs(corpus, LABELS))


# --- what is learnt from -----------------------------------------------------------------------


def test_statements_that_no_corpus_has_may_use_all_of_it(corpus: Corpus) -> None:
    others = [("⊢ made", ("top", "no such", "later")), ("⊢ none", ("no such",))]
    found = list(pairs(corpus, [], others))
    wanted = [text_of(corpus[corpus.index_of(name)]) for name in ("later", "top")]
    assert [(pair.query, pair.positive) for pair in found] == [("made", one) for one in wanted]
    assert not {pair.by_words for pair in found} & set(wanted)
    both = list(pairs(corpus, LABELS, others))
    assert both[-2:][0].query == "made" and len(both) == 7


def test_a_pair_for_each_premise_of_each_label(corpus: Corpus, given: list[Pair]) -> None:
    wanted = [
        ("side", "add_zero"),
        ("double_zero", "add_zero"),
        ("last", "side"),  # premises come as they are declared
        ("last", "double_zero"),
        ("top", "double_zero"),
    ]
    assert [(pair.query, pair.positive) for pair in given] == [
        (query, text_of(corpus[corpus.index_of(name)])) for query, name in wanted
    ]


@pytest.mark.parametrize("seed", range(5))
def test_the_others_could_have_been_used_and_are_not_needed(corpus: Corpus, seed: int) -> None:
    known = {text_of(premise): premise for premise in corpus}
    accessible = Accessible(corpus)
    for label in LABELS:
        usable = {corpus.names[i] for i in accessible.of(label.theorem)}
        for pair in pairs(corpus, [label], seed=seed):
            others = known[pair.by_file], known[pair.by_words]
            assert all(one.name in usable for one in others)
            assert not {one.name for one in others} & set(label.premises)


def test_one_of_the_others_is_a_theorem_of_the_premises_module(corpus: Corpus) -> None:
    found = list(pairs(corpus, [Label("last", "rfl", ("add_zero",))]))
    assert [pair.by_file for pair in found] == ["zero_add : zero_add "]


def test_the_same_pairs_again(corpus: Corpus) -> None:
    assert list(pairs(corpus, LABELS, seed=3)) == list(pairs(corpus, LABELS, seed=3))


def test_what_the_corpus_lacks_is_passed_over(corpus: Corpus, given: list[Pair]) -> None:
    more = [*LABELS, Label("nobody", "rfl", ("add",)), Label("top2", "rfl", ("gone",))]
    assert list(pairs(corpus, more)) == given


# --- training ----------------------------------------------------------------------------------


def test_what_is_trained_is_an_encoder(given: list[Pair], tmp_path: Path) -> None:
    out = train(given, tmp_path / "encoder", how=TINY)
    assert out == tmp_path / "encoder"
    assert [one.name for one in tmp_path.iterdir()] == ["encoder"]
    texts = [given[0].query, given[0].positive]
    rows = Encoder(str(out)).encode(texts)
    assert np.linalg.norm(rows, axis=1) == pytest.approx([1.0, 1.0], abs=1e-5)
    before = Encoder().encode(texts)
    assert rows.shape == before.shape and not np.allclose(rows, before, atol=1e-4)
    # What is there is an encoder, which another training takes the place of.
    again = train(given, out, how=Training(epochs=1, batch=2, seed=1, rate=1e-3))
    other = Encoder(str(again)).encode(texts)
    assert not np.allclose(rows, other, atol=1e-4)


def interrupt(given: list[Pair], out: Path) -> Path:
    """A training that is stopped in the middle of writing its encoder; its last checkpoint."""
    whole = SentenceTransformer.save

    def save(self: SentenceTransformer, path: str, *more: Any, **named: Any) -> None:
        if not path.endswith(".partial"):  # a checkpoint
            return whole(self, path, *more, **named)
        Path(path).mkdir()
        (Path(path) / "README.md").write_text("half of it")
        raise KeyboardInterrupt

    with pytest.MonkeyPatch.context() as monkeypatch:
        monkeypatch.setattr(SentenceTransformer, "save", save)
        with pytest.raises(KeyboardInterrupt):
            train(given, out, how=TINY)
    assert not out.exists()
    (last,) = out.with_name(f"{out.name}.checkpoints").glob("checkpoint-*")
    return last


def test_an_interrupted_training_goes_on(
    given: list[Pair], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    out = tmp_path / "encoder"
    last = interrupt(given, out)
    texts = [pair.query for pair in given]
    kept = Encoder(str(last)).encode(texts)
    steps: list[int] = []
    with monkeypatch.context() as counted:
        one = SentenceTransformerTrainer.training_step

        def step(self: Any, *given: Any, **named: Any) -> Any:
            steps.append(1)
            return one(self, *given, **named)

        counted.setattr(SentenceTransformerTrainer, "training_step", step)
        train(given, out, how=TINY)
        assert steps == []  # none is done again
        train(given, tmp_path / "anew", how=TINY)
        assert len(steps) == 3
    assert np.allclose(Encoder(str(out)).encode(texts), kept, atol=1e-5)
    assert {one.name for one in tmp_path.iterdir()} == {"encoder", "anew"}


def test_a_training_with_other_pairs_does_not_go_on_from_it(
    given: list[Pair], tmp_path: Path
) -> None:
    last = interrupt(given, tmp_path / "encoder")
    others = [
        (given[1:], {}),
        (given, {"how": Training(epochs=2, batch=2)}),
    ]
    for pairs_, named in others:
        with pytest.raises(InputError, match=r"another training was begun in .*: remove that"):
            train(pairs_, tmp_path / "encoder", **{"how": TINY, **named})
    assert last.is_dir()


def test_nothing_is_learnt_from_no_pairs(tmp_path: Path) -> None:
    with pytest.raises(InputError, match="nothing to learn from"):
        train([], tmp_path / "encoder")
    assert list(tmp_path.iterdir()) == []


def test_a_folder_that_holds_something_else(given: list[Pair], tmp_path: Path) -> None:
    (tmp_path / "encoder").mkdir()
    (tmp_path / "encoder" / "thesis.txt").write_text("years of work")
    with pytest.raises(InputError, match="holds something else: name another folder"):
        train(given, tmp_path / "encoder", how=TINY)
    assert (tmp_path / "encoder" / "thesis.txt").read_text() == "years of work"
    with pytest.raises(InputError, match="holds something else"):
        train(given, tmp_path / "encoder" / "thesis.txt", how=TINY)


def test_an_encoder_that_is_not_there(given: list[Pair], tmp_path: Path) -> None:
    with pytest.raises(InputError, match="there is no encoder"):
        train(given, tmp_path / "encoder", str(tmp_path / "none"), TINY)


def test_the_command(corpus: Corpus, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    labels = tmp_path / "labels.jsonl"
    write_labels(LABELS, labels)
    words = ["train", "retriever", "--corpus", str(corpus.folder), "--labels", str(labels)]
    out = tmp_path / "encoder"
    assert run([*words, "--out", str(out), "--epochs", "1", "--batch", "2"]) == OK
    assert str(out) in capsys.readouterr().out
    assert run([*words, "--out", str(labels)]) == USAGE
    assert "something else" in capsys.readouterr().err
