-- The modules by themselves: what they make of configurations, messages of the server, and answers.
local new_set, eq = MiniTest.new_set, MiniTest.expect.equality

local said ---@type string[]
local T = new_set({
  hooks = {
    pre_case = function()
      for name in pairs(package.loaded) do
        if vim.startswith(name, 'ghostproof') then
          package.loaded[name] = nil
        end
      end
      vim.g.ghostproof = nil
      said = {}
      vim.notify = function(message)
        table.insert(said, message)
      end
    end,
  },
})

T['config'] = new_set()

T['config']['has defaults'] = function()
  local config = require('ghostproof.config')
  eq(config.get().cmd, { 'ghostproof', 'serve' })
  eq(config.get().enable, true)
  eq(config.get().keys, {})
  eq(config.problems(), {})
end

T['config']['takes a table or a function'] = function()
  vim.g.ghostproof = { ghost_text = false, settings = { lean = { checker = 'scratch' } } }
  local config = require('ghostproof.config')
  eq(config.get().ghost_text, false)
  eq(config.get().settings, { lean = { checker = 'scratch' }, lsp = { debounce_s = 0 } })
  vim.g.ghostproof = function()
    return { settings = { lsp = { debounce_s = 1 } } }
  end
  eq(config.get().settings, { lsp = { debounce_s = 1 } })
  eq(config.problems(), {})
end

