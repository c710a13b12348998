"""What our programs for Lean use of the library, and what of it a compiled Lean of another version has.

The Lean that they run on says which constants the programs refer to; the compiled library of a newer Lean says, by its
symbols, what it has. What has no symbol by its nature is listed here by name with the reason, fields by where they were
read: `docs/lean-versions.md` says more. A new use that newer versions lack, or that nobody has looked up, is missing.
"""

import json
import re
import subprocess
import sys
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from native.install_lean import NativeLean

# Behind a program it prints what `constants` reads.
DUMP = Path(__file__).with_name("constants.lean")

# Inlined before code is made (`@[macro_inline]`, or a field of a class), in every version: there is no symbol.
INLINED = {
    *("Bool.and", "Bool.not", "Bool.or", "cond", "dite", "ite", "instDecidableEqBool", "Decidable.decide"),
    *("Classical.ofNonempty", "Nat.hasNotBit", "Option.getD", "instNonemptyOfMonad"),
}
# The name has no code of its own any more, another has.
RENAMED = {
    "Lean.Name.quickCmp": "l___private_Lean_Data_Name_0__Lean_Name_quickCmpImpl",  # `@[implemented_by]`
}
# Made by Lean for every structure and matcher that the program has; not written by us.
_GENERATED = re.compile(r"\._sizeOf_inst$|^SizeOf\.|^Lean\.instSizeOf|^sizeOf|\.match_\d+$|\.brecOn|\.below$")
# Fields of structures that our text names. A field has no symbol; these are read in the source, see the table.
FIELDS = {
    "Hashable": "hash",
    "Inhabited": "default",
    "Ord": "compare",
    "Lean.BaseMessage": "data pos severity",
    "Lean.CollectLevelParams.State": "params",
    "Lean.ConstantVal": "levelParams type",
    "Lean.ConstructorVal": "induct numParams",
    "Lean.Core.Context": "cancelTk? currNamespace fileMap fileName initHeartbeats maxHeartbeats openDecls options ref",
    "Lean.Core.Context.Cold": "currNamespace fileMap fileName maxHeartbeats openDecls options",
    "Lean.Core.State": "env infoState messages ngen snapshotTasks traceState",
    "Lean.DefinitionVal": "all hints safety value",
    "Lean.Elab.Command.Scope": "currNamespace header isNoncomputable openDecls opts",
    "Lean.Elab.Command.State": "env infoState messages ngen scopes snapshotTasks traceState",
    "Lean.Elab.CommandContextInfo": "currNamespace env fileMap mctx ngen openDecls options",
    "Lean.Elab.ContextInfo": "parentDecl? toCommandContextInfo",
    "Lean.Elab.ElabInfo": "stx",
    "Lean.Elab.InfoState": "enabled trees",
    "Lean.Elab.Tactic.Context": "elaborator",
    "Lean.Elab.Tactic.State": "goals",
    "Lean.Elab.TacticInfo": "goalsAfter goalsBefore mctxAfter mctxBefore toElabInfo",
    "Lean.Elab.Term.Context": "declName?",
    "Lean.Elab.Term.LetRecToLift": "mvarId val",
    "Lean.Elab.Term.State": "letRecsToLift pendingMVars",
    "Lean.Elab.TermInfo": "expr toElabInfo",
    "Lean.FVarId": "name",
    "Lean.FileMap": "source",
    "Lean.InductiveVal": "all ctors isRec numIndices numParams",
    "Lean.KeyedDeclsAttribute": "ext",
    "Lean.Language.Snapshot": "diagnostics",
    "Lean.Language.Snapshot.Diagnostics": "msgLog",
    "Lean.LocalContext": "auxDeclToFullName decls",
    "Lean.MessageLog": "unreported",
    "Lean.Meta.AbstractMVarsResult": "expr",
    "Lean.Meta.Context": "lctx localInstances",
    "Lean.Meta.Match.MatcherInfo": "numDiscrs numParams",
    "Lean.Meta.State": "mctx",
    "Lean.MetavarDecl": "lctx localInstances userName",
    "Lean.EnvironmentHeader": "moduleData modules",
    "IO.FS.Metadata": "byteSize modified",
    "Lean.Import": "module",
    "Lean.ModuleData": "constants imports",
    "Lean.OpaqueVal": "value",
    "Lean.OptionDecl": "defValue",
    "Lean.Parser.InputContext": "fileMap fileName",
    "Lean.Parser.ModuleParserState": "hasLeading pos recovering",
    "Lean.PersistentArray": "root tail",
    "Lean.PersistentHashMap": "root",
    "Lean.Position": "column",
    "Lean.SMap": "map₂",
    "Lean.TSyntax": "raw",
    "Lean.TheoremVal": "value",
    "String.Pos.Raw": "byteIdx",
    "System.FilePath": "toString",
}
# Fields of Lean's basic classes and types, as old as Lean 4.
_BASIC = {
    *("Applicative", "Bind", "Functor", "Monad", "MonadExcept", "Pure", "OfNat", "ToString", "BEq"),
    *("HAdd", "HAppend", "HMul", "Max"),
    *("Lean.MonadEnv", "Lean.MonadLCtx", "Lean.MonadMCtx", "Lean.MonadOptions", "Lean.ToMessageData"),
    *("Array", "IO.FS.Stream", "PULift", "Prod"),
}


