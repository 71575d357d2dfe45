"""Quantifiers, the direction of rules, and connectives: the frame that names stand in."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from itertools import pairwise
from typing import Final

from neurosym.verify.fidelity.base import Mismatch
from neurosym.verify.fidelity.negation import cues_of
from neurosym.verify.fidelity.words import Matcher, Word, word_list
from provers.logic.syntax import (
    And,
    Apply,
    Exists,
    Forall,
    Formula,
    Iff,
    Implies,
    Not,
    Or,
    Pred,
    Xor,
    free_variables,
    subformulas,
    terms,
    walk,
)

_ALL: Final = frozenset(word_list("every all each any everyone everything everybody whoever"))
_SOME: Final = frozenset(word_list("some someone something somebody several"))
_NONE: Final = frozenset(word_list("no none nobody nothing"))
_CONDITIONAL: Final = ("if", "whenever", "when", "once", "provided")
# Words by which a condition may stand after its consequence, or no rule is said at all.
_INVERTING: Final = frozenset(
    word_list(
        "if when whenever unless only once because since while until after before as in on to for "
        "during which necessary"
    )
)
# What begins a sentence about all of a kind, with the kind first.
_SUBJECT: Final = _ALL | frozenset(word_list("anything anyone whatever nothing nobody being no"))
_CONDITIONS: Final = frozenset(
    word_list(
        "if when whenever unless provided providing given once long should case assuming suppose "
        "supposing without only impossible where then while imply implies means otherwise or "
        "because since so therefore until till whether depend depends no not never"
    )
)
_OPENING_CONDITION: Final = frozenset(
    word_list("if when whenever unless provided should suppose supposing assuming")
)
_ENOUGH: Final = (["only", "has", "to"], ["only", "have", "to"], ["only", "needs", "to"])
_DEEDS: Final = frozenset({("is", "something"), ("is", "nothing"), ("is", "what")})
_CLAUSAL: Final = frozenset(
    word_list("if when whenever unless only because since while until before after as what")
)
_EITHER_WAY: Final = frozenset(
    word_list(
        "or either neither nor whether unless not no never none another other can include includes "
        "including only"
    )
)


def check(words: tuple[Word, ...], formula: Formula, matcher: Matcher) -> Iterator[Mismatch]:
    """What the frame of the formula says otherwise than the frame of the text."""
    lows = [w.low for w in words]
    yield from _shapes(lows, formula)
    yield from _strength(lows, formula)
    yield from _deed(words, lows, formula)
    yield from _direction(words, lows, formula, matcher)
    yield from _conditional(lows, formula)
    yield from _denied_side(words, lows, formula)
    yield from _connectives(words, lows, formula, matcher)


# --- quantifiers ---------------------------------------------------------------------------


def _shapes(lows: list[str], formula: Formula) -> Iterator[Mismatch]:
    """The two named mistakes: ∀ over a conjunction, ∃ over an implication."""
    denied = not {"no", "none", "nobody", "nothing"}.isdisjoint(lows)
    for node in walk(formula):
        match node:
            case Exists(bound, Implies(left, _)) if set(bound) & free_variables(left):
                yield Mismatch(
                    "quantifier", "∃ over an implication says next to nothing", "", "∃ … → …"
                )
            case Forall(bound, And(args)) if node is formula and not any(
                isinstance(f, Implies | Iff | Xor) for f in walk(node.body)
            ):
                plain = [
                    a for a in args if isinstance(a, Pred | Not) and set(bound) & free_variables(a)
                ]
                if len(plain) > 1 or (denied and plain):
                    yield Mismatch(
                        "quantifier",
                        "∀ over a conjunction says that everything there is is both",
                        "",
                        "∀ … ∧ …",
                    )


def _strength(lows: list[str], formula: Formula) -> Iterator[Mismatch]:
    """A text that opens with "every" over an outermost ∃, or one with "some" over a ∀."""
    opening = next((i for i, low in enumerate(lows) if low.isalnum()), 0)
    first = lows[opening] if lows else ""
    if lows[opening : opening + 2] == ["there", "is"] or lows[opening : opening + 2] == [
        "there",
        "are",
    ]:
        first = "no" if lows[opening + 2 : opening + 3] in (["no"], ["not"]) else "some"
    elif lows[opening : opening + 2] == ["no", "one"]:
        first = "none"
    conditional = not {"if", "when", "whenever"}.isdisjoint(lows)
    bare = formula
    while isinstance(bare, Not):
        bare = bare.body
    denied = formula is not bare
    outer = type(bare)
    if first in _ALL and outer is Exists and not denied:
        yield Mismatch("quantifier", f"the text says {first!r}, the formula ∃", first, "∃")
    elif first in _NONE and outer is Exists and not denied:
        yield Mismatch(
            "quantifier", f"the text says {first!r}, the formula that there is one", first, "∃"
        )
    elif first in _SOME and outer is Forall and not denied and not conditional:
        if not any(isinstance(f, Exists) for f in walk(formula)):
            yield Mismatch("quantifier", f"the text says {first!r}, the formula ∀", first, "∀")
    elif first in {"no", *_NONE} and isinstance(bare, Forall) and denied:
        if any(isinstance(f, Implies) for f in walk(bare)):
            yield Mismatch(
                "quantifier", f"the text says {first!r}, the formula 'not all'", first, "¬∀"
            )
    elif first == "not" and lows[opening + 1 : opening + 2] and lows[opening + 1] in _ALL:
        if outer is Forall and not denied:
            yield Mismatch("quantifier", "the text says 'not every', the formula ∀", "not", "∀")
    elif first in ("if", "when", "whenever") and outer is Exists and not denied:
        yield Mismatch(
            "quantifier", "the text is a rule, the formula says there is one", first, "∃"
        )


def _deed(words: tuple[Word, ...], lows: list[str], formula: Formula) -> Iterator[Mismatch]:
    """A rule for "chasing the dog is something that the cat does", which speaks of two things."""
    if not lows or not lows[0].endswith("ing"):
        return
    at = next((i for i in range(len(lows)) if tuple(lows[i : i + 2]) in _DEEDS), None)
    if at is None or not {"do", "does", "did"} & set(lows[at:]):
        return
    doer = words[at + 3 : at + 4] if lows[at + 2 : at + 3] == ["that"] else words[at + 2 : at + 3]
    bare = formula.body if isinstance(formula, Not) else formula
    if doer and (doer[0].low == "the" or doer[0].text[0].isupper()) and not isinstance(bare, Pred):
        yield Mismatch(
            "quantifier", "the text states a fact about single things, the formula a rule", "", "∀"
        )


# --- direction -----------------------------------------------------------------------------


def _rule(formula: Formula) -> Implies | None:
    """The one implication of the formula, if it has just one and it stands outermost."""
    inner = formula
    while isinstance(inner, Forall):
        inner = inner.body
    if not isinstance(inner, Implies):
        return None
    count = sum(isinstance(f, Implies | Iff) for f in walk(inner))
    return inner if count == 1 else None


def _direction(
    words: tuple[Word, ...], lows: list[str], formula: Formula, matcher: Matcher
) -> Iterator[Mismatch]:
    """A rule whose condition and consequence have changed places."""
    rule = _rule(formula)
    if rule is None:
        return
    left = _own(rule.left, matcher)
    right = _own(rule.right, matcher)
    left, right = left - right, right - left
    split = _split(lows)
    if split is None:
        last = max(cues_of(words, formula), default=-1)
        if last >= 0 and _is_positive(rule) and left and right:
            # "Nothing is A without being B": what is denied last is the consequence.
            if min(left) > last > max(right):
                yield Mismatch(
                    "quantifier", "the rule's condition is what the text denies last", "", "→"
                )
            return
        if left and right and lows and lows[0] in _SUBJECT and not _CLAUSAL & set(lows):
            if min(left) > max(right):
                yield Mismatch(
                    "quantifier", "the rule's condition is what the text predicates", "", "→"
                )
            return
        if left and right and min(left) > max(right) and not _INVERTING & set(lows):
            yield Mismatch(
                "quantifier", "the rule's condition is what the text predicates", "", "→"
            )
        return
    condition, consequence, cue = split
    if isinstance(rule.left, Not) != isinstance(rule.right, Not) or not isinstance(rule.left, Not):
        wrong = len(left & consequence) + len(right & condition)
        fitting = len(left & condition) + len(right & consequence)
        if wrong and not fitting:
            yield Mismatch("quantifier", f"the rule runs against the text's {cue!r}", cue, "→")


def _conditional(lows: list[str], formula: Formula) -> Iterator[Mismatch]:
    """A condition on single things that no word of the text makes one."""
    single = isinstance(formula, Implies) and not any(
        isinstance(node, Forall | Exists) for node in walk(formula)
    )
    if single and not _CONDITIONS & set(lows):
        message = "the formula has a condition, the text states a fact"
        yield Mismatch("connective", message, "", "→")
    opening = next((low for low in lows if low.isalnum()), "")
    bare = formula.body if isinstance(formula, Not) else formula
    if opening in _OPENING_CONDITION and isinstance(bare, Pred):
        yield Mismatch("connective", "the text has a condition, the formula none", opening, "")
    if opening in _OPENING_CONDITION and isinstance(formula, Not) and isinstance(bare, Implies):
        message = "the formula denies the whole rule: the condition without the consequence"
        yield Mismatch("connective", message, opening, "¬(… → …)")


def _denied_side(words: tuple[Word, ...], lows: list[str], formula: Formula) -> Iterator[Mismatch]:
    """A denial of the condition that the formula has in the consequence, or the other way.

    What a rule denies on both sides, or on none, may be said turned round.
    """
    rule, split = _rule(formula), _split(lows)
    if rule is None or split is None or split[2] not in _CONDITIONAL:
        return
    condition, consequence, cue = split
    cues = set(cues_of(words, formula))
    said = bool(cues & condition), bool(cues & consequence)
    found = tuple(any(isinstance(f, Not) for f in walk(side)) for side in (rule.left, rule.right))
    if said[0] != said[1] and found == said[::-1]:
        wrong = "condition" if found[0] else "consequence"
        yield Mismatch("negation", f"the formula denies the {wrong}, the text the other", cue, "¬")


def _is_positive(rule: Implies) -> bool:
    return not any(isinstance(node, Not) for node in walk(rule))


def _own(formula: Formula, matcher: Matcher) -> frozenset[int]:
    found: set[int] = set()
    for node in walk(formula):
        if isinstance(node, Pred):
            found |= matcher.name(node.name)[0]
    for term in terms(formula):
        if isinstance(term, Apply):
            found |= matcher.name(term.name)[0]
    return frozenset(found)


def _split(lows: list[str]) -> tuple[frozenset[int], frozenset[int], str] | None:
    """Which words state the condition and which the consequence, and the word that tells."""
    everything = frozenset(range(len(lows)))
    cue = next((c for c in _CONDITIONAL if c in lows), None)
    if cue == "provided" and {"with", "by"} & set(lows[lows.index(cue) + 1 :][:1]):
        cue = None  # "is provided with a meal"
    if cue is not None:
        at = lows.index(cue)
        hedged = {"unless", "only"} & set(lows[:at]) and lows[at - 1] != "only"
        if lows.count(cue) > 1 or hedged:
            return None
        if lows[at - 1 : at] == ["only"]:
            if at < 2 or lows[at - 2] == "and":
                return None
            return frozenset(range(at - 1)), everything - frozenset(range(at)), "only if"
        if lows[at - 1 : at] in (["even"], ["as"], ["and"]):
            return None
        if at <= 1:
            end = next((i for i in range(at, len(lows)) if lows[i] == "then"), None)
            if end is None and lows.count(",") == 1:
                end = lows.index(",")
            if end is None:
                return None
            return frozenset(range(at, end)), everything - frozenset(range(end)), cue
        return everything - frozenset(range(at)), frozenset(range(at)), cue
    enough = next((i for i in range(len(lows)) if lows[i : i + 3] in _ENOUGH), None)
    if enough is not None and "for" in lows[enough:]:
        at = lows.index("for", enough)
        return frozenset(range(enough, at)), everything - frozenset(range(at)), "only has to"
    if lows[:1] == ["only"] and len(lows) > 2:
        verb = _main_verb(lows)
        if verb is None:
            return None
        return everything - frozenset(range(verb)), frozenset(range(verb)), "only"
    determined = bool(lows) and lows[0] in _ALL | {"no"}
    if determined and not {"unless", "when", "only", "except"} & set(lows):
        verb = _main_verb(lows)
        if verb is None:
            return None
        return frozenset(range(verb)), everything - frozenset(range(verb)), lows[0]
    return None


def _main_verb(lows: list[str]) -> int | None:
    """Where "is" or "are" divides subject from predicate, if nothing else could."""
    places = [i for i, low in enumerate(lows) if low in ("is", "are")]
    if len(places) != 1 or {"who", "that", "which", ","} & set(lows[: places[0]]):
        return None
    return places[0]


# --- connectives ---------------------------------------------------------------------------


def _connectives(
    words: tuple[Word, ...], lows: list[str], formula: Formula, matcher: Matcher
) -> Iterator[Mismatch]:
    """ "And" for "or", an exclusive for an inclusive "or", and what "if" and "iff" demand."""
    nodes = list(walk(formula))
    kinds = {type(n) for n in nodes}
    said = set(lows)
    text = " ".join(lows)
    iff = "if and only if" in text or "exactly when" in text or "exactly if" in text
    if iff and not kinds & {Iff, Xor} and sum(isinstance(n, Implies) for n in nodes) < 2:
        yield Mismatch("connective", "the text says 'if and only if'", "if and only if", "")
    equal = said & {"either", "both", "neither", "same", "only"}
    if not iff and Iff in kinds and not equal and said & (_ALL | {"if"}):
        yield Mismatch("connective", "the formula says 'if and only if'", "", "↔")
    if (
        "if" in said
        and "as if" not in text
        and Pred in kinds
        and not kinds & {Implies, Iff, Or, Xor, Forall}
    ):
        yield Mismatch("connective", "the text's 'if' is missing", "if", "")
    if (
        said & {"when", "whenever"}
        and Exists in kinds
        and not kinds & {Implies, Iff, Or, Xor, Forall, Not}
    ):
        yield Mismatch(
            "connective", "the text is a rule, the formula says that there is one", "when", "∃"
        )
    if "but not both" in text and Or in kinds and not kinds & {Xor, Iff, Not}:
        yield Mismatch("connective", "the text says 'but not both'", "but not both", "∨")
    if "or both" in text and Xor in kinds and Or not in kinds:
        yield Mismatch("connective", "the text says 'or both'", "or both", "⊕")
    if not said & _EITHER_WAY and "/" not in said and _asserted_or(formula, True):
        yield Mismatch("connective", "the formula's 'or' is not in the text", "", "∨")
    if (
        not said & _EITHER_WAY
        and "/" not in said
        and _both_conditions(words, lows, formula, matcher)
    ):
        yield Mismatch("connective", "the formula says 'or' where the text says 'and'", "and", "∨")
    if Not in kinds and not kinds & {Xor, Iff}:
        yield from _not_both(words, lows, nodes, matcher)
    if not kinds & {Or, Xor, Iff} and "or" in said:
        pair = _joined_by_or(words, nodes, matcher)
        if pair and Not not in kinds:
            yield Mismatch(
                "connective", "the formula says 'and' where the text says 'or'", pair, "∧"
            )


def _not_both(
    words: tuple[Word, ...], lows: list[str], nodes: Iterable[Formula], matcher: Matcher
) -> Iterator[Mismatch]:
    """ "Neither A nor B" and "not A or B" as "not both"."""
    joined = [n.body for n in nodes if isinstance(n, Not) and isinstance(n.body, And)]
    if not joined or "both" in lows:
        return
    if "neither" in lows and not any(isinstance(n, Or) for n in nodes):
        yield Mismatch(
            "connective", "the text says 'neither', the formula not both", "", "¬(… ∧ …)"
        )
    elif not {"neither", "nor"} & set(lows) and (pair := _joined_by_or(words, joined, matcher)):
        yield Mismatch("connective", "the formula says 'and' where the text says 'or'", pair, "∧")


def _asserted_or(formula: Formula, positive: bool) -> bool:
    """Whether a disjunction is asserted: not in a condition and not below a denial."""
    match formula:
        case Not(body):
            return _asserted_or(body, not positive)
        case Implies(left, right):
            return _asserted_or(left, not positive) or _asserted_or(right, positive)
        case Or():
            return positive
        case Iff():
            return False
        case Xor():
            return True
        case _:
            return any(_asserted_or(f, positive) for f in subformulas(formula))


def _both_conditions(
    words: tuple[Word, ...], lows: list[str], formula: Formula, matcher: Matcher
) -> bool:
    """Whether a rule's alternatives are conditions that the text demands together.

    "Cats and dogs are animals" is a rule with alternatives; "red and big things" and "if it is red
    and big" are not.
    """
    rule = _rule(formula)
    if rule is None or not isinstance(rule.left, Or):
        return False
    places = [_own(arg, matcher) for arg in rule.left.args]
    if not all(places):
        return False
    if any(cue in lows for cue in _CONDITIONAL):
        return True
    spans = sorted((min(p), max(p)) for p in places)
    for (_, end), (start, _) in pairwise(spans):
        if not {*lows[end + 1 : start]} <= {"and", ",", "all", "the", "&"}:
            return True
    after = spans[-1][1] + 1
    return lows[after : after + 1] in (["things"], ["thing"], ["people"], ["person"])


def _joined_by_or(words: tuple[Word, ...], nodes: Iterable[Formula], matcher: Matcher) -> str:
    """The words around an "or" that two conjuncts of the formula take, or nothing."""
    for node in nodes:
        if not isinstance(node, And) or not all(isinstance(a, Pred) for a in node.args):
            continue
        owned = [_own(arg, matcher) for arg in node.args]
        for i, word in enumerate(words[1:-1], 1):
            if word.low != "or":
                continue
            before = [k for k, own in enumerate(owned) if i - 1 in own]
            after = [k for k, own in enumerate(owned) if i + 1 in own or i + 2 in own]
            if len(before) == len(after) == 1 and before != after:
                return f"{words[i - 1].text} or {words[i + 1].text}"
    return ""
