"""Theorems to mutate, and the variables and hypotheses that they begin with."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final

from provers.base import Limits
from provers.errors import BrokenToolError
from provers.lean.base import INIT, MOST_MESSAGES, Checker, Header

OPTIONS: Final = "set_option linter.all false\nset_option pp.mvars false\n"
# What probes are made with, behind a seed's own text.
PROBES: Final = """\
theorem probe_show {C : Prop} (_ : C) (_ : C) : True := True.intro
theorem probe_step {Q P C : Prop} (_ : Q → P) (_ : Q → C) : True := True.intro
"""
_LOCAL: Final = re.compile(r"((?:[^\s:⊢]+ )+): (.*)")
_CONTINUED: Final = re.compile(r"\n\s+")
_SECONDS: Final = 120.0


@dataclass(frozen=True, slots=True)
class Seed:
    """A theorem by its name: of the imports, or declared in ``prelude``, text behind them.

    ``root`` names the theorem that it comes from itself where it is a mutant, and ``changes`` say
    what made it.
    """

    name: str
    header: Header = INIT
    prelude: str = ""
    root: str = ""
    changes: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Local:
    """A variable or hypothesis of a seed, by the name that it gets when Lean introduces it."""

    name: str
    type: str
    proposition: bool


@dataclass(frozen=True, slots=True)
class Opened:
    """A seed, what is introduced before its conclusion, in order, and the conclusion."""

    seed: Seed
    locals: tuple[Local, ...]
    conclusion: str

    @property
    def names(self) -> tuple[str, ...]:
        return tuple(one.name for one in self.locals)

    def applied(self, changed: Mapping[str, str] | None = None) -> str:
        """The seed, applied to its locals, or to what stands for some of them."""
        given = changed or {}
        return " ".join((f"@{self.seed.name}", *(given.get(n, n) for n in self.names)))


class StoppedError(BrokenToolError):
    """Lean did not say all about a text: it took too long or too much, or had too much to say."""


class Script:
    """Text for Lean in numbered parts, so that a message tells which part it is about."""

    def __init__(self, prelude: str = "") -> None:
        self._parts = [OPTIONS, f"{prelude.rstrip()}\n"]
        self._line = sum(part.count("\n") for part in self._parts) + 1
        self._of: dict[int, int] = {}

    def add(self, number: int, text: str) -> None:
        """A part; its text ends with the end of a line."""
        lines = text.count("\n")
        self._of |= {self._line + offset: number for offset in range(lines)}
        self._line += lines
        self._parts.append(text)

    def ask(
        self, checker: Checker, header: Header, limits: Limits
    ) -> dict[int, list[dict[str, Any]]]:
        """The messages of each part that has some.

        Raises StoppedError where Lean was stopped over it or some of its messages are missing,
        MissingToolError where there is none.
        """
        code = "".join(self._parts)
        reply = checker.ask(header, {"op": "check", "code": code}, limits)
        if reply.body is None:
            raise StoppedError(f"Lean was stopped ({reply.stopped}): {reply.detail}")
        messages = reply.body["messages"]
        if len(messages) >= MOST_MESSAGES:  # what was said of the last parts is not among them
            raise StoppedError(f"Lean had {MOST_MESSAGES} messages or more.")
        found: dict[int, list[dict[str, Any]]] = {}
        for message in messages:
            number = self._of.get(message["line"])
            if number is not None:
                found.setdefault(number, []).append(message)
        return found


def open_seeds(
    checker: Checker, seeds: Sequence[Seed], limits: Limits = Limits(_SECONDS)
) -> list[Opened | None]:
    """The seeds, opened; None for one that Lean does not know or cannot introduce.

    All of them have one header and one prelude. Raises MissingToolError or BrokenToolError where
    Lean does not answer.
    """
    if not seeds:
        return []
    script = Script(seeds[0].prelude)
    for number, seed in enumerate(seeds):
        script.add(number, _intros(f"probe_{number}", seed.name) + "  trace_state\n  sorry\n")
    opened: list[Opened | None] = [None] * len(seeds)
    for number, messages in script.ask(checker, seeds[0].header, limits).items():
        states = [one["text"] for one in messages if one["severity"] == "info"]
        if states and not any(one["severity"] == "error" for one in messages):
            opened[number] = _read(seeds[number], states[0])
    return _with_propositions(checker, opened, limits)


def _with_propositions(
    checker: Checker, opened: list[Opened | None], limits: Limits
) -> list[Opened | None]:
    first = next((one for one in opened if one is not None), None)
    if first is None:
        return opened
    script = Script(first.seed.prelude)
    for number, one in enumerate(opened):
        if one is not None:
            tests = "".join(
                f'  first | (have := And.intro {n} {n}; clear this; trace "{n}") | skip\n'
                for n in one.names
            )
            script.add(number, _intros(f"probe_{number}", one.seed.name) + tests + "  sorry\n")
    said = script.ask(checker, first.seed.header, limits)
    found: list[Opened | None] = []
    for number, one in enumerate(opened):
        if one is None:
            found.append(None)
            continue
        told = {m["text"] for m in said.get(number, ()) if m["severity"] == "info"}
        locals_ = tuple(Local(a.name, a.type, a.name in told) for a in one.locals)
        found.append(Opened(one.seed, locals_, one.conclusion))
    return found


def _intros(name: str, seed: str) -> str:
    return (
        f"set_option tactic.hygienic false in\ntheorem {name} : type_of% @{seed} := by\n  intros\n"
    )


def _read(seed: Seed, state: str) -> Opened | None:
    found: list[Local] = []
    for line in _CONTINUED.sub(" ", state).split("\n"):
        if line.startswith("⊢"):
            return Opened(seed, tuple(found), line[1:].strip())
        match = _LOCAL.fullmatch(line)
        if match is None:  # it has a value
            return None
        names, type_ = match.groups()
        found += [Local(name, type_, False) for name in names.split()]
    return None
