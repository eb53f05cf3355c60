import { ifInstalled, loadState, preamble } from './load-state';
import { look } from './look';
import { scripts } from './script';

/** KEYS state, leases…; list names, format, limits… → `0`, now, epoch, values…; or `2` */
export const readScript = scripts((hasLedger: boolean, hasLeases: boolean) => {
  const ledger = hasLedger ? 'required' : 'none';
  return `${preamble}
${loadState(ledger)}
${ifInstalled[ledger].state}
local lastLimit = #c
${hasLedger ? checkQuotas : ''}
local out = { 0, now, s[1] }
${look(hasLeases ? 2 : undefined)}
return out`;
});

const checkQuotas = `
do
  local at = 3
  for to = 3, lastLimit, 4 do
    if c[to] == 'q' then ${ifInstalled.required.quota} end
    if c[to] ~= 'c' then at = at + 3 end
  end
end`;
