"""Which Lean is used: one installed on the machine, or the embedded one.

``NEUROSYM_LEAN`` forces the choice: ``native``, ``embedded``, or the path of a ``lean``.
Nothing here goes through elan's shims, since a shim may download a toolchain when it is asked
for its version.
"""

from __future__ import annotations

import functools
import os
import re
import shutil
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Literal

from provers import process
from provers.errors import BrokenToolError, MissingToolError
from provers.lean import embedded, node
from provers.lean.embedded import Progress
from provers.sandbox import Box

VARIABLE = "NEUROSYM_LEAN"
# The checking server is written for this Lean; an older one on PATH is passed over, unless a
# project or NEUROSYM_LEAN asks for it.
OLDEST_NATIVE = (4, 28)
_ASK_SECONDS = 60.0
# Code that is checked may read Lean's environment, and keys for other services are none of its.
_KEPT = frozenset({"PATH", "LANG", "LD_LIBRARY_PATH"})
# Lean maps its library's files into memory: Mathlib's take 5 GB of addresses, not of memory.
_MAPPED_MEGABYTES = 16_384
_VERSION = re.compile(r"Lean \(version (\d+\.\d+[^,)\s]*)")
_DEFAULT = re.compile(r'^default_toolchain\s*=\s*"([^"]+)"', re.MULTILINE)


@dataclass(frozen=True, slots=True)
class Command:
    """What to start: the argument list, the whole environment to start it in, and what it may use.

    Where ``box`` is None it is not contained: so are our own files compiled.
    """

    argv: list[str]
    env: dict[str, str]
    box: Box | None = None


@dataclass(frozen=True, slots=True)
class Toolchain:
    """A Lean that can be started.

    ``root`` is the folder of the installation and ``program`` what is executed: ``lean`` itself,
    or the Node.js that runs the embedded one.
    """

    kind: Literal["native", "embedded"]
    version: str
    root: Path
    program: Path

    def command(
        self,
        *arguments: str,
        path: Sequence[str] = (),
        megabytes: int = 2048,
        writable: Path | None = None,
    ) -> Command:
        """Lean with these arguments; file names are as ``inside`` gives them.

        ``path`` are folders (as ``inside`` gives them) to look for modules in besides Lean's
        own library. The embedded Lean can write to the folder ``writable`` alone.
        """
        if self.kind == "embedded":
            argv, env = embedded.command(
                self.program,
                self.root,
                arguments,
                path=path,
                megabytes=megabytes,
                writable=writable,
            )
            return Command(argv, env, _embedded_box(self.program, self.root, writable))
        env = _environment()
        if path:
            env["LEAN_PATH"] = os.pathsep.join(path)
        libraries = env.get("LD_LIBRARY_PATH", "").split(os.pathsep)
        box = Box(
            read=(self.root, *(Path(place) for place in (*path, *libraries) if place)),
            write=() if writable is None else (writable,),
            address_megabytes=megabytes + _MAPPED_MEGABYTES,
        )
        return Command([str(self.program), f"--memory={megabytes}", *arguments], env, box)

    def inside(self, file: Path) -> str:
        """How Lean names a file of the machine; the embedded Lean sees only its own folder.

        Raises ValueError if the embedded Lean cannot see it.
        """
        if self.kind == "native":
            return str(file)
        return "/lean/" + file.resolve().relative_to(self.root).as_posix()


def find(project: Path | None = None) -> Toolchain | None:
    """The Lean that is there, never downloading one: native if possible, else embedded.

    ``project`` is a folder whose ``lean-toolchain`` names the one that is preferred.

    Raises BrokenToolError if ``NEUROSYM_LEAN`` names a program that is not Lean.
    """
    forced = os.environ.get(VARIABLE, "")
    if forced == "embedded":
        return _embedded()
    if forced not in ("", "native"):
        program = Path(forced)
        found = _native(program)
        if found is None:
            raise BrokenToolError(
                f"{VARIABLE} is {forced!r}, which is neither a Lean 4 that runs, nor 'native', "
                "nor 'embedded': correct or unset it."
            )
        return found
    for program, wanted in _programs(project):
        found = _native(program)
        if found is not None and (wanted or forced or _numbers(found.version) >= OLDEST_NATIVE):
            return found
    return None if forced else _embedded()


