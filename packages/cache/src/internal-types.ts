import type { Clock, ContextSource } from '@unite/core';
import type { EntryCodec } from './entry/entry-codec';
import type { InvalidationLog } from './log/log-types';
import type { LogView } from './log/log-view';
import type { RemoteHealth } from './log/remote-health';
import type { MemoryLayer } from './memory/memory-layer';
import type { RemoteConnection } from './remote-types';
import type { DatabaseSession } from './types';

/** What the definitions of one cache share. */
export interface CacheInternals {
  readonly namespace: string;
  readonly clock: Clock;
  /** The same time, whose waits keep no process alive. */
  readonly backgroundClock: Clock;
  readonly random: () => number;
  readonly context: ContextSource;
  readonly memory: MemoryLayer;
  readonly view: LogView;
  readonly log: InvalidationLog;
  readonly codec: EntryCodec;
  readonly remote: SharedLayer | undefined;
  readonly database: DatabaseSession | undefined;
  /** Aborts with the cache's end. Few listen to it: each is looked at with every one that comes. */
  readonly closed: AbortSignal;
  /** What ends the loads that are under way. */
  readonly loads: Set<AbortController>;
  /** What is on its way to the remote layer. */
  readonly stores: Set<Promise<unknown>>;
}

/** The remote layer with how it does. */
export interface SharedLayer {
  readonly connection: RemoteConnection;
  readonly health: RemoteHealth;
  /** Entries that could not be read. */
  unreadable: number;
  /** Values that could not be stored. */
  unstorable: number;
}
