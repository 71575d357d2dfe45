"""Does fidelity notice a changed number, name or negation? Seeded corruptions of right pairs.

Pairs of a text and a formula come from FOLIO (second release; stories whose formulas give every
one of their labels, by Z3), ProofWriter and PrOntoQA (sentences and our formulas of them), and for
numbers also from GSM8K (gold solutions and our formulas) and recorded Faithful-CoT programs with a
right answer (the words quoted as support, and the value that GPT-4 read from them). They are drawn
at random, whether or not ``compare`` has anything to say of them; one thing is changed in each, and
redrawn if a prover finds the result equivalent. Rules were developed on stories and records of
even number; what is reported is of those of odd number.
"""

from __future__ import annotations

import json
import random
import re
import time
from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator
from fractions import Fraction
from pathlib import Path
from typing import Any, Final

from benchmarks import corruptions
from benchmarks.corruptions import Corruption, Pair
from benchmarks.proofwriter import records
from neurosym.translate import arithmetic, english
from neurosym.translate.base import Status
from neurosym.verify.fidelity import Context, compare
from neurosym.verify.fidelity.names import symbols
from provers.base import Limits, Outcome, Problem
from provers.errors import InputError
from provers.logic.formats import parse, write
from provers.logic.syntax import (
    REAL,
    Apply,
    Eq,
    Formula,
    Iff,
    Number,
    closure,
)
from provers.problems import read_problem
from provers.z3 import Z3Prover

SEED: Final = 20
EACH: Final = 100
LABELS: Final = {
    "True": Outcome.PROVED,
    "False": Outcome.REFUTED,
    "Uncertain": Outcome.INDEPENDENT,
    "Unknown": Outcome.INDEPENDENT,
}
# How many of each hundred come from where.
LOGIC: Final = {"folio": 50, "proofwriter": 25, "prontoqa": 25}
NUMBERS: Final = {"folio": 30, "gsm8k": 35, "faithful_cot": 35}


def run(data: Path, limit: int | None) -> dict[str, Any]:
    """Caught shares and false alarms; with ``limit``, over so many pairs of each kind."""
    started = time.perf_counter()
    each = EACH if limit is None else min(limit, EACH)
    prover = Z3Prover()
    try:
        pairs = _pairs(data, prover, half=1)
        rows: dict[str, Any] = {}
        originals: list[Pair] = []
        for kind, (corruption, mix) in CORRUPTIONS.items():
            drawn = _draw(pairs, kind, corruption, mix, each, prover)
            rows[kind] = _measure(drawn, kind)
            if kind in MAIN:
                originals += [pair for pair, _ in drawn]
    finally:
        prover.close()
    main = [rows[kind] for kind in MAIN]
    count = sum(row["n"] for row in main)
    everything = {source: _alarms(found) for source, found in pairs.items()}
    everything["folio_first_release"] = _alarms(_first_release(data, half=1))
    return {
        "n": count,
        "caught": sum(row["caught"] for row in main),
        "caught_share": round(sum(row["caught"] for row in main) / max(1, count), 3),
        "original_raised_nothing": sum(row["original_raised_nothing"] for row in main),
        "caught_of_those": sum(row["caught_of_those"] for row in main),
        "false_alarms": _alarms(originals),
        "rows": rows,
        "false_alarms_by_source": everything,
        "seconds": round(time.perf_counter() - started, 1),
    }


def _measure(drawn: list[tuple[Pair, Formula]], kind: str) -> dict[str, Any]:
    caught = same_kind = clean = clean_caught = alone = 0
    missed: list[dict[str, str]] = []
    for pair, corrupted in drawn:
        context = Context(pair.names)
        found = compare(pair.text, corrupted, context)
        caught += bool(found)
        alone += bool(compare(pair.text, corrupted))
        same_kind += any(m.kind == MATCHING[kind] for m in found)
        if not compare(pair.text, pair.formula, context):
            clean += 1
            clean_caught += bool(found)
        if not found:
            missed.append({"source": pair.source, "text": pair.text, "formula": _spell(corrupted)})
    return {
        "n": len(drawn),
        "sources": dict(Counter(pair.source for pair, _ in drawn)),
        "caught": caught,
        "caught_share": round(caught / max(1, len(drawn)), 3),
        "caught_as_this_kind": same_kind,
        "caught_without_vocabulary": alone,
        "original_raised_nothing": clean,
        "caught_of_those": clean_caught,
        "missed": missed,
    }


