"""What a Lake project is made of, as far as its files say: sources, options, and what it needs.

Lake is never run: it may fetch what a project names, and run what its lakefile says. A lakefile
in Lean is therefore read as text.
"""

from __future__ import annotations

import re
import tomllib
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

from provers.errors import InputError
from provers.lean.workbench import Option

MAX_FILES: Final = 20_000
LAKEFILES: Final = ("lakefile.toml", "lakefile.lean")
BUILT: Final = (".lake/build/lib/lean", ".lake/build/lib")
"""Where Lake writes what it compiles."""
_MAX_BYTES: Final = 1_000_000
_PLAIN: Final = re.compile(r"[^\W\d][\w'!?]*")
_PART: Final = re.compile(r"«([^»]*)»|([^.]+)")
_OTHERS: Final = ("lakefile", "build", "lake-packages")

# What is read of a lakefile in Lean.
_QUIET: Final = re.compile(r"--[^\n]*|/-.*?-/", re.DOTALL)
_SOURCES: Final = re.compile(r'\bsrcDir\s*:=\s*"([^"\n]*)"')
_REQUIRE: Final = re.compile(r'^\s*require\s+(?:"([^"\n]+)"\s*/\s*)?"?«?([\w.-]+)', re.MULTILINE)
_OPTION: Final = re.compile(r"[⟨(]\s*`([\w.]+)\s*,\s*(true|false|\d+|\.ofNat\s+\d+)\s*[⟩)]")


@dataclass(frozen=True, slots=True)
class Layout:
    """A project: its folder, the folders that modules are named from, and what it asks for.

    ``options`` are Lean's, for all of its files; ``requires`` are the packages that it rests on.
    """

    folder: Path
    lakefile: Path
    sources: tuple[Path, ...]
    options: Mapping[str, Option]
    requires: tuple[str, ...]

    def modules(self) -> dict[str, Path]:
        """The files of Lean, by the name of their module.

        Raises InputError for more than ``MAX_FILES``.
        """
        found: dict[str, Path] = {}
        for root in self.sources:
            found |= files_of(root, ".lean")
        return found

    def name_of(self, file: Path) -> str:
        """The module that a file is. Raises InputError for one that is none of the project."""
        place = file.resolve()
        for name, known in self.modules().items():
            if known.resolve() == place:
                return name
        raise InputError(f"'{file}' is no module of the project in '{self.folder}'.")

    def packages(self) -> tuple[Path, ...]:
        """Where Lake compiled the packages that the project rests on."""
        return tuple(_compiled_packages(self.folder))


def find(place: Path) -> Layout:
    """The project that a folder or file belongs to: the nearest lakefile above it.

    Raises InputError where there is none.
    """
    if not place.exists():
        raise InputError(f"there is no '{place}'.")
    start = place.resolve()
    for folder in (start, *start.parents):
        if folder.is_dir() and any((folder / name).is_file() for name in LAKEFILES):
            return read(folder)
    raise InputError(
        f"'{place}' is in no Lake project: neither it nor a folder above has "
        f"{' or '.join(LAKEFILES)}."
    )


def read(folder: Path) -> Layout:
    """The project in a folder. Raises InputError for one that is none, or that cannot be read."""
    if not folder.is_dir():
        raise InputError(f"there is no folder '{folder}'.")
    folder = folder.resolve()
    lakefile = next((folder / one for one in LAKEFILES if (folder / one).is_file()), None)
    if lakefile is None:
        raise InputError(
            f"'{folder}' is no Lake project: it has neither {' nor '.join(LAKEFILES)}."
        )
    try:
        if lakefile.stat().st_size > _MAX_BYTES:
            raise InputError(f"'{lakefile}' is larger than any lakefile: it is not read.")
        text = lakefile.read_text(encoding="utf-8")
        facts = _of_toml(text) if lakefile.suffix == ".toml" else _of_lean(text)
    except (OSError, ValueError) as error:
        raise InputError(f"'{lakefile}' cannot be read: {error}") from error
    roots = tuple(sorted({(folder / directory).resolve() for directory in facts.sources}))
    outside = [root for root in roots if not root.is_relative_to(folder)]
    if outside:
        raise InputError(f"'{lakefile}' names a source folder outside the project: '{outside[0]}'.")
    return Layout(
        folder,
        lakefile,
        tuple(root for root in roots if root.is_dir()),
        facts.options,
        facts.requires,
    )


def files_of(root: Path, suffix: str) -> dict[str, Path]:
    """The modules in a folder, by name. Raises InputError for more than ``MAX_FILES``."""
    found: dict[str, Path] = {}
    for file in sorted(root.rglob(f"*{suffix}")):
        parts = file.relative_to(root).with_suffix("").parts
        if any(part.startswith(".") for part in parts) or not file.is_file():
            continue
        if parts[0] in _OTHERS:
            continue
        found[".".join(p if _PLAIN.fullmatch(p) else f"«{p}»" for p in parts)] = file
        if len(found) > MAX_FILES:
            raise InputError(f"'{root}' has more than {MAX_FILES:,} files of Lean: give a part.")
    return found


def parts_of(module: str) -> tuple[str, ...]:
    """The parts of a module's name, without the quotes of odd ones."""
    return tuple(quoted or plain for quoted, plain in _PART.findall(module))


def _compiled_packages(folder: Path) -> Iterator[Path]:
    for package in sorted(folder.glob(".lake/packages/*")):
        for place in (package / one for one in BUILT):
            if place.is_dir():
                yield place
                break


# --- lakefiles -----------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class _Facts:
    sources: frozenset[str]
    options: Mapping[str, Option]
    requires: tuple[str, ...]


def _of_toml(text: str) -> _Facts:
    facts = tomllib.loads(text)
    libraries = _tables(facts, "lean_lib")
    sources = {str(one.get("srcDir", facts.get("srcDir", "."))) for one in libraries or [facts]}
    options: dict[str, Option] = {}
    for table in (facts, *libraries):
        given = table.get("leanOptions", {})
        if isinstance(given, dict):
            options |= {k: v for k, v in _flat(given) if isinstance(v, bool | int | str)}
    requires = tuple(str(one["name"]) for one in _tables(facts, "require") if "name" in one)
    return _Facts(frozenset(sources), options, requires)


def _tables(facts: Mapping[str, Any], key: str) -> list[dict[str, Any]]:
    found = facts.get(key, [])
    return [one for one in found if isinstance(one, dict)] if isinstance(found, list) else []


def _flat(table: Mapping[str, Any], prefix: str = "") -> Iterator[tuple[str, Any]]:
    """``pp.unicode.fun = true`` is a table in a table to TOML, and one name to Lean."""
    for key, value in table.items():
        if isinstance(value, dict):
            yield from _flat(value, f"{prefix}{key}.")
        else:
            yield f"{prefix}{key}", value


def _of_lean(text: str) -> _Facts:
    said = _QUIET.sub(" ", text)
    options: dict[str, Option] = {}
    for name, value in _OPTION.findall(said):
        word = value.removeprefix(".ofNat").strip()
        options[name] = word == "true" if word in ("true", "false") else int(word)
    return _Facts(
        frozenset(_SOURCES.findall(said) or ["."]),
        options,
        tuple(dict.fromkeys(name for _, name in _REQUIRE.findall(said))),
    )
