"""Small values for a theorem's variables, and the Lean terms that refute it by them."""

from __future__ import annotations

import itertools
import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass

from provers.lean.context import Context, is_instance
from provers.lean.goals import Hypothesis

MOST = 240
_PER_TYPE = 12
_SMALL = {
    "Nat": ("0", "1", "2", "3", "4", "5", "7", "10"),
    "Int": ("0", "1", "-1", "2", "-2", "3", "-3", "10"),
    "Rat": ("0", "1", "-1", "2", "1/2", "-2", "-1/2", "10"),
    "Bool": ("true", "false"),
    "Prop": ("True", "False"),
    "Unit": ("()",),
    "String": ('""', '"a"'),
    "Char": ("'a'", "'b'"),
}
_TYPES = ("Bool", "Nat", "Unit")
_SORT = re.compile(r"(?:Type|Sort)(?: [\w.*+]+| \(.*\))?|Type\*")
_NUMBER = re.compile(r"(?<![\w.])\d{1,6}(?![\w.])")
_WORD = re.compile(r"[^\W\d][\w'.!?✝]*")
# Ways to close what an instance leaves to prove, fastest first.
EASY = "decide"
HARD = "first | decide +kernel | (simp; done) | omega | grind"
SINGLE = ("decide +kernel", "simp", "omega", "grind")


@dataclass(frozen=True, slots=True)
class Instance:
    """Values for the variables, by name, and the arguments that give them to the theorem."""

    values: tuple[tuple[str, str], ...]
    arguments: tuple[str | None, ...]

    def refutation(self, closing: str) -> str:
        """A term that proves the negation, where the tactic closes hypotheses and conclusion."""
        by = f"(by {closing})"
        given = " ".join(by if a is None else _argument(a) for a in self.arguments)
        return f"fun h => absurd (@h {given}) {by}" if given else f"fun h => absurd h {by}"

    def __str__(self) -> str:
        return ", ".join(f"{name} = {value}" for name, value in self.values)


def _argument(term: str) -> str:
    return term if term.isalnum() or term.startswith(("[", "(", '"')) else f"({term})"


def instances(
    context: Context, most: int = MOST, others: Callable[[str], tuple[str, ...]] | None = None
) -> Iterator[Instance]:
    """Instances of a theorem, those of small values first; none if no variable is understood.

    ``others`` gives closed terms of types that are not the library's.
    """
    literals = _literals(context)
    yield from itertools.islice(_assign(context.named, literals, others or _none), most)


def _none(type_: str) -> tuple[str, ...]:
    return ()


def _literals(context: Context) -> tuple[str, ...]:
    """The numbers in the theorem and their neighbours, where boundaries are."""
    text = " ".join([context.goal, *(h.type for h in context.hypotheses)])
    found = sorted({int(n) for n in _NUMBER.findall(text)})
    near = sorted({m for n in found[:6] for m in (n - 1, n, n + 1) if m > 5})
    return tuple(map(str, near))


def _assign(
    hypotheses: tuple[Hypothesis, ...],
    literals: tuple[str, ...],
    others: Callable[[str], tuple[str, ...]],
) -> Iterator[Instance]:
    types = [h for h in hypotheses if _SORT.fullmatch(h.type)]
    for chosen in itertools.product(_TYPES, repeat=len(types)):
        bound = dict(zip((h.name for h in types), chosen, strict=True))
        arguments: list[tuple[str, ...] | None] = []
        names = []
        for hypothesis in hypotheses:
            if hypothesis.name in bound:
                arguments.append((bound[hypothesis.name],))
                names.append(hypothesis.name)
                continue
            written = _renamed(hypothesis.type, bound)
            domain: tuple[str, ...] = ("inferInstance",)
            if not is_instance(hypothesis):
                domain = values(written, literals) or others(written)
            arguments.append(domain or None)
            if domain and not is_instance(hypothesis):
                names.append(hypothesis.name)
        if not names and any(a is None for a in arguments):
            return
        for row in _diagonal([a for a in arguments if a is not None]):
            chosen_values = iter(row)
            given = tuple(None if a is None else next(chosen_values) for a in arguments)
            known = tuple(
                (h.name, g)
                for h, g in zip(hypotheses, given, strict=True)
                if g is not None and not is_instance(h)
            )
            yield Instance(known, given)


