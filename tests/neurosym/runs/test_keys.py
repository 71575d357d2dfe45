"""Content keys change with all that an output depends on, and with nothing else."""

from __future__ import annotations

import itertools
import subprocess
import sys
from typing import Any

import pytest

from neurosym.runs.keys import canonical, key_of, neurosym_version, tool_versions

_PARTS: dict[str, tuple[Any, ...]] = {
    "kind": ("verify", "prove"),
    "input": (
        {"steps": ["a"]},
        {"steps": ["b"]},
        {"steps": ["a"], "id": "1"},
        [],
        None,
        "",
        1,
        "1",
    ),
    "versions": ({"z3": "4.15"}, {"z3": "4.16"}, {"z3": "4.15", "cvc5": "1.3"}),
    "configuration": ({}, {"prover": "z3"}, {"prover": "cvc5"}, {"prover": None}),
}


def _key(kind: str, input: Any, versions: Any, configuration: Any) -> str:
    return key_of(kind, input, versions=versions, configuration=configuration)


def test_every_difference_makes_another_key() -> None:
    all_parts = list(itertools.product(*_PARTS.values()))
    keys = {_key(*parts) for parts in all_parts}
    assert len(keys) == len(all_parts)
    assert all(len(key) == 64 and set(key) <= set("0123456789abcdef") for key in keys)


def test_the_order_of_fields_makes_none() -> None:
    one = _key("verify", {"a": 1, "b": {"c": 2, "d": 3}}, {"x": "1", "y": "2"}, {"p": 1, "q": 2})
    two = _key("verify", {"b": {"d": 3, "c": 2}, "a": 1}, {"y": "2", "x": "1"}, {"q": 2, "p": 1})
    assert one == two


def test_another_process_makes_the_same_key() -> None:
    code = (
        "from neurosym.runs.keys import key_of\n"
        "print(key_of('verify', {'t': '∀x \\ud800'}, versions={'z3': '4'}, configuration={}))"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == _key("verify", {"t": "∀x \ud800"}, {"z3": "4"}, {})


@pytest.mark.parametrize("value", [float("nan"), float("inf"), {1, 2}, b"bytes", object()])
def test_what_is_not_json_has_no_key(value: object) -> None:
    with pytest.raises(ValueError, match=r"JSON"):
        canonical({"a": value})


def test_versions_name_what_is_here() -> None:
    from importlib.metadata import version

    versions = tool_versions()
    assert versions["z3"] == version("z3-solver")
    assert versions["neurosym"] == neurosym_version()
    release, _, digest = neurosym_version().partition("+")
    assert release == version("neurosym")
    assert len(digest) == 16
    assert all(isinstance(v, str) for v in versions.values())
