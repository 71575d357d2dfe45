"""The checking server as one Lean program, made of the modules in ``lean/NeuroSym``.

The modules are joined into one. Natively it is elaborated each time it starts, which is quick.
The embedded Lean takes seconds for that, so there it is compiled once; of what another module
compiled, the embedded Lean runs only what is ``meta`` and not private.
"""

from __future__ import annotations

import functools
import re
from pathlib import Path

from provers.lean.package import compiled, prepare, read_source
from provers.lean.toolchain import Command, Toolchain

_IMPORT = re.compile(r"^public import (NeuroSym\.)?(\S+)\n", re.MULTILINE)
_HEADER = re.compile(r"^(?:module|public section)\n", re.MULTILINE)
_PRIVATE = re.compile(r"^private ", re.MULTILINE)
_MODULE = "NeuroSymServer"
_FIRST = "NeuroSym/Server.lean"
_MAIN = """module
public meta import NeuroSymServer
public meta def main : IO UInt32 := do NeuroSym.run; return 0
"""
_JOINED_MAIN = "\ndef main : IO UInt32 := do NeuroSym.run; return 0\n"


@functools.cache
def source(*, meta: bool) -> str:
    """The program's text but for its ``main``.

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

    add(_FIRST)
    kind = "meta " if meta else ""
    imports = "".join(f"public {kind}import {module}\n" for module in library)
    return "\n".join(["module", f"{imports}public {kind}section", *parts.values()])


def server_command(toolchain: Toolchain, *, megabytes: int) -> Command:
    """What starts the checking server; compiles what is not compiled yet.

    Raises BrokenToolError if that fails, or its result cannot be written.
    """
    path = [prepare(toolchain)]
    if toolchain.kind == "embedded":
        folder = compiled(toolchain, {_MODULE: source(meta=True)}, {"Main.lean": _MAIN})
    else:
        folder = compiled(toolchain, {}, {"Main.lean": source(meta=False) + _JOINED_MAIN})
    path.append(toolchain.inside(folder))  # what is not on the path cannot be read
    file = toolchain.inside(folder / "Main.lean")
    return toolchain.command("--run", file, path=path, megabytes=megabytes)
