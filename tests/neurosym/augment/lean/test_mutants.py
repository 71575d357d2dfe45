"""Mutants, made and judged by a real Lean."""

from __future__ import annotations

from collections import Counter
from typing import Any

import pytest

from neurosym.augment.lean import changes
from neurosym.augment.lean.mutants import Mutant, mutate, normal
from neurosym.augment.lean.needs import needs
from neurosym.augment.lean.seeds import Opened, Script, Seed, StoppedError, open_seeds
from neurosym.premises.corpus import Corpus
from provers.base import LeanProblem, Limits, Outcome
from provers.lean.base import INIT, MOST_MESSAGES, Header, Reply
from provers.lean.judge import judge
from provers.lean.pool import Pool

SEED = "Nat.sub_add_cancel"  # {n m : Nat} (h : m ≤ n) : n - m + m = n


@pytest.fixture(scope="module")
def opened(lean_checker: Pool) -> Opened:
    (one,) = open_seeds(lean_checker, [Seed(SEED)])
    assert one is not None
    return one


def made(checker: Pool, opened: Opened, *wanted: changes.Change) -> list[Mutant]:
    return list(mutate(checker, opened, wanted))


def test_a_seed_is_opened(lean_checker: Pool, opened: Opened) -> None:
    assert [(one.name, one.type, one.proposition) for one in opened.locals] == [
        ("n", "Nat", False),
        ("m", "Nat", False),
        ("h", "m ≤ n", True),
    ]
    assert opened.conclusion == "n - m + m = n"
    assert opened.applied({"h": "(by assumption)"}) == f"@{SEED} n m (by assumption)"
    assert open_seeds(lean_checker, [Seed("Nat.no_such_theorem"), Seed(SEED)]) == [None, opened]


@pytest.mark.parametrize(
    ("which", "statement"),
    [
        ("rewrite", "∀ {n m : Nat}, m ≤ n → m + (n - m) = n"),
        ("rewrite_hypothesis", "∀ {n m : Nat}, m < n + 1 → n - m + m = n"),
        ("weaken", "∀ {n m : Nat}, m ≤ n → n - m + m ≤ n"),
        ("strengthen", "∀ {n m : Nat}, m < n → n - m + m = n"),
        ("contrapose", "∀ {n m : Nat}, ¬n - m + m = n → ¬m ≤ n"),
    ],
)
def test_what_each_kind_makes(
    lean_checker: Pool, opened: Opened, which: changes.Kind, statement: str
) -> None:
    h = opened.locals[2]
    wanted: dict[changes.Kind, list[changes.Change]] = {
        "rewrite": [changes.rewrite(opened, "Nat.add_comm", True)],
        "rewrite_hypothesis": [
            changes.rewrite_hypothesis(opened, h, "Nat.le_iff_lt_add_one", True)
        ],
        "weaken": [changes.weaken(opened, "Nat.le_of_eq")],
        "strengthen": [changes.strengthen(opened, h, "Nat.le_of_lt")],
        "contrapose": [changes.contrapose(opened, h)],
    }
    (mutant,) = mutate(lean_checker, opened, wanted[which], keep_trivial=True)
    assert mutant.statement == statement
    assert mutant.kind == which
    assert mutant.lineage.seed == SEED
    assert judge(lean_checker, LeanProblem(mutant.code)).outcome is Outcome.PROVED


def test_instances(lean_checker: Pool) -> None:
    (opened,) = open_seeds(lean_checker, [Seed("Nat.mul_sub")])
    assert opened is not None
    wanted = [*changes.specialise(opened), *changes.identify(opened)]
    found = mutate(lean_checker, opened, wanted, keep_trivial=True)
    statements = {one.statement: one.trivial for one in found}
    assert statements["∀ (n k : Nat), n * (n - k) = n * n - n * k"] == ""
    assert statements["∀ (n m : Nat), n * (m - 0) = n * m - n * 0"] == "trivial"
    assert "simp" in statements.values()  # with a factor of 0


