"""An order learnt from labels, and the index that it is kept in."""

from __future__ import annotations

import contextlib
import json
from pathlib import Path

import pytest

from neurosym.premises.corpus import Corpus
from neurosym.premises.graph import Accessible
from neurosym.premises.index import FOLDER, Index, add_reranker, build, open_index
from neurosym.premises.labels import Label, read_labels
from neurosym.premises.learn import learn
from neurosym.premises.rerank import FEATURES, Reranker
from neurosym.premises.select import Selector
from provers.errors import InputError

LABELS = [
    Label("zero_add", "by simp", ("add",)),
    Label("side", "by grind", ("add_zero",)),
    Label("double_zero", "by grind", ("add_zero",)),
    Label("last", "by grind", ("add_zero",)),
    Label("later", "by grind", ("add_zero",)),
    Label("top", "by grind", ("add_zero",)),
]


@pytest.fixture
def index(corpus: Corpus) -> Index:
    return build(corpus, None, corpus.folder / FOLDER, labels=LABELS)


def first(selector: Selector, theorem: str, number: int = 1) -> list[str]:
    corpus = selector.corpus
    statement = corpus[corpus.index_of(theorem)].statement
    usable = Accessible(corpus).of(theorem)
    return [one.premise.name for one in selector.search(statement, number, accessible=usable)]


@pytest.mark.parametrize("theorem", ["double_zero", "last", "top", "top2"])
def test_what_was_needed_comes_first(corpus: Corpus, index: Index, theorem: str) -> None:
    learned = learn(Selector(corpus, index), LABELS)
    selector = Selector(corpus, add_reranker(index, learned))
    assert first(selector, theorem) == ["add_zero"]
    fused = Selector(corpus, build(corpus, None, index.folder, labels=()))
    assert first(fused, theorem) != ["add_zero"]


def test_the_order_is_one_of_scores(corpus: Corpus, index: Index) -> None:
    selector = Selector(corpus, add_reranker(index, learn(Selector(corpus, index), LABELS)))
    found = selector.search("double_zero", len(corpus))
    assert len({one.premise.name for one in found}) == len(corpus)
    assert [one.score for one in found] == sorted((one.score for one in found), reverse=True)
    assert found[0].ranks.keys() == {"bm25", "overlap", "neighbours", "prior"}


def test_named_methods_are_fused_alone(corpus: Corpus, index: Index) -> None:
    without = Selector(corpus, index).search("double_zero", 3, methods=["bm25"])
    backwards = Reranker((-1.0,) * len(FEATURES), 0.0)
    with_ = Selector(corpus, add_reranker(index, backwards))
    assert with_.search("double_zero", 3, methods=["bm25"]) == without
    assert with_.search("double_zero", 3) != without


def test_a_learned_order_of_nothing(corpus: Corpus, index: Index) -> None:
    selector = Selector(corpus, add_reranker(index, Reranker((1.0,) * len(FEATURES), 0.0)))
    assert selector.search("add", accessible=Accessible(corpus).after_imports()) == []


def test_the_progress_is_told(corpus: Corpus, index: Index) -> None:
    told: list[tuple[int, int]] = []
    learn(Selector(corpus, index), LABELS, lambda done, total: told.append((done, total)))
    assert told == [(i, 6) for i in range(1, 7)]


def test_what_the_corpus_lacks_is_passed_over(corpus: Corpus, index: Index) -> None:
    selector = Selector(corpus, index)
    more = [*LABELS, Label("nobody", "rfl", ("add",)), Label("top2", "rfl", ("gone",))]
    assert learn(selector, more) == learn(selector, LABELS)


@pytest.mark.parametrize(
    "labels",
    [
        [],
        [Label("nobody", "rfl", ("add_zero",))],
        [Label("double_zero", "rfl", ("gone",))],
        [Label("double_zero", "rfl", ("later",))],  # which it may not use
    ],
)
def test_labels_that_teach_nothing(corpus: Corpus, index: Index, labels: list[Label]) -> None:
    with pytest.raises(InputError, match="nothing can be learnt"):
        learn(Selector(corpus, index), labels)


