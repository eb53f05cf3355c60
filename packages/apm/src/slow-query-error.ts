import type { CaptureOptions } from './capture/capture-types';

/** A query that took too long, as `subscribeToFamily` tells of it. */
export interface SlowQuery {
  readonly cluster: string;
  /** `SELECT contacts`: never a value. */
  readonly statement: string;
  readonly seconds: number;
  readonly route?: string | undefined;
}

/** A slow query as an event: all of one statement are one issue. It has no stack, which would be ours. */
export function slowQueryError({ cluster, statement, seconds, route }: SlowQuery): [Error, CaptureOptions] {
  const error = new Error(`${statement} took ${seconds.toFixed(1)} s`);
  error.name = 'SlowQuery';
  error.stack = `SlowQuery: ${error.message}`;
  return [
    error,
    {
      level: 'warning',
      isHandled: true,
      fingerprint: ['slow-query', cluster, statement],
      tags: { cluster, statement },
      route,
    },
  ];
}
