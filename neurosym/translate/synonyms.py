"""Names of one problem that a language model takes for the same word.

A proposal needs the model's word both ways round, and then still a prover's (see
``neurosym.translate.vocabulary``): the model alone merges nothing.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Final

from neurosym.llm.base import Model, Request
from neurosym.translate import prompts
from neurosym.translate.grammars import choice
from neurosym.translate.repair.names import Proposal
from neurosym.translate.vocabulary import same
from provers.logic.signature import Symbol

MOST_NAMES: Final = 60
_NONE: Final = "none"


def propose(model: Model, symbols: Sequence[Symbol], new: Iterable[Symbol] = ()) -> list[Proposal]:
    """Which predicates are other words for earlier ones of the same arity.

    ``new`` are the symbols to look at (all, where it is empty); the earlier of two is kept. At
    most ``MOST_NAMES`` symbols are looked at.

    Raises ModelError where the model cannot be asked.
    """
    asked = set(new) or set(symbols)
    symbols = [symbol for symbol in symbols if symbol.kind == "predicate"][:MOST_NAMES]
    pairs = []
    forward = [(s, _peers(s, symbols)) for s in symbols if s in asked]
    for (symbol, _), answer in zip(forward, _choose(model, forward), strict=True):
        if answer is not None:
            pairs.append((symbol, answer))
    back = [(other, _peers(other, symbols)) for _, other in pairs]
    kept: dict[Symbol, Symbol] = {}
    for (symbol, other), answer in zip(pairs, _choose(model, back), strict=True):
        if answer is None:
            continue
        # The other's closest word may be a third one; it is enough that it has one at all and
        # that this pair stands in one group with it.
        if answer == symbol or _root(answer, kept) == _root(symbol, kept):
            one, two = _root(symbol, kept), _root(other, kept)
            if one != two:
                late, early = sorted((one, two), key=symbols.index, reverse=True)
                kept[late] = early
    return [
        same(symbol, _root(symbol, kept).name, f"the model {model.name}")
        for symbol in symbols
        if symbol in kept
    ]


def _peers(symbol: Symbol, symbols: Sequence[Symbol]) -> list[Symbol]:
    return [other for other in symbols if other.arity == symbol.arity and other != symbol]


def _root(symbol: Symbol, kept: dict[Symbol, Symbol]) -> Symbol:
    while symbol in kept:
        symbol = kept[symbol]
    return symbol


def _choose(
    model: Model, questions: Sequence[tuple[Symbol, Sequence[Symbol]]]
) -> list[Symbol | None]:
    """For each symbol the one of its list that the model takes for the same word."""
    prompt = prompts.load("synonym")
    answers: list[Symbol | None] = [None] * len(questions)
    places = [place for place, (_, others) in enumerate(questions) if others]
    requests = []
    for place in places:
        symbol, others = questions[place]
        words = [_words(other) for other in others]
        # The same list for every word, so that an engine reads it once.
        everything = sorted({*words, _words(symbol)})
        messages = prompt.messages(_words(symbol), list=", ".join(everything))
        grammar = f"root ::= {choice([*dict.fromkeys(words), _NONE])}\n"
        requests.append(Request(messages, grammar=grammar, max_tokens=24))
    if not requests:
        return answers
    for place, answer in zip(places, model.complete_all(requests), strict=True):
        said = answer.samples[0].text.strip()
        others = questions[place][1]
        answers[place] = next((other for other in others if _words(other) == said), None)
    return answers


def _words(symbol: Symbol) -> str:
    return symbol.name.replace("_", " ")
