"""What a theorem rests on: the declarations of its project behind it, as a graph and a picture."""

from __future__ import annotations

import shutil
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

import networkx as nx

from neurosym.project.scan import Scan, Theorem, verdict
from provers import process
from provers.errors import InputError, MissingToolError
from provers.lean.build import Built
from provers.lean.workbench import Declared

_MOST: Final = 400  # of a picture that anybody can look at
_SECONDS: Final = 60.0
_SHAPES: Final = {"theorem": "box", "definition": "ellipse", "inductive": "hexagon"}
_COLOURS: Final = {"sorry": "#c0392b", "rests_on_sorry": "#d68910"}
FORMS: Final = (".dot", ".graphml", ".svg", ".png", ".pdf")


@dataclass(frozen=True, slots=True)
class Explained:
    """A theorem, what its proof names, and the graph of all of the project behind it.

    ``own`` are declarations of the project, ``library`` others. An edge of ``graph`` goes from a
    declaration to one that it names.
    """

    theorem: Theorem
    own: tuple[str, ...]
    library: tuple[str, ...]
    graph: Any

    @property
    def data(self) -> dict[str, Any]:
        """As JSON has it."""
        return {
            **self.theorem.data,
            "premises": list(self.own),
            "library": list(self.library),
            "rests_on": sorted(set(self.graph) - {self.theorem.name}),
            "unproved": sorted(
                name for name, facts in self.graph.nodes(data=True) if facts["verdict"] == "sorry"
            ),
        }


def explain(scan: Scan, built: Built, file: Path | None, name: str) -> Explained:
    """The theorem of a name, or of the end of one, in a file or anywhere.

    Raises InputError where there is none, or more than one.
    """
    folder = built.layout.folder
    found = [
        one
        for one in scan.theorems
        if (one.name == name or one.name.endswith(f".{name}"))
        and (file is None or (folder / one.file).resolve() == file.resolve())
    ]
    exact = [one for one in found if one.name == name]
    if len(exact or found) != 1:
        where = "the project" if file is None else f"'{file}'"
        if not found:
            raise InputError(f"there is no theorem '{name}' in {where}: see neurosym project scan.")
        names = ", ".join(one.name for one in found[:5])
        raise InputError(f"there is more than one theorem '{name}' in {where}: {names}.")
    theorem = (exact or found)[0]
    graph = dependencies(scan, built)
    own = [one for one in theorem.premises if one in graph and one != theorem.name]
    library = [one for one in theorem.premises if one not in graph]
    behind = {theorem.name} | nx.descendants(graph, theorem.name)
    return Explained(theorem, tuple(own), tuple(library), graph.subgraph(behind).copy())


def dependencies(scan: Scan, built: Built) -> Any:
    """A ``networkx.DiGraph`` of the project's declarations: from each to those that it names."""
    verdicts = {one.name: verdict(one.result) for one in scan.theorems}
    known: dict[str, Declared] = {
        one.name: one
        for module in built.modules.values()
        for one in (module.report.declared if module.report else ())
        if one.place is not None
    }
    graph: Any = nx.DiGraph()
    for name, one in known.items():
        graph.add_node(name, kind=one.kind, verdict=verdicts.get(name, ""))
    for name, one in known.items():
        for used in (*one.uses, *(one.proof or ())):
            if used in known and used != name:
                graph.add_edge(name, used)
    return graph


def dot(explained: Explained) -> str:
    """The graph in the language of Graphviz, the theorem on top; what is not proved stands out."""
    lines = ["digraph premises {", '  rankdir="TB";', '  node [fontname="sans-serif"];']
    nodes = list(explained.graph.nodes(data=True))[:_MOST]
    kept = {name for name, _ in nodes}
    for name, facts in nodes:
        style = [f"shape={_SHAPES.get(facts['kind'], 'plaintext')}"]
        if facts["verdict"] in _COLOURS:
            style.append(f'color="{_COLOURS[facts["verdict"]]}"')
        if name == explained.theorem.name:
            style.append("penwidth=2")
        lines.append(f"  {_quoted(name)} [{', '.join(style)}];")
    for source, target in explained.graph.edges:
        if source in kept and target in kept:
            lines.append(f"  {_quoted(source)} -> {_quoted(target)};")
    return "\n".join([*lines, "}", ""])


def _quoted(name: str) -> str:
    escaped = name.replace("\\", "\\\\").replace('"', '\\"')
    return f'"{escaped}"'


def draw(explained: Explained, out: Path) -> None:
    """Write the picture; by its ending as Graphviz's language, GraphML, or drawn by Graphviz.

    Raises InputError for another ending or a file that cannot be written, MissingToolError where
    Graphviz is not installed.
    """
    if out.suffix not in FORMS:
        raise InputError(f"'{out}' ends in none of {', '.join(FORMS)}.")
    try:
        if out.suffix == ".graphml":
            nx.write_graphml(explained.graph, out)
        elif out.suffix == ".dot":
            out.write_text(dot(explained), encoding="utf-8")
        else:
            program = shutil.which("dot")
            if program is None:
                raise MissingToolError(
                    "Graphviz is not installed, so nothing is drawn: install it, or name a .dot "
                    "file."
                )
            argv = [program, f"-T{out.suffix[1:]}", "-o", str(out)]
            done = process.run(argv, stdin=dot(explained), seconds=_SECONDS, megabytes=1024)
            if done.returncode != 0:
                raise InputError(f"Graphviz could not draw it: {done.stderr.strip()[:200]}")
    except OSError as error:
        raise InputError(f"'{out}' cannot be written ({error.strerror}).") from error
