"""A project in LeanDojo's shape: written, split and read back."""

import json
from pathlib import Path

import pytest

from neurosym.project.trace import Premise, TracedTactic, TracedTheorem, read, split, trace, write
from neurosym.project.work import Project
from provers.errors import InputError


def test_every_tactic_has_its_states_and_leaves_them_again(shop: Project) -> None:
    traced = trace(shop.built)
    of = {theorem.full_name: theorem for theorem in traced.theorems}
    (rewrite,) = of["Shop.size_mirror_twice"].tactics
    assert rewrite.tactic == "rw [size_mirror, size_mirror]"
    assert rewrite.annotated == "rw [<a>size_mirror</a>, <a>size_mirror</a>]"
    assert rewrite.premises == (Premise("Shop.Tree.size_mirror", "Shop/Tree.lean", (23, 1)),)
    assert rewrite.state_before == "t : Tree\n⊢ t.mirror.mirror.size = t.size"
    assert rewrite.state_after == "no goals"
    kinds = [tactic.tactic.split()[0] for tactic in of["Shop.split"].tactics]
    assert kinds == ["constructor", "·", "sorry", "·", "sorry"]
    assert of["Shop.Tree.mirror_leaf"].tactics == ()
    assert traced.replayed == sum(len(t.tactics) for t in traced.theorems) > 8
    assert traced.differing == ()
    (tree, use) = traced.corpus
    assert tree["path"] == "Shop/Tree.lean" and use["imports"] == ["Shop/Tree.lean"]
    assert {p["full_name"] for p in tree["premises"]} >= {"Shop.Tree", "Shop.Tree.size"}


def theorem(number: int, *premises: str) -> TracedTheorem:
    used = tuple(Premise(one, "A.lean", (1, 1)) for one in premises)
    tactic = TracedTactic("simp", "simp", used, "⊢ p", "no goals")
    return TracedTheorem("A.lean", f"t{number}", "p", (number, 1), (tactic,))


def test_what_is_held_out_needs_premises_that_nobody_learnt() -> None:
    theorems = [theorem(i, "common", f"own{i // 2}") for i in range(40)]
    theorems += [theorem(100 + i, "common") for i in range(20)]
    parts = split(theorems, "novel_premises")
    assert sum(map(len, parts.values())) == 60 and parts["test"] and parts["val"]
    learnt = {p.full_name for t in parts["train"] for s in t.tactics for p in s.premises}
    for one in (*parts["val"], *parts["test"]):
        assert {p.full_name for p in one.tactics[0].premises} - learnt
    drawn = split(theorems, "random")
    assert {name: len(part) for name, part in drawn.items()} == {"train": 48, "val": 6, "test": 6}
    assert split(theorems, "random") == drawn


def test_a_folder_is_written_once_and_read_back(shop: Project, tmp_path: Path) -> None:
    traced = trace(shop.built, replay=False)
    write(traced, tmp_path / "out", {"lean": "4"})
    names = {file.relative_to(tmp_path / "out").as_posix() for file in tmp_path.rglob("*.json*")}
    assert {
        "metadata.json",
        "corpus.jsonl",
        "random/train.json",
        "novel_premises/test.json",
    } <= names
    back = [
        one
        for part in ("train", "val", "test")
        for one in read(tmp_path / "out" / "random" / f"{part}.json")
    ]
    assert sorted(t.full_name for t in back) == sorted(t.full_name for t in traced.theorems)
    assert {t.full_name: t for t in back} == {t.full_name: t for t in traced.theorems}
    with pytest.raises(InputError, match="holds something"):
        write(traced, tmp_path / "out", {})


PUBLISHED = {
    "url": "https://github.com/leanprover-community/mathlib4",
    "commit": "29dcec074de168ac2bf835a77ef68bbe069194c5",
    "file_path": "Mathlib/Order/Lattice.lean",
    "full_name": "a",
    "start": [3, 1],
    "end": [4, 7],
    "traced_tactics": [
        {
            "tactic": "rw [b]",
            "annotated_tactic": [
                "rw [<a>b</a>]",
                [
                    {
                        "full_name": "b",
                        "def_path": "B.lean",
                        "def_pos": [1, 2],
                        "def_end_pos": [1, 3],
                    }
                ],
            ],
            "state_before": "⊢ a",
            "state_after": "no goals",
        }
    ],
}


def test_what_leandojo_published_is_read(tmp_path: Path) -> None:
    file = tmp_path / "train.json"
    file.write_text(json.dumps([PUBLISHED]))
    (found,) = read(file)
    assert found.full_name == "a" and found.tactics[0].premises == (Premise("b", "B.lean", (1, 2)),)


@pytest.mark.parametrize("text", ["{", "{}", '[{"file_path": "a"}]', "[3]"])
def test_another_shape_is_refused(tmp_path: Path, text: str) -> None:
    file = tmp_path / "train.json"
    file.write_text(text)
    with pytest.raises(InputError, match=r"train\.json"):
        list(read(file))
