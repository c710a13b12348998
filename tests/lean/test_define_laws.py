"""What Lean tells of the laws of a goal's structures, and of recursions that go by a measure."""

import pytest

from ghostproof.lean.toolchain import Project
from ghostproof.verify.checker import Limits
from ghostproof.verify.definitions import Definitions
from ghostproof.verify.probe_checker import ProbeChecker
from support import marked

pytestmark = pytest.mark.lean

LIMITS = Limits(400_000, 120.0)


async def told(probe: ProbeChecker, project: Project, text: str, goal: str) -> Definitions:
    """What is told at a theorem that says `goal`, behind a text."""
    state = await marked.opened(probe, project.root / "Told.lean", f"{text}\ntheorem t {goal} := by\n  ⟦sorry⟧\n")
    return await probe.define(state, LIMITS)


LAWS = """class Half (M : Type) where
  op : M → M → M
  assoc : ∀ a b c, op (op a b) c = op a (op b c)
class Loop (M : Type) extends Half M where
  one : M
  comm : ∀ a b, op a b = op b a
  left : ∀ a, a = op one a
  square : ∀ a b, op a a = op b b
  cross : ∀ a b c, op a b = op a c → b = c
structure Steady (f : Nat → Nat) : Prop where
  twice : ∀ n, f (f n) = f n
"""


async def test_the_laws_of_structures_with_how_they_rewrite(probe: ProbeChecker, project: Project) -> None:
    goal = "[Loop M] (a b : M) (f : Nat → Nat) (h : Steady f) : Half.op a b = Half.op b a"
    laws = {law.name: law for law in (await told(probe, project, LAWS, goal)).laws}
    assert {name: law.direction for name, law in laws.items()} == {
        "Half.assoc": "→", "Loop.comm": "", "Loop.left": "←", "Loop.square": "", "Loop.cross": "", "Steady.twice": "→",
    }  # fmt: skip
    assert {law.structure for law in laws.values() if law.is_prop} == {"Steady"}


async def test_what_classes_ask_for_besides_laws(probe: ProbeChecker, project: Project) -> None:
    known = await told(probe, project, LAWS, "[Loop M] (a b : M) : Half.op a b = Half.op b a")
    operations = {one.name: one for one in known.operations}
    op, unit = operations["Half.op"], operations["Loop.one"]
    assert (op.variables, op.arguments, op.result) == (("M",), ("M", "M"), "M")
    assert (unit.variables, unit.arguments, unit.result) == (("M",), (), "M")
    assert "Half.assoc" not in operations


@pytest.mark.parametrize(
    ("equations", "wanted"),
    [
        (": Nat → Nat\n  | 0 => 0\n  | n + 1 => f n", (False, False)),
        ("(n : Nat) : Nat := if n = 0 then 0 else f (n - 1)\ntermination_by n", (True, True)),
        (": List Nat → Nat\n  | [] => 0\n  | _ :: xs => f (xs.drop 1)\ntermination_by xs => xs.length", (True, False)),
        ("(n : Nat) : Nat := n + 1", (False, False)),
    ],
)
async def test_what_recurses_on_a_measure(
    probe: ProbeChecker, project: Project, equations: str, wanted: tuple[bool, bool]
) -> None:
    one = (await told(probe, project, f"noncomputable def f {equations}", ": f = f")).functions["f"]
    assert (one.measured, one.unfolds_for_ever) == wanted
