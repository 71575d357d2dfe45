"""The modules of a project, compiled here from their sources: each once, and again if it changed.

What Lean said of a module lies beside its compiled file, under a key that tells all that it came
from: the program, the toolchain, the text, the options, and the keys of what it imports.

A file may run programs while it is elaborated, so Lean writes to a folder of its own and nothing
else, from where a module's compiled files are taken before it is asked anything more; and a Lean
that such a module was in answers nothing more.
"""

from __future__ import annotations

import dataclasses
import functools
import hashlib
import json
import shutil
import tempfile
import threading
import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

import networkx as nx

from provers.base import Message
from provers.errors import BrokenToolError, InputError, ParseError
from provers.lean import embedded, lake, program
from provers.lean.base import INIT, Header
from provers.lean.corpus import SUFFIXES
from provers.lean.folders import cache
from provers.lean.lake import Layout, parts_of
from provers.lean.source import Source, imports_of, split_header
from provers.lean.toolchain import Toolchain
from provers.lean.workbench import Declared, Gap, Opened, Report, StoppedError, Workbench

_FORMAT: Final = 1
_STALE_SECONDS: Final = 86_400.0
_ELAN: Final = (
    "install Lean with elan (https://lean-lang.org/install), run `lake exe cache get` and "
    "`lake build` in the project, and try again"
)

Tell = Callable[[str, int, int], None]
"""Told the module that is worked on, how many are done, and of how many."""


@dataclass(frozen=True, slots=True)
class Module:
    """A module of a project: its file, what it imports, and what Lean said of it.

    ``left_out`` says why Lean was not asked; ``report`` is there where it was. ``compiled``: it can
    be imported. ``fresh``: Lean was asked now, and not before.
    """

    name: str
    file: Path
    source: Source
    report: Report | None = None
    left_out: str = ""
    compiled: bool = False
    fresh: bool = False

    @property
    def header(self) -> Header:
        return self.source.header


@dataclass(frozen=True)
class Built:
    """A project's modules, each after those that it imports, and the folders to import from."""

    layout: Layout
    toolchain: Toolchain
    modules: Mapping[str, Module]
    path: tuple[Path, ...]

    @property
    def header(self) -> Header:
        """What imports everything that was compiled."""
        return (*INIT, *(name for name, module in self.modules.items() if module.compiled))

    @property
    def left_out(self) -> tuple[tuple[str, str], ...]:
        """The modules that cannot be imported, each with the reason."""
        return tuple(
            (name, module.left_out or _first_error(module))
            for name, module in sorted(self.modules.items())
            if not module.compiled
        )

    @functools.cached_property
    def imports(self) -> Any:
        """The graph of imports within the project: an edge from a module to what it imports."""
        return import_graph({name: module.source for name, module in self.modules.items()})

    def bench(self) -> Workbench:
        """A Lean that can import the project, and writes nothing."""
        return Workbench(self.toolchain, path=self.path)

    def open(self, bench: Workbench, module: str, text: str, *, named: bool = False) -> Opened:
        """A text as that of a module, opened on a bench. Raises StoppedError."""
        source, options = split_header(text, modules=True), self.layout.options
        return bench.open(imports_of(source), module, source.body, options=options, named=named)

    def examine(self, bench: Workbench, module: str, text: str) -> Report:
        """What comes of a text as that of a module; nothing is written. Raises StoppedError."""
        source, options = split_header(text, modules=True), self.layout.options
        return bench.examine(imports_of(source), module, source.body, options=options)

    def distrusted(self, module: str) -> set[str]:
        """The modules behind a module's imports because of which nothing in it is judged."""
        return {
            name
            for name in nx.descendants(self.imports, module)
            if (report := self.modules[name].report) is not None and not report.trusted
        }


def import_graph(sources: Mapping[str, Source]) -> Any:
    """A ``networkx.DiGraph`` of modules, with an edge from each to what it imports among them."""
    graph: Any = nx.DiGraph()
    graph.add_nodes_from(sources)
    graph.add_edges_from(
        (name, imported)
        for name, source in sources.items()
        for imported in source.header
        if imported in sources
    )
    return graph


