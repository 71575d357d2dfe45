"""One verdict from many formalisations of one problem.

What a model says most often is not the verdict that its formulas have most often: formulas that
went wrong in ten ways mostly come out as "does not follow". So samples are counted by what they
say, and the verdict is that of the formalisation written most often; a sample abstains where its
verdict tells of a mishap in it rather than of the problem.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass

from provers.base import Outcome

VERDICTS = frozenset({Outcome.PROVED, Outcome.REFUTED, Outcome.INDEPENDENT})


@dataclass(frozen=True, slots=True)
class Ballot:
    """One sample: its outcome, its cluster of equivalent samples, and whether it is trusted.

    ``trusted`` is ``Repaired.trusts(outcome)``.
    """

    outcome: Outcome
    cluster: int
    trusted: bool = True


@dataclass(frozen=True, slots=True)
class Vote:
    """The ``outcome``, None where no sample has a verdict.

    ``share`` is that of the samples counted that have this outcome, and ``counts`` how many have
    each. ``tied`` names all outcomes of clusters of the largest size, where they are several.
    ``doubtful``: no sample was trusted, so those that are not were counted. ``abstained`` counts
    all others: contradictory premises, no answer, doubt.
    """

    outcome: Outcome | None
    share: float
    counts: tuple[tuple[Outcome, int], ...]
    tied: tuple[Outcome, ...]
    doubtful: bool
    abstained: int


def elect(ballots: Sequence[Ballot]) -> Vote:
    """The verdict of the largest cluster.

    Contradictory premises prove anything and abstain; so does "independent" from a sample in
    doubt, while another is trusted: what was left out or split in two may be why nothing
    follows. Between clusters of one size the verdict of more samples wins, then one that is
    shown (proved, refuted) over one that only says that nothing was, then the earlier one.
    """
    with_verdict = [ballot for ballot in ballots if ballot.outcome in VERDICTS]
    trusted = [ballot for ballot in with_verdict if ballot.trusted]
    counted = trusted or with_verdict
    if not counted:
        return Vote(None, 0.0, (), (), False, len(ballots))
    sizes = Counter((ballot.cluster, ballot.outcome) for ballot in counted)
    verdicts = Counter(ballot.outcome for ballot in counted)
    most = max(sizes.values())
    largest = dict.fromkeys(outcome for (_, outcome), size in sizes.items() if size == most)
    winner = max(largest, key=lambda one: (verdicts[one], one is not Outcome.INDEPENDENT))
    return Vote(
        outcome=winner,
        share=verdicts[winner] / len(counted),
        counts=tuple(verdicts.most_common()),
        tied=tuple(largest) if len(largest) > 1 else (),
        doubtful=not trusted,
        abstained=len(ballots) - len(counted),
    )
