-- Registers the command, and the client for the first Lean buffer. What they do is loaded when it is needed.
if vim.g.loaded_ghostproof then
  return
end
vim.g.loaded_ghostproof = true

local group = vim.api.nvim_create_augroup('ghostproof', { clear = true })

if vim.fn.has('nvim-0.11') == 0 then
  vim.api.nvim_create_autocmd('FileType', {
    group = group,
    pattern = 'lean',
    once = true,
    callback = function()
      vim.notify('Ghostproof needs Neovim 0.11 or newer.', vim.log.levels.WARN)
    end,
  })
  return
end

vim.api.nvim_create_user_command('Ghostproof', function(call)
  require('ghostproof.commands').run(call.fargs, call.bang)
end, {
  nargs = '*',
  bang = true,
  complete = function(_, line)
    return require('ghostproof.commands').complete(line)
  end,
  desc = 'Verified suggestions for Lean',
})

local function enable()
  require('ghostproof').enable()
end

vim.api.nvim_create_autocmd('FileType', { group = group, pattern = 'lean', once = true, callback = enable })

-- A plugin manager may load this file because of a Lean buffer that is already there.
if vim.v.vim_did_enter == 1 then
  for _, buffer in ipairs(vim.api.nvim_list_bufs()) do
    if vim.bo[buffer].filetype == 'lean' then
      vim.schedule(enable)
      break
    end
  end
end
