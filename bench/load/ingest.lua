-- Instantly events, no two alike: each has a time of its own, while contacts, campaigns and organizations come again as they do in life.
-- Arguments: the event (a file with {time}, {type}, {contact}, {campaign} in it), the first time (seconds since 1970), organizations,
-- campaigns, contacts, the secret, and the types to send. Organization n is reached with the token bench-n.
done = require("measure")

local pieces, types, headers
local first, organizations, campaigns, contacts
local sent = 0

init = function(arguments)
  local file = assert(io.open(arguments[1]))
  local event = file:read("*l")
  file:close()
  first, organizations, campaigns, contacts = tonumber(arguments[2]), tonumber(arguments[3]), tonumber(arguments[4]), tonumber(arguments[5])
  headers = { ["Content-Type"] = "application/json", ["X-Bench-Secret"] = arguments[6] }
  types = { unpack(arguments, 7) }
  pieces = {}
  for text, name in (event .. "{}"):gmatch("(.-){(%a*)}") do
    table.insert(pieces, text)
    table.insert(pieces, name)
  end
end

request = function()
  sent = sent + 1
  local contact = math.random(contacts)
  local values = {
    time = os.date("!%Y-%m-%dT%H:%M:%S", first + math.floor(sent / 1000)) .. string.format(".%03dZ", sent % 1000),
    type = types[sent % #types + 1],
    contact = contact,
    campaign = string.format("%012d", contact % campaigns),
  }
  local body = {}
  for i = 1, #pieces, 2 do
    body[i] = pieces[i]
    body[i + 1] = values[pieces[i + 1]] or ""
  end
  return wrk.format("POST", "/api/webhooks/instantly/bench-" .. (contact % organizations + 1), headers, table.concat(body))
end
