"""What a header makes available to a proof, asked of a Lean of its own, page by page.

The program that answers is ``lean/NeuroSym/Premises.lean``. Nothing is decided here: what comes
is passed on as it is.
"""

from __future__ import annotations

import contextlib
import hashlib
import re
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

from provers.errors import BrokenToolError, InputError
from provers.lean import program
from provers.lean.base import Header, Reply
from provers.lean.server import Server
from provers.lean.toolchain import Toolchain

PAGE: Final = 400
UNREAD: Final = ("simproc", "spec", "unification_hint", "default_instance", "to_additive")
"""Attributes that automation uses and that the program does not read."""
_SECONDS: Final = 300.0  # for a page that takes a second or two on a machine at rest
_GROWTH_MEGABYTES: Final = 2000  # of one request; the toolchain's own limit is lower
_FULL_MEGABYTES: Final = 1600
SUFFIXES: Final = (".olean", ".olean.server", ".olean.private")
"""Of a compiled module; one that begins with ``module`` has all of them."""
_PART: Final = re.compile(r"«([^»]*)»|([^.]+)")


@dataclass(frozen=True, slots=True)
class Imported:
    """A line of imports. ``public``: whoever imports the module sees it too."""

    module: str
    public: bool
    meta: bool


@dataclass(frozen=True, slots=True)
class Module:
    """A module of the header, at its place in import order.

    ``closed``: it begins with ``module``, so it sees what its imports import only as far as they
    say ``public``. ``constants``: how many it holds.
    """

    index: int
    name: str
    closed: bool
    imports: tuple[Imported, ...]
    constants: int


@dataclass(frozen=True, slots=True)
class Declaration:
    """A declaration: its type as Lean prints it, and the declarations named in it.

    ``proof`` are those named in its proof or value, None where Lean has none. ``place`` is the
    line from 1 and the column from 0 in its file, None where Lean does not know.
    """

    name: str
    kind: str
    statement: str
    uses: tuple[str, ...]
    proof: tuple[str, ...] | None
    doc: str = ""
    place: tuple[int, int] | None = None


@dataclass(frozen=True, slots=True)
class Page:
    """What one module declares, in no order.

    ``omitted`` counts what no proof would name, by reason (``private``, ``internal``, ``matcher``,
    ``recursion``, ``reserved``, ``hidden``) and kind.
    """

    declarations: tuple[Declaration, ...]
    omitted: Counter[tuple[str, str]]


@dataclass(frozen=True, slots=True)
class Census:
    """How many constants Lean's own table has, and how many of them no page holds."""

    constants: int
    theorems: int
    definitions: int
    omitted: int
    omitted_theorems: int
    omitted_definitions: int


