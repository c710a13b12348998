"""What a user of Neovim does, on the real editor, the real server and a real Lean."""

import os
import signal
from collections.abc import Callable, Iterator
from functools import partial
from pathlib import Path

import pytest

from support.nvim_driver import Editor

pytestmark = pytest.mark.lean

SWAP = "theorem swap (p q : Prop) (h : p ∧ q) : q ∧ p := by\n  "
REV = """\
def rev {α : Type} : List α → List α → List α
  | [], acc => acc
  | x :: xs, acc => rev xs (x :: acc)

theorem rev_spec {α : Type} (xs acc : List α) : rev xs acc = xs.reverse ++ acc := by
  """
HARD = """\
theorem hard (f : Nat → Nat) (hf : ∀ n, f (n + 1) = f n + n) (n : Nat) : 2 * f n + n = 2 * f 0 + n * n := by
  sorry"""
ASK = """
local client = vim.lsp.get_clients({ name = 'ghostproof' })[1]
local params = { textDocument = vim.lsp.util.make_text_document_params(0), context = { triggerKind = 2 },
  position = { line = 1, character = ... } }
"""
CHOOSE = """
vim.ui.select = function(items, options, done)
  _G.menu = vim.tbl_map(options.format_item, items)
  _G.kind = options.kind
  done(items[1], 1)
end
"""


def test_ghost_text_is_shown_and_accepted(editor: Editor) -> None:
    editor.fill(SWAP, 2, 1)
    editor.keys("A")
    ghost = editor.settled_ghost()
    assert editor.lines == SWAP.split("\n")
    editor.keys("<Tab>")
    editor.wait("_G.ghost() == nil and vim.api.nvim_get_current_line() ~= '  '")
    assert "\n".join(editor.lines) == SWAP + ghost
    assert editor.lua("return vim.api.nvim_get_mode().mode") == "i"


def test_accept_without_ghost_text_is_the_key_itself(editor: Editor) -> None:
    editor.fill("-- ", 1, 2)
    editor.lua("vim.bo.expandtab = false")
    editor.keys("A<Tab>x")
    editor.wait("vim.api.nvim_get_current_line() == '-- \\tx'")


def test_ghost_text_is_cycled(editor: Editor) -> None:
    editor.fill(REV, 6, 1)
    editor.keys("A")
    first = editor.settled_ghost()
    editor.keys("<M-n>")
    second = editor.wait("_G.ghost() ~= ... and _G.ghost()", first)
    assert "(2/" in second
    editor.keys("<M-p>")
    assert editor.wait("_G.ghost() ~= ... and _G.ghost()", second).startswith(first)
    editor.keys("<Esc>")
    editor.wait("_G.ghost() == nil")


def test_all_that_there_is_can_be_cycled_through(editor: Editor) -> None:
    editor.fill(SWAP, 2, 1)
    editor.keys("A")
    # Neovim is answered with the first proof, and asks for no more.
    shown = editor.settled_ghost()
    assert "constructor" not in shown
    while not shown.startswith("constructor"):
        editor.keys("<M-n>")
        shown, before = editor.wait("_G.ghost() ~= ... and _G.ghost()", shown), shown
        assert "(1/" not in shown, f"{before} was the last one"
    editor.keys("<Tab>")
    editor.wait("vim.api.nvim_get_current_line() == '  constructor'")


def test_no_ghost_text_within_an_abbreviation(editor: Editor) -> None:
    method = "'textDocument/inlineCompletion'"
    items = f"{ASK} return #client:request_sync({method}, params, 20000, 0).result.items"
    # One answer waits for some time only, in which a busy Lean may find none yet.
    editor.fill(SWAP, 2, 1)
    editor.wait(f"(function(...) {items} end)(...) > 0", 2)
    editor.fill(SWAP + "\\an", 2, 4)
    assert editor.lua(items, 5) == 0


def test_code_action_is_applied(editor: Editor) -> None:
    editor.lua(CHOOSE)
    editor.fill(SWAP + "sorry", 2, 3)
    editor.keys("gra")
    editor.wait("not vim.api.nvim_get_current_line():find('sorry')")
    assert editor.lua("return _G.kind") == "codeaction"
    assert "✓ closes the goal" in editor.lua("return _G.menu")[0]


