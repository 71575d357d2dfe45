"""A corpus of a few real theorems, made without asking Lean for all of them."""

from __future__ import annotations

from pathlib import Path

import pytest

from neurosym.premises.corpus import Corpus
from provers.lean.corpus import Declaration
from tests.neurosym.premises.made import Shelf

_NOTIONS = ("Nat", "Eq", "HAdd.hAdd", "HSub.hSub", "LE.le", "LT.lt", "OfNat.ofNat")
_THEOREMS = {
    "Nat.sub_add_cancel": ("∀ {n m : Nat}, m ≤ n → n - m + m = n", "Eq HAdd.hAdd HSub.hSub LE.le"),
    "Nat.add_comm": ("∀ (n m : Nat), n + m = m + n", "Eq HAdd.hAdd"),
    "Nat.add_left_comm": ("∀ (n m k : Nat), n + (m + k) = m + (n + k)", "Eq HAdd.hAdd"),
    "Nat.le_of_eq": ("∀ {n m : Nat}, n = m → n ≤ m", "Eq LE.le"),
    "Nat.le_of_lt": ("∀ {n m : Nat}, n < m → n ≤ m", "LT.lt LE.le"),
    "Nat.le_iff_lt_add_one": ("∀ {x y : Nat}, x ≤ y ↔ x < y + 1", "LE.le LT.lt HAdd.hAdd"),
    "Nat.add_one_sub_one": ("∀ (n : Nat), n + 1 - 1 = n", "Eq HAdd.hAdd HSub.hSub OfNat.ofNat"),
}


@pytest.fixture
def nat_corpus(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Corpus:
    shelf = Shelf(tmp_path / "lean-root")
    notions = [Declaration(one, "definition", "Type", (), None, "", None) for one in _NOTIONS]
    theorems = [
        Declaration(name, "theorem", statement, ("Nat", *uses.split()), None, "", None)
        for name, (statement, uses) in _THEOREMS.items()
    ]
    shelf.add("Base", "", [*notions, *theorems])
    shelf.install(monkeypatch)
    return shelf.build(tmp_path / "nat-corpus").corpus
