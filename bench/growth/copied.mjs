/** Stands in a name, and in what is kept under it, for the number of a copy: as long as every number is. */
export const numbered = (index) => String(index).padStart(7, '0');

/**
 * Copies the text of Redis whose key has `${name}0000000` in it, with `${name}0000001`, `${name}0000002`, … for that in
 * key and value: as full as many writes would make it, in a moment.
 *
 * @param {(...words: string[]) => Promise<unknown>} send
 * @param {{ name: string, count: number }} options
 */
export async function copied(send, { name, count }) {
  const [key, ...others] = await send('KEYS', `*${name}${numbered(0)}*`);
  if (!key || others.length > 0) throw new Error(`one key must be of ${name}, got ${key} and ${others}`);
  for (let from = 0; from < count; from += 10_000) {
    const to = Math.min(from + 10_000, count) - 1;
    await send('EVAL', script, '1', key, `${from}`, `${to}`);
  }
}

const script = `
local bytes = redis.call('GET', KEYS[1])
for index = tonumber(ARGV[1]), tonumber(ARGV[2]) do
  local number = string.format('%07d', index)
  local name = string.gsub(KEYS[1], '0000000', number)
  local value = string.gsub(bytes, '0000000', number)
  redis.call('SET', name, value, 'PX', 3600000)
end`;
