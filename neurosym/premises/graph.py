"""What rests on what: the imports of modules, the uses of declarations, and what may be used where.

The accessible premises of a declaration are those that its proof could have named: of the modules
that it imports, and of its own module those before it (as in LeanDojo: Yang et al., "LeanDojo:
Theorem Proving with Retrieval-Augmented Language Models", 2023, section 4).
"""

from __future__ import annotations

import functools
import re
from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final, Literal, TypeAlias
from xml.sax.saxutils import XMLGenerator
from xml.sax.xmlreader import AttributesImpl

import networkx as nx
import numpy as np
from numpy.typing import NDArray

from neurosym.premises.corpus import Corpus
from neurosym.premises.order import place_of
from provers.errors import InputError

if TYPE_CHECKING:
    from neurosym.premises.corpus import ModuleOf

Indices: TypeAlias = NDArray[np.int32]
Edges: TypeAlias = Literal["statement", "proof"]

_GRAPHML: Final = "http://graphml.graphdrawing.org/xmlns"
_TYPES: Final = {bool: "boolean", int: "long", str: "string"}
_UNSOUND: Final = re.compile(r"[^\t\n\r\x20-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")
_DAMPING: Final = 0.85
_ROUNDS: Final = 100
_PRECISION: Final = 1e-10


def import_graph(corpus: Corpus) -> nx.DiGraph:
    """Modules by name, and an edge to each that one imports, with ``public`` and ``meta``."""
    graph = nx.DiGraph()
    for number, module in enumerate(corpus.modules):
        graph.add_node(module.name, position=number, declarations=module.count)
    for module in corpus.modules:
        for one in module.imports:
            known = graph.get_edge_data(module.name, one.module, {})
            graph.add_edge(
                module.name,
                one.module,
                public=one.public or known.get("public", False),
                meta=one.meta and known.get("meta", True),
            )
    return graph


def dependency_graph(corpus: Corpus) -> nx.DiGraph:
    """Declarations by index, and an edge to each that one names.

    An edge's ``statement`` and ``proof`` say where it is named; a definition's value counts as
    its proof. Nodes have ``name``, ``module`` and ``kind``.
    """
    graph = nx.DiGraph()
    modules = [module.name for module in corpus.modules]
    graph.add_nodes_from(
        (index, {"name": name, "module": modules[module], "kind": kind})
        for index, (name, module, kind) in enumerate(
            zip(corpus.names, corpus.module_of.tolist(), corpus.kinds, strict=True)
        )
    )
    for source, target in _pairs(corpus, "statement"):
        graph.add_edge(source, target, statement=True, proof=False)
    for source, target in _pairs(corpus, "proof"):
        stated = graph.has_edge(source, target) and graph[source][target]["statement"]
        graph.add_edge(source, target, statement=stated, proof=True)
    return graph


def _pairs(corpus: Corpus, where: Edges) -> Iterator[tuple[int, int]]:
    sources, targets = uses(corpus, where)
    return zip(sources.tolist(), targets.tolist(), strict=True)


def uses(corpus: Corpus, where: Edges) -> tuple[Indices, Indices]:
    """All pairs of a declaration and one that it names there, without those that name themselves.

    Both arrays have one index for each pair, sorted by the first.
    """
    values, starts = corpus.edges("uses" if where == "statement" else "proof")
    sources = np.repeat(np.arange(len(corpus), dtype=np.int32), np.diff(starts))
    others = sources != values
    return sources[others], values[others]


def write_graphml(graph: nx.DiGraph, file: Path) -> None:
    """Write a graph for other programs, node by node: networkx would need gigabytes for that.

    Raises InputError where the file cannot be written.
    """
    partial = file.with_name(f"{file.name}.partial")
    try:
        with partial.open("w", encoding="utf-8") as stream:
            _write(graph, XMLGenerator(stream, "utf-8"))
        partial.replace(file)
    except OSError as error:
        raise InputError(f"'{file}' cannot be written: {error.strerror}.") from error