def _alarms(pairs: Iterable[Pair]) -> dict[str, Any]:
    count = alarmed = 0
    kinds: Counter[str] = Counter()
    for pair in pairs:
        count += 1
        found = compare(pair.text, pair.formula, Context(pair.names))
        alarmed += bool(found)
        kinds.update({m.kind for m in found})
    share = round(alarmed / max(1, count), 3)
    return {"n": count, "alarmed": alarmed, "share": share, "kinds": dict(kinds)}


def _draw(
    pairs: dict[str, list[Pair]],
    kind: str,
    corruption: Corruption,
    mix: dict[str, int],
    each: int,
    prover: Z3Prover,
) -> list[tuple[Pair, Formula]]:
    """Pairs in seeded order with one change each; a source that has too few is made up for."""
    drawn: list[tuple[Pair, Formula]] = []
    rest: list[tuple[Pair, random.Random]] = []
    for source, share in mix.items():
        chance = random.Random(f"{SEED} {kind} {source}")
        queue = [(pair, chance) for pair in chance.sample(pairs[source], len(pairs[source]))]
        wanted, got = each * share // 100, 0
        while queue and got < wanted:
            pair, _ = queue.pop()
            corrupted = _corrupted(pair, corruption, chance, prover)
            if corrupted is not None:
                drawn.append((pair, corrupted))
                got += 1
        rest += queue
    random.Random(f"{SEED} {kind}").shuffle(rest)
    while rest and len(drawn) < each:
        pair, chance = rest.pop()
        corrupted = _corrupted(pair, corruption, chance, prover)
        if corrupted is not None:
            drawn.append((pair, corrupted))
    return drawn


def _corrupted(
    pair: Pair, corruption: Corruption, chance: random.Random, prover: Z3Prover
) -> Formula | None:
    for _ in range(5):
        corrupted = corruption(pair, chance)
        if corrupted is None:
            return None
        same = Problem((), Iff(closure(pair.formula), closure(corrupted)))
        if prover.prove(same, Limits(seconds=2)).outcome is not Outcome.PROVED:
            return corrupted
    return None


MAIN: Final = ("number", "name", "negation")
CORRUPTIONS: Final[dict[str, tuple[Corruption, dict[str, int]]]] = {
    "number": (corruptions.number, NUMBERS),
    "name": (corruptions.name, LOGIC),
    "negation": (corruptions.negation, LOGIC),
    "negation_moved": (corruptions.moved, LOGIC),
    "quantifier": (corruptions.quantifier, LOGIC),
    "direction": (corruptions.direction, LOGIC),
    "arguments": (corruptions.arguments, LOGIC),
    "connective": (corruptions.connective, LOGIC),
}
MATCHING: Final = {
    "number": "quantity",
    "name": "name",
    "negation": "negation",
    "negation_moved": "negation",
    "quantifier": "quantifier",
    "direction": "quantifier",
    "arguments": "argument_order",
    "connective": "connective",
}


# --- pairs ---------------------------------------------------------------------------------


def _pairs(data: Path, prover: Z3Prover, half: int) -> dict[str, list[Pair]]:
    bench = data / "bench"
    return {
        "folio": _folio(bench / "folio_v2_train.jsonl", half, prover),
        "proofwriter": list(_controlled(bench / "proofwriter.jsonl", "proofwriter", half)),
        "prontoqa": list(_controlled(bench / "prontoqa.jsonl", "prontoqa", half)),
        "gsm8k": list(_gsm8k(bench / "gsm8k_train_1000.jsonl", half)),
        "faithful_cot": list(_programs(data / "recorded" / "faithfulcot_gsm8k_gpt4.jsonl", half)),
    }


