import { type BareItem, type List, serializeList } from 'structured-headers';
import type { Decision } from '../types';
import type { FiniteLimit } from './rate-limit-fields';
import { resetSeconds, wholeSeconds } from './seconds';

/** The largest integer of a structured field (RFC 9651 §3.3.1). */
const maxInteger = 999_999_999_999_999;
/** What is counted in requests: the draft's default unit. */
const requestUnit = 'apiCalls';

/**
 * `RateLimit-Policy` and `RateLimit` (draft-ietf-httpapi-ratelimit-headers-11 §3, §4): lists whose items are the names
 * of limits. The policies stand in the order of the plan, since they should stay as they are (§3); the limits begin
 * with the most constrained one.
 *
 * There is no unit for tokens or money (§3.1.2): what is no API call is named by the parameter `unite-unit`, as
 * parameters of one's own are to be prefixed. Names are no header text always: what a string cannot hold
 * (RFC 9651 §3.3.3) is percent-encoded.
 */
export function draft11Fields(
  limits: readonly FiniteLimit[],
  decision: Decision,
  partitionKey: string | undefined,
): Readonly<Record<string, string>> {
  // A byte sequence (§3.1.4, §4.1.3).
  const partition: Parameter[] =
    partitionKey === undefined ? [] : [['pk', new TextEncoder().encode(partitionKey)]];
  const constrained = limits.toSorted((one, other) => pressure(other, decision) - pressure(one, decision));
  return {
    'RateLimit-Policy': list(limits, (limit) => [...policy(limit), ...partition]),
    RateLimit: list(constrained, (limit) => [...standing(limit, decision), ...partition]),
  };
}

type Parameter = [name: string, value: BareItem];

function list(limits: readonly FiniteLimit[], parametersOf: (limit: FiniteLimit) => Parameter[]): string {
  const items: List = limits.map((limit) => [
    sfText(limit.name),
    new Map(parametersOf(limit).map(([name, value]) => [name, withinBounds(value)])),
  ]);
  return serializeList(items);
}

/** §3.1. A window is never zero. */
function policy({ kind, unit, limit, windowMs }: FiniteLimit): Parameter[] {
  const parameters: Parameter[] = [['q', limit]];
  if (kind === 'concurrency') parameters.push(['qu', 'concurrent-requests']);
  if (windowMs !== null) parameters.push(['w', Math.max(1, wholeSeconds(windowMs))]);
  if (unit !== requestUnit) parameters.push(['unite-unit', sfText(unit)]);
  return parameters;
}

/** §4.1. */
function standing(limit: FiniteLimit, decision: Decision): Parameter[] {
  const parameters: Parameter[] = [['r', limit.remaining]];
  const seconds = resetSeconds(limit, decision);
  if (seconds !== undefined) parameters.push(['t', seconds]);
  return parameters;
}

/** From 0, untouched, to 1, nothing left; those that refuse are above all others. */
function pressure({ name, limit, remaining }: FiniteLimit, { violated }: Decision): number {
  if (violated.includes(name)) return 2;
  return limit === 0 ? 1 : 1 - remaining / limit;
}

function withinBounds(value: BareItem): BareItem {
  return typeof value === 'number' ? Math.min(value, maxInteger) : value;
}

function sfText(text: string): string {
  return text.replace(/[^ -$&-~]/gu, (character) => {
    const bytes = [...new TextEncoder().encode(character)];
    return bytes.map((byte) => `%${byte.toString(16).toUpperCase().padStart(2, '0')}`).join('');
  });
}
