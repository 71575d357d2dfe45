"""Rewriting ``lean.wasm`` so that it starts in seconds.

The module exports 201,110 names, and an engine makes an object for each export in every thread.
Only some fifty are used by the glue. The others are looked up by name (``dlsym``) when Lean's
interpreter calls compiled code, so those functions go into the module's table instead, through a
second element segment, and their names with their slots into a text file.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from provers.errors import BrokenToolError

_MAGIC = b"\x00asm\x01\x00\x00\x00"
_CUSTOM, _IMPORT, _TABLE, _GLOBAL, _EXPORT, _ELEMENT = 0, 2, 4, 6, 7, 9
_FUNCTION_KIND, _GLOBAL_KIND = 0, 3  # of exports
_FUNCREF = 0x70
_I32_CONST, _END = 0x41, 0x0B


@dataclass(frozen=True, slots=True)
class Rewritten:
    """The new module, and the text of ``symbols.txt``: a line "NAME NUMBER" a symbol, sorted."""

    module: bytes
    symbols: bytes


@dataclass(frozen=True, slots=True)
class _Export:
    name: bytes
    kind: int
    index: int
    raw: bytes


class _Reader:
    """A cursor over bytes in WebAssembly's encodings."""

    def __init__(self, data: bytes, at: int = 0) -> None:
        self.data = data
        self.at = at

    def byte(self) -> int:
        self.at += 1
        return self.data[self.at - 1]

    def unsigned(self) -> int:
        value = shift = 0
        while True:
            byte = self.byte()
            value |= (byte & 0x7F) << shift
            shift += 7
            if byte < 0x80:
                return value

    def signed(self) -> int:
        value = shift = 0
        while True:
            byte = self.byte()
            value |= (byte & 0x7F) << shift
            shift += 7
            if byte < 0x80:
                return value - (1 << shift) if byte & 0x40 else value

    def take(self, count: int) -> bytes:
        self.at += count
        return self.data[self.at - count : self.at]

    def name(self) -> bytes:
        return self.take(self.unsigned())

    def limits(self) -> int:
        """The minimum of a table's or memory's limits."""
        has_maximum = self.byte() & 1
        minimum = self.unsigned()
        if has_maximum:
            self.unsigned()
        return minimum


def unsigned(number: int) -> bytes:
    """A number that is not negative, as LEB128."""
    out = bytearray()
    while number > 0x7F:
        out.append(number & 0x7F | 0x80)
        number >>= 7
    out.append(number)
    return bytes(out)


def signed(number: int) -> bytes:
    """A number as signed LEB128."""
    out = bytearray()
    while not -0x40 <= number < 0x40:
        out.append(number & 0x7F | 0x80)
        number >>= 7
    out.append(number & 0x7F)
    return bytes(out)


def rewrite(module: bytes, keep: set[str]) -> Rewritten:
    """Cut the exports to ``keep`` and those that the module itself marks as needed for threads.

    Raises BrokenToolError if the module is not built as expected.
    """
    try:
        return _rewrite(module, {name.encode() for name in keep})
    except IndexError as error:
        raise _broken("it ends too early") from error


def _rewrite(module: bytes, keep: set[bytes]) -> Rewritten:
    if module[:8] != _MAGIC:
        raise _broken("it is not a WebAssembly module")
    sections = list(_sections(module))
    body = {number: payload for number, payload in sections if number != _CUSTOM}
    missing = {_IMPORT, _TABLE, _GLOBAL, _EXPORT, _ELEMENT} - set(body)
    if missing:
        raise _broken(f"it has no section {min(missing)}")
    exports = _exports(body[_EXPORT])
    for number, payload in sections:
        if number == _CUSTOM:
            keep = keep | _thread_exports(payload)
    functions = sorted({e.index for e in exports if e.kind == _FUNCTION_KIND})
    first = _table_size(body[_TABLE])
    kept = [e.raw for e in exports if e.name in keep or e.name.startswith(b"__em_js__")]
    new = {
        _TABLE: unsigned(1) + bytes((_FUNCREF, 0)) + unsigned(first + len(functions)),
        _EXPORT: unsigned(len(kept)) + b"".join(kept),
        _ELEMENT: _with_segment(body[_ELEMENT], first, functions),
    }
    out = [_MAGIC]
    for number, payload in sections:
        payload = new.get(number, payload)
        out += [bytes((number,)), unsigned(len(payload)), payload]
    slots = {index: first + n for n, index in enumerate(functions)}
    addresses = _constants(body[_IMPORT], body[_GLOBAL])
    lines = [
        b"%s %d\n" % (e.name, slots[e.index] if e.kind == _FUNCTION_KIND else addresses[e.index])
        for e in exports
        if e.kind == _FUNCTION_KIND or (e.kind == _GLOBAL_KIND and e.index in addresses)
    ]
    return Rewritten(b"".join(out), b"".join(sorted(lines)))


