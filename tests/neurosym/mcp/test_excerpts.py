"""Excerpts: within their room whatever comes in, and every cut is said."""

from __future__ import annotations

import json
from typing import Any

from hypothesis import given
from hypothesis import strategies as st

from neurosym.mcp.excerpts import Excerpt

VALUES = st.recursive(
    st.none() | st.integers() | st.text(max_size=50) | st.just("x" * 9_000),
    lambda inner: st.lists(inner, max_size=90) | st.dictionaries(st.text(max_size=5), inner),
    max_leaves=60,
)


def _step(index: int, verdict: str, formal: Any = None) -> dict[str, Any]:
    said = {"index": index, "text": "t", "verdict": verdict, "reason": "", "flags": []}
    evidence = {"kind": "refutation"}
    return {**said, "depends_on": [], "messages": [], "formal": formal, "evidence": evidence}


@given(st.lists(VALUES, max_size=8), st.integers(0, 5_000))
def test_rows_keep_to_their_room(values: list[Any], room: int) -> None:
    excerpt = Excerpt(room)
    kept = excerpt.rows(values, "values")
    assert sum(len(json.dumps(row, ensure_ascii=False)) for row in kept) <= room
    assert len(kept) == len(values) or excerpt.cut


@given(st.lists(st.sampled_from(["proved", "refuted", "unknown"]), max_size=40), VALUES)
def test_steps_keep_to_their_room_in_order(verdicts: list[str], formal: Any) -> None:
    excerpt = Excerpt(3_000)
    steps = [_step(i, verdict, formal) for i, verdict in enumerate(verdicts, 1)]
    shown = excerpt.steps(steps)
    indices = [step["index"] for step in shown]
    assert indices == sorted(indices)
    assert len(json.dumps(shown, ensure_ascii=False)) <= 3_000 + 50 * len(shown)
    left_out = {step["verdict"] for step in steps if step["index"] not in indices}
    if left_out - {"proved"}:
        assert all(step["verdict"] != "proved" for step in shown), "the wrong ones come first"
    if left_out:
        assert any(line.startswith("steps: ") for line in excerpt.cut)


def test_what_is_short_is_left_as_it_is() -> None:
    excerpt = Excerpt()
    value = {"used": [0, 1], "proof": {"text": "short"}}
    assert excerpt.value(value, "evidence") == value
    assert excerpt.cut == []


def test_long_texts_and_lists_are_shortened_by_name() -> None:
    excerpt = Excerpt()
    found = excerpt.value({"proof": "x" * 5_000, "used": list(range(100))}, "evidence")
    assert len(found["proof"]) == 4_000
    assert len(found["used"]) == 60
    assert excerpt.cut == [
        "evidence.proof: 4,000 of 5,000 characters are shown",
        "evidence.used: 60 of 100 items are shown",
    ]


def test_what_has_no_room_is_left_out_by_name() -> None:
    excerpt = Excerpt(100)
    assert excerpt.value({"proof": "x" * 200}, "evidence") is None
    assert excerpt.cut == ["evidence: left out, it is too long"]


def test_many_cuts_are_counted() -> None:
    excerpt = Excerpt(10**6)
    excerpt.rows(["x" * 5_000] * 50, "texts")
    assert len(excerpt.cut) == 31
    assert excerpt.cut[-1] == "and 20 more cuts"
