"""Mutants: what probes show, without what is trivial or known; every proof was judged."""

from __future__ import annotations

import hashlib
import re
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from typing import Final

from neurosym.augment.base import Lineage
from neurosym.augment.lean.changes import INSTANCES, Change, Kind
from neurosym.augment.lean.seeds import PROBES, Opened, Script, Seed, StoppedError
from neurosym.augment.lean.sides import BINDERS
from provers.base import LeanProblem, Limits, Outcome
from provers.lean.base import Checker, Header
from provers.lean.judge import judge
from provers.lean.source import import_lines

_HEARTBEATS: Final = 40_000  # thousands of small allocations; what a probe may take
_TOGETHER: Final = 48  # probes in one request: each has up to four messages
_JUDGED: Final = 25  # mutants that are judged at once
_SECONDS: Final = 20.0  # for a request, and _EACH more for each probe in it
_EACH: Final = 1.0
_LIMITS: Final = Limits(180.0)  # for what is judged
_LONGEST: Final = 2_000  # characters of a statement
_LINES: Final = re.compile(r"\s*\n\s*")
_WORD: Final = re.compile(r"[^\W\d][\w'!?₀-₉]*")


@dataclass(frozen=True, slots=True)
class Mutant:
    """A theorem that follows from its seed.

    ``trivial`` names what closes it at once (``rfl``, ``assumption``, ``trivial``, ``simp``), and
    is empty where none of these does. ``evidence`` is the proof that the judge accepted.
    """

    name: str
    statement: str
    proof: str
    kind: Kind
    lemma: str
    lineage: Lineage
    header: Header
    prelude: str
    trivial: str

    @property
    def code(self) -> str:
        """A whole file that declares it."""
        return f"{self.before}{_theorem(self.name, self)}"

    @property
    def before(self) -> str:
        """What comes before its theorem in that file."""
        return f"{import_lines(self.header)}{self.prelude}"


@dataclass(frozen=True, slots=True)
class _Shown:
    """What a probe showed."""

    change: Change
    statement: str
    trivial: str
    proof: str


def mutate(
    checker: Checker,
    opened: Opened,
    changes: Sequence[Change],
    *,
    known: Iterable[str] = (),
    keep_trivial: bool = False,
    dropped: Counter[str] | None = None,
) -> Iterator[Mutant]:
    """The mutants of a seed that these changes make, none twice.

    ``known`` are statements, as ``normal`` has them, that no mutant may be. ``dropped`` counts why
    others are left out. Raises MissingToolError or BrokenToolError where there is no Lean.
    """
    counted = Counter[str]() if dropped is None else dropped
    seen = set(known)
    shown = []
    for start in range(0, len(changes), _TOGETHER):
        for one in _probe(checker, opened, changes[start : start + _TOGETHER], counted):
            key = normal(one.statement)
            if key in seen:
                counted["known"] += 1
            elif one.trivial and not keep_trivial:
                counted[one.trivial] += 1
            else:
                seen.add(key)
                shown.append(one)
    for start in range(0, len(shown), _JUDGED):
        yield from _judged(checker, opened.seed, shown[start : start + _JUDGED], counted)


def normal(statement: str) -> str:
    """The statement with other names for what it quantifies over: the same for two that differ in
    these alone.
    """
    names: dict[str, str] = {}
    for match in BINDERS.finditer(statement):
        for name in match.group(1).split():
            names.setdefault(name, f"v{len(names)}")
    return _WORD.sub(lambda word: names.get(word.group(), word.group()), statement)


# --- probes ----------------------------------------------------------------------------------


def _probe(
    checker: Checker, opened: Opened, changes: Sequence[Change], dropped: Counter[str]
) -> Iterator[_Shown]:
    script = Script(opened.seed.prelude + PROBES)
    for number, change in enumerate(changes):
        script.add(number, _text(number, opened, change))
    try:
        said = script.ask(checker, opened.seed.header, Limits(_SECONDS + _EACH * len(changes)))
    except StoppedError:
        if len(changes) == 1:
            dropped["stopped"] += 1
            return
        # One of them stops Lean; the others go on without it.
        half = len(changes) // 2
        yield from _probe(checker, opened, changes[:half], dropped)
        yield from _probe(checker, opened, changes[half:], dropped)
        return
    for number in range(len(changes)):
        messages = said.get(number, [])
        texts = [one["text"] for one in messages if one["severity"] == "info"]
        if any(one["severity"] == "error" for one in messages):
            dropped["timeout" if _is_timeout(messages) else "open goals"] += 1
        elif not texts:
            dropped["does not apply"] += 1
        else:
            found = _shown(changes[number], texts)
            if isinstance(found, str):
                dropped[found] += 1
            else:
                yield found


