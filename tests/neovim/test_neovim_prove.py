"""Whole proofs in a real Neovim with the real server and a real Lean: shown, put in where they hold, given up."""

import pytest

from support.nvim_driver import Editor

pytestmark = pytest.mark.lean

REV = """\
def rev {α : Type} : List α → List α → List α
  | [], acc => acc
  | x :: xs, acc => rev xs (x :: acc)

theorem rev_spec {α : Type} (xs acc : List α) : rev xs acc = xs.reverse ++ acc := by
  sorry

theorem below : 1 + 1 = 2 := by
  rfl"""
UNPROVABLE = "opaque odd : Nat → Nat\ntheorem anything (n : Nat) : odd n = n := by\n  sorry"
HALF = "opaque odd : Nat → Nat\ntheorem half (n : Nat) : odd n = n ∧ n + 0 = n := by\n  sorry"
TWO = "theorem two (p q : Prop) (hp : p) (hq : q) : p ∧ q := by\n  constructor\n  · sorry\n  · sorry"
# The second is false for some `q`, and stays.
THREE = """\
theorem three (p q r : Prop) (hp : p) (hr : r) : p ∧ q ∧ r := by
  refine ⟨?_, ?_, ?_⟩
  · sorry
  · sorry
  · sorry"""
BROKEN = """\
theorem both (p q r : Prop) (hp : p) (hq : q) (hr : r) : p ∧ q ∧ r := by
  constructor
  · exact hp
  · exact gone"""
# What Lean's own client would have put there.
REFUSED = """
local namespace = vim.api.nvim_create_namespace('lean')
local unknown = { lnum = 3, col = 11, end_col = 15, message = 'unknown identifier', source = 'Lean 4', severity = 1 }
unknown.user_data = { lsp = {
  message = unknown.message, source = unknown.source, severity = 1,
  range = { start = { line = 3, character = 10 }, ['end'] = { line = 3, character = 14 } },
} }
vim.diagnostic.set(namespace, 0, { unknown })
"""
CHOOSE = """
local wanted = ...
vim.ui.select = function(items, options, done)
  for number, item in ipairs(items) do
    if options.format_item(item):find(wanted) then done(item, number) end
  end
end
"""
FLOAT = """
(function()
  for _, window in ipairs(vim.api.nvim_list_wins()) do
    if vim.api.nvim_win_get_config(window).relative ~= '' then
      return vim.api.nvim_buf_get_lines(vim.api.nvim_win_get_buf(window), 0, -1, false)
    end
  end
end)()
"""
TITLE = """
(function()
  for _, window in ipairs(vim.api.nvim_list_wins()) do
    local config = vim.api.nvim_win_get_config(window)
    if config.relative ~= '' then return config.title[1][1] end
  end
end)()
"""
PROVED = "vim.api.nvim_buf_get_lines(_G.text, 0, -1, false)[{line}]:find('sorry') == nil"
BUDGET = """
local client, seconds = vim.lsp.get_clients({ name = 'ghostproof' })[1], ...
local settings = vim.tbl_deep_extend('force', client.settings, { ghostproof = { lsp = { prove_budget_s = seconds } } })
client:notify('workspace/didChangeConfiguration', { settings = settings })
"""
# What is proved needs lemmas; behind it something else is missing.
ROW = """\
inductive Row where
  | nil : Row
  | cons : Nat → Row → Row
def join : Row → Row → Row
  | .nil, t => t
  | .cons a s, t => .cons a (join s t)
def back : Row → Row
  | .nil => .nil
  | .cons a s => join (back s) (.cons a .nil)

theorem back_back (s : Row) (p : Prop) (h : p) : back (back s) = s ∧ p := by
  constructor
  · sorry
  · sorry"""
LEMMAS = """
local client, where = vim.lsp.get_clients({ name = 'ghostproof' })[1], ...
local settings = vim.tbl_deep_extend('force', client.settings, { ghostproof = { suggest = { lemmas = where } } })
client:notify('workspace/didChangeConfiguration', { settings = settings })
"""
# Above what is proved, while the list of changes is on show.
TYPE = "vim.api.nvim_buf_set_lines(_G.text, {0}, {1}, false, {{ '{2}' }})"


def begin(editor: Editor, text: str, line: int, column: int) -> list[str]:
    """Ask for a proof and wait for what is shown of it."""
    editor.fill(text, line, column)
    editor.lua("_G.text = vim.api.nvim_get_current_buf()")
    editor.nvim.command("Ghostproof prove")
    shown: list[str] = editor.wait(FLOAT)
    return shown


def text(editor: Editor) -> str:
    return "\n".join(editor.lua("return vim.api.nvim_buf_get_lines(_G.text, 0, -1, false)"))


