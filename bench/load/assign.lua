-- Automatic assignment, one contact a request, none twice. Arguments: the access token and the number of the first contact; contact n has the
-- id that AssignScenario gives it.
done = require("measure")

local headers, number

init = function(arguments)
  headers = { ["Authorization"] = "Bearer " .. arguments[1], ["Content-Type"] = "application/json" }
  number = tonumber(arguments[2]) - 1
end

request = function()
  number = number + 1
  local body = string.format('{"contact_ids":["00000000-0000-4000-8000-%012x"]}', number)
  return wrk.format("POST", "/api/admin/contacts/auto-assign", headers, body)
end
