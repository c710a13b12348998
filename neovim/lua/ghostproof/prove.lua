-- `:Ghostproof prove` and `:Ghostproof repair`: a whole proof, shown before it is put into the text.
local M = {}

local asked = require('ghostproof.asked')

local PROOF = 'ghostproof/proof'
local NOTHING = { prove = 'there is nothing to prove.', repair = 'there is nothing to repair.' }

---@alias ghostproof.Job 'prove' | 'repair'

---@class ghostproof.Proof
---@field name? string what the server calls it
---@field version? integer the state of the text that `edit` is for
---@field declaration? string
---@field edit? lsp.WorkspaceEdit
---@field above? string theorems that the first of the edits puts in above the declaration
---@field more? boolean the server goes on behind it, or says in the end what is left
---@field message? string why there is none
---@field tried? string[]
---@field left? string[] goals that stayed open, or that an unfinished proof leaves
---@field unfinished? string what the server calls the best part of a proof

local count = 0
---The search under way, by client.
---@type table<integer, integer>
local searches = {}

---@param message string
local function inform(message)
  vim.notify('Ghostproof: ' .. message, vim.log.levels.INFO)
end

---What changes, from the top.
---@param answer ghostproof.Proof
---@return lsp.TextEdit[]
local function edits_of(answer)
  local _, edits = next(answer.edit.changes)
  return edits
end

---The lines of an edit that puts some in between others.
---@param edit lsp.TextEdit
---@return string[]?
local function inserted(edit)
  local first, last = edit.range.start, edit.range['end']
  local text = edit.newText:gsub('\r\n', '\n')
  if vim.deep_equal(first, last) and first.character == 0 and text:sub(-1) == '\n' then
    return vim.split(text:sub(1, -2), '\n')
  end
end

---@param client vim.lsp.Client
---@param bufnr integer
---@param answer ghostproof.Proof
---@param again? fun(name: string) goes on behind the proof of that name
local function put_in(client, bufnr, answer, again)
  if not answer.edit then
    inform(answer.message or 'no proof.')
  elseif not vim.api.nvim_buf_is_loaded(bufnr) then
    inform('a proof was found, but its buffer is gone.')
  elseif vim.lsp.util.buf_versions[bufnr] == answer.version then
    vim.lsp.util.apply_text_edits(edits_of(answer), bufnr, client.offset_encoding)
    vim.api.nvim_exec_autocmds('User', { pattern = 'GhostproofProved', modeline = false })
    if answer.more and again then
      again(answer.name)
    end
  else
    -- The text has changed: the server knows whether the proof holds there, and where.
    local found = asked.wanted(function(err, now)
      put_in(client, bufnr, now or { message = err and err.message }, again)
    end)
    client:request(PROOF, { name = answer.name }, found, bufnr)
  end
end

