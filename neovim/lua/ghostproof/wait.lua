-- Requests that take longer than one answer: Neovim asks once, here it is asked until the search has ended.
local M = {}

local GHOST, ACTIONS = 'textDocument/inlineCompletion', 'textDocument/codeAction'
-- An empty answer that comes sooner is no search cut short: there is nothing to suggest at that place.
local SEARCHED_NS = 1e8

---Whether ghost text is not asked for at present.
M.paused = false

---@param bufnr integer
---@return string where the user is, in what text, in which mode; '' if he is in another buffer
local function place(bufnr)
  if vim.api.nvim_get_current_buf() ~= bufnr then
    return ''
  end
  local mode = vim.api.nvim_get_mode().mode:sub(1, 1)
  local cursor = vim.api.nvim_win_get_cursor(0)
  return ('%s:%d:%d:%d'):format(mode, vim.api.nvim_buf_get_changedtick(bufnr), cursor[1], cursor[2])
end

---@param result? table items, or a list that has them
---@return any? what the first item inserts or does; nil where there is none
local function first(result)
  for _, item in ipairs(result and (result.items or result) or {}) do
    if item.insertText or not item.command then -- what is a command alone is offered without a search
      return item.insertText or item.title
    end
  end
end

---Whether a person waits for the answer. Plugins ask for code actions at every move of the cursor.
---@param method string
---@param params table
local function is_awaited(method, params)
  if method == ACTIONS then
    return params.context.triggerKind ~= vim.lsp.protocol.CodeActionTriggerKind.Automatic
  end
  return method == GHOST
end

---Take over the requests for suggestions of a client.
---@param client vim.lsp.Client
function M.adopt(client)
  local request = client.request
  ---@type table<integer, table> the last request for ghost text of each buffer
  local newest = {}

  ---@param method string
  ---@param params table
  ---@param handler lsp.Handler
  ---@param bufnr integer
  ---@param shown? { best: any } what an earlier answer to the same request began with
  ---@return boolean, integer?
  local function ask(method, params, handler, bufnr, shown)
    local turn, started, where = {}, vim.uv.hrtime(), place(bufnr)
    if method == GHOST then
      newest[bufnr] = turn
    end
    return request(client, method, params, function(err, result, context)
      if method == GHOST and newest[bufnr] ~= turn then
        return -- what is shown by now answers a newer request
      end
      local searched = vim.uv.hrtime() - started > SEARCHED_NS
      local here = where ~= '' and where == place(bufnr)
      local more = not err and here and searched and require('ghostproof.status').is_busy(client.id)
      local best = first(result)
      if method == GHOST and not (shown and shown.best == best) then
        handler(err, result, context)
      elseif method == ACTIONS and not (more and best == nil) then
        return handler(err, result, context)
      end
      if more then
        -- A tactic that closes the goal may come after one that only leads on.
        ask(method, params, handler, bufnr, { best = best })
      end
    end, bufnr)
  end

  client.request = function(self, method, params, handler, bufnr)
    if method == ACTIONS then
      local asked = (bufnr and bufnr ~= 0) and bufnr or vim.api.nvim_get_current_buf()
      params = require('ghostproof.diagnostics').added(params, asked)
    end
    if not handler or not is_awaited(method, params) then
      return request(self, method, params, handler, bufnr)
    end
    bufnr = (bufnr and bufnr ~= 0) and bufnr or vim.api.nvim_get_current_buf()
    if M.paused and method == GHOST then
      handler(nil, { items = {} }, { method = method, client_id = client.id, bufnr = bufnr })
      return false
    end
    return ask(method, params, handler, bufnr)
  end
end

return M
