import { maxAmount } from '../../store/max-amount';
import { backOff } from './back-off';
import { ifInstalled, loadState, preamble, saveState } from './load-state';
import { look } from './look';
import { scripts } from './script';

/** KEYS state, leases…; list names, format, limits…, amounts…, keep ms → `0`, now, epoch, values…; or `2` */
export const adjustScript = scripts((hasLedger: boolean, hasLeases: boolean) => {
  const ledger = hasLedger ? 'required' : 'none';
  return `${preamble}
${loadState(ledger)}
${ifInstalled[ledger].state}
local last = #c - 1
local lastLimit = 2 + (last - 2) / 5 * 4
local to, at, of, isChanged = 3, 3, lastLimit + 1, false
while of <= last do
  local kind, cap, first, amount = c[to], c[to + 1] + 0, c[to + 2] + 0, c[of] + 0
  if kind == 'q' then
    ${ifInstalled[ledger].quota}
    -- A period that is over is not charged any more.
    if amount ~= 0 and s[at + 1] <= first then
      if s[at + 1] < first then s[at], s[at + 1], s[at + 2] = 0, first, c[to + 3] + 0 end
      s[at] = math.max(0, math.min(${maxAmount}, s[at] + amount))
      isChanged = true
    end
  elseif amount ~= 0 and kind == 'r' then
    local tat = math.max(s[at], now) + amount * first
    s[at] = math.max(0, math.min(tat, now + 2 * cap * first))
    s[at + 2], isChanged = s[at], true
  elseif amount ~= 0 and kind == 'b' then
    isChanged = true
    if amount > 0 then
        ${backOff}
    else
      local longest, failures = c[to + 3] + 0, s[at + 1]
      if now >= s[at] + longest then failures = 0 end
      s[at], s[at + 1], s[at + 2] = now, math.max(0, failures + amount), now + longest
    end
  end
  if kind ~= 'c' then at = at + 3 end
  to = to + 4
  of = of + 1
end
if isChanged then ${saveState('c[#c]')} end
local out = { 0, now, s[1] }
${look(hasLeases ? 2 : undefined)}
return out`;
});
