"""Plain English of a model, read by the rules, with verbs of several words that they do not know.

"The mouse makes a meal of the cow" is read as "the mouse greets the cow", and what ``greet`` says
there gets its own name back.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from typing import Final

from neurosym.translate import english
from neurosym.translate.atoms import rename_symbols
from neurosym.translate.grammars.plain import third_person
from provers.logic.syntax import Formula

# Regular verbs that the rules know, in their base form.
_STAND_INS: Final = ("admire", "greet", "hug", "kick", "push", "pull", "lift", "touch", "follow")


def _in_the_form_of(verb: str) -> Callable[[re.Match[str]], str]:
    return lambda found: third_person(verb) if found["s"] else verb


def read(text: str, actions: Sequence[str]) -> tuple[tuple[Formula, ...], tuple[str, ...]]:
    """The formulas of one plain sentence over ``actions``, and messages where there are none.

    An action is a verb in its base form as ``grammars.plain`` has it: "chase", "make a meal of".
    """
    free = [verb for verb in _STAND_INS if verb not in text]
    meant: dict[str, str] = {}
    # "Drop in on" before "drop in".
    for action in sorted((a for a in actions if " " in a), key=len, reverse=True):
        forms = rf"\b(?:(?P<s>{re.escape(third_person(action))})|{re.escape(action)})\b"
        if free and re.search(forms, text):
            verb = free.pop(0)
            meant[verb] = action.replace(" ", "_")
            text = re.sub(forms, _in_the_form_of(verb), text)
    reading = english.translate(text)
    named = tuple(
        rename_symbols(formula, predicate=lambda name, _: meant.get(name, name))
        for formula in reading.formulas
    )
    return named, reading.messages
