-- `:checkhealth ghostproof`: what is there, what is missing, and the command that mends it.
local M = {}

local DOCTOR_MS = 180000
local INSTALL = "pip install 'ghostproof[embedded]', or name the program in `vim.g.ghostproof = { cmd = { … } }`"

---@class ghostproof.Finding
---@field name string
---@field ok boolean
---@field value string
---@field cure string

---@type ghostproof.Finding[]|string|nil findings of a doctor that has run already, or why it failed
local prepared

---@return string[]? command nil where the server is no command of ours
local function doctor_command()
  local cmd = vim.deepcopy(require('ghostproof.config').get().cmd)
  for place, word in ipairs(cmd) do
    if word == 'serve' then
      local client = require('ghostproof.client').of()
      local folder = client and client.root_dir or vim.fn.getcwd()
      return vim.list_extend(vim.list_slice(cmd, 1, place - 1), { 'doctor', '--json', folder })
    end
  end
end

---@param done vim.SystemCompleted
---@return ghostproof.Finding[]|string
local function read(done)
  local ok, findings = pcall(vim.json.decode, done.stdout or '')
  if ok and vim.islist(findings) then
    return findings
  elseif ok and type(findings) == 'table' and type(findings.error) == 'table' then
    return ('%s %s'):format(findings.error.message, findings.error.hint)
  end
  local said = vim.trim(done.stderr or '')
  return ('`ghostproof doctor` failed with exit code %d. %s'):format(done.code, said)
end

---Run the doctor in the background, and then something that shows what it has found.
---@param done fun()
function M.prepare(done)
  local command = doctor_command()
  if not command or vim.fn.executable(command[1]) == 0 then
    done()
    return
  end
  vim.system(command, { text = true, timeout = DOCTOR_MS }, function(result)
    vim.schedule(function()
      prepared = read(result)
      done()
    end)
  end)
end

local function check_neovim()
  vim.health.start('Neovim')
  local version = tostring(vim.version())
  if vim.lsp.inline_completion then
    vim.health.ok(version .. ': code actions, commands and ghost text')
  elseif vim.fn.has('nvim-0.11') == 1 then
    vim.health.warn(version .. ': code actions and commands, but no ghost text', 'Install Neovim 0.12 or newer.')
  else
    vim.health.error(version .. ' is too old', 'Install Neovim 0.12 or newer (0.11 without ghost text).')
  end
  if vim.filetype.match({ filename = 'A.lean' }) ~= 'lean' then
    local cure = "vim.filetype.add({ extension = { lean = 'lean' } })"
    vim.health.warn('Files that end in .lean do not get the filetype `lean`.', cure)
  end
end

local function check_configuration()
  vim.health.start('Configuration')
  local problems = require('ghostproof.config').problems()
  for _, problem in ipairs(problems) do
    vim.health.error(problem, 'Mend `vim.g.ghostproof`; |ghostproof-options| lists every option.')
  end
  if #problems == 0 then
    vim.health.ok(
      vim.g.ghostproof == nil and '`vim.g.ghostproof` is not set: defaults' or '`vim.g.ghostproof` is well-formed'
    )
  end
end

---@return boolean there
local function check_server()
  vim.health.start('Server')
  local cmd = require('ghostproof.config').get().cmd
  if vim.fn.executable(cmd[1]) == 0 then
    vim.health.error(('`%s` is not executable'):format(cmd[1]), INSTALL)
    return false
  end
  vim.health.ok(('`%s`'):format(table.concat(cmd, ' ')))
  local clients = vim.lsp.get_clients({ name = require('ghostproof.client').NAME })
  if #clients == 0 then
    vim.health.info('It is not running: it starts with the first Lean buffer.')
  end
  for _, client in ipairs(clients) do
    local version = client.server_info and client.server_info.version or 'of unknown version'
    vim.health.ok(('running, %s, attached to %d buffers'):format(version, vim.tbl_count(client.attached_buffers)))
  end
  return true
end

local function check_doctor()
  vim.health.start('Lean, checkers and model')
  local found = prepared
  prepared = nil
  if not found then
    local command = doctor_command()
    if not command then
      vim.health.info('`cmd` does not end in `serve`: `ghostproof doctor` is not asked.')
      return
    end
    found = read(vim.system(command, { text = true, timeout = DOCTOR_MS }):wait())
  end
  if type(found) == 'string' then
    vim.health.error(found, ':Ghostproof log')
    return
  end
  for _, finding in ipairs(found) do
    local text = ('%s: %s'):format(finding.name, finding.value)
    if finding.ok then
      vim.health.ok(text)
    else
      vim.health.error(text, finding.cure ~= '' and finding.cure or nil)
    end
  end
end

---@param client vim.lsp.Client
local function check_encodings(client)
  local mixed = false
  for bufnr in pairs(client.attached_buffers) do
    for _, other in ipairs(vim.lsp.get_clients({ bufnr = bufnr })) do
      if other.offset_encoding ~= client.offset_encoding then
        mixed = true
        local text = '`%s` counts positions in %s, Ghostproof in %s'
        local cure = "vim.lsp.config('%s', { capabilities = { general = { positionEncodings = { 'utf-16' } } } })"
        vim.health.warn(text:format(other.name, other.offset_encoding, client.offset_encoding), cure:format(other.name))
      end
    end
  end
  if not mixed then
    vim.health.ok('every client of its buffers counts positions in ' .. client.offset_encoding)
  end
end

---@param client vim.lsp.Client
local function check_others(client)
  for bufnr in pairs(client.attached_buffers) do
    for _, other in ipairs(vim.lsp.get_clients({ bufnr = bufnr, method = 'textDocument/inlineCompletion' })) do
      if other.id ~= client.id then
        local cure =
          "Keep it out of Lean buffers, for instance by its filetypes: vim.lsp.config('%s', { filetypes = { … } })"
        vim.health.warn(('`%s` offers ghost text in Lean buffers too'):format(other.name), cure:format(other.name))
      end
    end
  end
  if #vim.lsp.get_clients({ name = 'leanls' }) > 0 then
    vim.health.ok('`leanls` (lean.nvim) is running beside it')
  else
    vim.health.info('No `leanls` (lean.nvim) is running: Ghostproof does without it, but shows no goals and no errors.')
  end
end

local function check_keys()
  local keys = require('ghostproof.config').get().keys
  for name, lhs in vim.spairs(keys) do
    local map = vim.iter(vim.api.nvim_get_keymap('i')):find(function(entry)
      return entry.lhs:lower() == lhs:lower() and not (entry.desc or ''):find('vim.snippet', 1, true)
    end)
    if map then
      local cure = "Choose another key, or call require('ghostproof').accept() in the mapping of the other plugin."
      vim.health.warn(('`keys.%s`: %s is mapped by something else as well'):format(name, lhs), cure)
    end
  end
  if not keys.accept and vim.lsp.inline_completion then
    local cure = "vim.g.ghostproof = { keys = { accept = '<Tab>' } }"
    vim.health.info(('No key accepts ghost text yet, as far as Ghostproof knows: `%s`'):format(cure))
  end
end

function M.check()
  check_neovim()
  check_configuration()
  if check_server() then
    check_doctor()
  end
  vim.health.start('Neighbours')
  local clients = vim.lsp.get_clients({ name = require('ghostproof.client').NAME })
  for _, client in ipairs(clients) do
    check_encodings(client)
    check_others(client)
  end
  if #clients == 0 then
    vim.health.info('Open a Lean file to have encodings and other clients examined.')
  end
  check_keys()
end

return M
