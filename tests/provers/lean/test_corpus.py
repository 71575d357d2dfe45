"""What a real Lean says of a small library, and of a project in which it fails."""

from __future__ import annotations

import json
import shutil
from collections import Counter
from collections.abc import Iterator
from pathlib import Path

import pytest

from provers.errors import BrokenToolError, InputError
from provers.lean import corpus, lake
from provers.lean.base import Reply
from provers.lean.corpus import Library, Module, Page, module_digest
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
def project(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("project")
    (folder / "lakefile.toml").write_text('name = "mine"\n[[lean_lib]]\nname = "Mine"\n')
    files = {
        "Mine/First.lean": FIRST,
        "Mine/Second.lean": SECOND,
        "Mine/Wrong.lean": "theorem wrong : 1 = 2 := rfl\n",
        "Mine/OnWrong.lean": "import Mine.Wrong\n",
        "Mine/OnMathlib.lean": "import Mathlib.Data.Nat.Basic\n",
        "Mine/CircleA.lean": "import Mine.CircleB\n",
        "Mine/CircleB.lean": "import Mine.CircleA\n",
        "Mine/Module.lean": "module\ntheorem t : True := trivial\n",
        ".lake/packages/other/Other.lean": "theorem other : True := trivial\n",
    }
    for name, text in files.items():
        (folder / name).parent.mkdir(parents=True, exist_ok=True)
        (folder / name).write_text(text)
    return folder


@pytest.fixture(scope="module")
def opened(project: Path, lean_toolchain: Toolchain) -> Iterator[lake.Project]:
    found = lake.open_project(lean_toolchain, project)
    yield found
    shutil.rmtree(found.path[0])


def test_a_project_is_compiled_from_its_sources(opened: lake.Project) -> None:
    assert opened.header == ("Init", "Mine.First", "Mine.Second")
    left_out = dict(opened.left_out)
    assert left_out["Mine.Wrong"].startswith("line 1: ")
    assert left_out["Mine.OnWrong"] == "it imports Mine.Wrong, which is left out"
    assert "Mathlib.Data.Nat.Basic, which this Lean does not have" in left_out["Mine.OnMathlib"]
    assert "module" in left_out["Mine.Module"]
    assert "import each other" in left_out["Mine.CircleA"] + left_out["Mine.CircleB"]
    assert len(left_out) == 6


def test_of_a_project_there_are_proofs_places_and_docstrings(
    opened: lake.Project, lean_toolchain: Toolchain
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


def test_what_has_not_changed_is_not_compiled_again(
    opened: lake.Project,
    project: Path,
    lean_toolchain: Toolchain,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    compiled: list[str] = []

    class Compiler:
        def __init__(self, *arguments: object, **options: object) -> None:
            pass

        def compile(self, header: object, module: str, code: str, file: str) -> str:
            compiled.append(module)
            return "no"

        def close(self) -> None:
            pass

    monkeypatch.setattr(lake, "Library", Compiler)
    again = lake.open_project(lean_toolchain, project)
    assert again.header == opened.header and compiled == ["Mine.Wrong"]
    second = project / "Mine" / "Second.lean"
    second.write_text(SECOND + "\n")
    assert lake.open_project(lean_toolchain, project).header == ("Init", "Mine.First")
    assert compiled == ["Mine.Wrong", "Mine.Wrong", "Mine.Second"]


def test_what_is_no_project_is_refused(tmp_path: Path, lean_toolchain: Toolchain) -> None:
    with pytest.raises(InputError, match="there is no folder"):
        lake.open_project(lean_toolchain, tmp_path / "none")
    with pytest.raises(InputError, match=r"neither lakefile\.toml nor lakefile\.lean"):
        lake.open_project(lean_toolchain, tmp_path)
    (tmp_path / "lakefile.toml").write_text("srcDir = '../elsewhere'\n")
    with pytest.raises(InputError, match="outside the project"):
        lake.open_project(lean_toolchain, tmp_path)
    (tmp_path / "lakefile.toml").write_text("= broken")
    with pytest.raises(InputError, match="cannot be read"):
        lake.open_project(lean_toolchain, tmp_path)
    (tmp_path / "lakefile.toml").write_text("name = 'x'\n")
    with pytest.raises(InputError, match="has no file of Lean"):
        lake.open_project(lean_toolchain, tmp_path)


def test_a_project_that_lake_built_is_taken_as_it_is(tmp_path: Path) -> None:
    (tmp_path / "lakefile.lean").write_text("import Lake\n")
    built = tmp_path / ".lake" / "build" / "lib" / "lean"
    for name in ("Mine.olean", "Mine/Part.olean", "Mine/Odd-Name.olean"):
        (built / name).parent.mkdir(parents=True, exist_ok=True)
        (built / name).write_bytes(b"")
    packages = tmp_path / ".lake" / "packages" / "dep" / ".lake" / "build" / "lib" / "lean"
    packages.mkdir(parents=True)
    native = Toolchain("native", "4.28.0", tmp_path / "root", tmp_path / "root" / "lean")
    found = lake.open_project(native, tmp_path)
    assert found.header == ("Init", "Mine", "Mine.Part", "Mine.«Odd-Name»")
    assert found.path == (built, packages)
    assert module_digest(native, found.path, "Mine.«Odd-Name»") != ""
    assert module_digest(native, found.path, "Mine.Missing") == ""


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
