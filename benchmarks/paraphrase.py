"""Problems of ProofWriter and PrOntoQA said in other words, outside the controlled grammar.

Each sentence is read by rule, and its formula, which is its meaning, is put into words again by
templates and synonyms (``paraphrases/``) drawn at random. What the rules can still read is drawn
again. Words vary from sentence to sentence, but no word stands for two of a problem's own.
"""

from __future__ import annotations

import itertools
import json
import random
import string
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any, Final, Literal, TypeAlias

from neurosym.translate.base import Status
from neurosym.translate.english import split_sentences, translate
from provers.logic.formats import write
from provers.logic.syntax import And, Apply, Forall, Formula, Implies, Not, Pred, Term, Var, walk

WORDS: Final = Path(__file__).parent / "paraphrases"
FILES: Final = ("bench/proofwriter.jsonl", "bench/prontoqa.jsonl")

_Form: TypeAlias = Literal["finite", "infinitive", "gerund"]
_BE: Final[dict[_Form, str]] = {"finite": "is", "infinitive": "be", "gerund": "being"}


@dataclass(frozen=True, slots=True)
class Verb:
    """One wording of a relation: "run after", "runs after", "running after"."""

    infinitive: str
    finite: str
    gerund: str
    participle: str | None


@dataclass(frozen=True, slots=True)
class _Literal:
    """An atom or its negation; ``subject`` is None for the variable of a rule."""

    holds: bool
    name: str
    subject: str | None
    target: str | None = None

    @property
    def member(self) -> bool:
        return self.name.endswith("pus")

    @property
    def quality(self) -> bool:
        return self.target is None and not self.member


# --- whole problems ------------------------------------------------------------------------


def problems(data: Path, n: int, seed: int) -> list[dict[str, Any]]:
    """``n`` paraphrased ProofWriter and ``n`` PrOntoQA problems, drawn evenly over the answers.

    Raises ValueError where the files hold fewer.
    """
    drawn: list[dict[str, Any]] = []
    for file in FILES:
        with (data / file).open(encoding="utf-8") as lines:
            records = [json.loads(line) for line in lines]
        random.Random(f"{seed} {file}").shuffle(records)
        by_answer: dict[str, list[dict[str, Any]]] = {}
        for record in records:
            by_answer.setdefault(record["answer"], []).append(record)
        turns = [r for turn in _turns([by_answer[a] for a in sorted(by_answer)]) for r in turn]
        if len(turns) < n:
            raise ValueError(f"{file} has {len(turns)} problems, not {n}")
        drawn += [paraphrase(record, seed) for record in turns[:n]]
    return drawn


def _turns(queues: Sequence[list[dict[str, Any]]]) -> Iterator[list[dict[str, Any]]]:
    """One of each queue, turn by turn, until all are empty."""
    for i in range(max(map(len, queues))):
        yield [queue[i] for queue in queues if i < len(queue)]


def paraphrase(problem: dict[str, Any], seed: int) -> dict[str, Any]:
    """A record of ``bench/proofwriter.jsonl`` or ``bench/prontoqa.jsonl`` in other words.

    ``id``, ``options`` and ``answer`` are kept; ``context`` (in another order) and the statement
    in ``question`` are new. ``sentences`` holds, for each sentence in its new order and for the
    statement last, its ``original``, its ``paraphrase`` and its ``formula`` (unicode notation);
    ``readable`` counts those that the rules read nevertheless; ``words`` says what each word that
    was used instead of a problem's own stands for.

    Raises ValueError for a sentence whose form is not one of these files'.
    """
    rng = random.Random(f"{seed} {problem['id']}")
    originals = list(split_sentences(problem["context"]))
    rng.shuffle(originals)
    frame, mark, statement = problem["question"].rpartition("? ")
    texts = [*originals, statement]
    formulas = [_formula(text) for text in texts]
    names = {a.name for f in formulas for a in walk(f) if isinstance(a, Pred)}
    sentences: list[dict[str, str]] = []
    words: dict[str, str] = {}
    readable = 0
    for original, formula in zip(texts, formulas, strict=True):
        text, used, read = _draw(formula, names, rng)
        readable += read
        words |= used
        sentences.append(
            {"original": original, "paraphrase": text, "formula": write(formula, "unicode")}
        )
    new = [s["paraphrase"] for s in sentences]
    return {
        "id": problem["id"],
        "context": " ".join(new[:-1]),
        "question": frame + mark + new[-1],
        "options": problem["options"],
        "answer": problem["answer"],
        "sentences": sentences,
        "readable": readable,
        "words": words,
    }


