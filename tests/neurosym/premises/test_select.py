"""Searches in a small corpus: what is found, what is refused, and what an index is trusted for."""

from __future__ import annotations

import json
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from neurosym.premises import dense, select
from neurosym.premises.corpus import Corpus
from neurosym.premises.graph import Accessible
from neurosym.premises.index import FOLDER, Index, build, open_index
from neurosym.premises.overlap import Overlap
from neurosym.premises.select import MAX_QUERY, Selector
from neurosym.premises.symbols import symbols_of
from provers.errors import InputError, MissingToolError
from tests.neurosym.premises.made import Shelf


class Letters:
    """A stand-in for a sentence encoder: texts are near each other that have letters in common."""

    name = "letters"

    def encode(self, texts: Sequence[str], tell: Any = None) -> dense.Embeddings:
        rows = np.array([[text.count(chr(97 + i)) + 0.01 for i in range(26)] for text in texts])
        return (rows / np.linalg.norm(rows, axis=1, keepdims=True)).astype(np.float32)

    def goal(self, text: str) -> dense.Embeddings:
        return self.encode([text])[0]


@pytest.fixture
def index(corpus: Corpus) -> Index:
    return build(corpus, Letters(), corpus.folder / FOLDER)  # type: ignore[arg-type]


@pytest.fixture
def selector(corpus: Corpus, index: Index) -> Selector:
    return Selector(corpus, index, encoder=Letters())  # type: ignore[arg-type]


def names(selector: Selector, query: str, k: int = 3, **more: Any) -> list[str]:
    return [found.premise.name for found in selector.search(query, k, **more)]


def test_a_name_finds_its_premise(selector: Selector) -> None:
    assert names(selector, "double_zero")[0] == "double_zero"
    assert names(selector, "add_zero", methods=["bm25"])[0] == "add_zero"


def test_words_of_the_docstring_are_searched(selector: Selector) -> None:
    assert names(selector, "twice", 1, methods=["bm25"]) == ["double"]


def test_every_third_is_by_words_alone(corpus: Corpus, selector: Selector) -> None:
    query = "add_zero double"
    learned = names(selector, query, 100)
    words = names(selector, query, 100, methods=["bm25"])
    varied = [found.premise.name for found in selector.varied(query, 6)]
    assert varied[:2] == learned[:2] and len(set(varied)) == 6
    assert varied[2] == next(one for one in words if one not in varied[:2])
    everything = [found.premise.name for found in selector.varied(query, len(corpus))]
    assert sorted(everything) == sorted(corpus.names)


def test_only_what_is_accessible_is_found(corpus: Corpus, selector: Selector) -> None:
    accessible = Accessible(corpus).of("double_zero")
    found = names(selector, "double_zero", 100, accessible=accessible)
    assert set(found) == {corpus.names[i] for i in accessible}
    assert "double_zero" not in found and "later" not in found


def test_the_best_is_first_and_ranks_say_why(selector: Selector) -> None:
    found = selector.search("add_zero", 14)
    assert [one.score for one in found] == sorted((one.score for one in found), reverse=True)
    assert found[0].ranks["bm25"] == 1
    assert set(found[0].ranks) == {"bm25", "overlap", "dense", "prior"}


def test_the_same_again(selector: Selector) -> None:
    assert selector.search("N add", 14) == selector.search("N add", 14)


@pytest.mark.parametrize(
    ("query", "said"),
    [("", "is empty"), (" \n", "is empty"), ("x" * (MAX_QUERY + 1), "65,537 characters")],
)
def test_queries_that_are_refused(selector: Selector, query: str, said: str) -> None:
    with pytest.raises(InputError, match=said):
        selector.search(query)


def test_nothing_is_wanted(selector: Selector) -> None:
    with pytest.raises(InputError, match="at least one"):
        selector.search("add", 0)


def test_words_that_nobody_knows_find_something_all_the_same(selector: Selector) -> None:
    assert len(selector.search("qqqq zzzz", 3)) == 3


