"""What a real Lean says of a small library, and of a project in which it fails."""

from __future__ import annotations

import json
import shutil
from collections import Counter
from collections.abc import Iterator

import pytest

from provers.errors import BrokenToolError, InputError
from provers.lean import build, corpus
from provers.lean.base import Reply
from provers.lean.corpus import Library, Module, Page
from provers.lean.toolchain import Toolchain

SMALL = ("Init.Data.Option.Basic",)
AXIOMS = {"propext", "Classical.choice", "Quot.sound", "sorryAx", "Lean.ofReduceBool"}
FIRST = """
/-- Twice a number. -/
def twice (n : Nat) : Nat := n + n

private theorem helper (n : Nat) : twice n = 2 * n := by unfold twice; omega

notation "TWO" => 2

/-- Nothing twice. -/
@[simp] theorem twice_zero : twice 0 = 0 := rfl
theorem twice_succ (n : Nat) : twice (n + 1) = twice n + TWO := by rw [helper, helper]; omega
attribute [grind =] twice_zero
"""
SECOND = """import Mine.First
private theorem helper : True := trivial
theorem two_zeros : twice 0 + twice 0 = 0 := by rw [twice_zero]
"""


@pytest.fixture(scope="module")
def library(lean_toolchain: Toolchain) -> Iterator[Library]:
    opened = Library(lean_toolchain, SMALL)
    yield opened
    opened.close()


@pytest.fixture(scope="module")
def pages(library: Library) -> dict[str, tuple[Module, Page]]:
    return {module.name: (module, library.page(module)) for module in library.modules()}


def test_modules_come_after_what_they_import(pages: dict[str, tuple[Module, Page]]) -> None:
    seen: set[str] = set()
    for name, (module, _) in pages.items():
        assert {one.module for one in module.imports} <= seen
        seen.add(name)
    assert next(iter(pages)) == "Init.Prelude" and list(pages)[-1] == SMALL[0]


def test_every_constant_is_on_a_page_or_counted_as_omitted(
    library: Library, pages: dict[str, tuple[Module, Page]]
) -> None:
    census = library.census()
    declared = [d for _, page in pages.values() for d in page.declarations]
    omitted = sum((page.omitted for _, page in pages.values()), Counter())
    kinds = Counter(d.kind for d in declared)
    for (_, kind), count in omitted.items():
        kinds[kind] += count
    assert len({d.name for d in declared}) == len(declared)
    assert len(declared) + omitted.total() == census.constants
    assert kinds["theorem"] == census.theorems > 500
    assert kinds["definition"] == census.definitions > 3000
    assert omitted.total() == census.omitted


def test_theorems_are_told_from_axioms(pages: dict[str, tuple[Module, Page]]) -> None:
    kinds = {d.name: d.kind for _, page in pages.values() for d in page.declarations}
    assert kinds["Option.map_some"] == kinds["Option.isSome_none"] == "theorem"
    assert kinds["Option.map"] == "definition" and kinds["Option.some"] == "constructor"
    axioms = {name for name, kind in kinds.items() if kind == "axiom"}
    assert axioms >= AXIOMS
    assert all(n in AXIOMS or "lc" in n or n.startswith("Lean.") for n in axioms)


def test_statements_and_what_they_name(pages: dict[str, tuple[Module, Page]]) -> None:
    by_name = {d.name: d for _, page in pages.values() for d in page.declarations}
    found = by_name["Option.map_some"]
    assert found.statement == (
        "∀ {α : Type u_1} {β : Type u_2} (a : α) (f : α → β), Option.map f (some a) = some (f a)"
    )
    assert set(found.uses) == {"Eq", "Option", "Option.map", "Option.some"}
    # What Lean made for a definition is no declaration, and stands for what it is made of.
    named = by_name["Option.isNone"].proof
    assert named is not None and {"Option.some", "Option.none", "Bool.true"} <= set(named)
    everything = set(by_name)
    assert all(set(d.uses) | set(d.proof or ()) <= everything for d in by_name.values())


def test_attributes(library: Library) -> None:
    given = set(library.attributes())
    assert ("simp", "Option.map_some") in given and ("grind", "Option.map_some") in given
    assert ("instance", "instMonadOption") in given and ("reducible", "inferInstance") in given
    assert ("simp", "Option.map") not in given


# --- what Lean does not survive --------------------------------------------------------------


class _Child:
    """A server that dies of pages with more than a few constants, or of one constant always."""

    def __init__(self, deadly: int | None) -> None:
        self.deadly = deadly
        self.asked: list[tuple[int, int]] = []

    def ask(self, header: object, request: dict[str, int], **limits: object) -> Reply:
        first, count = request["first"], request["count"]
        self.asked.append((first, count))
        if count > 3 or (self.deadly is not None and first <= self.deadly < first + count):
            return Reply(None, 0.0, "memory", "it took too much")
        made = [[f"c{i}", "theorem", "T", [], None] for i in range(first, min(first + count, 10))]
        return Reply({"declarations": made, "omitted": []}, 0.0)

    def megabytes(self) -> float:
        return 0.0

    def stop(self) -> None:
        return None


