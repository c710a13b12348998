"""Cursors in Lean text, and the text with `tac` where ghost text would stand; nothing where there is none.

Read by the tests of `ghostproof.syntax.spot`, and by the one that has Lean parse what they lay out.
"""

from ghostproof.syntax.spot import find_spot
from ghostproof.text import SourceText

CURSOR = "‸"
NOTHING = None


def locate(marked: str) -> tuple[SourceText, int]:
    assert marked.count(CURSOR) == 1
    source = SourceText(marked.replace(CURSOR, ""))
    return source, marked.replace("\r\n", "\n").index(CURSOR)


def filled(marked: str, tactic: str = "tac") -> str | None:
    source, offset = locate(marked)
    spot = find_spot(source, offset)
    return None if spot is None else spot.fill(source.text, tactic)


CASES: dict[str, tuple[str, str | None]] = {
    # ---- behind `by {`
    "by and a brace": (
        "theorem with_a_long_name : p := by {‸\n}\n",
        "theorem with_a_long_name : p := by {\n  tac\n}\n",
    ),
    "by and a brace without end": ("theorem a : p := by {‸\n", "theorem a : p := by {\n  tac\n"),
    "below by and a brace": ("theorem a : p := by {\n  ‸\n}\n", "theorem a : p := by {\n  tac\n}\n"),
    "second line in a brace": ("theorem a : p := by {\n  skip\n  ‸\n}\n", "theorem a : p := by {\n  skip\n  tac\n}\n"),
    "a brace of a step": (
        "theorem a : p := by\n  have h : q := by {‸\n  }\n  exact h\n",
        "theorem a : p := by\n  have h : q := by {\n    tac\n  }\n  exact h\n",
    ),
    "a brace on one line": ("theorem a : p := by { ‸ }\n", "theorem a : p := by { tac }\n"),
    "behind a brace": (
        "theorem a : p := by\n  have h : q := by {\n    skip\n  }\n  ‸\n",
        "theorem a : p := by\n  have h : q := by {\n    skip\n  }\n  tac\n",
    ),
    # ---- behind `by`
    "by at line end": ("theorem a : p := by‸\n", "theorem a : p := by\n  tac\n"),
    "by at end of file": ("theorem a : p := by‸", "theorem a : p := by\n  tac"),
    "by and a blank": ("theorem a : p := by ‸\n", "theorem a : p := by tac\n"),
    "by before the next command": (
        "theorem a : p := by‸\n\ntheorem b : q := by\n  simp\n",
        "theorem a : p := by\n  tac\n\ntheorem b : q := by\n  simp\n",
    ),
    "by of a statement on several lines": (
        "theorem a (x : Nat)\n    (h : x = 0) : p := by‸\n",
        "theorem a (x : Nat)\n    (h : x = 0) : p := by\n  tac\n",
    ),
    "by on its own line": ("theorem a : p :=\n  by‸\n", "theorem a : p :=\n  by\n    tac\n"),
    "by of an example": ("example : 1 = 1 := by‸", "example : 1 = 1 := by\n  tac"),
    "by after an attribute": ("@[simp]\ntheorem a : p := by‸", "@[simp]\ntheorem a : p := by\n  tac"),
    "by of a nested have": (
        "theorem a : p := by\n  have h : q := by‸\n  exact h\n",
        "theorem a : p := by\n  have h : q := by\n    tac\n  exact h\n",
    ),
    "by of a have on two lines": (
        "theorem a : p := by\n  have h :\n      q := by‸\n  exact h\n",
        "theorem a : p := by\n  have h :\n      q := by\n    tac\n  exact h\n",
    ),
    "one-line by of a have": (
        "theorem a : p := by\n  have h : q := by ‸\n  exact h\n",
        "theorem a : p := by\n  have h : q := by tac\n  exact h\n",
    ),
    "by of a have behind a bullet": (
        "theorem a : p := by\n  · have h : q := by‸\n",
        "theorem a : p := by\n  · have h : q := by\n      tac\n",
    ),
    "by of show from": (
        "example : p := by\n  exact show q from by‸",
        "example : p := by\n  exact show q from by\n    tac",
    ),
    "by of suffices": (
        "example : p := by\n  suffices h : q by‸\n",
        "example : p := by\n  suffices h : q by\n    tac\n",
    ),
    "by of a first calc step": (
        "example : a = c := by\n  calc\n    a = b := by‸\n    _ = c := by simp\n",
        "example : a = c := by\n  calc\n    a = b := by\n      tac\n    _ = c := by simp\n",
    ),
    "by of a later calc step": (
        "example : a = c := by\n  calc a = b := by simp\n    _ = c := by‸\n",
        "example : a = c := by\n  calc a = b := by simp\n    _ = c := by\n      tac\n",
    ),
    "by of a calc term": (
        "theorem a : a = c :=\n  calc a = b := by simp\n    _ = c := by ‸",
        "theorem a : a = c :=\n  calc a = b := by simp\n    _ = c := by tac",
    ),
    "by of a match alternative": (
        "theorem a : ∀ n, p n\n  | 0 => by simp\n  | n + 1 => by‸\n",
        "theorem a : ∀ n, p n\n  | 0 => by simp\n  | n + 1 => by\n    tac\n",
    ),
    "by of match with in a term": (
        "example : p :=\n  match x with\n  | some y => by‸\n  | none => rfl\n",
        "example : p :=\n  match x with\n  | some y => by\n    tac\n  | none => rfl\n",
    ),
    "by of fun": ("example : p :=\n  fun x => by‸\n", "example : p :=\n  fun x => by\n    tac\n"),
    "by of fun on the statement's line": ("example : p := fun x ↦ by‸\n", "example : p := fun x ↦ by\n  tac\n"),
    "by in parentheses": ("example : p := foo (by‸) x", "example : p := foo (by tac) x"),
    "by and a blank in parentheses": ("example : p := foo (by ‸) x", "example : p := foo (by tac) x"),
    "by in an anonymous constructor": ("example : p := ⟨by‸, h⟩", "example : p := ⟨by tac, h⟩"),
    "second by of an anonymous constructor": ("example : p := ⟨by simp, by ‸⟩", "example : p := ⟨by simp, by tac⟩"),
    "by that opens a parenthesis to come": (
        "example : p := by\n  exact foo (by‸\n",
        "example : p := by\n  exact foo (by\n    tac\n",
    ),
    "by of a where definition": (
        "theorem a : p :=\n  aux\nwhere\n  aux : q := by‸\n",
        "theorem a : p :=\n  aux\nwhere\n  aux : q := by\n    tac\n",
    ),
    "by of an instance field": (
        "instance : Foo Nat where\n  op := f\n  op_comm := by‸\n  op_assoc := by simp\n",
        "instance : Foo Nat where\n  op := f\n  op_comm := by\n    tac\n  op_assoc := by simp\n",
    ),
    "by of a structure instance": (
        "def x : Foo where\n  val := 3\n  proof := by ‸\n",
        "def x : Foo where\n  val := 3\n  proof := by tac\n",
    ),
    "by in mutual": (
        "mutual\ntheorem a : p := by\n  simp\ntheorem b : q := by‸\nend\n",
        "mutual\ntheorem a : p := by\n  simp\ntheorem b : q := by\n  tac\nend\n",
    ),
    "by in an indented mutual": (
        "mutual\n  theorem a : p := by\n    simp\n  theorem b : q := by‸\nend\n",
        "mutual\n  theorem a : p := by\n    simp\n  theorem b : q := by\n    tac\nend\n",
    ),
    "decreasing_by": (
        "def f (n : Nat) : Nat := f (n - 1)\ntermination_by n\ndecreasing_by‸\n",
        "def f (n : Nat) : Nat := f (n - 1)\ntermination_by n\ndecreasing_by\n  tac\n",
    ),
    "astral characters": (
        "theorem a {𝕜 : Type} (x : 𝕜) : x = x := by‸\n",
        "theorem a {𝕜 : Type} (x : 𝕜) : x = x := by\n  tac\n",
    ),
    "carriage returns": (
        "theorem a : p := by\r\n  have h : q := by‸\r\n  exact h\r\n",
        "theorem a : p := by\n  have h : q := by\n    tac\n  exact h\n",
    ),
    "errors above": (
        "theorem bad : (1 = := by\n  have h : (a = b := by\n\ntheorem a : p := by‸\n",
        "theorem bad : (1 = := by\n  have h : (a = b := by\n\ntheorem a : p := by\n  tac\n",
    ),
    "by whose block is written already": ("theorem a : p := by‸\n  simp\n", NOTHING),
    "by with its tactic behind it": ("theorem a : p := by‸ simp\n", NOTHING),
    "a name that ends in by": ("theorem a : p := standby‸\n", NOTHING),
    "a quoted name": ("theorem a : p := «by»‸\n", NOTHING),
    "by in a string": ('def s := "x := by‸"\n', NOTHING),
    "by in a raw string": ('def s := r#"a " := by‸"#\n', NOTHING),
    "behind a string that is not closed": ('def s := "x := by‸\n', NOTHING),
    "by in a comment": ("-- theorem a := by‸\n", NOTHING),
    "by in a doc comment": ("/-- shown by‸ -/\ntheorem a : p := by\n  simp\n", NOTHING),
    "by in nested comments": ("/- a /- b -/ theorem a : p := by‸ -/\n", NOTHING),
    "behind nested comments": (
        "/- a /- b -/ c -/\ntheorem a : p := by‸",
        "/- a /- b -/ c -/\ntheorem a : p := by\n  tac",
    ),
    "comment characters in a string": (
        'def s := "/-"\ntheorem a : p := by‸',
        'def s := "/-"\ntheorem a : p := by\n  tac',
    ),
    "a quote as a character": ("def c := '\"'\ntheorem a : p := by‸", "def c := '\"'\ntheorem a : p := by\n  tac"),
    "behind := only": ("theorem a : p := ‸\n", NOTHING),
    "behind exact": ("theorem a : p := by\n  exact ‸\n", NOTHING),
    "in the middle of a term": ("theorem a : p := by\n  exact foo (bar ‸\n", NOTHING),
    "in a statement": ("theorem a : p ‸ := by\n  simp\n", NOTHING),
    "termination_by": ("def f (n : Nat) : Nat := f (n - 1)\ntermination_by ‸\n", NOTHING),
    "deriving": ("inductive T | a | b\nderiving ‸\n", NOTHING),
    "a command": ("#eval ‸\n", NOTHING),
    "empty file": ("‸", NOTHING),
    # ---- blank lines
    "blank line": ("theorem a : p := by\n  ‸\n", "theorem a : p := by\n  tac\n"),
    "blank line at the end of the file": ("theorem a : p := by\n  ‸", "theorem a : p := by\n  tac"),
    "blank line after a tactic": ("theorem a : p := by\n  intro x\n  ‸\n", "theorem a : p := by\n  intro x\n  tac\n"),
    "blank line between tactics": (
        "theorem a : p := by\n  intro x\n  ‸\n  exact h\n",
        "theorem a : p := by\n  intro x\n  tac\n  exact h\n",
    ),
    "blank line before the first tactic": (
        "theorem a : p := by\n  ‸\n  exact h\n",
        "theorem a : p := by\n  tac\n  exact h\n",
    ),
    "deeper than custom": ("theorem a : p := by\n    ‸\n", "theorem a : p := by\n    tac\n"),
    "shallower than custom": ("theorem a : p := by\n ‸\n", "theorem a : p := by\n  tac\n"),
    "right below by without indentation": ("theorem a : p := by\n‸\n", "theorem a : p := by\n  tac\n"),
    "by and a comment": ("theorem a : p := by -- easy\n  ‸\n", "theorem a : p := by -- easy\n  tac\n"),
    "below a comment": ("theorem a : p := by\n  -- first\n  ‸\n", "theorem a : p := by\n  -- first\n  tac\n"),
    "inner block": (
        "theorem a : p := by\n  have h : q := by\n    intro y\n    ‸\n  exact h\n",
        "theorem a : p := by\n  have h : q := by\n    intro y\n    tac\n  exact h\n",
    ),
    "back in the outer block": (
        "theorem a : p := by\n  have h : q := by\n    simp\n  ‸\n",
        "theorem a : p := by\n  have h : q := by\n    simp\n  tac\n",
    ),
    "between two columns": (
        "theorem a : p := by\n  have h : q := by\n    simp\n   ‸\n",
        "theorem a : p := by\n  have h : q := by\n    simp\n    tac\n",
    ),
    "right of every block": ("theorem a : p := by\n  simp\n    ‸\n", NOTHING),
    "below a proof on one line": ("theorem a : p := by simp\n  ‸\n", NOTHING),
    "inside a bracket": ("theorem a : p := by\n  simp [\n    ‸\n", NOTHING),
    "no indentation in a block": ("theorem a : p := by\n  simp\n‸\n  rfl\n", NOTHING),
    "between declarations": ("theorem a : p := by\n  simp\n\n‸\n\ntheorem b : q := by\n  simp\n", NOTHING),
    "below a statement without by": ("theorem a : p :=\n  ‸\n", NOTHING),
    "a line of instance fields": ("instance : Foo Nat where\n  op := f\n  ‸\n", NOTHING),
    "tabs": ("theorem a : p := by\n\t‸\n", NOTHING),
    "conv": ("theorem a : p := by\n  conv =>\n    ‸\n", NOTHING),
    "behind conv": ("theorem a : p := by\n  conv => lhs; ‸\n", NOTHING),
    "after conv": ("theorem a : p := by\n  conv => lhs\n  ‸\n", "theorem a : p := by\n  conv => lhs\n  tac\n"),
    "in a calc block": ("example : a = c := by\n  calc\n    a = b := by simp\n    ‸\n", NOTHING),
    "after a quantified statement in parentheses": (
        "example : p := foo (by\n  have : ∀ x, q x := h\n  ‸)\n",
        NOTHING,
    ),
    "below a quantified statement in parentheses": (
        "example : p := foo (by\n  have : ∀ x, q x := h\n  ‸\n  done)\n",
        "example : p := foo (by\n  have : ∀ x, q x := h\n  tac\n  done)\n",
    ),
    "an unfinished declaration above": (
        "theorem a : (p := by\n  have h : ⟨q := by\n    ‸\n",
        "theorem a : (p := by\n  have h : ⟨q := by\n    tac\n",
    ),
    # ---- bullets and alternatives
    "bullet": ("theorem a : p := by\n  constructor\n  · ‸\n", "theorem a : p := by\n  constructor\n  · tac\n"),
    "bullet without a blank": (
        "theorem a : p := by\n  constructor\n  ·‸\n",
        "theorem a : p := by\n  constructor\n  · tac\n",
    ),
    "dot as a bullet": ("theorem a : p := by\n  constructor\n  . ‸\n", "theorem a : p := by\n  constructor\n  . tac\n"),
    "second line of a bullet": (
        "theorem a : p := by\n  · intro x\n    ‸\n",
        "theorem a : p := by\n  · intro x\n    tac\n",
    ),
    "line below an empty bullet": ("theorem a : p := by\n  ·\n    ‸\n", "theorem a : p := by\n  ·\n    tac\n"),
    "bullet that has a tactic": ("theorem a : p := by\n  · ‸simp\n", NOTHING),
    "dot of a function": ("theorem a : p := by\n  exact (· ‸\n", NOTHING),
    "case": (
        "theorem a : p := by\n  cases h\n  case inl h =>‸\n",
        "theorem a : p := by\n  cases h\n  case inl h =>\n    tac\n",
    ),
    "case on one line": (
        "theorem a : p := by\n  cases h\n  case inl h => ‸\n",
        "theorem a : p := by\n  cases h\n  case inl h => tac\n",
    ),
    "next": ("theorem a : p := by\n  cases h\n  next h => ‸\n", "theorem a : p := by\n  cases h\n  next h => tac\n"),
    "induction alternative": (
        "theorem a : p := by\n  induction n with\n  | zero => simp\n  | succ n ih =>‸\n",
        "theorem a : p := by\n  induction n with\n  | zero => simp\n  | succ n ih =>\n    tac\n",
    ),
    "first of two alternatives": (
        "theorem a : p := by\n  induction n with\n  | zero =>‸\n  | succ n ih => simp\n",
        "theorem a : p := by\n  induction n with\n  | zero =>\n    tac\n  | succ n ih => simp\n",
    ),
    "line of an alternative": (
        "theorem a : p := by\n  cases n with\n  | zero =>\n    ‸\n  | succ n =>\n    simp\n",
        "theorem a : p := by\n  cases n with\n  | zero =>\n    tac\n  | succ n =>\n    simp\n",
    ),
    "alternatives on one line": (
        "example : p := by cases h with | inl h => simp | inr h => ‸",
        "example : p := by cases h with | inl h => simp | inr h => tac",
    ),
    "match as a tactic": (
        "example : p := by\n  match n with\n  | 0 =>‸\n",
        "example : p := by\n  match n with\n  | 0 =>\n    tac\n",
    ),
    "match as a term": ("example : p := by\n  exact match n with\n  | 0 =>‸\n", NOTHING),
    "fun arrow": ("example : p := by\n  exact fun x => ‸\n", NOTHING),
    "after all alternatives": (
        "example : p := by\n  rcases h with a | b\n  ‸\n",
        "example : p := by\n  rcases h with a | b\n  tac\n",
    ),
    "nested cases": (
        "example : p := by\n  cases a with\n  | y b =>\n    cases b with\n    | u => simp\n    | v => ‸\n",
        "example : p := by\n  cases a with\n  | y b =>\n    cases b with\n    | u => simp\n    | v => tac\n",
    ),
    "semicolon": ("example : p := by intro x; ‸", "example : p := by intro x; tac"),
    "semicolon without a blank": ("example : p := by intro x;‸", "example : p := by intro x; tac"),
    "on every goal at once": ("example : p := by\n  constructor <;> ‸\n", NOTHING),
    "all goals": ("example : p := by\n  all_goals ‸\n", NOTHING),
    "first": ("example : p := by\n  first | simp | ‸\n", "example : p := by\n  first | simp | tac\n"),
    "tactics in parentheses": ("example : p := by\n  (intro x; ‸)\n", "example : p := by\n  (intro x; tac)\n"),
    "then": ("example : p := by\n  if h : q then ‸\n", "example : p := by\n  if h : q then tac\n"),
    "else": (
        "example : p := by\n  if h : q then\n    simp\n  else‸\n",
        "example : p := by\n  if h : q then\n    simp\n  else\n    tac\n",
    ),
    # ---- in place of sorry
    "before sorry": ("theorem a : p := by\n  ‸sorry\n", "theorem a : p := by\n  tac\n"),
    "in sorry": ("theorem a : p := by\n  sor‸ry\n", "theorem a : p := by\n  tac\n"),
    "behind sorry": ("theorem a : p := by sorry‸", "theorem a : p := by tac"),
    "sorry behind a bullet": ("example : p := by\n  · ‸sorry\n", "example : p := by\n  · tac\n"),
    "sorry of an alternative": (
        "example : p := by\n  cases n with\n  | zero => s‸orry\n  | succ n => sorry\n",
        "example : p := by\n  cases n with\n  | zero => tac\n  | succ n => sorry\n",
    ),
    "sorry in an anonymous constructor": ("def x := ⟨a / b, by ‸sorry⟩ -- why", "def x := ⟨a / b, by tac⟩ -- why"),
    "sorry as a term": ("theorem a : p := ‸sorry\n", "theorem a : p := by tac\n"),
    "sorry as an argument": ("example : p := by\n  exact f (sor‸ry) h\n", "example : p := by\n  exact f (by tac) h\n"),
    "sorry of a component": ("example : p ∧ q := ⟨h, sorry‸⟩\n", "example : p ∧ q := ⟨h, by tac⟩\n"),
    "sorry of a field": (
        "instance : Foo Nat where\n  op := f\n  op_comm := sorry‸\n",
        "instance : Foo Nat where\n  op := f\n  op_comm := by tac\n",
    ),
    "sorry of a have": (
        "example : p := by\n  have h : q := sorry‸\n  simp\n",
        "example : p := by\n  have h : q := by tac\n  simp\n",
    ),
    "sorry within a name": ("example : p := by\n  exact foo.sorry‸\n", NOTHING),
    "sorry that is all of exact": ("example : p := by\n  exact sorry‸\n", NOTHING),
    "sorry as a bare argument": ("example : p := f sorry‸ h\n", "example : p := f (by tac) h\n"),
    "sorry of a statement": ("example : sorry‸ ∧ q := h\n", NOTHING),
    "sorry before an operator": ("example : p := (sorry‸ + 1)\n", NOTHING),
    "sorry of an alternative as a term": (
        "theorem a : ∀ n, p n\n  | 0 => sorry‸\n  | n + 1 => h\n",
        "theorem a : ∀ n, p n\n  | 0 => by tac\n  | n + 1 => h\n",
    ),
    "sorryAx": ("example : p := sorry‸Ax p\n", NOTHING),
    "a quoted sorry": ("example : p := «sorry‸»\n", NOTHING),
    # ---- tactics of `where finally`
    "where finally": ("theorem a : p := f ?x\nwhere finally‸\n", "theorem a : p := f ?x\nwhere finally\n  tac\n"),
    "sorry of where finally": (
        "theorem a : p := f ?x\nwhere finally\n  ‸sorry\n",
        "theorem a : p := f ?x\nwhere finally\n  tac\n",
    ),
    "a line of where finally": (
        "def a : T := f ?x\nwhere\n  g : q := h\nfinally\n  simp\n  ‸\n\ntheorem b : p := h\n",
        "def a : T := f ?x\nwhere\n  g : q := h\nfinally\n  simp\n  tac\n\ntheorem b : p := h\n",
    ),
    "where finally at the helpers' column": (
        "def a : T := f ?x\nwhere\n  g : q := h\n  finally\n    simp\n    ‸\n",
        "def a : T := f ?x\nwhere\n  g : q := h\n  finally\n    simp\n    tac\n",
    ),
    "a case of where finally": (
        "theorem a : p := f ?x\nwhere finally\n  case x =>‸\n",
        "theorem a : p := f ?x\nwhere finally\n  case x =>\n    tac\n",
    ),
    # ---- in place of the hole of a case
    "hole of a case": (
        "example : p := by\n  induction s with\n  | dot => _\n  | pair s t => _‸\n",
        "example : p := by\n  induction s with\n  | dot => _\n  | pair s t => tac\n",
    ),
    "named hole of a case": (
        "example : p := by\n  cases s with\n  | dot => ‸?_\n  | pair s t => ?_\n",
        "example : p := by\n  cases s with\n  | dot => tac\n  | pair s t => ?_\n",
    ),
    "hole of a match": (
        "example : p := by\n  match s with\n  | dot => _‸\n  | pair s _ => _\n",
        "example : p := by\n  match s with\n  | dot => tac\n  | pair s _ => _\n",
    ),
    "a hole in a pattern": ("example : p := by\n  match s with\n  | pair s _‸ => simp\n", NOTHING),
    "a hole in a term": ("example : p := by\n  cases s with\n  | dot => exact _‸\n", NOTHING),
    "a hole of a match as a term": ("example : p :=\n  match s with\n  | dot => _‸\n", NOTHING),
    "a hole of a function": ("example : p := fun x => _‸\n", NOTHING),
    "sorry in a comment": ("theorem a : p := by\n  simp -- sor‸ry\n", NOTHING),
    "sorry on every goal": ("example : p := by\n  constructor <;> ‸sorry\n", NOTHING),
    # ---- while a tactic is being typed
    "half a word": ("theorem a : p := by\n  om‸\n", "theorem a : p := by\n  tac\n"),
    "half a word behind by": ("theorem a : p := by om‸\n", "theorem a : p := by tac\n"),
    "half a word behind a bullet": ("theorem a : p := by\n  · om‸\n", "theorem a : p := by\n  · tac\n"),
    "several words": ("theorem a : p := by\n  simp [fo‸\n", "theorem a : p := by\n  tac\n"),
    "half a word before other tactics": (
        "theorem a : p := by\n  om‸\n  simp\n",
        "theorem a : p := by\n  tac\n  simp\n",
    ),
    "in the middle of a word": ("theorem a : p := by\n  om‸ega\n", NOTHING),
    "half of exact": ("theorem a : p := by\n  exac‸\n", "theorem a : p := by\n  tac\n"),
    "half of a term": ("theorem a : p := by\n  exact fo‸\n", NOTHING),
    "an abbreviation": ("theorem a : p := by\n  \\to‸\n", NOTHING),
    "an abbreviation behind by": ("theorem a : p := by \\‸\n", NOTHING),
    "an abbreviation in a tactic": ("theorem a : p := by\n  simp [\\lam‸\n", NOTHING),
    "set difference": ("theorem a : A \\ B = A := by‸\n", "theorem a : A \\ B = A := by\n  tac\n"),
}