def _broken(what: str) -> BrokenToolError:
    return BrokenToolError(f"lean.wasm is not the module that was expected: {what}.")


def _sections(module: bytes) -> Iterator[tuple[int, bytes]]:
    reader = _Reader(module, len(_MAGIC))
    while reader.at < len(module):
        number = reader.byte()
        size = reader.unsigned()
        payload = reader.take(size)
        if len(payload) < size:
            raise _broken("it ends too early")
        yield number, payload


def _exports(payload: bytes) -> list[_Export]:
    reader = _Reader(payload)
    found = []
    for _ in range(reader.unsigned()):
        start = reader.at
        name, kind, index = reader.name(), reader.byte(), reader.unsigned()
        found.append(_Export(name, kind, index, payload[start : reader.at]))
    return found


def _thread_exports(payload: bytes) -> set[bytes]:
    """The names in the ``dylink.0`` section's list of exports with flags, such as thread-locals."""
    reader = _Reader(payload)
    if reader.name() != b"dylink.0":
        return set()
    names = set()
    while reader.at < len(payload):
        kind, size = reader.byte(), reader.unsigned()
        end = reader.at + size
        if kind == 3:
            for _ in range(reader.unsigned()):
                names.add(reader.name())
                reader.unsigned()
        reader.at = end
    return names


def _table_size(payload: bytes) -> int:
    reader = _Reader(payload)
    if (reader.unsigned(), reader.byte(), reader.byte()) != (1, _FUNCREF, 0):
        raise _broken("it has not one growable table of functions")
    return reader.unsigned()


def _with_segment(payload: bytes, first: int, functions: list[int]) -> bytes:
    """The element section with one more active segment, which fills the new slots."""
    reader = _Reader(payload)
    count = reader.unsigned()
    segment = (
        bytes((0, _I32_CONST))
        + signed(first)
        + bytes((_END,))
        + unsigned(len(functions))
        + b"".join(map(unsigned, functions))
    )
    return unsigned(count + 1) + payload[reader.at :] + segment


def _constants(imports: bytes, globals_: bytes) -> dict[int, int]:
    """The value of each global that is a 32-bit constant, by its index."""
    reader = _Reader(globals_)
    first = _imported_globals(imports)
    values = {}
    for index in range(first, first + reader.unsigned()):
        reader.take(2)  # type and mutability
        match reader.byte():
            case 0x41:  # i32.const
                values[index] = reader.signed()
            case 0x42:  # i64.const
                reader.signed()
            case 0x23 | 0xD0:  # global.get, ref.null
                reader.unsigned()
            case other:
                raise _broken(f"a global starts with instruction {other:#x}")
        if reader.byte() != _END:
            raise _broken("a global is not one constant")
    return values


def _imported_globals(payload: bytes) -> int:
    reader = _Reader(payload)
    found = 0
    for _ in range(reader.unsigned()):
        reader.name(), reader.name()
        match reader.byte():
            case 0:  # function
                reader.unsigned()
            case 1:  # table
                reader.byte()
                reader.limits()
            case 2:  # memory
                reader.limits()
            case 3:  # global
                reader.take(2)
                found += 1
            case 4:  # tag
                reader.byte()
                reader.unsigned()
            case other:
                raise _broken(f"it imports something of kind {other}")
    return found