def _dying(
    monkeypatch: pytest.MonkeyPatch, toolchain: Toolchain, deadly: int | None
) -> tuple[Library, _Child]:
    child = _Child(deadly)
    monkeypatch.setattr(corpus, "Server", lambda command, header: child)
    return Library(toolchain, SMALL), child


def test_a_page_that_is_too_much_is_asked_in_parts(
    monkeypatch: pytest.MonkeyPatch, lean_toolchain: Toolchain
) -> None:
    opened, child = _dying(monkeypatch, lean_toolchain, None)
    page = opened.page(Module(0, "M", True, (), 10))
    assert [d.name for d in page.declarations] == [f"c{i}" for i in range(10)]
    assert child.asked[0] == (0, corpus.PAGE) and child.asked[-1][1] <= 3


def test_one_constant_that_is_too_much_is_named(
    monkeypatch: pytest.MonkeyPatch, lean_toolchain: Toolchain
) -> None:
    opened, _ = _dying(monkeypatch, lean_toolchain, 7)
    with pytest.raises(BrokenToolError, match="constant 8 of M: it stopped for memory"):
        opened.page(Module(0, "M", True, (), 10))


def test_a_header_that_is_not_there_is_refused(
    monkeypatch: pytest.MonkeyPatch, lean_toolchain: Toolchain
) -> None:
    class Strange(_Child):
        def ask(self, header: object, request: dict[str, int], **limits: object) -> Reply:
            return Reply(None, 0.0, "header", "unknown module prefix 'Nothing'")

    monkeypatch.setattr(corpus, "Server", lambda command, header: Strange(None))
    with pytest.raises(InputError, match=r"cannot import Nothing\.Here: unknown module prefix"):
        Library(lean_toolchain, ("Nothing.Here",)).modules()


# --- projects --------------------------------------------------------------------------------


@pytest.fixture(scope="module")
def opened(
    tmp_path_factory: pytest.TempPathFactory, lean_toolchain: Toolchain
) -> Iterator[build.Importable]:
    folder = tmp_path_factory.mktemp("project")
    (folder / "lakefile.toml").write_text('name = "mine"\n[[lean_lib]]\nname = "Mine"\n')
    (folder / "Mine").mkdir()
    (folder / "Mine" / "First.lean").write_text(FIRST)
    (folder / "Mine" / "Second.lean").write_text(SECOND)
    found = build.open_project(lean_toolchain, folder)
    yield found
    shutil.rmtree(found.path[0])


def test_of_a_project_there_are_proofs_places_and_docstrings(
    opened: build.Importable, lean_toolchain: Toolchain
) -> None:
    library = Library(lean_toolchain, opened.header, path=opened.path)
    try:
        first, second = library.modules()[-2:]
        of = {d.name: d for d in library.page(first).declarations}
        of |= {d.name: d for d in library.page(second).declarations}
        given = set(library.attributes())
    finally:
        library.close()
    assert {"twice", "twice_zero", "twice_succ", "two_zeros"} <= set(of) and "helper" not in of
    assert of["twice_succ"].place == (11, 0) and of["two_zeros"].place == (3, 0)
    assert of["twice"].doc == "Twice a number." and of["twice_zero"].doc == "Nothing twice."
    assert of["two_zeros"].proof is not None and "twice_zero" in of["two_zeros"].proof
    # The private lemma stands for what proves it.
    assert of["twice_succ"].proof is not None and "HMul.hMul" in of["twice_succ"].proof
    assert ("simp", "twice_zero") in given and ("grind", "twice_zero") in given
    assert [i.module for i in second.imports] == ["Init", "Mine.First"]


def test_answers_that_make_no_sense_are_a_broken_tool(
    monkeypatch: pytest.MonkeyPatch, lean_toolchain: Toolchain
) -> None:
    class Confused(_Child):
        def ask(self, header: object, request: dict[str, int], **limits: object) -> Reply:
            return Reply(json.loads('{"modules": [{"name": "M"}], "attributes": [1]}'), 0.0)

    monkeypatch.setattr(corpus, "Server", lambda command, header: Confused(None))
    opened = Library(lean_toolchain, SMALL)
    with pytest.raises(BrokenToolError, match="nonsense"):
        opened.modules()
    with pytest.raises(BrokenToolError, match="nonsense"):
        opened.attributes()
    with pytest.raises(BrokenToolError, match="nonsense"):
        opened.census()
