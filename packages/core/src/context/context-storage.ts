import type { AsyncLocalStorage } from 'node:async_hooks';
import { globalSlot } from '@unite/shared';
import type { UniteContext } from '../types';

/** Versioned, so that an incompatible future record gets a slot of its own. */
const slotKey = Symbol.for('unite.context.1');

/** The one storage of this process, shared between module copies. */
export function contextStorage(): AsyncLocalStorage<UniteContext> {
  return globalSlot(slotKey, createStorage);
}

/** Without an `import`: what only reads the context must load in browsers and edge runtimes too. */
function createStorage(): AsyncLocalStorage<UniteContext> {
  const { AsyncLocalStorage: Storage } = (globalThis.process?.getBuiltinModule?.('node:async_hooks') ??
    globalThis) as { AsyncLocalStorage?: new () => AsyncLocalStorage<UniteContext> };
  if (!Storage) throw new TypeError('runWithContext: this platform has no AsyncLocalStorage');
  return new Storage();
}

/** The storage if anything ever ran with a context in this process. */
export function existingStorage(): AsyncLocalStorage<UniteContext> | undefined {
  return (globalThis as { [key: symbol]: AsyncLocalStorage<UniteContext> | undefined })[slotKey];
}