def test_suggest_command(editor: Editor) -> None:
    editor.lua(CHOOSE)
    editor.fill(REV + "sorry", 6, 3)
    editor.nvim.command("Ghostproof suggest")
    editor.wait("not vim.api.nvim_get_current_line():find('sorry')")
    assert len(editor.lua("return _G.menu")) > 1
    editor.fill("-- nothing to prove", 1, 0)
    editor.nvim.command("Ghostproof suggest")
    editor.wait("vim.list_contains(_G.notified, 'Ghostproof: no suggestion here.')")


def test_progress_and_status_of_a_long_search(editor: Editor) -> None:
    # A search that an earlier test has left is one with this: the server would not say again that it is busy.
    editor.wait("require('ghostproof').statusline():find('idle')")
    editor.lua(
        """
        _G.kinds, _G.states = {}, {}
        vim.api.nvim_create_autocmd('LspProgress', { callback = function(event)
          table.insert(_G.kinds, event.data.params.value.kind)
        end })
        vim.api.nvim_create_autocmd('User', { pattern = 'GhostproofStatus', callback = function()
          table.insert(_G.states, require('ghostproof').statusline())
        end })
        vim.ui.select = function() end
        """
    )
    editor.fill(HARD, 2, 3)
    editor.nvim.command("Ghostproof suggest")
    editor.wait("vim.list_contains(_G.kinds, 'end')")
    assert editor.lua("return _G.kinds[1]") == "begin"
    editor.wait("vim.list_contains(_G.states, 'ghostproof: idle · automation only')")
    assert "ghostproof: busy · automation only" in editor.lua("return _G.states")


PENDING = (
    "vim.iter(pairs(vim.lsp.get_clients({ name = 'ghostproof' })[1].requests)):any(function(_, request) "
    "return request.type == 'pending' end)"
)
# Without a turn of Neovim's loop between the two, in which a fast server's answer would be shown as it should be.
ASK_AND_CANCEL = f"""
vim.cmd('Ghostproof suggest')
local asked = {PENDING}
vim.cmd('Ghostproof cancel')
return asked
"""


def test_cancel(editor: Editor) -> None:
    editor.lua("_G.menu = nil; vim.ui.select = function() _G.menu = true end")
    editor.fill(HARD.replace("hard", "harder").replace("2 *", "4 *"), 2, 3)
    assert editor.lua(ASK_AND_CANCEL)
    assert editor.notified[-1] == "Ghostproof: cancelled."
    editor.wait(f"not {PENDING}")
    assert editor.lua("return _G.menu") is None
    editor.nvim.command("Ghostproof cancel")
    assert editor.notified[-1] == "Ghostproof: nothing to cancel."


@pytest.fixture
def unheard(editor: Editor) -> Iterator[Callable[[], object]]:
    """The server does not hear of a cancel, until this is called or the test is over."""
    client = "local client = vim.lsp.get_clients({ name = 'ghostproof' })[1]"
    editor.lua(f"{client}; client.exec_cmd, client.cancel_request = function() end, function() end")
    hears = partial(editor.lua, f"{client}; client.exec_cmd, client.cancel_request = nil, nil")
    yield hears
    hears()


def test_an_answer_on_its_way_is_not_shown_after_a_cancel(editor: Editor, unheard: Callable[[], object]) -> None:
    editor.lua("_G.menu, vim.ui.select = nil, function() _G.menu = true end")
    editor.fill(REV + "sorry", 6, 3)
    assert editor.lua(ASK_AND_CANCEL)
    editor.wait(f"not {PENDING}")
    editor.lua("_G.rest = false; vim.schedule(function() _G.rest = true end)")
    editor.wait("_G.rest")
    assert editor.lua("return _G.menu") is None
    unheard()
    editor.nvim.command("Ghostproof suggest")
    editor.wait("_G.menu")


def test_the_server_hears_where_the_cursor_rests(editor: Editor) -> None:
    editor.fill(REV, 1, 0)
    editor.lua(
        """
        _G.told = {}
        vim.api.nvim_create_autocmd('LspNotify', { callback = function(event)
          if event.data.method == 'ghostproof/cursor' then
            table.insert(_G.told, event.data.params.position.line)
          end
        end })
        """
    )
    editor.keys("jjjG")
    editor.wait("_G.told[#_G.told] == 5")
    # It may have rested at the first line before the keys came, and at none of those between.
    assert [line for line in editor.lua("return _G.told") if line != 0] == [5]


