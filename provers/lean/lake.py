"""The modules of a Lake project: as Lake compiled them, or compiled here from their sources.

Lake is never run: it may fetch what a project names, and run what its lakefile says. Where the
project was not built for this Lean, each file whose imports are there is compiled by Lean alone,
inside the same limits as all code that is checked.
"""

from __future__ import annotations

import hashlib
import json
import re
import tomllib
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from provers.errors import InputError, ParseError
from provers.lean import embedded
from provers.lean.base import INIT, Header
from provers.lean.corpus import Library, module_digest, program_digest
from provers.lean.folders import cache
from provers.lean.source import Source, split_header
from provers.lean.toolchain import Toolchain

MAX_FILES: Final = 20_000
_PLAIN: Final = re.compile(r"[^\W\d][\w'!?]*")
_LAKEFILES: Final = ("lakefile.toml", "lakefile.lean")

Tell = Callable[[str, int, int], None]
"""Told the module that is worked on, how many are done, and of how many."""


@dataclass(frozen=True, slots=True)
class Project:
    """What can be imported of a project: its modules, and the folders where they are.

    ``left_out`` are modules that cannot be compiled here, each with the reason.
    """

    header: Header
    path: tuple[Path, ...]
    left_out: tuple[tuple[str, str], ...] = ()


def open_project(toolchain: Toolchain, folder: Path, tell: Tell | None = None) -> Project:
    """The modules of a project, compiled first where that is needed.

    Raises InputError for a folder that is no project, or of which nothing can be imported, and
    BrokenToolError if Lean does not work or its cache cannot be written.
    """
    if not folder.is_dir():
        raise InputError(f"there is no folder '{folder}'.")
    if not any((folder / name).is_file() for name in _LAKEFILES):
        raise InputError(
            f"'{folder}' is no Lake project: it has neither {' nor '.join(_LAKEFILES)}."
        )
    packages = tuple(_compiled_packages(folder)) if toolchain.kind == "native" else ()
    if toolchain.kind == "native":
        for place in (folder / ".lake/build/lib/lean", folder / ".lake/build/lib"):
            names = tuple(sorted(_modules(place, ".olean")))
            if names:
                return Project((*INIT, *names), (place, *packages))
    return _from_sources(toolchain, folder.resolve(), packages, tell or _say_nothing)


def _say_nothing(module: str, done: int, total: int) -> None:
    pass


def _compiled_packages(folder: Path) -> Iterator[Path]:
    """Where the packages that the project rests on were compiled."""
    for package in sorted(folder.glob(".lake/packages/*")):
        for place in (package / ".lake/build/lib/lean", package / ".lake/build/lib"):
            if place.is_dir():
                yield place
                break


def _modules(root: Path, suffix: str) -> dict[str, Path]:
    """The modules in a folder, by name. Raises InputError for more than ``MAX_FILES``."""
    found: dict[str, Path] = {}
    for file in sorted(root.rglob(f"*{suffix}")):
        parts = file.relative_to(root).with_suffix("").parts
        if any(part.startswith(".") for part in parts) or not file.is_file():
            continue
        if parts[0] in ("lakefile", "build", "lake-packages"):
            continue
        found[".".join(p if _PLAIN.fullmatch(p) else f"«{p}»" for p in parts)] = file
        if len(found) > MAX_FILES:
            raise InputError(f"'{root}' has more than {MAX_FILES:,} files of Lean: give a part.")
    return found


# --- from sources --------------------------------------------------------------------------


def _from_sources(
    toolchain: Toolchain, folder: Path, packages: tuple[Path, ...], tell: Tell
) -> Project:
    files: dict[str, Path] = {}
    for root in _roots(folder):
        files |= _modules(root, ".lean")
    left_out: dict[str, str] = {}
    sources: dict[str, Source] = {}
    for name, file in files.items():
        try:
            sources[name] = split_header(file.read_text(encoding="utf-8"))
        except (ParseError, UnicodeDecodeError) as error:
            left_out[name] = str(error)
        except OSError as error:
            left_out[name] = f"it cannot be read ({error.strerror})"
    home = toolchain.root if toolchain.kind == "embedded" else cache() / "lean"
    name = hashlib.sha256(f"{folder} {toolchain.version}".encode()).hexdigest()[:16]
    place = home / "packages" / f"project-{name}"
    with embedded.named_errors(place.parent), embedded.lock(place):
        work = _Work(toolchain, place, packages, sources, left_out, tell)
        try:
            work.compile_all()
        finally:
            work.close()
    if not work.keys:
        name, reason = next(iter(left_out.items()), ("", "it has no file of Lean"))
        raise InputError(f"nothing of '{folder}' can be compiled; {name or 'the folder'}: {reason}")
    return Project((*INIT, *work.keys), (place, *packages), tuple(sorted(left_out.items())))


