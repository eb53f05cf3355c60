import {
  type DsnComponents,
  dsnToString,
  type Envelope,
  getEnvelopeEndpointWithUrlEncodedAuth,
  parseEnvelope,
} from '@sentry/core';
import type { CloseOptions, Redact } from '@unite/core';
import { backgroundClock, checkOptions, expects, optionChecks } from '@unite/shared';
import { createRedactor } from '@unite/shared/redaction';
import { answer } from '../intake/answer';
import { createGate } from '../intake/create-gate';
import { readBounded } from '../intake/read-bounded';
import type { SinkStats } from '../sink-types';
import type { SourceMaps } from '../source-maps/source-map-types';
import { backgroundFetch } from './background-fetch';
import { countCheck, parseDsn, urlCheck } from './check-sentry-options';
import { EnvelopeQueue } from './envelope-queue';
import type { Fetch } from './post-envelope';
import { sdkInfo } from './sdk-info';
import { tunnelledEnvelope } from './tunnelled-envelope';

/** Options of `sentryTunnel`. */
export interface SentryTunnelOptions {
  /** Projects that browsers may send to: 20 at most. Envelopes for others are refused. */
  readonly dsn: string | readonly string[];
  /** Where envelopes go in place of the DSN's host. @default the envelope endpoint of the DSN */
  readonly url?: string | undefined;
  /** Longest envelope, in bytes. Replays may need more. @default 200_000 */
  readonly maxBytes?: number | undefined;
  /** Envelopes that are taken in a second, by this process. @default 50 */
  readonly maxPerSecond?: number | undefined;
  /** Finds the original place of a browser's frames, so that source maps need not be public. @default none */
  readonly sourceMaps?: SourceMaps | undefined;
  /** Runs after the built-in redactor, on every text of what is sent on. */
  readonly redact?: Redact | undefined;
  /** @default requests of `node:http` that keep no process alive */
  readonly fetch?: typeof fetch | undefined;
}

/** A route's handler, and what it holds. */
export interface SentryTunnel {
  (request: Request): Promise<Response>;
  stats(): SinkStats;
  /** Sends what waits, then lets go. Idempotent, never rejects. @default timeoutMs 5_000 */
  close(options?: CloseOptions): Promise<void>;
}

const maxProjects = 20;

const checks = {
  dsn: expects('one or more DSNs', (value) => typeof value === 'string' || Array.isArray(value)),
  url: urlCheck,
  maxBytes: countCheck,
  maxPerSecond: countCheck,
  sourceMaps: optionChecks.object,
  redact: optionChecks.function,
  fetch: optionChecks.function,
};

/**
 * Takes what `@sentry/browser` sends by its `tunnel` option, and sends it on: from the page's own origin, so that blockers
 * do not stop it, with its stacks resolved and its texts redacted here. Only errors, feedback, sessions and replays of
 * the projects that are named pass: it is no open relay. What is inside a replay's recording is as the page masked it.
 *
 * @throws TypeError for an option that is unknown, missing or malformed; it does not show a DSN
 * @example
 * // app/api/sentry/route.ts
 * export const POST = sentryTunnel({ dsn: env.browserDsn, sourceMaps });
 */
export function sentryTunnel(options: SentryTunnelOptions): SentryTunnel {
  checkOptions('sentryTunnel', { ...options, dsn: 'not shown' }, checks);
  const { maxBytes = 200_000, maxPerSecond = 50, sourceMaps } = options;
  const redact = createRedactor('UNITE_APM_REDACT_FAILED', options.redact);
  const mayPass = createGate(maxPerSecond, backgroundClock);
  const queues = new Map(projectsOf(options).map((dsn) => [dsnToString(dsn), queueOf(dsn, options)]));

  const tunnel = async (request: Request): Promise<Response> => {
    if (!mayPass()) return answer(429);
    const envelope = await readEnvelope(request, maxBytes);
    if (typeof envelope === 'number') return answer(envelope);
    const { dsn } = envelope[0];
    const queue = typeof dsn === 'string' ? queues.get(dsn) : undefined;
    if (!queue) return answer(400);
    const checked = tunnelledEnvelope(envelope, redact, sourceMaps);
    // Kinds of items that are not sent on are no fault of the page's.
    if (checked === 'nothing') return answer(200);
    if (checked === 'malformed') return answer(400);
    const refusal = queue.push(checked);
    if (refusal === 'too-large') return answer(413);
    return answer(refusal ? 429 : 200);
  };
  return Object.assign(tunnel, {
    stats: () => sumOf([...queues.values()].map((queue) => queue.stats())),
    async close({ timeoutMs = 5_000 }: CloseOptions = {}) {
      await Promise.all([...queues.values()].map((queue) => queue.close(timeoutMs)));
    },
  });
}

function projectsOf({ dsn }: SentryTunnelOptions): DsnComponents[] {
  const given = typeof dsn === 'string' ? [dsn] : Array.isArray(dsn) && dsn.length > 0 ? dsn : [undefined];
  if (given.length > maxProjects) {
    throw new TypeError(
      `sentryTunnel: option "dsn" must be ${maxProjects} DSNs at most, got ${given.length}`,
    );
  }
  return given.map((one) => parseDsn('sentryTunnel', { dsn: one }));
}

function queueOf(dsn: DsnComponents, options: SentryTunnelOptions): EnvelopeQueue {
  const { url, fetch = backgroundFetch as Fetch } = options;
  return new EnvelopeQueue({
    url: url ?? getEnvelopeEndpointWithUrlEncodedAuth(dsn, undefined, sdkInfo),
    fetch,
    clock: backgroundClock,
    timeoutMs: 10_000,
    maxQueued: 100,
    maxQueuedBytes: 5 * 2 ** 20,
    spool: undefined,
  });
}

async function readEnvelope(request: Request, maxBytes: number): Promise<Envelope | 400 | 408 | 413> {
  try {
    const bytes = await readBounded(request, maxBytes);
    if (typeof bytes === 'number') return bytes;
    const envelope = parseEnvelope(bytes);
    return Object(envelope[0]) === envelope[0] ? envelope : 400;
  } catch {
    return 400;
  }
}

function sumOf(all: readonly SinkStats[]): SinkStats {
  const dropped: Record<string, number> = {};
  const sum = { accepted: 0, sent: 0, queued: 0, dropped };
  for (const one of all) {
    sum.accepted += one.accepted;
    sum.sent += one.sent;
    sum.queued += one.queued;
    for (const [reason, count] of Object.entries(one.dropped))
      dropped[reason] = (dropped[reason] ?? 0) + count;
  }
  return sum;
}
