"""Small values by type, and instances of theorems in an order that tries small ones first."""

from __future__ import annotations

import pytest

from provers.base import Limits
from provers.lean.base import INIT, Checker
from provers.lean.context import Context
from provers.lean.goals import Hypothesis
from provers.lean.instances import EASY, HARD, SINGLE, instances, values


def context(*hypotheses: tuple[str, str], goal: str = "x = 0") -> Context:
    return Context(tuple(Hypothesis(name, type_) for name, type_ in hypotheses), goal)


def test_values_of_types_that_are_understood() -> None:
    assert values("Bool") == ("true", "false")
    assert values("Fin 3") == ("0", "1", "2")
    assert values("Nat", ("41", "42"))[-2:] == ("41", "42")
    assert "-42" in values("Int", ("42",))
    assert values("List Bool")[:3] == ("[]", "[true]", "[false]")
    assert values("(List (Fin 2))")[1] == "[0]"
    assert values("Option Nat")[0] == "none"
    assert values("Nat × Bool")[0] == "(0, true)"
    assert "fun _ => True" in values("Nat → Prop")


@pytest.mark.parametrize("type_", ["Real", "Foo", "x > 3", "List Foo", "Fin n", "", "Fin 0"])
def test_no_values_of_other_types(type_: str) -> None:
    assert values(type_) == ()


VALUED = [
    *("Nat", "Int", "Rat", "Bool", "Prop", "Unit", "String", "Char", "Fin 3", "List Nat"),
    *("Array Bool", "Option Int", "Nat × Bool", "Nat → Prop", "Nat → Nat", "Bool → Bool → Prop"),
    *("List (Fin 2)", "Int → Nat", "Nat → Nat → Nat"),
]


def test_values_have_their_types(lean_checker: Checker) -> None:
    code = "".join(f"noncomputable example : {t} := {v}\n" for t in VALUED for v in values(t))
    reply = lean_checker.ask(INIT, {"op": "check", "code": code}, Limits(120))
    assert reply.body is not None
    lines = code.split("\n")
    wrong = [lines[m["line"] - 1] for m in reply.body["messages"] if m["severity"] == "error"]
    assert wrong == []


def test_small_ones_first_and_literals_are_tried() -> None:
    found = list(instances(context(("x", "Nat"), ("h", "x > 3"), goal="x < 20")))
    assert [i.values for i in found][:2] == [(("x", "0"),), (("x", "1"),)]
    assert (("x", "20"),) in [i.values for i in found]
    assert str(found[1]) == "x = 1"
    assert found[1].refutation(EASY) == "fun h => absurd (@h 1 (by decide)) (by decide)"


def test_types_are_chosen_and_put_in_place() -> None:
    found = next(instances(context(("α", "Type u"), ("inst✝", "BEq α"), ("a", "α"), ("h", "P a"))))
    assert found.arguments == ("Bool", "inferInstance", "true", None)
    assert found.values == (("α", "Bool"), ("a", "true"))


def test_nothing_is_understood() -> None:
    assert list(instances(context(("x", "Real"), ("h", "x > 3")))) == []


def test_number_of_instances_is_limited() -> None:
    many = context(*((f"x{i}", "Nat") for i in range(30)))
    assert len(list(instances(many))) == 240
    assert len(list(instances(many, most=7))) == 7


def test_terms_are_bracketed() -> None:
    found = [i.refutation(HARD) for i in instances(context(("x", "Int"), ("y", "Option Nat")))]
    assert any("(-1)" in term and "(some (0))" in term for term in found)
    assert all(tactic in HARD for tactic in SINGLE)
