import { backOff } from './back-off';
import { exact } from './exact';
import { forgetAfter } from './forget-after';
import { ifInstalled, loadState, overwriteState, preamble, saveState } from './load-state';
import { look } from './look';
import { scripts } from './script';

/**
 * KEYS state, hold?, event?, leases…; list names, format, limits…, amounts…, keep ms, and with a hold its expiry in
 * ms, how long it is kept in ms, its id, all counters and `1` with a ledger, and with an event its fingerprint and
 * how long it is kept in ms
 * → `0` or `3`, now, epoch, until when holds may be open, values…, refusing limits…; `1`, now; `2`; or `4`
 */
export const decideScript = scripts(
  (hasLedger: boolean, hasHold: boolean, hasEvent: boolean, hasLeases: boolean) => {
    const ledger = hasLedger ? 'required' : 'none';
    const further = 1 + (hasHold ? 5 : 0) + (hasEvent ? 2 : 0);
    const eventKey = `KEYS[${hasHold ? 3 : 2}]`;
    const leasesFrom = 2 + Number(hasHold) + Number(hasEvent);
    return `${preamble}
${loadState(ledger)}
${ifInstalled[ledger].state}
local last = #c - ${further}
local lastLimit = 2 + (last - 2) / 5 * 4
local refused
local out = { 0, now, s[1], s[2] }
local to, at, of, isCharged = 3, 3, lastLimit + 1, false
-- Whether it is kept for long enough already: each period was, when it began.
local isKept = isUsual
${hasLeases ? `local leases = ${leasesFrom}` : ''}
while of <= last do
  local kind, cap, first, amount, isRefused = c[to], c[to + 1] + 0, c[to + 2] + 0, c[of] + 0, false
  if kind == 'q' then
    local second = c[to + 3] + 0
    if now < first or now >= second then return { 1, now } end
    ${ifInstalled[ledger].quota}
    local isNew, used = s[at + 1] < first, s[at]
    if isNew then used = 0 end
    if amount > 0 then
      used = used + amount
      if used > cap then
        isRefused = true
      else
        s[at], isCharged = used, true
        if isNew or second > s[at + 2] then isKept = false end
        if isNew then s[at + 1], s[at + 2] = first, second end
      end
    end
    out[#out + 1] = ${exact('used')}
    at = at + 3
  elseif kind == 'r' then
    -- GCRA: ITU-T I.371, with the arrival time on the server's clock.
    local tat, tolerance = s[at], cap * first
    local latest = now + 2 * tolerance
    -- The clock was turned back.
    if tat > latest then tat = latest end
    if amount > 0 then
      if tat < now then tat = now end
      tat = tat + amount * first
      if amount > cap or tat - tolerance > now + 0.5 then
        isRefused = true
      else
        s[at], s[at + 2], isCharged, isKept = tat, tat, true, false
      end
    end
    out[#out + 1] = tat > now and tat or now
    at = at + 3
  ${hasLeases ? countLeases(hasHold) : ''}
  else
    if amount > 0 then
      if now < s[at] then
        isRefused = true
      else
        isCharged, isKept = true, false
        ${backOff}
      end
    end
    out[#out + 1] = s[at]
    at = at + 3
  end
  if isRefused then
    refused = refused or {}
    refused[#refused + 1] = of - lastLimit - 1
  end
  to = to + 4
  of = of + 1
end
${hasEvent ? recall(eventKey) : ''}
if not refused${hasEvent ? ' and not known' : ''} then
  ${hasHold ? hold(leasesFrom, hasLeases) : save}
  ${hasEvent ? `call('SET', ${eventKey}, c[#c - 1], ${forgetAfter('c[#c]')})` : ''}
  return out
end
s = { unpackNumbers(format, value) }
local out = { ${hasEvent ? 'known and 3 or 0' : '0'}, now, s[1], s[2] }
${look(hasLeases ? leasesFrom : undefined)}
-- Moving along with the clock, the bound would never be reached.
if isTurned then ${saveState('c[last + 1]')} end
for k = 1, refused and #refused or 0 do out[#out + 1] = refused[k] end
return out`;
  },
);

const save = `if isCharged and isKept then
    ${overwriteState}
  elseif isCharged then
    ${saveState('c[last + 1]')}
  end`;

function recall(key: string): string {
  return `
local known = call('GET', ${key})
if known and known ~= c[#c - 1] then return { 4 } end`;
}

/** Without a hold nobody takes a place. */
function countLeases(hasHold: boolean): string {
  return `
  elseif kind == 'c' then
    local taken = call('ZCOUNT', KEYS[leases], '(' .. string.format('%.0f', now), '+inf')
    if amount > 0 and taken >= cap then
      ${hasHold ? hasPlace : 'local hasPlace = false'}
      isRefused = not hasPlace
    end
    out[#out + 1] = taken
    leases = leases + 1`;
}

const hasPlace = `
      local expires = call('ZSCORE', KEYS[leases], c[last + 4])
      local hasPlace = expires and expires + 0 > now`;

/** Remembers what was charged in which period, and takes places. */
function hold(leasesFrom: number, hasLeases: boolean): string {
  return `
  local expires = now + c[last + 2] * 1000
  if expires > s[2] then s[2] = expires end
  out[4] = s[2]
  local held = { expires, c[last + 6] + 0 }
  ${hasLeases ? `leases = ${leasesFrom}` : ''}
  to, at, of = 3, 3, lastLimit + 1
  while of <= last do
    local amount, start, stop = c[of] + 0, 0, 0
    ${hasLeases ? takeLease : ''}
    if c[to] == 'q' then
      local first = c[to + 2] + 0
      start, stop = s[at + 1], s[at + 2]
      if start < first then start, stop = first, c[to + 3] + 0 end
    end
    at = at + 3
    ${hasLeases ? 'end' : ''}
    local k = #held
    held[k + 1], held[k + 2], held[k + 3] = amount, start, stop
    to = to + 4
    of = of + 1
  end
  ${saveState('c[last + 1]')}
  call('SET', KEYS[2], pack('<' .. string.rep('d', #held), unpack(held)) .. '\\n' .. c[last + 5], ${forgetAfter('c[last + 3]')})`;
}

const takeLease = `
    if c[to] == 'c' then
      if amount > 0 then
        local key, nowText = KEYS[leases], string.format('%.0f', now)
        call('ZREMRANGEBYSCORE', key, '-inf', nowText)
        local added = call('ZADD', key, string.format('%.0f', expires), c[last + 4])
        out[5 + of - lastLimit - 1] = out[5 + of - lastLimit - 1] + added
        local latest = call('ZRANGE', key, -1, -1, 'WITHSCORES')[2]
        call('PEXPIREAT', key, string.format('%.0f', latest / 1000 + 1))
      end
      leases = leases + 1
    else`;
