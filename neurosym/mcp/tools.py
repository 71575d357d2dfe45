"""The tools: what each is for, and how it asks the engine."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, TypeAlias

from pydantic import ValidationError

from neurosym.mcp import schemas
from neurosym.mcp.excerpts import Excerpt
from neurosym.runs.problems import problem_record
from neurosym.service.engine import Ask, Engine
from neurosym.service.watch import Watch
from neurosym.settings import Settings
from neurosym.verify.records import explain, record_of
from provers.base import Limits
from provers.errors import InputError

Run: TypeAlias = Callable[[Engine, Any, Watch], dict[str, Any]]


@dataclass(frozen=True, slots=True)
class Tool:
    """One tool; ``run`` gets arguments that ``input`` has checked."""

    name: str
    title: str
    description: str
    input: type[schemas.Input]
    output: type[schemas.Output]
    run: Run

    def parse(self, arguments: dict[str, Any] | None) -> schemas.Input:
        """The arguments, checked. Raises InputError with one sentence on the first wrong one."""
        try:
            return self.input.model_validate(arguments or {})
        except ValidationError as error:
            raise InputError(explain(error)) from error


def seconds_of(arguments: schemas.Input, settings: Settings) -> float:
    """The budget of a call, within the settings."""
    return min(arguments.seconds, settings.max_seconds)


def _ask(engine: Engine, arguments: schemas.Input, prover: str, *, certify: bool = False) -> Ask:
    """What a call may use, within the settings."""
    settings = engine.settings
    seconds = seconds_of(arguments, settings)
    limits = Limits(min(seconds, settings.max_timeout), settings.megabytes)
    return Ask(prover, limits, seconds, model=bool(settings.model), certify=certify)


# --- each tool's work ----------------------------------------------------------------------


def _verify(engine: Engine, arguments: schemas.VerifyInput, watch: Watch) -> dict[str, Any]:
    ask = _ask(engine, arguments, arguments.prover, certify=arguments.certify)
    given = arguments.model_dump(exclude={"seconds", "prover", "certify"}, exclude_none=True)
    report = engine.verify(record_of(given), ask, watch)
    excerpt = Excerpt()
    consistency = report["question"].get("consistency")
    steps = report["steps"]
    refuted = [step["index"] for step in steps if step["verdict"] == "refuted"]
    answer = {
        "verdict": report["verdict"],
        "complete": not report.get("interrupted", False),
        "refuted": excerpt.rows(refuted, "refuted"),
        "verdicts": report["summary"]["verdicts"],
        "answer": excerpt.value(report["answer"], "answer"),
        "contradictory": consistency is not None and consistency["outcome"] == "inconsistent",
        "unread": excerpt.rows([one["text"] for one in report["question"]["unread"]], "unread"),
        "limits": report["summary"]["limits"],
        "steps": excerpt.steps(steps),
    }
    return {**answer, "cut": excerpt.cut}


def _prove(engine: Engine, arguments: schemas.ProveInput, watch: Watch) -> dict[str, Any]:
    prover = "lean" if arguments.language == "lean4" else arguments.prover
    ask = _ask(engine, arguments, prover)
    given = arguments.model_dump(exclude={"seconds", "prover"}, exclude_none=True)
    return _proved(engine, given, ask, watch)


def _check_lean(engine: Engine, arguments: schemas.CheckLeanInput, watch: Watch) -> dict[str, Any]:
    ask = _ask(engine, arguments, "lean")
    given = arguments.model_dump(exclude={"seconds"}, exclude_none=True)
    return _proved(engine, {**given, "language": "lean4"}, ask, watch)


def _proved(engine: Engine, given: dict[str, Any], ask: Ask, watch: Watch) -> dict[str, Any]:
    found = engine.prove(problem_record(given, "1"), ask, watch)
    excerpt = Excerpt()
    del found["id"]
    messages = excerpt.rows(found.pop("messages"), "messages")
    evidence = excerpt.value(found.pop("evidence"), "evidence")
    return {**found, "messages": messages, "evidence": evidence, "cut": excerpt.cut}


def _translate(engine: Engine, arguments: schemas.TranslateInput, watch: Watch) -> dict[str, Any]:
    if not arguments.text.strip():
        raise InputError("the field 'text' is empty.")
    ask = _ask(engine, arguments, "z3")
    found = engine.translate(arguments.text, arguments.to, ask, watch)
    excerpt = Excerpt()
    sentences = excerpt.rows(found["sentences"], "sentences")
    return {"notation": found["notation"], "sentences": sentences, "cut": excerpt.cut}


def _premises(engine: Engine, arguments: schemas.PremisesInput, watch: Watch) -> dict[str, Any]:
    found = engine.premises(arguments.goal, arguments.candidates, arguments.k)
    excerpt = Excerpt()
    return {"results": excerpt.rows(found["premises"], "results"), "cut": excerpt.cut}


VERDICTS = (
    "proved: it follows; refuted: its negation follows, so it is wrong; independent: neither "
    "follows, with two models; inconsistent: the premises contradict each other; unknown: out of "
    "time or beyond the prover; untranslated or ambiguous: the text is not understood; no_claim: "
    "nothing to check. Flags lessen a verdict: vacuous (says nothing), unfaithful (numbers or "
    "names from nowhere), depends_on_refuted, assumed (rests on what is not proved)."
)

TOOLS = {
    tool.name: tool
    for tool in (
        Tool(
            "verify",
            "Verify reasoning",
            "Check reasoning step by step with theorem provers: arithmetic, equations, and plain "
            "English of the kind 'All dogs are animals. Rex is a dog.' Each step may use the "
            "premises, the question and earlier steps. Returns for each step a verdict with the "
            f"formal statement and the evidence. {VERDICTS}",
            schemas.VerifyInput,
            schemas.VerifyOutput,
            _verify,
        ),
        Tool(
            "prove",
            "Prove a formal statement",
            "Decide whether premises entail a goal, in first-order logic, SMT-LIB, TPTP or Lean 4. "
            "Returns proved, refuted, independent (with two models), inconsistent, satisfiable "
            "(no goal), unknown with a reason, or ill_formed with positions; and the evidence.",
            schemas.ProveInput,
            schemas.ProveOutput,
            _prove,
        ),
        Tool(
            "translate",
            "Translate to logic",
            "Translate English or arithmetic to formulas, sentence by sentence, to see how text "
            "is understood before it is verified. What is not understood is 'untranslated', with "
            "the words it stumbled on.",
            schemas.TranslateInput,
            schemas.TranslateOutput,
            _translate,
        ),
        Tool(
            "premises",
            "Select premises",
            "Rank candidate facts or lemmas by the words they share with a goal (BM25), or, where "
            "none are given, search the Lean corpus, to choose the few to give to 'verify' or "
            "'prove'. Says nothing about truth.",
            schemas.PremisesInput,
            schemas.PremisesOutput,
            _premises,
        ),
        Tool(
            "check_lean",
            "Check Lean 4 code",
            "Check a Lean 4 file with the kernel: proved only if every theorem in it (or exactly "
            "'statement', if given) is proved, without sorry, new axioms, or tricks. Else "
            "ill_formed with Lean's errors and positions, or unknown with a flag that says why "
            "(sorry, axiom, statement_changed, program, ...). Code that runs programs while it is "
            "elaborated (#eval, elab, ...) is not judged. Core Lean without Mathlib may be all "
            "that is installed; 'import NeuroSym.Compat' then gives ring, linarith, norm_num.",
            schemas.CheckLeanInput,
            schemas.ProveOutput,
            _check_lean,
        ),
    )
}