# --- in the index ----------------------------------------------------------------------------

KNOWN = Reranker(tuple(0.5 * i for i in range(len(FEATURES))), 2.0)


def test_labels_and_order_are_opened_again(corpus: Corpus, index: Index) -> None:
    made = add_reranker(index, KNOWN)
    again = open_index(corpus, index.folder)
    assert again.manifest == made.manifest
    assert again.reranker == made.reranker == KNOWN
    assert again.neighbours is not None and len(again.neighbours) == len(LABELS)
    assert read_labels(index.folder / "labels.jsonl") == LABELS
    assert Selector(corpus, again).methods == ("bm25", "overlap", "neighbours", "prior")


def test_an_order_takes_the_place_of_another(corpus: Corpus, index: Index) -> None:
    other = Reranker(KNOWN.weights, 3.0)
    made = add_reranker(add_reranker(index, KNOWN), other)
    assert open_index(corpus, index.folder).reranker == other
    (file,) = index.folder.glob("reranker*")
    assert [one.name for one in made.manifest.files if "reranker" in one.name] == [file.name]
    assert made.bytes == sum(file.bytes for file in made.manifest.files)


def test_building_again_forgets_the_order(corpus: Corpus, index: Index) -> None:
    add_reranker(index, KNOWN)
    again = build(corpus, None, index.folder)
    assert again.reranker is None and again.neighbours is None
    assert not list(index.folder.glob("reranker*"))


@pytest.mark.parametrize("name", ["reranker*", "labels.jsonl"])
@pytest.mark.parametrize("text", ["", "{}", "\n"])
def test_what_was_learnt_is_refused_where_it_is_damaged(
    corpus: Corpus, index: Index, name: str, text: str
) -> None:
    add_reranker(index, KNOWN)
    (file,) = index.folder.glob(name)
    file.write_text(text)
    with pytest.raises(InputError, match="lost or damaged: run neurosym premises index again"):
        open_index(corpus, index.folder)
    file.unlink()
    with pytest.raises(InputError, match="lost or damaged"):
        open_index(corpus, index.folder)


def test_an_order_that_was_cut_off_is_not_there(corpus: Corpus, index: Index) -> None:
    """The manifest names it last."""
    KNOWN.save(index.folder / "reranker.json")
    assert open_index(corpus, index.folder).reranker is None


@pytest.mark.parametrize("moment", [1, 2])
def test_one_that_was_cut_off_spoils_no_other(
    corpus: Corpus, index: Index, monkeypatch: pytest.MonkeyPatch, moment: int
) -> None:
    other = Reranker(KNOWN.weights, 3.0)
    index = add_reranker(index, KNOWN)
    calls: list[Path] = []
    whole = Path.replace

    def replace(self: Path, target: Path) -> Path:
        calls.append(self)
        if len(calls) == moment:
            raise KeyboardInterrupt
        return whole(self, target)

    with monkeypatch.context() as stopped, contextlib.suppress(KeyboardInterrupt):
        stopped.setattr(Path, "replace", replace)
        add_reranker(index, other)
    assert calls
    assert open_index(corpus, index.folder).reranker in (KNOWN, other)


def test_an_order_by_other_features_is_refused(
    corpus: Corpus, index: Index, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    data = {"features": ["other"], "weights": [1.0], "bias": 0.0}
    monkeypatch.setattr(Reranker, "save", lambda self, file: file.write_text(json.dumps(data)))
    add_reranker(index, KNOWN)
    with pytest.raises(InputError, match="of another version: train it again"):
        open_index(corpus, index.folder)


def test_an_order_that_cannot_be_written(corpus: Corpus, index: Index) -> None:
    (index.folder / "reranker.partial").mkdir()
    with pytest.raises(InputError, match="cannot be written"):
        add_reranker(index, KNOWN)
