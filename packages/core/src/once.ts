import { describeArgument, describeValue, globalSlot } from '@unite/shared';

/**
 * One value per process and key. Next.js evaluates the same file several times (instrumentation, proxy,
 * each route, the build), and each would otherwise open a pool of its own.
 *
 * Nothing is kept when `create` throws, or when the promise it returns rejects, so the next call tries
 * again. In development the value outlives hot reloads: change the key, or restart, to make it anew.
 *
 * @param key unique in the process; start with the application's name
 * @throws TypeError for a key that is no text, and for a value in place of the function that makes it
 * @example
 * export const db = once('crm.db', () => createCluster({ nodes, Pool: pg.Pool }));
 */
export function once<Value>(key: string, create: () => Value): Value {
  if (typeof key !== 'string' || key === '')
    throw new TypeError(`once: key must be a non-empty string, got ${describeValue(key)}`);
  if (typeof create !== 'function')
    throw new TypeError(`once: create must be a function, got ${describeArgument(create)}`);
  const values = globalSlot(Symbol.for('unite.once.1'), () => new Map<string, unknown>());
  if (!values.has(key)) {
    const value = create();
    values.set(key, value);
    if (value instanceof Promise) value.catch(() => values.delete(key));
  }
  return values.get(key) as Value;
}
