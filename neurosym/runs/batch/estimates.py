"""Shares and pass@k of a run, with intervals that say how far they can be trusted."""

from __future__ import annotations

import math
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Final, Literal, TypeAlias

from provers.errors import MissingToolError

Estimator: TypeAlias = Literal["unbiased", "prefix"]
Method: TypeAlias = Literal["wilson", "bootstrap"]

LEVEL: Final = 0.95
_Z: Final = 1.959963984540054  # the normal distribution's quantile at 0.975
_ROUNDS: Final = 1000
_ROUNDS_AT_ONCE: Final = 100
_SEED: Final = 0


@dataclass(frozen=True, slots=True)
class Share:
    """``part`` of ``whole``, with Wilson's interval at 95%; all three None where whole is 0."""

    part: int
    whole: int
    share: float | None
    low: float | None
    high: float | None


@dataclass(frozen=True, slots=True)
class Estimate:
    """pass@``k``, and an interval at 95% by ``method``."""

    k: int
    value: float
    low: float
    high: float
    method: Method


def share_of(part: int, whole: int) -> Share:
    """The share, with its interval. Raises ValueError unless 0 <= part <= whole."""
    if not 0 <= part <= whole:
        raise ValueError(f"{part} is no part of {whole}")
    if whole == 0:
        return Share(0, 0, None, None, None)
    return Share(part, whole, part / whole, *wilson(part / whole, whole))


def wilson(share: float, number: int) -> tuple[float, float]:
    """Wilson's interval at 95% for a share among ``number`` (Wilson 1927).

    For the mean of ``number`` values between 0 and 1 it is at least as wide as it has to be: no
    such values vary more than those that are all 0 or 1.
    """
    if number <= 0:
        raise ValueError("there is no interval without anything observed")
    square = _Z * _Z / number
    middle = (share + square / 2) / (1 + square)
    half = _Z / (1 + square) * math.sqrt(share * (1 - share) / number + square / number / 4)
    # Rounding would leave the exact ends of 0 and 1 a little inside or outside.
    low = 0.0 if share == 0 else max(0.0, middle - half)
    high = 1.0 if share == 1 else min(1.0, middle + half)
    return low, high


def pass_at_k(attempts: int, successes: int, k: int) -> float:
    """The chance that at least one of ``k`` attempts succeeds, from n attempts with c successes.

    The unbiased estimator 1 - C(n-c, k) / C(n, k) (Chen et al. 2021, section 2.1), as a sum of
    logarithms with min(c, k) terms: exact to the last digits also for large n and small chances.

    Raises ValueError unless 0 <= successes <= attempts and 1 <= k <= attempts.
    """
    n, c = attempts, successes
    if not (0 <= c <= n and 1 <= k <= n):
        raise ValueError(f"pass@{k} cannot be estimated from {c} successes in {n} attempts")
    if k > n - c:
        return 1.0
    # C(n-c, k) / C(n, k) is the same product with c and k exchanged.
    fewer, more = min(c, k), max(c, k)
    return -math.expm1(math.fsum(math.log1p(-more / (n - i)) for i in range(fewer)))


def points(samples: int, most: int = 24) -> tuple[int, ...]:
    """The values of k that a curve up to ``samples`` is drawn at, at most ``most`` or so."""
    if samples <= most:
        return tuple(range(1, samples + 1))
    steps = (round(samples ** (i / (most - 1))) for i in range(most))
    return tuple(sorted({1, *steps, samples}))


def unbiased_curve(cells: Mapping[tuple[int, int], int], ks: Sequence[int]) -> tuple[Estimate, ...]:
    """pass@k, averaged over problems, at each of ``ks``.

    ``cells`` says how many problems have (attempts, successes); every problem has at least
    max(ks) attempts. The interval is the bootstrap's over problems (percentiles of 1,000 rounds
    from a fixed seed); where each problem has one and the same value, which a bootstrap takes for
    certain, it is Wilson's, and so it is where each value is 0 or 1.

    Raises MissingToolError without numpy, ValueError as ``pass_at_k``.
    """
    total = sum(cells.values())
    if not total:
        return ()
    table = [[pass_at_k(n, c, k) for k in ks] for n, c in cells]
    weights = list(cells.values())
    drawn = _bootstrap(table, weights)
    found = []
    for column, k in enumerate(ks):
        values = [row[column] for row in table]
        value = math.fsum(v * w for v, w in zip(values, weights, strict=True)) / total
        value = min(1.0, max(0.0, value))
        if len(set(values)) == 1 or set(values) <= {0.0, 1.0}:
            found.append(Estimate(k, value, *wilson(value, total), "wilson"))
        else:
            found.append(Estimate(k, value, *drawn[column], "bootstrap"))
    return tuple(found)


def prefix_curve(
    firsts: Mapping[int, int], problems: int, ks: Iterable[int]
) -> tuple[Estimate, ...]:
    """The share of problems that are solved within the first k attempts, at each of ``ks``.

    ``firsts`` says at which attempt, from 0, how many of the ``problems`` were first solved. This
    needs only attempts up to the first success, so stopping there does not bias it. The interval
    is Wilson's.
    """
    if not problems:
        return ()
    found = []
    for k in ks:
        solved = sum(number for first, number in firsts.items() if first < k)
        value = solved / problems
        found.append(Estimate(k, value, *wilson(value, problems), "wilson"))
    return tuple(found)


def _bootstrap(
    table: Sequence[Sequence[float]], weights: Sequence[int]
) -> list[tuple[float, float]]:
    """For each column, the interval of its mean when as many problems are drawn again.

    Drawing problems with replacement is drawing how many come from each cell: a multinomial, so
    time and memory do not grow with the number of problems.
    """
    try:
        import numpy as np
    except ModuleNotFoundError as error:
        raise MissingToolError("numpy is not installed: pip install 'neurosym[batch]'.") from error
    values = np.asarray(table, dtype=float)
    counts = np.asarray(weights, dtype=np.int64)
    total = int(counts.sum())
    random = np.random.default_rng(_SEED)
    means = np.concatenate(
        [
            random.multinomial(total, counts / total, size=_ROUNDS_AT_ONCE) @ values / total
            for _ in range(_ROUNDS // _ROUNDS_AT_ONCE)
        ]
    )
    tail = (1 - LEVEL) / 2
    low, high = np.quantile(means, [tail, 1 - tail], axis=0)
    return [(max(0.0, float(a)), min(1.0, float(b))) for a, b in zip(low, high, strict=True)]
