"""What a theorem rests on, and its picture."""

import shutil
from pathlib import Path

import networkx as nx
import pytest

from neurosym.project.explain import dot, draw, explain
from neurosym.project.work import Project
from provers.errors import InputError, MissingToolError


def test_what_is_behind_a_theorem(shop: Project) -> None:
    found = explain(shop.scan, shop.built, None, "size_mirror_twice")
    assert found.theorem.name == "Shop.size_mirror_twice"
    assert "Shop.Tree.size_mirror" in found.own and "Eq.mpr" in found.library
    data = found.data
    assert {"Shop.Tree.mirror", "Shop.Tree.size", "Shop.Tree"} <= set(data["rests_on"])
    assert data["unproved"] == ["Shop.Tree.size_mirror"]
    text = dot(found)
    assert '"Shop.size_mirror_twice" -> "Shop.Tree.size_mirror";' in text
    assert "#c0392b" in text and text.count("digraph") == 1


def test_pictures_are_files(shop: Project, tmp_path: Path) -> None:
    found = explain(shop.scan, shop.built, None, "Shop.size_mirror_twice")
    draw(found, tmp_path / "a.dot")
    draw(found, tmp_path / "a.graphml")
    graph = nx.read_graphml(tmp_path / "a.graphml")
    assert graph.has_edge("Shop.size_mirror_twice", "Shop.Tree.size_mirror")
    with pytest.raises(InputError, match="ends in none of"):
        draw(found, tmp_path / "a.txt")
    with pytest.raises(InputError, match="cannot be written"):
        draw(found, tmp_path / "none" / "a.dot")
    if shutil.which("dot") is None:
        with pytest.raises(MissingToolError, match="Graphviz is not installed"):
            draw(found, tmp_path / "a.svg")


def test_a_theorem_that_is_not_there(shop: Project) -> None:
    use = shop.built.modules["Shop.Use"].file
    with pytest.raises(InputError, match="there is no theorem 'nothing'"):
        explain(shop.scan, shop.built, None, "nothing")
    with pytest.raises(InputError, match="there is no theorem 'size_mirror'"):
        explain(shop.scan, shop.built, use, "size_mirror")
