-- Writes what wrk saw as one line of JSON. No response() anywhere: looking at every answer in Lua would cost more than sending the request.
return function(summary, latency)
  local errors = summary.errors
  io.write(string.format(
    'result {"requests":%d,"duration_us":%d,"refused":%d,"broken":%d,"p99_us":%f}\n',
    summary.requests, summary.duration, errors.status, errors.connect + errors.read + errors.write + errors.timeout,
    latency:percentile(99)))
end
