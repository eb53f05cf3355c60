import { type Parameters, serializeByteSequence, serializeItem, serializeString } from 'structured-headers';
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
  const partition =
    partitionKey === undefined ? '' : `;pk=${serializeByteSequence(new TextEncoder().encode(partitionKey))}`;
  const lines = limits.map((limit) => ({
    limit,
    texts: textsOf(limit),
    pressure: pressure(limit, decision),
  }));
  const constrained = lines.toSorted((one, other) => other.pressure - one.pressure);
  return {
    'RateLimit-Policy': lines.map(({ texts }) => texts.policy + partition).join(', '),
    RateLimit: constrained
      .map(({ texts, limit }) => texts.name + standing(limit, decision) + partition)
      .join(', '),
  };
}

/** What is the same in every response. */
interface LimitTexts {
  readonly name: string;
  readonly policy: string;
}

/** Limits whose texts are kept: those of all plans of an application. Beyond, they are gathered anew. */
const maxTexts = 1_000;
const known = new Map<string, LimitTexts>();

/** To serialise a policy takes longer than to decide. */
function textsOf(limit: FiniteLimit): LimitTexts {
  const { name, kind, unit, windowMs } = limit;
  const key = `${kind} ${limit.limit} ${windowMs} ${unit.length} ${unit}${name}`;
  let texts = known.get(key);
  if (!texts) {
    const bareName = sfText(name);
    texts = { name: serializeString(bareName), policy: serializeItem([bareName, policy(limit)]) };
    if (known.size >= maxTexts) known.clear();
    known.set(key, texts);
  }
  return texts;
}

/** §3.1. A window is never zero. */
function policy({ kind, unit, limit, windowMs }: FiniteLimit): Parameters {
  const parameters: Parameters = new Map([['q', Math.min(limit, maxInteger)]]);
  if (kind === 'concurrency') parameters.set('qu', 'concurrent-requests');
  if (windowMs !== null) parameters.set('w', Math.min(Math.max(1, wholeSeconds(windowMs)), maxInteger));
  if (unit !== requestUnit) parameters.set('unite-unit', sfText(unit));
  return parameters;
}

/** §4.1. The digits of a whole number are how a field has it (RFC 9651 §4.1.4). */
function standing(limit: FiniteLimit, decision: Decision): string {
  const seconds = resetSeconds(limit, decision);
  const remaining = `;r=${Math.min(limit.remaining, maxInteger)}`;
  return seconds === undefined ? remaining : `${remaining};t=${Math.min(seconds, maxInteger)}`;
}

/** From 0, untouched, to 1, nothing left; those that refuse are above all others. */
function pressure({ name, limit, remaining }: FiniteLimit, { violated }: Decision): number {
  if (violated.includes(name)) return 2;
  return limit === 0 ? 1 : 1 - remaining / limit;
}

function sfText(text: string): string {
  return text.replace(/[^ -$&-~]/gu, (character) => {
    const bytes = [...new TextEncoder().encode(character)];
    return bytes.map((byte) => `%${byte.toString(16).toUpperCase().padStart(2, '0')}`).join('');
  });
}
