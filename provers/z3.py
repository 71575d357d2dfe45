"""Z3 (de Moura, Bjorner 2008) through its Python package, in killable workers."""

from __future__ import annotations

from provers.smt import SmtProver
from provers.solver import Solver


class Z3Prover(SmtProver):
    """Entailment and SMT-LIB scripts by Z3. ``workers``: how many problems at once."""

    def __init__(self, workers: int = 1) -> None:
        solver = Solver("z3", "provers.z3_worker", proof_format="z3", grounds=True, size=workers)
        super().__init__(solver)