def test_pause(editor: Editor) -> None:
    ask = f"{ASK} return client:request('textDocument/inlineCompletion', params, function() end, 0)"
    editor.fill(SWAP, 2, 1)
    editor.nvim.command("Ghostproof pause")
    assert "paused" in editor.lua("return require('ghostproof').statusline()")
    assert editor.lua(ask, 2) is False
    editor.nvim.command("Ghostproof pause")
    assert editor.notified[-1] == "Ghostproof: ghost text is shown again."
    editor.keys("A")
    assert editor.ghost()


def test_restart_of_lean(editor: Editor) -> None:
    editor.nvim.command("Ghostproof restart")
    editor.wait("_G.notified[#_G.notified] == 'Ghostproof: Lean was ended; it starts again when it is needed.'")


def test_a_killed_server_is_started_again(editor: Editor) -> None:
    os.kill(editor.server_pid(), signal.SIGKILL)
    editor.wait("vim.list_contains(_G.notified, 'Ghostproof: the server is back.')")
    assert "Ghostproof: the server has ended (signal 9); it is started again in 0.5 s." in editor.notified
    # Neovim asks once, and Lean is not up before the answer to that is due.
    editor.fill(SWAP, 2, 1)
    editor.keys("A")
    assert editor.ghost()


def test_restart_of_the_server(editor: Editor) -> None:
    before = editor.server_pid()
    editor.nvim.command("Ghostproof! restart")
    editor.wait("#vim.lsp.get_clients({ name = 'ghostproof', bufnr = 0 }) == 0")
    editor.wait("#vim.lsp.get_clients({ name = 'ghostproof', bufnr = 0 }) == 1")
    assert editor.server_pid() != before
    assert editor.notified == []


def test_a_server_that_was_stopped_comes_back_when_asked(editor: Editor) -> None:
    editor.lua("vim.lsp.get_clients({ name = 'ghostproof' })[1]:stop()")
    editor.wait("#vim.lsp.get_clients({ name = 'ghostproof' }) == 0")
    assert editor.lua("return require('ghostproof').statusline()") == ""
    editor.nvim.command("Ghostproof restart")
    editor.wait("#vim.lsp.get_clients({ name = 'ghostproof', bufnr = 0 }) == 1")
    assert editor.notified == []


def test_log(editor: Editor) -> None:
    editor.nvim.command("Ghostproof log")
    assert editor.nvim.current.buffer.name.endswith("lsp.log")
    editor.nvim.command("close")


def test_nothing_deprecated_was_called(session: Editor) -> None:
    assert session.lua("return _G.deprecated") == []


HOVER = """
(function()
  for _, window in ipairs(vim.api.nvim_list_wins()) do
    if vim.api.nvim_win_get_config(window).relative ~= '' then
      return table.concat(vim.api.nvim_buf_get_lines(vim.api.nvim_win_get_buf(window), 0, -1, false), '\\n')
    end
  end
end)()
"""


def test_hover_tells_what_is_on_offer_and_nothing_else(editor: Editor) -> None:
    editor.fill(SWAP, 2, 1)
    editor.keys("A")
    ghost = editor.ghost()
    editor.keys("<Esc>K")
    told = editor.wait(HOVER)
    assert ghost.split("\n")[0].split(" (1/")[0] in told
    assert "✓ closes the goal" in told
    editor.keys("<Esc>gg0")
    editor.wait(f"not {HOVER}")
    editor.keys("K")
    editor.wait("vim.list_contains(_G.notified, 'No information available')")


def test_one_buffer_without_a_name_is_attached_to_at_a_time(editor: Editor, tmp_path: Path) -> None:
    """Neovim has one name for all of them."""
    attached = "#vim.lsp.get_clients({ name = 'ghostproof', bufnr = 0 }) == 1"
    first = editor.nvim.current.buffer.number
    editor.nvim.command("enew | setfiletype lean")
    editor.wait(attached)
    editor.nvim.command("new | setfiletype lean")
    editor.wait("vim.iter(_G.notified):any(function(m) return m:find('one buffer without a name', 1, true) end)")
    editor.nvim.command("Ghostproof suggest")
    assert "one buffer without a name" in editor.notified[-1]
    editor.nvim.command(f"file {tmp_path / 'Second.lean'}")
    editor.wait(attached)
    editor.nvim.command(f"bwipeout! | bwipeout! | buffer {first}")


