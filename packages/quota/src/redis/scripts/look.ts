import { exact } from './exact';

/**
 * Appends each limit's value to `out`, as it stands without a charge. Needs `lastLimit`, the place of the last limit's
 * `second`. `isTurned` says that an arrival time was too far away and has come nearer: debt of more than one burst
 * comes from another clock or another limit.
 *
 * @param firstLeases place of the first leases in KEYS; none where no limit is `concurrency`
 */
export function look(firstLeases: number | undefined): string {
  return `
local isTurned
do
  local to, at${firstLeases ? ', leases' : ''} = 3, 3${firstLeases ? `, ${firstLeases}` : ''}
  while to < lastLimit do
    local kind = c[to]
    ${firstLeases ? lookAtLeases : ''}
    local stored = s[at]
    if kind == 'q' and s[at + 1] < c[to + 2] + 0 then
      stored = 0
    elseif kind == 'r' then
      local latest = now + 2 * c[to + 1] * c[to + 2]
      if stored > latest then
        stored, s[at], s[at + 2], isTurned = latest, latest, latest, true
      end
      if stored < now then stored = now end
    end
    out[#out + 1] = ${exact('stored')}
    at = at + 3
    ${firstLeases ? 'end' : ''}
    to = to + 4
  end
end`;
}

const lookAtLeases = `
    if kind == 'c' then
      out[#out + 1] = call('ZCOUNT', KEYS[leases], '(' .. string.format('%.0f', now), '+inf')
      leases = leases + 1
    else`;
