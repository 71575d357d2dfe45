"""What a project's files say: where its modules are, and what it asks for."""

from pathlib import Path

import pytest

from provers.errors import InputError
from provers.lean import lake


def laid(folder: Path, lakefile: str, text: str, *files: str) -> Path:
    folder.mkdir(parents=True, exist_ok=True)
    (folder / lakefile).write_text(text, encoding="utf-8")
    for name in files:
        (folder / name).parent.mkdir(parents=True, exist_ok=True)
        (folder / name).write_text("")
    return folder


TOML = """name = "mine"
[leanOptions]
autoImplicit = false
pp.unicode.fun = true
maxHeartbeats = 400000
[[require]]
name = "mathlib"
scope = "leanprover-community"
[[lean_lib]]
name = "Mine"
srcDir = "src"
"""
LEAN = """import Lake
open Lake DSL
/- require old from git "x" -/
package mine where
  leanOptions := #[⟨`autoImplicit, false⟩, ⟨`pp.unicode.fun, true⟩, ⟨`maxHeartbeats, .ofNat 400000⟩]
-- require none from git "y"
require "leanprover-community" / "mathlib" @ git "v4.28.0"
require batteries from git "https://example.org/batteries"
lean_lib Mine where
  srcDir := "src"
"""
OPTIONS = {"autoImplicit": False, "pp.unicode.fun": True, "maxHeartbeats": 400000}


@pytest.mark.parametrize(
    ("name", "text", "requires"),
    [
        ("lakefile.toml", TOML, ("mathlib",)),
        ("lakefile.lean", LEAN, ("mathlib", "batteries")),
    ],
)
def test_both_kinds_of_lakefile_are_read(
    tmp_path: Path, name: str, text: str, requires: tuple[str, ...]
) -> None:
    folder = laid(tmp_path, name, text, "src/Mine.lean", "src/Mine/Größe.lean", "Other.lean")
    found = lake.find(folder / "src" / "Mine")
    assert found.folder == folder and found.lakefile == folder / name
    assert dict(found.options) == OPTIONS and found.requires == requires
    assert set(found.modules()) == {"Mine", "Mine.Größe"}
    assert found.name_of(folder / "src" / "Mine.lean") == "Mine"
    with pytest.raises(InputError, match="no module of the project"):
        found.name_of(folder / "Other.lean")


def test_what_lake_keeps_is_no_part_of_it(tmp_path: Path) -> None:
    folder = laid(tmp_path, "lakefile.lean", "package x", "A.lean", "B-C/D.lean", ".lake/p/E.lean")
    assert set(lake.read(folder).modules()) == {"A", "«B-C».D"}


def test_what_is_no_project_is_refused(tmp_path: Path) -> None:
    with pytest.raises(InputError, match="there is no"):
        lake.find(tmp_path / "none")
    with pytest.raises(InputError, match=r"in no Lake project"):
        lake.find(tmp_path)
    with pytest.raises(InputError, match=r"neither lakefile\.toml nor lakefile\.lean"):
        lake.read(tmp_path)
    (tmp_path / "lakefile.toml").write_text("srcDir = '../elsewhere'\n")
    with pytest.raises(InputError, match="outside the project"):
        lake.read(tmp_path)
    (tmp_path / "lakefile.toml").write_text("= broken")
    with pytest.raises(InputError, match="cannot be read"):
        lake.read(tmp_path)
    (tmp_path / "lakefile.toml").write_text("#" * 2_000_000)
    with pytest.raises(InputError, match="larger than any lakefile"):
        lake.read(tmp_path)


@pytest.mark.parametrize("facts", ["lean_lib = 3", "[[lean_lib]]\nsrcDir = 3", "leanOptions = 1"])
def test_a_strange_lakefile_does_no_harm(tmp_path: Path, facts: str) -> None:
    assert lake.read(laid(tmp_path, "lakefile.toml", facts)).options == {}
