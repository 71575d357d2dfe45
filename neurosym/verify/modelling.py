"""A language model for sentences that rules cannot read.

A model's reading is a claim about what the text means. It carries every meaning that the samples
had, what fidelity finds wrong with the chosen one, and which names were taken for one another.
"""

from __future__ import annotations

import dataclasses
import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from typing import Final

from neurosym.llm.base import Model
from neurosym.translate.arithmetic import Quantities
from neurosym.translate.base import Status
from neurosym.translate.english.lexicon import is_adjective
from neurosym.translate.model import Formalization, ModelTranslator, Sampling
from neurosym.translate.naming import names_in
from neurosym.translate.synonyms import propose
from neurosym.translate.vocabulary import Merge, Vocabulary
from neurosym.verify.base import Claim
from neurosym.verify.checks import Reading, read_sentence
from neurosym.verify.fidelity import Context, compare
from neurosym.verify.fidelity.names import symbols
from neurosym.verify.segment import sentences
from provers.base import Limits, Problem, Prover, Result
from provers.errors import InputError
from provers.logic import signature
from provers.logic.syntax import Formula

UNFAITHFUL: Final = "unfaithful"
# A formula of predicates alone cannot say what a number says.
_NUMBER: Final = re.compile(r"\d|[=<>≤≥≈]")
_SECONDS: Final = 3.0


@dataclass(frozen=True, slots=True)
class Modelling:
    """How a model takes part: which, how much it samples, and what else it is asked.

    ``merge``: whether it may propose that two names are one word. ``infer``: whether it is asked
    for the premise that a step leaves unsaid. ``ask``: whether it is asked, last and without
    consequence, if text and formula agree. ``guess``: whether it says, also without consequence,
    what it thinks of a step that no prover decided.
    """

    model: Model
    sampling: Sampling = field(default_factory=Sampling)
    merge: bool = True
    infer: bool = False
    ask: bool = False
    guess: bool = False


@dataclass(frozen=True, slots=True)
class ModelUse:
    """What a model did for a record; tokens are those generated, seconds the model's own.

    ``mended`` are the sentences whose chosen formula a comparison with the text changed, and how.
    """

    model: str
    prompts: tuple[tuple[str, str], ...]
    sentences: int
    translated: int
    merges: tuple[Merge, ...]
    mended: tuple[tuple[str, str], ...]
    tokens: int
    seconds: float


