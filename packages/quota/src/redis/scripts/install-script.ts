import { maxAmount } from '../../store/max-amount';
import { loadState, preamble, saveState } from './load-state';
import { scripts } from './script';

/** KEYS state; list names, format, limits…, used…, epoch, keep ms → `0` when installed, `1` when outdated */
export const installScript = scripts(
  () => `${preamble}
${loadState('installed')}
local last = #c - 2
local lastLimit = 2 + (last - 2) / 5 * 4
local epoch, isOfThisLife = c[#c - 1] + 0, s[1] > 0
if s[1] >= epoch then return { 1 } end
s[1] = epoch
local at, of = 3, lastLimit + 1
for to = 3, lastLimit, 4 do
  local first = c[to + 2] + 0
  -- Where a later period has begun already, nothing of it is in those counts.
  if c[to] == 'q' and not (isOfThisLife and s[at + 1] > first) then
    s[at], s[at + 1], s[at + 2] = math.max(0, math.min(${maxAmount}, c[of] + 0)), first, c[to + 3] + 0
  end
  if c[to] ~= 'c' then at = at + 3 end
  of = of + 1
end
${saveState('c[#c]')}
return { 0 }`,
);
