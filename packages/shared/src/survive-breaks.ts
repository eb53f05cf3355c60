/** Pools that are listened to. */
const known = new WeakSet<object>();

/**
 * Keeps a connection that breaks in the very moment in which a pool of `pg` hands it out from ending the process. A
 * server that goes away may say so together with its welcome: then the pool has taken its own listener off, and whoever
 * awaits `pool.connect()` has not put one on yet. The next statement tells of the break.
 *
 * @param pool of `pg`; what has no events is left as it is
 */
export function surviveBreaks(pool: object): void {
  if (known.has(pool) || !('on' in pool) || typeof pool.on !== 'function') return;
  known.add(pool);
  pool.on('connect', (client: { on(event: 'error', listener: () => void): unknown }) => {
    client.on('error', () => undefined);
  });
}
