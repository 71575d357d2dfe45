"""Content keys: what an output depends on, as one short name."""

from __future__ import annotations

import functools
import hashlib
import importlib.metadata
import json
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import neurosym
import provers
from provers import registry


def key_of(
    kind: str, input: Any, *, versions: Mapping[str, str], configuration: Mapping[str, Any]
) -> str:
    """The key of the output of ``kind`` that these versions make of JSON ``input``.

    Equal for equal content, whatever the order of an object's fields. A budget is no part of
    ``configuration``: the store compares budgets. Raises ValueError for what is not JSON.
    """
    content = [kind, input, dict(versions), dict(configuration)]
    return hashlib.sha256(canonical(content)).hexdigest()


def canonical(value: Any) -> bytes:
    """The one way to write JSON ``value``; raises ValueError for what is not JSON."""
    try:
        text = json.dumps(value, sort_keys=True, separators=(",", ":"), allow_nan=False)
    except TypeError as error:
        raise ValueError(f"not JSON: {error}") from error
    return text.encode("ascii")


def tool_versions() -> dict[str, str]:
    """The version of neurosym and of each prover that is here; asks programs, so ask once."""
    found = registry.available()
    versions = {name: tool.version for name, tool in found.items() if tool.version is not None}
    return {"neurosym": neurosym_version(), **versions}


@functools.cache
def neurosym_version() -> str:
    """The release and a digest of the code, which changes between releases too.

    Without the digest an installation from a checkout would go on answering what its code of
    yesterday found.
    """
    digest = hashlib.sha256()
    for package in (provers, neurosym):
        folder = Path(package.__path__[0])
        for path in sorted(folder.rglob("*")):
            if path.suffix in _CODE and path.is_file():
                digest.update(path.relative_to(folder).as_posix().encode() + b"\0")
                digest.update(hashlib.sha256(path.read_bytes()).digest())
    return f"{importlib.metadata.version('neurosym')}+{digest.hexdigest()[:16]}"


_CODE = frozenset({".py", ".lark", ".lean", ".txt", ".json", ".md", ".gbnf"})