def _write(graph: nx.DiGraph, xml: XMLGenerator) -> None:
    keys: dict[tuple[str, str], str] = {}

    def declare(what: str, facts: dict[str, Any]) -> None:
        for name, value in facts.items():
            key = keys[what, name] = f"d{len(keys)}"
            written = {"id": key, "for": what, "attr.name": name, "attr.type": _TYPES[type(value)]}
            xml.startElement("key", AttributesImpl(written))
            xml.endElement("key")

    def add(what: str, places: dict[str, str], facts: dict[str, Any]) -> None:
        xml.startElement(what, AttributesImpl(places))
        for name, value in facts.items():
            xml.startElement("data", AttributesImpl({"key": keys[what, name]}))
            xml.characters(str(value).lower() if isinstance(value, bool) else _sound(str(value)))
            xml.endElement("data")
        xml.endElement(what)
        xml.ignorableWhitespace("\n")

    xml.startDocument()
    xml.startElement("graphml", AttributesImpl({"xmlns": _GRAPHML}))
    declare("node", next((facts for _, facts in graph.nodes(data=True)), {}))
    declare("edge", next((facts for *_, facts in graph.edges(data=True)), {}))
    xml.startElement("graph", AttributesImpl({"edgedefault": "directed"}))
    for node, facts in graph.nodes(data=True):
        add("node", {"id": _sound(str(node))}, facts)
    for source, target, facts in graph.edges(data=True):
        add("edge", {"source": _sound(str(source)), "target": _sound(str(target))}, facts)
    xml.endElement("graph")
    xml.endElement("graphml")
    xml.endDocument()


def _sound(text: str) -> str:
    """The text without what XML cannot hold."""
    return _UNSOUND.sub("\ufffd", text)


# --- what may be used where ------------------------------------------------------------------


class Accessible:
    """Which premises may be used where, for one corpus; an answer is indices in rising order."""

    def __init__(self, corpus: Corpus) -> None:
        self._corpus = corpus

    def of(self, name: str) -> Indices:
        """What the proof of a declaration may use: never itself, nor what is declared after it.

        Of its module: what is at an earlier place, and what its statement rests on. Where Lean
        does not know the places, nothing else is certain to be before it.

        Raises InputError if the corpus has none of that name.
        """
        index = self._corpus.index_of(name)
        number = int(self._corpus.module_of[index])
        own = self._before(number, self._places[number].get(index), index)
        return self._with_imports(self._corpus.modules[number], own)

    def at(self, module: str, line: int | None = None, column: int = 0) -> Indices:
        """What may be used at a place in a module: ``line`` from 1; its beginning without one.

        Raises InputError for a module that the corpus does not have, or a line in one of whose
        declarations Lean does not know the places.
        """
        found = self._corpus.module(module)
        if line is None:
            return self._with_imports(found, [])
        places = self._places[self._corpus.module_numbers[module]]
        if found.count and not places:
            raise InputError(
                f"the corpus does not say where the declarations of {module} are: leave out the "
                "line."
            )
        own = sorted(i for i, place in places.items() if place < (line, column))
        return self._with_imports(found, own)

    def after_imports(self, *modules: str) -> Indices:
        """What a new file that imports these modules may use.

        Raises InputError for a module that the corpus does not have.
        """
        numbers = self._corpus.module_numbers
        seen: set[int] = set()
        for name in modules:
            self._corpus.module(name)
            seen |= self._everything[numbers[name]] | {numbers[name]}
        return self._ranges(seen)

    def modules(self, module: str) -> tuple[str, ...]:
        """The modules whose declarations a module sees, in import order; not itself."""
        number = self._corpus.module_numbers[self._corpus.module(module).name]
        return tuple(self._corpus.modules[n].name for n in sorted(self._seen(number)))

    # --- within a module -----------------------------------------------------------------------

    def _before(self, number: int, place: tuple[int, int] | None, index: int) -> list[int]:
        found = self._rests_on(index, self._corpus.modules[number])
        if place is not None:
            places = self._places[number]
            found |= {i for i, other in places.items() if other < place}
        return sorted(found - {index})

    def _rests_on(self, index: int, module: ModuleOf) -> set[int]:
        """What the statement rests on within its module: declared before, in whatever order."""
        own = module.indices
        found: set[int] = set()
        waiting = [int(i) for i in self._corpus.uses(index)]
        while waiting:
            one = waiting.pop()
            if one in own and one not in found and one != index:
                found.add(one)
                proof = self._corpus.proof(one)
                waiting += map(int, self._corpus.uses(one))
                waiting += () if proof is None else map(int, proof)
        return found

    @functools.cached_property
    def _places(self) -> list[dict[int, tuple[int, int]]]:
        """By module, where the declarations are of which that is known."""
        lines = self._corpus.column("line").to_pylist()
        columns = self._corpus.column("column").to_pylist()
        names = self._corpus.names
        found = []
        for module in self._corpus.modules:
            known = {
                names[i]: (lines[i], columns[i]) for i in module.indices if lines[i] is not None
            }
            places = {i: place_of(names[i], known) for i in module.indices} if known else {}
            found.append({i: place for i, place in places.items() if place is not None})
        return found

    # --- between modules -----------------------------------------------------------------------

    def _with_imports(self, module: ModuleOf, own: list[int]) -> Indices:
        number = self._corpus.module_numbers[module.name]
        # Modules come after those that they import, so what is imported has lower indices.
        return np.concatenate([self._ranges(self._seen(number)), np.array(own, dtype=np.int32)])

    def _ranges(self, numbers: frozenset[int] | set[int]) -> Indices:
        modules = self._corpus.modules
        parts = [
            np.arange(modules[n].first, modules[n].first + modules[n].count, dtype=np.int32)
            for n in sorted(numbers)
        ]
        return np.concatenate(parts) if parts else np.zeros(0, dtype=np.int32)

    def _seen(self, number: int) -> frozenset[int]:
        """The modules that one sees: all behind its imports, or as far as they are public."""
        module = self._corpus.modules[number]
        behind = self._public if module.closed else self._everything
        direct = self._direct(module, public=False)
        return frozenset(direct).union(*(behind[n] for n in direct))

    def _direct(self, module: ModuleOf, *, public: bool) -> list[int]:
        numbers = self._corpus.module_numbers
        imports = [one for one in module.imports if one.public or not public]
        return [numbers[one.module] for one in imports if one.module in numbers]

    @functools.cached_property
    def _everything(self) -> list[frozenset[int]]:
        return self._closure(public=False)

    @functools.cached_property
    def _public(self) -> list[frozenset[int]]:
        return self._closure(public=True)

    def _closure(self, *, public: bool) -> list[frozenset[int]]:
        """For each module, those behind its imports, or behind its public ones."""
        found: list[frozenset[int]] = []
        for module in self._corpus.modules:
            direct = self._direct(module, public=public)
            found.append(frozenset(direct).union(*(found[n] for n in direct)))
        return found


