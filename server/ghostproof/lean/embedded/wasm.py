"""Rewrites the WebAssembly binary of Lean so that V8 loads it quickly, and so that Lean takes files for what they are.

The stock binary exports 201,110 symbols, because Lean's interpreter finds compiled functions by name.
V8 limits exports to 100,000 and the JavaScript runtime would spend minutes on a table slot for each.
Here every exported function gets its slot in the static function table, and the names move to a hash file
(`symbols`) that the loader searches; the export section keeps only what the JavaScript runtime names.

Of the code one condition is touched. Where it is built for WebAssembly, `processHeaderCore` takes every file for one
that begins with `module`, whatever its header says: names are private, and after `inductive Hue | red` there is no
namespace `Hue` to open. The condition is made false, so that the header decides as it does everywhere else.
"""

import struct
from collections import Counter
from dataclasses import dataclass

from ghostproof.errors import ToolchainBroken

TYPE_FUNC, TYPE_TABLE, TYPE_MEMORY, TYPE_GLOBAL, TYPE_TAG = range(5)
SECTION_IMPORT, SECTION_TABLE, SECTION_GLOBAL, SECTION_EXPORT, SECTION_ELEMENT, SECTION_CODE = 2, 4, 6, 7, 9, 10
OP_I32_CONST, OP_END, OP_NOP = 0x41, 0x0B, 0x01
# `i32.load8_u` of an address, `i32.eqz`, `if` without a result.
IF_NOT_BYTE_AT = bytes([0x2D, 0, 0, 0x45, 0x04, 0x40])
READS_HEADER = b"l_Lean_Elab_processHeaderCore"

# 201,109 symbols in 262,144 slots of 12 bytes: 3 MB, about two probes for a hit.
SYMBOL_BITS = 18


@dataclass(frozen=True)
class RewrittenModule:
    """Result of `rewrite`: the new binary, the symbol hash file, and how many symbols it holds."""

    wasm: bytes
    symbols: bytes
    symbol_count: int


def _expect(condition: bool, what: str) -> None:
    if not condition:
        raise ToolchainBroken(f"The WebAssembly binary is not the expected one: {what}.")


class _BinaryReader:
    """Reads LEB128 numbers and names from a byte string, from `at` on."""

    def __init__(self, data: bytes, at: int) -> None:
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

    def name(self) -> bytes:
        length = self.unsigned()
        self.at += length
        return self.data[self.at - length : self.at]

    def limits(self) -> None:
        flags = self.byte()
        self.unsigned()
        if flags & 1:
            self.unsigned()


def unsigned_leb(value: int) -> bytes:
    """LEB128 encoding of a number that is not negative."""
    out = bytearray()
    while value >= 0x80:
        out.append(value & 0x7F | 0x80)
        value >>= 7
    out.append(value)
    return bytes(out)


def signed_leb(value: int) -> bytes:
    """Signed LEB128 encoding."""
    out = bytearray()
    while not -0x40 <= value < 0x40:
        out.append(value & 0x7F | 0x80)
        value >>= 7
    out.append(value & 0x7F)
    return bytes(out)


def _sections(data: bytes) -> list[tuple[int, int, int]]:
    """(id, start, end) of every section's payload, in file order."""
    _expect(data[:8] == b"\0asm\1\0\0\0", "no WebAssembly 1 header")
    sections = []
    reader = _BinaryReader(data, 8)
    while reader.at < len(data):
        section = reader.byte()
        length = reader.unsigned()
        sections.append((section, reader.at, reader.at + length))
        reader.at += length
    _expect(reader.at == len(data), "a section runs past the end of the file")
    return sections


def _imported(reader: _BinaryReader) -> Counter[int]:
    """How many things of each kind are imported."""
    count: Counter[int] = Counter()
    for _ in range(reader.unsigned()):
        reader.name()
        reader.name()
        kind = reader.byte()
        _expect(kind <= TYPE_TAG, f"import of kind {kind}")
        count[kind] += 1
        if kind == TYPE_FUNC:
            reader.unsigned()
        elif kind == TYPE_TABLE:
            reader.byte()
            reader.limits()
        elif kind == TYPE_MEMORY:
            reader.limits()
        elif kind == TYPE_GLOBAL:
            reader.at += 2
        else:
            reader.byte()
            reader.unsigned()
    return count


def _constant_globals(reader: _BinaryReader, first: int) -> dict[int, int]:
    """Value of every global that starts as an i32 constant, by global index; these are addresses of data symbols."""
    values = {}
    fixed_size = {0x43: 4, 0x44: 8, 0xD0: 1}
    for index in range(first, first + reader.unsigned()):
        reader.at += 2
        opcode = reader.byte()
        if opcode == OP_I32_CONST:
            values[index] = reader.signed()
        elif opcode == 0x42:
            reader.signed()
        elif opcode == 0x23:
            reader.unsigned()
        else:
            _expect(opcode in fixed_size, f"global initialised by opcode {opcode:#x}")
            reader.at += fixed_size[opcode]
        _expect(reader.byte() == OP_END, "global initialiser of more than one instruction")
    return values


def _table_size(reader: _BinaryReader) -> int:
    _expect(reader.unsigned() == 1 and reader.byte() == 0x70 and reader.byte() == 0, "not one growable function table")
    return reader.unsigned()


def _elements(reader: _BinaryReader) -> tuple[int, list[int]]:
    """(first slot, function indices) of the only element segment."""
    _expect(reader.unsigned() == 1 and reader.byte() == 0, "not one active element segment")
    _expect(reader.byte() == OP_I32_CONST, "element segment at a computed slot")
    base = reader.signed()
    _expect(reader.byte() == OP_END, "element segment at a computed slot")
    return base, [reader.unsigned() for _ in range(reader.unsigned())]


