"""The rules that rewrite ``lean.js`` match once, or nothing is made."""

from __future__ import annotations

import pytest

from provers.errors import BrokenToolError
from provers.lean import glue
from tests.provers.lean.builds import script


def test_only_used_exports_are_kept() -> None:
    made, keep = glue.rewrite(script())
    assert "_unused" not in made
    assert 'var _a,_b;function assignWasmExports(wasmExports){_a=wasmExports["kept"];' in made
    assert {"kept", "alpha", "main"} <= keep
    assert "zeta" not in keep


def test_symbols_are_looked_up_in_the_file() -> None:
    made, _ = glue.rewrite(script())
    assert "var __dlsym_js=findSymbol;__dlsym_js.sig" in made
    assert made.startswith("//")
    assert "slow" not in made


@pytest.mark.parametrize("rule", glue.RULES, ids=lambda rule: rule.old[:30])
def test_each_rule_must_match(rule: glue.Rule) -> None:
    with pytest.raises(BrokenToolError, match="is there 0 times"):
        glue.rewrite(script().replace(rule.old, ""))
    if rule.times is not None:
        with pytest.raises(BrokenToolError, match="is there 2 times"):
            glue.rewrite(script() + rule.old)


@pytest.mark.parametrize("piece", ["function assignWasmExports", "var __dlsym_js="])
def test_another_script_is_refused(piece: str) -> None:
    with pytest.raises(BrokenToolError, match=r"lean\.js is not the script"):
        glue.rewrite(script().replace(piece, "gone"))
