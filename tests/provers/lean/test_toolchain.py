"""Which Lean is found where several are, and what starts it."""

from __future__ import annotations

import os
import tempfile
from collections.abc import Iterator
from pathlib import Path

import pytest

from provers import process, registry
from provers.errors import BrokenToolError, MissingToolError
from provers.lean import embedded, node, toolchain
from provers.lean.toolchain import Toolchain


@pytest.fixture
def elan(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """No Lean anywhere, and an empty elan."""
    (tmp_path / "bin").mkdir()
    monkeypatch.setenv("PATH", f"{tmp_path / 'bin'}{os.pathsep}/bin{os.pathsep}/usr/bin")
    monkeypatch.setenv("ELAN_HOME", str(tmp_path / "elan"))
    monkeypatch.setenv("NEUROSYM_CACHE", str(tmp_path / "cache"))
    monkeypatch.delenv("NEUROSYM_LEAN", raising=False)
    (tmp_path / "elan" / "toolchains").mkdir(parents=True)
    return tmp_path / "elan"


def lean(file: Path, version: str = "4.28.0") -> Path:
    file.parent.mkdir(parents=True, exist_ok=True)
    file.write_text(f"#!/bin/sh\necho 'Lean (version {version}, x86_64, commit 0, Release)'\n")
    file.chmod(0o755)
    return file


def add(elan: Path, version: str) -> Path:
    name = f"leanprover--lean4---v{version}"
    return lean(elan / "toolchains" / name / "bin" / "lean", version)


def test_none(elan: Path) -> None:
    assert toolchain.find() is None


def test_on_path(elan: Path, tmp_path: Path) -> None:
    program = lean(tmp_path / "bin" / "lean", "4.29.1")
    found = toolchain.find()
    assert found == Toolchain("native", "4.29.1", tmp_path, program)


def test_a_shim_is_never_run(elan: Path, tmp_path: Path) -> None:
    shim = tmp_path / "bin" / "lean"
    shim.write_text(f"#!/bin/sh\ntouch {tmp_path / 'ran'}\n")
    shim.chmod(0o755)
    (tmp_path / "bin" / "elan").write_text("")
    assert toolchain.find() is None
    program = add(elan, "4.28.0")
    found = toolchain.find()
    assert found is not None and found.program == program
    assert not (tmp_path / "ran").exists()


def test_the_default_before_the_newest(elan: Path) -> None:
    add(elan, "4.30.0")
    add(elan, "4.9.0")
    default = add(elan, "4.28.1")
    found = toolchain.find()
    assert found is not None and found.version == "4.30.0"
    settings = 'version = "12"\ndefault_toolchain = "leanprover/lean4:v4.28.1"\n'
    (elan / "settings.toml").write_text(settings)
    found = toolchain.find()
    assert found is not None and found.program == default


@pytest.mark.parametrize("name", ["leanprover/lean4:v4.9.0\n", "v4.9.0"])
def test_a_project_gets_its_own(elan: Path, tmp_path: Path, name: str) -> None:
    add(elan, "4.28.0")
    wanted = add(elan, "4.9.0")
    (tmp_path / "lean-toolchain").write_text(name)
    found = toolchain.find(tmp_path)
    assert found is not None and found.program == wanted


def test_a_project_whose_toolchain_is_not_there(elan: Path, tmp_path: Path) -> None:
    add(elan, "4.28.0")
    (tmp_path / "lean-toolchain").write_text("leanprover/lean4:v4.17.0")
    found = toolchain.find(tmp_path)
    assert found is not None and found.version == "4.28.0"


def test_an_old_one_is_passed_over_unless_forced(
    elan: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    program = lean(tmp_path / "bin" / "lean", "4.9.0")
    assert toolchain.find() is None
    for forced in ("native", str(program)):
        monkeypatch.setenv("NEUROSYM_LEAN", forced)
        found = toolchain.find()
        assert found is not None and found.program == program


@pytest.mark.parametrize("says", ["4.28.0", "3.51.1"])
def test_forced_to_what_is_not_lean_4(
    elan: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, says: str
) -> None:
    program = lean(tmp_path / "lean", says)
    if says.startswith("4"):
        program.write_text("#!/bin/sh\nexit 0\n")
    for forced in (str(program), str(tmp_path / "nothing"), "emebdded"):
        monkeypatch.setenv("NEUROSYM_LEAN", forced)
        with pytest.raises(BrokenToolError, match="NEUROSYM_LEAN"):
            toolchain.find()


UNUSABLE = {
    "not a program": "neither a script nor a program",
    "no loader": "#!/there/is/no/loader\n",
    "silent": "#!/bin/sh\nexit 0\n",
    "nonsense": "#!/bin/sh\necho 'Lean (version 4.x, of sorts)'\n",
    "failing": "#!/bin/sh\necho 'Lean (version 4.28.0, x)'\nexit 1\n",
}


@pytest.mark.parametrize("name", UNUSABLE)
def test_what_cannot_run_is_passed_over(
    elan: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, name: str
) -> None:
    broken = lean(tmp_path / "bin" / "lean")
    broken.write_text(UNUSABLE[name])
    assert toolchain.find() is None
    assert registry.available()["lean"].missing == "neurosym setup lean"
    embedded_one = Toolchain("embedded", "4.28.0", tmp_path, Path("node"))
    monkeypatch.setattr(toolchain, "_embedded", lambda: embedded_one)
    assert toolchain.find() == embedded_one
    usable = add(elan, "4.28.0")
    found = toolchain.find()
    assert found is not None and found.program == usable
    monkeypatch.setenv("NEUROSYM_LEAN", str(broken))
    with pytest.raises(BrokenToolError, match="NEUROSYM_LEAN"):
        toolchain.find()
    assert "NEUROSYM_LEAN" in registry.available()["lean"].missing


def test_a_node_that_cannot_run(elan: Path, tmp_path: Path) -> None:
    for text in ("no program", "#!/there/is/no/loader\n", "#!/bin/sh\necho very new\n"):
        (tmp_path / "node").write_text(text)
        (tmp_path / "node").chmod(0o755)
        assert node._version(str(tmp_path / "node"), float(len(text))) is None


def test_native_is_forced_and_missing(elan: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("NEUROSYM_LEAN", "native")
    with pytest.raises(MissingToolError, match="NEUROSYM_LEAN"):
        toolchain.ensure()


def test_embedded_is_forced(elan: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    lean(tmp_path / "bin" / "lean")
    monkeypatch.setenv("NEUROSYM_LEAN", "embedded")
    assert toolchain.find() is None
    with pytest.raises(MissingToolError, match="--offline"):
        toolchain.ensure(offline=True)


def test_native_command(elan: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    program = lean(tmp_path / "bin" / "lean")
    monkeypatch.setenv("LEAN_PATH", "/elsewhere")
    found = toolchain.find()
    assert found is not None
    command = found.command("--run", "A.lean", path=["/a", "/b"], megabytes=900)
    assert command.argv == [str(program), "--memory=900", "--run", "A.lean"]
    assert command.env["LEAN_PATH"] == f"/a{os.pathsep}/b"
    assert command.box is not None and not command.box.write
    assert command.box.read == (tmp_path, Path("/a"), Path("/b"))
    monkeypatch.setenv("SOME_API_KEY", "secret")
    monkeypatch.setenv("LC_ALL", "C.UTF-8")
    env = found.command("--version").env
    assert env["PATH"] == os.environ["PATH"]
    assert env["LC_ALL"] == "C.UTF-8"
    assert set(env) <= {"PATH", "LANG", "LD_LIBRARY_PATH"} | {k for k in env if k[:3] == "LC_"}
    assert found.inside(tmp_path / "A.lean") == str(tmp_path / "A.lean")


def test_embedded_command(tmp_path: Path) -> None:
    found = Toolchain("embedded", "4.28.0-pre", tmp_path.resolve(), Path("node"))
    command = found.command("--run", "/lean/A.lean", path=["/lean/p"])
    assert command.argv[0] == "node"
    assert "--permission" in command.argv
    assert not any("write" in word for word in command.argv)
    assert set(command.env) == {"LEAN_PATH", "NEUROSYM_LEAN_PAGES", "OPENSSL_CONF"}
    assert command.box is not None and not command.box.write
    assert command.box.read[0] == tmp_path.resolve()
    assert found.inside(tmp_path / "p" / "A.lean") == "/lean/p/A.lean"
    with pytest.raises(ValueError):
        found.inside(tmp_path.parent)


def run(found: Toolchain, text: str, folder: Path) -> process.Completed:
    file = folder / "A.lean"
    file.write_text(text)
    command = found.command(found.inside(file))
    return process.run(command.argv, seconds=300, megabytes=None, env=command.env)


@pytest.fixture
def seen(lean_toolchain: Toolchain, tmp_path: Path) -> Iterator[Path]:
    """A folder that Lean can see."""
    if lean_toolchain.kind == "native":
        yield tmp_path
        return
    with tempfile.TemporaryDirectory(dir=lean_toolchain.root) as folder:
        yield Path(folder)


def test_lean_accepts_and_rejects(lean_toolchain: Toolchain, seen: Path) -> None:
    good = run(lean_toolchain, "theorem t (a b : Nat) : a + b = b + a := by omega\n", seen)
    assert good.returncode == 0, good.stdout + good.stderr
    assert "error" not in good.stdout
    bad = run(lean_toolchain, "theorem t (a b : Nat) : a + b = a := by omega\n", seen)
    assert bad.returncode == 1
    assert "omega could not prove the goal" in bad.stdout


def test_the_embedded_lean_sees_only_its_folder(
    lean_toolchain: Toolchain, seen: Path, tmp_path: Path
) -> None:
    if lean_toolchain.kind == "native":
        pytest.skip("a native Lean runs with the rights of the user")
    secret = tmp_path / "secret"
    secret.write_text("told")
    target = lean_toolchain.inside(seen) + "/written"
    up = "/lean/" + "../" * 12
    text = "\n".join(
        [
            *(
                f'#eval show IO Unit from do\n  let s ← IO.FS.readFile "{path}"\n  IO.println s'
                for path in (secret, f"{up}{secret}", f"{up}etc/hostname", "/etc/hostname")
            ),
            f'#eval show IO Unit from do\n  IO.FS.writeFile "{target}" "x"',
        ]
    )
    done = run(lean_toolchain, text, seen)
    assert done.stdout.count("error") >= 5, done.stdout
    assert "told" not in done.stdout
    assert not (seen / "written").exists()
    assert embedded.installed() is not None
    assert not list(lean_toolchain.root.glob("*.profraw"))
    assert not list(lean_toolchain.root.glob("bin/*.profraw"))
