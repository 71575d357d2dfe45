"""``neurosym doctor``: what is installed, and what to run for the rest."""

from __future__ import annotations

import importlib.metadata
import platform
import sys
from dataclasses import dataclass
from pathlib import Path

from neurosym import __version__
from neurosym.cli import OK, TOOL, streams
from neurosym.llm import download
from provers import registry, sandbox
from provers.errors import BrokenToolError
from provers.lean import node, toolchain

REQUIRED = ("z3",)
_PARTS = {
    "latex2sympy2_extended": ("reading LaTeX mathematics", "pip install 'neurosym[latex]'"),
    "math-verify": ("comparing answers symbolically", "pip install 'neurosym[latex]'"),
    "xllamacpp": ("runs models in GGUF files", "pip install 'neurosym[gguf]'"),
    "transformers": ("runs models in folders", "pip install 'neurosym[transformers]'"),
    "xgrammar": ("keeps them to a grammar", "pip install 'neurosym[transformers]'"),
    "vllm": ("runs models in folders, many at once", "pip install 'neurosym[vllm]'"),
}


@dataclass(frozen=True, slots=True)
class Part:
    """One tool or optional part: its version and where it is, or what to run to get it."""

    name: str
    use: str
    version: str | None
    missing: str
    where: str = ""


def run(as_json: bool) -> int:
    """Print what is there; the status is 3 where something that is needed is not."""
    parts = [*_provers(), _lean(), _node(), *_optional(), _model()]
    ready = all(part.version is not None for part in parts if part.name in REQUIRED)
    if as_json:
        streams.print_json(
            {
                "neurosym": __version__,
                "python": platform.python_version(),
                "ready": ready,
                "parts": [
                    {
                        "name": p.name,
                        "use": p.use,
                        "version": p.version,
                        "install": p.missing,
                        "where": p.where,
                    }
                    for p in parts
                ],
                "containment": sandbox.describe(),
            },
            pretty=True,
        )
    else:
        _print(parts)
    return OK if ready else TOOL


def _provers() -> list[Part]:
    return [
        Part(name, "prover", found.version, "" if found.version else found.missing)
        for name, found in registry.available().items()
        if name != "lean"  # shown with where it is
    ]


def _lean() -> Part:
    use = "proofs in Lean 4"
    try:
        found = toolchain.find(Path.cwd())
    except BrokenToolError as error:
        return Part("lean", use, None, str(error))
    if found is None:
        return Part("lean", use, None, "neurosym setup lean")
    return Part("lean", f"{use}, {found.kind}", found.version, "", str(found.root))


def _node() -> Part:
    use = "runs the embedded Lean"
    found = node.find()
    if found is None or not found.usable:
        return Part("node", use, None, node.INSTALL)
    return Part("node", use, found.version, "", str(found.program))


def _optional() -> list[Part]:
    parts = []
    for name, (use, install) in _PARTS.items():
        try:
            parts.append(Part(name, use, importlib.metadata.version(name), ""))
        except importlib.metadata.PackageNotFoundError:
            parts.append(Part(name, use, None, install))
    return parts


def _model() -> Part:
    use = "the default language model"
    found = download.installed()
    if found is None:
        return Part("model", use, None, "neurosym setup model")
    return Part("model", use, download.SOURCE.sha256[:12], "", str(found))


def _print(parts: list[Part]) -> None:
    from rich.table import Table
    from rich.text import Text

    console = streams.console()
    python = sys.version.split()[0]
    console.print(Text(f"neurosym {__version__}, Python {python}"))
    table = Table(show_edge=False, pad_edge=False)
    for title in ("Part", "Use", "Version", "Where, or how to get it"):
        table.add_column(title)
    for part in parts:
        version = Text(part.version, "green") if part.version else Text("missing", "yellow")
        table.add_row(Text(part.name), Text(part.use), version, Text(part.missing or part.where))
    console.print(table)
    for sentence in sandbox.describe():
        console.print(Text(sentence, "dim"))
