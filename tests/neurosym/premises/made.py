"""A library that no Lean is needed for: modules and declarations as they are told here."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass, field
from pathlib import Path

import pytest

from neurosym.premises import build
from neurosym.premises.build import Built, Request
from provers.errors import BrokenToolError
from provers.lean.corpus import Census, Declaration, Imported, Module, Page
from provers.lean.toolchain import Toolchain


def decl(
    name: str,
    uses: str = "",
    proof: str | None = None,
    *,
    kind: str = "theorem",
    place: tuple[int, int] | None = None,
    doc: str = "",
) -> Declaration:
    """A declaration; ``uses`` and ``proof`` are names with spaces between."""
    named = None if proof is None else tuple(proof.split())
    return Declaration(name, kind, f"⊢ {name}", tuple(uses.split()), named, doc, place)


@dataclass
class Shelf:
    """The modules of a library in import order, and what asking for them was like.

    ``imports`` of a module are names, with ``*`` in front where they are public. ``breaks`` is a
    module that Lean does not survive.
    """

    root: Path
    modules: dict[str, list[Declaration]] = field(default_factory=dict)
    imports: dict[str, list[str]] = field(default_factory=dict)
    open_modules: set[str] = field(default_factory=set)
    attributes: list[tuple[str, str]] = field(default_factory=list)
    asked: list[str] = field(default_factory=list)
    breaks: str = ""
    uncounted: int = 0
    version: str = "4.0.0"

    def add(self, name: str, imports: str, declarations: Iterable[Declaration]) -> None:
        """A module; its compiled file is what it declares."""
        self.modules[name] = list(declarations)
        self.imports[name] = imports.split()
        self.compile(name)

    def compile(self, name: str) -> None:
        file = self.root / "lib" / "lean" / Path(*name.split(".")).with_suffix(".olean")
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_text(repr(self.modules[name]))

    @property
    def toolchain(self) -> Toolchain:
        return Toolchain("native", self.version, self.root, self.root / "lean")

    def build(self, out: Path, *, workers: int = 1) -> Built:
        return build.build(Request(self.toolchain, ("Init",), workers=workers), out)

    def install(self, monkeypatch: pytest.MonkeyPatch) -> None:
        """Let ``build`` ask this library."""
        monkeypatch.setattr(build, "Library", lambda toolchain, header, path=(): _Library(self))


def small(root: Path) -> Shelf:
    """Four modules: ``Base``, ``Side`` (seen by ``Mid`` alone), ``Mid``, and ``Top``.

    Of ``Mid`` alone Lean knows the places.
    """
    made = Shelf(root)
    made.add(
        "Base",
        "",
        [
            decl("N", kind="inductive"),
            decl("N.zero", "N", kind="constructor"),
            decl("add", "N", "N N.zero", kind="definition"),
            decl("add_zero", "N add N.zero"),
            decl("zero_add", "N add N.zero"),
        ],
    )
    made.add("Side", "*Base", [decl("side", "add", "add_zero")])
    made.add(
        "Mid",
        "*Base Side",
        [
            decl("last", "double N", "double_zero side", place=(9, 0)),
            decl("double", "N", "add", kind="definition", place=(1, 0), doc="Twice."),
            decl("double_zero", "double N.zero", "add_zero", place=(4, 0)),
            decl("double.eq", "double", "double"),
            decl("later", "double", "last double_zero", place=(12, 2)),
        ],
    )
    made.add("Top", "Mid", [decl("top", "double", "double_zero last"), decl("top2", "top add")])
    made.attributes = [("simp", "add_zero"), ("grind", "add_zero"), ("simp", "no_longer_there")]
    return made


class _Library:
    def __init__(self, shelf: Shelf) -> None:
        self._shelf = shelf

    def modules(self) -> tuple[Module, ...]:
        return tuple(
            Module(
                index,
                name,
                name not in self._shelf.open_modules,
                tuple(
                    Imported(i.removeprefix("*"), i.startswith("*"), False)
                    for i in self._shelf.imports[name]
                ),
                len(declarations) + 1,
            )
            for index, (name, declarations) in enumerate(self._shelf.modules.items())
        )

    def page(self, module: Module) -> Page:
        if module.name == self._shelf.breaks:
            raise BrokenToolError(f"Lean cannot show {module.name}.")
        self._shelf.asked.append(module.name)
        return Page(tuple(self._shelf.modules[module.name]), Counter({("private", "theorem"): 1}))

    def attributes(self) -> tuple[tuple[str, str], ...]:
        return tuple(self._shelf.attributes)

    def census(self) -> Census:
        declared = [d for module in self._shelf.modules.values() for d in module]
        kinds = Counter(d.kind for d in declared)
        omitted = len(self._shelf.modules)
        return Census(
            constants=len(declared) + omitted + self._shelf.uncounted,
            theorems=kinds["theorem"] + omitted,
            definitions=kinds["definition"],
            omitted=omitted,
            omitted_theorems=omitted,
            omitted_definitions=0,
        )

    def close(self) -> None:
        return None
