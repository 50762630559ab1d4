-- The script of one wrk run. Arguments after `--`: method, path, bytes of the body, If-None-Match.
-- Prints what was counted as one line of JSON behind "COUNTED ".

local message

function init(arguments)
	local method, path, size, etag = arguments[1], arguments[2], tonumber(arguments[3]), arguments[4]
	if method == "POST" then
		message = wrk.format(method, path, { ["Content-Type"] = "text/plain" }, string.rep("burr ", size / 5))
	elseif etag then
		message = wrk.format(method, path, { ["If-None-Match"] = etag })
	else
		message = wrk.format(method, path, {})
	end
end

function request()
	return message
end

function done(summary)
	local errors = summary.errors
	local failed = errors.connect + errors.read + errors.write + errors.status + errors.timeout
	io.write(string.format(
		'COUNTED {"requests":%d,"seconds":%f,"failed":%d}\n',
		summary.requests, summary.duration / 1e6, failed
	))
end