def _text(number: int, opened: Opened, change: Change) -> str:
    seed = opened.seed.name
    steps = [*change.probe, *([f"revert {' '.join(change.kept)}"] if change.kept else [])]
    indented = "\n     ".join((*steps, "trace_state"))
    same = [] if change.kind in INSTANCES else [f"(intros; apply @{seed} <;> assumption)"]
    lemma = change.lemma.removeprefix("← ")
    if change.kind not in ("specialise", "identify", "contrapose", "generalise"):
        same.append(f"(intros; apply @{lemma} <;> assumption)")
    tests = [
        f'(with_reducible exact @{seed}; trace "the seed")',
        *(f'(with_reducible {one}; trace "an instance")' for one in same),
        '(intros; with_reducible rfl; trace "rfl")',
        '(intros; assumption; trace "assumption")',
        '(intros; trivial; trace "trivial")',
        '(intros; simp; done; trace "simp")',
        "sorry",
    ]
    closing = "\n     | ".join(("first", *tests))
    return (
        f"set_option maxHeartbeats {_HEARTBEATS} in\nset_option tactic.hygienic false in\n"
        f"theorem probe_{number} : type_of% @{seed} := by\n  intros\n"
        f"  have key := {opened.applied()}\n  refine (fun (_ : True) => key) ?_\n"
        f"  first\n  | ({indented}\n     {closing})\n  | trivial\n"
    )


def _shown(change: Change, texts: Sequence[str]) -> _Shown | str:
    """What a probe's messages say, or why it makes no mutant."""
    state, _, more = texts[0].partition("\n\n")
    trivial = texts[1] if len(texts) > 1 else ""
    if trivial in ("the seed", "an instance"):
        return trivial
    at = state.find("⊢ ")
    # What is left before the goal was not reverted.
    if more or at < 0 or not (at == 0 or state[:at].startswith("case ")):
        return "open goals"
    statement = _LINES.sub(" ", state[at + 2 :]).strip()
    if "?_" in statement or "sorry" in statement or "⋯" in statement:
        return "no statement"
    if "✝" in statement or len(statement) > _LONGEST:
        return "no statement"
    proof = "by\n  " + "\n  ".join(change.proof)
    return _Shown(change, statement, trivial, proof)


def _is_timeout(messages: Sequence[dict[str, object]]) -> bool:
    return any("maximum number of heartbeats" in str(one["text"]) for one in messages)


# --- judging ---------------------------------------------------------------------------------


def _judged(
    checker: Checker, seed: Seed, shown: Sequence[_Shown], dropped: Counter[str]
) -> Iterator[Mutant]:
    """Those whose proofs the judge accepts; together where all are good, else part by part."""
    if not shown:
        return
    head = f"{import_lines(seed.header)}{seed.prelude}"
    names = [_name(one) for one in shown]
    code = head + "".join(map(_theorem, names, shown))
    result = judge(checker, LeanProblem(code), _LIMITS)
    if result.outcome is not Outcome.PROVED:
        if len(shown) == 1:
            dropped["not proved"] += 1
            return
        half = len(shown) // 2
        yield from _judged(checker, seed, shown[:half], dropped)
        yield from _judged(checker, seed, shown[half:], dropped)
        return
    for name, one in zip(names, shown, strict=True):
        yield Mutant(
            name,
            one.statement,
            one.proof,
            one.change.kind,
            one.change.lemma,
            Lineage(seed.root or seed.name, (*seed.changes, str(one.change))),
            seed.header,
            seed.prelude,
            one.trivial,
        )


def _name(shown: _Shown) -> str:
    return f"mutant_{hashlib.sha256(normal(shown.statement).encode()).hexdigest()[:16]}"


def _theorem(name: str, made: _Shown | Mutant) -> str:
    return f"theorem {name} : {made.statement} := {made.proof}\n"
