-- What the user has asked for and not given up: an answer that was on its way when they did is dropped.
local M = {}

local turn = 0

---@generic T: function
---@param handler T what to do with the answer
---@return T the same, and nothing once the user has given everything up
function M.wanted(handler)
  local mine = turn
  return function(...)
    if mine == turn then
      return handler(...)
    end
  end
end

---From now on nothing that was asked for so far is wanted.
function M.give_up()
  turn = turn + 1
end

return M
