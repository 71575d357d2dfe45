"""Tactic proofs worth trying on a goal, the cheapest first."""

from __future__ import annotations

import itertools
import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from provers.lean.context import Context, is_accessible
from provers.lean.goals import Hypothesis

_SORT_OF_DATA = re.compile(r"(?:Nat|Int|Rat|Bool|Prop|String|Char|Unit|Type.*|Sort.*)")
_ORDERED = ("Int", "Rat")
_PRODUCT = {(True, True): "mul_pos", (False, False): "mul_nonneg"}
_MOST_PAIRS = 6
_MOST_BOOLEANS = 5
_WITNESSES = 12
_FEW_TOGETHER = 4
_MOST_TOGETHER = 16
_MOST_ALONE = 8
_MOST_FACTS = 4
_MOST_UNFOLDED = 4
_CASES = ("fun_induction", "fun_cases")


@dataclass(frozen=True, slots=True)
class Group:
    """Candidates, each with so many of Lean's heartbeats, so many of them in a request."""

    name: str
    proofs: tuple[str, ...]
    heartbeats: int
    together: int = 8


def quick(definitions: tuple[str, ...] = ()) -> Group:
    """What takes milliseconds, whether it fails or not."""
    proofs = ["rfl", "decide", "omega", "simp", "simp_all", "intros; rfl", "intros; assumption"]
    if definitions:
        listed = ", ".join(definitions)
        proofs += [f"simp [{listed}]", f"simp_all [{listed}]", f"simp [{listed}]; omega"]
    return Group("quick", _written(proofs), 5_000)


def usual(context: Context, definitions: tuple[str, ...] = ()) -> Group:
    """The core automation, and splitting the goal into small cases."""
    listed = ", ".join(definitions)
    proofs = ["grind"]
    if definitions:
        proofs += [f"grind [{listed}]", f"unfold {' '.join(definitions)}; omega"]
    proofs += ["intros; omega", "intros; simp_all; omega", "simp; omega", "intros; simp_all; grind"]
    proofs += ["constructor <;> grind", "ext; grind", "funext; grind"]
    proofs += _by_values(context)
    proofs += _witnesses(context)
    return Group("usual", _written(proofs), 10_000)


def with_premises(context: Context, names: Sequence[str]) -> tuple[Group, ...]:
    """Premises that may help, one by one and together.

    First what is over at once, since a premise either is the goal or is not: many are tried so.
    One that a tactic does not take spoils it for the others, so the first are given to the
    automation alone, too.
    """
    if not names:
        return ()
    intro = _intro(context)
    facts = [h.name for h in context.named if is_accessible(h) and not is_data(h)]
    facts = facts[-_MOST_FACTS:]  # instances come first
    # What is bundled, as that a table is well-formed, is wanted bare by the lemmas of its parts.
    parts = "".join(f" | exact {fact}.1" for fact in facts)
    closing = f"first | assumption{parts}" if parts else "assumption"
    alone = [f"exact {name}" for name in names] if intro else []
    if facts or not intro:  # of what is for all and assumes nothing, the above is enough
        alone += [f"{intro}apply {name} <;> {closing}" for name in names]
    alone += [f"{intro}rw [{name}]" for name in names[:_MOST_ALONE]]
    if " = " in context.goal or " ↔ " in context.goal:
        alone += [f"{intro}exact ({name} ..).symm" for name in names[:_MOST_ALONE]]
    hinted: list[str] = []
    for name in names[:_MOST_ALONE]:
        hinted += [f"{intro}simp [{name}]", f"{intro}grind [{name}]"]
        hinted += [f"{intro}apply {name} <;> simp_all", f"{intro}rw [← {name}] <;> simp_all"]
    together = [
        f"{intro}{tactic} [{', '.join(some)}]"
        for some in (names[:_FEW_TOGETHER], names[:_MOST_TOGETHER])
        for tactic in ("simp", "grind", "simp_all")
    ]
    return (
        Group("premises", _written(alone), 2_000, 32),
        Group("premises together", _written(together), 10_000),
        Group("premises as hints", _written(hinted), 5_000, 16),
    )


