"""Small terms of a project's own types."""

from neurosym.project.terms import Terms
from provers.lean.workbench import Declared


def constructor(name: str, statement: str) -> Declared:
    return Declared(name, "constructor", statement, (), None, ())


TREE = [
    constructor("Tree.node", "{α : Type} → Tree α → α → Tree α → Tree α"),
    constructor("Tree.leaf", "{α : Type} → Tree α"),
    constructor("Shop.Colour.red", "Shop.Colour"),
    constructor("Shop.Colour.mixed", "Shop.Colour → Bool → Shop.Colour"),
    constructor("Point.mk", "Nat → Nat → Point"),
]


def test_terms_are_built_of_constructors_the_small_ones_first() -> None:
    terms = Terms(TREE)
    trees = terms.of("Tree Nat")
    assert trees[0] == "Tree.leaf"
    assert "Tree.node (Tree.leaf) (0) (Tree.leaf)" in trees
    assert terms.of("Colour")[:2] == (
        "Shop.Colour.red",
        "Shop.Colour.mixed (Shop.Colour.red) (true)",
    )
    assert "Point.mk (0) (1)" in terms.of("Point")


def test_of_a_type_that_is_not_known_there_are_none() -> None:
    assert Terms(TREE).of("Unknown") == ()
    assert Terms([constructor("Loop.mk", "Loop → Loop")]).of("Loop") == ()
