"""Rankings, and several of them as one."""

from __future__ import annotations

import numpy as np
import pytest

from neurosym.premises.fusion import CONSTANT, MOST, fuse, ranks


def scores(*values: float) -> np.ndarray:
    return np.array(values, dtype=np.float32)


def test_the_best_is_first_and_equals_are_in_order() -> None:
    assert ranks(scores(0.1, 0.9, 0.5, 0.9)).tolist() == [4, 1, 3, 2]


def test_what_scores_nothing_has_no_place() -> None:
    assert ranks(scores(0.0, 2.0, 0.0)).tolist() == [MOST + 1, 1, MOST + 1]


def test_only_the_first_have_places() -> None:
    many = np.arange(1, 3 * MOST, dtype=np.float32)
    found = ranks(many)
    assert found[-1] == 1 and found[-MOST] == MOST
    assert set(found[:-MOST].tolist()) == {MOST + 1}
    level = ranks(np.ones(2 * MOST, dtype=np.float32))
    assert level[:MOST].tolist() == list(range(1, MOST + 1))


def test_what_both_like_wins() -> None:
    one, other = ranks(scores(3, 2, 1)), ranks(scores(1, 2, 3))
    both = fuse([one, other])
    assert both[0] == pytest.approx(1 / (CONSTANT + 1) + 1 / (CONSTANT + 3))
    assert np.argmax(fuse([one, ranks(scores(3, 1, 2))])) == 0
    assert np.argmax(fuse([one, other], [0.1, 1.0])) == 2


def test_nothing_cannot_be_fused() -> None:
    with pytest.raises(ValueError, match="nothing"):
        fuse([])
