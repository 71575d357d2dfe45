"""English to first-order logic by a language model, held by grammar, signature and prover.

Each sentence takes this way: prompt, generation along a grammar, parsing, fit to the problem's
vocabulary, and a look by a prover at whether it says anything. What is wrong goes back to the
model in words, a few times. Several samples, some by way of plain English that the rules read,
are grouped by logical equivalence (self-consistency, Wang et al. 2023, but with a prover that
says which answers are the same); the largest group is the translation, the others are kept.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from typing import Final, Literal, TypeAlias

from neurosym.llm.base import Completion, Message, Model, Request
from neurosym.translate import prompts, wording
from neurosym.translate.base import Status
from neurosym.translate.clusters import Prove, cluster
from neurosym.translate.grammars.fol import formula_grammar
from neurosym.translate.grammars.plain import Words, sentence_grammar
from neurosym.translate.mending import mend
from neurosym.translate.naming import Names, names_in
from neurosym.translate.repair import repair_formula
from neurosym.translate.vocabulary import Vocabulary
from provers.base import Outcome, Problem
from provers.errors import InputError, ModelError
from provers.logic.formats import parse
from provers.logic.syntax import (
    And,
    Forall,
    Formula,
    Implies,
    closure,
    free_variables,
    negate,
)

Check: TypeAlias = Callable[[str, Formula], str]
"""What is wrong with a formula for a text, as a sentence; empty where nothing is."""

Route: TypeAlias = Literal["logic", "english"]
Fault: TypeAlias = Literal["", "cut_off", "syntax", "signature", "empty", "unread", "unfaithful"]

MAX_CHARACTERS: Final = 600
# Only these words deny that something holds of all.
_NOT_ALL: Final = re.compile(
    r"(?:\bnot|n['’]t|\bhardly|\bscarcely)\b.{0,40}\b(?:all|every\w*|each|always)\b|\bfew\b",
    re.IGNORECASE,
)
_ARITIES: Final = frozenset({1, 2})
_TWO: Final = frozenset({2})


@dataclass(frozen=True, slots=True)
class Sampling:
    """How much is tried for a sentence.

    ``samples`` are drawn, the first of each route greedily and the rest at ``temperature`` from
    ``seed``, and no more once the majority cannot change. ``rounds`` is how often a complaint
    goes back to the model for a sample. ``eager`` takes a first sample that nothing is said
    against and draws no more: cheaper, and blind to what another sample would have said. Without
    ``greedy`` the first ones are drawn like the rest, so that another seed finds something else.
    """

    samples: int = 3
    rounds: int = 2
    temperature: float = 0.7
    seed: int = 0
    max_tokens: int = 120
    routes: tuple[Route, ...] = ("english", "logic")
    eager: bool = False
    greedy: bool = True


@dataclass(frozen=True, slots=True)
class Attempt:
    """One text of the model and what was wrong with it; ``formula`` where it could be read.

    ``fault`` is empty where nothing was wrong; an ``unfaithful`` one is kept if it stays so.
    ``mended`` says which change made the formula faithful, where one did.
    """

    route: Route
    text: str
    fault: Fault = ""
    complaint: str = ""
    formula: Formula | None = None
    mended: str = ""

    @property
    def is_clean(self) -> bool:
        """Whether this is a formula as the model wrote it, and nothing was said against it."""
        return self.formula is not None and not self.fault and not self.mended


@dataclass(frozen=True, slots=True)
class Alternative:
    """One meaning, with the number of samples that have it, and of those not found unfaithful."""

    formula: Formula
    votes: int
    faithful: int


@dataclass(frozen=True, slots=True)
class Formalization:
    """What came of one sentence; ``alternatives`` are all meanings, the chosen one first.

    ``status`` is ``untranslated`` where no sample could be used; ``messages`` then say why.
    ``complaint`` is what is still unfaithful about the chosen one, ``mended`` how it was changed.
    ``tokens`` counts those that were generated, ``prompts`` maps the prompt files used to the
    SHA-256 of their text.
    """

    text: str
    status: Status
    alternatives: tuple[Alternative, ...] = ()
    attempts: tuple[Attempt, ...] = ()
    complaint: str = ""
    mended: str = ""
    messages: tuple[str, ...] = ()
    model: str = ""
    prompts: tuple[tuple[str, str], ...] = ()
    tokens: int = 0
    seconds: float = 0.0

    @property
    def formula(self) -> Formula | None:
        return self.alternatives[0].formula if self.alternatives else None

    @property
    def agreement(self) -> float:
        """The share of usable samples that have the chosen meaning; 0 where there is none."""
        votes = sum(one.votes for one in self.alternatives)
        return self.alternatives[0].votes / votes if votes else 0.0


@dataclass(slots=True)
class _Work:
    """One sentence on its way; ``drawn`` counts samples begun, ``groups`` are those finished."""

    text: str
    drawn: int = 0
    samples: list[Attempt] = field(default_factory=list)
    groups: Sequence[_Group] = ()
    attempts: list[Attempt] = field(default_factory=list)
    tokens: int = 0
    seconds: float = 0.0


@dataclass(frozen=True, slots=True)
class _Group:
    """Samples of one meaning; ``faithful`` counts those that nothing was said against."""

    members: tuple[Attempt, ...]
    faithful: int

    @property
    def first(self) -> Attempt:
        """The one to be shown: without a complaint and as the model wrote it, if there is one."""
        return min(self.members, key=lambda one: (bool(one.fault), bool(one.mended)))

    @property
    def alternative(self) -> Alternative:
        formula = self.first.formula
        assert formula is not None
        return Alternative(formula, len(self.members), self.faithful)


@dataclass(slots=True)
class _Sample:
    """One sample on its way through rounds of complaint."""

    work: _Work
    route: Route
    number: int
    messages: tuple[Message, ...]
    best: Attempt | None = None


class ModelTranslator:
    """Translates the sentences of one problem over one vocabulary.

    ``check`` looks at text and formula (fidelity, say); what it says goes back to the model like
    any complaint, but does not make a formula unusable.
    """

    def __init__(
        self,
        model: Model,
        prove: Prove,
        vocabulary: Vocabulary | None = None,
        sampling: Sampling = Sampling(),
        check: Check | None = None,
    ) -> None:
        self.model = model
        self.vocabulary = vocabulary or Vocabulary()
        self._prove = prove
        self._sampling = sampling
        self._check = check
        self._constrained = True
        self._prompts = {
            route: prompts.load("fol" if route == "logic" else "rewrite")
            for route in sampling.routes
        }

    def translate(self, text: str) -> Formalization:
        """One sentence; see ``translate_all``."""
        return self.translate_all([text])[0]

    def translate_all(self, texts: Sequence[str]) -> list[Formalization]:
        """Sentences that are translated together, each with the vocabulary as it is now.

        The caller declares what it takes in. A text that is too long, or that offers no name, is
        untranslated.

        Raises ModelError where the model cannot be asked at all.
        """
        works = [_Work(text) for text in texts]
        usable = [work for work in works if self._fits(work.text)]
        first = 1 if self._sampling.eager else self._sampling.samples // 2 + 1
        self._draw(usable, first)
        undecided = [work for work in usable if not self._is_decided(work)]
        self._draw(undecided, self._sampling.samples - first)
        return [self._done(work) for work in works]

    def _fits(self, text: str) -> bool:
        return len(text) <= MAX_CHARACTERS and bool(self._names(text)[0])

    def _names(self, text: str) -> tuple[dict[str, frozenset[int]], tuple[str, ...]]:
        """The predicates and constants that a formula for ``text`` may use.

        What is declared keeps its arity; the text's own words are open.
        """
        offered = names_in(text)
        predicates = dict(self.vocabulary.predicates)
        for name in offered.predicates:
            predicates.setdefault(name, _TWO if name in offered.relations else _ARITIES)
        constants = dict.fromkeys((*self.vocabulary.constants, *offered.constants))
        return predicates, tuple(constants)

    def _plain_words(self, text: str) -> Words:
        """The same names as words of plain English."""
        predicates, constants = self._names(text)
        related = frozenset(name for name, arities in predicates.items() if arities == _TWO)
        return Names(tuple(predicates), constants, related).words

    # --- drawing -----------------------------------------------------------------------------

    def _draw(self, works: Sequence[_Work], count: int) -> None:
        """Draw ``count`` samples of each sentence, all of them at once, then mend them."""
        pending: list[_Sample] = []
        for work in works:
            for number in range(work.drawn, work.drawn + count):
                route = self._sampling.routes[number % len(self._sampling.routes)]
                messages = self._prompts[route].messages(work.text)
                pending.append(_Sample(work, route, number, messages))
            work.drawn += count
        # Those with one prompt together, so that an engine keeps what it has read of it.
        pending.sort(key=lambda sample: sample.route)
        for round_ in range(self._sampling.rounds + 1):
            if not pending:
                break
            pending = self._round(pending, last=round_ == self._sampling.rounds)
        for work in works:
            work.groups = self._grouped(work.samples)

    def _round(self, pending: Sequence[_Sample], last: bool) -> list[_Sample]:
        """One attempt at each sample; those to be tried again, with the complaint added."""
        again: list[_Sample] = []
        for sample, completion in zip(pending, self._complete(pending), strict=True):
            attempt = self._examined(sample, completion)
            sample.work.attempts.append(attempt)
            if attempt.formula is not None and (sample.best is None or not attempt.fault):
                sample.best = attempt
            if attempt.fault and not last:
                sample.messages = (
                    *sample.messages[: len(self._prompts[sample.route].turns)],
                    Message("assistant", attempt.text),
                    Message("user", f"That is wrong: {attempt.complaint}. Write it again."),
                )
                again.append(sample)
            elif sample.best is not None:
                sample.work.samples.append(sample.best)
        return again

    def _complete(self, samples: Sequence[_Sample]) -> list[Completion]:
        requests = [self._request(sample) for sample in samples]
        try:
            answers = self.model.complete_all(requests)
        except ModelError as error:
            if error.reason != "unsupported" or not self._constrained:
                raise
            # A server without grammars: what it writes is parsed all the same.
            self._constrained = False
            answers = self.model.complete_all([self._request(sample) for sample in samples])
        found = []
        for sample, answer in zip(samples, answers, strict=True):
            sample.work.tokens += answer.tokens
            sample.work.seconds += answer.seconds
            found.append(answer.samples[0])
        return found

    def _request(self, sample: _Sample) -> Request:
        grammar = None
        if self._constrained:
            predicates, constants = self._names(sample.work.text)
            if sample.route == "logic":
                not_all = _NOT_ALL.search(sample.work.text) is not None
                grammar = formula_grammar(predicates, constants, not_all=not_all)
            else:
                grammar = sentence_grammar(self._plain_words(sample.work.text))
        greedy = self._sampling.greedy and sample.number < len(self._sampling.routes)
        return Request(
            sample.messages,
            grammar=grammar,
            temperature=0.0 if greedy else self._sampling.temperature,
            seed=self._sampling.seed + sample.number,
            max_tokens=self._sampling.max_tokens,
            stop=("\n",),
        )

    # --- examining ---------------------------------------------------------------------------

    def _examined(self, sample: _Sample, completion: Completion) -> Attempt:
        text, route = completion.text.strip(), sample.route
        if completion.finish == "length":
            return Attempt(route, text, "cut_off", "it is too long and was cut off")
        formula: Formula
        if route == "english":
            actions = self._plain_words(sample.work.text).actions
            formulas, messages = wording.read(text, actions)
            if len(formulas) != 1:
                why = "; ".join(messages) or "it makes no single statement"
                return Attempt(route, text, "unread", why)
            formula = formulas[0]
        else:
            try:
                formula = self._parsed(text)
            except InputError as error:
                return Attempt(route, text, "syntax", str(error))
        return self._judged(sample, text, self.vocabulary.canonical(formula))

    def _parsed(self, text: str) -> Formula:
        formula = parse(text, "unicode") if self._constrained else repair_formula(text)[0]
        if free_variables(formula):
            names = ", ".join(sorted(var.name for var in free_variables(formula)))
            raise InputError(f"no quantifier binds {names}")
        return formula

    def _judged(self, sample: _Sample, text: str, formula: Formula) -> Attempt:
        """A formula that parses: does it fit what was said before, and does it say anything?"""
        conflict = self.vocabulary.conflict(formula)
        if conflict:
            return Attempt(sample.route, text, "signature", conflict)
        outcome = self._prove(Problem((), closure(formula))).outcome
        if outcome in (Outcome.PROVED, Outcome.REFUTED):
            how = "always" if outcome is Outcome.PROVED else "never"
            why = f"it is {how} true, whatever its words mean"
            return Attempt(sample.route, text, "empty", why)
        if _denies_itself(formula):
            return Attempt(sample.route, text, "empty", "its consequence denies its condition")
        return self._compared(sample, text, formula)

    def _compared(self, sample: _Sample, text: str, formula: Formula) -> Attempt:
        """A formula that says something: is it what the sentence says, or one change away?"""
        if self._check is None:
            return Attempt(sample.route, text, formula=formula)
        compare, sentence = self._check, sample.work.text
        doubt = compare(sentence, formula)
        if not doubt:
            return Attempt(sample.route, text, formula=formula)
        mended = mend(formula, lambda changed: compare(sentence, changed), self._prove)
        if mended is not None:
            return Attempt(
                sample.route, text, formula=mended.formula, mended=f"{mended.change}: {doubt}"
            )
        return Attempt(sample.route, text, "unfaithful", doubt, formula)

    # --- choosing ----------------------------------------------------------------------------

    def _is_decided(self, work: _Work) -> bool:
        """Whether the samples still to be drawn cannot change which meaning leads."""
        groups = work.groups
        if self._sampling.eager and groups and groups[0].first.is_clean:
            return True
        left = self._sampling.samples - work.drawn
        if not groups or groups[0].faithful < len(groups[0].members):
            return False
        second = groups[1].faithful if len(groups) > 1 else 0
        return groups[0].faithful > second + left

    def _grouped(self, samples: Sequence[Attempt]) -> list[_Group]:
        """Samples by meaning: first what most faithful samples say, then what most say."""
        formulas = [one.formula for one in samples if one.formula is not None]
        found = []
        for group in cluster(formulas, self._prove).clusters:
            members = [samples[place] for place in group.members]
            faithful = sum(not one.fault for one in members)
            found.append(_Group(tuple(members), faithful))
        return sorted(found, key=lambda group: (-group.faithful, -len(group.members)))

    def _done(self, work: _Work) -> Formalization:
        groups = work.groups
        chosen = groups[0].first if groups else None
        messages: tuple[str, ...] = ()
        if chosen is None:
            said = [f"{one.fault}: {one.complaint}" for one in work.attempts]
            reason = said[-1] if said else self._unfit(work.text)
            messages = (f"the model's translations could not be used ({reason})",)
        return Formalization(
            work.text,
            Status.TRANSLATED if groups else Status.UNTRANSLATED,
            tuple(group.alternative for group in groups),
            tuple(work.attempts),
            chosen.complaint if chosen is not None else "",
            chosen.mended if chosen is not None else "",
            messages,
            self.model.name,
            tuple((prompt.name, prompt.hash) for prompt in self._prompts.values()),
            work.tokens,
            work.seconds,
        )

    def _unfit(self, text: str) -> str:
        if len(text) > MAX_CHARACTERS:
            return f"the sentence has more than {MAX_CHARACTERS} characters"
        return "the sentence has no word that could be a predicate"


def _denies_itself(formula: Formula) -> bool:
    """Whether a rule's consequence is the denial of one of its conditions."""
    while isinstance(formula, Forall):
        formula = formula.body
    if not isinstance(formula, Implies):
        return False
    conditions = formula.left.args if isinstance(formula.left, And) else (formula.left,)
    return negate(formula.right) in conditions
