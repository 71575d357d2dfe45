"""``neurosym premises``: what a proof may use, taken from Lean."""

from __future__ import annotations

import re
import time
from enum import StrEnum
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any, Final

import typer

from neurosym.cli import FOUND, OK, streams
from provers.errors import InputError

if TYPE_CHECKING:
    from neurosym.premises.corpus import Manifest

app = typer.Typer(
    help="What a proof may use: a corpus taken from Lean, its graphs, and search in it.",
    no_args_is_help=True,
)

_STAGES: Final = {
    "compile": "Compiling the project",
    "start": "Starting Lean",
    "ask": "Asking Lean",
    "write": "Writing",
}
_WORDS: Final = frozenset({"import", "public", "meta", "all"})
_NAME: Final = re.compile(r"(?:«[^»\n]+»|[^\W\d][\w'!?]*)(?:\.(?:«[^»\n]+»|[^\W\d][\w'!?]*))*")

AsJson = Annotated[bool, typer.Option("--json", help="Print one JSON document, nothing else.")]
CorpusFolder = Annotated[
    str | None,
    typer.Option("--corpus", metavar="FOLDER", help="The corpus; default: the user's."),
]


class Of(StrEnum):
    """What a graph is of."""

    DECLARATIONS = "declarations"
    MODULES = "modules"


def _place(given: str | None) -> Path:
    """The folder of a corpus; the user's where none is given."""
    from neurosym.settings import premises_folder

    return premises_folder() if given is None else Path(given)


def read_header(text: str) -> tuple[str, ...]:
    """The modules that a header names, as ``import A`` lines or bare names.

    ``Init`` is the first, as Lean has it, unless the header begins with ``prelude``.

    Raises InputError for what is no name of a module, and for a header of none.
    """
    words = [word for word in re.split(r"[\s,;]+", text) if word and word not in _WORDS]
    bare = words[:1] == ["prelude"]
    names = [] if bare else ["Init"]
    for word in words[1:] if bare else words:
        if not _NAME.fullmatch(word):
            raise InputError(f"{word[:60]!r} is no name of a module: give --header 'import Std'.")
        if word not in names:
            names.append(word)
    if not names:
        raise InputError("the header names no module: give --header 'import Std'.")
    return tuple(names)


@app.command("build")
def build(
    out: Annotated[
        str | None, typer.Option("--out", metavar="FOLDER", help="Where; default: the user's.")
    ] = None,
    header: Annotated[
        str | None,
        typer.Option("--header", help="Modules, or lines that import them; default: import Std."),
    ] = None,
    project: Annotated[
        str | None, typer.Option("--project", metavar="DIR", help="A Lake project to take in.")
    ] = None,
    workers: Annotated[
        int | None,
        typer.Option("--workers", min=1, max=64, help="Leans at once; default: as many as fit."),
    ] = None,
    as_json: AsJson = False,
) -> int:
    """Take a corpus from Lean, or bring one up to date; kill it at any time, and run it again.

    Exit status 1 where files of the project cannot be compiled; they are named.

    Example: neurosym premises build --header 'import Std'
    """
    from neurosym.cli import setup
    from neurosym.premises import build as building
    from neurosym.premises.corpus import require
    from provers.lean import build as modules_of
    from provers.lean import toolchain
    from provers.lean.pool import default_workers

    require()
    modules = read_header(header if header is not None else "" if project else "import Std")
    folder = None if project is None else Path(project)
    if folder is not None and not folder.is_dir():
        raise InputError(f"there is no folder '{folder}'.")
    setup.ensure()
    lean = toolchain.ensure(project=folder)
    start = time.monotonic()
    with setup.progress("Starting Lean", _STAGES) as tell:
        path: tuple[Path, ...] = ()
        left_out: tuple[tuple[str, str], ...] = ()
        if folder is not None:

            def compiling(module: str, done: int, total: int) -> None:
                if tell is not None:
                    tell("compile", done, total)

            found = modules_of.open_project(lean, folder, compiling)
            path, left_out = found.path, found.left_out
            modules = tuple(dict.fromkeys((*modules, *found.header)))
        request = building.Request(
            lean, modules, path, left_out, workers or min(2, default_workers())
        )
        place = _place(out)
        made = building.build(request, place, tell)
    manifest = made.corpus.manifest
    facts = {
        "seconds": round(time.monotonic() - start, 1),
        "asked": made.asked,
        "kept": made.kept,
        **_facts(place, manifest),
    }
    if as_json:
        streams.print_json(facts, pretty=True)
    else:
        _print(
            [
                f"The corpus is ready in {place}: {_counts(manifest)}.",
                f"{made.asked:,} of {manifest.modules:,} modules were asked of Lean, in "
                f"{facts['seconds']:,} s.",
                *_left_out(manifest),
            ]
        )
    return FOUND if left_out else OK


@app.command("stats")
def stats(corpus: CorpusFolder = None, as_json: AsJson = False) -> int:
    """Say what a corpus holds, and what Lean itself counts.

    Example: neurosym premises stats
    """
    from neurosym.premises.corpus import Corpus

    place = _place(corpus)
    opened = Corpus(place)
    facts = _facts(place, opened.manifest)
    if as_json:
        streams.print_json(facts, pretty=True)
        return OK
    manifest = opened.manifest
    made = manifest.made
    omitted = {why: sum(kinds.values()) for why, kinds in manifest.omitted.items()}
    _print(
        [
            f"{place}: {_counts(manifest)}",
            f"  from Lean {made.version} ({made.toolchain}), {' '.join(manifest.header)}, "
            f"on {manifest.date}; {facts['bytes'] / 1e6:.1f} MB",
            "  kinds: " + _listed(manifest.kinds),
            "  attributes: " + _listed(manifest.attributes),
            f"  with a docstring: {manifest.docs:,}; with a place in a file: "
            f"{manifest.places:,}; with a proof or value: {manifest.proofs:,}",
            f"  left out, since no proof would name them: {_listed(omitted)}",
            f"  Lean counts {manifest.lean_theorems:,} theorems and "
            f"{manifest.lean_definitions:,} definitions among {manifest.lean_constants:,} "
            "constants, which agrees",
            *_left_out(manifest),
        ]
    )
    return OK


