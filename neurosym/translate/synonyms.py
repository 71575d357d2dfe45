"""Names of one problem that a language model takes for the same word.

Each name's closest other is asked for along the list of names; whether the two mean the same is
asked both ways round, and has to be likely where the engine says how likely. A proposal still
needs a prover's leave (see ``neurosym.translate.vocabulary``): the model alone merges nothing.
"""

from __future__ import annotations

import math
from collections.abc import Iterable, Sequence
from typing import Final

from neurosym.llm.base import Model, Request
from neurosym.translate import prompts
from neurosym.translate.grammars import choice
from neurosym.translate.repair.names import Proposal
from neurosym.translate.vocabulary import same
from provers.logic.signature import Symbol

MOST_NAMES: Final = 60
LIKELY: Final = 0.75
"""The probability that a yes needs, in the mean of both ways round."""

_ANSWER: Final = 'root ::= "yes" | "no"\n'


def propose(model: Model, symbols: Sequence[Symbol], new: Iterable[Symbol] = ()) -> list[Proposal]:
    """Which predicates are other words for earlier ones of the same arity.

    ``new`` are the symbols to look at (all, where it is empty); the earlier of two is kept. At
    most ``MOST_NAMES`` symbols are looked at.

    Raises ModelError where the model cannot be asked.
    """
    asked = set(new) or set(symbols)
    symbols = [symbol for symbol in symbols if symbol.kind == "predicate"][:MOST_NAMES]
    pairs = _closest(model, [s for s in symbols if s in asked], symbols)
    kept: dict[Symbol, Symbol] = {}
    for one, other in _alike(model, pairs):
        first, second = _root(one, kept), _root(other, kept)
        if first != second:
            late, early = sorted((first, second), key=symbols.index, reverse=True)
            kept[late] = early
    return [
        same(symbol, _root(symbol, kept).name, f"the model {model.name}")
        for symbol in symbols
        if symbol in kept
    ]


def _root(symbol: Symbol, kept: dict[Symbol, Symbol]) -> Symbol:
    while symbol in kept:
        symbol = kept[symbol]
    return symbol


def _closest(
    model: Model, asked: Sequence[Symbol], symbols: Sequence[Symbol]
) -> list[tuple[Symbol, Symbol]]:
    """Each symbol with the one of its arity that the model finds closest; each pair once."""
    prompt = prompts.load("closest")
    questions = []
    for symbol in asked:
        others = [s for s in symbols if s.arity == symbol.arity and s != symbol]
        if others:
            # The same list for every word, so that an engine reads it once.
            words = ", ".join(sorted({_words(s) for s in (symbol, *others)}))
            grammar = f"root ::= {choice(list(dict.fromkeys(map(_words, others))))}\n"
            request = Request(
                prompt.messages(_words(symbol), list=words), grammar=grammar, max_tokens=24
            )
            questions.append((symbol, others, request))
    pairs: dict[frozenset[Symbol], tuple[Symbol, Symbol]] = {}
    for symbol, others, _ in questions:  # "kind hearted" and "kind" are always asked about
        for other in others:
            if symbol.name.partition("_")[0] == other.name.partition("_")[0]:
                pairs.setdefault(frozenset((symbol, other)), (symbol, other))
    answers = model.complete_all([request for _, _, request in questions]) if questions else []
    for (symbol, others, _), answer in zip(questions, answers, strict=True):
        said = answer.samples[0].text.strip()
        closest = next((other for other in others if _words(other) == said), None)
        if closest is not None:
            pairs.setdefault(frozenset((symbol, closest)), (symbol, closest))
    return list(pairs.values())


def _alike(model: Model, pairs: Sequence[tuple[Symbol, Symbol]]) -> list[tuple[Symbol, Symbol]]:
    """The pairs that the model calls the same both ways round, and likely so."""
    prompt = prompts.load("synonym")
    requests = [
        Request(prompt.messages(_words(a), other=_words(b)), grammar=_ANSWER, max_tokens=4)
        for one, other in pairs
        for a, b in ((one, other), (other, one))
    ]
    answers = [answer.samples[0] for answer in model.complete_all(requests)] if requests else []
    found = []
    for pair, both in zip(pairs, zip(answers[::2], answers[1::2], strict=True), strict=True):
        known = [sample.logprob for sample in both if sample.logprob is not None]
        likely = not known or sum(known) / len(known) >= math.log(LIKELY)
        if likely and all(sample.text.strip() == "yes" for sample in both):
            found.append(pair)
    return found


def _words(symbol: Symbol) -> str:
    return symbol.name.replace("_", " ")
