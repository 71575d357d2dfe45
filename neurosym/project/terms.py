"""Small terms of a project's own types, built of their constructors: values to refute by."""

from __future__ import annotations

import functools
import itertools
import re
from collections.abc import Iterable
from typing import Final

from provers.lean.instances import values
from provers.lean.workbench import Declared

_MOST: Final = 10
_EACH: Final = 4  # values of one argument
_DEEP: Final = 3
_BINDER: Final = re.compile(r"^(?:∀ )?[({\[⦃]([^:(){}\[\]⦃⦄]+) : ([^(){}\[\]⦃⦄]+)[)}\]⦄],? ?")


class Terms:
    """Closed terms by type, of the constructors that a project declares."""

    def __init__(self, declared: Iterable[Declared]) -> None:
        self._of: dict[str, list[tuple[str, tuple[str, ...]]]] = {}
        for one in declared:
            if one.kind != "constructor":
                continue
            arguments, result = _parts(one.statement)
            head = result.partition(" ")[0]
            self._of.setdefault(head, []).append((one.name, arguments))

    def of(self, type_: str) -> tuple[str, ...]:
        """The smallest terms of a type; none for one that is not understood."""
        return tuple(self._terms(type_, _DEEP)[:_MOST])

    @functools.lru_cache(maxsize=1000)  # noqa: B019 - it lives no longer than a run
    def _terms(self, type_: str, deep: int) -> list[str]:
        head, _, rest = type_.partition(" ")
        constructors = self._of.get(head) or next(
            (found for name, found in self._of.items() if name.endswith(f".{head}")), None
        )
        if constructors is None:
            return list(values(type_)[:_EACH])
        if not deep:
            return []
        found: list[str] = []
        for name, arguments in sorted(constructors, key=lambda pair: len(pair[1])):
            choices = [self._argument(argument, rest, deep - 1) for argument in arguments]
            rows = itertools.product(*(c[:_EACH] for c in choices))
            for row in itertools.islice(rows, _EACH * 2):
                given = " ".join(f"({value})" for value in row)
                found.append(f"{name} {given}".strip())
        return found

    def _argument(self, type_: str, parameter: str, deep: int) -> list[str]:
        """Terms of an argument's type; one of a parameter's is of what the type is applied to."""
        if re.fullmatch(r"[α-ωA-Z]\d?|[α-ω]✝?", type_) and parameter:
            type_ = parameter.strip("()")
        return self._terms(type_, deep)


def _parts(statement: str) -> tuple[tuple[str, ...], str]:
    """The types of a constructor's explicit arguments, and its result."""
    arguments: list[str] = []
    rest = statement.strip()
    while match := _BINDER.match(rest):
        if rest.lstrip("∀ ").startswith("("):
            arguments += [match[2].strip()] * len(match[1].split())
        rest = rest[match.end() :].removeprefix("→ ")
    depth = 0
    last = 0
    for at, letter in enumerate(rest):
        depth += (letter in "([{") - (letter in ")]}")
        if depth == 0 and rest.startswith(" → ", at):
            arguments.append(rest[last:at].strip())
            last = at + len(" → ")
    return tuple(arguments), rest[last:].strip()
