"""What rests on what, and what may be used where."""

from __future__ import annotations

from pathlib import Path

import networkx as nx
import numpy as np
import pytest

from neurosym.premises.corpus import Corpus
from neurosym.premises.graph import (
    Accessible,
    CoUse,
    dependency_graph,
    import_graph,
    page_rank,
    uses,
    write_graphml,
)
from provers.errors import InputError
from tests.neurosym.premises.made import Shelf, decl

BASE = {"N", "N.zero", "add", "add_zero", "zero_add"}


def names(corpus: Corpus, indices: np.ndarray) -> set[str]:
    assert list(indices) == sorted(set(indices.tolist()))
    return {corpus.names[i] for i in indices}


def test_earlier_ones_of_the_module_and_what_it_imports(corpus: Corpus) -> None:
    found = names(corpus, Accessible(corpus).of("last"))
    assert found == BASE | {"side", "double", "double.eq", "double_zero"}


def test_never_itself_and_never_a_later_one(corpus: Corpus) -> None:
    accessible = Accessible(corpus)
    for index, premise in enumerate(corpus):
        found = accessible.of(premise.name).tolist()
        assert index not in found
        assert all(corpus.module_of[other] <= corpus.module_of[index] for other in found)
        if premise.place is not None:
            own = [corpus[other] for other in found if corpus[other].module == premise.module]
            assert all(other.place is None or other.place < premise.place for other in own)


def test_what_is_named_is_accessible(corpus: Corpus) -> None:
    accessible = Accessible(corpus)
    for index in range(len(corpus)):
        found = set(accessible.of(corpus.names[index]).tolist())
        assert set(corpus.uses(index).tolist()) <= found | {index}


def test_without_places_what_the_statement_rests_on_is_before_it(corpus: Corpus) -> None:
    accessible = Accessible(corpus)
    assert names(corpus, accessible.of("zero_add")) == {"N", "N.zero", "add"}
    assert names(corpus, accessible.of("add")) == {"N"}
    assert "top" in names(corpus, accessible.of("top2"))
    assert "top2" not in names(corpus, accessible.of("top"))


def test_an_import_that_is_not_public_is_seen_by_its_importer_alone(
    corpus: Corpus, shelf: Shelf, tmp_path: Path
) -> None:
    accessible = Accessible(corpus)
    assert accessible.modules("Mid") == ("Base", "Side")
    assert accessible.modules("Top") == ("Base", "Mid")
    assert "side" not in names(corpus, accessible.of("top"))
    shelf.open_modules = {"Top"}  # an ordinary file sees everything behind its imports
    ordinary = shelf.build(tmp_path / "ordinary").corpus
    assert Accessible(ordinary).modules("Top") == ("Base", "Side", "Mid")


def test_a_place_in_a_file_and_a_new_file(corpus: Corpus) -> None:
    accessible = Accessible(corpus)
    assert names(corpus, accessible.at("Mid", 4, 0)) == BASE | {"side", "double", "double.eq"}
    assert names(corpus, accessible.at("Mid", 4, 1)) >= {"double_zero"}
    assert names(corpus, accessible.at("Base")) == set()
    assert names(corpus, accessible.after_imports("Side")) == BASE | {"side"}
    assert len(accessible.after_imports("Top")) == len(corpus)
    assert len(accessible.after_imports()) == 0
    with pytest.raises(InputError, match="Base"):
        accessible.at("Base", 3)
    with pytest.raises(InputError, match="no module"):
        accessible.after_imports("Nope")
    with pytest.raises(InputError, match="'nobody'"):
        accessible.of("nobody")


def test_edges_say_where_a_use_is(corpus: Corpus) -> None:
    graph = dependency_graph(corpus)
    last, double, side = (corpus.index_of(n) for n in ("last", "double", "side"))
    assert graph.edges[last, double] == {"statement": True, "proof": False}
    assert graph.edges[last, side] == {"statement": False, "proof": True}
    eq = corpus.index_of("double.eq")
    assert graph.edges[eq, double] == {"statement": True, "proof": True}
    assert graph.nodes[side] == {"name": "side", "module": "Side", "kind": "theorem"}
    for where in ("statement", "proof"):
        sources, _ = uses(corpus, where)
        assert len(sources) == sum(1 for *_, facts in graph.edges(data=True) if facts[where])
    assert nx.number_of_selfloops(graph) == 0


def test_imports_are_a_graph(corpus: Corpus) -> None:
    graph = import_graph(corpus)
    assert graph.edges["Mid", "Base"]["public"] and not graph.edges["Mid", "Side"]["public"]
    assert nx.descendants(graph, "Top") == {"Mid", "Base", "Side"}


def test_graphml_is_read_back(corpus: Corpus, tmp_path: Path) -> None:
    graph = dependency_graph(corpus)
    write_graphml(graph, tmp_path / "g.graphml")
    again = nx.read_graphml(tmp_path / "g.graphml", node_type=int)
    assert dict(again.nodes(data=True)) == dict(graph.nodes(data=True))
    assert sorted(again.edges(data="proof")) == sorted(graph.edges(data="proof"))
    with pytest.raises(InputError, match="cannot be written"):
        write_graphml(graph, tmp_path / "nowhere" / "g.graphml")


def test_page_rank_is_the_fixed_point_of_its_equation(corpus: Corpus) -> None:
    rank = page_rank(corpus)
    graph = dependency_graph(corpus)
    size = len(corpus)
    stuck = sum(rank[i] for i in graph if graph.out_degree(i) == 0)
    for node in graph:
        follows = sum(rank[u] / graph.out_degree(u) for u in graph.predecessors(node))
        assert rank[node] == pytest.approx(0.15 / size + 0.85 * (follows + stuck / size), abs=1e-8)
    assert rank.sum() == pytest.approx(1.0)
    assert rank.argmax() == corpus.index_of("N")


def test_co_use_counts_those_who_name_both(corpus: Corpus) -> None:
    together = CoUse(corpus)
    number = corpus.index_of
    counts = together.counts(number("add"))
    assert counts[number("N.zero")] == 2 and counts[number("top")] == 1
    assert counts[number("add")] == 0 and counts[number("last")] == 0
    assert {corpus.names[i] for i in together.users(number("top"))} == {"top2"}
    assert not together.counts(number("later")).any()
    proofs = CoUse(corpus, "proof")
    assert proofs.counts(number("double_zero"))[number("last")] == 2


def test_a_circle_of_uses_ends(shelf: Shelf, tmp_path: Path) -> None:
    shelf.add(
        "Circle",
        "Base",
        [decl("even", "odd N", "odd", kind="inductive"), decl("odd", "even", kind="inductive")],
    )
    circle = shelf.build(tmp_path / "circle").corpus
    found = names(circle, Accessible(circle).of("even"))
    assert found == BASE | {"odd"}