def test_ghost_text_in_a_buffer_without_a_name(editor: Editor) -> None:
    first = editor.nvim.current.buffer.number
    editor.nvim.command("enew | setfiletype lean")
    editor.wait("#vim.lsp.get_clients({ name = 'ghostproof', bufnr = 0 }) == 1")
    editor.fill(SWAP, 2, 1)
    editor.keys("A")
    ghost = editor.settled_ghost()
    editor.keys("<Tab>")
    editor.wait("_G.ghost() == nil and vim.api.nvim_get_current_line() ~= '  '")
    assert "\n".join(editor.lines) == SWAP + ghost
    editor.keys("<Esc>")
    editor.nvim.command(f"bwipeout! | buffer {first}")


def test_a_view_of_an_older_version_says_that_it_is_read_only(editor: Editor) -> None:
    before = editor.nvim.current.buffer.number
    editor.nvim.command("enew | setlocal buftype=nowrite | file fugitive:///project/.git//0/File.lean")
    editor.fill(SWAP, 2, 1)
    editor.nvim.command("setfiletype lean")
    assert editor.lua("return require('ghostproof').statusline()") == "ghostproof: read-only"
    assert editor.notified == []
    editor.nvim.command("Ghostproof suggest")
    (said,) = editor.notified
    assert "there is nothing to suggest" in said
    editor.nvim.command("Ghostproof panel")
    editor.wait(LISTED, "there is nothing to suggest")
    editor.nvim.command("Ghostproof panel")
    editor.nvim.command(f"bwipeout! | buffer {before}")


PANEL = """
(function()
  for _, window in ipairs(vim.api.nvim_list_wins()) do
    local buffer = vim.api.nvim_win_get_buf(window)
    if vim.bo[buffer].filetype == 'ghostproof' then
      return table.concat(vim.api.nvim_buf_get_lines(buffer, 0, -1, false), '\\n')
    end
  end
end)()
"""
LISTED = f"({PANEL} or ''):find(..., 1, true) and {PANEL}"


def test_the_panel_lists_the_goals_that_each_suggestion_leaves(editor: Editor) -> None:
    editor.fill("theorem split (p q : Nat → Prop) (n : Nat) : p n ∧ q n := by\n  sorry\n\n" + SWAP + "sorry", 2, 3)
    editor.lua("vim.cmd('Ghostproof panel')")
    known = editor.wait(LISTED, "• case left")
    assert "constructor\n  → 2 goals" in known
    assert "⊢ p n" in known
    # It follows the cursor, and `<CR>` puts the suggestion into the text.
    editor.lua("vim.api.nvim_win_set_cursor(0, { 5, 3 })")
    known = editor.wait(LISTED, "✓ closes the goal")
    proof = known.split("\n")[2]
    editor.keys("<C-w>l3G<CR>")
    editor.wait("vim.fn.getline(5):find('sorry') == nil and vim.bo.filetype == 'lean'")
    assert editor.lines[4] == f"  {proof}"
    assert editor.lines[1] == "  sorry"
    editor.lua("vim.cmd('Ghostproof panel')")
    assert editor.lua(f"return {PANEL}") is None


def test_the_panel_tells_of_an_error_above_the_goal(editor: Editor) -> None:
    editor.fill("theorem wrong : 1 = 2 := nothing\n\n" + SWAP + "sorry", 4, 3)
    editor.nvim.command("Ghostproof panel")
    known = editor.wait(LISTED, "✓ closes the goal").split("\n")
    assert known[2].startswith("! Line 1 above has an error:")
    assert "nothing" in known[2]
    # Chosen is what stands below it.
    editor.keys("<C-w>l3G<CR>5G<CR>")
    editor.wait("vim.fn.getline(4):find('sorry') == nil and vim.bo.filetype == 'lean'")
    assert editor.lines[0] == "theorem wrong : 1 = 2 := nothing"
    editor.nvim.command("Ghostproof panel")
