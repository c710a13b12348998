-- Ghost text: turned on in the buffers of the server, its choices, and the keys that the user has asked for.
local M = {}

local METHOD = 'textDocument/inlineCompletion'

---@class ghostproof.Choices what Neovim was last given for a buffer
---@field client vim.lsp.Client
---@field params lsp.InlineCompletionParams
---@field items lsp.InlineCompletionItem[] the very table that Neovim shows from: what is added can be chosen
---@field tick integer what `changedtick` was
---@field asked boolean whether all there is was asked for

---@type table<integer, ghostproof.Choices?>
local choices = {}
---@type table<vim.lsp.Client, true>
local watched = setmetatable({}, { __mode = 'k' })

---Remember what Neovim is given. It asks by itself only, and is answered with the first proof: that is no list yet.
---@param client vim.lsp.Client
local function watch(client)
  if watched[client] then
    return
  end
  watched[client] = true
  local request = client.request
  ---@diagnostic disable-next-line: duplicate-set-field
  function client.request(self, method, params, handler, ...)
    local bufnr = ...
    if method == METHOD and handler and bufnr then
      local given, tick = handler, vim.api.nvim_buf_get_changedtick(bufnr)
      handler = function(err, result, ctx)
        choices[bufnr] = result
          and { client = client, params = params, items = result.items or result, tick = tick, asked = false }
        return given(err, result, ctx)
      end
    end
    return request(self, method, params, handler, ...)
  end
end

---@param bufnr integer
---@param known ghostproof.Choices
---@return boolean whether it is still what is shown, at the place where the cursor is
local function holds(bufnr, known)
  local at = vim.lsp.util.make_position_params(0, known.client.offset_encoding).position
  return choices[bufnr] == known
    and vim.api.nvim_get_current_buf() == bufnr
    and vim.api.nvim_buf_get_changedtick(bufnr) == known.tick
    and vim.deep_equal(at, known.params.position)
end

---@param lhs string
---@return (fun(): string?) what the key did before, as an `expr` mapping
local function before(lhs)
  local prior = vim.fn.maparg(lhs, 'i', false, true)
  return function()
    local result = lhs
    if prior.callback then
      result = prior.callback()
    elseif prior.rhs and prior.expr == 1 then
      result = vim.api.nvim_eval(prior.rhs)
    elseif prior.rhs then
      return prior.rhs
    end
    return (prior.callback == nil or prior.expr == 1) and result or ''
  end
end

---@param bufnr integer
---@param keys ghostproof.Keys
local function map(bufnr, keys)
  ---@param lhs? string
  ---@param desc string
  ---@param rhs function
  ---@param expr boolean
  local function insert(lhs, desc, rhs, expr)
    if lhs then
      vim.keymap.set('i', lhs, rhs, { buffer = bufnr, expr = expr, desc = desc })
    end
  end
  if vim.b[bufnr].ghostproof_mapped then
    return
  end
  vim.b[bufnr].ghostproof_mapped = true
  if keys.accept then
    local otherwise = vim.api.nvim_buf_call(bufnr, function()
      return before(keys.accept)
    end)
    insert(keys.accept, 'Accept the ghost text', function()
      return require('ghostproof').accept() and '' or otherwise()
    end, true)
  end
  insert(keys.next, 'Next ghost text', require('ghostproof').next, false)
  insert(keys.previous, 'Previous ghost text', require('ghostproof').previous, false)
end

---Ask for ghost text in this buffer, or keep this client out of what the user has enabled for all.
---@param bufnr integer
---@param client vim.lsp.Client
function M.attach(bufnr, client)
  local config = require('ghostproof.config').get()
  if not vim.lsp.inline_completion or not client:supports_method('textDocument/inlineCompletion', bufnr) then
    return
  end
  if config.ghost_text then
    watch(client)
    -- For the buffer, not for the pair of both: with that, Neovim 0.12.4 forgets to detach a client that has died.
    vim.lsp.inline_completion.enable(true, { bufnr = bufnr })
    map(bufnr, config.keys)
  else
    vim.lsp.inline_completion.enable(false, { client_id = client.id })
  end
end

---Change to another choice. The first time at a place, all that there is to choose from is asked for.
---@param count integer how many further on
function M.select(count)
  if not vim.lsp.inline_completion then
    return
  end
  local function move()
    vim.lsp.inline_completion.select({ count = count })
  end
  local bufnr = vim.api.nvim_get_current_buf()
  local known = choices[bufnr]
  if known == nil or known.asked or not holds(bufnr, known) then
    move()
    return
  end
  known.asked = true
  local kind = vim.lsp.protocol.InlineCompletionTriggerKind.Invoked
  local params = vim.tbl_extend('force', known.params, { context = { triggerKind = kind } })
  -- Not with a buffer: that is how Neovim asks, whose answer replaces what is shown.
  known.client:request(METHOD, params, function(_, result)
    if not holds(bufnr, known) then
      return
    end
    local texts = vim.tbl_map(function(item)
      return item.insertText
    end, known.items)
    for _, item in ipairs(result and (result.items or result) or {}) do
      if not vim.list_contains(texts, item.insertText) then
        table.insert(known.items, item)
      end
    end
    move()
  end)
end

return M
