"""What can be done to a theorem, as text for Lean: a probe that shows the new statement, and the
proof of that from the old one.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Final, Literal, TypeAlias, get_args

from neurosym.augment.lean.seeds import Local, Opened

Kind: TypeAlias = Literal[
    "rewrite",
    "rewrite_hypothesis",
    "weaken",
    "strengthen",
    "compose",
    "specialise",
    "identify",
    "contrapose",
    "generalise",
]
KINDS: Final[tuple[Kind, ...]] = get_args(Kind)

INSTANCES: Final[frozenset[Kind]] = frozenset({"specialise", "identify"})
"""The kinds that make an instance of the seed, which is no reason to leave them out."""

# What variables of a type become; the type as Lean prints it begins so.
_VALUES: Final = {
    "Nat": ("0", "1"),
    "Int": ("0", "1", "-1"),
    "Bool": ("true", "false"),
    "Prop": ("True", "False"),
    "List ": ("[]",),
    "Option ": ("none",),
    "Array ": ("#[]",),
}
_CONSTANTS: Final = ("(0 : Nat)", "(1 : Nat)", "(2 : Nat)", "(0 : Int)", "(1 : Int)")


@dataclass(frozen=True, slots=True)
class Change:
    """One change: ``probe`` are tactics that come when ``key`` is the seed's conclusion and the
    goal is ``True``; they leave the new statement as the goal, where the locals that ``kept``
    names are to be reverted. ``proof`` proves it. ``first`` is a tactic that fails at once where
    the lemma does not fit; it is empty where nothing quicker tells than the probe.
    """

    kind: Kind
    lemma: str
    first: str
    probe: tuple[str, ...]
    kept: tuple[str, ...]
    proof: tuple[str, ...]

    def __str__(self) -> str:
        return f"{self.kind} {self.lemma}".rstrip()


def rewrite(opened: Opened, lemma: str, forward: bool) -> Change:
    """The conclusion, rewritten with a lemma, forwards or backwards."""
    step = f"rw [{_arrow(forward)}{lemma}] at key"
    return Change(
        "rewrite",
        _directed(lemma, forward),
        step,
        (
            step,
            "all_goals try assumption",
            "refine probe_show key ?_",
            "clear key",
            "try clear key",
        ),
        opened.names,
        (*_intro(opened.names), f"have key := {opened.applied()}", f"{step} <;> assumption"),
    )


def rewrite_hypothesis(opened: Opened, local: Local, lemma: str, forward: bool) -> Change:
    """A hypothesis that a lemma turns into the one that was there."""
    kept = _without(opened, local.name)
    step = f"rw [{_arrow(forward)}{lemma}]"
    used = opened.applied({local.name: f"(by {step}; assumption)"})
    return Change(
        "rewrite_hypothesis",
        _directed(lemma, forward),
        f"{step} at {local.name}",
        (
            f"have new := {local.name}",
            f"{step} at new",
            "all_goals try assumption",
            "refine probe_show (C := type_of% new → type_of% key) (fun _ => key) ?_",
            f"clear new key {local.name}",
        ),
        kept,
        (*_intro(kept), f"intro {local.name}", f"exact {used}"),
    )


def weaken(opened: Opened, lemma: str, given: int = 0) -> Change:
    """What a lemma makes of the conclusion, which it takes behind ``given`` other arguments."""
    used = " ".join((lemma, *["_"] * given, "key"))
    return Change(
        "weaken",
        lemma,
        f"have new := {used}",
        (f"replace key := {used}", "refine probe_show key ?_", "clear key"),
        opened.names,
        (*_intro(opened.names), f"have key := {opened.applied()}", f"exact {used}"),
    )


def strengthen(opened: Opened, local: Local, lemma: str) -> Change:
    """In the place of a hypothesis, what implies it by a lemma."""
    kept = _without(opened, local.name)
    used = opened.applied({local.name: f"(by apply {lemma}; assumption)"})
    step = f"apply probe_step (P := type_of% {local.name}) (C := type_of% key)"
    shown = f"(intro q; apply {lemma}; exact q)"
    return Change(
        "strengthen",
        lemma,
        f"{step}; {shown}",
        (
            step,
            f"· {shown}",
            f"clear key {local.name}",
        ),
        kept,
        (*_intro(kept), f"intro {local.name}", f"exact {used}"),
    )


def compose(opened: Opened, lemma: str) -> Change:
    """The conclusion and a lemma's, by a relation's transitivity."""
    used = f"Trans.trans key ({lemma} ..)"
    return Change(
        "compose",
        lemma,
        f"have new := {used}",
        (f"replace key := {used}", "refine probe_show key ?_", "clear key"),
        opened.names,
        (*_intro(opened.names), f"have key := {opened.applied()}", f"exact {used}"),
    )


def specialise(opened: Opened) -> Iterator[Change]:
    """A variable becomes a value of its type."""
    for local in opened.locals:
        for begins, values in _VALUES.items():
            if local.type == begins or (begins.endswith(" ") and local.type.startswith(begins)):
                for value in values:
                    yield _put(opened, "specialise", local.name, f"({value} : {local.type})")


def identify(opened: Opened) -> Iterator[Change]:
    """Two variables of one type become one."""
    for number, local in enumerate(opened.locals):
        for earlier in opened.locals[:number]:
            plain = not local.proposition and not local.type.startswith(("Type", "Sort"))
            if plain and local.type == earlier.type and not local.name.startswith("inst"):
                yield _put(opened, "identify", local.name, earlier.name)


def _put(opened: Opened, kind: Kind, name: str, value: str) -> Change:
    kept = _without(opened, name)
    return Change(
        kind,
        f"{name} := {value}",
        "",
        (
            f"have same : {value} = {name} := sorry",
            "subst same",
            "refine probe_show key ?_",
            "clear key",
        ),
        kept,
        (*_intro(kept), f"exact {opened.applied({name: value})}"),
    )


def contrapose(opened: Opened, local: Local) -> Change:
    """The hypothesis fails where the conclusion does."""
    kept = _without(opened, local.name)
    applied = opened.applied()
    return Change(
        "contrapose",
        local.name,
        "",
        (
            f"refine probe_show (C := ¬ type_of% key → ¬ type_of% {local.name}) "
            f"(fun c {local.name} => c ({applied})) ?_",
            f"clear key {local.name}",
        ),
        kept,
        (*_intro(kept), f"intro c {local.name}", f"exact c ({applied})"),
    )


def generalise(opened: Opened) -> Iterator[Change]:
    """A constant becomes a variable; what was a special case is proved anew."""
    for constant in _CONSTANTS:
        if constant[1:].split()[0] in opened.conclusion.replace("(", " ").replace(")", " ").split():
            yield Change(
                "generalise",
                constant,
                "",
                (
                    f"generalize any : {constant} = z at key",
                    "clear any",
                    "refine probe_show (C := type_of% key) key ?_",
                    "clear key",
                ),
                (*opened.names, "z"),
                (*_intro((*opened.names, "z")), "first | grind | omega | simp"),
            )


def _intro(names: Sequence[str]) -> tuple[str, ...]:
    return (f"intro {' '.join(names)}",) if names else ()


def _without(opened: Opened, name: str) -> tuple[str, ...]:
    return tuple(one for one in opened.names if one != name)


def _arrow(forward: bool) -> str:
    return "" if forward else "← "


def _directed(lemma: str, forward: bool) -> str:
    return f"{_arrow(forward)}{lemma}"
