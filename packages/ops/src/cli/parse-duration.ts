const unitsMs: Readonly<Record<string, number>> = { ms: 1, s: 1_000, m: 60_000 };

/**
 * `250ms`, `1.5s`, `2m` → milliseconds.
 *
 * @throws TypeError that says what it must be; a bare number too, since seconds and milliseconds look the same
 */
export function parseDuration(text: string): number {
  const [, amount, unit = ''] = /^(\d+(?:\.\d+)?)(ms|s|m)$/.exec(text.trim()) ?? [];
  const factor = unitsMs[unit];
  if (amount !== undefined && factor !== undefined) return Number(amount) * factor;
  const bare = /^\d+(\.\d+)?$/.test(text.trim());
  throw new TypeError(
    bare
      ? `A time needs a unit: ${text.trim()}ms, ${text.trim()}s or ${text.trim()}m`
      : 'It must be a time such as 250ms, 10s or 2m',
  );
}

/**
 * `3s-5s`, or `3s` for always the same → both ends in milliseconds.
 *
 * @throws TypeError that says what it must be
 */
export function parseDurationRange(text: string): readonly [number, number] {
  const [from = '', to = from, ...more] = text.split('-');
  if (more.length > 0) throw new TypeError('It must be a time or two, such as 4s or 3s-5s');
  const [fromMs, toMs] = [parseDuration(from), parseDuration(to)];
  if (fromMs > toMs) throw new TypeError('The shorter time comes first, as in 3s-5s');
  return [fromMs, toMs];
}
