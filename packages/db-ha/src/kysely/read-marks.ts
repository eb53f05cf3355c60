import { globalSlot } from '@unite/shared';
import type { ReadOptions } from '../types';

/**
 * The queries that may be read from a replica, by Kysely's id of each. One map for the process: the plugin and
 * the dialect can come from two copies of this module, and a mark that is not found would be a read that
 * silently stays on the primary.
 */
export const readMarks = globalSlot(
  Symbol.for('unite.db-ha.kysely-reads.1'),
  () => new WeakMap<object, ReadOptions>(),
);
