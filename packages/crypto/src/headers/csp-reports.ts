import type { Clock } from '@unite/core';
import { checkOptions, expects, optionChecks, systemClock } from '@unite/shared';
import { readReports } from './read-reports';

/** What a browser blocked, or would have. Without names, queries and samples, which may hold what is private. */
export interface CspReport {
  /** Such as `script-src-elem`. */
  readonly directive: string;
  /** Where the page is: origin and path. */
  readonly documentUrl: string;
  /** Origin and path of a URL, its scheme where it has no host (`data:`), or a word such as `inline`. */
  readonly blockedUrl: string;
  readonly disposition: 'enforce' | 'report';
}

/** Options of `cspReports`. */
export interface CspReportsOptions {
  /**
   * Gets each report. Anybody can send one: it is text of a stranger. Nobody waits for its promise; a report that it
   * throws at, or rejects, counts as dropped.
   */
  readonly onReport: ((report: CspReport) => void) | ((report: CspReport) => Promise<void>);
  /** Reports that are taken in a minute; more are answered with 429. @default 120 */
  readonly maxPerMinute?: number | undefined;
  /** @default the machine's time */
  readonly clock?: Clock | undefined;
}

/** A handler of reports. */
export type CspReportsHandler = ((request: Request) => Promise<Response>) & {
  /** Reports that came, and those that were not taken: too many, or none. */
  status(): { readonly taken: number; readonly dropped: number };
};

/** Browsers send some hundred bytes, at once. */
const bodyLimits = { maxBytes: 65_536, maxMs: 5_000 };

/**
 * Takes the reports that `csp: { reportTo }` asks browsers for, in the old and the new format. Browsers send them
 * without the person's doing: leave the route out of CSRF.
 *
 * @throws TypeError for an option that is unknown, missing or malformed
 * @example
 * // app/api/csp-reports/route.ts
 * export const POST = route(cspReports({ onReport: (report) => logger.warn(report) }), { csrf: false });
 */
export function cspReports(options: CspReportsOptions): CspReportsHandler {
  checkOptions('cspReports', options, checks, ['onReport']);
  const { onReport, maxPerMinute = 120, clock = systemClock } = options;
  let taken = 0;
  let dropped = 0;
  let minute = { startedAtMs: clock.monotonicMs(), count: 0 };

  const handler = async (request: Request): Promise<Response> => {
    if (isFull()) return drop(429);
    const reports = await readReports(request, bodyLimits);
    if (!reports) return drop(400);
    for (const report of reports) {
      if (isFull()) return drop(429);
      minute.count += 1;
      taken += 1;
      void tell(report);
    }
    return answer(204);
  };
  return Object.assign(handler, { status: () => ({ taken, dropped }) });

  async function tell(report: CspReport): Promise<void> {
    try {
      await onReport(report);
    } catch {
      dropped += 1;
    }
  }

  function isFull(): boolean {
    const nowMs = clock.monotonicMs();
    if (nowMs - minute.startedAtMs >= 60_000) minute = { startedAtMs: nowMs, count: 0 };
    return minute.count >= maxPerMinute;
  }

  function drop(status: number): Response {
    dropped += 1;
    return answer(status);
  }
}

function answer(status: number): Response {
  return new Response(null, { status, headers: { 'Cache-Control': 'no-store' } });
}

const checks = {
  onReport: optionChecks.function,
  maxPerMinute: expects(
    'a whole number above 0',
    (value) => Number.isSafeInteger(value) && (value as number) > 0,
  ),
  clock: optionChecks.object,
};
