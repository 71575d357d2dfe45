"""How engines that compute with several threads share a machine with other work."""

from __future__ import annotations

import contextlib
import os
from collections.abc import Iterator

_MANY_CORES = 4
_VARIABLE = "OMP_WAIT_POLICY"


@contextlib.contextmanager
def yielding_threads() -> Iterator[None]:
    """Import an engine inside of this, and its threads sleep while they wait for each other.

    OpenMP has them spin by default, which on cores that do other work too makes two threads many
    times slower than one. It reads its settings once, when it is loaded; what the user has set
    stays.
    """
    before = os.environ.get(_VARIABLE)
    os.environ.setdefault(_VARIABLE, "passive")
    try:
        yield
    finally:
        if before is None:
            del os.environ[_VARIABLE]


def usual_threads() -> int:
    """How many threads to use: the cores this process may use; half of many, which are threads."""
    affinity = getattr(os, "sched_getaffinity", None)
    cores = len(affinity(0)) if affinity is not None else os.cpu_count() or 1
    return cores if cores <= _MANY_CORES else max(_MANY_CORES, cores // 2)
