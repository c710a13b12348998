"""What Lean tells of a goal's functions and types is the same however a person has written them."""

from pathlib import Path

import pytest

from ghostproof.config import Config, LeanConfig
from ghostproof.lean.toolchain import Project
from ghostproof.verify.checker import Limits
from ghostproof.verify.definitions import Constructor, Definition, Definitions, InductiveType
from ghostproof.verify.probe_checker import ProbeChecker
from ghostproof.workspace import find_lean, make_probe
from support import marked
from support.library import compiled

pytestmark = pytest.mark.lean

LIMITS = Limits(400_000, 120.0)


async def told(probe: ProbeChecker, project: Project, text: str, goal: str) -> Definitions:
    """What is told at a theorem that says `goal`, behind a text."""
    state = await marked.opened(probe, project.root / "Told.lean", f"{text}\ntheorem t {goal} := by\n  ⟦sorry⟧\n")
    return await probe.define(state, LIMITS)


REV = {
    "equations": "def rev : List α → List α\n  | [] => []\n  | x :: xs => rev xs ++ [x]",
    "one line": "def rev : List α → List α | [] => [] | x :: xs => rev xs ++ [x]",
    "fun": "def rev : List α → List α := fun\n  | [] => []\n  | x :: xs => rev xs ++ [x]",
    "match": "def rev (xs : List α) : List α :=\n  match xs with\n  | [] => []\n  | x :: ys => rev ys ++ [x]",
    "match with a proof": (
        "def rev (xs : List α) : List α :=\n  match h : xs with\n  | [] => []\n  | x :: ys => rev ys ++ [x]"
    ),
    "match that names the argument again": (
        "def rev (xs : List α) : List α :=\n  match xs with\n  | [] => xs\n  | xs@(x :: ys) => rev ys ++ [x]"
    ),
    "comments": (
        "/-- Turns | it => round. -/\ndef rev : List α → List α\n  -- | nothing => here\n  | [] => []\n"
        "  /- and\n  | this -/\n\n  | x :: xs => rev xs ++ [x]"
    ),
    "let": (
        "def rev : List α → List α\n  | [] => []\n  | x :: xs =>\n    let back := rev xs\n    let one := [x]\n"
        "    back ++ one"
    ),
    "variables": "variable {α : Type}\ndef rev : List α → List α\n  | [] => []\n  | x :: xs => rev xs ++ [x]",
    "universes": "universe u\ndef rev {α : Type u} : List α → List α\n  | [] => []\n  | x :: xs => rev xs ++ [x]",
    "private": "private def rev : List α → List α\n  | [] => []\n  | x :: xs => rev xs ++ [x]",
    "attributes": "@[simp, reducible]\ndef rev : List α → List α\n  | [] => []\n  | x :: xs => rev xs ++ [x]",
    "a measure": (
        "def rev (xs : List α) : List α :=\n  match xs with\n  | [] => []\n  | x :: ys => rev ys ++ [x]\n"
        "termination_by xs.length"
    ),
    "explicit types": "def rev {α : Type} (xs : List α) : List α := match xs with\n  | .nil => .nil\n"
    "  | .cons x ys => HAppend.hAppend (rev ys) (List.cons x .nil)",
}  # fmt: skip


@pytest.mark.parametrize("style", REV)
async def test_a_function_is_the_same_in_every_style(probe: ProbeChecker, project: Project, style: str) -> None:
    functions = (await told(probe, project, REV[style], "(xs : List Nat) : rev (rev xs) = xs")).functions
    assert list(functions) == ["rev"]
    one = functions["rev"]
    assert (one.variables, one.arguments, one.result) == (("α",), ("List α",), "List α")
    assert (one.matched, one.varying, one.deep, one.recursive) == ((0,), (), False, True)
    assert (one.uses, one.signs, one.block) == ((), frozenset({"++"}), ())


