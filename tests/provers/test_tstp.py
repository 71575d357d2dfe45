"""Derivations read and replayed: right ones pass, and each way of being wrong is found."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence

import pytest

from provers import registry, skolem, tstp
from provers.base import Limits
from provers.errors import ParseError
from provers.logic.formats.tptp import parse_formula
from provers.logic.syntax import Formula, Not, closure
from provers.smt import SmtProver
from provers.solver import Question, Timer

Entails = Callable[[Sequence[Formula], Formula], bool]


@pytest.fixture(scope="module")
def entails() -> Iterator[Entails]:
    prover = registry.load("z3")
    assert isinstance(prover, SmtProver)

    def ask(parents: Sequence[Formula], conclusion: Formula) -> bool:
        labels = {f"f{i}": f for i, f in enumerate([*parents, Not(conclusion)])}
        limits = Limits(2)
        answers = prover.solver.decide(labels, [Question(labels)], Timer(2), limits)
        return answers[0].status == "unsat"

    yield ask
    prover.close()


def f(text: str) -> Formula:
    return closure(parse_formula(text))


PREMISES = (f("![X]: (dog(X) => ?[Y]: owns(Y,X))"), f("dog(rex)"))
ASSUMPTION = Not(f("?[Z]: owns(Z,rex)"))
DERIVATION = """
fof(p0, axiom, ![X1]:((dog(X1)=>?[X2]:(owns(X2,X1)))), file('<stdin>', p0)).
fof(p1, axiom, dog(rex), file('<stdin>', p1)).
fof(goal, conjecture, ?[X3]:(owns(X3,rex)), file('<stdin>', goal)).
fof(c_0_3, negated_conjecture, ~(?[X3]:(owns(X3,rex))), inference(assume_negation,[status(cth)],[goal])).
fof(c_0_4, plain, ![X4]:((~dog(X4)|owns(esk1_1(X4),X4))), inference(skolemize,[status(esa)],[inference(variable_rename,[status(thm)],[inference(fof_nnf,[status(thm)],[p0])])])).
fof(c_0_5, negated_conjecture, ![X5]:(~owns(X5,rex)), inference(fof_nnf,[status(thm)],[c_0_3])).
cnf(c_0_6, plain, (owns(esk1_1(X1),X1)|~dog(X1)), inference(split_conjunct,[status(thm)],[c_0_4])).
cnf(c_0_7, negated_conjecture, (~owns(X1,rex)), inference(split_conjunct,[status(thm)],[c_0_5])).
cnf(c_0_8, plain, (dog(rex)), p1).
cnf(c_0_9, negated_conjecture, ($false), inference(sr,[status(thm)],[inference(spm,[status(thm)],[c_0_6, c_0_7]), c_0_8, theory(equality)]), ['proof']).
"""  # noqa: E501


def replay(
    entails: Entails,
    text: str = DERIVATION,
    premises: Sequence[Formula] = PREMISES,
    assumption: Formula | None = ASSUMPTION,
) -> tuple[bool, str]:
    return tstp.replay(text, premises, assumption, entails)


def changed(old: str, new: str) -> str:
    assert old in DERIVATION
    return DERIVATION.replace(old, new)


def test_a_right_derivation_is_replayed(entails: Entails) -> None:
    assert replay(entails)[0], replay(entails)


def test_leaves_and_nested_sources_are_read() -> None:
    steps = tstp.read(DERIVATION)
    assert tstp.leaves(steps) == ("p0", "p1", "goal")
    assert [step.name for step in steps][-1] == "c_0_9"
    assert steps[-1].source is not None and steps[-1].source.args[2].args[0].name == "inference"


WRONG = {
    "an axiom that was not given": (
        changed("axiom, dog(rex), file", "axiom, ![X]:dog(X), file"),
        "not among the given",
    ),
    "a goal that was not given": (
        changed("conjecture, ?[X3]:(owns(X3,rex)), file", "conjecture, ?[X3]:owns(X3,bob), file"),
        "not among the given",
    ),
    "a step that does not follow": (
        changed("(owns(esk1_1(X1),X1)|~dog(X1))", "owns(esk1_1(X1),X1)"),
        "c_0_6 was not shown",
    ),
    "no contradiction at the end": (changed("($false)", "($true)"), "does not end in $false"),
    "the goal taken as given": (
        changed("[c_0_5])).\ncnf(c_0_8", "[goal])).\ncnf(c_0_8").replace("(~owns(X1,rex))", "~p"),
        "uses goal as if it were given",
    ),
    "a negation that is not one of the goal": (
        changed("[status(cth)],[goal]", "[status(cth)],[p1]"),
        "or negates it",
    ),
    "a Skolem function that does not depend on its variable": (
        changed("esk1_1(X4),X4))), inference", "esk1_0,X4))), inference"),
        "not recognised as a Skolemisation",
    ),
    "more than a Skolem form": (
        changed("owns(esk1_1(X4),X4))), inf", "owns(esk1_1(X4),X4)) & ~dog(rex)), inf"),
        "not recognised as a Skolemisation",
    ),
    "a Skolem function that is not new": (
        changed("esk1_1(X4),X4))), inference", "rex,X4))), inference"),
        "c_0_4 was not shown",
    ),
    "new symbols in a step that is said to follow": (
        changed("skolemize,[status(esa)]", "skolemize,[status(thm)]"),
        "has new symbols",
    ),
    "a cycle": (changed("[c_0_3])", "[c_0_9])"), "not an earlier step"),
    "a step twice": (changed("cnf(c_0_8", "cnf(c_0_7"), "two steps"),
    "an unknown status": (changed("sr,[status(thm)]", "sr,[status(sab)]"), "cannot be checked"),
    "a step from nowhere": (changed("(dog(rex)), p1)", "(dog(rex)))"), "where it comes from"),
    "a step from something else": (changed("(dog(rex)), p1)", "(dog(rex)), creator(x))"), "known"),
    "a derivation that is cut off": (DERIVATION[:-20], "cannot be read"),
    "a formula that cannot be read": (changed("plain, (dog(rex))", "plain, (dog(rex)"), "read"),
    "an assumption brought in as a definition": (
        changed("(dog(rex)), p1)", "(~dog(rex)), introduced(definition))"),
        "neither a definition",
    ),
}


@pytest.mark.parametrize("name", WRONG)
def test_wrong_derivations_are_refused(entails: Entails, name: str) -> None:
    text, words = WRONG[name]
    ok, detail = replay(entails, text)
    assert not ok
    assert words in detail


def test_a_derivation_is_no_proof_from_fewer_premises(entails: Entails) -> None:
    assert not replay(entails, premises=PREMISES[:1])[0]
    assert not replay(entails, assumption=None)[0]
    assert not replay(entails, assumption=Not(f("?[Z]: owns(Z,tom)")))[0]


def test_equal_formulas_in_another_form_are_the_same_leaf(entails: Entails) -> None:
    premises = (f("![U]: ~(dog(U) & ![V]: ~owns(V,U))"), f("~~dog(rex)"))
    assert replay(entails, premises=premises, assumption=f("![X]: ~owns(X,rex)"))[0]


def test_definitions_are_accepted_only_for_new_symbols(entails: Entails) -> None:
    text = """
    fof(a, axiom, p(c) & ~p(c), file('x', a)).
    fof(d, plain, ![X]:(epred1_1(X) <=> p(X)), introduced(definition)).
    fof(e, plain, epred1_1(c), inference(apply_def,[status(thm)],[a, d])).
    cnf(z, plain, $false, inference(cn,[status(thm)],[a, e, d])).
    """
    given = [f("p(c) & ~p(c)")]
    assert tstp.replay(text, given, None, entails)[0]
    for wrong in (
        "![X]:(p(X) <=> q)",  # p is not new
        "![X]:(epred1_1(X) <=> ~epred1_1(X))",
        "![X,Y]:(epred1_1(X) <=> p(Y))",  # p would have to be the same everywhere
        "epred1_1(c) & ~p(c)",
    ):
        bad = text.replace("![X]:(epred1_1(X) <=> p(X))", wrong)
        assert not tstp.replay(bad, given, None, entails)[0], wrong


VAMPIRE = """
fof(f1,axiom,( ! [X0] : (dog(X0) => ? [X1] : owns(X1,X0)) ), file('/tmp/x.p',p0)).
fof(f2,axiom,( dog(rex) ), file('/tmp/x.p',p1)).
fof(f3,conjecture,( ? [X0] : owns(X0,rex) ), file('/tmp/x.p',goal)).
fof(f4,negated_conjecture,( ~ ? [X0] : owns(X0,rex) ), inference(negated_conjecture,[],[f3])).
fof(f5,plain,( ! [X0] : (? [X1] : owns(X1,X0) | ~dog(X0)) ), inference(ennf_transformation,[],[f1])).
fof(f6,plain,( ! [X0] : (? [X1] : owns(X1,X0) => owns(sK0(X0),X0)) ), introduced(choice_axiom,[])).
fof(f7,plain,( ! [X0] : (owns(sK0(X0),X0) | ~dog(X0)) ), inference(skolemisation,[status(esa),new_symbols(skolem,[sK0])],[f5,f6])).
cnf(f8,plain,( owns(sK0(X0),X0) | ~dog(X0) ), inference(cnf_transformation,[],[f7])).
cnf(f9,plain,( ~owns(X0,rex) ), inference(cnf_transformation,[],[f4])).
fof(f10,plain,( spl1_1 <=> dog(rex) ), introduced(avatar_definition,[new_symbols(naming,[spl1_1])])).
cnf(f11,plain,( spl1_1 ), inference(avatar_split_clause,[],[f2,f10])).
cnf(f12,plain,( ~spl1_1 ), inference(resolution,[],[f8,f9,f10])).
fof(f13,plain,( $false ), inference(avatar_sat_refutation,[],[f11,f12])).
"""  # noqa: E501


def test_a_derivation_in_vampires_form_is_replayed(entails: Entails) -> None:
    assert tstp.leaves(tstp.read(VAMPIRE)) == ("p0", "p1", "goal")
    assert replay(entails, VAMPIRE)[0], replay(entails, VAMPIRE)
    wrong = VAMPIRE.replace("=> owns(sK0(X0),X0)) ), intro", "=> owns(sK0(X0),rex)) ), intro")
    assert not replay(entails, wrong)[0]


def test_symbols_that_were_renamed_are_read_back(entails: Entails) -> None:
    given = [f("'Dög'(a)"), f("~'Dög'(a)")]
    text = tstp.write_symbols({("predicate", "Dög", 1): "s_D_g"}) + (
        "fof(a, axiom, s_D_g(a), file('x', a)).\n"
        "fof(b, axiom, ~s_D_g(a), file('x', b)).\n"
        "cnf(c, plain, $false, inference(sr,[status(thm)],[a, b])).\n"
    )
    assert tstp.replay(text, given, None, entails)[0]
    mixed = [f("p(a)"), f("~q(a)")]
    both = tstp.write_symbols({("predicate", "p", 1): "s_D_g", ("predicate", "q", 1): "s_D_g"})
    ok, detail = tstp.replay(both + text.partition("\n")[2], mixed, None, entails)
    assert not ok and "one name to two symbols" in detail


@pytest.mark.parametrize(
    "text",
    [
        "fof(a, axiom",
        "fof(a, axiom, p, file('x', a)",
        "fof(a, axiom).",
        "p.",
        "fof(a, axiom, p, inference(x,[],[a]).",
        "fof(a, axiom, p, ((a))).",
        "include('x').",
        "fof(a, axiom, (p], file(x, a)).",
    ],
)
def test_text_that_is_no_derivation_is_refused(text: str) -> None:
    with pytest.raises(ParseError):
        tstp.read(text)


def test_deep_nesting_does_no_harm(entails: Entails) -> None:
    deep = "inference(x,[status(thm)],[" * 20_000 + "a" + "])" * 20_000
    text = f"fof(a, axiom, $false, {deep})."
    assert len(tstp.read(text)) == 1
    assert not tstp.replay(text, [], None, entails)[0]
    assert not tstp.replay(
        "fof(a, axiom, " + "(" * 9000 + "p" + ")" * 9000 + ", a).", [], None, entails
    )[0]


@pytest.mark.parametrize(
    "text",
    [
        "![X]:?[Y]: r(X,Y)",
        "?[X]:![Y]:?[Z]: r(X,Y,Z)",
        "![X]: (p(X) | ?[Y]: (q(Y) & ![Z]: ?[W]: s(Y,Z,W)))",
        "(?[X]: p(X)) <=> ![Y]: q(Y)",
        "~![X]: (p(X) => ?[Y]: (r(X,Y) & ~?[Z]: r(Z,Y)))",
    ],
)
def test_skolem_forms_entail_their_formula_and_some_use_all_new_symbols(
    entails: Entails, text: str
) -> None:
    formula = f(text)
    plain = list(skolem.skolem_forms(formula, []))
    assert plain
    new = skolem.symbols(plain[:1]) - skolem.symbols([formula])
    made = list(skolem.skolem_forms(formula, new))
    assert any(new <= skolem.symbols([form]) for form in made)
    for form in made:
        assert entails([form], formula)
        # No Skolem form says more than that the values exist.
        assert not entails([formula], f("$false")) and not entails([form], f("$false"))


def test_dependencies_of_skolem_functions_are_kept() -> None:
    formula = f("![X]:?[Y]: r(X,Y)")
    assert list(skolem.skolem_forms(formula, [("function", "esk1_0", 0)])) == []
    assert list(skolem.skolem_forms(formula, [("predicate", "esk1_1", 1)])) == []
