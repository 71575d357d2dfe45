"""Who holds a lease: names of server processes, from which others see that one has died."""

from __future__ import annotations

import functools
import hashlib
import os
import socket
import uuid
from pathlib import Path


def new_owner() -> str:
    """A name for one runner of this process that no other runner has or will have."""
    return f"{_machine()}.{os.getpid()}.{_start(os.getpid())}.{uuid.uuid4().hex}"


def has_died(owner: str) -> bool:
    """Whether the process of that name ran on this machine and is gone.

    False where that cannot be known: then its lease runs out by itself.
    """
    parts = owner.split(".")
    if len(parts) != 4 or parts[0] != _machine() or not parts[1].isdecimal():
        return False
    pid = int(parts[1])
    try:
        os.kill(pid, 0)
    except ProcessLookupError:
        return True
    except (PermissionError, OverflowError):
        return False
    return _start(pid) != parts[2]


@functools.cache
def _machine() -> str:
    """Equal for processes that see each other's numbers; containers have numbers of their own."""
    words = [socket.gethostname()]
    boot, namespace = Path("/proc/sys/kernel/random/boot_id"), Path("/proc/self/ns/pid")
    if boot.exists() and namespace.is_symlink():
        words += [boot.read_text(encoding="ascii").strip(), str(namespace.readlink())]
    return hashlib.sha256("\n".join(words).encode()).hexdigest()[:16]


def _start(pid: int) -> str:
    """When a process started, since numbers are given out again; ``gone`` for a zombie."""
    try:
        stat = Path(f"/proc/{pid}/stat").read_text(encoding="ascii", errors="replace")
    except OSError:
        return ""
    # The name in the middle is in brackets and may hold anything, brackets too.
    fields = stat.rpartition(")")[2].split()
    return "gone" if fields[0] in "ZX" else fields[19]