# Of each the name of the function with an accumulator.
ONTO = {
    "equations": ("def onto : List α → List α → List α\n  | [], a => a\n  | x :: xs, a => onto xs (x :: a)", "onto"),
    "fun": ("def onto : List α → List α → List α := fun\n  | [], a => a\n  | x :: xs, a => onto xs (x :: a)", "onto"),
    "match on both": (
        "def onto (xs acc : List α) : List α := match xs, acc with\n  | [], a => a\n  | x :: xs, a => onto xs (x :: a)",
        "onto",
    ),
    "match on one": (
        "def onto (xs acc : List α) : List α := match xs with\n  | [] => acc\n  | x :: xs => onto xs (x :: acc)",
        "onto",
    ),
    "a match of functions": (
        "def onto (xs : List α) : List α → List α := match xs with\n  | [] => fun a => a\n"
        "  | x :: ys => fun a => onto ys (x :: a)",
        "onto",
    ),
    "a call without it": (
        "def onto : List α → List α → List α\n  | [], a => a\n  | x :: xs, a => id (onto xs) (x :: a)",
        "onto",
    ),
    "let": (
        "def onto : List α → List α → List α\n  | [], acc => acc\n  | x :: xs, acc =>\n    let more := x :: acc\n"
        "    onto xs more",
        "onto",
    ),
    "where": (
        "def rev (xs : List α) : List α := go xs []\nwhere\n  go : List α → List α → List α\n  | [], acc => acc\n"
        "  | x :: xs, acc => go xs (x :: acc)",
        "rev.go",
    ),
    "let rec": (
        "def rev (xs : List α) : List α :=\n  let rec go : List α → List α → List α\n    | [], acc => acc\n"
        "    | x :: xs, acc => go xs (x :: acc)\n  go xs []",
        "rev.go",
    ),
    "a measure": (
        "def onto (xs acc : List α) : List α := match xs with\n  | [] => acc\n  | x :: ys => onto ys (x :: acc)\n"
        "termination_by xs.length",
        "onto",
    ),
    "namespace": (
        "namespace Mine\nprotected def onto : List α → List α → List α\n  | [], acc => acc\n"
        "  | x :: xs, acc => Mine.onto xs (x :: acc)\nend Mine",
        "Mine.onto",
    ),
    "dots": (
        "def List.onto : List α → List α → List α\n  | [], acc => acc\n  | x :: xs, acc => xs.onto (x :: acc)\n",
        "List.onto",
    ),
}  # fmt: skip


@pytest.mark.parametrize("style", ONTO)
async def test_an_accumulator_is_one_in_every_style(probe: ProbeChecker, project: Project, style: str) -> None:
    text, name = ONTO[style]
    goal = "(xs : List Nat) : " + (f"{name} xs [] = xs" if "go" not in name else "rev xs = xs")
    functions = (await told(probe, project, text, goal)).functions
    one = functions[name]
    assert (one.variables, one.arguments, one.result) == (("α",), ("List α", "List α"), "List α")
    assert (one.matched, one.varying, one.deep, one.recursive) == ((0,), (1,), False, True)
    assert one.uses == ()
    if "go" in name:
        assert functions["rev"].uses == (name,)


@pytest.mark.parametrize(
    ("equations", "wanted"),
    [
        (": List Nat → Bool\n  | [] => true\n  | [_] => true\n  | x :: y :: xs => f (y :: xs)", ((0,), (), True)),
        (": Nat → Nat\n  | 0 => 0\n  | 1 => 0\n  | n + 2 => f n", ((0,), (), True)),
        (": Nat → Nat\n  | 0 => 0\n  | n + 1 => f n", ((0,), (), False)),
        ("(n : Nat) : Nat := if n = 0 then 0 else f (n - 1)\ntermination_by n", ((), (0,), False)),
        ("(n : Nat) : Nat :=\n  if h : n < 2 then 0 else f (n / 2)", ((), (0,), False)),
        (
            ": List Nat → Bool\n  | [] => true\n  | _ :: xs => match xs with\n    | [] => true\n    | _ :: _ => f xs",
            ((0,), (), True),
        ),
        (
            ": List Nat → List Nat → List Nat\n  | [], ys => ys\n  | x :: xs, ys => match ys with\n"
            "    | [] => x :: xs\n    | y :: zs => x :: y :: f xs zs",
            ((0, 1), (), False),
        ),
        (": Nat → Nat → Bool\n  | 0, _ => true\n  | _ + 1, 0 => false\n  | m + 1, n + 1 => f m n", ((0, 1), (), False)),
        (": List (Nat × Nat) → Nat → Nat\n  | [], _ => 0\n  | (k, v) :: m, a => if k = a then v else f m a",
         ((0,), (), False)),
        ("(m : List (Nat × Nat)) (a : Nat) : Nat := match m with\n  | [] => 0\n"
         "  | p :: m => let (k, v) := p; if k == a then v else f m a", ((0,), (), False)),
        ("(a b : Nat) : List Nat → Nat\n  | [] => a\n  | _ :: xs => f a b xs", ((2,), (), False)),
        ("(xs ys : List Nat) : Nat := match (xs, ys) with\n  | ([], _) => 0\n  | (x :: _, _) => x", ((0,), (), False)),
        ("(xs : List Nat) (n : Nat) : Nat := xs.foldl (· + ·) n", ((), (), False)),
        (": List Nat → List Nat → List Nat\n  | [], ys => ys\n  | x :: xs, ys => x :: f ys xs\n"
         "termination_by xs ys => xs.length + ys.length", ((0,), (1,), False)),
        ("(xs : List Nat) : Nat := let ys := xs; match ys with\n  | [] => 0\n  | x :: _ => x", ((0,), (), False)),
        ("(xs : List Nat) : Nat := List.casesOn xs 0 (fun x _ => x)", ((0,), (), False)),
        (": Option (List Nat) → Nat\n  | none => 0\n  | some [] => 1\n  | some (_ :: _) => 2", ((0,), (), True)),
    ],
)  # fmt: skip
async def test_what_a_function_takes_apart(
    probe: ProbeChecker, project: Project, equations: str, wanted: tuple[object, ...]
) -> None:
    functions = (await told(probe, project, f"noncomputable def f {equations}", ": f = f")).functions
    one = functions["f"]
    assert (one.matched, one.varying, one.deep) == wanted


