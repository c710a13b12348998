-- What Lean's own client shows about a buffer. Neovim hands each server the diagnostics of that server alone.
local M = {}

---Diagnostics of the cursor's line, whoever made them: Lean's own tell where goals are left, and what it refuses.
---@param bufnr integer
---@return lsp.Diagnostic[]
function M.at_cursor(bufnr)
  local line = vim.api.nvim_win_get_cursor(0)[1] - 1
  local found = {}
  for _, diagnostic in ipairs(vim.diagnostic.get(bufnr, { lnum = line })) do
    local lsp = diagnostic.user_data and diagnostic.user_data.lsp
    if lsp then
      table.insert(found, lsp)
    end
  end
  return found
end

---The parameters of a request for code actions, with the diagnostics that it has none of.
---@param params lsp.CodeActionParams
---@param bufnr integer
---@return lsp.CodeActionParams
function M.added(params, bufnr)
  if bufnr ~= vim.api.nvim_get_current_buf() or #(params.context.diagnostics or {}) > 0 then
    return params
  end
  local context = vim.tbl_extend('force', params.context, { diagnostics = M.at_cursor(bufnr) })
  return vim.tbl_extend('force', params, { context = context })
end

return M
