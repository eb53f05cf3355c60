import type { CaptureOptions } from './capture/capture-types';
import type { SlowQuery } from './channels';

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
