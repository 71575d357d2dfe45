"""Our Lean package is compiled once and can be imported."""

from __future__ import annotations

import threading
from pathlib import Path

import pytest

from provers import process
from provers.errors import BrokenToolError
from provers.lean import embedded, package
from provers.lean.toolchain import Toolchain

MODULES = ("NeuroSym.Second",)
FIRST = """module
public section
macro "by_omega" : tactic => `(tactic| omega)
end
"""
SECOND = """module
public import NeuroSym.First
public section
theorem NeuroSym.swap (a b : Nat) : a + b = b + a := by by_omega
end
"""


@pytest.fixture
def sources(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    folder = tmp_path / "sources"
    (folder / "NeuroSym").mkdir(parents=True)
    (folder / "NeuroSym" / "First.lean").write_text(FIRST)
    (folder / "NeuroSym" / "Second.lean").write_text(SECOND)
    monkeypatch.setattr(package, "sources", lambda: folder)
    return folder


def host(toolchain: Toolchain, folder: str) -> Path:
    if toolchain.kind == "native":
        return Path(folder)
    return toolchain.root / folder.removeprefix("/lean/")


def test_macros_and_theorems_are_imported(lean_toolchain: Toolchain, sources: Path) -> None:
    path = package.prepare(lean_toolchain, MODULES)
    folder = host(lean_toolchain, path)
    assert sorted(p.stem for p in folder.rglob("*.olean")) == ["First", "Second"]
    file = folder / "use.lean"
    file.write_text(
        "import NeuroSym.Second\n"
        "theorem t (a b : Nat) : a + b = b + a := by by_omega\n"
        "theorem u : 1 + 2 = 2 + 1 := NeuroSym.swap 1 2\n"
    )
    command = lean_toolchain.command(lean_toolchain.inside(file), path=[path])
    done = process.run(command.argv, seconds=300, megabytes=None, env=command.env)
    assert done.returncode == 0, done.stdout + done.stderr
    before = {p: p.stat().st_mtime_ns for p in folder.rglob("*.olean")}
    assert package.prepare(lean_toolchain, MODULES) == path
    assert before == {p: p.stat().st_mtime_ns for p in folder.rglob("*.olean")}


def test_two_at_once_compile_once(lean_toolchain: Toolchain, sources: Path) -> None:
    first = sources / "NeuroSym" / "First.lean"
    first.write_text(first.read_text() + f"-- {sources}\n")  # nobody has compiled this before
    made: list[str] = []
    threads = [
        threading.Thread(
            target=lambda: made.append(package.prepare(lean_toolchain, ("NeuroSym.First",)))
        )
        for _ in range(2)
    ]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len(made) == 2 and len(set(made)) == 1
    made_folder = host(lean_toolchain, made[0])
    assert not made_folder.with_name(f"{made_folder.name}.partial").exists()


def test_what_does_not_compile_is_said(lean_toolchain: Toolchain, sources: Path) -> None:
    (sources / "NeuroSym" / "Second.lean").write_text("theorem t : 1 = 2 := rfl\n")
    with pytest.raises(BrokenToolError, match=r"cannot compile NeuroSym\.Second: .*error"):
        package.prepare(lean_toolchain, MODULES)
    home = lean_toolchain.root if lean_toolchain.kind == "embedded" else embedded.cache() / "lean"
    left = (home / "packages").glob("*.partial/NeuroSym/Second.lean")  # others may be at work
    assert not [file for file in left if "1 = 2" in file.read_text()]


def test_missing_sources(lean_toolchain: Toolchain, sources: Path) -> None:
    (sources / "NeuroSym" / "First.lean").unlink()
    with pytest.raises(BrokenToolError, match="install neurosym again"):
        package.prepare(lean_toolchain, MODULES)


def test_the_sources_are_there() -> None:
    for module in package.IMPORTABLE:
        assert (package.sources() / Path(*module.split("."))).with_suffix(".lean").is_file()