class Library:
    """One Lean that imported a header; not thread-safe. It starts in the background.

    A request that Lean does not survive is asked again in smaller parts, in a new one.
    """

    def __init__(
        self,
        toolchain: Toolchain,
        header: Header,
        *,
        path: Sequence[Path] = (),
        megabytes: int = 2048,
    ) -> None:
        """``path`` are folders of compiled modules besides Lean's own.

        Raises BrokenToolError if our program cannot be compiled.
        """
        self.header = header
        self._command = program.command(
            program.PREMISES,
            toolchain,
            megabytes=megabytes,
            path=[toolchain.inside(folder) for folder in path],
        )
        self._server: Server | None = Server(self._command, header)

    def modules(self) -> tuple[Module, ...]:
        """The modules behind the header, each after those that it imports."""
        body = self._must({"op": "modules"})
        with _understood():
            return tuple(
                Module(
                    index,
                    str(one["name"]),
                    bool(one["closed"]),
                    tuple(
                        Imported(str(i["module"]), bool(i["public"]), bool(i["meta"]))
                        for i in one["imports"]
                    ),
                    int(one["constants"]),
                )
                for index, one in enumerate(body["modules"])
            )

    def page(self, module: Module) -> Page:
        """What a module declares.

        Raises BrokenToolError where Lean cannot say, naming the module.
        """
        found: list[list[Any]] = []
        omitted: Counter[tuple[str, str]] = Counter()
        docs: dict[str, str] = {}
        places: dict[str, tuple[int, int]] = {}
        for body in self._bodies(module):
            with _understood():
                found += body["declarations"]
                omitted.update((str(why), str(kind)) for why, kind in body["omitted"])
                docs.update((str(name), str(text)) for name, text in body.get("docs", ()))
                places.update(
                    (str(name), (int(line), int(column)))
                    for name, line, column in body.get("places", ())
                )
        with _understood():
            declarations = tuple(
                Declaration(
                    str(name),
                    str(kind),
                    str(statement),
                    tuple(map(str, uses)),
                    None if proof is None else tuple(map(str, proof)),
                    docs.get(str(name), "").strip(),
                    places.get(str(name)),
                )
                for name, kind, statement, uses, proof in found
            )
        return Page(declarations, omitted)

    def _bodies(self, module: Module) -> Iterator[dict[str, Any]]:
        first, count = 0, PAGE
        while first < module.constants:
            request = {"op": "declarations", "module": module.index, "first": first}
            reply = self._ask({**request, "count": count})
            if reply.body is not None:
                yield reply.body
                first += count
            elif count > 1:
                count = max(1, count // 4)
            else:
                raise BrokenToolError(
                    f"Lean cannot show constant {first + 1} of {module.name}: it stopped for "
                    f"{reply.stopped} ({reply.detail or 'no message'}).",
                    stderr=reply.detail,
                )

    def attributes(self) -> tuple[tuple[str, str], ...]:
        """Pairs of an attribute and a declaration that has it, from all modules."""
        body = self._must({"op": "attributes"})
        with _understood():
            return tuple((str(label), str(name)) for label, name in body["attributes"])

    def census(self) -> Census:
        """Lean's own count of all constants, to compare with what the pages hold."""
        body = self._must({"op": "census"})
        with _understood():
            return Census(
                constants=int(body["constants"]),
                theorems=int(body["theorems"]),
                definitions=int(body["definitions"]),
                omitted=int(body["omitted"]),
                omitted_theorems=int(body["omitted_theorems"]),
                omitted_definitions=int(body["omitted_definitions"]),
            )

    def megabytes(self) -> float:
        """Its resident memory, where the system tells; else 0."""
        return self._server.megabytes() if self._server is not None else 0.0

    def close(self) -> None:
        """Stop Lean; another request would start it again."""
        if self._server is not None:
            self._server.stop()
        self._server = None

    def _must(self, request: dict[str, Any]) -> dict[str, Any]:
        reply = self._ask(request)
        if reply.body is None:
            reply = self._ask(request)
        if reply.body is None:
            raise BrokenToolError(
                f"Lean stopped for {reply.stopped} while it was asked for {request['op']} "
                f"({reply.detail or 'no message'}): run it again.",
                stderr=reply.detail,
            )
        return reply.body

    def _ask(self, request: dict[str, Any]) -> Reply:
        """Raises InputError where the header cannot be imported."""
        if self._server is not None and self._server.megabytes() > _FULL_MEGABYTES:
            self.close()
        if self._server is None:
            self._server = Server(self._command, self.header)
        reply = self._server.ask(
            self.header, request, seconds=_SECONDS, megabytes=_GROWTH_MEGABYTES
        )
        if reply.stopped == "header":
            raise InputError(
                f"Lean cannot import {' '.join(self.header)}: {reply.detail or 'no message'}."
            )
        if reply.stopped:
            self.close()
        return reply


@contextlib.contextmanager
def _understood() -> Iterator[None]:
    """Turn an answer without the fields that it must have into an error with a name."""
    try:
        yield
    except (KeyError, TypeError, ValueError, StopIteration) as error:
        raise BrokenToolError(f"the Lean program answered nonsense: {error!r}.") from error


def module_digest(toolchain: Toolchain, path: Sequence[Path], module: str) -> str:
    """The hash of a module's compiled files; '' where they are not found."""
    place = Path(*(quoted or plain for quoted, plain in _PART.findall(module)))
    for folder in (*path, toolchain.root / "lib" / "lean"):
        first = folder / place.parent / f"{place.name}.olean"
        if first.is_file():
            digest = hashlib.sha256()
            for suffix in SUFFIXES:
                file = folder / place.parent / f"{place.name}{suffix}"
                if file.is_file():
                    content = file.read_bytes()
                    digest.update(f"{suffix} {len(content)}\n".encode())
                    digest.update(content)
            return digest.hexdigest()
    return ""


def program_digest() -> str:
    """The hash of the program that answers. Raises BrokenToolError if it is not there."""
    return hashlib.sha256(program.source(program.PREMISES, meta=False).encode()).hexdigest()
