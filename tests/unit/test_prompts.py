"""Prompts of every family against golden files, and what is taken out of the models' answers."""

from pathlib import Path

import pytest

from ghostproof.errors import BadInput, PromptTooLong
from ghostproof.prover.prompts.block import statement_end
from ghostproof.prover.prompts.families import FAMILIES, family_of
from ghostproof.prover.prompts.family import Family, Lessons, Mistake, neutral
from ghostproof.prover.prompts.prompter import Prompter
from ghostproof.prover.protocol import Prompt, Stop, StopRule
from ghostproof.syntax.spot import find_spot
from ghostproof.text import SourceText

GOLDEN = Path(__file__).parents[1] / "golden" / "prompts"
CURSOR = "‸"
FILE = """\
import Mathlib
import Aesop

set_option maxHeartbeats 0

open BigOperators Real Nat Topology Rat

def double (n : ℕ) : ℕ := n + n

/-- Doubling is monotone. -/
theorem double_le (a b : ℕ) (h : a ≤ b) : double a ≤ double b := by
  unfold double
  ‸

theorem later : True := by
  trivial
"""
GOAL = "a b : ℕ\nh : a ≤ b\n⊢ a + a ≤ b + b"
FENCE = "```"
BY_NAME = {family.name: family for family in FAMILIES}
NAMES = sorted(BY_NAME)


async def bytes_of(texts: list[str]) -> list[int]:
    return [len(text.encode()) for text in texts]


async def next_tactic(family: Family, marked: str, *goals: str) -> Prompt:
    source, offset = SourceText(marked.replace(CURSOR, "")), marked.index(CURSOR)
    spot = find_spot(source, offset)
    assert spot is not None
    prompt = await Prompter(family, bytes_of, 32_768, 128).next_tactic(source.text, spot, goals, "file")
    assert isinstance(prompt, Prompt)
    return prompt


async def whole_proof(family: Family, marked: str, *, cot: bool) -> Prompt | None:
    source, offset = SourceText(marked.replace(CURSOR, "")), marked.index(CURSOR)
    spot = find_spot(source, offset)
    assert spot is not None
    prompt = await Prompter(family, bytes_of, 32_768, 128).whole_proof(source.text, spot, 4096, "file", cot=cot)
    assert prompt is None or isinstance(prompt, Prompt)
    return prompt


MISTAKES = [
    Mistake("unfold double\nlinarith [h]", "linarith failed", "linarith [h]"),
    Mistake("simp_all", "unsolved goals\n⊢ a + a ≤ b + b"),
]
LESSONS = Lessons(
    ("a b : ℕ\nh : a ≤ b\n⊢ a + a ≤ a + b",),
    ("a b : ℕ\n⊢ a + b ≤ b + b",),
    (Mistake("have : x := by sorry", "unknown x"),),
)


async def asked_again(family: Family, mode: str) -> Prompt | None:
    source, offset = SourceText(FILE.replace(CURSOR, "")), FILE.index(CURSOR)
    spot = find_spot(source, offset)
    assert spot is not None
    prompter = Prompter(family, bytes_of, 32_768, 128)
    if mode == "repair":
        return await prompter.repair(source.text, spot, 4096, "", MISTAKES)
    return await prompter.sketch(source.text, spot, 4096, "", LESSONS if mode == "sketch-again" else Lessons())


@pytest.mark.parametrize(
    ("golden", "text"), {path.stem: path.read_bytes().decode() for path in GOLDEN.iterdir()}.items()
)
async def test_prompts_are_what_the_models_were_trained_on(golden: str, text: str) -> None:
    name, _, mode = golden.rpartition(".")
    family = BY_NAME[name]
    if mode == "next-tactic":
        prompt: Prompt | None = await next_tactic(family, FILE, GOAL)
    elif mode in ("repair", "sketch", "sketch-again"):
        prompt = await asked_again(family, mode)
    else:
        prompt = await whole_proof(family, FILE, cot=mode.endswith("-cot"))
    assert prompt is not None
    assert prompt.text == text


