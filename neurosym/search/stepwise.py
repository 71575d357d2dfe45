"""Best-first search in which a model suggests tactics, beside those of core Lean and premises."""

from __future__ import annotations

import math
import time
from collections.abc import Sequence
from typing import Final

from neurosym.llm.base import Completion, Request
from neurosym.search import premises
from neurosym.search.answers import read_tactic
from neurosym.search.base import Attempt, Plan, Selector, Stop
from neurosym.search.meter import Meter, TokensSpentError
from neurosym.search.verdicts import proved, unknown, without_proof_found
from neurosym.translate import prompts
from provers.base import Limits, Outcome, Result
from provers.lean.base import Checker
from provers.lean.hunt import Hunt
from provers.lean.search import SearchLimits, core_tactics, described, search
from provers.lean.tactics import (
    Dojo,
    NoState,
    ProofFinished,
    TacticCrash,
    TacticResult,
    TacticState,
)

PROMPT: Final = "tactic"
MAX_TOKENS: Final = 96
_HEARTBEATS: Final = 20_000
_TACTIC_SECONDS: Final = 20.0
_MOST_ATTEMPTS: Final = 2_000
_MOST_STATE: Final = 4_000
_MOST_THEOREM: Final = 6_000
# How much each source of tactics is believed.
_MODEL, _PREMISES, _CORE = math.log(0.6), math.log(0.15), math.log(0.25)


class Stepwise:
    """One best-first search; ``attempts`` may be read while it goes on."""

    prompt = prompts.load(PROMPT).hash

    def __init__(
        self,
        hunt: Hunt,
        checker: Checker,
        meter: Meter,
        plan: Plan,
        select: Selector,
        stop: Stop,
    ) -> None:
        """``hunt`` has been opened: it knows the statement."""
        self.attempts: list[Attempt] = []
        self.proof = ""
        self._hunt = hunt
        self._meter = meter
        self._plan = plan
        self._select = select
        self._stop = stop
        self._limits = Limits(_TACTIC_SECONDS, hunt.limits.megabytes)
        self._dojo = Dojo(checker, hunt.text, self._limits, heartbeats=_HEARTBEATS)
        self._crashed = self._stepped = 0
        self._begun = time.monotonic()

    def run(self) -> Result:
        """``proved``, or why not. Raises what Lean, the model and the selector raise."""
        why = "no proof was found before"
        try:
            limits = SearchLimits(self._stop.left(), self._plan.expansions, self._limits, records=0)
            found = search(self, self.suggest, limits)
            if found.outcome is Outcome.PROVED:
                return proved(found, self._hunt, time.monotonic() - self._begun)
            if found.outcome is not Outcome.UNKNOWN:
                return found
            why = found.messages[0].text
            if found.reason != "incomplete":
                seconds = time.monotonic() - self._begun
                return unknown(found.reason, why, seconds, self.attempts)
        except TokensSpentError:
            pass
        return without_proof_found(
            self.attempts,
            time.monotonic() - self._begun,
            short=self._meter.short,
            crashes=0 < self._stepped == self._crashed,
            why=why,
        )

    # --- the session that is searched --------------------------------------------------------

    def start(self) -> TacticState | NoState:
        return self._dojo.start()

    def run_tac(
        self, state: TacticState, tactic: str, limits: Limits | None = None
    ) -> TacticResult:
        start = time.monotonic()
        result = self._dojo.run_tac(state, tactic, limits)
        script = "\n".join((*self._dojo.script(state), tactic))
        self._stepped += 1
        self._crashed += isinstance(result, TacticCrash) and result.cause == "crash"
        finished = isinstance(result, ProofFinished)
        if finished:
            self.proof = script
        if finished or len(self.attempts) < _MOST_ATTEMPTS:
            answer = "proved" if finished else described(result)
            self.attempts.append(Attempt(script, answer, 0, time.monotonic() - start))
        return result

    # --- suggestions -----------------------------------------------------------------------

    def suggest(self, state: TacticState) -> list[tuple[str, float]]:
        """Tactics for a state, the likeliest first, each with a log-probability."""
        shown = state.pp[:_MOST_STATE]
        chosen = premises.usable(self._select(state.pp, self._hunt.header))
        asked = prompts.load(PROMPT).messages(
            shown,
            theorem=self._hunt.text.strip()[-_MOST_THEOREM:],
            premises=premises.listed(chosen),
        )
        temperature = self._plan.temperature
        request = Request(
            asked,
            n=self._plan.samples if temperature else 1,
            temperature=temperature,
            max_tokens=MAX_TOKENS,
        )
        drawn = weigh(self._meter.draw([request])[0])
        return blend(
            (_MODEL, drawn), (_PREMISES, premises.tactics(chosen)), (_CORE, core_tactics(state))
        )


def weigh(samples: Sequence[Completion]) -> list[tuple[str, float]]:
    """The tactics in the samples, each once, with its weight: as the engine has it, or as counted.

    Samples that hold no tactic that Lean may see are left out.
    """
    read = [(read_tactic(sample.text).meaning, sample.logprob) for sample in samples]
    found = [(tactic, logprob) for tactic, logprob in read if tactic is not None]
    if all(logprob is not None and math.isfinite(logprob) for _, logprob in found):
        likely: dict[str, float] = {}
        for tactic, logprob in found:
            assert logprob is not None
            likely[tactic] = max(likely.get(tactic, -math.inf), min(0.0, logprob))
        return list(likely.items())
    counts = {tactic: sum(other == tactic for other, _ in found) for tactic, _ in found}
    return [(tactic, math.log(count / len(found))) for tactic, count in counts.items()]


def blend(*sources: tuple[float, Sequence[tuple[str, float]]]) -> list[tuple[str, float]]:
    """Sources of tactics as one, each with the logarithm of its share: the likeliest first.

    Within a source the weights are shares of one; a tactic of several sources adds up.
    """
    whole: dict[str, float] = {}
    for share, tactics in sources:
        total = _log_sum([weight for _, weight in tactics])
        for tactic, weight in tactics:
            before = whole.get(tactic, -math.inf)
            whole[tactic] = _log_sum([before, share + weight - total])
    ranked = sorted(whole.items(), key=lambda item: -item[1])
    return [(tactic, min(0.0, weight)) for tactic, weight in ranked]


def _log_sum(logarithms: Sequence[float]) -> float:
    """The logarithm of the sum of what these are logarithms of."""
    most = max(logarithms, default=-math.inf)
    if most == -math.inf:
        return most
    return most + math.log(sum(math.exp(logarithm - most) for logarithm in logarithms))