def _formula(text: str) -> Formula:
    formulas = translate(text).formulas
    if len(formulas) != 1:
        raise ValueError(f"not one sentence of the controlled grammar: {text}")
    return formulas[0]


def _draw(
    formula: Formula, names: set[str], rng: random.Random
) -> tuple[str, dict[str, str], bool]:
    """A sentence, what its words stand for, and whether the rules read it."""
    text, used = "", dict[str, str]()
    for text, used in wordings(formula, names, rng):
        if translate(text).status is Status.UNTRANSLATED:
            return text, used, False
    return text, used, True


def wordings(
    formula: Formula, names: set[str], rng: random.Random
) -> Iterator[tuple[str, dict[str, str]]]:
    """Sentences that say ``formula``, one for each template, in a random order.

    With each comes what its words stand for. ``names`` are the problem's predicates. Raises
    ValueError for a formula that is neither a literal nor a rule of literals.
    """
    conditions, conclusion = _rule(formula)
    sections = _sections(conditions, conclusion)
    for template in rng.sample(sections, len(sections)):
        wording = _Wording(names, rng)
        filled = _filled(template, _slots(wording, conditions, conclusion))
        if filled is None:
            continue
        grounds = [c for c in conditions if c.subject is not None]
        if grounds and len(grounds) < len(conditions):
            before = rng.choice(templates()["provided"])
            filled = before.format_map(_clause_slots(wording, grounds)) + " " + filled
        yield filled[0].upper() + filled[1:] + ".", wording.used


# --- formulas ------------------------------------------------------------------------------


def _rule(formula: Formula) -> tuple[list[_Literal], _Literal]:
    match formula:
        case Forall((_,), Implies() as body):
            return _rule(body)
        case Implies(left, right):
            parts = left.args if isinstance(left, And) else (left,)
            return [_literal(part) for part in parts], _literal(right)
        case _:
            return [], _literal(formula)


def _literal(formula: Formula) -> _Literal:
    match formula:
        case Not(Pred() as atom):
            pass
        case Pred() as atom:
            pass
        case _:
            raise ValueError(f"not a literal: {write(formula, 'unicode')}")
    match [_thing(term) for term in atom.args]:
        case [subject]:
            return _Literal(atom is formula, atom.name, subject)
        case [subject, str(target)]:
            return _Literal(atom is formula, atom.name, subject, target)
        case _:
            raise ValueError(f"no form for {write(formula, 'unicode')}")


def _thing(term: Term) -> str | None:
    """ "the bald eagle", "Bob"; None for a variable."""
    match term:
        case Var():
            return None
        case Apply(name):
            words = name.replace("_", " ")
            return words if words.startswith("the ") else words.title()
        case _:
            raise ValueError("a number among these sentences")


# --- words ---------------------------------------------------------------------------------


def _lines(file: str) -> Iterator[str]:
    for line in (WORDS / file).read_text(encoding="utf-8").splitlines():
        if line.strip() and not line.startswith("#"):
            yield line.strip()


@cache
def adjectives() -> dict[str, tuple[str, ...]]:
    """Words for each quality, its own first."""
    found: dict[str, tuple[str, ...]] = {}
    for line in _lines("adjectives.txt"):
        name, _, others = line.partition(": ")
        found[name] = (name, *others.split(", "))
    return found


@cache
def verbs() -> dict[str, tuple[Verb, ...]]:
    """Wordings of each relation, its own first."""
    found: dict[str, list[Verb]] = {}
    for line in _lines("verbs.txt"):
        name, _, forms = line.partition(": ")
        infinitive, finite, gerund, participle = forms.split(", ")
        verb = Verb(infinitive, finite, gerund, None if participle == "-" else participle)
        found.setdefault(name, []).append(verb)
    return {name: tuple(wordings) for name, wordings in found.items()}


@cache
def templates() -> dict[str, tuple[str, ...]]:
    """Templates by section."""
    found: dict[str, list[str]] = {}
    section: list[str] = []
    for line in _lines("templates.txt"):
        if line.startswith("["):
            section = found.setdefault(line.strip("[]"), [])
        else:
            section.append(line)
    return {name: tuple(lines) for name, lines in found.items()}


