"""The child process that holds Z3: SMT-LIB text in, answers as text out.

Requests (see ``provers.workers``):

``check``
    ``declare`` (commands), ``assert`` (label -> formula, each assumed under its label),
    ``cases`` (lists of labels to assume together), ``minimize`` (labels that a core should do
    without), ``seconds``. Answers, for each case: ``status``, ``reason``, ``model`` or
    ``core``, ``minimal``, ``seconds``.
``clauses``
    ``dimacs``: propositional clauses whose first variables are labels; ``cases``: lists of
    groups of labels, assumed together; ``minimize``: whether each group may be left out of a
    core; ``atoms``: first and last variable of the atoms. Answers, for each case: ``status``,
    ``reason``, and the ``true`` atoms, or ``core`` (labels; no group and no label can be left
    out) and ``minimal``.
``proof``
    ``declare``, ``formulas``, ``seconds``: a proof object as text, if unsatisfiable.
``script``
    A whole ``text``, ``seconds``: its status with a model, or core and proof.

Z3 breaks ties by the numbers that it gives to expressions, which in a context of many problems
depend on those before. So that the same request has the same answer whatever came before it, what
has symbols of its own is asked in a new context, and propositional clauses, for which that would
take as long as solving, in one where the literals have their numbers beforehand.
"""

from __future__ import annotations

import time
from typing import Any

import z3

from provers.cores import minimize
from provers.workers import serve

_PROOF_LIMIT = 4_000_000
_CONTEXT_BYTES = 8 << 20


def _reason(text: str) -> str:
    if "memout" in text or "out of memory" in text or "max. memory" in text:
        return "memory"
    if "timeout" in text or "canceled" in text or "resource" in text or "interrupted" in text:
        return "timeout"
    return "incomplete"


def _milliseconds(deadline: float) -> int:
    return max(1, int((deadline - time.monotonic()) * 1000))


def _context(**settings: bool) -> z3.Context:
    """A new context. Raises MemoryError where there is no room: Z3's wrapper would use none."""
    bytearray(_CONTEXT_BYTES)
    return z3.Context(**settings)


class _Labelled:
    """A solver with each formula assumed under a label of its own.

    The assumption literals are made once and handed to Z3's C interface as they are: a run over
    many small problems spends more time in the Python wrappers than in solving.
    """

    def __init__(
        self, declare: str, formulas: dict[str, str], context: z3.Context | None = None
    ) -> None:
        # Without symbols there is nothing whose order could matter.
        context = context or (_context() if declare else z3.main_ctx())
        self.solver = z3.SimpleSolver(ctx=context)
        lines = [declare]
        for name, formula in formulas.items():
            lines.append(f"(declare-const |?{name}| Bool)(assert (=> |?{name}| {formula}))")
        self.solver.from_string("\n".join(lines))
        self.labels = {name: z3.Bool(f"?{name}", context) for name in formulas}
        self._milliseconds = 0

    def check(self, names: list[str], milliseconds: int) -> str:
        """``sat``, ``unsat`` or ``unknown`` under the named labels."""
        # A new limit costs as much as a small check: an old one that is near enough stays.
        if not milliseconds <= self._milliseconds <= milliseconds * 1.05:
            self._milliseconds = milliseconds
            self.solver.set("timeout", milliseconds)
        literals = (z3.Ast * len(names))(*(self.labels[n].as_ast() for n in names))
        answer = z3.Z3_solver_check_assumptions(
            self.solver.ctx.ref(), self.solver.solver, len(names), literals
        )
        return {z3.Z3_L_TRUE: "sat", z3.Z3_L_FALSE: "unsat"}.get(answer, "unknown")

    def core(self) -> list[str]:
        return [literal.decl().name()[1:] for literal in self.solver.unsat_core()]


def _check(request: dict[str, Any]) -> dict[str, Any]:
    deadline = time.monotonic() + request["seconds"]
    solver = _Labelled(request["declare"], request["assert"])
    optional = set(request.get("minimize", ()))
    # What is asked for first must not use up the time of what comes after.
    answers = []
    for position, case in enumerate(request["cases"]):
        left = deadline - time.monotonic()
        share = time.monotonic() + left / (len(request["cases"]) - position)
        answers.append(_case(solver, case, optional, share, request))
    return {"answers": answers}


