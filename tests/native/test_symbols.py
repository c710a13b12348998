"""What a newer Lean lacks of what our programs use is found out by the symbols of its library."""

from native.install_lean import NativeLean
from native.symbols import Constant, missing, present, symbols_of


def test_what_newer_versions_lack_is_found(native: NativeLean) -> None:
    gone = ["l_Lean_Options_setNat", "l_String_toFileMap", "l_Lean_Environment_enableRealizationsForImports"]
    kept = ["l_Lean_Options_set", "l_Lean_FileMap_ofString", "l_Lean_Json_str_elim"]
    there = present(native, [*gone, *kept])
    assert there == frozenset(kept)
    used = [
        Constant("function", "Lean.Options.setNat", symbols_of("function", gone[0], "")),
        Constant("function", "Lean.FileMap.ofString", symbols_of("function", kept[1], "")),
        Constant("constructor", "Lean.Json.str", symbols_of("constructor", "l_Lean_Json_str", "")),
        Constant("constructor", "Lean.Json.nothing", symbols_of("constructor", "l_Lean_Json_nothing", "")),
        Constant("field", "Lean.Core.Context.options", ()),
        Constant("field", "Lean.Core.Context.unheardOf", ()),
        Constant("field", "Lean.Core.Context.unnamed", ()),
    ]
    assert missing(used, frozenset({"options", "unheardOf"}), there) == [
        "function Lean.Options.setNat",
        "constructor Lean.Json.nothing",
        "field Lean.Core.Context.unheardOf",
    ]