def inductions(
    context: Context, definitions: tuple[str, ...] = (), types: tuple[str, ...] = ()
) -> Group:
    """Induction on each variable that has constructors, with the others fixed or general.

    ``types`` are inductive types besides those of the library.
    """
    listed = ", ".join(definitions)
    intro = _intro(context)
    proofs = []
    found = [h for h in context.named if _inductive(h, types)]
    # What is assumed of the variables comes after them, and has cases of its own.
    variables = list(dict.fromkeys((*found[:3], *found[-2:])))
    for variable in variables:
        for other in _generalized(context, variable):
            start = f"{intro}induction {variable.name}{other} <;> "
            if definitions:
                proofs += [f"{start}simp_all [{listed}]", f"{start}grind [{listed}]"]
                proofs += [f"{start}simp_all [{listed}] <;> omega"]
                proofs += [f"{start}simp_all [{listed}] <;> grind"]
            proofs += [f"{start}simp_all", f"{start}grind"]
            proofs += [f"{start}simp_all <;> omega", f"{start}simp_all <;> grind"]
            proofs += [f"{start}(simp [Nat.pow_succ, Nat.mul_add, Nat.add_mul] at * <;> omega)"]
        proofs += [
            f"{intro}cases {variable.name} <;> simp_all",
            f"{intro}cases {variable.name} <;> grind",
        ]
    return Group("induction", _written(proofs), 6_000)


def unfoldings(definitions: tuple[str, ...]) -> Group:
    """The cases that definitions distinguish, and induction along their recursion."""
    proofs = []
    for name in definitions[:_MOST_UNFOLDED]:
        proofs += [f"{start} {name} <;> {end}" for start in _CASES for end in ("simp_all", "grind")]
        proofs += [
            f"unfold {name}\nsplit <;> simp_all",
            f"unfold {name}\nsplit <;> omega",
            f"simp only [{name}]\nsplit <;> simp_all",
            f"simp_all [{name}] <;> split <;> simp_all",
        ]
    return Group("unfolding", _written(proofs), 8_000)


def products(context: Context) -> Group:
    """Squares and products of hypotheses as hints for linear arithmetic."""
    intro = _intro(context)
    proofs: list[str] = []
    for ring in _ORDERED:
        names = [h.name for h in context.named if h.type == ring][:4]
        if not names:
            continue
        pairs = list(itertools.combinations(names, 2))[:_MOST_PAIRS]
        differences = [f"{a} - {b}" for a, b in pairs]
        sums = [f"{a} + {b}" for a, b in pairs]
        for terms in (names, differences, [*names, *differences, *sums]):
            hints = "".join(
                f"have := Lean.Grind.OrderedRing.sq_nonneg (a := {term})\n" for term in terms
            )
            if terms:
                proofs.append(f"{intro}{hints}grind")
        positive = _signed(context, names)
        hints = "".join(
            f"have := {ring}.{lemma} {a} {b}\n"
            for (a, strict), (b, also) in itertools.combinations_with_replacement(positive, 2)
            if (
                lemma := "mul_pos"
                if strict and also
                else "mul_nonneg"
                if not (strict or also)
                else ""
            )
        )
        if hints:
            proofs.append(f"{intro}{hints}grind")
    return Group("products", _written(proofs), 6_000)


def case_splits(context: Context) -> Group:
    """Cases on propositions and on hypotheses."""
    intro = _intro(context)
    names = [h.name for h in context.named if h.type == "Prop"][:_MOST_BOOLEANS]
    proofs = []
    if names:
        splits = " <;> ".join(f"by_cases {name}" for name in names)
        proofs.append(f"{splits} <;> simp_all")
    for hypothesis in context.named:
        if any(sign in hypothesis.type for sign in (" ∨ ", " ∧ ", "∃ ", " ↔ ")):
            proofs.append(f"{intro}cases {hypothesis.name} <;> simp_all")
            proofs.append(f"{intro}cases {hypothesis.name} <;> grind")
    proofs += [
        "apply Classical.byContradiction; intros; grind",
        "refine ⟨?_, ?_⟩ <;> intros <;> grind",
    ]
    proofs += ["funext; simp; omega", "intros; split <;> simp_all <;> omega", "intros; ac_rfl"]
    return Group("cases", _written(proofs), 10_000)


