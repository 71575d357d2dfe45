"""A small library, and the corpus of it."""

from __future__ import annotations

from pathlib import Path

import pytest

from neurosym.premises.corpus import Corpus
from tests.neurosym.premises.made import Shelf, decl


@pytest.fixture
def shelf(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Shelf:
    """Four modules: ``Base``, ``Side`` (seen by ``Mid`` alone), ``Mid``, and ``Top``.

    Of ``Mid`` alone Lean knows the places.
    """
    made = Shelf(tmp_path / "lean-root")
    made.add(
        "Base",
        "",
        [
            decl("N", kind="inductive"),
            decl("N.zero", "N", kind="constructor"),
            decl("add", "N", "N N.zero", kind="definition"),
            decl("add_zero", "N add N.zero"),
            decl("zero_add", "N add N.zero"),
        ],
    )
    made.add("Side", "*Base", [decl("side", "add", "add_zero")])
    made.add(
        "Mid",
        "*Base Side",
        [
            decl("last", "double N", "double_zero side", place=(9, 0)),
            decl("double", "N", "add", kind="definition", place=(1, 0), doc="Twice."),
            decl("double_zero", "double N.zero", "add_zero", place=(4, 0)),
            decl("double.eq", "double", "double"),
            decl("later", "double", "last double_zero", place=(12, 2)),
        ],
    )
    made.add("Top", "Mid", [decl("top", "double", "double_zero last"), decl("top2", "top add")])
    made.attributes = [("simp", "add_zero"), ("grind", "add_zero"), ("simp", "no_longer_there")]
    made.install(monkeypatch)
    return made


@pytest.fixture
def corpus(shelf: Shelf, tmp_path: Path) -> Corpus:
    return shelf.build(tmp_path / "corpus").corpus
