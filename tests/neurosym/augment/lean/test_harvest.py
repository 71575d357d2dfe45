"""Many seeds: which lemmas are tried, what is kept of them, and the file that it goes into."""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator, Sequence
from pathlib import Path

import pytest

from neurosym.augment.lean import changes
from neurosym.augment.lean.candidates import Most, candidates, fitting
from neurosym.augment.lean.files import grow_into, read_grown
from neurosym.augment.lean.harvest import Grown, Harvest
from neurosym.augment.lean.mutants import normal
from neurosym.augment.lean.seeds import Seed, open_seeds
from neurosym.augment.lean.sides import Invocable
from neurosym.premises.corpus import Corpus
from provers.base import LeanProblem, Outcome
from provers.errors import BrokenToolError, InputError
from provers.lean.judge import judge
from provers.lean.pool import Pool

SEED = Seed("Nat.sub_add_cancel")
TURNED = "∀ {n m : Nat}, m ≤ n → m + (n - m) = n"


def test_what_is_tried_and_what_fits(lean_checker: Pool, nat_corpus: Corpus) -> None:
    (opened,) = open_seeds(lean_checker, [SEED])
    assert opened is not None
    invocable = Invocable(nat_corpus)
    constants = invocable.constants(nat_corpus.index_of(SEED.name))
    tried = list(candidates(opened, invocable, constants, Most()))
    lemmas = {(one.kind, one.lemma) for one in tried}
    assert ("rewrite", "Nat.add_comm") in lemmas
    assert ("strengthen", "Nat.le_of_lt") in lemmas
    assert not any("Nat.add_one_sub_one" in lemma for _, lemma in lemmas)  # no 1 in the seed
    assert not any(one.lemma.removeprefix("← ") == SEED.name for one in tried)
    fit = {(one.kind, one.lemma) for one in fitting(lean_checker, opened, tried)}
    assert fit <= lemmas
    assert ("rewrite", "Nat.add_comm") in fit
    assert ("rewrite", "Nat.add_left_comm") not in fit
    assert ("contrapose", "h") in fit  # nothing quick tells
    few = list(candidates(opened, invocable, constants, Most(4, ("rewrite",))))
    assert 1 <= len(few) <= 4 and {one.kind for one in few} == {"rewrite"}


def test_no_lemma_is_lost_where_one_takes_all_the_time(lean_checker: Pool) -> None:
    (opened,) = open_seeds(lean_checker, [SEED])
    assert opened is not None
    slow = changes.Change(
        "weaken", "slow", "exact absurd (by decide : (2 ^ 4000 % 7 = 3)) (by simp)", (), (), ()
    )
    heavy = changes.Change("weaken", "heavy", "(iterate 100000 (have _ := key))", (), (), ())
    good = changes.rewrite(opened, "Nat.add_comm", True)
    found = fitting(lean_checker, opened, [slow, good, heavy, good, good])
    assert found == [good, good, good]


def test_seeds_are_grown(lean_checker: Pool, nat_corpus: Corpus) -> None:
    harvest = Harvest(nat_corpus, lean_checker)
    unknown = Seed("Nat.no_such_theorem")
    grown, none, again = harvest.grow([SEED, unknown, SEED])
    assert grown.seed == SEED and not grown.error
    statements = [one.statement for one in grown.mutants]
    assert TURNED in statements
    assert len({normal(one) for one in statements}) == len(statements)
    assert grown.tried >= grown.fit >= len(grown.mutants) > 2
    for mutant in grown.mutants:
        assert mutant.lineage.seed == SEED.name
        assert judge(lean_checker, LeanProblem(mutant.code)).outcome is Outcome.PROVED
    assert "does not know it" in none.error and none.mutants == ()
    assert again.mutants == ()  # each statement is there already
    assert again.dropped["known"] >= len(statements)


def test_what_the_library_says_is_no_mutant(lean_checker: Pool, nat_corpus: Corpus) -> None:
    known = [normal(one) for one in nat_corpus.column("statement").to_pylist()]
    (grown,) = Harvest(nat_corpus, lean_checker).grow([Seed("Nat.le_of_lt")])
    assert grown.mutants
    assert not {normal(one.statement) for one in grown.mutants} & set(known)


def test_a_file_is_gone_on_with(lean_checker: Pool, nat_corpus: Corpus, tmp_path: Path) -> None:
    file = tmp_path / "mutants.jsonl"
    harvest = Harvest(nat_corpus, lean_checker, Most(20, ("rewrite", "contrapose")))
    first, second = SEED, Seed("Nat.le_of_lt")
    asked: list[Sequence[Seed]] = []

    def grow(seeds: Sequence[Seed], there: Iterable[str]) -> Iterator[Grown]:
        asked.append(seeds)
        yield from harvest.grow(seeds, there)

    (one,) = grow_into(file, [first], grow)
    assert one.mutants
    with file.open("a") as stream:
        stream.write('{"seed": "cut o')  # a run was killed here
    told: list[tuple[int, int]] = []
    found = grow_into(file, [first, second], grow, lambda _, done, all_: told.append((done, all_)))
    assert asked == [[first], [second]]
    assert told == [(1, 1)]
    assert [grown.seed for grown in found] == [first, second]
    read = list(read_grown(file))
    assert [[m.code for m in grown.mutants] for grown in read] == [
        [m.code for m in grown.mutants] for grown in found
    ]
    assert read[0].mutants == one.mutants


def test_what_was_made_before_an_error_is_kept(tmp_path: Path) -> None:
    file = tmp_path / "mutants.jsonl"

    def breaks(seeds: Sequence[Seed], there: Iterable[str]) -> Iterator[Grown]:
        yield Grown(seeds[0])
        raise BrokenToolError("Lean is gone")

    with pytest.raises(BrokenToolError):
        grow_into(file, [SEED, Seed("b")], breaks)
    assert [grown.seed for grown in read_grown(file)] == [SEED]


def test_a_damaged_file_is_refused(tmp_path: Path) -> None:
    file = tmp_path / "mutants.jsonl"
    file.write_text(json.dumps({"seed": "a"}) + "\n")
    with pytest.raises(InputError, match="damaged in line 1"):
        list(read_grown(file))
    file.write_bytes(b"\xff\n")
    with pytest.raises(InputError, match="cannot be read"):
        list(read_grown(file))
    with pytest.raises(InputError, match="cannot be written"):
        grow_into(tmp_path / "no" / "where", [SEED], lambda seeds, there: [])
