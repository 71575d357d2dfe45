"""The examples that come with the package: each can be read, and shows what it is there for."""

from __future__ import annotations

import json

import pytest

from neurosym import examples
from neurosym.verify.pipeline import verify
from neurosym.verify.records import record_of
from provers import registry
from provers.errors import InputError

VERDICTS = {
    "arithmetic": ["proved", "proved", "proved", "no_claim"],
    "contradiction": ["inconsistent", "inconsistent", "inconsistent"],
    "converse": ["proved", "proved", "independent"],
    "equation": ["proved", "proved", "refuted", "refuted", "no_claim"],
    "friends": ["proved", "proved", "refuted", "independent"],
    "rules": ["proved", "proved", "refuted", "independent"],
    "wrong-step": ["refuted", "proved", "proved", "no_claim"],
}


def test_every_example_is_known_here() -> None:
    assert set(examples.names()) == set(VERDICTS)


@pytest.mark.parametrize("name", VERDICTS)
def test_an_example_has_its_verdicts_as_the_page_fills_it_in(name: str) -> None:
    fields = examples.described(name)
    prover = registry.load("z3")
    try:
        keys = ("question", "premises", "solution", "world")
        report = verify(record_of({key: fields[key] for key in keys}), prover)
    finally:
        prover.close()
    assert [step.verdict for step in report.steps] == VERDICTS[name]


def test_descriptions_are_short_and_plain() -> None:
    for name in examples.names():
        fields = examples.described(name)
        assert fields["title"][0].isupper() and "-" not in fields["title"]
        assert 10 < len(fields["about"]) <= 90
        assert json.loads(json.dumps(fields)) == fields


def test_a_name_that_is_none_is_refused() -> None:
    with pytest.raises(InputError, match="no example called"):
        examples.described("../secret")
