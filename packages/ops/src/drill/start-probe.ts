import type { Clock } from '@unite/core';
import { checkOptions, expects, optionChecks, systemClock } from '@unite/shared';
import { checkHeaders } from '../load/check-headers';
import { timerMs } from '../verify/timer-ms';
import { FailureCounts, ProbeLog } from './probe-log';
import type { Probe, ProbeOptions, ProbeReport } from './probe-types';
import { Prober } from './prober';

const mostUrls = 50;
const leastMs = 10;

/**
 * Asks URLs in a steady rhythm, as a user from outside would, each time on a connection of its own, and tells how
 * available they were. The rhythm does not wait for answers: while a server stands still, requests go on to be due, and
 * fail. What it keeps does not grow with time.
 *
 * @throws TypeError for options that are none
 * @example
 * const probe = startProbe({ urls: 'http://127.0.0.1:3000/health/ready', everyMs: 250 });
 * await breakSomething();
 * const { availability, longestOutageMs } = await probe.stop();
 */
export function startProbe(options: ProbeOptions): Probe {
  checkProbeOptions(options);
  const { everyMs = 1_000, timeoutMs = 2_000, clock = systemClock } = options;
  const urls = [options.urls].flat();
  const failures = new FailureCounts();
  const logs = urls.map((url) => ({ url, log: new ProbeLog(timeoutMs, failures) }));
  const prober = new Prober({ ...options, timeoutMs, clock });
  const stopping = new AbortController();
  const beganMs = clock.monotonicMs();
  const ticking = tick();
  let report: Promise<ProbeReport> | undefined;
  return {
    stop() {
      report ??= end();
      return report;
    },
  };

  async function tick(): Promise<void> {
    for (let dueAtMs = beganMs; !stopping.signal.aborted; dueAtMs += everyMs) {
      if (!(await sleepUntil(dueAtMs, clock, stopping.signal))) return;
      const isMissed = clock.monotonicMs() - dueAtMs >= everyMs;
      for (const { url, log } of logs) {
        if (isMissed) log.miss(dueAtMs);
        else log.begin(dueAtMs, prober.ask(url, dueAtMs));
      }
    }
  }

  async function end(): Promise<ProbeReport> {
    stopping.abort();
    await ticking;
    const endMs = clock.monotonicMs();
    await Promise.all(logs.map(({ log }) => log.settled()));
    await prober.close();
    const all = new ProbeLog(timeoutMs, failures);
    for (const { log } of logs) all.add(log, endMs);
    return {
      durationMs: Math.round(endMs - beganMs),
      ...all.figures(endMs),
      failures: failures.counts(),
      byUrl: logs.map(({ url, log }) => ({ url, ...log.figures(endMs) })),
    };
  }
}

async function sleepUntil(atMs: number, clock: Clock, signal: AbortSignal): Promise<boolean> {
  const waitMs = atMs - clock.monotonicMs();
  // A late tick is not waited for; but the probe can be stopped between two of them.
  if (waitMs <= 0) return !signal.aborted;
  try {
    await clock.sleep(waitMs, signal);
    return true;
  } catch {
    return false;
  }
}

const urlList = expects(
  `a URL, or a list of 1 to ${mostUrls}, of http:// or https:// and without a password`,
  (value) => {
    const list = [value].flat();
    return list.length > 0 && list.length <= mostUrls && list.every(isWebUrl);
  },
);
const interval = expects(
  `a number of milliseconds from ${leastMs} to an hour`,
  (value) => typeof value === 'number' && value >= leastMs && value <= 3_600_000,
);

function checkProbeOptions(options: ProbeOptions): void {
  const { object, string, function: isFunction } = optionChecks;
  // What it got is not shown: it may have a password.
  const given = Object(options) as Partial<ProbeOptions>;
  const demand = urlList(given.urls);
  if (demand) throw new TypeError(`startProbe: option "urls" must be ${demand}`);
  checkOptions('startProbe', options, {
    urls: () => undefined,
    everyMs: interval,
    timeoutMs: timerMs,
    headers: object,
    ca: string,
    isGood: isFunction,
    clock: object,
  });
  checkHeaders('startProbe', options.headers);
}

function isWebUrl(value: unknown): boolean {
  if (typeof value !== 'string' || !URL.canParse(value)) return false;
  const { protocol, username, password } = new URL(value);
  return ['http:', 'https:'].includes(protocol) && username === '' && password === '';
}