def _exports(reader: _BinaryReader) -> list[tuple[bytes, int, int]]:
    """(name, kind, index) of every export."""
    return [(reader.name(), reader.byte(), reader.unsigned()) for _ in range(reader.unsigned())]


def symbol_hash(name: bytes) -> tuple[int, int]:
    """Two 32-bit hashes of a symbol's name; `hostcalls.js` computes the same ones."""
    a, b = 0x811C9DC5, 0x9747B28C
    for byte in name:
        a = ((a ^ byte) * 0x01000193) & 0xFFFFFFFF
        b = ((b ^ byte) * 0x5BD1E995 + 1) & 0xFFFFFFFF
    return a, b


def symbol_table(symbols: list[tuple[bytes, int]], bits: int = SYMBOL_BITS) -> bytes:
    """Open-addressing hash file: 2**bits entries of three little-endian words (hash, hash, value); zeros are free."""
    mask = (1 << bits) - 1
    _expect(len(symbols) < mask, "too many symbols")
    slots: list[tuple[int, int, int] | None] = [None] * (mask + 1)
    seen = set()
    for name, value in symbols:
        a, b = symbol_hash(name)
        _expect((a, b) not in seen and (a, b) != (0, 0), f"the hashes of {name!r} collide")
        seen.add((a, b))
        slot = (a ^ (a >> 15)) & mask
        while slots[slot] is not None:
            slot = (slot + 1) & mask
        slots[slot] = (a, b, value)
    return b"".join(struct.pack("<III", *(entry or (0, 0, 0))) for entry in slots)


def header_decides(code: bytes, function: int) -> bytes:
    """The code section, with the first thing that a function tests replaced by what is never so.

    Args:
        function: its place in the section.

    Raises:
        ToolchainBroken: it does not test a byte at a fixed address once.
    """
    reader = _BinaryReader(code, 0)
    _expect(function < reader.unsigned(), "the code section has too few functions")
    for _ in range(function):
        reader.name()  # a body's length stands before it, as that of a name does
    end = reader.unsigned() + reader.at
    test = code.find(IF_NOT_BYTE_AT, reader.at, end)
    load = code.rfind(OP_I32_CONST, reader.at, max(test, reader.at))
    _expect(load >= 0 and code.find(IF_NOT_BYTE_AT, test + 1, end) < 0, f"{READS_HEADER.decode()} tests something else")
    address = _BinaryReader(code, load + 1)
    address.signed()
    _expect(address.at == test, f"{READS_HEADER.decode()} tests something else")
    never = bytes([OP_I32_CONST, 0])
    behind = test + 3  # the byte's load; what tests it stays
    return code[:load] + never.ljust(behind - load, bytes([OP_NOP])) + code[behind:]


def rewrite(data: bytes, keep: frozenset[str], bits: int = SYMBOL_BITS) -> RewrittenModule:
    """Cut the export section to `keep`, give every exported function a static table slot, and let headers decide.

    Raises:
        ToolchainBroken: the binary is not laid out as Emscripten laid out the pinned one.
    """
    sections = _sections(data)
    starts = {section: start for section, start, _ in sections if section}
    needed = {SECTION_IMPORT, SECTION_TABLE, SECTION_GLOBAL, SECTION_EXPORT, SECTION_ELEMENT, SECTION_CODE}
    _expect(needed <= starts.keys(), "a section is missing")

    imported = _imported(_BinaryReader(data, starts[SECTION_IMPORT]))
    addresses = _constant_globals(_BinaryReader(data, starts[SECTION_GLOBAL]), imported[TYPE_GLOBAL])
    base, table = _elements(_BinaryReader(data, starts[SECTION_ELEMENT]))
    _expect(
        base + len(table) == _table_size(_BinaryReader(data, starts[SECTION_TABLE])), "table and element sizes differ"
    )

    slot_of = {function: base + slot for slot, function in reversed(list(enumerate(table)))}
    kept = []
    symbols = []
    exports = _exports(_BinaryReader(data, starts[SECTION_EXPORT]))
    for name, kind, index in exports:
        if name.decode() in keep:
            kept.append(unsigned_leb(len(name)) + name + bytes([kind]) + unsigned_leb(index))
        if kind == TYPE_FUNC:
            if index not in slot_of:
                slot_of[index] = base + len(table)
                table.append(index)
            symbols.append((name, slot_of[index]))
        elif kind == TYPE_GLOBAL and index in addresses:
            symbols.append((name, addresses[index] & 0xFFFFFFFF))
    reads_header = [index for name, kind, index in exports if (name, kind) == (READS_HEADER, TYPE_FUNC)]
    _expect(len(reads_header) == 1, f"{len(reads_header)} functions {READS_HEADER.decode()}")

    replaced = {
        SECTION_EXPORT: unsigned_leb(len(kept)) + b"".join(kept),
        SECTION_TABLE: b"\x01\x70\x00" + unsigned_leb(base + len(table)),
        SECTION_ELEMENT: b"\x01\x00\x41"
        + signed_leb(base)
        + b"\x0b"
        + unsigned_leb(len(table))
        + b"".join(unsigned_leb(function) for function in table),
    }
    parts = [data[:8]]
    for section, start, end in sections:
        payload = replaced.get(section) or data[start:end]
        if section == SECTION_CODE:
            payload = header_decides(payload, reads_header[0] - imported[TYPE_FUNC])
        parts += [bytes([section]), unsigned_leb(len(payload)), payload]
    return RewrittenModule(b"".join(parts), symbol_table(symbols, bits), len(symbols))