def build(
    toolchain: Toolchain,
    layout: Layout,
    *,
    workers: int = 1,
    only: Sequence[str] | None = None,
    tell: Tell | None = None,
    benches: list[Workbench] | None = None,
) -> Built:
    """Compile the modules that changed since last time, up to ``workers`` at once.

    With ``only``, these modules and what they import. ``benches`` are Leans that are warm from
    another time; those that were used are in it afterwards, for whoever keeps them to remove.

    Raises InputError for a project without modules, and BrokenToolError if Lean does not work or
    its cache cannot be written.
    """
    files = layout.modules()
    if not files:
        raise InputError(f"'{layout.folder}' has no file of Lean.")
    modules = {name: _read(name, file) for name, file in files.items()}
    if only is not None:
        graph = import_graph({name: module.source for name, module in modules.items()})
        wanted = set(only).union(*(nx.descendants(graph, name) for name in only))
        modules = {name: module for name, module in modules.items() if name in wanted}
    home = toolchain.root if toolchain.kind == "embedded" else cache() / "lean"
    digest = hashlib.sha256(f"{layout.folder} {toolchain.version}".encode()).hexdigest()[:16]
    place = home / "packages" / f"project-{digest}"
    packages = layout.packages() if toolchain.kind == "native" else ()
    with embedded.named_errors(place.parent), embedded.lock(place):
        work = _Work(toolchain, layout, place, packages, modules, tell or _say_nothing, benches)
        work.run(max(1, workers))
    return Built(layout, toolchain, work.done, (place, *packages))


@dataclass(frozen=True, slots=True)
class Importable:
    """What can be imported of a project: its modules, and the folders where they are.

    ``left_out`` are modules that cannot be compiled here, each with the reason.
    """

    header: Header
    path: tuple[Path, ...]
    left_out: tuple[tuple[str, str], ...] = ()


def open_project(toolchain: Toolchain, folder: Path, tell: Tell | None = None) -> Importable:
    """The modules of the project in a folder: as Lake compiled them for this Lean, else as they
    are compiled here.

    Raises InputError for a folder that is no project, or of which nothing can be imported, and
    as ``build`` does.
    """
    layout = lake.read(folder)
    if toolchain.kind == "native":
        for place in (layout.folder / one for one in lake.BUILT):
            names = tuple(sorted(lake.files_of(place, ".olean")))
            if names:
                return Importable((*INIT, *names), (place, *layout.packages()))
    built = build(toolchain, layout, tell=tell)
    if len(built.header) == len(INIT):
        name, reason = built.left_out[0]
        raise InputError(f"nothing of '{folder}' can be compiled; {name}: {reason}")
    return Importable(built.header, built.path, built.left_out)


def _say_nothing(module: str, done: int, total: int) -> None:
    pass


def _read(name: str, file: Path) -> Module:
    try:
        source = split_header(file.read_text(encoding="utf-8"), modules=True)
        return Module(name, file, source)
    except (ParseError, UnicodeDecodeError) as error:
        return Module(name, file, Source(INIT, ""), left_out=str(error))
    except OSError as error:
        reason = f"it cannot be read ({error.strerror})"
        return Module(name, file, Source(INIT, ""), left_out=reason)


def _first_error(module: Module) -> str:
    for message in module.report.messages if module.report else ():
        if message.severity == "error":
            return f"line {message.line}: {message.text.partition(chr(10))[0][:200]}"
    return "it has errors"


# --- compiling -----------------------------------------------------------------------------