# --- overlap ---------------------------------------------------------------------------------


def test_premises_share_symbols_with_the_goal(corpus: Corpus) -> None:
    scores = Overlap(corpus).scores(symbols_of(corpus, "add (double x) N.zero"))
    best = [corpus.names[i] for i in np.argsort(-scores, kind="stable")[:4]]
    assert "double_zero" in best or "top2" in best
    assert not Overlap(corpus).scores([]).any()


def test_symbols_of_a_goal(corpus: Corpus) -> None:
    found = {corpus.names[i] for i in symbols_of(corpus, "∀ x : N, x.add N.zero = double x")}
    assert found == {"N", "N.zero", "double"}


# --- what an index is trusted for ------------------------------------------------------------


def test_an_index_is_opened_again(corpus: Corpus, index: Index) -> None:
    again = open_index(corpus, index.folder)
    assert again.manifest == index.manifest
    assert np.array_equal(again.embeddings, index.embeddings)  # type: ignore[arg-type]


def test_one_without_an_encoder_says_so(corpus: Corpus, tmp_path: Path) -> None:
    made = build(corpus, None, tmp_path / "words")
    found = Selector(corpus, made)
    assert found.methods == ("bm25", "overlap", "prior")
    assert "without an encoder" in found.notes[0]
    with pytest.raises(MissingToolError):
        found.search("add", methods=["dense"])


def test_an_encoder_that_is_gone_is_gone_without(
    corpus: Corpus, index: Index, monkeypatch: pytest.MonkeyPatch
) -> None:
    def missing(name: str) -> dense.Encoder:
        raise MissingToolError("sentence-transformers is not installed")

    monkeypatch.setattr(select, "Encoder", missing)
    found = Selector(corpus, index)
    assert "sentence-transformers" in found.notes[0]
    assert names(found, "double_zero")[0] == "double_zero"


def test_a_damaged_index_is_refused(corpus: Corpus, index: Index) -> None:
    for named in index.manifest.files:
        file = index.folder / named.name
        whole = file.read_bytes()
        file.write_bytes(whole[:-1] + bytes([whole[-1] ^ 1]))
        with pytest.raises(InputError, match="lost or damaged: run neurosym premises index"):
            open_index(corpus, index.folder)
        file.unlink()
        with pytest.raises(InputError, match="lost or damaged"):
            open_index(corpus, index.folder)
        file.write_bytes(whole)
    open_index(corpus, index.folder)


@pytest.mark.parametrize("text", ["", "{", "[]", '{"format": 1}'])
def test_a_damaged_manifest_is_refused(corpus: Corpus, index: Index, text: str) -> None:
    (index.folder / "index.json").write_text(text)
    with pytest.raises(InputError, match="damaged"):
        open_index(corpus, index.folder)


def test_files_elsewhere_are_refused(corpus: Corpus, index: Index, tmp_path: Path) -> None:
    manifest = json.loads((index.folder / "index.json").read_text())
    manifest["files"][0]["name"] = "../../outside"
    (index.folder / "index.json").write_text(json.dumps(manifest))
    with pytest.raises(InputError, match="damaged"):
        open_index(corpus, index.folder)


def test_an_index_of_another_corpus_is_refused(
    shelf: Shelf, corpus: Corpus, index: Index, tmp_path: Path
) -> None:
    shelf.modules["Top"].pop()
    shelf.compile("Top")
    other = shelf.build(tmp_path / "other").corpus
    with pytest.raises(InputError, match="of another corpus"):
        open_index(other, index.folder)


def test_no_index_and_an_unfinished_one(corpus: Corpus, tmp_path: Path) -> None:
    with pytest.raises(InputError, match="no finished index"):
        open_index(corpus, tmp_path / "nothing")
    (tmp_path / "half").mkdir()
    with pytest.raises(InputError, match="no finished index"):
        open_index(corpus, tmp_path / "half")