class _Wording:
    """The words of one sentence: one for each predicate."""

    def __init__(self, names: set[str], rng: random.Random) -> None:
        self.names = names
        self.rng = rng
        self.used: dict[str, str] = {}
        self.chosen: dict[str, str] = {}
        self.chosen_verbs: dict[str, Verb] = {}
        self.short = rng.random() < 0.5

    def adjective(self, name: str) -> str:
        if name not in self.chosen:
            taken = {w for n in self.names - {name} for w in adjectives().get(n, (n,))}
            free = [w for w in adjectives().get(name, (name,)) if w == name or w not in taken]
            word = self.chosen[name] = self.rng.choice(free)
            if word != name:
                self.used[word] = name
        return self.chosen[name]

    def verb(self, name: str) -> Verb:
        if name not in self.chosen_verbs:
            verb = self.chosen_verbs[name] = self.rng.choice(verbs()[name])
            if verb.infinitive != name:
                self.used[verb.infinitive] = name
        return self.chosen_verbs[name]

    def _not(self, auxiliary: str) -> str:
        return f"{auxiliary}n't" if self.short else f"{auxiliary} not"

    def complement(self, literal: _Literal) -> str:
        """What follows "is": "chilly", "a yumpus"."""
        if literal.member:
            return f"{'an' if literal.name[0] in 'aeiou' else 'a'} {literal.name}"
        return self.adjective(literal.name)

    def complements(self, literals: Sequence[_Literal]) -> str:
        """ "both cold and quiet", "cold but not red", "neither green nor red" """
        held = [self.complement(item) for item in literals if item.holds]
        denied = [self.complement(item) for item in literals if not item.holds]
        if not held:
            return f"not {denied[0]}" if len(denied) == 1 else f"neither {' nor '.join(denied)}"
        both = "both " if len(held) == 2 and not denied and self.rng.random() < 0.7 else ""
        return both + " but ".join([_listed(held), *(f"not {word}" for word in denied)])

    def phrase(self, literal: _Literal, form: _Form, opposite: bool = False) -> str:
        """ "is not cold", "not be cold", "running after the cat" """
        holds = literal.holds is not opposite
        if literal.target is None:
            rest = self.complement(literal)
            if form == "finite":
                return f"{'is' if holds else self._not('is')} {rest}"
            return f"{'' if holds else 'not '}{_BE[form]} {rest}"
        verb = self.verb(literal.name)
        if form != "finite":
            said = verb.infinitive if form == "infinitive" else verb.gerund
            return f"{'' if holds else 'not '}{said} {literal.target}"
        if holds:
            return f"{verb.finite} {literal.target}"
        if verb.infinitive.startswith("be "):
            return f"{self._not('is')} {verb.infinitive[3:]} {literal.target}"
        return f"{self._not('does')} {verb.infinitive} {literal.target}"

    def to(self, literal: _Literal) -> str:
        """ "to be cold", "not to be cold" """
        positive = self.phrase(literal, "infinitive", opposite=not literal.holds)
        return f"{'' if literal.holds else 'not '}to {positive}"

    def phrases(self, literals: Sequence[_Literal], form: _Form) -> str:
        """The predicate of what all of ``literals`` are about; what is denied comes last."""
        plain = [item for item in literals if item.target is None]
        parts: list[tuple[bool, str]] = []
        if len(plain) > 1:
            comes_last = not all(item.holds for item in plain)
            parts.append((comes_last, f"{_BE[form]} {self.complements(plain)}"))
        else:
            parts += [(not item.holds, self.phrase(item, form)) for item in plain]
        parts += [
            (not item.holds, self.phrase(item, form))
            for item in literals
            if item.target is not None
        ]
        parts.sort(key=lambda part: part[0])
        text = parts[0][1]
        for (before, _), (denied, said) in itertools.pairwise(parts):
            text += (" but " if denied and not before else " and ") + said
        return text

    def clause(self, literals: Sequence[_Literal]) -> str:
        """One clause about the one subject of ``literals``; a relation may become passive."""
        first = literals[0]
        if first.target is not None and len(literals) == 1:
            done = self.verb(first.name).participle
            if done is not None and self.rng.random() < 0.6:
                gets = "gets" if first.holds else f"{self._not('does')} get"
                return f"{first.target} {gets} {done} by {first.subject}"
        return f"{first.subject} {self.phrases(literals, 'finite')}"

    def clauses(self, literals: Sequence[_Literal]) -> list[str]:
        """All of ``literals``; neighbouring qualities of one thing share a clause."""
        groups: list[list[_Literal]] = []
        for item in literals:
            same = groups and groups[-1][0].subject == item.subject
            if same and item.quality and groups[-1][0].quality:
                groups[-1].append(item)
            else:
                groups.append([item])
        return [self.clause(group) for group in groups]