ROW = """structure Row (α : Type u) where
  items : List α
  length : Nat
def Row.cat (a b : Row α) : Row α := ⟨a.items ++ b.items, max a.length b.length⟩
def Row.same [BEq α] (a b : Row α) : Bool := a.length == b.length && a.items == b.items
def Row.count (a : Row α) : Nat := a.length + 1
instance : Append (Row α) := ⟨Row.cat⟩
instance [BEq α] : BEq (Row α) where
  beq := Row.same
instance : LE (Row α) := ⟨fun a b => a.count ≤ b.count⟩
namespace Row
def twice (a : Row α) : Row α := a ++ a
def eqv [BEq α] (a b : Row α) : Bool := a.twice == b || true
def before (a b : Row α) : Prop := a ≤ b
end Row
"""


async def test_who_uses_an_operator_uses_the_function_that_it_stands_for(probe: ProbeChecker, project: Project) -> None:
    known = await told(probe, project, ROW, "(a b : Row Nat) : (a.eqv b = true) = a.before b")
    functions = known.functions
    assert {name: set(one.uses) for name, one in functions.items()} == {
        "Row.eqv": {"Row.twice", "Row.same"},
        "Row.before": {"Row.count"},
        "Row.twice": {"Row.cat"},
        "Row.same": set(),
        "Row.count": set(),
        "Row.cat": set(),
    }
    assert functions["Row.twice"].signs == frozenset()
    assert functions["Row.cat"].signs == {"++", "max"}
    assert functions["Row.same"].signs == {"==", "&&"}
    assert functions["Row.eqv"].signs == {"||"}
    assert functions["Row.before"].result == "Prop"
    assert known.families["Row"].constructors == (Constructor("Row.mk", ("List α", "Nat")),)


CHOOSING = """
def put (a : Nat) : List Nat → List Nat
  | [] => [a]
  | x :: xs => if a ≤ x then a :: x :: xs else x :: put a xs
def rest (n : Nat) : Nat := if h : 3 ≤ n then rest (n - 3) else n
termination_by n
def back : List Nat → List Nat
  | [] => []
  | x :: xs => back xs ++ [x]
"""


async def test_it_is_told_which_functions_choose_by_a_condition(probe: ProbeChecker, project: Project) -> None:
    known = await told(probe, project, CHOOSING, "(xs : List Nat) (n : Nat) : put (rest n) (back xs) = []")
    assert {name for name, one in known.functions.items() if one.chooses} == {"put", "rest"}


async def test_an_operator_in_the_goal_is_its_function(probe: ProbeChecker, project: Project) -> None:
    functions = (await told(probe, project, ROW, "(a b c : Row Nat) : (a ++ b) ++ c = a ++ (b ++ c)")).functions
    assert list(functions) == ["Row.cat"]


