-- `:Ghostproof`: which word does what.
local M = {}

---@class ghostproof.Command
---@field name string
---@field doc string
---@field run fun(bang: boolean)

---@param message string
local function inform(message)
  vim.notify('Ghostproof: ' .. message, vim.log.levels.INFO)
end

---@param bang boolean
local function restart(bang)
  require('ghostproof.recovery').reset()
  local name = require('ghostproof.client').NAME
  local client = vim.lsp.get_clients({ name = name })[1]
  if not client then
    require('ghostproof.client').start_all()
  elseif bang then
    require('ghostproof.client').restart(client)
  else
    client:exec_cmd({ title = 'Restart Lean', command = 'ghostproof.restart' }, nil, function(err)
      inform(err and err.message or 'Lean was ended; it starts again when it is needed.')
    end)
  end
end

local function doctor()
  inform('asking `ghostproof doctor`; this takes some seconds …')
  require('ghostproof.health').prepare(function()
    vim.cmd.checkhealth('ghostproof')
  end)
end

local function pause()
  local wait = require('ghostproof.wait')
  wait.paused = not wait.paused
  inform(wait.paused and 'ghost text is paused; `:Ghostproof pause` again to go on.' or 'ghost text is shown again.')
  vim.cmd.redrawstatus()
end

local function log()
  vim.cmd.split({ vim.fn.fnameescape(vim.lsp.log.get_filename()), mods = { keepalt = true } })
  vim.bo.readonly, vim.bo.autoread, vim.bo.bufhidden = true, true, 'wipe'
  vim.cmd.normal({ 'G', bang = true })
end

---@type ghostproof.Command[]
M.list = {
  {
    name = 'suggest',
    doc = 'Show the suggestions at the cursor in a menu and apply the chosen one.',
    run = function()
      require('ghostproof.suggest').run()
    end,
  },
  {
    name = 'panel',
    doc = 'Open or close a window beside the text that lists the suggestions with the goals that each leaves.',
    run = function()
      require('ghostproof.panel').toggle()
    end,
  },
  {
    name = 'prove',
    doc = 'Search for a whole proof of what is missing at the cursor, and show it before it is put in.',
    run = function()
      require('ghostproof.prove').run('prove')
    end,
  },
  {
    name = 'repair',
    doc = 'Mend the proof at the cursor that Lean refuses, keeping what still works, and show it before it is put in.',
    run = function()
      require('ghostproof.prove').run('repair')
    end,
  },
  {
    name = 'cancel',
    doc = 'Give up what the server is asked at present.',
    run = function()
      require('ghostproof.suggest').cancel()
    end,
  },
  {
    name = 'restart',
    doc = 'End every Lean process and begin afresh; with `!`, the language server too.',
    run = restart,
  },
  {
    name = 'doctor',
    doc = 'Try Lean, its checkers and the model in the background, then show |ghostproof-health|.',
    run = doctor,
  },
  { name = 'pause', doc = 'Stop asking for ghost text; a second time: go on.', run = pause },
  { name = 'log', doc = "Open Neovim's log of language servers at its end.", run = log },
}

---@param words string[]
---@param bang boolean
function M.run(words, bang)
  if #words == 0 then
    vim.notify(table.concat(require('ghostproof.status').lines(), '\n'), vim.log.levels.INFO)
    return
  end
  for _, command in ipairs(M.list) do
    if command.name == words[1] and #words == 1 then
      command.run(bang)
      return
    end
  end
  local names = vim.tbl_map(function(command)
    return command.name
  end, M.list)
  local message = 'Ghostproof: `%s` is not a command; there are %s.'
  vim.notify(message:format(table.concat(words, ' '), table.concat(names, ', ')), vim.log.levels.ERROR)
end

---@param line string the command line up to the cursor
---@return string[]
function M.complete(line)
  local words = vim.split(line, '%s+')
  if #words > 2 then
    return {}
  end
  local found = {}
  for _, command in ipairs(M.list) do
    if vim.startswith(command.name, words[2] or '') then
      table.insert(found, command.name)
    end
  end
  return found
end

return M