def _renamed(text: str, names: dict[str, str]) -> str:
    return _WORD.sub(lambda m: names.get(m.group(), m.group()), text)


def values(type_: str, literals: tuple[str, ...] = ()) -> tuple[str, ...]:
    """Small closed terms of a type, as Lean text; empty for a type that is not understood."""
    type_ = _unwrapped(type_.strip())
    if type_ in _SMALL:
        numbers = literals if type_ in ("Nat", "Int", "Rat") else ()
        negative = tuple(f"-{n}" for n in numbers) if type_ in ("Int", "Rat") else ()
        return tuple(dict.fromkeys((*_SMALL[type_], *numbers, *negative)))
    domain, arrow, codomain = _split(type_, " → ")
    if arrow:
        return _functions(domain, codomain, literals)
    left, times, right = _split(type_, " × ")
    if times:
        pairs = itertools.product(values(left)[:4], values(right)[:4])
        return tuple(f"({a}, {b})" for a, b in pairs)
    head, _, argument = type_.partition(" ")
    match head:
        case "Fin" if argument.isdecimal():
            return tuple(str(i) for i in range(min(int(argument), _PER_TYPE)))
        case "List" | "Array":
            hash_ = "#" if head == "Array" else ""
            return tuple(f"{hash_}[{items}]" for items in _sequences(values(argument)))
        case "Option":
            inner = values(argument)
            return ("none", *(f"some ({v})" for v in inner[:4])) if inner else ()
        case _:
            return ()


def _sequences(items: tuple[str, ...]) -> Iterator[str]:
    if not items:
        return
    first = items[:3]
    yield ""
    for length in (1, 2):
        for row in itertools.product(first, repeat=length):
            yield ", ".join(row)
    yield ", ".join(itertools.islice(itertools.cycle(first), 3))


def _functions(domain: str, codomain: str, literals: tuple[str, ...]) -> tuple[str, ...]:
    """Constant functions, the identity, and those that tell the first value from the others."""
    results, inputs = values(codomain, literals)[:3], values(domain)
    found = [f"fun _ => {r}" for r in results]
    if domain == codomain:
        found.append("fun x => x")
    if codomain == "Prop":
        found.extend(f"fun x => x = {v}" for v in inputs[:2])
    elif codomain.startswith(f"{domain} → ") and codomain.endswith("Prop") and " → " not in domain:
        if codomain == f"{domain} → Prop":
            found.extend(("fun x y => x = y", "fun x y => x ≠ y"))
    elif len(inputs) > 1 and len(results) > 1 and domain in ("Nat", "Int", "Bool", "Fin 2"):
        found.append(f"fun x => if x = {inputs[0]} then {results[1]} else {results[0]}")
    if domain in ("Nat", "Int", "Rat") and codomain == domain:
        found.append("fun x => x + 1")
    return tuple(dict.fromkeys(found))


def _unwrapped(type_: str) -> str:
    while type_.startswith("(") and type_.endswith(")") and _matching(type_) == len(type_) - 1:
        type_ = type_[1:-1].strip()
    return type_


def _matching(text: str) -> int:
    depth = 0
    for at, character in enumerate(text):
        depth += (character == "(") - (character == ")")
        if depth == 0:
            return at
    return -1


def _split(type_: str, infix: str) -> tuple[str, str, str]:
    """The type parted at its first infix outside brackets."""
    depth = 0
    for at, character in enumerate(type_):
        depth += (character in "([{") - (character in ")]}")
        if depth == 0 and type_.startswith(infix, at):
            return _unwrapped(type_[:at]), infix, type_[at + len(infix) :]
    return type_, "", ""


def _diagonal(domains: list[tuple[str, ...]]) -> Iterator[tuple[str, ...]]:
    """All rows of one value from each domain, those of early values first."""
    longest = sum(len(d) - 1 for d in domains)
    for total in range(min(longest, 40) + 1):
        yield from _rows(domains, total)


def _rows(domains: list[tuple[str, ...]], total: int) -> Iterator[tuple[str, ...]]:
    if not domains:
        if total == 0:
            yield ()
        return
    first, rest = domains[0], domains[1:]
    for index in range(min(total, len(first) - 1) + 1):
        for row in _rows(rest, total - index):
            yield (first[index], *row)
