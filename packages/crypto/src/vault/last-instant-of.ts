const dayMs = 86_400_000;
/** A day, or a day and a time with its offset. ISO 8601 as in RFC 3339, where seconds may be left out. */
const iso =
  /^(\d{4}-\d\d-\d\d)(T([01]\d|2[0-3]):[0-5]\d(:[0-5]\d(\.\d{1,9})?)?(Z|[+-]([01]\d|2[0-3]):[0-5]\d))?$/;

/**
 * The last millisecond that a day or a time includes: of a day without a time its end, in UTC.
 *
 * @returns `undefined` for what is neither, or does not exist
 */
export function lastInstantOf(value: unknown): number | undefined {
  if (value instanceof Date) return Number.isNaN(value.getTime()) ? undefined : value.getTime();
  const [, day, time] = (typeof value === 'string' && iso.exec(value)) || [];
  if (day === undefined || !isDay(day)) return undefined;
  return time === undefined ? Date.parse(day) + dayMs - 1 : Date.parse(value as string);
}

/** `Date` takes the 31st of February for the 3rd of March. */
function isDay(day: string): boolean {
  const atMs = Date.parse(day);
  return !Number.isNaN(atMs) && new Date(atMs).toISOString().startsWith(day);
}
