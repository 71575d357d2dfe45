"""Our own Lean package, compiled once for a toolchain so that checked files can import it.

The sources are in ``lean/`` of a checkout and in ``package/`` beside this file once installed.
"""

from __future__ import annotations

import hashlib
import re
import shutil
from collections.abc import Mapping, Sequence
from pathlib import Path

from provers import process
from provers.errors import BrokenToolError
from provers.lean import embedded
from provers.lean.folders import cache, sources
from provers.lean.toolchain import Toolchain

IMPORTABLE = ("NeuroSym", "NeuroSym.Compat")
"""What a checked file may import; the checking server is not one of them."""
_IMPORT = re.compile(r"^(?:public )?(?:meta )?import (?:all )?(\S+)", re.MULTILINE)
_COMPILE_SECONDS = 600.0


def read_source(name: Path) -> str:
    """A source file of the package. Raises BrokenToolError if it is not there."""
    file = sources() / name
    try:
        return file.read_text(encoding="utf-8")
    except OSError as error:
        raise BrokenToolError(
            f"{file} cannot be read ({error.strerror}): install neurosym again."
        ) from error


def prepare(toolchain: Toolchain, modules: Sequence[str] = IMPORTABLE) -> str:
    """Compile the modules and those of ours that they import, unless it was done before.

    Returns the folder to search for them, as that Lean names it. Two processes at once compile
    once, and an interrupted compilation leaves nothing that looks finished.

    Raises BrokenToolError if the sources are not there, do not compile (with Lean's message), or
    the folder for them cannot be written.
    """
    return toolchain.inside(compiled(toolchain, _read(modules)))


def compiled(
    toolchain: Toolchain, texts: Mapping[str, str], beside: Mapping[str, str] | None = None
) -> Path:
    """The folder of these modules, compiled in this order: made once, however often it is asked.

    ``beside`` are files that are put there as they are.

    Raises BrokenToolError as ``prepare`` does.
    """
    digest = hashlib.sha256(repr((toolchain.version, list(texts.items()), beside)).encode())
    home = toolchain.root if toolchain.kind == "embedded" else cache() / "lean"
    folder = home / "packages" / digest.hexdigest()[:16]
    if folder.is_dir():
        return folder
    with embedded.named_errors(folder.parent), embedded.lock(folder.parent):
        if not folder.is_dir():  # or else by the process that held the lock
            partial = folder.with_name(f"{folder.name}.partial")
            if partial.exists():
                shutil.rmtree(partial)
            try:
                for module, text in texts.items():
                    _compile(toolchain, partial, module, text)
                for name, text in (beside or {}).items():
                    partial.mkdir(parents=True, exist_ok=True)
                    (partial / name).write_text(text, encoding="utf-8")
                partial.rename(folder)
            finally:
                shutil.rmtree(partial, ignore_errors=True)
    return folder


def _read(modules: Sequence[str]) -> dict[str, str]:
    """The text of each module, after those that it imports."""
    texts: dict[str, str] = {}
    entered: set[str] = set()

    def add(module: str) -> None:
        if module in entered:
            return
        entered.add(module)
        text = read_source(_file(module, ".lean"))
        for imported in _IMPORT.findall(text):
            if imported.startswith("NeuroSym."):
                add(imported)
        texts[module] = text

    for module in modules:
        add(module)
    return texts


def _file(module: str, suffix: str) -> Path:
    return Path(*module.split(".")).with_suffix(suffix)


def _compile(toolchain: Toolchain, folder: Path, module: str, text: str) -> None:
    source = folder / _file(module, ".lean")
    source.parent.mkdir(parents=True, exist_ok=True)
    source.write_text(text, encoding="utf-8")
    olean = source.with_suffix(".olean")
    home = toolchain.inside(folder)
    # The embedded Lean loads no code that a module keeps to itself, and closed terms that the
    # compiler lifts out of a macro would be such code.
    options = ["-D", "compiler.extract_closed=false"] if toolchain.kind == "embedded" else []
    outputs = ["-o", toolchain.inside(olean), "-i", toolchain.inside(source.with_suffix(".ilean"))]
    command = toolchain.command(
        f"--root={home}",
        *options,
        *outputs,
        toolchain.inside(source),
        path=[home],
        writable=folder,
    )
    done = process.run(command.argv, seconds=_COMPILE_SECONDS, megabytes=None, env=command.env)
    if done.returncode == 0 and olean.exists():
        return
    said = [line for line in done.stdout.splitlines() if "error" in line]
    reason = said[0] if said else f"status {done.returncode}"
    if done.timed_out:
        reason = f"not done in {_COMPILE_SECONDS:.0f} s"
    raise BrokenToolError(
        f"Lean {toolchain.version} ({toolchain.kind}) cannot compile {module}: {reason[:300]}",
        stderr=done.stdout + done.stderr,
    )
