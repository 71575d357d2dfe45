"""A small module, written byte by byte, goes through the rewriting of ``lean.wasm``."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from provers.errors import BrokenToolError
from provers.lean import wasm

HEAD = b"\x00asm\x01\x00\x00\x00"


def section(number: int, payload: bytes) -> bytes:
    return bytes((number,)) + wasm.unsigned(len(payload)) + payload


def vector(*items: bytes) -> bytes:
    return wasm.unsigned(len(items)) + b"".join(items)


def name(text: str) -> bytes:
    return wasm.unsigned(len(text)) + text.encode()


def export(text: str, kind: int, index: int) -> bytes:
    return name(text) + bytes((kind,)) + wasm.unsigned(index)


IMPORTS = vector(
    name("env") + name("f") + b"\x00\x00",
    name("env") + name("memory") + b"\x02\x03\x01\x80\x02",
    name("env") + name("base") + b"\x03\x7f\x00",
)
TABLE = vector(b"\x70\x00\x05")
GLOBALS = vector(b"\x7f\x00\x41\xf0\x00\x0b", b"\x7e\x00\x42\x01\x0b", b"\x7f\x00\x23\x00\x0b")
EXPORTS = vector(
    export("zeta", 0, 7),
    export("alpha", 0, 3),
    export("alias", 0, 3),
    export("datum", 3, 1),
    export("kept", 0, 9),
)
ELEMENTS = vector(b"\x00\x23\x00\x0b\x01\x02")
DYLINK = name("dylink.0") + b"\x03" + wasm.unsigned(8) + vector(name("alias") + b"\x04") + b"\x00"


def module(*, drop: int | None = None, **replaced: bytes) -> bytes:
    parts = {2: IMPORTS, 4: TABLE, 6: GLOBALS, 7: EXPORTS, 9: ELEMENTS}
    parts |= {int(key[1:]): payload for key, payload in replaced.items()}
    return HEAD + b"".join(section(n, p) for n, p in parts.items() if n != drop)


def test_functions_move_to_the_table() -> None:
    done = wasm.rewrite(module(), {"kept"})
    assert done.symbols == b"alias 5\nalpha 5\ndatum 112\nkept 7\nzeta 6\n"
    assert section(4, vector(b"\x70\x00\x08")) in done.module
    assert section(7, vector(export("kept", 0, 9))) in done.module
    segment = b"\x00\x41\x05\x0b\x03\x03\x07\x09"
    assert done.module.endswith(section(9, vector(ELEMENTS[1:], segment)))


def test_what_threads_need_is_kept() -> None:
    whole = HEAD + section(0, DYLINK[:-1]) + module()[len(HEAD) :]
    assert export("alias", 0, 3) in wasm.rewrite(whole, {"kept"}).module


@pytest.mark.parametrize("number", [2, 4, 6, 7, 9])
def test_a_missing_section(number: int) -> None:
    with pytest.raises(BrokenToolError, match=f"no section {number}"):
        wasm.rewrite(module(drop=number), set())


@pytest.mark.parametrize(
    ("broken", "named"),
    [
        (b"not a module", "not a WebAssembly module"),
        (module()[:-3], "ends too early"),
        (module(s4=vector(b"\x70\x01\x05\x05")), "growable table"),
        (module(s6=vector(b"\x7f\x00\x20\x00\x0b")), "instruction 0x20"),
        (module(s6=vector(b"\x7f\x00\x41\x01\x6a\x0b")), "one constant"),
        (module(s2=vector(name("a") + name("b") + b"\x09")), "kind 9"),
    ],
)
def test_another_module_is_refused(broken: bytes, named: str) -> None:
    with pytest.raises(BrokenToolError, match=named):
        wasm.rewrite(broken, set())


@given(st.integers(0, 2**40), st.integers(-(2**40), 2**40))
def test_numbers_come_back(small: int, large: int) -> None:
    assert wasm._Reader(wasm.unsigned(small)).unsigned() == small
    assert wasm._Reader(wasm.signed(large)).signed() == large
