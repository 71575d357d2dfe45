"""A small library, and the corpus of it."""

from __future__ import annotations

from pathlib import Path

import pytest

from neurosym.premises.corpus import Corpus
from tests.neurosym.premises.made import Shelf, small


@pytest.fixture
def shelf(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Shelf:
    """The small library, which ``build`` asks."""
    made = small(tmp_path / "lean-root")
    made.install(monkeypatch)
    return made


@pytest.fixture
def corpus(shelf: Shelf, tmp_path: Path) -> Corpus:
    return shelf.build(tmp_path / "corpus").corpus
