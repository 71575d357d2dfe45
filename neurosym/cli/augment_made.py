"""``neurosym augment logic``, ``numeric`` and ``recheck``: examples, and the verdicts on them."""

from __future__ import annotations

import itertools
from collections import Counter
from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING, Any

from neurosym.cli import FOUND, OK, streams
from provers import registry
from provers.base import Limits
from provers.errors import InputError

if TYPE_CHECKING:
    from neurosym.augment.base import Example
    from neurosym.augment.numeric import WordProblem
    from provers.base import Prover


def logic(
    out: Path, number: int, mutate: bool, corrupt: bool, prover: str, seed: int, as_json: bool
) -> int:
    """Write theories, and with them their mutants and what is wrong with their steps."""
    from neurosym.augment import logic as made
    from neurosym.augment.files import write_examples

    dropped: Counter[str] = Counter()
    kinds: Counter[str] = Counter()
    asked = registry.load(prover)

    def every() -> Iterator[Example]:
        for one in made.theories(number, seed=seed, prover=asked, dropped=dropped):
            yield one
            if mutate:
                yield from made.mutations(one, seed=seed, prover=asked, dropped=dropped)
            if corrupt:
                yield from made.corruptions(one, seed=seed, prover=asked, dropped=dropped)

    try:
        write_examples(out, _counted(every(), kinds))
    finally:
        asked.close()
    return _said(out, kinds, {}, dropped, as_json)


def numeric(
    given: Path, out: Path, each: int, corrupt: bool, prover: str, seed: int, as_json: bool
) -> int:
    """Write the steps of word problems with other numbers, and steps that are wrong."""
    from neurosym.augment import numeric as made
    from neurosym.augment.files import write_examples

    dropped: Counter[str] = Counter()
    kinds: Counter[str] = Counter()
    templates: Counter[str] = Counter()
    asked = registry.load(prover)

    def every() -> Iterator[Example]:
        for problem in _problems(given):
            found = made.template(problem, asked)
            if isinstance(found, made.Refusal):
                templates[found.reason] += 1
                continue
            templates["template"] += 1
            new = made.instances(found, each, seed=seed, prover=asked)
            dropped.update(new.dropped)
            for one in new.kept:
                yield from made.examples(one, asked)
                if corrupt:
                    wrong = made.corruptions(one, seed=seed, prover=asked)
                    dropped.update(wrong.dropped)
                    yield from wrong.examples

    try:
        write_examples(out, _counted(every(), kinds))
    finally:
        asked.close()
    return _said(out, kinds, {"problems": dict(templates.most_common())}, dropped, as_json)


def recheck(
    given: Path, out: Path, prover: str, labelled_by: str, seconds: float, as_json: bool
) -> int:
    """Write the examples with whose labels another prover agrees; name the others."""
    from neurosym.augment import recheck as checking
    from neurosym.augment.files import read_examples, write_examples

    refused: list[checking.Refused] = []
    kinds: Counter[str] = Counter()
    asked: Prover = registry.load(prover)
    try:
        agreed = checking.recheck(
            read_examples(given), asked, Limits(seconds), labelled_by=labelled_by, refused=refused
        )
        write_examples(out, _counted((one.example for one in agreed), kinds))
    finally:
        asked.close()
    reasons = Counter(one.kind for one in refused)
    if not as_json:
        for one in itertools.islice(refused, 20):
            streams.print_line(f"{one.id}: {one.reason}")
    return _said(out, kinds, {}, reasons, as_json, FOUND if refused else OK)


def _counted(examples: Iterator[Example], kinds: Counter[str]) -> Iterator[Example]:
    """The examples, each of one id once."""
    seen: set[str] = set()
    for one in examples:
        if one.id not in seen:
            seen.add(one.id)
            kinds[f"{one.kind} {one.label}"] += 1
            yield one


def _problems(file: Path) -> Iterator[WordProblem]:
    """GSM8K's form: ``question``, ``answer`` or ``solution``, and ``id`` or the line's number."""
    from neurosym.augment.numeric import WordProblem

    for line in streams.json_lines(streams.read_bytes(str(file))):
        if line.error:
            raise InputError(f"'{file}' line {line.number} cannot be read: {line.error}.")
        keys = line.data if isinstance(line.data, dict) else {}
        question, solution = keys.get("question"), keys.get("solution", keys.get("answer"))
        if not isinstance(question, str) or not isinstance(solution, str):
            raise InputError(
                f"'{file}' line {line.number} is no word problem: it needs 'question' and "
                "'solution' (or 'answer') with the steps."
            )
        yield WordProblem(str(keys.get("id", line.number)), question, solution)


def _said(
    out: Path,
    kinds: Counter[str],
    more: dict[str, Any],
    dropped: Counter[str],
    as_json: bool,
    status: int = OK,
) -> int:
    facts = {
        "file": str(out),
        "examples": sum(kinds.values()),
        "kinds": dict(kinds.most_common()),
        **more,
        "left_out": dict(dropped.most_common()),
    }
    if as_json:
        streams.print_json(facts, pretty=True)
        return status
    streams.print_line(f"{facts['examples']:,} examples are in {out}.")
    for title, counts in (("kinds", kinds), *more.items(), ("left out", dropped)):
        listed = ", ".join(f"{name} {count:,}" for name, count in counts.items())
        streams.print_line(f"  {title}: {listed or 'none'}")
    return status
