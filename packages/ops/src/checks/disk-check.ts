import { statfs } from 'node:fs/promises';
import { checkOptions, expects, optionChecks } from '@unite/shared';
import type { CheckResult, HealthCheck } from '../health/health-types';
import type { CheckOptions } from './check-types';
import { commonChecks, defineCheck } from './define-check';
import { NoAnswerError, RoundTrip } from './round-trip';

/** Options of `diskCheck`. */
export interface DiskCheckOptions extends CheckOptions {
  /** Any path on the file system: where logs or uploads are written. */
  readonly path: string;
  /** Bytes that have to be free. @default not looked at */
  readonly minFreeBytes?: number | undefined;
  /** Share of the file system that has to be free, 0 to 1. @default 0.05 where `minFreeBytes` is not given */
  readonly minFreeRatio?: number | undefined;
}

/** Below 1: nothing could be as free as that. */
const isShare = expects(
  'a number above 0 and below 1',
  (value) => typeof value === 'number' && value > 0 && value < 1,
);

/**
 * Whether a file system has room for what this process writes. Blocks that only root may use do not count.
 *
 * @throws TypeError for options that are none
 * @example
 * diskCheck({ path: '/var/log/app', minFreeBytes: 500e6, group: 'degraded' })
 */
export function diskCheck(options: DiskCheckOptions): HealthCheck {
  checkOptions(
    'diskCheck',
    options,
    {
      ...commonChecks,
      path: optionChecks.string,
      minFreeBytes: optionChecks.positive,
      minFreeRatio: isShare,
    },
    ['path'],
  );
  const { path, minFreeBytes = 0 } = options;
  const minFreeRatio = options.minFreeRatio ?? (options.minFreeBytes === undefined ? 0.05 : 0);
  // A network's file system may never answer, and each question takes one of Node's few threads.
  const roundTrip = new RoundTrip(() => statfs(path));
  return defineCheck(options, async (signal, waitMs) => {
    try {
      const { bsize, blocks, bfree, bavail } = await roundTrip.ask(waitMs, signal);
      // As df has it: what only root may use is no part of the whole.
      const ratio = bavail / Math.max(1, blocks - bfree + bavail);
      const freeBytes = bavail * bsize;
      const detail = `${inGigabytes(freeBytes)} free (${(ratio * 100).toFixed(1)} %)`;
      return { status: freeBytes >= minFreeBytes && ratio >= minFreeRatio ? 'up' : 'down', detail };
    } catch (error) {
      signal.throwIfAborted();
      return { status: 'down', detail: failure(error) } satisfies CheckResult;
    }
  });

  function failure(error: unknown): string {
    if (error instanceof NoAnswerError) return error.message;
    const { code = 'unknown' } = error as NodeJS.ErrnoException;
    return code === 'ENOENT' ? `there is no ${path}` : `${path} cannot be looked at: ${code}`;
  }
}

function inGigabytes(bytes: number): string {
  return `${(bytes / 1e9).toFixed(bytes < 1e10 ? 2 : 0)} GB`;
}
