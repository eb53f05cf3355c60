/** How many API calls there are a day, and how many are left today. */
export interface CallsLeft {
  readonly limit: number;
  readonly remaining: number;
}

/**
 * As an answer of the API tells it; nothing where there is no limit.
 *
 * @see draft-ietf-httpapi-ratelimit-headers-11 §3, §4
 */
export function callsLeftFrom(headers: Headers): CallsLeft | undefined {
  const [, limit] = /"apiCallsPerDay"[^,]*;q=(\d+)/.exec(headers.get('ratelimit-policy') ?? '') ?? [];
  const [, remaining] = /"apiCallsPerDay"[^,]*;r=(\d+)/.exec(headers.get('ratelimit') ?? '') ?? [];
  if (limit === undefined || remaining === undefined) return undefined;
  return { limit: Number(limit), remaining: Number(remaining) };
}
