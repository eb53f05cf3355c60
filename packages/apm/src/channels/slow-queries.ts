import type { ContextSource } from '@unite/core';
import { OnceAMinute } from '../once-a-minute';
import type { TimedListener } from './listener';

/** A statement that took long. */
export interface SlowQuery {
  readonly cluster: string;
  /** `SELECT contacts`, the name of a prepared statement, or `unknown`. */
  readonly statement: string;
  readonly seconds: number;
  /** Template of the request that asked for it. */
  readonly route: string | undefined;
}

/** Tells of statements that took long, once a minute for each. */
export function createSlowQueries(
  fromSeconds: number,
  onSlowQuery: (query: SlowQuery) => void,
  context: ContextSource,
): TimedListener {
  const told = new OnceAMinute(() => performance.now());
  return ({ cluster, statement = 'unknown' }, seconds) => {
    if (seconds < fromSeconds || !told.isFirst(`${cluster} ${statement}`)) return;
    onSlowQuery({ cluster: String(cluster), statement: String(statement), seconds, route: context()?.route });
  };
}
