import type pg from 'pg';
import type { Cluster } from '../../../src';
import { eventually } from './eventually';

/** Waits until every node may be used: right after the start a replica can still be seen catching up. */
export async function allUp(db: Cluster<pg.Pool>): Promise<void> {
  await db.ready();
  await eventually(() => db.status().nodes.every(({ state }) => state === 'up'));
}
