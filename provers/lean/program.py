"""Our Lean programs, each made of modules in ``lean/NeuroSym``: the checking server, and premises.

The modules of one are joined. Natively it is elaborated each time it starts, which is quick.
The embedded Lean takes seconds for that, so there it is compiled once; of what another module
compiled, the embedded Lean runs only what is ``meta`` and not private.
"""

from __future__ import annotations

import functools
import re
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from provers.lean.package import compiled, prepare, read_source
from provers.lean.toolchain import Command, Toolchain

_IMPORT = re.compile(r"^public import (NeuroSym\.)?(\S+)\n", re.MULTILINE)
_HEADER = re.compile(r"^(?:module|public section)\n", re.MULTILINE)
_PRIVATE = re.compile(r"^private ", re.MULTILINE)


@dataclass(frozen=True, slots=True)
class Program:
    """A program: the file that its text ends with, and the function of it that is run.

    ``module`` is what it is called where it is compiled.
    """

    module: str
    first: str
    run: str

    @property
    def main(self) -> str:
        return f"def main : IO UInt32 := do NeuroSym.{self.run}; return 0\n"


SERVER = Program("NeuroSymServer", "NeuroSym/Server.lean", "run")
PREMISES = Program("NeuroSymPremises", "NeuroSym/Premises.lean", "runPremises")
PROJECT = Program("NeuroSymProject", "NeuroSym/Project.lean", "runProject (fun _ => false)")


@functools.cache
def source(program: Program = SERVER, *, meta: bool) -> str:
    """A program's text but for its ``main``.

    Raises BrokenToolError if the package's sources are not there.
    """
    library: dict[str, None] = {}
    parts: dict[str, str] = {}

    def add(name: str) -> None:
        if name in parts:
            return
        text = read_source(Path(name))
        for ours, module in _IMPORT.findall(text):
            if ours:
                add(f"NeuroSym/{module}.lean")
            else:
                library[module] = None
        text = _HEADER.sub("", _IMPORT.sub("", text))
        parts[name] = _PRIVATE.sub("", text) if meta else text

    add(program.first)
    kind = "meta " if meta else ""
    imports = "".join(f"public {kind}import {module}\n" for module in library)
    return "\n".join(["module", f"{imports}public {kind}section", *parts.values()])


def server_command(toolchain: Toolchain, *, megabytes: int, path: Sequence[str] = ()) -> Command:
    """What starts the checking server; compiles what is not compiled yet.

    ``path`` are more folders to look for modules in, as the toolchain's ``inside`` gives them.

    Raises BrokenToolError if that fails, or its result cannot be written.
    """
    return command(SERVER, toolchain, megabytes=megabytes, path=path)


def command(
    program: Program,
    toolchain: Toolchain,
    *,
    megabytes: int,
    path: Sequence[str] = (),
    writable: Path | None = None,
) -> Command:
    """What starts a program; compiles what is not compiled yet.

    ``path`` are more folders to look for modules in, as the toolchain's ``inside`` gives them.
    It can write to the folder ``writable`` alone.

    Raises BrokenToolError if that fails, or its result cannot be written.
    """
    folders = [prepare(toolchain)]
    if toolchain.kind == "embedded":
        module = program.module
        main = f"module\npublic meta import {module}\npublic meta {program.main}"
        text = source(program, meta=True)
        folder = compiled(toolchain, {module: text}, {"Main.lean": main})
    else:
        text = f"{source(program, meta=False)}\n{program.main}"
        folder = compiled(toolchain, {}, {"Main.lean": text})
    folders.append(toolchain.inside(folder))  # what is not on the path cannot be read
    file = toolchain.inside(folder / "Main.lean")
    return toolchain.command(
        "--run", file, path=[*folders, *path], megabytes=megabytes, writable=writable
    )
