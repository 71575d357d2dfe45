"""Building a corpus: what changed is asked of Lean, module by module, and the rest is kept.

While it is built, each finished module lies in a file of its own, named by its content; an
interrupted build goes on from these. The manifest is written when everything is there and agrees
with Lean's own count, so nothing unfinished or wrong looks like a corpus.
"""

from __future__ import annotations

import contextlib
import datetime
import fcntl
import hashlib
import json
import os
import queue
import shutil
import threading
from collections import Counter, defaultdict
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any, Final

from neurosym.premises.corpus import (
    FORMAT,
    MANIFEST,
    Corpus,
    DataFile,
    Made,
    Manifest,
    digest,
    require,
)
from neurosym.premises.order import in_order
from provers.errors import BrokenToolError, InputError
from provers.lean.base import Header
from provers.lean.corpus import (
    UNREAD,
    Census,
    Declaration,
    Library,
    Module,
    Page,
    module_digest,
    program_digest,
)
from provers.lean.toolchain import Toolchain

_PAGES: Final = "pages"
_LOCK: Final = "lock"
_ROWS: Final = 8192  # of a group: what is read at once

Tell = Callable[[str, int, int], None]
"""Told what is worked on, how much of it is done, and of how much (0 if nobody knows)."""


@dataclass(frozen=True, slots=True)
class Request:
    """What to build a corpus of.

    ``path`` are folders of compiled modules besides Lean's own. ``left_out`` are modules of a
    project that could not be compiled, with reasons. ``workers``: Leans that are asked at once,
    each of about a gigabyte.
    """

    toolchain: Toolchain
    header: Header
    path: tuple[Path, ...] = ()
    left_out: tuple[tuple[str, str], ...] = ()
    workers: int = 1


@dataclass(frozen=True, slots=True)
class Built:
    """A finished corpus, and how many of its modules were asked of Lean this time."""

    corpus: Corpus
    asked: int
    kept: int


def build(request: Request, out: Path, tell: Tell | None = None) -> Built:
    """Make the corpus in a folder, or bring the one there up to date.

    Raises InputError for a folder that holds something else or that another process builds in,
    and for modules that cannot be imported; BrokenToolError where Lean fails, or where what was
    found is not what Lean counts; MissingToolError without pyarrow.
    """
    require()
    say = tell or _say_nothing
    with _named_errors(out), _held(out):
        old = _old(out, request.toolchain)
        say("start", 0, 0)
        library = _library(request)
        try:
            modules = library.modules()
            keys = _keys(request, modules)
            pages = _Pages(out / _PAGES, old, {m.name: keys[m.index] for m in modules})
            missing = [module for module in modules if not pages.has(module.name)]
            _ask_all(request, library, missing, pages, say)
            say("write", 0, 0)
            attributes = library.attributes()
            census = library.census()
        finally:
            library.close()
        _write(request, out, modules, keys, pages, attributes, census)
        shutil.rmtree(out / _PAGES, ignore_errors=True)
    return Built(Corpus(out), len(missing), len(modules) - len(missing))


def _say_nothing(stage: str, done: int, total: int) -> None:
    pass


def _library(request: Request) -> Library:
    return Library(request.toolchain, request.header, path=request.path)


@contextlib.contextmanager
def _named_errors(out: Path) -> Iterator[None]:
    try:
        yield
    except OSError as error:
        raise InputError(
            f"the folder '{out}' cannot be used ({error.strerror or error}): give another."
        ) from error


@contextlib.contextmanager
def _held(out: Path) -> Iterator[None]:
    """Hold the folder for this process. Raises InputError where it is another's, or no corpus."""
    out.mkdir(parents=True, exist_ok=True)
    there = {entry.name for entry in out.iterdir()}
    if there and not there & {MANIFEST, _PAGES, _LOCK}:
        raise InputError(f"the folder '{out}' holds something else ({min(there)}): give a new one.")
    with (out / _LOCK).open("w") as file:
        try:
            fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError as error:
            raise InputError(
                f"another process builds the corpus in '{out}': wait for it, or stop it."
            ) from error
        yield


def _old(out: Path, toolchain: Toolchain) -> Corpus | None:
    """The corpus that is there, if anything of it can be kept."""
    try:
        old = Corpus(out)
    except InputError:  # none, or a damaged one, which is made anew
        return None
    made = Made(version=toolchain.version, toolchain=toolchain.kind, program=program_digest())
    return old if old.manifest.made == made else None


def _keys(request: Request, modules: Sequence[Module]) -> list[str]:
    """Names the content of each module and of all that it rests on; '' where nobody knows it."""
    toolchain = request.toolchain
    base = f"{FORMAT} {toolchain.kind} {toolchain.version} {program_digest()}"
    found: dict[str, str] = {}
    keys = []
    for module in modules:
        content = module_digest(toolchain, request.path, module.name)
        rests = [found.get(i.module, "") for i in module.imports]
        key = ""
        if content and all(rests):
            key = hashlib.sha256(repr((base, module.name, content, rests)).encode()).hexdigest()
        found[module.name] = key
        keys.append(key)
    return keys


