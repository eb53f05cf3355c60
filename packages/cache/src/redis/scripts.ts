import { createHash } from 'node:crypto';

/** A script with the name under which Redis keeps it. */
export interface Script {
  readonly text: string;
  readonly sha: string;
}

function script(text: string): Script {
  return { text, sha: createHash('sha1').update(text).digest('hex') };
}

/** An entry is `U1`, its stamp, when it expires by the layer's clock, each in 16 digits, and the bytes. */
export const headerLength = 34;
const stampEnd = 18;

/** What holds no text is read as an empty one, which is no entry and nobody's lease. */
const readText = `
local function text(command, ...)
  local reply = redis.pcall(command, ...)
  if type(reply) ~= 'table' then return reply end
  if string.find(reply.err, 'WRONGTYPE', 1, true) then return '' end
  error(reply)
end`;

/**
 * Whoever has a lease already has it anew. Whatever stands in its place and never goes is none: everybody would wait
 * for it.
 */
const takeLease = `
local function lease(key, id, ttl)
  if redis.call('SET', key, id, 'NX', 'PX', ttl) then return 1 end
  if text('GET', key) ~= id and redis.call('PTTL', key) >= 0 then return 0 end
  redis.call('SET', key, id, 'PX', ttl)
  return 1
end`;

/** Nothing where there is no entry. */
const readStamp = `
local function stamp(key)
  local header = text('GETRANGE', key, 0, ${headerLength - 1})
  return string.sub(header, 1, 2) == 'U1' and tonumber(string.sub(header, 3, ${stampEnd}))
end`;

/** KEYS entry, lease; ARGV lease id, lease ms → [bytes or false, leased] */
export const readScript = script(`${readText}${takeLease}
local entry = text('GET', KEYS[1])
if entry then return { entry, 0 } end
return { false, lease(KEYS[2], ARGV[1], ARGV[2]) }
`);

/** KEYS lease, entry; ARGV lease id, lease ms, stamp of the entry that was read or '' → 1 when it is the caller's, now or already */
export const leaseScript = script(`${readText}${takeLease}${readStamp}
if ARGV[3] ~= '' and (stamp(KEYS[2]) or 0) > tonumber(ARGV[3]) then return 0 end
return lease(KEYS[1], ARGV[1], ARGV[2])
`);

/** KEYS entry, lease; ARGV stamp in 16 digits, bytes, ttl ms, lease id → 1 when kept. An older one never replaces a newer. */
export const putScript = script(`${readText}${readStamp}
if ARGV[4] ~= '' and text('GET', KEYS[2]) == ARGV[4] then redis.call('DEL', KEYS[2]) end
if (stamp(KEYS[1]) or 0) > tonumber(ARGV[1]) then return 0 end
local time = redis.call('TIME')
local expires = string.format('%016.0f', time[1] * 1000000 + time[2] + ARGV[3] * 1000)
redis.call('SET', KEYS[1], 'U1' .. ARGV[1] .. expires .. ARGV[2], 'PX', ARGV[3])
return 1
`);

/** KEYS lease; ARGV lease id */
export const releaseScript = script(`${readText}
if text('GET', KEYS[1]) == ARGV[1] then return redis.call('DEL', KEYS[1]) end
return 0
`);

/** KEYS entry; ARGV position → 1 when an entry with an earlier stamp, or something else, was deleted */
export const deleteOlderScript = script(`${readText}${readStamp}
local found = stamp(KEYS[1])
if found and found >= tonumber(ARGV[1]) then return 0 end
return redis.call('UNLINK', KEYS[1])
`);

/**
 * KEYS log, last; ARGV since id or '', touch ms or '', entries at most, ms for which names are remembered, names…
 * → [state, newest id or '', cleared at, now, entries, more, last invalidations, token]
 *
 * The log is a stream whose ids are a position and a nonce: another history has other ids. `last` holds for each name
 * the position of its last invalidation, and must hold the one of everything (`*`).
 */
export const syncScript = script(`
local since, touch, limit = ARGV[1], ARGV[2], tonumber(ARGV[3])
local time = redis.call('TIME')
local now = string.format('%.0f', time[1] * 1000000 + time[2])
local newest = redis.call('XREVRANGE', KEYS[1], '+', '-', 'COUNT', 1)[1]
local cleared = redis.call('ZSCORE', KEYS[2], '*')
if not newest or not cleared then return { 'lost', '', 0, now, {}, 0, {}, '' } end
if touch ~= '' then
  redis.call('PEXPIRE', KEYS[1], touch)
  redis.call('PEXPIRE', KEYS[2], touch)
  -- Where memory is short this fails, and so does every invalidation.
  if tonumber(ARGV[4]) > tonumber(redis.call('ZSCORE', KEYS[2], '!') or 0) then
    redis.pcall('ZADD', KEYS[2], ARGV[4], '!')
  end
end
local state, entries, more = 'whole', {}, 0
if since ~= '' and since ~= newest[1] then
  entries = redis.call('XRANGE', KEYS[1], since, '+', 'COUNT', limit + 1)
  if not entries[1] or entries[1][1] ~= since then
    local oldest = redis.call('XRANGE', KEYS[1], '-', '+', 'COUNT', 1)[1][1]
    local function position(id) return tonumber(string.match(id, '^%d+')) end
    local info = redis.call('XINFO', 'STREAM', KEYS[1])
    local of = {}
    for index = 1, #info, 2 do of[info[index]] = info[index + 1] end
    -- A log from which nothing was trimmed yet has no older history.
    local trimmed = of['entries-added'] > of['length']
    state = trimmed and position(oldest) > position(since) and 'behind' or 'lost'
    entries = {}
  else
    table.remove(entries, 1)
    if #entries == limit then more = 1 end
  end
end
local scores, latest = {}, 0
if #ARGV > 4 then
  scores = redis.call('ZMSCORE', KEYS[2], unpack(ARGV, 5))
  for index, score in ipairs(scores) do
    local position = score and tonumber(score) or 0
    if position > latest and ARGV[index + 4] ~= '*' then latest = position end
    scores[index] = score or '0'
  end
end
local token = ''
if latest > 0 then
  local found = redis.call('XRANGE', KEYS[1], string.format('%.0f', latest), string.format('%.0f', latest), 'COUNT', 1)[1]
  if found then
    for index = 1, #found[2], 2 do
      if found[2][index] == 't' then token = found[2][index + 1] end
    end
  end
end
return { state, newest[1], cleared, now, entries, more, scores, token }
`);

