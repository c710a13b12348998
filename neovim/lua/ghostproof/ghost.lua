-- Ghost text: turned on in the buffers of the server, and the keys that the user has asked for.
local M = {}

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
    -- For the buffer, not for the pair of both: with that, Neovim 0.12.4 forgets to detach a client that has died.
    vim.lsp.inline_completion.enable(true, { bufnr = bufnr })
    map(bufnr, config.keys)
  else
    vim.lsp.inline_completion.enable(false, { client_id = client.id })
  end
end

---@param count integer
function M.select(count)
  if vim.lsp.inline_completion then
    vim.lsp.inline_completion.select({ count = count })
  end
end

return M
