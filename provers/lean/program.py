"""The checking server as one Lean file, made of the modules in ``lean/NeuroSym``.

The embedded Lean cannot run code that another module compiled, so the modules are joined; natively
the same file works too.
"""

from __future__ import annotations

import functools
import hashlib
import re
import tempfile
from pathlib import Path

from provers.errors import BrokenToolError
from provers.lean.embedded import cache
from provers.lean.package import prepare, sources
from provers.lean.toolchain import Command, Toolchain

_IMPORT = re.compile(r"^public import (NeuroSym\.)?(\S+)\n", re.MULTILINE)
_HEADER = re.compile(r"^(?:module|public section)\n", re.MULTILINE)
_MAIN = "Main.lean"


@functools.cache
def source() -> str:
    """The program's text. Raises BrokenToolError if the package's sources are not there."""
    library: dict[str, None] = {}
    parts: dict[str, str] = {}

    def add(file: str) -> None:
        if file in parts:
            return
        try:
            text = (sources() / file).read_text(encoding="utf-8")
        except OSError as error:
            raise BrokenToolError(
                f"{sources() / file} cannot be read ({error.strerror}): install neurosym again."
            ) from error
        for ours, module in _IMPORT.findall(text):
            if ours:
                add(f"NeuroSym/{module}.lean")
            else:
                library[module] = None
        parts[file] = _HEADER.sub("", _IMPORT.sub("", text))

    add(_MAIN)
    imports = "".join(f"public import {module}\n" for module in library)
    return "\n".join(["module", imports + "public section", *parts.values()])


def server_command(toolchain: Toolchain, *, megabytes: int) -> Command:
    """What starts the checking server. Raises BrokenToolError if its file cannot be written."""
    text = source().encode()
    name = hashlib.sha256(text).hexdigest()[:16]
    home = (toolchain.root if toolchain.kind == "embedded" else cache()) / "programs"
    file = home / f"{name}.lean"
    if not file.exists():
        _write(file, text)
    return toolchain.command(
        "--run", toolchain.inside(file), path=[prepare(toolchain)], megabytes=megabytes
    )


def _write(file: Path, text: bytes) -> None:
    """Write beside and rename: another process may start the same program now."""
    try:
        file.parent.mkdir(parents=True, exist_ok=True)
        with tempfile.NamedTemporaryFile(dir=file.parent, delete=False) as beside:
            beside.write(text)
        Path(beside.name).replace(file)
    except OSError as error:
        raise BrokenToolError(
            f"{file.parent} cannot be written to ({error.strerror}): "
            "set NEUROSYM_CACHE to a folder that can be."
        ) from error