/**
 * Names that one invalidation may have; with more, everything becomes invalid. Lua passes no more than some thousand
 * arguments.
 */
const maxFanOut = 3_000;

/**
 * KEYS log, last, prefix of links; ARGV nonce, position to come after, names that the log remembers at most, entries at
 * most, ms for which names are remembered, ms for which the keys stay, token, `unless` position or '', how many names
 * belong to it, these names…, names…
 * → [id or '', names]
 *
 * Names older than any entry can be are forgotten; where there are more than are remembered, the oldest are, and
 * everything that is older than they with them.
 */
export const appendScript = script(`
local function member(name) return tonumber(redis.call('ZSCORE', KEYS[2], name) or 0) end
local guards = tonumber(ARGV[9])
if ARGV[8] ~= '' then
  local limit = tonumber(ARGV[8])
  if member('*') > limit then return { '', {} } end
  for index = 10, 9 + guards do
    if member(ARGV[index]) > limit then return { '', {} } end
  end
end
local names, known = {}, {}
local function add(name)
  if known[name] then return end
  known[name] = true
  names[#names + 1] = name
end
for index = 10 + guards, #ARGV do add(ARGV[index]) end
local at = 1
while at <= #names do
  if string.sub(names[at], 1, 1) == 't' then
    local effects = redis.pcall('SMEMBERS', KEYS[3] .. string.sub(names[at], 2))
    -- What follows cannot be read: anything may.
    if effects.err then add('*') else
      for _, effect in ipairs(effects) do add('t' .. effect) end
    end
  end
  if #names > ${maxFanOut} then names, known = { '*' }, { ['*'] = true } end
  at = at + 1
end
local newest = redis.call('XREVRANGE', KEYS[1], '+', '-', 'COUNT', 1)[1]
local cleared = member('*')
if not newest or cleared == 0 then add('*') end
local time = redis.call('TIME')
local position = time[1] * 1000000 + time[2]
if newest then position = math.max(position, tonumber(string.match(newest[1], '^%d+')) + 1) end
position = math.max(position, cleared + 1, tonumber(ARGV[2]) + 1)
local text = string.format('%.0f', position)
local id = text .. '-' .. ARGV[1]
local fields = {}
for _, name in ipairs(names) do
  fields[#fields + 1] = 'n'
  fields[#fields + 1] = name
  redis.call('ZADD', KEYS[2], text, name)
end
if ARGV[7] ~= '' then
  fields[#fields + 1] = 't'
  fields[#fields + 1] = ARGV[7]
end
if #fields == 0 then fields = { 'h', '' } end
redis.call('XADD', KEYS[1], 'MAXLEN', '~', ARGV[4], id, unpack(fields))
if known['*'] then cleared = position end
local retain = math.max(tonumber(ARGV[5]), member('!'))
redis.call('ZREMRANGEBYSCORE', KEYS[2], '-inf', string.format('(%.0f', position - retain * 1000))
local excess = redis.call('ZCARD', KEYS[2]) - tonumber(ARGV[3])
if excess > 0 then
  local removed = redis.call('ZPOPMIN', KEYS[2], excess)
  cleared = math.max(cleared, tonumber(removed[#removed]))
end
redis.call('ZADD', KEYS[2], string.format('%.0f', retain), '!', string.format('%.0f', cleared), '*')
redis.call('PEXPIRE', KEYS[1], ARGV[6])
redis.call('PEXPIRE', KEYS[2], ARGV[6])
return { id, names }
`);

/** KEYS prefix of links; ARGV cause, effect, ttl ms → the way from effect to cause where there is one, else nothing */
export const linkScript = script(`
local from, queue, at = { [ARGV[2]] = '' }, { ARGV[2] }, 1
while at <= #queue and at <= ${maxFanOut} do
  local tag = queue[at]
  if tag == ARGV[1] then
    local way = {}
    while tag ~= '' do
      table.insert(way, 1, tag)
      tag = from[tag]
    end
    return way
  end
  for _, effect in ipairs(redis.call('SMEMBERS', KEYS[1] .. tag)) do
    if from[effect] == nil then
      from[effect] = tag
      queue[#queue + 1] = effect
    end
  end
  at = at + 1
end
if redis.call('SCARD', KEYS[1] .. ARGV[1]) >= ${maxFanOut} then return redis.error_reply('FANOUT too many links') end
redis.call('SADD', KEYS[1] .. ARGV[1], ARGV[2])
redis.call('PEXPIRE', KEYS[1] .. ARGV[1], ARGV[3])
return {}
`);

/** KEYS counts; ARGV keys kept, ttl ms, count, key, count, key… */
export const countReadsScript = script(`
for index = 3, #ARGV, 2 do redis.call('ZINCRBY', KEYS[1], ARGV[index], ARGV[index + 1]) end
redis.call('ZREMRANGEBYRANK', KEYS[1], 0, -1 - tonumber(ARGV[1]))
redis.call('PEXPIRE', KEYS[1], ARGV[2])
return 1
`);
