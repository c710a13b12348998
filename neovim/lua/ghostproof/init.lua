-- What configurations and other plugins may call. All of it works without a server, and then does nothing.
local M = {}

local enabled = false

---Attach to Lean buffers, unless the user has turned that off or the server is not there. Done once.
function M.enable()
  if enabled then
    return
  end
  enabled = true
  local config = require('ghostproof.config').get()
  if not config.enable then
    return
  end
  if vim.fn.executable(config.cmd[1]) == 0 then
    local message = 'Ghostproof: `%s` is not executable. `:checkhealth ghostproof` tells how to install it.'
    vim.notify(message:format(config.cmd[1]), vim.log.levels.WARN)
    return
  end
  vim.lsp.enable('ghostproof')
end

---One component of a status line, such as `ghostproof: idle · automation only`; '' where no server is attached.
---@param bufnr? integer the current buffer by default
---@return string
function M.statusline(bufnr)
  local is_lean = vim.bo[bufnr or 0].filetype == 'lean'
  local status = is_lean and require('ghostproof.status') or package.loaded['ghostproof.status']
  return status and status.line(bufnr) or ''
end

---Insert the ghost text that is shown.
---@return boolean accepted false where there is none
function M.accept()
  local ghost = vim.lsp.inline_completion
  return ghost ~= nil and ghost.get()
end

---Show the next suggestion as ghost text.
function M.next()
  require('ghostproof.ghost').select(1)
end

---Show the previous suggestion as ghost text.
function M.previous()
  require('ghostproof.ghost').select(-1)
end

return M
