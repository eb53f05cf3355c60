import { checkOptions, expects } from '@unite/shared';
import type { ErrorEvent } from '../capture/capture-types';
import type { Deployment, Sink } from '../sink-types';

/** Options of `createEventStore`. */
export interface EventStoreOptions {
  /** @default 100 */
  readonly maxEvents?: number | undefined;
  /** @default 20 */
  readonly maxDeployments?: number | undefined;
}

/** The last errors and deployments of this process. */
export interface EventStore extends Sink {
  /** The newest first. */
  events(): readonly ErrorEvent[];
  event(id: string): ErrorEvent | undefined;
  /** The newest first. */
  deployments(): readonly Deployment[];
}

/**
 * Keeps the last errors of this process, for a page of your own or for development. It is bounded and in memory: for
 * anything that has to last, add `sentry`.
 *
 * @throws TypeError for an option that is unknown or malformed
 * @example
 * export const events = createEventStore();
 * export const apm = startApm({ service, sinks: [events, sentry({ dsn })] });
 * // on a page
 * events.events();
 */
export function createEventStore(options: EventStoreOptions = {}): EventStore {
  checkOptions('createEventStore', options, { maxEvents: count, maxDeployments: count });
  const { maxEvents = 100, maxDeployments = 20 } = options;
  const events = new Map<string, ErrorEvent>();
  const deployments: Deployment[] = [];
  let accepted = 0;

  return {
    name: 'store',
    error(event) {
      accepted += 1;
      events.set(event.id, event);
      const [oldest] = events.keys();
      if (events.size > maxEvents && oldest !== undefined) events.delete(oldest);
    },
    deployment(deployment) {
      deployments.unshift(deployment);
      deployments.length = Math.min(deployments.length, maxDeployments);
    },
    events: () => [...events.values()].reverse(),
    event: (id) => events.get(id),
    deployments: () => [...deployments],
    // What makes room for newer ones was kept for its time.
    stats: () => ({ accepted, sent: accepted, queued: 0, dropped: {} }),
    flush: async () => {},
    close: async () => {},
  };
}

const count = expects(
  'a whole number of at least 1',
  (value) => Number.isSafeInteger(value) && (value as number) >= 1,
);