def _case(
    solver: _Labelled, case: list[str], optional: set[str], deadline: float, request: dict[str, Any]
) -> dict[str, Any]:
    start = time.monotonic()
    status = solver.check(case, _milliseconds(start + (deadline - start) * 0.6))
    answer: dict[str, Any] = {"status": status, "reason": ""}
    if status == "sat":
        answer["model"] = solver.solver.model().sexpr()
    elif status == "unsat":
        answer["core"], answer["minimal"] = _minimal(solver, optional, deadline)
    else:
        _try_afresh(answer, case, deadline, request)
    answer["seconds"] = time.monotonic() - start
    return answer


def _minimal(solver: _Labelled, optional: set[str], deadline: float) -> tuple[list[str], bool]:
    def check(names: list[str]) -> str:
        return solver.check(names, _milliseconds(deadline))

    return minimize(solver.core(), optional, check, solver.core, deadline)


def _try_afresh(
    answer: dict[str, Any], case: list[str], deadline: float, request: dict[str, Any]
) -> None:
    """Without assumptions Z3 can use its whole preprocessing and its nonlinear engine."""
    solver = z3.Solver(ctx=_context())
    solver.from_string(request["declare"] + "\n" + _asserts(request["assert"], case))
    solver.set("timeout", _milliseconds(deadline))
    status = solver.check()
    answer["status"] = str(status)
    if status == z3.sat:
        answer["model"] = solver.model().sexpr()
    elif status == z3.unsat:
        answer["core"], answer["minimal"] = list(case), False
    else:
        answer["reason"] = _reason(solver.reason_unknown())


def _asserts(formulas: dict[str, str], names: list[str]) -> str:
    return "\n".join(f"(assert {formulas[name]})" for name in names)


class _Literals:
    """Propositional variables, counted from 1, and their negations, in a context of their own.

    DIMACS variables are Z3 constants named by numbers; Z3 gives the same constant for the same
    number within a context. Making one takes several calls, so they are made once.
    """

    def __init__(self, count: int) -> None:
        self.context = _context()
        self.variables: list[Any] = []
        self.numbers: dict[int, int] = {}
        self._negations = []
        context, sort = self.context.ref(), z3.BoolSort(self.context).ast
        for number in range(1, count + 1):
            variable = z3.Z3_mk_const(context, z3.Z3_mk_int_symbol(context, number), sort)
            z3.Z3_inc_ref(context, variable)
            self.variables.append(variable)
            self.numbers[z3.Z3_get_ast_id(context, variable)] = number
            self._negations.append(z3.Z3_mk_not(context, variable))
            z3.Z3_inc_ref(context, self._negations[-1])


_KEPT_LITERALS = (128, 1024)
_literals: dict[int, _Literals] = {}


def _literals_for(count: int) -> _Literals:
    """At least so many literals: those that are kept, or new ones for more than are."""
    size = next((size for size in _KEPT_LITERALS if count <= size), 0)
    if not size:
        return _Literals(count)
    if size not in _literals:
        _literals[size] = _Literals(size)
    return _literals[size]


class _Propositional:
    """Z3's SAT engine on clauses in DIMACS form, with variables up to ``count``."""

    def __init__(self, dimacs: str, count: int) -> None:
        self.literals = _literals_for(count)
        self.solver = z3.SolverFor("QF_FD", ctx=self.literals.context)
        self.solver.from_string(dimacs)
        self.context = self.solver.ctx.ref()

    def check(self, labels: list[int], milliseconds: int) -> str:
        self.solver.set("timeout", milliseconds)
        variables = self.literals.variables
        assumed = (z3.Ast * len(labels))(*[variables[label - 1] for label in labels])
        answer = z3.Z3_solver_check_assumptions(
            self.context, self.solver.solver, len(labels), assumed
        )
        return {z3.Z3_L_TRUE: "sat", z3.Z3_L_FALSE: "unsat"}.get(answer, "unknown")

    def core(self) -> list[int]:
        return sorted(self.literals.numbers[one.get_id()] for one in self.solver.unsat_core())

    def true(self, first: int, last: int) -> list[int]:
        """The variables from ``first`` to ``last`` that are true in the model."""
        model = self.solver.model().model
        found = []
        for number in range(first, last + 1):
            app = z3.Z3_to_app(self.context, self.literals.variables[number - 1])
            symbol = z3.Z3_get_app_decl(self.context, app)
            value = z3.Z3_model_get_const_interp(self.context, model, symbol)
            if value and z3.Z3_get_bool_value(self.context, value) == z3.Z3_L_TRUE:
                found.append(number)
        return found


