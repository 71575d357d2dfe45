"""Which changes of a seed are tried: the likely ones by an index, then those that fit by Lean.

Trying every lemma of a library on every theorem took Alchemy days. Here an index leaves a few in a
hundred, and of those Lean tries hundreds at once, before anything dear is asked of what is left.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Final, get_args

from neurosym.augment.lean import changes
from neurosym.augment.lean.changes import Change, Kind
from neurosym.augment.lean.seeds import PROBES, Opened, Script, StoppedError
from neurosym.augment.lean.sides import Invocable
from provers.base import Limits
from provers.lean.base import Checker

_TOGETHER: Final = 100  # changes in one theorem
_THEOREMS: Final = 8  # in one request
_HEARTBEATS: Final = 400_000  # thousands of small allocations; for all that are tried in a theorem
_SECONDS: Final = 20.0  # for a request, and _EACH more for each change in it
_EACH: Final = 0.1
_END: Final = "all were tried"


@dataclass(frozen=True, slots=True)
class Most:
    """How many candidates of each kind that takes a lemma; ``kinds`` are those that are tried."""

    lemmas: int = 300
    kinds: tuple[Kind, ...] = get_args(Kind)


def candidates(
    opened: Opened, invocable: Invocable, constants: frozenset[int], most: Most
) -> Iterator[Change]:
    """The changes that may make something of a seed which names these constants."""
    seed, wanted = opened.seed.name, frozenset(most.kinds)
    hypotheses = [
        one for one in opened.locals if one.proposition and not one.name.startswith("inst")
    ]
    equations = [
        (lemma, forward)
        for lemma, forward in invocable.rewrites(constants, most.lemmas)
        if lemma != seed
    ]
    if "rewrite" in wanted:
        for lemma, forward in equations:
            yield changes.rewrite(opened, lemma, forward)
    if "rewrite_hypothesis" in wanted:
        for local in hypotheses:
            for lemma, forward in equations:
                yield changes.rewrite_hypothesis(opened, local, lemma, forward)
    if "weaken" in wanted:
        for lemma, given in invocable.assuming(constants, most.lemmas):
            if lemma != seed:
                yield changes.weaken(opened, lemma, given)
    concluding = [one for one in invocable.concluding(constants, most.lemmas) if one != seed]
    if "strengthen" in wanted:
        for local in hypotheses:
            for lemma in concluding:
                yield changes.strengthen(opened, local, lemma)
    if "compose" in wanted:
        for lemma in concluding:
            # What an equation adds to a conclusion, rewriting with it does.
            if not invocable.is_equation(lemma):
                yield changes.compose(opened, lemma)
    if "specialise" in wanted:
        yield from changes.specialise(opened)
    if "identify" in wanted:
        yield from changes.identify(opened)
    if "contrapose" in wanted:
        for local in hypotheses:
            yield changes.contrapose(opened, local)
    if "generalise" in wanted:
        yield from changes.generalise(opened)


def fitting(checker: Checker, opened: Opened, given: Sequence[Change]) -> list[Change]:
    """Those of the changes whose lemma fits, as far as their quickest step tells; in order.

    Raises MissingToolError or BrokenToolError where there is no Lean.
    """
    plain = [number for number, one in enumerate(given) if not one.first]
    asked = [number for number, one in enumerate(given) if one.first]
    size = _TOGETHER * _THEOREMS
    found = set(plain)
    for start in range(0, len(asked), size):
        found |= _try(checker, opened, given, asked[start : start + size], _TOGETHER)
    return [given[number] for number in sorted(found)]


def _try(
    checker: Checker, opened: Opened, given: Sequence[Change], asked: Sequence[int], together: int
) -> set[int]:
    parts = [asked[start : start + together] for start in range(0, len(asked), together)]
    script = Script(opened.seed.prelude + PROBES)
    for number, part in enumerate(parts):
        script.add(number, _text(number, opened, [(one, given[one].first) for one in part]))
    try:
        said = script.ask(checker, opened.seed.header, Limits(_SECONDS + _EACH * len(asked)))
    except StoppedError:
        if len(asked) == 1:
            return set()
        half = len(asked) // 2
        return _try(checker, opened, given, asked[:half], together) | _try(
            checker, opened, given, asked[half:], together
        )
    found: set[int] = set()
    for number, part in enumerate(parts):
        told = {one["text"] for one in said.get(number, ()) if one["severity"] == "info"}
        found |= {int(one) for one in told if one.isdecimal()}
        # Lean gave up on the theorem, and with it on what came after.
        if _END not in told and len(part) > 1:
            found |= _try(checker, opened, given, part, max(1, len(part) // 8))
    return found


def _text(number: int, opened: Opened, tests: Sequence[tuple[int, str]]) -> str:
    """A theorem in which all are tried, one after the other, each for itself."""
    # What succeeds is undone by failing, but not the message that it succeeded.
    tried = "".join(f'  first | fail_if_success ({test}) | trace "{one}"\n' for one, test in tests)
    return (
        f"set_option maxHeartbeats {_HEARTBEATS} in\nset_option tactic.hygienic false in\n"
        f"theorem probe_{number} : type_of% @{opened.seed.name} := by\n  intros\n"
        f"  have key := {opened.applied()}\n  refine (fun (_ : True) => key) ?_\n"
        f'{tried}  trace "{_END}"\n  sorry\n'
    )
