-- The user's configuration: `vim.g.ghostproof`, a table or a function that returns one, over the defaults.
local M = {}

---@class ghostproof.Keys Insert mode mappings of Lean buffers with ghost text; none unless they are set.
---@field accept? string insert the ghost text; without any, the key does what it did before
---@field next? string show the next suggestion
---@field previous? string show the previous suggestion

---@class ghostproof.Config
---@field cmd string[] the command line of the language server
---@field enable boolean whether Lean buffers are attached to without a call of |vim.lsp.enable()|
---@field ghost_text boolean whether ghost text is asked for (Neovim 0.12)
---@field keys ghostproof.Keys
---@field prove_preview boolean whether a proof is shown before it is put in
---@field settings table<string, table<string, boolean|number|string>> settings of the server, by section

---@class ghostproof.Option
---@field name string
---@field type string what |type()| says of its values
---@field default any
---@field doc string

---Every option, in the order of the documentation.
---@type ghostproof.Option[]
M.options = {
  {
    name = 'cmd',
    type = 'table',
    default = { 'ghostproof', 'serve' },
    doc = 'The command line of the language server.',
  },
  {
    name = 'enable',
    type = 'boolean',
    default = true,
    doc = "Attach to Lean buffers by itself; otherwise call `vim.lsp.enable('ghostproof')`.",
  },
  {
    name = 'ghost_text',
    type = 'boolean',
    default = true,
    doc = 'Show ghost text while typing (Neovim 0.12 or newer).',
  },
  {
    name = 'keys',
    type = 'table',
    default = {},
    doc = 'Insert mode mappings of Lean buffers: `accept`, `next`, `previous`.',
  },
  {
    name = 'prove_preview',
    type = 'boolean',
    default = true,
    doc = 'Show what `:Ghostproof prove` has found before it is put in; `<CR>` inserts it.',
  },
  {
    name = 'settings',
    type = 'table',
    -- Neovim itself waits 200 ms before it asks for ghost text.
    default = { lsp = { debounce_s = 0 } },
    doc = "The server's settings, by section: |ghostproof-settings|.",
  },
}

local KEYS = { accept = true, next = true, previous = true }
local CMD, SETTINGS = M.options[1].default, M.options[6].default

---@return table<string, any>
local function given()
  local value = vim.g.ghostproof
  if type(value) == 'function' then
    value = value()
  end
  return type(value) == 'table' and value or {}
end

---The configuration, with the default in place of every option that is missing or wrong.
---@return ghostproof.Config
function M.get()
  local config, user = {}, given()
  for _, option in ipairs(M.options) do
    local value = user[option.name]
    if type(value) ~= option.type then
      value = vim.deepcopy(option.default)
    end
    config[option.name] = value
  end
  if type(config.cmd[1]) ~= 'string' then
    config.cmd = vim.deepcopy(CMD)
  end
  config.settings = vim.tbl_deep_extend('force', SETTINGS, config.settings)
  return config
end

---What is wrong with the user's configuration, a sentence each. The server judges `settings` itself.
---@return string[]
function M.problems()
  local value = vim.g.ghostproof
  if type(value) == 'function' then
    value = value()
  end
  if value == nil then
    return {}
  elseif type(value) ~= 'table' then
    return { '`vim.g.ghostproof` must be a table, or a function that returns one.' }
  end
  local found, types = {}, {}
  for _, option in ipairs(M.options) do
    types[option.name] = option.type
  end
  for name, setting in vim.spairs(value) do
    if types[name] == nil then
      table.insert(found, ('`%s` is not an option.'):format(name))
    elseif type(setting) ~= types[name] then
      table.insert(found, ('`%s` must be a %s, not a %s.'):format(name, types[name], type(setting)))
    end
  end
  for name in vim.spairs(type(value.keys) == 'table' and value.keys or {}) do
    if not KEYS[name] then
      table.insert(found, ('`keys.%s` is not an option.'):format(name))
    end
  end
  if type(value.cmd) == 'table' and type(value.cmd[1]) ~= 'string' then
    table.insert(found, '`cmd` must begin with the name of a program.')
  end
  return found
end

return M