MUTUAL = """mutual
inductive Tree (α : Type u) where
  | node (value : α) (parts : Forest α)
inductive Forest (α : Type u) where
  | none
  | more : Tree α → Forest α → Forest α
end
mutual
def Tree.size : Tree α → Nat
  | .node _ parts => parts.size + 1
def Forest.size : Forest α → Nat
  | .none => 0
  | .more t r => t.size + r.size
end
mutual
def even (n : Nat) : Bool := if n = 0 then true else odd (n - 1)
termination_by n
def odd (n : Nat) : Bool := if n = 0 then false else even (n - 1)
termination_by n
end
inductive Rose where
  | node : Nat → List Rose → Rose
def Rose.weight : Rose → Nat
  | .node n parts => n + (parts.map Rose.weight).sum
"""


async def test_blocks_of_several(probe: ProbeChecker, project: Project) -> None:
    known = await told(probe, project, MUTUAL, "(t : Tree Nat) (r : Rose) : even t.size = even r.weight")
    functions, families = known.functions, known.families
    assert functions["Tree.size"].block == functions["Forest.size"].block == ("Tree.size", "Forest.size")
    assert functions["even"].block == functions["odd"].block == ("even", "odd")
    assert (functions["Tree.size"].matched, functions["Tree.size"].uses) == ((0,), ("Forest.size",))
    assert not functions["Tree.size"].recursive
    assert functions["Forest.size"].recursive
    assert functions["Rose.weight"].recursive
    assert functions["Rose.weight"].matched == (0,)
    assert families["Tree"].block == families["Forest"].block == ("Tree", "Forest")
    assert families["Forest"].constructors == (
        Constructor("Forest.none"),
        Constructor("Forest.more", ("Tree α", "Forest α")),
    )
    assert (families["Rose"].block, families["Rose"].parameters) == ((), ())


PREDICATES = """def twice (n : Nat) : Nat := n + n
inductive Even : Nat → Prop where
  | zero : Even 0
  | more {n : Nat} : Even n → Even (n + 2)
inductive All (p : α → Prop) : List α → Prop where
  | nil : All p []
  | cons (x : α) (xs : List α) (h : p x) (t : All p xs) : All p (x :: xs)
inductive Vec (α : Type) : Nat → Type where
  | nil : Vec α 0
  | cons {n : Nat} : α → Vec α n → Vec α (n + 1)
class Shape (α : Type) where
  area : α → Nat
abbrev Line := Vec Nat 3
"""


async def test_families(probe: ProbeChecker, project: Project) -> None:
    goal = "[Shape α] (n : Nat) (h : Even (twice n)) (v : Line) (k : All Even [n]) : n = n"
    families = (await told(probe, project, PREDICATES, goal)).families
    plain = {name: (one.parameters, one.arguments, one.is_prop) for name, one in families.items()}
    assert plain == {
        "Even": ((), ("Nat",), True),
        "All": (("α", "p"), ("α → Prop", "List α"), True),
        "Vec": (("α",), ("Type", "Nat"), False),
    }
    assert families["Even"].constructors == (Constructor("Even.zero"), Constructor("Even.more", ("Even n",)))
    assert families["All"].constructors[1].fields == ("α", "List α", "p x", "All p xs")
    assert families["Vec"].constructors[1] == Constructor("Vec.cons", ("α", "Vec α n"))


UNDONE = """def gone (n : Nat) : Nat := n + missing
def later (n : Nat) : Nat := sorry
def above (n : Nat) : Nat := later n + 1
def whole (n : Nat) : Nat := n + 1
"""


@pytest.mark.parametrize(
    ("goal", "unfinished"),
    [("gone n = whole n", {"gone"}), ("above n = whole n", {"later"}), ("whole n = n + 1", set())],
)
async def test_what_is_unfinished_is_told(
    probe: ProbeChecker, project: Project, goal: str, unfinished: set[str]
) -> None:
    assert (await told(probe, project, UNDONE, f"(n : Nat) : {goal}")).unfinished == unfinished


async def test_names_are_as_they_can_be_written_at_the_goal(probe: ProbeChecker, project: Project) -> None:
    text = (
        "namespace Shop\ninductive Coin where\n  | one | two\nnamespace Till\n"
        "def «is open» : Coin → Bool\n  | .one => true\n  | .two => false\n"
        "def price (c : Coin) : Nat := if «is open» c then 1 else 2\nend Till\nend Shop\nopen Shop Till\n"
    )
    known = await told(probe, project, text, "(price : Nat) (c : Coin) : Shop.Till.price c = price")
    assert known.families == {"Coin": known.families["Coin"]}
    assert known.families["Coin"].constructors == (Constructor("Coin.one"), Constructor("Coin.two"))
    assert known.functions["Till.price"].uses == ("«is open»",)
    assert known.functions["«is open»"].matched == (0,)


