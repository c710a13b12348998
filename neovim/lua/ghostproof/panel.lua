-- `:Ghostproof panel`: the suggestions at the cursor in a window beside the text, each with the goals that it leaves.
local M = {}

local METHOD = 'ghostproof/panel'
local REST_MS = 250
local WIDTH = 60

---@class ghostproof.Suggestion
---@field text string
---@field outcome string
---@field goals string[]
---@field source string
---@field ms number
---@field range lsp.Range
---@field newText string

---@class ghostproof.Answer
---@field version integer?
---@field done boolean
---@field known string
---@field message string
---@field errorAbove? { line: integer, message: string, told: string } the first error of the file above the goal
---@field checked integer
---@field suggestions ghostproof.Suggestion[]

---@class ghostproof.Shown
---@field bufnr integer the buffer that it is about
---@field tick integer its state
---@field encoding string
---@field owners table<integer, ghostproof.Suggestion> which suggestion a line of the panel belongs to

local panel ---@type integer?
local shown ---@type ghostproof.Shown?
local turn = 0
local request ---@type fun()?
local timer ---@type uv.uv_timer_t?

---@return integer? window the panel's, if it can be seen
local function window()
  return panel and vim.api.nvim_buf_is_valid(panel) and vim.fn.win_findbuf(panel)[1] or nil
end

---What stands above the list, or in place of it.
---@param answer ghostproof.Answer
---@return string
local function headline(answer)
  if answer.message ~= '' then
    return answer.message
  elseif not answer.done then
    return 'Searching…'
  elseif answer.suggestions[1] then
    return 'Accepted by Lean; <CR> inserts:'
  end
  return answer.checked > 0 and answer.checked .. ' candidates were checked; Lean accepted none.'
    or 'Nothing was found.'
end

---The lines of an answer, and which suggestion each belongs to.
---@param answer ghostproof.Answer
---@return string[] lines
---@return table<integer, ghostproof.Suggestion> owners
function M.lines(answer)
  local lines, owners = vim.split(headline(answer), '\n'), {}
  local above = answer.errorAbove
  if type(above) == 'table' then -- a null of the server is no nil
    vim.list_extend(lines, { '', '! ' .. above.told })
  end
  for _, suggestion in ipairs(answer.suggestions) do
    table.insert(lines, '')
    local from = #lines + 1
    vim.list_extend(lines, vim.split(suggestion.text, '\n'))
    -- Most of Lean's automation is named by its own first words.
    local named = vim.startswith(suggestion.text, suggestion.source)
    local source = named and '' or (' · ' .. suggestion.source)
    table.insert(lines, ('  %s%s · %.0f ms'):format(suggestion.outcome, source, suggestion.ms))
    for _, goal in ipairs(suggestion.goals) do
      for number, line in ipairs(vim.split(goal, '\n')) do
        table.insert(lines, (number == 1 and '  • ' or '    ') .. line)
      end
    end
    for line = from, #lines do
      owners[line] = suggestion
    end
  end
  return lines, owners
end

---@param lines string[]
local function write(lines)
  if panel and vim.api.nvim_buf_is_valid(panel) then
    vim.bo[panel].modifiable = true
    vim.api.nvim_buf_set_lines(panel, 0, -1, false, lines)
    vim.bo[panel].modifiable = false
    vim.api.nvim_exec_autocmds('User', { pattern = 'GhostproofPanel', modeline = false })
  end
end

---@param message string
local function clear(message)
  shown = nil
  write(vim.split(message, '\n'))
end

---Ask until the search is over; the server answers whenever there is news.
---@param client vim.lsp.Client
---@param bufnr integer
---@param params table
---@param mine integer
local function hear(client, bufnr, params, mine)
  local tick = vim.api.nvim_buf_get_changedtick(bufnr)
  local _, id = client:request(METHOD, params, function(err, answer)
    if mine ~= turn or not window() then
      return
    elseif err or not answer then
      clear(err and err.message or '')
      return
    elseif not vim.api.nvim_buf_is_valid(bufnr) or vim.api.nvim_buf_get_changedtick(bufnr) ~= tick then
      return
    end
    local lines, owners = M.lines(answer)
    shown = { bufnr = bufnr, tick = tick, encoding = client.offset_encoding, owners = owners }
    write(lines)
    if not answer.done then
      hear(client, bufnr, vim.tbl_extend('force', params, { known = answer.known }), mine)
    end
  end, bufnr)
  request = id and function()
    client:cancel_request(id)
  end or nil
