-- Reads rows by id, one after the other. Arguments: a file with a path per line, and the access token.
done = require("measure")

local requests = {}
local sent = 0

init = function(arguments)
  for path in io.lines(arguments[1]) do
    table.insert(requests, wrk.format("GET", path, { ["Authorization"] = "Bearer " .. arguments[2] }))
  end
end

request = function()
  sent = sent + 1
  return requests[sent % #requests + 1]
end
