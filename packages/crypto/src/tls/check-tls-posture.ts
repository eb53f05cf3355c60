import { setMaxListeners } from 'node:events';
import { setImmediate as nextTurn } from 'node:timers/promises';
import { checkOptions, expects, optionChecks, systemClock } from '@unite/shared';
import { aborted } from './hops/aborted';
import { whyOf } from './hops/why-of';
import { type Judgement, judgeHop } from './judge-hop';
import type { TlsHop, TlsHopCheck, TlsPostureOptions, TlsSight } from './posture-types';

/** More hops at once are no answer to a question any more, but a load. */
const maxHops = 256;

/**
 * Connects to every server and says how each is really encrypted: protocol, cipher and certificate as they were agreed
 * on, what the server itself says, and whether it lets clients in that speak TLS 1.2, or no TLS at all.
 *
 * Never rejects, and ends within its time: a server that does not answer is a failed hop. No secret is sent to a server
 * before it has proven its name.
 *
 * @throws TypeError for options that are none
 * @example
 * const hops = await checkTlsPosture({
 *   hops: [httpsHop({ url: publicUrl, ca }), pgHop({ url: databaseUrl, ca, Client: pg.Client }), redisHop({ url: redisUrl, ca })],
 * });
 */
export async function checkTlsPosture(options: TlsPostureOptions): Promise<readonly TlsHop[]> {
  checkPostureOptions('checkTlsPosture', options);
  const { hops, timeoutMs = 5_000, warnDays = 21, signal } = options;
  const ending = new AbortController();
  // Each connection of each hop listens.
  setMaxListeners(0, ending.signal);
  const timer = setTimeout(() => ending.abort(), timeoutMs);
  const end = (): void => ending.abort();
  signal?.addEventListener('abort', end, { once: true });
  if (signal?.aborted) end();
  try {
    const judgement = { nowMs: systemClock.wallMs(), warnDays };
    return (await Promise.all(hops.map((hop) => look(hop, ending.signal, judgement)))).flat();
  } finally {
    clearTimeout(timer);
    signal?.removeEventListener('abort', end);
    // What was not waited for any more ends too.
    ending.abort();
  }
}

/** The checks of options that the verifier shares. */
export function checkPostureOptions(owner: string, options: unknown): void {
  checkOptions(
    owner,
    options,
    {
      hops: expects(
        `at most ${maxHops} hops, made by httpsHop, pgHop, pgReplicationHop or redisHop`,
        areHops,
      ),
      timeoutMs: optionChecks.positive,
      warnDays: optionChecks.positive,
      signal: expects('an AbortSignal', (value) => value instanceof AbortSignal),
    },
    ['hops'],
  );
}

function areHops(value: unknown): boolean {
  const isHop = (one: unknown) => typeof (one as Partial<TlsHopCheck> | undefined)?.look === 'function';
  return Array.isArray(value) && value.length <= maxHops && value.every(isHop);
}

async function look(hop: TlsHopCheck, signal: AbortSignal, judgement: Judgement): Promise<readonly TlsHop[]> {
  const sights = await Promise.race([hop.look({ signal }), late(signal)]).catch(unseen);
  return sights.map((sight) => judgeHop(hop, sight, judgement));
}

/** Hops that know signals hand over what they have seen by then. */
async function late(signal: AbortSignal): Promise<never> {
  try {
    return await aborted(signal);
  } finally {
    await nextTurn();
  }
}

function unseen(error: unknown): readonly TlsSight[] {
  const remedy = 'Look whether the server runs, and whether it can be reached from here.';
  return [{ faults: [{ status: 'failed', detail: `it could not be looked at: ${whyOf(error)}`, remedy }] }];
}
