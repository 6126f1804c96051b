-- Requests from a file, one a line: METHOD PATH [BODY]. Every thread takes its own share of the lines, in order; at the
-- end of them GETs begin again, and anything else stops, for it can be asked only once.
-- Arguments after `--`: file, threads, headers ("Name: value").

local threads = {}

function setup(thread)
  thread:set("share", #threads)
  table.insert(threads, thread)
end

function init(args)
  local step, number, first = tonumber(args[2]), 0, nil
  for i = 3, #args do
    local name, value = args[i]:match("^(.-): (.*)$")
    wrk.headers[name] = value
  end
  lines, at, dry = {}, 0, 0
  for line in io.lines(args[1]) do
    if number % step == share then table.insert(lines, line) end
    first, number = first or line, number + 1
  end
  if #lines == 0 then lines = { first } end
end

function request()
  at = at + 1
  if at > #lines then
    at = 1
    if lines[1]:sub(1, 4) ~= "GET " then
      dry = 1
      wrk.thread:stop()
    end
  end
  local method, path, body = lines[at]:match("^(%S+) (%S+) ?(.*)$")
  if body == "" then return wrk.format(method, path) end
  wrk.headers["Content-Type"] = "application/json"
  return wrk.format(method, path, nil, body)
end

function done(summary, latency, _)
  local wrong = summary.errors.status + summary.errors.connect + summary.errors.read + summary.errors.write
    + summary.errors.timeout
  local dried = 0
  for _, thread in ipairs(threads) do dried = dried + thread:get("dry") end
  io.write(string.format("figures %d %d %d %d %d %d %d\n", summary.requests, summary.duration, summary.bytes,
    latency:percentile(50), latency:percentile(99), wrong, dried))
end