end

---@param bufnr integer
local function follow(bufnr)
  local client = require('ghostproof.client').of(bufnr)
  if not window() or vim.api.nvim_get_current_buf() ~= bufnr then
    return
  elseif not client then
    local why_not = require('ghostproof.client').why_not(bufnr)
    clear(why_not and 'Ghostproof: ' .. why_not or 'Ghostproof is not attached to this buffer.')
    return
  elseif require('ghostproof.wait').paused then
    clear('Ghostproof is paused.')
    return
  end
  local position = vim.lsp.util.make_position_params(0, client.offset_encoding)
  hear(client, bufnr, { textDocument = position.textDocument, position = position.position }, turn)
end

---Ask anew once the cursor rests.
---@param bufnr integer
local function moved(bufnr)
  turn = turn + 1
  if request then
    request()
    request = nil
  end
  if window() and vim.bo[bufnr].filetype == 'lean' then
    timer = timer or assert(vim.uv.new_timer())
    timer:start(
      REST_MS,
      0,
      vim.schedule_wrap(function()
        follow(bufnr)
      end)
    )
  end
end

---Put the suggestion under the panel's cursor into the text that it was verified for.
function M.insert()
  local line = vim.api.nvim_win_get_cursor(0)[1]
  local suggestion = shown and shown.owners[line]
  if not shown or not suggestion then
    return
  end
  local target = vim.fn.win_findbuf(shown.bufnr)[1]
  if not target or vim.api.nvim_buf_get_changedtick(shown.bufnr) ~= shown.tick then
    vim.notify('Ghostproof: the text has changed meanwhile; ask again.', vim.log.levels.INFO)
    return
  end
  local edit = { range = suggestion.range, newText = suggestion.newText }
  vim.lsp.util.apply_text_edits({ edit }, shown.bufnr, shown.encoding)
  local lines = vim.split(suggestion.newText, '\r?\n')
  local row = suggestion.range.start.line + #lines
  vim.api.nvim_set_current_win(target)
  local text = vim.api.nvim_buf_get_lines(shown.bufnr, row - 1, row, true)[1]
  vim.api.nvim_win_set_cursor(target, { row, math.max(0, #text - 1) })
  shown = nil
  moved(vim.api.nvim_get_current_buf())
end

---@return integer bufnr
local function make()
  local bufnr = vim.api.nvim_create_buf(false, true)
  vim.api.nvim_buf_set_name(bufnr, 'ghostproof://suggestions')
  vim.bo[bufnr].bufhidden, vim.bo[bufnr].modifiable, vim.bo[bufnr].filetype = 'wipe', false, 'ghostproof'
  vim.keymap.set('n', '<CR>', M.insert, { buffer = bufnr, desc = 'Insert this suggestion' })
  vim.keymap.set('n', 'q', '<Cmd>close<CR>', { buffer = bufnr, desc = 'Close the suggestions' })
  local group = vim.api.nvim_create_augroup('ghostproof.panel', { clear = true })
  vim.api.nvim_create_autocmd(
    { 'CursorMoved', 'CursorMovedI', 'BufEnter', 'TextChanged', 'TextChangedI', 'LspAttach' },
    {
      group = group,
      callback = function(event)
        if event.buf ~= panel then
          moved(event.buf)
        end
      end,
    }
  )
  vim.api.nvim_create_autocmd('BufWipeout', {
    group = group,
    buffer = bufnr,
    callback = function()
      panel, shown, turn = nil, nil, turn + 1
      vim.api.nvim_del_augroup_by_id(group)
    end,
  })
  return bufnr
end

---Open the panel beside the current window, or close it.
function M.toggle()
  local open = window()
  if open then
    vim.api.nvim_win_close(open, true)
    return
  end
  local bufnr = vim.api.nvim_get_current_buf()
  panel = make()
  local width = math.min(WIDTH, math.floor(vim.o.columns / 2))
  local made = vim.api.nvim_open_win(panel, false, { split = 'right', width = width, style = 'minimal' })
  vim.wo[made].wrap, vim.wo[made].winfixwidth = true, true
  clear('Searching…')
  moved(bufnr)
end

return M
