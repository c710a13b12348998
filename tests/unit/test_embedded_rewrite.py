"""The rewriting of Lean's WebAssembly binary and JavaScript runtime, on small inputs of the same make."""

import struct

import pytest

from ghostproof.errors import ToolchainBroken
from ghostproof.lean.embedded.runtime_js import PATCHES, Patch, rewrite
from ghostproof.lean.embedded.wasm import READS_HEADER, signed_leb, symbol_hash, symbol_table, unsigned_leb
from ghostproof.lean.embedded.wasm import rewrite as rewrite_wasm

# Functions that do nothing, and one that does one thing if the byte at address 1215092 is 0, another one if it is not.
NOTHING = b"\x02\x00\x0b"
TESTS = bytes.fromhex("41f494ca00 2d0000 45 0440 4102 0b 4100 0b")
NEVER = bytes.fromhex("4100 010101010101 45 0440 4102 0b 4100 0b")


def section(number: int, payload: bytes) -> bytes:
    return bytes([number]) + unsigned_leb(len(payload)) + payload


def name(text: str) -> bytes:
    return unsigned_leb(len(text)) + text.encode()


def coded(instructions: bytes) -> bytes:
    """The code section of functions 0 to 3, of which the last one is this, without locals."""
    body = b"\x00" + instructions
    return section(10, b"\x04" + NOTHING * 3 + unsigned_leb(len(body)) + body)


def binary(*, table_size: int = 3, header: str = READS_HEADER.decode(), tests: bytes = TESTS) -> bytes:
    """One imported global; functions 0-3, of which 1 and 2 are in the table at slots 1 and 2; a data symbol at 1024."""
    imports = b"\x01" + name("env") + name("base") + b"\x03\x7f\x00"
    functions = b"\x04\x00\x00\x00\x00"
    table = b"\x01\x70\x00" + unsigned_leb(table_size)
    globals_ = b"\x02" + b"\x7f\x00\x41" + signed_leb(1024) + b"\x0b" + b"\x7f\x00\x23\x00\x0b"
    exported = [("main", 0, 0), ("in_table", 0, 2), (header, 0, 3), ("data", 3, 1), ("computed", 3, 2)]
    exports = unsigned_leb(len(exported)) + b"".join(name(n) + bytes([k, i]) for n, k, i in exported)
    elements = b"\x01\x00\x41\x01\x0b\x02\x01\x02"
    sections = [(1, b"\x01\x60\x00\x00"), (2, imports), (3, functions), (4, table), (6, globals_), (7, exports)]
    sections.append((9, elements))
    return b"\0asm\1\0\0\0" + b"".join(section(number, payload) for number, payload in sections) + coded(tests)


def lookup(table: bytes, symbol: str) -> int:
    """What the loader finds for a symbol; 0 if there is none."""
    words: tuple[int, ...] = struct.unpack(f"<{len(table) // 4}I", table)
    mask = len(words) // 3 - 1
    a, b = symbol_hash(symbol.encode())
    slot = (a ^ (a >> 15)) & mask
    while words[3 * slot : 3 * slot + 2] != (0, 0):
        if words[3 * slot : 3 * slot + 2] == (a, b):
            return words[3 * slot + 2]
        slot = (slot + 1) & mask
    return 0


def test_exports_move_to_the_table_and_the_symbol_file() -> None:
    result = rewrite_wasm(binary(), frozenset({"main"}), bits=4)
    assert section(7, b"\x01" + name("main") + b"\x00\x00") in result.wasm
    assert section(4, b"\x01\x70\x00\x05") in result.wasm
    assert section(9, b"\x01\x00\x41\x01\x0b\x04\x01\x02\x00\x03") in result.wasm
    found = {
        symbol: lookup(result.symbols, symbol)
        for symbol in ("main", "in_table", READS_HEADER.decode(), "data", "computed")
    }
    assert found == {"main": 3, "in_table": 2, READS_HEADER.decode(): 4, "data": 1024, "computed": 0}
    assert result.symbol_count == 4


def test_of_the_code_only_what_takes_every_file_for_a_module_is_touched() -> None:
    assert binary().endswith(coded(TESTS))
    assert rewrite_wasm(binary(), frozenset(), bits=4).wasm.endswith(coded(NEVER))


@pytest.mark.parametrize(
    ("data", "complaint"),
    [
        (b"<html>", "header"),
        (binary(table_size=9), "sizes differ"),
        (binary()[:-1], "past the end"),
        (binary()[:8], "section is missing"),
        (binary(header="other"), "0 functions"),
        (binary(tests=b"\x0b"), "tests something else"),
        (binary(tests=TESTS[:-1] + TESTS), "tests something else"),
        (binary(tests=b"\x23\x00" + TESTS[5:]), "tests something else"),
    ],
)
def test_another_binary_is_refused(data: bytes, complaint: str) -> None:
    with pytest.raises(ToolchainBroken, match=complaint):
        rewrite_wasm(data, frozenset(), bits=4)


def test_a_symbol_table_finds_every_symbol_whatever_its_neighbours() -> None:
    symbols = [(f"l_Lean_symbol_{i}".encode(), i) for i in range(1, 900)]
    table = symbol_table(symbols, bits=10)
    assert all(lookup(table, symbol.decode()) == value for symbol, value in symbols)
    assert lookup(table, "l_Lean_symbol_900") == 0


def test_too_many_symbols_are_refused() -> None:
    with pytest.raises(ToolchainBroken, match="too many"):
        symbol_table([(b"a", 1), (b"b", 2)], bits=1)


@pytest.mark.parametrize(("value", "encoded"), [(0, "00"), (63, "3f"), (64, "c000"), (-1, "7f"), (1024, "8008")])
def test_signed_leb(value: int, encoded: str) -> None:
    assert signed_leb(value).hex() == encoded


def test_a_patch_that_does_not_match_says_its_name() -> None:
    patch = Patch("left turn", "a test", "left", "right")
    assert patch.apply("turn left") == "turn right"
    with pytest.raises(ToolchainBroken, match=r"'left turn' matches .* 2 times instead of 1"):
        patch.apply("left left")


def test_every_patch_has_a_name_of_its_own_and_a_reason() -> None:
    assert len({patch.name for patch in PATCHES}) == len(PATCHES)
    assert all(patch.reason for patch in PATCHES)


@pytest.mark.parametrize("source", ["", "function assignWasmExports(x){", "function assignWasmExports(x){}"])
def test_another_runtime_is_refused(source: str) -> None:
    with pytest.raises(ToolchainBroken):
        rewrite(source)
