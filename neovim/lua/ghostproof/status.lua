-- What the server last said about itself, by client, and how a status line shows it.
local M = {}

---@class ghostproof.Prover
---@field state 'off'|'starting'|'loading'|'ready'|'error'
---@field model string
---@field device string
---@field tokensPerSecond number
---@field message string
---@field promptsGoTo? string the server that prompts are sent to, where that is no engine of ours on this machine

---@class ghostproof.Status
---@field toolchain string
---@field checker string
---@field state 'idle'|'busy'|'error'
---@field message string
---@field prover? ghostproof.Prover

---@type table<integer, ghostproof.Status>
local known = {}

local function changed()
  vim.api.nvim_exec_autocmds('User', { pattern = 'GhostproofStatus', modeline = false })
  vim.cmd.redrawstatus()
end

---@param client_id integer
---@param status ghostproof.Status
function M.update(client_id, status)
  if type(status) == 'table' then
    known[client_id] = status
    changed()
  end
end

---The client has ended.
---@param client_id integer
function M.forget(client_id)
  known[client_id] = nil
  changed()
end

---@param client_id integer
---@return boolean
function M.is_busy(client_id)
  return known[client_id] ~= nil and known[client_id].state == 'busy'
end

---@param bufnr? integer the current buffer by default
---@return ghostproof.Status? status nil where no server is attached
function M.get(bufnr)
  local client = require('ghostproof.client').of(bufnr)
  if client then
    return known[client.id] or { toolchain = '', checker = '', state = 'idle', message = '' }
  end
end

---@param prover? ghostproof.Prover
---@return string
local function prover_text(prover)
  if not prover or prover.state == 'off' then
    return 'automation only'
  elseif prover.state ~= 'ready' then
    return ('%s (%s)'):format(prover.model or 'model', prover.state)
  end
  local speed = tonumber(prover.tokensPerSecond) or 0
  return speed > 0 and ('%s, %.0f tokens/s'):format(prover.model, speed) or prover.model
end

---One component of a status line.
---@param bufnr? integer the current buffer by default
---@return string
function M.line(bufnr)
  local status = M.get(bufnr)
  bufnr = bufnr or vim.api.nvim_get_current_buf()
  if not status then
    local is_view = vim.bo[bufnr].filetype == 'lean' and vim.bo[bufnr].buftype ~= ''
    return is_view and 'ghostproof: read-only' or ''
  end
  local state = require('ghostproof.wait').paused and 'paused' or status.state
  local text = ('ghostproof: %s · %s'):format(state, prover_text(status.prover))
  -- A status line would take a percent sign for the beginning of an item.
  return (text:gsub('[%c%%]', ''))
end

---Everything that is known, a line each.
---@param bufnr? integer the current buffer by default
---@return string[]
function M.lines(bufnr)
  local status = M.get(bufnr)
  if not status then
    local why_not = require('ghostproof.client').why_not(bufnr or vim.api.nvim_get_current_buf())
    return { 'Ghostproof is not attached to this buffer' .. (why_not and ': ' .. why_not or '.') }
  end
  local lines = { M.line(bufnr) }
  if status.toolchain ~= '' then
    table.insert(lines, ('Lean: %s, checked by the %s'):format(status.toolchain, status.checker))
  end
  local goes_to = status.prover and status.prover.promptsGoTo
  if goes_to then
    table.insert(lines, ('Prompts go to %s.'):format(goes_to))
  end
  for _, message in ipairs({ status.message, status.prover and status.prover.message }) do
    if message and message ~= '' then
      table.insert(lines, message)
    end
  end
  return lines
end

return M
