"""A judge for expert iteration that asks a prover whether a translation says what it should."""

from __future__ import annotations

from neurosym.train.translator.data import Task
from neurosym.train.translator.expert import Judge
from neurosym.translate.clusters import Prove, cluster
from provers.errors import InputError
from provers.logic.formats import parse
from provers.logic.syntax import Formula, free_variables


def equivalent(prove: Prove) -> Judge:
    """A judge that accepts a formula which ``prove`` proves equivalent to the task's reference.

    It has to be closed and of the same symbols. What does not parse, and what the prover does not
    know, is not accepted. The judge raises InputError for a task without a reference, or with one
    that is no closed formula.
    """

    def judge(task: Task, text: str) -> bool:
        if task.reference is None:
            raise InputError(f"the task {_shown(task)} has no reference to judge answers by.")
        reference = _closed(task.reference)
        if reference is None:
            raise InputError(f"the reference of the task {_shown(task)} is no closed formula.")
        formula = _closed(text)
        return formula is not None and len(_groups(reference, formula, prove)) == 1

    return judge


def _groups(reference: Formula, formula: Formula, prove: Prove) -> tuple[object, ...]:
    try:
        return cluster([reference, formula], prove).clusters
    except InputError:  # a symbol is used in two ways
        return ()


def _closed(text: str) -> Formula | None:
    try:
        formula = parse(text, "unicode")
    except InputError:
        return None
    return None if free_variables(formula) else formula


def _shown(task: Task) -> str:
    return repr(task.messages[-1].content[:60])
