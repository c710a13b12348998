import Compat

/-! Parsing one command behind a snapshot. -/

open Lean Elab Meta

namespace Ghostproof

/-- The state before a command. -/
structure Snap where
  cmd : Command.State
  recovering : Bool   -- the parser is still skipping after an error above

def parseNext (ictx : Parser.InputContext) (s : Snap) (pos : BytePos) :
    Syntax × Parser.ModuleParserState × MessageLog :=
  match s.cmd.scopes with
  | [] => (.missing, parserAt (bytePos ictx.fileMap.source.utf8ByteSize) false, {})
  | scope :: _ =>
    let ctx : Parser.ParserModuleContext :=
      { env := s.cmd.env, options := scope.opts, currNamespace := scope.currNamespace, openDecls := scope.openDecls }
    Parser.parseCommand ictx ctx (parserAt pos s.recovering) {}

def textOf (ictx : Parser.InputContext) (a b : Nat) : String :=
  piece ictx.fileMap.source (bytePos a) (bytePos b)

def column (ictx : Parser.InputContext) (pos : BytePos) : Nat := (ictx.fileMap.toPosition pos).column

def spaces : Nat → String
  | 0 => ""
  | n + 1 => " " ++ spaces n

end Ghostproof
