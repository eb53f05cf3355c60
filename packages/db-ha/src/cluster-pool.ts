import { checkReadOptions, checkTransactionOptions } from './check-call-options';
import type { ClusterCore } from './cluster-core';
import type { PgPool, PgPoolConstructor, PgQueryConfig, PgResult } from './driver-types';
import { isSubmittable, type Statement } from './send';
import type { Cluster, ReadOptions, Transaction, TransactionOptions } from './types';

type Callback = (error: Error | undefined, result?: PgResult) => void;
type ConnectCallback = (error: Error | undefined, client?: unknown, done?: (error?: Error) => void) => void;

/**
 * The cluster as the driver's pool: its prototype is the driver's, so that `instanceof` and libraries that
 * look at the class find what they expect, and every method is the cluster's.
 */
export function clusterPool<Pool extends PgPool>(
  core: ClusterCore,
  Pool: PgPoolConstructor<Pool>,
): Cluster<Pool> {
  const session = readPool(core, Pool, {});
  const pool = view(core, Pool, {
    query: (statement) => core.write(statement),
    connect: () => core.connect(),
    end: async () => void (await core.close()),
  });
  return Object.defineProperties(
    pool,
    methods({
      readOnly: (options?: ReadOptions) =>
        options ? readPool(core, Pool, checkReadOptions(options)) : session,
      transaction: <Result>(
        work: (transaction: Transaction) => Promise<Result>,
        options: TransactionOptions = {},
      ) => core.transaction(work, checkTransactionOptions(work, options)),
      ready: ({ timeoutMs = 10_000 }: { timeoutMs?: number } = {}) => core.ready(timeoutMs),
      status: () => core.status(),
      sessionToken: () => core.sessionToken(),
      sessionTokenNow: () => core.sessionTokenNow(),
      advanceSession: core.advanceSession.bind(core),
      close: core.close.bind(core),
      [Symbol.asyncDispose]: async () => void (await core.close()),
    }),
  ) as unknown as Cluster<Pool>;
}

/** Ending a view of the cluster leaves the cluster as it is. */
function readPool<Pool extends PgPool>(
  core: ClusterCore,
  Pool: PgPoolConstructor<Pool>,
  options: ReadOptions,
): Pool {
  return view(core, Pool, {
    query: (statement) => core.read(statement, options),
    connect: () => core.connectReader(options),
    end: async () => undefined,
  });
}

interface Handlers {
  readonly query: (statement: Statement) => Promise<PgResult>;
  readonly connect: () => Promise<unknown>;
  readonly end: () => Promise<void>;
}

function view<Pool extends PgPool>(
  core: ClusterCore,
  Pool: PgPoolConstructor<Pool>,
  handlers: Handlers,
): Pool {
  const pool = Object.create(Pool.prototype as object) as Pool;
  return Object.defineProperties(pool, {
    ...methods({
      query: (query: Statement['query'], values?: unknown[] | Callback, callback?: Callback) => {
        const statement = { query, values: typeof values === 'function' ? undefined : values };
        return settled(
          isQuery(query) ? handlers.query(statement) : Promise.reject(new TypeError(notQuery(query))),
          typeof values === 'function' ? values : callback,
        );
      },
      connect: (callback?: ConnectCallback) => connected(handlers.connect(), callback),
      end: (callback?: (error: Error | undefined) => void) => settled<void>(handlers.end(), callback),
    }),
    options: { value: { max: core.settings.max } },
    totalCount: { get: () => core.connectionCounts.total },
    idleCount: { get: () => core.connectionCounts.idle },
    waitingCount: { get: () => core.connectionCounts.waiting },
    expiredCount: { value: 0 },
    ending: { get: () => core.isClosing },
    ended: { get: () => core.isClosing },
  });
}

function methods(functions: Record<string | symbol, unknown>): PropertyDescriptorMap {
  const descriptors: PropertyDescriptorMap = {};
  for (const key of Reflect.ownKeys(functions))
    descriptors[key as string] = { value: functions[key], configurable: true, writable: true };
  return descriptors;
}

function isQuery(query: unknown): boolean {
  return (
    typeof query === 'string' ||
    isSubmittable(query) ||
    typeof (query as PgQueryConfig | null)?.text === 'string'
  );
}

function notQuery(query: unknown): string {
  return `query: the first argument must be a text, a configuration with a text, or a query object, got ${query === null ? 'null' : typeof query}`;
}

/** To a callback, where one was given; an error that it throws is its own. */
function settled<Result>(
  work: Promise<Result>,
  callback: ((error: Error | undefined, result?: Result) => void) | undefined,
): Promise<Result> | undefined {
  if (!callback) return work;
  work.then(
    (result) => process.nextTick(callback, undefined, result),
    (error: Error) => process.nextTick(callback, error),
  );
  return undefined;
}

function connected(work: Promise<unknown>, callback: ConnectCallback | undefined): unknown {
  if (!callback) return work;
  work.then(
    (client) =>
      process.nextTick(callback, undefined, client, (client as { release: (error?: Error) => void }).release),
    (error: Error) => process.nextTick(callback, error, undefined, () => undefined),
  );
  return undefined;
}