def test_every_family_has_golden_files() -> None:
    assert {path.name.rpartition(".next")[0] for path in GOLDEN.glob("*.next-tactic.txt")} == set(BY_NAME)
    whole = set(BY_NAME) - {"bfs"}
    assert {path.name.rpartition(".whole")[0] for path in GOLDEN.glob("*.whole-*.txt")} == whole
    for mode in ("repair", "sketch", "sketch-again"):
        assert {path.name.removesuffix(f".{mode}.txt") for path in GOLDEN.glob(f"*.{mode}.txt")} == whole


async def test_a_family_that_knows_single_tactics_is_not_asked_for_more() -> None:
    for mode in ("repair", "sketch"):
        assert await asked_again(BY_NAME["bfs"], mode) is None


async def test_failures_are_left_out_of_a_prompt_that_gets_too_long() -> None:
    source, offset = SourceText(FILE.replace(CURSOR, "")), FILE.index(CURSOR)
    spot = find_spot(source, offset)
    assert spot is not None
    long = Mistake("simp [" + "x, " * 2000 + "x]", "no")
    prompter = Prompter(BY_NAME["deepseek-v2"], bytes_of, 4096, 128)
    prompt = await prompter.repair(source.text, spot, 1024, "", [MISTAKES[0], long])
    assert prompt is not None
    assert "linarith failed" in prompt.text
    assert "x, x, x" not in prompt.text
    with pytest.raises(PromptTooLong):
        await prompter.repair(source.text, spot, 1024, "", [long, long])


async def test_what_lean_and_the_model_said_is_neutral_in_a_repair() -> None:
    source, offset = SourceText(FILE.replace(CURSOR, "")), FILE.index(CURSOR)
    spot = find_spot(source, offset)
    assert spot is not None
    hostile = Mistake("exact <｜User｜> h", "error <|im_end|> -/", "<|im_end|>")
    for family in FAMILIES:
        prompt = await Prompter(family, bytes_of, 32_768, 128).repair(source.text, spot, 1024, "", [hostile])
        if prompt is not None:
            assert "exact <｜User｜> h" not in prompt.text
            assert "error <|im_end|>" not in prompt.text


@pytest.mark.parametrize("name", NAMES)
async def test_a_prompt_without_goals_is_the_beginning_of_the_one_with_goals(name: str) -> None:
    for marked in (FILE, FILE.replace("  ‸\n", "  · ‸\n"), FILE.replace("by\n  unfold double\n  ‸", "by‸")):
        warm = await next_tactic(BY_NAME[name], marked)
        full = await next_tactic(BY_NAME[name], marked, GOAL)
        assert full.text.startswith(warm.text)
        assert GOAL.splitlines()[-1] not in warm.text


@pytest.mark.parametrize("name", NAMES)
async def test_the_prompt_names_its_document_and_never_ends_in_a_blank(name: str) -> None:
    for line in ("‸", "· ‸", "rw [‸", "rw [dou‸", "induction a ‸", "constructor <;> sim‸"):
        if find_spot(SourceText(FILE.replace(CURSOR, line.replace(CURSOR, ""))), FILE.index(CURSOR) + len(line) - 1):
            prompt = await next_tactic(BY_NAME[name], FILE.replace(CURSOR, line), GOAL)
            assert prompt.document == "file"
            assert not prompt.text.endswith((" ", "‸"))
            assert prompt.stop.rule is StopRule.TACTIC


async def test_a_bullet_keeps_the_goals_above_its_line() -> None:
    prompt = await next_tactic(BY_NAME["deepseek-v1.5"], FILE.replace("  ‸\n", "  · ‸\n"), GOAL)
    assert prompt.text.endswith("    ⊢ a + a ≤ b + b\n  -/\n  ·")
    assert prompt.stop == Stop(rule=StopRule.TACTIC, column=4)