class _Work:
    """One run over the modules of a project, by several threads with a Lean each."""

    def __init__(
        self,
        toolchain: Toolchain,
        layout: Layout,
        place: Path,
        packages: Sequence[Path],
        modules: Mapping[str, Module],
        tell: Tell,
        benches: list[Workbench] | None,
    ) -> None:
        self._benches = benches
        self._toolchain = toolchain
        self._layout = layout
        self._place = place
        self._packages = tuple(packages)
        self._modules = modules
        self._tell = tell
        self._program = hashlib.sha256(
            program.source(program.PROJECT, meta=False).encode()
        ).hexdigest()
        self._order, self._made = self._ordered()
        self._unjudged: set[str] = set()
        self._keys: dict[str, str] = {}
        self._begun: set[str] = set()
        self._failure: BaseException | None = None
        self._change = threading.Condition()

    @property
    def done(self) -> dict[str, Module]:
        """The modules, each after what it imports."""
        return {name: self._made[name] for name in self._order}

    def _ordered(self) -> tuple[list[str], dict[str, Module]]:
        """The order of imports, and the modules of circles, which are left out."""
        graph = import_graph({name: module.source for name, module in self._modules.items()})
        groups = nx.condensation(graph)
        order: list[str] = []
        left_out: dict[str, Module] = {}
        for group in reversed(list(nx.topological_sort(groups))):
            members = sorted(groups.nodes[group]["members"])
            order += members
            if len(members) > 1 or graph.has_edge(members[0], members[0]):
                circle = nx.find_cycle(graph.subgraph(members))
                shown = " imports ".join([circle[0][0], *(after for _, after in circle)])
                for name in members:
                    reason = f"its imports go in a circle: {shown}"
                    left_out[name] = dataclasses.replace(self._modules[name], left_out=reason)
        return order, left_out

    def run(self, workers: int) -> None:
        """Work on all of them. Raises BrokenToolError, and what else a worker met."""
        self._place.mkdir(parents=True, exist_ok=True)
        for left in self._place.parent.glob(f"{self._place.name}-*"):
            if time.time() - left.stat().st_mtime > _STALE_SECONDS:  # of one that was killed
                shutil.rmtree(left, ignore_errors=True)
        threads = [threading.Thread(target=self._work, daemon=True) for _ in range(workers)]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
        if self._failure is not None:
            raise self._failure

    def _work(self) -> None:
        bench: Workbench | None = None
        try:
            while (name := self._next()) is not None:
                found, key = self._known(name)
                if found is None:
                    bench = bench or self._bench()
                    found = self._examine(bench, name, key)
                with self._change:
                    self._made[name] = found
                    if found.compiled:
                        self._keys[name] = key
                    if self._is_unjudged(found):
                        self._unjudged.add(name)
                    self._change.notify_all()
                if bench is not None and name in self._unjudged:
                    bench.close()  # it starts again when it is asked again
        except BaseException as error:  # noqa: BLE001 - handed to whoever waits for all workers
            with self._change:
                self._failure = self._failure or error
                self._change.notify_all()
        finally:
            if bench is not None and self._benches is None:
                bench.remove()
            elif bench is not None and self._benches is not None:
                self._benches.append(bench)

    def _bench(self) -> Workbench:
        if self._benches:
            return self._benches.pop()
        scratch = Path(tempfile.mkdtemp(dir=self._place.parent, prefix=f"{self._place.name}-"))
        return Workbench(self._toolchain, path=(self._place, *self._packages), writable=scratch)

    def _is_unjudged(self, module: Module) -> bool:
        """Whether it, or what it imports, is not to be trusted."""
        report = module.report
        distrusted = report is not None and not report.trusted
        return distrusted or not self._unjudged.isdisjoint(module.header)

    def _next(self) -> str | None:
        """A module whose imports are done; None once there is none left to begin."""
        with self._change:
            while self._failure is None:
                left = [n for n in self._order if n not in self._begun and n not in self._made]
                if not left:
                    return None
                for name in left:
                    header = self._modules[name].header
                    if all(i in self._made for i in header if i in self._modules):
                        self._begun.add(name)
                        self._tell(name, len(self._made), len(self._order))
                        return name
                self._change.wait()
            return None

    def _known(self, name: str) -> tuple[Module | None, str]:
        """What is known of a module without asking Lean, if anything, and its key."""
        module = self._modules[name]
        reason = module.left_out or self._missing(module)
        if reason:
            return dataclasses.replace(module, left_out=reason), ""
        key = self._key(module)
        stored = _stored(self._report_file(name), key)
        if stored is None:
            return None, key
        compiled = self._olean(name).is_file()
        if not compiled and not stored.errors:  # half of it is gone
            return None, key
        return dataclasses.replace(module, report=stored, compiled=compiled), key

    def _missing(self, module: Module) -> str:
        """Why what it imports is not there; '' if it is."""
        for imported in module.header:
            if imported in self._modules:
                if not self._made[imported].compiled:
                    return f"it imports {imported}, which is left out"
            elif self._compiled_file(imported) is None:
                named = parts_of(imported)[0]
                said = f"it imports {imported}, which this Lean does not have"
                if self._toolchain.kind == "embedded" and named not in ("Init", "Std", "Lean"):
                    return f"{said}: {_ELAN}"
                return said
        return ""

    def _compiled_file(self, module: str) -> Path | None:
        """Where a module of a package or of the library was compiled."""
        parts = parts_of(module)
        library = self._toolchain.root / "lib" / "lean"
        for folder in (*self._packages, library):
            file = folder.joinpath(*parts[:-1], f"{parts[-1]}.olean")
            if file.is_file():
                return file
        return None

    def _key(self, module: Module) -> str:
        """The hash of all that Lean's answer depends on."""
        made: list[Any] = [_FORMAT, self._program, self._toolchain.version, module.name]
        made += [
            imports_of(module.source),
            module.source.body,
            sorted(self._layout.options.items()),
        ]
        for imported in module.header:
            if imported in self._keys:
                made.append(self._keys[imported])
            elif self._packages and (file := self._compiled_file(imported)) is not None:
                facts = file.stat()
                made.append((facts.st_size, facts.st_mtime_ns))
        return hashlib.sha256(json.dumps(made).encode()).hexdigest()

    def _olean(self, name: str) -> Path:
        parts = parts_of(name)
        return self._place.joinpath(*parts[:-1], f"{parts[-1]}.olean")

    def _report_file(self, name: str) -> Path:
        return self._olean(name).with_suffix(".json")

    def _examine(self, bench: Workbench, name: str, key: str) -> Module:
        module, olean = self._modules[name], self._olean(name)
        olean.parent.mkdir(parents=True, exist_ok=True)
        for old in (self._report_file(name), *(olean.with_suffix(s) for s in SUFFIXES)):
            old.unlink(missing_ok=True)
        assert bench.writable is not None
        written = bench.writable / f"{len(self._begun)}.olean"
        try:
            report = bench.examine(
                imports_of(module.source),
                name,
                module.source.body,
                options=self._layout.options,
                file=f"{self._toolchain.inside(bench.writable)}/{written.name}",
            )
        except StoppedError as error:
            if error.cause != "header":
                # A limit may not be met another time, so this is not kept.
                said = f": {error.detail}" if error.detail else ""
                reason = f"Lean stopped: {error.cause}{said}"
                return dataclasses.replace(module, left_out=reason, fresh=True)
            wrong = Message(error.detail.partition("\n")[0], "error", 1, 1)
            report = Report((wrong,), True, None, (), ())
        if not report.errors:
            if not written.is_file():
                raise BrokenToolError(f"Lean compiled {name}, and wrote nothing to '{written}'.")
            for suffix in reversed(SUFFIXES):
                if (part := written.with_suffix(suffix)).is_file():
                    part.replace(olean.with_suffix(suffix))
        _store(self._report_file(name), key, report)
        return dataclasses.replace(module, report=report, compiled=not report.errors, fresh=True)


