"""Minimising an unsatisfiable core by leaving members out (deletion-based, Marques-Silva 2010)."""

from __future__ import annotations

import time
from collections.abc import Callable

# Of what is left of a question's time, so that later questions are still answered.
_SHARE = 0.25


def minimize(
    core: list[str],
    optional: set[str],
    check: Callable[[list[str]], str],
    next_core: Callable[[], list[str]],
    deadline: float,
) -> tuple[list[str], bool]:
    """Drop each optional member that is not needed; and whether that was tried for all.

    ``check`` answers ``sat``, ``unsat`` or ``unknown`` for members together, ``next_core``
    gives the core of the last ``unsat``; ``deadline`` is on the monotonic clock.
    """
    limit = time.monotonic() + max(0.0, deadline - time.monotonic()) * _SHARE
    needed = [name for name in core if name not in optional]
    untried = [name for name in core if name in optional]
    while untried:
        if time.monotonic() >= limit:
            return needed + untried, False
        candidate = untried.pop()
        status = check(needed + untried)
        if status == "unsat":
            kept = set(next_core())
            untried = [name for name in untried if name in kept]
        elif status == "sat":
            needed.append(candidate)
        else:
            return [*needed, *untried, candidate], False
    return needed, True
