import { checkOptions, openChannel } from '@unite/shared';
import { type AttachOptions, attachChecks } from '../http/attach-server';
import { checkLifecycle } from '../http/check-lifecycle';
import type { NodeServer } from '../http/http-types';
import { endOnSignals } from '../lifecycle/end-on-signals';
import { startForGood } from '../lifecycle/start-for-good';
import type { Lifecycle } from '../types';
import { NextSource, type SignalListener } from './next-source';

/**
 * Leads the production server of Next.js to its end: takes over SIGTERM and SIGINT, on which Next.js would stop
 * listening at once and never exit while an event stream is open.
 *
 * Belongs into `register` of `instrumentation.ts`, for the Node runtime, awaited. In development say `signals: false`.
 *
 * @returns resolves when `onStart` is through; Next.js answers no request before that. Never, when a signal ends the
 *   process before
 * @throws TypeError for an option that is unknown or malformed
 * @throws OpsError `UNITE_OPS_START_FAILED`; with `signals: false` also `UNITE_OPS_START_ABORTED`
 * @example
 * export async function register() {
 *   if (process.env.NEXT_RUNTIME !== 'nodejs') return;
 *   const { lifecycle } = await import('./lib/unite');
 *   const { registerLifecycle } = await import('@unite/ops/next');
 *   await registerLifecycle(lifecycle, process.env.NODE_ENV === 'development' ? { signals: false } : {});
 * }
 */
export function registerLifecycle(lifecycle: Lifecycle, options: AttachOptions = {}): Promise<void> {
  checkLifecycle('registerLifecycle', lifecycle);
  const { signals = ['SIGTERM', 'SIGINT'], ...rest } = options;
  checkOptions('registerLifecycle', { ...rest, signals: signals || undefined }, attachChecks);
  if (signals === false) return lifecycle.start();

  const source = new NextSource(takeOver(signals));
  // The server is Next.js's own and given to nobody; Node names it with each request.
  openChannel('http.server.request.start')?.subscribe((message) => {
    const server = (message as { server?: NodeServer } | null)?.server;
    // Anybody may publish there, and what a listener throws would end the process.
    if (server) source.meet(server);
  });
  lifecycle.add(source);
  endOnSignals(lifecycle, { ...rest, signals });
  return startForGood(lifecycle);
}

/** Takes away what Next.js listens with, each listener once. */
function takeOver(signals: readonly NodeJS.Signals[]): SignalListener[] {
  const listeners = new Set<SignalListener>();
  for (const signal of signals) {
    for (const listener of process.listeners(signal) as SignalListener[]) {
      listeners.add(listener);
      process.off(signal, listener);
    }
  }
  return [...listeners];
}
