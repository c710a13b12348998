"""Where one tactic ends in a model's text: a table of texts with the end marked, and what holds for any text."""

from pathlib import Path
from time import process_time

import pytest
from bench.editing import FILE
from hypothesis import example, given, settings
from hypothesis import strategies as st

from ghostproof.prover.prompts.pieces import split
from ghostproof.prover.protocol import Stop, StopRule
from ghostproof.prover.stop import CandidateEnd, candidate_end
from ghostproof.syntax.lexical import mask
from ghostproof.syntax.outline import outline
from ghostproof.syntax.tactic_end import tactic_end

END = "⏹"

# Texts as a model writes them, with the end of the tactic marked; without a mark the tactic may still go on.
AT_MARGIN: dict[str, str] = {
    # ---- one line
    "a word": "simp",
    "a line": f"simp{END}\n",
    "a line and more": f"simp{END}\nomega\n",
    "arguments in brackets": f"simp [foo, bar]{END}\n",
    "a location": f"rw [foo] at h ⊢{END}\n",
    "everywhere": f"simp at *{END}\n",
    "a question mark": f"exact?{END}\n",
    "two on one line": f"intro h; simp{END}\n",
    "seq on one line": f"constructor <;> simp{END}\n",
    "a name with a prime": f"simp [h']{END}\n",
    "a quoted name": f"rw [«a (b»]{END}\n",
    "trailing blanks": f"omega{END}   \n",
    "CRLF": f"omega{END}\r\nsimp\r\n",
    "a comment behind it": f"simp{END} -- closes it (\n",
    "an open comment behind it": f"simp{END} /- it\n",
    "sorry": f"sorry{END}\n",
    "done": f"done{END}\nend\n",
    "a line end without a tactic": "\n",
    "blank lines": "\n\n  \n",
    # ---- brackets, strings, comments
    "an open list": "simp [foo,\n",
    "a list on two lines": f"simp [foo,\n  bar]{END}\n",
    "a list closed at the margin": f"simp [\n  foo\n]{END}\n",
    "angle brackets on two lines": "exact ⟨a,\n  b⟩\n",
    "braces": f"simp_rw [show {{x | p x}} = s from rfl]{END}\n",
    "a bracket in a string": f'trace "("{END}\n',
    "a string over lines": f'trace "one\ntwo"{END}\n',
    "an escaped quote": f'trace "\\" ("{END}\n',
    "an interpolated string": f'trace s!"{{x}} ("{END}\n',
    "a raw string": f'trace r#"a" ("#{END}\n',
    "a bracket as character": f"simp [f '(' ']']{END}\n",
    "a quote as character": f"simp [f '\"']{END}\n",
    "half a character": "simp '",
    "half a character that closes": "simp ')",
    "a nested comment": f"simp /- ( /- [ -/ -/{END}\n".replace(f" /- ( /- [ -/ -/{END}", f"{END} /- ( /- [ -/ -/"),
    "a comment first": f"-- now arithmetic\nomega{END}\n",
    "a comment with a bracket": f"simp [foo, -- (\n  bar]{END}\n",
    "a bracket that was not opened": f"simp{END})\n",
    "a bracket that was not opened, in one line": f"simp [a]{END}⟩ foo",
    "the next component": f"simp{END}, h⟩",
    "a comma of a binder": f"simp [a]; exact fun x => ∃ y, p x y{END}⟩",
    "a comma that belongs to it": f"use a, b{END})",
    "cdot brackets": f"simp only [(· + 1)]{END}\n",
    # ---- open line ends
    "by": "have h : p := by\n",
    "by and its block": f"have h : p := by\n  simp{END}\nexact h",
    "by and two lines": f"have h : p := by\n  intro x\n  simp{END}\nexact h",
    "assignment": "have h : p :=\n",
    "an operator": "show a +\n",
    "an operator and its operand": f"rw [h] at\n  h'{END}\n",
    "a comma outside brackets": "use a,\n",
    "seq at the line end": "constructor <;>\n",
    "seq and its tactic": f"constructor <;>\n  simp{END}\n",
    "seq and its tactic at the same column": f"constructor <;>\nsimp{END}\n",
    "an arrow": "case inl h =>\n",
    "do": "run_it do\n",
    "only": f"simp only\n  [foo]{END}\n",
    "an open form that is left open": f"have h : p := by{END}\nomega",
    "all_goals": f"all_goals\n  simp{END}\n",
    "first on several lines": "first\n| simp\n| omega\n",
    "first on several lines, over": f"first\n  | simp\n  | omega{END}\nexact h",
    # ---- what may go on below
    "exact": "exact foo a\n",
    "exact, over": f"exact foo a{END}\nomega",
    "exact, over, undecided": "exact foo a\ne",
    "exact, over, a bullet": f"exact foo a{END}\n·",
    "exact on two lines": f"exact foo a\n    (bar b){END}\nsimp",
    "a wide statement": f"have h (a : Nat)\n    (b : Nat) : a = b := by\n  simp{END}\nomega",
    "refine and bullets": f"refine ⟨?_, ?_⟩{END}\n· simp\n· simp\n",
    "constructor and bullets": f"constructor{END}\n· simp\n· simp\n",
    "rcases with alternatives": f"rcases h with ⟨x, hx⟩ | h{END}\n· simp",
    "obtain": f"obtain ⟨x, hx⟩ := h{END}\nexact hx",
    "by_cases and bullets": f"by_cases h : p{END}\n· simp",
    "seq below": f"exact foo\n<;> simp{END}\nomega",
    "half of seq below": "exact foo\n<",
    "a location below": f"have := foo\nat h{END}\nsimp",
    "a word that begins like one": f"have := foo{END}\nattack",
    "a word that may become one": "have := foo\nat",
    "a blank line inside": f"have h : p := by\n\n  simp{END}\nomega",
    "a blank line behind": f"exact foo{END}\n\nomega",
    "a comment below": "exact foo\n-- and then\n",
    "half of a comment below": "exact foo\n-",
    "a comment, then a tactic": f"exact foo{END}\n-- and then\nomega\n",
    # ---- structured tactics
    "a bullet": "· simp\n",
    "a bullet, over": f"· simp{END}\n· omega\n",
    "a bullet on two lines": f"· intro h\n  simp{END}\n·",
    "a dot as bullet": f". intro h\n  simp{END}\nomega",
    "a dotted name is none": f".foo{END}\n",
    "induction": "induction n with\n",
    "induction at its own column": f"induction n with\n| zero => simp\n| succ n ih =>\n  simp [ih]{END}\nomega",
    "induction indented": f"induction n with\n  | zero => simp\n  | succ n ih =>\n    simp{END}\nomega",
    "induction with a tactic first": f"induction n with simp\n| zero => rfl{END}\nomega",
    "cases with a comment between": f"cases h with\n-- left\n| inl h => exact h\n| inr h => exact h{END}\nsimp",
    "match": f"match n with\n| 0 => simp\n| n + 1 => omega{END}\nsimp",
    "a bar of something around": f"exact foo{END}\n| succ n => simp",
    "case": f"case inl h =>\n  simp{END}\ncase inr h =>\n",
    "next": f"next h => exact h{END}\nnext",
    "calc": f"calc a = b := by simp\n  _ = c := by omega{END}\nsimp",
    "calc at its own column": f"calc a = b := by simp\n_ = c := by omega{END}\nsimp",
    "calc, first step below": f"calc\n  a = b := by simp\n  _ = c := by\n    omega{END}\nsimp",
    "if": f"if h : p then\n  simp\nelse\n  omega{END}\nexact h",
    "conv": f"conv =>\n  lhs\n  rw [h]{END}\nsimp",
    "fun": f"exact fun x =>\n  foo x{END}\nsimp",
    "suffices": f"suffices h : q by\n  simp [h]{END}\nomega",
    "have with alternatives": f"have h : ∀ n, p n\n  | 0 => by simp\n  | n + 1 => by omega{END}\nsimp",
    # ---- what models add
    "a fence": f"simp{END}\n```\n",
    "a fence on the line": f"simp{END}```",
    "half a fence": "simp``",
    "half a fence below": "exact foo\n``",
    "a fence at once": f"{END}```\n",
    "a fence in an open list": f"simp [foo,{END}\n```\n",
    "a quoted identifier is no fence": f"simp [``foo]{END}\n",
    "end": f"{END}end Foo\n",
    "a theorem": f"{END}theorem foo : p := by\n",
    "a doc comment": f"{END}/-- A lemma. -/\ntheorem",
    "a doc comment below": f"exact foo{END}\n/-- A lemma.",
    "an attribute": f"{END}@[simp] theorem foo",
    "a command": f"{END}#eval 1\n",
    "a name like a command": f"ending{END}\n",
    "a theorem after an open list": f"simp [foo,{END}\ntheorem bar : p",
    "open in": f"open Foo in simp{END}\n",
    "open in on two lines": f"open Foo in\nsimp{END}\n",
    "set_option in": f"set_option maxRecDepth 100 in simp{END}\n",
    "first-line blanks": f"  simp{END}\n  omega\n",
    "first-line blanks give the column": f"  · intro h\n    simp{END}\n  · omega",
    "one blank gives none": f" induction n with\n| zero => simp{END}\nomega",
    "a line end first": f"\n  induction n with\n  | zero => simp{END}\n  simp",
    "a tab": f"\tsimp{END}\n",
}
INDENTED: dict[str, tuple[int, str]] = {
    "a line": (2, f"simp{END}\n  omega\n"),
    "a block": (2, f"have h : p := by\n    simp{END}\n  exact h"),
    "a block at the same column": (2, f"have h : p := by{END}\n  exact h"),
    "dedent": (4, f"exact foo{END}\n  exact bar"),
    "dedent of a bar": (4, f"induction n with\n    | zero => simp{END}\n  | succ n => simp"),
    "the block's last line": (4, f"· exact foo{END}\ntheorem"),
    "a bullet's second tactic": (4, f"exact foo{END}\n    exact bar"),
    "a blank before": (4, f" intro x hx{END}\n"),
    "a lower line first": (4, f"{END}\n  | succ n => simp"),
    "a deeper line first": (2, f"\n    exact foo\n      bar{END}\n    simp"),
    "brackets may go left": (4, f"simp [foo,\n  bar]{END}\n"),
}
FINAL: dict[str, str] = {
    "nothing": f"{END}",
    "blanks": f"{END}  \n",
    "a word": f"simp{END}",
    "an open list": f"simp [foo,{END} ",
    "an open string": f'trace "one{END}\n',
    "an open comment": f"simp{END} /- foo",
    "two lines": f"exact foo\n  bar{END}\n",
    "what could have become a comment": f"exact foo{END}\n-",
    "an undecided word": f"exact foo\nat{END}",
    "half a character": f"simp [f '(]{END}",
    "only a comment": f"{END}-- nothing\n",
}


