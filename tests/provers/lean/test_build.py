"""A project's modules, compiled from their sources by a real Lean: each once."""

from __future__ import annotations

import json
import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest

from provers.base import Outcome
from provers.errors import InputError
from provers.lean import build, lake
from provers.lean.base import LeanVersion
from provers.lean.build import Built, Importable
from provers.lean.corpus import module_digest
from provers.lean.judge import judge_module
from provers.lean.source import Source
from provers.lean.toolchain import Toolchain

FILES = {
    "Mine/First.lean": """/-- Twice. -/
def twice (n : Nat) : Nat := n + n
@[simp] theorem twice_zero : twice 0 = 0 := rfl
private theorem hidden (n : Nat) : twice n = 2 * n := by unfold twice; omega
theorem even (n : Nat) : twice n % 2 = 0 := by rw [hidden]; omega
theorem open_ (n : Nat) : twice n = n + n + 0 := by
  induction n with
  | zero => rfl
  | succ n ih => sorry
axiom wish : 1 = 2
theorem wished : 1 = 2 := wish
""",
    "Mine/Second.lean": "import Mine.First\r\ntheorem rests : twice 3 = 6 := open_ 3\r\n"
    "theorem fine : twice 1 = 2 := rfl\r\ntheorem far : 1 = 2 := wish\r\n",
    "Mine/Größe/Ä.lean": "theorem g : True := trivial\n",
    "Mine/Top.lean": "import Mine.Größe.Ä\nimport Mine.Second\n",
    "Mine/Wrong.lean": "theorem wrong : 1 = 2 := rfl\ntheorem good : True := trivial\n",
    "Mine/OnWrong.lean": "import Mine.Wrong\n",
    "Mine/OnMathlib.lean": "import Mathlib.Data.Nat.Basic\n",
    "Mine/CircleA.lean": "import Mine.CircleB\n",
    "Mine/CircleB.lean": "import Mine.CircleA\n",
    "Mine/Runs.lean": "axiom first : True\n#eval 1\ntheorem t : True := trivial\n",
    "Mine/OnRuns.lean": "import Mine.Runs\ntheorem u : True := trivial\n",
    "Mine/Closed.lean": "module\npublic theorem seen : True := trivial\n"
    "theorem own : 1 = 1 := by sorry\n",
    "Mine/OnClosed.lean": "import Mine.Closed\ntheorem d : True := seen\n",
    "Mine/ClosedOn.lean": "module\nimport Mine.First\n",
    ".lake/packages/other/Other.lean": "theorem other : True := trivial\n",
}


