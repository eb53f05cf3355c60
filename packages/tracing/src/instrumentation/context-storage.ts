import { AsyncLocalStorage } from 'node:async_hooks';
import { type Context, context, createContextKey, ROOT_CONTEXT } from '@opentelemetry/api';
import { openChannel } from '@unite/shared';

interface ApiSlot {
  readonly context?: { readonly _asyncLocalStorage?: ScopedStorage };
}

interface ScopedStorage {
  withScope?(store: object): Scope;
}

/** What a scope of the storage gives back, as `using` takes it. */
interface Scope {
  [Symbol.dispose](): void;
}

/**
 * A channel binds storages to its start, and OpenTelemetry keeps the context in one that is private to its manager.
 * This one stands for it: what is run in it is run in the context of whichever manager is registered at that moment,
 * through the public API, so that it may be registered later, or be another one.
 */
export class ContextStorage extends AsyncLocalStorage<object> {
  override run<Result, Args extends unknown[]>(
    store: object,
    work: (...args: Args) => Result,
    ...args: Args
  ): Result {
    return context.with(store as Context, work, undefined, ...args);
  }

  /** Channels of Node 26 enter storages this way, and the API has no such call: the manager's own storage is asked. */
  withScope(store: object): Scope {
    return managerStorage()?.withScope?.(store) ?? { [Symbol.dispose]: () => undefined };
  }
}

/** Whether channels enter the context of the manager that is registered. Tried out, as it depends on Node too. */
export function entersContext(): boolean {
  const key = createContextKey('unite.tracing.probe');
  const channel = openChannel('unite:tracing:probe');
  const storage = new ContextStorage();
  channel?.bindStore(storage, () => ROOT_CONTEXT.setValue(key, true));
  const entered = channel?.runStores({}, () => context.active().getValue(key));
  channel?.unbindStore(storage);
  return entered === true;
}

/** The private storage of `AsyncLocalStorageContextManager`. */
function managerStorage(): ScopedStorage | undefined {
  const api = (globalThis as { [key: symbol]: ApiSlot | undefined })[Symbol.for('opentelemetry.js.api.1')];
  return api?.context?._asyncLocalStorage;
}
