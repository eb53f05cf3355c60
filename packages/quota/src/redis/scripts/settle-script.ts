import { maxAmount } from '../../store/max-amount';
import { exact } from './exact';
import { forgetAfter } from './forget-after';
import { loadState, preamble, saveState } from './load-state';
import { look } from './look';
import { scripts } from './script';

/**
 * KEYS state, hold, leases…; list names, format, limits…, amounts…, all counters, the hold's id, keep ms, remember ms
 * → `0`, `1` when late, epoch, values…, added…; `2` when unknown; `3` when repeated
 */
export const settleScript = scripts(
  (hasLeases: boolean) => `${preamble}
local hold = call('GET', KEYS[2])
if not hold then return { 2 } end
if hold == 's' then return { 3 } end
local from, to, names = string.find(hold, '\\n([^\\n]*)$')
local held, place = { unpackNumbers('<' .. string.rep('d', (from - 1) / 8), hold) }, {}
local nth = 3
for name in string.gmatch(names, '[^,]+') do
  place[name] = nth
  nth = nth + 3
end
local isLedgered = held[2] == 1
${loadState('held')}
if isLedgered and s[1] == 0 then return { 2 } end
local last = #c - 4
local lastLimit = 2 + (last - 2) / 5 * 4
local isLate, isChanged, added = now >= held[1], false, {}
local to, at, of = 3, 3, lastLimit + 1
${hasLeases ? 'local leases = 3' : ''}
for name in string.gmatch(c[last + 1], '[^,]+') do
  local kind, cap, first, nth = c[to], c[to + 1] + 0, c[to + 2] + 0, place[name]
  local amount = c[of] - (nth and held[nth] or 0)
  local given = 0
  if kind == 'q' then
    local start, stop = first, c[to + 3] + 0
    if nth then start, stop = held[nth + 1], held[nth + 2] end
    -- Of a period that is over, nothing is charged or given back any more.
    if s[at + 1] > start and not nth then start = s[at + 1] end
    if amount ~= 0 and s[at + 1] <= start and not (isLate and amount < 0) then
      if s[at + 1] < start then s[at], s[at + 1], s[at + 2] = 0, start, stop end
      local used = math.max(0, math.min(${maxAmount}, s[at] + amount))
      given, s[at], isChanged = used - s[at], used, true
    end
  elseif kind == 'r' and amount > 0 then
    s[at] = math.min(math.max(s[at], now) + amount * first, now + 2 * cap * first)
    s[at + 2], given, isChanged = s[at], amount, true
  ${hasLeases ? freeLease : ''}
  end
  added[#added + 1] = ${exact('given')}
  if kind ~= 'c' then at = at + 3 end
  to = to + 4
  of = of + 1
end
if isChanged then ${saveState('c[#c - 1]')} end
call('SET', KEYS[2], 's', ${forgetAfter('c[#c]')})
local out = { 0, isLate and 1 or 0, s[1] }
${look(hasLeases ? 3 : undefined)}
for k = 1, #added do out[#out + 1] = added[k] end
return out`,
);

const freeLease = `
  elseif kind == 'c' then
    call('ZREM', KEYS[leases], c[last + 2])
    leases = leases + 1`;