async def test_what_nobody_wrote_is_not_told(probe: ProbeChecker, project: Project) -> None:
    text = (
        'inductive Hue where\n  | red | green\n  deriving DecidableEq, BEq\nnotation "ρ" => Hue.red\n'
        "inductive N where\n  | z\n  | s (n : N)\n  deriving DecidableEq, BEq\n"
        "def pick (h : Hue) (n m : N) : N := if h = ρ then n else if n == m then m else n\n"
        'notation "π" => pick\n'
    )
    known = await told(probe, project, text, "(n : N) : pick ρ n n = n")
    assert list(known.functions) == ["pick"]
    assert (known.functions["pick"].uses, known.functions["pick"].matched) == ((), ())
    assert known.families["Hue"].constructors == (Constructor("Hue.red"), Constructor("Hue.green"))


async def test_arguments_that_speak_of_values(probe: ProbeChecker, project: Project) -> None:
    text = f"{PREDICATES}def Vec.head (n : Nat) (v : Vec α (n + 1)) (b : Nat := n) : Nat := b"
    functions = (await told(probe, project, text, "(v : Vec Nat 1) : v.head 0 = 0")).functions
    assert functions["Vec.head"].arguments == ("Nat", "", "Nat")


BASE = """inductive N where
  | z
  | s (n : N)
def add : N → N → N
  | m, .z => m
  | m, .s n => .s (add m n)
def double (n : N) : N := add n n
"""
AT = "(n : N) : double n = add n n"
SAME = {
    "comments": BASE.replace("\n  | m, .z", "\n  -- what is neutral\n  | m, .z"),
    "what stands above": "def other (xs : List Nat) : Nat := match xs with | [] => 0 | _ :: _ => 1\n\n" + BASE,
    "a match of the same kind above": BASE.replace(
        "def add", "def pick : N → N → N\n  | m, .z => m\n  | _, .s n => n\ndef add"
    ),
    "layout": BASE.replace("def double (n : N) : N := add n n", "def double (n : N) :\n    N :=\n  add n\n    n"),
    "names of variables": BASE.replace("double (n : N) : N := add n n", "double (k : N) : N := add k k"),
    "a lemma about it": BASE + "theorem add_z (n : N) : add n .z = n := by simp [add]\n",
}
OTHER = {
    "what a function is made of": (BASE.replace(".s (add m n)", "add m n"), {"add", "double"}),
    "its patterns": (
        BASE.replace("| m, .z => m", "| .z, .z => .z\n  | .s m, .z => .s m"),
        {"add", "double"},
    ),
    "the function itself": (BASE.replace("add n n", "add n (.s n)"), {"double"}),
    "the type": (BASE.replace("  | s (n : N)", "  | s (n : N)\n  | t (n : N)").replace(
        "| m, .s n => .s (add m n)", "| m, .s n => .s (add m n)\n  | m, .t n => .t (add m n)"), {"N", "add", "double"}),
    "a constructor's name": (BASE.replace("| s (n", "| suc (n").replace(".s ", ".suc "), {"N", "add", "double"}),
}  # fmt: skip


async def prints(probe: ProbeChecker, project: Project, text: str) -> dict[str, str]:
    known = await told(probe, project, text, AT)
    everything: list[Definition | InductiveType] = [*known.functions.values(), *known.families.values()]
    return {one.name: one.print for one in everything}


@pytest.mark.parametrize("change", SAME)
async def test_a_print_is_no_matter_of_place(probe: ProbeChecker, project: Project, change: str) -> None:
    assert SAME[change] != BASE
    before = await prints(probe, project, BASE)
    assert before.keys() == {"N", "add", "double"}
    assert await prints(probe, project, SAME[change]) == before


@pytest.mark.parametrize("change", OTHER)
async def test_a_print_changes_with_anything_below(probe: ProbeChecker, project: Project, change: str) -> None:
    text, changed = OTHER[change]
    before, after = await prints(probe, project, BASE), await prints(probe, project, text)
    assert {name for name in before if before[name] != after[name]} == changed


async def test_a_place_in_an_equation_is_not_in_its_print(probe: ProbeChecker, project: Project) -> None:
    text = BASE.replace("add n n\n", "if true then add n n else sorry\n")
    assert await prints(probe, project, text) == await prints(probe, project, f"\n\n-- lower\n{text}")