def test_what_is_trivial_or_known_is_left_out_and_counted(
    lean_checker: Pool, opened: Opened
) -> None:
    dropped: Counter[str] = Counter()
    twice = [changes.rewrite(opened, "Nat.add_comm", True)] * 2
    other = changes.rewrite(opened, "Nat.add_left_comm", True)  # it does not fit
    assert len(list(mutate(lean_checker, opened, [*twice, other], dropped=dropped))) == 1
    assert dropped == {"known": 1, "does not apply": 1}
    known = [normal("∀ {a b : Nat}, b ≤ a → b + (a - b) = a")]
    assert list(mutate(lean_checker, opened, twice, known=known)) == []


def test_no_probe_is_lost_where_there_are_many(lean_checker: Pool, opened: Opened) -> None:
    first = changes.rewrite(opened, "Nat.add_comm", True)
    second = changes.contrapose(opened, opened.locals[2])
    dropped: Counter[str] = Counter()
    found = list(mutate(lean_checker, opened, [*[first] * 220, second], dropped=dropped))
    assert [one.kind for one in found] == ["rewrite", "contrapose"]
    assert dropped == {"known": 219}


def test_a_script_of_which_not_all_was_said_is_none(lean_checker: Pool) -> None:
    script = Script()
    for number in range(MOST_MESSAGES):
        script.add(number, f'example : {number} = {number} := by trace "{number}"; rfl\n')
    with pytest.raises(StoppedError, match="messages"):
        script.ask(lean_checker, INIT, Limits(60.0))


def test_a_mutant_of_a_mutant(lean_checker: Pool, opened: Opened) -> None:
    (first,) = made(lean_checker, opened, changes.rewrite(opened, "Nat.add_comm", True))
    seed = Seed(
        first.name,
        prelude=first.code,
        root=first.lineage.seed,
        changes=first.lineage.changes,
    )
    (again,) = open_seeds(lean_checker, [seed])
    assert again is not None
    (second,) = made(lean_checker, again, changes.weaken(again, "Nat.le_of_eq"))
    assert second.lineage.seed == SEED
    assert second.lineage.changes == ("rewrite Nat.add_comm", "weaken Nat.le_of_eq")
    assert judge(lean_checker, LeanProblem(second.code)).outcome is Outcome.PROVED


def test_what_a_mutant_needs(lean_checker: Pool, opened: Opened, nat_corpus: Corpus) -> None:
    (first,) = made(lean_checker, opened, changes.rewrite(opened, "Nat.add_comm", True))
    (second,) = made(lean_checker, opened, changes.contrapose(opened, opened.locals[2]))
    assert list(needs([first, second], nat_corpus)) == [
        (first.statement, ("Nat.add_comm", SEED)),
        (second.statement, (SEED,)),
    ]


def test_alpha_equal_statements_are_one() -> None:
    one = normal("∀ {n m : Nat} (h : m ≤ n), n - m + m = n")
    assert one == normal("∀ {a b : Nat} (k : b ≤ a), a - b + b = a")
    assert one != normal("∀ {n m : Nat} (h : m ≤ n), m + (n - m) = n")


def test_a_probe_that_stops_lean_costs_no_other(
    lean_checker: Pool, opened: Opened, monkeypatch: pytest.MonkeyPatch
) -> None:
    ask = lean_checker.ask

    def stops(header: Header, request: dict[str, Any], limits: Limits) -> Reply:
        if "Nat.add_sub_cancel" in request["code"]:
            return Reply(None, 0.1, "crash", "it stops")
        return ask(header, request, limits)

    monkeypatch.setattr(lean_checker, "ask", stops)
    dropped: Counter[str] = Counter()
    wanted = [
        changes.rewrite(opened, "Nat.add_comm", True),
        changes.rewrite(opened, "Nat.add_sub_cancel", True),
    ]
    assert len(list(mutate(lean_checker, opened, wanted, dropped=dropped))) == 1
    assert dropped == {"stopped": 1}
