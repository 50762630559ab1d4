-- The script of one wrk run. Arguments after `--`: method, path (%d stands for an id), highest id,
-- body. Prints what was counted as one line of JSON behind "COUNTED ".

local requests = {}
local position = 0

function init(arguments)
	local method, path, ids, body = arguments[1], arguments[2], tonumber(arguments[3]), arguments[4]
	local headers = { ["Content-Type"] = "application/json" }
	if method == "GET" then
		headers, body = {}, nil
	end
	for id = 1, ids do
		requests[id] = wrk.format(method, path:gsub("%%d", tostring(id)), headers, body)
	end
end

function request()
	position = position % #requests + 1
	return requests[position]
end

function done(summary)
	local errors = summary.errors
	local failed = errors.connect + errors.read + errors.write + errors.status + errors.timeout
	io.write(string.format(
		'COUNTED {"requests":%d,"seconds":%f,"failed":%d}\n',
		summary.requests, summary.duration / 1e6, failed
	))
end