# --- pages ---------------------------------------------------------------------------------


class _Pages:
    """What the modules declare: kept in the old corpus, in files of this build, or asked now."""

    def __init__(self, folder: Path, old: Corpus | None, keys: Mapping[str, str]) -> None:
        folder.mkdir(exist_ok=True)
        self._folder = folder
        self._old = old
        self._keys = keys
        self._kept = set()
        if old is not None:
            self._kept = {m.name for m in old.modules if m.key and m.key == keys.get(m.name)}

    def has(self, module: str) -> bool:
        return module in self._kept or (bool(self._keys[module]) and self._file(module).is_file())

    def put(self, module: str, page: Page) -> None:
        file = self._file(module)
        partial = file.with_suffix(".partial")
        omitted = [[*key, count] for key, count in page.omitted.items()]
        written = {"declarations": [asdict(d) for d in page.declarations], "omitted": omitted}
        partial.write_text(json.dumps(written), encoding="utf-8")
        partial.rename(file)

    def get(self, module: str) -> Page:
        if module in self._kept:
            assert self._old is not None
            return _kept_page(self._old, module)
        file = self._file(module)
        try:
            data = json.loads(file.read_bytes())
            return Page(
                tuple(_declaration(one) for one in data["declarations"]),
                Counter({(why, kind): count for why, kind, count in data["omitted"]}),
            )
        except (ValueError, KeyError, TypeError) as error:
            file.unlink()
            raise BrokenToolError(f"'{file}' was damaged and is deleted: build again.") from error

    def _file(self, module: str) -> Path:
        key = self._keys[module] or hashlib.sha256(f"unknown {module}".encode()).hexdigest()
        return self._folder / f"{key}.json"


def _declaration(data: Mapping[str, Any]) -> Declaration:
    return Declaration(
        name=data["name"],
        kind=data["kind"],
        statement=data["statement"],
        uses=tuple(data["uses"]),
        proof=None if data["proof"] is None else tuple(data["proof"]),
        doc=data["doc"],
        place=None if data["place"] is None else (data["place"][0], data["place"][1]),
    )


def _kept_page(old: Corpus, module: str) -> Page:
    found = old.module(module)
    return Page(
        tuple(
            Declaration(p.name, p.kind, p.statement, p.uses, p.proof, p.doc, p.place)
            for p in (old[index] for index in found.indices)
        ),
        Counter({(why, kind): count for why, kind, count in found.omitted}),
    )


def _ask_all(
    request: Request, first: Library, missing: Sequence[Module], pages: _Pages, say: Tell
) -> None:
    """Ask for what is missing, the largest modules first; the first error ends it."""
    waiting: queue.SimpleQueue[Module] = queue.SimpleQueue()
    for module in sorted(missing, key=lambda m: -m.constants):
        waiting.put(module)
    total = sum(module.constants for module in missing)
    done = 0
    lock = threading.Lock()
    errors: list[BaseException] = []

    def work(library: Library) -> None:
        nonlocal done
        while not errors:
            try:
                module = waiting.get_nowait()
            except queue.Empty:
                return
            try:
                pages.put(module.name, library.page(module))
            except BaseException as error:  # noqa: BLE001 - raised again below
                errors.append(error)
                return
            with lock:
                done += module.constants
                say("ask", done, total)

    say("ask", 0, total)
    others: list[Library] = []
    threads: list[threading.Thread] = []
    try:
        for _ in range(min(request.workers, len(missing)) - 1):
            others.append(_library(request))
            threads.append(threading.Thread(target=work, args=(others[-1],), daemon=True))
            threads[-1].start()
        work(first)
    except BaseException as error:  # Ctrl-C: the others must end too
        errors.append(error)
        raise
    finally:
        for thread in threads:
            thread.join()
        for library in others:
            library.close()
    if errors:
        raise errors[0]


# --- writing -------------------------------------------------------------------------------


