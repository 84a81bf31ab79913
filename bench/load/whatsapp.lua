-- Signed deliveries of Meta, no two alike. Argument: a file with a line for each delivery, its signature and its body. wrk cannot compute signatures.
done = require("measure")

local lines

init = function(arguments)
  lines = assert(io.open(arguments[1]))
end

request = function()
  local line = assert(lines:read("*l"), "There are no more deliveries: write more of them")
  return wrk.format("POST", "/api/webhooks/whatsapp", { ["Content-Type"] = "application/json", ["X-Hub-Signature-256"] = line:sub(1, 71) }, line:sub(73))
end