def check(marked: str, column: int = 0, *, final: bool = False) -> None:
    text = marked.replace(END, "")
    expected = marked.index(END) if END in marked else None
    found = tactic_end(text, column, final=final)
    assert found == expected, text[:found] if found is not None else None


@pytest.mark.parametrize("marked", AT_MARGIN.values(), ids=AT_MARGIN.keys())
def test_at_the_margin(marked: str) -> None:
    check(marked)


@pytest.mark.parametrize(("column", "marked"), INDENTED.values(), ids=INDENTED.keys())
def test_in_a_block(column: int, marked: str) -> None:
    check(marked, column)


@pytest.mark.parametrize("marked", FINAL.values(), ids=FINAL.keys())
def test_when_the_model_has_ended(marked: str) -> None:
    check(marked, final=True)


@pytest.mark.parametrize("marked", [m for m in AT_MARGIN.values() if END in m])
def test_an_end_is_the_same_when_the_model_has_ended(marked: str) -> None:
    text = marked.replace(END, "")
    assert tactic_end(text, final=True) == marked.index(END)


def streamed(text: str, column: int) -> int | None:
    """The first end that is found while the text grows by one character at a time."""
    ends = (tactic_end(text[:length], column) for length in range(len(text) + 1))
    return next((end for end in ends if end is not None), None)


