"""Whatever a generated grammar writes, the reader of its notation reads."""

from __future__ import annotations

from importlib import resources

import pytest

from neurosym.translate import english
from neurosym.translate.base import Status
from neurosym.translate.grammars import choice, gbnf, literal, name_of
from neurosym.translate.grammars.fol import formula_grammar
from neurosym.translate.grammars.plain import Words, sentence_grammar, third_person
from provers.logic.formats import parse
from provers.logic.syntax import Pred, free_variables, walk
from tests.neurosym.translate.scripted import Strings

PREDICATES = {"cold": frozenset({1}), "see": frozenset({2}), "between": frozenset({3})}
WORDS = Words(("Bob", "the cat"), ("cold", "wumpus", "fond of"), ("see", "feed on"))


def lark_text(notation: str) -> str:
    files = resources.files("provers.logic.formats")
    return files.joinpath(f"{notation}.lark").read_text(encoding="utf-8")


@pytest.mark.parametrize("seed", range(60))
def test_formulas_parse_are_closed_and_fit_the_vocabulary(seed: int) -> None:
    text = Strings(formula_grammar(PREDICATES, ("bob", "the_cat"))).draw(seed, 10 + seed)
    formula = parse(text, "unicode")
    assert not free_variables(formula), text
    for part in walk(formula):
        if isinstance(part, Pred):
            assert len(part.args) in PREDICATES[part.name], text


@pytest.mark.parametrize("seed", range(20))
def test_without_constants_every_formula_is_quantified(seed: int) -> None:
    text = Strings(formula_grammar({"cold": frozenset({1})}, ())).draw(seed, 30)
    assert not free_variables(parse(text, "unicode"))
    assert "∀" in text or "∃" in text


def test_propositions_and_equations_can_be_had() -> None:
    strings = Strings(formula_grammar({"rain": frozenset({0})}, ("a", "b"), equality=True))
    texts = {strings.draw(seed, 12) for seed in range(40)}
    assert any("rain" in text for text in texts)
    assert any(" = " in text or " ≠ " in text for text in texts)
    for text in texts:
        parse(text, "unicode")


def test_no_predicate_is_refused() -> None:
    with pytest.raises(ValueError, match="predicate"):
        formula_grammar({}, ("bob",))


@pytest.mark.parametrize("seed", range(60))
def test_plain_sentences_are_read_by_the_rules(seed: int) -> None:
    text = Strings(sentence_grammar(WORDS)).draw(seed, 5 + seed % 20)
    reading = english.translate(text)
    # "it" may mean two things, and kinds may be mixed up; but no sentence is misread as nothing.
    assert reading.status in (Status.TRANSLATED, Status.UNTRANSLATED)


def test_most_plain_sentences_are_read() -> None:
    strings = Strings(sentence_grammar(WORDS))
    read = [english.translate(strings.draw(seed, 8)).status for seed in range(100)]
    assert read.count(Status.TRANSLATED) >= 80


@pytest.mark.parametrize(
    ("verb", "form"),
    [("chase", "chases"), ("carry", "carries"), ("play", "plays"), ("feed on", "feeds on")],
)
def test_third_person(verb: str, form: str) -> None:
    assert third_person(verb) == form


@pytest.mark.parametrize("seed", range(20))
def test_a_whole_notation_can_be_had(seed: int) -> None:
    spell = {"TRUE": '"$true"', "FALSE": '"$false"', "WORD": "[a-z] [a-z0-9]*"}
    units = {
        "term": '(VARIABLE | WORD | WORD "(" term ")")',
        "predicate": '(WORD | WORD "(" term ")")',
        "equal": '(term " = " term)',
        "unequal": '(term " != " term)',
    }
    replace = {"_term": units["term"], **{k: v for k, v in units.items() if k != "term"}}
    text = Strings(gbnf(lark_text("tptp"), spell=spell, replace=replace)).draw(seed, 20)
    parse(text, "tptp")


def test_a_pattern_that_has_no_form_is_named() -> None:
    with pytest.raises(ValueError, match="NOT has no form"):
        gbnf("start: NOT\nNOT: /not(?!x)/")


def test_alternatives_that_begin_alike_are_joined() -> None:
    written = gbnf('start: a | a "," start\na: "x"')
    assert "(a (COMMA start)?)" in written.replace("((COMMA (start)))", "(COMMA start)").replace(
        "(start)", "start"
    )


def test_names_and_literals() -> None:
    assert name_of("__start_plus_0") == "x-start-plus-0"
    assert literal('a"\\\n') == '"a\\"\\\\\\n"'
    with pytest.raises(ValueError, match="choose"):
        choice([])


def test_nesting_is_bounded_and_costs_an_engine_no_more_than_its_length() -> None:
    xgrammar = pytest.importorskip("xgrammar", reason="xgrammar is not installed")
    from xgrammar.testing import _is_grammar_accept_string

    grammar = xgrammar.Grammar.from_ebnf(formula_grammar(PREDICATES, ("bob",)))
    atom = "cold(x) ∧ (cold(x) ∨ (cold(x) → cold(bob)))"
    assert _is_grammar_accept_string(grammar, f"∀x ({atom})")
    assert not _is_grammar_accept_string(grammar, f"∀x ({atom}))")
    assert not _is_grammar_accept_string(grammar, "(" * 40 + "cold(bob)" + ")" * 40)
    whole = xgrammar.Grammar.from_ebnf(
        gbnf(
            lark_text("nltk"),
            spell=dict.fromkeys(("IOTA", "NOT", "ALL", "EXISTS"), '"?"')
            | {"_IFF": '"<->"', "_IMPLIES": '"->"', "_AND": '"&"', "_OR": '"|"', "NAME": '"P"'},
        )
    )
    assert _is_grammar_accept_string(whole, "(" * 40 + "P" + ")" * 40)