def _listed(words: Sequence[str]) -> str:
    return words[0] if len(words) == 1 else f"{', '.join(words[:-1])} and {words[-1]}"


# --- slots ---------------------------------------------------------------------------------


def _sections(conditions: Sequence[_Literal], conclusion: _Literal) -> list[str]:
    open_ = any(c.subject is None for c in conditions)
    if conditions:
        name = "case" if not open_ else "things" if conclusion.subject is None else "one thing"
    else:
        kind = "member" if conclusion.member else "quality"
        name = "relation" if conclusion.target is not None else kind
        name = name if conclusion.holds else f"no {name}"
    return list(templates()[name])


def _filled(template: str, slots: dict[str, str]) -> str | None:
    wanted = {name for _, name, _, _ in string.Formatter().parse(template) if name}
    return template.format_map(slots) if wanted <= slots.keys() else None


def _slots(
    wording: _Wording, conditions: Sequence[_Literal], conclusion: _Literal
) -> dict[str, str]:
    """The slots that ``templates.txt`` describes, as far as these literals fill them."""
    if not conditions:
        return _fact_slots(wording, conclusion)
    about = [c for c in conditions if c.subject is None]
    slots: dict[str, str] = {}
    if about:
        slots = {
            "fin": wording.phrases(about, "finite"),
            "inf": wording.phrases(about, "infinitive"),
            "ger": wording.phrases(about, "gerund"),
        }
        if all(c.holds for c in about):
            slots |= {"afin": slots["fin"], "ainf": slots["inf"]}
        if all(c.quality for c in about):
            slots["aps"] = wording.complements(about)
            words = [wording.adjective(c.name) for c in about]
            if all(c.holds for c in about) and not any(" " in word for word in words):
                slots["adjs"] = _listed(words)
        if len(about) == 1 and about[0].member and about[0].holds:
            slots |= {"a": wording.complement(about[0]), "ns": f"{about[0].name}es"}
    else:
        slots = _clause_slots(wording, conditions)
    if conclusion.subject is None:
        slots |= _conclusion_slots(wording, conclusion)
    else:
        to = f"{conclusion.subject} {wording.to(conclusion)}"
        slots |= {"d": wording.clause([conclusion]), "dto": to}
    return slots


def _clause_slots(wording: _Wording, literals: Sequence[_Literal]) -> dict[str, str]:
    clauses = wording.clauses(literals)
    that = " and ".join(f"that {clause}" for clause in clauses)
    both = f"both {that}" if len(clauses) > 1 else that
    return {"c": " and ".join(clauses), "that": that, "both": both}


def _fact_slots(wording: _Wording, fact: _Literal) -> dict[str, str]:
    if fact.subject is None:
        raise ValueError("a fact about nothing named")
    slots = {"s": fact.subject}
    if fact.target is None:
        if fact.member:
            return slots | {"a": wording.complement(fact), "ns": f"{fact.name}es"}
        return slots | _quality_slots("", wording.adjective(fact.name))
    verb = wording.verb(fact.name)
    slots |= {"o": fact.target, "fin": verb.finite, "inf": verb.infinitive}
    if not verb.infinitive.startswith(("be ", "have ")):
        slots["doing"] = verb.gerund
    if verb.participle is not None:
        slots["done"] = verb.participle
    return slots


def _conclusion_slots(wording: _Wording, conclusion: _Literal) -> dict[str, str]:
    slots = {
        "d": wording.phrase(conclusion, "finite"),
        "dinf": wording.phrase(conclusion, "infinitive"),
        "dto": wording.to(conclusion),
        "und": wording.phrase(conclusion, "finite", opposite=True),
    }
    sign = "p" if conclusion.holds else "n"
    turned = not conclusion.holds
    slots[f"{sign}inf"] = wording.phrase(conclusion, "infinitive", opposite=turned)
    slots[f"{sign}ger"] = wording.phrase(conclusion, "gerund", opposite=turned)
    if conclusion.member:
        slots[f"{sign}a"] = wording.complement(conclusion)
        slots[f"{sign}ns"] = f"{conclusion.name}es"
    elif conclusion.quality:
        slots |= _quality_slots(sign, wording.adjective(conclusion.name))
    return slots


def _quality_slots(sign: str, words: str) -> dict[str, str]:
    one_word = {} if " " in words else {f"{sign}adj": words}
    return {f"{sign}ap": words, **one_word}
