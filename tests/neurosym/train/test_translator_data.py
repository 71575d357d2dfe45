"""What a translator learns from, as files say it."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from neurosym.llm.base import Message
from neurosym.train.translator.data import (
    Pair,
    Preference,
    Task,
    read_pairs,
    read_preferences,
    read_tasks,
)
from provers.errors import InputError

ASKED = (Message("user", "Ann is big."),)


@pytest.fixture
def file(tmp_path: Path) -> Path:
    return tmp_path / "data.jsonl"


def write(file: Path, *lines: Any) -> Path:
    told = [line if isinstance(line, str) else json.dumps(line) for line in lines]
    file.write_text("\n".join(told) + "\n", encoding="utf-8")
    return file


def test_pairs(file: Path) -> None:
    talk = [
        {"role": "system", "content": "Translate."},
        {"role": "user", "content": "Tom is ∀."},
    ]
    write(
        file,
        {"prompt": "Ann is big.", "completion": "big(ann)", "lineage": {"seed": "s1"}},
        "",
        {"messages": talk, "completion": "∀(tom)"},
    )
    told = (Message("system", "Translate."), Message("user", "Tom is ∀."))
    assert read_pairs(file) == [Pair(ASKED, "big(ann)"), Pair(told, "∀(tom)")]


def test_preferences_and_tasks(file: Path) -> None:
    write(file, {"prompt": "Ann is big.", "chosen": "big(ann)", "rejected": "ann(big)"})
    assert read_preferences(file) == [Preference(ASKED, "big(ann)", "ann(big)")]
    write(file, {"prompt": "Ann is big."}, {"prompt": "Ann is big.", "completion": "big(ann)"})
    assert read_tasks(file) == [Task(ASKED), Task(ASKED, "big(ann)")]


@pytest.mark.parametrize(
    ("line", "said"),
    [
        ("{", "EOF"),
        ("[]", "object"),
        ({"prompt": "x"}, "completion"),
        ({"prompt": "x", "completion": ""}, "completion"),
        ({"prompt": 1, "completion": "y"}, "prompt"),
        ({"completion": "y"}, "either 'prompt' or 'messages'"),
        ({"prompt": "x", "messages": [], "completion": "y"}, "messages"),
        (
            {"messages": [{"role": "assistant", "content": "x"}], "completion": "y"},
            "not the user's",
        ),
        ({"messages": [{"role": "judge", "content": "x"}], "completion": "y"}, "role"),
        ('{"prompt": "\\ud800", "completion": "y"}', ""),
    ],
)
def test_a_malformed_line_is_named(file: Path, line: Any, said: str) -> None:
    write(file, {"prompt": "x", "completion": "y"}, "", line)
    with pytest.raises(InputError) as caught:
        read_pairs(file)
    assert f"'{file}' line 3 is malformed" in str(caught.value) and said in str(caught.value)


def test_preferences_that_prefer_nothing(file: Path) -> None:
    write(file, {"prompt": "x", "chosen": "y", "rejected": "y"})
    with pytest.raises(InputError, match=r"line 1 is malformed .*are the same"):
        read_preferences(file)


def test_what_is_no_text(file: Path) -> None:
    file.write_bytes(b'{"prompt": "\xff", "completion": "y"}\n')
    with pytest.raises(InputError, match="line 1 is malformed"):
        read_pairs(file)
    file.write_bytes(b"x" * (4 * 1024 * 1024 + 1))
    with pytest.raises(InputError, match=r"line 1 has more than 4,194,304 bytes"):
        read_pairs(file)


def test_nothing_in_it(file: Path, tmp_path: Path) -> None:
    file.write_text("\n\n")
    with pytest.raises(InputError, match="is empty: there is nothing to learn from"):
        read_pairs(file)
    with pytest.raises(InputError, match="cannot be read"):
        read_tasks(tmp_path / "none.jsonl")
