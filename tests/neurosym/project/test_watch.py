"""A project that is checked again when a file is saved."""

import shutil
from pathlib import Path

from neurosym.project.watch import stamp, watch
from provers.lean import build, lake
from provers.lean.toolchain import Toolchain


def test_a_saved_file_is_checked_again(tmp_path: Path, lean_toolchain: Toolchain) -> None:
    (tmp_path / "lakefile.toml").write_text('name = "one"\n')
    file = tmp_path / "One.lean"
    file.write_text("theorem t : 1 = 1 := by sorry\n")
    seen = watch(lean_toolchain, tmp_path, poll=0.05)
    first = next(seen)
    assert first.summary["verdicts"] == {"sorry": 1}
    file.write_text("theorem t : 1 = 1 := by rfl\n\n")
    second = next(seen)
    assert second.sound and second.summary["modules_checked_now"] == 1
    seen.close()
    place = build.build(lean_toolchain, lake.read(tmp_path)).path[0]
    shutil.rmtree(place)


def test_it_ends_when_it_is_told(tmp_path: Path, lean_toolchain: Toolchain) -> None:
    (tmp_path / "lakefile.toml").write_text('name = "one"\n')
    assert list(watch(lean_toolchain, tmp_path, stop=lambda: True)) == []
    assert set(stamp(lake.read(tmp_path))) == {tmp_path / "lakefile.toml"}
