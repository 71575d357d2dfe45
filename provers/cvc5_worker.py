"""The child process that holds cvc5; the same protocol as ``provers.z3_worker``."""

from __future__ import annotations

import time
from typing import Any

import cvc5

from provers.cores import minimize
from provers.workers import serve

_PROOF_LIMIT = 4_000_000


class _ScriptError(Exception):
    """A script that does not parse."""


class _Session:
    """One cvc5 solver with a script read into it."""

    def __init__(self, text: str, milliseconds: int, **options: str) -> None:
        self.solver = cvc5.Solver(cvc5.TermManager())
        self.solver.setOption("tlimit-per", str(max(1, milliseconds)))
        for name, value in options.items():
            self.solver.setOption(name.replace("_", "-"), value)
        self.parser = cvc5.InputParser(self.solver)
        self.parser.setStringInput(cvc5.InputLanguage.SMT_LIB_2_6, text, "input")
        self.symbols = self.parser.getSymbolManager()
        self.output = ""

    def read(self) -> None:
        """Run all commands of the script. Raises _ScriptError where it does not parse."""
        while True:
            try:
                command = self.parser.nextCommand()
            except RuntimeError as error:
                raise _ScriptError(str(error)) from error
            if command.isNull():
                return
            self.output += str(command.invoke(self.solver, self.symbols))

    def model(self) -> str:
        return _text(
            self.solver.getModel(self.symbols.getDeclaredSorts(), self.symbols.getDeclaredTerms())
        )

    def proof(self) -> str:
        proofs = self.solver.getProof(cvc5.ProofComponent.FULL)
        texts = [_text(self.solver.proofToString(p, cvc5.ProofFormat.CPC)) for p in proofs]
        return "\n".join(texts)[:_PROOF_LIMIT]


def _text(value: Any) -> str:
    return value.decode(errors="replace") if isinstance(value, bytes) else str(value)


def _status(result: Any) -> tuple[str, str]:
    """The status, and the reason where it is unknown."""
    if result.isSat():
        return "sat", ""
    if result.isUnsat():
        return "unsat", ""
    explanation = str(result.getUnknownExplanation()).lower()
    if "timeout" in explanation or "resource" in explanation:
        return "unknown", "timeout"
    return "unknown", "memory" if "memout" in explanation else "incomplete"


def _milliseconds(deadline: float) -> int:
    return max(1, int((deadline - time.monotonic()) * 1000))


def _check(request: dict[str, Any]) -> dict[str, Any]:
    deadline = time.monotonic() + request["seconds"]
    lines = ["(set-logic ALL)", request["declare"]]
    for name, formula in request["assert"].items():
        lines.append(f"(declare-const |?{name}| Bool)(assert (=> |?{name}| {formula}))")
    text = "\n".join(lines)
    optional = set(request.get("minimize", ()))
    answers = []
    for position, case in enumerate(request["cases"]):
        left = deadline - time.monotonic()
        share = time.monotonic() + left / (len(request["cases"]) - position)
        answers.append(_case(text, case, optional, share))
    return {"answers": answers}


def _case(text: str, case: list[str], optional: set[str], deadline: float) -> dict[str, Any]:
    start = time.monotonic()
    session = _Session(
        text,
        _milliseconds(deadline),
        incremental="true",
        produce_models="true",
        produce_unsat_assumptions="true",
        finite_model_find="true",
    )
    session.read()
    labels = {str(t).strip("|"): t for t in session.symbols.getDeclaredTerms()}

    def ask(names: list[str]) -> tuple[str, str]:
        return _status(session.solver.checkSatAssuming(*(labels[f"?{n}"] for n in names)))

    def core() -> list[str]:
        return [str(t).strip("|")[1:] for t in session.solver.getUnsatAssumptions()]

    status, reason = ask(case)
    answer: dict[str, Any] = {"status": status, "reason": reason}
    if status == "sat":
        answer["model"] = session.model()
    elif status == "unsat":
        answer["core"], answer["minimal"] = minimize(
            core(), optional, lambda names: ask(names)[0], core, deadline
        )
    answer["seconds"] = time.monotonic() - start
    return answer


def _proof(request: dict[str, Any]) -> dict[str, Any]:
    lines = ["(set-logic ALL)", request["declare"]]
    lines += [f"(assert {f})" for f in request["formulas"]]
    milliseconds = int(request["seconds"] * 1000)
    session = _Session("\n".join(lines), milliseconds, produce_proofs="true")
    session.read()
    unsat = _status(session.solver.checkSat())[0] == "unsat"
    return {"proof": session.proof() if unsat else ""}


def _script(request: dict[str, Any]) -> dict[str, Any]:
    deadline = time.monotonic() + request["seconds"]
    plain = _Session(request["text"], _milliseconds(deadline), produce_models="true")
    try:
        plain.read()
    except _ScriptError as error:
        return {"status": "ill_formed", "message": str(error)}
    if "bad_alloc" in plain.output:
        raise MemoryError
    if "(error" in plain.output:
        return {"status": "ill_formed", "message": plain.output.strip()[:300]}
    status, reason = _status(plain.solver.checkSat())
    answer: dict[str, Any] = {"status": status, "reason": reason}
    if status == "sat":
        answer["model"] = plain.model()
    elif status == "unsat":
        options = {"produce_proofs": "true", "produce_unsat_cores": "true"}
        proving = _Session(request["text"], _milliseconds(deadline), **options)
        proving.read()
        if not proving.solver.checkSat().isUnsat():
            return answer  # without a proof there is no answer
        asserted = [str(t) for t in proving.solver.getAssertions()]
        core = {str(t) for t in proving.solver.getUnsatCore()}
        answer["core"] = [i for i, text in enumerate(asserted) if text in core]
        answer["proof"] = proving.proof()
    return answer


def handle(request: dict[str, Any]) -> dict[str, Any]:
    """Answer one request."""
    match request["op"]:
        case "check":
            return _check(request)
        case "proof":
            return _proof(request)
        case "script":
            return _script(request)
        case "version":
            return {"version": cvc5.__version__}
        case other:
            raise ValueError(f"unknown operation {other}")


if __name__ == "__main__":
    serve(handle)