def proof(shown: list[str]) -> str:
    return "\n".join(line[2:] for line in shown if line.startswith("+ "))


def test_a_proof_is_shown_and_put_in(editor: Editor) -> None:
    editor.lua(
        """
        _G.progress = {}
        vim.api.nvim_create_autocmd('LspProgress', { callback = function(event)
          local value = event.data.params.value
          table.insert(_G.progress, value.kind .. ' ' .. (value.message or ''))
        end })
        """
    )
    shown = begin(editor, REV, 5, 3)  # at the statement
    assert shown[0] == "-   sorry"
    assert editor.lua(f"return {TITLE}") == " Proof of rev_spec "
    assert text(editor) == REV
    editor.keys("<CR>")
    editor.wait(PROVED.format(line=6))
    assert text(editor) == REV.replace("  sorry", proof(shown))
    progress = editor.lua("return _G.progress")
    assert progress[0].startswith("begin")
    assert progress[-1].startswith("end")
    assert any("goal" in each for each in progress[1:-1])


def test_a_proof_can_be_declined(editor: Editor) -> None:
    begin(editor, REV, 6, 3)
    editor.keys("q")
    editor.wait(f"not {FLOAT}")
    assert text(editor) == REV


def test_what_is_typed_above_moves_the_proof(editor: Editor) -> None:
    shown = begin(editor, REV, 6, 3)
    editor.lua(TYPE.format(0, 0, "-- a line above"))
    editor.keys("<CR>")
    editor.wait(PROVED.format(line=7))
    assert text(editor) == "-- a line above\n" + REV.replace("  sorry", proof(shown))


def test_a_proof_of_what_has_changed_is_dropped(editor: Editor) -> None:
    begin(editor, REV, 6, 3)
    editor.lua(TYPE.format(4, 5, "theorem rev_spec {α : Type} (xs acc : List α) : rev xs acc = acc := by"))
    changed = text(editor)
    editor.keys("<CR>")
    editor.wait("(_G.notified[#_G.notified] or ''):find('its declaration has changed')")
    assert text(editor) == changed


def test_a_proof_that_lean_does_not_accept_any_more_is_dropped(editor: Editor) -> None:
    begin(editor, REV, 6, 3)
    editor.lua(TYPE.format(2, 3, "  | x :: xs, acc => rev xs (x :: x :: acc)"))
    changed = text(editor)
    editor.keys("<CR>")
    editor.wait("(_G.notified[#_G.notified] or ''):find('Lean does not accept it')")
    assert text(editor) == changed


def test_without_preview_it_is_put_in_at_once(editor: Editor) -> None:
    editor.lua("_G.before = vim.g.ghostproof")
    editor.lua("vim.g.ghostproof = vim.tbl_extend('force', _G.before, { prove_preview = false })")
    editor.fill(REV, 6, 3)
    editor.lua("_G.text = vim.api.nvim_get_current_buf()")
    editor.nvim.command("Ghostproof prove")
    editor.wait(PROVED.format(line=6))
    assert text(editor).endswith("theorem below : 1 + 1 = 2 := by\n  rfl")
    editor.lua("vim.g.ghostproof = _G.before")


def test_of_a_declaration_all_that_is_missing_is_proved(editor: Editor) -> None:
    editor.fill(TWO, 1, 3)
    editor.lua("_G.text = vim.api.nvim_get_current_buf()")
    editor.nvim.command("Ghostproof prove")
    for line in (3, 4):
        editor.wait(f"{FLOAT} ~= nil")
        editor.keys("<CR>")
        editor.wait(f"vim.api.nvim_buf_get_lines(_G.text, {line - 1}, {line}, false)[1]:find('sorry') == nil")
    assert text(editor).startswith(TWO.partition("  · sorry")[0])


def test_what_has_no_proof_is_passed_over_and_told_in_the_end(editor: Editor) -> None:
    editor.lua("_G.before = vim.g.ghostproof")
    editor.lua("vim.g.ghostproof = vim.tbl_extend('force', _G.before, { prove_preview = false })")
    shown = begin(editor, THREE, 1, 3)
    editor.lua("vim.g.ghostproof = _G.before")
    assert shown[0] == "Not proved:"
    assert shown[1].startswith("line 4: This is false")
    assert ["sorry" in line for line in text(editor).split("\n")] == [False, False, False, True, False]
    editor.keys("q")
    editor.wait(f"not {FLOAT}")