def search(context: Context) -> Group:
    """Lean's own search through its library; the answer is a suggestion in a message."""
    proofs = [f"{_intro(context)}exact?"]
    return Group("library", _written(proofs), 20_000)


def kernel() -> Group:
    """Computation by the kernel, which counts no heartbeats and so comes last."""
    return Group("kernel", ("decide +kernel", "intros; decide +kernel"), 200_000)


CONTRADICTION = (
    "intros; exfalso; omega",
    "intros; exfalso; simp_all; done",
    "intros; exfalso; grind",
)
"""Proofs that hypotheses contradict each other, whatever the goal is."""


def negations() -> Group:
    """Proofs of the negated statement that need no instance."""
    proofs = (
        "decide",
        "simp",
        "grind",
        "intro h; simp at h",
        "intro h; simp_all",
        "intro h; grind",
    )
    return Group("negation", proofs, 40_000)


# --- pieces --------------------------------------------------------------------------------


def _written(proofs: list[str]) -> tuple[str, ...]:
    """Each once."""
    return tuple(dict.fromkeys(proofs))


def _intro(context: Context) -> str:
    names = context.fresh_names
    return f"intro {' '.join(names)}\n" if names else ""


def _inductive(hypothesis: Hypothesis, types: tuple[str, ...]) -> bool:
    if not is_accessible(hypothesis):
        return False
    head = hypothesis.type.partition(" ")[0]
    return head in ("Nat", "List", "Option") or any(
        head == name or name.endswith(f".{head}") for name in types
    )


def is_data(hypothesis: Hypothesis) -> bool:
    """Whether it is surely a variable, and no assumption."""
    return bool(_SORT_OF_DATA.fullmatch(hypothesis.type)) or hypothesis.type.startswith("List ")


def _generalized(context: Context, variable: Hypothesis) -> Iterator[str]:
    yield ""
    types = {h.name for h in context.named if h.type.startswith(("Type", "Sort"))}
    others = [
        h.name
        for h in context.named
        if h.name not in types and is_data(h) and is_accessible(h) and h.name != variable.name
    ]
    if others:
        yield f" generalizing {' '.join(others)}"


def _by_values(context: Context) -> list[str]:
    """All values of variables that have few."""
    finite = [
        h.name
        for h in context.named
        if (h.type == "Bool" or re.fullmatch(r"Fin \d", h.type)) and is_accessible(h)
    ]
    if not finite or len(finite) > _MOST_BOOLEANS:
        return []
    names = " ".join(finite)
    intro = _intro(context)
    proofs = [f"{intro}revert {names}\ndecide"]
    booleans = [h.name for h in context.named if h.type == "Bool" and is_accessible(h)]
    if booleans:
        cases = " <;> ".join(f"cases {name}" for name in booleans)
        proofs += [f"{intro}{cases} <;> simp_all", f"{intro}{cases} <;> rfl"]
    return proofs


def _witnesses(context: Context) -> list[str]:
    """Small numbers, variables and nothing for what is said to exist."""
    if not context.goal.startswith("∃"):
        return []
    intro = _intro(context)
    terms = [h.name for h in context.named if is_accessible(h)][:_WITNESSES]
    terms += [str(n) for n in range(_WITNESSES)]
    closing = "first | rfl | assumption | decide | omega | grind"
    return [
        *(f"{intro}exact ⟨{term}, by {closing}⟩" for term in terms),
        f"{intro}exact ⟨_, by assumption⟩",
        f"{intro}exact ⟨_, rfl⟩",
    ]


def _signed(context: Context, names: list[str]) -> list[tuple[str, bool]]:
    """Hypotheses that a variable is positive (True) or not negative (False), by name."""
    found = []
    for h in context.named:
        words = h.type.split()
        if not is_accessible(h) or len(words) != 3:
            continue
        left, sign, right = words
        if (left in names and sign == ">" and right == "0") or (
            right in names and sign == "<" and left == "0"
        ):
            found.append((h.name, True))
        elif (left in names and sign == "≥" and right == "0") or (
            right in names and sign == "≤" and left == "0"
        ):
            found.append((h.name, False))
    return found
