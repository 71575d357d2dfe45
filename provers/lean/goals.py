"""Goals as Lean prints them, and their parts."""

from __future__ import annotations

import itertools
import re
from dataclasses import dataclass

DAGGER = "✝"
"""Ends a name that cannot be written in a tactic."""
_NAMED = re.compile(r"[^\W\d][\w'!?.]*✝[¹²³⁴⁵⁶⁷⁸⁹⁰]*")
_NAME = re.compile(r"(?:«[^»]*»|\S)+")
_COLON = re.compile(r"\s:\s")
_OPEN, _CLOSE = "([{⟨⟦", ")]}⟩⟧"


@dataclass(frozen=True, slots=True)
class Hypothesis:
    """One name of a goal's context: its type, and its value where it abbreviates one.

    A name that ends in ``✝`` cannot be written in a tactic.
    """

    name: str
    type: str
    value: str | None = None


@dataclass(frozen=True, slots=True)
class Goal:
    """What is left to prove, from what; ``case`` is its tag where Lean shows one."""

    hypotheses: tuple[Hypothesis, ...]
    conclusion: str
    case: str | None = None


def parse_goals(text: str) -> tuple[Goal, ...]:
    """The goals that Lean printed, in its order; raises ValueError for text that holds none.

    Each goal ends with its conclusion after ``⊢`` (``|`` inside ``conv``); goals are parted by
    an empty line, and the further lines of a long hypothesis or conclusion are indented.
    """
    return tuple(_goal(part) for part in re.split(r"\n[ \t]*\n", text.strip("\n")))


def statement_of(text: str, name: str = "goal") -> str:
    """The first goal that Lean printed as a theorem of its own, its context for binders.

    A proof of it by tactics proves the goal where it stands, as long as it names nothing that
    ends in ``✝`` there; what does gets another name here.

    Raises ValueError for text that holds no goal, or one with a value in its context.
    """
    goal = parse_goals(text)[0]
    taken = {h.name for h in goal.hypotheses}
    words = " ".join([goal.conclusion, *(h.type for h in goal.hypotheses)])
    fresh: dict[str, str] = {}
    for hypothesis in goal.hypotheses:
        if DAGGER in hypothesis.name:
            base = writable(hypothesis.name)
            new = next(n for i in itertools.count(1) if (n := f"{base}_{i}") not in taken)
            taken.add(new)
            fresh[hypothesis.name] = new
    binders = []
    for hypothesis in goal.hypotheses:
        if hypothesis.value is not None:
            raise ValueError(f"{hypothesis.name} abbreviates a value, which no theorem has")
        type_ = _renamed(" ".join(hypothesis.type.split()), fresh)
        if hypothesis.name.startswith("inst") and hypothesis.name not in words:
            binders.append(f"[{type_}]")
        else:
            binders.append(f"({fresh.get(hypothesis.name, hypothesis.name)} : {type_})")
    conclusion = _renamed(" ".join(goal.conclusion.split()), fresh)
    return f"theorem {name} {' '.join(binders)} : {conclusion}".replace("  :", " :")


def writable(name: str) -> str:
    """A name that can be written, near to that of a hypothesis."""
    base = name.partition(DAGGER)[0].rpartition(".")[2]
    return base if re.fullmatch(r"[^\W\d][\w']*", base) else "x"


def _renamed(text: str, names: dict[str, str]) -> str:
    return _NAMED.sub(lambda found: names.get(found.group(), found.group()), text)


def entries(text: str) -> list[str]:
    """The lines of a goal or its context, each with what is indented below it."""
    found: list[str] = []
    for line in text.split("\n"):
        if line.startswith((" ", "\t")) and found:
            found[-1] += "\n" + line
        else:
            found.append(line)
    return found


def separated(state: str) -> str:
    """Goals that Lean printed one below the other, with an empty line between them."""
    lines: list[str] = []
    ended = False
    for line in state.strip("\n").split("\n"):
        if ended and not line.startswith((" ", "\t")):
            if line:
                lines.append("")
            ended = False
        lines.append(line)
        ended = ended or line.startswith("⊢")
    return "\n".join(lines)


def first_goal(state: str) -> str:
    """The first of the goals that Lean printed one below the other."""
    return separated(state).partition("\n\n")[0]


def _goal(text: str) -> Goal:
    found = entries(text)
    case = None
    if found[0].startswith("case ") and len(found) > 1:
        case = found.pop(0)[5:].strip()
    last = found.pop()
    mark, _, conclusion = last.partition(" ")
    if mark not in ("⊢", "|") or not conclusion:
        raise ValueError(f"a goal that does not end in its conclusion: {text[:200]!r}")
    hypotheses = tuple(h for entry in found for h in _hypotheses(entry))
    return Goal(hypotheses, conclusion, case)


def _hypotheses(entry: str) -> tuple[Hypothesis, ...]:
    colon = _COLON.search(entry)
    if colon is None:
        raise ValueError(f"a hypothesis without a type: {entry[:200]!r}")
    type_, value = _split_value(entry[colon.end() :].strip())
    return tuple(Hypothesis(name, type_, value) for name in _NAME.findall(entry[: colon.start()]))


def _split_value(text: str) -> tuple[str, str | None]:
    """A type, and the value after the ``:=`` that no bracket, ``let`` or ``have`` owns."""
    depth = bound = 0
    for match in re.finditer(rf"[{re.escape(_OPEN + _CLOSE)}]|\b(?:let|have)\b|:=", text):
        token = match.group()
        if token in _OPEN:
            depth += 1
        elif token in _CLOSE:
            depth -= 1
        elif token != ":=":
            bound += depth == 0
        elif depth == 0:
            if bound == 0:
                return text[: match.start()].rstrip(), text[match.end() :].strip()
            bound -= 1
    return text, None