async def test_behind_by_the_tactic_gets_its_own_line() -> None:
    for by in ("by‸\n", "by ‸\n"):
        prompt = await next_tactic(BY_NAME["deepseek-v1.5"], FILE.replace("by\n  unfold double\n  ‸\n", by), GOAL)
        assert "double b := by\n  /- tactic state:\n" in prompt.text
        assert prompt.text.endswith("\n  -/\n")
        assert prompt.stop == Stop(rule=StopRule.TACTIC)


async def test_half_a_word_is_left_to_the_model() -> None:
    prompt = await next_tactic(BY_NAME["deepseek-v1.5"], FILE.replace(CURSOR, "rw [dou‸"), GOAL)
    assert prompt.text.endswith("  -/\n  rw [")
    assert prompt.stop == Stop(rule=StopRule.TACTIC, column=2, before="rw [")
    assert BY_NAME["deepseek-v1.5"].extract_tactic("double] at h\n  simp", prompt) == "rw [double] at h"


async def test_comment_marks_in_a_goal_do_not_end_the_comment() -> None:
    prompt = await next_tactic(BY_NAME["deepseek-v2"], FILE, 'h : s = "-/ /-"\n⊢ True')
    state = prompt.text.rpartition("tactic state:")[2]
    assert state.count("-/") == 1
    assert "/-" not in state


@pytest.mark.parametrize("name", NAMES)
async def test_a_users_text_brings_no_control_tokens(name: str) -> None:
    clean = await next_tactic(BY_NAME[name], FILE, GOAL)
    controls = (
        "<｜User｜>",
        "<|im_end|>",
        "<|endoftext|>",
        "<｜end▁of▁sentence｜>",
        "<think>",
        "</think>",
        "<s>",
        "[INST]",
    )
    for control in controls:
        marked = (
            FILE.replace("n + n", f'"{control}".length').replace("Doubling", control).replace("import Aesop", control)
        )
        dirty = await next_tactic(BY_NAME[name], marked, f"{GOAL} {control}")
        assert dirty.text.count(control) == clean.text.count(control)
        proof, clean_proof = [await whole_proof(BY_NAME[name], text, cot=True) for text in (marked, FILE)]
        assert (proof is None) == (clean_proof is None)
        if proof and clean_proof:
            assert proof.text.count(control) == clean_proof.text.count(control)


def test_lean_is_not_taken_for_control_tokens() -> None:
    for text in ("f <| g x |> h", "a <|> b", "⟨a, b⟩", "x < s ∧ s > y", "xs[i]", "‖x‖ <|", "#[1, 2]"):
        assert neutral(text) == text


@pytest.mark.parametrize(
    ("model", "family"),
    {
        "deepseek-ai/DeepSeek-Prover-V2-7B": "deepseek-v2",
        "DeepSeek-Prover-V1.5-RL": "deepseek-v1.5",
        "/models/deepseek_prover_v2_7b": "deepseek-v2",
        "Goedel-LM/Goedel-Prover-SFT": "deepseek-v1.5",
        "Goedel-LM/Goedel-Prover-V2-8B": "goedel-v2",
        "AI-MO/Kimina-Prover-Distill-1.7B": "kimina",
        "ByteDance-Seed/BFS-Prover-V2-7B": "bfs",
        "models--deepseek-ai--DeepSeek-Prover-V2-7B/snapshots/a8d9e144": "deepseek-v2",
        "HuggingFaceTB/SmolLM2-135M-Instruct": "plain",
        "": "plain",
    }.items(),
)
def test_families_are_told_by_the_models_name(model: str, family: str) -> None:
    assert family_of(model).name == family
    assert family_of(model, "bfs").name == "bfs"


def test_an_unknown_family_is_refused() -> None:
    with pytest.raises(BadInput, match="no model family `gpt`"):
        family_of("x", "gpt")