@pytest.mark.parametrize("marked", [*AT_MARGIN.values(), *(text for _, text in INDENTED.values())])
def test_streaming_gives_the_end_of_the_whole(marked: str) -> None:
    text = marked.replace(END, "")
    for column in (0, 2, 4):
        assert streamed(text, column) == tactic_end(text, column)


GOALS = Path(__file__).parents[1] / "goals"


@pytest.mark.parametrize("path", [FILE, *sorted(GOALS.glob("*.lean"))], ids=lambda path: path.stem)
def test_tactics_of_real_files_end_where_their_layout_says(path: Path) -> None:
    """As the outline that Lean's own parser was held against reads it."""
    text = path.read_text("utf-8")
    masked, _ = mask(text)
    at = 0
    for piece in split(text):
        end = at + len(piece.text)
        for block in outline(masked, at, end, end).blocks:
            for item in block.items if block.is_tactics else ():
                found = tactic_end(text[item.start :], item.column, final=True)
                assert found is not None
                assert text[item.start : item.start + found] == text[item.start : item.end]
        at = end


PIECES = (
    "simp exact have rw induction calc cases with by := => · | _ ( ) [ ] ⟨ ⟩ , ; . .. <;> < - / -- /- -/ /-- ` `` ``` "
    "' '\\ \" «  » r# theorem end the at using else x h' ∀ = + * #eval @[ open 0"
)
texts = st.lists(st.one_of(st.sampled_from([*PIECES.split(), " ", "\n", "\n  ", "\n    ", "\r\n"])), max_size=25).map(
    "".join
)


