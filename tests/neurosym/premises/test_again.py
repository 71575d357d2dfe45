"""Theorems proved again: what their proofs may name, and what counts as a premise."""

from __future__ import annotations

from pathlib import Path

import pytest

from neurosym.premises.again import Again, premises_of, statement_of
from neurosym.premises.build import Request, build
from neurosym.premises.corpus import Corpus
from neurosym.premises.graph import Accessible, Indices
from provers.lean.pool import Pool
from provers.lean.toolchain import Toolchain
from tests.neurosym.premises.made import Shelf, decl


def named(corpus: Corpus, constants: str, allowed: str) -> set[str] | None:
    indices = frozenset(map(corpus.index_of, allowed.split()))
    found = premises_of(corpus, constants.split(), indices)
    return None if found is None else {corpus.names[i] for i in found}


@pytest.mark.parametrize(
    ("constants", "allowed", "premises"),
    [
        ("add_zero zero_add", "add_zero zero_add", "add_zero zero_add"),
        ("add N.zero N", "add N.zero N", ""),  # theorems alone are premises
        ("double.eq_1", "double", "double"),  # a definition, by its equation
        ("double.eq_def", "double", "double"),
        ("double.match_1", "double", ""),
        ("add_zero._simp_1", "add_zero", "add_zero"),  # as simp has made it its own
        ("Lean.Grind.intro Nat.Linear.x", "", ""),  # what tactics make their terms of
        ("add_zero Lean.Omega.x", "add_zero", "add_zero"),
    ],
)
def test_premises_of_a_term(corpus: Corpus, constants: str, allowed: str, premises: str) -> None:
    assert named(corpus, constants, allowed) == set(premises.split())


@pytest.mark.parametrize("constants", ["add_zero later", "nobody_knows", "double.eq_1"])
def test_terms_that_name_what_they_may_not(corpus: Corpus, constants: str) -> None:
    assert named(corpus, constants, "add_zero N") is None


def test_the_logic_of_every_proof_is_no_premise(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    shelf = Shelf(tmp_path / "root")
    shelf.add("Init.Core", "", [decl("eq_self"), decl("iff_rfl")])
    shelf.add("Init.Data", "Init.Core", [decl("mine")])
    shelf.install(monkeypatch)
    corpus = shelf.build(tmp_path / "corpus").corpus
    assert named(corpus, "eq_self mine", "eq_self mine") == {"mine"}


def test_attributes_of_the_theorem_itself_are_taken_away(corpus: Corpus) -> None:
    text = statement_of(corpus, corpus.index_of("add_zero"))
    assert "attribute [-simp] _root_.add_zero\n" in text
    assert "attribute [-grind] _root_.add_zero\n" in text
    assert text.endswith("theorem neurosym_again : type_of% @_root_.add_zero")
    assert "attribute" not in statement_of(corpus, corpus.index_of("zero_add"))


# --- by a real Lean --------------------------------------------------------------------------


@pytest.fixture(scope="module")
def options(tmp_path_factory: pytest.TempPathFactory, lean_toolchain: Toolchain) -> Corpus:
    out = tmp_path_factory.mktemp("again") / "corpus"
    return build(Request(lean_toolchain, ("Init.Data.Option.Basic",), workers=1), out).corpus


@pytest.mark.parametrize("name", ["Option.map_some", "Option.getD_some", "Option.map_none"])
def test_a_proof_never_names_itself_or_what_comes_after(
    options: Corpus, lean_checker: Pool, name: str
) -> None:
    found = Again(options, lean_checker).prove(options.index_of(name), seconds=60)
    assert found is not None and found.proof.startswith("by")
    assert options.index_of(name) not in found.premises
    assert set(found.premises) <= set(map(int, Accessible(options).of(name)))


def test_premises_are_chosen_among_what_may_be_used(options: Corpus, lean_checker: Pool) -> None:
    wanted = options.index_of("Option.instReflBEq")
    asked: list[tuple[int, str]] = []

    def choose(index: int, goal: str, usable: Indices) -> list[str]:
        asked.append((index, goal))
        assert wanted not in usable
        assert set(usable) <= set(Accessible(options).of("Option.instReflBEq"))
        return []

    Again(options, lean_checker, choose).prove(wanted, seconds=60)
    assert [index for index, _ in asked] == [wanted] and "⊢" in asked[0][1]


# --- by a real Lean, whose library is told to be smaller ---------------------------------------


@pytest.fixture
def numbers(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Corpus:
    """A proof of ``Nat.add_mul`` may name one theorem; those of tactics name more than that."""
    shelf = Shelf(tmp_path / "root")
    shelf.add("First", "", [decl("Nat", kind="inductive"), decl("Nat.right_distrib", "Nat")])
    shelf.add("Second", "*First", [decl("Nat.add_mul", "Nat")])
    shelf.add("Third", "*Second", [decl("Nat.left_distrib", "Nat")])
    shelf.install(monkeypatch)
    return shelf.build(tmp_path / "corpus").corpus


def test_a_premise_that_is_chosen_is_used(numbers: Corpus, lean_checker: Pool) -> None:
    wanted, needed = numbers.index_of("Nat.add_mul"), numbers.index_of("Nat.right_distrib")
    asked: list[tuple[int, str, list[int]]] = []

    def choose(index: int, goal: str, usable: Indices) -> list[str]:
        asked.append((index, goal, usable.tolist()))
        return ["Nat.add_mul", "Nat.right_distrib"]  # the first would be a circle

    found = Again(numbers, lean_checker, choose).prove(wanted, seconds=60)
    assert found is not None and found.premises == (needed,)
    assert found.proof == "by exact Nat.right_distrib"
    ((index, goal, usable),) = asked
    assert (index, usable) == (wanted, [needed])
    assert goal.replace("✝", "").endswith("⊢ (n + m) * k = n * k + m * k")


def test_where_nothing_but_a_circle_is_found_there_is_no_proof(
    numbers: Corpus, lean_checker: Pool
) -> None:
    def choose(index: int, goal: str, usable: Indices) -> list[str]:
        return ["Nat.add_mul", "Nat.left_distrib"]

    again = Again(numbers, lean_checker)
    assert again.prove(numbers.index_of("Nat.add_mul"), seconds=3, choose=choose) is None


def test_where_nothing_may_be_used_nobody_is_asked(numbers: Corpus, lean_checker: Pool) -> None:
    def choose(index: int, goal: str, usable: Indices) -> list[str]:
        raise AssertionError

    again = Again(numbers, lean_checker, choose)
    assert again.prove(numbers.index_of("Nat.right_distrib"), seconds=3) is None