@pytest.fixture(scope="module")
def project(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("projekt-ä")
    (folder / "lakefile.toml").write_text('name = "mine"\n[[lean_lib]]\nname = "Mine"\n')
    for name, text in FILES.items():
        (folder / name).parent.mkdir(parents=True, exist_ok=True)
        (folder / name).write_bytes(text.encode())
    return folder


@pytest.fixture(scope="module")
def built(project: Path, lean_toolchain: Toolchain) -> Iterator[Built]:
    found = build.build(lean_toolchain, lake.read(project), workers=2)
    yield found
    shutil.rmtree(found.path[0])


def test_modules_come_after_what_they_import(built: Built) -> None:
    order = list(built.modules)
    assert order.index("Mine.First") < order.index("Mine.Second") < order.index("Mine.Top")
    assert set(built.header) == {
        "Init",
        "Mine.First",
        "Mine.Second",
        "Mine.Größe.Ä",
        "Mine.Top",
        "Mine.Runs",
        "Mine.OnRuns",
        "Mine.Closed",
        "Mine.OnClosed",
    }
    assert sorted(built.imports.successors("Mine.Top")) == ["Mine.Größe.Ä", "Mine.Second"]


def test_what_cannot_be_compiled_says_why(built: Built) -> None:
    left_out = dict(built.left_out)
    assert left_out["Mine.Wrong"].startswith("line 1: ")
    assert left_out["Mine.OnWrong"] == "it imports Mine.Wrong, which is left out"
    mathlib = left_out["Mine.OnMathlib"]
    assert "Mathlib.Data.Nat.Basic, which this Lean does not have" in mathlib
    if built.toolchain.kind == "embedded":
        assert "install Lean with elan" in mathlib and "lake exe cache get" in mathlib
    for name in ("Mine.CircleA", "Mine.CircleB"):
        assert "go in a circle" in left_out[name] and "Mine.CircleA" in left_out[name]
    assert "non-`module` Mine.First from `module`" in left_out["Mine.ClosedOn"]
    assert len(left_out) == 6


def test_a_report_says_what_is_declared_and_what_it_rests_on(built: Built) -> None:
    report = built.modules["Mine.First"].report
    assert report is not None and not report.errors and report.refused is None
    of = {one.name: one for one in report.declared}
    assert of["twice"].kind == "definition" and of["twice"].doc == "Twice."
    assert of["hidden"].private and of["hidden"].place == (4, 0)
    assert of["even"].proof is not None and "hidden" in of["even"].proof
    assert of["open_"].axioms == ("sorryAx",) and of["wished"].axioms == ("wish",)
    (gap,) = report.gaps
    assert gap.start == (9, 17) and not gap.term and "ih : twice n = n + n + 0" in gap.goal
    second = built.modules["Mine.Second"].report
    assert second is not None
    rests = {one.name: one.axioms for one in second.declared}
    assert rests["rests"] == ("sorryAx",) and rests["fine"] == () and rests["far"] == ("wish",)


def _verdicts(built: Built, name: str, unjudged: tuple[str, ...] = ()) -> dict[str, str]:
    module = built.modules[name]
    assert module.report is not None
    version = LeanVersion(built.toolchain.version, built.toolchain.kind)
    found = judge_module("", module.report, version, unjudged=unjudged)
    return {
        one.name: result.flags[0] if result.flags else str(result.outcome) for one, result in found
    }


def test_theorems_are_judged_as_code_is(built: Built) -> None:
    first = _verdicts(built, "Mine.First")
    assert first["even"] == first["twice_zero"] == first["hidden"] == str(Outcome.PROVED)
    assert first["open_"] == "sorry" and first["wished"] == "axiom"
    second = _verdicts(built, "Mine.Second")
    assert second == {"rests": "rests_on_sorry", "fine": "proved", "far": "axiom"}
    assert _verdicts(built, "Mine.Wrong") == {"wrong": "ill_formed", "good": "proved"}


def test_a_file_that_begins_with_module_keeps_to_itself_what_is_not_public(built: Built) -> None:
    report = built.modules["Mine.Closed"].report
    assert report is not None and not report.errors
    of = {one.name: one for one in report.declared}
    assert not of["seen"].private and of["own"].private
    assert _verdicts(built, "Mine.Closed") == {"seen": "proved", "own": "sorry"}
    assert _verdicts(built, "Mine.OnClosed") == {"d": "proved"}


def test_where_a_program_runs_nothing_is_judged(built: Built) -> None:
    report = built.modules["Mine.Runs"].report
    # The axiom in front of it hides nothing.
    assert report is not None and report.refused == ("program", "#eval")
    assert _verdicts(built, "Mine.Runs") == {"t": "program"}
    assert _verdicts(built, "Mine.OnRuns", ("Mine.Runs",)) == {"u": "rests_on_unjudged"}


def test_only_what_changed_is_elaborated_again(
    built: Built, project: Path, lean_toolchain: Toolchain
) -> None:
    def fresh() -> set[str]:
        again = build.build(lean_toolchain, lake.read(project))
        assert again.header == built.header
        return {name for name, module in again.modules.items() if module.fresh}

    assert fresh() == set()
    file = project / "Mine" / "Second.lean"
    before = file.read_bytes()
    file.write_bytes(before + b"\r\ntheorem more : True := trivial\r\n")
    try:
        assert fresh() == {"Mine.Second", "Mine.Top"}
    finally:
        file.write_bytes(before)
    # A report that is damaged is made again, and what was compiled without one.
    place = built.path[0] / "Mine"
    (place / "First.json").write_text("{")
    (place / "Runs.olean").unlink()
    assert {"Mine.First", "Mine.Runs"} <= fresh()
    stored = json.loads((place / "First.json").read_text())
    assert stored["report"]["errors"] is False


def test_a_part_of_a_project_is_built_with_what_it_imports(
    built: Built, project: Path, lean_toolchain: Toolchain
) -> None:
    part = build.build(lean_toolchain, lake.read(project), only=["Mine.Second"])
    assert list(part.modules) == ["Mine.First", "Mine.Second"]


def test_tactics_are_tried_where_another_stands(built: Built) -> None:
    bench = built.bench()
    try:
        source = Source(("Init", "Mine.First"), "theorem t (n : Nat) : twice n = n + n := by sorry")
        opened = bench.open(source.header, "Scratch", source.body)
        (step,) = opened.steps()
        assert step.before == "n : Nat\n⊢ twice n = n + n" and step.after == ""
        rfl, fails, nothing, cheats, unknown = opened.run(
            step, ["rfl", "simp_all only []", "skip", "exact open_ n", "nonsense"]
        )
        assert rfl.closed and rfl.axioms == ()
        assert fails.error and not fails.closed
        assert not nothing.closed and nothing.after == step.before
        assert cheats.error == "" and cheats.closed and cheats.axioms == ("sorryAx",)
        assert "unknown tactic" in unknown.error
        (refuted,) = opened.run(step, ["exact fun h => absurd (@h 1) (by decide)"], negated=True)
        assert not refuted.closed  # it is true
        assert opened.replay(step) == ("", "")
    finally:
        bench.close()


def test_a_project_without_modules_is_refused(tmp_path: Path, lean_toolchain: Toolchain) -> None:
    (tmp_path / "lakefile.toml").write_text("name = 'x'\n")
    with pytest.raises(InputError, match="has no file of Lean"):
        build.open_project(lean_toolchain, tmp_path)
    (tmp_path / "A.lean").write_text("import Nothing\n")
    with pytest.raises(InputError, match=r"nothing of .* can be compiled; A: it imports Nothing"):
        build.open_project(lean_toolchain, tmp_path)


def test_a_project_that_lake_built_is_taken_as_it_is(tmp_path: Path) -> None:
    (tmp_path / "lakefile.lean").write_text("import Lake\n")
    compiled = tmp_path / ".lake" / "build" / "lib" / "lean"
    for name in ("Mine.olean", "Mine/Part.olean", "Mine/Odd-Name.olean"):
        (compiled / name).parent.mkdir(parents=True, exist_ok=True)
        (compiled / name).write_bytes(b"")
    packages = tmp_path / ".lake" / "packages" / "dep" / ".lake" / "build" / "lib" / "lean"
    packages.mkdir(parents=True)
    native = Toolchain("native", "4.28.0", tmp_path / "root", tmp_path / "root" / "lean")
    found = build.open_project(native, tmp_path)
    assert found == Importable(
        ("Init", "Mine", "Mine.Part", "Mine.«Odd-Name»"), (compiled, packages)
    )
    assert module_digest(native, found.path, "Mine.«Odd-Name»") != ""
    assert module_digest(native, found.path, "Mine.Missing") == ""
