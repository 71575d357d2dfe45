"""One table of problems that every prover runs (the idea is pysmt's).

``expected`` is the outcome for a complete prover; ``allowed`` adds what a weaker one may say.
A conclusive outcome other than the expected one is a wrong answer whatever the prover.
"""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Case:
    name: str
    premises: tuple[str, ...]
    goal: str | None
    expected: str
    notation: str = "nltk"
    features: frozenset[str] = frozenset()


def _case(
    name: str,
    expected: str,
    goal: str | None,
    *premises: str,
    notation: str = "nltk",
    has: str = "",
) -> Case:
    return Case(name, premises, goal, expected, notation, frozenset(has.split()))


RULE = "all x. (Dog(x) -> Animal(x))"

CASES = (
    _case("modus_ponens", "proved", "Animal(Rex)", RULE, "Dog(Rex)"),
    _case("negated_conclusion", "refuted", "-Animal(Rex)", RULE, "Dog(Rex)"),
    _case("nothing_follows", "independent", "Dog(Rex)", RULE, "Animal(Rex)"),
    _case("no_premises", "independent", "P(A)"),
    _case("tautology", "proved", "P(A) | -P(A)"),
    _case("contradiction_as_goal", "refuted", "P(A) & -P(A)"),
    _case("contradictory_premises", "inconsistent", "Q(A)", "P(A)", "-P(A)", "R(A)"),
    _case("contradictory_rules", "inconsistent", "Q(A)", "all x. P(x)", "exists x. -P(x)"),
    _case("goal_is_a_premise", "proved", "P(A)", "P(A)"),
    _case("chain", "proved", "S(A)", "all x. (P(x) -> Q(x))", "all x. (Q(x) -> S(x))", "P(A)"),
    _case("drinker", "proved", "exists x. (P(x) -> all y. P(y))"),
    _case("exists_to_all", "independent", "all x. P(x)", "exists x. P(x)"),
    _case("all_to_exists", "proved", "exists x. P(x)", "all x. P(x)"),
    _case("swap_quantifiers", "proved", "all y. exists x. R(x, y)", "exists x. all y. R(x, y)"),
    _case("swap_back", "independent", "exists x. all y. R(x, y)", "all y. exists x. R(x, y)"),
    _case("iff_exclusive", "refuted", "P(A) & Q(A)", "(P(A) & -Q(A)) | (-P(A) & Q(A))", has="iff"),
    _case("equality", "proved", "P(B)", "P(A)", "A = B", has="equality"),
    _case("unequal", "refuted", "A = B", "P(A)", "-P(B)", has="equality"),
    _case("names_may_coincide", "independent", "A = B", has="equality"),
    _case("congruence", "proved", "F(F(A)) = A", "F(A) = B", "F(B) = A", has="equality functions"),
    _case("exactly_one", "proved", "A = B", "all x. all y. (x = y)", has="equality"),
    _case(
        "functions",
        "proved",
        "P(S(S(S(Z))))",
        "all x. (P(x) -> P(S(x)))",
        "P(Z)",
        has="functions",
    ),
    _case(
        "functions_do_not_go_back",
        "independent",
        "P(Z)",
        "all x. (P(x) -> P(S(x)))",
        "P(S(Z))",
        has="functions",
    ),
    _case("free_variable", "proved", "P(x)", "all y. P(y)", has="free"),
    _case("free_variable_neither", "independent", "P(x)", "P(A)", "-P(B)", has="free"),
    _case("two_arities", "independent", "Likes(A)", "Likes(A, B)", has="arity"),
    _case("name_twice", "proved", "Sees(A, Dog)", "Dog(A)", "all x. (Dog(x) -> Sees(x, Dog))"),
    _case("satisfiable", "satisfiable", None, RULE, "Dog(Rex)", "-Dog(Tom)"),
    _case("unsatisfiable", "inconsistent", None, RULE, "Dog(Rex)", "-Animal(Rex)"),
    _case("xor", "refuted", "Q(a)", "P(a) ⊕ Q(a)", "P(a)", notation="unicode"),
    _case("unicode_rule", "proved", "¬Q(a)", "∀x (P(x) → ¬Q(x))", "P(a)", notation="unicode"),
    _case(
        "pelletier_24",
        "proved",
        "exists x. (P(x) & R(x))",
        "-(exists x. (S(x) & Q(x)))",
        "all x. (P(x) -> (Q(x) | R(x)))",
        "-(exists x. P(x)) -> exists x. Q(x)",
        "all x. ((Q(x) | R(x)) -> S(x))",
    ),
    _case("pelletier_39_russell", "refuted", "exists x. all y. (F(y, x) <-> -F(y, y))", has="iff"),
    _case(
        "no_finite_model",
        "independent",
        "P(A)",
        "all x. exists y. (R(x, y) & -R(y, x))",
        has="functions",
    ),
)
