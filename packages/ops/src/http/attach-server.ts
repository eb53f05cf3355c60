import { checkOptions, describeValue, expects, globalSlot } from '@unite/shared';
import { endOnSignals, type SignalOptions } from '../lifecycle/end-on-signals';
import { startForGood } from '../lifecycle/start-for-good';
import type { Lifecycle } from '../types';
import { checkLifecycle } from './check-lifecycle';
import type { NodeServer } from './http-types';
import { ServerSource } from './server-source';

/** Options of `attachServer`. */
export interface AttachOptions extends Omit<SignalOptions, 'signals'> {
  /** Signals that end the process; `false` for none. @default ['SIGTERM', 'SIGINT'] */
  readonly signals?: readonly NodeJS.Signals[] | false | undefined;
}

/** Attached twice, a server's requests would be counted twice. */
const attached = globalSlot(Symbol.for('unite.ops.attached.1'), () => new WeakSet<NodeServer>());

/**
 * Lets a lifecycle drain a server: on SIGTERM readiness fails, the server serves on for the grace, takes no more
 * connections, ends event streams, and answers what it has begun. Then `onShutdown`, then the process exits.
 *
 * Runs `onStart` of the lifecycle too. Before it is through, the server may listen already; readiness says no.
 *
 * Belongs before the first request: one that came earlier is not known. Upgraded connections (WebSockets) are broken off
 * with the event streams, so close them in `onDrain`.
 *
 * @returns resolves when `onStart` is through; never, when a signal ends the process before
 * @throws TypeError for an option that is unknown or malformed, or what is no server
 * @throws OpsError `UNITE_OPS_START_FAILED`; with `signals: false` also `UNITE_OPS_START_ABORTED`
 * @example
 * const server = createServer(lifecycleListener(lifecycle, listener)).listen(3000);
 * await attachServer(lifecycle, server);
 */
export function attachServer(
  lifecycle: Lifecycle,
  server: NodeServer,
  options: AttachOptions = {},
): Promise<void> {
  checkLifecycle('attachServer', lifecycle);
  const { signals, ...rest } = options;
  checkOptions('attachServer', { ...rest, signals: signals || undefined }, attachChecks);
  if (typeof server?.closeAllConnections !== 'function')
    throw new TypeError(
      `attachServer: server must be a http or https server of Node, such as app.listen(3000) returns, got ${describeValue(server)}`,
    );
  if (!attached.has(server)) {
    attached.add(server);
    lifecycle.add(new ServerSource(server));
    if (signals !== false) endOnSignals(lifecycle, { ...rest, signals });
  }
  return signals === false ? lifecycle.start() : startForGood(lifecycle);
}

export const attachChecks = {
  signals: expects('an array of signals, or false', Array.isArray),
  onClosed: expects('a function', (value) => typeof value === 'function'),
};