class ModelReader:
    """Rules first; sentences that they leave unread go to the model, with one vocabulary."""

    def __init__(self, modelling: Modelling, prover: Prover, limits: Limits) -> None:
        self._modelling = modelling
        self._prover = prover
        self._limits = dataclasses.replace(limits, seconds=min(limits.seconds, _SECONDS))
        self._vocabulary = Vocabulary()
        self._translator = ModelTranslator(
            modelling.model, self._prove, self._vocabulary, modelling.sampling, self._doubt
        )
        self._read: dict[str, Reading] = {}
        self._done: dict[str, Formalization] = {}
        self._taken: tuple[Formula, ...] = ()

    def prepare(self, texts: Sequence[str]) -> None:
        """Translate all that is given together, and settle which of its names are one.

        Raises ModelError where the model cannot be asked.
        """
        pieces = list(dict.fromkeys(piece for text in texts for piece in sentences(text)))
        self._read = readings = {piece: read_sentence(piece) for piece in pieces}
        rules = [
            claim.formula
            for reading in readings.values()
            for claim in reading.claims
            if claim.translator == "english"
        ]
        self._vocabulary.declare(rules)
        before = self._names()
        self._translate([piece for piece in pieces if _is_left(piece, readings[piece])])
        formulas = (*rules, *self._chosen())
        self._taken = tuple(dict.fromkeys(self._settle(formulas, before)))

    def read(self, sentence: str, known: Quantities | None = None) -> Reading:
        given = self._read.get(sentence) if known is None else None
        reading = given or read_sentence(sentence, known)
        if not _is_left(sentence, reading):
            claims = tuple(
                dataclasses.replace(claim, formula=self._vocabulary.canonical(claim.formula))
                if claim.translator == "english"
                else claim
                for claim in reading.claims
            )
            self._vocabulary.declare(c.formula for c in claims if c.translator == "english")
            return dataclasses.replace(reading, claims=claims)
        if sentence not in self._done:
            before = self._names()
            self._translate([sentence])
            self._settle((*self._taken, *self._chosen([sentence])), before)
        done = self._done[sentence]
        if done.status is not Status.TRANSLATED:
            return dataclasses.replace(reading, messages=(*reading.messages, *done.messages))
        return Reading((self._claim(done),))

    @property
    def formalizations(self) -> list[Formalization]:
        """What was made of each sentence that the model was given, in order."""
        return list(self._done.values())

    @property
    def use(self) -> ModelUse:
        """What the model has done so far."""
        done = self._done.values()
        return ModelUse(
            self._modelling.model.name,
            tuple(dict.fromkeys(prompt for one in done for prompt in one.prompts)),
            len(done),
            sum(one.status is Status.TRANSLATED for one in done),
            tuple(self._vocabulary.merges),
            tuple((one.text, one.mended) for one in done if one.mended),
            sum(one.tokens for one in done),
            round(sum(one.seconds for one in done), 3),
        )

    # --- translating -------------------------------------------------------------------------

    def _translate(self, pieces: Sequence[str]) -> None:
        new = [piece for piece in pieces if piece not in self._done]
        if not new:
            return
        for done in self._translator.translate_all(new):
            self._done[done.text] = done
            if done.formula is not None:
                self._vocabulary.declare([done.formula])

    def _chosen(self, pieces: Iterable[str] | None = None) -> list[Formula]:
        done = self._done.values() if pieces is None else [self._done[p] for p in pieces]
        return [one.formula for one in done if one.formula is not None]

    def _names(self) -> frozenset[tuple[str, int]]:
        return frozenset(
            (name, arity)
            for name, arities in self._vocabulary.predicates.items()
            for arity in arities
        )

    def _settle(
        self, formulas: Sequence[Formula], before: frozenset[tuple[str, int]]
    ) -> tuple[Formula, ...]:
        """The formulas with names merged; only proposals about names not there ``before``.

        What the rules read alone is left as it is, and the model not asked about it.
        """
        found = signature.infer(formulas).predicates
        new = [s for s in found if (s.name, s.arity) not in before]
        # What was there before comes first, so that it is kept.
        ordered = [s for s in found if s not in new] + new
        proposals = (
            propose(self._modelling.model, ordered, new)
            if self._modelling.merge and new and len(ordered) > 1
            else []
        )
        return self._vocabulary.merge(formulas, self._prove, proposals)

    # --- judging -----------------------------------------------------------------------------

    def _prove(self, problem: Problem) -> Result:
        return self._prover.prove(problem, self._limits)

    def _doubt(self, text: str, formula: Formula) -> str:
        return "; ".join(self._mismatches(text, formula))

    def _mismatches(self, text: str, formula: Formula) -> tuple[str, ...]:
        """What fidelity finds; a sentence that it cannot compare has nothing to find."""
        names = {*self._vocabulary.predicates, *self._vocabulary.constants}
        names |= {symbol.name for symbol in symbols(formula)}
        # What the text itself names for certain is to be accounted for too.
        offered = names_in(text)
        names |= {*offered.constants, *filter(is_adjective, offered.predicates)}
        known = Context(frozenset(names), self._vocabulary.synonyms)
        try:
            return tuple(mismatch.message for mismatch in compare(text, formula, known))
        except InputError as error:
            return (str(error),)

    def _claim(self, done: Formalization) -> Claim:
        # Beside a faithful meaning, one that the text contradicts is no alternative.
        faithful = bool(done.alternatives[0].faithful)
        meanings = [
            self._vocabulary.canonical(one.formula)
            for one in done.alternatives
            if one.faithful or not faithful
        ]
        doubts = self._mismatches(done.text, meanings[0])
        return Claim(
            meanings[0],
            "model",
            done.text,
            (UNFAITHFUL,) if doubts else (),
            doubts,
            alternatives=tuple(dict.fromkeys(m for m in meanings[1:] if m != meanings[0])),
            formalization=done,
        )


def _is_left(sentence: str, reading: Reading) -> bool:
    """Whether rules read nothing of a sentence that a formula of predicates might say."""
    return (
        reading.unread == (sentence,)
        and not reading.claims
        and not reading.assumptions
        and not _NUMBER.search(sentence)
    )