def require() -> Toolchain:
    """The Lean that is there. Raises MissingToolError if there is none, and as ``find`` does."""
    found = find()
    if found is None:
        raise MissingToolError("Lean is not set up: run neurosym setup lean.")
    return found


def ensure(
    *, project: Path | None = None, offline: bool = False, progress: Progress | None = None
) -> Toolchain:
    """The Lean that is there, else the embedded one, set up first (once, 121 MB).

    Raises MissingToolError or BrokenToolError as ``embedded.set_up`` does, and MissingToolError
    if ``NEUROSYM_LEAN`` is ``native`` and there is none.
    """
    found = find(project)
    if found is not None:
        return found
    if os.environ.get(VARIABLE) == "native":
        raise MissingToolError(
            f"{VARIABLE} is 'native', but no lean is on PATH or in {_elan()}: install one with "
            "elan, or unset it."
        )
    done = embedded.set_up(offline=offline, progress=progress)
    return Toolchain("embedded", done.version, done.root, node.require().program)


def _embedded() -> Toolchain | None:
    found, runner = embedded.installed(), node.find()
    if found is None or runner is None or not runner.usable:
        return None
    return Toolchain("embedded", found.version, found.root, runner.program)


def _embedded_box(program: Path, root: Path, writable: Path | None) -> Box:
    """What Node.js needs: the installation, and the libraries beside the program itself."""
    libraries = program.resolve().parent.parent / "lib"
    return Box(read=(root, libraries), write=() if writable is None else (writable,))


def _elan() -> Path:
    return Path(os.environ.get("ELAN_HOME") or Path.home() / ".elan")


def _programs(project: Path | None) -> Iterator[tuple[Path, bool]]:
    """Places of a native ``lean``, best first, and whether a project asks for that very one."""
    toolchains = _elan() / "toolchains"
    if project is not None:
        pinned = project / "lean-toolchain"
        if pinned.is_file():
            name = pinned.read_text(encoding="utf-8", errors="replace").strip()
            yield toolchains / _folder(name) / "bin" / "lean", True
    on_path = shutil.which("lean")
    if on_path is not None and not _is_shim(Path(on_path)):
        yield Path(on_path), False
    settings = _elan() / "settings.toml"
    if settings.is_file():
        default = _DEFAULT.search(settings.read_text(encoding="utf-8", errors="replace"))
        if default is not None:
            yield toolchains / _folder(default[1]) / "bin" / "lean", False
    names = sorted((f.name for f in toolchains.glob("*")), key=_numbers, reverse=True)
    for name in names:
        yield toolchains / name / "bin" / "lean", False


def _folder(name: str) -> str:
    """The folder of a toolchain such as ``leanprover/lean4:v4.28.0``."""
    full = name if "/" in name else f"leanprover/lean4:{name}"
    return full.replace("/", "--").replace(":", "---")


def _is_shim(program: Path) -> bool:
    """Whether it is elan under another name, which would choose, and perhaps fetch, a toolchain."""
    return program.resolve().name == "elan" or (program.parent / "elan").exists()


def _numbers(version: str) -> tuple[int, ...]:
    """The numbers at the end of a name or at the start of a version."""
    found = re.search(r"(\d+)\.(\d+)(?:\.(\d+))?", version)
    return tuple(int(n or 0) for n in found.groups()) if found else ()


def _native(program: Path) -> Toolchain | None:
    if not (os.access(program, os.X_OK) and program.is_file()):
        return None
    version = _ask_version(program, program.stat().st_mtime)
    if version is None or not version.startswith("4."):
        return None
    return Toolchain("native", version, program.resolve().parent.parent, program)


def _environment() -> dict[str, str]:
    """What a native Lean gets of our environment; it has a home of its own."""
    return {k: v for k, v in os.environ.items() if k in _KEPT or k.startswith("LC_")}


@functools.cache
def _ask_version(program: Path, changed: float) -> str | None:
    """What ``lean --version`` says; asked again only if the file has changed."""
    argv = [str(program), "--version"]
    try:
        done = process.run(argv, seconds=_ASK_SECONDS, megabytes=None, env=_environment())
    except MissingToolError:  # it is there, but this system cannot run it
        return None
    version = _VERSION.search(done.stdout)
    return version[1] if done.returncode == 0 and version is not None else None
