import { join } from 'node:path';
import { type DsnComponents, getEnvelopeEndpointWithUrlEncodedAuth } from '@sentry/core';
import { checkOptions, optionChecks } from '@unite/shared';
import type { Sink, SinkHost, SinkStats } from '../sink-types';
import { backgroundFetch } from './background-fetch';
import { countCheck, parseDsn, shareCheck, urlCheck } from './check-sentry-options';
import { EnvelopeQueue } from './envelope-queue';
import { errorEnvelope } from './error-envelope';
import { feedbackEnvelope } from './feedback-envelope';
import { sdkInfo } from './sdk-info';
import type { SentryOptions } from './sentry-types';
import { Spool } from './spool';

const checks = {
  dsn: optionChecks.string,
  url: urlCheck,
  sampleRate: shareCheck,
  maxQueued: countCheck,
  maxQueuedBytes: countCheck,
  timeoutMs: optionChecks.positive,
  fetch: optionChecks.function,
};

/** Where envelopes go, and what they say of it. */
export interface Destination {
  readonly url: string;
  readonly dsn: DsnComponents;
  /** Whether the envelope itself must say which project it is for. */
  readonly isTunnelled: boolean;
}

/**
 * Sends errors and what people say of them to Sentry, or to whatever takes its envelopes. It is no Sentry SDK: it patches
 * nothing, collects nothing, and keeps no scope of its own.
 *
 * What cannot be sent waits within bounds, and is tried again for 15 minutes. Where the set-up has a directory for
 * crashes, what waits when the process ends is kept there for the next run, for 7 days: each event keeps its id, so that
 * one which was received twice can be told. Requests keep no process alive; one that comes to its end has half a second. Deployments need an organization's token, which this sink does not have:
 * `sentry-cli deploys new` tells Sentry of them; release and deployment are on each event.
 *
 * @throws TypeError for an option that is unknown, missing or malformed; it does not show the DSN
 * @example
 * startApm({ service, sinks: [sentry({ dsn: env.sentryDsn })] });
 */
export function sentry(options: SentryOptions): Sink {
  const dsn = parseDsn('sentry', options);
  checkOptions('sentry', options, checks, ['dsn']);
  const { sampleRate = 1, url } = options;
  const destination: Destination = {
    url: url ?? getEnvelopeEndpointWithUrlEncodedAuth(dsn, undefined, sdkInfo),
    dsn,
    isTunnelled: url !== undefined,
  };
  let running: { readonly host: SinkHost; readonly queue: EnvelopeQueue } | undefined;
  return {
    name: 'sentry',
    start(host) {
      if (running) return;
      running = { host, queue: startQueue(host) };
      process.once('beforeExit', sendLast);
    },
    error(event) {
      if (isSampled(event.id, sampleRate)) running?.queue.push(errorEnvelope(event, destination));
    },
    feedback(feedback) {
      running?.queue.push(feedbackEnvelope(feedback, running.host, destination));
    },
    crash() {
      running?.queue.keep();
    },
    stats: () => running?.queue.stats() ?? nothing,
    async flush({ timeoutMs = 5_000 } = {}) {
      await running?.queue.flush(timeoutMs);
    },
    async close({ timeoutMs = 5_000 } = {}) {
      process.off('beforeExit', sendLast);
      await running?.queue.close(timeoutMs);
    },
  };

  /** Requests keep no process alive: one that has nothing else to do gives them a moment, once. */
  function sendLast(): void {
    void running?.queue.flush(lastMs);
  }

  function startQueue(host: SinkHost): EnvelopeQueue {
    const {
      maxQueued = 1_000,
      maxQueuedBytes = 5 * 2 ** 20,
      timeoutMs = 10_000,
      fetch = backgroundFetch,
    } = options;
    const { url } = destination;
    const bounds = { maxQueued, maxQueuedBytes, timeoutMs };
    return new EnvelopeQueue({ url, fetch, clock: host.clock, ...bounds, spool: spoolOf(host) });
  }

  /** One folder for each project: what was for one is not sent to another. */
  function spoolOf({ spoolDirectory }: SinkHost): Spool | undefined {
    if (spoolDirectory === undefined) return undefined;
    return new Spool(join(spoolDirectory, `sentry-${dsn.projectId}-${dsn.publicKey?.slice(0, 8)}`));
  }
}

/** How long a process that has nothing else to do lives on to send what waits, in milliseconds. */
const lastMs = 500;

const nothing: SinkStats = { accepted: 0, sent: 0, queued: 0, dropped: {} };

/** By the id, which is random: every process and every repeat decides alike. */
function isSampled(id: string, rate: number): boolean {
  return Number.parseInt(id.slice(0, 8), 16) / 2 ** 32 < rate;
}