---What an edit would change, as a comparison.
---@param bufnr integer
---@param encoding string
---@param edit lsp.TextEdit
---@return string[]
function M.comparison(bufnr, encoding, edit)
  local lines = {}
  for _, line in ipairs(inserted(edit) or {}) do
    table.insert(lines, '+ ' .. line)
  end
  if #lines > 0 then
    return lines
  end
  local first, last = edit.range.start, edit.range['end']
  local old = vim.api.nvim_buf_get_lines(bufnr, first.line, last.line + 1, false)
  local head = old[1] and old[1]:sub(1, vim.str_byteindex(old[1], encoding, first.character, false)) or ''
  local tail = old[#old] and old[#old]:sub(vim.str_byteindex(old[#old], encoding, last.character, false) + 1) or ''
  local new = vim.split(head .. edit.newText:gsub('\r\n', '\n') .. tail, '\n')
  for _, line in ipairs(old) do
    if line:find('%S') and line ~= new[1] then
      table.insert(lines, '- ' .. line)
    end
  end
  for number, line in ipairs(new) do
    table.insert(lines, (number == 1 and line == old[1] and '  ' or '+ ') .. line)
  end
  return lines
end

---What was tried in vain.
---@param answer ghostproof.Proof
---@return string[]
function M.report(answer)
  local lines = vim.split(answer.message or '', '\n')
  for title, parts in vim.spairs({ ['Left to be proved:'] = answer.left, ['Tried, among others:'] = answer.tried }) do
    if parts and #parts > 0 then
      vim.list_extend(lines, { '', title })
      for _, part in ipairs(parts) do
        for number, line in ipairs(vim.split(part, '\n')) do
          table.insert(lines, (number == 1 and '  • ' or '    ') .. line)
        end
      end
    end
  end
  return lines
end

---@class ghostproof.Choice
---@field key string
---@field does string what the key does, in a word or two
---@field run fun()

---Show something until the user has decided.
---@param lines string[]
---@param title string
---@param choice? ghostproof.Choice
local function show(lines, title, choice)
  local bufnr = vim.api.nvim_create_buf(false, true)
  vim.api.nvim_buf_set_lines(bufnr, 0, -1, false, lines)
  vim.bo[bufnr].bufhidden, vim.bo[bufnr].modifiable, vim.bo[bufnr].syntax = 'wipe', false, 'diff'
  local hint = choice and (' %s %s, q closes '):format(choice.key, choice.does) or ' q closes '
  local width = math.max(vim.fn.strdisplaywidth(title) + 2, #hint)
  for _, line in ipairs(lines) do
    width = math.max(width, vim.fn.strdisplaywidth(line))
  end
  local window = vim.api.nvim_open_win(bufnr, true, {
    relative = 'cursor',
    row = 1,
    col = 0,
    width = math.min(width, math.max(20, vim.o.columns - 4)),
    height = math.min(#lines, math.max(1, math.floor(vim.o.lines / 2))),
    style = 'minimal',
    border = 'rounded',
    title = ' ' .. title .. ' ',
    footer = hint,
  })
  local function close()
    if vim.api.nvim_win_is_valid(window) then
      vim.api.nvim_win_close(window, true)
    end
  end
  for _, key in ipairs({ 'q', '<Esc>' }) do
    vim.keymap.set('n', key, close, { buffer = bufnr, nowait = true, desc = 'Close' })
  end
  if choice then
    vim.keymap.set('n', choice.key, function()
      close()
      choice.run()
    end, { buffer = bufnr, nowait = true, desc = 'Proof: ' .. choice.does })
  end
  vim.api.nvim_exec_autocmds('User', { pattern = 'GhostproofProof', modeline = false })
end

---Do it at once in Normal mode, else when the user is back there: nobody's typing goes into another window.
---@param work fun()
local function in_normal_mode(work)
  if vim.api.nvim_get_mode().mode == 'n' then
    work()
    return
  end
  vim.api.nvim_create_autocmd('ModeChanged', { pattern = '*:n', once = true, callback = vim.schedule_wrap(work) })
end

---@param client vim.lsp.Client
---@param bufnr integer
---@param answer ghostproof.Proof
---@param again? fun(name: string) goes on behind the proof of that name once it is put in
local function answered(client, bufnr, answer, again)
  local details = #(answer.tried or {}) + #(answer.left or {}) > 0
  -- A part of a proof, or a lemma above, is put in by nobody who has not seen it.
  local part = answer.edit and answer.left
  if answer.edit and not (part or answer.above) and not require('ghostproof.config').get().prove_preview then
    put_in(client, bufnr, answer, again)
  elseif answer.edit then
    local lines = vim
      .iter(edits_of(answer))
      :map(function(edit)
        return M.comparison(bufnr, client.offset_encoding, edit)
      end)
      :flatten()
      :totable()
    local title = (part and 'Unfinished proof of ' or 'Proof of ') .. answer.declaration
    in_normal_mode(function()
      show(lines, title, {
        key = '<CR>',
        does = 'inserts',
        run = function()
          put_in(client, bufnr, answer, again)
        end,
      })
    end)
  elseif details then
    in_normal_mode(function()
      show(M.report(answer), 'No proof', answer.unfinished and {
        key = 'u',
        does = 'shows what was proved of it',
        run = function()
          M.unfinished(client, bufnr, answer.unfinished)
        end,
      } or nil)
    end)
  elseif answer.message then
    inform(answer.message)
  end
end

---Show the best part of a proof, where it holds now.
---@param client vim.lsp.Client
---@param bufnr integer
---@param name string
function M.unfinished(client, bufnr, name)
  local found = asked.wanted(function(err, answer)
    answered(client, bufnr, answer or { message = err and err.message })
  end)
  client:request(PROOF, { name = name }, found, bufnr)
end

---Have the proof at a place found.
---@param job ghostproof.Job
---@param client vim.lsp.Client
---@param bufnr integer
---@param params table
function M.at(job, client, bufnr, params)
  local search = client.requests[searches[client.id] or -1]
  if search and search.type == 'pending' then
    inform('a proof is being searched for; `:Ghostproof cancel` ends that.')
    return
  end
  local function again(name)
    M.at(job, client, bufnr, vim.tbl_extend('force', params, { after = name }))
  end
  count = count + 1
  params = vim.tbl_extend('force', params, { workDoneToken = 'ghostproof.prove.' .. count })
  local found = asked.wanted(function(err, answer)
    if err then
      vim.notify('Ghostproof: ' .. err.message, vim.log.levels.ERROR)
    elseif answer then
      answered(client, bufnr, answer, again)
    end
  end)
  local _, id = client:request('ghostproof/' .. job, params, found, bufnr)
  searches[client.id] = id
end

---Prove what is missing at the cursor, or repair what is there.
---@param job ghostproof.Job
function M.run(job)
  local bufnr = vim.api.nvim_get_current_buf()
  local client = require('ghostproof.client').of(bufnr)
  if not client then
    inform(require('ghostproof.client').why_not(bufnr) or 'not attached to this buffer.')
    return
  elseif not vim.bo[bufnr].modifiable then
    inform('this buffer cannot be changed: ' .. NOTHING[job])
    return
  end
  local here = vim.lsp.util.make_position_params(0, client.offset_encoding)
  M.at(job, client, bufnr, { textDocument = here.textDocument, position = here.position })
end

---What the code action of a job does.
---@param job ghostproof.Job
---@return fun(command: lsp.Command, context: { client_id: integer, bufnr: integer })
function M.command(job)
  return function(command, context)
    local client = vim.lsp.get_client_by_id(context.client_id)
    if client then
      M.at(job, client, context.bufnr, command.arguments[1])
    end
  end
end

return M
