"""The words that premises are searched by."""

from __future__ import annotations

import pytest

from neurosym.premises.tokens import OPERATORS, tokens


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("Nat.add_comm", ["Nat.add_comm", "nat", "add", "comm"]),
        ("n + m = m + n", ["add", "eq", "add"]),
        ("xs ++ ys", ["append"]),
        ("a <<< 2 ≤ b", ["shiftleft", "2", "le"]),
        ("List.mapIdx", ["List.mapIdx", "list", "map", "idx"]),
        ("BitVec.toNat_ofNat", ["BitVec.toNat_ofNat", "bit", "vec", "nat", "nat"]),
        ("addition of natural numbers commutes", ["add", "nat", "numbers", "comm"]),
        ("HTTPServer", ["http", "server"]),
        ("«strange name».x", ["strange", "name"]),
        ("", []),
        ("  \n ☃ ", []),
    ],
)
def test_words(text: str, found: list[str]) -> None:
    assert [word for word in tokens(text) if word not in {"xs", "ys"}] == found


def test_a_statement_and_its_name_share_words() -> None:
    assert set(tokens("∀ (n m k : Nat), n ∣ m → n ∣ m * k")) & set(tokens("Nat.dvd_mul_right")) == {
        "nat",
        "dvd",
        "mul",
    }


def test_every_operator_is_a_token_of_its_own() -> None:
    for operator, word in OPERATORS.items():
        assert tokens(f"q {operator} r") == [word], operator