# --- features --------------------------------------------------------------------------------


def page_rank(corpus: Corpus, *, damping: float = _DAMPING) -> NDArray[np.float64]:
    """How likely each declaration is to be met by one who goes from uses to uses; sums to 1.

    Brin and Page, "The anatomy of a large-scale hypertextual web search engine", 1998. Statement
    and proof count alike; who is named twice by one declaration counts once.
    """
    size = len(corpus)
    stated, proved = uses(corpus, "statement"), uses(corpus, "proof")
    sources, targets = (
        np.concatenate([a, b]).astype(np.int64) for a, b in zip(stated, proved, strict=True)
    )
    # Both in one number, so that each pair is counted once.
    sources, targets = np.divmod(np.unique(sources * size + targets), max(size, 1))
    out = np.bincount(sources, minlength=size)
    rank = np.full(size, 1.0 / max(size, 1))
    for _ in range(_ROUNDS):
        share = rank / np.maximum(out, 1)
        stuck = rank[out == 0].sum()  # those that name nothing go anywhere
        new = np.bincount(targets, weights=share[sources], minlength=size) * damping
        new += (1.0 - damping + damping * stuck) / max(size, 1)
        done = float(np.abs(new - rank).sum()) < _PRECISION
        rank = new
        if done:
            break
    return rank


class CoUse:
    """How often declarations are named together in one statement (or in one proof)."""

    def __init__(self, corpus: Corpus, where: Edges = "statement") -> None:
        sources, targets = uses(corpus, where)
        order = np.argsort(targets, kind="stable")
        self._users = sources[order]
        self._starts = np.searchsorted(targets[order], np.arange(len(corpus) + 1))
        self._named = targets
        self._first = np.searchsorted(sources, np.arange(len(corpus) + 1))
        self._size = len(corpus)

    def users(self, index: int) -> Indices:
        """The declarations that name one."""
        return self._users[self._starts[index] : self._starts[index + 1]]

    def counts(self, index: int) -> NDArray[np.int64]:
        """For each declaration, how many name both it and this one; 0 for this one itself."""
        users = self.users(index)
        lists = [self._named[self._first[u] : self._first[u + 1]] for u in users]
        named = np.concatenate(lists) if lists else np.zeros(0, dtype=np.int32)
        counts: NDArray[np.int64] = np.bincount(named, minlength=self._size)
        counts[index] = 0
        return counts