def _clauses(request: dict[str, Any]) -> dict[str, Any]:
    deadline = time.monotonic() + request["seconds"]
    # The atoms come after the labels.
    solver = _Propositional(request["dimacs"], request["atoms"][1])
    answers = []
    for groups in request["cases"]:
        labels = [label for group in groups for label in group]
        answer: dict[str, Any] = {"status": solver.check(labels, _milliseconds(deadline))}
        if answer["status"] == "sat":
            answer["true"] = solver.true(*request["atoms"])
        elif answer["status"] == "unsat":
            core, minimal = _minimize_groups(solver, groups, request["minimize"], deadline)
            answer["core"], answer["minimal"] = core, minimal
        else:
            answer["reason"] = _reason(solver.solver.reason_unknown())
        answers.append(answer)
    return {"answers": answers}


def _minimize_groups(
    solver: _Propositional, groups: list[list[int]], optional: list[bool], deadline: float
) -> tuple[list[int], bool]:
    """A core from as few groups as can be, then without any label that is not needed."""
    core = solver.core()
    kept = [i for i, group in enumerate(groups) if not set(core).isdisjoint(group)]
    minimal = True
    for i in sorted(kept, key=lambda i: not optional[i]):
        if i not in kept or not optional[i]:
            continue
        rest = [k for k in kept if k != i]
        status = solver.check([n for k in rest for n in groups[k]], _milliseconds(deadline))
        if status == "unsat":
            core = solver.core()
            kept = [k for k in rest if not set(core).isdisjoint(groups[k])]
        elif status == "unknown":
            minimal = False
    for label in list(core):
        rest = [n for n in core if n != label]
        if len(rest) < len(core) and solver.check(rest, _milliseconds(deadline)) == "unsat":
            core = solver.core()
    return core, minimal


def _proof(request: dict[str, Any]) -> dict[str, Any]:
    lines = [request["declare"], *(f"(assert {f})" for f in request["formulas"])]
    return {"proof": _proof_text("\n".join(lines), time.monotonic() + request["seconds"])}


def _proof_text(script: str, deadline: float) -> str:
    """The proof object as text; nothing where none is found in time."""
    context = _context(proof=True)
    solver = z3.Solver(ctx=context)
    solver.add(z3.parse_smt2_string(script, ctx=context))
    solver.set("timeout", _milliseconds(deadline))
    if solver.check() != z3.unsat:
        return ""
    return str(solver.proof().sexpr())[:_PROOF_LIMIT]


def _script(request: dict[str, Any]) -> dict[str, Any]:
    context = _context()
    try:
        parsed = z3.parse_smt2_string(request["text"], ctx=context)
    except z3.Z3Exception as error:
        text = error.value.decode() if isinstance(error.value, bytes) else str(error.value)
        return {"status": "ill_formed", "message": text.strip()}
    deadline = time.monotonic() + request["seconds"]
    solver = z3.Solver(ctx=context)
    solver.add(parsed)
    solver.set("timeout", _milliseconds(deadline))
    status = solver.check()
    answer: dict[str, Any] = {"status": str(status), "reason": ""}
    if status == z3.unknown:
        answer["reason"] = _reason(solver.reason_unknown())
    elif status == z3.sat:
        answer["model"] = solver.model().sexpr() or "(model)"
    else:
        answer["core"] = _script_core(list(parsed), deadline)
        answer["proof"] = _proof_text(request["text"], deadline)
    return answer


def _script_core(assertions: list[Any], deadline: float) -> list[int]:
    """Indices of contradictory assertions; all of them where no smaller set is found in time."""
    names = {f"a{index}": "true" for index in range(len(assertions))}
    solver = _Labelled("", names, assertions[0].ctx if assertions else None)
    for name, assertion in zip(solver.labels, assertions, strict=True):
        solver.solver.add(z3.Implies(solver.labels[name], assertion))
    everything = list(solver.labels)
    if solver.check(everything, _milliseconds(deadline)) != "unsat":
        return list(range(len(assertions)))
    core, _ = _minimal(solver, set(everything), deadline)
    return sorted(int(name[1:]) for name in core)


def handle(request: dict[str, Any]) -> dict[str, Any]:
    """Answer one request."""
    match request["op"]:
        case "check":
            return _check(request)
        case "clauses":
            return _clauses(request)
        case "proof":
            return _proof(request)
        case "script":
            return _script(request)
        case "version":
            return {"version": z3.get_version_string()}
        case other:
            raise ValueError(f"unknown operation {other}")


if __name__ == "__main__":
    serve(handle)
