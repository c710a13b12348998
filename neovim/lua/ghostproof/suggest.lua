-- `:Ghostproof suggest`: the suggestions at the cursor in a menu, from this server only, and their cancellation.
local M = {}

local asked = require('ghostproof.asked')

local METHOD = 'textDocument/codeAction'

---@param message string
local function inform(message)
  vim.notify('Ghostproof: ' .. message, vim.log.levels.INFO)
end

---@param client vim.lsp.Client
---@param bufnr integer
---@param tick integer
---@param actions lsp.CodeAction[]
local function choose(client, bufnr, tick, actions)
  vim.ui.select(actions, {
    prompt = 'Suggestions that Lean has accepted:',
    kind = 'codeaction',
    format_item = function(action)
      return action.title
    end,
  }, function(action)
    if not action then
      return
    elseif vim.api.nvim_buf_get_changedtick(bufnr) ~= tick then
      inform('the text has changed meanwhile; ask again.')
    else
      vim.lsp.util.apply_workspace_edit(action.edit, client.offset_encoding)
    end
  end)
end

---Ask for suggestions at the cursor, and let the user choose.
function M.run()
  local bufnr = vim.api.nvim_get_current_buf()
  local client = require('ghostproof.client').of(bufnr)
  if not client then
    local why_not = require('ghostproof.client').why_not(bufnr)
    inform(why_not or 'not attached to this buffer. `:checkhealth ghostproof` tells why.')
    return
  elseif not vim.bo[bufnr].modifiable then
    inform('this buffer cannot be changed: there is nothing to suggest.')
    return
  end
  local params = vim.lsp.util.make_range_params(0, client.offset_encoding) --[[@as lsp.CodeActionParams]]
  params.context = {
    diagnostics = require('ghostproof.diagnostics').at_cursor(bufnr),
    only = { 'quickfix' },
    triggerKind = vim.lsp.protocol.CodeActionTriggerKind.Invoked,
  }
  local tick = vim.api.nvim_buf_get_changedtick(bufnr)
  local answered = asked.wanted(function(err, actions)
    if err then
      vim.notify('Ghostproof: ' .. err.message, vim.log.levels.ERROR)
      return
    end
    actions = vim.tbl_filter(function(action)
      return action.edit ~= nil
    end, actions or {})
    if #actions == 0 then
      inform('no suggestion here.')
    else
      choose(client, bufnr, tick, actions)
    end
  end)
  client:request(METHOD, params, answered, bufnr)
end

---Give up what this server is asked at present, in every buffer.
function M.cancel()
  local count = 0
  asked.give_up()
  for _, client in ipairs(vim.lsp.get_clients({ name = require('ghostproof.client').NAME })) do
    -- The search behind a request outlives it: the server ends it, down to Lean and the model.
    client:exec_cmd({ title = 'Cancel', command = 'ghostproof.cancel' })
    for id, request in pairs(client.requests) do
      if request.type == 'pending' and request.method ~= 'workspace/executeCommand' then
        client:cancel_request(id)
        count = count + 1
      end
    end
    for token in pairs(client.progress.pending) do
      client:notify('window/workDoneProgress/cancel', { token = token })
    end
  end
  inform(count > 0 and 'cancelled.' or 'nothing to cancel.')
end

return M