def test_lemmas_go_above_once_they_were_seen_and_the_next_hole_follows(editor: Editor) -> None:
    editor.lua(LEMMAS, "above")
    editor.lua("_G.before = vim.g.ghostproof")
    editor.lua("vim.g.ghostproof = vim.tbl_extend('force', _G.before, { prove_preview = false })")
    shown = begin(editor, ROW, 11, 3)
    assert shown[0].startswith("+ private theorem ")
    assert text(editor) == ROW
    editor.keys("<CR>")
    last = "table.concat(vim.api.nvim_buf_get_lines(_G.text, 0, -1, false), '\\n')"
    editor.wait(f"not {last}:find('sorry')")  # what follows needs no lemma, and is put in at once
    made = text(editor)
    # A lemma that has no name of its own is called after the theorem: `private theorem back_back_aux`.
    head, declared, proof_of_it = made.partition("\ntheorem back_back")
    assert declared
    assert f"{head}\n".startswith(ROW.partition("theorem")[0] + "private theorem ")
    assert "have" not in proof_of_it
    editor.lua("vim.g.ghostproof = _G.before")
    editor.lua(LEMMAS, "inside")


def test_the_code_action_proves(editor: Editor) -> None:
    editor.lua(CHOOSE, "Prove this lemma")
    editor.fill(REV, 5, 3)
    editor.lua("_G.text = vim.api.nvim_get_current_buf()")
    editor.keys("gra")
    shown = editor.wait(FLOAT)
    editor.keys("<CR>")
    editor.wait(PROVED.format(line=6))
    assert text(editor) == REV.replace("  sorry", proof(shown))


@pytest.mark.parametrize("door", ["the command", "the code action"])
def test_what_lean_refuses_is_repaired_and_what_works_stays(editor: Editor, door: str) -> None:
    editor.fill(BROKEN, 4, 12)
    editor.lua("_G.text = vim.api.nvim_get_current_buf()")
    if door == "the command":
        editor.nvim.command("Ghostproof repair")
    else:
        editor.lua(REFUSED)
        editor.lua(CHOOSE, "Repair this proof")
        editor.keys("gra")
    shown = editor.wait(FLOAT)
    assert editor.lua(f"return {TITLE}") == " Proof of both "
    assert text(editor) == BROKEN
    editor.keys("<CR>")
    editor.wait("not vim.api.nvim_buf_get_lines(_G.text, 3, -1, false)[1]:find('gone')")
    assert text(editor).startswith("\n".join(BROKEN.split("\n")[:3]))
    assert proof(shown).endswith("\n".join(text(editor).split("\n")[3:]))
    editor.lua("vim.diagnostic.reset()")


def test_where_there_is_no_proof_it_says_what_was_tried(editor: Editor) -> None:
    editor.lua(BUDGET, 5)
    shown = begin(editor, UNPROVABLE, 3, 3)
    editor.lua(BUDGET, 60)
    assert shown[0].startswith("No proof was found")
    assert "Tried, among others:" in shown
    assert text(editor) == UNPROVABLE
    editor.keys("q")
    editor.wait(f"not {FLOAT}")
    editor.fill("-- nothing", 1, 0)
    editor.nvim.command("Ghostproof prove")
    editor.wait("_G.notified[#_G.notified] == 'Ghostproof: There is nothing to prove at the cursor.'")


def test_the_best_part_of_a_proof_is_put_in_by_whoever_asks_twice(editor: Editor) -> None:
    editor.lua(BUDGET, 20)
    begin(editor, HALF, 3, 3)
    editor.lua(BUDGET, 60)
    assert text(editor) == HALF
    editor.keys("u")
    editor.wait(f"{TITLE} == ' Unfinished proof of half '")
    shown = editor.lua(f"return {FLOAT}")
    assert text(editor) == HALF
    editor.keys("<CR>")
    editor.wait("#vim.api.nvim_buf_get_lines(_G.text, 0, -1, false) > 3")
    assert text(editor) == HALF.replace("  sorry", proof(shown))
    assert text(editor).count("sorry") == 1


def test_a_search_is_given_up(editor: Editor) -> None:
    editor.lua("_G.kinds = {}")
    editor.lua(
        """
        vim.api.nvim_create_autocmd('LspProgress', { callback = function(event)
          table.insert(_G.kinds, event.data.params.value.kind)
        end })
        """
    )
    editor.fill(UNPROVABLE, 3, 3)
    editor.nvim.command("Ghostproof prove")
    editor.wait("vim.list_contains(_G.kinds, 'report')")
    editor.nvim.command("Ghostproof prove")
    assert editor.notified[-1] == "Ghostproof: a proof is being searched for; `:Ghostproof cancel` ends that."
    editor.nvim.command("Ghostproof cancel")
    editor.wait("vim.list_contains(_G.kinds, 'end')")
    assert editor.lua(f"return {FLOAT}") is None
    # Lean is free for the next question.
    assert begin(editor, REV, 6, 3)[0] == "-   sorry"
    editor.keys("q")
    editor.wait(f"not {FLOAT}")