async def test_many_functions_are_told_up_to_a_limit(probe: ProbeChecker, project: Project) -> None:
    lines = ["def f0 (n : Nat) : Nat := n"]
    lines += [f"def f{nth} (n : Nat) : Nat := f{nth - 1} n + f{nth - 1} n" for nth in range(1, 60)]
    known = await told(probe, project, "\n".join(lines), "(n : Nat) : f59 n = n")
    assert list(known.functions) == [f"f{nth}" for nth in range(59, 19, -1)]


async def test_a_goal_that_speaks_of_nothing(probe: ProbeChecker, project: Project) -> None:
    assert await told(probe, project, "", "(n : Nat) : n + 0 = n") == Definitions()


_MODULE, _OPEN = "module\n", "@[expose] public noncomputable section\n"
IMPORTED = {
    "Coins": f"{_MODULE}{_OPEN}inductive Coin where\n  | one\n  | heap (left right : Coin)\n",
    "Tills": (
        f"{_MODULE}public import Coins\n{_OPEN}namespace Till\ndef count : Coin → Nat → Nat\n  | .one, n => n + 1\n"
        "  | .heap l r, n => count l (count r n)\ndef sum (c : Coin) : Nat := count c 0\n"
        "def steps (n : Nat) : Nat := if n < 2 then 0 else steps (n / 2) + 1\nend Till\n"
    ),
}


@pytest.mark.slow
async def test_definitions_of_imported_modules(embedded_root: Path, tmp_path: Path) -> None:
    (tmp_path / "lakefile.toml").write_text('name = "shop"\n', "utf-8")
    for name, text in IMPORTED.items():
        (tmp_path / f"{name}.lean").write_text(text, "utf-8")
    said = await compiled(embedded_root / "bin" / "lean", tmp_path)
    assert not any("error" in words for words in said.values()), said
    config = Config(lean=LeanConfig(toolchain="embedded", document_s=300.0))
    checker = make_probe(await find_lean(tmp_path, config), config)
    text = "import Tills\ntheorem t (c : Coin) : Till.sum c = Till.steps 3 := by\n  ⟦sorry⟧\n"
    known = await checker.define(await marked.opened(checker, tmp_path / "Use.lean", text), LIMITS)
    await checker.close()
    count, steps = known.functions["Till.count"], known.functions["Till.steps"]
    assert known.functions["Till.sum"].uses == ("Till.count",)
    assert (count.matched, count.varying, count.recursive) == ((0,), (1,), True)
    assert (steps.matched, steps.varying, steps.recursive) == ((), (0,), True)
    assert known.families["Coin"].constructors[1].fields == ("Coin", "Coin")


MAPS = """abbrev Table (β : Type) := List (Nat × β)
abbrev double (n : Nat) := n + n
def put (k : Nat) (v : β) (m : Table β) : Table β := (double k, v) :: m
def Fair : Prop := ∀ n, double n = n + n
"""


async def test_an_abbreviation_is_told_and_a_name_for_a_type_is_not(probe: ProbeChecker, project: Project) -> None:
    goal = "(m : Table Nat) (h : Fair) : put (double 1) 2 m = []"
    text = f"{MAPS}\ntheorem t {goal} := by\n  ⟦sorry⟧\n"
    state = await marked.opened(probe, project.root / "Told.lean", text)
    assert state.main is not None
    assert {f.name: f.reducible for f in state.main.functions} == {"put": False, "double": True, "Fair": False}
    known = await probe.define(state, LIMITS)
    assert {name: one.reducible for name, one in known.functions.items()} == {
        "put": False,
        "double": True,
        "Fair": False,
    }
    assert known.reducible == {"double"}


RULES = """def under (b : Nat) : List Nat → Bool
  | [] => true
  | n :: ns => decide (n < b) && under b ns
inductive Falling : List Nat → Prop
  | nil : Falling []
  | cons (n : Nat) (ns : List Nat) : under n ns = true → Falling ns → Falling (n :: ns)
"""


async def test_what_stands_in_a_predicates_rules_is_told(probe: ProbeChecker, project: Project) -> None:
    known = await told(probe, project, RULES, "(ns : List Nat) (h : Falling ns) : ns = ns")
    assert known.functions.keys() == {"under"}
    assert known.in_rules(("Falling",), ()) == ("under",)
