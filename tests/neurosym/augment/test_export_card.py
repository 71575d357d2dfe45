"""The whole way, from verdicts to a folder, and what its card says."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from neurosym.augment.base import Example, Lineage, Statement
from neurosym.augment.export.assemble import Exported, Plan, export
from neurosym.augment.export.contamination import Benchmark
from neurosym.augment.export.split import SIDES, Shares
from neurosym.augment.files import read_examples
from neurosym.augment.recheck import Agreed, AgreedMutant, Refused, recheck, recheck_mutants
from neurosym.train.translator.data import read_pairs, read_preferences
from neurosym.translate import english
from provers.base import LeanProblem, LeanProof, Outcome, Prover
from provers.errors import InputError
from provers.lean.pool import Pool
from provers.recheck import recheck as check_evidence
from provers.records import read_result
from provers.z3 import Z3Prover
from tests.neurosym.augment.made import mutant

NOUNS = ("dog", "cat", "cow", "horse", "pig", "bird", "fish", "wolf", "mouse", "lion", "bear")
PLAN = Plan(shares=Shares(0.4, 0.3, 0.3), similar=None, renaming=False)


def stated(text: str) -> Statement:
    (formula,) = english.translate(text).formulas
    return Statement(text, formula)


def made() -> Iterator[Example]:
    for noun in NOUNS:
        premises = (stated(f"Every {noun} is kind."), stated(f"Rex is a {noun}."))
        for kind, claim, label in (
            ("seed", "Rex is kind.", Outcome.PROVED),
            ("negate", "Rex is not kind.", Outcome.REFUTED),
            ("swap", f"Tom is a {noun}.", Outcome.INDEPENDENT),
        ):
            changes = () if kind == "seed" else (kind,)
            lineage = Lineage(f"all {noun}s", changes)
            yield Example(f"{noun}-{kind}", kind, lineage, premises, stated(claim), label)


@pytest.fixture(scope="module")
def z3() -> Iterator[Prover]:
    prover = Z3Prover()
    yield prover
    prover.close()


@pytest.fixture(scope="module")
def agreed(z3: Prover) -> list[Agreed]:
    return list(recheck(made(), z3, labelled_by="cvc5"))


@pytest.fixture(scope="module")
def agreed_mutants(lean_checker: Pool) -> list[AgreedMutant]:
    given = [mutant("m1"), mutant("m2", "∀ (k : Nat), k ≤ k + 0"), mutant("m3", seed="Nat.zero_le")]
    given[2] = replace(given[2], statement="∀ (n : Nat), 0 + n ≤ n + 0", proof="by simp")
    return list(recheck_mutants(given, lean_checker))


def told(out: Path, examples: list[Agreed], *mutants: AgreedMutant, **more: Any) -> Exported:
    given: dict[str, Any] = {
        "name": "Kind animals",
        "license": "CC-BY-4.0",
        "how": "Made of rules by hand.",
        "plan": PLAN,
    }
    return export(out, examples, mutants, **(given | more))


def rows(out: Path, name: str, side: str) -> list[dict[str, Any]]:
    file = out / name / f"{side}.jsonl"
    if not file.exists():
        return []
    return [json.loads(line) for line in file.read_text(encoding="utf-8").splitlines()]


def test_all_of_it(
    tmp_path: Path,
    agreed: list[Agreed],
    agreed_mutants: list[AgreedMutant],
    lean_checker: Pool,
) -> None:
    out = tmp_path / "data"
    found = told(
        out,
        agreed,
        *agreed_mutants,
        checker=lean_checker,
        provers={"cvc5": "1.2.3"},
        refused=[Refused("x", "unknown: timeout"), Refused("y", "unknown: timeout")],
        benchmarks=[Benchmark("farm", ["Every pig is kind."]), Benchmark("other", ["Nothing."])],
    )
    assert (found.examples, found.mutants) == (30, 2)
    seeds: dict[str, set[str]] = {side: set() for side in SIDES}
    for name in (
        "examples",
        "mutants",
        "pairs",
        "preferences",
        "prm800k",
        "math-shepherd",
        "proofs",
        "tactics",
    ):
        for side in SIDES:
            there = rows(out, name, side)
            assert len(there) == found.rows[name][side]
            seeds[side] |= {row["seed"] for row in there}
    assert all(seeds.values())
    assert not seeds["train"] & seeds["test"] and not seeds["train"] & seeds["validation"]
    assert not seeds["test"] & seeds["validation"]
    assert sum(found.rows["prm800k"].values()) == 30
    assert sum(found.rows["tactics"].values()) == 3
    for side in SIDES:
        assert read_pairs(out / "pairs" / f"{side}.jsonl")
        assert read_preferences(out / "preferences" / f"{side}.jsonl")
    text = "".join(path.read_text("utf-8") for path in out.rglob("*.jsonl"))
    assert "pig" not in text

    card = (out / "README.md").read_text(encoding="utf-8")
    for line in (
        "# Kind animals",
        "Made of rules by hand.",
        "License: CC-BY-4.0",
        "They come from 30 examples and 2 Lean mutants.",
        "| cvc5 | 1.2.3 |",
        "| z3 | certificate | 20 |",
        "| z3 | evaluated | 10 |",
        "| recheck | unknown: timeout | 2 |",
        "| the same again | normal form | 1 |",
        "| farm | 1 | 3 | 3 |",
        "| other | 1 | 0 | 0 |",
        "Found in farm: `pig-seed` (text), `pig-negate` (text), `pig-swap` (text).",
        "Removed for farm: `pig-seed`, `pig-negate`, `pig-swap`.",
        "Compared by runs of 13 words",
    ):
        assert line in card
    assert re.search(r"\| lean \d\.\S+ \| judged \| 2 \|", card)
    counts = {side: found.rows["pairs"][side] for side in SIDES}
    assert f"| pairs | {counts['train']} | {counts['validation']} | {counts['test']} |" in card
    for kind, label in (("seed", "proved"), ("negate", "refuted"), ("swap", "independent")):
        (line,) = re.findall(rf"^\| {kind} \| {label} \| .*$", card, re.MULTILINE)
        *sides, every = map(int, re.findall(r"\d+", line))
        assert every == 10 and sum(sides) == 10 and len(sides) == 3


def test_what_left_can_be_checked_again(
    tmp_path: Path,
    agreed: list[Agreed],
    agreed_mutants: list[AgreedMutant],
    lean_checker: Pool,
) -> None:
    out = tmp_path / "data"
    plan = replace(PLAN, sets=("examples", "mutants"), shares=Shares(1, 0, 0), arrow=False)
    told(out, agreed, *agreed_mutants, plan=plan)
    there = rows(out, "examples", "train")
    file = tmp_path / "examples.jsonl"
    lines = []
    for row in there:
        told_ = {key: value for key, value in row.items() if key != "verdict"}
        lines.append(json.dumps({**told_, "facts": json.loads(row["facts"])}))
    file.write_text("\n".join(lines), encoding="utf-8")
    examples = list(read_examples(file))
    assert examples == [one.example for one in agreed]
    for example, row in zip(examples, there, strict=True):
        result = read_result(json.loads(row["verdict"]))
        assert result.outcome is example.label
        assert check_evidence(example.problem, result).ok
    for row in rows(out, "mutants", "train"):
        result = read_result(json.loads(row["verdict"]))
        assert isinstance(result.evidence, LeanProof)
        problem = LeanProblem(row["code"], result.evidence.statement)
        assert check_evidence(problem, result, checker=lean_checker).ok


def test_the_same_input_makes_the_same_folder(tmp_path: Path, agreed: list[Agreed]) -> None:
    plan = replace(PLAN, arrow=False)
    for name in ("one", "two"):
        told(tmp_path / name, agreed, plan=plan)
    files = [path for path in (tmp_path / "one").rglob("*") if path.is_file()]
    assert len(files) == 16
    for path in files:
        other = tmp_path / "two" / path.relative_to(tmp_path / "one")
        assert path.read_bytes() == other.read_bytes()


def test_repetitions_under_other_names_go(tmp_path: Path, agreed: list[Agreed]) -> None:
    plan = Plan(arrow=False)
    found = told(tmp_path / "data", agreed, plan=plan)
    assert found.examples == 3  # dogs, and nothing that only the names tell from them
    assert sum(found.rows["pairs"].values()) == 5


def test_only_what_is_asked_for(tmp_path: Path, agreed: list[Agreed]) -> None:
    out = tmp_path / "data"
    told(out, agreed, plan=replace(PLAN, sets=("prm800k",), arrow=False))
    assert sorted(path.name for path in out.iterdir()) == ["README.md", "prm800k"]


def test_nothing_to_export(tmp_path: Path, agreed: list[Agreed]) -> None:
    with pytest.raises(InputError, match="nothing to export: no example was given"):
        told(tmp_path / "data", [])
    benchmark = Benchmark("all", [f"Every {noun} is kind." for noun in NOUNS])
    with pytest.raises(InputError, match="nothing to export: no example is left"):
        told(tmp_path / "data", agreed, benchmarks=[benchmark])
    assert list(tmp_path.iterdir()) == []


def test_an_id_twice(
    tmp_path: Path, agreed: list[Agreed], agreed_mutants: list[AgreedMutant]
) -> None:
    with pytest.raises(InputError, match="two examples have the id 'dog-seed'"):
        told(tmp_path / "data", [*agreed, agreed[0]])
    with pytest.raises(InputError, match="two examples have the id 'm1'"):
        told(tmp_path / "data", agreed, agreed_mutants[0], agreed_mutants[0])
    assert list(tmp_path.iterdir()) == []


def test_words_that_would_break_the_card(tmp_path: Path, agreed: list[Agreed]) -> None:
    kind = "a | b\n\n# not a heading <script>Ü\ud800" + "x" * 1000
    bad = replace(agreed[0], example=replace(agreed[0].example, kind=kind))
    plan = replace(PLAN, sets=("pairs",), arrow=False)
    told(tmp_path / "data", [bad], name="N\n---\n<b>", plan=plan)
    card = (tmp_path / "data" / "README.md").read_text(encoding="utf-8")
    assert "<script>" not in card and "<b>" not in card and "\n# not" not in card
    assert "| a \\| b # not a heading &lt;script>Ü?" in card
    assert card.count("\n---\n") == 1  # the front's end
    assert max(map(len, card.splitlines())) < 400


def test_text_that_no_file_can_hold(tmp_path: Path, agreed: list[Agreed]) -> None:
    half = replace(
        agreed[0].example, claim=Statement("Half \ud800.", agreed[0].example.claim.formula)
    )
    bad = replace(agreed[0], example=half)
    for sets in (("examples",), ("prm800k",)):
        with pytest.raises(InputError, match=r"'dog-seed' .*surrogates not allowed"):
            told(tmp_path / "data", [bad], plan=replace(PLAN, sets=sets))
        assert list(tmp_path.iterdir()) == []
