"""The order in which a module declares: from places in its file, else from what rests on what."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence

from provers.lean.corpus import Declaration

Place = tuple[int, int]


def in_order(declarations: Sequence[Declaration]) -> list[Declaration]:
    """The declarations of one module, as they are declared as far as that can be known.

    With places, by these: what Lean made beside a declaration follows it. Without, each comes
    after what it names in its statement, proof or value, and else by name; that is an order in
    which they could be declared, not the one in which they were.
    """
    own = {d.name: d for d in declarations}
    depths = _depths(own)
    places = {d.name: d.place for d in declarations if d.place is not None}
    return sorted(
        declarations, key=lambda d: (place_of(d.name, places) or (0, 0), depths[d.name], d.name)
    )


def place_of(name: str, places: Mapping[str, Place]) -> Place | None:
    """Where a declaration is: its own place, else that of the one it is named after."""
    while name:
        if name in places:
            return places[name]
        name = name.rpartition(".")[0]
    return None


def _depths(own: Mapping[str, Declaration]) -> dict[str, int]:
    """For each, how long the longest chain is of declarations of the module that it rests on.

    Where two rest on each other, as an inductive type and what is in it, one of them is first.
    """
    depths: dict[str, int] = {}
    for first in sorted(own):
        stack = [(first, iter(_needed(own, first)))]
        entered = {first}
        while stack:
            name, rest = stack[-1]
            needed = next(rest, None)
            if needed is None:
                stack.pop()
                below = [depths[n] for n in _needed(own, name) if n in depths]
                depths[name] = max(below, default=-1) + 1
            elif needed not in depths and needed not in entered:
                entered.add(needed)
                stack.append((needed, iter(_needed(own, needed))))
    return depths


def _needed(own: Mapping[str, Declaration], name: str) -> Iterable[str]:
    declaration = own[name]
    named = (*declaration.uses, *(declaration.proof or ()))
    return [n for n in named if n in own and n != name]
