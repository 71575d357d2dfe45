"""cvc5 (Barbosa et al. 2022) through its Python package, in killable workers."""

from __future__ import annotations

import importlib.util

from provers.errors import MissingToolError
from provers.smt import SmtProver
from provers.solver import Solver


class Cvc5Prover(SmtProver):
    """Entailment and SMT-LIB scripts by cvc5. Raises MissingToolError if it is not installed."""

    def __init__(self, workers: int = 1) -> None:
        if importlib.util.find_spec("cvc5") is None:
            raise MissingToolError("cvc5 is not installed: pip install 'neurosym[cvc5]'.")
        super().__init__(Solver("cvc5", "provers.cvc5_worker", proof_format="cpc", size=workers))
