"""The constants that a goal names, as far as its text tells."""

from __future__ import annotations

import re
from typing import Final

from neurosym.premises.corpus import Corpus

# What Lean's notations stand for (Init.Prelude and Init.Core).
NOTATIONS: Final = {
    "+": "HAdd.hAdd",
    "-": "HSub.hSub",
    "*": "HMul.hMul",
    "/": "HDiv.hDiv",
    "%": "HMod.hMod",
    "^": "HPow.hPow",
    "∣": "Dvd.dvd",
    "=": "Eq",
    "≠": "Ne",
    "<": "LT.lt",
    ">": "GT.gt",
    "≤": "LE.le",
    "≥": "GE.ge",
    "<=": "LE.le",
    ">=": "GE.ge",
    "¬": "Not",
    "∧": "And",
    "∨": "Or",
    "↔": "Iff",
    "∃": "Exists",
    "==": "BEq.beq",
    "!=": "bne",
    "&&": "and",
    "||": "or",
    "!": "not",
    "∈": "Membership.mem",
    "⊆": "HasSubset.Subset",
    "∪": "Union.union",
    "∩": "Inter.inter",
    "∅": "EmptyCollection.emptyCollection",
    "++": "HAppend.hAppend",
    "::": "List.cons",
    "[]": "List.nil",
    "∘": "Function.comp",
    "<<<": "HShiftLeft.hShiftLeft",
    ">>>": "HShiftRight.hShiftRight",
    "&&&": "HAnd.hAnd",
    "|||": "HOr.hOr",
    "^^^": "HXor.hXor",
    "~~~": "Complement.complement",
    "•": "HSMul.hSMul",
    "ℕ": "Nat",
    "ℤ": "Int",
    "ℚ": "Rat",
}
_NOTATION: Final = re.compile(
    "|".join(re.escape(one) for one in sorted(NOTATIONS, key=len, reverse=True))
)
_NAME: Final = re.compile(r"«[^»\n]{1,200}»|[^\W\d][\w'!?₀-₉]*(?:\.[^\W\d][\w'!?₀-₉]*)*")


def symbols_of(corpus: Corpus, goal: str) -> list[int]:
    """The indices of the declarations that a goal names, or that its notation stands for.

    A field's name after a variable (``xs.length``) is looked up by its last part with the names
    of types that the goal has (``List``): as Lean does it, but without knowing which is meant.
    """
    found: dict[int, None] = {}
    named = [match.group() for match in _NAME.finditer(goal)]
    types = [name for name in named if name[:1].isupper()]
    types += [NOTATIONS[one] for one in ("ℕ", "ℤ", "ℚ") if one in goal]
    for name in named:
        candidates = [name]
        last = name.rpartition(".")[2]
        if "." in name:
            candidates += [f"{one}.{last}" for one in types]
        for candidate in candidates:
            index = corpus.find(candidate)
            if index is not None:
                found[index] = None
    for match in _NOTATION.finditer(_NAME.sub(" ", goal)):
        index = corpus.find(NOTATIONS[match.group()])
        if index is not None:
            found[index] = None
    return list(found)
