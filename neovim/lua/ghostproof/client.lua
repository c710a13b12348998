-- The language client: how Neovim starts the server, and what happens when a buffer is attached to it.
local M = {}

M.NAME = 'ghostproof'

-- How long a server may take to shut down before it is ended by force.
local PATIENCE_MS = 3000

---Clients whose end was asked for, by id.
---@type table<integer, true>
local ended = {}
---Clients that are to be followed by another, by id.
---@type table<integer, true>
local followed = {}
---Clients that have answered `initialize`, by id.
---@type table<integer, true>
local known = {}

---Wrap what Neovim calls on a client: its ghost text requests, and the call that ends it.
---@param client vim.lsp.Client
local function adopt(client)
  if known[client.id] then
    return
  end
  known[client.id] = true
  require('ghostproof.wait').adopt(client)
  local stop = client.stop
  client.stop = function(...)
    ended[client.id] = true
    return stop(...)
  end
end

---@param client_id integer
---@param code integer
---@param signal integer
local function left(client_id, code, signal)
  local client = vim.lsp.get_client_by_id(client_id)
  local buffers = client and vim.tbl_keys(client.attached_buffers) or {}
  local asked, again, was_up = ended[client_id], followed[client_id], known[client_id]
  ended[client_id], followed[client_id], known[client_id] = nil, nil, nil
  vim.schedule(function()
    require('ghostproof.status').forget(client_id)
    if client and again then
      M.start(client.config, buffers)
    elseif client and not asked then
      require('ghostproof.recovery').ended(client, buffers, code, signal, was_up or false)
    end
  end)
end

---@param bufnr integer
---@param client vim.lsp.Client
local function attached(bufnr, client)
  adopt(client)
  require('ghostproof.recovery').attached()
  require('ghostproof.ghost').attach(bufnr, client)
  require('ghostproof.cursor').watch(bufnr, client)
end

---Why a buffer is not attached to, nil where it can be.
---@param bufnr integer
---@return string?
function M.why_not(bufnr)
  if vim.bo[bufnr].buftype ~= '' then
    return ('this buffer is no text to edit (it is `%s`): there is nothing to suggest.'):format(vim.bo[bufnr].buftype)
  elseif vim.api.nvim_buf_get_name(bufnr) ~= '' then
    return nil
  end
  -- Neovim has one name for all buffers that have none, so that a server would take one for another.
  for _, client in ipairs(vim.lsp.get_clients({ name = M.NAME, _uninitialized = true })) do
    for other in pairs(client.attached_buffers) do
      if other ~= bufnr and vim.api.nvim_buf_is_valid(other) and vim.api.nvim_buf_get_name(other) == '' then
        return 'one buffer without a name is served at a time: name this one (`:file A.lean`) to get suggestions.'
      end
    end
  end
end

---Attach to a buffer, at once or as soon as it has a name.
---@param bufnr integer
---@param on_dir fun() where it belongs, its root markers tell
local function attach_to(bufnr, on_dir)
  local why_not = M.why_not(bufnr)
  if not why_not then
    on_dir()
    return
  end
  vim.notify('Ghostproof: ' .. why_not, vim.log.levels.INFO)
  vim.api.nvim_create_autocmd('BufFilePost', {
    buffer = bufnr,
    once = true,
    callback = function()
      if not M.why_not(bufnr) and not M.of(bufnr) then
        on_dir()
      end
    end,
  })
end

---The configuration of the client, as |vim.lsp.config()| wants it.
---@return vim.lsp.Config
function M.config()
  local config = require('ghostproof.config').get()
  -- An autocommand, since an `on_attach` here would hide the one that the user has set for all clients.
  vim.api.nvim_create_autocmd('LspAttach', {
    group = vim.api.nvim_create_augroup('ghostproof.attach', { clear = true }),
    callback = function(event)
      local client = vim.lsp.get_client_by_id(event.data.client_id)
      if client and client.name == M.NAME then
        attached(event.buf, client)
      end
    end,
  })
  for _, job in ipairs({ 'prove', 'repair' }) do
    vim.lsp.commands['ghostproof.' .. job] = function(command, context)
      require('ghostproof.prove').command(job)(command, context)
    end
  end
  return {
    cmd = config.cmd,
    filetypes = { 'lean' },
    root_dir = attach_to,
    root_markers = { 'lakefile.toml', 'lakefile.lean', 'lean-toolchain' },
    settings = { ghostproof = config.settings },
    -- Lean's own server counts so, and two encodings in one buffer make positions ambiguous.
    capabilities = { general = { positionEncodings = { 'utf-16' } } },
    -- One server keeps a Lean for each project; a second server would only cost memory.
    reuse_client = function(client, wanted)
      return client.name == wanted.name and not client:is_stopped()
    end,
    before_init = function(params, used)
      params.initializationOptions = used.settings
    end,
    handlers = {
      ['ghostproof/status'] = function(_, status, context)
        require('ghostproof.status').update(context.client_id, status)
      end,
    },
    on_exit = function(code, signal, client_id)
      left(client_id, code, signal)
    end,
  }
end

---The client of a buffer.
---@param bufnr? integer the current buffer by default
---@return vim.lsp.Client?
function M.of(bufnr)
  return vim.lsp.get_clients({ name = M.NAME, bufnr = bufnr or vim.api.nvim_get_current_buf() })[1]
end

---Start the server for some buffers.
---@param config vim.lsp.ClientConfig
---@param buffers integer[]
function M.start(config, buffers)
  for _, bufnr in ipairs(buffers) do
    if vim.api.nvim_buf_is_loaded(bufnr) then
      vim.lsp.start(config, { bufnr = bufnr, reuse_client = config.reuse_client })
    end
  end
end

---End a server and start another in its place.
---@param client vim.lsp.Client
function M.restart(client)
  followed[client.id] = true
  client:stop()
  vim.defer_fn(function()
    if not client:is_stopped() then
      client:stop(true)
    end
  end, PATIENCE_MS)
end

---Start the server for every Lean buffer.
function M.start_all()
  local config = vim.deepcopy(vim.lsp.config[M.NAME])
  local buffers = vim.tbl_filter(function(bufnr)
    return vim.bo[bufnr].filetype == 'lean' and not M.why_not(bufnr)
  end, vim.api.nvim_list_bufs())
  if buffers[1] then
    config.root_dir = vim.fs.root(buffers[1], config.root_markers)
    M.start(config, buffers)
  end
end

return M
