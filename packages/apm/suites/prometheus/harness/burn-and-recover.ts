import { eventually } from './eventually';
import type { ReceivedAlert } from './receive-alerts';
import type { ObservedServer } from './start-server';

/** The alert that an hour and five minutes of a fast burn cause. */
export interface BurnTimes {
  readonly firing: ReceivedAlert;
  readonly firedAfterMs: number;
  readonly resolvedAfterMs: number;
}

/** Answers well, fails until the alert has arrived, and answers well again until it is resolved. */
export async function burnAndRecover(
  server: ObservedServer,
  alerts: readonly ReceivedAlert[],
): Promise<BurnTimes> {
  const arrived = (status: ReceivedAlert['status']): ReceivedAlert | undefined =>
    alerts.find((alert) => alert.status === status && alert.labels.short_window === '5m');
  const send = async (status: number): Promise<void> => {
    for (const _ of Array.from({ length: 10 })) await server.request({ durationMs: 5, status });
  };
  const begunAtMs = performance.now();
  const firing = await eventually('alert', async () => {
    await send(503);
    return arrived('firing');
  });
  const firedAtMs = performance.now();
  await eventually('resolution', async () => {
    await send(200);
    return arrived('resolved');
  });
  return {
    firing,
    firedAfterMs: Math.round(firedAtMs - begunAtMs),
    resolvedAfterMs: Math.round(performance.now() - firedAtMs),
  };
}
