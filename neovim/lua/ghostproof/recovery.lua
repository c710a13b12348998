-- A server that has ended without being asked to is started again: later each time, and not for ever.
local M = {}

local DELAYS_MS = { 500, 2000, 8000, 30000 }
-- A server that has lived so long was well; the next end of it is a new matter.
local WELL_MS = 120000

local failures = 0
local last_ms = 0
local coming = false

---@param code integer
---@param signal integer
---@return string
local function how(code, signal)
  return signal ~= 0 and ('signal %d'):format(signal) or ('exit code %d'):format(code)
end

---@param message string
---@param level integer
local function say(message, level)
  vim.notify('Ghostproof: ' .. message, level)
end

---@return boolean
local function wanted()
  -- Neovim 0.12 tells whether the user has disabled the client meanwhile.
  local is_enabled = vim.lsp.is_enabled
  return vim.v.exiting == vim.NIL
    and (not is_enabled or is_enabled('ghostproof') or not require('ghostproof.config').get().enable)
end

---The server has ended and nobody had asked it to.
---@param client vim.lsp.Client
---@param buffers integer[] where it was attached
---@param code integer
---@param signal integer
---@param was_up boolean whether it had answered `initialize`
function M.ended(client, buffers, code, signal, was_up)
  if not wanted() then
    return
  end
  if not was_up then
    say(
      ('the server did not start (%s). `:checkhealth ghostproof` tells why.'):format(how(code, signal)),
      vim.log.levels.ERROR
    )
    return
  end
  failures = vim.uv.now() - last_ms > WELL_MS and 1 or failures + 1
  last_ms = vim.uv.now()
  local delay = DELAYS_MS[failures]
  if not delay then
    local message =
      'the server has ended %d times in a row (%s). `:Ghostproof log` shows why, `:Ghostproof restart` tries again.'
    say(message:format(failures, how(code, signal)), vim.log.levels.ERROR)
    return
  end
  say(
    ('the server has ended (%s); it is started again in %g s.'):format(how(code, signal), delay / 1000),
    vim.log.levels.WARN
  )
  coming = true
  vim.defer_fn(function()
    if coming and wanted() then
      require('ghostproof.client').start(client.config, buffers)
    end
  end, delay)
end

---A buffer was attached to a server.
function M.attached()
  if coming then
    coming = false
    say('the server is back.', vim.log.levels.INFO)
  end
end

---The user starts the server himself: what was before no longer counts.
function M.reset()
  failures, coming = 0, false
end

return M
