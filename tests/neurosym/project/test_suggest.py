"""What can be done at a place of a proof."""

import pytest

from neurosym.project.premises import Nearby
from neurosym.project.suggest import Adviser
from neurosym.project.work import Project
from provers.errors import InputError


def test_tactics_that_end_or_carry_on_a_proof(shop: Project) -> None:
    module = shop.built.modules["Shop.Use"]
    text = module.file.read_text()
    adviser = Adviser(shop.built, select=Nearby(shop.built).names)
    try:
        advice = adviser.advise(module, text, (11, 5))
        assert advice.goal.endswith("⊢ n + 0 = 2")
        assert advice.tactics[0].after == ""
        carried = adviser.advise(module, text, (10, 4))
        assert "∧" in carried.goal and any(one.after.count("⊢") == 2 for one in carried.tactics)
        assert "Shop.Tree.mirror" in carried.premises
        with pytest.raises(InputError, match="no tactic stands"):
            adviser.advise(module, text, (1, 0))
    finally:
        adviser.close()
