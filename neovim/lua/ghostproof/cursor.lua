-- Tells the server where the cursor has come to rest, so that it has ready what a suggestion there will need.
local M = {}

local METHOD = 'ghostproof/cursor'
local REST_MS = 150

---@param client vim.lsp.Client
---@param bufnr integer
local function tell(client, bufnr)
  -- In Insert mode Neovim asks for ghost text, which tells as much.
  local elsewhere = vim.api.nvim_get_current_buf() ~= bufnr or vim.api.nvim_get_mode().mode:sub(1, 1) == 'i'
  if elsewhere or client:is_stopped() or require('ghostproof.wait').paused then
    return
  end
  local position = vim.lsp.util.make_position_params(0, client.offset_encoding)
  client:notify(METHOD, { textDocument = position.textDocument, position = position.position })
end

---Watch the cursor in a buffer, until the next call for it.
---@param bufnr integer
---@param client vim.lsp.Client
function M.watch(bufnr, client)
  local timer = assert(vim.uv.new_timer())
  local rested = vim.schedule_wrap(function()
    tell(client, bufnr)
  end)
  local group = vim.api.nvim_create_augroup('ghostproof.cursor.' .. bufnr, { clear = true })
  vim.api.nvim_create_autocmd('CursorMoved', {
    group = group,
    buffer = bufnr,
    callback = function()
      timer:start(REST_MS, 0, rested)
    end,
  })
  vim.api.nvim_create_autocmd('LspDetach', {
    group = group,
    buffer = bufnr,
    callback = function(event)
      if event.data.client_id == client.id then
        timer:close()
        vim.api.nvim_del_augroup_by_id(group)
      end
    end,
  })
end

return M