@settings(max_examples=600, deadline=None)
@given(texts, st.sampled_from((0, 2, 4)))
@example("x ')'", 0)
@example("exact x\n/- -/ )", 2)
def test_more_text_never_changes_an_end(text: str, column: int) -> None:
    whole = tactic_end(text, column)
    assert streamed(text, column) == whole
    final = tactic_end(text, column, final=True)
    assert final is not None
    assert 0 <= final <= len(text)
    if whole is not None:
        assert final == whole
        assert text[:whole] == text[:whole].rstrip()


def test_a_candidate_ends_before_its_stop_strings() -> None:
    stop = Stop(("<end>", "\n\n"))
    assert candidate_end("one\ntwo", stop) is None
    assert candidate_end("one\ntwo\n\nthree<end>", stop) == 7
    assert candidate_end("one", stop, final=True) == 3


def test_a_candidate_ends_with_its_tactic_or_a_stop_string() -> None:
    stop = Stop((":::",), StopRule.TACTIC)
    assert candidate_end("exact a\n", stop) is None
    assert candidate_end("exact a\nsimp", stop) == 7
    assert candidate_end("exact a :::", stop) == 7
    assert candidate_end("simp\n:::", stop) == 4


def test_what_the_prompt_ends_with_belongs_to_the_tactic() -> None:
    stop = Stop(rule=StopRule.TACTIC, column=2, before="rw [")
    assert candidate_end("foo] at h\n  simp", stop) == 9
    assert candidate_end("foo", stop, final=True) == 3
    assert (
        candidate_end("\n  | zero => simp\n  omega", Stop(rule=StopRule.TACTIC, column=2, before="cases n with")) == 17
    )


STOPS = st.sampled_from([(), ("\n\n",), ("<;>", "ex")])


@settings(max_examples=600, deadline=None)
@given(texts, st.sampled_from((0, 2, 4)), STOPS, st.sampled_from(("", "rw [", "cases n with")), st.data())
def test_pieces_give_the_end_of_the_whole(
    text: str, column: int, strings: tuple[str, ...], before: str, data: st.DataObject
) -> None:
    stop = Stop(strings, StopRule.TACTIC, column, before)
    cuts = sorted(data.draw(st.lists(st.integers(0, len(text)), max_size=6)))
    watch = CandidateEnd(stop)
    for start, end in zip([0, *cuts], [*cuts, len(text)], strict=True):
        if watch.push(text[start:end]) is not None:
            break
    assert watch.finish() == candidate_end(text, stop, final=True)


def work(piece: str, pieces: int) -> float:
    """Seconds of the processor's time that watching so many pieces takes, in the best of three runs."""
    taken = []
    for _ in range(3):
        watch = CandidateEnd(Stop(("\n\n\n",), StopRule.TACTIC, 2, "exact ("))
        began = process_time()
        for _ in range(pieces):
            watch.push(piece)
        taken.append(process_time() - began)
    return min(taken)


@pytest.mark.parametrize(
    "piece",
    ["a", " ", "\n", "(", "0", ".", "h.", "`", '"', "\\", "«", "'", "'\\a", "/-", "- ", "x\n", "by\n    ", "r#"],
)
def test_what_it_costs_grows_with_the_text_only(piece: str) -> None:
    """Four times the pieces take about four times the work; read anew at each piece, they would take sixteen."""
    assert work(piece, 16_000) < 9 * work(piece, 4_000)