def _write(
    request: Request,
    out: Path,
    modules: Sequence[Module],
    keys: Sequence[str],
    pages: _Pages,
    attributes: Sequence[tuple[str, str]],
    census: Census,
) -> None:
    """Write the two files, and then the manifest that names them."""
    import pyarrow as pa

    of = defaultdict(set)
    for label, name in attributes:
        of[name].add(label)
    declared: list[tuple[int, Declaration]] = []
    omitted: Counter[tuple[str, str]] = Counter()
    rows: list[dict[str, Any]] = []
    for module in modules:
        page = pages.get(module.name)
        omitted += page.omitted
        rows.append(
            {
                "name": module.name,
                "first": len(declared),
                "count": len(page.declarations),
                "closed": module.closed,
                "key": keys[module.index],
                "imports": [asdict(one) for one in module.imports],
                "constants": module.constants,
                "omitted": [
                    {"reason": why, "kind": kind, "count": count}
                    for (why, kind), count in sorted(page.omitted.items())
                ],
            }
        )
        declared += ((module.index, d) for d in in_order(page.declarations))
    _agree([d for _, d in declared], omitted, census)
    index = {d.name: number for number, (_, d) in enumerate(declared)}
    columns = {
        "name": pa.array([d.name for _, d in declared], pa.string()),
        "module": pa.array([module for module, _ in declared], pa.int32()),
        "kind": pa.array([d.kind for _, d in declared], pa.string()),
        "statement": pa.array([d.statement for _, d in declared], pa.string()),
        "doc": pa.array([d.doc for _, d in declared], pa.string()),
        "attributes": pa.array(
            [sorted(of.get(d.name, ())) for _, d in declared], pa.list_(pa.string())
        ),
        "uses": pa.array([_numbers(d.uses, index) for _, d in declared], pa.list_(pa.int32())),
        "proof": pa.array(
            [None if d.proof is None else _numbers(d.proof, index) for _, d in declared],
            pa.list_(pa.int32()),
        ),
        "line": pa.array([d.place and d.place[0] for _, d in declared], pa.int32()),
        "column": pa.array([d.place and d.place[1] for _, d in declared], pa.int32()),
    }
    by_reason: dict[str, dict[str, int]] = defaultdict(dict)
    for (why, kind), count in sorted(omitted.items()):
        by_reason[why][kind] = count
    manifest = Manifest(
        format=FORMAT,
        made=Made(
            version=request.toolchain.version,
            toolchain=request.toolchain.kind,
            program=program_digest(),
        ),
        header=request.header,
        date=datetime.datetime.now(datetime.UTC).date().isoformat(),
        modules=len(modules),
        declarations=len(declared),
        kinds=dict(sorted(Counter(d.kind for _, d in declared).items())),
        omitted=dict(by_reason),
        attributes=dict(
            sorted(Counter(a for _, d in declared for a in of.get(d.name, ())).items())
        ),
        lean_constants=census.constants,
        lean_theorems=census.theorems,
        lean_definitions=census.definitions,
        docs=sum(bool(d.doc) for _, d in declared),
        places=sum(d.place is not None for _, d in declared),
        proofs=sum(d.proof is not None for _, d in declared),
        unread=UNREAD,
        left_out=dict(request.left_out),
        declarations_file=_store(out, "declarations", pa.table(columns)),
        modules_file=_store(out, "modules", _module_table(rows)),
    )
    partial = out / f"{MANIFEST}.partial"
    with partial.open("w", encoding="utf-8") as stream:
        stream.write(manifest.model_dump_json(indent=1) + "\n")
        stream.flush()
        os.fsync(stream.fileno())
    partial.replace(out / MANIFEST)
    named = {manifest.declarations_file.name, manifest.modules_file.name}
    for file in out.glob("*.parquet*"):
        if file.name not in named:
            file.unlink()


def _numbers(names: Sequence[str], index: Mapping[str, int]) -> list[int]:
    """The indices of names. Raises BrokenToolError for one that no module declares."""
    try:
        return [index[name] for name in names]
    except KeyError as error:
        raise BrokenToolError(
            f"Lean names {error.args[0]!r}, which no module of the header declares: report this, "
            "and give a header without the module that uses it."
        ) from error


def _agree(
    declared: Sequence[Declaration], omitted: Counter[tuple[str, str]], census: Census
) -> None:
    """Raises BrokenToolError where what the modules declare is not what Lean's own table has."""

    def left(kind: str) -> int:
        return sum(count for (_, k), count in omitted.items() if k == kind)

    kinds = Counter(d.kind for d in declared)
    found = Census(
        constants=len(declared) + omitted.total(),
        theorems=kinds["theorem"] + left("theorem"),
        definitions=kinds["definition"] + left("definition"),
        omitted=omitted.total(),
        omitted_theorems=left("theorem"),
        omitted_definitions=left("definition"),
    )
    if found != census or len({d.name for d in declared}) != len(declared):
        raise BrokenToolError(
            f"the modules declare {found.theorems:,} theorems of {found.constants:,} constants, "
            f"and Lean counts {census.theorems:,} of {census.constants:,}: report this."
        )


def _module_table(rows: list[dict[str, Any]]) -> Any:
    import pyarrow as pa

    imported = pa.struct([("module", pa.string()), ("public", pa.bool_()), ("meta", pa.bool_())])
    left = pa.struct([("reason", pa.string()), ("kind", pa.string()), ("count", pa.int32())])
    fields = [
        ("name", pa.string()),
        ("first", pa.int32()),
        ("count", pa.int32()),
        ("closed", pa.bool_()),
        ("key", pa.string()),
        ("imports", pa.list_(imported)),
        ("constants", pa.int32()),
        ("omitted", pa.list_(left)),
    ]
    return pa.Table.from_pylist(rows, schema=pa.schema(fields))


def _store(out: Path, name: str, table: Any) -> DataFile:
    """Write a table to a file that its content names."""
    import pyarrow.parquet as pq

    partial = out / f"{name}.parquet.partial"
    pq.write_table(table, partial, compression="zstd", row_group_size=_ROWS)
    with partial.open("rb") as stream:
        os.fsync(stream.fileno())
    sha256 = digest(partial)
    file = out / f"{name}-{sha256[:16]}.parquet"
    partial.replace(file)
    return DataFile(name=file.name, bytes=file.stat().st_size, sha256=sha256, rows=table.num_rows)