T['config']['names what is wrong and goes on with the default'] = function()
  vim.g.ghostproof = { cmd = 'ghostproof serve', colour = 1, keys = { acept = '<Tab>' } }
  local config = require('ghostproof.config')
  eq(config.get().cmd, { 'ghostproof', 'serve' })
  eq(config.problems(), {
    '`cmd` must be a table, not a string.',
    '`colour` is not an option.',
    '`keys.acept` is not an option.',
  })
  vim.g.ghostproof = 3
  eq(#config.problems(), 1)
  eq(config.get().enable, true)
end

T['config']['its defaults cannot be spoilt'] = function()
  local config = require('ghostproof.config')
  table.insert(config.get().cmd, '--verbose')
  config.get().settings.lsp.debounce_s = 5
  eq(config.get().cmd, { 'ghostproof', 'serve' })
  eq(config.get().settings.lsp.debounce_s, 0)
end

T['commands'] = new_set()

T['commands']['complete their names'] = function()
  local complete = require('ghostproof.commands').complete
  eq(complete('Ghostproof '), { 'suggest', 'panel', 'prove', 'repair', 'cancel', 'restart', 'doctor', 'pause', 'log' })
  eq(complete('Ghostproof! re'), { 'repair', 'restart' })
  eq(complete('Ghostproof restart '), {})
end

T['commands']['say what there is'] = function()
  require('ghostproof.commands').run({ 'sugest' }, false)
  local message = 'Ghostproof: `sugest` is not a command; there are '
  eq(said, { message .. 'suggest, panel, prove, repair, cancel, restart, doctor, pause, log.' })
end

T['commands']['do no harm without a server'] = function()
  local commands = require('ghostproof.commands')
  commands.run({}, false)
  commands.run({ 'suggest' }, false)
  commands.run({ 'cancel' }, false)
  eq(said, {
    'Ghostproof is not attached to this buffer.',
    'Ghostproof: not attached to this buffer. `:checkhealth ghostproof` tells why.',
    'Ghostproof: nothing to cancel.',
  })
  eq(require('ghostproof').statusline(), '')
  eq(require('ghostproof').accept(), false)
end

T['status'] = new_set()

---@param status table
---@return string
local function line(status)
  require('ghostproof.client').of = function()
    return { id = 7 }
  end
  require('ghostproof.status').update(7, status)
  return require('ghostproof').statusline()
end

T['status']['shows state and prover'] = function()
  eq(line({ state = 'busy' }), 'ghostproof: busy · automation only')
  eq(line({ state = 'idle', prover = { state = 'off' } }), 'ghostproof: idle · automation only')
  local prover = { state = 'loading', model = 'Goedel' }
  eq(line({ state = 'idle', prover = prover }), 'ghostproof: idle · Goedel (loading)')
  prover = { state = 'ready', model = 'Goedel', tokensPerSecond = 41.7 }
  eq(line({ state = 'idle', prover = prover }), 'ghostproof: idle · Goedel, 42 tokens/s')
  require('ghostproof.wait').paused = true
  eq(line({ state = 'error' }), 'ghostproof: paused · automation only')
end

T['status']['cannot be made a status line item'] = function()
  eq(line({ state = 'idle', prover = { state = 'ready', model = '%{f()}\n' } }), 'ghostproof: idle · {f()}')
end

T['status']['tells all it knows'] = function()
  line({ state = 'error', toolchain = 'Lean 4', checker = 'probe', message = 'Lean died.' })
  local lines = require('ghostproof.status').lines()
  eq(lines, { 'ghostproof: error · automation only', 'Lean: Lean 4, checked by the probe', 'Lean died.' })
end

T['panel'] = new_set()

T['panel']['tells of an error above the goal, which nothing is inserted for'] = function()
  local simp = { text = 'simp', outcome = '✓ closes the goal', source = 'test', ms = 1, goals = {} }
  local answer = { done = true, message = '', checked = 1, suggestions = { simp } }
  local lines = require('ghostproof.panel').lines
  answer.errorAbove = { line = 2, message = 'no', told = 'Line 3 above has an error: no.' }
  local shown, owners = lines(answer)
  eq(vim.list_slice(shown, 1, 5), {
    'Accepted by Lean; <CR> inserts:',
    '',
    '! Line 3 above has an error: no.',
    '',
    'simp',
  })
  eq(owners, { [5] = simp, [6] = simp })
  answer.errorAbove = vim.NIL
  eq(lines(answer)[3], 'simp')
end

T['prove'] = new_set()

---@param lines string[] the buffer
---@param from integer[] line and UTF-16 column, from 0
---@param to integer[]
---@param text string
---@return string[]
local function compared(lines, from, to, text)
  local bufnr = vim.api.nvim_create_buf(false, true)
  vim.api.nvim_buf_set_lines(bufnr, 0, -1, false, lines)
  local range = { start = { line = from[1], character = from[2] }, ['end'] = { line = to[1], character = to[2] } }
  return require('ghostproof.prove').comparison(bufnr, 'utf-16', { range = range, newText = text })
end

T['prove']['compares what would change'] = function()
  local text = { 'theorem 𝕜 : p := by', '  sorry' }
  eq(compared(text, { 1, 2 }, { 1, 7 }, 'intro h\n  simp'), { '-   sorry', '+   intro h', '+   simp' })
  eq(compared(text, { 1, 2 }, { 1, 7 }, 'intro h\r\n  simp'), { '-   sorry', '+   intro h', '+   simp' })
  eq(
    compared({ 'theorem 𝕜 : p := by' }, { 0, 20 }, { 0, 20 }, '\n  simp'),
    { '  theorem 𝕜 : p := by', '+   simp' }
  )
  eq(compared({ 'theorem 𝕜 : p := sorry' }, { 0, 18 }, { 0, 23 }, 'by simp'), {
    '- theorem 𝕜 : p := sorry',
    '+ theorem 𝕜 : p := by simp',
  })
end

T['prove']['shows lemmas above as lines that are new'] = function()
  local text = { 'theorem t : p := by', '  sorry' }
  eq(compared(text, { 0, 0 }, { 0, 0 }, 'theorem key : q := by\n  simp\n\n'), {
    '+ theorem key : q := by',
    '+   simp',
    '+ ',
  })
end

T['prove']['reports what was tried'] = function()
  local answer = { message = 'No proof.', tried = { 'simp', 'omega' }, left = { 'n : Nat\n⊢ p n' } }
  eq(require('ghostproof.prove').report(answer), {
    'No proof.',
    '',
    'Left to be proved:',
    '  • n : Nat',
    '    ⊢ p n',
    '',
    'Tried, among others:',
    '  • simp',
    '  • omega',
  })
  eq(require('ghostproof.prove').report({ message = 'No goal.', tried = {}, left = {} }), { 'No goal.' })
end

T['wait'] = new_set()

local INLINE = 'textDocument/inlineCompletion'

---A client that answers when it is told to.
---@return table client, function[] answers those that wait, oldest first
local function waiting()
  local answers = {}
  local client = { id = 7 }
  client.request = function(_, _, _, handler)
    table.insert(answers, handler)
    return true, #answers
  end
  require('ghostproof.wait').adopt(client)
  return client, answers
end

T['wait']['leaves other requests alone'] = function()
  local client, answers = waiting()
  local got
  client:request('textDocument/hover', {}, function(_, result)
    got = result
  end)
  answers[1](nil, 'x')
  eq(got, 'x')
end

T['wait']['drops the answer to an older request'] = function()
  local client, answers = waiting()
  local got = {}
  for number = 1, 2 do
    client:request(INLINE, {}, function(_, result)
      got[number] = result
    end, 0)
  end
  answers[2](nil, { 'new' })
  answers[1](nil, { 'old' })
  eq(got, { [2] = { 'new' } })
end

T['wait']['is silent while paused'] = function()
  local client, answers = waiting()
  require('ghostproof.wait').paused = true
  local got
  client:request(INLINE, {}, function(_, result)
    got = result
  end, 0)
  eq(answers, {})
  eq(got, { items = {} })
end

---@param state string what the server says of itself
---@param milliseconds integer how long an answer takes
---@param texts string[][] what each answer offers
---@return integer requests, any[] results
local function answered(state, milliseconds, texts)
  local client, answers = waiting()
  require('ghostproof.status').update(7, { state = state })
  local got = {}
  client:request(INLINE, {}, function(_, result)
    table.insert(got, result[1] and result[1].insertText or 'nothing')
  end, 0)
  local clock = vim.uv.hrtime
  local late = 0
  vim.uv.hrtime = function()
    late = late + milliseconds * 1e6
    return clock() + late
  end
  for number, offered in ipairs(texts) do
    if answers[number] then
      answers[number](
        nil,
        vim.tbl_map(function(text)
          return { insertText = text }
        end, offered)
      )
    end
  end
  vim.uv.hrtime = clock
  return #answers, got
end

T['wait']['asks again while the server searches, and shows what is better'] = function()
  local texts = { {}, { 'induction n' }, { 'induction n', 'cases n' }, { 'omega' } }
  eq({ answered('busy', 1500, texts) }, { 5, { 'nothing', 'induction n', 'omega' } })
end

T['wait']['takes an answer for an answer'] = function()
  eq({ answered('idle', 1500, { { 'omega' }, {} }) }, { 1, { 'omega' } })
  eq({ answered('busy', 0, { {}, {} }) }, { 1, { 'nothing' } })
end

T['wait']['lets plugins ask for code actions in passing'] = function()
  local client, answers = waiting()
  require('ghostproof.status').update(7, { state = 'busy' })
  local got = {}
  for kind = 1, 2 do
    client:request('textDocument/codeAction', { context = { triggerKind = kind } }, function(_, result)
      got[kind] = result
    end, 0)
  end
  local clock = vim.uv.hrtime
  vim.uv.hrtime = function()
    return clock() + 1e9
  end
  answers[1](nil, {})
  answers[2](nil, {})
  vim.uv.hrtime = clock
  eq(#answers, 3)
  eq(got, { [2] = {} })
end

T['recovery'] = new_set()

T['recovery']['waits longer each time and then gives up'] = function()
  local delays = {}
  local later = vim.defer_fn
  vim.defer_fn = function(_, milliseconds)
    table.insert(delays, milliseconds)
  end
  vim.g.ghostproof = { enable = false }
  for _ = 1, 5 do
    require('ghostproof.recovery').ended({ config = {} }, {}, 1, 0, true)
  end
  vim.defer_fn = later
  eq(delays, { 500, 2000, 8000, 30000 })
  eq(said[1], 'Ghostproof: the server has ended (exit code 1); it is started again in 0.5 s.')
  eq(said[5]:match('`:Ghostproof restart` tries again'), '`:Ghostproof restart` tries again')
end

T['recovery']['does not repeat a start that failed'] = function()
  vim.g.ghostproof = { enable = false }
  require('ghostproof.recovery').ended({ config = {} }, {}, 2, 0, false)
  eq(said, { 'Ghostproof: the server did not start (exit code 2). `:checkhealth ghostproof` tells why.' })
end

return T