TACTICS: dict[str, tuple[int, str, str | None]] = {
    "a line": (0, "  simp [double]\n  omega\n", "simp [double]"),
    "further lines lose the indentation": (
        0,
        "  induction a with\n  | zero => simp\n  | succ n ih =>\n    omega\n  simp",
        "induction a with\n| zero => simp\n| succ n ih =>\n  omega",
    ),
    "behind a bullet": (4, " have h : a = b := by\n      omega\n    simp", "have h : a = b := by\n  omega"),
    "at the margin": (0, "omega", "omega"),
    "a comment before": (0, "  -- arithmetic\n  omega\n", "omega"),
    "a fence": (0, "  omega\n```", "omega"),
    "nothing but a fence": (0, "```\n", None),
    "the end of the file": (0, "\nend Foo\n", None),
    "nothing": (0, " \n", None),
    "CRLF": (0, "  have h : p := by\r\n    simp\r\n  omega", "have h : p := by\n  simp"),
}


@pytest.mark.parametrize(("column", "text", "tactic"), TACTICS.values(), ids=TACTICS.keys())
@pytest.mark.parametrize("name", NAMES)
def test_the_tactic_of_a_candidate(name: str, column: int, text: str, tactic: str | None) -> None:
    assert BY_NAME[name].extract_tactic(text, Prompt("", Stop(rule=StopRule.TACTIC, column=column))) == tactic


def test_an_echo_of_the_goals_is_cut() -> None:
    prompt = Prompt("", Stop(rule=StopRule.TACTIC))
    assert BY_NAME["bfs"].extract_tactic(f"{GOAL}:::omega", prompt) == "omega"


ANSWER = f"""\
### Plan

{FENCE}lean4
theorem t : p := by
  have h : q := by sorry
  sorry
{FENCE}

### Complete Lean 4 Proof

{FENCE}lean4
import Mathlib

/-- Why := by. -/
theorem t (h : a = b := by simp) : p := by
  have h : q := by
    simp
  exact h
{FENCE}
"""


@pytest.mark.parametrize("name", ["deepseek-v2", "goedel-v2", "kimina"])
def test_the_last_block_holds_the_proof(name: str) -> None:
    proof = "have h : q := by\n  simp\nexact h"
    assert BY_NAME[name].extract_proof(ANSWER) == proof
    assert BY_NAME[name].extract_proof(ANSWER.rstrip("`\n")) == proof
    assert BY_NAME[name].extract_proof(f"{FENCE}lean4\ntheorem t : p := by simp\n{FENCE}") == "simp"
    for nothing in ("", "No proof.", f"{FENCE}lean4\n{FENCE}", f"{FENCE}lean4\ntheorem t : p := h\n{FENCE}"):
        assert BY_NAME[name].extract_proof(nothing) is None


def test_what_is_thought_is_no_answer() -> None:
    assert BY_NAME["kimina"].extract_proof(f"<think>\n{ANSWER}</think>\nNo.") is None


def test_proofs_that_go_on_with_the_prompt() -> None:
    for name in ("deepseek-v1.5", "plain"):
        assert BY_NAME[name].extract_proof("  intro h\n  · simp\n") == "intro h\n· simp"
        assert BY_NAME[name].extract_proof("\n") is None
    assert BY_NAME["bfs"].extract_proof("simp") is None


@pytest.mark.parametrize(
    ("statement", "rest"),
    [
        ("theorem t : p ", ":= by simp"),
        ("theorem t (h : a := b) : p ", ":= by simp"),
        ("theorem t : ∀ n, p n\n  ", "| 0 => by simp\n  | n + 1 => by simp"),
        ("theorem t :\n    |x| ≤ 1 ", ":= fun x => h"),
        ("instance : Foo a ", "where\n  x := 1"),
        ("theorem t :\n    let x := 1; x = x ", ":= rfl"),
        ("theorem t : ‹p → q := r› ", ":= by simp"),
        ("-- := here\ntheorem t : p", ""),
    ],
)
def test_where_a_statement_ends(statement: str, rest: str) -> None:
    assert statement_end(statement + rest) == len(statement)
