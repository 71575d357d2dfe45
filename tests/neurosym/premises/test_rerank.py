"""A learned order: what it goes by, that it is learnt, and the file it is kept in."""

from __future__ import annotations

import json
import math
from pathlib import Path

import numpy as np
import pytest

from neurosym.premises.corpus import Corpus
from neurosym.premises.rerank import FEATURES, Features, Reranker, features, train
from provers.errors import InputError

WIDTH = len(FEATURES)


def separable(rows: int, seed: int) -> tuple[Features, np.ndarray]:
    """Rows that are needed where their second column is more than their fourth, and by far."""
    draw = np.random.default_rng(seed)
    found = draw.random((rows, WIDTH), dtype=np.float32)
    wanted = np.arange(rows) % 5 == 0
    found[:, 1] = np.where(wanted, 0.9, 0.2) + 0.1 * found[:, 1]
    found[:, 3] = np.where(wanted, 0.1, 0.8) + 0.1 * found[:, 3]
    return found, wanted


@pytest.mark.parametrize("seed", range(3))
def test_what_is_needed_comes_first(seed: int) -> None:
    many = [separable(40, 10 * seed + i) for i in range(4)]
    learned = train([rows for rows, _ in many], [wanted for _, wanted in many])
    rows, wanted = separable(50, 99)  # which it has not seen
    best = np.argsort(-learned.scores(rows))[: wanted.sum()]
    assert wanted[best].all()
    assert learned.weights[1] > 0 > learned.weights[3]


def test_the_same_again() -> None:
    rows, wanted = separable(30, 0)
    assert train([rows], [wanted]) == train([rows], [wanted])


def test_a_column_that_is_always_the_same_spoils_nothing() -> None:
    rows, wanted = separable(30, 0)
    rows[:, 5] = 1.0
    learned = train([rows], [wanted])
    assert all(map(math.isfinite, (*learned.weights, learned.bias)))
    assert wanted[np.argsort(-learned.scores(rows))[: wanted.sum()]].all()


def test_nothing_is_learnt_where_nothing_is_needed() -> None:
    rows, wanted = separable(10, 0)
    with pytest.raises(ValueError, match="nothing to learn"):
        train([rows], [wanted & False])


def test_features_of_premises_by_hand(corpus: Corpus) -> None:
    chosen = [corpus.index_of(name) for name in ("add_zero", "double.eq", "N.zero")]
    counts = np.zeros(len(corpus), dtype=np.int64)
    counts[chosen[0]] = 3
    found = features(
        corpus,
        np.array(chosen, dtype=np.int32),
        {
            "bm25": np.array([1, 2, 1001], dtype=np.int32),
            "dense": np.array([3, 1, 2], dtype=np.int32),
        },
        symbols=[corpus.index_of(name) for name in ("N", "add", "double")],
        counts=counts,
    )
    assert found.shape == (3, WIDTH) and found.dtype == np.float32
    rows = [dict(zip(FEATURES, row, strict=True)) for row in found.tolist()]
    words = [60 / 61, 60 / 62, 60 / 1061]
    near = [60 / 63, 60 / 61, 60 / 62]
    for row, word, close in zip(rows, words, near, strict=True):
        assert row["bm25"] == pytest.approx(word) and row["dense"] == pytest.approx(close)
        assert row["overlap"] == row["neighbours"] == row["prior"] == 0
        assert row["best of them"] == pytest.approx(max(word, close))
        assert row["found by words and near"] == pytest.approx(word * close)
    known = {
        "labelled before": [math.log(4), 0, 0],
        "simp": [1, 0, 0],
        "grind": [1, 0, 0],
        "theorem": [1, 1, 0],
        "same namespace": [0, 1, 1],  # of ``double`` and of ``N``
        "names no more": [0, 1, 1],  # ``add_zero`` names ``N.zero``, too
    }
    for name, wanted in known.items():
        assert [row[name] for row in rows] == pytest.approx(wanted), name


def test_without_premises_there_are_no_rows(corpus: Corpus) -> None:
    none = np.zeros(0, dtype=np.int32)
    rows = features(corpus, none, {"bm25": none}, symbols=[0])
    assert rows.shape == (0, WIDTH)


# --- kept in a file --------------------------------------------------------------------------

KNOWN = Reranker(tuple(0.1 * i for i in range(WIDTH)), -1 / 3)


def test_what_is_saved_is_loaded(tmp_path: Path) -> None:
    KNOWN.save(tmp_path / "reranker.json")
    again = Reranker.load(tmp_path / "reranker.json")
    assert again == KNOWN
    rows, _ = separable(5, 0)
    assert np.array_equal(again.scores(rows), KNOWN.scores(rows))


def written(**changes: object) -> str:
    data = {"features": list(FEATURES), "weights": [0.0] * WIDTH, "bias": 0.0}
    return json.dumps({**data, **changes})


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("", "cannot be read"),
        ("{", "cannot be read"),
        ("[]", "cannot be read"),
        ("{}", "cannot be read"),
        (written()[:-9], "cannot be read"),
        (written(bias=None), "cannot be read"),
        (written(bias="high"), "cannot be read"),
        (written(weights=7), "cannot be read"),
        (written(weights=["heavy"] * WIDTH), "cannot be read"),
        (written(weights=[0.0] * (WIDTH - 1)), "another version"),
        (written(weights=[]), "another version"),
        (written(features=list(FEATURES[::-1])), "another version"),
        (written(features=[*FEATURES, "more"]), "another version"),
    ],
)
def test_a_damaged_file_and_one_of_other_features(tmp_path: Path, text: str, said: str) -> None:
    file = tmp_path / "reranker.json"
    file.write_text(text)
    with pytest.raises(InputError, match=f"{said}.*: train it again"):
        Reranker.load(file)


def test_no_file_and_one_that_is_no_text(tmp_path: Path) -> None:
    with pytest.raises(InputError, match="cannot be read"):
        Reranker.load(tmp_path / "none.json")
    (tmp_path / "binary.json").write_bytes(b"\xff\xfe\x00")
    with pytest.raises(InputError, match="cannot be read"):
        Reranker.load(tmp_path / "binary.json")
