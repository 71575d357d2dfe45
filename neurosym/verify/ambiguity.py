"""Whether another translation would change a verdict: each alternative is asked, one at a time."""

from __future__ import annotations

import dataclasses
from collections.abc import Iterator, Sequence
from typing import Final

from neurosym.verify.base import Claim, ClaimReport, Disagreement, Hypothesis, Verdict
from neurosym.verify.checks import Asker, check

MOST_ASKED: Final = 24
_DECIDED: Final = frozenset(
    {Verdict.PROVED, Verdict.REFUTED, Verdict.INDEPENDENT, Verdict.INCONSISTENT}
)


def settle(
    report: ClaimReport, claim: Claim, usable: Sequence[Hypothesis], asker: Asker
) -> ClaimReport:
    """The report, made ``ambiguous`` if the claim or one hypothesis, meant otherwise, decides.

    A verdict that is open anyway is left as it is. Of many alternatives the first ``MOST_ASKED``
    are asked; if there are more the report says so.
    """
    if report.verdict not in _DECIDED:
        return report
    found: list[Disagreement] = []
    left = 0
    for asked, (meant, variant, among) in enumerate(_variants(claim, usable)):
        if asked >= MOST_ASKED:
            left += 1
            continue
        verdict = check(variant, among, asker).verdict
        if verdict is not report.verdict:
            found.append(dataclasses.replace(meant, verdict=verdict))
    messages = report.messages
    if left:
        messages = (*messages, f"{left} more translations were not tried")
    if not found:
        return dataclasses.replace(report, messages=messages)
    where = ", ".join(dict.fromkeys(_named(one) for one in found))
    why = f"{report.verdict} as most samples translate it, but otherwise as others do ({where})"
    return dataclasses.replace(
        report,
        verdict=Verdict.AMBIGUOUS,
        reason="",
        messages=(*messages, why),
        disagreements=tuple(found),
        majority=report.verdict,
    )


def _variants(
    claim: Claim, usable: Sequence[Hypothesis]
) -> Iterator[tuple[Disagreement, Claim, Sequence[Hypothesis]]]:
    """The claim meant otherwise, then each hypothesis meant otherwise."""
    for formula in claim.alternatives:
        variant = dataclasses.replace(claim, formula=formula, alternatives=())
        yield Disagreement(None, formula, Verdict.UNKNOWN), variant, usable
    for place, hypothesis in enumerate(usable):
        for formula in hypothesis.alternatives:
            other = dataclasses.replace(hypothesis, formula=formula, alternatives=())
            among = [*usable[:place], other, *usable[place + 1 :]]
            yield Disagreement(hypothesis.source, formula, Verdict.UNKNOWN), claim, among


def _named(disagreement: Disagreement) -> str:
    return "the step itself" if disagreement.source is None else str(disagreement.source)