@dataclass(frozen=True)
class Constant:
    """A constant of the library. `symbols` are the names under which a compiled Lean may export its code."""

    kind: str
    name: str
    symbols: tuple[str, ...]


def constants(said: Sequence[str]) -> list[Constant]:
    """The constants of the library that a program refers to, as `DUMP` has Lean print them."""
    lines = [line.split("\t") for message in said for line in message.split("\n") if line.count("\t") == 3]
    return [Constant(kind, name, symbols_of(kind, mangled, exported)) for kind, name, mangled, exported in lines]


def symbols_of(kind: str, mangled: str, exported: str) -> tuple[str, ...]:
    if kind == "constructor":  # each has an eliminator of its own, whose code is exported
        return (f"{mangled}_elim", f"{mangled}_elim___redArg")
    return tuple(f"{base}{end}" for base in (mangled, exported) if base for end in ("", "___boxed", "___redArg"))


def present(lean: NativeLean, names: list[str]) -> frozenset[str]:
    """Which of the names the library exports, asked of the system's loader in a process of its own."""
    ask = (
        "import ctypes, json, sys\n"
        "library = ctypes.CDLL(sys.argv[1])\n"
        "print(json.dumps([name for name in json.load(sys.stdin) if hasattr(library, name)]))"
    )
    command = [sys.executable, "-c", ask, str(lean.library)]
    done = subprocess.run(command, input=json.dumps(names), capture_output=True, text=True, check=True)
    return frozenset(json.loads(done.stdout))


def missing(used: list[Constant], words: frozenset[str], there: frozenset[str]) -> list[str]:
    """The constants that a newer Lean lacks, as far as it can be told, each with what is the matter."""
    return [
        f"{constant.kind} {constant.name}"
        for constant in used
        if not _GENERATED.search(constant.name) and not _known(constant, words, there)
    ]


def _known(constant: Constant, words: frozenset[str], there: frozenset[str]) -> bool:
    owner, _, last = constant.name.rpartition(".")
    match constant.kind:
        case "type" | "proof" | "recursor" | "structure":
            return True  # no code; what belongs to a type is looked at itself
        case "field":
            # `{ s with … }` mentions every field of a structure; only what our text names can break.
            return last not in words or owner in _BASIC or last in FIELDS.get(owner, "").split()
        case _:
            known = (*constant.symbols, *filter(None, [RENAMED.get(constant.name)]))
            return constant.name in INLINED or any(symbol in there for symbol in known)
