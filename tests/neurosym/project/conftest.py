"""A small project with gaps, built once for all tests here; a real Lean works on it."""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest

from neurosym.project.work import Project
from provers.lean.toolchain import Toolchain

LAKEFILE = 'name = "shop"\n[[lean_lib]]\nname = "Shop"\n'
FILES = {
    "Shop/Tree.lean": """/-! Trees. -/
namespace Shop

/-- A tree of numbers. -/
inductive Tree where
  | leaf
  | node (left : Tree) (n : Nat) (right : Tree)

namespace Tree

/-- How many numbers are in it. -/
def size : Tree → Nat
  | leaf => 0
  | node l _ r => l.size + 1 + r.size

/-- The other way round. -/
def mirror : Tree → Tree
  | leaf => leaf
  | node l n r => node r.mirror n l.mirror

@[simp] theorem mirror_leaf : mirror leaf = leaf := rfl

theorem size_mirror (t : Tree) : t.mirror.size = t.size := by
  sorry

theorem size_pos (t : Tree) : 0 < t.size := by
  sorry

end Tree
end Shop
""",
    "Shop/Use.lean": """import Shop.Tree
namespace Shop
open Tree
variable (t : Tree)

theorem size_mirror_twice : t.mirror.mirror.size = t.size := by
  rw [size_mirror, size_mirror]

theorem split (n : Nat) (h : n = 2) : n + 0 = 2 ∧ t.mirror.size = t.size := by
  constructor
  · sorry
  · sorry

theorem term (a b : Nat) : a + b = b + a := sorry

theorem not_found (t : Tree) (h : t.size = 3) : ∃ s : Tree, s.mirror = t ∧ s ≠ s := by
  sorry
end Shop
""",
}


def write(folder: Path) -> Path:
    (folder / "lakefile.toml").write_text(LAKEFILE)
    for name, text in FILES.items():
        (folder / name).parent.mkdir(parents=True, exist_ok=True)
        (folder / name).write_text(text)
    return folder


@pytest.fixture(scope="session")
def shop(tmp_path_factory: pytest.TempPathFactory, lean_toolchain: Toolchain) -> Iterator[Project]:
    folder = write(tmp_path_factory.mktemp("shop"))
    opened = Project.open(lean_toolchain, folder)
    yield opened
    shutil.rmtree(opened.built.path[0], ignore_errors=True)