def _folio(path: Path, half: int, prover: Z3Prover) -> list[Pair]:
    """Premises of the stories whose formulas give all of the story's labels."""
    stories: dict[int, list[dict[str, Any]]] = defaultdict(list)
    for item in records(path, None):
        if item["story_id"] % 2 == half:
            stories[item["story_id"]].append(item)
    right = [items for items in stories.values() if all(_gives_label(i, prover) for i in items)]
    return [pair for items in right for pair in _story(items, "folio")]


def _first_release(data: Path, half: int) -> list[Pair]:
    stories: dict[int, list[dict[str, Any]]] = defaultdict(list)
    for item in records(data / "bench" / "folio_train.jsonl", None):
        if item["story_id"] % 2 == half:
            stories[item["story_id"]].append(item)
    return [pair for items in stories.values() for pair in _story(items, "folio_first_release")]


def _gives_label(item: dict[str, Any], prover: Z3Prover) -> bool:
    try:
        problem = read_problem(item["premises_fol"], item["conclusion_fol"], "unicode")
    except InputError:
        return False
    return prover.prove(problem, Limits(seconds=3)).outcome is LABELS[item["label"]]


def _story(items: list[dict[str, Any]], source: str) -> Iterator[Pair]:
    read: dict[tuple[str, str], Formula] = {}
    for item in items:
        if len(item["premises"]) != len(item["premises_fol"]):
            continue
        for text, spelled in zip(item["premises"], item["premises_fol"], strict=True):
            try:
                read[text.strip(), spelled] = parse(spelled, "unicode")
            except InputError:
                continue
    yield from _together(source, [(text, formula) for (text, _), formula in read.items()])


def _together(source: str, found: list[tuple[str, Formula]]) -> Iterator[Pair]:
    pool = tuple(formula for _, formula in found)
    names = frozenset(symbol.name for formula in pool for symbol in symbols(formula))
    for text, formula in found:
        yield Pair(source, text, formula, names, pool)


def _controlled(path: Path, source: str, half: int) -> Iterator[Pair]:
    for number, item in enumerate(records(path, None)):
        if number % 2 != half or number >= 200:
            continue
        read = [t for t in english.translate_all(item["context"]) if len(t.formulas) == 1]
        yield from _together(source, [(t.text, t.formulas[0]) for t in read])


def _gsm8k(path: Path, half: int) -> Iterator[Pair]:
    """Lines of gold solutions without their annotations, with the equations that are read there."""
    for number, item in enumerate(records(path, None)):
        if number % 2 != half or number >= 400:
            continue
        for line in item["answer"].splitlines():
            if line.startswith("####"):
                continue
            read = arithmetic.translate(line, arithmetic.Quantities.from_text(item["question"]))
            text = re.sub(r"<<.*?>>", "", line)
            if read.status is Status.TRANSLATED and len(read.formulas) == 1:
                yield Pair("gsm8k", text, read.formulas[0], frozenset(), read.formulas)


_ASSIGNED: Final = re.compile(
    r'support: (\["[^\n]*"\])\)\n([a-z_]\w*) = (\d+(?:\.\d+)?)(?= *$)', re.MULTILINE
)


def _programs(path: Path, half: int) -> Iterator[Pair]:
    """Quoted words of the question and the value that a right program took from them."""
    for item in records(path, None):
        if item["problem"] // 2 % 2 != half or item["predicted"] != item["gold"]:
            continue
        for quoted, name, value in _ASSIGNED.findall(item["program"]):
            try:
                text = " ".join(json.loads(quoted))
            except json.JSONDecodeError:
                continue
            if text.startswith("External knowledge"):
                continue
            formula = Eq(Apply(name, (), REAL), Number(Fraction(value)))
            yield Pair("faithful_cot", text, formula, frozenset(), (formula,))


def _spell(formula: Formula) -> str:
    try:
        return write(formula, "unicode")
    except InputError:
        return str(formula)
