"""What a Redis store does inside the server: each script is atomic and touches one key, or two with one hash tag.

A session is a hash, which Redis drops a minute after the session is over: counted from the time of the server that
asks, so that Redis's own clock matters to nobody. Times are whole microseconds since 1970, which a double holds
exactly; a field that has no value is absent, so that nothing ever equals it.
"""

_SESSION = """
local function load()
  local flat, session = redis.call('HGETALL', KEYS[1]), {}
  for i = 1, #flat, 2 do session[flat[i]] = flat[i + 1] end
  return session
end

local function over_at(session)
  local idle, absolute = tonumber(session.idle_expires_at), tonumber(session.expires_at)
  return (absolute and absolute < idle) and absolute or idle
end

local function is_alive(session, now)
  return session.id and not session.ended_at and over_at(session) > now
end

local function put(session, name, value)
  session[name] = value
  if value then redis.call('HSET', KEYS[1], name, value) else redis.call('HDEL', KEYS[1], name) end
end

local function saved(session, now)
  local left = math.ceil((over_at(session) - now) / 1000)
  redis.call('PEXPIRE', KEYS[1], left + 60000)
  return redis.call('HGETALL', KEYS[1])
end

local function use(session, now, idle, short_idle)
  put(session, 'last_used_at', now)
  put(session, 'idle_expires_at', session.remember == '1' and idle or short_idle)
end
"""

START = (
    _SESSION
    + """
redis.call('HSET', KEYS[1], unpack(ARGV, 2))
return saved(load(), tonumber(ARGV[1]))
"""
)
"""Arguments: now, then names and values."""

ROTATE = (
    _SESSION
    + """
local now, before, idle, short_idle, expected, presented, fresh = unpack(ARGV)
local session = load()
local may_move = is_alive(session, tonumber(now)) and tonumber(session.rotated_at) < tonumber(before)
if not may_move or session[expected] ~= presented then return nil end
if expected == 'next' then
  put(session, 'superseded', session.current)
  put(session, 'current', session.next)
else
  put(session, 'superseded', session.next)
end
put(session, 'next', fresh)
put(session, 'rotated_at', now)
use(session, now, idle, short_idle)
return saved(session, tonumber(now))
"""
)
"""The rotation rule's compare-and-swap: does something only if `expected`, ``next`` or ``current``, is `presented`."""

TOUCH = (
    _SESSION
    + """
local now, idle, short_idle, authenticated_at = unpack(ARGV)
local session = load()
if not is_alive(session, tonumber(now)) then return nil end
if authenticated_at then put(session, 'authenticated_at', authenticated_at) end
use(session, now, idle, short_idle)
return saved(session, tonumber(now))
"""
)

RENAME = (
    _SESSION
    + """
local now, user_id, device = unpack(ARGV)
local session = load()
if not is_alive(session, tonumber(now)) or session.user_id ~= user_id then return nil end
put(session, 'device', device)
return saved(session, tonumber(now))
"""
)
"""Without a third argument the device has no name any more."""

SET_CLAIMS = (
    _SESSION
    + """
local now, claims = unpack(ARGV)
local session = load()
if not is_alive(session, tonumber(now)) then return nil end
put(session, 'claims', claims)
return saved(session, tonumber(now))
"""
)
"""Without a second argument the session has no claims any more."""

END = (
    _SESSION
    + """
local now, reason, user_id = unpack(ARGV)
local session = load()
if user_id ~= '' and session.user_id ~= user_id then return nil end
if not is_alive(session, tonumber(now)) then
  return session.ended_at and {0, redis.call('HGETALL', KEYS[1])} or nil
end
put(session, 'ended_at', now)
put(session, 'ended_reason', reason)
return {1, saved(session, tonumber(now))}
"""
)
"""Return whether this call has ended the session, and the session; also of one that had been ended before."""

NOTE_ENDED = """
for i = 2, #ARGV, 3 do
  redis.call('ZADD', KEYS[1], ARGV[i + 1], ARGV[i])
  redis.call('ZADD', KEYS[2], ARGV[i + 2], ARGV[i])
end
local over = redis.call('ZRANGEBYSCORE', KEYS[2], '-inf', ARGV[1], 'LIMIT', 0, 500)
if #over > 0 then
  redis.call('ZREM', KEYS[1], unpack(over))
  redis.call('ZREM', KEYS[2], unpack(over))
end
return #over
"""
"""Keep ids by the time of their ending, and by the time from which they are of no interest; forget those.

Arguments: now, then for each session its id and both times.
"""

NOTE_OWNED = """
local is_new = redis.call('EXISTS', KEYS[1]) == 0
redis.call('SADD', KEYS[1], ARGV[1])
local left, wanted = redis.call('PTTL', KEYS[1]), tonumber(ARGV[2])
if not wanted then
  redis.call('PERSIST', KEYS[1])
elseif is_new or (left >= 0 and left < wanted) then
  redis.call('PEXPIRE', KEYS[1], wanted)
end
return nil
"""
"""Add a session to those of its user, and keep the set at least as long as the session may live.

Arguments: the id, and milliseconds or nothing.
"""

CLOCK = "return redis.call('TIME')"
"""Return seconds and microseconds of the server that has the key."""