@app.command("graph")
def graph(
    out: Annotated[str, typer.Option("--out", metavar="FILE", help="The file to write.")],
    of: Annotated[Of, typer.Option("--of", help="Whose graph it is.")] = Of.DECLARATIONS,
    corpus: CorpusFolder = None,
    as_json: AsJson = False,
) -> int:
    """Write what rests on what as GraphML, for other programs.

    Example: neurosym premises graph --of modules --out imports.graphml
    """
    from neurosym.premises import graph as graphs
    from neurosym.premises.corpus import Corpus, require

    require()
    file = Path(out)
    if not file.parent.is_dir():
        raise InputError(f"there is no folder '{file.parent}': make it first.")
    opened = Corpus(_place(corpus))
    made = graphs.dependency_graph if of is Of.DECLARATIONS else graphs.import_graph
    found = made(opened)
    graphs.write_graphml(found, file)
    facts = {"file": str(file), "nodes": len(found), "edges": found.number_of_edges()}
    if as_json:
        streams.print_json(facts, pretty=True)
    else:
        _print([f"{file}: {facts['nodes']:,} {of.value} and {facts['edges']:,} edges."])
    return OK


@app.command("index")
def index(
    corpus: CorpusFolder = None,
    encoder: Annotated[
        str | None,
        typer.Option(
            "--encoder",
            metavar="NAME",
            help="A folder or name of a sentence encoder, or none; default: MiniLM if it is there.",
        ),
    ] = None,
    labels: Annotated[
        str | None,
        typer.Option(
            "--labels", metavar="FILE", help="Learn from labelled theorems (premises label)."
        ),
    ] = None,
    as_json: AsJson = False,
) -> int:
    """Make what searches in a corpus need; it lies in the corpus's folder.

    Example: neurosym premises index
    """
    from neurosym.cli import premises_search

    place = _place(corpus)
    return premises_search.index(place, encoder, labels, as_json)


@app.command("label")
def label(
    number: Annotated[int, typer.Option("--number", min=1, help="Theorems to try.")] = 1000,
    out: Annotated[
        str | None,
        typer.Option("--out", metavar="FILE", help="Default: labels.jsonl beside the corpus."),
    ] = None,
    seed: Annotated[int, typer.Option("--seed", help="Of the sample.")] = 0,
    workers: Annotated[
        int | None,
        typer.Option("--workers", min=1, max=64, help="Leans at once; default: as many as fit."),
    ] = None,
    corpus: CorpusFolder = None,
    as_json: AsJson = False,
) -> int:
    """Find out which premises theorems need, by proving them again without themselves.

    Kill it at any time, and run it again: it goes on where it stood.

    Example: neurosym premises label --number 2000
    """
    from neurosym.cli import premises_search

    return premises_search.label(_place(corpus), number, out, seed, workers, as_json)


@app.command("search")
def search(
    query: Annotated[list[str], typer.Argument(help="A goal or English; - reads it.")],
    k: Annotated[int, typer.Option("-k", min=1, max=1000, help="How many are wanted.")] = 10,
    module: Annotated[
        str | None, typer.Option("--module", help="Only what this module may use.")
    ] = None,
    corpus: CorpusFolder = None,
    as_json: AsJson = False,
) -> int:
    """Find the premises that a goal needs, or that a description is of.

    Example: neurosym premises search 'xs.reverse.reverse = xs'
    """
    from neurosym.cli import premises_search

    place = _place(corpus)
    asked = premises_search.read_query(query)
    return premises_search.search(asked, k, place, module, as_json)


def _facts(place: Path, manifest: Manifest) -> dict[str, Any]:
    files = (manifest.declarations_file, manifest.modules_file)
    return {
        "corpus": str(place),
        "toolchain": {"version": manifest.made.version, "kind": manifest.made.toolchain},
        "header": list(manifest.header),
        "date": manifest.date,
        "modules": manifest.modules,
        "declarations": manifest.declarations,
        "kinds": manifest.kinds,
        "attributes": manifest.attributes,
        "attributes_not_read": list(manifest.unread),
        "omitted": manifest.omitted,
        "lean": {
            "constants": manifest.lean_constants,
            "theorems": manifest.lean_theorems,
            "definitions": manifest.lean_definitions,
        },
        "docs": manifest.docs,
        "places": manifest.places,
        "proofs": manifest.proofs,
        "bytes": sum(file.bytes for file in files),
        "left_out": manifest.left_out,
    }


def _counts(manifest: Manifest) -> str:
    return (
        f"{manifest.kinds.get('theorem', 0):,} theorems among {manifest.declarations:,} "
        f"declarations of {manifest.modules:,} modules"
    )


def _listed(counts: dict[str, int]) -> str:
    pairs = sorted(counts.items(), key=lambda pair: -pair[1])
    return ", ".join(f"{name} {count:,}" for name, count in pairs) or "none"


def _left_out(manifest: Manifest) -> list[str]:
    return [f"Not compiled: {module}: {why}." for module, why in manifest.left_out.items()]


def _print(lines: list[str]) -> None:
    console = streams.console()
    for line in lines:
        console.print(streams.shown(line, 2000), soft_wrap=True, markup=False)
