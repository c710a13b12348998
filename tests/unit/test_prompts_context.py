"""What of a file is shown to a model: whole commands, by relevance, and the same from keystroke to keystroke."""

import logging
from collections.abc import Sequence

import pytest
from bench.longfile_text import long_text
from hypothesis import example, given, settings
from hypothesis import strategies as st

from ghostproof.errors import PromptTooLong
from ghostproof.prover.prompts.bfs import BfsProver
from ghostproof.prover.prompts.deepseek_v15 import DeepSeekV15
from ghostproof.prover.prompts.pieces import Kind, split
from ghostproof.prover.prompts.prompter import Prompter, prompter_for
from ghostproof.prover.prompts.window import Window
from ghostproof.prover.protocol import Prompt
from ghostproof.syntax.spot import Spot, SpotKind, find_spot
from ghostproof.text import SourceText

GOAL = "n : Nat\n⊢ n = n"
HEADER = "import Init\nopen Nat\n\n"


class Counting:
    """Four characters a token, and what was asked for."""

    def __init__(self) -> None:
        self.asked: list[str] = []

    async def __call__(self, texts: list[str]) -> list[int]:
        self.asked += texts
        return [(len(text) + 3) // 4 for text in texts]


def at_end(text: str) -> Spot:
    return Spot(len(text), len(text), "", 2, SpotKind.BLANK_LINE)


async def ask(prompter: Prompter, text: str, goals: Sequence[str] = (GOAL,), **more: Sequence[str]) -> Prompt:
    prompt = await prompter.next_tactic(text, at_end(text), goals, "file", **more)
    assert isinstance(prompt, Prompt), prompt
    return prompt


def shared(one: str, other: str) -> int:
    return next((i for i, (a, b) in enumerate(zip(one, other, strict=False)) if a != b), min(len(one), len(other)))


def theorem(name: str, about: str = "n = n") -> str:
    return f"/-- About {name}. -/\ntheorem {name} (n : Nat) : {about} := by\n  simp [{name}_helper, Nat.add_comm]\n\n"


FILE = HEADER + "".join(theorem(f"t{i}") for i in range(40)) + "theorem last (n : Nat) : n = n := by\n  "


def prompter(context: int = 4096, count: Counting | None = None) -> Prompter:
    return Prompter(DeepSeekV15(), count or Counting(), context, 64)


async def test_what_fits_is_shown_whole() -> None:
    prompt = await ask(prompter(), FILE)
    assert FILE.rstrip(" ") in prompt.text


async def test_what_surely_fits_is_not_even_counted() -> None:
    count = Counting()
    text = FILE[:200] + "\n\ntheorem last : True := by\n  "
    await ask(prompter(32_768, count), text)
    assert sum(map(len, count.asked)) < len(text) + 400


async def test_what_does_not_fit_is_left_out_by_whole_commands(caplog: pytest.LogCaptureFixture) -> None:
    with caplog.at_level(logging.INFO, "ghostproof.prover"):
        prompt = await ask(prompter(700), FILE)
    assert (len(prompt.text) + 3) // 4 <= 700 - 64
    pieces = [piece.text for piece in split(FILE)]
    shown = [text for text in pieces[:-1] if text in prompt.text]
    assert HEADER in prompt.text
    assert "".join(shown) in prompt.text
    assert 5 < len(shown) < 40
    dropped = [f"t{i}" for i in range(40) if theorem(f"t{i}") not in prompt.text]
    assert caplog.messages == [f"{len(dropped)} of 40 commands are left out of the prompt: {', '.join(dropped)}"]


async def test_what_is_spoken_of_stays_with_what_that_speaks_of() -> None:
    text = HEADER + "def base (n : Nat) : Nat := n + 7\n\ndef far (n : Nat) : Nat := base n\n\n"
    text += FILE[len(HEADER) :].replace("theorem last (n : Nat) : n = n", "theorem last (n : Nat) : far n = n + 7")
    prompt = await ask(prompter(700), text)
    assert "def far" in prompt.text
    assert "def base" in prompt.text
    assert theorem("t39") in prompt.text
    assert theorem("t3") not in prompt.text


async def test_a_goal_calls_back_what_it_speaks_of() -> None:
    asking = prompter(700)
    text = FILE.replace("theorem t0 ", "def far (n : Nat) : Nat := n\n\ntheorem t0 ")
    assert "def far" not in (await ask(asking, text)).text
    assert "def far" in (await ask(asking, text, ["⊢ far 3 = 3"])).text
    assert "def far" in (await ask(asking, text)).text


async def test_typing_changes_nothing_before_the_cursor() -> None:
    """In a file that has outgrown the context, prompts differ only behind what was typed, but for rare refills."""
    asking = prompter(700)
    before = await ask(asking, FILE)
    shifts = 0
    text = FILE
    for step in range(120):
        text += "simp\n  " if step % 3 else "have h : n = n := by rfl\n  "
        try:
            prompt = await asking.next_tactic(text, at_end(text), [GOAL], "file")
        except PromptTooLong:
            break
        shifts += shared(before.text, prompt.text) < before.text.index("tactic state") - 10
        before = prompt
    assert step > 60
    assert shifts <= 3


async def test_what_was_left_out_stays_so_when_the_cursor_comes_back() -> None:
    asking = prompter(700)
    below = await ask(asking, FILE)
    early = FILE[: FILE.index("theorem t4 ")] + "theorem t4 (n : Nat) : n = n := by\n  "
    above = await ask(asking, early)
    assert theorem("t0") in above.text
    assert (await ask(asking, FILE)).text == below.text


async def test_documents_do_not_disturb_each_other() -> None:
    asking = prompter(700)
    first = await ask(asking, FILE)
    assert isinstance(await asking.next_tactic(long_text(200, 1), at_end(long_text(200, 1)), [GOAL], "other"), Prompt)
    assert (await ask(asking, FILE)).text == first.text


async def test_scopes_around_the_cursor_stay_and_empty_ones_go() -> None:
    empty = "namespace Gone\n\nvariable (x : Nat)\n\n" + theorem("inner") + "end Gone\n\n"
    text = HEADER + empty + "namespace Here\n\nvariable (y : Nat)\n\n" + FILE[len(HEADER) :]
    prompt = await ask(prompter(700), text)
    assert "Gone" not in prompt.text
    assert "namespace Here\n\nvariable (y : Nat)\n\n" in prompt.text


async def test_scopes_that_have_no_room_are_left_out_with_all_else() -> None:
    variables = "variable" + "".join(f" (x{i} : Nat)" for i in range(400)) + "\n\n"
    prompt = await ask(prompter(700), HEADER + variables + FILE[len(HEADER) :])
    assert (len(prompt.text) + 3) // 4 <= 700 - 64
    assert "theorem last" in prompt.text


async def test_too_much_for_any_prompt_says_so() -> None:
    with pytest.raises(PromptTooLong, match=r"need \d+ tokens; the model's context has room for 220") as caught:
        await prompter(300).next_tactic(FILE, at_end(FILE), [GOAL * 100], "file")
    assert "prover.context" in caught.value.hint
    with pytest.raises(PromptTooLong):
        await prompter(300).whole_proof(FILE, at_end(FILE), 290, "file")


async def test_further_goals_and_premises_go_before_the_prompt_fails() -> None:
    goals = [GOAL, *(f"case c{i}\n{GOAL}" for i in range(50))]
    premises = [f"theorem lib{i} (n : Nat) : n + {i} = {i} + n" for i in range(50)]
    prompt = await ask(prompter(400), FILE, goals, premises=premises)
    assert GOAL.splitlines()[1] in prompt.text
    assert "case c0" in prompt.text
    assert "case c49" not in prompt.text
    assert "lib0" not in prompt.text
    roomy = await ask(prompter(2000), FILE, [GOAL], premises=premises[:3])
    assert roomy.text.index("lib2") < roomy.text.index("theorem t39")


async def test_only_what_has_changed_is_counted_again() -> None:
    count = Counting()
    asking = prompter(700, count)
    await ask(asking, FILE)
    count.asked.clear()
    typing = Spot(len(FILE), len(FILE) + 4, "", 2, SpotKind.BLANK_LINE)
    assert isinstance(await asking.next_tactic(FILE + "simp", typing, [GOAL], "file"), Prompt)
    assert count.asked == []
    await ask(asking, FILE + "constructor\n  ")
    assert count.asked == ["  constructor\n"]


async def test_a_model_that_sees_only_goals_gets_only_goals() -> None:
    asking = Prompter(BfsProver(), Counting(), 300, 64)
    assert (await ask(asking, FILE)).text == f"{GOAL}:::"
    assert (await ask(asking, FILE, ())).text == ""
    assert await asking.whole_proof(FILE, at_end(FILE), 100) is None


def test_commands_are_taken_with_what_belongs_to_them() -> None:
    text = (
        "/-\nCopyright\n-/\nimport A\npublic import B\n\nopen Nat\n\n/-! # Title -/\n\n"
        "namespace X\n\n-- about a\n/-- doc -/\n@[simp]\ntheorem a : p := by\n  simp -- by hand\n\n"
        "open Foo in\n@[simp] private noncomputable def b.c := 1\n\n-- loose\n\n"
        "inductive T where\n  | a\nderiving Repr\n\nmutual\ndef e := 1\n@[simp]\ndef f := 2\nend\n\nend X\n\n"
        "example : p := by\n"
    )
    read = [(piece.kind, piece.word, piece.name) for piece in split(text)]
    assert read == [
        (Kind.HEADER, "import", ""),
        (Kind.HEADER, "import", ""),
        (Kind.HEADER, "open", ""),
        (Kind.COMMENT, "", ""),
        (Kind.FRAME, "namespace", "X"),
        (Kind.DECLARATION, "theorem", "a"),
        (Kind.DECLARATION, "def", "b.c"),
        (Kind.COMMENT, "", ""),
        (Kind.DECLARATION, "inductive", "T"),
        (Kind.DECLARATION, "mutual", ""),
        (Kind.FRAME, "end", ""),
        (Kind.DECLARATION, "example", ""),
    ]


LINES = (
    "import A", "open Nat in", "open Nat", "@[simp]", "/-- doc -/", "/-! title -/", "-- note", "theorem a : p := by",
    "  simp", "mutual", "def f := 1", "end", "namespace X", "end X", "deriving Repr", "deriving instance R for T", "",
    "/-", "-/", '"', "@[simp] theorem b : q", "#eval 1", "variable (x : Nat)", "private",
    "noncomputable section", "  | 0 => x",
)  # fmt: skip
files = st.lists(st.sampled_from(LINES), max_size=15).map("\n".join)


@settings(deadline=None)
@given(files, files)
@example("mutual\ndef f := 1\nend\n", "mutual\ndef f := 1\nend\ntheorem a : p := by\n")
@example("theorem a : p := by\n", "theorem a : p := by\n-- note\n\n")
def test_reading_on_gives_what_reading_anew_gives(before: str, after: str) -> None:
    known = split(before)
    assert "".join(piece.text for piece in known) == before
    for text in (after, before + after, before[: len(before) // 2] + after):
        assert split(text, known) == split(text)


@settings(deadline=None)
@given(st.lists(st.integers(1, 60), min_size=1, max_size=30), st.integers(1, 800), st.integers(1, 800))
def test_what_is_shown_fits_and_stays(costs: list[int], room: int, later: int) -> None:
    pieces = split("".join(f"theorem t{i} : p{i % 5} := h\n" for i in range(len(costs))))
    window = Window()
    wanted = frozenset({"p3"})
    for limit in (room, later, room, room):
        shown = window.choose(pieces, costs, limit, wanted)
        assert sum(cost for piece, cost in zip(pieces, costs, strict=True) if piece in shown) <= limit
        assert list(shown) == [piece for piece in pieces if piece in shown]
    assert window.choose(pieces, costs, room, wanted) == shown


async def test_a_prompter_by_the_models_name() -> None:
    asking = prompter_for("auto", "ByteDance-Seed/BFS-Prover-V2-7B", Counting(), 300, 64)
    prompt = await ask(asking, FILE)
    assert prompt.text == f"{GOAL}:::"
    assert asking.extract_tactic("simp\n", prompt) == "simp"
    assert asking.extract_proof("simp\n") is None


async def test_a_real_spot_in_a_real_file() -> None:
    text = long_text(300, 1)
    source = SourceText(text)
    spot = find_spot(source, text.rindex("sorry") + 2)
    assert spot is not None
    prompt = await prompter(1500).next_tactic(text, spot, ["⊢ (xs ++ ys).length = ys.length + 1"], "file")
    assert isinstance(prompt, Prompt)
    assert "namespace Long" in prompt.text
    assert prompt.text.endswith("  -/\n")
