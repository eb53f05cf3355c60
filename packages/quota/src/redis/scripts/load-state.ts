/**
 * Where the counts of a ledger stand to the state:
 *
 * - `none`: there is no ledger
 * - `required`: the state must be of this life of the server, else the answer is `unknown`
 * - `held`: as `required`, where the hold's `isLedgered` says so
 * - `installed`: of another life only what no ledger knows is kept
 */
export type LedgerUse = 'none' | 'required' | 'held' | 'installed';

/** Names that all scripts use. `c` is the list that is their argument. `now` is in microseconds: the server's clock is the one clock. */
export const preamble = `
local call, sub, pack, unpackNumbers = redis.call, string.sub, struct.pack, struct.unpack
local c, time = cjson.decode(ARGV[1]), redis.call('TIME')
local now = time[1] * 1000000 + time[2]`;

/**
 * List names, format, … → locals `s` (the state's numbers), `value`, `format`, `tail`.
 *
 * The state is one string: epoch, until when holds may be open, and value, start and end of each counter, as doubles;
 * a line of the counters' names; a line of the server's life, where counts are a ledger's. Mostly its names are those
 * that were asked for, and that is all there is to be read. Where they are others, because another deployment or plan
 * counts other things, counters are found by their names, and those that nobody asked for are kept until they end.
 */
export function loadState(ledger: LedgerUse): string {
  return `
local format = c[2]
${tails[ledger]}
local value = call('GET', KEYS[1])
local isUsual = value and sub(value, -#tail) == tail
if not isUsual then
  local from, to, names, stored
  if value then from, to, names, stored = string.find(value, '\\n([^\\n]*)\\n([^\\n]*)$') end
  local old, at, s = {}, {}, {}
  if from and (from - 1) % 24 == 16 then
    old = { unpackNumbers('<' .. string.rep('d', (from - 1) / 8), value) }
    local place = 3
    for name in string.gmatch(names, '[^,]+') do
      at[name] = place
      place = place + 3
    end
  end
  ${otherLives[ledger]}
  s[1], s[2] = old[1] or 0, old[2] or 0
  local wanted = sub(c[1], 1, -2)
  for name in string.gmatch(wanted, '[^,\\n]+') do
    local place = at[name]
    at[name] = nil
    for k = 0, 2 do s[#s + 1] = place and old[place + k] or 0 end
  end
  for name, place in pairs(at) do
    if (old[place + 2] or 0) > now then
      wanted = wanted .. ',' .. name
      for k = 0, 2 do s[#s + 1] = old[place + k] end
    end
  end
  tail = wanted .. '\\n' .. life
  format = '<' .. string.rep('d', #s)
  value = pack(format, unpack(s)) .. tail
end
local s = { unpackNumbers(format, value) }`;
}

/**
 * A server that was started again has another `run_id`, whatever it has reloaded; one that followed another and was
 * promoted, or followed one for a while, has another `master_replid`. Each has 40 digits; to search for a pattern takes
 * longer than Redis takes to write the two sections.
 */
const life = `
  local info = call('INFO', 'server', 'replication')
  local run = string.find(info, 'run_id:', 1, true) + 7
  local origin = string.find(info, 'master_replid:', run, true) + 14
  life = sub(info, run, run + 39) .. sub(info, origin, origin + 39)`;

const tails: Readonly<Record<LedgerUse, string>> = {
  none: `local life, tail = '', c[1]`,
  required: `local life\n${life}\nlocal tail = c[1] .. life`,
  held: `local life = ''\nif isLedgered then ${life}\nend\nlocal tail = c[1] .. life`,
  installed: `local life\n${life}\nlocal tail = c[1] .. life`,
};

const otherLives: Readonly<Record<LedgerUse, string>> = {
  none: `life = stored or ''`,
  required: `if stored ~= life then return { 2 } end`,
  held: `if not isLedgered then life = stored or '' elseif stored ~= life then return { 2 } end`,
  // Counts of another life are not to be had under this one's name.
  installed: `if stored ~= life then
    old[1] = 0
    for name in pairs(at) do
      if not string.find(',' .. sub(c[1], 2, -2) .. ',', ',' .. name .. ',', 1, true) then at[name] = nil end
    end
  end`,
};

/** What else must hold for counts to be a ledger's. */
export const ifInstalled: Readonly<Record<'none' | 'required', { state: string; quota: string }>> = {
  none: { state: '', quota: '' },
  required: {
    state: `if s[1] == 0 then return { 2 } end`,
    // Never counted since the ledger's counts were installed: nobody knows what was before.
    quota: `if s[at + 1] == 0 then return { 2 } end`,
  },
};

/** Writes the numbers into the state that is there, and leaves it its time to live: cheaper than to replace it. */
export const overwriteState = `call('SETRANGE', KEYS[1], 0, pack(format, unpack(s)))`;

/** Keeps the state for as long as `keepMs`, an expression, says, and until the last hold expires. */
export function saveState(keepMs: string): string {
  return `
  local keepMs = ${keepMs}
  if s[2] > now + keepMs * 1000 then keepMs = string.format('%.0f', (s[2] - now) / 1000 + 1) end
  call('SET', KEYS[1], pack(format, unpack(s)) .. tail, 'PX', keepMs)`;
}
