"""Gaps are filled only with what the whole file was checked with; false statements are named."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest

from neurosym.project.premises import Nearby
from neurosym.project.work import File, Project, keep
from provers.base import Limits, Outcome
from provers.errors import InputError
from provers.lean.toolchain import Toolchain
from tests.neurosym.project.conftest import write


@pytest.fixture(scope="module")
def filled(shop: Project) -> dict[str, File]:
    found = shop.fill(shop.holes, Limits(20.0))
    return {file.path.name: file for file in found}


def test_what_can_be_proved_is_proved(filled: dict[str, File]) -> None:
    of = {
        (one.hole.declaration, one.hole.gap.start[0]): one
        for file in filled.values()
        for one in file.filled
    }
    assert of["Shop.Tree.size_mirror", 24].verdict == "proved"
    assert of["Shop.split", 11].verdict == "proved"
    assert of["Shop.term", 14].proof == "omega"
    assert "sorry" not in "".join(one.proof for one in of.values())
    lost = of["Shop.not_found", 17]
    assert lost.verdict != "proved" and not lost.proof


def test_a_proof_may_not_rest_on_another_gap(filled: dict[str, File]) -> None:
    """The lemma that would close it is itself open, in a file that is not written yet."""
    second = next(
        one
        for one in filled["Use.lean"].filled
        if one.hole.declaration == "Shop.split" and one.hole.gap.start[0] == 12
    )
    assert "size_mirror" not in second.proof


def test_what_is_false_has_a_counterexample_that_was_judged(filled: dict[str, File]) -> None:
    of = {one.hole.declaration: one for one in filled["Tree.lean"].filled}
    false = of["Shop.Tree.size_pos"]
    assert false.verdict == "refuted" and "leaf" in false.counterexample
    assert false.evidence is not None and false.evidence.claim == "negation"
    assert "import Shop.Tree" in false.evidence.code
    assert "theorem size_pos (t : Tree) : 0 < t.size := by\n  sorry" in filled["Tree.lean"].after


def test_what_is_written_is_as_good_as_it_says(
    filled: dict[str, File], shop: Project, tmp_path: Path, lean_toolchain: Toolchain
) -> None:
    write(tmp_path)
    for name, file in filled.items():
        (tmp_path / "Shop" / name).write_text(file.after)
    again = Project.open(lean_toolchain, tmp_path)
    try:
        of = {theorem.name: theorem for theorem in again.scan.theorems}
        assert of["Shop.Tree.size_mirror"].result.outcome is Outcome.PROVED
        assert of["Shop.size_mirror_twice"].result.outcome is Outcome.PROVED
        before = {theorem.name: theorem.statement for theorem in shop.scan.theorems}
        assert {name: theorem.statement for name, theorem in of.items()} == before
        assert not any(part.errors for part in again.scan.parts)
    finally:
        shutil.rmtree(again.built.path[0])


def test_a_file_that_changed_meanwhile_is_left_alone(
    filled: dict[str, File], tmp_path: Path
) -> None:
    file = filled["Tree.lean"]
    place = tmp_path / "Tree.lean"
    place.write_text("mine")
    with pytest.raises(InputError, match="changed while it was worked on"):
        keep(File(place, file.before, file.after, file.filled))
    assert place.read_text() == "mine"
    assert not keep(File(place, "a", "a", ()))


def test_a_sorry_stands_for_the_first_of_several_goals(
    tmp_path: Path, lean_toolchain: Toolchain
) -> None:
    (tmp_path / "lakefile.toml").write_text('name = "two"\n')
    text = "theorem t (p : Prop) (h : p) (n : Nat) : n + 0 = n ∧ p := by\n  constructor\n"
    (tmp_path / "Two.lean").write_text(f"{text}  sorry\n  exact h\n")
    opened = Project.open(lean_toolchain, tmp_path)
    try:
        (file,) = opened.fill(opened.holes, Limits(20.0), refute=False)
        (one,) = file.filled
        assert one.verdict == "proved" and file.after == f"{text}  {one.proof}\n  exact h\n"
    finally:
        shutil.rmtree(opened.built.path[0])


def test_holes_are_chosen_by_file_line_and_folder(shop: Project) -> None:
    folder = shop.built.layout.folder
    use = folder / "Shop" / "Use.lean"
    assert len(shop.chosen(folder, None)) == 6
    assert len(shop.chosen(use, None)) == 4
    assert [h.gap.start[0] for h in shop.chosen(use, 12)] == [12]
    assert [h.gap.start[0] for h in shop.chosen(use, 9)] == [11, 12]
    with pytest.raises(InputError, match="no sorry at line 6"):
        shop.chosen(use, 6)


def test_premises_are_what_is_proved_before(shop: Project) -> None:
    hole = next(h for h in shop.holes if h.declaration == "Shop.split")
    names = Nearby(shop.built, lambda goal, header: ["Nat.add_comm"]).names(hole.gap.goal, hole)
    assert "Shop.Tree.mirror" in names and names[-1] == "Nat.add_comm"
    # What is open itself is no premise, nor what comes later.
    assert not {"Shop.Tree.size_mirror", "Shop.term", "Shop.split"} & set(names)
