"""Provers, and examples of every kind, made once."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from neurosym.augment.base import Example
from neurosym.augment.logic import corruptions, mutations, theories
from provers.base import Outcome
from provers.cvc5 import Cvc5Prover
from provers.z3 import Z3Prover


@pytest.fixture(scope="session")
def z3() -> Iterator[Z3Prover]:
    prover = Z3Prover()
    yield prover
    prover.close()


@pytest.fixture(scope="session")
def cvc5() -> Iterator[Cvc5Prover]:
    prover = Cvc5Prover()
    yield prover
    prover.close()


@pytest.fixture(scope="session")
def made(z3: Z3Prover) -> tuple[Example, ...]:
    """Theories with each label at each depth, twice."""
    return tuple(theories(48, seed=11, prover=z3))


@pytest.fixture(scope="session")
def mutants(z3: Z3Prover, made: tuple[Example, ...]) -> tuple[Example, ...]:
    return tuple(m for one in made[16:32] for m in mutations(one, seed=1, prover=z3))


@pytest.fixture(scope="session")
def corrupted(z3: Z3Prover, made: tuple[Example, ...]) -> tuple[Example, ...]:
    proved = [one for one in made if one.label is Outcome.PROVED]
    return tuple(m for one in proved for m in corruptions(one, seed=1, prover=z3))
