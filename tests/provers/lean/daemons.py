"""A place of its own for a background process, and a Lean for it that is none."""

from __future__ import annotations

import contextlib
import os
import sys
import tempfile
from collections.abc import Iterator
from pathlib import Path

import pytest

from provers.lean import client

CHILD = Path(__file__).parent.parent / "children" / "lean_server.py"


def fake_lean(folder: Path) -> Path:
    """A program that says it is Lean and speaks the checking server's protocol."""
    file = folder / "fake" / "bin" / "lean"
    file.parent.mkdir(parents=True)
    file.write_text(
        "#!/bin/sh\n"
        'if [ "$1" = --version ]; then echo "Lean (version 4.28.0, fake)"; exit; fi\n'
        'while [ $# -gt 1 ]; do case "$1" in -o) : > "$2"; exit;; *) shift;; esac; done\n'
        f'exec "{sys.executable}" "{CHILD}"\n'
    )
    file.chmod(0o755)
    return file


@contextlib.contextmanager
def own_place(monkeypatch: pytest.MonkeyPatch) -> Iterator[Path]:
    """The folder for the socket, in a short-named one; what runs there is stopped in the end."""
    with tempfile.TemporaryDirectory(prefix="ns") as name:
        place = Path(name) / "neurosym"
        monkeypatch.setenv("XDG_RUNTIME_DIR", name)
        monkeypatch.delenv("NEUROSYM_NO_DAEMON", raising=False)
        monkeypatch.delenv("NEUROSYM_DAEMON_IDLE", raising=False)
        try:
            yield place
        finally:
            monkeypatch.setenv("XDG_RUNTIME_DIR", name)
            if place.is_dir() and not place.is_symlink():
                os.chown(place, os.geteuid(), -1)
                place.chmod(0o700)
                if (place / "lean.sock").is_socket():
                    (place / "lean.sock").chmod(0o600)
                    client.stop()


def use_fake_lean(place: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Have the fake Lean found, and no other; its program."""
    file = fake_lean(place.parent)
    monkeypatch.setenv("NEUROSYM_LEAN", str(file))
    monkeypatch.setenv("NEUROSYM_SANDBOX", "off")  # it is a script around an interpreter
    monkeypatch.setenv("NEUROSYM_CACHE", str(place.parent / "cache"))
    monkeypatch.setenv("PATH", f"/bin{os.pathsep}/usr/bin")
    return file