# --- what is kept --------------------------------------------------------------------------


def _store(file: Path, key: str, report: Report) -> None:
    partial = file.with_suffix(".partial")
    data = {"key": key, "report": dataclasses.asdict(report)}
    partial.write_text(json.dumps(data, ensure_ascii=False), encoding="utf-8")
    partial.replace(file)


def _stored(file: Path, key: str) -> Report | None:
    """The report in a file, if it is of this key; what cannot be read is made again."""
    try:
        data = json.loads(file.read_text(encoding="utf-8"))
        if data["key"] != key:
            return None
        found = data["report"]
        return Report(
            tuple(Message(**one) for one in found["messages"]),
            bool(found["errors"]),
            None if found["refused"] is None else (found["refused"][0], found["refused"][1]),
            tuple(
                Gap(_place(one["start"]), _place(one["stop"]), one["goal"], one["term"])
                for one in found["gaps"]
            ),
            tuple(
                Declared(
                    **{
                        **one,
                        "uses": tuple(one["uses"]),
                        "proof": None if one["proof"] is None else tuple(one["proof"]),
                        "axioms": tuple(one["axioms"]),
                        "place": None if one["place"] is None else _place(one["place"]),
                    }
                )
                for one in found["declared"]
            ),
        )
    except (OSError, ValueError, KeyError, TypeError, IndexError):
        return None


def _place(pair: Sequence[int]) -> tuple[int, int]:
    return int(pair[0]), int(pair[1])