def _roots(folder: Path) -> list[Path]:
    """The folders that modules are named from: ``srcDir`` of a lakefile in TOML, else the whole."""
    file = folder / "lakefile.toml"
    if not file.is_file():
        return [folder]
    try:
        facts = tomllib.loads(file.read_text(encoding="utf-8"))
    except (OSError, ValueError) as error:
        raise InputError(f"'{file}' cannot be read: {error}") from error
    libraries = [one for one in facts.get("lean_lib", []) if isinstance(one, dict)]
    named = {one.get("srcDir", facts.get("srcDir", ".")) for one in libraries or [facts]}
    roots = sorted({(folder / str(directory)).resolve() for directory in named})
    outside = [root for root in roots if not root.is_relative_to(folder)]
    if outside:
        raise InputError(f"'{file}' names a source folder outside the project: '{outside[0]}'.")
    return [root for root in roots if root.is_dir()]


class _Work:
    """Compiling the files of a project in the order of their imports, those that changed."""

    def __init__(
        self,
        toolchain: Toolchain,
        place: Path,
        packages: Sequence[Path],
        sources: dict[str, Source],
        left_out: dict[str, str],
        tell: Tell,
    ) -> None:
        self.keys: dict[str, str] = {}
        self._toolchain = toolchain
        self._place = place
        self._packages = packages
        self._sources = sources
        self._left_out = left_out
        self._tell = tell
        self._entered: set[str] = set()
        self._library: Library | None = None

    def close(self) -> None:
        if self._library is not None:
            self._library.close()

    def compile_all(self) -> None:
        """Fill ``keys`` with what is compiled, in order, and ``left_out`` with what is not."""
        for name in self._ordered():
            self._tell(name, len(self._entered), len(self._sources))
            self._entered.add(name)
            reason = self._missing(name) or self._compile(name)
            if reason:
                self._left_out[name] = reason

    def _ordered(self) -> list[str]:
        """Each module after those of the project that it imports; a circle in any order."""
        order: dict[str, None] = {}
        for first in self._sources:
            stack = [(first, iter(self._sources[first].header))]
            open_ = {first}
            while stack:
                name, rest = stack[-1]
                imported = next(rest, None)
                if imported is None:
                    stack.pop()
                    order[name] = None
                elif imported in self._sources and imported not in order and imported not in open_:
                    open_.add(imported)
                    stack.append((imported, iter(self._sources[imported].header)))
        return list(order)

    def _missing(self, name: str) -> str:
        """Why what it imports is not there; '' if it is."""
        for imported in self._sources[name].header:
            if imported in self.keys:
                continue
            if imported in self._left_out:
                return f"it imports {imported}, which is left out"
            if imported in self._sources:
                return f"it and {imported} import each other"
            if not module_digest(self._toolchain, self._packages, imported):
                return f"it imports {imported}, which this Lean does not have"
        return ""

    def _compile(self, name: str) -> str:
        source = self._sources[name]
        made = [program_digest(), self._toolchain.version, name, source.header, source.body]
        made += [self.keys.get(imported, "") for imported in source.header]
        key = hashlib.sha256(json.dumps(made).encode()).hexdigest()
        parts = [part.strip("«»") for part in re.findall(r"«[^»]*»|[^.]+", name)]
        olean = self._place.joinpath(*parts[:-1], f"{parts[-1]}.olean")
        noted = olean.with_suffix(".key")
        if olean.is_file() and noted.is_file() and noted.read_text(encoding="utf-8") == key:
            self.keys[name] = key
            return ""
        olean.parent.mkdir(parents=True, exist_ok=True)
        noted.unlink(missing_ok=True)
        if self._library is None:
            self._library = Library(
                self._toolchain,
                source.header,
                path=(self._place, *self._packages),
                writable=self._place,
            )
        target = self._toolchain.inside(olean.parent) + f"/{olean.name}"
        wrong = self._library.compile(source.header, name, source.body, target)
        if wrong:
            return wrong
        if not olean.is_file():
            return "Lean wrote nothing"
        noted.write_text(key, encoding="utf-8")
        self.keys[name] = key
        return ""
